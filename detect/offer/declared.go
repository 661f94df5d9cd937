package offer

import (
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
	"github.com/leakwatch/leakwatch/detect/internal/stops"
)

// The currency and the scale of all amounts may stand once, in a title, above a
// list or below it: "Prices in USDT", "单价(U)", "단위: 만원", "(EUR, per scan)".

// declareIn bounds what is read for such words.
const declareIn = 4096

// declarations stand before the currency of all amounts.
var declarations = []string{"prices in ", "price in ", "all in ", "rates in ", "quoted in ", "currency:", "currency is ", "currency ", "prices ", "单位:", "单位", "以下均为", "价格均为", "均为", "结算用", "단위:", "단위는 ", "단위 ", "단위"}

var declarationWords = starts.NewSearch(declarations...)

// declare finds the currency and the scale that a text declares, and drops the
// number that a scale alone was read as.
func (p *parser) declare() {
	head := p.s[:min(len(p.s), declareIn)]
	if p.declaring || p.cut {
		for _, w := range declarations {
			if k := strings.Index(head, w); k >= 0 && p.declaredAt(p.skipJoint(k+len(w))) {
				return
			}
		}
	}
	for k := 0; k < len(head); k++ {
		next := strings.IndexByte(head[k:], '(')
		if next < 0 {
			return
		}
		k += next
		if !payment.In(trimSpaces(head[:k])) && p.declaredAt(k+1) {
			return
		}
	}
}

// declarationStarts are the characters that wide declarations begin with, and
// declarationEnds the words that the first Latin word of the others ends with.
var (
	declarationStarts = stops.Of("单以价均结단")
	declarationEnds   = newAnyEnds("prices", "price", "all", "rates", "quoted", "currency")
)

// passed notes whether a declaration may begin in [i, next), which scan passes
// over as a number, and returns next.
func (p *parser) passed(i, next int) int {
	p.declaring = p.declaring || declarationWords.Within(p.s, i, next) >= 0
	return next
}

// payment stand before a currency that only says how to pay.
var payment = newEnds("付款", "支付", "收款", "结算", "只收", "payment", "pay", "payments", "paid", "accept", "accepted", "입금", "결제")

// declaredAt reads the currency at i, maybe behind a scale, if nothing but the
// end of a header follows it.
func (p *parser) declaredAt(i int) bool {
	power, k := 0, i
	if k < len(p.s) {
		if r := firstRune(p.s[k:]); (isHan(r) || isHangul(r)) && scalePower(r) > 2 {
			power, k = scalePower(r), k+len(string(r))
		}
	}
	m, ok := matchSuffix(p.s, k)
	switch {
	case ok && m.power == 0:
		k += len(m.word)
	case !ok && power > 0:
	default:
		return false
	}
	if !p.headerEnds(k) {
		return false
	}
	p.declared = money{code: m.code, power: power}
	p.items = slices.DeleteFunc(p.items, func(it item) bool { return it.start >= i && it.end <= k })
	return true
}

// headerEnds reports whether a header may end at i: at a mark or a line end, or
// before words such as "per scan".
func (p *parser) headerEnds(i int) bool {
	if i >= len(p.s) || strings.IndexByte(")],;:\n/|.", p.s[i]) >= 0 {
		return true
	}
	if unitBehind.At(p.s, i) > 0 {
		return true // (만원 단위)
	}
	return strings.HasPrefix(p.s[i:], " per ") || strings.HasPrefix(p.s[i:], " each") || strings.HasPrefix(p.s[i:], "。") || strings.HasPrefix(p.s[i:], "计价") || strings.HasPrefix(p.s[i:], "结算")
}

// unitBehind stand behind the currency or scale of all amounts.
var unitBehind = starts.New(" 단위)", "단위)", " 기준)", "기준)", "为单位", "计)", "이고", "이에요", "입니다", "임", "이며", "예요")

// scaleDeclared applies the declared scale to the amounts that have none.
func (p *parser) scaleDeclared() {
	if p.declared.power == 0 {
		return
	}
	for i := range p.items {
		if it := &p.items[i]; it.kind == price && it.cur == "" && !it.scaled {
			it.n, it.max = it.n.times10(p.declared.power), it.max.times10(p.declared.power)
			it.scaled = true
		}
	}
}

// pairLots gives the price for the whole of a lot the largest quantity of the
// text, where nothing of its clause is nearer.
func (p *parser) pairLots() {
	var lots []int
	for i := range p.items {
		if it := &p.items[i]; it.kind == price && it.lot && it.perQty.m == 0 {
			lots = append(lots, i)
		}
	}
	if len(lots) != 1 {
		return
	}
	it := &p.items[lots[0]]
	for i := range p.items { // "单价12,全拿10" is what one costs
		if other := &p.items[i]; other.kind == price && other.perQty == (num{m: 1}) && it.n.less(other.n) {
			return
		}
	}
	if it.pair >= 0 {
		if gap := p.gap(min(it.pair, lots[0]), max(it.pair, lots[0])); !breaksClause(gap) && !strings.Contains(gap, ". ") {
			return
		}
	}
	best := it.pair
	for j := range p.items {
		q := &p.items[j]
		if q.kind == quantity && !q.paired && !q.aside && !q.least && !p.unknownNoun(q) && (best < 0 || p.items[best].n.less(q.n)) {
			best = j
		}
	}
	if best < 0 || p.items[best].n.less(num{m: 2}) {
		return
	}
	if it.pair >= 0 {
		p.items[it.pair].paired = false
	}
	it.pair, p.items[best].paired = best, true
}
