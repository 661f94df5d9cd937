package market

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// pitch is one kind of listing: how its title and text read, and what it is.
// {q} is the quantity, {p} the price, {c} the contact line, {s} a sample of
// records (always made up).
type pitch struct {
	categories []string // none: a look-alike, a news post or a mention
	title      []string
	body       []string
	price      [2]float64
	quantity   []int // the price buys so many; empty: the price is per item
	currency   string
	decimals   int
}

func (p pitch) hit() bool { return len(p.categories) > 0 }

var chinese = []pitch{
	{categories: []string{"face_photo"}, currency: "CNY", price: [2]float64{8, 60}, quantity: []int{2000, 3000, 5000, 8000},
		title: []string{"出售高清人脸照片 {q}张", "人脸照片打包 {q}张", "【现货】人脸图库 男女都有"},
		body:  []string{"高清人脸照片 {q}张 {p}元 打包带走,不议价。\n{c}", "真人人脸照片,{q}张{p}元,一手货源,长期稳定供应。\n{c}"}},
	{categories: []string{"id_card_photo", "id_handheld"}, currency: "CNY", price: [2]float64{3, 12}, decimals: 1,
		title: []string{"身份证正反面 手持 批发", "出手持身份证 正反面齐全"},
		body:  []string{"身份证正反面+手持照片 {p}元一套,量大优惠。\n{c}", "出售身份证正反面和手持照,{p}元/套,男女都有,秒发。\n{c}"}},
	{categories: []string{"face_video"}, currency: "CNY", price: [2]float64{2, 30},
		title: []string{"动态人脸素材 眨眼点头", "活体视频素材 摇头张嘴眨眼"},
		body:  []string{"动态人脸视频素材,眨眼 点头 张嘴 摇头,{p}元一个,长期有货。\n{c}", "出售活体视频素材,点头摇头眨眼都有,{p}块一个。\n{c}"}},
	{categories: []string{"bank_card", "identity_bundle"}, currency: "CNY", price: [2]float64{800, 2500},
		title: []string{"银行卡四件套", "出银行卡四件套 一类卡"},
		body:  []string{"卡+U盾+身份证+手机卡 {p}元一套,包售后,货到付款。\n{c}", "银行卡四件套出售:银行卡、U盾、身份证、电话卡,{p}元/套。\n{c}"}},
	{categories: []string{"kyc_bypass"}, currency: "CNY", price: [2]float64{25, 300},
		title: []string{"过人脸 秒过", "代过人脸认证 接单"},
		body:  []string{"代过人脸认证 {p}元一单,不过不收费。\n{c}", "专业过人脸,各大平台实名认证代过,{p}元一单,长期接单。\n{c}"}},
	{categories: []string{"sim_card"}, currency: "CNY", price: [2]float64{50, 200},
		title: []string{"实名电话卡 三网", "出实名手机卡"},
		body:  []string{"三网实名电话卡 {p}元一张,50张起发。\n{c}", "出售实名手机卡,移动联通电信都有,{p}元/张。\n{c}"}},
	{categories: []string{"id_number", "personal_name", "phone_number"}, currency: "USDT", price: [2]float64{300, 1500}, quantity: []int{50000, 100000, 200000},
		title: []string{"三要素数据 {q}条", "姓名身份证手机号 一手数据"},
		body:  []string{"姓名+身份证号+手机号 三要素数据 {q}条 {p}U,支持验货。\n样本:\n{s}\n{c}", "一手三要素数据,姓名身份证手机号齐全,{q}条{p}U。\n{s}\n{c}"}},
	{categories: []string{"im_account"}, currency: "CNY", price: [2]float64{60, 220},
		title: []string{"微信实名号批发", "出实名微信号 老号"},
		body:  []string{"微信实名号出售,{p}元/个,直登,包首登。\n{c}", "实名微信老号 {p}元一个,可改绑,现货。\n{c}"}},
	{title: []string{"床上四件套 全棉", "纯棉四件套 1.8米床"}, body: []string{"全棉床单被套四件套 {p}元 包邮,七天退换。", "新疆棉四件套,床单被套枕套,{p}元一套,包邮。"}, price: [2]float64{99, 299}},
	{title: []string{"记者调查:网售人脸照片", "警方破获贩卖公民信息案"}, body: []string{"记者调查发现,有人在网上兜售人脸照片,5000张售价10元,平台已下架相关商品,警方已介入。", "据警方通报,犯罪嫌疑人王某因贩卖身份证正反面照片被抓获,法院将择日宣判。"}},
	{title: []string{"人脸考勤机 门禁一体机", "人脸识别门禁"}, body: []string{"人脸考勤机,可存3000张人脸,{p}元,支持企业对公转账,联系客服。", "人脸识别门禁一体机,{p}元一台,上门安装,质保两年。"}, price: [2]float64{500, 1200}},
	{title: []string{"证件照拍摄", "身份证照片怎么拍"}, body: []string{"本店拍摄证件照,白底蓝底,{p}元一版,立等可取。", "拍摄身份证照片要求免冠、白底,费用{p}元,到照相馆即可。"}, price: [2]float64{20, 40}},
	{title: []string{"公告:禁止发布违法信息", "版规"}, body: []string{"本站严禁发布买卖身份证、银行卡、人脸数据等违法内容,违者封号并报警。", "切勿出租出售银行卡、电话卡,谨防诈骗,警方提醒:这是违法行为。"}},
	{title: []string{"二手手机 自用", "出一台笔记本"}, body: []string{"自用手机九成新,{p}元,同城面交。", "办公笔记本,成色好,{p}元包邮。"}, price: [2]float64{500, 3000}},
}

