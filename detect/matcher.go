package detect

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// A matcher finds all occurrences of a fixed set of terms in one pass over a
// text. The text is turned into codes, one for each character that stands in
// a term and 0 for all others. A bitmap over pairs of codes tells nearly all
// places where no term begins; from the others the trie of the terms is
// walked. So a text of n characters costs n steps and, where a term may begin,
// the length of the longest one that goes on.
//
// In a term a space between Latin words stands for one to three separators;
// every other space is dropped. In a text one space between two characters is
// skipped where at least one of them is not ASCII. But two syllables of hangul
// that a space parts must begin a word: the newspaper 본보 does not stand in
// "대본 보고".
type matcher struct {
	codes  []uint16      // by character, as far as terms have them
	bytes  [256]byteInfo // by byte
	pairs  bitmap        // of the codes with which terms begin
	begins []startKind   // by code
	trie   trie          // over the codes of the terms
	marks  []mark        // by term
}

// startKind says what a character is to the terms that begin with it.
type startKind uint8

const (
	isTerm     startKind = 1 << iota // it is one by itself
	beginsTerm                       // it begins a longer one
)

// byteInfo is what a byte means to the begin of terms.
type byteInfo struct {
	code   uint16 // of a character of ASCII
	kind   byteKind
	inside uint8  // the kinds of bytes before it with which it is inside a word, where no term begins
	inner  uint32 // the low bits of the characters after it with which a term begins within a word too
}

// byteKind is what a byte means to the begin of the next word.
type byteKind uint8

const (
	otherByte byteKind = iota
	letterByte
	digitByte
	jointByte // of handles: @ and _
)

// separators are what may stand for the space of a term. Their codes are 1 to
// 4, that of the space 1.
const separators = " -_/"

const spaceCode = 1

// pattern is a folded term as the matcher compares it.
type pattern struct {
	text string
	mark
}

// mark is what needs to be known of a term where it is found, all in one place.
type mark struct {
	role    int32 // in Lexicon.roles
	class   class // the classes of rules in which it stands
	guarded bool  // its surroundings matter, beyond its bounds
	mute    bool  // a match of it counts, and is no finding: it holds no letter and no digit
	bounds
}

// bounds are the conditions on where a term begins and ends.
type bounds uint8

const (
	wordStart bounds = 1 << iota // begins with a letter or digit that must begin a word
	wordEnd                      // ends with a letter or digit that must end a word, plural s aside
	pairOnly                     // two syllables of hangul
)

func newPattern(t string) pattern {
	p := pattern{text: joinWide(t)}
	first, _ := utf8.DecodeRuneInString(p.text)
	last, _ := utf8.DecodeLastRuneInString(p.text)
	if wordRune(first) {
		p.bounds |= wordStart
	}
	if wordRune(last) {
		p.bounds |= wordEnd
	}
	if len(p.text) == pairBytes && isHangul(first) && isHangul(last) {
		p.bounds |= pairOnly
	}
	return p
}

// literalPattern returns the pattern of the literal of a regex, which may stand
// within a word unless a space begins it.
func literalPattern(t string) pattern {
	p := newPattern(t)
	if t[0] == ' ' {
		p.bounds &= wordStart
	} else {
		p.bounds = 0
	}
	return p
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
	m := &matcher{codes: encoding(patterns), pairs: newBitmap(len(patterns)), marks: make([]mark, len(patterns))}
	m.sortBytes()
	m.begins = make([]startKind, len(m.codes)+len(separators)+1)
	words := make([][]uint16, len(patterns))
	for i, p := range patterns {
		for _, r := range p.text {
			words[i] = append(words[i], m.codes[r])
		}
		m.markStart(words[i])
		m.marks[i] = p.mark
		if p.bounds&wordStart == 0 {
			m.markInner(words[i], p.text)
		}
	}
	m.trie = newTrie(words)
	return m
}

// sortBytes says which bytes go on a word or handle that the byte before them
// began. A digit may stand before a word: "500fullz".
func (m *matcher) sortBytes() {
	for i := range m.bytes {
		b := &m.bytes[i]
		if i < min(utf8.RuneSelf, len(m.codes)) {
			b.code = m.codes[i]
		}
		switch c := byte(i); {
		case wordDigit(c):
			b.kind, b.inside = digitByte, 1<<letterByte|1<<digitByte
		case wordByte(c):
			b.kind, b.inside = letterByte, 1<<letterByte|1<<jointByte
		case c == '@', c == '_':
			b.kind = jointByte
		}
	}
}

