package contact

import "testing"

func TestCuesOfChannelsInFurtherSpellings(t *testing.T) {
	checkKinds(t, []reading{
		{"电 16637720915 老焦", "phone 16637720915"},
		{"业务微信 kachi_xt2021,急事打 15230981176(不是微信)", "phone 15230981176; wechat kachi_xt2021"},
		{"bat:facejishu01", "bat facejishu01"},
		{"a bat flew by facejishu01", ""},
		{"dm dsc: greenticks", "discord greenticks"},
		{"종이비행기로 오세요 👉 yellowtalk_ho", "telegram yellowtalk_ho"},
		{"paper plane: ctid_issue", "telegram ctid_issue"},
		{"the plane landed at noon", ""},
		{"绿色号 zuhao_xiaoyu", "wechat zuhao_xiaoyu"},
		{"over WhatsApp yes: +4915550000123", "whatsapp +4915550000123"},
		{"扣扣上说话 3019945517", "qq 3019945517"},
		{"加微信问:shouka_88", "wechat shouka_88"},
	})
}

func TestOneValueForSeveralChannelsAndSeveralForOne(t *testing.T) {
	checkKinds(t, []reading{
		{"手机号 17839920465 就是微信,打电话请避开午休", "phone 17839920465; wechat 17839920465"},
		{"텔레·라인 아이디 같음: seolmun_pay", "line seolmun_pay; telegram seolmun_pay"},
		{"飞机 ashui_zahuo1 / ashui_zahuo2", "telegram ashui_zahuo1; telegram ashui_zahuo2"},
		{"飞机 ashui_zahuo1 / wx_abc: 12", "telegram ashui_zahuo1"},
		{"@aged_panda_acc ✈  wx: panda_acc88", "telegram aged_panda_acc; wechat panda_acc88"},
	})
}

func TestWordsBesideCuesAreNoHandles(t *testing.T) {
	checkKinds(t, []reading{
		{"Real-name Weixin seats, warmed", ""},
		{"LINE, Taiwan, owner-verified", ""},
		{"100만 라인 0.2 XMR\n30만 라인 0.002 BTC", ""},
		{"Proof to @eudocs_buyer please", "telegram eudocs_buyer"},
		{"thanks to @eudocs_buyer", ""},
		{"텔 @nunkoip_stock 사칭 많아요", "telegram nunkoip_stock"},
		{"텔 @nunkoip_stock 사칭", ""},
	})
}
