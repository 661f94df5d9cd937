package offer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/latin"
	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// gap returns the text between two items.
func (p *parser) gap(i, j int) string {
	a, b := p.items[i].end, p.items[j].start
	if a >= b {
		return ""
	}
	return p.s[a:b]
}

// breaksClause reports whether a clause ends within gap.
func breaksClause(gap string) bool {
	for i := range len(gap) {
		switch gap[i] {
		case ',', ';', '\n', '|', '!':
			return true
		}
	}
	return strings.Contains(gap, "。")
}

// isTight reports whether nothing stands between a quantity and its price.
func isTight(gap string) bool { return strings.TrimSpace(gap) == "" || isFor(gap) }

// isFor reports whether gap says that one side buys the other.
func isFor(gap string) bool {
	switch strings.TrimSpace(gap) {
	case "for", "=", "for all", "for the", "for a", "buys", "buys you", "gets", "gets you", "you get", "cost", "costs", "에", "에는":
		return true
	}
	return false
}

// ends reports whether a number that ends at i is not continued by a word.
func (p *parser) ends(i int) bool {
	if i >= len(p.s) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(p.s[i:])
	return !isHan(r) && !isHangul(r) && !(r < utf8.RuneSelf && (isLetter(byte(r)) || r == '%' || r == '_')) &&
		!p.notCounted(i) || p.rangeSign(i) > 0 && isDigit(p.s[min(p.rangeSign(i), len(p.s)-1)]) || strings.ContainsRune("包微加联打要需飞有可支量长整", r) || firmAfter.At(p.s, i) > 0
}

// firmAfter stand behind a price that is not to be haggled over, or that is for
// as much as one likes.
var firmAfter = starts.New("不还价", "不议价", "不讲价", "不刀", "不限", "不二价", "不单卖", "就行", "就好", "就可以", "即可", "不包", "现金", "现结", "秒结")

// An edge is a price and a quantity that stand side by side, with how far
// apart they are.
type edge struct{ price, quantity, dist int }

// The farthest that a price and a quantity may stand apart, in characters,
// punctuation counting more; the second holds where there is one of each.
const (
	maxDistance     = 40
	maxDistanceSole = 150
)

// pair gives each price that has no "per" the nearest quantity beside it. The
// closest pairs come first; at equal distance the quantity before the price.
func (p *parser) pair() {
	p.dropRepeated()
	p.markContents()
	p.tightMinimums()
	edges, prices := p.edges()
	slices.SortStableFunc(edges, func(a, b edge) int { return a.dist - b.dist })
	limit := maxDistance
	if prices == 1 {
		limit = maxDistanceSole
	}
	for _, e := range edges {
		pr, q := &p.items[e.price], &p.items[e.quantity]
		if pr.pair >= 0 || q.paired || e.dist > limit {
			continue
		}
		pr.pair, q.paired = e.quantity, true
	}
}

// besides returns the item next to i in the direction of step that is no
// quantity aside, looking past a few of those.
func (p *parser) besides(i, step int) int {
	j := i + step
	for n := 0; n < 3 && j >= 0 && j < len(p.items) && p.items[j].kind == quantity && (p.items[j].aside || step < 0 && p.toldApart(j, i)); n++ {
		if step < 0 && j == i-1 && isTight(p.gap(j, i)) && !p.items[j].set {
			break
		}
		j += step
	}
	return j
}

// mayBuy reports whether price i may be for quantity j beside it. several says
// that the text names more prices, units that some are for one.
func (p *parser) mayBuy(i, j int, several, units bool) bool {
	pr, q := &p.items[i], &p.items[j]
	if q.kind != quantity || q.least || q.upto || q.aside && !(j < i && isTight(p.gap(j, i)) && !q.set) {
		return false
	}
	behind := j > i
	gap := p.gap(min(i, j), max(i, j))
	clause := breaksClause(gap)
	switch {
	case pr.listed && (behind || clause):
		return false
	case behind && several && p.laterClause(i, j):
		return false
	case behind && p.unknownNoun(q) && (clause || strings.Contains(gap, ". ")):
		return false
	case behind && clause && q.n == (num{m: 1}):
		return false // "1800元,一套四个动作" says what a set is
	case pr.lot:
		return true
	case clause && !behind && p.tallied(q.start):
		return false // "库存:白号500个,老号200个。白号22"
	case q.hard, q.stock && several && !behind && p.ownLabel(gap):
		return false
	}
	return !q.stock || !units && !several || p.distance(min(i, j), max(i, j)) <= 3
}

