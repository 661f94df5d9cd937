package detect

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// EvalRow is one line of an evaluation: a count with what it counts.
type EvalRow struct {
	Of    string `json:"of"`             // hits, categories, offers, contacts or intents
	By    string `json:"by,omitempty"`   // category, language or hiding; "" for the whole set
	Name  string `json:"name,omitempty"` // the category, language, …
	Count Count  `json:"count"`
}

// Rows lists all counts of the evaluation, those of the whole set first.
func (ev *Evaluation) Rows() []EvalRow {
	rows := []EvalRow{{"hits", "", "", ev.Hits}, {"categories", "", "", ev.Micro}, {"offers", "", "", ev.Offers},
		{"contacts", "", "", ev.Contacts}, {"intents", "", "", ev.Intents}}
	for _, g := range []struct {
		of, by string
		counts map[string]Count
	}{{"categories", "category", ev.ByCategory}, {"hits", "language", ev.ByLanguage}, {"hits", "hiding", ev.ByHiding}} {
		for _, name := range slices.Sorted(maps.Keys(g.counts)) {
			rows = append(rows, EvalRow{g.of, g.by, name, g.counts[name]})
		}
	}
	return rows
}

// WithoutErrors returns the evaluation without what tells of single texts, so
// that a blind set can be measured and stays blind.
func (ev *Evaluation) WithoutErrors() *Evaluation {
	bare := *ev
	bare.Errors = nil
	return &bare
}

// Write prints the evaluation as a table, the errors last.
func (ev *Evaluation) Write(w io.Writer) error {
	p := &tablePrinter{w: w}
	p.line("%d texts", ev.Texts)
	p.head()
	by := ""
	for _, r := range ev.Rows() {
		if r.By != by {
			p.line("\nby %s: %s", r.By, r.Of)
			by = r.By
		}
		name := r.Of
		if r.By != "" {
			name = "  " + r.Name
		}
		p.row(name, r.Count)
	}
	p.spared(ev.ByKind)
	p.twins(ev.Twins, ev.TwinsBy)
	p.line("\n%d errors", ev.ErrorCount)
	for _, e := range ev.Errors {
		p.line("%s  %s: want %s, got %s", e.ID, e.What, e.Want, e.Got)
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
	p.line("%-22s %6s %6s %6s   %-20s %-20s %s", "", "right", "wrong", "missed", "precision (95 %)", "recall (95 %)", "F1 (95 %)")
}

func (p *tablePrinter) row(name string, c Count) {
	low, high := c.F1Interval()
	p.line("%-22s %6d %6d %6d   %-20s %-20s %.3f (%.3f–%.3f)", name, c.Right, c.Wrong, c.Missed,
		withInterval(c.Precision(), c.Right, c.Right+c.Wrong), withInterval(c.Recall(), c.Right, c.Right+c.Missed), c.F1(), low, high)
}

func withInterval(x float64, a, b int) string {
	low, high := Interval(a, b)
	return fmt.Sprintf("%.3f (%.3f–%.3f)", x, low, high)
}

// spared says how many look-alikes were taken for hits.
func (p *tablePrinter) spared(by map[string]Spared) {
	if len(by) == 0 {
		return
	}
	p.line("\nlook-alikes")
	p.line("%-22s %6s %6s   %s", "", "texts", "wrong", "taken for hits (95 %)")
	for _, name := range slices.Sorted(maps.Keys(by)) {
		s := by[name]
		low, high := Interval(s.Wrong, s.Texts)
		p.line("%-22s %6d %6d   %.3f (%.3f–%.3f)", "  "+name, s.Texts, s.Wrong, float64(s.Wrong)/float64(s.Texts), low, high)
	}
}

// twins compares hidden texts with the same texts in clear.
func (p *tablePrinter) twins(all *Twins, by map[string]*Twins) {
	if all == nil {
		return
	}
	p.line("\nhidden texts against the same texts in clear: recall of hits")
	p.line("%-22s %6s %6s %6s %6s %6s   %s", "", "pairs", "clear", "hidden", "lost", "gained", "difference in points (95 %)")
	one := func(name string, t *Twins) {
		p.line("%-22s %6d %6d %6d %6d %6d   %+.1f (%+.1f to %+.1f)", name, t.Pairs, t.Clear, t.Hidden, t.Lost, t.Gained, t.Points, t.Low, t.High)
	}
	one("all", all)
	for _, name := range slices.Sorted(maps.Keys(by)) {
		one("  "+name, by[name])
	}
}
