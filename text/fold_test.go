package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFoldSettlesTheFormOfCharacters(t *testing.T) {
	for _, c := range []struct {
		in, want string
		steps    []string
	}{
		{"", "", nil},
		{"plain text 身份证", "plain text 身份证", nil},
		{"Plain TEXT", "plain text", nil},
		{"出售身份證照片", "出售身份证照片", []string{"traditional"}},
		{"帳號 帐号", "账号 账号", []string{"traditional"}},
		{"ＡＢＣ１２３", "abc123", []string{"width", "case"}},
		{"㎏ 5", "kg 5", []string{"width"}},
		{"Ⓥ信 🅥信 🆅信 𝐕信", "v信 v信 v信 v信", []string{"width", "case"}},
		{"① ❶ ➀ ⓫ ⓿", "1 1 1 11 0", []string{"width"}},
		{"1️⃣2️⃣", "12", []string{"width"}},
		{"身\u200b份\u2060证", "身份证", []string{"zero_width"}},
		{"\ufeff身份证\u200b", "身份证", nil},
		{"✈️ 飞机", "✈ 飞机", nil},
		{"⺠", "民", []string{"lookalike"}},
		{"⾝份", "身份", []string{"lookalike"}},
		{"cafe\u0301 ß", "caf\u00e9 ss", nil},
		{"신분증", "신분증", nil},
		{"\u1109\u1175\u11ab분", "신분", nil},
		{"ㅅㅣㄴ ㅋㅋ ﾤ", "ㅅㅣㄴ ㅋㅋ ㄴ", []string{"width"}},
		{"토\u3164장", "토장", []string{"zero_width"}},
		{"ｶﾞｷﾞ", "ガギ", []string{"width"}},
		{"a\tb\r\nc\x00d\u2028e", "a\tb\r\ncd\ne", []string{"zero_width"}},
		{"12–25元，1〜2", "12-25元,1~2", nil},
		{"a\xffb", "a\ufffdb", nil},
		{"´ ¨", "´ ¨", nil},
		{"V\u0336信\u0489", "v\u0336信", nil},
		{strings.Repeat("e", 3) + strings.Repeat("\u0301", 40), "ee\u00e9" + strings.Repeat("\u0301", 7), []string{"width"}},
	} {
		f := Fold(c.in)
		if f.Text != c.want {
			t.Errorf("Fold(%+q) = %+q, want %+q", c.in, f.Text, c.want)
		}
		if diff := cmp.Diff(c.steps, f.Steps(0, len(f.Text))); diff != "" {
			t.Errorf("steps of %+q: %s", c.in, diff)
		}
	}
}

func TestSourceWidensToWholeCharacters(t *testing.T) {
	f := Fold("ＡＢ㎏身\u200b份證x")
	for _, c := range []struct{ span, want string }{
		{"a", "Ａ"}, {"b", "Ｂ"}, {"ab", "ＡＢ"}, {"k", "㎏"}, {"g", "㎏"}, {"bk", "Ｂ㎏"},
		{"身", "身"}, {"身份", "身\u200b份"}, {"份", "份"}, {"证", "證"}, {"x", "x"},
	} {
		i := strings.Index(f.Text, c.span)
		start, end := f.Source(i, i+len(c.span))
		if got := f.Original[start:end]; got != c.want {
			t.Errorf("source of %q is %q, want %q", c.span, got, c.want)
		}
	}
	if s, e := f.Source(-3, 999); s != 0 || e != len(f.Original) {
		t.Errorf("the whole text has source %d to %d", s, e)
	}
	if s, e := f.Source(6, 7); f.Original[s:e] != "身" {
		t.Errorf("the middle of a character has source %q", f.Original[s:e])
	}
}

