package detect

import (
	"strings"
	"unicode/utf8"
)

// A matcher finds all occurrences of a fixed set of terms in one pass over a
// text. Terms are looked up by a hash of their first two characters: a bitmap
// rejects nearly every position, the few others are compared with the terms
// of their bucket. A text of n bytes costs n steps plus, at each position, at
// most the bytes of one bucket.
type matcher struct {
	terms   []pattern
	filter  [filterBits / 64]uint64
	buckets map[[2]rune][]int32 // terms of two characters or more, longest first
	singles map[rune][]int32    // terms of one character
}

const filterBits = 1 << 17

// pattern is a folded term as the matcher compares it. A space stands for up
// to three separators; between CJK characters of the text one space is always
// allowed.
type pattern struct {
	text      string
	wordStart bool // begins with a letter or digit that must begin a word
	wordEnd   bool // ends with a letter or digit that must end a word, plural s aside
}

func newMatcher(terms []string) *matcher {
	m := &matcher{buckets: map[[2]rune][]int32{}, singles: map[rune][]int32{}}
	for i, t := range terms {
		m.terms = append(m.terms, newPattern(t))
		first, n := utf8.DecodeRuneInString(t)
		if n == len(t) {
			m.singles[first] = append(m.singles[first], int32(i))
			m.mark(first, 0)
			continue
		}
		m.index(int32(i), first, t[n:])
	}
	return m
}

// index puts a term into the buckets of the pairs it may begin with in a
// text: with a space after the first character or without.
func (m *matcher) index(term int32, first rune, rest string) {
	second, _ := utf8.DecodeRuneInString(rest)
	m.add(term, first, second)
	if second == ' ' {
		third, _ := utf8.DecodeRuneInString(rest[1:])
		m.add(term, first, third)
	} else if first >= utf8.RuneSelf {
		m.add(term, first, ' ')
	}
}

func (m *matcher) add(term int32, first, second rune) {
	key := [2]rune{first, second}
	m.buckets[key] = append(m.buckets[key], term)
	m.mark(first, second)
}

func newPattern(t string) pattern {
	first, _ := utf8.DecodeRuneInString(t)
	last, _ := utf8.DecodeLastRuneInString(t)
	return pattern{text: t, wordStart: wordRune(first), wordEnd: wordRune(last)}
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
	prev, at := rune(0), 0
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		if i > 0 {
			m.tryPair(s, prev, r, at, emit)
		}
		m.trySingle(r, span{i, i + n}, emit)
		prev, at = r, i
		i += n
	}
}

func (m *matcher) tryPair(s string, a, b rune, at int, emit func(int32, span)) {
	if !m.maybe(a, b) {
		return
	}
	for _, t := range m.buckets[[2]rune{a, b}] {
		if end := m.terms[t].match(s, at); end >= 0 {
			emit(t, span{at, end})
		}
	}
}

func (m *matcher) trySingle(r rune, at span, emit func(int32, span)) {
	if !m.maybe(r, 0) {
		return
	}
	for _, t := range m.singles[r] {
		emit(t, at)
	}
}

// match returns the end of the term's occurrence at s[at:], or -1.
func (p *pattern) match(s string, at int) int {
	if p.wordStart && inWord(s, at) {
		return -1
	}
	end := p.compare(s, at)
	if end < 0 || !p.wordEnd {
		return end
	}
	return wordEnd(s, end)
}

func (p *pattern) compare(s string, at int) int {
	j := at
	for k := 0; k < len(p.text); k++ {
		c := p.text[k]
		if c == ' ' {
			n := separators(s[j:])
			if n == 0 && j > at && s[j-1] < utf8.RuneSelf && k+1 < len(p.text) && p.text[k+1] < utf8.RuneSelf {
				return -1
			}
			j += n
			continue
		}
		if j < len(s) && s[j] == ' ' && betweenWide(s, at, j, c) {
			j++
		}
		if j >= len(s) || s[j] != c {
			return -1
		}
		j++
	}
	return j
}

// betweenWide reports whether the space at s[j] stands beside a character
// outside ASCII, of which the next begins with byte c.
func betweenWide(s string, at, j int, c byte) bool {
	return j > at && (s[j-1] >= utf8.RuneSelf || c >= 0xC0)
}

func separators(s string) int {
	n := 0
	for n < len(s) && n < 3 && strings.IndexByte(" -_/", s[n]) >= 0 {
		n++
	}
	return n
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
