package offer

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/text"
)

// find reads s as the language of its main script.
func find(s, lang string) Result {
	f := text.Fold(s)
	return Find(f, text.Unhide(f), lang)
}

// show writes offers as "quantity unit=price-max currency/per >=minimum ~",
// where ~ marks an assumed currency.
func show(r Result) string {
	var out []string
	for _, o := range r.Offers {
		var b strings.Builder
		if o.Quantity == nil {
			b.WriteString("?")
		} else {
			b.WriteString(strconv.FormatFloat(*o.Quantity, 'f', -1, 64))
		}
		if o.Unit != nil {
			b.WriteString(*o.Unit)
		}
		b.WriteString("=" + strconv.FormatFloat(*o.Price, 'f', -1, 64))
		if o.PriceMax != nil {
			fmt.Fprintf(&b, "-%v", *o.PriceMax)
		}
		b.WriteString(*o.Currency)
		if o.Per != nil {
			b.WriteString("/" + *o.Per)
		}
		if o.Minimum != nil {
			fmt.Fprintf(&b, ">=%v", *o.Minimum)
		}
		if o.AssumedCurrency {
			b.WriteString("~")
		}
		out = append(out, b.String())
	}
	if r.Available != nil {
		out = append(out, fmt.Sprintf("stock %d", *r.Available))
	}
	return strings.Join(out, "; ")
}

type reading struct{ in, want string }

func check(t *testing.T, lang string, cases []reading) {
	t.Helper()
	for _, c := range cases {
		if got := show(find(c.in, lang)); got != c.want {
			t.Errorf("%q\n got  %s\n want %s", c.in, got, c.want)
		}
	}
}

