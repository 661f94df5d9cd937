// Package stops holds the characters at which the readers of contacts, offers
// and identifiers stop, so that all others are passed over quickly.
package stops

import "unicode/utf8"

// Set is a set of code points outside ASCII. What is asked of it for most
// characters is small enough to be at hand while a text is read.
type Set struct {
	all [1 << 16 / 64]uint64
	low [64]uint64 // the low twelve bits of the members
}

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

// Union returns the set of the members of all sets.
func Union(sets ...*Set) *Set {
	var u Set
	for _, s := range sets {
		for k := range s.all {
			u.all[k] |= s.all[k]
		}
		for k := range s.low {
			u.low[k] |= s.low[k]
		}
	}
	return &u
}

// Add adds r.
func (s *Set) Add(r rune) {
	if r < 1<<16 {
		s.all[r/64] |= 1 << (r % 64)
		s.low[r/64%64] |= 1 << (r % 64)
	}
}

// May reports whether r is in the set, or above 0xFFFF.
func (s *Set) May(r rune) bool {
	return r >= 1<<16 || s.low[r/64%64]&(1<<(r%64)) != 0 && s.all[r/64]&(1<<(r%64)) != 0
}

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
		if b, last := t[i+1]%64, t[i+2]%64; s.low[b]&(1<<last) != 0 && s.all[int(c%16)<<6|int(b)]&(1<<last) != 0 {
			return i
		}
		i += 3
	}
	return i
}
