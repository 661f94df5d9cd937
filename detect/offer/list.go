package offer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// A price list names one thing after the other, each with a bare number
// behind it: "满月号 85 / 三年号 230", "| 老号 | 150 |", "1. 正反面......40".
// That such numbers are prices shows only in the company of others, so they
// are judged when all items are known.

// priceList makes prices of the bare numbers that end a labelled clause, where
// there are several, or where a line ends with one below other prices.
func (p *parser) priceList() {
	var entries []int
	lines := 0
	for i := range p.items {
		if p.entry(i) {
			entries = append(entries, i)
			if p.endsLine(p.items[i].end) {
				lines++
			}
		}
	}
	if len(entries) >= 2 || p.declares() {
		entries = p.smallEntries(entries)
	} else if !p.priced && p.lang == "zh" {
		if small := p.smallEntries(entries); len(small) >= 3 {
			entries = small
		}
	}
	if lines >= 2 {
		entries = p.latinEntries(entries)
	}
	if len(entries) == 1 && p.headed(entries[0]) {
		p.priced = true
	}
	if len(entries) == 1 && p.nextInRow(entries[0]) {
		lines++
	}
	if len(entries) < 2 && !(p.priced && (lines > 0 || len(entries) > 0 && (p.clauseEnds(p.items[entries[0]].end) || p.endsSentence(p.items[entries[0]].end)))) {
		return
	}
	for _, i := range entries {
		it := &p.items[i]
		it.kind, it.listed = price, true
		if i > 0 && p.items[i-1].listed && p.items[i-1].n == it.n && !strings.Contains(p.gap(i-1, i), "\n") {
			label, _ := p.label(i)
			it.again = len(label) > 3
		}
		if e, ok := p.rangeEnd(it, it.end, true, true); ok {
			it.end = e
		}
	}
}

// headed reports whether a word for prices and a colon stand in the line before
// item i: "报价看号:普通180".
func (p *parser) headed(i int) bool {
	b := p.lineBefore(p.items[i].start, 60)
	k := priceHeads.LastEnd(b)
	return k > 0 && strings.IndexByte(b[k:], ':') >= 0
}

var priceHeads = starts.NewSearch("报价", "价格", "价位", "价目", "收费", "收价", "价钱", "行情", "工价", "prices", "price list", "rates", "pricing", "가격", "단가", "시세표", "가격표")

// lineBefore returns up to n bytes of the line before i.
func (p *parser) lineBefore(i, n int) string {
	b := p.s[max(0, i-n):i]
	return b[strings.LastIndexByte(b, '\n')+1:]
}

// smallEntries adds to the entries of a list those below the least price that is
// believed without company: 正反面1,手持3.
func (p *parser) smallEntries(entries []int) []int {
	for i := range p.items {
		it := &p.items[i]
		if it.kind == bare && !slices.Contains(entries, i) && it.n.e == 0 && it.n.m < 5 {
			n := it.n
			it.n = num{m: 5}
			ok := p.entry(i)
			it.n = n
			if ok {
				entries = append(entries, i)
			}
		}
	}
	return entries
}

// latinEntries adds to the entries of a Chinese list the lines whose label ends
// with a Latin word: "英国giffgaff 25".
func (p *parser) latinEntries(entries []int) []int {
	for i := range p.items {
		it := &p.items[i]
		if p.lang != "zh" || it.kind != bare || slices.Contains(entries, i) || it.start == 0 || p.s[it.start-1] != ' ' && p.s[it.start-1] != ':' || !p.endsLine(it.end) || !p.priceLike(it) {
			continue
		}
		label, _ := p.label(i)
		if label != "" && isLetter(label[len(label)-1]) && len(label) > 3 && !noLabel.In(label) && !notSale.In(label) && !countLabels.In(label) {
			entries = append(entries, i)
		}
	}
	return entries
}

// jobPrices makes prices of counted jobs in a text that names no price: "解封
// 15 单" is 15 a job, and 八十一单 is eighty, 一单.
func (p *parser) jobPrices() {
	if p.lang == "ko" || p.lang == "en" || p.has(price) {
		return
	}
	for i := range p.items {
		it := &p.items[i]
		if it.kind != quantity || it.stock || it.least || it.aside || !hasAt(p.s, it.unit[0], "单") || it.n.less(num{m: 5}) || !p.clauseEnds(p.restatedAny(it.end)) {
			continue
		}
		if !it.ascii && strings.HasSuffix(p.s[:it.unit[0]], "十一") && it.n.m > 11 {
			it.n.m--
		} else if label, _ := p.label(i); label == "" || noLabel.In(label) {
			continue
		}
		it.kind, it.perQty = price, num{m: 1}
	}
}

// restatedAny returns the offset after a number in parentheses at j, j if none
// is there.
func (p *parser) restatedAny(j int) int {
	k := j
	if !hasAt(p.s, k, "(") {
		return j
	}
	for k++; k < len(p.s) && isDigit(p.s[k]); k++ {
	}
	if k > j+1 && hasAt(p.s, k, ")") {
		return k + 1
	}
	return j
}

