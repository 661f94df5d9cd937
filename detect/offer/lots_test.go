package offer

import "testing"

func TestALotIsSaidInManyWords(t *testing.T) {
	checkClass(t, []class{
		{"ko", "총 830명분. 한 명분 3,500원이고 전부 가져가시면 190만원에 드립니다", "1=3500KRW;830=1900000KRW"},
		{"ko", "템플릿 2,700명분. 인당 1,500원, 전체는 220만원.", "1=1500KRW;2700=2200000KRW"},
		{"zh", "人脸底图 18.6万张\n价格:全包 900U;单个目录 15U", "186000=900USDT;1=15USDT"},
		{"zh", "微信号共90个\n一年以内:100元/个\n整批带走:13000元", "1=100CNY;90=13000CNY"},
		{"zh", "零散 6 分钱一条,一百万条整打 3.8 万", "1000000=38000CNY;1=0.06CNY"},
		{"en", "9.2M rows, CSV. 1 million rows 400 USDT, the full file 2,000 USDT", "1000000=400USDT;9200000=2000USDT"},
		{"en", "250k lines. $900 takes the whole lot. Samples are ten lines", "250000=900USD"},
		{"zh", "一次拿货的人多,五张起,每张80", "1=80CNY"},
	})
}

func TestPricesAndQuantitiesTakeTurns(t *testing.T) {
	checkClass(t, []class{
		{"ko", "한개 60u 열개 500u", "10=500USDT;1=60USDT"},
		{"ko", "하나 14만원 다섯 개 60만원.", "1=140000KRW;5=600000KRW"},
		{"ko", "실명 계정 4만원 / 100개 320만원 / 텔레 @kkreal_z", "100=3200000KRW;1=40000KRW"},
		{"ko", "사진 한짱 만4천원, 쉰짱 55만원", "1=14000KRW;50=550000KRW"},
		{"en", "$20 10 pcs $35 20 pcs", "10=20USD;20=35USD"},
		{"en", "1 pack $20 10 packs $150", "10=150USD;1=20USD"},
		{"en", "Price 700 USDT for 410k accounts, three copies, one is gone", "410000=700USDT"},
	})
}

func TestScalesAndAgesBesideNumbers(t *testing.T) {
	checkClass(t, []class{
		{"zh", "会员人脸 1.2 万张原图,650 块全拿", "12000=650CNY"},
		{"ko", "20대 남 1만2천원, 30~40대 여 1만8천원, 외국인 9천원", "1=12000KRW;1=18000KRW;1=9000KRW"},
		{"zh", "2.2元一车主,1000车主以上1块5", "1=1.5CNY;1=2.2CNY"},
		{"zh", "现价三十五元一套,五百套往上二十八", "1=28CNY;1=35CNY"},
		{"zh", "一人RM12,五十人RM450", "1=12MYR;50=450MYR"},
		{"en", "Kenya 1500 shillings, Nigeria 9000 naira for each search", "1=1500KES;1=9000NGN"},
		{"zh", "低于200元不接,身份证正反1.5元/套", "1=1.5CNY"},
		{"ko", "100만 라인 0.2 XMR\n30만 라인 0.002 BTC", "1000000=0.2XMR;300000=0.002BTC"},
	})
}

func TestPricesThatLackACurrencyAreKnownByTheirCompany(t *testing.T) {
	checkClass(t, []class{
		{"zh", "单次30,包月260不限次", "1=260CNY;1=30CNY"},
		{"zh", "一张150不还价 五张700", "1=150CNY;5=700CNY"},
		{"zh", "凑齐一人付 1.2,首批吃两千人", "1=1.2CNY"},
		{"zh", "录一套视频,一次给200现金", "1=200CNY"},
		{"zh", "指纹四千人份。整库一口价900元", "4000=900CNY"},
		{"zh", "驾驶证正副页 2/套\n手持证件 2/张", "1=2CNY;1=2CNY"},
		{"ko", "셀카만 5만, 동작까지 8만, 상담원 화상 20만원", "1=200000KRW;1=50000KRW;1=80000KRW"},
		{"ko", "여권 7천, 면허 4천원. 하루 30건 이상", "1=4000KRW;1=7000KRW"},
		{"ko", "회원 명단 5만, 가격 30만원", "50000=300000KRW"},
		{"en", "A folder is 2 bucks, a hundred folders 140. I show three samples", "100=140USD;1=2USD"},
		{"en", "14 quid per number monthly, ten numbers 110.", "10=110GBP;1=14GBP"},
		{"zh", "报价看号:普通180,带零钱的按余额两成", "1=180CNY"},
		{"zh", "移动110联通100虚商65,满二十张再说", "1=100CNY;1=110CNY;1=65CNY"},
		{"zh", "香港卡 160\n英国giffgaff 25\n国内卡 55", "1=160CNY;1=25CNY;1=55CNY"},
		{"zh", "微信45一天,支付宝不带余额60一天", "1=45CNY;1=60CNY"},
		{"zh", "一共23万,已分目录\n全量 1200U,只取5万 400U", "230000=1200USDT;50000=400USDT"},
		{"en", "3,200 subjects. 900 USD all, or one subject 2 USD", "1=2USD;3200=900USD"},
		{"en", "7 dollars a lookup, 5 if you prepay twenty", "1=5USD;1=7USD"},
		{"ko", "여 1만8천, 30~40대 남 1만2천, 외국인등록증 든 것 9천원", "1=12000KRW;1=18000KRW;1=9000KRW"},
	})
}

func TestWhatWasSoldAndDepositsAreNoPrices(t *testing.T) {
	checkClass(t, []class{
		{"zh", "正面 0.6元 一张\n昨日出货播报:头 3200,面 410,举 380", "1=0.6CNY"},
		{"zh", "生客先交 50 押金\n实名手机卡 38\n二类银行卡 580", "1=38CNY;1=580CNY"},
		{"zh", "私人号一个,相册500+,280拿走", "1=280CNY"},
		{"zh", "群控号100元/个\n号里好友大概每个一千到三千不等", "1=100CNY"},
		{"zh", "身高170体重60,18到55岁", ""},
	})
}
