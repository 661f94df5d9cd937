package detect

import (
	"bytes"
	"os"
	"strings"
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
	floor(t, "hit precision", ev.Hits.Precision(), 0.97)
	floor(t, "hit recall", ev.Hits.Recall(), 0.95)
	floor(t, "category F1", ev.Micro.F1(), 0.93)
	floor(t, "offers F1", ev.Offers.F1(), 0.90)
	floor(t, "contacts F1", ev.Contacts.F1(), 0.95)
	floor(t, "intents", ev.Intents.Precision(), 0.95)
	clear := ev.ByHiding["clear"].Recall()
	for class, c := range ev.ByHiding {
		if c.Right+c.Missed >= 5 {
			floor(t, "recall of texts hidden by "+class, c.Recall(), clear-0.05)
		}
	}
}

func TestAnEvaluationCountsWhatIsRightWrongAndMissed(t *testing.T) {
	set, err := ReadLabelled(strings.NewReader(`{"id":"a","lang":"zh","body":"人脸照片 5000张 10元 飞机@abcde1","hit":true,"categories":["face_photo","face_video"],"offers":[{"quantity":5000,"price":10,"currency":"CNY"}],"contacts":[{"kind":"telegram","value":"other"}]}

{"id":"b","lang":"en","title":"nothing","hit":false}`))
	if err != nil {
		t.Fatal(err)
	}
	ev := testEngine(t).Evaluate(set)
	for what, c := range map[string]struct{ got, want Count }{
		"hits":       {ev.Hits, Count{Right: 1}},
		"categories": {ev.Micro, Count{Right: 1, Missed: 1}},
		"offers":     {ev.Offers, Count{Right: 1}},
		"contacts":   {ev.Contacts, Count{Wrong: 1, Missed: 1}},
	} {
		if c.got != c.want {
			t.Errorf("%s: %+v, want %+v", what, c.got, c.want)
		}
	}
}

func TestALabelledSetThatCannotBeReadNamesItsLine(t *testing.T) {
	if _, err := ReadLabelled(strings.NewReader("{}\n{")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v", err)
	}
}

func floor(t *testing.T, what string, got, least float64) {
	t.Helper()
	if got < least {
		t.Errorf("%s is %.3f, want at least %.3f", what, got, least)
	}
}
