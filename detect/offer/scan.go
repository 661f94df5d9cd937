package offer

import (
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/stops"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

type itemKind int

const (
	bare     itemKind = iota // a number of which its surroundings must say what it is
	quantity                 // so many things
	price                    // so much money
	dropped                  // a bare number that turned out to be nothing
)

// An item is a number with what its surroundings say of it. Offsets count
// bytes of the folded text.
type item struct {
	kind       itemKind
	n          num
	max        num // high end of a range of prices
	start, end int
	cur        string // "" if the text names none
	yuan       bool   // cur was named by 元 or 块, which are dollars in Taiwan and Hong Kong
	dollar     bool   // cur was named by a $ alone
	unit       [2]int // span of the counter or of the word after "per"
	perQty     num    // what a unit price is for; 0 for a price that has no "per"
	per        string // day or month
	minimum    num    // least quantity at this price
	perMinimum num    // the same, where only it says that the price is for one
	pair       int    // the quantity that a price buys, -1
	paired     bool   // a quantity that a price buys, or that became part of one
	least      bool   // a quantity that is a minimum
	upto       bool   // a quantity that is a maximum
	stock      bool   // a quantity with a stock word
	hard       bool   // one that can only mean stock
	set        bool   // one of the things that make a set
	aside      bool   // a quantity that no price buys: a sample, a limit, what a set holds
	lot        bool   // a price for everything
	listed     bool   // a price by its place in a list: it buys only what its clause counts
	again      bool   // one of the same amount as the entry before it in the line, for something else
	worded     bool   // a bare number in words
	scaled     bool
	ascii      bool
}

// A parser reads one text.
type parser struct {
	s           string
	lang        string
	f           *text.Folded
	common      string // currency of all prices that name one
	regionKnown bool
	region      string // currency of the place that 元 belongs to, "" for the mainland
	items       []item
	room        []edge   // memory for edges
	values      []values // those of the offers
	cut         bool     // maxItems was hit
	declaring   bool     // a declaration may stand in what was scanned

	worded int // how many items are worded

	declared money // currency and scale that a header names for all amounts

	// What stands before the offset that was asked for last, for leading.
	leadAt             int // it and one
	leadRaw, leadPlain string

	wonPrices bool // bare numbers with a Korean scale are prices
	priced    bool // some number is a price by itself
}

// scan finds all numbers and turns them into items.
func (p *parser) scan() {
	s := p.s
	for i := 0; i < len(s) && !p.cut; {
		c := s[i]
		switch {
		case isDigit(c):
			i = p.passed(i, p.digits(i))
		case c < utf8.RuneSelf:
			if isLetter(c) {
				i = p.word(i)
			} else {
				i++
			}
		default:
			if next := scanStops.Next(s, i); next > i {
				i = next
			} else {
				i = p.wide(i)
			}
		}
	}
}

// word skips a Latin word, unless it is a number word that something follows.
func (p *parser) word(i int) int {
	j := i + 1
	if p.s[i] == 'x' && j < len(p.s) && isDigit(p.s[j]) && (i == 0 || p.s[i-1] == ' ' || p.s[i-1] == '\n') {
		return j // x10
	}
	for ; j < len(p.s) && wordBytes[p.s[j]]; j++ {
		if isDigit(p.s[j]) && (gluedCode(p.s[i:j]) || nairaAt(p.s, i)) {
			return j
		}
	}
	w := p.s[i:j]
	if n := declarationEnds.Of(w); n > 0 {
		p.declaring = p.declaring || declarationWords.At(p.s, j-n) > 0
	}
	if len(w) < 3 || !spokenWords.May(w) {
		return j
	}
	if numberWords.Value(w) > 0 || fractions.Value(w) > 0 {
		return p.passed(j, max(j, p.spokenNumber(i)))
	} else if notes.Value(w) > 0 {
		p.note(i, j)
	}
	return j
}

// wordBytes are those that a Latin word goes on with.
var wordBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = isLetter(byte(c)) || isDigit(byte(c)) || c == '_'
	}
	return t
}()

// gluedCode reports whether w is a currency that stands glued before digits.
func gluedCode(w string) bool {
	switch w {
	case "rm", "myr", "sgd", "aud", "cad", "ngn", "kes", "uah", "pln", "brl", "idr", "usd", "usdt", "rmb", "cny", "krw", "eur", "rs", "inr", "vnd", "thb", "btc", "rub", "hkd", "twd", "jpy", "gbp":
		return true
	}
	return false
}

// wide reads the character at i, which is one of scanStops.
func (p *parser) wide(i int) int {
	r, w := decode(p.s[i:])
	switch {
	case declarationStarts.May(r):
		p.declaring = p.declaring || declarationWords.At(p.s, i) > 0
	case isHan(r): // it is one of numerals
		return p.passed(i+w, p.hanNumber(i, w))
	case isHangul(r):
		return p.passed(i+w, p.hangulNumber(i, w))
	}
	return i + w
}

