package offer

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// Numbers without currency and counter, by the words right beside them.

// bareNumber keeps a number without currency and counter: as a price where a
// "per" says so, else as bare. Words are no bare numbers.
func (p *parser) bareNumber(it *item) int {
	end := it.end
	p.rightPer(it)
	if it.perQty.m > 0 && !p.notForSale(it, it.start) {
		it.kind = price
		p.leftWords(it)
		p.tenThousands(it)
		p.add(it)
		return it.end
	}
	it.end, it.per, it.perQty, it.unit = end, "", num{}, [2]int{}
	if p.notCounted(it.end) || p.rangeOfMeasure(it) {
		return it.end
	}
	if p.bareTier(it) || p.bareCount(it) {
		p.add(it)
		return it.end
	}
	if p.namedPrice(it) && !p.notForSale(it, it.start) {
		it.kind = price
		if e, ok := p.rangeEnd(it, it.end, true, true); ok {
			it.end = e
		}
		p.tenThousands(it)
		p.add(it)
		return it.end
	}
	if it.ascii || p.afterCount(it) || p.wordsEntry(it) {
		it.kind = bare
		p.add(it)
	}
	return it.end
}

// rangeOfMeasure reports whether the number of it is the low end of a range of
// ages, times or the like: 18到55岁, 30~40대.
func (p *parser) rangeOfMeasure(it *item) bool {
	k := p.rangeSign(it.end)
	if k < 0 || k >= len(p.s) || !isDigit(p.s[k]) || !it.ascii {
		return false
	}
	n, ok := readNumeral(p.s, k)
	return ok && !n.scaled && p.notCounted(n.end) && !(n.end < len(p.s) && (isLetter(p.s[n.end]) || p.s[n.end] == ':'))
}

// afterCount reports whether the numeral of it stands right behind a quantity
// and ends its clause, as a price does: 一万张六百.
func (p *parser) afterCount(it *item) bool {
	q := p.last()
	if q == nil || q.kind != quantity || !p.clauseEnds(it.end) && willDo.At(p.s, it.end) == 0 || it.n.less(num{m: 5}) {
		return false
	}
	if q.end < it.start && it.start-q.end <= 9 && givers.Of(p.s[q.end:it.start]) == it.start-q.end {
		return !q.least
	}
	return q.end == it.start && (it.scaled || !q.least && q.n != num{m: 1})
}

// willDo stand behind a price that is enough: 一百五就行.
var willDo = starts.New("就行", "就好", "就可以", "即可", "就卖", "就出", "拿走", "带走")

// wordsEntry reports whether a number in words ends a clause behind a thing for
// sale: 公户八千,私户两千五.
func (p *parser) wordsEntry(it *item) bool {
	if p.lang != "zh" || !it.scaled {
		return false
	}
	if !it.n.less(num{m: 20}) && it.n.less(num{m: 1000}) && p.namedInWords(it) {
		p.worded++
		it.worded = !goodsEnd.In(p.s[max(0, it.start-12):it.start])
		return true
	}
	return !it.n.less(num{m: 10}) && (p.clauseEnds(it.end) || hasAt(p.s, it.end, " ")) && goodsEnd.In(p.s[max(0, it.start-12):it.start])
}

// namedPrice reports whether the words around a number without currency and
// counter make it a price: 价格35, 260收, 45起, 2600打包, 一天500.
func (p *parser) namedPrice(it *item) bool {
	if !it.ascii && !it.scaled && it.n == (num{m: 1}) {
		return false // 整库一口价
	}
	cued := p.leftWords(it)
	if it.lot && p.countsAll(it) {
		it.lot = false
		return false
	}
	if it.lot {
		if it.scaled && (p.amountAt(p.skipJoint(it.end)) || hasAt(p.s, it.end, ",") && askBehind.At(p.s, it.end+1) > 0) {
			it.lot = false
			return false // "all 45k: 400 USDT"
		}
		cued = true
	}
	if !cued && !it.ascii {
		return p.wordsPrice(it)
	}
	if cued || it.n.less(num{m: 5}) {
		return cued
	}
	j := it.end
	if n := lotAfter.At(p.s, p.skipSpace(j)); n > 0 && !p.amountAt(p.skipJoint(p.skipSpace(j)+n)) {
		it.lot = true
		return true
	}
	if hasAt(p.s, j, "起") && !resolutions(it.n) && !hasAt(p.s, j, "起拿") {
		if j += len("起"); hasAt(p.s, j, "步") {
			j += len("步")
		}
		return p.ends(j) || dealAfter.At(p.s, j) > 0
	}
	if ifAfter.At(p.s, j) > 0 && p.hasUnitPrice() {
		it.perQty = num{m: 1}
		return true
	}
	if resolutions(it.n) {
		return false
	}
	if raw, _ := p.leading(it.start); strings.HasSuffix(raw, "按") && countedOut.At(p.s, j) > 0 {
		return true
	}
	return dealAfter.At(p.s, j) > 0 || it.per != "" && !it.n.less(num{m: 20}) && p.ends(j) ||
		p.ends(j) && p.clauseEnds(j) && strings.HasSuffix(p.s[:it.start], "的")
}

