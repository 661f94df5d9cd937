package detect

import (
	"math"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/detect/contact"
	"github.com/leakwatch/leakwatch/detect/offer"
	"github.com/leakwatch/leakwatch/leak"
)

// How a match gets its strength, which says how clearly it names something
// offered. What strengths and the other evidence are worth, the model says.
const (
	firmFrom      = 1.0  // weight from which a word names an offer by itself
	countedBonus  = 0.25 // a quantity of 50 or more stands beside it
	titleBonus    = 0.25 // it stands in the title
	priceBonus    = 0.3  // … in a line that holds a price
	intentBonus   = 0.35 // … next to a word of intent
	purposeFactor = 0.4  // it is named only as the purpose of something else
	moreContexts  = 0.5  // part of a context's weight that each further term adds
	repeatBonus   = 0.15 // the category is named more than once
	bulk          = 50   // a quantity from which it is no private matter
	priceReach    = 200  // bytes between a category and its price
	maxContexts   = 4    // terms of one context that count
	titleFactor   = 1.3  // contexts and intents in the title
)

// verdict is what a document says, before it becomes a Reading.
type verdict struct {
	instances  []instance
	candidates []candidate // categories that are named, in the order of leak.Categories
	categories []leak.Category
	intents    intents
	intent     leak.Intent
	evidence   vector  // of the text as a whole
	supported  bool    // there is a price, a contact or a word of intent or sale
	reached    bool    // there is a contact that nobody quotes
	chat       bool    // … by a messenger
	quoted     float64 // share of the prices and contacts that are quoted
	reasons    []leak.Reason
	logit      float64
	hit        bool
	bulk       float64 // largest quantity or stock
}

// judge weighs the matches of one document.
type judge struct {
	lexicon  *Lexicon
	doc      *document
	language string
	offers   offer.Result
	contacts []contact.Found
	v        verdict
	*workspace
}

func (j *judge) run() *verdict {
	j.clear()
	j.quote()
	for i := range j.offers.Quantities {
		if q := &j.offers.Quantities[i]; q.Value >= bulk {
			j.bulks = append(j.bulks, span{q.Start, q.End})
		}
	}
	sortSpans(j.bulks)
	j.v.bulk = j.largest()
	j.sort()
	j.undo()
	j.absorb()
	j.weighIntents()
	j.findCandidates()
	j.decide()
	return &j.v
}

func (j *judge) sense(in *instance) *sense { return &j.lexicon.senses[in.rule] }

// sort tells the matches apart by what their rules say.
func (j *judge) sort() {
	for i := range j.v.instances {
		in := &j.v.instances[i]
		s := j.sense(in)
		j.bySignal[s.signal] = append(j.bySignal[s.signal], in)
		if s.names != 0 {
			j.naming = append(j.naming, in)
		}
	}
}

// signals calls use for every instance that counts of one sort of signal.
func (j *judge) signals(kind signal, use func(*instance, *sense)) {
	for _, in := range j.bySignal[kind] {
		if in.undone == counts {
			use(in, j.sense(in))
		}
	}
}

// undo drops category words that the text denies, and those that only
// introduce the seller's handle.
func (j *judge) undo() {
	j.signals(negationSignal, func(in *instance, s *sense) {
		if s.behind {
			j.denials.add(in.span, s)
		} else {
			j.negations.add(in.span, s)
		}
	})
	denying := len(j.bySignal[negationSignal]) > 0
	denied := -1 // where the last word ends that is denied
	for _, in := range j.naming {
		switch s := j.sense(in); {
		case denying && (j.denied(in, s.names) || denied >= 0 && j.orNor(denied, in.start)):
			in.undone = byNegation
			denied = in.end
		case s.cueLike && j.isCue(in.span):
			in.undone = byCue
		}
	}
}

// isCue reports whether the span is part of a contact or introduces one: a
// contact value follows it directly.
func (j *judge) isCue(s span) bool {
	return j.handles.beside(s, 0) || j.handles.after(s.end) < j.handles.after(s.end+6)
}

func (j *judge) weighIntents() {
	j.signals(intentSignal, func(in *instance, s *sense) {
		w := s.weight
		if j.doc.inTitle(in.span) {
			w *= titleFactor
		}
		j.v.intents.add(int(s.intent), w)
	})
}

// intents are the weights of the intents that a text names, by their place in
// leak.Intents.
type intents struct {
	weights [5]float64
	named   bool
}

func (n *intents) add(intent int, weight float64) {
	if intent >= 0 {
		n.weights[intent] = max(n.weights[intent], weight)
		n.named = true
	}
}

// absorb undoes the words that are parts of a set, the weak 手机卡 of a 四件套
// anywhere, the SSN of a fullz on its line, and the weak words that already
// helped to name something else, as the 人脸 in 代过各类人脸.
func (j *judge) absorb() {
	for i := range j.v.instances {
		in := &j.v.instances[i]
		if in.undone != counts {
			continue
		}
		s := j.sense(in)
		if s.absorbs|s.contains != 0 {
			reach := j.reachOf(in)
			j.weak.add(s.absorbs, reach)
			j.lines.add(s.contains, reach)
		}
		if in.joint != nil && s.names != 0 && s.weight >= firmFrom {
			j.taken = append(j.taken, in.joint.parts...)
		}
	}
	j.taken = distinct(j.taken)
	for _, in := range j.naming {
		s := j.sense(in)
		weakWord := in.joint == nil && s.weight < firmFrom
		if in.undone == counts && (j.isPart(in, s) || weakWord && j.taken.has(in.span)) {
			in.undone = bySet
		}
	}
}