func TestChineseNotations(t *testing.T) {
	check(t, "zh", []reading{
		{"男女人脸照 2000张 20元 打包带走 加微信 rlz_shop1", "2000张=20CNY"},
		{"正反面+手持 6元/套 1000套起3元 飞机@sfzpifa", "1套=6CNY; 1套=3CNY>=1000"},
		{"卡+盾+身份证+手机卡 1500/套 包售后 蝙蝠 5512345", "1套=1500CNY~"},
		{"活体视频素材 3块一个 要的q 2233445566", "1个=3CNY"},
		{"代过人脸认证 80一单 不过不收费 tg:passface01", "1单=80CNY~"},
		{"微信实名号 150/个 QQ号 10/个 微 haoshang66", "1个=150CNY~; 1个=10CNY~"},
		{"三网实名电话卡 80一张 50张起 电话 17012345678", "1张=80CNY>=50~"},
		{"三要素 20万条 800u @sys_data", "200000条=800USDT"},
		{"身*份*证*照 0.8一张 V信:sfz_aa1", "1张=0.8CNY~"},
		{"臉部照片8000張 打包50元 飛機 @faceTW1", "8000張=50CNY"},
		{"指纹数据 3000份 600元 邮箱 fp3000@mail.example", "3000份=600CNY"},
		{"已认证网证CTID 150/个 tg@wzid1", "1个=150CNY~"},
		{"身份证芯片读取数据 含照片 500份 300元", "500份=300CNY"},
		{"某美颜app采集的人脸流出 9万张 500U", "90000张=500USDT"},
		{"求购 三件套 手持 12元一套 有货私 @shou3jt", "1套=12CNY"},
		{"5000张10元", "5000张=10CNY"},
		{"10元可买5000多张", "5000张=10CNY"},
		{"五毛一张 打包 两万套 不议价", "1张=0.5CNY; stock 20000"},
		{"0.5元一份", "1份=0.5CNY"},
		{"35元一套,现货 3000套", "1套=35CNY; stock 3000"},
		{"每张0.7元,手持1元", "1张=0.7CNY; 1=1CNY"},
		{"每单25元到300元", "1单=25-300CNY"},
		{"一套12-25元", "1套=12-25CNY"},
		{"一张5000", "1张=5000CNY~"},
		{"一万一张一天", "1张=10000CNY/day~"},
		{"50-300元一张", "1张=50-300CNY"},
		{"8元一套, 500套起3.5一套", "1套=8CNY; 1套=3.5CNY>=500~"},
		{"0.5/条 1000条起", "1条=0.5CNY>=1000~"},
		{"10元100张 80元1000张", "100张=10CNY; 1000张=80CNY"},
		{"100张 10元 1000张 80元", "100张=10CNY; 1000张=80CNY"},
		{"100块10个", "10个=100CNY"},
		{"单价 0.5", "1=0.5CNY~"},
		{"单张3元", "1张=3CNY"},
		{"一单80", "1单=80CNY~"},
		{"三块五一个", "1个=3.5CNY"},
		{"3块5一个", "1个=3.5CNY"},
		{"两万一套", "1套=20000CNY~"},
		{"三万五一套", "1套=35000CNY~"},
		{"十一张 20元", "11张=20CNY"},
		{"银行卡出租 500元一天", "1=500CNY/day"},
		{"日租 300元", "1=300CNY/day"},
		{"对公账户 5000/月", "1=5000CNY/month~"},
		{"2w条 0.3一条", "1条=0.3CNY~; stock 20000"},
		{"5k张 50r", "5000张=50CNY"},
		{"一手数据十万条 3000元", "100000条=3000CNY"},
		{"百万条 2万元", "1000000条=20000CNY"},
		{"1.5亿条数据 2BTC", "150000000条=2BTC"},
		{"50刀一套", "1套=50USD"},
		{"20USDT/套", "1套=20USDT"},
		{"20 USDT 一套", "1套=20USDT"},
		{"￥６／套", "1套=6CNY"},
		{"¥35 一套 库存2000", "1套=35CNY; stock 2000"},
		{"5000张①⓪元", "5000张=10CNY"},
		{"5角一条", "1条=0.5CNY"},
		{"5分一条", "1条=0.05CNY"},
		{"300港币一个", "1个=300HKD"},
		{"2000台币一张", "1张=2000TWD"},
		{"NT$500/張", "1張=500TWD"},
		{"價格:10元 數量:5000張", "5000張=10CNY"},
		{"数量:5000张\n价格:10元", "5000张=10CNY"},
		{"最低100张 3元一张", "1张=3CNY>=100"},
		{"3元一张,最低100张", "1张=3CNY>=100"},
		{"3元/张 100张起 2.5元/张", "1张=3CNY; 1张=2.5CNY>=100"},
		{"3元起一张", "1张=3CNY"},
		{"100元/1000条", "1000条=100CNY"},
		{"每100张10元", "100张=10CNY"},
		{"伍佰元一套", "1套=500CNY"},
		{"价格35", "1=35CNY~"},
		{"全套资料打包800元", "1=800CNY"},
		{"10万张人脸 1000元", "100000张=1000CNY"},
		{"20万人脸照片 800u", "200000=800USDT"},
		{"1-2万元一套", "1套=10000-20000CNY"},
		{"5毛-1元一张", "1张=0.5-1CNY"},
		{"四件套1.2w一套，三件套3000一套，长期收", "1套=12000CNY~; 1套=3000CNY~"},
		{"手持照每套8r，500套以上6r，1000套以上5r", "1套=8CNY; 1套=6CNY>=500; 1套=5CNY>=1000"},
		{"数据：18-35岁女性，10w条/2000u，支持验数据", "100000条=2000USDT"},
		{"全套资料50U/份 10份起 100份以上40U", "1份=50USDT>=10; 1份=40USDT>=100"},
		{"人脸视频15/个，100个打包1200", "1个=15CNY~; 100个=1200CNY~"},
		{"代过人脸 单价40-80 看难度", "1=40-80CNY~"},
		{"实名微信号180 半年号 120 满月 80", "1=180CNY~; 1=120CNY~; 1=80CNY~"},
		{"手机卡批发 100张起批 35/张 1000张 30/张", "1张=35CNY>=100~; 1张=30CNY>=1000~"},
		{"银行卡一套2500，月租800，日租100", "1套=2500CNY~; 1=800CNY/month~; 1=100CNY/day~"},
		{"一万张人脸照五十块", "10000张=50CNY"},
		{"人脸照片，每千张5元", "1000张=5CNY"},
		{"人脸照片1000张/5元", "1000张=5CNY"},
		{"8毛一张，五百张起", "1张=0.8CNY>=500"},
		{"身份证正反面照片 一份两块五", "1份=2.5CNY"},
		{"现货3000套，单价12，全拿10", "1=12CNY~; 1=10CNY~; stock 3000"},
		{"库存：12000  价格：0.8元/张", "1张=0.8CNY; stock 12000"},
		{"售价￥25.00 销量 300 库存 1200件", "1=25CNY; stock 1200"},
		{"原价100元 现价80元一套", "1套=80CNY"},
		{"收微信号 满月白号100收 直登的来", "1=100CNY~"},
		{"要带法人配合，2000起收", "1=2000CNY~"},
		{"一天500，本人到场", "1=500CNY/day~"},
		{"身份证号码 1O万条 2OO元", "100000条=200CNY"},
		{"3O元一套", "1套=30CNY"},
		{"每支120元台幣", "1支=120TWD"},
		{"5分钱一条，50万起", "1条=0.05CNY>=500000"},
		{"活体成品500套\n1800元，一套四个动作", "500套=1800CNY"},
		{"身份证拍照件5000份，2600打包", "5000份=2600CNY~"},
		{"押金1000 月租5000", "1=5000CNY/month~"},
	})
}