// markInner lets a term begin within a word.
func (m *matcher) markInner(word []uint16, text string) {
	after := ^uint32(0)
	if len(word) > 1 && word[1] != spaceCode && text[1] < utf8.RuneSelf {
		after = 1 << (text[1] & 31)
	}
	m.bytes[text[0]].inner |= after
}

// markStart lets the places pass where a word may begin.
func (m *matcher) markStart(word []uint16) {
	switch {
	case len(word) == 1:
		m.begins[word[0]] |= isTerm
	case word[1] == spaceCode:
		m.begins[word[0]] |= beginsTerm
		for i := range separators {
			m.pairs.set(word[0], uint16(i+1))
		}
	default:
		m.begins[word[0]] |= beginsTerm
		m.pairs.set(word[0], word[1])
	}
}

// bitmap is a set of pairs of codes that may hold a few more than were set.
type bitmap struct {
	bits  []uint64
	shift uint8
}

// newBitmap returns a set for some number of pairs, with 8 to 16 bits for
// each.
func newBitmap(pairs int) bitmap {
	log := max(bits.Len(uint(pairs))+3, 6)
	return bitmap{make([]uint64, 1<<log/64), uint8(32 - log)}
}

func (b *bitmap) slot(x, y uint16) uint32 {
	return (uint32(x)*0x9E3779B1 ^ uint32(y)*0x85EBCA6B) >> b.shift
}

func (b *bitmap) set(x, y uint16) {
	i := b.slot(x, y)
	b.bits[i/64] |= 1 << (i % 64)
}

// has returns 1 if the pair may have been set, else 0.
func (b *bitmap) has(x, y uint16) uint8 {
	i := b.slot(x, y)
	return uint8(b.bits[i/64] >> (i % 64) & 1)
}

// encoding gives each character of the patterns a code, frequent ones small
// codes, which makes the trie dense.
func encoding(patterns []pattern) []uint16 {
	count := map[rune]int{}
	for _, p := range patterns {
		for _, r := range p.text {
			count[r]++
		}
	}
	for _, r := range separators {
		delete(count, r)
	}
	order := slices.SortedFunc(maps.Keys(count), func(a, b rune) int { return cmp.Or(count[b]-count[a], int(a-b)) })
	order = slices.Concat([]rune(separators), order)
	codes := make([]uint16, slices.Max(order)+1)
	for i, r := range order {
		codes[r] = uint16(i + 1)
	}
	return codes
}

// symbol is one character of a text.
type symbol struct {
	end  int32 // byte after it
	code uint16
}

// begin is a symbol at which a term may begin, and its byte.
type begin struct{ symbol, at int32 }

// scan is one pass of a matcher. It can be used again.
type scan struct {
	*matcher
	text    string
	symbols []symbol // of a piece of the text
	starts  []begin
	found   []ending
}

// ending says that terms end at a node and at a byte of the text.
type ending struct{ node, at int32 }

// pieceSize is how many symbols are read at once, up to the next character
// that stands in no term.
const pieceSize = 1 << 10

// scan calls emit for every occurrence of every term, by ascending start, the
// longer first.
func (m *matcher) scan(s string, emit func(term int32, at span)) {
	(&scan{matcher: m}).read(s, emit)
}

func (x *scan) read(s string, emit func(term int32, at span)) {
	x.text = s
	for at := 0; at < len(s); {
		at = x.encode(at)
		for _, b := range x.starts {
			x.walkFrom(b, emit)
		}
	}
}

// encode turns a piece of the text that begins at a byte into symbols, notes
// at which of them a term may begin, and returns its end. It takes no branch on
// whether one may, since nothing foretells it.
func (x *scan) encode(at int) int {
	s, codes, symbols := x.text, x.codes, x.symbols[:0]
	before := otherByte
	if at > 0 {
		before = x.bytes[s[at-1]].kind
	}
	starts, n := x.starts, 0
	var last begin // the symbol before
	var lastCode uint16
	var lastMay uint8 // 1 if no word goes on there, else 0
	var lastInner uint32
	for at < len(s) {
		r, size, may, inner, code := rune(s[at]), 1, uint8(1), uint32(0), uint16(0)
		switch {
		case r < utf8.RuneSelf:
			if r == ' ' && skippable(s, at) {
				at, before = at+1, otherByte
				continue
			}
			b := &x.bytes[r]
			may, before, inner, code = ^b.inside>>before&1, b.kind, b.inner, b.code
		case r>>4 == 0xE && at+2 < len(s): // Han and hangul; folded text is valid UTF-8
			r, size = r&0xF<<12|rune(s[at+1]&0x3F)<<6|rune(s[at+2]&0x3F), 3
			before, code = otherByte, codeOf(codes, r)
		default:
			r, size = utf8.DecodeRuneInString(s[at:])
			before, code = otherByte, codeOf(codes, r)
		}
		starts = append(starts[:n], last)
		n += int(x.mayBegin(lastCode, code) & (lastMay | uint8(lastInner>>(r&31)&1)))
		last, lastCode, lastMay, lastInner = begin{int32(len(symbols)), int32(at)}, code, may, inner
		at += size
		symbols = append(symbols, symbol{int32(at), code})
		if code == 0 && len(symbols) >= pieceSize {
			break
		}
	}
	starts = append(starts[:n], last)
	n += int(x.mayBegin(lastCode, 0) & (lastMay | uint8(lastInner&1)))
	x.symbols, x.starts = symbols, starts[:n]
	return at
}

