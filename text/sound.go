package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A sound is a Chinese syllable without tone, by number.
type sound uint16

const (
	firstHan, lastHan = 0x3400, 0x9FFF
	hanCount          = lastHan - firstHan + 1
)

// sounds tells the readings of Han characters.
type sounds struct {
	names []string
	near  []sound // of each sound the one that stands for all that are hard to tell from it
	first [hanCount + 1]uint32
	list  []sound   // readings of all characters, those of c from first[c] on
	nears []sound   // the same by near
	tree  []letters // the syllables
}

// letters is a node of the tree in which syllables are found by their letters.
type letters struct {
	next [26]uint16
	is   sound // the syllable that ends here, plus one
}

// read reads the tables of readings, "syllable TAB characters" a line, of
// common characters and of others, and returns which are common, from firstHan
// on.
func (s *sounds) read(common, rare string) (isCommon []bool) {
	s.tree = make([]letters, 1, 1024)
	type reading struct {
		of int
		is sound
	}
	all := make([]reading, 0, len(common)/3+len(rare)/3)
	last, number := "", sound(0)
	add := func(syllable string, r rune) {
		if syllable != last {
			last, number = syllable, s.numbered(syllable)
		}
		if i := r - firstHan; i >= 0 && i < hanCount {
			s.first[i+1]++
			all = append(all, reading{int(i), number})
		}
	}
	eachGroup(common, add)
	commons := len(all)
	eachGroup(rare, add)
	for i := range hanCount {
		s.first[i+1] += s.first[i]
	}
	s.list, s.nears = make([]sound, len(all)), make([]sound, len(all))
	isCommon = make([]bool, hanCount)
	at := s.first
	for k, a := range all {
		s.list[at[a.of]], s.nears[at[a.of]] = a.is, s.near[a.is]
		at[a.of]++
		isCommon[a.of] = isCommon[a.of] || k < commons
	}
	return isCommon
}

// numbered returns the number of a syllable, a new one for a new syllable.
func (s *sounds) numbered(syllable string) sound {
	node := s.grow(syllable)
	if node.is > 0 {
		return node.is - 1
	}
	n := sound(len(s.names))
	node.is = n + 1
	s.names = append(s.names, syllable)
	s.near = append(s.near, n)
	if plain := nearSyllable(syllable); plain != syllable {
		s.near[n] = s.numbered(plain)
	}
	return n
}

// grow returns the node of a syllable in the tree, which grows where it lacks
// it.
func (s *sounds) grow(syllable string) *letters {
	at := uint16(0)
	for i := range len(syllable) {
		c := syllable[i] - 'a'
		if s.tree[at].next[c] == 0 {
			s.tree[at].next[c] = uint16(len(s.tree))
			s.tree = append(s.tree, letters{})
		}
		at = s.tree[at].next[c]
	}
	return &s.tree[at]
}

// nearSyllable returns the syllable that stands for those that many speakers
// do not tell from it.
func nearSyllable(syllable string) string {
	for _, c := range []string{"z", "c", "s"} {
		if rest, ok := strings.CutPrefix(syllable, c+"h"); ok {
			syllable = c + rest
		}
	}
	for _, end := range []string{"ang", "eng", "ing"} {
		if strings.HasSuffix(syllable, end) {
			return strings.TrimSuffix(syllable, "g")
		}
	}
	return syllable
}

// of returns the readings of r, none if it has none that is known.
func (s *sounds) of(r rune) []sound {
	i := r - firstHan
	if i < 0 || i >= hanCount {
		return nil
	}
	return s.list[s.first[i]:s.first[i+1]]
}

// nearOf returns, for each reading of r, the one that stands for all that are
// hard to tell from it.
func (s *sounds) nearOf(r rune) []sound {
	i := r - firstHan
	if i < 0 || i >= hanCount {
		return nil
	}
	return s.nears[s.first[i]:s.first[i+1]]
}

// alike reports whether a and b have a reading in common.
func (s *sounds) alike(a, b rune) bool { return meet(s.of(a), s.of(b)) }

// almostAlike reports whether a and b have readings that are hard to tell
// from each other.
func (s *sounds) almostAlike(a, b rune) bool { return meet(s.nearOf(a), s.nearOf(b)) }

func meet(a, b []sound) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}

// maxSyllables is how many syllables may begin at one place: xi, xia, xian,
// xiang.
const maxSyllables = 4

// syllables are those that begin at one place, the shortest first: the offsets
// of their ends, and their sounds.
type syllables struct {
	count int
	ends  [maxSyllables]int
	is    [maxSyllables]sound
}

// spelled returns the syllables that text begins with, tones aside.
func (s *sounds) spelled(text string) (found syllables) {
	at := uint16(0)
	for n := 0; n < len(text); {
		r, size := after(text, n)
		c := toneless(r)
		if c == 0 {
			break
		}
		node := &s.tree[at]
		if at = node.next[c-'a']; at == 0 {
			break
		}
		n += size
		if is := s.tree[at].is; is > 0 && found.count < maxSyllables {
			found.ends[found.count], found.is[found.count] = n, is-1
			found.count++
		}
	}
	return found
}

// hasSyllable reports whether s begins with the syllable, tones aside, and
// returns the length of that begin.
func hasSyllable(s, syllable string) (int, bool) {
	n := 0
	for k := range len(syllable) {
		if n < len(s) && s[n] < utf8.RuneSelf {
			if s[n] != syllable[k] && !(s[n] == 'u' && syllable[k] == 'v') {
				return 0, false
			}
			n++
			continue
		}
		r, size := after(s, n)
		if toneless(r) != syllable[k] {
			return 0, false
		}
		n += size
	}
	return n, true
}
