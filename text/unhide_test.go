package text

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var sellersTricks = []struct {
	in, want string
	steps    string
}{
	// separators
	{"身*份*证*照 0.8一张", "身份证照 0.8一张", "separator"},
	{"身 份 证 正 反 面", "身份证正反面", "separator"},
	{"身\n份\n证", "身份证", "separator"},
	{"身-份-证", "身份证", "separator"},
	{"身份*证", "身份证", "separator"},
	{"身份 证照片", "身份证照片", "separator"},
	{"人 脸 照片", "人脸照片", "separator"},
	{"통 장 매 입", "통장 매입", "separator"},
	{"통*장*", "통장*", "separator"},
	{"체;크 카;드", "체크카드", "separator"},
	{"통 장 삽니다", "통장 삽니다", "separator"},
	{"신 분 증 팝 니 다", "신분증팝니다", "separator"},
	{"s-f-z", "身份证", "separator pinyin"},
	{"s f z 批发", "身份证 批发", "separator pinyin"},
	{"f.u.l.l.z", "fullz", "separator"},
	{"V/X: abc123", "vx: abc123", "case separator"},
	{"v 信 abc", "v信 abc", "separator"},
	{"1 3 8 0 0 1 3 8 0 0 0", "13800138000", "separator"},
	{"身\u0336份\u0336证\u0336", "身份证", "separator"},
	// homophones and aliases
	{"薇信 abc123", "微信 abc123", "homophone"},
	{"加威信 abc123", "加微信 abc123", "homophone"},
	{"卫星: rlz_shop", "微信: rlz_shop", "homophone"},
	{"扣扣2233445566", "qq2233445566", "homophone"},
	{"支出宝收款", "支付宝收款", "alias"},
	{"sfz yhk 批发", "身份证 银行卡 批发", "pinyin"},
	{"出sfz正反面", "出身份证正反面", "pinyin"},
	{"身分证 深份证 银行咔", "身份证 身份证 银行卡", "homophone"},
	{"四件淘", "四件套", "homophone"},
	{"掱機 嘚", "手机 的", "traditional lookalike"},
	{"身亻分证 讠正", "身份证 证", "lookalike"},
	{"入脸数据", "人脸数据", "lookalike"},
	// emoji
	{"✈️ @abcde", "飞机 @abcde", "emoji"},
	{"💳🆔 一套", "银行卡身份证 一套", "emoji"},
	{"🆔 팝니다", "신분증 팝니다", "emoji"},
	{"fresh 💳for sale", "fresh card for sale", "emoji"},
	{"加🐧 12345678", "加qq 12345678", "emoji"},
	{"微❤️: abcd_1", "微信: abcd_1", "emoji"},
	// look-alike letters
	{"tеlegram", "telegram", "lookalike"},
	{"ᴛᴇʟᴇɢʀᴀᴍ", "telegram", "lookalike"},
	{"ѵx", "vx", "lookalike"},
	// jamo
	{"ㅅㅣㄴㅂㅜㄴㅈㅡㅇ 팝니다", "신분증 팝니다", "jamo"},
	{"토ㅇ장", "통장", "jamo"},
	{"ㄷㅐ포ㅌㅗㅇㅈㅏㅇ", "대포통장", "jamo"},
	{"ㄱㅝㄴ ㄷㅏㄺ ㄱㅗㅏㄴ", "권 닭 관", "jamo"},
	// pinyin
	{"注冊(cè)數(shù)據", "注册数据", "traditional pinyin"},
	{"shenfenzheng", "身份证", "pinyin"},
	{"shen fen zheng 银行卡", "身份证 银行卡", "pinyin"},
	{"Shēnfènzhèng.", "身份证.", "case pinyin"},
	{"yinhangka, sijiantao", "银行卡, 四件套", "pinyin"},
	{"身fen证 ren脸 人lian数据", "身份证 人脸 人脸数据", "pinyin"},
	{"renlian shipin", "人脸视频", "pinyin"},
	{"身f证", "身份证", "pinyin"},
	// digits and signs for letters
	{"f4ce sc4ns, t3l3gram", "face scans, telegram", "digit"},
	{"p@ssports + s3lfie", "passports + selfie", "digit"},
	{"55N and FULL2 list", "ssn and fullz list", "case digit"},
	{"d4ta from ch1ps", "data from chips", "digit"},
	{"v3r1fied acc0unt$", "verified accounts", "digit"},
	// one disguised character of a longer word, and words of two
	{"手池证件 人莲照片", "手持证件 人脸照片", "homophone"},
	{"収银行咔 带盹", "收银行卡 带盾", "traditional homophone"},
	{"代辶寸人脸 解枫", "代过人脸 解封", "homophone lookalike"},
	{"手🐔号 加💚 abcde_1", "手机号 加微信 abcde_1", "emoji"},
	{"싄분쯩 사즨 삽니다", "신분증 사진 삽니다", "homophone"},
	// digits
	{"통장 4oo만원", "통장 400만원", "digit"},
	{"3일에 8O만", "3일에 80만", "case digit"},
	{"l38oo138ooo", "13800138000", "digit"},
	{"一三八零零一三八零零零", "13800138000", "digit"},
	{"공일공-일이삼사-오육칠팔", "010-1234-5678", "digit"},
}