// isPart reports whether every category of a match is part of a set.
func (j *judge) isPart(in *instance, s *sense) bool {
	if s.names&^(j.weak.filled|j.lines.filled) != 0 {
		return false
	}
	for c := range s.names.all {
		if !(s.weight < firmFrom && j.weak.lists[c].beside(in.span, 0)) && !j.lines.lists[c].beside(in.span, 0) {
			return false
		}
	}
	return true
}

// reachOf returns where the parts of a set are looked for: the whole text if
// the title names the set, else its line.
func (j *judge) reachOf(in *instance) span {
	if j.doc.inTitle(in.span) {
		return span{0, len(j.doc.original())}
	}
	return lineAround(j.doc.original(), in.span)
}

// lineReach bounds what lineAround looks at, in bytes on either side.
const lineReach = 300

// lineAround returns the line that holds at.
func lineAround(s string, at span) span {
	lo, hi := max(0, at.start-lineReach), min(len(s), at.end+lineReach)
	if i := strings.LastIndexByte(s[lo:at.start], '\n'); i >= 0 {
		lo += i + 1
	}
	if i := strings.IndexByte(s[at.end:hi], '\n'); i >= 0 {
		hi = at.end + i
	}
	return span{lo, hi}
}

func (j *judge) largest() float64 {
	most := 0.0
	for i := range j.offers.Offers {
		if n := j.offers.Offers[i].Quantity; n != nil {
			most = max(most, *n)
		}
	}
	if j.offers.Available != nil {
		most = max(most, float64(*j.offers.Available))
	}
	return most
}

// isDisguised reports whether a term was hidden on purpose.
func (s streams) isDisguised(h *hit) bool {
	if s.asWritten(h) {
		return false
	}
	if !h.hidden && h.end-h.start == int(h.to-h.at) && strings.EqualFold(s.plain.Original[h.start:h.end], s.plain.Text[h.at:h.to]) {
		return false
	}
	return slices.ContainsFunc(s.steps(h), isDeliberate)
}

// isDeliberate reports whether a step undoes what nobody needs who does not
// hide.
func isDeliberate(step string) bool {
	switch step {
	case "separator", "zero_width", "lookalike", "jamo", "pinyin", "digit":
		return true
	}
	return false
}

// decide lets the model say which of the candidates are offered.
func (j *judge) decide() {
	m := j.lexicon.model
	j.v.evidence = j.describe()
	j.v.supported = len(j.offers.Offers) > 0 || len(j.contacts) > 0 || j.v.intents.named || len(j.said) > 0
	shared := m.sum(j.v.evidence)
	best := -1
	for i := range j.v.candidates {
		c := &j.v.candidates[i]
		c.evidence = j.describeCandidate(i)
		c.logit = shared + m.sum(c.evidence)
		if c.logit > 0 && j.v.supported {
			if j.v.categories == nil {
				j.v.categories = make([]leak.Category, 0, len(j.v.candidates)-i)
			}
			j.v.categories = append(j.v.categories, c.category)
		}
		if best < 0 || c.logit > j.v.candidates[best].logit {
			best = i
		}
	}
	j.v.hit = len(j.v.categories) > 0
	j.explain(best, shared)
	j.v.intent = leak.Mention
	if j.v.hit {
		j.v.intent = j.decideIntent()
	}
}

// describe lists what the text as a whole says.
func (j *judge) describe() vector {
	d := describer{j.values}
	d.add(fBase, 1)
	d.add(languageFeature(j.language), 1)
	size := float64(j.doc.runes)
	d.add(fLength, math.Log1p(size/50))
	d.add(fLines, math.Log(float64(max(1, strings.Count(strings.TrimSpace(j.doc.original()), "\n")))))
	d.when(fUntitled, j.doc.untitled())
	d.when(fPrice, len(j.prices) > 0)
	d.add(fOffers, math.Log1p(float64(max(len(j.prices)-1, 0))))
	d.when(fBulk, j.v.bulk >= bulk)
	d.when(fContact, j.v.reached)
	d.when(fChat, j.v.chat)
	d.add(fQuoted, j.v.quoted)
	if len(j.v.candidates) > 0 {
		w := j.lexicon.model.wording
		w.find(j.doc.hidden.Text, &j.words)
		d.add(fWording, w.odds(&j.words))
	}
	for i, w := range j.v.intents.weights {
		if w > 0 {
			d.add(fSell+feature(i), w)
		}
	}
	j.describeSale(&d)
	j.describeContexts(&d, size)
	return j.keep(d.v)
}

func (j *judge) describeSale(d *describer) {
	said := j.said[:0]
	j.signals(saleSignal, func(in *instance, s *sense) {
		said = append(said, saleWord{int32(s.rank), in.hit.term, s.feature})
	})
	slices.SortFunc(said, func(a, b saleWord) int {
		if a.rank != b.rank {
			return int(a.rank - b.rank)
		}
		return int(a.term - b.term)
	})
	j.said = said
	said = slices.Compact(said)
	for i, k := 0, 0; i < len(said); i = k {
		for k = i; k < len(said) && said[k].feature == said[i].feature; k++ {
		}
		d.add(said[i].feature, math.Log1p(float64(k-i)))
	}
}

// saleWord is a term of a signal of sale.
type saleWord struct {
	rank, term int32
	feature    feature
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func round(x float64) float64 { return math.Round(x*1000) / 1000 }
