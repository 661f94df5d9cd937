package contact

import "strings"

// A list finds which of its words stands at a place: the first of them in the
// order given. Words are kept by a byte of their first character, which tells
// most of them apart.
type list [256][]string

func newList(words ...string) *list {
	var l list
	for _, w := range words {
		k := listKey(w, 0)
		l[k] = append(l[k], w)
	}
	return &l
}

// listKey returns the byte of the character at i that tells most: the last
// one of three.
func listKey(s string, i int) byte {
	if s[i] >= 0xE0 && i+2 < len(s) {
		return s[i+2]
	}
	return s[i]
}

// at returns the length of the word at i, 0 if there is none.
func (l *list) at(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	for _, w := range l[listKey(s, i)] {
		if strings.HasPrefix(s[i:], w) {
			return len(w)
		}
	}
	return 0
}

// lastIn returns where the last of the words in s ends, 0 if there is none.
func (l *list) lastIn(s string) int {
	last := 0
	for i := range len(s) {
		if s[i]&0xC0 == 0x80 { // within a character
			continue
		}
		for _, w := range l[listKey(s, i)] {
			if strings.HasPrefix(s[i:], w) {
				last = max(last, i+len(w))
			}
		}
	}
	return last
}

// An endings finds whether a text ends with one of its words.
type endings [256][]string

func newEndings(words ...string) *endings {
	var e endings
	for _, w := range words {
		c := w[len(w)-1]
		e[c] = append(e[c], w)
	}
	return &e
}

// of returns the words that end as s does.
func (e *endings) of(s string) []string {
	if s == "" {
		return nil
	}
	return e[s[len(s)-1]]
}

// has reports whether s ends with one of the words.
func (e *endings) has(s string) bool {
	for _, w := range e.of(s) {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

// A runeSet holds code points below 0x10000.
type runeSet [1 << 16 / 64]uint64

func (s *runeSet) add(r rune) {
	if r < 1<<16 {
		s[r/64] |= 1 << (r % 64)
	}
}

// may reports whether r is in the set, or beyond it.
func (s *runeSet) may(r rune) bool { return r >= 1<<16 || s[r/64]&(1<<(r%64)) != 0 }
