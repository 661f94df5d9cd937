package detect

import (
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// sense is what a rule stands for, in the form in which the judge asks.
type sense struct {
	categories []leak.Category // Category and Categories
	indexes    []int           // the same, by their place in leak.Categories
	absorbs    []int
	contains   []int
	damps      []int
	behind     bool // of a negation: it follows what it denies
	class      class
	shadedBy   class // classes whose longer terms hide the terms of the rule
	signal     signal
	intent     int     // of an intent, its place in leak.Intents
	feature    feature // of the evidence, in the model of the lexicon
}

// understand works out the sense of a rule.
func (r *Rule) understand() {
	s := &r.sense
	if r.Category != "" {
		s.categories = append(s.categories, r.Category)
	}
	s.categories = append(s.categories, r.Categories...)
	s.indexes, s.absorbs, s.contains = indexes(s.categories), indexes(r.Absorbs), indexes(r.Contains)
	s.damps, s.behind = indexes(r.Damps), r.Signal == negationBehind
	s.signal = signalOf(r.Signal)
	s.class = r.classify()
	s.shadedBy = s.class.shadedBy()
	if s.signal == intentSignal {
		_, name, _ := strings.Cut(r.Signal, ":")
		s.intent = slices.Index(leak.Intents(), leak.Intent(name))
	}
}

// indexes returns the places of categories in leak.Categories. What is none of
// them is left out: nothing asks for it.
func indexes(list []leak.Category) []int {
	var out []int
	for _, c := range list {
		if i := slices.Index(leak.Categories(), c); i >= 0 {
			out = append(out, i)
		}
	}
	return out
}

// signal is what sort of signal a rule gives.
type signal uint8

const (
	noSignal signal = iota
	negationSignal
	purposeSignal
	neutralSignal
	intentSignal
	saleSignal
	contextSignal
	signalCount = iota
)

// negationBehind is the signal of words that deny what stands before them.
const negationBehind = "negation:behind"

// signalOf returns the sort of a signal by its name.
func signalOf(name string) signal {
	kind, _, _ := strings.Cut(name, ":")
	switch kind {
	case "negation":
		return negationSignal
	case "purpose":
		return purposeSignal
	case "neutral":
		return neutralSignal
	case "intent":
		return intentSignal
	case "sale":
		return saleSignal
	case "context":
		return contextSignal
	}
	return noSignal
}
