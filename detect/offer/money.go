package offer

import (
	"strings"
	"unicode/utf8"
)

// read turns the numeral n that starts at i into an item and returns the
// offset after what it used.
func (p *parser) read(i int, n numeral) int {
	it := item{n: n.n, start: i, end: n.end, pair: -1, scaled: n.scaled, ascii: n.ascii}
	if end := p.restated(n.n, n.end); end > n.end {
		n.end, it.end, it.ascii = end, end, true
	}
	p.prefix(&it)
	if end, ok := p.amount(&it, n); ok {
		it.end = end
		return p.keepPrice(it)
	}
	if it.cur != "" {
		it.end = p.skipMore(it.end)
		return p.keepPrice(it)
	}
	it.end = p.skipMore(it.end)
	if p.counted(&it) {
		p.quantityWords(&it)
		p.add(it)
		return it.end
	}
	return p.bareNumber(it)
}

// keepPrice adds a price with the words around it, unless those before it say
// that it is a limit, a fine or the like.
func (p *parser) keepPrice(it item) int {
	it.kind = price
	at := it.start
	p.leftWords(&it)
	p.rightPer(&it)
	if !p.notForSale(at) {
		p.add(it)
	}
	return it.end
}

// bareNumber keeps a number without currency and counter: as a price where a
// "per" says so, else as bare. Words are no bare numbers.
func (p *parser) bareNumber(it item) int {
	end := it.end
	p.rightPer(&it)
	if it.perQty.m > 0 && !p.notForSale(it.start) {
		it.kind = price
		p.leftWords(&it)
		p.add(it)
		return it.end
	}
	it.end, it.per, it.perQty, it.unit = end, "", num{}, [2]int{}
	if p.notCounted(it.end) {
		return it.end
	}
	if p.bareCount(&it) {
		p.add(it)
		return it.end
	}
	if p.namedPrice(&it) && !p.notForSale(it.start) {
		it.kind = price
		if e, ok := p.rangeEnd(&it, it.end, true, true); ok {
			it.end = e
		}
		p.add(it)
		return it.end
	}
	if it.ascii {
		it.kind = bare
		p.add(it)
	}
	return it.end
}

// namedPrice reports whether the words around a number without currency and
// counter make it a price: 价格35, 260收, 45起, 2600打包, 一天500.
func (p *parser) namedPrice(it *item) bool {
	cued := p.leftWords(it)
	if it.lot {
		cued = true
	}
	if cued || !it.ascii || it.n.less(num{m: 5}) {
		return cued
	}
	j := it.end
	if n := lotAfter.at(p.s, p.skipSpace(j)); n > 0 {
		it.lot = true
		return true
	}
	if hasAt(p.s, j, "起") {
		j += len("起")
		return p.ends(j) || dealAfter.at(p.s, j) > 0
	}
	return dealAfter.at(p.s, j) > 0 || it.per != "" && !it.n.less(num{m: 20}) && p.ends(j) ||
		p.ends(j) && p.clauseEnds(j) && strings.HasSuffix(p.s[:it.start], "的")
}

// bareCount reports whether a number without counter is a quantity by the
// words around it: a stock ("库存 12000", "200 in stock") or a least quantity
// ("min 10k"; before 起 where the text has said what one costs: "0.5一条,
// 500起").
func (p *parser) bareCount(it *item) bool {
	if !it.ascii {
		return false
	}
	raw := strings.TrimRight(p.s[max(0, it.start-40):it.start], " :=-|*\t([")
	n := leastAfter.at(p.s, it.end)
	if n > 0 && strings.HasSuffix(p.s[:it.start], ":") && !leastBefore.in(raw) {
		n = 0 // "对公:3500起" is a price
	}
	switch {
	case n > 0 && (it.scaled || p.hasUnitPrice()), n == 0 && leastBefore.in(raw) && p.ends(it.end):
		it.least, it.end = true, it.end+n
	case !it.n.less(num{m: 10}) && p.ends(it.end) && (hardStock.in(raw) || hardStockAfter.at(p.s, p.skipSpace(it.end)) > 0):
		it.stock, it.hard = true, true
	default:
		return false
	}
	it.kind = quantity
	return true
}

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
	return i >= len(p.s) || strings.ContainsRune(",;。!\n、", firstRune(p.s[i:]))
}

