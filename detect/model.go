package detect

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// The model is a logistic regression over what a text as a whole says (a
// price, a contact, words of news, …) and over what speaks for one category
// (how clearly it is named, whether a price stands in its line, …): the sum
// of weights is the log odds that the category is offered. A text is a hit if
// one is. What a hit wants is the intent whose evidence weighs most. The
// weights are learned from the development set by
//
//	go test ./detect -run TestTheModelIsWhatTheDevelopmentSetTeaches -update
//
// and a test keeps them so. Evidence of an offer may not weigh against it, nor
// words of another context for it: signs are fixed, so that explanations make
// sense to readers.

//go:embed model.json
var modelFile []byte

// The evidence that has a name of its own; signals, categories and pairs of
// categories follow.
const (
	fBase feature = iota
	fChinese
	fEnglish
	fKorean
	fLength
	fLines
	fUntitled
	fPrice
	fOffers
	fBulk
	fContact
	fChat
	fQuoted
	fWording
	fSell
	fBuy
	fRent
	fService
	fStrength
	fFirm
	fTitle
	fPriced
	fIntended
	fCounted
	fHidden
	fOwnPrice
	fTop
	fBehind
	fRivals
	fTerms
	fRepeats
	fBareSaid
	fBareBeside
	namedFeatures
)

// feature is the index of one kind of evidence.
type feature int32

func featureNames() []string {
	names := []string{"base", "language:zh", "language:en", "language:ko", "length", "lines", "untitled", "price", "more offers", "bulk", "contact", "chat contact", "quoted", "wording",
		"intent:sell", "intent:buy", "intent:rent", "intent:service", "strength", "firm", "in title", "priced", "next to intent",
		"counted", "hidden", "own price", "strongest", "behind", "rivals", "terms", "repeats", "bare", "bare next to intent"}
	for _, c := range leak.Categories() {
		names = append(names, string(c))
	}
	for _, c := range leak.Categories() {
		for _, other := range leak.Categories() {
			names = append(names, string(c)+" with "+string(other))
		}
	}
	return append(names, intentFeatureNames()...)
}

func languageFeature(language string) feature {
	switch language {
	case "zh":
		return fChinese
	case "ko":
		return fKorean
	}
	return fEnglish
}

// categoryCount is the number of categories.
const categoryCount = 16

// categoryFeature and pairFeature take categories by their place in
// leak.Categories.
func categoryFeature(c int) feature { return namedFeatures + feature(c) }

func pairFeature(c, other int) feature {
	return namedFeatures + categoryCount + categoryCount*feature(c) + feature(other)
}

// bare adds to the evidence for a category, of a text with the evidence text,
// what words of intent say where neither a price nor a contact speaks for an
// offer: there they are all there is.
func bare(text, v vector) vector {
	said, beside := 0.0, 0.0
	for _, l := range []vector{text, v} {
		for _, e := range l {
			switch {
			case e.f == fPrice || e.f == fContact:
				return v
			case e.f >= fSell && e.f <= fService:
				said = max(said, e.x)
			case e.f == fIntended:
				beside = e.x
			}
		}
	}
	d := describer{v}
	d.add(fBareSaid, said)
	d.add(fBareBeside, beside)
	return d.v
}

// model knows the evidence and what it is worth.
type model struct {
	names   []string
	signals map[string]feature
	weights []float64
	wording *wording
	reasons []leak.Reason // by feature, without their weights; Text is "" for what describes the text alone
	reason  []feature     // by feature: the first that has the same reason
}

// newModel reads the weights for the signals of a lexicon. A signal that the
// weights do not know, one of a team's own, counts as its rule says: for a
// sale, or against it.
func newModel(rules []*Rule) (*model, error) {
	m := &model{names: featureNames(), signals: map[string]feature{}}
	learned := map[string]float64{}
	if err := json.Unmarshal(modelFile, &learned); err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	for _, r := range rules {
		name := r.evidence()
		if _, known := m.signals[name]; known || name == "" {
			continue
		}
		m.signals[name] = feature(len(m.names))
		m.names = append(m.names, name)
		if _, ok := learned[name]; !ok && r.user {
			learned[name] = sign(name)
		}
	}
	var err error
	if m.wording, err = readWording(wordingFile); err != nil {
		return nil, err
	}
	m.weights = make([]float64, len(m.names))
	m.reasons = make([]leak.Reason, len(m.names))
	for i, name := range m.names {
		m.weights[i] = learned[name]
		m.reasons[i] = leak.Reason{Signal: m.reasonSignal(feature(i)), Text: m.words(feature(i))}
	}
	m.reason = firstReasons(m.reasons)
	for i, c := range leak.Categories() {
		m.reasons[categoryFeature(i)] = leak.Reason{Signal: "category", Text: "names what is traded: " + string(c)}
	}
	return m, nil
}

