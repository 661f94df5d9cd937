package text

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEveryCodePointFoldsAsItsClassSays(t *testing.T) {
	tables := foldTables()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		s := string(r)
		if firstRune(s) != r {
			continue // surrogate
		}
		if got, want := Fold(s).Text, tables.foldPart(s); got != want {
			t.Fatalf("Fold(%U) = %+q, want %+q", r, got, want)
		}
		if tables.of(r) == 0 && tables.foldCluster(s) != s {
			t.Fatalf("%U folds to %+q but is classed as plain", r, tables.foldCluster(s))
		}
	}
}

func TestUnhiddenTokensAreThoseOfChangedLines(t *testing.T) {
	u := Unhide(Fold("出售照片\n身*份*证 照片\n加 abc\n薇信: abc_12\n完"))
	var got []Token
	for _, k := range UnhiddenTokens(u) {
		got = append(got, Token{Value: k.Value, Pos: k.Pos})
	}
	want := []Token{{Value: "身份", Pos: 4}, {Value: "份证", Pos: 5}, {Value: "证", Pos: 6}, {Value: "照片", Pos: 7},
		{Value: "片", Pos: 8}, {Value: "微信", Pos: 11}, {Value: "信", Pos: 12}, {Value: "abc", Pos: 13}, {Value: "12", Pos: 14}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if k := UnhiddenTokens(Unhide(Fold("出售照片"))); k != nil {
		t.Errorf("a text without tricks has unhidden tokens %v", k)
	}
}

func TestStepsAndSourceAreOfTheSpanOnly(t *testing.T) {
	u := Unhide(Fold("出售 身\u200b*份*证，薇信：Abc_12 ｓｆｚ"))
	if want := "出售 身份证,微信:abc_12 身份证"; u.Text != want {
		t.Fatalf("text is %q, want %q", u.Text, want)
	}
	for _, c := range []struct {
		span, source string
		last         bool
		steps        []string
	}{
		{"出售", "出售", false, nil},
		{"身份证", "身\u200b*份*证", false, []string{"zero_width", "separator"}},
		{"份", "份", false, nil},
		{"微信", "薇信", false, []string{"homophone"}},
		{"信", "薇信", false, []string{"homophone"}},
		{"abc", "Abc", false, nil},
		{"身份证", "ｓｆｚ", true, []string{"width", "pinyin"}},
	} {
		i := strings.Index(u.Text, c.span)
		if c.last {
			i = strings.LastIndex(u.Text, c.span)
		}
		start, end := u.Source(i, i+len(c.span))
		if got := u.Original[start:end]; got != c.source {
			t.Errorf("source of %q is %q, want %q", c.span, got, c.source)
		}
		if diff := cmp.Diff(c.steps, u.Steps(i, i+len(c.span))); diff != "" {
			t.Errorf("steps of %q: %s", c.span, diff)
		}
	}
}

func TestAnUnhiddenSpanLeadsToTheTextItWasMadeFrom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := Unhide(Fold(hostile().Draw(t, "text")))
		start, end := drawSpan(t, u.Text)
		plain, a, b := u, start, end
		for ; plain.under != nil; plain = plain.under {
			a, b = plain.below(a, b)
		}
		s, e := u.Source(start, end)
		if got := Fold(u.Original[s:e]).Text; !strings.Contains(got, plain.Text[a:b]) {
			t.Fatalf("source %+q of %+q folds to %+q, not %+q", u.Original[s:e], u.Text[start:end], got, plain.Text[a:b])
		}
	})
}

func TestUnhidingTwiceIsHarmless(t *testing.T) {
	u := Unhide(Fold("身*份*证"))
	again := Unhide(u)
	if again.Text != u.Text || !again.Changed() {
		t.Errorf("unhiding again gives %q, changed %v", again.Text, again.Changed())
	}
	if s, e := again.Source(0, 3); again.Original[s:e] != "身" {
		t.Errorf("source is %q", again.Original[s:e])
	}
}
