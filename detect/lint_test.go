package detect

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// team writes a rule file of a team.
func team(t testing.TB, rules string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "team.yaml")
	if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// named is a sound rule with other terms.
func named(terms, examples string) string {
	return "# of the team\nrules:\n  - id: team-a\n    title: b\n    category: face_photo\n    weight: 1.2\n    terms: [" + terms + "]\n    examples: {match: [" + examples + "], nomatch: [zebra]}\n"
}

func TestRulesThatWouldDoHarmAreRefusedWithReasonPlaceAndHint(t *testing.T) {
	keys := testEngine(t).keys
	for name, c := range map[string]struct{ rules, want string }{
		"unknown key":        {"rules:\n  - {id: a, title: b, categroy: face_photo}", ":2: found unknown field \"categroy\"; wanted"},
		"no YAML":            {"rules:\n  - {id: a\n", "team.yaml"},
		"bad regex":          {named(`人脸斑马, {regex: "a("}`, "人脸斑马"), `:7: rule team-a: terms[1]: found the regex "a("`},
		"regex of anything":  {named(`{regex: "[0-9]+.*"}`, "1"), "no text of 2 characters"},
		"regex of two":       {named(`{regex: "(斑马|河马)套"}`, "斑马套"), "no text of 2 characters"},
		"regex of two ASCII": {named(`{regex: "ab[0-9]{5}"}`, "ab12345"), "a literal of 3 Latin letters"},
		"endless":            {named(`{regex: "斑马.*套"}`, "斑马套"), "repeats almost any character without end; wanted a bounded repeat such as .{0,20}"},
		"endless class":      {named(`{regex: "斑马[^,]+套"}`, "斑马1套"), "without end"},
		"huge count":         {named(`{regex: "斑马(号[0-9]{20}){20}"}`, "x"), "times and more; wanted at most 100"},
		"huge program":       {named(`{regex: "斑马[\\p{L}0-9]{90}[\\p{L}0-9]{90}[\\p{L}0-9]{90}[\\p{L}0-9]{90}[\\p{L}0-9]{90}[\\p{L}0-9]{90}"}`, "x"), "instructions"},
		"unknown list":       {named(`"@zh-fac"`, "x"), `terms[0]: found the name @zh-fac; wanted the name of a list of terms (did you mean @zh-face?)`},
		"empty term":         {named(`"  "`, "x"), "without a character"},
		"one character":      {named("脸", "脸"), `:7: rule team-a: terms[0]: found "脸", one character`},
		"too short":          {named("照片", "照片"), "2 characters that stands alone; wanted 3 characters, or a condition (give it not_before"},
		"word of a shop":     {named("支持一件代发", "支持一件代发"), "ordinary text"},
		"bedding":            {named("四件套斑马, 床上用品", "床上用品"), `matches the ordinary text "床上用品四件套`},
		"English word":       {named("savings account", "savings account"), "ordinary text"},
		"Korean word":        {named("비밀번호를", "비밀번호를"), "ordinary text"},
		"word of a vendor":   {named("人脸识别", "人脸识别"), "knows as"},
		"homophone":          {named("薇信", "薇信"), `"薇信", which is read as "微信" (homophone); wanted a word that stands for itself`},
		"pinyin":             {named("shenfenzheng", "shenfenzheng"), `read as "身份证" (pinyin)`},
		"look-alike":         {"rules:\n  - {id: a, title: b, category: im_account, weight: 4, terms: [Clash account], examples: {match: [Clash account], nomatch: [zebra]}}", "with the rule this ordinary text is read as an offer"},
		"unknown category":   {"rules:\n  - {id: a, title: b, category: faces, weight: 1, terms: [人脸斑马], examples: {match: [人脸斑马], nomatch: [x]}}", `category: found "faces"; wanted one of the sixteen`},
		"unknown signal":     {"rules:\n  - {id: a, title: b, signal: \"intent:steal\", weight: 1, terms: [人脸斑马], examples: {match: [人脸斑马]}}", "signal"},
		"id of another":      {"rules:\n  - {id: zh-prose, title: b, category: face_photo, weight: 1, terms: [人脸斑马], examples: {match: [人脸斑马], nomatch: [x]}}", `which is the id of a rule in zh-signals.yaml`},
		"no example":         {"rules:\n  - {id: a, title: b, category: face_photo, weight: 1, terms: [人脸斑马]}", "no example that matches"},
		"example not found":  {"rules:\n  - id: a\n    title: b\n    category: face_photo\n    weight: 1\n    terms: [人脸斑马]\n    examples:\n      match: [人脸斑马, 人脸]\n      nomatch: [x]", `:8: rule a: examples.match[1]: found that the rule does not match "人脸"`},
		"two at once":        {named("脸, 照片", "脸"), "terms[1]"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(Options{Keys: keys, Rules: []string{team(t, c.rules)}})
			var faults Faults
			if !errors.As(err, &faults) {
				t.Fatalf("the engine took them: %v", err)
			}
			if !strings.Contains(faults.Error(), c.want) {
				t.Errorf("want %q to be said, got:\n%s", c.want, faults)
			}
			for _, f := range faults {
				if !strings.HasSuffix(f.File, "team.yaml") || f.Found == "" || f.Wanted == "" || f.Line == 0 && name != "no YAML" {
					t.Errorf("a fault without place or wish: %+v", f)
				}
			}
		})
	}
}

