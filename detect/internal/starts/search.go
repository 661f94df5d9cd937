package starts

// Search finds where in a text words of a list stand. A look at two bytes of
// each character passes over most of them. It is immutable and safe for
// concurrent use.
type Search struct {
	*Words
	pairs [1 << 16 / 64]uint64 // the last two bytes of the first character, or it and the next if it is short
}

// NewSearch makes a list of words of two bytes or more.
func NewSearch(words ...string) *Search {
	s := &Search{Words: New(words...)}
	for _, w := range words {
		p := uint16(w[0])<<8 | uint16(w[1])
		if w[0] >= 0xE0 {
			p = uint16(w[1])<<8 | uint16(w[2])
		}
		s.pairs[p/64] |= 1 << (p % 64)
	}
	return s
}

// Next returns the byte offset of the first of the words in t from i on, len(t)
// if there is none.
func (s *Search) Next(t string, i int) int {
	for i+1 < len(t) {
		a, b, n := t[i], t[i+1], 1
		if a >= 0xE0 && i+2 < len(t) {
			if c := t[i+2]; b&c&0x80 != 0 { // else it is no character
				a, b, n = b, c, 3
			}
		}
		if p := uint16(a)<<8 | uint16(b); s.pairs[p/64]>>(p%64)&1 != 0 && s.At(t, i) > 0 {
			return i
		}
		i += n
	}
	return len(t)
}

// LastEnd returns the byte offset at which the last of the words in t ends, 0
// if t holds none.
func (s *Search) LastEnd(t string) int {
	last := 0
	for i := s.Next(t, 0); i < len(t); i = s.Next(t, i+1) {
		last = max(last, i+s.longest(t, i))
	}
	return last
}
