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
	case "for":
		return p.perFor(it, end)
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
	q := p.last()
	if q == nil || q.kind != quantity && q.kind != bare || q.least || q.end > it.start {
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
var needWords = newEnds("need", "want", "around", "about", "do", "make", "produce", "supply", "have", "take", "take up to", "need up to", "looking for", "roughly", "需要", "每月要", "能做", "能出")

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
