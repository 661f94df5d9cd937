package ident

import (
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/text"
)

func TestDocumentNumbersWhoseCharactersStandAlone(t *testing.T) {
	check(t, []masking{
		{"A 1 2 3 4 5 6 ( 3 )", "⟦hk_id⟧"},
		{"香港身份证 A 1 2 3 4 5 6 ( 7 )", "香港身份证 ⟦hk_id⟧"},
		{"A-1-2-3-4-5-6-(-3-)", "⟦hk_id⟧"},
		{"A★1★2★3★4★5★6★(★3★)", "⟦hk_id⟧"},
		{"A一二三四五六(三)", "⟦hk_id⟧"},
		{"E七二三九五六一八", "⟦passport⟧"},
		{"A一二三四五二(〇)", "⟦hk_id⟧"},
		{"A 123456 (3)", "⟦hk_id⟧"},
		{"A 1 2 3 4 5 6 3", "⟦hk_id⟧"},
		{"E 7 2 3 9 5 6 1 8.jpg", "⟦passport⟧.jpg"},
		{"E 7 2 3 9 5 6 1 8 13812345678", "⟦passport⟧ ⟦phone +86…78⟧"},
		{"E-7-2-3-9-5-6-1-8", "⟦passport⟧"},
		{"E★7★2★3★9★5★6★1★8", "⟦passport⟧"},
		{"E / 7 / 2 / 3 / 9 / 5 / 6 / 1 / 8", "⟦passport⟧"},
		{"Ｅ　７　２　３　９　５　６　１　８", "⟦passport⟧"},
		{"E A 7 2 3 9 5 6 1", "⟦passport⟧"},
		{"M 7 2 3 A 9 5 6 1", "⟦passport⟧"},
		{"E 72395618", "⟦passport⟧"},
		{"E7239 5618", "⟦passport⟧"},
		{"A 1 9 3 4 5 6 7 8 0", "⟦tw_id⟧"},
		{"2 3 4 - 5 6 - 7 8 9 1", "⟦ssn⟧"},
		{"2 3 4 - 5 6 - 7 8 9 1.jpg", "⟦ssn⟧.jpg"},
		{"E72395618 13812345678", "⟦passport⟧ ⟦phone +86…78⟧"},
	})
}

func TestAnXThatStandsAloneEndsAnID(t *testing.T) {
	check(t, []masking{
		{"3-1-0-1-0-4-1-9-9-0-0-3-0-7-7-7-1-X", "⟦prc_id 31…⟧"},
		{"3 1 0 1 0 4 1 9 9 0 0 3 0 7 7 7 1 x 高清", "⟦prc_id 31…⟧ 高清"},
		{"身份证 310104 19900307 771 X", "身份证 ⟦prc_id 31…⟧"},
	})
}

func TestNumbersWrittenMostlyInLetters(t *testing.T) {
	check(t, []masking{
		{"9lllll-2585333", "⟦rrn⟧"},
		{"lOOlOl-2585333", "⟦rrn⟧"},
		{"138-lOll-5678", "⟦phone +86…78⟧"},
		{"1Oll-5678 号", "1Oll-5678 号"},
		{"oil-2585333 lol-1234567 illi-2020", "oil-2585333 lol-1234567 illi-2020"},
	})
}

func TestMobilesSplitOverCellsAsNobodyWritesThem(t *testing.T) {
	check(t, []masking{
		{"王小明\t1381\t2345\t678", "王小明\t⟦phone +86…78⟧"},
		{"138123\t45678", "⟦phone +86…78⟧"},
		{"手机\t1381\n2345\n678", "手机\t⟦phone +86…78⟧"},
		{"1381\t2345\t678\n1391\t2345\t679", "⟦phone +86…78⟧\n⟦phone +86…79⟧"},
		{"110101199003077715\t1381\t2345\t678", "⟦prc_id 11…⟧\t⟦phone +86…78⟧"},
	})
	for _, s := range []string{
		"1580元\t2360元\t198元", "1580\t2360\t198\n2580\t3360\t298", "1800\t2600\t900", "1380\t2760\t500\t900", "1998\t2003\t150\n2001\t2004\t160",
		"150000\t30000", "1380套\t2345\t678", "数量\t1500\t2000\t300",
	} {
		if got := masked(s); got != s {
			t.Errorf("%q: %s", s, got)
		}
	}
}

