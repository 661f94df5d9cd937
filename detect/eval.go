package detect

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
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
	Hiding     string          `json:"hiding,omitempty"` // class of hiding, "" for clear texts
	Kind       string          `json:"kind,omitempty"`   // what sort of look-alike, "" if none
	ClearOf    string          `json:"clear_of,omitempty"`
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
		out = append(out, l)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read labelled texts: %w", err)
	}
	return out, nil
}

// Count is how often something was found rightly, wrongly, and missed.
type Count struct {
	Right  int `json:"right"`
	Wrong  int `json:"wrong"`
	Missed int `json:"missed"`
}

// Precision is the share of what was found that is right; 1 if nothing was
// found.
func (c Count) Precision() float64 { return share(c.Right, c.Right+c.Wrong) }

// Recall is the share of what there was that was found; 1 if there was
// nothing.
func (c Count) Recall() float64 { return share(c.Right, c.Right+c.Missed) }

// F1 is the harmonic mean of precision and recall.
func (c Count) F1() float64 { return share(2*c.Right, 2*c.Right+c.Wrong+c.Missed) }

func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// Interval is the 95 % Wilson interval of a of b.
func Interval(a, b int) (low, high float64) {
	if b == 0 {
		return 0, 1
	}
	const z = 1.96
	n, p := float64(b), float64(a)/float64(b)
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(mid-half, 0), min(mid+half, 1)
}

// Evaluation is how well an engine reads a labelled set.
type Evaluation struct {
	Texts      int              `json:"texts"`
	Hits       Count            `json:"hits"`
	Micro      Count            `json:"categories"` // over all categories
	Offers     Count            `json:"offers"`     // quantity, price and currency all right
	Contacts   Count            `json:"contacts"`   // kind and value right
	Intents    Count            `json:"intents"`    // of the texts that label it
	ByCategory map[string]Count `json:"by_category"`
	ByLanguage map[string]Count `json:"by_language"` // hits
	ByHiding   map[string]Count `json:"by_hiding"`   // hits
	ByKind     map[string]Count `json:"by_kind"`     // hits among look-alikes
	Errors     []EvalError      `json:"errors"`
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
		ByHiding: map[string]Count{}, ByKind: map[string]Count{}}
	for i := range set {
		l := &set[i]
		ev.add(l, e.Analyze(Input{ID: l.ID, Title: l.Title, Body: l.Body}))
	}
	return ev
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
		addTo(ev.ByKind, l.Kind, hit)
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

func single(want, got bool) Count {
	switch {
	case want && got:
		return Count{Right: 1}
	case got:
		return Count{Wrong: 1}
	case want:
		return Count{Missed: 1}
	}
	return Count{}
}

func sum(a, b Count) Count {
	return Count{a.Right + b.Right, a.Wrong + b.Wrong, a.Missed + b.Missed}
}

func addTo(m map[string]Count, key string, c Count) { m[key] = sum(m[key], c) }

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

// Write prints the evaluation as a table, the errors last.
func (ev *Evaluation) Write(w io.Writer) error {
	p := &tablePrinter{w: w}
	p.line("%d texts", ev.Texts)
	p.head()
	p.row("hits", ev.Hits)
	p.row("categories, micro", ev.Micro)
	p.row("offers, exact", ev.Offers)
	p.row("contacts, exact", ev.Contacts)
	p.row("intents", ev.Intents)
	p.group("category", ev.ByCategory)
	p.group("language (hits)", ev.ByLanguage)
	p.group("hiding (hits)", ev.ByHiding)
	p.group("look-alikes (hits)", ev.ByKind)
	p.line("\n%d errors", len(ev.Errors))
	for _, e := range ev.Errors {
		p.line("%s\t%s: want %s, got %s", e.ID, e.What, e.Want, e.Got)
	}
	return p.err
}

type tablePrinter struct {
	w   io.Writer
	err error
}

func (p *tablePrinter) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *tablePrinter) head() {
	p.line("%-22s %6s %6s %6s   %-20s %-20s %5s", "", "right", "wrong", "missed", "precision (95 %)", "recall (95 %)", "F1")
}

func (p *tablePrinter) row(name string, c Count) {
	p.line("%-22s %6d %6d %6d   %-20s %-20s %.3f", name, c.Right, c.Wrong, c.Missed,
		withInterval(c.Precision(), c.Right, c.Right+c.Wrong), withInterval(c.Recall(), c.Right, c.Right+c.Missed), c.F1())
}

func (p *tablePrinter) group(title string, m map[string]Count) {
	if len(m) == 0 {
		return
	}
	p.line("\nby %s", title)
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p.row("  "+name, m[name])
	}
}

func withInterval(x float64, a, b int) string {
	low, high := Interval(a, b)
	return fmt.Sprintf("%.3f (%.3f–%.3f)", x, low, high)
}
