package offer

import (
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// read turns the numeral n that starts at i into an item and returns the
// offset after what it used.
func (p *parser) read(i int, n numeral) int {
	var it item
	it.n.m, it.n.e, it.start, it.end, it.pair, it.scaled, it.ascii = n.n.m, n.n.e, i, n.end, -1, n.scaled, n.ascii
	if end := p.restated(n.n, n.end); end > n.end {
		it.end, it.ascii = end, true
	}
	behind := it.end // what stands behind the number, even in brackets that prefix takes in
	p.prefix(&it)
	if end, ok := p.amount(&it, behind); ok {
		it.end = end
		return p.keepPrice(&it)
	}
	it.end = p.skipMore(it.end)
	if it.cur != "" {
		return p.keepPrice(&it)
	}
	if p.counted(&it) {
		p.quantityWords(&it)
		p.add(&it)
		return it.end
	}
	return p.bareNumber(&it)
}

// keepPrice adds a price with the words around it, unless those before it say
// that it is a limit, a fine or the like.
func (p *parser) keepPrice(it *item) int {
	it.kind = price
	at := it.start
	if it.n.e == -3 && it.n.m >= 1000 && !it.scaled && dotThousands[it.cur] {
		it.n.e = 0 // 150.000 vnd
	}
	p.saidDollar(it)
	p.leftWords(it)
	p.rightPer(it)
	it.lot = it.lot || it.perQty.m == 0 && p.lotBehind(it.end)
	if !p.notForSale(it, at) && !p.struck(it) {
		p.add(it)
	}
	return it.end
}

// struck reports whether the amount of it is struck out: ~~$50~~.
func (p *parser) struck(it *item) bool {
	return hasAt(p.s, it.end, "~~") && strings.HasSuffix(trimSpaces(p.s[:it.start]), "~~") ||
		hasAt(p.s, it.end, "</s>") || hasAt(p.s, it.end, "</del>")
}

// dotThousands are the currencies of countries that write 1.500 for 1500.
var dotThousands = map[string]bool{"VND": true, "IDR": true, "KRW": true, "EUR": true, "BRL": true, "TRY": true, "RUB": true, "PHP": true, "JPY": true}

// prefix reads a currency before the number.
func (p *parser) prefix(it *item) {
	before := trimSpaces(p.s[max(0, it.start-24):it.start])
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
	case '¢':
		it.cur, it.start, it.n = "USD", lastNonSpace(p.s, it.start)+1-w, it.n.times10(-2)
	case '$', '€', '£', '¥', '₩', '₽', '₹', '₫', '฿', '₿', '₮', '₱', '₴', '₺', '₦':
		if len(before) > w && isDigit(before[len(before)-w-1]) && p.s[it.start-1] == ' ' {
			return // "120$ 3": the sign belongs to the number before it
		}
		it.cur = suffixes.Of(r)[0].code
		it.start = lastNonSpace(p.s, it.start) + 1 - w
		if r == '$' {
			it.dollar = true
			p.dollarLetters(it)
		}
	default:
		p.prefixWord(it, before)
	}
}

// prefixSaid reads the currency of a number in parentheses that stands after
// the same in words: "£ four (4) each".
func (p *parser) prefixSaid(it *item, before string) {
	word := trimSpaces(before[:len(before)-1])
	sign := strings.TrimRight(word, "abcdefghijklmnopqrstuvwxyz-")
	v, end := spoken(word, len(sign))
	sign = trimSpaces(sign)
	if end != len(word) || float64(v) != it.n.float() || sign == "" || !hasAt(p.s, it.end, ")") {
		return
	}
	r, _ := utf8.DecodeLastRuneInString(sign)
	if m := suffixes.Of(r); m != nil && strings.ContainsRune("$€£¥₩₽₹", r) {
		it.cur, it.end = m[0].code, it.end+1
	}
}

// prefixWord reads a currency in words before the number: 美金20.
func (p *parser) prefixWord(it *item, before string) {
	n := prefixWords.Of(before)
	if n == 0 {
		return
	}
	if c := lastRune(before[:len(before)-n]); c >= '0' && c <= '9' {
		return // "20美元 3": it belongs to the number before it
	}
	m, _ := matchSuffix(before, len(before)-n)
	it.cur, it.start = m.code, lastNonSpace(p.s, it.start)+1-n
}

