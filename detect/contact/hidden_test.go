package contact

import "testing"

func TestCuesInDisguise(t *testing.T) {
	check(t, []reading{
		{"tele.gram seller_88", "telegram seller_88"},
		{"t3legram data_lot", "telegram data_lot"},
		{"t3l3gr4m data_lot", "telegram data_lot"},
		{"wh@tsapp +14155550100", "whatsapp +14155550100"},
		{"whats app +14155550100", "whatsapp +14155550100"},
		{"kakao talk shop_22", "kakaotalk shop_22"},
		{"w-e-c-h-a-t real_id7", "wechat real_id7"},
		{"d1scord: someone.42", "discord someone.42"},
		{"飞🐔 face_lot8", "telegram face_lot8"},
		{"飞💺：lot_8899", "telegram lot_8899"},
		{"家薇 rl_xiaozhang", "wechat rl_xiaozhang"},
		{"要的加💚 kasan_88", "wechat kasan_88"},
		{"bian福51900837", "bat 51900837"},
		{"蝙蝠 4〇5七七①②3", "bat 40577123"},
		{"q:2233445566", "qq 2233445566"},
		{"+q 2233445566", "qq 2233445566"},
		{"포테이토 jangjip", "potato jangjip"},
		{"potato chat scanhouse9", "potato scanhouse9"},
		{"v-e-r-i-f-i-e-d v.i.d.e.o.s for sale", ""},
	})
}

func TestTheHandleBeforeItsChannel(t *testing.T) {
	check(t, []reading{
		{"Ping @actors_guild on TG with a deadline", "telegram actors_guild"},
		{"DM facesets_pl on Telegram or facesets.pl on Discord", "telegram facesets_pl; discord facesets.pl"},
		{"Message +2348090001177 on WhatsApp", "whatsapp +2348090001177"},
		{"text me at +44 7700 900123 via WhatsApp", "whatsapp +447700900123"},
		{"grab me at lot_77 on Signal", "signal lot_77"},
		{"Handle dating_q8 (TG)", "telegram dating_q8"},
		{"available on Telegram and WhatsApp", ""},
		{"Not on Discord, whoever's there is fake", ""},
		{"we verify accounts on WeChat login pages", ""},
	})
}

func TestOneHandleForSeveralChannels(t *testing.T) {
	check(t, []reading{
		{"LINE或TG都是 lineid_store", "line lineid_store; telegram lineid_store"},
		{"微信飞机土豆三个号都叫 yj_guoyan", "wechat yj_guoyan; telegram yj_guoyan; potato yj_guoyan"},
		{"카톡/텔레그램 모두 bill_acc 입니다", "kakaotalk bill_acc; telegram bill_acc"},
		{"飞机微信同号 abc_1234", "telegram abc_1234; wechat abc_1234"},
		{"QQ微信同步 2233445566", "qq 2233445566; wechat 2233445566"},
		{"电话微信同号13812345678", "phone 13812345678; wechat 13812345678"},
		{"13812345678 微信同号", "phone 13812345678; wechat 13812345678"},
		{"微信 abc_1234（TG同名）", "wechat abc_1234; telegram abc_1234"},
		{"tg and signal: lot.keeper7", "signal lot.keeper7"},
		{"텔레 라인 아이디 동일 shop_9", "telegram shop_9; line shop_9"},
	})
}

func TestAddressesBesideAnotherContact(t *testing.T) {
	check(t, []reading{
		{"kq_leak@proton.example 或 tg@kq_dump", "email kq_leak@proton.example; telegram kq_dump"},
		{"Telegram @packdepot, backup packdepot@mail.example", "telegram packdepot; email packdepot@mail.example"},
		{"write rows@jabber.example", "xmpp rows@jabber.example"},
		{"rows like ann@mail.example bob@mail.example in the file", ""},
	})
}
