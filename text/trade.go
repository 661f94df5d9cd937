package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// vocabulary holds the Chinese words that are recognised in disguise: with a
// character written otherwise, spelled in pinyin, or shortened to an initial.
// They form a tree, of which the branches that a text may take are found by
// the sounds of two characters; what looks like a character has its sounds too.
type vocabulary struct {
	root      branch           // of the tree
	shapes    map[rune][]rune  // what a rune is written for within a word
	also      map[rune][]sound // the near sounds of such runes
	bySounds  []uint16         // which of the lists has the branches for a pair of near sounds
	lists     [][]*branch      // none at 0
	maybe     []uint64         // the pairs of near sounds with which terms begin
	size      uint32           // of the sounds
	bySecond  map[rune][]*branch
	byInitial map[pair][]*branch // by an initial letter and the character after it
	gates     []gate             // of the Han characters
	seconds   branchTable        // of the first two characters of terms
	spellings spellings          // with which terms in letters begin
}

// findSole finds the branches that are sole, and keeps the seconds. The tree is
// complete.
func (v *vocabulary) findSole(x *lexis) {
	for _, b := range v.root.next {
		for _, c := range b.next {
			c.sole = len(b.near) > 0 && len(c.near) > 0 && !v.isOther(x, b, c)
			v.seconds.add(pair{b.is, c.is}, c)
			c.findSole(x)
		}
	}
}

// findSole finds the branches behind b that are sole.
func (b *branch) findSole(x *lexis) {
	for _, c := range b.next {
		c.sole = len(c.near) > 0 && x.flags.of(c.is)&isRare == 0 && !slices.ContainsFunc(b.next, func(d *branch) bool {
			return d != c && x.isLike(c.is, d.is)
		})
		c.findSole(x)
	}
}

// isOther reports whether b and then c, written as they should be, can be read
// as two others.
func (v *vocabulary) isOther(x *lexis, b, c *branch) bool {
	for _, a := range v.nearSounds(x, b.is) {
		for _, d := range v.nearSounds(x, c.is) {
			for _, first := range v.lists[v.bySounds[v.key(a, d)]] {
				for _, second := range first.next {
					if (first != b || second != c) && (first == b || second.is == c.is || second.most > 1) &&
						x.isLike(b.is, first.is) && x.isLike(c.is, second.is) {
						return true
					}
				}
			}
		}
	}
	return false
}

// isLike reports whether r may be written for another character.
func (x *lexis) isLike(r, other rune) bool {
	return r == other || x.sounds.almostAlike(r, other) || slices.Contains(x.trade.shapes[r], other)
}

// A branch is a character that follows others in terms.
type branch struct {
	is       rune
	sounds   []sound
	near     []sound
	nearBits uint64
	letters  uint32 // with which its syllables begin, one bit each
	most     uint8  // characters that may be written otherwise in a term that goes on with it
	next     []*branch
	ahead    lookahead           // of next
	sole     bool                // its character can be read as no other branch; at the begin of terms it and the one before
	chars    []rune              // of next
	bySound  map[sound][]*branch // next by near sound, nil where they are few
	term     *term               // that ends here, nil if none does
}

// A lookahead tells what some branches may begin with.
type lookahead struct {
	heads   uint64 // their characters, some together
	near    uint64 // near sounds
	letters uint32
}

func (l *lookahead) add(b *branch) {
	l.heads |= 1 << (b.is % 64)
	l.near |= b.nearBits
	l.letters |= b.letters
}

// A term is a word that is recognised in disguise.
type term struct {
	text     string
	length   uint8    // in characters
	doubled  bool     // two characters may be written otherwise
	initials bool     // an initial may stand for one of two characters
	ordinary []string // by place, the characters that are no disguise there
}

