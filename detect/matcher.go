package detect

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A matcher finds all occurrences of a fixed set of terms in one pass over a
// text. A bitmap over pairs of characters rejects nearly every position; from
// the others a trie over the bytes of the terms is walked, once, so a text of
// n bytes costs n steps and, where a term may begin, the length of the longest
// one that goes on.
//
// In a term a space between Latin words stands for one to three separators;
// every other space is dropped. In a text one space between two characters is
// skipped where at least one of them is not ASCII.
type matcher struct {
	filter [filterBits / 64]uint64
	starts []int32 // by first character below 0x10000: the node it leads to, 0 if none
	nodes  []node
	edges  []edge // of all nodes, by node, then byte
	terms  []pattern
}

const (
	filterBits = 1 << 17
	separator  = ' ' // the edge of a space between Latin words
)

// node is a state of the trie.
type node struct {
	first, count int32   // its edges
	terms        []int32 // the terms that end here
}

type edge struct {
	c  byte
	to int32
}

// pattern is a folded term as the matcher compares it.
type pattern struct {
	text      string
	wordStart bool // begins with a letter or digit that must begin a word
	wordEnd   bool // ends with a letter or digit that must end a word, plural s aside
}

func newPattern(t string) pattern {
	t = joinWide(t)
	first, _ := utf8.DecodeRuneInString(t)
	last, _ := utf8.DecodeLastRuneInString(t)
	return pattern{text: t, wordStart: wordRune(first), wordEnd: wordRune(last)}
}

// joinWide drops the spaces of a term that do not stand between two ASCII
// characters.
func joinWide(t string) string {
	var b strings.Builder
	for i := 0; i < len(t); i++ {
		if t[i] == ' ' && (i == 0 || i+1 == len(t) || t[i-1] >= utf8.RuneSelf || t[i+1] >= utf8.RuneSelf) {
			continue
		}
		b.WriteByte(t[i])
	}
	return b.String()
}

func newMatcher(patterns []pattern) *matcher {
	m := &matcher{terms: patterns}
	t := &trieBuilder{children: []map[byte]int32{{}}, terms: make([][]int32, 1)}
	for i, p := range patterns {
		t.add(p.text, int32(i))
		m.markStart(p.text)
	}
	m.starts = t.firstCharacters()
	for n, children := range t.children {
		m.nodes = append(m.nodes, node{first: int32(len(m.edges)), count: int32(len(children)), terms: t.terms[n]})
		for _, c := range sortedBytes(children) {
			m.edges = append(m.edges, edge{c, children[c]})
		}
	}
	return m
}

// trieBuilder is the trie while it grows.
type trieBuilder struct {
	children []map[byte]int32
	terms    [][]int32
}

func (t *trieBuilder) add(s string, term int32) {
	at := int32(0)
	for i := 0; i < len(s); i++ {
		next, ok := t.children[at][s[i]]
		if !ok {
			next = int32(len(t.children))
			t.children = append(t.children, map[byte]int32{})
			t.terms = append(t.terms, nil)
			t.children[at][s[i]] = next
		}
		at = next
	}
	t.terms[at] = append(t.terms[at], term)
}

// firstCharacters returns, by character, the nodes to which the first
// characters of the terms lead.
func (t *trieBuilder) firstCharacters() []int32 {
	starts := make([]int32, 1<<16)
	for r := range starts {
		at := int32(0)
		for _, c := range []byte(string(rune(r))) {
			if at = t.children[at][c]; at == 0 {
				break
			}
		}
		starts[r] = at
	}
	return starts
}

func sortedBytes(m map[byte]int32) []byte {
	keys := make([]byte, 0, len(m))
	for c := range m {
		keys = append(keys, c)
	}
	slices.Sort(keys)
	return keys
}

// markStart lets the filter pass the pairs of characters a term may begin
// with in a text.
func (m *matcher) markStart(s string) {
	first, n := utf8.DecodeRuneInString(s)
	if n == len(s) {
		m.mark(first, 0)
		return
	}
	second, _ := utf8.DecodeRuneInString(s[n:])
	m.mark(first, second)
	if first >= utf8.RuneSelf || second >= utf8.RuneSelf || second == separator {
		for _, c := range separators {
			m.mark(first, c)
		}
	}
}

func filterSlot(a, b rune) uint32 {
	return (uint32(a)*0x9E3779B1 ^ uint32(b)*0x85EBCA6B) >> 15 % filterBits
}

