package starts

// Search finds where in a text words of a list stand. A look at the three bytes at
// a place passes over most of them. It is immutable and safe for concurrent use.
type Search struct {
	*Words
	first [64]uint64 // what the first three bytes of words come to, see Next
}

// NewSearch makes a list of words of three bytes or more.
func NewSearch(words ...string) *Search {
	s := &Search{Words: New(words...)}
	for _, w := range words {
		s.first[(w[0]^w[1])%64] |= 1 << (w[2] % 64)
	}
	return s
}

// Next returns the byte offset of the first of the words in t from i on, len(t)
// if there is none. t is UTF-8, but may begin or end within a character.
func (s *Search) Next(t string, i int) int {
	if k := s.Within(t, i, len(t)); k >= 0 {
		return k
	}
	return len(t)
}

// Within returns the byte offset of the first of the words in t that begins in
// [i, end), -1 if there is none.
func (s *Search) Within(t string, i, end int) int {
	for end = min(end, len(t)-2); i < end; {
		a := t[i]
		if s.first[(a^t[i+1])%64]>>(t[i+2]%64)&1 != 0 && s.At(t, i) > 0 {
			return i
		}
		if i++; a >= 0xE0 {
			i += 2
		}
	}
	return -1
}

// In reports whether t holds one of the words.
func (s *Search) In(t string) bool { return s.Within(t, 0, len(t)) >= 0 }

// LastEnd returns the byte offset at which the last of the words in t ends, 0
// if t holds none.
func (s *Search) LastEnd(t string) int {
	last := 0
	for i := s.Next(t, 0); i < len(t); i = s.Next(t, i+1) {
		last = max(last, i+s.longest(t, i))
	}
	return last
}
