package contact

import "testing"

func TestFurtherWaysToNameAChannel(t *testing.T) {
	checkKinds(t, []reading{
		{"我的鹅号 51930774", "qq 51930774"},
		{"抠裙 689914407 备用威信 fangchen_no1", "qq_group 689914407; wechat fangchen_no1"},
		{"进群看样:871204563(Q群)", "qq_group 871204563"},
		{"BF号90417752", "bat 90417752"},
		{"加♥ ziliao_wz", "wechat ziliao_wz"},
		{"❤ ziliao_wz", ""},
		{"只回加薇的:dipian_lao6", "wechat dipian_lao6"},
		{"联络 mingdan_k@mail.example", "email mingdan_k@mail.example"},
		{"信箱 dg2dump@mail.example", "email dg2dump@mail.example"},
		{"微信飞机通用 dongqi_ai", "telegram dongqi_ai; wechat dongqi_ai"},
		{"potato: liaoshang_ge 飞机也是这个", "potato liaoshang_ge; telegram liaoshang_ge"},
		{"LINE shop id: agedcorner", "line agedcorner"},
		{"Signal preferred: +420 601 555 019", "signal +420601555019"},
		{"what-s-app 85255501772", "whatsapp 85255501772"},
		{"Brief to standin.ceo@mail.example", "email standin.ceo@mail.example"},
	})
}

func TestHandlesInSentences(t *testing.T) {
	checkKinds(t, []reading{
		{"my handle is quietmango on telegram", "telegram quietmango"},
		{"the handle was quietmango on telegram", ""},
		{"Find me on Telegram under the name quietmango_7", "telegram quietmango_7"},
		{"ping mango77x over at discord", "discord mango77x"},
		{"write a line to mango@mail.example", "email mango@mail.example"},
		{"飞机:mango77\n土豆:同上", "potato mango77; telegram mango77"},
		{"飞机:mango77 只回文字\n土豆:同上", "telegram mango77"},
		{"카톡 mango77, 텔레도 같아요", "kakaotalk mango77; telegram mango77"},
		{"라인 아이디: mango77 (텔레 아이디도 같습니다)", "line mango77; telegram mango77"},
		{"看货走公群 t.me/houtai_face", "telegram houtai_face"},
		{"公群担保 t.me/houtai_face", ""},
	})
}

func TestNumbersThatAreToBeCalled(t *testing.T) {
	checkKinds(t, []reading{
		{"直接拨 19200341177(一直开机)", "phone 19200341177"},
		{"打电话也行 17104590382,晚上别打", "phone 17104590382"},
		{"就请发短信到 17000000833", "phone 17000000833"},
		{"打 13396601842 找老董,微信同号", "phone 13396601842; wechat 13396601842"},
		{"13192207764 打不通就发短信", "phone 13192207764"},
		{"王伟 13192207764 北京", ""},
		{"手里有 13192207764 这种号", ""},
	})
}

func TestCompoundsBehindCuesAreNoHandles(t *testing.T) {
	checkKinds(t, []reading{
		{"his WeChat real-name 260 yuan", ""},
		{"wechat blocked? face unlock", ""},
		{"Telegram no (fakes!!)", ""},
		{"wechat zhang-wei88", "wechat zhang-wei88"},
		{"wechat: abcen1?", "wechat abcen1"},
	})
}
