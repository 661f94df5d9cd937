package ident

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/stops"
	"github.com/leakwatch/leakwatch/leak"
)

// scan stops at everything that may begin an identifier.
func (r *reader) scan() {
	s := r.s
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case isDigit(c):
			i = r.digits(i)
		case isLetter(c):
			i = r.word(i)
		case c == '@' || c == '#':
			i = r.address(i)
		case c == '<':
			i = r.zone(i)
		case c == '*' && hasMaskRun(s, i, '*'):
			i = r.chainAt(i)
		case c < utf8.RuneSelf:
			i++
		default:
			i = r.wide(i)
		}
	}
}

// wide reads the character at i, which is not ASCII.
func (r *reader) wide(i int) int {
	if next := wideStops.Next(r.s, i); next > i {
		return next
	}
	c, w := utf8.DecodeRuneInString(r.s[i:])
	if v, letter := digitRune(c); v >= 0 && !(letter && !r.digitAt(i+w)) && !r.alone(i+w) {
		return r.chainAt(i)
	}
	if isMaskRune(c) && hasMaskRun(r.s, i, c) {
		return r.chainAt(i)
	}
	if strings.ContainsRune(spelledAts, c) {
		return r.spelledAddress(i, w)
	}
	return i + w
}

// spelledAts are the characters with which the @ of an address, or a dot of it, is
// spelled.
const spelledAts = "艾골点圈"

// wideStops are the characters outside ASCII that may begin an identifier.
var wideStops = func() *stops.Set {
	s := stops.Of(spelledAts, maskRunes, digitRunes, enclosedRunes)
	for _, digits := range unicode.Nd.R16 {
		for c := rune(digits.Lo); c <= rune(digits.Hi); c++ {
			s.Add(c)
		}
	}
	return s
}()

// chainAt gathers and judges the chain at i and returns the offset after it.
func (r *reader) chainAt(i int) int {
	end := r.gather(i)
	if end == i {
		_, w := utf8.DecodeRuneInString(r.s[i:])
		return i + w
	}
	r.judgeChain()
	return end
}

// digits reads the token at i, which begins with a digit.
func (r *reader) digits(i int) int {
	if n := leadingDigits(r.s[i:min(i+shortest, len(r.s))]); n < shortest && r.alone(i+n) {
		return i + n
	}
	end := alnumEnd(r.s, i)
	t := r.s[i:end]
	if r.numeric(i, end) {
		return r.chainAt(i)
	}
	if end-i == maxToken || r.gluedBefore(i) {
		r.runsInToken(i, end)
		return end
	}
	if r.code(i, end) {
		return end
	}
	if len(t) >= 7 && leadingDigits(t) < len(t) && mixed(t) {
		r.runsInToken(i, end)
		return end
	}
	return max(r.chainAt(i), i+leadingDigits(t))
}

// alone reports whether no digit goes on at i what ends there, by a look at the
// next few bytes: most numbers are followed by a word. In doubt it is false.
func (r *reader) alone(i int) bool {
	for n := 0; n <= maxGap && i < len(r.s); n, i = n+1, i+1 {
		switch c := r.s[i]; {
		case isDigit(c), c == '*':
			return false
		case isLetter(c):
			return n > 0 && letterDigit(c) < 0 && c != 'x'
		case c >= utf8.RuneSelf:
			return r.han(i)
		}
	}
	return true
}

// han reports whether a Chinese character stands at i that is no digit.
func (r *reader) han(i int) bool {
	if i+2 >= len(r.s) || r.s[i]>>4 != 0xE {
		return false
	}
	c := rune(r.s[i]&0x0F)<<12 | rune(r.s[i+1]&0x3F)<<6 | rune(r.s[i+2]&0x3F)
	return c >= 0x4E00 && c <= 0x9FFF && !wideStops.May(c)
}

func leadingDigits(t string) int {
	n := 0
	for n < len(t) && isDigit(t[n]) {
		n++
	}
	return n
}

// mixed reports whether digits follow letters in t.
func mixed(t string) bool {
	for i := leadingDigits(t); i < len(t); i++ {
		if isDigit(t[i]) {
			return true
		}
	}
	return false
}

