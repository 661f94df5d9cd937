package offer

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// Quantities beside what a price buys: samples, limits, what a set holds, what
// was sold before, friends of an account.
var (
	asideBefore = newEnds("测", "试", "试打", "试料", "试用", "免费", "送", "赠", "最多", "最大", "주당", "월", "限", "限购", "每天", "每日", "每人", "一人", "日出", "日产", "已出", "已售", "已卖", "卖出", "成交",
		"做过", "做了", "出过", "累计", "好友", "粉丝", "上周", "上月", "今天", "昨天", "含", "附", "带", "各", "跑", "能接", "能做", "可做", "共享", "满", "买", "介绍", "带来", "收了", "出了", "已结算", "合作",
		"需要", "还要", "每天收", "单日", "不超过", "只有", "合作过", "服务过", "服务了", "拒绝", "最多换", "保", "包换", "每次", "每天接", "每天做", "一天接", "一天做", "日接",
		"test", "testing", "tested", "sample", "samples", "free", "first", "max", "maximum", "up to", "sold", "served", "last", "another", "need", "daily", "shipped", "done", "delivered", "within",
		"plus", "includes", "including", "contains", "with", "at most", "need about", "after", "left", "every", "preview", "buy", "bring",
		"최대", "샘플", "샘플은", "샘플로", "테스트", "무료", "친구", "하루", "하루에", "누적", "지금까지", "이미", "선착순", "팔로워", "매일", "먼저", "첫 거래는", "한정", "포함", "지난주", "오늘", "어제")
	boughtBefore = newEnds("可买", "能买", "可以买", "购买", "一共", "总共含")
	asideAfter   = starts.New("好评", "评价", "反馈", "成交", "试", "测", "免费", "以内", "以下", "限购", " free", " first", " for free", " for test", " to test", " as a test", " as test", " as sample", " for sample", " test", " sample",
		" max", " sold", " left", " happy", " feedback", " a day", " a week", " per day", " per week", " daily", " weekly", "까지", " 까지", " 무료", " 샘플", " 테스트", " 한정", " 넘게", "한정", " 이내", "이내", "짜리 샘플")
)

// contentWords begin a clause that says what else belongs to the goods.
var contentWords = starts.New("含", "包含", "内含", "附", "赠", "送", "including", "includes", "with ", "포함")

// aside reports whether the words around the quantity of it say that no price
// buys it.
func (p *parser) aside(it *item) bool {
	raw := asideJoints.trimRight(p.s[max(0, it.start-30):it.start])
	if part := contentBounds.lastPart(raw); len(part) < len(raw) && contentWords.At(strings.TrimLeft(part, " "), 0) > 0 {
		return true
	}
	return asideBefore.In(raw) && !boughtBefore.In(raw) || asideAfter.At(p.s, it.end) > 0
}

// Characters between a quantity and the words before it, and before a part of a
// sentence that lists contents.
var (
	asideJoints   = newMarks(" :=-|*\t([~≈约")
	contentBounds = newMarks(",;\n(")
)

// Words around a quantity.
var (
	leastAfter  = starts.New("↑", "이상↑", "+↑", "起批", "起订", "往上", "及以上", "或以上", "打底", "起拍", "起卖", "起售", "起步", "起发", "起", "以上", "+起", "이상", "부터", "초과", " 초과", " or more", " minimum", " min", " 이상", " 부터", " 起", " 以上")
	leastBefore = newEnds("最低", "最少", "至少", "上了", "过了", "超", "破", "凑够", "起批", "起订", "起卖", "起拍", "满", "大于", "超过", ">", "≥", ">=", "minimum", "minimum order", "min", "min order", "moq", "at least",
		"최소", "최소주문", "최소 주문")
	stockBefore = newEnds("现货", "库存", "存货", "存量", "现有", "手里有", "手上有", "剩余", "还有", "还剩", "总量", "总数", "stock", "available", "have", "보유", "재고", "보유량", "총", "db", "共", "total")
	stockAfter  = starts.New("现货", "库存", "存货", "在库", "有货", "in stock", "available", "보유", "재고", "씩")
)

// Words of stock that a price never buys as a lot.
var (
	hardStock      = newEnds("库存", "存货", "库存量", "余量", "剩余", "재고", "보유", "보유량", "stock")
	hardStockAfter = starts.New("库存", "in stock", "in-stock", "available", "재고", "보유")
)

// quantityWords reads what makes a quantity a minimum or a stock.
func (p *parser) quantityWords(it *item) {
	raw := countJoints.trimRight(p.s[max(0, it.start-40):it.start])
	if leastBefore.In(raw) {
		it.least = true
	}
	if n := leastAfter.At(p.s, it.end); n > 0 {
		it.least, it.end = true, it.end+n
	} else if n := mostAfter.At(p.s, it.end); n > 0 {
		it.upto, it.aside, it.end = true, true, it.end+n
	}
	if p.reached(it) {
		it.least = true
	}
	it.aside = it.aside || p.aside(it)
	if stockBefore.In(raw) || stockAfter.At(p.s, p.skipSpace(it.end)) > 0 {
		it.stock = true
		it.hard = hardStock.In(raw) || hardStockAfter.At(p.s, p.skipSpace(it.end)) > 0
	}
}

// mostAfter stand behind a highest quantity: 10个以下30.
var mostAfter = starts.New("以下", "以内", "之内", "内", "이하", "미만", " 이하", " 미만", " or less", " or fewer")

// reached reports whether a word of reaching stands right before the quantity of
// it and an amount behind it: "上千个三毛", "过万条0.1".
func (p *parser) reached(it *item) bool {
	b := p.s[max(0, it.start-6):it.start]
	if !reachWords.In(b) || notReach.In(b) || it.n.less(num{m: 10}) {
		return false
	}
	k := it.end
	for n := reachGap.At(p.s, k); n > 0; n = reachGap.At(p.s, k) {
		k += n
	}
	r := rune(0)
	if k < len(p.s) {
		r = firstRune(p.s[k:])
	}
	return r != 0 && (digitValue(r) >= 0 || scalePower(r) > 0 && isHan(r) || r == '$' || r == '¥')
}

var (
	reachWords = newEnds("上", "过", "满", "破", "超")
	notReach   = newEnds("以上", "手上", "身上", "线上", "网上", "路上", "晚上", "早上", "不过", "通过", "经过", "做过", "卖过", "出过", "用过")
	reachGap   = starts.New("的", "就", "按", "算", "只要", "给你", " ", ":")
)

// countLabels stand before a number of things: "数量 8000", "Qty: 500".
var countLabels = newEnds("数量", "条数", "张数", "套数", "份数", "个数", "人数", "数目", "数据量", "总量", "qty", "quantity", "records", "rows", "count", "size", "수량", "개수", "건수", "매수")