// entry reports whether item i may be the price of an entry of a list.
func (p *parser) entry(i int) bool {
	it := &p.items[i]
	if it.kind != bare || it.scaled && p.lang == "ko" || !p.priceLike(it) {
		return false
	}
	if it.worded && p.worded < minWorded {
		return false
	}
	label, joint := p.label(i)
	if p.s[it.end-1] == '+' || p.notSaleBehind(it.end) || p.tallied(it.start) {
		return false
	}
	if label == "" || !p.entryEnds(it.end, joint) || noLabel.In(label) && !lookups.In(label) || notSale.In(label) || notSaleMore.In(label) || countLabels.In(label) || endsDate(label) || p.elsewhere(it.start) {
		return false
	}
	last := lastRune(label)
	if !joint && isHanNumeral(last) {
		return false // part of a longer number
	}
	if p.declares() && (isHangul(last) || last < utf8.RuneSelf && isLetter(byte(last))) {
		return joint || it.start > 0 && p.s[it.start-1] == ' '
	}
	if isHan(last) || last == ')' && p.lang == "zh" || last > 0x1F000 {
		return p.lang != "ko"
	}
	if p.lang != "ko" && !it.scaled && last < utf8.RuneSelf && isLetter(byte(last)) && it.start > 0 && p.s[it.start-1] == ' ' && namesGoods(label) {
		return p.clauseEnds(it.end) || p.endsSentence(it.end)
	}
	if p.lang == "ko" && !joint {
		return !it.n.less(num{m: 1000}) && it.n.e == 0 && it.n.m%100 == 0 && koreanGoods.In(label)
	}
	return joint && (p.endsLine(it.end) || p.priced && it.start > 0 && p.s[it.start-1] == '=') && (isHangul(last) || last < utf8.RuneSelf && isLetter(byte(last)))
}

// minWorded is how many numbers in words a list has at least: one alone tells
// anything, as the 四六 of an examination.
const minWorded = 3

// tallied reports whether the line before i is headed as one of what was sold or
// is in stock: "昨日出货:头 3200,面 410".
func (p *parser) tallied(i int) bool {
	b := p.lineBefore(i, 90)
	k := countHeads.LastEnd(b)
	return k > 0 && (hasAt(b, k, ":") || hasAt(b, k, " :"))
}

var countHeads = starts.NewSearch("播报", "出货", "成交", "已出", "已售", "销量", "库存", "存量", "余量", "剩余", "现存", "出货量", "今日出", "昨日出", "战绩", "入库", "上新", "到货", "재고", "판매량", "보유", "입고", "in stock", "stock", "sold", "left", "sold today", "restocked")

// declares reports whether the text names the currency or the scale of all
// amounts in one place.
func (p *parser) declares() bool { return p.declared.code != "" || p.declared.power > 0 }

// namesGoods reports whether an English label of two words or more names a
// thing that is counted in these markets: "passport scan de".
func namesGoods(label string) bool {
	words := 0
	found := false
	for i := 0; i < len(label); {
		if !isLetter(label[i]) {
			i++
			continue
		}
		w := wordAt(label, i)
		found = found || nouns.Value(w)
		words++
		i += len(w)
	}
	return found && words >= 2
}

// endsSentence reports whether a full stop that no digit follows stands at i.
func (p *parser) endsSentence(i int) bool {
	return hasAt(p.s, i, ".") && (i+1 >= len(p.s) || p.s[i+1] == ' ' || p.s[i+1] == '\n')
}

// priceLike reports whether the bare number of it could be an amount: not a
// year, not out of the range of prices.
func (p *parser) priceLike(it *item) bool {
	v := it.n.float()
	year := it.end-it.start == 4 && v >= 1990 && v <= 2030 && v != 2000
	return !year && v <= 100000 && (v >= 5 || it.n.e < 0)
}

// entryEnds reports whether an entry of a list may end at i: at the end of a
// clause, or before a space and a note, which may begin with a digit where a
// joint stands before the number.
func (p *parser) entryEnds(i int, joint bool) bool {
	k := p.skipSpace(i)
	if k >= len(p.s) {
		return true
	}
	r := firstRune(p.s[k:])
	if entryBounds.has(r) || p.endsSentence(k) {
		return true
	}
	if r == ':' || r == '/' {
		return k+1 < len(p.s) && !isDigit(p.s[k+1])
	}
	if k == i && r >= utf8.RuneSelf && p.gluedEntry(i) {
		return true
	}
	return k > i && (r >= utf8.RuneSelf || (joint || p.opensEntry(k)) && isDigit(byte(r)) || p.lang == "zh" && isLetter(byte(r)) && hasAt(p.s, k+1, ":")) && spacedMeasures.At(p.s, k) == 0 && matchUnit(p.s, k) == 0
}

// entryBounds stand behind an entry.
var entryBounds = newMarks("\n,;。|!、()[~")