func TestWhatOnlyLooksLikeADocument(t *testing.T) {
	for _, s := range []string{
		"E 1 2 3 4 5 6 7 8", "E 1 2 3 4 5 6 7 8 9 10", "page g 1 2 3 4 5 6 7 8 9 10 »", "G\t7\t2\t3\t9\t5\t6\t1\t8", "Plan E 20240131",
		"A 1 2 3 4 5 6 7 8 9", "A 1 2 3 4 5 6 7 8 9 10", "A.1.2.3.4.5.6.7.8.9.10", "A-1-2-3-4-5-6-7-8-9", "8,5,1,1,2,1 - 1,2,3,4,5,6,7", "8\t5\t1\t1\t2\t1\t-1\t2\t3\t4\t5\t6\t7", "8 5 2 1 2 1 - 1 2 3 4 5 6 7",
		"A 1 2 3 4 5 6 4", "B 200 300 400", "class A 123456 (of 9)", "R-12345678", "abc-E72395618", "型号 G 7 2 3 9 5 6 1 8", "T 2 3 4 5 6 7 8",
		"2 3 4 5 6 7 8 9 1", "2 3 4 - 5 6 - 7 8", "1 - 2 - 3 - 4 - 5 - 6 - 7 - 8 - 9", "E 72395618张", "S 1 0 0 0 0 0 0", "vitamin E 400 IU", "P 30 40 50 60 70",
	} {
		if got := masked(s); got != s {
			t.Errorf("%q: %s", s, got)
		}
	}
}

func inLink(s string) string {
	f := text.Fold(s)
	var b strings.Builder
	at := 0
	for _, x := range FindInLink(f, text.Unhide(f)) {
		b.WriteString(s[at:x.Start] + Mask(x))
		at = x.End
	}
	return b.String() + s[at:]
}