func TestUnhideUndoesTheTricksOfSellers(t *testing.T) {
	for _, c := range sellersTricks {
		checkUnhide(t, c.in, c.want, c.steps)
	}
}

// checkUnhide checks what is made of in, by which steps.
func checkUnhide(t *testing.T, in, want, steps string) {
	t.Helper()
	f := Fold(in)
	u := Unhide(f)
	if u.Text != want {
		t.Errorf("Unhide(%q) = %q, want %q", in, u.Text, want)
	}
	if u.Changed() != (f.Text != want) {
		t.Errorf("Unhide(%q) says that it changed something: %v", in, u.Changed())
	}
	if diff := cmp.Diff(strings.Fields(steps), append([]string{}, u.Steps(0, len(u.Text))...)); diff != "" {
		t.Errorf("steps of %q: %s", in, diff)
	}
}

func TestUnhideLeavesOrdinaryTextAlone(t *testing.T) {
	lines, err := os.ReadFile("testdata/ordinary.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(lines)) {
		f := Fold(strings.TrimSpace(line))
		if u := Unhide(f); u.Text != f.Text || u.Changed() {
			t.Errorf("Unhide(%q) = %q", f.Text, u.Text)
		}
	}
}

func TestUnhideHasATrueMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Fold(hostile().Draw(t, "text"))
		u := Unhide(f)
		checkMap(t, u)
		checkLayers(t, u)
		checkTokens(t, u, UnhiddenTokens(u))
		start, end := drawSpan(t, u.Text)
		u.Steps(start, end)
	})
}

// checkLayers checks that each stream is the one below with its edits made,
// and that an edit's span leads to exactly what was replaced.
func checkLayers(t failer, u *Folded) {
	t.Helper()
	for ; u.under != nil; u = u.under {
		var b strings.Builder
		done := 0
		for _, e := range u.edits {
			if e.start < done || e.end <= e.start || e.step == 0 {
				t.Fatalf("edit %+v of %+q after offset %d", e, u.under.Text, done)
			}
			b.WriteString(u.under.Text[done:e.start] + e.to)
			done = e.end
			if s, end := u.below(e.at, e.at+len(e.to)); e.to != "" && (s != e.start || end != e.end) {
				t.Fatalf("edit %+v of %+q has source %d to %d", e, u.under.Text, s, end)
			}
			if e.to != "" && u.editSteps(e.at, e.at+1)&e.step == 0 {
				t.Fatalf("edit %+v of %+q names no step", e, u.under.Text)
			}
		}
		if b.String()+u.under.Text[done:] != u.Text {
			t.Fatalf("%+q is not %+q with its edits", u.Text, u.under.Text)
		}
	}
}

