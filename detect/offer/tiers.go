package offer

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// Tiers and rows: "1-99 $5 / 100+ $3.5", "10个以下30,10个以上25", and tables of
// two columns, "100 $20" and "1000 $150" on lines of their own.

// skipJoint skips what joins the two sides of a row at i.
func (p *parser) skipJoint(i int) int {
	for n := 0; n < 6 && i < len(p.s); n++ {
		w := rowJoints.At(p.s, i)
		if w == 0 {
			break
		}
		i += w
	}
	return i
}

var rowJoints = starts.New(" ", ":", "=", "->", "→", "-", "|", "\t", ">")

// bareTier reads a range of numbers that an amount of money follows, "1-99 $5",
// as the condition of that amount.
func (p *parser) bareTier(it *item) bool {
	k := p.rangeSign(it.end)
	if !it.ascii || it.n.e < 0 || k < 0 || k >= len(p.s) || !isDigit(p.s[k]) {
		return false
	}
	high, ok := readNumeral(p.s, k)
	if !ok || !it.n.less(high.n) || high.digits > 7 || !p.amountAt(p.skipJoint(high.end)) || p.skipJoint(high.end) == high.end {
		return false
	}
	it.kind, it.least, it.end = quantity, true, high.end
	return true
}

// rows makes quantities of the bare numbers that begin a line and have an amount
// of money right behind them, where there are several and they are no numbering.
func (p *parser) rows() {
	var found []int
	numbering, counted := true, 0
	for i := range p.items {
		it := &p.items[i]
		if it.kind == quantity && i+1 < len(p.items) && p.items[i+1].kind == price && p.opensRow(it.start) {
			counted++
		}
		if it.kind != bare || !it.ascii || it.n.e < 0 && it.n.m%1000 != 0 || strings.HasSuffix(p.s[:it.end], "+") || i+1 == len(p.items) || !p.opensRow(it.start) {
			continue
		}
		next := &p.items[i+1]
		if next.kind != price || next.perQty.m > 0 || next.pair >= 0 || it.end == next.start || p.skipJoint(it.end) < next.start && p.gap(i, i+1) != " / " && p.gap(i, i+1) != "/" {
			continue
		}
		found = append(found, i)
		numbering = numbering && it.n == num{m: int64(len(found))}
	}
	if len(found) == 0 || len(found)+counted < 2 || numbering && counted == 0 || len(found) == 1 && p.items[found[0]].n.less(num{m: 10}) {
		return
	}
	for _, i := range found {
		p.items[i].kind = quantity
	}
}

// opensRow reports whether i begins a line, or a part of one behind a comma, a
// slash or a stroke.
func (p *parser) opensRow(i int) bool {
	b := rowBullets.trimRight(p.s[max(0, i-8):i])
	return b == "" || strings.IndexByte("\n,;/", b[len(b)-1]) >= 0
}

// rowBullets stand before what begins a row.
var rowBullets = newMarks(" -*|>\t")

// dropReplaced drops the amount that another one replaces: "10元→8元",
// "10만원에서 7만원으로".
func (p *parser) dropReplaced() {
	for i := 0; i+1 < len(p.items); i++ {
		a, b := &p.items[i], &p.items[i+1]
		if a.kind != price || b.kind != price || a.cur != b.cur && a.cur != "" && b.cur != "" || a.max.m > 0 {
			continue
		}
		gap := strings.TrimSpace(p.gap(i, i+1))
		if n := arrows.At(gap, 0); n > 0 && nowWords.At(strings.TrimLeft(gap[n:], " "), 0) > 0 {
			gap = gap[:n]
		}
		if n := replaced.At(gap, 0); n > 0 && n == len(gap) {
			a.kind = dropped
		}
	}
	p.deleteDropped()
}

