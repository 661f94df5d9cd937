package offer

import "testing"

func TestPriceListsOfBareNumbers(t *testing.T) {
	check(t, "zh", []reading{
		{"满月白号 45\n半年带圈 90\n两年老号 160", "1=45CNY~; 1=90CNY~; 1=160CNY~"},
		{"| 货品 | 价格 |\n| 正反面 | 2 |\n| 手持 | 6 |\n| 动态 | 15 |", "1=2CNY~; 1=6CNY~; 1=15CNY~"},
		{"1、光卡......400\n2、带盾......1100\n3、公户全套......4500", "1=400CNY~; 1=1100CNY~; 1=4500CNY~"},
		{"①直登号——25 ②扫码号——60", "1=25CNY~; 1=60CNY~"},
		{"过脸解封60,换绑90,海外平台人脸220。", "1=60CNY~; 1=90CNY~; 1=220CNY~"},
		{"A档 66:社交类\nB档 128:外卖类", "1=66CNY~; 1=128CNY~"},
		{"(1)扫脸——80元\n(2)视频核身——200元", "1=80CNY; 1=200CNY"},
		{"【图】正反面1.5;手持4.5", "1=1.5CNY~; 1=4.5CNY~"},
		{"四大行 1500\n农商行 900\n群号 123456\n等级40以上好友 200", "1=1500CNY~; 1=900CNY~"},
	})
	check(t, "en", []reading{
		{"front + back ....... 9 EUR\nholding it ....... 14 EUR\n20s clip ....... 30 EUR", "1=9EUR; 1=14EUR; 1=30EUR"},
		{"single pack ..... $40\n25 packs ... $800", "1=40USD; 25packs=800USD"},
		{"ID scan - 12\nselfie with ID - 18\n", "1=12USD~; 1=18USD~"},
	})
}

func TestNumbersThatAreNoPriceList(t *testing.T) {
	for _, s := range []string{
		"2024 2025\n好友 300\n粉丝 1200", "订阅 3,214\n浏览 880", "编号 1024\n房间 302室", "等级 45\n积分 900",
	} {
		if r := find(s, "zh"); len(r.Offers) > 0 {
			t.Errorf("%q: %s", s, show(r))
		}
	}
}

func TestAmountsSaidTwice(t *testing.T) {
	check(t, "zh", []reading{
		{"公户一天两千(2000),个人卡一天八百(800)", "1=2000CNY/day~; 1=800CNY/day~"},
		{"五毛(0.5)一张,一万张三千(3000)", "1张=0.5CNY; 10000张=3000CNY~"},
		{"十块(10)一套", "1套=10CNY"},
		{"三毛一条(0.3)", "1条=0.3CNY"},
	})
	check(t, "en", []reading{{"£ f1ve (5) each", "1=5GBP"}, {"$ tw0 (2) per scan", "1scan=2USD"}})
}

func TestMoneyOfTaiwanAndHongKong(t *testing.T) {
	check(t, "zh", []reading{
		{"收購提款卡存摺,一本9000,寄超商", "1本=9000TWD~"},
		{"人頭門號500元一張,雙證件另談", "1張=500TWD~"},
		{"出售實名帳號,港澳電話卡200元一張,喺香港交收唔使身份證", "1張=200HKD~"},
		{"臉部照片8000張 50元 飛機聯絡", "8000張=50CNY"},
		{"台湾实名卡 200元一张", "1张=200CNY"},
		{"人民幣300元一個,門號現貨,超商付款", "1個=300CNY"},
	})
}

func TestDigitsInDisguise(t *testing.T) {
	check(t, "en", []reading{
		{"l0k rows 1l0 usdt", "10000rows=110USDT"},
		{"5O for £l50", "50=150GBP"},
		{"l,OOO persons for 1.l XMR", "1000persons=1.1XMR"},
		{"$28 3ach", "1=28USD"},
		{"5OO r3cords for 2o u$dt", "500r3cords=20USDT"},
	})
	check(t, "ko", []reading{{"영상은 l만원, 사진은 7천원", "1=10000KRW; 1=7000KRW"}, {"통장 1개 4oo만원", "1개=4000000KRW"}})
	check(t, "zh", []reading{{"5Oo张 1O元", "500张=10CNY"}, {"2O0O条 3OU", "2000条=30USDT"}})
}

func TestNumbersInEnglishWords(t *testing.T) {
	check(t, "en", []reading{
		{"forty-five bucks per passport", "1passport=45USD"},
		{"$55 a set, ten for $430", "1set=55USD; 10=430USD"},
		{"ten dollars per person", "1person=10USD"},
		{"two hundred selfies for twelve usdt", "200selfies=12USDT"},
		{"one k rows, 15 usd", "1000rows=15USD"},
	})
}

func TestMoreCurrencies(t *testing.T) {
	check(t, "en", []reading{
		{"R$ 180 per check", "1check=180BRL"}, {"300 reais each", "1=300BRL"}, {"40 zł per card", "1card=40PLN"}, {"฿500 per sim", "1sim=500THB"},
		{"₱450 each", "1=450PHP"}, {"800 円 each", "1=800JPY"}, {"HK$ 300 per account", "1account=300HKD"}, {"NT$1,200 each", "1=1200TWD"},
	})
	check(t, "zh", []reading{{"HK$800 一次", "1次=800HKD"}, {"130💰一个", "1个=130CNY~"}, {"300泰铢一张", "1张=300THB"}})
	check(t, "ko", []reading{{"개당 50불", "1개=50USD"}, {"건당 300바트", "1건=300THB"}})
}
