package offer

import (
	"sort"
	"strconv"
	"strings"
	"testing"
)

// amounts writes the offers of a text as "quantity=price currency", sorted.
func amounts(r Result) string {
	var out []string
	for _, o := range r.Offers {
		q := "?"
		if o.Quantity != nil {
			q = strconv.FormatFloat(*o.Quantity, 'f', -1, 64)
		}
		out = append(out, q+"="+strconv.FormatFloat(*o.Price, 'f', -1, 64)+*o.Currency)
	}
	sort.Strings(out)
	return strings.Join(out, ";")
}

// A class is texts of one language with the amounts that they state.
type class struct{ lang, in, want string }

func checkClass(t *testing.T, cases []class) {
	t.Helper()
	for _, c := range cases {
		if got := amounts(find(c.in, c.lang)); got != c.want {
			t.Errorf("%q\n got  %s\n want %s", c.in, got, c.want)
		}
	}
}

func TestPointsAndMarksInNumbers(t *testing.T) {
	checkClass(t, []class{
		{"en", "$.50 each", "1=0.5USD"},
		{"en", "50c each", "1=0.5USD"},
		{"en", "¢50 per face", "1=0.5USD"},
		{"en", "0,50 EUR per face", "1=0.5EUR"},
		{"en", "1.500 EUR for 10.000 records", "10000=1500EUR"},
		{"en", "€1.200 the lot (30.000 lines)", "30000=1200EUR"},
		{"en", "fingerprints x 15,000 for 700 eur", "15000=700EUR"},
		{"zh", "170号段卡60，171号段卡55，正常号段90", "1=55CNY;1=60CNY;1=90CNY"},
		{"ko", "30.000원", "1=30000KRW"},
	})
}

func TestNumbersOfAnyWords(t *testing.T) {
	checkClass(t, []class{
		{"en", "twelve hundred records, 80 usdt", "1200=80USDT"},
		{"en", "half a million rows, $900 for all", "500000=900USD"},
		{"en", "half a million rows. $900 takes everything", "500000=900USD"},
		{"en", "a dozen passports for $400", "12=400USD"},
		{"en", "two dozen selfies $30", "24=30USD"},
		{"en", "single 15 usdt, ten 120 usdt, hundred 900 usdt", "100=900USDT;10=120USDT;1=15USDT"},
		{"en", "fifteen thousand fingerprints, 700 EUR", "15000=700EUR"},
		{"en", "id scans at fourteen USD", "1=14USD"},
		{"en", "14 (fourteen) usd per id", "1=14USD"},
		{"en", "a tenner each", "1=10GBP"},
		{"en", "fiver a piece", "1=5GBP"},
		{"ko", "3마넌", "1=30000KRW"},
		{"ko", "3만냥", "1=30000KRW"},
		{"zh", "一万二拿走，全库50万条", "500000=12000CNY"},
		{"zh", "一千二一套", "1=1200CNY"},
		{"zh", "两块五毛一张", "1=2.5CNY"},
		{"zh", "1毛5一条", "1=0.15CNY"},
	})
}

func TestTiersByRangesAndLimits(t *testing.T) {
	checkClass(t, []class{
		{"en", "1-99 $5 / 100+ $3.5", "1=3.5USD;1=5USD"},
		{"en", "1-9: $12 ea, 10-49: $10 ea, 50+: $8 ea", "1=10USD;1=12USD;1=8USD"},
		{"zh", "1-99：5元 100+：3.5元", "1=3.5CNY;1=5CNY"},
		{"zh", "10个以下30，10个以上25，50个以上20", "1=20CNY;1=25CNY;1=30CNY"},
		{"ko", "1~9개 5만, 10개 이상 4만", "1=40000KRW;1=50000KRW"},
		{"zh", "零售30 批发20（50起）", "1=20CNY;1=30CNY"},
		{"zh", "单买30，十个起25", "1=25CNY;1=30CNY"},
		{"zh", "五毛一个，上千个三毛", "1=0.3CNY;1=0.5CNY"},
		{"zh", "拿1000以上0.15", "1=0.15CNY"},
		{"zh", "100起拿，0.2一条", "1=0.2CNY"},
		{"ko", "건당 300 (10만건 이상 200)", "1=200KRW;1=300KRW"},
	})
}

