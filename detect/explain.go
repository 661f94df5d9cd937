package detect

import (
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
)

// Explanation says how a text was read: every match, also those that did not
// count, and what was looked for in vain.
type Explanation struct {
	Reading leak.Reading  `json:"reading"`
	Matches []Match       `json:"matches"`
	Offered []StrengthRow `json:"strengths"`
	Missing []string      `json:"missing"`
}

// Match is one match of one rule. Offsets count code points of the field.
type Match struct {
	Rule       string          `json:"rule"`
	Title      string          `json:"title"`
	Categories []leak.Category `json:"categories,omitempty"`
	Signal     string          `json:"signal,omitempty"`
	Weight     float64         `json:"weight"`
	Field      string          `json:"field"`
	Start      int             `json:"start"`
	End        int             `json:"end"`
	Term       string          `json:"term"` // as the lexicon has it
	Steps      []string        `json:"steps"`
	Undone     string          `json:"undone,omitempty"` // why it does not count
}

// StrengthRow says how clearly a category is named and how likely it is
// offered, in the eyes of the model.
type StrengthRow struct {
	Category    leak.Category `json:"category"`
	Strength    float64       `json:"strength"`
	Probability float64       `json:"probability"`
}

// Explain reads a text as Analyze does and tells how.
func (e *Engine) Explain(in Input) Explanation {
	d := newDocument([]namedText{{"title", in.Title}, {"body", in.Body}})
	r := e.read(d, in.Language)
	x := Explanation{Reading: r.reading, Matches: []Match{}, Offered: []StrengthRow{}}
	for _, one := range r.verdict.instances {
		x.Matches = append(x.Matches, e.match(d, one))
	}
	for _, c := range r.verdict.candidates {
		x.Offered = append(x.Offered, StrengthRow{c.category, round(c.strength), round(logistic(c.logit))})
	}
	x.Missing = missing(r)
	return x
}

func (e *Engine) match(d *document, in instance) Match {
	r := e.lexicon.Rules[in.rule]
	f := d.fieldAt(in.start)
	start := utf8.RuneCountInString(d.original()[f.start:in.start])
	return Match{
		Rule: r.ID, Title: r.Title, Categories: r.names(), Signal: r.Signal, Weight: r.Weight,
		Field: f.name, Start: start, End: start + utf8.RuneCountInString(d.original()[in.start:min(in.end, f.end)]),
		Term: e.lexicon.terms[in.hit.term].text, Steps: d.steps(in.hit), Undone: in.undone.String(),
	}
}

// missing names the kinds of evidence that the text lacks.
func missing(r *result) []string {
	out := []string{}
	add := func(absent bool, what string) {
		if absent {
			out = append(out, what)
		}
	}
	add(len(r.verdict.candidates) == 0, "a category")
	add(len(r.offers.Offers) == 0, "a price")
	add(r.verdict.bulk < 50, "a quantity of 50 or more")
	add(len(r.contacts) == 0, "a contact of the seller")
	add(len(r.verdict.intents) == 0, "words of selling, buying, renting or serving")
	return out
}
