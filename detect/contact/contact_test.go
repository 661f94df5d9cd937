package contact

import (
	"fmt"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/text"
)

func find(s string) []Found {
	f := text.Fold(s)
	return Find(f, text.Unhide(f))
}

// show writes contacts as "kind value"; one without a cue ends with "?", a
// doubtful one with "??".
func show(found []Found) string {
	var out []string
	for _, c := range found {
		mark := ""
		if !c.Cue {
			mark = "?"
		}
		if c.Doubtful {
			mark = "??"
		}
		out = append(out, fmt.Sprintf("%s %s%s", c.Kind, c.Value, mark))
	}
	return strings.Join(out, "; ")
}

type reading struct{ in, want string }

func check(t *testing.T, cases []reading) {
	t.Helper()
	for _, c := range cases {
		if got := show(find(c.in)); got != c.want {
			t.Errorf("%q\n got  %s\n want %s", c.in, got, c.want)
		}
	}
}

func TestChineseCues(t *testing.T) {
	check(t, []reading{
		{"男女人脸照 2000张 20元 打包带走 加微信 rlz_shop1", "wechat rlz_shop1"},
		{"6元/套 1000套起3元 飞机@sfzpifa", "telegram sfzpifa"},
		{"1500/套 包售后 蝙蝠 5512345", "bat 5512345"},
		{"3块一个 要的q 2233445566", "qq 2233445566"},
		{"80一单 不过不收费 tg:passface01", "telegram passface01"},
		{"微信实名号 150/个 QQ号 10/个 微 haoshang66", "wechat haoshang66"},
		{"80一张 50张起 电话 17012345678", "phone 17012345678"},
		{"三要素 20万条 800u @sys_data", "telegram sys_data?"},
		{"0.8一张 V信:sfz_aa1", "wechat sfz_aa1"},
		{"打包50元 飛機 @faceTW1", "telegram faceTW1"},
		{"3000份 600元 邮箱 fp3000@mail.example", "email fp3000@mail.example"},
		{"150/个 tg@wzid1", "telegram wzid1"},
		{"12元一套 有货私 @shou3jt", "telegram shou3jt"},
		{"纸飞机:Abc_Def12", "telegram Abc_Def12"},
		{"电报号 sellerface", "telegram sellerface"},
		{"✈️ face_dealer", "telegram face_dealer"},
		{"薇❤ abc_2024x", "wechat abc_2024x"},
		{"微❤️：abc20241", "wechat abc20241"},
		{"加v abc20241", "wechat abc20241"},
		{"＋ｖ：ａｂｃ２０２４１", "wechat abc20241"},
		{"威信 Abc20241", "wechat Abc20241"},
		{"wx：abc20241", "wechat abc20241"},
		{"vx13812345678", "wechat 13812345678"},
		{"wxid_a1b2c3d4e5f6", "wechat wxid_a1b2c3d4e5f6"},
		{"绿泡泡 haoren888", "wechat haoren888"},
		{"扣扣 123456789", "qq 123456789"},
		{"🐧 123456789", "qq 123456789"},
		{"企鹅：1234567", "qq 1234567"},
		{"q2233445566", "qq 2233445566"},
		{"QQ群 123456789", "qq_group 123456789"},
		{"群号：123456789", "qq_group 123456789"},
		{"QQ交流群：123456789", "qq_group 123456789"},
		{"🦇 5512345", "bat 5512345"},
		{"土豆 tudou_88", "potato tudou_88"},
		{"🥔：tudou88", "potato tudou88"},
		{"微信 abc20241 飞机同号", "wechat abc20241; telegram abc20241"},
		{"QQ/微信：123456789", "qq 123456789; wechat 123456789"},
		{"QQ微信同号：123456789", "qq 123456789; wechat 123456789"},
		{"电话13812345678（微信同号）", "phone 13812345678; wechat 13812345678"},
		{"飞机 @a_seller 、@b_seller", "telegram a_seller; telegram b_seller"},
		{"飞机 s f z p i f a", "telegram sfzpifa"},
		{"飞机 @sfz\u200bpifa", "telegram sfzpifa"},
		{"微*信 abc20241", "wechat abc20241"},
		{"飞机 t.me/Face_Shop", "telegram Face_Shop"},
		{"加赖 abc1234", "line abc1234"},
		{"官网 https://shop.example/a?b=1", "url https://shop.example/a?b=1"},
		{"QQ 2233445566 / 3344556677", "qq 2233445566; qq 3344556677"},
		{"有需要的联系QQ：2233445566（备注身份证）", "qq 2233445566"},
		{"需要的私聊 T G ： a b c d e 1 2 3", "telegram abcde123"},
		{"联系方式：微信 wx-abc_123 / QQ 123456789 / 电话 13800138000", "wechat wx-abc_123; qq 123456789; phone 13800138000"},
		{"V我 abc12345，QQ同号", "wechat abc12345"},
		{"TG👉 @handheld_cn 👈", "telegram handheld_cn"},
		{"加扣扣：1234 5678 90", "qq 1234567890"},
		{"QQ群：一二三四五六七八九", "qq_group 123456789"},
		{"扣①②③④⑤⑥⑦⑧⑨", "qq 123456789"},
		{"V信 sczjz", "wechat sczjz"},
		{"飞机gymface", "telegram gymface"},
		{"飞-机：abc12345 Q-Q：123456789", "telegram abc12345; qq 123456789"},
		{"谨防骗子！唯一联系方式 @real_face", "telegram real_face"},
	})
}

