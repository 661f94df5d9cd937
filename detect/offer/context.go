package offer

import (
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/latin"
	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// rightPer reads what follows a price: what one price is for and for how long
// ("/套", "一张一天", "per 100 pcs", "each", "씩").
func (p *parser) rightPer(it *item) {
	j := it.end
	j += roughly.At(p.s, j)
	if hasAt(p.s, j, "씩") && it.perQty.m == 0 {
		it.perQty, it.end = num{m: 1}, j+len("씩")
		return
	}
	for n := 0; n < 2; n++ {
		end := p.onePer(it, j)
		if end < 0 {
			return
		}
		end = p.restated(it.n, end)
		it.end, j = end, end
	}
}

// roughly may stand between a price and its "per".
var roughly = starts.New("左右", "起步", "起", "以上", "整", "钱", "以内", "부터", "짜리")

// onePer reads one "per" at j and returns the offset after it, -1 if none is
// there.
func (p *parser) onePer(it *item, j int) int {
	k := p.skipSpace(j)
	s := p.s
	if k < len(s) && (s[k] == '(' || s[k] == '[') {
		k++
	}
	switch {
	case hasAt(s, k, "/"):
		next := p.skipSpace(k + 1)
		tight := k == j || next == k+1 || isDigit(s[min(next, len(s)-1)])
		return p.perWhat(it, next, tight) // "320만원 / 텔레" has no "per"
	case hasAt(s, k, "每"):
		return p.perWhat(it, k+len("每"), true)
	case hasAt(s, k, "一"):
		if end := p.perWhat(it, k+len("一"), false); end > 0 {
			return end
		}
		return p.perCount(it, k)
	case hasAt(s, k, "1") && (k+1 >= len(s) || !isDigit(s[k+1]) && s[k+1] != '.' && s[k+1] >= 0x80):
		return p.perWhat(it, k+1, false)
	case k < len(s) && isLetter(s[k]):
		return p.perLatin(it, k)
	}
	if end := p.perKorean(it, k); end > 0 {
		return end
	}
	return p.perCount(it, k)
}

// perCount reads a Chinese numeral and its counter right behind a number without
// a currency, which then is what so many cost: "80一千条", "40三个".
func (p *parser) perCount(it *item, k int) int {
	if it.cur != "" || !it.ascii || k != it.end || k >= len(p.s) || !isHanNumeral(firstRune(p.s[k:])) || p.boughtBefore(it) {
		return -1
	}
	n, ok := readNumeral(p.s, k)
	u := matchUnit(p.s, n.end)
	if !ok || u == 0 || n.n.m < 2 && !n.scaled {
		return -1
	}
	it.perQty, it.unit = n.n, [2]int{n.end, n.end + u}
	return n.end + u
}

// perKorean reads 건당 behind a price.
func (p *parser) perKorean(it *item, k int) int {
	n := matchUnit(p.s, k)
	if n == 0 || !hasAt(p.s, k+n, "당") {
		return -1
	}
	end := k + n + len("당")
	if k > 0 && p.s[k-1] == '(' && !hasAt(p.s, end, ")") {
		return -1 // "150만원 (건당 판매 안 함)"
	}
	it.perQty, it.unit = num{m: 1}, [2]int{k, k + n}
	return end
}

// perLatin reads "per set", "each", "a piece" at k.
func (p *parser) perLatin(it *item, k int) int {
	w := wordAt(p.s, k)
	end := k + len(w)
	switch w {
	case "each", "ea", "apiece", "pcs", "pc":
		if w == "each" && hasAt(p.s, end, " ") && roundNumber(p.s, end+1) {
			return p.perNumber(it, end+1)
		}
		if w[0] == 'p' && it.cur == "" {
			return -1
		}
		it.perQty = num{m: 1}
		return end
	case "per", "a", "an", "every":
		if end+1 >= len(p.s) || p.s[end] != ' ' {
			return -1
		}
		if isDigit(p.s[end+1]) || roundNumber(p.s, end+1) {
			return p.perNumber(it, end+1)
		}
		next := wordAt(p.s, end+1)
		flat := flatWords.Value(next) || w == "a" && it.cur != "" && len(next) > 3 && !noThing.Value(next) && p.clauseEnds(end+1+len(next))
		if w != "per" && !nouns.Value(next) && timeUnits.Value(next) == "" && !flat {
			return -1
		}
		if flat && !nouns.Value(next) {
			it.perQty = num{m: 1}
			return end + 1 + len(next)
		}
		return p.perWhat(it, end+1, w == "per")
	}
	return -1
}

// roundNumber reports whether a word such as hundred stands at i.
func roundNumber(s string, i int) bool {
	w := wordAt(s, i)
	return numberWords.Value(w) >= 100 || w == "dozen" || w == "ten"
}

// noThing may stand behind an amount and "a" and are nothing that it buys.
var noThing = latin.Set("while deal steal bargain discount joke scam must little total minimum maximum gift bonus tip")

// flatWords end "a pop" and the like: for one.
var flatWords = latin.Set("pop head throw shot go")

// perWhat reads the thing at j that a price is for: a counter, a period, a
// word, or a number of them. loose says that the "per" is explicit, so that
// any word will do if the price has a currency.
func (p *parser) perWhat(it *item, j int, loose bool) int {
	if j >= len(p.s) {
		return -1
	}
	if end := p.perTime(it, j); end > 0 {
		return end
	}
	if it.perQty.m > 0 {
		return p.laterUnit(it, j)
	}
	if loose {
		if hasAt(p.s, j, "一") && unitFollows(p.s, j+len("一")) {
			j += len("一")
		} else if isDigit(p.s[j]) && p.boughtBefore(it) {
			return -1 // "1万条90u / 10万条600u" is two offers
		} else if end := p.perNumber(it, j); end > 0 {
			return end
		}
	}
	if n := matchUnit(p.s, j); n > 0 {
		return p.perUnit(it, j, j+n)
	}
	if !isLetter(p.s[j]) {
		if !loose && it.perQty.m == 0 && p.oddCounter(it, j) {
			it.perQty = num{m: 1}
			return j
		}
		if loose && it.cur != "" && scriptAt(p.s, j) != other && it.perQty.m == 0 {
			it.perQty = num{m: 1}
			return j
		}
		return -1
	}
	w := wordAt(p.s, j)
	if nouns.Value(w) || loose && it.cur != "" && len(w) > 1 && len(w) <= 14 && w != "cent" {
		return p.perUnit(it, j, j+len(w))
	}
	return -1
}

// boughtBefore reports whether a quantity of several stands right before the
// price it and starts its clause.
func (p *parser) boughtBefore(it *item) bool {
	if len(p.items) == 0 {
		return false
	}
	q := &p.items[len(p.items)-1]
	if (q.kind != quantity && q.kind != bare) || q.least || q.end > it.start {
		return false
	}
	gap := p.s[q.end:it.start]
	return isFor(gap) || q.kind == quantity && strings.Trim(gap, " :=-") == ""
}

// oddCounter reports whether one Chinese character that ends the clause stands
// at j, behind a 一 that follows a number: a counter misspelt to hide, 55一丹.
func (p *parser) oddCounter(it *item, j int) bool {
	r, w := utf8.DecodeRuneInString(p.s[j:])
	return isHan(r) && it.ascii && !it.n.less(num{m: 5}) && p.clauseEnds(j+w) && !strings.ContainsRune("半样下起点些手律般定直旦致共方边天月年日号次", r)
}

// laterUnit reads the counter at j of a price that is known to be for one:
// 单价5元/张.
func (p *parser) laterUnit(it *item, j int) int {
	n := matchUnit(p.s, j)
	if n == 0 || it.unit[1] > 0 {
		return -1
	}
	return p.perUnit(it, j, j+n)
}

func (p *parser) perUnit(it *item, start, end int) int {
	if it.perQty.m == 0 {
		it.perQty = num{m: 1}
	}
	if w := p.s[start:end]; w != "each" && w != "ea" {
		it.unit = [2]int{start, end}
	}
	return end
}

// perTime reads a period at j.
func (p *parser) perTime(it *item, j int) int {
	end := j
	if isLetter(p.s[j]) {
		end += len(wordAt(p.s, j))
	} else {
		end += periods.At(p.s, j)
	}
	if end == j {
		return -1
	}
	per, ok := timeUnits.Of(p.s[j:end])
	if it.cur == "" && it.perQty.m == 0 && needWords.In(roughJoints.trimRight(p.s[max(0, it.start-24):it.start])) {
		return -1 // "need around 300 a month"
	}
	explicit := strings.HasSuffix(p.s[:j], "一") && it.ascii && !it.n.less(num{m: 5})
	if !ok || it.cur == "" && it.perQty.m == 0 && !explicit && (per == "" || it.n.less(num{m: 10})) {
		return -1 // "7 days" is no rent
	}
	if it.perQty.m == 0 {
		it.perQty = num{m: 1}
	}
	if per != "" {
		it.per = per
	}
	return end
}

// periods are those of timeUnits in Chinese and Korean.
var periods = starts.New("个月", "小时", "分钟", "天", "日", "月", "晚", "年", "周", "秒", "개월", "하루", "시간", "일", "월", "달", "주", "년")

// roughJoints stand between such a word and the number.
var roughJoints = newMarks(" ~≈")

// needWords stand before what someone needs or makes in some time.
var needWords = newEnds("need", "need around", "need about", "want", "want around", "around", "about", "can do", "do", "make", "produce", "supply", "have", "take", "take around", "take up to", "need up to", "looking for", "roughly", "需要", "每月要", "能做", "能出")

// perNumber reads "100张" or "1k" after a "per".
func (p *parser) perNumber(it *item, j int) int {
	var n numeral
	var ok bool
	switch r := firstRune(p.s[j:]); {
	case isDigit(p.s[j]), isHanNumeral(r):
		n, ok = readNumeral(p.s, j)
	case isLetter(p.s[j]):
		v, end := spoken(p.s, j)
		n, ok = numeral{n: num{m: v}, end: end}, v > 0
	}
	if !ok || n.n.m <= 0 || n.digits > 8 || hasAt(p.s, n.end, "+") {
		return -1
	}
	k := p.skipSpace(n.end)
	if u := matchUnit(p.s, k); u > 0 {
		it.unit = [2]int{k, k + u}
	} else if u := p.noun(k); u[1] > 0 {
		it.unit = u
	} else if it.cur == "" {
		return -1
	}
	end := max(n.end, it.unit[1])
	if k := p.skipJoint(end); (k > end || hasAt(p.s, j, "十") || hasAt(p.s, j, "百") || hasAt(p.s, j, "千")) && it.unit[1] > 0 && p.priceAt(k) {
		it.unit = [2]int{}
		return -1 // "장당 3천 / 100장 20만": they are the lot of the next price
	}
	it.perQty = n.n
	return end
}

// priceAt reports whether a number stands at i that is not for some number of
// things itself, "20만" but not "600元/10000条".
func (p *parser) priceAt(i int) bool {
	if i >= len(p.s) || !isDigit(p.s[i]) && !strings.ContainsRune("$€£¥₩", firstRune(p.s[i:])) {
		return false
	}
	if !isDigit(p.s[i]) {
		_, w := utf8.DecodeRuneInString(p.s[i:])
		i += w
	}
	if i >= len(p.s) || !isDigit(p.s[i]) {
		return false
	}
	n, ok := readNumeral(p.s, i)
	if !ok || p.notCounted(n.end) && !isLetter(p.s[n.end]) || matchUnit(p.s, p.skipSpace(n.end)) > 0 {
		return false
	}
	end := n.end
	if m, money := matchSuffix(p.s, p.skipSpace(end)); money {
		end = p.skipSpace(end) + len(m.word)
	}
	return !hasAt(p.s, end, "/")
}

// Words before a price.
var (
	fillers = newEnds("只需要", "只要", "只需", "仅需", "仅售", "仅要", "才", "仅", "只", "约", "大概", "为", "是", "卖", "收", "售", "要",
		"最低", "低至", "统一", "现价", "about", "only", "just", "at", "is", "from", "around", "단", "약", "겨우", "出")
	priceCues = newEnds("价格", "售价", "卡费", "号费", "费用", "收费", "租金", "酬劳", "报酬", "工价", "量大", "批量", "单买", "单拿", "零拿", "零买", "散拿", "批发", "批", "一周", "一星期", "给到", "出到", "开到", "最高给", "周租", "年租", "季租", "时租", "包年", "包季", "包周", "老客", "全拿", "全要", "散单", "零售", "单价", "均价", "报价", "特价", "批发价", "零售价", "散价", "一口价", "优惠价", "底价", "价钱", "价", "卖",
		"打包价", "가격", "단가", "판매가", "매입가", "매매가", "대여료", "임대료", "일급", "수당", "보수", "price", "prices", "asking", "asking price", "cost", "costs", "rate")
	unitPriceCues = newEnds("单价", "均价", "单张", "单套", "单份", "单条", "单个", "单人", "单次", "单件", "单组", "单只", "单户", "单本", "单段", "단가", "each", "unit price", "apiece")
	lotCues       = newEnds("打包", "打包价", "全部拿走", "全拿走", "拿走", "全部带走", "打包拿走", "打包带走", "通走", "全收", "包圆", "全拿", "全带走", "全部要", "一次拿完", "全部", "一共", "总共", "总价", "整库", "全套打包", "全要", "一起", "整包", "整包价", "一次性", "일괄 시", "일괄시", "일괄로", "통으로", "통째로", "전량", "전체는", "전부는", "모두는", "전부 가져가시면", "다 가져가시면", "모두 가져가시면", "전부 가져가면", "다 가져가면", "전부 하시면", "전부 사시면", "다 사시면", "한꺼번에", "한번에 다", "몽땅", "통매", "싹 다", "싹다", "통판매", "全量", "全包", "整批带走", "整批", "整单", "整打", "全打包", "全库", "整包拿", "一次拿", "一把拿", "一把清", "全端", "一锅端", "清仓价", "打包一起", "全部打包", "full file", "full set of all", "full list", "full base", "full db", "full database", "full archive", "full export", "whole file", "whole list", "whole db", "whole database", "whole set", "whole batch", "whole thing", "whole archive", "whole folder", "entire file", "entire list", "entire database", "entire dump", "entire batch", "complete list", "complete dump", "complete database", "all of it", "all of them", "take all", "take everything", "whole lot", "the lot", "everything", "entire lot", "full dump", "whole dump", "whole base", "total", "all for", "all", "전체", "전부", "일괄", "모두", "총")
	periodCues    = latin.New(map[string]string{"日租": "day", "天租": "day", "日结": "day", "日薪": "day", "每天": "day", "一天": "day", "每日": "day", "月租": "month", "每月": "month",
		"一个月": "month", "包月": "month", "하루": "day", "하루에": "day", "월": "month", "한달": "month", "한달에": "month", "매월": "month",
		"일당": "day", "일": "day", "daily": "day", "monthly": "month", "per day": "day", "per month": "month", "月": "month"})
	periodEnds = newEnds("per month", "monthly", "per day", "daily", "一个月", "하루에", "한달에", "日租", "天租", "日结", "日薪", "每天", "一天", "每日", "月租", "每月", "包月", "하루", "한달", "매월", "일당", "월", "일", "月")
)

// leading returns up to 40 bytes before i without what joins a word to a
// number; plain is the same without words that only lead to the number.
func (p *parser) leading(i int) (raw, plain string) {
	if p.leadAt == i+1 {
		return p.leadRaw, p.leadPlain
	}
	raw = trimJoint(p.s[max(0, i-40):i])
	plain = raw
	for n := 0; n < 2; n++ {
		k := fillers.Of(plain)
		if k == 0 {
			break
		}
		plain = trimJoint(plain[:len(plain)-k])
	}
	p.leadAt, p.leadRaw, p.leadPlain = i+1, raw, plain
	return raw, plain
}

// trimJoint returns b without the punctuation that joins a word to a number.
func trimJoint(b string) string { return joints.trimRight(b) }

var joints = newMarks(" :=-|*\t>([~≈")

// leftWords reads what stands before a price: a "per", a period, a word for
// price or for the whole lot. It reports whether a number without currency is
// a price by it.
func (p *parser) leftWords(it *item) bool {
	raw, b := p.leading(it.start)
	if it.per == "" {
		it.per = p.leftPeriod(raw)
	}
	if it.perQty.m == 0 && p.leftUnit(it, raw, b) {
		return true
	}
	if it.perQty.m == 0 && (lotCues.In(raw) || lotCues.In(b)) {
		it.lot = true
	}
	return it.lot || (priceCues.In(raw) || priceCues.In(b)) && !noPrice.In(raw) || it.per != "" && it.cur != ""
}

// noPrice end like words for a price and are none.
var noPrice = newEnds("评价", "讲价", "砍价", "议价", "比价", "估价", "还价", "代价", "不议价")

// leftPeriod returns the period that b ends with: 日租 300.
func (p *parser) leftPeriod(b string) string {
	n := periodEnds.Of(b)
	if n == 0 {
		return ""
	}
	w, rest := b[len(b)-n:], b[:len(b)-n]
	last := lastRune(rest)
	if (w == "月" || w == "일" || w == "월") && rest != "" && last != ' ' && last != '\n' && last != ',' {
		return "" // 3月 is a date
	}
	if isHangul(last) {
		return ""
	}
	return periodCues.Value(w)
}

// leftUnit reads 每张, 单套, 건당, "per set" and the like before a price.
func (p *parser) leftUnit(it *item, raw, b string) bool {
	for n, t := range [...]string{raw, b} {
		if n > 0 && t == raw {
			break
		}
		if k := unitPriceCues.Of(t); k > 0 {
			it.perQty = num{m: 1}
			if strings.HasPrefix(t[len(t)-k:], "单") && matchUnit(t, len(t)-3) == 3 {
				p.unitBefore(it, t, 3)
			}
			return true
		}
		if p.eachUnit(it, t) || p.perWord(it, t) {
			return true
		}
	}
	return false
}

// eachUnit reads 每UNIT and UNIT당 at the end of t.
func (p *parser) eachUnit(it *item, t string) bool {
	if c := strings.TrimSuffix(t, "에"); strings.HasSuffix(c, "당") {
		c = strings.TrimSuffix(c, "당")
		for _, k := range []int{6, 3, 9} {
			if len(c) >= k && (matchUnit(c, len(c)-k) == k || k >= 6 && accountUnits.At(c, len(c)-k) > 0) {
				it.perQty = num{m: 1}
				p.unitBefore(it, t, k+len(t)-len(c))
				it.unit[1] = it.unit[0] + k
				if last := len(p.items) - 1; last >= 0 && p.items[last].kind == quantity && p.items[last].unit[0] == it.unit[0] && it.unit[0] > 0 {
					it.perQty, p.items[last].paired = p.items[last].n, true // 1만건당
				}
				return true
			}
		}
		return false
	}
	if oneEach.In(t) && matchUnit(t, len(t)-6) == 3 {
		it.perQty = num{m: 1}
		return true
	}
	for _, k := range []int{3, 6} {
		if len(t) >= k+3 && matchUnit(t, len(t)-k) == k && (strings.HasSuffix(t[:len(t)-k], "每") || strings.HasSuffix(t[:len(t)-k], "每一")) {
			it.perQty = num{m: 1}
			p.unitBefore(it, t, k)
			return true
		}
	}
	return false
}

// oneEach end with one of a thing and "each": 한 장씩.
var oneEach = newEnds("한장씩", "한 장씩", "1장씩", "한개씩", "한 개씩", "1개씩", "한건씩", "한 건씩", "1건씩", "한명씩", "한 명씩")

// accountUnits are counted like things in Korean: 계좌당.
var accountUnits = starts.New("하나", "낱개", "계좌", "통장", "번호", "아이디")

// unitBefore sets the unit to the k bytes that end t, which ends where the
// words before it.start end.
func (p *parser) unitBefore(it *item, t string, k int) {
	at := strings.LastIndex(p.s[max(0, it.start-40):it.start], t[len(t)-k:])
	if at >= 0 {
		at += max(0, it.start-40)
		it.unit = [2]int{at, at + k}
		it.start = min(it.start, at)
	}
}

// perDigits reads "per 100" at the end of t.
func (p *parser) perDigits(it *item, t string) bool {
	k := strings.LastIndex(t, "per ") + len("per ")
	if t == "" || k < len("per ") || k == len(t) || !isDigit(t[k]) {
		return false
	}
	n, ok := readNumeral(t, k)
	if !ok || n.end != len(t) || n.n.m == 0 || n.digits > 7 {
		return false
	}
	it.perQty = n.n
	return true
}

// perWord reads "per set" or "per thousand" at the end of t.
func (p *parser) perWord(it *item, t string) bool {
	if t == "" || !isLetter(t[len(t)-1]) {
		return p.perDigits(it, t)
	}
	if k := strings.LastIndex(t, "per "); k >= 0 && roundNumber(t, k+len("per ")) {
		if v, end := spoken(t, k+len("per ")); end == len(t) {
			it.perQty = num{m: v}
			return true
		}
	}
	j := len(t)
	for j > 0 && isLetter(t[j-1]) {
		j--
	}
	if j < 4 || j == len(t) || !strings.HasSuffix(t[:j], "per ") && !strings.HasSuffix(t[:j], "each ") || timeUnits.Value(t[j:]) != "" || stopNouns.Value(t[j:]) {
		return false
	}
	it.perQty = num{m: 1}
	p.unitBefore(it, t, len(t)-j)
	return true
}
