package contact

import (
	"sort"
	"strings"
	"testing"
)

// kinds writes the contacts of a text as "kind value", sorted, those in doubt
// left out.
func kinds(found []Found) string {
	var out []string
	for _, c := range found {
		if !c.Doubtful {
			out = append(out, string(c.Kind)+" "+c.Value)
		}
	}
	sort.Strings(out)
	return strings.Join(out, "; ")
}

func checkKinds(t *testing.T, cases []reading) {
	t.Helper()
	for _, c := range cases {
		if got := kinds(find(c.in)); got != c.want {
			t.Errorf("%q\n got  %s\n want %s", c.in, got, c.want)
		}
	}
}

func TestLinksWithWordsForTheirMarks(t *testing.T) {
	checkKinds(t, []reading{
		{"t dot me slash brickyard_ldn", "telegram brickyard_ldn"},
		{"t (dot) me / brickyard_ldn", "telegram brickyard_ldn"},
		{"t[.]me/brickyard_ldn", "telegram brickyard_ldn"},
		{"tme/brickyard_ldn", "telegram brickyard_ldn"},
		{"t,me/brickyard_ldn", "telegram brickyard_ldn"},
		{"telegram dot me slash brickyard_ldn", "telegram brickyard_ldn"},
		{"hxxps://t.me/brickyard_ldn", "telegram brickyard_ldn"},
		{"TG handle is brickyard underscore ldn", "telegram brickyard_ldn"},
		{"텔레: abc 언더바 shop88", "telegram abc_shop88"},
		{"土豆群 pt.im/abcshop88", "potato abcshop88"},
	})
}

func TestAddressesOfMailAndXMPP(t *testing.T) {
	checkKinds(t, []reading{
		{"brick@xmpp.jp", "xmpp brick@xmpp.jp"},
		{"brick@exploit.im (jabber)", "xmpp brick@exploit.im"},
		{"proton: brick@proton.me", "email brick@proton.me"},
		{"brick [at] proton [dot] me", "email brick@proton.me"},
		{"brick(at)proton(dot)me", "email brick@proton.me"},
		{"tuta: brick@tuta.io", "email brick@tuta.io"},
		{"mailto:brick@tuta.io", "email brick@tuta.io"},
		{"brick@tuta.io only, no telegram", "email brick@tuta.io"},
		{"orders: brick@tuta.io", "email brick@tuta.io"},
		{"发邮件到abcshop@mail.example", "email abcshop@mail.example"},
		{"寄信 abcshop@mail.example 索取", "email abcshop@mail.example"},
		{"询价 abcshop@mail.example", "email abcshop@mail.example"},
		{"站内信或 abcshop@mail.example", "email abcshop@mail.example"},
		{"메일로만 받아요 jimun.scan@mail.example", "email jimun.scan@mail.example"},
		{"jimun@mail.example 로 문의", "email jimun@mail.example"},
		{"整库1000U，someone@mail.example", ""},
	})
}

func TestPhonesInWordsAndBesideACall(t *testing.T) {
	checkKinds(t, []reading{
		{"打我电话一三零一二三四五六七八", "phone 13012345678"},
		{"微信：一三零一二三四五六七八", "wechat 13012345678"},
		{"联系人王先生 13012345678", "phone 13012345678"},
		{"문자만 주세요 010-0412-7788", "phone 01004127788"},
		{"010.0599.3318 또는 텔레 gaetong_face", "phone 01005993318; telegram gaetong_face"},
		{"010-0599-3318로 연락", "phone 01005993318"},
		{"010-0599-3318 문자주세요", "phone 01005993318"},
		{"연락처 o1o o733 219o", "phone 01007332190"},
		{"+44 7700 900126 (Signal)", "signal +447700900126"},
		{"+44 7700 900126 WhatsApp only", "whatsapp +447700900126"},
		{"ph: 202 555 0143", "phone 2025550143"},
		{"전번 010 1234 9988", "phone 01012349988"},
		{"010 1234 9988 문자", "phone 01012349988"},
		{"📞 010.1234.9988", "phone 01012349988"},
		{"致电13512345678李哥", "phone 13512345678"},
	})
}

