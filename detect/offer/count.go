package offer

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// countedAt reports whether a counter follows at i, so that the number before
// it is a quantity.
func (p *parser) countedAt(i int) bool {
	i = p.skipSpace(i)
	return matchUnit(p.s, i) > 0 || p.noun(i)[1] > 0
}

// skipMore skips what makes a number vague: 5000多, 3000+.
func (p *parser) skipMore(i int) int {
	n := vague.At(p.s, i)
	if n > 0 && hasAt(p.s, i, "来") && !unitFollows(p.s, i+n) {
		return i
	}
	return i + n
}

var vague = starts.New("多", "余", "来", "+", "几", "여")

// counted reads the counter of a quantity, or for "5000-6000张" that of a
// range, whose low end counts.
func (p *parser) counted(it *item) bool {
	j := p.skipSpace(it.end)
	p.dotted(it, j)
	if n := matchUnit(p.s, j); n > 0 && (it.ascii || j == it.end || it.scaled && scriptAt(p.s, j) == hangul) && !p.decade(it, j) && !p.ordinal(it, j) {
		it.kind, it.unit, it.end = quantity, [2]int{j, j + n}, j+n
		return true
	}
	if p.times(it) {
		return true
	}
	if n := p.noun(j); n[1] > 0 && (it.ascii || it.scaled) && !p.yearOf(it, n) {
		it.kind, it.unit, it.end = quantity, n, n[1]
		return true
	}
	if k := p.rangeSign(it.end); k > 0 && k < len(p.s) && isDigit(p.s[k]) && it.ascii {
		n2, ok := readNumeral(p.s, k)
		if j := p.skipSpace(n2.end); ok && n2.digits < 9 && p.countedAt(j) && !p.decade(&item{n: n2.n}, j) {
			p.countRange(it, j)
			return true
		}
	}
	return p.countedThing(it, j)
}

// dotted takes the point of 24.700 for a mark of thousands where things are
// counted: there are no parts of them.
func (p *parser) dotted(it *item, j int) {
	if it.n.e == -3 && it.n.m >= 1000 && !it.scaled && (matchUnit(p.s, j) > 0 || p.noun(j)[1] > 0) {
		it.n.e = 0
	}
}

// yearOf reports whether the number is the year in which the account at noun was
// made: "2016 acct".
func (p *parser) yearOf(it *item, noun [2]int) bool {
	return it.end-it.start == 4 && it.n.e == 0 && it.n.m >= 2000 && it.n.m <= 2030 && it.n.m%100 != 0 && strings.HasPrefix(p.s[noun[0]:noun[1]], "acc") && noun[0]-it.end <= 1
}

// decade reports whether the number is a decade of life: 20대.
func (p *parser) decade(it *item, j int) bool {
	return hasAt(p.s, j, "대") && it.n.e == 0 && it.n.m < 100 && it.n.m%10 == 0
}

// times reads "x10" and "10x" before a noun or a price as a quantity.
func (p *parser) times(it *item) bool {
	s := p.s
	if it.start > 0 && s[it.start-1] == 'x' {
		it.kind = quantity
		return true
	}
	j := it.end
	if j+1 >= len(s) || s[j] != 'x' || !it.ascii {
		return false
	}
	if p.noun(p.skipSpace(j + 1))[1] > 0 && s[j+1] == ' ' {
		it.kind, it.unit = quantity, p.noun(j+2)
		it.end = it.unit[1]
		return true
	}
	if k := p.skipJoint(j + 1); k > j+1 && p.amountAt(k) { // 5x $45
		it.kind, it.end = quantity, j+1
		return true
	}
	return false
}

// ordinal reports whether 二 stands before a counter that it does not count,
// as two of something are 两: 二次实名 is the second.
func (p *parser) ordinal(it *item, j int) bool {
	return it.n == num{m: 2} && hasAt(p.s, it.start, "二") && !hasAt(p.s, j, "维")
}

// countRange makes a quantity of the low end of a range whose counter is at j.
func (p *parser) countRange(it *item, j int) {
	it.kind = quantity
	if n := matchUnit(p.s, j); n > 0 {
		it.unit = [2]int{j, j + n}
	} else {
		it.unit = p.noun(j)
	}
	it.end = it.unit[1]
}

// things are what Chinese listings count without a counter: 20万人脸.
var things = starts.New("人脸", "身份证", "照片", "头像", "数据", "手机号", "银行卡", "视频", "资料", "信息",
	"用户", "会员", "简历", "记录", "料", "实名", "姓名", "公民", "学生", "车主", "얼굴", "신분증", "사진", "디비", "db")

// ofThem stand behind a number of things that were named before.
var ofThem = starts.New(" of them", " of these", " of those", " in total", " total.", " total,", " all in all", " altogether")

// countedThing reads a quantity whose counter is the thing itself.
func (p *parser) countedThing(it *item, j int) bool {
	if it.ascii && ofThem.At(p.s, it.end) > 0 {
		it.kind = quantity
		return true
	}
	if !it.scaled && it.n.less(num{m: 100}) {
		return false
	}
	n := things.At(p.s, j)
	if n == 0 || j > it.end && !it.scaled {
		return false
	}
	it.kind = quantity
	if leastAfter.At(p.s, j+n) > 0 {
		it.unit, it.end = [2]int{j, j + n}, j+n // 1000车主以上
	}
	return true
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
	return measures.At(p.s, j) > 0 && (j == i || thingsAfter.At(p.s, j) == 0) || isLetter(p.s[min(j, len(p.s)-1)]) && timeWord(wordAt(p.s, j))
}

// thingsAfter begin like measures but are things, where a space stands before.
var thingsAfter = starts.New("手机", "手持", "人脸", "人像", "个人", "网证", "网号", "天猫", "大学", "公户", "年号", "月号", "月卡", "年卡", "周卡", "日卡", "天卡", "季卡", "月租", "日租", "周租", "年租", "天租", "月付", "年付", "日结", "周结")

// measures follow numbers that are neither prices nor quantities.
var measures = starts.New("年", "月", "日", "号", "点", "时", "小时", "分", "秒", "天", "周", "星期", "岁",
	"%", "‰", "度", "级", "代", "版", "期", "届", "楼", "层", "路", "后", "前", "折", "倍", "寸", "厘", "毫",
	"公", "斤", "克", "吨", "升", "位", "成", "核", "线", "件套", "要素", "网", "类", "手", "人", "个", "次",
	"년", "월", "일", "시", "분", "초", "주", "세", "살", "대", "번", "퍼", "개월", "kg", "cm", "mm")

func timeWord(w string) bool {
	switch w {
	case "years", "year", "yrs", "yo", "days", "day", "hours", "hour", "hrs", "hr", "minutes", "minute", "min", "mins",
		"weeks", "week", "months", "month", "percent", "am", "pm", "gb", "mb", "kb", "tb", "kg", "cm", "mm", "km", "th", "st", "nd", "rd":
		return true
	}
	return false
}
