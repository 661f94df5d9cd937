package offer

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// Quantities beside what a price buys: samples, limits, what a set holds, what
// was sold before, friends of an account.
var (
	asideBefore = newEnds("测", "先测", "试", "先试", "试打", "试料", "试用", "免费", "送", "再送", "赠", "赠送", "最多", "最大", "限", "限购", "每天", "每日", "每人", "一人", "日出", "日产", "已出", "已售", "已卖", "卖出", "成交",
		"已成交", "做过", "做了", "出过", "累计", "好友", "粉丝", "上周", "上月", "今天", "昨天", "含", "包含", "内含", "附", "带", "各", "共享", "满", "凡满", "买", "介绍", "带来", "收了", "出了", "已结算", "合作",
		"需要", "还要", "每天收", "单日", "不超过", "仅限", "只有", "合作过", "服务过", "服务了", "拒绝", "最多换", "保", "包换", "每次",
		"test", "testing", "tested", "sample", "samples", "free", "first", "max", "maximum", "up to", "sold", "served", "last", "another", "need", "daily", "shipped", "done", "delivered", "within",
		"plus", "includes", "including", "contains", "with", "at most", "need about", "after", "left", "last", "every", "preview", "buy", "bring",
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
	raw := strings.TrimRight(p.s[max(0, it.start-30):it.start], " :=-|*\t([~≈约")
	if k := strings.LastIndexAny(raw, ",;。\n("); k >= 0 && contentWords.At(strings.TrimLeft(raw[k:], ",;。\n( "), 0) > 0 {
		return true
	}
	return asideBefore.in(raw) && !boughtBefore.in(raw) || asideAfter.At(p.s, it.end) > 0
}
