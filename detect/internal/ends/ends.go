// Package ends finds words of small fixed lists at the end of a text, for the
// readers of contacts, offers and identifiers.
package ends

import (
	"strings"
	"unicode/utf8"
)

// Words finds which of its words a text ends with: the first of them in the
// order given. It is immutable and safe for concurrent use.
//
// Most texts are told from all words by two bytes: the last finds the group of
// words, the one before it says whether it is worth comparing them.
type Words struct {
	index  [256]uint8 // of the group, by the last byte; 0 if there is none
	groups []group    // the first is empty
	inWord func(byte) bool
}

// group is the words with one last byte.
type group struct {
	before uint64 // the bytes before the last of the words, by their low six bits
	words  []string
}

// New makes a list of words, none of them empty. Those that begin in ASCII only
// count where the byte before them is not inWord; nil lets them stand behind
// anything.
func New(inWord func(byte) bool, words ...string) *Words {
	e := &Words{inWord: inWord, groups: make([]group, 1)}
	for _, w := range words {
		last := w[len(w)-1]
		if e.index[last] == 0 {
			e.index[last] = uint8(len(e.groups))
			e.groups = append(e.groups, group{})
		}
		g := &e.groups[e.index[last]]
		g.words = append(g.words, w)
		if len(w) == 1 {
			g.before = ^uint64(0) // whatever it is
		} else {
			g.before |= 1 << (w[len(w)-2] & 63)
		}
	}
	return e
}

// Of returns the length in bytes of the word that s ends with, 0 if there is
// none.
func (e *Words) Of(s string) int {
	if s == "" || e.index[s[len(s)-1]] == 0 {
		return 0
	}
	return e.among(s)
}

// among returns the length of the word that s ends with, of those with its last
// byte.
func (e *Words) among(s string) int {
	g := &e.groups[e.index[s[len(s)-1]]]
	if len(s) > 1 && g.before>>(s[len(s)-2]&63)&1 == 0 {
		return 0
	}
	for _, w := range g.words {
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

// In reports whether s ends with one of the words. It says again what Of does, as
// only so both are small enough to be inlined.
func (e *Words) In(s string) bool {
	return s != "" && e.index[s[len(s)-1]] != 0 && e.among(s) > 0
}