// Words behind a price without currency.
var (
	dealAfter = newStarts("收", "出", "回收", "卖", "拿", "到手", "包邮", "现结", "秒结", "에 팝", "에 판", "에 드", "에 삽", "에 매입")
	lotAfter  = newStarts("打包", "全拿", "拿走", "带走", "一口价", "全要", "通走", "全带", "全部拿", "for all", "takes all", "for everything", "일괄")
)

// prefix reads a currency before the number.
func (p *parser) prefix(it *item) {
	before := strings.TrimRight(p.s[max(0, it.start-24):it.start], " ")
	if before == "" {
		return
	}
	if strings.HasSuffix(before, "(") {
		p.prefixSaid(it, before)
		return
	}
	r, w := utf8.DecodeLastRuneInString(before)
	if r < utf8.RuneSelf && isLetter(byte(r)) {
		p.prefixCode(it, before)
		return
	}
	switch r {
	case '$', '€', '£', '¥', '₩', '₽', '₹', '₫', '฿', '₿', '₮', '₱', '₴', '₺', '₦':
		if len(before) > w && isDigit(before[len(before)-w-1]) && p.s[it.start-1] == ' ' {
			return // "120$ 3": the sign belongs to the number before it
		}
		it.cur = suffixes[r][0].code
		it.start = lastNonSpace(p.s, it.start) + 1 - w
		if r == '$' {
			p.dollarLetters(it)
		}
	default:
		p.prefixWord(it, before)
	}
}

// prefixSaid reads the currency of a number in parentheses that stands after
// the same in words: "£ four (4) each".
func (p *parser) prefixSaid(it *item, before string) {
	word := strings.TrimRight(before[:len(before)-1], " ")
	sign := strings.TrimRight(word, "abcdefghijklmnopqrstuvwxyz-")
	v, end := spoken(word, len(sign))
	sign = strings.TrimRight(sign, " ")
	if end != len(word) || float64(v) != it.n.float() || sign == "" || !hasAt(p.s, it.end, ")") {
		return
	}
	r, _ := utf8.DecodeLastRuneInString(sign)
	if m := suffixes[r]; m != nil && strings.ContainsRune("$€£¥₩₽₹", r) {
		it.cur, it.end = m[0].code, it.end+1
	}
}

// prefixWord reads a currency in words before the number: 美金20.
func (p *parser) prefixWord(it *item, before string) {
	n := prefixWords.of(before)
	if n == 0 {
		return
	}
	if c := lastRune(before[:len(before)-n]); c >= '0' && c <= '9' {
		return // "20美元 3": it belongs to the number before it
	}
	m, _ := matchSuffix(before, len(before)-n)
	it.cur, it.start = m.code, lastNonSpace(p.s, it.start)+1-n
}

var prefixWords = newEnds("人民币", "美金", "美元", "港币", "台币", "泰铢", "欧元", "日元", "달러")

// lastNonSpace returns the offset of the last byte before i that is no space.
func lastNonSpace(s string, i int) int {
	for i--; i > 0 && s[i] == ' '; i-- {
	}
	return i
}

// prefixCode reads a currency in letters before the number: "usdt 20".
func (p *parser) prefixCode(it *item, before string) {
	j := len(before)
	for j > 0 && isLetter(before[j-1]) {
		j--
	}
	w := before[j:]
	code := codes[w]
	if code == "" || len(w) == 1 || w == "try" || w == "won" || w == "us" {
		return
	}
	if j > 0 && (isDigit(before[j-1]) || j > 1 && before[j-1] == ' ' && isDigit(before[j-2])) {
		return // "20 usdt 3": it belongs to the number before it
	}
	it.cur = code
	it.start = lastNonSpace(p.s, it.start) + 1 - len(w)
}

