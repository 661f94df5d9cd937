package offer

import (
	"slices"
	"strings"
)

// Bare numbers that the words around them leave open are judged by the items
// beside them, when all items are known.

// resolveBare says of each bare number what it is by the items beside it.
func (p *parser) resolveBare() {
	p.dropReplaced()
	p.totals()
	if !p.has(bare) {
		p.jobPrices()
		p.scaleDeclared()
		return
	}
	p.rows()
	p.loneQuantity()
	p.jobPrices()
	p.wonPrices = p.scaledArePrices()
	p.priced = p.declares() || p.has(price)
	for i := range p.items {
		if p.items[i].kind == bare && !p.accountWon(i) && !p.opensWon(i) && !(i > 0 && p.bareAfter(i)) && i+1 < len(p.items) {
			p.bareBefore(i)
		}
	}
	p.priced = p.priced || p.has(price)
	p.priceList()
	for i := range p.items {
		it := &p.items[i]
		if it.kind != bare {
			continue
		}
		it.kind = dropped
		if p.goods(it) || i == 0 && p.wonPrices && it.scaled && p.ends(it.end) {
			it.kind = price
		}
	}
	p.dropReplaced()
	p.scaleDeclared()
}

// totals makes quantities of the scaled numbers without a currency that were
// read as the price of all, where another price of all names its currency:
// "一共23万 ... 全量 1200U".
func (p *parser) totals() {
	named := false
	for i := range p.items {
		named = named || p.items[i].kind == price && p.items[i].lot && p.items[i].cur != ""
	}
	for i := range p.items {
		if it := &p.items[i]; named && it.kind == price && it.lot && it.cur == "" && it.scaled && it.perQty.m == 0 && totalEnds.In(strings.TrimRight(p.s[max(0, it.start-24):it.start], " :=约")) {
			it.kind, it.lot, it.stock = quantity, false, true
		}
	}
}

var totalEnds = newEnds("共", "全部", "合计", "总计", "总数", "total", "totals", "총", "전체", "모두", "전부")

// has reports whether some item is of the kind.
func (p *parser) has(kind itemKind) bool {
	for i := range p.items {
		if p.items[i].kind == kind {
			return true
		}
	}
	return false
}

// deleteDropped deletes the items that turned out to be nothing.
func (p *parser) deleteDropped() {
	if p.has(dropped) {
		p.items = slices.DeleteFunc(p.items, func(it item) bool { return it.kind == dropped })
	}
}

// scaledArePrices reports whether bare numbers with a Korean scale are prices:
// "여권 3만, 민증 2만". They are where the text names no amount of money for
// anything but one.
func (p *parser) scaledArePrices() bool {
	if p.lang != "ko" {
		return false
	}
	for i := range p.items {
		if p.items[i].kind == price && p.items[i].perQty.m == 0 && p.items[i].cur != "" {
			return false
		}
	}
	return true
}

// goods reports whether a bare number stands right behind a thing for sale in a
// text that names no price at all: "实名微信号180 半年号 120".
func (p *parser) goods(it *item) bool {
	if p.lang != "zh" || p.priced || it.scaled || it.n.less(num{m: 5}) || !it.n.less(num{m: 10000}) || !p.ends(it.end) {
		return false
	}
	label := trimSpaces(p.s[max(0, it.start-8):it.start])
	return goodsEnd.In(label) && !noLabel.In(label)
}

var goodsEnd = newEnds("号", "卡", "套", "证", "照", "户", "脸", "盾", "图", "满月", "半年", "件", "视频", "手持", "反面", "正反", "动态", "静态", "资料")

// loneQuantity makes the only number with a scale (회원 명단 5만) the quantity of
// the only price, where the text counts nothing else.
func (p *parser) loneQuantity() {
	scaled, prices := -1, 0
	for i := range p.items {
		switch it := &p.items[i]; {
		case it.kind == bare && p.wonAmount(it):
		case it.kind == quantity || it.kind == price && (it.perQty.m > 0 || prices == 1) || it.kind == bare && it.scaled && scaled >= 0:
			return
		case it.kind == price:
			prices++
		case it.scaled:
			scaled = i
		}
	}
	if scaled >= 0 && prices == 1 && !p.aside(&p.items[scaled]) && !p.notForSale(&p.items[scaled], p.items[scaled].start) && (p.lang == "ko" || !p.labelled(scaled)) {
		p.items[scaled].kind = quantity
	}
}

