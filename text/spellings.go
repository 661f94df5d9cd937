package text

import "unicode/utf8"

// spellings tells, by the first four letters, of nearly all words that no term
// spelled in letters begins with them.
type spellings struct {
	heads [1 << 8]uint64
	begin triples // the first three characters
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
	s.begin.addHead(h)
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

// triples holds the first three characters of ASCII of disguised words in
// letters. What is no letter is one of two: what may join letters, or not.
type triples [1 << 15 / 64]uint64

const (
	otherCode  = 0
	joinerCode = 27
)

// codeOf numbers the characters of ASCII.
var codeOf = func() (codes [utf8.RuneSelf]uint32) {
	for c := range rune(utf8.RuneSelf) {
		switch {
		case isLatin(c):
			codes[c] = uint32(c) & 31
		case joins(c):
			codes[c] = joinerCode
		}
	}
	return codes
}()

// may reports whether a word may begin with these characters.
func (t *triples) may(a, b, c byte) bool {
	n := codeOf[a]<<10 | codeOf[b]<<5 | codeOf[c]
	return t[n/64]&(1<<(n%64)) != 0
}

func (t *triples) add(a, b, c uint32) {
	n := a<<10 | b<<5 | c
	t[n/64] |= 1 << (n % 64)
}

// addHead adds what words with the letters of h may begin with.
func (t *triples) addHead(h head) {
	a, b, c := h.letters&31, h.letters>>5&31, h.letters>>10&31 // no third letter is otherCode
	t.add(a, b, c)
	t.add(a, b, joinerCode)
	t.add(a, joinerCode, b)
}

// addPair adds two characters that anything may follow.
func (t *triples) addPair(a, b rune) {
	for c := range uint32(32) {
		t.add(codeOf[a], codeOf[b], c)
	}
}
