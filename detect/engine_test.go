package detect

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// runes returns the code points [start, end) of s.
func runes(s string, start, end int) string { return string([]rune(s)[start:end]) }

func TestEveryFindingPointsAtItsTerm(t *testing.T) {
	e := testEngine(t)
	for _, l := range append(labelled(t, "corpus.jsonl"), labelled(t, "dev.jsonl")...) {
		for _, f := range e.Analyze(Input{Title: l.Title, Body: l.Body}).Findings {
			source := l.Body
			if f.Field == "title" {
				source = l.Title
			}
			checkFinding(t, e, l.ID, runes(source, f.Start, f.End), f)
		}
	}
}

// checkFinding wants a term of the finding's rule in the span, read as the
// finding says.
func checkFinding(t *testing.T, e *Engine, id, seen string, f leak.Finding) {
	t.Helper()
	folded := text.Fold(seen)
	for _, h := range e.lexicon.find(streams{folded, text.Unhide(folded)}) {
		if h.start == 0 && h.end == len(seen) && e.lexicon.servesRule(h.term, f.Rule) {
			return
		}
	}
	t.Errorf("%s: %s points at %q, where its terms do not stand (steps %v)", id, f.Rule, seen, f.Steps)
}

func (l *Lexicon) servesRule(term int32, id string) bool {
	return slices.ContainsFunc(l.groupsOf(term), func(r groupRef) bool { return l.Rules[r.rule].ID == id })
}

func TestAMentionHasNoOffersAndNoContacts(t *testing.T) {
	got := testEngine(t).Analyze(Input{
		Title: "记者调查:5000张人脸照售价10元",
		Body:  "警方表示,卖家称\"5000张10元,加微信 lianlian88\",嫌疑人已被抓获。",
	})
	if got.Hit || got.Intent != leak.Mention {
		t.Fatalf("hit %v, intent %s", got.Hit, got.Intent)
	}
	if len(got.Offers)+len(got.Contacts) > 0 {
		t.Errorf("offers %v, contacts %v", got.Offers, got.Contacts)
	}
	if got.Severity != leak.Low {
		t.Errorf("severity %s", got.Severity)
	}
}

func TestAnOfferNeedsNeitherPriceNorContact(t *testing.T) {
	e := testEngine(t)
	for body, want := range map[string]leak.Intent{
		"出售手持身份证照片和人脸照片,一手资料,量大从优。": leak.Sell,
		"收购实名微信号": leak.Buy,
		"Selling selfies with ID and face photos, first-hand, bulk discounts.": leak.Sell,
		"대포통장 판매합니다. 대량 환영":                                                    leak.Sell,
	} {
		if got := e.Analyze(Input{Body: body}); !got.Hit || got.Intent != want {
			t.Errorf("%s: hit %v, %s, score %v; want a hit, %s", body, got.Hit, got.Intent, got.Score, want)
		}
	}
}

func TestOffersCarryTheCategoriesOfTheirClause(t *testing.T) {
	got := testEngine(t).Analyze(Input{Title: "实名卡和微信号", Body: "三网实名电话卡90一张; 微信实名号200一个; 飞机@kahao"})
	if len(got.Offers) != 2 {
		t.Fatalf("offers: %+v", got.Offers)
	}
	for i, want := range []leak.Category{leak.SIMCard, leak.IMAccount} {
		if c := got.Offers[i].Categories; len(c) != 1 || c[0] != want {
			t.Errorf("offer %d is of %v, want %s", i, c, want)
		}
	}
}

func TestSeverityGrowsWithHarmAndQuantity(t *testing.T) {
	e := testEngine(t)
	for _, c := range []struct {
		body string
		want leak.Severity
	}{
		{"手机号数据 100条 5元 飞机@abcde1", leak.Low},
		{"人脸照片 100张 5元 飞机@abcde1", leak.Medium},
		{"人脸照片 800张 5元 飞机@abcde1", leak.High},
		{"人脸照片 50000张 50元 飞机@abcde1", leak.Critical},
		{"手持身份证 5元一张 飞机@abcde1", leak.High},
		{"手持身份证 49套 50元 飞机@abcde1", leak.High},
		{"手持身份证 50套 50元 飞机@abcde1", leak.Critical},
		{"手机号数据 500条 5元 飞机@abcde1", leak.Medium},
		{"手机号数据 5000条 5元 飞机@abcde1", leak.High},
	} {
		if got := e.Analyze(Input{Body: c.body}); got.Severity != c.want {
			t.Errorf("%s: severity %s (hit %v), want %s", c.body, got.Severity, got.Hit, c.want)
		}
	}
}