var english = []pitch{
	{categories: []string{"face_photo"}, currency: "USD", price: [2]float64{5, 40}, quantity: []int{1000, 3000, 5000},
		title: []string{"{q} HQ face pictures", "Selling face photos, {q} pcs"},
		body:  []string{"{q} HQ face pictures for ${p}. Instant delivery, fresh stock.\n{c}", "Selling {q} real face photos, male and female, ${p} for the whole pack.\n{c}"}},
	{categories: []string{"id_card_photo", "id_handheld"}, currency: "USD", price: [2]float64{6, 20},
		title: []string{"ID + selfie sets", "ID card front/back with holding selfie"},
		body:  []string{"ID card front and back with holding selfie, ${p} per set. EU and Asia in stock.\n{c}", "Selling selfie with ID card sets (front, back, handheld), ${p} per set, bulk discount.\n{c}"}},
	{categories: []string{"identity_bundle"}, currency: "USD", price: [2]float64{15, 45},
		title: []string{"Fresh fullz", "Fullz SSN DOB address"},
		body:  []string{"Fresh fullz, ${p} each, replacement guaranteed.\n{c}", "Selling fullz (name, SSN, DOB, address), ${p} each.\n{c}"}},
	{categories: []string{"face_video"}, currency: "USDT", price: [2]float64{10, 40},
		title: []string{"Liveness clips", "KYC liveness videos"},
		body:  []string{"Blink / nod / turn head liveness videos for verification, {p} usdt each.\n{c}", "Recorded liveness videos of real people, blinking and nodding, {p} USDT each.\n{c}"}},
	{categories: []string{"kyc_bypass"}, currency: "USD", price: [2]float64{60, 200},
		title: []string{"KYC pass service", "We pass face verification"},
		body:  []string{"We pass the face check on exchanges for you, ${p} per account. No pass no pay.\n{c}", "KYC bypass service, any exchange, ${p} per account.\n{c}"}},
	{title: []string{"Passport photos printed", "Studio portraits"}, body: []string{"Passport photos ${p} for two prints, while you wait in our store.", "Book a portrait session with our photographer, ${p} per hour."}, price: [2]float64{8, 90}},
	{title: []string{"Seller of face photos jailed", "Police arrest ID card gang"}, body: []string{"The court heard that he sold 3,000 face photos for $8. He was sentenced to two years.", "Police arrested a gang that sold ID card scans with selfies for $9 per set, officers said."}},
	{title: []string{"Identity verification API", "KYC onboarding for banks"}, body: []string{"Liveness and document checks from $0.80 per check. Contact sales for a demo.", "Our SDK verifies ID documents and faces and stops fraud. Request a free trial."}},
	{title: []string{"Royalty-free portraits", "Stock photos of people"}, body: []string{"3,000 model-released portraits, ${p} licence, commercial use allowed.", "Stock photography bundle, people at work, ${p} licence."}, price: [2]float64{49, 199}},
	{title: []string{"Used phone for sale", "Mountain bike"}, body: []string{"Phone in good condition, ${p}, local pickup.", "Bike, size M, ${p}, barely used."}, price: [2]float64{80, 400}},
}