// dollarLetters reads what stands before the $ of it: US$, NT$, HK$.
func (p *parser) dollarLetters(it *item) {
	j := it.start
	for j > 0 && it.start-j < 4 && isLetter(p.s[j-1]) {
		j--
	}
	if c := dollars[p.s[j:it.start]]; c != "" {
		it.cur, it.start = c, j
	}
}

// amount reads a currency after the number, and the second half of a range.
// It reports whether the number is an amount of money.
func (p *parser) amount(it *item, n numeral) (int, bool) {
	prefixed := it.cur != ""
	end, m, ok := p.suffix(it.n, n.end)
	if ok && !it.ascii && !p.coinEnds(m, end) {
		ok = false
	}
	if ok {
		p.applyMoney(it, m)
		it.n, end = p.coins(it.n, m, end)
		end = p.restated(it.n, end)
	} else {
		end = n.end
	}
	if e, ok2 := p.rangeEnd(it, end, ok || prefixed, prefixed); ok2 {
		return e, true
	}
	return end, ok
}

// coinEnds reports whether a coin behind a Chinese numeral is meant as one:
// 四角 is also four corners, 一块 also a lump. end is the offset after it.
func (p *parser) coinEnds(m money, end int) bool {
	switch m.word {
	case "角", "毛", "块":
	default:
		return true
	}
	if p.perAt(end) || end >= len(p.s) {
		return true
	}
	r := firstRune(p.s[end:])
	return !isHan(r) || digitValue(r) >= 0 || coinFollowers.at(p.s, end) > 0
}

// coinFollowers may stand right behind an amount in words.
var coinFollowers = newStarts("收", "出", "卖", "起", "左右", "不", "包", "打", "钱", "到", "至", "一", "每", "现", "秒", "当", "拿", "带", "加", "飞", "微", "台", "美")

// restated returns the offset after a repetition of the number in parentheses:
// the "(80)" of 八十一单(80). It returns j if there is none.
func (p *parser) restated(n num, j int) int {
	k := j
	if k < len(p.s) && p.s[k] == ' ' {
		k++
	}
	if k+2 >= len(p.s) || p.s[k] != '(' || !isDigit(p.s[k+1]) {
		return j
	}
	again, ok := readNumeral(p.s, k+1)
	if end := p.coinAt(again.end); ok && end < len(p.s) && p.s[end] == ')' && again.n.float() == n.float() {
		return end + 1
	}
	return j
}

// coinAt returns the offset after a currency word at j, j if there is none.
func (p *parser) coinAt(j int) int {
	m, ok := matchSuffix(p.s, j)
	if !ok || m.power != 0 {
		return j
	}
	return j + len(m.word)
}

func (p *parser) applyMoney(it *item, m money) {
	if it.cur == "" {
		it.cur = m.code
		switch m.word {
		case "元", "块", "块钱", "圆", "角", "毛", "毛钱":
			it.yuan = true
		}
	}
	it.n = it.n.times10(m.power)
}

// suffix reads the currency word at j, after at most one space. 分 only counts
// where a "per" follows, else it is a mark or a minute.
func (p *parser) suffix(n num, j int) (int, money, bool) {
	j = p.skipMore(j)
	k := j
	if k < len(p.s) && p.s[k] == ' ' {
		k++
	}
	m, ok := matchSuffix(p.s, k)
	if !ok {
		return j, m, false
	}
	end := k + len(m.word)
	switch {
	case m.word == "分" || m.word == "米":
		ok = p.perAt(end)
	case k > j && len(m.word) <= 3 && !isLetter(m.word[0]) && end < len(p.s) && isDigit(p.s[end]):
		ok = false // "10 $20"
	case m.word == "$" && k == j && end < len(p.s) && isDigit(p.s[end]):
		ok = false
	case len(m.word) == 1 && isLetter(m.word[0]) && k > j && !p.singleLetterEnds(end):
		ok = false
	}
	return end, m, ok
}