// read reads the vocabulary. The sounds have been read.
func (v *vocabulary) read(x *lexis) {
	v.shapes, v.also = map[rune][]rune{}, map[rune][]sound{}
	v.bySecond, v.byInitial = map[rune][]*branch{}, map[pair][]*branch{}
	v.size = uint32(len(x.sounds.names))
	v.bySounds, v.lists = make([]uint16, v.size*v.size), make([][]*branch, 1)
	v.maybe = make([]uint64, v.size*v.size/64+1)
	eachGroup(shapesTSV, func(to string, from rune) { v.addShape(x, from, firstRune(to)) })
	eachRow(vocabularyTSV, func(c []string) {
		t := &term{text: c[0], length: uint8(utf8.RuneCountInString(c[0])), doubled: strings.Contains(c[1], "h"),
			initials: strings.Contains(c[1], "i"), ordinary: strings.Split(c[2], " ")}
		v.grow(&x.sounds, t)
		if c[1] != "" || t.length == 3 {
			x.addWord([]rune(t.text), loose)
		} else {
			x.addWord([]rune(t.text), firm)
		}
	})
	begins := make([]bool, v.size) // by near sound, whether terms begin with it
	for _, b := range v.root.next {
		v.index(&x.sounds, b)
		b.spread()
		for _, a := range b.near {
			begins[a] = true
		}
	}
	v.fillGates(x)
	v.findSole(x)
	v.fillSpellings(&x.sounds)
	for r := rune(firstHan); r <= lastHan; r++ {
		if x.flags.of(r)&isRare != 0 || slices.ContainsFunc(x.sounds.nearOf(r), func(s sound) bool { return begins[s] }) {
			x.flag(r, soundsLikeTerm)
		}
	}
}

// addShape adds that from is written for to within a word. It then has the sounds
// of both.
func (v *vocabulary) addShape(x *lexis, from, to rune) {
	v.shapes[from] = append(v.shapes[from], to)
	for _, a := range slices.Concat(x.sounds.nearOf(from), x.sounds.nearOf(to)) {
		if !slices.Contains(v.also[from], a) {
			v.also[from] = append(v.also[from], a)
		}
	}
	x.flag(from, isShape|soundsLikeTerm)
	if from < firstHan || from > lastHan {
		x.flag(from, opensAlone)
	}
}

// grow adds t to the tree. Terms come in order, so those that begin alike
// follow each other.
func (v *vocabulary) grow(s *sounds, t *term) {
	at := &v.root
	for _, r := range t.text {
		if n := len(at.next); n == 0 || at.next[n-1].is != r {
			at.next, at.chars = append(at.next, newBranch(s, r)), append(at.chars, r)
			at.ahead.add(at.next[n])
		}
		at = at.next[len(at.next)-1]
		if t.doubled {
			at.most = 2
		}
	}
	at.term = t
}

func newBranch(s *sounds, r rune) *branch {
	b := &branch{is: r, sounds: s.of(r), near: s.nearOf(r), most: 1}
	b.nearBits = soundBits(b.near)
	for _, a := range b.sounds {
		b.letters |= letterBit(s.names[a][0])
	}
	return b
}

// exactly returns the branch of b with r, nil if there is none.
func (b *branch) exactly(r rune) *branch {
	if b.ahead.heads&(1<<(uint32(r)%64)) == 0 {
		return nil
	}
	if n := slices.Index(b.chars, r); n >= 0 {
		return b.next[n]
	}
	return nil
}

func letterBit(letter byte) uint32 {
	if letter == 0 {
		return 0
	}
	return 1 << (letter - 'a')
}

// index lets the terms be found that begin with b.
func (v *vocabulary) index(s *sounds, b *branch) {
	for _, second := range b.next {
		for _, x := range b.near {
			for _, y := range second.near {
				v.addSounds(v.key(x, y), b)
			}
		}
		if second.next != nil {
			v.bySecond[second.is] = addBranch(v.bySecond[second.is], b)
		}
		if second.next == nil && !second.term.initials {
			continue
		}
		for _, a := range b.sounds {
			key := pair{rune(s.names[a][0]), second.is}
			v.byInitial[key] = addBranch(v.byInitial[key], b)
		}
	}
}

// addSounds lets b be found by two sounds.
func (v *vocabulary) addSounds(key uint32, b *branch) {
	v.maybe[key/64] |= 1 << (key % 64)
	n := v.bySounds[key]
	if n == 0 {
		n = uint16(len(v.lists))
		v.bySounds[key] = n
		v.lists = append(v.lists, nil)
	}
	v.lists[n] = addBranch(v.lists[n], b)
}

// fewBranches is how many branches are tried one by one.
const fewBranches = 4

// spread indexes the branches of b and of those.
func (b *branch) spread() {
	if len(b.next) > fewBranches {
		b.bySound = map[sound][]*branch{}
	}
	for _, c := range b.next {
		c.spread()
		if b.bySound != nil {
			for _, a := range c.near {
				b.bySound[a] = addBranch(b.bySound[a], c)
			}
		}
	}
}

