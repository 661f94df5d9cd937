package offer

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// rangeEnd reads "-b" after the first amount, which ends at j; money says that
// a currency was read with it, sign that it stood before it. It fills it.max.
func (p *parser) rangeEnd(it *item, j int, money, sign bool) (int, bool) {
	k := p.rangeSign(j)
	if k < 0 {
		return 0, false
	}
	k += signs.At(p.s, k)
	if k >= len(p.s) || !isDigit(p.s[k]) && !isHanNumeral(firstRune(p.s[k:])) {
		return 0, false
	}
	n2, ok := readNumeral(p.s, k)
	if !ok || n2.n.m == 0 || n2.digits > 9 {
		return 0, false
	}
	if !money && p.s[j] == ' ' && n2.n.times10(1).less(it.n) {
		return 0, false // "10 000 - 150 usdt" is a row
	}
	end, m, ok := p.suffix(n2.end)
	high := n2.n
	switch {
	case ok:
		high = high.times10(m.power)
		if it.cur == "" {
			it.cur = m.code
			it.n = it.n.times10(m.power)
			if n2.scaled && !it.scaled && it.n.less(high) && p.sharedScale(n2) {
				it.n = it.n.times10(lastScale(p.s[k:n2.end]))
			}
		}
	case money && (sign || !p.countedAt(n2.end)):
		end = n2.end
	case !money && p.barePer(n2.end):
		end = n2.end
	default:
		return 0, false
	}
	if it.n.less(high) {
		it.max = high
	}
	return end, true
}

// sharedScale reports whether the scale of the second number of a range also
// holds for the first: "1-2万元".
func (p *parser) sharedScale(n numeral) bool { return n.ascii && n.digits <= 4 }

// lastScale returns the power of the scale that ends s, 0 if none does.
func lastScale(s string) int {
	return scalePower(lastRune(s))
}

// rangeSign returns the offset after a range sign at j, -1 if none is there.
func (p *parser) rangeSign(j int) int {
	j = p.skipSpace(j)
	if hasAt(p.s, j, "and ") && strings.Contains(p.s[max(0, j-24):j], "between ") {
		return p.skipSpace(j + len("and "))
	}
	if n := rangeSigns.At(p.s, j); n > 0 {
		return p.skipSpace(j + n)
	}
	return -1
}

var rangeSigns = starts.New("--", "-", "~", "到", "至", "to ")

// signs may stand before the second number of a range.
var signs = starts.New("$", "€", "£", "¥", "₩")

// barePer reports whether a "per" follows a number without currency.
func (p *parser) barePer(i int) bool {
	it := item{end: i}
	p.rightPer(&it)
	return it.perQty.m > 0
}
