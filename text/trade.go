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
	firsts    []*branch
	shapes    map[rune][]rune  // what a rune is written for within a word
	also      map[rune][]sound // the near sounds of such runes
	bySounds  map[uint32][]*branch
	maybe     []uint64 // the pairs of near sounds with which terms begin
	size      uint32   // of the sounds
	byFirst   map[rune][]*branch
	bySecond  map[rune][]*branch
	byInitial map[[2]rune][]*branch // by an initial letter and the character before or after it
}

// A branch is a character that follows others in terms.
type branch struct {
	is      rune
	sounds  []sound
	near    []sound
	letters uint32 // with which its syllables begin, one bit each
	next    []*branch
	bySound map[sound][]*branch // next by near sound, nil where they are few
	term    *term               // that ends here, nil if none does
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
	v.bySounds, v.byFirst, v.bySecond = map[uint32][]*branch{}, map[rune][]*branch{}, map[rune][]*branch{}
	v.byInitial = map[[2]rune][]*branch{}
	v.size = uint32(len(x.sounds.names))
	v.maybe = make([]uint64, v.size*v.size/64+1)
	eachGroup(shapesTSV, func(to string, from rune) {
		r := firstRune(to)
		v.shapes[from] = append(v.shapes[from], r)
		v.also[from] = append(v.also[from], v.nearSounds(x, from)...)
		v.also[from] = append(v.also[from], x.sounds.nearOf(r)...)
		x.flag(from, isShape|soundsLikeTerm)
	})
	begins := make([]bool, v.size)
	eachRow(vocabularyTSV, func(c []string) {
		t := &term{text: c[0], length: uint8(utf8.RuneCountInString(c[0])), doubled: strings.Contains(c[1], "h"),
			initials: strings.Contains(c[1], "i"), ordinary: strings.Split(c[2], " ")}
		v.grow(&x.sounds, t)
		if c[1] != "" || t.length == 3 {
			x.addWord([]rune(t.text))
		}
	})
	for _, b := range v.firsts {
		v.index(&x.sounds, b)
		b.spread()
		for _, a := range b.near {
			begins[a] = true
		}
	}
	for r := rune(firstHan); r <= lastHan; r++ {
		if x.flags.of(r)&isRare != 0 || slices.ContainsFunc(x.sounds.nearOf(r), func(s sound) bool { return begins[s] }) {
			x.flag(r, soundsLikeTerm)
		}
	}
}

// grow adds t to the tree. Terms come in order, so those that begin alike
// follow each other.
func (v *vocabulary) grow(s *sounds, t *term) {
	list := &v.firsts
	var at *branch
	for _, r := range t.text {
		if n := len(*list); n > 0 && (*list)[n-1].is == r {
			at = (*list)[n-1]
		} else {
			at = &branch{is: r, sounds: s.of(r), near: s.nearOf(r)}
			for _, a := range at.sounds {
				at.letters |= letterBit(s.names[a][0])
			}
			*list = append(*list, at)
		}
		list = &at.next
	}
	at.term = t
}

func letterBit(letter byte) uint32 {
	if letter == 0 {
		return 0
	}
	return 1 << (letter - 'a')
}

// index lets the terms be found that begin with b.
func (v *vocabulary) index(s *sounds, b *branch) {
	v.byFirst[b.is] = append(v.byFirst[b.is], b)
	for _, second := range b.next {
		for _, x := range b.near {
			for _, y := range second.near {
				key := v.key(x, y)
				v.maybe[key/64] |= 1 << (key % 64)
				v.bySounds[key] = addBranch(v.bySounds[key], b)
			}
		}
		if second.next != nil {
			v.bySecond[second.is] = addBranch(v.bySecond[second.is], b)
		}
		if second.next == nil && !second.term.initials {
			continue
		}
		for _, a := range b.sounds {
			key := [2]rune{rune(s.names[a][0]), second.is}
			v.byInitial[key] = addBranch(v.byInitial[key], b)
		}
	}
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

// at returns the edit of the term that begins at offset i of s with r, or one
// without a step where it is written as it should be.
func (v *vocabulary) at(x *lexis, s string, i int, r rune) (edit, bool) {
	if toneless(r) != 0 {
		return v.atLetter(x, s, i, r)
	}
	next, _ := after(s, i+utf8.RuneLen(r))
	if toneless(next) != 0 {
		return x.follow(v.byFirst[r], s, i, i, spelling{})
	}
	second := v.nearSounds(x, next)
	for _, a := range v.nearSounds(x, r) {
		for _, b := range second {
			if e, ok := v.bySound(x, a, b, s, i); ok {
				return e, true
			}
		}
	}
	switch {
	case x.flags.of(r)&isRare != 0:
		return x.follow(v.bySecond[next], s, i, i, spelling{wild: true})
	case x.isRareAhead(s, i):
		return x.follow(v.byFirst[r], s, i, i, spelling{wild: true})
	}
	return edit{}, false
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
func (v *vocabulary) bySound(x *lexis, a, b sound, s string, i int) (edit, bool) {
	key := v.key(a, b)
	if v.maybe[key/64]&(1<<(key%64)) == 0 {
		return edit{}, false
	}
	return x.follow(v.bySounds[key], s, i, i, spelling{})
}

// atLetter is at for terms whose first character is spelled in letters.
func (v *vocabulary) atLetter(x *lexis, s string, i int, r rune) (e edit, ok bool) {
	next, size := after(s, i+utf8.RuneLen(r))
	if isHan(next) {
		if e, ok = x.follow(v.byInitial[[2]rune{r, next}], s, i, i, spelling{}); ok {
			return e, true
		}
	}
	x.sounds.spelled(s[i:], func(n int, a sound) bool {
		a = x.sounds.near[a]
		if next, size = after(s, i+n); joins(next) {
			n += size
			next, _ = after(s, i+n)
		}
		if toneless(next) == 0 {
			for _, b := range v.nearSounds(x, next) {
				if e, ok = v.bySound(x, a, b, s, i); ok {
					return true
				}
			}
			return false
		}
		return x.sounds.spelled(s[i+n:], func(_ int, b sound) bool {
			e, ok = v.bySound(x, a, x.sounds.near[b], s, i)
			return ok
		})
	})
	return e, ok
}
