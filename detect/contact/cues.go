package contact

import (
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/internal/latin"
	"github.com/leakwatch/leakwatch/detect/internal/starts"
	"github.com/leakwatch/leakwatch/detect/internal/stops"
	"github.com/leakwatch/leakwatch/leak"
)

// A cue is a word that announces a contact. A weak one is also an ordinary
// word or letter: it counts only with a joint such as ":" or 号, or before a
// value that can be nothing but a handle.
type cue struct {
	word string
	kind leak.ContactKind
	weak bool
}

// wideWords are the cue words in Chinese, Korean and emoji, longer ones before
// shorter ones that begin alike. A trailing ? marks a weak one. The spellings
// are those of public reports on underground markets and of filter lists; see
// the documentation of the lexicon.
var wideWords = []struct {
	kind  leak.ContactKind
	words string
}{
	{leak.Telegram, "飞机号 飞机 纸飞机 小飞机 电报号 电报 灰机 飞鸡 飞几 ✈ 🛩 🛫 텔레그램 텔레그렘 텔레그람 텔래그램 탤레그램 텔레 텔래 탤레 텔그 텔렙 텔? 틱텔 ㅌㄹ? 텔레아이디 电 飞j 飞ji fei机 fei鸡 飞🐔 飞🐓 飞🐤 飞🐥 飞🐣 飞💺 飞羽 纸✈ dian报 电bao 테레그램 탤그 텔그램 텔아이디 ㅌㄹㄱㄹ 텔방 텔친 종이비행기 纸✈️"},
	{leak.WeChat, "微信号 加♥? 加❤? 微信 薇信 威信 维信 徽信 葳信 微芯 微心 微讯 薇芯 薇? 微? 威? 葳? 徽? 卫星? 绿泡泡 绿色软件 绿色号 加微? 加薇? 加威? 加v? +v? 伽v? 加vx 加wx v信 v芯 微x 위챗 위쳇 薇✉ 微✉ 薇❤ 微❤ 薇💗 微💗 薇💚 微💚 v❤ v💗 v💚 v♥ 围❤ 围信 卫❤ 维❤ 💚 溦信 徴信 微亻言 家薇? 嘉薇? 佳薇? 珈薇? 伽薇? 迦薇? 嘉微? 佳微? 家微? 家威? 嘉威? 绿泡? 绿标? 绿聊? 加? 小绿? wei信 wei❤ wei💗 微xin 웨이신 위신?"},
	{leak.QQ, "扣扣 抠抠 叩叩 球球 企鹅号 企鹅 🐧 扣? 큐큐 加q? 加qq 秋秋 小企鹅 鹅号 寇寇 口口? q号 kou扣 qi鹅 伽q? 佳q? 嘉q? +q? 扣号 抠号"},
	{leak.QQGroup, "q裙 q群 qq群 抠裙 抠抠裙 抠群 qq裙 扣裙 扣扣裙 企鹅裙 交流裙 裙号 企鹅群 扣扣群 扣群 群号 交流群? 群?"},
	{leak.Bat, "蝙蝠号 bf号 蝙蝠 🦇 编蝠 bian福 蝙fu 蝙福 편복 박쥐?"},
	{leak.Potato, "土豆号 土豆 🥔 tu豆 土dou 土🫘 포테이토 감자?"},
	{leak.KakaoTalk, "카카오톡 카카오 카톡 카톡아이디 까톡 카똑 ㅋㅌ ㅋㄷ? 카카오아이디 오픈카톡 오픈채팅 오픈톡 옾챗 톡? 깨톡 콰톡 可可"},
	{leak.Line, "라인아이디 라인 连我 赖id 加赖 赖?"},
	{leak.WhatsApp, "왓츠앱 왓챕 왓쯔앱 와츠앱 왓삽 瓦次 瓦茨"},
	{leak.Signal, "시그널 信号app"},
	{leak.Session, "세션? 赛森"},
	{leak.Wickr, "위커 위커미"},
	{leak.XMPP, "재버 자버 재비"},
	{leak.Discord, "디스코드 디코"},
	{leak.EmailContact, "电子邮箱 电子信箱 信箱 电子邮件 邮箱号 邮箱 邮件 电邮 이메일 이멜 메일 📧 ✉ 📩"},
	{leak.PhoneContact, "联系电话 联系手机 联系方式 咨询电话 电话号码? 电话号 电话 手机号码? 手机号? 手机 热线 拨打 急事打 有事打 直接打 请打 致电 来电 座机 专线 전번 폰번호 ☎ 📞 📱? 연락처 전화번호 전화 문의전화 휴대폰 핸드폰 문자 联系人? 联系? 联络方式 联络电话 联络人? 联络? 店话 문의? 연락? 상담?"},
}