func (m *matcher) mark(a, b rune) {
	s := filterSlot(a, b)
	m.filter[s/64] |= 1 << (s % 64)
}

func (m *matcher) maybe(a, b rune) bool {
	s := filterSlot(a, b)
	return m.filter[s/64]&(1<<(s%64)) != 0
}

// scan calls emit for every occurrence of every term, by ascending start.
func (m *matcher) scan(s string, emit func(term int32, at span)) {
	prev, at := rune(-1), 0
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		if prev >= 0 && (m.maybe(prev, r) || m.maybe(prev, 0)) {
			m.walk(s, prev, at, i, emit)
		}
		prev, at = r, i
		i += n
	}
	if prev >= 0 && m.maybe(prev, 0) {
		m.walk(s, prev, at, len(s), emit)
	}
}

// walk follows the trie from the character r at s[at:next] and emits the terms
// that end on the way.
func (m *matcher) walk(s string, r rune, at, next int, emit func(int32, span)) {
	if int(r) < len(m.starts) {
		if n := m.starts[r]; n > 0 {
			m.walkFrom(s, at, n, next, emit)
		}
		return
	}
	m.walkFrom(s, at, 0, at, emit)
}

// walkFrom goes on from a node that s[at:j] led to. Only a space can lead two
// ways, and terms have few of them.
func (m *matcher) walkFrom(s string, at int, state int32, j int, emit func(int32, span)) {
	for {
		n := &m.nodes[state]
		for _, t := range n.terms {
			if end := m.terms[t].bounds(s, at, j); end >= 0 {
				emit(t, span{at, end})
			}
		}
		if j >= len(s) || n.count == 0 {
			return
		}
		if c := s[j]; j > at && isSeparator(c) {
			if next := m.step(n, separator); next > 0 {
				m.walkFrom(s, at, next, j+countSeparators(s[j:]), emit)
			}
			if skippable(s, at, j) {
				j++
			}
		}
		next := m.step(n, s[j])
		if next == 0 || s[j] == separator {
			return
		}
		state, j = next, j+1
	}
}

// step returns the node after n by c, 0 if there is none.
func (m *matcher) step(n *node, c byte) int32 {
	edges := m.edges[n.first : n.first+n.count]
	for len(edges) > 8 {
		if mid := len(edges) / 2; edges[mid].c <= c {
			edges = edges[mid:]
		} else {
			edges = edges[:mid]
		}
	}
	for _, e := range edges {
		if e.c == c {
			return e.to
		}
	}
	return 0
}

// skippable reports whether s[j] is a lone space beside a character outside
// ASCII.
func skippable(s string, at, j int) bool {
	return s[j] == ' ' && j > at && j+1 < len(s) && s[j+1] != ' ' && (s[j-1] >= utf8.RuneSelf || s[j+1] >= utf8.RuneSelf)
}

const separators = " -_/"

func isSeparator(c byte) bool { return c == ' ' || c == '-' || c == '_' || c == '/' }

func countSeparators(s string) int {
	n := 0
	for n < len(s) && n < 3 && isSeparator(s[n]) {
		n++
	}
	return n
}

// bounds returns the end of an occurrence at s[at:end], plural included, or
// -1 if it is only part of a word.
func (p *pattern) bounds(s string, at, end int) int {
	if p.wordStart && inWord(s, at) {
		return -1
	}
	if !p.wordEnd {
		return end
	}
	return wordEnd(s, end)
}

// wordEnd returns end, or the end of a plural s after it, if a word ends
// there, else -1.
func wordEnd(s string, end int) int {
	for _, plural := range [...]string{"", "s", "'s", "es"} {
		if strings.HasPrefix(s[end:], plural) && !startsWord(s[end+len(plural):]) {
			return end + len(plural)
		}
	}
	return -1
}

// inWord reports whether a word that begins at s[at] is part of a longer word
// or of a handle. A digit may stand before a word: "500fullz".
func inWord(s string, at int) bool {
	if at == 0 {
		return false
	}
	c := s[at-1]
	if wordDigit(s[at]) {
		return wordByte(c)
	}
	return wordByte(c) && !wordDigit(c) || c == '@' || c == '_'
}

func startsWord(s string) bool { return len(s) > 0 && (wordByte(s[0]) || s[0] == '_') }

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || wordDigit(c)
}

func wordDigit(c byte) bool { return '0' <= c && c <= '9' }

func wordRune(r rune) bool { return r < utf8.RuneSelf && wordByte(byte(r)) }