// scanStops are the characters outside ASCII that scan stops at.
var scanStops = stops.Union(numerals, declarationStarts)

// hanNumber reads a Chinese numeral, which only counts with a currency or a
// unit: 一 is in too many words.
func (p *parser) hanNumber(i, w int) int {
	if b := p.s[max(0, i-6):i]; hasAt(p.s, i, "一起") || notCounting.In(b) || hasAt(p.s, i, "一") && notOne.In(b) {
		return i + w
	}
	n, ok := readNumeral(p.s, i)
	if !ok || n.n.m == 0 {
		return max(n.end, i+w)
	}
	return max(p.read(i, n), i+w)
}

// hangulNumber reads a Korean numeral. Its syllables are common, so the
// numeral must begin a word and a scale or 원 must be in it.
func (p *parser) hangulNumber(i, w int) int {
	if i > 0 && isHangul(lastRune(p.s[:i])) {
		return i + w
	}
	if end := p.nativeNumber(i); end > 0 {
		return end
	}
	n, ok := readNumeral(p.s, i)
	if !ok || n.n.m == 0 {
		return max(n.end, i+w)
	}
	j := p.skipSpace(n.end)
	if !hasAt(p.s, j, "원") && (!n.scaled || matchUnit(p.s, j) == 0) {
		return i + w
	}
	return max(p.read(i, n), i+w)
}

// digits reads the number in digits at i, or skips the run if it is part of a
// date, a time, a phone number, a handle or the like.
func (p *parser) digits(i int) int {
	if p.gluedBefore(i) || opaque(p.s, i) {
		return skipToken(p.s, i)
	}
	n, ok := readNumeral(p.s, i)
	if ok && n.n.m > 0 && p.fraction(i, &n) {
		return max(p.read(i-1, n), n.end)
	}
	if !ok || n.digits >= 9 && !n.scaled {
		if _, money := matchSuffix(p.s, p.skipSpace(n.end)); !money || !ok || n.digits > 12 {
			return max(skipToken(p.s, i), n.end)
		}
	}
	if end := p.compound(i, n); end > 0 {
		return end
	}
	if n.n.m == 0 {
		return n.end
	}
	if p.dividedAtComma(i, n.end) {
		n, _ = readNumeral(p.s[:i+strings.IndexByte(p.s[i:], ',')], i)
	}
	return max(p.read(i, n), n.end)
}

// dividedAtComma reports whether the comma of the number [i, end) divides a price
// from the lot behind it: "一枚25,100枚打包1800".
func (p *parser) dividedAtComma(i, end int) bool {
	if i < 6 || strings.IndexByte(p.s[i:end], ',') < 0 || matchUnit(p.s, end) == 0 {
		return false
	}
	if p.sameCounter(i, end) {
		return true
	}
	for _, w := range [...]int{3, 6} { // the counter of 一枚, 每套
		if i >= w+3 && matchUnit(p.s, i-w) == w && (strings.HasSuffix(p.s[:i-w], "一") || strings.HasSuffix(p.s[:i-w], "每")) {
			return true
		}
	}
	return false
}

// gluedBefore reports whether the character before i makes the digits part of
// a name, an ordinal or a signed phone number.
func (p *parser) gluedBefore(i int) bool {
	if i == 0 {
		return false
	}
	switch c := p.s[i-1]; {
	case c == '_' || c == '@' || c == '#' || c == '&' || c == '%':
		return true
	case c == '+':
		return len(p.s)-i > 8 && isDigit(p.s[i+1]) && isDigit(p.s[i+4]) && isDigit(p.s[i+7])
	case isLetter(c):
		j := i
		for j > 0 && i-j < 24 && isLetter(p.s[j-1]) {
			j--
		}
		times := i-j == 1 && c == 'x' && (j == 0 || p.s[j-1] == ' ' || p.s[j-1] == '\n')
		return !times && (codes.Value(p.s[j:i]) == "" || i-j == 1) && !(i-j == 1 && nairaAt(p.s, j)) // r20, u20 are names
	case c == '/':
		return i > 1 && (p.s[i-2] == '/' || isLetter(p.s[i-2]) && !p.endsAmount(i-1))
	case c == '-' || c == '.': // but not a leader such as ".....45"
		return i > 1 && isLetter(p.s[i-2])
	}
	b := p.s[max(0, i-12):i]
	return notCounting.In(b) && !strings.HasSuffix(b, "我这")
}

// endsAmount reports whether the letters before j are the currency or scale
// of a number: the u of "90u/10万条".
func (p *parser) endsAmount(j int) bool {
	k := j
	for k > 0 && j-k < 5 && isLetter(p.s[k-1]) {
		k--
	}
	return k > 0 && (isDigit(p.s[k-1]) || p.s[k-1] == ' ') && (codes.Value(p.s[k:j]) != "" || j-k == 1)
}