func TestSoundRulesOfATeamAreTaken(t *testing.T) {
	e := testEngine(t)
	for name, rules := range map[string]string{
		"long words":   named("斑马套装人脸, 人脸斑马", "人脸斑马"),
		"regex":        named(`{regex: "斑马[0-9]{2}号套"}`, "斑马07号套"),
		"near regex":   named(`{regex: "斑马.{0,20}套装"}`, "斑马 黑白 套装"),
		"short, bound": named("{term: 斑照, not_after: [片]}", "斑照"),
		"groups":       "rules:\n  - {id: g, title: b, category: face_photo, weight: 1.2, all: [[照片, 图], [斑马料]], near: 6, examples: {match: [斑马料照片], nomatch: [斑马料]}}",
		"context":      "rules:\n  - {id: c, title: b, signal: \"context:zebra\", weight: 1, terms: [斑马], examples: {match: [斑马]}}",
	} {
		if _, err := New(Options{Keys: e.keys, Rules: []string{team(t, rules)}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFaultsOfAllRuleFilesAreToldAtOnce(t *testing.T) {
	_, err := LoadRules(team(t, "rules:\n  - {id: a, categroy: x}"), team(t, "rules:\n  -\n  - {id: b, colour: red}"))
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != 2 || faults[0].File == faults[1].File {
		t.Errorf("got %v", err)
	}
}

func TestBuiltinRulesFindNoOfferInOrdinaryTexts(t *testing.T) {
	e := testEngine(t)
	if n := len(ordinaryLines("everyday.txt")); n < 120 {
		t.Fatalf("%d lines", n)
	}
	for _, line := range ordinaryLines("everyday.txt") {
		if r := e.Analyze(Input{Body: line}); r.Hit {
			t.Errorf("an offer of %v in %q", r.Categories, line)
		}
	}
}

func TestEveryRuleHasItsPlace(t *testing.T) {
	l := builtinRules(t)
	data, err := builtin.ReadFile("lexicon/zh-signals.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	n := 0
	for i, p := range l.Places() {
		if p.Line == 0 {
			t.Errorf("%s has no line", l.Rules[i].ID)
		}
		if p.File == "zh-signals.yaml" {
			n++
			if want := "  - id: " + l.Rules[i].ID; lines[p.Line-1] != want {
				t.Errorf("line %d is %q, want %q", p.Line, lines[p.Line-1], want)
			}
		}
	}
	if n == 0 {
		t.Error("no rule of zh-signals.yaml")
	}
}

func TestMerePunctuationIsNoFinding(t *testing.T) {
	e := testEngine(t)
	for _, s := range []string{"今天。明天。后天。", "人脸照片5000张10元。微信abcdef1。"} {
		r := e.Analyze(Input{Body: s})
		runes := []rune(s)
		for _, f := range r.Findings {
			if found := string(runes[f.Start:f.End]); found == "。" {
				t.Errorf("%s finds %q in %q", f.Rule, found, s)
			}
		}
	}
}

// BenchmarkRefusals is what the rules of a team cost at the start.
func BenchmarkRefusals(b *testing.B) {
	var rules strings.Builder
	rules.WriteString("rules:\n")
	for i := range 50 {
		fmt.Fprintf(&rules, "  - {id: team-%d, title: b, category: face_photo, weight: 1, terms: [斑马%d号套装], examples: {match: [斑马%d号套装], nomatch: [x]}}\n", i, i, i)
	}
	l, err := LoadRules(team(b, rules.String()))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if f := l.Refusals(); len(f) > 0 {
			b.Fatal(f)
		}
	}
}