func TestKoreanCues(t *testing.T) {
	check(t, []reading{
		{"건당 4천원 텔레 @idfb1", "telegram idfb1"},
		{"1만장 3만원 카톡 facesell1", "kakaotalk facesell1"},
		{"개당 10만원 텔레그램 @usim1", "telegram usim1"},
		{"텔그 usim_shop", "telegram usim_shop"},
		{"텔 : usim77", "telegram usim77"},
		{"카카오톡 아이디 abc777", "kakaotalk abc777"},
		{"라인 abc777", "line abc777"},
		{"위챗 abc777", "wechat abc777"},
		{"오픈채팅 https://open.kakao.com/o/sAbC123", "kakaotalk sAbC123"},
		{"시그널 +82 10-1234-5678", "signal +821012345678"},
		{"문의 010-1234-5678", "phone 01012345678"},
		{"전화 010-1234-5678", "phone 01012345678"},
		{"텔레 카톡 아이디 동일 abc7777", "telegram abc7777; kakaotalk abc7777"},
		{"이메일 abc@proton.me", "email abc@proton.me"},
	})
}

func TestEnglishCues(t *testing.T) {
	check(t, []reading{
		{"3,000 HQ face pictures, $8, telegram @facepics8", "telegram facepics8"},
		{"$9 per set, TG @idselfie1", "telegram idselfie1"},
		{"20 usdt each @liveclip", "telegram liveclip?"},
		{"120$ per acc, tg @kycpass1", "telegram kycpass1"},
		{"contact me on telegram: SellerBob", "telegram SellerBob"},
		{"telegram: https://t.me/Face_Shop", "telegram Face_Shop"},
		{"join https://t.me/+AbCdEfGh12345678", "telegram_invite AbCdEfGh12345678"},
		{"join t.me/joinchat/AbCdEfGh12345678", "telegram_invite AbCdEfGh12345678"},
		{"t.me/share/url?url=x t.me/addstickers/abc t.me/s/face_chan", "telegram face_chan"},
		{"face_chan.t.me facechan.t.me", "telegram facechan"},
		{"tg://resolve?domain=facechan", "telegram facechan"},
		{"whatsapp +1 (555) 123-4567", "whatsapp +15551234567"},
		{"wa.me/8613812345678", "whatsapp 8613812345678"},
		{"signal: bob.42", "signal bob.42"},
		{"wickr: facekid", "wickr facekid"},
		{"jabber: bob@exploit.example", "xmpp bob@exploit.example"},
		{"xmpp bob@jabber.example", "xmpp bob@jabber.example"},
		{"icq 123456789", "icq 123456789"},
		{"ICQ: 123-456-789", "icq 123456789"},
		{"discord: bob#1234", "discord bob#1234"},
		{"discord.gg/AbC123", "discord AbC123"},
		{"email: Bob@Proton.me", "email Bob@Proton.me"},
		{"line id: abc777", "line abc777"},
		{"line.me/ti/p/~abc777", "line abc777"},
		{"session 05" + strings.Repeat("ab", 32), "session 05" + strings.Repeat("ab", 32)},
		{"http://" + strings.Repeat("a2b3c4d5", 7) + ".onion/shop", "onion " + strings.Repeat("a2b3c4d5", 7) + ".onion"},
		{strings.Repeat("a2b3c4d5", 7) + ".onion", "onion " + strings.Repeat("a2b3c4d5", 7) + ".onion"},
		{"call +1 555 123 4567", "phone +15551234567"},
		{"WhatsApp/Telegram: +1 415 555 0132", "whatsapp +14155550132; telegram +14155550132"},
		{"LINE livefc", "line livefc"},
		{"MOQ 500. Write hqface@proton.example", "email hqface@proton.example"},
		{"Reach me on Wickr (darkface)", "wickr darkface"},
		{"my telegram is @FaceSeller99, don't trust @FaceSeller98", "telegram FaceSeller99"},
	})
}

