package ident

import (
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/ends"
)

// Cues are words that end before a number, Latin ones not as the end of a longer
// word.
type cues = ends.Words

func newCues(words ...string) *cues { return ends.New(isAlnum, words...) }

// Words that say what the number behind them is, in folded form.
var (
	prcCues = newCues("身份证号码", "身份证号", "身份证", "证件号码", "证件号", "证号", "证件", "公民身份号码", "sfz", "sfzh", "idcard", "id card", "id no",
		"id number", "居住证", "临时身份证", "驾驶证号", "驾驶证", "shenfenzheng")
	rrnCues = newCues("주민등록번호", "주민번호", "주민", "주번", "민번", "rrn", "외국인등록번호", "외국인번호", "resident registration number", "민증")
	ssnCues = newCues("ssn", "social security number", "social security", "social", "ss#", "sin")

	cardCues = newCues("银行卡号", "银行卡", "卡号", "储蓄卡", "信用卡", "借记卡", "银行账号", "银行账户", "帐号", "打款账号", "收款账号", "卡", "工行", "农行", "中行", "建行", "招行", "交行",
		"card number", "card no", "card", "cc", "ccn", "credit card", "debit card", "pan", "visa", "mastercard", "unionpay", "카드번호", "카드", "계좌번호", "계좌", "신용카드", "은행")
	phoneCues = newCues("电话号码", "电话", "手机号码", "手机号", "手机", "联系电话", "联系方式", "座机", "mobile", "phone", "phone number", "tel", "cell", "telephone", "ph",
		"전화번호", "전화", "휴대폰", "핸드폰", "연락처", "휴대폰번호", "폰번호", "call", "sms", "预留手机", "预留手机号", "绑定手机")
	passportCues = newCues("护照号码", "护照号", "护照", "passport number", "passport no", "passport", "passport#", "여권번호", "여권", "pp", "通行证号", "通行证", "回乡证",
		"回乡证号", "台胞证", "港澳通行证", "证件号码", "证件号", "旅行证", "ppt", "travel document", "驾照", "驾驶证", "dl", "dl no", "driver license", "drivers license", "driver's license", "driving licence", "면허번호", "운전면허", "운전면허번호", "면허증")
	// accountCues announce bank accounts, whose numbers have no form of their own.
	accountCues = newCues("계좌", "계좌번호", "은행", "국민", "농협", "신한", "우리", "하나", "기업", "카카오뱅크", "카뱅", "토스", "새마을", "우체국", "통장", "银行账号", "银行账户",
		"收款账号", "账户", "account", "account no", "account number", "iban", "bank account")

	hkCues   = newCues("香港身份证", "香港身份证号", "香港id", "hkid", "hk id", "hkid no", "香港身分证", "香港证", "港证", "港身份证", "홍콩")
	moCues   = newCues("澳门身份证", "澳门身份证号", "澳门居民", "bir", "macau id", "macao id", "澳门id", "澳门证", "澳门", "macau", "macao")
	twCues   = newCues("台湾身份证", "台湾身份证号", "身分证字号", "身分证", "身份证字号", "taiwan id", "居留证号", "统一证号", "身份证", "身份证号", "台湾")
	usccCues = newCues("统一社会信用代码", "社会信用代码", "信用代码", "营业执照号", "营业执照", "税号", "uscc", "注册号", "统一代码")

	// handleCues announce numbers that are handles of a messenger, not phones.
	handleCues = newCues("qq", "扣扣", "扣", "企鹅", "🐧", "qq号", "q", "群", "群号", "qq群", "蝙蝠", "🦇", "土豆", "🥔", "icq", "抠抠", "球球", "discord")

	// orderCues announce numbers of things.
	orderCues = newCues("订单号", "订单编号", "订单", "单号", "运单号", "运单", "快递", "快递单号", "流水号", "流水", "编号", "货号", "型号", "序列号", "条码", "条形码", "交易号", "商品id",
		"商品编号", "id", "order id", "order no", "order", "order number", "invoice", "tracking", "tracking number", "isbn", "ean", "sku", "serial", "tx", "txid", "transaction", "hash",
		"주문번호", "주문", "송장번호", "송장", "바코드", "운송장", "item", "timestamp", "ref", "product id", "pid", "tid", "uid", "imei", "iccid")

	// gluedCues may stand before a number without a space.
	gluedCues = newCues("tel", "phone", "mobile", "mob", "vx", "wx", "v", "wechat", "weixin", "sj", "dh", "shouji", "m", "p", "t", "call", "sms", "cell", "wa", "whatsapp")
)

// cueReach is how far before a number its cue may end, in bytes.
const cueReach = 40

// cued reports whether one of the words of c stands before i, with at most
// punctuation and a word such as 是 or "no." between.
func (r *reader) cued(i int, c *cues) bool {
	if r.cueAt != i+1 {
		r.cueAt = i + 1
		r.cue = cutJoint(r.s[max(0, i-cueReach):i])
		r.cueLess = ""
		for _, w := range joints {
			if less := strings.TrimSuffix(r.cue, w); len(less) < len(r.cue) {
				r.cueLess = cutJoint(less)
				break
			}
		}
	}
	return c.In(r.cue) || c.In(r.cueLess)
}

// joints are words that may stand between a cue and its number.
var joints = []string{"号码", "号", "是", "为", "no", "number", "num", "번호", "는", "은", "is", "后", "码"}

// cutJoint removes the punctuation that ends b.
func cutJoint(b string) string {
	for b != "" {
		c := b[len(b)-1]
		if c < utf8.RuneSelf {
			if isAlnum(c) {
				break
			}
			b = b[:len(b)-1]
			continue
		}
		r, w := utf8.DecodeLastRuneInString(b)
		if !strings.ContainsRune("【】「」→—–…·", r) {
			break
		}
		b = b[:len(b)-w]
	}
	return b
}