func addBranch(list []*branch, b *branch) []*branch {
	if n := len(list); n > 0 && list[n-1] == b {
		return list
	}
	return append(list, b)
}

func (v *vocabulary) key(a, b sound) uint32 { return uint32(a)*v.size + uint32(b) }

// nearSounds returns the sounds by which terms with r, or with what r is
// written for, are found.
func (v *vocabulary) nearSounds(x *lexis, r rune) []sound {
	if x.flags.of(r)&isShape != 0 {
		return v.also[r]
	}
	return x.sounds.nearOf(r)
}

// at returns the term that begins at offset i of s with r. Rare tells whether any character of s is rare.
func (v *vocabulary) at(x *lexis, s string, i int, r rune, rare bool) (e spelt) {
	if toneless(r) != 0 {
		return v.atLetter(x, s, i, r)
	}
	next, _ := after(s, i+utf8.RuneLen(r))
	if toneless(next) != 0 {
		return x.follow(v.beginWith(r), s, i, i, spelling{})
	}
	if e = v.atHan(x, s, i, r, next); e.term != nil {
		return e
	}
	switch {
	case !rare:
		return e
	case x.flags.of(r)&isRare != 0:
		return x.follow(v.bySecond[next], s, i, i, spelling{wild: true})
	case x.isRareAhead(s, i):
		return x.follow(v.beginWith(r), s, i, i, spelling{wild: true})
	}
	return e
}

// atHan is at for terms whose first two characters are written as such, or with
// others for them.
func (v *vocabulary) atHan(x *lexis, s string, i int, r, next rune) (e spelt) {
	if b := v.seconds.of(pair{r, next}); b != nil && b.sole {
		at := i + utf8.RuneLen(r) + utf8.RuneLen(next)
		return x.through(b, s, i, at, spelling{same: 2})
	}
	second := v.nearSounds(x, next)
	for _, a := range v.nearSounds(x, r) {
		for _, b := range second {
			if e = v.bySound(x, a, b, s, i); e.term != nil {
				return e
			}
		}
	}
	return e
}

// beginWith returns the branch of r at the begin of terms, none if there is none.
func (v *vocabulary) beginWith(r rune) []*branch {
	if r < firstHan || r > lastHan {
		return nil
	}
	n := v.gates[r-firstHan].branch
	if n == 0 {
		return nil
	}
	return v.root.next[n-1 : n]
}

// isRareAhead reports whether one of the characters that may make a term with
// the one at offset i is rare.
func (x *lexis) isRareAhead(s string, i int) bool {
	for range x.longest {
		r, n := after(s, i)
		if !isHan(r) {
			return false
		}
		if x.flags.of(r)&isRare != 0 {
			return true
		}
		i += n
	}
	return false
}

// bySound is at for terms that begin with two sounds.
func (v *vocabulary) bySound(x *lexis, a, b sound, s string, i int) spelt {
	key := v.key(a, b)
	if v.maybe[key/64]&(1<<(key%64)) == 0 {
		return spelt{}
	}
	return x.follow(v.lists[v.bySounds[key]], s, i, i, spelling{})
}

// atLetter is at for terms whose first character is spelled in letters.
func (v *vocabulary) atLetter(x *lexis, s string, i int, r rune) (e spelt) {
	if next, _ := after(s, i+utf8.RuneLen(r)); isHan(next) {
		if e = x.follow(v.byInitial[pair{r, next}], s, i, i, spelling{}); e.term != nil {
			return e
		}
	}
	first := x.sounds.spelled(s[i:])
	for k := first.count - 1; k >= 0 && e.term == nil; k-- {
		e = v.afterSyllable(x, x.sounds.near[first.is[k]], s, i, i+first.ends[k])
	}
	return e
}

// afterSyllable is at for terms whose first character is spelled in letters up
// to offset at and is like a.
func (v *vocabulary) afterSyllable(x *lexis, a sound, s string, i, at int) (e spelt) {
	next, size := after(s, at)
	if joins(next) {
		at += size
		next, _ = after(s, at)
	}
	if toneless(next) == 0 {
		for _, b := range v.nearSounds(x, next) {
			if e = v.bySound(x, a, b, s, i); e.term != nil {
				return e
			}
		}
		return e
	}
	second := x.sounds.spelled(s[at:])
	for k := second.count - 1; k >= 0 && e.term == nil; k-- {
		e = v.bySound(x, a, x.sounds.near[second.is[k]], s, i)
	}
	return e
}