// hostile draws texts of the characters that folding treats in any special
// way, and of any others.
func hostile() *rapid.Generator[string] {
	parts := []string{"身", "份", "证", "證", "帳", "a", "B", "1", " ", "\n", "*", ".", "㎏", "Ａ", "①", "🅥", "❶",
		"\u200b", "\u0301", "\u0323", "\u0345", "\u20e3", "\ufe0f", "\u115f", "\u3164", "ㅅ", "ㅣ", "ㄴ", "ᄉ", "ᅵ", "ᆫ", "시", "ﾤ", "ﾂ",
		"ｶ", "ﾞ", "ß", "İ", "ŉ", "ΐ", "´", "\xff", "\xe8\xba", "⺠", "½", "ﷺ", "क", "़", "\u0f71", "\u1ec7", "✈️", "\u0344", "\u00a0", "薇信", "vx", "sfz", "4oo", "о", "ᴠ", "(cè)", "shen", "fen", "zheng", "亻", "分"}
	return rapid.Custom(func(t *rapid.T) string {
		some := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(parts), rapid.SampledFrom(parts), rapid.String()), 0, 30).Draw(t, "parts")
		return strings.Join(some, "")
	})
}

func TestFoldIsStableAndItsMapTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Fold(hostile().Draw(t, "text"))
		if again := Fold(f.Text).Text; again != f.Text {
			t.Fatalf("folding %+q twice gives %+q, once %+q", f.Original, again, f.Text)
		}
		checkMap(t, f)
		start, end := drawSpan(t, f.Text)
		s, e := f.Source(start, end)
		if got := Fold(f.Original[s:e]).Text; !strings.Contains(got, f.Text[start:end]) {
			t.Fatalf("source %+q of %+q folds to %+q", f.Original[s:e], f.Text[start:end], got)
		}
	})
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkMap checks what holds for the map of any stream: spans are on
// characters, not empty, in order, and cover the original but for what was
// dropped.
func checkMap(t failer, f *Folded) {
	t.Helper()
	if !utf8.ValidString(f.Text) {
		t.Fatalf("%+q is not valid UTF-8", f.Text)
	}
	lastStart, lastEnd := 0, 0
	bounds := map[int]bool{len(f.Original): true}
	for i := range f.Original {
		bounds[i] = true
	}
	for i, r := range f.Text {
		s, e := source(f, i, i+utf8.RuneLen(r))
		if s < lastStart || e < lastEnd || s >= e || e > len(f.Original) {
			t.Fatalf("%+q of %+q: source of %d is %d to %d after %d to %d", f.Text, f.Original, i, s, e, lastStart, lastEnd)
		}
		if !bounds[s] || !bounds[e] {
			t.Fatalf("source %d to %d cuts a character of %+q", s, e, f.Original)
		}
		lastStart, lastEnd = s, e
	}
	if s, e := f.Source(0, len(f.Text)); s != 0 || e != len(f.Original) {
		t.Fatalf("the whole text has source %d to %d of %d", s, e, len(f.Original))
	}
}

// source is Source without its rule for the whole text.
func source(f *Folded, start, end int) (int, int) {
	for ; f.under != nil; f = f.under {
		start, end = f.below(start, end)
	}
	return f.below(start, end)
}

func drawSpan(t *rapid.T, s string) (start, end int) {
	bounds := []int{}
	for i := range s {
		bounds = append(bounds, i)
	}
	bounds = append(bounds, len(s))
	a := rapid.IntRange(0, len(bounds)-1).Draw(t, "start")
	b := rapid.IntRange(a, len(bounds)-1).Draw(t, "end")
	return bounds[a], bounds[b]
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"身份證", "Ａ㎏\u200b", "e\u0301\xff", "\u1109\u1175\u11ab", "1️⃣"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := Fold(s)
		checkMap(t, folded)
		if again := Fold(folded.Text).Text; again != folded.Text {
			t.Fatalf("folding %+q twice gives %+q, once %+q", s, again, folded.Text)
		}
		folded.Steps(0, len(folded.Text))
	})
}