func TestRowsOfQuantityAndPrice(t *testing.T) {
	checkClass(t, []class{
		{"en", "Qty / Price\n100 / $20\n1000 / $150", "1000=150USD;100=20USD"},
		{"en", "Qty Price\n100 $20\n1000 $150\n5000 $600", "1000=150USD;100=20USD;5000=600USD"},
		{"en", "100 -> $20\n1000 -> $150", "1000=150USD;100=20USD"},
		{"en", "100: $20\n1,000: $150", "1000=150USD;100=20USD"},
		{"en", "1x $10, 5x $45, 10x $80", "10=80USD;1=10USD;5=45USD"},
		{"en", "100k = 90 / 500k = 400 / 1m = 700 (usdt)", "1000000=700USDT;100000=90USDT;500000=400USDT"},
		{"zh", "数量 价格\n1000 80元\n10000 700元", "10000=700CNY;1000=80CNY"},
		{"zh", "规格 | 价格\n1000条 | 80\n10000条 | 700", "10000=700CNY;1000=80CNY"},
		{"zh", "条数:8000\n价:500", "8000=500CNY"},
		{"zh", "数量 8000 价格 500元", "8000=500CNY"},
	})
}

func TestPricesForANumberOfThings(t *testing.T) {
	checkClass(t, []class{
		{"en", "$3/100", "100=3USD"},
		{"en", "$15 ea. or $100/10", "10=100USD;1=15USD"},
		{"en", "$6 every 100 faces", "100=6USD"},
		{"en", "every 100 faces cost 6 usd", "100=6USD"},
		{"en", "per thousand: $40. per ten thousand: $300", "10000=300USD;1000=40USD"},
		{"en", "$40 a thousand", "1000=40USD"},
		{"en", "$40 per hundred", "100=40USD"},
		{"en", "40$/1k, 300$/10k", "10000=300USD;1000=40USD"},
		{"zh", "80一千条", "1000=80CNY"},
		{"zh", "80/千条", "1000=80CNY"},
		{"zh", "15一个 40三个", "1=15CNY;3=40CNY"},
		{"ko", "장당 3천 / 100장 20만", "100=200000KRW;1=3000KRW"},
	})
}

func TestLotsBesideTheirPrice(t *testing.T) {
	checkClass(t, []class{
		{"en", "dumped 2024-03-01. 800k lines for 350", "800000=350USD"},
		{"en", "$20 each or 3 for $50", "1=20USD;3=50USD"},
		{"zh", "全库50万条，一万二拿走", "500000=12000CNY"},
		{"zh", "50万条全库 1.2w", "500000=12000CNY"},
		{"zh", "8000条只要500", "8000=500CNY"},
		{"zh", "8000条就500", "8000=500CNY"},
		{"zh", "8000条：500", "8000=500CNY"},
		{"zh", "50W条 3000米", "500000=3000CNY"},
		{"zh", "3万条2800泰达币", "30000=2800USDT"},
		{"zh", "3万条 0.05个比特币", "30000=0.05BTC"},
		{"zh", "共3万条。整库出2800，不拆", "30000=2800CNY"},
		{"zh", "一条0.2，全要6000", "1=0.2CNY;1=6000CNY"},
		{"ko", "500명분 테더 300", "500=300USDT"},
	})
}

func TestCurrencyAndScaleNamedOnce(t *testing.T) {
	checkClass(t, []class{
		{"en", "US 10 | UK 12 | DE 14 (USD, per scan)", "1=10USD;1=12USD;1=14USD"},
		{"en", "Prices in USDT, per piece:\nPassport scan 12\nSelfie with passport 18\nVideo 30", "1=12USDT;1=18USDT;1=30USDT"},
		{"en", "price 14, currency USDT", "1=14USDT"},
		{"zh", "单价（U）\n正反面：2\n手持：6", "1=2USDT;1=6USDT"},
		{"zh", "以下价格单位USDT\n正反面 2\n手持 6", "1=2USDT;1=6USDT"},
		{"zh", "报价（USDT/套）：国内15，香港40，台湾35", "1=15USDT;1=35USDT;1=40USDT"},
		{"ko", "주민증 앞뒤 3, 셀카포함 5 (단위 만원)", "1=30000KRW;1=50000KRW"},
		{"ko", "단위: 만원\n통장 300\n체크카드 150", "1=1500000KRW;1=3000000KRW"},
		{"ko", "(단위:원)\n앞면 5000\n앞뒤 9000", "1=5000KRW;1=9000KRW"},
		{"ko", "신분증 스캔 2.0 셀카 3.0 (만원)", "1=20000KRW;1=30000KRW"},
	})
}

