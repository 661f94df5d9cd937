package ident

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/leakwatch/leakwatch/text"
)

// soundSpans fails unless spans are in order, disjoint, inside s and on
// character boundaries.
func soundSpans(t interface{ Fatalf(string, ...any) }, s string, found []Found) {
	at := 0
	for _, f := range found {
		if f.Start < at || f.End <= f.Start || f.End > len(s) {
			t.Fatalf("span [%d,%d) of %q after %d", f.Start, f.End, s, at)
		}
		if !boundaryOf(s, f.Start) || !boundaryOf(s, f.End) {
			t.Fatalf("span [%d,%d) of %q splits a character", f.Start, f.End, s)
		}
		at = f.End
	}
}

// boundaryOf reports whether i does not split a valid character of s.
func boundaryOf(s string, i int) bool {
	if i == 0 || i == len(s) || utf8.RuneStart(s[i]) {
		return true
	}
	for k := i - 1; k >= 0 && k > i-utf8.UTFMax; k-- {
		if utf8.RuneStart(s[k]) {
			_, w := utf8.DecodeRuneInString(s[k:])
			return k+w <= i
		}
	}
	return true
}

// hostile draws texts of what identifiers are made of and hidden with.
func hostile() *rapid.Generator[string] {
	parts := rapid.SampledFrom([]string{"110101199003077715", "13812345678", "010-1234-5678", "900101-1234567", "6217001234567890120", "A123456(3)", "E12345678",
		"a@qq.com", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10", "123-45-6789", "91350100M000100Y43",
		"姓名:", "王小明", "김철수", "身份证", "主", "电话", "QQ", "订单号", "***", "**", "*", "x", "X", "o", "l", "①", "０", "〇", "一", "일", "1️⃣", "\u200b", " ", "\t", "\n",
		"-", ".", ",", "|", "@", "#", "<", "(", ")", "+", "0", "1", "3", "8", "9", "at", "dot", "艾特", "\xff", "\xe4\xb8", "𝟏", "é", "地址：", "5000张", "元"})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(parts, 0, 30).Draw(t, "parts"), "")
	})
}

func TestSpansAreSoundAndMaskingIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := hostile().Draw(t, "text")
		found := find(s)
		soundSpans(t, s, found)
		for _, f := range found {
			if f.Partial && f.Canonical != "" {
				t.Fatalf("a partial %s has a canonical value", f.Kind)
			}
			if f.Kind == "" {
				t.Fatalf("no kind in %q", s)
			}
		}
	})
}

// hidings write digits in the ways that sellers do.
var hidings = map[string]func(s string) string{
	"plain": func(s string) string { return s },
	"width": func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= '!' && r <= '~' {
				return r - '!' + '！'
			}
			return r
		}, s)
	},
	"spaced":   func(s string) string { return strings.Join(strings.Split(s, ""), " ") },
	"dotted":   func(s string) string { return strings.Join(strings.Split(s, ""), ".") },
	"dashed":   func(s string) string { return strings.Join(strings.Split(s, ""), "-") },
	"starred":  func(s string) string { return strings.Join(strings.Split(s, ""), "*") },
	"zero":     func(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") },
	"cells":    func(s string) string { return s[:3] + "\t" + s[3:7] + "\t" + s[7:] },
	"han":      func(s string) string { return mapDigits(s, []rune("〇一二三四五六七八九")) },
	"formal":   func(s string) string { return mapDigits(s, []rune("零壹贰叁肆伍陆柒捌玖")) },
	"circled":  func(s string) string { return mapDigits(s, []rune("⓪①②③④⑤⑥⑦⑧⑨")) },
	"negative": func(s string) string { return mapDigits(s, []rune("⓿❶❷❸❹❺❻❼❽❾")) },
	"bold":     func(s string) string { return mapDigits(s, []rune("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")) },
	"letters":  func(s string) string { return strings.NewReplacer("0", "O", "1", "l").Replace(s) },
	"keycaps": func(s string) string {
		var b strings.Builder
		for _, r := range s {
			b.WriteRune(r)
			b.WriteString("\ufe0f\u20e3")
		}
		return b.String()
	},
}

func mapDigits(s string, to []rune) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return to[r-'0']
		}
		return r
	}, s)
}

// drawPRC draws a valid PRC ID, in digits only.
func drawPRC(t *rapid.T) string {
	area := rapid.SampledFrom([]string{"110101", "310104", "440305", "510107", "650102", "810000", "820000", "830000", "911302"}).Draw(t, "area")
	date := rapid.SampledFrom([]string{"19900307", "19851231", "20040229", "19701109"}).Draw(t, "date")
	for seq := rapid.IntRange(0, 990).Draw(t, "seq"); ; seq++ {
		d := values(area + date + string([]byte{byte('0' + seq/100%10), byte('0' + seq/10%10), byte('0' + seq%10), '0'}))
		for d[17] = 0; d[17] < 10; d[17]++ {
			if prcCheck(d) {
				return digitString(d)
			}
		}
	}
}