// unknownNoun reports whether q counts a Latin word that is none of the goods
// of these markets: "30 countries".
func (p *parser) unknownNoun(q *item) bool {
	return q.unit[1] > q.unit[0] && isLetter(p.s[q.unit[0]]) && !nouns.Value(p.s[q.unit[0]:q.unit[1]])
}

// markContents puts aside the few things that make one set: "1 video + 2
// selfies $20", "4 photos per person".
func (p *parser) markContents() {
	for i := range p.items {
		q := &p.items[i]
		if q.kind != quantity || !q.n.less(num{m: 10}) {
			continue
		}
		if q.unit[1] > q.unit[0] && copies.Value(p.s[q.unit[0]:q.unit[1]]) && i > 0 && p.items[i-1].kind == price && breaksClause(p.gap(i-1, i)) {
			q.aside = true // "700 usdt, three copies"
		}
		if hasAt(p.s, q.unit[0], "종") && q.unit[1] > 0 {
			q.aside, q.set = true, true // 5종 세트: kinds of things that make one set
		}
		if setBefore.In(p.s[max(0, q.start-9):q.start]) {
			q.aside, q.set = true, true // 一组三张18块
		}
		if contentAfter.At(p.s, q.end) > 0 || i > 0 && p.items[i-1].kind == quantity && hasAt(p.s, q.end, " each") && p.clauseEnds(q.end+len(" each")) {
			q.aside = true
		}
		if q.aside && contentBefore.In(trimSpaces(p.s[max(0, q.start-12):q.start])) {
			q.set = true
		}
		if i == 0 || p.items[i-1].kind != quantity || !p.items[i-1].n.less(num{m: 10}) {
			continue
		}
		switch strings.TrimSpace(p.gap(i-1, i)) {
		case "+", "&", "and", "plus", "加", "和", "with":
			q.aside, p.items[i-1].aside = true, true
			q.set, p.items[i-1].set = true, true
		}
	}
}

// contentBefore stand before the few things that belong to one: "with two calls".
var contentBefore = newEnds("with", "including", "includes", "plus", "contains")

// setBefore stand before the few things that make one set.
var setBefore = newEnds("一组", "一套", "每套", "每组", "一份", "每份", "一人", "每人", "한 세트에 ", "한세트 ", "세트당 ", "한 명당 ")

// copies are what several buyers get of the same goods.
var copies = latin.Set("copies copy slots slot buyers")

var contentAfter = starts.New(" per person", " per set", " per pack", " per id", " per face", " per account", " each person", " of each", "每人", "一套", "/人", "/套")

// dropRepeated drops an amount that the one right before it says too: "twelve
// bucks... $12".
func (p *parser) dropRepeated() {
	kept := p.items[:0]
	for i := range p.items {
		it := &p.items[i]
		if i > 0 && len(kept) > 0 && it.kind == price {
			last := &kept[len(kept)-1]
			if last.kind == price && it.perQty.m == 0 && last.n.float() == it.n.float() && (last.cur == it.cur || it.cur == "") && repeatJoints.trim(p.s[last.end:max(last.end, it.start)]) == "" {
				continue
			}
		}
		if len(kept) == i {
			kept = p.items[:i+1] // nothing was dropped so far
		} else {
			kept = append(kept, *it)
		}
	}
	p.items = kept
}

// repeatJoints stand between an amount and the same in other words.
var repeatJoints = newMarks(" .,(=:-即就是")

// edges returns the candidates for pairing and the number of prices.
func (p *parser) edges() (edges []edge, prices int) {
	edges = p.room[:0]
	unitPrices := 0
	for i := range p.items {
		if p.items[i].kind == price {
			prices++
			if p.items[i].perQty.m > 0 {
				unitPrices++
			}
		}
	}
	for i := range p.items {
		if p.items[i].kind != price || p.items[i].perQty.m > 0 {
			continue
		}
		for _, j := range [...]int{p.besides(i, -1), p.besides(i, 1)} {
			if j < 0 || j >= len(p.items) || !p.mayBuy(i, j, prices > 1, unitPrices > 0) {
				continue
			}
			d := p.distance(min(i, j), max(i, j))
			if isFor(p.gap(min(i, j), max(i, j))) {
				d = 0
			}
			if j > i && p.items[j].n.less(num{m: 10}) && strings.ContainsAny(p.gap(i, j), ",.;\n") {
				d += 80 // a few of something said later are not the lot: "700 usdt, three copies"
			}
			if j == i+1 && p.opensNext(i) {
				d++
			}
			edges = append(edges, edge{i, j, d})
		}
	}
	p.room = edges
	return edges, prices
}