func TestAmountsThatAreNoPrice(t *testing.T) {
	checkClass(t, []class{
		{"en", "others sell at $30, I sell at $20 each", "1=20USD"},
		{"en", "elsewhere you pay $30; here it's $20 a set", "1=20USD"},
		{"en", "$20 per set, used to be $30", "1=20USD"},
		{"en", "$8 each + $15 shipping", "1=8USD"},
		{"en", "phones: iPhone 12, 64gb. sims $8 each", "1=8USD"},
		{"en", "limit 10k daily. business account 900 usd", "1=900USD"},
		{"en", "paying up to $80 per account", "1=80USD"},
		{"zh", "市场价30，我这15一套", "1=15CNY"},
		{"zh", "别人卖30，我卖15一套", "1=15CNY"},
		{"zh", "涨价通知：手持由6元调整为8元一套", "1=8CNY"},
		{"zh", "担保费50一人一半，套料15一套", "1=15CNY"},
		{"zh", "好评率98%，月销500，12元/套", "1=12CNY"},
		{"zh", "¥12.00 月销 320", "1=12CNY"},
		{"zh", "女料贵三块：男12 女15", "1=12CNY;1=15CNY"},
		{"zh", "不满意退5元，12元一套", "1=12CNY"},
		{"zh", "下单备注，50元起送，12元一套", "1=12CNY"},
		{"zh", "上家涨了3块，现在12一套", "1=12CNY"},
		{"zh", "比别家便宜3块，12一套", "1=12CNY"},
		{"ko", "타업체 10만원, 저희는 6만원", "1=60000KRW"},
		{"ko", "원래 10만원인데 7만원에 드려요", "1=70000KRW"},
		{"ko", "10만원 → 7만원 할인", "1=70000KRW"},
		{"ko", "소개해주시면 10만원 드립니다. 통장 개당 100만원", "1=1000000KRW"},
		{"ko", "잔고 500만원 있는 통장. 판매가 80만원", "1=800000KRW"},
		{"ko", "5백만원 수익 인증. 계정 개당 3만원", "1=30000KRW"},
		{"en", "old price 25 USD, new price 15 USD per set", "1=15USD"},
		{"en", "a guy scammed me for $200. $15 a set here", "1=15USD"},
		{"en", "£80 per sim (6 months airtime £10 included)", "1=80GBP"},
		{"en", "price 8 GBP + 2 GBP post", "1=8GBP"},
		{"en", "USA accs w/ 500+ followers $15", "1=15USD"},
		{"ko", "세트 12만원 → 오늘만 9만원", "1=90000KRW"},
	})
}

func TestPricesOfTime(t *testing.T) {
	checkClass(t, []class{
		{"zh", "挂机20一小时", "1=20CNY"},
		{"zh", "周租300 月租1000", "1=1000CNY;1=300CNY"},
		{"zh", "一个月1000，三个月2500", "1=1000CNY;1=2500CNY"},
		{"zh", "租一天50，一周300", "1=300CNY;1=50CNY"},
		{"en", "$150 weekly or $500 monthly per account", "1=150USD;1=500USD"},
		{"en", "rent: $150/week", "1=150USD"},
		{"ko", "주당 70만원", "1=700000KRW"},
		{"ko", "월 30만 드립니다", "1=300000KRW"},
		{"ko", "계좌 월 30 드립니다", "1=300000KRW"},
	})
}

