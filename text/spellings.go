package text

import "unicode/utf8"

// spellings tells, by the first four letters, of nearly all words that no term
// spelled in letters begins with them.
type spellings struct {
	heads [1 << 8]uint64
	pairs latinSet // the first two letters
}

// A head is the first letters of a word, five bits each, 0 where it has fewer.
// One separator may stand before each of them.
type head struct {
	letters uint32
	count   int
}

const headLetters = 4

func (h *head) add(letter byte) {
	h.letters |= uint32(letter-'a'+1) << (5 * h.count)
	h.count++
}

func (h *head) slot() uint32 { return h.letters * 0x9E3779B1 >> 18 }

// fillSpellings notes what terms begin with: two syllables, or one of four
// letters and more. The tree is complete.
func (v *vocabulary) fillSpellings(s *sounds) {
	alike := make([][]string, len(s.names)) // the syllables, by near sound
	for i, name := range s.names {
		alike[s.near[i]] = append(alike[s.near[i]], name)
	}
	for key, n := range v.bySounds {
		if n == 0 {
			continue
		}
		for _, first := range alike[uint32(key)/v.size] {
			for _, second := range alike[uint32(key)%v.size] {
				v.spellings.add(head{}, first+second)
			}
			if len(first) >= headLetters {
				v.spellings.add(head{}, first)
			}
		}
	}
}

// add notes that a word may go on with letters after h.
func (s *spellings) add(h head, letters string) {
	for i := 0; i < len(letters) && h.count < headLetters; i++ {
		h.add(letters[i])
	}
	s.heads[h.slot()/64] |= 1 << (h.slot() % 64)
	s.pairs.add('a'-1+rune(h.letters&31), 'a'-1+rune(h.letters>>5&31))
	if h.count == headLetters {
		return
	}
	for c := byte('a'); c <= 'z'; c++ {
		s.add(h, string(c))
	}
}

// may reports whether a term in letters may begin at the begin of text. What
// is not ASCII is not looked at.
func (s *spellings) may(text string) bool {
	var h head
	joined := true
	for i := 0; i < len(text) && h.count < headLetters; i++ {
		c := rune(text[i])
		switch {
		case isLatin(c):
			h.add(text[i])
			joined = false
		case c >= utf8.RuneSelf:
			return true
		case joined || !joins(c):
			return s.has(h)
		default:
			joined = true
		}
	}
	return s.has(h)
}

func (s *spellings) has(h head) bool { return s.heads[h.slot()/64]&(1<<(h.slot()%64)) != 0 }
