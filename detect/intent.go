package detect

import (
	"math"
	"slices"

	"github.com/leakwatch/leakwatch/leak"
)

// What the author of a hit wants is decided by the words of intent and by
// where they stand: in the title, next to what is traded, first. "Buy 3, get
// 1 free" at the end of a seller's text makes no buyer. What each place is
// worth, the model says; it is taught by pairs of what was meant and what was
// not.

// meant is how many intents a hit can have: the first of leak.Intents, all
// but a mention.
const meant = 4

// The evidence for an intent follows that for categories.
const (
	fSaysInTitle feature = namedFeatures + categoryCount + categoryCount*categoryCount + iota
	fSaysBeside
	fSaysFirst
	fSaysMore
	fSaysPriced
	fCheckAmong
	fCheckAlone
	fMeans                  // one for each intent
	fSays  = fMeans + meant // one for each intent
)

func intentFeatureNames() []string {
	names := []string{"says in title", "says next to category", "says first", "says in several words", "says with price",
		"service: a check", "service: a check alone"}
	for _, kind := range leak.Intents()[:meant] {
		names = append(names, "means "+string(kind))
	}
	for _, kind := range leak.Intents()[:meant] {
		names = append(names, "says "+string(kind))
	}
	return names
}

// saying is what the words of one intent say.
type saying struct {
	most, title, beside, priced float64 // weight of the clearest word there
	terms                       [maxSayings]int32
	count                       int // of terms
	first                       int // where the first of them stands
}

// maxSayings is how many terms of one intent are told apart.
const maxSayings = 16

func (s *saying) add(in *instance, weight float64, title, beside, priced bool) {
	if s.count == 0 {
		s.first = in.start
	}
	if s.count < maxSayings && !slices.Contains(s.terms[:s.count], in.hit.term) {
		s.terms[s.count] = in.hit.term
		s.count++
	}
	s.first = min(s.first, in.start)
	s.most = max(s.most, weight)
	if title {
		s.title = max(s.title, weight)
	}
	if beside {
		s.beside = max(s.beside, weight)
	}
	if priced {
		s.priced = max(s.priced, weight)
	}
}

// sayings gathers the words of intent, by intent.
func (j *judge) sayings() (said [meant]saying) {
	named := j.named[:0]
	for _, in := range j.naming {
		if in.undone == counts {
			named = append(named, in.whole())
		}
	}
	j.named = sortSpans(named)
	j.signals(intentSignal, func(in *instance, s *sense) {
		if i := s.intent; i >= 0 && i < meant {
			said[i].add(in, s.weight, j.doc.inTitle(in.span), named.beside(in.span, besideReach), j.priced(in.span))
		}
	})
	return said
}

// besideReach is how many characters may lie between a word of intent and
// what it is said of.
const besideReach = 4

// describeIntents lists the evidence for each intent.
func (j *judge) describeIntents() []vector {
	said := j.sayings()
	first := math.MaxInt
	for i := range said {
		if said[i].count > 0 {
			first = min(first, said[i].first)
		}
	}
	for i := range said {
		s := &said[i]
		d := describer{j.values}
		d.add(fMeans+feature(i), 1)
		d.add(fSays+feature(i), s.most)
		d.add(fSaysInTitle, s.title)
		d.add(fSaysBeside, s.beside)
		d.add(fSaysPriced, s.priced)
		if s.count > 0 {
			d.add(fSaysMore, math.Log1p(float64(s.count-1)))
			d.when(fSaysFirst, s.first == first)
		}
		j.means[i] = j.keep(d.v)
	}
	return j.means[:]
}

// withChecks adds what the categories offered say: passing a check is a
// service.
func withChecks(means []vector, categories []leak.Category) []vector {
	if !slices.Contains(categories, leak.KYCBypass) {
		return means
	}
	checks := vector{{fCheckAmong, 1}}
	if len(categories) == 1 {
		checks = append(checks, value{fCheckAlone, 1})
	}
	out := slices.Clone(means)
	at := slices.Index(leak.Intents(), leak.Service)
	out[at] = slices.Concat(out[at], checks)
	return out
}

// decideIntent names what the author of a hit wants.
func (j *judge) decideIntent() leak.Intent {
	best, most := leak.Sell, math.Inf(-1)
	for i, v := range withChecks(j.describeIntents(), j.v.categories) {
		if x := j.lexicon.model.sum(v); x > most {
			best, most = leak.Intents()[i], x
		}
	}
	return best
}
