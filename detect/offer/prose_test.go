package offer

import "testing"

func TestPricesInEnglishSentences(t *testing.T) {
	check(t, "en", []reading{
		{"$11 for an account and $480 for fifty.", "1account=11USD; 50=480USD"},
		{"$18 for one, $75 for five. Dead ones get swapped", "1=18USD; 5=75USD"},
		{"I ask 30 for one, 250 for ten", "1=30USD~; 10=250USD~"},
		{"30 usd one, 130 for five. Mail me", "1=30USD; 5=130USD~"},
		{"25 bucks for each, ten of them $200", "1=25USD; 10=200USD"},
		{"6 dollars for one thousand rows", "1000=6USD"},
		{"$3 for each person, 10 fingers", "1=3USD; stock 10"},
		{"all ten fingers, I pay $12 for a ten-print card", "1card=12USD; stock 10"},
		{"$55 a pack. Take 10 and it is $480.", "1pack=55USD; 10=480USD"},
		{"one network certificate 160 yuan, take ten then 1300 yuan", "1certificate=160CNY; 10=1300CNY"},
		{"£60 takes all 12,000", "12000=60GBP"},
		{"the big ones sixty quid, the smaller ones forty.", "1=60GBP; 1=40GBP"},
		{"3 bucks each, 10+ 2.5, 100+ 2", "1=3USD; 1=2.5USD>=10~; 1=2USD>=100~"},
		{"$14 each, 100+ gets you $9", "1=14USD; 1=9USD>=100"},
		{"1 k for 9 $, 25 k for 150 $", "1000=9USD; 25000=150USD"},
		{"17,500 people, two states. $900 for the file", "17500people=900USD"},
		{"3,100 passport scans, 41 nationalities. Price 0.02 BTC", "3100scans=0.02BTC; stock 41"},
		{"NIN slip scan ........ N2,000", "1=2000NGN"},
		{"full 18 digit ID number $18", "1=18USD"},
		{"20 USD each instead of 40 USD", "1=20USD"},
		{"send 20 usd as deposit, the card is 90 usd", "1=90USD"},
		{"topped up with a fiver, £9 for one card", "1=9GBP"},
	})
}

func TestSentencesThatNameNoPriceInEnglish(t *testing.T) {
	for _, s := range []string{
		"Valid rate 85 and up, checked this morning", "success rate 95, all banks",
		"$100 for a pack of cards of what", "room n2,00 and n2000", "the smaller ones forty",
	} {
		for _, o := range find(s, "en").Offers {
			if *o.Price != 100 {
				t.Errorf("%q: %s", s, show(find(s, "en")))
			}
		}
	}
}

func TestPricesInKoreanSentences(t *testing.T) {
	check(t, "ko", []reading{
		{"손가락 열 개 이미지 1,100명. 한 명 4천, 전부 290만", "1=4000KRW~; 1100명=2900000KRW~; stock 10"},
		{"앞뒤 사진 2,300명. 명당 3,500원. 전부 다 사면 500만에 드립니다", "1명=3500KRW; 2300명=5000000KRW~"},
		{"3만2천 줄. 줄당 40원. 통으로는 100만", "1줄=40KRW; 32000줄=1000000KRW~"},
		{"지방은행 55만 / 시중은행 90만 / 우체국 70만. 한도 풀린 것만", "1=550000KRW~; 1=900000KRW~; 1=700000KRW~"},
		{"주 80만, 한도 3억. 계좌 임대", "1=800000KRW~"},
		{"한 묶음 280. (만원 단위) 한 명이 다 가져가면 500.", "1=2800000KRW~; 1=5000000KRW~"},
		{"개인 장 원래 230에 나가던 거 이번 주만 195만원", "1=1950000KRW"},
		{"계약금 10만원, 통장 40만원", "1=400000KRW"},
		{"대출용 5종 세트 320만원", "1=3200000KRW"},
		{"개인장 150 법인장 400 받습니다", "1=1500000KRW~; 1=4000000KRW~"},
		{"계정 하나에 3만이고 열 개면 25만", "1=30000KRW~; 10개=250000KRW~"},
		{"1건 조회 5만 → 3만 이벤트", "1건=30000KRW~"},
		{"이만 오천원에 드립니다", "1=25000KRW"},
		{"신분증 앞뒤 촬영본 7,000\n신분증 들고 정면 19,000", "1=7000KRW~; 1=19000KRW~"},
	})
}

func TestPricesInChineseSentences(t *testing.T) {
	check(t, "zh", []reading{
		{"普通60一单 难单120 先做后付", "1单=60CNY~; 1=120CNY~"},
		{"日租3000 周租15000 限额单日500万", "1=3000CNY/day~; 1=15000CNY~"},
		{"一条0.35 一万条起2800", "1条=0.35CNY~; 10000条=2800CNY~"},
		{"现货十来套 工行1800 农行1600 建行1700", "1=1800CNY~; 1=1600CNY~; 1=1700CNY~; stock 10"},
		{"50人份 400,500人份 3200", "50人份=400CNY~; 500人份=3200CNY~"},
		{"合计2.1万人。可以整库走,3000块", "21000人=3000CNY"},
		{"80一个,批量五十个起按60算", "1个=80CNY~; 1个=60CNY>=50~"},
		{"一组三张18块", "1组=18CNY"},
		{"月租8块已交到年底。120一张", "1张=120CNY~"},
		{"整本 1200 不拆,41万人", "410000人=1200CNY~"},
		{"整库500u;挑一个省60u", "1=500USDT; 1个=60USDT"},
		{"微信号查手机 60 / 手机号查地址 45", "1=60CNY~; 1=45CNY~"},
		{"带圈带好友的微信 1200走,包首次登录", "1=1200CNY~"},
		{"公户满三个月给一万五,半年再谈", "1=15000CNY~"},
		{"一张两块钱,一百张给我一百五就行", "1张=2CNY; 100张=150CNY~"},
		{"两千条,按人头2.5,一枪打2000", "1=2.5CNY~; 2000条=2000CNY~"},
	})
	check(t, "zh", []reading{
		{"陌陌四十五 探探六十 他趣三十五。五个起发", "1=45CNY~; 1=60CNY~; 1个=35CNY>=5~"},
		{"二十五一个,不议价", "1个=25CNY~"},
		{"每份 0.8 个U,50份起", "1份=0.8USDT>=50"},
		{"收卡,每张卡一千二,现结", "1张=1200CNY~"},
		{"正本副本一起 每份给到5块", "1=5CNY"},
	})
	for _, s := range []string{"黑龙江四百、吉林五百、辽宁七百", "英语四六级一百二", "横竖屏都行,1080起步", "证件四角不能出框", "不动你一分钱", "担保群押了3000U,随便查"} {
		if r := find(s, "zh"); len(r.Offers) > 0 {
			t.Errorf("%q: %s", s, show(r))
		}
	}
}
