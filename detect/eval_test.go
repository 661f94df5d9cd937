package detect

import (
	"bytes"
	"encoding/json"
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
	floors{0.97, 0.95, 0.93, 0.90, 0.95}.keep(t, ev)
	floor(t, "intents", ev.Intents.Precision(), 0.95)
	clear := ev.ByHiding["clear"].Recall()
	for class, c := range ev.ByHiding {
		if c.Right+c.Missed >= 5 {
			floor(t, "recall of texts hidden by "+class, c.Recall(), clear-0.05)
		}
	}
}

// TestTextsThatNothingLearnedFromAreReadWell keeps what readers whom nobody
// helped may expect: blind.jsonl is by two authors, the weights have not learned
// from it and its errors are not to be looked at.
func TestTextsThatNothingLearnedFromAreReadWell(t *testing.T) {
	ev := testEngine(t).Evaluate(labelled(t, "blind.jsonl")).WithoutErrors()
	report(t, ev)
	floors{0.95, 0.90, 0.88, 0.85, 0.92}.keep(t, ev)
}

// floors are the precision and recall of hits, and the F1 of categories, offers
// and contacts, that an evaluation must reach.
type floors struct{ precision, recall, categories, offers, contacts float64 }

func (f floors) keep(t *testing.T, ev *Evaluation) {
	t.Helper()
	floor(t, "hit precision", ev.Hits.Precision(), f.precision)
	floor(t, "hit recall", ev.Hits.Recall(), f.recall)
	floor(t, "category F1", ev.Micro.F1(), f.categories)
	floor(t, "offers F1", ev.Offers.F1(), f.offers)
	floor(t, "contacts F1", ev.Contacts.F1(), f.contacts)
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

func TestHiddenTextsAreComparedWithTheSameTextsInClear(t *testing.T) {
	set, err := ReadLabelled(strings.NewReader(`{"id":"a","lang":"zh","body":"出售人脸照片 5000张 10元 飞机@abcde1","hit":true}
{"id":"b","lang":"zh","body":"出售人-脸-照-片 5000张 10元 飞机@abcde1","hit":true,"hiding":"separator","clear_of":"a"}
{"id":"c","lang":"zh","body":"出售 ██ 5000张 10元 飞机@abcde1","hit":true,"hiding":"mixed","clear_of":"a"}`))
	if err != nil {
		t.Fatal(err)
	}
	ev := testEngine(t).Evaluate(set)
	if w := ev.Twins; w == nil || w.Pairs != 2 || w.Clear != 2 || w.Hidden != 1 || w.Lost != 1 || w.Points != -50 || w.Low > -50 || w.High < 0 {
		t.Errorf("all: %+v", w)
	}
	if w := ev.TwinsBy["separator"]; w == nil || w.Points != 0 || w.Low >= 0 || w.High <= 0 {
		t.Errorf("separators: %+v", w)
	}
	if _, err := ReadLabelled(strings.NewReader("{\"id\":\"a\"}\n\n{\"id\":\"b\",\"clear_of\":\"x\"}")); err == nil || !strings.Contains(err.Error(), "line 3: clear_of") {
		t.Errorf("a twin that is not there: %v", err)
	}
}

func TestAnEvaluationOfABlindSetTellsNothingOfItsTexts(t *testing.T) {
	set, err := ReadLabelled(strings.NewReader(`{"id":"secret-id","lang":"zh","body":"床上四件套 199元","hit":true}`))
	if err != nil {
		t.Fatal(err)
	}
	ev := testEngine(t).Evaluate(set)
	if len(ev.Errors) != 1 || ev.ErrorCount != 1 {
		t.Fatalf("errors: %+v", ev.Errors)
	}
	var b bytes.Buffer
	if err := ev.WithoutErrors().Write(&b); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(ev.WithoutErrors())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{b.String(), string(data)} {
		if strings.Contains(s, "secret") || strings.Contains(s, "四件套") || !strings.Contains(s, "1") {
			t.Errorf("told: %s", s)
		}
	}
	for _, want := range []string{`"hits":{"right":0,"wrong":0,"missed":1,"precision":1,"precision_95":[0,1],"recall":0,"recall_95":[0,0.793],"f1":0,"f1_95":[0,0.885]}`, `"error_count":1`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in %s", want, data)
		}
	}
}