// singleLetterEnds reports whether a one-letter currency that ends at i, a
// space away from its number, is no word of a sentence: "20 u each" is money,
// "20 u need" is not.
func (p *parser) singleLetterEnds(i int) bool {
	if i >= len(p.s) || p.s[i] != ' ' {
		return true
	}
	w := wordAt(p.s, i+1)
	return w == "" || w == "each" || w == "per" || w == "for" || w == "usdt"
}

// perAt reports whether a "per" stands at i.
func (p *parser) perAt(i int) bool {
	i = p.skipSpace(i)
	if hasAt(p.s, i, "(") && i+1 < len(p.s) && isDigit(p.s[i+1]) { // 五分(0.05)一张
		n, _ := readNumeral(p.s, i+1)
		if i = p.coinAt(n.end); hasAt(p.s, i, ")") {
			i++
		}
	}
	return hasAt(p.s, i, "/") || hasAt(p.s, i, "一") || hasAt(p.s, i, "每") || hasAt(p.s, i, "1")
}

// coins reads what follows the main coin: 3块5 and 两块五 are 3.5 and 2.5.
func (p *parser) coins(n num, m money, end int) (num, int) {
	if m.code != "CNY" || m.power < -1 || end >= len(p.s) || m.word == "元" || len(m.word) > 3 {
		return n, end
	}
	r, w := utf8.DecodeRuneInString(p.s[end:])
	d := digitValue(r)
	if r == '一' || d < 0 || !isDigit(byte(r)) && !isHan(r) {
		return n, end
	}
	next := end + w
	if next < len(p.s) && isDigit(p.s[next]) || unitFollows(p.s, next) {
		return n, end
	}
	if nr := firstRune(p.s[min(next, len(p.s)):]); scalePower(nr) > 0 && isHan(nr) {
		return n, end
	}
	sum, ok := n.plus(num{d, m.power - 1})
	if !ok {
		return n, end
	}
	if m.power == 0 && hasAt(p.s, next, "毛") {
		next += len("毛")
	}
	return sum, next
}

// rangeEnd reads "-b" after the first amount, which ends at j; money says that
// a currency was read with it, sign that it stood before it. It fills it.max.
func (p *parser) rangeEnd(it *item, j int, money, sign bool) (int, bool) {
	k := p.rangeSign(j)
	if k < 0 {
		return 0, false
	}
	k = p.skipCurrencySign(k)
	if k >= len(p.s) || !isDigit(p.s[k]) && !isHanNumeral(firstRune(p.s[k:])) {
		return 0, false
	}
	n2, ok := readNumeral(p.s, k)
	if !ok || n2.n.m == 0 || n2.digits > 9 {
		return 0, false
	}
	end, m, ok := p.suffix(n2.n, n2.end)
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
	if n := rangeSigns.at(p.s, j); n > 0 {
		return p.skipSpace(j + n)
	}
	return -1
}

var rangeSigns = newStarts("--", "-", "–", "—", "~", "〜", "到", "至", "to ")

// skipCurrencySign skips the sign before the second number of a range.
func (p *parser) skipCurrencySign(k int) int {
	for _, w := range []string{"$", "€", "£", "¥", "₩"} {
		if hasAt(p.s, k, w) {
			return k + len(w)
		}
	}
	return k
}

// countedAt reports whether a counter follows at i, so that the number before
// it is a quantity.
func (p *parser) countedAt(i int) bool {
	i = p.skipSpace(i)
	return matchUnit(p.s, i) > 0 || p.noun(i)[1] > 0
}

// barePer reports whether a "per" follows a number without currency.
func (p *parser) barePer(i int) bool {
	it := item{end: i}
	p.rightPer(&it)
	return it.perQty.m > 0
}

// skipMore skips what makes a number vague: 5000多, 3000+.
func (p *parser) skipMore(i int) int {
	n := vague.at(p.s, i)
	if n > 0 && hasAt(p.s, i, "来") && !unitFollows(p.s, i+n) {
		return i
	}
	return i + n
}

var vague = newStarts("多", "余", "来", "+", "几", "여")

