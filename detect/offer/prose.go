package offer

import (
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/latin"
	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// Prices as sentences say them: "$11 for an account and $480 for fifty", "take
// ten then 1300", "한 명 4천, 전부 다 사면 500만", "整库走,3000块".

// lotClause end the clause that says that all is taken, before what it costs.
var lotClause = newEnds("整库走,", "整库拿,", "整库要,", "整库出,", "打包走,", "打包拿走,", "打包带走,", "全部拿走,", "全部带走,", "全拿走,", "全带走,", "全部要,", "全都要,", "全要的话,", "一次拿完,", "一把拿走,", "整批拿,", "整批要,", "整批走,", "整套走,",
	"다 가져가시면,", "전부 가져가시면,", "take it all,", "take everything,", "take the lot,")

// notSaleBehind reports whether a word right behind the amount that ends at i
// makes it no price, but for one that begins the label of a further number: "周租
// 15000 限额500万".
func (p *parser) notSaleBehind(i int) bool {
	k := p.skipSpace(i)
	n := notSaleAfter.At(p.s, k)
	return n > 0 && !(k > i && p.s[k] >= utf8.RuneSelf && p.labelsNumber(k+n))
}

// maxOwnLabel is how many bytes of a label may stand between its first word and
// its number.
const maxOwnLabel = 12

// labelsNumber reports whether a number stands at i or shortly behind words there.
func (p *parser) labelsNumber(i int) bool {
	for k := i; k < len(p.s) && k-i <= maxOwnLabel; k++ {
		switch c := p.s[k]; {
		case isDigit(c):
			return true
		case c == '\n' || c == ',' || c == ';' || c == '.' || c == '!' || isLetter(c):
			return false
		}
	}
	return false
}

// ownLabel reports whether gap, between a quantity and a price, holds a word of
// goods that the price is for.
func (p *parser) ownLabel(gap string) bool {
	label := strings.Trim(gap, " :=-")
	return len(label) >= 6 && len(label) < len(gap) && scriptAt(label, 0) != other && wholes.Of(label) < len(label) && givers.Of(label) < len(label)
}

// sameCounter reports whether the counter behind the number [i, end) also stands
// before it, so that its comma divides two rows: "50人份 400,500人份 3200".
func (p *parser) sameCounter(i, end int) bool {
	b := trimSpaces(p.s[:i])
	unit := p.s[end : end+matchUnit(p.s, end)]
	k := len(b) - len(unit)
	return k > 0 && b[k:] == unit && isDigit(b[k-1])
}

// nextInRow reports whether the bare number i, which may be an entry of a list,
// follows a price of the same order in its line: "普通60一单 难单120 先做后付".
func (p *parser) nextInRow(i int) bool {
	if i == 0 || p.lang != "zh" {
		return false
	}
	it, last := &p.items[i], &p.items[i-1]
	gap := p.gap(i-1, i)
	return last.kind == price && len(gap) > 3 && len(gap) <= 24 && strings.IndexByte(gap, '\n') < 0 && last.max.m == 0 &&
		!it.n.times10(1).less(last.n) && !last.n.times10(1).less(it.n)
}

// dearerLots takes a price that holds from a least quantity on, and that is more
// than what one costs but less than so many of them, for the price of all of them:
// "一条0.35 一万条起2800".
func (p *parser) dearerLots() {
	var one *item
	for i := range p.items {
		it := &p.items[i]
		if it.kind != price {
			continue
		}
		if one != nil && it.minimum.m > 0 && it.perQty == (num{m: 1}) && it.minimum == it.perMinimum && (it.cur == one.cur || it.cur == "") && one.n.times10(1).less(it.n) && it.n.float() <= one.n.float()*it.minimum.float() {
			it.perQty, it.minimum = it.minimum, num{}
		} else if n, _ := p.buys(it); n == (num{m: 1}) && (it.perQty.m > 0 || it.pair >= 0) {
			one = it
		}
	}
}

// perFor reads "for each person", "for one", "for an account" behind a price whose
// "for" ends at i.
func (p *parser) perFor(it *item, i int) int {
	if it.perQty.m > 0 || !hasAt(p.s, i, " ") {
		return -1
	}
	w := wordAt(p.s, i+1)
	end := i + 1 + len(w)
	next := ""
	if hasAt(p.s, end, " ") {
		next = wordAt(p.s, end+1)
	}
	switch w {
	case "each", "every":
		if roundNumber(p.s, end+1) || timeUnits.Value(next) != "" || next == "" && !p.clauseEnds(end) && !p.endsSentence(end) {
			return -1
		}
		it.perQty = num{m: 1}
		if next == "" {
			return end
		}
		return end + 1 + len(next)
	case "one":
		if v, stop := spoken(p.s, i+1); v > 1 {
			it.perQty = num{m: v}
			return stop
		}
		if next != "" && !nouns.Value(next) && !stopNouns.Value(next) && it.cur == "" {
			return -1
		}
		it.perQty = num{m: 1}
		return end
	case "a", "an":
		noun := nounAt(p.s, spaceEnd(p.s, end))
		if noun[1] == 0 || hasAt(p.s, noun[1], " of") || packNouns.Value(p.s[noun[0]:noun[1]]) || roundNumber(p.s, end+1) && !hasAt(p.s, end+1+len(next), "-") {
			return -1
		}
		return p.perUnit(it, noun[0], noun[1])
	}
	return -1
}

// packNouns are things that hold several.
var packNouns = latin.Set("pack bundle set box bag dump file kit lot")

// taken reports whether the number in words at i is how many one takes for the
// amount behind k: "take ten then 1300 yuan".
func (p *parser) taken(i, k int) bool {
	if !takeBefore.In(trimSpaces(p.s[max(0, i-24):i])) {
		return false
	}
	return p.amountAt(p.skipJoint(k + thenWords.At(p.s, k)))
}

var (
	takeBefore = newEnds("take", "buy", "get", "order", "taking", "buying", "for", "grab", "any")
	thenWords  = starts.New("then it's ", "then it is ", "then ", "and it's ", "and it is ", "and pay ", "you pay ", "it's ", "it is ", "i say ", "comes to ", "come to ", "at ", "mixed ", ", ")
)

// onesPrice reports whether the number in words [i, end) is what others of the
// things cost whose price was named just before: "the big ones sixty quid, the
// smaller ones forty".
func (p *parser) onesPrice(i, end int) bool {
	last := p.last()
	if last == nil || last.kind != price || last.cur == "" || i-last.end > 40 || i <= last.end {
		return false
	}
	return (p.clauseEnds(end) || p.endsSentence(end)) && othersBefore.In(trimSpaces(p.s[max(0, i-16):i])) && !strings.Contains(p.s[last.end:i], ". ")
}

var othersBefore = newEnds("ones", "ones are", "ones at", "ones for", "the rest", "others", "the other")

// oneOf reads 한 명 and 한 장에 before a price: for one.
func (p *parser) oneOf(it *item, t string) bool {
	if len(t) < 6 || !isHangul(lastRune(t)) {
		return false
	}
	c := trimSpaces(strings.TrimSuffix(t, "에"))
	if strings.HasSuffix(c, " 하나") {
		it.perQty = num{m: 1}
		return true
	}
	for _, k := range [...]int{3, 6} {
		if len(c) < k+3 || matchUnit(c, len(c)-k) != k {
			continue
		}
		b, ok := strings.CutSuffix(trimSpaces(c[:len(c)-k]), "한")
		if ok && (b == "" || !isHangul(lastRune(b))) {
			it.perQty = num{m: 1}
			return true
		}
	}
	return false
}

// spacedK reports whether a k that stands a space behind its digits and ends at i
// counts thousands: "25 k for $150".
func spacedK(s string, i int) bool {
	return hasAt(s, i, " for ") || hasAt(s, i, " = ") || hasAt(s, i, "=") || nounAt(s, spaceEnd(s, i))[1] > 0
}

// nairaAt reports whether N2,000 stands at i: an amount in naira.
func nairaAt(s string, i int) bool {
	if s[i] != 'n' || i+6 > len(s) || i > 0 && (s[i-1] == '/' || s[i-1] == '.' || s[i-1] == '-') {
		return false
	}
	k := i + 1
	for k < len(s) && k-i <= 3 && isDigit(s[k]) {
		k++
	}
	return k > i+1 && k+3 < len(s) && s[k] == ',' && isDigit(s[k+1]) && isDigit(s[k+2]) && isDigit(s[k+3])
}

// wholeGap stand between what all costs and how many they are.
var wholeGap = newEnds(" takes all ", " for all ", " gets all ", " gets you all ", " buys all ", " buys you all ", " covers all ", " takes the whole ", " for the whole ", " takes the ", " takes all the ")

// countsAll reports whether the number of it, behind a word for the whole, counts
// what the price before it buys: "$60 takes all 12,000".
func (p *parser) countsAll(it *item) bool {
	last := p.last()
	if last == nil || last.kind != price || last.perQty.m > 0 || last.end > it.start {
		return false
	}
	gap := p.s[last.end:it.start]
	return gap != "" && wholeGap.Of(gap) == len(gap)
}

// takenFor reports whether the number at i is how many one takes for the price
// behind gap: "take 10 and it is $480".
func (p *parser) takenFor(i int, gap string) bool {
	gap = strings.TrimLeft(gap, " ,")
	return gap != "" && takeBefore.In(trimSpaces(p.s[max(0, i-24):i])) && thenWords.At(gap, 0) == len(gap)
}

// toldApart reports whether quantity j counts what is not sold, "41 nationalities",
// in a clause before price i.
func (p *parser) toldApart(j, i int) bool {
	if j == 0 || p.items[j-1].kind != quantity || p.items[j-1].aside || p.unknownNoun(&p.items[j-1]) || p.items[j-1].n.less(p.items[j].n) {
		return false // there are no better known things before
	}
	return p.unknownNoun(&p.items[j]) && (breaksClause(p.gap(j, i)) || strings.Contains(p.gap(j, i), ". "))
}

// countedOut stand behind what something is reckoned at: 按60算.
var countedOut = starts.New("算", "结", "给", "收", "一")

// resolutions reports whether n is rather the height of a picture.
func resolutions(n num) bool {
	return n == num{m: 1080} || n == num{m: 720} || n == num{m: 2160} || n == num{m: 1440}
}

// asked reports whether the bare number i is what the number in words behind it
// costs, in a text that names another price before: "30 usd one, 130 for five".
func (p *parser) asked(i int) bool {
	if !p.priced || i+1 >= len(p.items) || p.items[i+1].kind != quantity || !p.priceLike(&p.items[i]) {
		return false
	}
	next := &p.items[i+1]
	return isLetter(p.s[next.start]) && strings.TrimSpace(p.gap(i, i+1)) == "for"
}

// besideTier reports whether it is what one costs from the number before it on,
// "3 bucks each, 10+ 2.5", and makes that number a least quantity.
func (p *parser) besideTier(prev, it *item, gap string) bool {
	if prev.kind != bare || p.s[prev.end-1] != '+' || gap != " " || !p.priced || !it.n.less(prev.n) || !p.ends(it.end) {
		return false
	}
	prev.kind, prev.least = quantity, true
	it.perQty = num{m: 1}
	return true
}

// namedInWords reports whether a number in words ends a clause that begins with
// two characters or more of goods, "陌陌四十五 探探六十": a list may tell that it is
// a price.
func (p *parser) namedInWords(it *item) bool {
	if k := p.skipSpace(it.end); k < len(p.s) && k == it.end && strings.IndexByte(",;\n.!", p.s[k]) < 0 && !hasAt(p.s, k, "。") {
		return false
	}
	b := p.s[max(0, it.start-6):it.start]
	return len(b) == 6 && isHan(firstRune(b)) && isHan(lastRune(b))
}