// maxRow is how many entries of a row are looked at.
const maxRow = 16

// opensNext reports whether the quantity behind price i belongs to the price
// behind it, which is as near: prices and quantities take turns and a price is
// the last, as in "60u 10개 500u".
func (p *parser) opensNext(i int) bool {
	k := i
	for n := 0; n < maxRow && k+2 < len(p.items) && p.items[k+1].kind == quantity && p.items[k+2].kind == price && p.items[k+2].perQty.m == 0; n++ {
		if p.distance(k+1, k+2) > p.distance(k, k+1) {
			return false
		}
		k += 2
	}
	return k > i && (k+1 >= len(p.items) || p.items[k+1].kind != quantity || p.distance(k, k+1) > p.distance(k-1, k))
}

// laterClause reports whether quantity j stands in a clause behind that of
// price i, which has words of its own before the price: "公司户30000元,含账号
// 十组", "一天35,扫码。两个同租".
func (p *parser) laterClause(i, j int) bool {
	if gap := p.gap(i, j); !breaksClause(gap) && !strings.Contains(gap, ". ") {
		return false
	}
	label, _ := p.label(i)
	return len(label) > 2
}

// distance measures the gap between two neighbours.
func (p *parser) distance(i, j int) int {
	d := 0
	gap := p.gap(i, j)
	if len(gap) > 4*maxDistanceSole {
		return 4 * maxDistanceSole
	}
	for k, r := range gap {
		d++
		switch r {
		case '\n', '。', '!', '?':
			d += 15
		case '/':
			if k > 0 && gap[k-1] == ' ' {
				d += 2
			}
		case ',', ';', '、', '|', '·':
			d += 4
		case '.':
			if k+1 < len(gap) && gap[k+1] == ' ' && (k == 0 || gap[k-1] != '.' && gap[k-1] != ' ') { // no leader
				d += 15
			}
		}
	}
	return d
}

// attachMinimums gives each least quantity to the price it is a condition of:
// the one right behind it ("1000套起3元"), else the one before it ("80一张
// 50张起").
func (p *parser) attachMinimums() {
	for i := range p.items {
		q := &p.items[i]
		if q.kind == quantity && !q.least && p.tier(i) {
			q.least = true
		}
		if q.kind != quantity || !q.least {
			continue
		}
		before, after := 1000, 1000
		if i > 0 && p.items[i-1].kind == price {
			before = p.distance(i-1, i)
		}
		if i+1 < len(p.items) && p.items[i+1].kind == price {
			if after = p.distance(i, i+1); isFor(p.gap(i, i+1)) {
				after = 0
			}
		}
		switch {
		case after <= before && after <= maxDistance:
			p.minimum(i+1, q)
		case before < after && before <= maxDistance:
			p.minimum(i-1, q)
		case after == before:
			p.minimumOfOnly(q)
		}
	}
}

// tier reports whether quantity i only says from where on the unit price behind
// it holds: the "1000张" of "100张 35/张 1000张 30/张", the "1000+" of "1000+ $2
// each".
func (p *parser) tier(i int) bool {
	if i+1 >= len(p.items) || p.items[i].stock || p.items[i].paired || p.items[i].n == (num{m: 1}) {
		return false
	}
	next := &p.items[i+1]
	if next.kind != price || next.perQty.m == 0 || len(p.gap(i, i+1)) > 2 || strings.TrimSpace(p.gap(i, i+1)) != "" {
		return false
	}
	prices, _ := p.counts()
	return prices > 1
}

// minimum makes q the least quantity of price i, whose amount is then for one.
func (p *parser) minimum(i int, q *item) {
	it := &p.items[i]
	if it.minimum.m > 0 {
		return
	}
	it.minimum = q.n
	if it.perQty.m == 0 && it.pair < 0 {
		it.perQty, it.perMinimum = num{m: 1}, q.n
		if it.unit[1] == 0 {
			it.unit = q.unit
		}
	}
}

// minimumOfOnly attaches q to the only price of the text, wherever it stands.
func (p *parser) minimumOfOnly(q *item) {
	only := -1
	for i := range p.items {
		if p.items[i].kind == price {
			if only >= 0 {
				return
			}
			only = i
		}
	}
	if only >= 0 {
		p.minimum(only, q)
	}
}
