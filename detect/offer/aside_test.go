package offer

import "testing"

func TestQuantitiesThatNoPriceBuys(t *testing.T) {
	check(t, "zh", []reading{
		{"1万条80U / 10万条500U,先测30条", "10000条=80USDT; 100000条=500USDT"},
		{"1万条80U/10万条500U", "10000条=80USDT; 100000条=500USDT"},
		{"个人户9000元,公司户21000元,含账号十组", "1=9000CNY; 1=21000CNY"},
		{"银行卡租一天100,自己操作;微信租一天30,扫码。两个同时租另有全勤", "1=100CNY/day~; 1=30CNY/day~"},
		{"普通解封45,二次实名70。", "1=45CNY~; 1=70CNY~"},
		{"一枚30,100枚打包2000", "1枚=30CNY~; 100枚=2000CNY~"},
		{"全套对公:4000起,个人卡一千一套", "1=4000CNY~; 1套=1000CNY~"},
		{"解封60一弹,不成不收", "1=60CNY~"},
		{"光卡800一张,介绍费50,每成交一张返20", "1张=800CNY~"},
	})
	check(t, "ko", []reading{
		{"유심 개당 7만원, 후불은 10만원. 한 명당 최대 4회선", "1개=70000KRW; 1=100000KRW"},
		{"디비 건당 900원, 지난 건 300원. 하루 2천 건까지 받습니다", "1건=900KRW; 1=300KRW"},
		{"사진 1만원, 셀카 2만원, 소개비 5천원 추가", "1=10000KRW; 1=20000KRW"},
		{"한 명당 5천원, 천 명 일괄 350만원", "1명=5000KRW; 1000명=3500000KRW"},
	})
	check(t, "en", []reading{
		{"410k member accounts, price 700 USDT, three copies", "410000accounts=700USDT"},
		{"scan $12\n- 15s clip $35\nbulk 20+ minus 15%", "1=12USD; 1=35USD"},
		{"$40 per set, 5 samples free, referral $10", "1set=40USD"},
		{"1500 clean face photos. Twelve bucks... $12", "1500photos=12USD"},
	})
}

func TestOffersThatOnlyTheUnhiddenStreamShows(t *testing.T) {
	check(t, "en", []reading{
		{"l-i-v-e v-i-d-e-o-s, 10 u-s-d-t each, 4 actions", "1=10USDT"},
		{"1,000,000 m.o.b.i.l.e n.u.m.b.e.r.s act1ve, 25O u$dt all", "1000000n.u.m.b.e.r.s=250USDT"},
	})
}

func TestJobsWithoutACurrency(t *testing.T) {
	check(t, "zh", []reading{
		{"解封辅助 12 单\n扫码注册(实名)22 单", "1单=12CNY~; 1单=22CNY~"},
		{"代过人脸,六十一单(60),先做后付", "1单=60CNY~"},
	})
}

func TestOnePriceNamesTheCurrencyOfTheRest(t *testing.T) {
	check(t, "zh", []reading{{"20U一个,100个起15一个", "1个=20USDT; 1个=15USDT>=100~"}, {"8元一套,500套起3.5一套", "1套=8CNY; 1套=3.5CNY>=500~"}})
	check(t, "en", []reading{{"€25 each, bulk price 18", "1=25EUR; 1=18EUR~"}})
}