// tightMinimums gives the least quantities to the prices right behind them:
// "一万条起一毛八".
func (p *parser) tightMinimums() {
	for i := 0; i+1 < len(p.items); i++ {
		q, next := &p.items[i], &p.items[i+1]
		if q.kind == quantity && !q.least && !q.paired && next.kind == price && i > 0 && fromWords.In(trimSpaces(p.s[max(0, q.start-12):q.start])) && fromGap(p.gap(i, i+1)) && p.dearerThan(i, next) {
			q.least = true
			p.minimum(i+1, q)
		}
		if q.kind == quantity && q.least && next.kind == price && strings.TrimSpace(p.gap(i, i+1)) == "" && next.start >= q.end && next.start-q.end <= 1 {
			p.minimum(i+1, q)
		}
	}
}

// cheaperTiers takes a lot that would cost less than one of the same things for
// the least quantity of a lower price: "80一张(十张75,五十张70)".
func (p *parser) cheaperTiers() {
	var one *item
	for i := range p.items {
		it := &p.items[i]
		if it.kind != price {
			continue
		}
		if i > 0 && one != nil && it.pair == i-1 && it.perQty.m == 0 && p.cheaper(it, one) && p.follows(one, &p.items[i-1]) {
			q := &p.items[i-1]
			it.pair, it.perQty, it.unit, it.minimum = -1, num{m: 1}, q.unit, q.n
			q.least = true
		}
		if one = nil; it.perQty == (num{m: 1}) {
			one = it
		}
	}
}

// cheaper reports whether it costs less than one, but no less than a third.
func (p *parser) cheaper(it, one *item) bool {
	return it.n.less(one.n) && one.n.float() <= 3*it.n.float() && (it.cur == one.cur || it.cur == "")
}

// follows reports whether the quantity q of the things that one counts stands
// right behind it, with no word of other things between.
func (p *parser) follows(one, q *item) bool {
	if q.start < one.end || q.unit[1] == 0 || one.unit[1] == 0 || p.s[q.unit[0]:q.unit[1]] != p.s[one.unit[0]:one.unit[1]] {
		return false
	}
	gap := strings.Trim(p.s[one.end:q.start], " ,;(/|")
	return gap == "" || takeWords.Of(gap) == len(gap)
}

// fromWords stand before the least quantity of a later price: "from ten packs 39".
var fromWords = newEnds("from", "over", "above", "beyond", "past", "starting at", "when you take", "if you take", "if you buy", "buying", "taking")

// fromGap reports whether gap may stand between such a quantity and its price.
func fromGap(gap string) bool {
	switch strings.Trim(gap, " :,-=>") {
	case "", "at", "only", "just", "it's", "is", "i go", "it is", "you pay", "pay":
		return true
	}
	return false
}

// dearerThan reports whether the last price shortly before i is higher than next,
// which then is no lot's.
func (p *parser) dearerThan(i int, next *item) bool {
	for k := i - 1; k >= max(0, i-maxRow); k-- {
		if last := &p.items[k]; last.kind == price {
			return last.perQty.m <= 1 && next.n.less(last.n)
		}
	}
	return false
}

// alternatives gives the price that says the one before it again in another
// currency what that one buys: "210k images for 0.03 btc or 0.6 eth".
func (p *parser) alternatives() {
	for i := 1; i < len(p.items); i++ {
		a, b := &p.items[i-1], &p.items[i]
		if a.kind != price || b.kind != price || a.pair < 0 || b.pair >= 0 || b.perQty.m > 0 || a.cur == b.cur || a.cur == "" || b.cur == "" {
			continue
		}
		switch strings.TrimSpace(p.gap(i-1, i)) {
		case "or", "/", "或", "或者", "또는", "(", "=", "≈":
			b.pair = a.pair
		}
	}
}

var (
	arrows   = starts.New("→", "->", "=>", "➡")
	nowWords = starts.New("오늘", "현재", "지금", "할인", "이벤트", "특가", "now", "today", "only", "sale", "现价", "现在", "今日", "限时", "特价", "活动")
)

var replaced = starts.New("→", "->", "=>", "➡", "降到", "降至", "降为", "涨到", "涨至", "改为", "改成", "调整为", "调到", "现在", "现价", "现", "现只要", "now only", "now just", "now", ", now", "only now", "down to", "인데", "이었는데", "였는데", "에서", "이지만", "할인가", "지금은", "이제")
