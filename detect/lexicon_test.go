package detect

import "testing"

func builtinRules(t testing.TB) *Lexicon {
	t.Helper()
	l, err := LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestEveryRuleMatchesItsExamples(t *testing.T) {
	for _, f := range builtinRules(t).TestExamples() {
		t.Error(f)
	}
}

func TestTheBuiltinLexiconHasNoFaults(t *testing.T) {
	for _, f := range builtinRules(t).Lint() {
		t.Error(f)
	}
}

func BenchmarkLoadRules(b *testing.B) {
	for b.Loop() {
		if _, err := LoadRules(); err != nil {
			b.Fatal(err)
		}
	}
}