func TestIdentifiersInLinks(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/t/5-A123456(3)":             "https://a.example/t/5-⟦hk_id⟧",
		"https://a.example/t/5-E72395618":              "https://a.example/t/5-⟦passport⟧",
		"https://a.example/t/5-E 7 2 3 9 5 6 1 8?x=1":  "https://a.example/t/5-⟦passport⟧?x=1",
		"https://a.example/E72395618":                  "https://a.example/⟦passport⟧",
		"/t/5-A193456780":                              "/t/5-⟦tw_id⟧",
		"/t/5-2 3 4 - 5 6 - 7 8 9 1":                   "/t/5-⟦ssn⟧",
		"/t?ref=6217001234567890122":                   "/t?ref=⟦bank_card 621700…22⟧",
		"/t?ref=6 2 1 7 0 0 1 2 3 4 5 6 7 8 9 0 1 2 2": "/t?ref=⟦bank_card 621700…22⟧",
		"/t?id=6217-0012-3456-7890-120":                "/t?id=⟦bank_card 621700…20⟧",
		"/t?order=4111111111111111":                    "/t?order=⟦bank_card 411111…11⟧",
		"/t?ref=E 7 2 3 9 5 6 1 8":                     "/t?ref=⟦passport⟧",
		"/t?ref=abc # qq . com":                        "/t?ref=⟦email …@qq.com⟧",
		"/t/12-110101199003077715.html":                "/t/12-⟦prc_id 11…⟧.html",
		"/t/5-9lllll-2585333":                          "/t/5-⟦rrn⟧",
		"/passport/P72395618":                          "/passport/⟦passport⟧",
	} {
		if got := inLink(in); got != want {
			t.Errorf("%q\n got  %s\n want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"见 https://a.example/t?ref=6217001234567890122": "见 https://a.example/t?ref=⟦bank_card 621700…22⟧",
		"www.a.example/t/5-E72395618 见":                 "www.a.example/t/5-⟦passport⟧ 见",
	} {
		if got := masked(in); got != want {
			t.Errorf("%q\n got  %s\n want %s", in, got, want)
		}
	}
}

func TestOrdinaryLinksAreLeftAlone(t *testing.T) {
	for _, s := range []string{
		"https://a.example/thread-12345678-1-1.html", "https://a.example/forum.php?mod=viewthread&tid=1234567&page=2", "/t/5123456", "/item.htm?id=612345678901",
		"/status/1812345678901234567", "/video/7212345678901234567", "/2024/05/13/some-title-20240513", "/p/P10023456", "/goods/E72395618.html", "/sku/G72395618",
		"/catalogue/item_1000/index.html", "/t/A123456", "/t/5-A1234567", "/a?ts=1699999999999", "/user/M12345678", "/viewtopic.php?f=12&t=34567&start=20#p456789",
		"http://127.0.0.1:34567/t/12", "http://192.168.100.200:8080/a/12345", "/c/1380/2345", "/dp/B08N5WRWNW", "/model/E 1 2 3 4 5 6 7 8",
		"/page/1/2/3/4/5/6/7/8/9", "/order/202405131234567890", "/r/10000000", "/file/0123456789abcdef0123456789abcdef", "/s/1-2-3-4-5-6-7-8-9",
	} {
		if got := inLink(s); got != s {
			t.Errorf("%q: %s", s, got)
		}
	}
}

func TestNamesOfASampleOnOneLine(t *testing.T) {
	long := strings.Repeat("春风,", 1000)
	check(t, []masking{
		{long + "王小明 110101199003077715", long + "⟦name_row⟧ ⟦prc_id 11…⟧"},
		{long + "王小明 13812345678 李雷 13912345678 韩梅梅 13712345678", long + "⟦name_row⟧ ⟦phone +86…78⟧ ⟦name_row⟧ ⟦phone +86…78⟧ ⟦name_row⟧ ⟦phone +86…78⟧"},
	})
	check(t, []masking{
		{"样本: 王小明 13812345678 李雷 13912345678 韩梅梅 13712345678", "样本: ⟦name_row⟧ ⟦phone +86…78⟧ ⟦name_row⟧ ⟦phone +86…78⟧ ⟦name_row⟧ ⟦phone +86…78⟧"},
		{"13800000001 样本: 王小明 李雷 a1@qq.com 13812345678 韩梅梅 a2@qq.com 13912345678 欧阳雪 a3@qq.com 13712345678",
			"⟦phone +86…01⟧ 样本: ⟦name_row⟧ ⟦name_row⟧ ⟦email …@qq.com⟧ ⟦phone +86…78⟧ ⟦name_row⟧ ⟦email …@qq.com⟧ ⟦phone +86…78⟧ ⟦name_row⟧ ⟦email …@qq.com⟧ ⟦phone +86…78⟧"},
		{"出售,好货:13812345678 김철수, 13912345678 이영희, 13712345678 박민수, 끝", "出售,好货:⟦phone +86…78⟧ ⟦name_row⟧, ⟦phone +86…78⟧ ⟦name_row⟧, ⟦phone +86…78⟧ ⟦name_row⟧, 끝"},
		{"客服 13812345678 投诉 13912345678 招商 13712345678", "客服 ⟦phone +86…78⟧ 投诉 ⟦phone +86…78⟧ 招商 ⟦phone +86…78⟧"},
		{"出售身份证,样本 王小明 110101199003077715", "出售身份证,样本 ⟦name_row⟧ ⟦prc_id 11…⟧"},
		{"出售,好货 安全 110101199003077715 高清", "出售,好货 安全 ⟦prc_id 11…⟧ 高清"},
		{"王经理 13812345678 备用 13912345678", "王经理 ⟦phone +86…78⟧ 备用 ⟦phone +86…78⟧"},
	})
}

func TestWordsBesideAnIdentifierAreNoNames(t *testing.T) {
	check(t, []masking{
		{"김민수 900101-1234567 전부", "⟦name_row⟧ ⟦rrn⟧ 전부"},
		{"전부 900101-1234567 정상 김민수", "전부 ⟦rrn⟧ 정상 ⟦name_row⟧"},
		{"900101-1234567 최신 인증완료", "⟦rrn⟧ 최신 인증완료"},
		{"900101-1234567 문의주세요", "⟦rrn⟧ 문의주세요"},
		{"110101199003077715 高价 张三 常用", "⟦prc_id 11…⟧ 高价 ⟦name_row⟧ 常用"},
		{"고지원 900101-1234567 남궁민", "⟦name_row⟧ ⟦rrn⟧ ⟦name_row⟧"},
	})
}
