package offer

import (
	"strings"

	"github.com/leakwatch/leakwatch/detect/internal/starts"
)

// Amounts of money that are no price: deposits, limits, fees, balances, what
// something cost before or costs elsewhere, by how much it is cheaper.

// notSale are the words right before such an amount.
var notSale = newEnds("原价", "市场价", "正价", "原售价", "original price", "정가", "限额", "额度", "余额", "押金", "保证金", "流水", "罚款", "罚金", "罚", "赔付", "赔", "补贴", "面额", "定金", "订金", "运费",
	"手续费", "手续", "中介费", "介绍费", "抽", "提成", "返", "返现", "红包", "加价", "加收", "另加", "加急", "急单加", "奖", "小费", "原来", "押了", "押着", "以前", "之前", "平时", "别家", "外面", "跑腿费", "路费", "车费", "邮费", "快递费", "差价", "赚", "赚了", "月入", "日入", "充值", "工资", "工资:", "月薪", "奖金", "奖励", "获利", "骗走", "损失", "被骗", "注册资金", "满", "减", "存款", "上限",
	"balance", "deposit", "limit", "fine", "fined", "bail", "worth", "salary", "reward", "loss",
	"up to", "min order", "minimum order", "order of", "was", "formerly", "elsewhere", "others charge", "escrow fee", "commission", "referral", "bonus", "tip", "shipping", "postage", "delivery", "made", "earned", "profit", "refund", "surcharge", "extra", "cashback", "under", "above", "over",
	"원가", "시중가", "기존", "남들은", "소개비", "수수료", "소개료", "추가비", "퀵비", "택배비", "수익", "벌었", "선입금", "계약금", "선금", "잔금", "예약금", "착수금", "예치금", "쿠폰", "상금", "이자", "한도", "벌금", "보증금", "잔액", "배송비", "과태료", "월급")

// notSaleMore are further ones.
var notSaleMore = newEnds("余", "带流水", "有流水", "封顶", "月销", "门槛", "起充", "最低充值", "担保费", "公证费", "快递", "运费险", "违约金", "悬赏", "悬红", "原", "由", "市价", "官方价", "专柜价", "指导价", "拍下立减", "抵扣", "优惠券", "代金券", "抵用券", "最低消费", "最低下单", "尾款", "首付", "预付", "低于", "少于", "不足", "不到", "未满",
	"used to be", "used to cost", "was at", "retail", "rrp", "msrp", "regular price", "market price", "street price", "instead of", "rather than", "compared to", "down from", "reduced from", "save", "saves", "saving", "add", "handling", "courier", "fee", "fees", "gas", "spend", "spent", "balance of", "limit of", "limits of", "limit up to", "turnover", "income", "losses", "stolen", "scammed for", "scammed", "lost", "budget was", "down payment", "prepayment", "upfront", "cap", "capped at", "withdraw", "cashout", "cash out", "credit line", "credit limit",
	"normally", "usually", "old price", "reg price", "regular", "original", "list price", "previously", "최소 주문", "최소주문", "최소 구매", "최소 결제", "최소 금액", "최소금액", "원래", "정상가", "시세", "기존가", "할인 전", "이전", "전에는", "추천비", "추천인", "추천수당", "페이백", "캐시백", "잔고", "대출", "운송비", "퀵", "택배", "등록비", "가입비", "에스크로", "중개비", "안전거래", "거래대금", "이체한도", "일 한도", "인출한도", "월 수입", "월수입", "매출", "용돈")

// notSaleAfter are the words right behind such an amount.
var notSaleAfter = starts.New("余额", "的余额", "流水", "的流水", "额度", "的额度", "限额", "押金", "定金", "保证金", "起送", "包邮起", "运费", "手续费", "门槛", "红包", "优惠券", "的券", "无门槛", "补贴", "奖励", "自己续", "自己交", "自己付", "自理", "自付", "自缴", "自费", "已交", "已付", "已缴", "已预缴", "保号", "中介费", "担保费", "介绍费",
	"as deposit", "as a deposit", "as prepayment", "in advance as", "balance", "deposit", "shipping", "postage", "delivery", "escrow", "fee", "limit", "bonus", "credit limit", "overdraft", "in balance", "on it", "inside", "on balance", "loaded", "worth", "discount", "off ", "off,", "off.", "cheaper", "less than", "more than", "cashback", "refund", "minimum order", "min order", "minimum spend", "profit", "a day limit", "daily limit", "surcharge", "extra if", "extra for", "upfront", "down payment", "more expensive", "included", "incl", "post", "p&p",
	"보증금", "잔액", "잔고", "들어있", "들어 있", "있는 통장", "있는 계좌", "한도", "수익", "할인해", "할인됩", "할인 쿠폰", "추가", "별도", "선입금", "배송비", "택배비", "예치", "쿠폰", "수수료", "손해", "피해", "벌", "날린", "날렸", "사기")