func TestEveryHidingOfAnIDIsMaskedWithAllItsDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := drawPRC(t)
		phone := "1" + rapid.SampledFrom([]string{"38", "59", "70", "99"}).Draw(t, "range") + rapid.StringMatching(`[1-9]{8}`).Draw(t, "rest")
		for name, hide := range hidings {
			for _, v := range []string{id, phone} {
				if name == "letters" && strings.Count(v, "0")+strings.Count(v, "1") > len(v)/2 {
					continue
				}
				s := "资料 " + hide(v) + " 完整"
				if got := masked(s); leftDigits(got) || !strings.HasPrefix(got, "资料 ⟦") || !strings.HasSuffix(got, "⟧ 完整") {
					t.Fatalf("%s: %q became %q", name, s, got)
				}
			}
		}
	})
}

// leftDigits reports whether a digit stands outside the masks of s.
func leftDigits(s string) bool {
	depth := 0
	for _, r := range s {
		switch v, _ := digitRune(r); {
		case r == '⟦':
			depth++
		case r == '⟧':
			depth--
		case depth == 0 && (r >= '0' && r <= '9' || v >= 0):
			return true
		}
	}
	return false
}

func TestMaskedTextHoldsNoIdentifier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := drawPRC(t)
		s := "王小明 " + id + " 13812345678 a@qq.com 6217001234567890120"
		once := masked(s)
		if again := masked(once); again != once {
			t.Fatalf("%q became %q", once, again)
		}
	})
}

func TestAMaskLeavesAtLeastAHundredThousandValues(t *testing.T) {
	for _, s := range []string{"110101199003077715", "13812345678", "+852 9123 4567", "6217001234567890120", "4111111111111111", "371449635398431", "银行卡 4222222222222"} {
		for _, f := range find(s) {
			hidden := len(f.Canonical) - len(strings.Map(onlyDigits, f.Keep)) - strings.Count(f.Canonical, "+")
			if f.Kind == "bank_card" || f.Kind == "prc_id" {
				hidden-- // the check digit tells nothing new
			}
			if hidden < 5 {
				t.Errorf("%s leaves %d digits open", Mask(f), hidden)
			}
		}
	}
}

func onlyDigits(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

func FuzzIdent(f *testing.F) {
	for _, s := range []string{"110101199003077715", "1-3-8 1234\t5678", "P<UTO<<<<\nL898", "**13812345678**", "a # qq . com", "姓名:王 110101199003077715", "\xff110101199003077715", "138xxxx5678", "110000000101000A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		soundSpans(t, s, find(s))
		for _, k := range Kinds(s) {
			if _, err := Canonical(k, s); err != nil {
				t.Fatalf("%s is a kind of %q but has no canonical form", k, s)
			}
		}
	})
}

// listing is an ordinary mixture.
const listing = "出售一手手持身份证正反面 三要素 20万条 800u @sys_data 正反面+手持 6元/套 1000套起3元 飞机@sfzpifa\n" +
	"王小明 110101199003077715 13812345678 北京市朝阳区\n李雷\t6217 0012 3456 7890 120\t138****5678\n" +
	"신분증 앞뒤 사진 건당 4천원 텔레 @idfb1 900101-1234567 010-1234-5678\n" +
	"3,000 HQ face pictures, $8, telegram @facepics8. Fullz (SSN DOB DL scan) $25 each, 20 for $350, mail me at bob@example.com\n" +
	"警方提醒:出租出售银行卡电话卡违法。全棉床单被套四件套 159元 包邮 七天退换 电信企业办理入网须进行人像比对,一致后方可办理。\n"

func BenchmarkFind(b *testing.B) {
	for _, size := range []struct {
		name string
		n    int
	}{{"1KB", 1 << 10}, {"100KB", 100 << 10}, {"10MB", 10 << 20}} {
		b.Run(size.name, func(b *testing.B) { benchmark(b, strings.Repeat(listing, size.n/len(listing)+1)) })
	}
	plain := "警方提醒:出租出售银行卡电话卡违法。全棉床单被套四件套 包邮 七天退换 the court heard that he sold pictures. 5000张 10元 "
	b.Run("plain", func(b *testing.B) { benchmark(b, strings.Repeat(plain, 1000)) })
	b.Run("digits", func(b *testing.B) { benchmark(b, strings.Repeat("1 2 3 4 5 6 7 8 9 0 ", 5000)) })
	b.Run("one run", func(b *testing.B) { benchmark(b, strings.Repeat("1", 100<<10)) })
	b.Run("ids on one line", func(b *testing.B) { benchmark(b, strings.Repeat("110101199003077715 ", 5000)) })
	b.Run("labels", func(b *testing.B) { benchmark(b, strings.Repeat("姓名:王 110101199003077715 ", 5000)) })
	b.Run("zones", func(b *testing.B) { benchmark(b, strings.Repeat("<", 100<<10)) })
}

func benchmark(b *testing.B, s string) {
	f := text.Fold(s)
	u := text.Unhide(f)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		Find(f, u)
	}
}
