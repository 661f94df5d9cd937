package detect

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// Labelled is one text of an evaluation set, as a line of JSON.
type Labelled struct {
	ID         string          `json:"id"`
	Language   string          `json:"lang"`
	Title      string          `json:"title"`
	Body       string          `json:"body"`
	Hit        bool            `json:"hit"`
	Intent     leak.Intent     `json:"intent,omitempty"` // "" where the set does not label it
	Categories []leak.Category `json:"categories"`
	Offers     []LabelledOffer `json:"offers"`
	Contacts   []leak.Contact  `json:"contacts"`
	Hiding     string          `json:"hiding,omitempty"`   // class of hiding, "" for clear texts
	Kind       string          `json:"kind,omitempty"`     // what sort of look-alike, "" if none
	ClearOf    string          `json:"clear_of,omitempty"` // id of the same text in clear, for a hidden one
}

// LabelledOffer is what an offer must agree in.
type LabelledOffer struct {
	Quantity float64 `json:"quantity"`
	Price    float64 `json:"price"`
	Currency string  `json:"currency"`
}

// ReadLabelled reads an evaluation set. Errors name the line.
func ReadLabelled(r io.Reader) ([]Labelled, error) {
	var out []Labelled
	var at []int // the line of each text
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		var l Labelled
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("line %d: read labelled text: %w", n, err)
		}
		out, at = append(out, l), append(at, n)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read labelled texts: %w", err)
	}
	return out, checkTwins(out, at)
}

// checkTwins wants that every clear twin is a text of the set. Errors name
// the line of the hidden text.
func checkTwins(set []Labelled, line []int) error {
	ids := map[string]int{}
	for i := range set {
		ids[set[i].ID]++
	}
	for i := range set {
		if twin := set[i].ClearOf; twin != "" && (ids[twin] != 1 || twin == set[i].ID) {
			return fmt.Errorf("line %d: clear_of: found %q, which is the id of %d texts; want the id of the one text of this set that says the same in clear", line[i], twin, ids[twin])
		}
	}
	return nil
}

// Evaluation is how well an engine reads a labelled set.
type Evaluation struct {
	Texts      int               `json:"texts"`
	Hits       Count             `json:"hits"`
	Micro      Count             `json:"categories"` // over all categories
	Offers     Count             `json:"offers"`     // quantity, price and currency all right
	Contacts   Count             `json:"contacts"`   // kind and value right
	Intents    Count             `json:"intents"`    // of the texts that label it
	ByCategory map[string]Count  `json:"by_category"`
	ByLanguage map[string]Count  `json:"by_language"` // hits
	ByHiding   map[string]Count  `json:"by_hiding"`   // hits
	ByKind     map[string]Spared `json:"by_kind"`     // look-alikes

	Twins      *Twins            `json:"twins,omitempty"`           // nil if no text names its clear twin
	TwinsBy    map[string]*Twins `json:"twins_by_hiding,omitempty"` // the same by class of hiding
	ErrorCount int               `json:"error_count"`
	Errors     []EvalError       `json:"errors,omitempty"`
}

// EvalError is one text that was read otherwise than labelled.
type EvalError struct {
	ID   string `json:"id"`
	What string `json:"what"` // hit, categories, offers, contacts or intent
	Want string `json:"want"`
	Got  string `json:"got"`
}

// Evaluate reads a labelled set and compares.
func (e *Engine) Evaluate(set []Labelled) *Evaluation {
	ev := &Evaluation{Texts: len(set), ByCategory: map[string]Count{}, ByLanguage: map[string]Count{},
		ByHiding: map[string]Count{}, ByKind: map[string]Spared{}}
	found := map[string]bool{}
	for i := range set {
		l := &set[i]
		got := e.Analyze(Input{ID: l.ID, Title: l.Title, Body: l.Body})
		found[l.ID] = got.Hit
		ev.add(l, got)
	}
	for i := range set {
		ev.pair(&set[i], found)
	}
	return ev
}

// pair compares a hidden text with its clear twin.
func (ev *Evaluation) pair(l *Labelled, found map[string]bool) {
	if l.ClearOf == "" || !l.Hit {
		return
	}
	if ev.Twins == nil {
		ev.Twins, ev.TwinsBy = &Twins{}, map[string]*Twins{}
	}
	class := ev.TwinsBy[l.Hiding]
	if class == nil {
		class = &Twins{}
		ev.TwinsBy[l.Hiding] = class
	}
	for _, t := range []*Twins{ev.Twins, class} {
		t.add(found[l.ClearOf], found[l.ID])
	}
}