// difference are the words before an amount by which a price differs.
var difference = newEnds("便宜", "贵", "涨", "降", "省", "差", "跌", "便宜了", "贵了", "涨了", "降了", "省了", "少了", "多了", "跌了", "减", "减了", "退", "补", "差价", "抹", "抹掉",
	"cheaper by", "less by", "save", "saves", "knock", "knocked", "off by", "up by", "down by", "dropped", "raised")

// provinces end with a 省 that saves nothing: 挑一个省60.
var provinces = newEnds("个省", "单省", "每省", "整省", "全省", "本省", "外省", "一省", "任意省")

// notForSale reports whether the words around an amount [i, j) make it no price.
func (p *parser) notForSale(it *item, i int) bool {
	raw, _ := p.leading(i)
	if rest := strings.TrimSuffix(raw, "另加"); rest != raw && goodsEnd.In(rest) {
		return false // 电话卡另加88
	}
	if without.In(raw) {
		return false // 不带余额60
	}
	if p.limitBefore(i) {
		return !(it.perQty.m > 0 && it.per == "" && limits.In(raw)) // "up to $80 per account" is paid
	}
	if notSale.In(strings.TrimSuffix(raw, " of")) {
		return true
	}
	if it.perQty.m == 0 && difference.In(raw) && !provinces.In(raw) {
		return true
	}
	if it.perQty.m == 0 && p.notSaleBehind(it.end) {
		return true
	}
	return p.elsewhere(i) || it.cur == "" && p.ofFriends(i)
}

// limitBefore reports whether a word right before i makes an amount there no price.
func (p *parser) limitBefore(i int) bool {
	raw, b := p.leading(i)
	return notSale.In(raw) || notSale.In(b) || notSaleMore.In(raw) || notSaleMore.In(b)
}

// ofFriends reports whether the clause before i speaks of the friends that an
// account has.
func (p *parser) ofFriends(i int) bool {
	b := p.s[max(0, i-30):i]
	if k := strings.LastIndexAny(b, ".;!?\n,"); k >= 0 {
		b = b[k+1:]
	}
	return friendWords.In(b)
}

var friendWords = starts.NewSearch("好友大概", "好友约", "好友每", "好友平均", "好友数", "粉丝数", "粉丝约", "粉丝大概", "粉丝每", "好友个", "好友都", "好友有", "粉丝有", "친구 수", "팔로워 수")

// without end with a word of notSale that is said not to be there.
var without = newEnds("没余额", "无余额", "不含余额", "零余额", "空余额", "免押金", "无押金", "不押金", "不要押金", "不收押金", "包邮费", "无手续费", "免手续费", "带余额", "有余额")

// limits are words of a highest amount.
var limits = newEnds("up to", "max", "maximum", "최대", "最高", "最多")

// elsewhere reports whether the clause before i speaks of what others charge, of
// what was before, or of what is paid for bringing someone.
func (p *parser) elsewhere(i int) bool {
	b := clauseBounds.lastPart(p.s[max(0, i-60):i])
	other := otherSellers.LastEnd(b)
	return other > 0 && !ownWords.In(b[other:])
}

// clauseBounds stand between clauses.
var clauseBounds = newMarks(".;!?\n,")

var (
	otherSellers = starts.NewSearch("别人卖", "别人要", "别人收", "别家", "别处", "同行都", "同行卖", "同行价", "外面卖", "外面要", "外面都", "外头", "隔壁", "市面", "市场上", "以前卖", "之前卖", "以前是", "之前是", "原来卖", "原来是", "上次卖", "去年卖", "介绍一", "介绍个", "介绍人", "介绍朋友", "拉人", "拉一个", "推荐一", "推荐人", "带人", "转介绍",
		"others sell", "others want", "others charge", "others ask", "others are at", "others at", "other guys", "other sellers", "other shops", "other vendors", "other people", "everyone else", "everybody else", "competition", "competitors", "elsewhere", "used to", "previously", "formerly", "refer a", "refer us", "referral", "referring", "bring a friend", "introduce", "last year it", "last month it", "they charge", "they want", "they ask", "they sell", "scammed me", "btc at", "bitcoin at", "fee on", "market price", "market rate", "street price", "scammed", "ripped",
		"타업체", "다른 업체", "다른업체", "다른데", "다른 데", "다른 곳", "다른곳", "남들", "딴데", "타사", "시중에", "시중가", "시중 ", "시중보다", "시중은 ", "시중엔", "예전", "이전엔", "전에는", "원래", "소개해", "소개하", "소개 시", "소개시", "지인 소개", "추천하", "추천해")
	ownWords = starts.NewSearch("我", "本店", "咱", "现", "为", "这里", "只要", " i ", "i'm", " we ", "mine", " our", " here", " now", " me ", "저희", "우리", "여기", "지금", "본인", "이제", "저는", "인데", "이번 주", "이번주", "이번 달", "이번달", "오늘")
)
