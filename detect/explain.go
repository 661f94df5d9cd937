package detect

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
)

// Explanation says how a text was read: every match, also those that did not
// count, what each kind of evidence was worth, and what was looked for in
// vain. Title and Body are the text with identifiers masked; matches point
// into them.
type Explanation struct {
	Reading    leak.Reading `json:"reading"`
	Title      string       `json:"title"`
	Body       string       `json:"body"`
	Matches    []Match      `json:"matches"`
	Categories []Weighed    `json:"categories_weighed"` // the likeliest first
	Missing    []Missing    `json:"missing"`
}

// Match is one match of one rule. Start and End count code points of the
// masked field.
type Match struct {
	Rule       string          `json:"rule"`
	Title      string          `json:"title"`
	Role       Role            `json:"role"`
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

// Weighed is one category that a text names, with what speaks for and against
// its being offered. The weights of the reasons, with those of the text as a
// whole, add up to LogOdds; above 0 the category is offered.
type Weighed struct {
	Category    leak.Category `json:"category"`
	Offered     bool          `json:"offered"`
	Probability float64       `json:"probability"`
	LogOdds     float64       `json:"log_odds"`
	Reasons     []leak.Reason `json:"reasons"`
}

// Missing is evidence of an offer that a text does not hold, and what one of
// it would add to the score before calibration, 0 where that depends.
type Missing struct {
	Signal string  `json:"signal"`
	Text   string  `json:"text"`
	Adds   float64 `json:"adds,omitempty"`
}

// Explain reads a text as Analyze does and tells how. Texts beyond the cap of
// a listing are cut.
func (e *Engine) Explain(in Input) Explanation {
	in.Title, _ = leak.CutBytes(in.Title, leak.MaxText)
	in.Body, _ = leak.CutBytes(in.Body, leak.MaxText-len(in.Title))
	r := e.read([]namedText{{"title", in.Title}, {"body", in.Body}}, in.Language)
	d := r.doc
	masks := masksOf(r)
	x := Explanation{Reading: r.pointed(e.lexicon), Title: applyMasks(d.original(), d.fields[0].span, masks),
		Body: applyMasks(d.original(), d.fields[1].span, masks), Matches: []Match{}, Missing: e.missing(r)}
	points := maskedPoints(d, masks)
	for _, one := range r.verdict.instances {
		if !one.hit.mute && len(x.Matches) < leak.MaxFindings {
			x.Matches = append(x.Matches, e.match(d, one, points))
		}
	}
	x.Categories = e.weighed(r.verdict)
	return x
}

func (e *Engine) match(d *document, in instance, points []int32) Match {
	r := e.lexicon.Rules[in.rule]
	f := d.fieldAt(in.start)
	return Match{
		Rule: r.ID, Title: r.Title, Role: r.Role(), Categories: r.names(), Signal: r.Signal, Weight: r.Weight,
		Field: f.name, Start: int(points[in.start]), End: int(points[min(in.end, f.end)]),
		Term: e.lexicon.terms[in.hit.term].text, Steps: d.steps(in.hit), Undone: in.undone.String(),
	}
}

// maskedPoints returns for each byte of the original, and for the end of each
// field, the code point of the masked field at which it stands. What is masked
// stands at the begin of its mask.
func maskedPoints(d *document, masks []mask) []int32 {
	s := d.original()
	out := make([]int32, len(s)+1)
	for _, f := range d.fields {
		at, n := f.start, int32(0)
		plain := func(to int) {
			for ; at < to; at++ {
				if utf8.RuneStart(s[at]) {
					n++
				}
				out[at] = n - 1
			}
		}
		for _, m := range masksWithin(masks, f.span) {
			plain(m.start)
			for ; at < min(m.end, f.end); at++ {
				out[at] = n
			}
			n += int32(utf8.RuneCountInString(m.shown))
		}
		plain(f.end)
		out[f.end] = n
	}
	return out
}

// weighed lists the categories that a text names with their reasons.
func (e *Engine) weighed(v *verdict) []Weighed {
	m := e.lexicon.model
	out := []Weighed{}
	for _, c := range v.candidates {
		w := Weighed{Category: c.category, Offered: slices.Contains(v.categories, c.category), Probability: round(logistic(c.logit)), LogOdds: round(c.logit)}
		for _, x := range c.evidence {
			if worth := round(m.weights[x.f] * x.x); worth != 0 {
				w.Reasons = append(w.Reasons, leak.Reason{Signal: m.names[x.f], Weight: worth, Text: m.categoryWords(x.f, c.category)})
			}
		}
		out = append(out, w)
	}
	slices.SortStableFunc(out, func(a, b Weighed) int { return cmp.Compare(b.LogOdds, a.LogOdds) })
	return out
}

// categoryWords says what evidence of one category is.
func (m *model) categoryWords(f feature, c leak.Category) string {
	switch f {
	case fStrength:
		return "how clearly it is named"
	case fFirm:
		return "named by words that say by themselves what is traded"
	case fTitle:
		return "named in the title"
	case fPriced:
		return "a price stands in its line"
	case fIntended:
		return "named next to a word of intent"
	case fCounted:
		return "a large quantity stands beside it"
	case fHidden:
		return "its words were hidden on purpose"
	case fTop:
		return "nothing else is named more clearly"
	case fBehind:
		return "something else is named more clearly"
	case fRivals:
		return "other categories are named too"
	case fTerms:
		return "named in several ways"
	case fRepeats:
		return "named more than once"
	case fOwnPrice:
		return "a price stands nearer to it than to anything else named"
	}
	if strings.HasPrefix(m.names[f], "context:") {
		return "words that speak of something else in its place"
	}
	if other, is := strings.CutPrefix(m.names[f], string(c)+" with "); is {
		return "named together with " + other
	}
	return "what the category is worth by itself"
}

// missing names the evidence that a text lacks.
func (e *Engine) missing(r *result) []Missing {
	v := r.verdict
	contact := slices.ContainsFunc(v.evidence, func(x value) bool { return x.f == fContact })
	return e.lacking(len(v.candidates) > 0, len(r.offers.Offers) > 0, v.bulk >= bulk, v.intents.named, contact)
}

// Missing names the evidence that a stored reading lacks, as far as the
// reading tells.
func (e *Engine) Missing(r *leak.Reading) []Missing {
	has := func(signal string) bool {
		return slices.ContainsFunc(r.Reasons, func(x leak.Reason) bool { return x.Signal == signal })
	}
	named, intent := len(r.Categories) > 0, has("intent:sell") || has("intent:buy") || has("intent:rent") || has("intent:service")
	for _, f := range r.Findings {
		if rule := e.lexicon.Rule(f.Rule); rule != nil {
			named = named || rule.Role() == Names
			intent = intent || strings.HasPrefix(rule.Signal, "intent:")
		}
	}
	large := has("offer:bulk") || r.Available != nil && *r.Available >= bulk
	return e.lacking(named, len(r.Offers) > 0 || has("offer:price"), large, intent, len(r.Contacts) > 0 || has("contact"))
}

// lacking puts into words what is not there.
func (e *Engine) lacking(named, price, large, intent, contact bool) []Missing {
	m := e.lexicon.model
	out := []Missing{}
	add := func(there bool, signal, words string, worth float64) {
		if !there {
			out = append(out, Missing{signal, words, round(worth)})
		}
	}
	add(named, "category", "no words that name something traded", 0)
	add(price, "offer:price", "no price", m.weights[fPrice])
	add(large, "offer:bulk", "no quantity of 50 or more", m.weights[fBulk])
	add(contact, "contact", "no contact of the author (a messenger counts most)", m.weights[fContact]+m.weights[fChat])
	add(intent, "intent", "no word of selling, buying, renting or serving", 0)
	if !price && !contact && !intent {
		out = append(out, Missing{"support", "without a price, a contact or a word of intent nothing counts as offered", 0})
	}
	return out
}