var korean = []pitch{
	{categories: []string{"face_photo"}, currency: "KRW", price: [2]float64{20000, 90000}, quantity: []int{3000, 5000, 10000},
		title: []string{"얼굴사진 판매 {q}장", "얼굴 사진 대량 팝니다"},
		body:  []string{"얼굴사진 {q}장 {p}원에 판매합니다. 대량 가능.\n{c}", "실제 얼굴 사진 {q}장 {p}원, 바로 전달.\n{c}"}},
	{categories: []string{"id_card_photo"}, currency: "KRW", price: [2]float64{3000, 9000},
		title: []string{"신분증 앞뒤 팝니다", "신분증 사진 판매"},
		body:  []string{"신분증 앞뒤 사진 건당 {p}원에 팝니다.\n{c}", "신분증 사본 판매합니다. 건당 {p}원, 재고 많음.\n{c}"}},
	{categories: []string{"sim_card"}, currency: "KRW", price: [2]float64{60000, 150000},
		title: []string{"선불유심 팝니다", "대포유심 판매"},
		body:  []string{"선불유심 개당 {p}원에 팝니다. 당일 발송.\n{c}", "대포유심 판매, 개당 {p}원.\n{c}"}},
	{categories: []string{"bank_card"}, currency: "KRW", price: [2]float64{400000, 1500000},
		title: []string{"통장 삽니다", "대포통장 매입합니다"},
		body:  []string{"통장 매입합니다. 개당 {p}원 드립니다.\n{c}", "대포통장 삽니다, 개당 {p}원 당일 지급.\n{c}"}},
	{title: []string{"대포폰 일당 검거", "개인정보 판매 조직 적발"}, body: []string{"경찰이 대포폰을 개당 10만원에 판 일당을 검거했다고 밝혔다.", "경찰은 신분증 사진을 판매한 혐의로 3명을 구속했다고 밝혔다."}},
	{title: []string{"여권사진 촬영", "가족사진 스튜디오"}, body: []string{"여권사진 촬영 {p}원, 당일 인화.", "가족사진 촬영 {p}원부터, 예약 문의."}, price: [2]float64{15000, 90000}},
	{title: []string{"얼굴 마스크팩 50장", "화장품 세트"}, body: []string{"얼굴 마스크팩 50장 {p}원, 무료배송.", "기초 화장품 세트 {p}원, 새 상품."}, price: [2]float64{8000, 60000}},
	{title: []string{"갤럭시 공기계", "자전거 팝니다"}, body: []string{"갤럭시 공기계 {p}원, 유심 없음, 직거래.", "출퇴근용 자전거 {p}원에 팝니다."}, price: [2]float64{90000, 300000}},
}

var contactLines = map[string][]string{
	"zh": {"飞机 @{h}", "加微信 {h}", "电报:@{h}", "微信:{h}", "TG @{h}"},
	"en": {"telegram @{h}", "TG: @{h}", "Contact me on Telegram @{h}"},
	"ko": {"텔레그램 @{h}", "텔레 @{h}", "카톡 {h}"},
}

var handleParts = []string{"black", "cat", "data", "face", "fast", "gold", "hui", "jin", "lao", "mimi", "nova", "panda", "qing", "shop", "tiger", "wolf", "xiao", "zhen"}

func handle(r *rand.Rand) string {
	return handleParts[r.IntN(len(handleParts))] + handleParts[r.IntN(len(handleParts))] + strconv.Itoa(10+r.IntN(990))
}

var sellerNames = map[string][]string{
	"zh": {"黑猫", "老王数据", "小飞侠", "阿力", "数据之家", "北方狼", "一手哥", "七七", "大漠", "阿宝"},
	"en": {"ghostvendor", "idking", "mrfresh", "northwind", "silverfox", "paperclip", "darkpanda", "quickfox"},
	"ko": {"민수", "데이터왕", "서울곰", "지니", "하늘", "번개", "초코"},
}

var surnames = []rune("王李张刘陈杨赵黄周吴")
var givenNames = []string{"伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋"}

// record makes up one row of a leaked table: name, PRC ID with a right check
// digit, mobile number. It belongs to nobody.
func record(r *rand.Rand) (row string, canaries []string) {
	id := fmt.Sprintf("%d%02d%02d%04d%02d%02d%03d", provinces[r.IntN(len(provinces))], 1+r.IntN(20), 1+r.IntN(30), 1960+r.IntN(45), 1+r.IntN(12), 1+r.IntN(28), r.IntN(1000))
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(id[i]-'0') * w
	}
	id += string("10X98765432"[sum%11])
	phone := fmt.Sprintf("13%d%08d", r.IntN(10), r.IntN(100_000_000))
	name := string(surnames[r.IntN(len(surnames))]) + givenNames[r.IntN(len(givenNames))]
	return name + " " + id + " " + phone, []string{id, phone}
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

func money(r *rand.Rand, p pitch) string {
	v := p.price[0] + r.Float64()*(p.price[1]-p.price[0])
	switch {
	case p.currency == "KRW" || p.price[0] >= 1000:
		return strconv.Itoa(int(v) / 1000 * 1000)
	case p.decimals > 0:
		return strconv.FormatFloat(float64(int(v*10))/10, 'f', -1, 64)
	}
	return strconv.Itoa(int(v))
}

// fill replaces the placeholders of a pitch.
func fill(s string, with map[string]string) string {
	for k, v := range with {
		s = strings.ReplaceAll(s, "{"+k+"}", v)
	}
	return s
}

// provinces are first digits of area codes.
var provinces = []int{11, 12, 13, 21, 31, 32, 33, 35, 37, 41, 42, 43, 44, 51, 61}
