package detect

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// sense is what a rule stands for, in the form in which the judge asks. It is
// small, so that those of all rules stay in the cache.
type sense struct {
	weight   float64
	names    categorySet // Category and Categories
	absorbs  categorySet
	contains categorySet
	damps    categorySet
	signal   signal
	class    class
	shadedBy class   // classes whose longer terms hide the terms of the rule
	behind   bool    // of a negation: it follows what it denies
	cueLike  bool    // its terms also introduce contacts
	explains bool    // contexts do not count once it matched
	intent   int8    // of an intent, its place in leak.Intents
	rank     int16   // of a word of sale, the place of its signal among all, by name
	feature  feature // of the evidence, in the model of the lexicon
}

// understand works out the sense of a rule.
func (r *Rule) understand() {
	if r.Category != "" {
		r.categories = append(r.categories, r.Category)
	}
	r.categories = append(r.categories, r.Categories...)
	r.sense = sense{weight: r.Weight, names: setOf(r.categories), absorbs: setOf(r.Absorbs), contains: setOf(r.Contains), damps: setOf(r.Damps),
		signal: signalOf(r.Signal), behind: r.Signal == negationBehind, cueLike: r.cueLike(), explains: len(r.Explains) > 0}
	s := &r.sense
	s.class = r.classify()
	s.shadedBy = s.class.shadedBy()
	if s.signal == intentSignal {
		_, name, _ := strings.Cut(r.Signal, ":")
		s.intent = int8(slices.Index(leak.Intents(), leak.Intent(name)))
	}
}

// cueLike reports whether the terms of a rule also introduce contacts.
func (r *Rule) cueLike() bool {
	return r.Category == leak.IMAccount || r.Weight < firmFrom && (r.Category == leak.PhoneNumber || r.Category == leak.SIMCard)
}

// senses returns the senses of rules, those of words of sale ranked.
func senses(rules []*Rule, m *model) []sense {
	var sale []string
	for _, r := range rules {
		if r.sense.signal == saleSignal {
			sale = append(sale, r.Signal)
		}
	}
	slices.Sort(sale)
	sale = slices.Compact(sale)
	out := make([]sense, len(rules))
	for i, r := range rules {
		r.sense.feature = m.signals[r.evidence()]
		r.sense.rank = int16(slices.Index(sale, r.Signal))
		out[i] = r.sense
	}
	return out
}

// categorySet is a set of categories, by their place in leak.Categories.
type categorySet uint16

// setOf returns the set of a list. What is no category is left out: nothing
// asks for it.
func setOf(list []leak.Category) (s categorySet) {
	for _, c := range list {
		if i := slices.Index(leak.Categories(), c); i >= 0 {
			s |= 1 << i
		}
	}
	return s
}

func (s categorySet) has(c int) bool { return s&(1<<c) != 0 }

// all calls yield with the places of the categories of a set.
func (s categorySet) all(yield func(int) bool) {
	for ; s != 0; s &= s - 1 {
		if !yield(bits.TrailingZeros16(uint16(s))) {
			return
		}
	}
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
