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
		{"¥35 一套 库存2000", "1套=35CNY"},
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
		{"全套资料打包800元", "?=800CNY"},
		{"10万张人脸 1000元", "100000张=1000CNY"},
		{"20万人脸照片 800u", "200000=800USDT"},
		{"1-2万元一套", "1套=10000-20000CNY"},
		{"5毛-1元一张", "1张=0.5-1CNY"},
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
		{"100건 50만원 1000건 400만원", "100건=500000KRW; 1000건=4000000KRW"},
	})
}