func codeOf(codes []uint16, r rune) uint16 {
	if int(r) < len(codes) {
		return codes[r]
	}
	return 0
}

// mayBegin returns 1 if a term may begin with a and b, or with a alone, else 0.
func (m *matcher) mayBegin(a, b uint16) uint8 {
	kind := m.begins[a]
	return uint8(kind/beginsTerm)&m.pairs.has(a, b) | uint8(kind&isTerm)
}

// skippable reports whether the space s[i] is a lone one beside a character
// outside ASCII.
func skippable(s string, i int) bool {
	return i > 0 && i+1 < len(s) && s[i+1] != ' ' && (s[i-1] >= utf8.RuneSelf || s[i+1] >= utf8.RuneSelf)
}

// walkFrom emits the terms that begin at a place.
func (x *scan) walkFrom(b begin, emit func(int32, span)) {
	x.found = x.found[:0]
	x.walk(0, int(b.symbol))
	at := int(b.at)
	for k := len(x.found) - 1; k >= 0; k-- {
		for _, t := range x.trie.words(x.found[k].node) {
			if end := x.marks[t].fit(x.text, at, int(x.found[k].at)); end >= 0 {
				emit(t, span{at, end})
			}
		}
	}
}

// walk goes on from a node that the symbols before i led to and notes where
// terms end on the way. Only a separator can lead two ways, and terms have few
// of them.
func (x *scan) walk(node int32, i int) {
	for _, y := range x.symbols[i:] {
		if y.code-1 < uint16(len(separators)) {
			if next := x.trie.step(node, spaceCode); next > 0 {
				x.walk(next, i+x.countSeparators(i))
			}
			if y.code == spaceCode {
				return
			}
		}
		if node = x.trie.step(node, y.code); node == 0 {
			return
		}
		if x.trie.cells[node].hasWords() {
			x.found = append(x.found, ending{node, y.end})
		}
		i++
	}
}

// countSeparators returns how many separators stand at symbol i, three at
// most.
func (x *scan) countSeparators(i int) int {
	n := 0
	for n < 3 && i+n < len(x.symbols) && x.symbols[i+n].code-1 < uint16(len(separators)) {
		n++
	}
	return n
}

// fit returns the end of an occurrence at s[at:end], plural included, or -1 if
// it is only part of a word.
func (b bounds) fit(s string, at, end int) int {
	if b&wordStart != 0 && inWord(s, at) || b&pairOnly != 0 && end-at > pairBytes && inHangul(s, at) {
		return -1
	}
	if b&wordEnd == 0 || !startsWord(s[end:]) {
		return end
	}
	return pluralEnd(s, end)
}

// pluralEnd returns the end of a plural s at s[end] if a word ends there, else
// -1.
func pluralEnd(s string, end int) int {
	for _, plural := range [...]string{"s", "es"} {
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

// pairBytes is the length of two syllables of hangul.
const pairBytes = 2 * wideBytes

func isHangul(r rune) bool { return '가' <= r && r <= '힣' }

// inHangul reports whether a Korean word or a number goes on at s[at].
func inHangul(s string, at int) bool {
	if at == 0 {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(s[:at])
	return isHangul(before) || wordRune(before)
}

func startsWord(s string) bool { return len(s) > 0 && (wordByte(s[0]) || s[0] == '_') }

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || wordDigit(c)
}

func wordDigit(c byte) bool { return '0' <= c && c <= '9' }

func wordRune(r rune) bool { return r < utf8.RuneSelf && wordByte(byte(r)) }