func TestKoreanCounting(t *testing.T) {
	checkClass(t, []class{
		{"ko", "디비 1만건당 15만원", "10000=150000KRW"},
		{"ko", "신분증 한 세트 4만원, 열 세트 35만원", "10=350000KRW;1=40000KRW"},
		{"ko", "편당 1만5천원이고 30편 한번에 가져가시면 36만원", "1=15000KRW;30=360000KRW"},
		{"ko", "1개 5만 / 10개 45만 / 50개 200만", "10=450000KRW;1=50000KRW;50=2000000KRW"},
		{"ko", "1장 3천, 10장 2만5천, 100장 20만", "100=200000KRW;10=25000KRW;1=3000KRW"},
		{"ko", "총 8만 건 일괄 150만원 (건당 판매 X)", "80000=1500000KRW"},
		{"ko", "만 건 이하 50원, 만 건 초과 30원", "1=30KRW;1=50KRW"},
		{"ko", "통장 매입가 150만~250만", "1=1500000KRW"},
		{"ko", "개인통장 150 법인통장 400 매입", "1=1500000KRW;1=4000000KRW"},
		{"ko", "여권(15만), 민증(8만)", "1=150000KRW;1=80000KRW"},
		{"ko", "1천장 20만 / 5천장 80만", "1000=200000KRW;5000=800000KRW"},
	})
}

func TestNumbersInWordsBehindGoods(t *testing.T) {
	checkClass(t, []class{
		{"zh", "公户八千，私户两千五，U盾另算", "1=2500CNY;1=8000CNY"},
		{"zh", "一千张二十五，一万张两百", "10000=200CNY;1000=25CNY"},
		{"zh", "拿十套算你七十", "10=70CNY"},
		{"zh", "十套以上每套七块", "1=7CNY"},
		{"zh", "单套8 / 十套70 / 百套600", "100=600CNY;10=70CNY;1=8CNY"},
		{"zh", "一万条八百，十万条七千，百万条六万", "1000000=60000CNY;100000=7000CNY;10000=800CNY"},
		{"en", "One = $6, ten = $50", "10=50USD;1=6USD"},
	})
}

func TestPricesThatOnlyTheOthersShow(t *testing.T) {
	checkClass(t, []class{
		{"en", "I charge 25 a face pass, 40 for bank apps", "1=25USD;1=40USD"},
		{"en", "I'm buying passports at 60 eur a pop, ID cards at 35", "1=35EUR;1=60EUR"},
		{"en", "210k images (50 GB) for 0.03 btc or 0.6 eth", "210000=0.03BTC;210000=0.6ETH"},
		{"en", "2k selfies: 30 USDT; 10k: 120 USDT; all 45k: 400 USDT", "10000=120USDT;2000=30USDT;45000=400USDT"},
		{"zh", "整库12万，要价3000", "120000=3000CNY"},
		{"en", "12$ for 1000 / 100$ for 10000", "10000=100USD;1000=12USD"},
		{"en", "5000 sets, 8 images each, 90 usd total", "5000=90USD"},
		{"zh", "港币300一张，人民币270", "1=270CNY;1=300HKD"},
		{"zh", "拍一次80到120", "1=80CNY"},
		{"zh", "次卡25 月卡300", "1=25CNY;1=300CNY"},
	})
}

func TestWhichDollarIsMeant(t *testing.T) {
	checkClass(t, []class{
		{"en", "$40 AUD each", "1=40AUD"},
		{"en", "$40 (AUD) each", "1=40AUD"},
		{"en", "$40 CAD per set, $35 from 10", "1=35CAD;1=40CAD"},
		{"en", "prices in AUD: single $40, ten $300", "1=300AUD;1=40AUD"},
		{"en", "$40 each or A$60 with selfie", "1=40AUD;1=60AUD"},
		{"en", "US$40 each, A$60 with selfie", "1=40USD;1=60AUD"},
	})
}

func TestConvertedWritingIsNoTaiwan(t *testing.T) {
	checkClass(t, []class{
		{"zh", "手持身分證 9元一套，眨眼影片 4元一條", "1=4CNY;1=9CNY"},
		{"zh", "臉部照一組八元，搖頭影片二十元一段，人民幣計價", "1=20CNY;1=8CNY"},
		{"zh", "門號500元一張，雙證件另談", "1=500TWD"},
	})
}
