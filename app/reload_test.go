package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/leak"
)

// teamRule is a rule file that makes a word name a category.
func teamRule(term string) string {
	return "rules:\n  - id: team-pack\n    title: Packs\n    category: identity_bundle\n    weight: 1.3\n    terms: [" + term + "]\n    examples: {match: [" + term + "], nomatch: [zebra]}\n"
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAReloadTakesOverRulesAndKeepsTheOldOnesWhenTheNewAreFaulty(t *testing.T) {
	a := open(t, "")
	a.opt.ConfigPath = filepath.Join(a.opt.Data, "leakwatch.yaml")
	rules := filepath.Join(a.opt.Data, "team.yaml")
	reads := func(word string) bool {
		return a.read(&leak.Raw{URL: "https://x.example/1", Body: "出售" + word + " 30元一套 飞机@abcde1"}).Hit
	}
	write(t, rules, teamRule("斑马套装料"))
	write(t, a.opt.ConfigPath, "rules: [team.yaml]\n")
	if reads("斑马套装料") {
		t.Fatal("the word is a hit without the rule")
	}
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	version := a.detector().Version()
	if !reads("斑马套装料") {
		t.Error("the rule is not in force after a reload")
	}

	write(t, rules, teamRule("支持一件代发"))
	var faults config.Faults
	if err := a.Reload(); !errors.As(err, &faults) || len(faults) != 1 || !strings.HasSuffix(faults[0].File, "team.yaml") || faults[0].Line != 6 || !strings.Contains(faults[0].Found, "ordinary text") {
		t.Errorf("a rule of ordinary words: %v", err)
	}
	if a.detector().Version() != version || !reads("斑马套装料") {
		t.Error("the old rules are gone")
	}

	write(t, rules, teamRule("河马套装料"))
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	if reads("斑马套装料") || !reads("河马套装料") {
		t.Error("the changed file did not replace the rules")
	}
}

func TestTheConfigTellsFaultsOfItsRuleFilesAtOnce(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.yaml"), teamRule("照片"))
	write(t, filepath.Join(dir, "b.yaml"), "rules:\n  - {id: b, colour: red}\n")
	for rules, want := range map[string][]string{
		"[a.yaml]":          {"a.yaml:6: rule team-pack: terms[0]: found \"照片\""},
		"[b.yaml]":          {"b.yaml:2: found unknown field \"colour\""},
		"[a.yaml, no.yaml]": {"leakwatch.yaml:2:17: rules[1]: found no readable file"},
	} {
		_, err := config.Parse(filepath.Join(dir, "leakwatch.yaml"), []byte("watches: []\nrules: "+rules+"\n"), Checks())
		for _, w := range want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: want %q, got %v", rules, w, err)
			}
		}
	}
}
