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
	alone  [1 << 16 / 64]uint64 // characters below 0x10000 that are terms by themselves
	loose  [utf8.RuneSelf]bool  // letters and digits with which a term begins that may begin within a word
	starts []int32              // by first character below 0x10000: the node it leads to, 0 if none
	nodes  []node
	edges  []edge  // of the nodes with several, by node, then byte
	ends   []int32 // of the nodes at which terms end: their number, then the terms
	terms  []pattern
}

const (
	filterBits = 1 << 17
	separator  = ' ' // the edge of a space between Latin words
)

// node is a state of the trie. Most have one edge, to the node after them.
type node struct {
	first int32 // its only child, or its edges
	ends  int32 // where its terms stand in ends, 0 if none
	count uint16
	c     byte // the byte of the only child
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
	m := &matcher{terms: patterns, ends: []int32{0}}
	t := &trieBuilder{children: []map[byte]int32{{}}, terms: make([][]int32, 1)}
	for i, p := range patterns {
		t.add(p.text, int32(i))
		m.markStart(p)
	}
	m.layOut(t, 0)
	m.starts = m.firstCharacters()
	return m
}

// layOut copies a node of the builder and, after it, those below it, and
// returns where it stands.
func (m *matcher) layOut(t *trieBuilder, from int32) int32 {
	at := int32(len(m.nodes))
	m.nodes = append(m.nodes, node{})
	n := node{count: uint16(len(t.children[from]))}
	if terms := t.terms[from]; len(terms) > 0 {
		n.ends = int32(len(m.ends))
		m.ends = append(append(m.ends, int32(len(terms))), terms...)
	}
	bytes := sortedBytes(t.children[from])
	if len(bytes) == 1 {
		n.c, n.first = bytes[0], at+1
		m.layOut(t, t.children[from][n.c])
	} else {
		n.first = int32(len(m.edges))
		m.edges = append(m.edges, make([]edge, len(bytes))...)
		for i, c := range bytes {
			m.edges[int(n.first)+i] = edge{c, m.layOut(t, t.children[from][c])}
		}
	}
	m.nodes[at] = n
	return at
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
func (m *matcher) firstCharacters() []int32 {
	starts := make([]int32, 1<<16)
	for r := range starts {
		at := int32(0)
		for _, c := range []byte(string(rune(r))) {
			if at = m.step(&m.nodes[at], c); at == 0 {
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
func (m *matcher) markStart(p pattern) {
	first, n := utf8.DecodeRuneInString(p.text)
	if wordRune(first) && !p.wordStart {
		m.loose[first] = true
	}
	if n == len(p.text) {
		m.mark(first, 0)
		if first < 1<<16 {
			m.alone[first/64] |= 1 << (first % 64)
		}
		return
	}
	second, _ := utf8.DecodeRuneInString(p.text[n:])
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

// stands reports whether a term may begin with a, or with a and b, 0 for b
// the end of the text.
func (m *matcher) stands(a, b rune) bool {
	if a < 1<<16 {
		return m.maybe(a, b) || m.alone[a/64]&(1<<(a%64)) != 0
	}
	return m.maybe(a, b) || m.maybe(a, 0)
}

// scan calls emit for every occurrence of every term, by ascending start.
func (m *matcher) scan(s string, emit func(term int32, at span)) {
	prev, at := rune(-1), 0
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		if prev >= 0 && m.stands(prev, r) {
			m.walk(s, prev, at, i, emit)
		}
		prev, at = r, i
		i += n
	}
	if prev >= 0 && m.stands(prev, 0) {
		m.walk(s, prev, at, len(s), emit)
	}
}

// walk follows the trie from the character r at s[at:next] and emits the terms
// that end on the way.
func (m *matcher) walk(s string, r rune, at, next int, emit func(int32, span)) {
	if r < utf8.RuneSelf && wordByte(byte(r)) && !m.loose[r] && inWord(s, at) {
		return
	}
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
		if n.ends > 0 {
			for _, t := range m.ends[n.ends+1 : n.ends+1+m.ends[n.ends]] {
				if end := m.terms[t].bounds(s, at, j); end >= 0 {
					emit(t, span{at, end})
				}
			}
		}
		if j >= len(s) || n.count == 0 {
			return
		}
		if c := s[j]; isSeparator(c) && j > at {
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
	if n.count == 1 {
		if n.c == c {
			return n.first
		}
		return 0
	}
	return m.choose(n, c)
}

func (m *matcher) choose(n *node, c byte) int32 {
	edges := m.edges[n.first : n.first+int32(n.count)]
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