// latinWords are the cue words in Latin letters.
var latinWords = []struct {
	kind  leak.ContactKind
	words string
}{
	{leak.Telegram, "paperplane plane? telegram telegrm telegarm telegran telegramm telegam tele? tlg tlgrm tg tgm te? telegr teleg tgid feiji? dianbao? telgram tlgram teleqram"},
	{leak.WeChat, "wechat weixin vx wx vxin wxid? v? vxid weichat wexin vchat wechatid vv? weix"},
	{leak.QQ, "qq q? kouk qqid"},
	{leak.KakaoTalk, "kakaotalk kakao katalk katok kkt kakaoid"},
	{leak.Line, "line? lineid"},
	{leak.WhatsApp, "whatsapp whatsap watsapp whatapp whats? wa? ws? wapp"},
	{leak.Signal, "signal?"},
	{leak.Session, "session?"},
	{leak.Wickr, "wickr wickrme wikr"},
	{leak.XMPP, "jabber xmpp jid otr? omemo?"},
	{leak.ICQ, "icq"},
	{leak.Discord, "discord disc? dsc? dc? discordid"},
	{leak.EmailContact, "email mail emails mailbox protonmail? tutanota? contact? e-mail mailto proton? tuta?"},
	{leak.PhoneContact, "tel phone? mobile? call? telephone hotline? cell? ph? sms? text?"},
	{leak.Potato, "potato? tudou?"},
	{leak.Bat, "bat? batchat batmessenger bianfu?"},
}

// wideCues are the cues that are not all Latin, by their first character, the
// longest first. The first of some is a Latin letter.
var wideCues = byFirst()

func byFirst() *stops.Table[cue] {
	m := map[rune][]cue{}
	for _, group := range wideWords {
		for _, w := range strings.Fields(group.words) {
			c := cue{strings.TrimSuffix(w, "?"), group.kind, strings.HasSuffix(w, "?")}
			first, _ := utf8.DecodeRuneInString(c.word)
			m[first] = insertLonger(m[first], c)
		}
	}
	return stops.NewTable(m)
}

// wideCueAt returns the longest cue that stands at i, where the character c is;
// nil if there is none.
func wideCueAt(s string, i int, c rune) *cue {
	cs := wideCues.Of(c)
	for k := range cs {
		if hasAt(s, i, cs[k].word) {
			return &cs[k]
		}
	}
	return nil
}

// insertLonger keeps cs ordered by falling length.
func insertLonger(cs []cue, c cue) []cue {
	k := 0
	for k < len(cs) && len(cs[k].word) >= len(c.word) {
		k++
	}
	cs = append(cs, cue{})
	copy(cs[k+1:], cs[k:])
	cs[k] = c
	return cs
}

// latinCues are the cues in Latin letters.
var latinCues = byWord()

func byWord() *latin.Words[*cue] {
	m := map[string]*cue{}
	for _, group := range latinWords {
		for _, w := range strings.Fields(group.words) {
			word := strings.TrimSuffix(w, "?")
			m[word] = &cue{word, group.kind, strings.HasSuffix(w, "?")}
		}
	}
	return latin.New(m)
}

// latinCueOf returns the cue that a Latin word is, nil if it is none.
func latinCueOf(w string) *cue { return latinCues.Value(w) }

func isLatinCue(w string) bool { return latinCueOf(w) != nil }

