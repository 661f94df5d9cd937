// Package starts finds words of small fixed lists at a place in a text, for the
// readers of offers and contacts.
package starts

import "strings"

// Words finds which of its words stands at a place: the first of them in the
// order given. Words are kept by a byte of their first character, which tells
// most of them apart. It is immutable and safe for concurrent use.
type Words [256][]string

// New makes a list of words, none of them empty.
func New(words ...string) *Words {
	var s Words
	for _, w := range words {
		k := startKey(w, 0)
		s[k] = append(s[k], w)
	}
	return &s
}

// startKey returns the byte of the character at i that tells most: the last
// one of three.
func startKey(s string, i int) byte {
	if s[i] >= 0xE0 && i+2 < len(s) {
		return s[i+2]
	}
	return s[i]
}

// At returns the length in bytes of the word at byte offset i of s, 0 if there
// is none.
func (st *Words) At(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	for _, w := range st[startKey(s, i)] {
		if strings.HasPrefix(s[i:], w) {
			return len(w)
		}
	}
	return 0
}

// LastEnd returns the byte offset at which the last of the words in s ends, 0
// if s holds none.
func (st *Words) LastEnd(s string) int {
	last := 0
	for i := range len(s) {
		if s[i]&0xC0 == 0x80 { // within a character
			continue
		}
		for _, w := range st[startKey(s, i)] {
			if strings.HasPrefix(s[i:], w) {
				last = max(last, i+len(w))
			}
		}
	}
	return last
}