func TestChineseNumbersThatAreNoOffers(t *testing.T) {
	for _, s := range []string{
		"2023年1月15日 18-35岁 90后 24小时在线", "电话 17012345678", "限额5000元", "U盾 3个工作日", "100%真 7天退换",
		"7x24小时 12:30 2023-01-02 1.2.3", "010-1234-5678", "第3张", "四件套 三件套 二要素", "6217001234567890123", "1.8米床 4K高清 1080p",
		"押金500元", "一手货源 一对一 一个月", "身份证18位", "版本 v2.3.4", "QQ 2233445566", "@user5000 wx_300", "千万不要相信", "百分之五",
		"15号晚上8点", "3个月包换", "满100减20",
	} {
		if r := find(s, "zh"); len(r.Offers) > 0 {
			t.Errorf("%q: %s", s, show(r))
		}
	}
}

func TestEnglishNotations(t *testing.T) {
	check(t, "en", []reading{
		{"Face pics 3000 for $8\n3,000 HQ face pictures, $8, telegram @facepics8", "3000pictures=8USD"},
		{"ID card front/back with holding selfie, $9 per set, TG @idselfie1", "1set=9USD"},
		{"Fullz (SSN DOB DL scan) $25 each, 20 for $350", "1=25USD; 20=350USD"},
		{"blink / nod clips for verification 20 usdt each @liveclip", "1=20USDT"},
		{"WeChat accounts real-name verified $40 each", "1=40USD"},
		{"we pass face check on exchanges, 120$ per acc, tg @kycpass1", "1acc=120USD"},
		{"he sold 3,000 face photos for $8.", "3000photos=8USD"},
		{"Passport photos $7.99 for two prints in store.", "2prints=7.99USD"},
		{"3,000 model-released portraits, $149 licence.", "3000portraits=149USD"},
		{"checks from $0.80 per check", "1check=0.8USD"},
		{"$40–60 selfie with document", "1=40-60USD"},
		{"$0.5–10 ID data", "1=0.5-10USD"},
		{"€2.50 each, packs of 30 photos €50–80", "1=2.5EUR; 30photos=50-80EUR"},
		{"$500/month", "1=500USD/month"},
		{"rent $30 per day", "1=30USD/day"},
		{"$10 per 1k", "1000=10USD"},
		{"100k records $500", "100000records=500USD"},
		{"price per record: $0.5", "1record=0.5USD"},
		{"$5 a piece, min 50 pcs", "1piece=5USD>=50"},
		{"3 for 2 offer", ""},
		{"0.01 BTC per pack", "1pack=0.01BTC"},
		{"US$20 each", "1=20USD"},
		{"5000 face photos. Price: $10", "5000photos=10USD"},
		{"10000 pcs in stock, $2 each", "1=2USD; stock 10000"},
		{"XMR 0.5 each", "1=0.5XMR"},
		{"25 each", "1=25USD~"},
		{"£15 per scan", "1scan=15GBP"},
		{"moq 100 pcs, $3/pc", "1pc=3USD>=100"},
		{"300 rub per card", "1card=300RUB"},
		{"₹500 per sim", "1sim=500INR"},
		{"200000₫/1 pack", "1pack=200000VND"},
		{"1.2k selfies $60", "1200selfies=60USD"},
		{"1M rows, 900 USDT", "1000000rows=900USDT"},
		{"2M customer records, $1500, sample available", "2000000records=1500USD"},
		{"500 chip reads with photo (DG2), $400", "500reads=400USD"},
		{"10 cents each, 5k minimum", "1=0.1USD>=5000"},
		{"10k, 80 dollars, one hand", "10000=80USD"},
		{"2 million records for 3 BTC", "2000000records=3BTC"},
		{"$1 per photo, bulk 1000+ $0.5 each", "1photo=1USD; 1=0.5USD>=1000"},
		{"Price: $0.02/record, min 10k", "1record=0.02USD>=10000"},
		{"10k records = $200, 100k = $1500", "10000records=200USD; 100000=1500USD"},
		{"fullz 15$/pc, 10pcs 120$", "1pc=15USD; 10pcs=120USD"},
		{"50 for 100$, 100 for 180$", "50=100USD; 100=180USD"},
		{"SIM 12 HKD per card, 200 in stock", "1card=12HKD; stock 200"},
		{"0.5 XMR / 100 selfies", "100selfies=0.5XMR"},
	})
}

