package offer

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// Words before a price.
var (
	fillers = newEnds("只需要", "只要", "只需", "仅需", "仅售", "仅要", "才", "仅", "只", "约", "大概", "为", "是", "卖", "收", "售", "要",
		"最低", "低至", "统一", "现价", "about", "only", "just", "at", "is", "from", "around", "단", "약", "겨우", "出")
	priceCues = newEnds("价格", "卡费", "号费", "费用", "收费", "租金", "酬劳", "报酬", "量大", "批量", "单买", "单拿", "零拿", "零买", "散拿", "批发", "批", "一周", "一星期", "给到", "出到", "开到", "最高给", "周租", "年租", "季租", "时租", "包年", "包季", "包周", "老客", "全拿", "全要", "散单", "零售", "价钱", "价", "卖",
		"가격", "단가", "판매가", "매입가", "매매가", "대여료", "임대료", "일급", "수당", "보수", "price", "prices", "asking", "cost", "costs", "rate", "i pay", "we pay", "i ask", "we ask", "i charge", "we charge", "i want", "i'd want", "i take", "that'll be", "that will be", "that's")
	unitPriceCues = newEnds("单价", "均价", "单张", "单套", "单份", "单条", "单个", "单人", "单次", "单件", "单组", "单只", "单户", "单本", "单段", "단가", "each", "unit price", "apiece")
	lotCues       = newEnds("打包", "打包价", "拿走", "全部带走", "打包带走", "通走", "全收", "包圆", "全拿", "全带走", "全部要", "一次拿完", "全部", "一共", "总共", "总价", "整库", "全要", "一起", "整包", "整包价", "整本", "整份", "整表", "整套库", "一枪打", "一枪", "一次性", "일괄 시", "일괄시", "일괄로", "일괄은", "통으로는", "통으론", "통째로는", "전체로는", "전량은", "통으로", "통째로", "전량", "전체는", "전부는", "모두는", "전부 가져가시면", "다 가져가시면", "모두 가져가시면", "전부 가져가면", "다 가져가면", "전부 하시면", "전부 사시면", "다 사시면", "다 사면", "다 하시면", "전부 구매 시", "전부 구매하시면", "다 구매하시면", "모두 사시면", "모두 사면", "싹 가져가시면", "통으로 가져가시면", "통으로 사시면", "다 데려가시면", "한 번에 다", "한꺼번에", "한번에 다", "몽땅", "통매", "싹 다", "싹다", "통판매", "全量", "全包", "整批带走", "整批", "整单", "整打", "全库", "整包拿", "一次拿", "一把拿", "一把清", "全端", "一锅端", "清仓价", "full file", "full list", "full base", "full db", "full database", "full archive", "full export", "whole file", "whole list", "whole db", "whole database", "whole set", "whole batch", "whole thing", "whole archive", "whole folder", "entire file", "entire list", "entire database", "entire dump", "entire batch", "complete list", "complete dump", "complete database", "all of it", "all of them", "whole lot", "the lot", "everything", "entire lot", "full dump", "whole dump", "whole base", "total", "all for", "all", "전체", "전부", "일괄", "모두", "총")
	dayCues       = newEnds("per day", "daily", "하루에", "日租", "天租", "日结", "日薪", "每天", "一天", "每日", "하루", "일당", "일")
	monthCues     = newEnds("per month", "monthly", "一个月", "한달에", "한 달", "한 달에", "月租", "每月", "包月", "한달", "매월", "월", "月")
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
	if it.perQty.m == 0 && (lotCues.In(raw) || lotCues.In(b) || lotClause.In(raw)) {
		it.lot = true
	}
	return it.lot || (priceCues.In(raw) || priceCues.In(b)) && !noPrice.In(raw) || it.per != "" && it.cur != ""
}

// noPrice end like words for a price and are none.
var noPrice = newEnds("评价", "讲价", "砍价", "议价", "比价", "估价", "还价", "代价", "valid rate", "success rate", "hit rate", "pass rate", "approval rate", "validity rate", "exchange rate", "dead rate")

// leftPeriod returns the period that b ends with: 日租 300.
func (p *parser) leftPeriod(b string) string {
	period, n := "day", dayCues.Of(b)
	if n == 0 {
		period, n = "month", monthCues.Of(b)
	}
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
	return period
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
		if k := goodsCounted.Of(t); k > 0 && p.eachUnit(it, t[:len(t)-k]) {
			return true // 每张卡一千二
		}
	}
	return false
}

// goodsCounted stand between 每 with a counter and the price.
var goodsCounted = newEnds("卡", "号", "图", "照片", "照", "脸", "证", "料", "视频", "数据", "资料", "账号", "账户")

// eachUnit reads 每UNIT and UNIT당 at the end of t.
func (p *parser) eachUnit(it *item, t string) bool {
	if c := strings.TrimSuffix(t, "에"); strings.HasSuffix(c, "당") {
		c = strings.TrimSuffix(c, "당")
		for _, k := range []int{6, 3, 9} {
			if len(c) >= k && (matchUnit(c, len(c)-k) == k || k >= 6 && accountUnits.At(c, len(c)-k) > 0) {
				it.perQty = num{m: 1}
				p.unitBefore(it, t, k+len(t)-len(c))
				it.unit[1] = it.unit[0] + k
				if last := p.last(); last != nil && last.kind == quantity && last.unit[0] == it.unit[0] && it.unit[0] > 0 {
					it.perQty, last.paired = last.n, true // 1만건당
				}
				return true
			}
		}
		return false
	}
	if p.oneOf(it, t) {
		return true
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