// wordsPrice reports whether a number in words, without currency and counter, is
// a price by what stands beside it: 一万二拿走, 一天二十.
func (p *parser) wordsPrice(it *item) bool {
	if it.n.less(num{m: 10}) {
		return false
	}
	if it.scaled && p.lotBehind(it.end) {
		it.lot = true
		return true
	}
	if raw, _ := p.leading(it.start); it.scaled && givers.In(raw) && p.clauseEnds(it.end) && !it.n.less(num{m: 100}) {
		return true // 给一万五
	}
	return it.per != "" && p.clauseEnds(it.end)
}

// bareCount reports whether a number without counter is a quantity by the
// words around it: a stock ("库存 12000", "200 in stock") or a least quantity
// ("min 10k"; before 起 where the text has said what one costs: "0.5一条,
// 500起").
func (p *parser) bareCount(it *item) bool {
	if !it.ascii {
		return false
	}
	raw := countJoints.trimRight(p.s[max(0, it.start-40):it.start])
	n := leastAfter.At(p.s, it.end)
	if n > 0 && strings.HasSuffix(p.s[:it.start], ":") && !leastBefore.In(raw) {
		n = 0 // "对公:3500起" is a price
	}
	switch {
	case n > 0 && p.inBrackets(it.start, it.end+n), n > 0 && hasAt(p.s, it.end, "起拿"), n > 0 && takeWords.In(raw):
		it.least, it.end = true, it.end+n
	case n == 0 && !it.n.less(num{m: 2}) && countLabels.In(raw) && p.ends(it.end):
	case it.scaled && p.inBrackets(it.start, it.end) && lotCues.In(raw): // 整库(86万)9000u
	case n > 0 && !it.n.less(num{m: 10}) && p.lessAt(it, it.end+n): // 1000起0.8
		it.least, it.end = true, it.end+n
	case n > 0 && (it.scaled || p.hasUnitPrice()), n == 0 && leastBefore.In(raw) && p.ends(it.end):
		it.least, it.end = true, it.end+n
	case !it.n.less(num{m: 2}) && packOf.In(raw) && p.ends(it.end):
	case !it.n.less(num{m: 10}) && p.ends(it.end) && (hardStock.In(raw) || hardStockAfter.At(p.s, p.skipSpace(it.end)) > 0):
		it.stock, it.hard = true, true
	default:
		return false
	}
	it.kind = quantity
	return true
}

// countJoints join the words before a number of things to it.
var countJoints = newMarks(" :=-|*\t([")

// lessAt reports whether a number without a counter, lower than that of it,
// stands at i.
func (p *parser) lessAt(it *item, i int) bool {
	if i >= len(p.s) || !isDigit(p.s[i]) {
		return false
	}
	n, ok := readNumeral(p.s, i)
	return ok && n.n.times10(1).less(it.n) && matchUnit(p.s, n.end) == 0
}

// takeWords stand before a least quantity that says so behind: 拿1000以上.
var takeWords = newEnds("拿", "满", "上", "过", "超", "要", "买", "take", "buy")

// inBrackets reports whether [i, j) stands alone in brackets.
func (p *parser) inBrackets(i, j int) bool {
	return i > 0 && strings.IndexByte("([", p.s[i-1]) >= 0 && j < len(p.s) && strings.IndexByte(")]", p.s[j]) >= 0
}

// packOf stand before the size of a lot.
var packOf = newEnds("pack of", "packs of", "bulk of", "lot of", "lots of", "batch of", "set of", "bundle of", "bundles of", "box of", "group of", "order of")

// hasUnitPrice reports whether the last price read is for one.
func (p *parser) hasUnitPrice() bool {
	for i := len(p.items) - 1; i >= max(0, len(p.items)-4); i-- {
		if p.items[i].kind == price {
			return p.items[i].perQty.m > 0
		}
	}
	return false
}

// clauseEnds reports whether a clause ends at i.
func (p *parser) clauseEnds(i int) bool {
	i = p.skipSpace(i)
	if i >= len(p.s) {
		return true
	}
	switch firstRune(p.s[i:]) {
	case ',', ';', '。', '!', '\n', '、':
		return true
	}
	return false
}

// Words behind a price without currency; askBehind those of a clause that names
// what is asked for the lot before it.
var (
	askBehind = starts.New("要价", "售价", "价格", "只要", "标价", "一口价", "打包价", "卖", "出价")
	dealAfter = starts.New("走,", "走。", "走人", "现金", "不还价", "不议价", "不讲价", "不刀", "不限", "不二价", "不单卖", "一口价", "收", "出", "回收", "卖", "拿", "到手", "包邮", "现结", "秒结", "에 팝", "에 판", "에 드", "에 삽", "에 매입")
	ifAfter   = starts.New(" if you", " if u ", " if buying", " when you", " when buying", " in bulk", " for bulk", " for regulars", " for resellers", " each if", " after the first", " from the second")
	lotAfter  = starts.New("the lot", "takes it", "takes everything", "takes the", "for the lot", "for the file", "for the list", "for the archive", "for the dump", "for the base", "for the database", "for the folder", "for the batch", "for all", "all of it", "for the whole", "for the full", "for it all", "gets it all", "gets you everything", "buys it all", "buys everything", "收走", "整包", "拿全部", "拿全库", "包圆", "통째", "打包", "全拿", "拿走", "带走", "一口价", "全要", "全包", "整批", "一次拿完", "一把拿完", "通走", "全带", "全部拿", "takes all", "for everything", "all in one", "전부", "몽땅", "일괄")
)