func TestOneHandleForTwoChannels(t *testing.T) {
	checkKinds(t, []reading{
		{"@brickyard9 on TG, same on Wickr", "telegram brickyard9; wickr brickyard9"},
		{"brickyard9 on both tg and session", "session brickyard9; telegram brickyard9"},
		{"微信同手机号 13012345678", "phone 13012345678; wechat 13012345678"},
		{"飞机abcshop88 土豆同号", "potato abcshop88; telegram abcshop88"},
		{"微信abcshop88，tg一样", "telegram abcshop88; wechat abcshop88"},
		{"텔레 abcshop88 (카톡 동일)", "kakaotalk abcshop88; telegram abcshop88"},
		{"same handle on TG and Wickr: brickyard9", "telegram brickyard9; wickr brickyard9"},
		{"扣扣12938475（同微）", "qq 12938475; wechat 12938475"},
		{"电话同微13512345678", "phone 13512345678; wechat 13512345678"},
		{"微信/QQ同号12938475", "qq 12938475; wechat 12938475"},
		{"V/Q同号 12938475", "qq 12938475; wechat 12938475"},
		{"카톡,텔레 둘다 abcd8899", "kakaotalk abcd8899; telegram abcd8899"},
		{"Signal/WhatsApp +1 202 555 0143", "signal +12025550143; whatsapp +12025550143"},
	})
}

func TestHandlesBehindMoreWords(t *testing.T) {
	checkKinds(t, []reading{
		{"telegram user brickyard9", "telegram brickyard9"},
		{"find me on telegram under brickyard9", "telegram brickyard9"},
		{"Ping brickyard9 @ telegram", "telegram brickyard9"},
		{"TG：abcshop88 备用：abcshop99", "telegram abcshop88; telegram abcshop99"},
		{"@brickyard9 (backup @brickyard_bk)", "telegram brickyard9; telegram brickyard_bk"},
		{"微信号码abcshop88", "wechat abcshop88"},
		{"绿标 abcshop88", "wechat abcshop88"},
		{"蝙蝠聊天：10293847", "bat 10293847"},
		{"加 zhaoren_shualian", "wechat zhaoren_shualian"},
		{"加群1029384756看货", "qq_group 1029384756"},
		{"abcshop88 텔레", "telegram abcshop88"},
		{"텔 ㅡ abcshop88", "telegram abcshop88"},
		{"오픈톡 open.kakao.com/o/sAbC123", "kakaotalk sAbC123"},
		{"ICQ UIN 718204455", "icq 718204455"},
		{"1cq 718204455", "icq 718204455"},
		{"t3leg: brickyard9", "telegram brickyard9"},
		{"Discord server discord.gg/brickX9", "discord brickX9"},
		{"grain_store9@telegram", "telegram grain_store9"},
		{"write me in telegram, login grain_store9", "telegram grain_store9"},
		{"snap no, wickr 'grainstore'", "wickr grainstore"},
		{"有意者飞机细聊abcd_8899", "telegram abcd_8899"},
		{"Q裙12938475", "qq_group 12938475"},
		{"交流裙 12938475", "qq_group 12938475"},
		{"abcd_8899 로 텔레 주세요", "telegram abcd_8899"},
		{"카톡플친 abcd8899", "kakaotalk abcd8899"},
		{"위챗 : +86 13512345678", "wechat +8613512345678"},
	})
}

func TestHandlesOfOthers(t *testing.T) {
	checkKinds(t, []reading{
		{"vouch channel t.me/brickvouches, order @brickyard9", "telegram brickyard9"},
		{"reviews in @brickreviews. Order: @brickyard9", "telegram brickyard9"},
		{"escrow only through @trustbot, dm @brickyard9", "telegram brickyard9"},
		{"deals go through escrow bot @trust_bot, my tg brickyard9", "telegram brickyard9"},
		{"not @brickyard8, that is a scammer. I am @brickyard9", "telegram brickyard9"},
		{"credit to @someoneelse for the leak. DM @brickyard9", "telegram brickyard9"},
		{"insta @brickyard9", ""},
		{"担保走 @dbgroup，联系 @abcshop88", "telegram abcshop88"},
		{"公群担保 @dbgroup 老板号 @abcshop88", "telegram abcshop88"},
		{"인증방 @abcproof 문의 @abcshop88", "telegram abcshop88"},
		{"후기방 t.me/abcreview 문의 텔레 abcshop88", "telegram abcshop88"},
		{"중개 @abcmid 통해 거래. 텔레 abcshop88", "telegram abcshop88"},
		{"I use @midman_bot as escrow, order at @grain_store9", "telegram grain_store9"},
		{"거래는 @midbot 에스크로만, 문의 @abcd_8899", "telegram abcd_8899"},
		{"原号@abcd_7788被封，新号@abcd_8899", "telegram abcd_8899"},
		{"구 텔레 @abcd_7788 정지됨, 새 텔레 @abcd_8899", "telegram abcd_8899"},
		{"担保@dbbot_88 客服@abcd_8899", "telegram abcd_8899"},
	})
}
