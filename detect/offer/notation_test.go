package offer

import "testing"

func TestTiersAndLotsInEnglish(t *testing.T) {
	check(t, "en", []reading{
		{"1-10 pcs $5 each, 11-50 $4, 100+ $3", "1=5USD; 1=4USD>=11; 1=3USD>=100"},
		{"20 for 100, 50 for 200 USD", "20=100USD~; 50=200USD"},
		{"x10 = $90, x50 = $400", "10=90USD; 50=400USD"},
		{"10x accounts $120", "10accounts=120USD"},
		{"USD 15 per piece or USD 120 for ten", "1piece=15USD; 10=120USD"},
		{"bulk of 500 ₱45,000", "500=45000PHP"},
		{"100$/10pcs, 450$/50pcs", "10pcs=100USD; 50pcs=450USD"},
		{"$0.35 a pop, whole lot 3,000 USDT", "1=0.35USD; 1=3000USDT"},
		{"between 15 and 25 dollars each", "1=15-25USD"},
		{"150.000 VND each", "1=150000VND"},
		{"was $50, now $35 per kit", "1kit=35USD"},
		{"1 video + 2 selfies, $20 a pack, 4 photos per person", "1pack=20USD"},
		{"scan $12, video $30. 40 countries covered", "1=12USD; 1=30USD; stock 40"},
		{"front ... 8\nselfie ... 14\n(all in EUR)", "1=8EUR~; 1=14EUR~"},
	})
}

func TestPricesBehindWhatTheyBuyInChinese(t *testing.T) {
	check(t, "zh", []reading{
		{"一千张起售,一千张八十,一万张六百", "1000张=80CNY~; 10000张=600CNY~"},
		{"网证代领 130 一个 两个 240", "1个=130CNY~; 2个=240CNY~"},
		{"过一单给你80,十单起接", "1单=80CNY>=10~"},
		{"每条8分,10万条打包6000", "1条=0.08CNY; 100000条=6000CNY~"},
		{"公户8000起 带法人1.2万", "1=8000CNY~; 1=12000CNY~"},
		{"户籍50 开房120 手机号反查80", "1=50CNY~; 1=120CNY~; 1=80CNY~"},
		{"整包13万张,不拆,整包2200U", "130000张=2200USDT"},
		{"原价120 现在手持1,三件套8,带视频12", "1=1CNY~; 1=8CNY~; 1=12CNY~"},
	})
	check(t, "ko", []reading{
		{"유심 1개 9만 5천원 / 10개 85만원", "1개=95000KRW; 10개=850000KRW"},
		{"원가 10만원 할인가 7만원", "1=70000KRW"},
	})
}

func TestEnglishListsWithoutAnyJoint(t *testing.T) {
	check(t, "en", []reading{
		{"id scan ES 7\nid scan PT 8\ndriving licence both sides 11\nmin order 20 usd total", "1=7USD~; 1=8USD~; 1=11USD~"},
		{"Selfie holding the licence 14, the blinking clip 10, no discount", "1=14USD~; 1=10USD~"},
		{"personal accounts with card, 300 each; business accounts 900. Posted only", "1=300USD~; 1=900USD~"},
		{"Selfie pack 10k, 10k pics = 60 usdt", "10000pics=60USDT"},
		{"whole export $500", "1=500USD"},
	})
	for _, s := range []string{"chapter of scans 12\nphoto class room 14", "photos of 12, cards in 2024"} {
		if r := find(s, "en"); len(r.Offers) > 0 {
			t.Errorf("%q: %s", s, show(r))
		}
	}
}
