// Package stops holds the characters at which the readers of contacts, offers
// and identifiers stop, so that all others are passed over quickly.
package stops

import "unicode/utf8"

// Set is a set of code points outside ASCII. It is small enough to be at hand
// while a text is read.
type Set [1 << 16 / 64]uint64

// Of returns the set of the characters of words.
func Of(words ...string) *Set {
	var s Set
	for _, w := range words {
		for _, r := range w {
			s.Add(r)
		}
	}
	return &s
}

// Add adds r.
func (s *Set) Add(r rune) {
	if r < 1<<16 {
		s[r/64] |= 1 << (r % 64)
	}
}

// May reports whether r is in the set, or above 0xFFFF.
func (s *Set) May(r rune) bool { return r >= 1<<16 || s[r/64]&(1<<(r%64)) != 0 }

// Next returns the offset of the first character of t from i on that is ASCII
// or may be in the set, len(t) if there is none.
func (s *Set) Next(t string, i int) int {
	for i < len(t) {
		c := t[i]
		if c < utf8.RuneSelf {
			return i
		}
		if c&0xF0 != 0xE0 || i+2 >= len(t) { // not one of three bytes
			r, n := utf8.DecodeRuneInString(t[i:])
			if s.May(r) {
				return i
			}
			i += n
			continue
		}
		r := rune(c&0x0F)<<12 | rune(t[i+1]&0x3F)<<6 | rune(t[i+2]&0x3F)
		if s[r/64]&(1<<(r%64)) != 0 {
			return i
		}
		i += 3
	}
	return i
}
