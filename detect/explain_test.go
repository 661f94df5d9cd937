package detect

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/leak"
)

func lacks(x Explanation, signal string) bool {
	return slices.ContainsFunc(x.Missing, func(m Missing) bool { return m.Signal == signal })
}

func TestAnExplanationSaysWhatCountedAndWhatIsMissing(t *testing.T) {
	e := testEngine(t)
	x := e.Explain(Input{Title: "无需手持", Body: "人脸照片"})
	if !slices.ContainsFunc(x.Matches, func(m Match) bool { return m.Undone == "negated" }) {
		t.Errorf("no negated match in %+v", x.Matches)
	}
	for _, signal := range []string{"offer:price", "offer:bulk", "contact", "intent", "support"} {
		if !lacks(x, signal) {
			t.Errorf("%s is not missed: %+v", signal, x.Missing)
		}
	}
	x = e.Explain(Input{Title: "出售人脸照片", Body: "5000张10元，飞机@abcde1"})
	if len(x.Missing) != 0 {
		t.Errorf("missing: %+v", x.Missing)
	}
	if x = e.Explain(Input{Body: "天气很好"}); !lacks(x, "category") || x.Reading.Hit {
		t.Errorf("missing: %+v", x.Missing)
	}
}

func TestReasonsAddUpToTheScore(t *testing.T) {
	e := testEngine(t)
	for _, l := range labelled(t, "corpus.jsonl") {
		x := e.Explain(Input{Title: l.Title, Body: l.Body})
		if len(x.Categories) == 0 {
			continue
		}
		best := x.Categories[0]
		sum, own := 0.0, 0.0
		for _, r := range x.Reading.Reasons {
			sum += r.Weight
			if r.Signal == "category" {
				own = r.Weight
			}
		}
		if math.Abs(sum-best.LogOdds) > 0.02 || math.Abs(logistic(best.LogOdds)-x.Reading.Score) > 0.002 {
			t.Errorf("%s: the reasons add up to %.3f, the log odds are %.3f, the score %.3f", l.ID, sum, best.LogOdds, x.Reading.Score)
		}
		for _, r := range best.Reasons {
			own -= r.Weight
		}
		if math.Abs(own) > 0.02 {
			t.Errorf("%s: the reasons of %s leave %.3f unexplained", l.ID, best.Category, own)
		}
	}
}

func TestAnExplanationHoldsNoIdentifierAndPointsIntoItsText(t *testing.T) {
	e := testEngine(t)
	const id = "11010519491231002X"
	x := e.Explain(Input{Title: "身份证 " + id + " 出售身份证", Body: "身份证号 １１０１０５１９４９１２３１００２Ｘ 手持身-份-证照片\n一套5元，飞机@abcde1"})
	if all := x.Title + x.Body; strings.Contains(all, "19491231") || strings.Contains(all, "１９４９") || strings.Count(all, leak.MarkOpen) != 2 {
		t.Errorf("text: %q", all)
	}
	fields := map[string][]rune{"title": []rune(x.Title), "body": []rune(x.Body)}
	hidden := false
	for _, m := range x.Matches {
		if m.Start < 0 || m.End < m.Start || m.End > len(fields[m.Field]) {
			t.Fatalf("match %+v outside its field", m)
		}
		found := string(fields[m.Field][m.Start:m.End])
		if len(m.Steps) == 0 && !strings.Contains(strings.ReplaceAll(found, " ", ""), strings.ReplaceAll(m.Term, " ", "")) {
			t.Errorf("%s points at %q, its term is %q", m.Rule, found, m.Term)
		}
		hidden = hidden || found == "手持身-份-证" && slices.Contains(m.Steps, "separator")
	}
	if !hidden {
		t.Errorf("the hidden word is not found with its step: %+v", x.Matches)
	}
}

func TestWhatAStoredReadingLacksIsNamed(t *testing.T) {
	e := testEngine(t)
	for _, l := range labelled(t, "corpus.jsonl") {
		x := e.Explain(Input{Title: l.Title, Body: l.Body})
		if !x.Reading.Hit {
			continue // of what is no hit a reading does not hold all
		}
		var want, got []string
		for _, m := range x.Missing {
			want = append(want, m.Signal)
		}
		for _, m := range e.Missing(&x.Reading) {
			got = append(got, m.Signal)
		}
		if !slices.Equal(want, got) {
			t.Errorf("%s lacks %v, of its reading %v", l.ID, want, got)
		}
	}
}

func TestATrialSaysWhyARuleDoesNotMatch(t *testing.T) {
	l, err := LoadRules(team(t, `rules:
  - {id: pair, title: b, category: face_photo, weight: 1.2, all: [[照片, 图], [斑马料]], near: 6, unless: [动物园], examples: {match: [斑马料照片], nomatch: [斑马料]}}
`))
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]string{
		"斑马料 照-片": "it matches",
		"只有照片":    "no term of group 2 of 2",
		"今天天气":    "no term of group 1 of 2",
		"斑马料" + strings.Repeat("和", 20) + "照片": "do not stand together: at most 6",
		"动物园的斑马料照片":                            "unless",
	} {
		got, ok := l.Try("pair", s)
		if !ok || !strings.Contains(got.Why, want) || got.Matches != (want == "it matches") {
			t.Errorf("%s: %+v, want %q", s, got, want)
		}
	}
	got, _ := l.Try("pair", "斑马料 照-片")
	if len(got.Found) < 2 || got.Found[1].Term != "照片" || got.Found[1].Start != 4 || got.Found[1].End != 7 || !slices.Equal(got.Found[1].Steps, []string{"separator"}) {
		t.Errorf("found %+v", got.Found)
	}
	if _, ok := l.Try("nothing", "x"); ok {
		t.Error("a rule that is not there was tried")
	}
}