// notCounting are the words after which a numeral does not count anything.
var notCounting = newEnds("第", "这", "那", "哪")

// notOne are the characters that make a word of a 一 behind them.
var notOne = newEnds("同", "某", "唯", "统", "之", "万", "进", "不")

// skipToken skips the rest of a token of letters, digits and joints.
func skipToken(s string, i int) int {
	for i < len(s) && (isDigit(s[i]) || isLetter(s[i]) || s[i] == '_' ||
		(s[i] == '-' || s[i] == '.' || s[i] == ':' || s[i] == '/') && i+1 < len(s) && isDigit(s[i+1])) {
		i++
	}
	return i
}

// compound returns the end of a run such as 2023-01-02, 12:30, 1.2.3 or
// 010-1234-5678 that starts with the number n, 0 if n starts none.
func (p *parser) compound(i int, n numeral) int {
	s, j := p.s, n.end
	if n.scaled || j+1 >= len(s) || !isDigit(s[j+1]) {
		return 0
	}
	switch c := s[j]; c {
	case ':', '.':
		return skipToken(s, j)
	case '-', '/':
		_, k, _, _ := asciiNumber(s, j+1)
		if k+1 < len(s) && s[k] == c && isDigit(s[k+1]) {
			return skipToken(s, k)
		}
		if n.digits > 1 && s[i] == '0' && s[i+1] != '.' { // 010-12345678
			return k
		}
		if c == '/' && !p.perSlash(k) && (i == 0 || strings.IndexByte("$\xac\xa3", s[i-1]) < 0) {
			return k
		}
	}
	return 0
}

// perSlash reports whether a counter follows the second number of a/b.
func (p *parser) perSlash(k int) bool {
	k = p.skipSpace(k)
	return matchUnit(p.s, k) > 0 || p.s[min(k, len(p.s)-1)] == 'k' || p.noun(k)[1] > 0
}

// maxItems bounds the numbers that are kept of one text: more than any listing
// has, and than the cap on offers lets through.
const maxItems = 16 * leak.MaxOffers

// add keeps an item.
func (p *parser) add(it *item) {
	if len(p.items) == maxItems {
		p.dropLoose()
	}
	if len(p.items) == maxItems {
		p.cut = true
		return
	}
	p.items = append(p.items, *it)
}

// last returns the item that was kept last, nil if there is none yet.
func (p *parser) last() *item {
	if len(p.items) == 0 {
		return nil
	}
	return &p.items[len(p.items)-1]
}

// dropLoose drops the bare numbers that stand between other bare numbers, as
// in a table of data: nothing can make them prices.
func (p *parser) dropLoose() {
	kept := p.items[:0]
	last := bare
	for i, it := range p.items {
		loose := it.kind == bare && last == bare && (i+1 == len(p.items) || p.items[i+1].kind == bare)
		if last = it.kind; !loose {
			kept = append(kept, it)
		}
	}
	p.items = kept
}

// skipSpace returns the offset after up to two spaces at i.
func (p *parser) skipSpace(i int) int { return spaceEnd(p.s, i) }

func spaceEnd(s string, i int) int {
	for n := 0; n < 2 && i < len(s) && s[i] == ' '; n++ {
		i++
	}
	return i
}

func (p *parser) noun(i int) [2]int { return nounAt(p.s, i) }

// nounAt returns the span of the English noun that a number before i counts,
// with up to three words before it ("3,000 HQ face pictures"). Of several nouns
// in a row the last is the one counted ("ID card scans"). A plural that is not
// in the table will do where none is.
func nounAt(s string, i int) [2]int {
	var found, plural [2]int
	glued := i > 0 && isDigit(s[i-1])
	for n := 0; n < 4 && i < len(s) && isLetter(s[i]); n++ {
		w := wordAt(s, i)
		if k := i + len(w); k+1 < len(s) && s[k] == '\'' && isLetter(s[k+1]) {
			i = k + 1 + len(wordAt(s, k+1)) + 1 // reg'd
			continue
		}
		isNoun := nouns.Value(w)
		if glued && n == 0 && !isNoun {
			break // 15s, 4k
		}
		if !isNoun && (found[1] > 0 || stopNouns.Value(w) || len(w) == 24 || codes.Value(w) != "") {
			break
		}
		if isNoun {
			found = [2]int{i, i + len(w)}
		} else if plural[1] == 0 && len(w) > 4 && w[len(w)-1] == 's' && w[len(w)-2] != 's' {
			plural = [2]int{i, i + len(w)}
		}
		i += len(w)
		if i < len(s) && (s[i] == ' ' || s[i] == '-' || s[i] == '/') {
			i++
		}
	}
	if found[1] == 0 {
		return plural
	}
	return found
}