// labelled reports whether a bare number i of a Chinese text stands behind a
// label that is no collection: 带法人1.2万 is a price, 名单5万 a number of names.
func (p *parser) labelled(i int) bool {
	label, _ := p.label(i)
	return label != "" && isHan(lastRune(label)) && !collections.In(label)
}

var collections = newEnds("数据", "料", "名单", "人脸", "照片", "信息", "库", "记录", "用户", "会员", "头像", "视频", "手机号", "简历", "公民", "车主", "学生", "号码", "有", "共", "量")

// bareAfter reads the bare number i by the item before it.
func (p *parser) bareAfter(i int) bool {
	it, prev := &p.items[i], &p.items[i-1]
	if prev.kind == price && p.rangeSign(prev.end) == it.start && prev.n.less(it.n) {
		prev.max, it.kind = it.n, dropped // 150만~250만
		return true
	}
	if p.elsewhere(it.start) {
		return false
	}
	gap := p.gap(i-1, i)
	tight := strings.Trim(gap, " :=,") == "" && len(gap) <= 3 || prev.n == (num{m: 1}) && givers.In(strings.TrimRight(gap, " :")) && len(gap) <= 9
	switch {
	case prev.kind == price && prev.perQty.m == 0 && wholeGap.Of(gap) == len(gap) && gap != "":
		it.kind = quantity // "$60 takes all 12,000"
	case p.lang == "en" && p.asked(i), p.besideTier(prev, it, gap):
		it.kind = price
	case p.soldFor(it, prev, gap):
		it.kind = price
	case prev.kind == price && prev.perQty.m == 0 && isFor(gap):
		it.kind, it.least = quantity, strings.HasSuffix(p.s[:it.end], "+") && !it.scaled && p.pricesOne(i-1)
	case p.lang == "ko" && it.scaled && p.limitBefore(it.start):
		return false
	case p.lang == "ko" && it.scaled && p.wonPrices && p.ends(it.end), p.wonAmount(it), p.priced && (p.listedWon(i) || p.termWon(i)):
		it.kind = price
	case prev.kind == bare && p.priced && (strings.TrimSpace(gap) == "for" || strings.TrimSpace(gap) == "=" && prev.scaled) && p.ends(it.end) && !it.n.less(num{m: 5}):
		prev.kind, it.kind = quantity, price // "20 for 100, 50 for 200 usd"
	case p.priced && p.aloneInClause(it):
		it.kind = price
	case p.priced && p.lang == "en" && strings.HasSuffix(p.s[:it.start], " at ") && p.clauseEnds(it.end) && !breaksClause(strings.TrimPrefix(gap, ",")) && p.priceLike(it):
		it.kind = price // "60 eur a pop, ID cards at 35"
	case prev.kind != quantity:
		return false
	case p.lang == "en" && p.priced && packOf.In(trimSpaces(p.s[:prev.start])) && len(gap) <= 12 && strings.Trim(gap, "abcdefghijklmnopqrstuvwxyz ") == "" && p.ends(it.end) && p.priceLike(it):
		it.kind = price // bulk of 100 live 650
	case tight && prev.end == it.start && !it.ascii:
		it.kind = price // 一万张六百
	case gap == " " && p.priced && (p.clauseEnds(it.end) || p.lang == "en" && p.endsSentence(it.end)) && p.priceLike(it) && !prev.least && !it.scaled:
		it.kind = price // "一个 130 两个 240"
	case (prev.least || prev.upto) && tight && p.ends(it.end):
		it.kind, it.perQty, it.perMinimum, it.unit = price, num{m: 1}, prev.n, prev.unit
	case prev.n == num{m: 1} && tight && p.ends(it.end):
		it.kind = price
	case (gap == "" || gap == "=") && p.ends(it.end) || tight && it.scaled && p.lang == "ko" && p.ends(it.end):
		it.kind = price
	default:
		return false
	}
	return true
}

// pricesOne reports whether an item before i is a price for one.
func (p *parser) pricesOne(i int) bool {
	for k := max(0, i-maxRow); k < i; k++ {
		if p.items[k].kind == price && p.items[k].perQty == (num{m: 1}) {
			return true
		}
	}
	return false
}

