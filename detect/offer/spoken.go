package offer

import (
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/latin"
	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// spoken reads an English number in words at i: "five", "forty-five", "two
// hundred", "a dozen" without the a, "ten k", "half a million", "one and a half
// thousand". end is 0 if none stands there.
func spoken(s string, i int) (v int64, end int) {
	if v, end = partOf(s, i); end > 0 {
		return v, end
	}
	v, end = spokenWhole(s, i)
	if end > 0 && v < 1000 && hasAt(s, end, " and a half ") {
		if scale := numberWords.Value(wordAt(s, end+len(" and a half "))); scale >= 1000 {
			end += len(" and a half ")
			return v*scale + scale/2, end + len(wordAt(s, end))
		}
	}
	return v, end
}

// fractions are the words for a part of a scale, as what they divide it by.
var fractions = latin.New(map[string]int64{"half": 2, "quarter": 4})

// partOf reads "half a million", "quarter of a million" at i.
func partOf(s string, i int) (v int64, end int) {
	w := wordAt(s, i)
	by := fractions.Value(w)
	if by == 0 {
		return 0, 0
	}
	end = i + len(w)
	for _, joint := range []string{" of a ", "-of-a-", " a ", "-a-", " "} {
		if !hasAt(s, end, joint) {
			continue
		}
		scale := wordAt(s, end+len(joint))
		if one := numberWords.Value(scale); one >= 100 || scale == "dozen" {
			return one / by, end + len(joint) + len(scale)
		}
		break
	}
	return 0, 0
}

func spokenWhole(s string, i int) (v int64, end int) {
	part := int64(0) // below the next hundred or thousand
	for n := 0; n < 6 && i < len(s) && isLetter(s[i]); n++ {
		w := wordAt(s, i)
		one, ok := numberWords.Of(w)
		if !ok {
			break
		}
		switch {
		case one == 100 || one == 12 && w == "dozen":
			part = max(part, 1) * one
		case one >= 1000:
			v, part = v+max(part, 1)*one, 0
		case part%100 == 0 || part%10 == 0 && part%100 >= 20 && one < 10:
			part += one
		default:
			return v + part, end
		}
		end = i + len(w)
		i = end
		if i < len(s) && (s[i] == ' ' || s[i] == '-') {
			i++
		}
	}
	return v + part, end
}

// numberWords are the words of English numbers.
var numberWords = latin.New(map[string]int64{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
	"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
	"fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "dozen": 12, "twenty": 20, "thirty": 30,
	"forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "k": 1000,
	"thousand": 1000, "grand": 1000, "million": 1000000, "mil": 1000000})

// spokenWords are all words that scan stops at.
var spokenWords = latin.Merge(numberWords, fractions, notes)

// spokenNumber reads a number in words at i and what it counts or is worth: it
// counts only with a noun, a currency or " for " behind it. It returns the
// offset after what it used, 0 if there is none.
func (p *parser) spokenNumber(i int) int {
	v, end := spoken(p.s, i)
	if end == 0 || v == 0 || wordAt(p.s, i) == "k" {
		return 0
	}
	n := numeral{n: num{m: v}, end: end, scaled: true}
	k := p.skipSpace(end)
	if k == end && !p.clauseEnds(end) && !p.endsSentence(end) {
		return 0
	}
	if _, money := matchSuffix(p.s, k); money {
		return p.read(i, n)
	}
	if u := p.noun(k); u[1] > 0 {
		it := item{kind: quantity, n: n.n, start: i, end: u[1], unit: u, pair: -1}
		p.quantityWords(&it)
		p.add(&it)
		return u[1]
	}
	if p.onesPrice(i, end) {
		p.add(&item{kind: price, n: n.n, cur: p.last().cur, perQty: num{m: 1}, start: i, end: end, pair: -1})
		return end
	}
	if v > 1 && (p.numberOf(i, end, k) || p.taken(i, k)) || p.clauseBegins(i) && p.amountAt(p.skipCost(k)) { // "ten 120 usdt"
		p.add(&item{kind: quantity, n: n.n, start: i, end: end, pair: -1})
		return end
	}
	return 0
}

// numberOf reports whether the number in words [i, end), which k stands behind,
// is how many things there are, by the words beside it: "eight hundred of them",
// "ten for $20", "usd 120 for ten".
func (p *parser) numberOf(i, end, k int) bool {
	if hasAt(p.s, k, "of ") {
		return true
	}
	if hasAt(p.s, k, "for ") && k+4 < len(p.s) && (p.s[k+4] >= 0x80 || p.s[k+4] == '$' || isDigit(p.s[k+4])) {
		return true
	}
	last := p.last()
	return last != nil && (last.kind == price || last.kind == bare) && (p.clauseEnds(end) || p.endsSentence(end)) && isFor(p.s[min(last.end, i):i])
}

// skipCost skips what joins a number in words to what so many cost at k: "= ",
// "cost ".
func (p *parser) skipCost(k int) int {
	return p.skipJoint(k + costWords.At(p.s, k))
}

var costWords = starts.New("costs ", "cost ", "is ", "are ")

// clauseBegins reports whether a clause begins at i, but for an article.
func (p *parser) clauseBegins(i int) bool {
	b := trimSpaces(strings.TrimSuffix(trimSpaces(p.s[max(0, i-6):i]), " a"))
	return b == "" || strings.IndexByte(",;:\n|/.-", b[len(b)-1]) >= 0 || strings.HasSuffix(b, " or")
}

// amountAt reports whether an amount of money with its currency stands at i.
func (p *parser) amountAt(i int) bool {
	if i >= len(p.s) {
		return false
	}
	r, w := utf8.DecodeRuneInString(p.s[i:])
	if strings.ContainsRune("$€£¥₩₽₹₿", r) {
		return i+w < len(p.s) && isDigit(p.s[i+w])
	}
	if !isDigit(p.s[i]) {
		return false
	}
	n, ok := readNumeral(p.s, i)
	_, money := matchSuffix(p.s, p.skipSpace(n.end))
	return ok && money
}

// notes are the words for banknotes, as what they are worth in pounds.
var notes = latin.New(map[string]int64{"fiver": 5, "tenner": 10})

// loadedWith stand before the banknote that is on what is sold: "topped up with a
// fiver".
var loadedWith = newEnds("with a", "holding a", "has a", "save a", "saves you a", "lost a", "tip a", "tipped a")

// note keeps the banknote [i, j) as a price.
func (p *parser) note(i, j int) {
	if loadedWith.In(trimSpaces(p.s[max(0, i-24):i])) {
		return
	}
	p.keepPrice(&item{n: num{m: notes.Value(p.s[i:j])}, cur: "GBP", start: i, end: j, pair: -1})
}