var prefixWords = newEnds("人民币", "美金", "美元", "港币", "台币", "泰铢", "欧元", "日元", "泰达币", "比特币", "달러", "테더", "비트코인", "유로", "위안")

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
	code := codes.Value(w)
	if w == "n" && nairaAt(p.s, it.start-1) {
		it.cur, it.start = "NGN", it.start-1
		return
	}
	if code == "" || len(w) == 1 || w == "try" || w == "won" {
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
	if c := dollars.Value(p.s[j:it.start]); c != "" {
		it.cur, it.start, it.dollar = c, j, false
	}
}

// amount reads a currency after the number, which ends at at, and the second half
// of a range.
// It reports whether the number is an amount of money.
func (p *parser) amount(it *item, at int) (int, bool) {
	prefixed := it.cur != ""
	end, m, ok := p.suffix(at)
	if !ok && m.word == "分" {
		_, before := p.leading(it.start)
		ok = p.eachUnit(&item{start: it.start}, before) // 每条8分
	}
	if ok && !it.ascii && !p.coinEnds(m, end) {
		ok = false
	}
	if ok {
		p.applyMoney(it, m)
		it.n, end = p.coins(it.n, m, end)
		end = p.restated(it.n, end)
	} else {
		end = at
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
	case "分钱", "分":
		return !strings.HasSuffix(p.s[:end], "一"+m.word) || p.perAt(end) // 不收一分钱
	case "角", "毛", "块":
	default:
		return true
	}
	if m.word == "角" && strings.HasSuffix(p.s[:end], "四角") {
		return p.perAt(end) // the four corners of a document
	}
	if p.perAt(end) || end >= len(p.s) {
		return true
	}
	r := firstRune(p.s[end:])
	return !isHan(r) || digitValue(r) >= 0 || coinFollowers.At(p.s, end) > 0
}

// coinFollowers may stand right behind an amount in words.
var coinFollowers = starts.New("收", "出", "卖", "起", "左右", "不", "包", "打", "钱", "到", "至", "一", "每", "现", "秒", "当", "拿", "带", "加", "飞", "微", "台", "美")

// restated returns the offset after a repetition of the number in parentheses:
// the "(80)" of 八十一单(80). It returns j if there is none.
func (p *parser) restated(n num, j int) int {
	k := j
	if k < len(p.s) && p.s[k] == ' ' {
		k++
	}
	if k+2 >= len(p.s) || p.s[k] != '(' {
		return j
	}
	if v, end := spoken(p.s, k+1); end > 0 && float64(v) == n.float() && hasAt(p.s, end, ")") {
		return end + 1 // 14 (fourteen)
	}
	if !isDigit(p.s[k+1]) {
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
	if it.dollar && otherDollars.Value(m.code) {
		it.cur, it.dollar = m.code, false // $40 AUD
	}
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
func (p *parser) suffix(j int) (int, money, bool) {
	j = p.skipMore(j)
	k := j
	if k < len(p.s) && p.s[k] == ' ' {
		k++
	}
	m, ok := matchSuffix(p.s, k)
	if !ok {
		if m, ok = oneLetterCoin(p.s, k); !ok {
			return j, money{}, false
		}
	}
	end := k + len(m.word)
	switch {
	case m.word == "c" || m.word == "p":
		ok = k == j && (hasAt(p.s, end, "/") || eachAt.At(p.s, p.skipSpace(end)) > 0)
	case m.word == "分":
		ok = p.perAt(end)
	case m.word == "米":
		ok = p.perAt(end) || p.clauseEnds(end) && p.countedJustBefore(j)
	case k > j && len(m.word) <= 3 && !isLetter(m.word[0]) && end < len(p.s) && isDigit(p.s[end]):
		ok = false // "10 $20"
	case m.word == "$" && k == j && end < len(p.s) && isDigit(p.s[end]):
		ok = false
	case len(m.word) == 1 && isLetter(m.word[0]) && k > j && !p.singleLetterEnds(end):
		ok = false
	}
	return end, m, ok
}

// oneLetterCoin returns the coin that the word at k names where it is one letter
// and a "per" follows.
func oneLetterCoin(s string, k int) (money, bool) {
	if k < len(s) && (k+1 == len(s) || !isLetter(s[k+1])) {
		switch s[k] {
		case 'c':
			return money{"c", "USD", -2}, true
		case 'p':
			return money{"p", "GBP", -2}, true
		}
	}
	return money{}, false
}

// countedJustBefore reports whether a quantity stands right before the number
// that ends at j.
func (p *parser) countedJustBefore(j int) bool {
	last := p.last()
	return last != nil && last.kind == quantity && last.end < j && j-last.end < 12
}

// eachAt stand behind a coin of one letter: 50c each.
var eachAt = starts.New("per ", "a piece", "apiece", "a pop", "ea")

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