// counted reads the counter of a quantity, or for "5000-6000张" that of a
// range, whose low end counts.
func (p *parser) counted(it *item) bool {
	j := p.skipSpace(it.end)
	if n := matchUnit(p.s, j); n > 0 && (it.ascii || j == it.end || it.scaled && scriptAt(p.s, j) == hangul) && !p.decade(it, j) && !p.ordinal(it, j) {
		it.kind, it.unit, it.end = quantity, [2]int{j, j + n}, j+n
		return true
	}
	if n := p.noun(j); n[1] > 0 && (it.ascii || it.scaled) {
		it.kind, it.unit, it.end = quantity, n, n[1]
		return true
	}
	if k := p.rangeSign(it.end); k > 0 && k < len(p.s) && isDigit(p.s[k]) && it.ascii {
		n2, ok := readNumeral(p.s, k)
		if j := p.skipSpace(n2.end); ok && n2.digits < 9 && p.countedAt(j) {
			return p.countedRange(it, j, n2)
		}
	}
	return p.countedThing(it, j)
}

// decade reports whether the number is a decade of life: 20대.
func (p *parser) decade(it *item, j int) bool {
	return hasAt(p.s, j, "대") && it.n.e == 0 && it.n.m < 100 && it.n.m%10 == 0
}

// ordinal reports whether 二 stands before a counter that it does not count,
// as two of something are 两: 二次实名 is the second.
func (p *parser) ordinal(it *item, j int) bool {
	return it.n == num{m: 2} && hasAt(p.s, it.start, "二") && !hasAt(p.s, j, "维")
}

func (p *parser) countedRange(it *item, j int, n2 numeral) bool {
	it.kind = quantity
	if n := matchUnit(p.s, j); n > 0 {
		it.unit = [2]int{j, j + n}
	} else {
		it.unit = p.noun(j)
	}
	it.end = it.unit[1]
	return true
}

// things are what Chinese listings count without a counter: 20万人脸.
var things = newStarts("人脸", "身份证", "照片", "头像", "数据", "手机号", "银行卡", "视频", "资料", "信息",
	"用户", "会员", "简历", "记录", "料", "实名", "姓名", "公民", "学生", "车主", "얼굴", "신분증", "사진", "디비", "db")

// countedThing reads a quantity whose counter is the thing itself.
func (p *parser) countedThing(it *item, j int) bool {
	if !it.scaled && it.n.less(num{m: 100}) {
		return false
	}
	if things.at(p.s, j) > 0 {
		it.kind = quantity
		return true
	}
	return false
}

// notCounted reports whether what follows a bare number makes it a date, an
// age, a duration, a percentage or the like.
func (p *parser) notCounted(i int) bool {
	if i >= len(p.s) {
		return false
	}
	if p.s[i] == '%' || p.s[i] == ':' && i+1 < len(p.s) && isDigit(p.s[i+1]) {
		return true
	}
	if isLetter(p.s[i]) || p.s[i] == '_' || p.s[i] == '@' {
		return true
	}
	j := p.skipSpace(i)
	return measures.at(p.s, j) > 0 || isLetter(p.s[min(j, len(p.s)-1)]) && timeWord(wordAt(p.s, j))
}

// measures follow numbers that are neither prices nor quantities.
var measures = newStarts("年", "月", "日", "号", "点", "时", "小时", "分钟", "分", "秒", "天", "周", "星期", "岁",
	"%", "‰", "℃", "度", "级", "代", "版", "期", "届", "楼", "层", "路", "后", "前", "折", "倍", "寸", "厘", "毫",
	"公", "斤", "克", "吨", "升", "位", "成", "核", "线", "件套", "要素", "网", "类", "手", "人", "个", "次", "岁",
	"년", "월", "일", "시", "분", "초", "주", "세", "살", "대", "번", "퍼", "개월", "kg", "cm", "mm")

func timeWord(w string) bool {
	switch w {
	case "years", "year", "yrs", "yo", "days", "day", "hours", "hour", "hrs", "hr", "minutes", "minute", "min", "mins",
		"weeks", "week", "months", "month", "percent", "am", "pm", "gb", "mb", "kb", "tb", "kg", "cm", "mm", "km", "th", "st", "nd", "rd":
		return true
	}
	return false
}
