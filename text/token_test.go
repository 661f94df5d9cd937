package text

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func values(tokens []Token) string {
	var v []string
	for _, t := range tokens {
		v = append(v, t.Value)
	}
	return strings.Join(v, " ")
}

func TestTokensAreBigramsAndWords(t *testing.T) {
	for in, want := range map[string]string{
		"":                    "",
		"出售身份证":               "出售 售身 身份 份证 证",
		"신분증을 판매":             "신분 분증 증을 을 판매 매",
		"Selfie with ID-card": "selfie with id card",
		"加微信 rlz_shop1":       "加微 微信 信 rlz shop1",
		"5000张10元 0.8":        "5000 张 10 元 0 8",
		"身，份":                 "身 份",
		"カード 々〇":              "カー ード ド 々〇 〇",
		"身e\u0301":            "身 é",
		"⟦prc_id 11…⟧":        "prc id 11",
		"Ünïcode привет สวัสดี": "ünïcode привет สวัสดี",
		"✈ ★ \u0301": "",
	} {
		if got := values(Tokens(Fold(in))); got != want {
			t.Errorf("tokens of %q are %q, want %q", in, got, want)
		}
	}
}

func TestALongWordIsCutAndKeepsItsIdentity(t *testing.T) {
	long := strings.Repeat("a", 100)
	one, other := Tokens(Fold(long)), Tokens(Fold(long+"b"))
	if n := utf8.RuneCountInString(one[0].Value); n != MaxToken {
		t.Errorf("token has %d code points", n)
	}
	if one[0].Value == other[0].Value {
		t.Error("two long words have one token")
	}
	if terms := PhraseTerms(long); len(terms) != 1 || terms[0].Value != one[0].Value || terms[0].Prefix {
		t.Errorf("terms of a long word are %v", terms)
	}
}

func TestPhraseTermsLeaveOutWhatABigramCovers(t *testing.T) {
	for in, want := range map[string][]Term{
		"":           nil,
		"*-.":        nil,
		"证":          {{"证", 0, true}},
		"身份证":        {{"身份", 0, false}, {"份证", 1, false}},
		"身份 证":       {{"身份", 0, false}, {"证", 2, true}},
		"身份证 Rlz_a1": {{"身份", 0, false}, {"份证", 1, false}, {"rlz", 3, false}, {"a1", 4, false}},
		"身，份":        {{"身", 0, true}, {"份", 1, true}},
	} {
		if diff := cmp.Diff(want, PhraseTerms(in)); diff != "" {
			t.Errorf("terms of %q: %s", in, diff)
		}
	}
}

// position is a position of a text as the documentation of PhraseTerms has
// it, found without the tokeniser.
type position struct {
	value    string
	adjacent bool // to the next: both characters, nothing between
}

func positions(s string) []position {
	var out []position
	s = Fold(s).Text
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, position{value: string(word)})
			word = nil
		}
	}
	previous := false // the rune before was a character of its own
	for _, r := range s {
		own := unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r == 'ー'
		switch {
		case own:
			flush()
			if previous {
				out[len(out)-1].adjacent = true
			}
			out = append(out, position{value: string(r)})
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) && len(word) > 0:
			word = append(word, r)
		default:
			flush()
		}
		previous = own
	}
	flush()
	return out
}

func occursByDefinition(doc, phrase string) bool {
	d, p := positions(doc), positions(phrase)
	for i := 0; i+len(p) <= len(d); i++ {
		ok := true
		for k := range p {
			if d[i+k].value != p[k].value || p[k].adjacent && !d[i+k].adjacent {
				ok = false
			}
		}
		if ok && len(p) > 0 {
			return true
		}
	}
	return false
}

func occursByTokens(doc, phrase string) bool {
	tokens, terms := Tokens(Fold(doc)), PhraseTerms(phrase)
	for i := range tokens {
		ok := len(terms) > 0
		for _, term := range terms {
			k := i + term.Offset
			if k >= len(tokens) || tokens[k].Value != term.Value &&
				!(term.Prefix && strings.HasPrefix(tokens[k].Value, term.Value)) {
				ok = false
			}
		}
		if ok {
			return true
		}
	}
	return false
}

func TestAPhraseIsFoundExactlyWhereItOccurs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.SampledFrom([]string{"身", "份", "證", "신", "분", "カ", "ー", "ab", "A", "7", "é", " ", " ", ",", "_", "\n", "\u200b", "✈"})
		join := func(min, max int, name string) string {
			return strings.Join(rapid.SliceOfN(part, min, max).Draw(t, name), "")
		}
		doc := join(0, 16, "doc")
		phrase := join(1, 4, "phrase")
		if rapid.Bool().Draw(t, "substring") {
			start, end := drawSpan(t, doc)
			phrase = doc[start:end]
		}
		if got, want := occursByTokens(doc, phrase), occursByDefinition(doc, phrase); got != want {
			t.Fatalf("phrase %q in %q: found %v, occurs %v", phrase, doc, got, want)
		}
	})
}

func checkTokens(t failer, f *Folded, tokens []Token) {
	t.Helper()
	last := Token{Pos: -1}
	for _, k := range tokens {
		n := utf8.RuneCountInString(k.Value)
		if n < 1 || n > MaxToken || !utf8.ValidString(k.Value) || strings.ContainsFunc(k.Value, separates) {
			t.Fatalf("bad token %+q of %+q", k.Value, f.Text)
		}
		if k.Pos <= last.Pos || k.Start < last.End || k.End <= k.Start || k.End > len(f.Text) {
			t.Fatalf("token %+v of %+q follows %+v", k, f.Text, last)
		}
		last = k
	}
}

func separates(r rune) bool {
	return unicode.IsSpace(r) || r < utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"身份證 Rlz_1", "신분증 ㅅㅣㄴ", strings.Repeat("é", 99), "a\u0301\xff", "薇信 rlz_shop1\n身*份*证"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		plain := Fold(s)
		checkTokens(t, plain, Tokens(plain))
		u := Unhide(plain)
		checkTokens(t, u, UnhiddenTokens(u))
		if terms := PhraseTerms(s); len(terms) > 0 && !occursByTokens(s, s) {
			t.Fatalf("%+q does not occur in itself", s)
		}
	})
}
