package offer

import "strings"

// An ends finds which of its words a text ends with. Words are kept by their
// last byte, which tells most of them apart.
type ends [256][]string

func newEnds(words ...string) *ends {
	var e ends
	for _, w := range words {
		last := w[len(w)-1]
		e[last] = append(e[last], w)
	}
	return &e
}

// of returns the length of the word that t ends with, at a word boundary for
// Latin ones; 0 if there is none.
func (e *ends) of(t string) int {
	if t == "" {
		return 0
	}
	for _, w := range e[t[len(t)-1]] {
		if strings.HasSuffix(t, w) && (w[0] >= 0x80 || len(t) == len(w) || !isLetter(t[len(t)-len(w)-1])) {
			return len(w)
		}
	}
	return 0
}

// in reports whether t ends with one of the words.
func (e *ends) in(t string) bool { return e.of(t) > 0 }
