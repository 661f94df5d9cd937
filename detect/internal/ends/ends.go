// Package ends finds words of small fixed lists at the end of a text, for the
// readers of contacts, offers and identifiers.
package ends

import (
	"strings"
	"unicode/utf8"
)

// Words finds which of its words a text ends with: the first of them in the
// order given. Words are kept by their last byte, which tells most of them
// apart. It is immutable and safe for concurrent use.
type Words struct {
	byLast [256][]string
	inWord func(byte) bool
}

// New makes a list of words, none of them empty. Those that begin in ASCII only
// count where the byte before them is not inWord; nil lets them stand behind
// anything.
func New(inWord func(byte) bool, words ...string) *Words {
	e := Words{inWord: inWord}
	for _, w := range words {
		last := w[len(w)-1]
		e.byLast[last] = append(e.byLast[last], w)
	}
	return &e
}

// Of returns the length in bytes of the word that s ends with, 0 if there is
// none.
func (e *Words) Of(s string) int {
	if s == "" {
		return 0
	}
	for _, w := range e.byLast[s[len(s)-1]] {
		if strings.HasSuffix(s, w) && e.stands(w, s[:len(s)-len(w)]) {
			return len(w)
		}
	}
	return 0
}

// stands reports whether w is no part of a longer word that begins in before.
func (e *Words) stands(w, before string) bool {
	return e.inWord == nil || w[0] >= utf8.RuneSelf || before == "" || !e.inWord(before[len(before)-1])
}

// In reports whether s ends with one of the words.
func (e *Words) In(s string) bool { return e.Of(s) > 0 }