func TestHidingIsUndoneAndNamed(t *testing.T) {
	e := testEngine(t)
	for _, c := range []struct{ body, step string }{
		{"身*份*证*照 0.8一张 飞机@abcde1", "separator"},
		{"人\u200b脸\u200b照\u200b片 5000张 10元 飞机@abcde1", "zero_width"},
		{"臉部照片 5000張 10元 飛機@abcde1", "traditional"},
		{"ＣＴＩＤ账号 15元/个 飞机@abcde1", "width"},
	} {
		got := e.Analyze(Input{Body: c.body})
		named := slices.ContainsFunc(got.Findings, func(f leak.Finding) bool { return slices.Contains(f.Steps, c.step) })
		if !got.Hit || !named {
			t.Errorf("%q: hit %v, findings %+v; want a finding with step %s", c.body, got.Hit, got.Findings, c.step)
		}
	}
}

func TestTheBracketsOfMasksAreNotBelievedInAText(t *testing.T) {
	l := testEngine(t).Read(leak.Raw{Title: "⟦prc_id 11…⟧", Body: "人脸照片"})
	if strings.Contains(l.Title, leak.MarkOpen) {
		t.Errorf("title %q", l.Title)
	}
}

func TestRulesOfATeamAddToTheBuiltinOnes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "team.yaml")
	rules := `
rules:
  - id: team-zebra
    title: Zebra sets
    category: identity_bundle
    weight: 1.3
    terms: [斑马套装, {regex: "斑马[0-9]{2}号套"}]
    examples:
      match: ["斑马套装 5元", "斑马07号套"]
      nomatch: ["斑马"]
`
	if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	base := testEngine(t)
	e, err := New(Options{Keys: base.keys, Rules: []string{file}})
	if err != nil {
		t.Fatal(err)
	}
	if e.Version() == base.Version() {
		t.Error("the version does not tell that there are more rules")
	}
	for _, f := range append(e.lexicon.Lint(), e.lexicon.TestExamples()...) {
		t.Error(f)
	}
	got := e.Analyze(Input{Body: "斑马07号套 30元一套 飞机@abcde1"})
	if !got.Hit || !slices.Contains(got.Categories, leak.IdentityBundle) {
		t.Errorf("hit %v, categories %v", got.Hit, got.Categories)
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, l := range labelled(f, "corpus.jsonl") {
		f.Add(l.Title, l.Body)
	}
	f.Add("⟦", "\xff\xfe身*份*证")
	e := testEngine(f)
	f.Fuzz(func(t *testing.T, title, body string) {
		got := e.Analyze(Input{Title: title, Body: body})
		if got.Score < 0 || got.Score > 1 || got.Hit != (got.Intent != leak.Mention) {
			t.Fatalf("score %v, hit %v, intent %s", got.Score, got.Hit, got.Intent)
		}
		limits := map[string]int{"title": utf8.RuneCountInString(title), "body": utf8.RuneCountInString(body)}
		for _, x := range got.Findings {
			if x.Start < 0 || x.Start >= x.End || x.End > limits[x.Field] {
				t.Fatalf("finding %+v outside its field", x)
			}
		}
	})
}

// samples returns the texts of the development set as one text of n bytes.
func samples(tb testing.TB, n int) string {
	var b bytes.Buffer
	for b.Len() < n {
		for _, l := range labelled(tb, "dev.jsonl") {
			fmt.Fprintf(&b, "%s\n%s\n\n", l.Title, l.Body)
		}
	}
	s, _ := leak.CutBytes(b.String(), n)
	return s
}

func BenchmarkAnalyze(b *testing.B) {
	e := testEngine(b)
	for _, size := range []int{1 << 10, 100 << 10, 10 << 20} {
		in := Input{Body: samples(b, size)}
		b.Run(fmt.Sprintf("%dKB", size>>10), func(b *testing.B) {
			b.SetBytes(int64(len(in.Body)))
			b.ReportAllocs()
			for b.Loop() {
				e.Analyze(in)
			}
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	l := builtinRules(b)
	f := text.Fold(samples(b, 1<<20))
	b.SetBytes(int64(len(f.Text)))
	for b.Loop() {
		l.match.scan(f.Text, func(int32, span) {})
	}
}