func TestKoreanNotations(t *testing.T) {
	check(t, "ko", []reading{
		{"신분증 앞뒤 사진 건당 4천원 텔레 @idfb1", "1건=4000KRW"},
		{"얼굴사진 1만장 3만원 카톡 facesell1", "10000장=30000KRW"},
		{"선불유심 개당 10만원 텔레그램 @usim1", "1개=100000KRW"},
		{"여권사진 만오천원 당일 인화", "1=15000KRW"},
		{"1만건에 80만원", "10000건=800000KRW"},
		{"건당 5000원, 최소 300건", "1건=5000KRW>=300"},
		{"통장 1개 400만원", "1개=4000000KRW"},
		{"회당 2-10만원", "1회=20000-100000KRW"},
		{"3만5천원", "1=35000KRW"},
		{"1장에 500원", "1장=500KRW"},
		{"백만원", "1=1000000KRW"},
		{"월 300만원 통장 임대", "1=3000000KRW/month"},
		{"하루 10만원", "1=100000KRW/day"},
		{"300건 이상 건당 3천원", "1건=3000KRW>=300"},
		{"보유 5만건 건당 1500원", "1건=1500KRW; stock 50000"},
		{"개당 10만", "1개=100000KRW~"},
		{"얼굴사진 5천장 3만", "5000장=30000KRW~"},
		{"세트당 20USDT", "1세트=20USDT"},
		{"20대 여성 30대 남성 2023년 24시간", ""},
		{"장당 ₩500", "1장=500KRW"},
		{"회원 명단 5만\n회원DB 40만원에 넘깁니다", "50000=400000KRW"},
		{"신분증 사진 1장당 5천원 / 100장 30만원", "1장=5000KRW; 100장=300000KRW"},
		{"여권스캔 3만, 민증 2만, 세트 4만5천", "1=30000KRW~; 1=20000KRW~; 1=45000KRW~"},
		{"대포폰 대당 15만원 유심 5만", "1대=150000KRW; 1=50000KRW~"},
		{"500원씩 1000장 이상 400원", "1=500KRW; 1장=400KRW>=1000"},
		{"카톡 계정 개당 8,000 (최소 10개)", "1개=8000KRW>=10~"},
		{"100건 50만원 1000건 400만원", "100건=500000KRW; 1000건=4000000KRW"},
	})
}

func TestStockIsAWholeNumberOrNone(t *testing.T) {
	for text, want := range map[string]int64{"0.5张现货": 0, "1张现货": 1, "现货5000张": 5000, "500050005000亿张": 0} {
		got := find(text, "zh").Available
		if (got == nil) != (want == 0) || got != nil && *got != want {
			t.Errorf("stock of %q: %v, want %d", text, got, want)
		}
	}
}