// word reads the Latin token at i.
func (r *reader) word(i int) int {
	s, j := r.s, i+1
	for j < len(s) && isLetter(s[j]) {
		j++
	}
	if j-i <= 2 && j < len(s) && !r.gluedBefore(i) && s[j] != '_' {
		if next := r.document(i, j); next > i {
			return next
		}
	}
	if j >= len(s) || !isDigit(s[j]) {
		if j-i >= 5 && letterDigit(s[i]) >= 0 && !r.gluedBefore(i) && r.numeric(i, j) {
			return r.chainAt(i)
		}
		return r.afterWord(i, j)
	}
	end := alnumEnd(s, i)
	if !r.gluedBefore(i) && r.numeric(i, end) {
		return r.chainAt(i)
	}
	if end-i < maxToken && r.code(i, end) {
		return end
	}
	r.runsInToken(i, end)
	return max(end, j)
}

// afterWord looks at what follows the letters [i, j): a word for @ in an
// address, or nothing.
func (r *reader) afterWord(i, j int) int {
	if w := r.s[i:j]; w == "at" || w == "dot" {
		return r.spelledAddress(i, j-i)
	}
	return j
}

// runsInToken reads the numbers inside a token of letters and digits: an ID
// that proves itself, a card that does, a mobile behind a cue.
func (r *reader) runsInToken(i, end int) {
	for k := i; k < end; {
		if !isDigit(r.s[k]) {
			k++
			continue
		}
		n := leadingDigits(r.s[k:end])
		r.runInToken(i, k, k+n, end)
		k += n
	}
}

func (r *reader) runInToken(token, start, end, tokenEnd int) {
	n := end - start
	if n == 17 && end+1 == tokenEnd && r.s[end] == 'x' {
		end, n = end+1, n+1
	}
	if n < 11 || n > 64 {
		return
	}
	d := values(r.s[start:end])
	letters := r.s[token:start]
	switch {
	case n >= 18 && r.idsInRun(d, start):
	case n == 18 && prcArea(d) && prcDated(d):
		r.addVerdict(verdict{kind: leak.PRCID, canonical: digitString(d), keep: provinceOf(d)}, start, end)
	case n >= 16 && n <= 19 && cardIssuer(d) && luhn(d) && tokenEnd-token < 26:
		r.addVerdict(verdict{kind: leak.BankCardNo, canonical: digitString(d), keep: issuerOf(d, true), valid: true}, start, end)
	case n == 11 && cnMobile(d) && (letters == "" && !r.gluedBefore(token) || gluedCues.In(letters)) && tokenEnd-token < 26:
		v := phoneVerdict("86", d)
		r.addVerdict(v, start, end)
	case n == 13 && rrnDated(d) && rrnCheck(d) && tokenEnd-token < 26:
		v := verdict{kind: leak.RRN, canonical: digitString(d), valid: true}
		r.addVerdict(v, start, end)
	}
}

// idsInRun adds the PRC IDs in a run of digits and reports whether there were
// any.
func (r *reader) idsInRun(d []byte, start int) bool {
	found := false
	for i := 0; i+18 <= len(d); i++ {
		if w := d[i : i+18]; prcDated(w) && prcCheck(w) {
			v := verdict{kind: leak.PRCID, canonical: digitString(w), keep: provinceOf(w), valid: true}
			r.addVerdict(v, start+i, start+i+18)
			found = true
			i += 17
		}
	}
	return found
}

// values returns the digits of s, x for ten.
func values(s string) []byte {
	d := make([]byte, len(s))
	for i := range d {
		if d[i] = s[i] - '0'; s[i] == 'x' {
			d[i] = digitX
		}
	}
	return d
}

// code reads the token [i, end) as an identifier of letters and digits that is
// one token: a credit code, a document number.
func (r *reader) code(i, end int) bool {
	t := r.s[i:end]
	if len(t) == 18 && !r.gluedBefore(i) && (usccCheck(t) || usccForm(t) && r.cued(i, usccCues)) {
		r.addVerdict(verdict{kind: leak.USCC, canonical: strings.ToUpper(t), valid: usccCheck(t)}, i, end)
		return true
	}
	return false
}

func usccForm(t string) bool {
	for i := 0; i < len(t); i++ {
		if strings.IndexByte(usccAlphabet, t[i]) < 0 {
			return false
		}
	}
	return true
}
