package ident

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

func find(s string) []Found {
	f := text.Fold(s)
	return Find(f, text.Unhide(f))
}

// masked is s with its identifiers masked.
func masked(s string) string {
	var b strings.Builder
	at := 0
	for _, f := range find(s) {
		b.WriteString(s[at:f.Start])
		b.WriteString(Mask(f))
		at = f.End
	}
	return b.String() + s[at:]
}

type masking struct{ in, want string }

func check(t *testing.T, cases []masking) {
	t.Helper()
	for _, c := range cases {
		if got := masked(c.in); got != c.want {
			t.Errorf("%q\n got  %s\n want %s", c.in, got, c.want)
		}
	}
}

func TestEveryKindIsFoundAndMasked(t *testing.T) {
	check(t, []masking{
		{"张三 110101199003077715", "⟦name_row⟧ ⟦prc_id 11…⟧"},
		{"身份证11010119900307771X", "身份证⟦prc_id 11…⟧"},
		{"810000199408230021 830000199201300022", "⟦prc_id 81…⟧ ⟦prc_id 83…⟧"},
		{"110101900307771", "⟦prc_id 11…⟧"},
		{"A123456(3)", "⟦hk_id⟧"},
		{"hkid: A1234563", "hkid: ⟦hk_id⟧"},
		{"A123456789", "⟦tw_id⟧"},
		{"900101-1234567", "⟦rrn⟧"},
		{"900101-5234567", "⟦kr_foreigner⟧"},
		{"주민번호 9001011234567", "주민번호 ⟦rrn⟧"},
		{"护照 E12345678", "护照 ⟦passport⟧"},
		{"EA1234567 G12345678 M123A4567 M12345678", "⟦passport⟧ ⟦passport⟧ ⟦passport⟧ ⟦passport⟧"},
		{"passport: AB1234567", "passport: ⟦passport⟧"},
		{"6217001234567890120", "⟦bank_card 621700…20⟧"},
		{"4111111111111111", "⟦bank_card 411111…11⟧"},
		{"4111 1111 1111 1111", "⟦bank_card 411111…11⟧"},
		{"13812345678", "⟦phone +86…78⟧"},
		{"+86 138 1234 5678", "⟦phone +86…78⟧"},
		{"010-1234-5678", "⟦phone +82…78⟧"},
		{"+852 9123 4567", "⟦phone +852…67⟧"},
		{"0912-345-678", "⟦phone +886…78⟧"},
		{"(212) 555-1234", "(⟦phone +1…34⟧"},
		{"+1 212 555 1234", "⟦phone +1…34⟧"},
		{"zhang.san@example.com", "⟦email …@example.com⟧"},
		{"123-45-6789", "⟦ssn⟧"},
		{"SSN 123456789", "SSN ⟦ssn⟧"},
		{"91350100M000100Y43", "⟦uscc⟧"},
		{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10", "⟦mrz⟧"},
		{"I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<", "⟦mrz⟧"},
		{"澳门身份证 1234567(8)", "澳门身份证 ⟦mo_id⟧"},
		{"passport: 123456789", "passport: ⟦passport⟧"},
		{"계좌 국민 123456-01-123456", "계좌 국민 ⟦bank_card⟧"},
		{"电话 010-62345678", "电话 ⟦phone +86…78⟧"},
		{"sfz320102198805061234", "sfz⟦prc_id 32…⟧"},
		{"工行卡 955880 0200100123456", "工行卡 ⟦bank_card 955880…56⟧"},
		{"银行卡:6228 4812 3456 7890 123", "银行卡:⟦bank_card 622848…23⟧"},
	})
}

func TestHiddenFormsAreMaskedWhole(t *testing.T) {
	check(t, []masking{
		{"１１０１０１１９９００３０７７７１５", "⟦prc_id 11…⟧"},
		{"110101 19900307 7715", "⟦prc_id 11…⟧"},
		{"110101.19900307.7715", "⟦prc_id 11…⟧"},
		{"1 1 0 1 0 1 1 9 9 0 0 3 0 7 7 7 1 5", "⟦prc_id 11…⟧"},
		{"1-1-0-1-0-1-1-9-9-0-0-3-0-7-7-7-1-5", "⟦prc_id 11…⟧"},
		{"9 0 0 1 0 1 - 1 2 3 4 5 6 7", "⟦rrn⟧"},
		{"9 0 0 1 0 1-5 2 3 4 5 6 7", "⟦kr_foreigner⟧"},
		{"9.0.0.1.0.1-1.2.3.4.5.6.7", "⟦rrn⟧"},
		{"9*0*0*1*0*1 - 1*2*3*4*5*6*7", "⟦rrn⟧"},
		{"110101\u200b19900307\u200b7715", "⟦prc_id 11…⟧"},
		{"110101\t19900307\t7715", "⟦prc_id 11…⟧"},
		{"110101\n19900307\n7715", "⟦prc_id 11…⟧"},
		{"一一〇一〇一一九九〇〇三〇七七七一五", "⟦prc_id 11…⟧"},
		{"壹壹零壹零壹壹玖玖零零叁零柒柒柒壹伍", "⟦prc_id 11…⟧"},
		{"①①⓪①⓪①①⑨⑨⓪⓪③⓪⑦⑦⑦①⑤", "⟦prc_id 11…⟧"},
		{"11o1o1199oo3o77715", "⟦prc_id 11…⟧"},
		{"llO1O1199OO3O77715", "⟦prc_id 11…⟧"},
		{"1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", "⟦phone +86…78⟧"},
		{"一三八一二三四五六七八", "⟦phone +86…78⟧"},
		{"138 1234 5678", "⟦phone +86…78⟧"},
		{"138-1234-5678", "⟦phone +86…78⟧"},
		{"1★3★8★1★2★3★4★5★6★7★8", "⟦phone +86…78⟧"},
		{"1*3*8*1*2*3*4*5*6*7*8", "⟦phone +86…78⟧"},
		{"𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖", "⟦phone +86…78⟧"},
		{"공일공-일이삼사-오육칠팔", "⟦phone +82…78⟧"},
		{"o1o-1234-5678", "⟦phone +82…78⟧"},
		{"01O 1234 5678", "⟦phone +82…78⟧"},
		{"6217 0012 3456 7890 120", "⟦bank_card 621700…20⟧"},
		{"6217-0012-3456-7890-120", "⟦bank_card 621700…20⟧"},
		{"**13812345678**", "**⟦phone +86…78⟧**"},
		{"abc # qq . com", "⟦email …@qq.com⟧"},
		{"abc艾特qq.com", "⟦email …@qq.com⟧"},
		{"abc(at)gmail(dot)com", "⟦email …@gmail.com⟧"},
		{"Ａｂｃ＠ｑｑ．ｃｏｍ", "⟦email …@qq.com⟧"},
		{"11010119900307771513812345678", "⟦prc_id 11…⟧⟦phone +86…78⟧"},
		{"9 0 0 1 0 1 - 1 2 3 4 5 6 8", "⟦rrn⟧"},
	})
}

func TestSellersOwnMasksAreRecognised(t *testing.T) {
	for in, want := range map[string]string{
		"310***********1234":   "prc_id 31…",
		"310***1234":           "prc_id 31…",
		"1101011990****7715":   "prc_id 11…",
		"138****5678":          "phone …78",
		"138xxxx5678":          "phone …78",
		"900101-1******":       "rrn",
		"010-****-5678":        "phone …78",
		"6217 **** **** 1234":  "bank_card",
		"6217001234*******34":  "bank_card 621700…34",
		"身份证 31010119********": "prc_id 31…",
	} {
		got := find(in)
		if len(got) != 1 || !got[0].Partial || got[0].Canonical != "" || Mask(got[0]) != "⟦"+want+"⟧" {
			t.Errorf("%q: %v, want a partial %s", in, got, want)
		}
	}
}

func TestNumbersThatIdentifyNobody(t *testing.T) {
	for _, s := range []string{
		"5000张 10元", "2023-01-02 12:30:45", "20230102123045", "QQ 2233445566", "qq群 123456789", "扣扣13812345678", "蝙蝠 5512345", "订单 12345678",
		"@user13812345678", "tg @sfz_110101", "1000000", "1,000,000 条", "100 200 300 400", "4000 5000 6000 7000", "v1.2.3.4", "192.168.100.200",
		"3.14159265358979", "18-35岁", "2020-01-01 2021-01-01", "10元100张 80元1000张", "订单号 1234567890123456", "iPhone 15 pro max 256", "wx_abc20241",
		"三要素 20万条 一手", "七天退换", "飞机 E12345678", "MP4 1080p 60fps", "item.htm?id=612345678901", "2023.01.01-2023.12.31", "第1期 第2期",
		"1699999999999", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
		"공일공 이야기", "5***8", "500套起3.5一套", "客服 400-123-4567", "95588", "12306",
	} {
		if got := find(s); len(got) > 0 {
			t.Errorf("%q: %s", s, masked(s))
		}
	}
}

func TestRowsOfASampleAreMaskedWhole(t *testing.T) {
	check(t, []masking{
		{"王小明 13812345678\n李雷 13912345678\n韩梅梅 13712345678", "⟦name_row⟧ ⟦phone +86…78⟧\n⟦name_row⟧ ⟦phone +86…78⟧\n⟦name_row⟧ ⟦phone +86…78⟧"},
		{"王小明\t110101199003077715\t北京市朝阳区建国路1号\t男\n李雷\t110101199003077715\t上海市浦东新区世纪大道2号\t男\n韩梅\t110101199003077715\t广州市天河区3号\t男",
			"⟦name_row⟧\t⟦prc_id 11…⟧\t⟦name_row⟧\t男\n⟦name_row⟧\t⟦prc_id 11…⟧\t⟦name_row⟧\t男\n⟦name_row⟧\t⟦prc_id 11…⟧\t⟦name_row⟧\t男"},
		{"김철수 900101-1234567 010-1234-5678", "⟦name_row⟧ ⟦rrn⟧ ⟦phone +82…78⟧"},
		{"John Smith, 123-45-6789", "⟦name_row⟧, ⟦ssn⟧"},
		{"姓名：王小明\n身份证：110101199003077715\n电话：13812345678\n地址：北京市朝阳区1号", "姓名：⟦name_row⟧\n身份证：⟦prc_id 11…⟧\n电话：⟦phone +86…78⟧\n地址：⟦name_row⟧"},
		{"张三 13812345678", "张三 ⟦phone +86…78⟧"},
		{"John Smith|123 Main St|New York|NY|10001|4111111111111111|12/25", "⟦name_row⟧|⟦name_row⟧|⟦name_row⟧|⟦name_row⟧|⟦name_row⟧|⟦bank_card 411111…11⟧|12/25"},
		{"홍길동/880101/1234567", "⟦name_row⟧/⟦rrn⟧"},
		{"여권번호 M12345678", "여권번호 ⟦passport⟧"},
		{"样本: 李四,13912345678,6222021234567890123", "样本: ⟦name_row⟧,⟦phone +86…78⟧,⟦bank_card 622202…23⟧"},
		{"王小明 110101199003077715 91234567", "⟦name_row⟧ ⟦prc_id 11…⟧ ⟦phone⟧"},
	})
}

func TestAFoundDoesNotPrintItsValue(t *testing.T) {
	f := find("110101199003077715")[0]
	for _, s := range []string{fmt.Sprint(f), fmt.Sprintf("%v %+v %#v %s", f, f, f, f), fmt.Sprintf("%v", []Found{f})} {
		if strings.Contains(s, "19900307") {
			t.Errorf("printed %s", s)
		}
	}
}

func TestCanonicalGivesOneSpelling(t *testing.T) {
	for _, c := range []struct {
		kind leak.IdentifierKind
		in   []string
		want string
	}{
		{leak.PRCID, []string{"110101199003077715", "110101 19900307 7715", "１１０１０１１９９００３０７７７１５"}, "110101199003077715"},
		{leak.PRCID, []string{"110101900307771"}, "110101199003077715"},
		{leak.PRCID, []string{"11010119900307771x"}, "11010119900307771X"},
		{leak.HKID, []string{"A123456(3)", "a1234563"}, "A1234563"},
		{leak.Phone, []string{"13812345678", "+86 138-1234-5678", "8613812345678"}, "+8613812345678"},
		{leak.Phone, []string{"010-1234-5678", "01012345678", "+82 10 1234 5678"}, "+821012345678"},
		{leak.Email, []string{"Zhang@QQ.com"}, "zhang@qq.com"},
		{leak.RRN, []string{"900101-1234567"}, "9001011234567"},
		{leak.BankCardNo, []string{"6217 0012 3456 7890 120"}, "6217001234567890120"},
		{leak.SSN, []string{"123-45-6789"}, "123456789"},
		{leak.Passport, []string{"e12345678"}, "E12345678"},
	} {
		for _, in := range c.in {
			if got, err := Canonical(c.kind, in); got != c.want || err != nil {
				t.Errorf("Canonical(%s, %q) = %q, %v; want %q", c.kind, in, got, err, c.want)
			}
		}
	}
	for kind, in := range map[leak.IdentifierKind]string{leak.PRCID: "1101011990", leak.Email: "nobody", leak.RRN: "900101", leak.SSN: "12", leak.MRZ: "<"} {
		if got, err := Canonical(kind, in); err == nil || strings.Contains(err.Error(), in) {
			t.Errorf("Canonical(%s, %q) = %q, %v", kind, in, got, err)
		}
	}
}

func TestKindsOfATypedValue(t *testing.T) {
	for in, want := range map[string]leak.IdentifierKind{
		"110101199003077715": leak.PRCID, "13812345678": leak.Phone, "a@b.example": leak.Email, "900101-1234568": leak.RRN,
		"4111111111111111": leak.BankCardNo, "A123456789": leak.TWID, "123-45-6789": leak.SSN, "E12345678": leak.Passport, "王小明": leak.NameRow,
		"91350100M000100Y43": leak.USCC,
	} {
		if got := Kinds(in); len(got) == 0 || got[0] != want {
			t.Errorf("Kinds(%q) = %v, want %s first", in, got, want)
		}
	}
}

func TestScanStopsAtAllThatIsReadAsADigit(t *testing.T) {
	for c := rune(0x80); c <= unicode.MaxRune; c++ {
		if v, _ := digitRune(c); (v >= 0 || isMaskRune(c)) && !wideStops.May(c) {
			t.Errorf("%U may begin an identifier and is passed over", c)
		}
	}
}
