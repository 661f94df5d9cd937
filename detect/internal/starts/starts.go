// Package starts finds words of small fixed lists at a place in a text, for the
// readers of offers and contacts.
package starts

import "strings"

// Words finds which of its words stands at a place: the first of them in the
// order given. It is immutable and safe for concurrent use.
//
// Most places are told from all words by two bytes: one of the first character
// finds the group of words, the byte after the first says whether it is worth
// comparing them.
type Words struct {
	begins [256]bool  // by the first byte, whether words begin with it
	index  [256]uint8 // of the group, by startKey; 0 if there is none
	groups []group    // the first is empty
}

// group is the words of one startKey.
type group struct {
	second uint64 // the second bytes of the words, by their low six bits
	words  []string
}

// New makes a list of words, none of them empty.
func New(words ...string) *Words {
	w := &Words{groups: make([]group, 1)}
	for _, word := range words {
		w.begins[word[0]] = true
		k := startKey(word, 0)
		if w.index[k] == 0 {
			w.index[k] = uint8(len(w.groups))
			w.groups = append(w.groups, group{})
		}
		g := &w.groups[w.index[k]]
		g.words = append(g.words, word)
		if len(word) == 1 {
			g.second = ^uint64(0) // whatever follows
		} else {
			g.second |= 1 << (word[1] & 63)
		}
	}
	return w
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
func (w *Words) At(s string, i int) int {
	if i >= len(s) || !w.begins[s[i]] {
		return 0
	}
	return w.among(s, i)
}

// among returns the length of the word at i, of those with its startKey.
func (w *Words) among(s string, i int) int {
	g := &w.groups[w.index[startKey(s, i)]]
	if i+1 < len(s) && g.second>>(s[i+1]&63)&1 == 0 {
		return 0
	}
	for _, word := range g.words {
		if strings.HasPrefix(s[i:], word) {
			return len(word)
		}
	}
	return 0
}

// longest returns the length of the longest word at byte offset i of s, 0 if
// there is none.
func (w *Words) longest(s string, i int) int {
	n := 0
	for _, word := range w.groups[w.index[startKey(s, i)]].words {
		if len(word) > n && strings.HasPrefix(s[i:], word) {
			n = len(word)
		}
	}
	return n
}
