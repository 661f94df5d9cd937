package contact

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// sound fails unless every contact is well formed and points into s.
func sound(t interface{ Fatalf(string, ...any) }, s string, found []Found) {
	if len(found) > leak.MaxContacts {
		t.Fatalf("%d contacts", len(found))
	}
	last := 0
	for _, c := range found {
		if c.Start < last || c.End <= c.Start || c.End > len(s) {
			t.Fatalf("span [%d,%d) of %q", c.Start, c.End, s)
		}
		if c.Start < len(s) && !utf8.RuneStart(s[c.Start]) && utf8.ValidString(s) {
			t.Fatalf("span [%d,%d) of %q splits a character", c.Start, c.End, s)
		}
		if c.Value == "" || c.Kind == "" || strings.ContainsAny(c.Value, " \n\t") {
			t.Fatalf("%s %q in %q", c.Kind, c.Value, s)
		}
		last = c.Start
	}
}

func TestContactsAreSound(t *testing.T) {
	parts := rapid.SampledFrom([]string{"飞机", "微信", "薇", "QQ", "q", "群", "🐧", "✈️", "텔레", "카톡", "telegram", "wx", "vx", "@", ":", "：", " ", "\n", "号", "同号", "/", "abc_123",
		"Seller01", "123456789", "13812345678", "+86", "t.me/", "https://", "a.onion", "x@y.example", "，", "。", "骗子", "谨防", "加", "id", "(", ")", "❤", "\u200b", "ｖ", "Ａ",
		"s f z p i f a", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "\xff", "110101199003077715", "电话", "邮箱", "-", "."})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(parts, 0, 24).Draw(t, "parts"), "")
		sound(t, s, find(s))
	})
}

func TestHandlesAreReadWithTheirCaseInEveryHiding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := rapid.StringMatching(`[A-Za-z][a-z0-9]{4}_[A-Z0-9]{3}`).Draw(t, "handle")
		cue := rapid.SampledFrom([]string{"飞机", "纸飞机：", "TG:", "telegram @", "텔레 ", "✈️", "飛機@"}).Draw(t, "cue")
		for _, v := range []string{h, wide(h), strings.Join(strings.Split(h, ""), "\u200b"), "🔥" + h} {
			s := "出售 " + cue + " " + v + " 在线"
			got := find(s)
			if len(got) != 1 || got[0].Kind != leak.Telegram || got[0].Value != h {
				t.Fatalf("%q: %s, want %s", s, show(got), h)
			}
		}
	})
}

func wide(s string) string {
	return strings.Map(func(r rune) rune { return r - '!' + '！' }, s)
}

func FuzzContact(f *testing.F) {
	for _, s := range []string{"飞机@sfzpifa", "微信 abc20241 飞机同号", "t.me/+AbCdEfGh12345678", "电话:13812345678", "q2233445566", "http://x.onion/", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "微*信 abc123"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { sound(t, s, find(s)) })
}

const listing = "出售一手手持身份证正反面 三要素 20万条 800u @sys_data 正反面+手持 6元/套 1000套起3元 飞机@sfzpifa\n" +
	"微信实名号 150/个 QQ号 10/个 微 haoshang66 电话 17012345678 官网 https://shop.example/a\n" +
	"신분증 앞뒤 사진 건당 4천원 텔레 @idfb1 카톡 facesell1\n" +
	"3,000 HQ face pictures, $8, telegram @facepics8. Fullz (SSN DOB DL scan) $25 each, 20 for $350, thanks @bob for the tip\n" +
	"警方提醒:出租出售银行卡电话卡违法。全棉床单被套四件套 159元 包邮 七天退换 电信企业办理入网须进行人像比对,一致后方可办理。\n"

func BenchmarkFind(b *testing.B) {
	b.Run("1KB", func(b *testing.B) { benchmark(b, strings.Repeat(listing, 2)) })
	b.Run("100KB", func(b *testing.B) { benchmark(b, strings.Repeat(listing, 150)) })
	b.Run("10MB", func(b *testing.B) { benchmark(b, strings.Repeat(listing, 15000)) })
	plain := strings.Repeat("警方提醒:出租出售银行卡电话卡违法。全棉床单被套四件套 包邮 七天退换 the court heard that he sold pictures. ", 1000)
	b.Run("plain", func(b *testing.B) { benchmark(b, plain) })
	b.Run("cues", func(b *testing.B) { benchmark(b, strings.Repeat("微信", 30000)) })
	b.Run("letters", func(b *testing.B) { benchmark(b, strings.Repeat("a", 100<<10)) })
	b.Run("ats", func(b *testing.B) { benchmark(b, strings.Repeat("@", 100<<10)) })
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