// firstReasons returns for each feature the first with a reason of that signal.
func firstReasons(reasons []leak.Reason) []feature {
	first := map[string]feature{}
	out := make([]feature, len(reasons))
	for i, r := range reasons {
		if _, known := first[r.Signal]; !known && r.Text != "" {
			first[r.Signal] = feature(i)
		}
		out[i] = first[r.Signal]
	}
	return out
}

// evidence names what a match of the rule says of a text as a whole: a word of
// sale, or the rule itself where it speaks of another context, since words of
// one context are not all as clear; "" for other rules.
func (r *Rule) evidence() string {
	switch {
	case strings.HasPrefix(r.Signal, "sale:"):
		return r.Signal
	case strings.HasPrefix(r.Signal, "context:"):
		return r.Signal + "/" + r.ID
	}
	return ""
}

// sign says which way a kind of evidence may count: 1 for an offer, -1
// against, 0 either.
func sign(name string) float64 {
	switch {
	case strings.HasPrefix(name, "context:"), name == "behind", name == "quoted":
		return -1
	case strings.HasPrefix(name, "sale:"), strings.HasPrefix(name, "intent:"), strings.HasPrefix(name, "says "), strings.HasPrefix(name, "service:"):
		return 1
	}
	switch name {
	case "price", "bulk", "contact", "chat contact", "wording", "strength", "firm", "in title", "priced", "next to intent", "counted", "hidden", "own price", "strongest", "bare", "bare next to intent":
		return 1
	}
	return 0
}

// vector is the evidence of one text, or of one category of it.
type vector []value

type value struct {
	f feature
	x float64
}

func (m *model) sum(v vector) float64 {
	total := 0.0
	for _, e := range v {
		total += m.weights[e.f] * e.x
	}
	return total
}

// describer builds a vector.
type describer struct{ v vector }

func (d *describer) add(f feature, x float64) {
	if x != 0 {
		d.v = append(d.v, value{f, x})
	}
}

func (d *describer) when(f feature, yes bool) {
	if yes {
		d.v = append(d.v, value{f, 1})
	}
}

// weighed is what a reason is worth.
type weighed struct {
	reason feature // the first that has it
	weight float64
}

// explain turns the evidence for the likeliest category into reasons. That of
// the text as a whole is worth shared.
func (j *judge) explain(best int, shared float64) {
	m := j.lexicon.model
	rest := 0.0
	j.weighed = j.weighed[:0]
	for _, e := range j.v.evidence {
		if w := m.weights[e.f] * e.x; m.reasons[e.f].Text != "" {
			j.weigh(m.reason[e.f], round(w))
		} else {
			rest += w
		}
	}
	add := func(r leak.Reason, weight float64) {
		r.Weight = weight
		j.v.reasons = append(j.v.reasons, r)
	}
	j.v.reasons = slices.Grow(j.v.reasons, len(j.weighed)+min(best+1, 1)*2)
	for _, w := range j.weighed {
		add(m.reasons[w.reason], w.weight)
	}
	if best < 0 {
		j.v.logit = min(shared, nothingNamed)
		return
	}
	c := &j.v.candidates[best]
	j.v.logit = c.logit
	if w := round(c.logit - shared); w != 0 {
		add(m.reasons[categoryFeature(c.index)], w)
	}
	if w := round(rest); w != 0 {
		add(leak.Reason{Signal: "text", Text: "length and language of the text"}, w)
	}
}

// weigh adds to what a reason is worth.
func (j *judge) weigh(reason feature, weight float64) {
	if weight == 0 {
		return
	}
	for i := range j.weighed {
		if w := &j.weighed[i]; w.reason == reason {
			w.weight = round(w.weight + weight)
			return
		}
	}
	j.weighed = append(j.weighed, weighed{reason, weight})
}

// nothingNamed is the most that a text can score that names nothing traded.
const nothingNamed = -1.0

// reasonSignal is the name of evidence in reasons, which others build on.
func (m *model) reasonSignal(f feature) string {
	switch f {
	case fPrice, fOffers:
		return "offer:" + m.names[f]
	case fBulk:
		return "offer:bulk"
	}
	signal, _, _ := strings.Cut(m.names[f], "/")
	return signal
}

// words says what evidence of a text is, "" for what describes the text alone.
func (m *model) words(f feature) string {
	name, _, _ := strings.Cut(m.names[f], "/")
	switch f {
	case fPrice:
		return "a price is named"
	case fOffers:
		return "several prices are named"
	case fBulk:
		return "a large quantity is named"
	case fContact:
		return "a way to reach the author is given"
	case fChat:
		return "… by a messenger"
	case fQuoted:
		return "prices or contacts stand in quotation marks"
	case fWording:
		return "how it is worded: above 0 as offers are, below as other texts"
	}
	kind, rest, _ := strings.Cut(name, ":")
	switch kind {
	case "intent":
		return "words of intent: " + rest
	case "sale":
		return "words that sellers use: " + rest
	case "context":
		return "words of another context: " + rest
	}
	return ""
}