func (ev *Evaluation) add(l *Labelled, got leak.Reading) {
	hit := single(l.Hit, got.Hit)
	ev.Hits = sum(ev.Hits, hit)
	addTo(ev.ByLanguage, l.Language, hit)
	hiding := l.Hiding
	if hiding == "" {
		hiding = "clear"
	}
	addTo(ev.ByHiding, hiding, hit)
	if l.Kind != "" {
		k := ev.ByKind[l.Kind]
		ev.ByKind[l.Kind] = Spared{k.Texts + 1, k.Wrong + hit.Wrong}
	}
	ev.note(l, "hit", hit, fmt.Sprint(l.Hit), fmt.Sprintf("%v (score %.2f)", got.Hit, got.Score))
	ev.addCategories(l, got)
	ev.addOffers(l, got)
	ev.addContacts(l, got)
	ev.addIntent(l, got)
}

func (ev *Evaluation) addCategories(l *Labelled, got leak.Reading) {
	want := l.Categories
	if !l.Hit {
		want = nil // what a mention mentions is not scored
	}
	c := compare(texts(want), texts(got.Categories), func(name string, c Count) {
		addTo(ev.ByCategory, name, c)
	})
	ev.Micro = sum(ev.Micro, c)
	ev.note(l, "categories", c, strings.Join(texts(want), " "), strings.Join(texts(got.Categories), " "))
}

func (ev *Evaluation) addOffers(l *Labelled, got leak.Reading) {
	var want, found []string
	for _, o := range l.Offers {
		want = append(want, offerKey(&o.Quantity, &o.Price, &o.Currency))
	}
	for _, o := range got.Offers {
		found = append(found, offerKey(o.Quantity, o.Price, o.Currency))
	}
	c := compare(want, found, nil)
	ev.Offers = sum(ev.Offers, c)
	ev.note(l, "offers", c, strings.Join(want, "; "), strings.Join(found, "; "))
}

func offerKey(quantity, price *float64, currency *string) string {
	number := func(x *float64) string {
		if x == nil {
			return "none"
		}
		return fmt.Sprintf("%.6g", *x)
	}
	unit := "none"
	if currency != nil {
		unit = *currency
	}
	return number(quantity) + " for " + number(price) + " " + unit
}

func (ev *Evaluation) addContacts(l *Labelled, got leak.Reading) {
	name := func(list []leak.Contact) []string {
		var out []string
		for _, c := range list {
			out = append(out, string(c.Kind)+":"+c.Value)
		}
		return out
	}
	want, found := name(l.Contacts), name(got.Contacts)
	c := compare(want, found, nil)
	ev.Contacts = sum(ev.Contacts, c)
	ev.note(l, "contacts", c, strings.Join(want, " "), strings.Join(found, " "))
}

func (ev *Evaluation) addIntent(l *Labelled, got leak.Reading) {
	if l.Intent == "" || !l.Hit || !got.Hit {
		return
	}
	c := compare([]string{string(l.Intent)}, []string{string(got.Intent)}, nil)
	ev.Intents = sum(ev.Intents, c)
	ev.note(l, "intent", c, string(l.Intent), string(got.Intent))
}

func (ev *Evaluation) note(l *Labelled, what string, c Count, want, got string) {
	if c.Wrong+c.Missed > 0 {
		ev.ErrorCount++
		ev.Errors = append(ev.Errors, EvalError{ID: l.ID, What: what, Want: want, Got: got})
	}
}

// compare counts two lists as multisets; each, if not nil, gets the count of
// each name.
func compare(want, got []string, each func(string, Count)) Count {
	var total Count
	report := func(name string, c Count) {
		total = sum(total, c)
		if each != nil {
			each(name, c)
		}
	}
	left := slices.Clone(want)
	for _, g := range got {
		if i := slices.Index(left, g); i >= 0 {
			left = slices.Delete(left, i, i+1)
			report(g, Count{Right: 1})
			continue
		}
		report(g, Count{Wrong: 1})
	}
	for _, w := range left {
		report(w, Count{Missed: 1})
	}
	return total
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