func TestWalletsNeedTheirChecksum(t *testing.T) {
	check(t, []reading{
		{"btc 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "btc 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
		{"btc 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", ""},
		{"3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "btc 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"},
		{"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "btc bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"},
		{"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp", ""},
		{"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "btc bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"},
		{"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "eth 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
		{"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", ""},
		{"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "eth 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
		{"USDT TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "tron TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"},
		{"USDT TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u", ""},
		{"44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A",
			"xmr 44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"},
		{"44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3B", ""},
	})
}

func TestWhatIsNoContactOfTheSeller(t *testing.T) {
	for _, s := range []string{
		"thanks @bob_seller for the tip", "beware of fake accounts @x_fake01", "admin @mod_team will ban you", "谨防假冒 @x_fake01 是骗子",
		"回复 @zhangsan01 说得对", "飞机晚点了 微信支付 QQ音乐", "微信公众号 微博 微型", "selling telegram accounts and whatsapp channels", "土豆 5000斤 10元",
		"群 20000人", "telegram channel for updates", "WeChat accounts real-name verified $40 each", "联系客服微信", "signal processing at session level",
		"on line here", "Q1 2023", "微信号 白号 20元", "骗子曝光: 微信 abc20241", "someone@example.com", "escrow @safe_escrow", "企鹅 可爱", "蝙蝠侠 100元",
		"微信实名号 150/个 QQ号 10/个",
	} {
		if got := find(s); len(got) > 0 {
			t.Errorf("%q: %s", s, show(got))
		}
	}
	check(t, []reading{
		{"认准 @real_seller 谨防假冒 @x_fake01 是骗子", "telegram real_seller"},
		{"骗子勿扰 飞机 @real_seller", "telegram real_seller"},
		{"@bob_seller I agree with that", ""},
		{"@bob_seller fresh sets daily", "telegram bob_seller??"},
	})
}

func TestPersonalValuesBesideIdentifiersAreNoContacts(t *testing.T) {
	for _, s := range []string{
		"张三 110101199003077715 电话 13812345678",
		"姓名:张三\n身份证:110101199003077715\n电话:13812345678",
		"900101-1234567 전화 010-1234-5678",
		"电话:13812345678\n电话:13912345678\n电话:13712345678",
		"邮箱 a@b.example\n邮箱 c@d.example\n邮箱 e@f.example",
	} {
		if got := find(s); len(got) > 0 {
			t.Errorf("%q: %s", s, show(got))
		}
	}
	check(t, []reading{
		{"电话 13812345678 13912345678 电话 13712345678", "phone 13812345678; phone 13712345678"},
		{"电话 13812345678 电话 13712345678 电话 13612345678", "phone 13812345678; phone 13712345678"},
	})
}