func FuzzUnhide(f *testing.F) {
	for _, s := range []string{"身*份*证", "s f z", "ㅅㅣㄴ", "薇信:abcde", "注冊(cè)", "一三八零零一三八零零零", "tеlegram 4oo", "shen fen zheng"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u := Unhide(Fold(s))
		checkMap(t, u)
		checkLayers(t, u)
		u.Steps(0, len(u.Text))
	})
}

// The classes of hiding beyond single words of the tables, with examples of
// our own.
var generalTricks = []struct{ in, want, steps string }{
	// one character of a known word: a homophone, a look-alike, a rare one
	{"银杭卡", "银行卡", "homophone"},
	{"电话佧 流量咔", "电话卡 流量卡", "homophone"},
	{"驾驶㱏", "驾驶证", "homophone"},
	{"手机㗎", "手机㗎", ""},
	{"储䋆卡", "储蓄卡", "lookalike"},
	{"罔证账号", "网证账号", "homophone"},
	{"护罩", "护罩", ""},
	{"银彳卡", "银行卡", "lookalike"},
	// characters taken apart
	{"扌寺身亻分讠正", "持身份证", "lookalike"},
	{"辶寸亻脸", "过人脸", "homophone lookalike"},
	// pinyin and initials inside words
	{"xing名 zheng件 密ma", "姓名 证件 密码", "pinyin"},
	{"er要素", "二要素", "pinyin"},
	{"d过 刷l 实m认证", "代过 刷脸 实名认证", "pinyin"},
	// emoji for syllables
	{"手🐔号", "手机号", "emoji"},
	{"人🐘 头🐘", "人像 头像", "emoji"},
	{"刷😊", "刷脸", "emoji"},
	{"正👤照 转👤 银行💳 代过👤脸", "正脸照 转头 银行卡 代过人脸", "emoji"},
	{"🪣장 🪪증 📶심", "통장 신분증 유심", "emoji"},
	{"身📱份📱证 S📱I📱M", "身份证 sim", "case separator"},
	// bars and signs between the characters of words of two
	{"휴|대|폰|번|호랑 번|호", "휴대폰번호랑 번호", "separator"},
	{"门|禁|终|端 导出", "门禁终端 导出", "separator"},
	{"原始图/片 真实姓+名", "原始图/片 真实姓名", "separator"},
	{"男/女 | 卡+盾", "男/女 | 卡+盾", ""},
	{"c|e|l|l D_L pass_po_rt", "cell dl passport", "case separator"},
	// accents, marks and signs for letters
	{"pässpört scäns, ©ard, s€lfie", "passport scans, card, selfie", "lookalike"},
	{"f\u035ea\u035dc\u030be photos", "face photos", "separator"},
	{"für Ärzte, déjà vu, €5", "für ärzte, déjà vu, €5", ""},
	{"fr35h 53lf13 + 1D 1n h4nd", "fresh selfie + id in hand", "case digit"},
	// digits
	{"6O、 四⑤、 ㈣千㈤", "60、 45、 四千五", "width case digit"},
	{"周三5点 3一5岁 第二2", "周三5点 3一5岁 第二2", ""},
	// Korean syllables that sound or look alike, and Chinese characters for them
	{"외궈긴 녀꿘 사뽄 매이팝니다", "외국인 여권 사본 매입합니다", "homophone"},
	{"씬뿐쯩 쎄트 얼굴녕상", "신분증 세트 얼굴영상", "homophone"},
	{"텔뤠그럠 캬톡", "텔레그램 카톡", "homophone"},
	{"머포통장 띵의", "대포통장 명의", "lookalike"},
	{"신분證 通帳 팝니다", "신분증 통장 팝니다", "traditional"},
	{"처l크카드", "체크카드", "lookalike"},
	{"통장 없이 꿈에 동창 변호사 과일 억원 되어", "통장 없이 꿈에 동창 변호사 과일 억원 되어", ""},
	// letters and digits
	{"recog-nition via tele.gram", "recognition via telegram", "separator"},
	{"b4nk acc0unt$", "bank accounts", "digit"},
}

func TestUnhideUndoesWholeClasses(t *testing.T) {
	for _, c := range generalTricks {
		checkUnhide(t, c.in, c.want, c.steps)
	}
}
