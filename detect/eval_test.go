package detect

import (
	"bytes"
	"os"
	"testing"

	"github.com/leakwatch/leakwatch/leak"
)

func testEngine(t testing.TB) *Engine {
	t.Helper()
	line, err := leak.NewKeyLine()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := leak.ParseKeyring([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func labelled(t testing.TB, name string) []Labelled {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	set, err := ReadLabelled(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return set
}

func report(t *testing.T, ev *Evaluation) {
	t.Helper()
	var b bytes.Buffer
	if err := ev.Write(&b); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + b.String())
}

func TestEveryTextOfTheCorpusIsReadAsLabelled(t *testing.T) {
	ev := testEngine(t).Evaluate(labelled(t, "corpus.jsonl"))
	report(t, ev)
	if ev.Hits.Wrong+ev.Hits.Missed > 0 {
		t.Errorf("hits: %d wrong, %d missed", ev.Hits.Wrong, ev.Hits.Missed)
	}
	if ev.Micro.Wrong+ev.Micro.Missed > 0 {
		t.Errorf("categories: %d wrong, %d missed", ev.Micro.Wrong, ev.Micro.Missed)
	}
}

func TestDevelopmentSetIsReadAtLeastAsWellAsItsFloors(t *testing.T) {
	ev := testEngine(t).Evaluate(labelled(t, "dev.jsonl"))
	report(t, ev)
	floor(t, "hit precision", ev.Hits.Precision(), 0.95)
	floor(t, "hit recall", ev.Hits.Recall(), 0.90)
	floor(t, "category F1", ev.Micro.F1(), 0.88)
}

func floor(t *testing.T, what string, got, least float64) {
	t.Helper()
	if got < least {
		t.Errorf("%s is %.3f, want at least %.3f", what, got, least)
	}
}