// glueWords may stand between a cue and its value. Those in strongGlue say
// that a value follows.
var (
	strongGlue = starts.New("号码", "账号", "账户", "搜索", "搜", "添加", "用户名", "uin", "号", "id", "아이디", "username", "handle", "->", "=>", "→", ":", "=", "@", "아디", "번호")
	softGlue   = starts.New("上说话", "上聊", "上说", "上找", "上谈", "上私", "里说", "详问", "问", "오세요", "와 주세요", "오시면", "아이디 같음", "아이디같음", "login", "yes", "both", "细聊", "搜一搜", "플친", "플러스친구", "user", "under the name of", "under the name", "by the name of", "with the handle", "the handle", "under", "named", "called", "码", "聊天", "软件", "만 주세요", "만", "주시면", "받아요", "받습니다", "남겨주세요", "남겨", "보내주세요", "보내", "only", "三个号都叫", "通用", "共用", "都可以", "也可以", "preferred", "pref", "shop", "的", "两个号都叫", "两个号都是", "三个号都是", "都叫", "都是", "均为", "同为", "揾", "敲", "戳", "滴滴", "滴", "叫", "모두", "둘 다", "둘다", "전부", "계정", "이쪽으로", "여기로", "请加", "加我", "加", "联系", "咨询", "客服", "私聊", "私信", "私", "找我", "找", "为", "是", "我的", "我", "频道", "群组", "官方", "同步",
		"双向", "机器人", "或者", "或", "请", "发", "有意", "详聊", "聊", "唯一", "小号", "大号", "本人", "老板", "店主", "业务", "交流", "售后", "对接", "地址", "信", "心", "芯", "群",
		"문의", "상담", "연락주세요", "연락", "주세요", "추가", "친추", "로", "는", "은", "으로", "채널", "검색", "톡",
		"me at", "us at", "me on", "chat", "messenger", "app", "name", "nick", "nickname", "contact", "add", "dm", "me", "us", "is", "at", "number", "no", "my", "account", "channel", "pm", "msg", "call")
)

// stopValues are Latin words that follow cues and are no handles.
var stopValues = latin.Set(`channel channels group groups account accounts acc accs chat chats bot bots link links app apps messenger support
	premium member members user users username web desktop only here now and or for the this that with from are is was has have will can
	not you your our their his her its they all any some more less new old good best real name verified verification fake scam scammer
	number numbers phone phones mail email address contact contacts message messages video videos photo photos picture selfie face faces
	data database sale sell selling seller buy buying buyer price prices each per set sets usdt usdc btc eth xmr usd rmb cny krw
	telegram wechat weixin whatsapp signal session wickr jabber discord kakao kakaotalk line icq potato skype viber qq vip svip iphone android
	china korea korean chinese english america please thanks thank welcome hello online offline service services shop store site website
	http https www com net org onion admin admins mod mods owner escrow trusted vouch vouches review reviews official proof proofs sample samples
	deal deals trade quick fast cheap bulk stock ready fresh live full pack packs card cards bank banks passport license id ids dob ssn
	when where what which who why how about after before because since also just like want need get got let make made take send
	token tokens key keys code codes state storage timeout cookie cookies string file files page pages between through while during
	seats lines strength processing quality level high low time times based free first last next then than there these those into over under
	login logins registration registrations registered unlock unblock friend friends assist seat slot slots wallet wallets pay payment
	linked bound aged sessions numberless invite invites group2 post posts ads promo today tomorrow monthly weekly daily whoever someone anyone nobody everyone
	bypass kyc work works working available interest interested business private public secret handle below above server servers nope none blocked banned frozen locked restricted suspended limited unlocked unbanned fakes newbie rental rentals renting`)

// same are the words that give the value beside them under another kind too.
var same = starts.New("同手机号", "同手机", "同电话", "同号", "同步", "同v", "同微", "同飞机", "同名", "同一个", "同上", "也是这个", "也是同一个", "也是一样", "也一样", "也用这个", "也这个", "都是这个", "同个", "一样", "同", "동일", "아이디 동일", "아이디도 같습니다", "아이디도 같아요", "아이디도 동일", "도 같습니다", "도 같아요", "도 같은 아이디", "도 동일", "도 똑같", "같음", "same")