// opensEntry reports whether the number of an entry of a Chinese list and its
// label stand at i: "2手持4".
func (p *parser) opensEntry(i int) bool {
	if p.lang != "zh" || !isDigit(p.s[i]) || i+1 >= len(p.s) || !isHan(firstRune(p.s[i+1:])) {
		return false
	}
	return matchUnit(p.s, i+1) == 0 && measures.At(p.s, i+1) == 0
}

// Bounds in bytes of the label between two entries that stand without anything
// between: 移动110联通100.
const (
	minGlued = 6
	maxGlued = 18
)

// gluedEntry reports whether a Chinese label stands at i, right behind the number
// of an entry, and a further number right behind it.
func (p *parser) gluedEntry(i int) bool {
	if p.lang != "zh" || matchUnit(p.s, i) > 0 || rangeSigns.At(p.s, i) > 0 {
		return false
	}
	k := i
	for k < len(p.s) && k-i <= maxGlued && !isDigit(p.s[k]) {
		r, w := utf8.DecodeRuneInString(p.s[k:])
		if !isHan(r) {
			return false
		}
		k += w
	}
	if k-i < minGlued || k-i > maxGlued || k >= len(p.s) || noLabel.In(p.s[i:k]) || measures.At(p.s, i) > 0 {
		return false
	}
	n, ok := readNumeral(p.s, k)
	return ok && n.digits <= 5 && !p.notCounted(n.end) && matchUnit(p.s, n.end) == 0
}

// spacedMeasures are measures that a number counts across a space too.
var spacedMeasures = starts.New("年", "月", "日", "天", "小时", "分钟", "秒", "岁", "周", "%", "点", "人", "次", "级", "位", "度", "公斤", "公里", "寸", "折", "년", "월", "일", "시", "분", "세")

// endsLine reports whether the line ends at i.
func (p *parser) endsLine(i int) bool {
	i = p.skipSpace(i)
	return i >= len(p.s) || p.s[i] == '\n' || p.s[i] == '|'
}

// label returns the words of the clause before item i, at most 40 bytes of them
// and none before the end of another item, without what joins them to it; joint
// says that there was such a joint and not just a space.
func (p *parser) label(i int) (label string, joint bool) {
	end, from := p.items[i].start, 0
	if i > 0 {
		from = p.items[i-1].end
	}
	t := p.s[min(max(from, end-40), end):end] // amounts may overlap: $1$8
	label = trimSpaces(t)
	bare := labelJoints.trimRight(label)
	joint = len(bare) < len(label)
	label = labelBounds.lastPart(trimSpaces(bare))
	return strings.TrimLeft(label, " "), joint
}

// Characters that join a label to its number, and that stand before a label.
var (
	labelJoints = newMarks(":=-|>~≈.*→\t")
	labelBounds = newMarks("\n,;|!?")
)

// endsDate reports whether a label ends with a part of a date: 11月.
func endsDate(label string) bool {
	k := len(label) - len("月")
	return k > 0 && isDigit(label[k-1]) && dateParts.In(label)
}

var dateParts = newEnds("年", "月", "日")

// lookups are what is asked of those who look people up, and is for sale there.
var lookups = newEnds("查手机", "查手机号", "查电话", "查号码", "查qq", "查微信", "查名单", "查余额")

// noLabel are the words behind which a bare number is no price.
var noLabel = newEnds("好友", "粉丝", "相册", "朋友圈", "级", "编号", "尾号", "年龄", "身高", "体重", "积分", "信用分", "评分", "总分", "芝麻分", "分数", "订阅", "关注", "阅读", "人气", "热度", "收藏", "置顶", "群", "号码", "电话", "手机", "第", "约", "超过", "低于", "高于", "大于", "小于",
	"至少", "最少", "最低", "最多", "加", "送", "试", "测", "每人", "共", "库存", "现货", "剩", "剩余", "成交", "已售", "销量", "浏览", "回复", "版本", "型号", "备注", "时间",
	"日期", "邮编", "序号", "单号", "端口", "转", "拨", "满", "以内", "已", "近", "前", "后", "到", "至", "和", "或", "与", "点赞", "人数", "会员", "限",
	"限购", "每天", "每日", "每次", "每天做", "能做", "做了", "能接", "接了", "名单", "余额", "额度", "楼", "栋", "房号", "房间", "page", "uid", "qq", "vx", "wx", "v", "tel", "version", "since", "year",
	"code", "room", "of", "at", "over", "under", "about", "than", "after", "before", "until", "for", "in", "on", "and", "or", "to", "last", "first", "next", "min", "max", "order", "minimum", "maximum", "only", "took", "chapter", "part", "day", "days", "batch", "grade", "tier", "type", "model", "aged", "is", "are", "level", "port", "top", "step", "age", "ages", "height", "friends", "followers", "iphone", "ios", "android", "galaxy", "pixel", "redmi", "windows", "win", "销", "苹果", "小米", "华为", "安卓", "评价", "评论", "留言", "率", "来", "备货", "发货", "拍", "已拼", "想要", "浏览量", "reviews", "feedback", "rating", "sold", "stock", "샘플", "후기", "평점", "판매량", "조회", "재고", "보유")