// soldFor reports whether the bare number it is what the quantity prev of
// several costs, by the words between: "8000条只要500", "8000条:500", "800k lines
// for 350".
func (p *parser) soldFor(it, prev *item, gap string) bool {
	if prev.kind != quantity || prev.least || prev.hard || prev.aside || prev.n.less(num{m: 2}) || !p.ends(it.end) && !p.lotBehind(it.end) || p.rangeSign(it.end) > 0 || !p.priceLike(it) && !it.scaled {
		return false
	}
	if n := things.At(gap, 0); n > 0 && prev.unit[1] == 0 { // "12w+学生信息 3k"
		gap = gap[n:]
		gap = gap[things.At(gap, 0):]
	}
	g := soldJoints.trim(gap)
	switch {
	case gap == "/" && p.lang == "zh":
		return !it.scaled && p.entryEnds(it.end, true) // 10张/20
	case strings.TrimSpace(gap) == "for" || it.scaled && g == "" && gap != "" && p.lang != "ko":
		return true
	case p.lang == "ko" || p.lang == "en" && (g != "" || strings.Contains(gap, " ") && strings.Trim(gap, " ") == ""):
		return false
	case g == "":
		return gap != "" && len(gap) <= 8 && (p.entryEnds(it.end, true) || p.latinBehind(it.end))
	}
	return len(g) <= 12 && (givers.Of(g) == len(g) || wholes.Of(g) == len(g))
}

// soldJoints stand between a lot and its price.
var soldJoints = newMarks(" :=-|>→\t")

// aloneInClause reports whether the number of it is all that its clause says
// behind words of goods, as a price is: "WhatsApp account, aged 3 months, 25."
func (p *parser) aloneInClause(it *item) bool {
	if p.lang != "en" || !it.ascii || it.scaled || !p.priceLike(it) || it.start < 3 || !strings.HasSuffix(p.s[:it.start], ", ") || !isLetter(p.s[it.start-3]) {
		return false
	}
	return p.endsSentence(it.end) || p.endsLine(it.end) || hasAt(p.s, it.end, " for ") && isLetter(p.s[min(it.end+len(" for "), len(p.s)-1)])
}

// lotBehind reports whether words for the whole of a lot stand at i.
func (p *parser) lotBehind(i int) bool {
	k := p.skipSpace(i)
	if hasAt(p.s, k, "all") {
		return p.clauseEnds(k+len("all")) || p.endsSentence(k+len("all"))
	}
	return lotAfter.At(p.s, k) > 0
}

// latinBehind reports whether a space and a Latin letter or an @ stand at i.
func (p *parser) latinBehind(i int) bool {
	k := p.skipSpace(i)
	return k > i && k < len(p.s) && (isLetter(p.s[k]) || p.s[k] == '@')
}

// wholes stand between a lot and what all of it costs.
var wholes = newEnds("全库", "整库", "打包", "整包", "全部", "全要", "全拿", "一共", "共", "就", "仅需", "仅售", "只需", "通走", "一起", "总价", "一口价", "价格", "价", "售价", "打包价", "整库出", "打包出", "全部出", "出", "出价", "要价", "报价")

// givers stand between one of a thing and its price: 一单给你80.
var givers = newEnds("给你", "给我", "给", "给您", "只要", "只收", "收", "卖", "要", "仅", "才", "付", "付你", "付您", "给到", "算你", "算", "就给", "你给", "换", "开")

// bareBefore reads the bare number i by the item after it: "20 for $350", "10k,
// 80 dollars".
func (p *parser) bareBefore(i int) {
	it, next := &p.items[i], &p.items[i+1]
	if next.kind != price {
		return
	}
	gap := p.gap(i, i+1)
	it.least = strings.HasSuffix(p.s[:it.end], "+") && (strings.Trim(gap, " :=-") == "" || isFor(gap) && next.perQty.m == 0 && p.dearerThan(i, next))
	if it.least || next.perQty.m == 0 && (isFor(gap) || p.takenFor(it.start, gap) || gap == "/" && !isDigit(p.s[next.start]) || it.scaled && len(gap) <= 3 && strings.Trim(gap, " ,:") == "") {
		it.kind = quantity
	}
}
