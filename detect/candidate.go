package detect

import (
	"math"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// candidate is a category that a text names, with what speaks for and against
// its being offered.
type candidate struct {
	category leak.Category
	index    int     // its place in leak.Categories
	strength float64 // of its clearest match
	weight   float64 // greatest weight of its rules
	terms    []int32 // that name it, some of them several times
	last     span    // of its matches
	matches  int     // that do not overlap
	title    bool
	priced   bool   // a price stands in its line
	intended bool   // next to a word of intent
	counted  bool   // a large quantity stands beside it
	own      bool   // a price stands nearer to it than to any other category
	hidden   bool   // its words were hidden on purpose
	damped   vector // contexts that are the world of such things
	evidence vector
	logit    float64
}

// findCandidates gathers the categories that the text names.
func (j *judge) findCandidates() {
	j.findNearest()
	j.signals(purposeSignal, func(in *instance, _ *sense) { j.purposes = append(j.purposes, in.span) })
	j.signals(intentSignal, func(in *instance, _ *sense) { j.verbs = append(j.verbs, in.whole()) })
	sortSpans(j.verbs)
	at := j.nameCandidates()
	for _, in := range j.naming {
		if s := j.sense(in); in.undone == counts {
			for k := range s.names.all {
				c := &j.v.candidates[at[k]]
				j.addMatch(c, in, s.weight)
				c.own = c.own || j.nearest.has(in.span)
			}
		}
	}
	for i := range j.v.candidates {
		c := &j.v.candidates[i]
		slices.Sort(c.terms)
		c.terms = slices.Compact(c.terms)
	}
}

// nameCandidates makes a candidate of each category that the text names and
// returns where they stand, by their place in leak.Categories.
func (j *judge) nameCandidates() (at [categoryCount]int) {
	matches := 0
	for _, in := range j.naming {
		if in.undone == counts {
			for k := range j.sense(in).names.all {
				at[k]++
				matches++
			}
		}
	}
	j.terms = slices.Grow(j.terms[:0], matches)
	terms := j.terms[:matches]
	j.v.candidates = j.candidates[:0]
	for k, name := range leak.Categories() {
		if n := at[k]; n > 0 {
			at[k] = len(j.v.candidates)
			j.v.candidates = append(j.v.candidates, candidate{category: name, index: k, terms: terms[:0:n]})
			terms = terms[n:]
		}
	}
	j.candidates = j.v.candidates
	return at
}

// findNearest finds the words for something traded to which a price stands
// nearest, in its line: what each line of a price list sells.
func (j *judge) findNearest() {
	if len(j.prices) == 0 {
		return
	}
	named := j.named[:0] // by start, as the instances are
	for _, in := range j.naming {
		if in.undone == counts {
			named = append(named, in.span)
		}
	}
	j.named = named
	for _, p := range j.prices {
		best, least := span{}, ownReach+1
		i := named.after(p.start)
		for k := max(0, i-lookBack); k < min(len(named), i+lookBack); k++ {
			if d := j.gapTo(p, named[k]); d < least {
				best, least = named[k], d
			}
		}
		if least <= ownReach {
			j.nearest = append(j.nearest, best)
		}
	}
	j.nearest = distinct(j.nearest)
}

const (
	ownReach     = 90 // bytes between a price and the word for what it buys
	behindItCost = 12 // a word behind its price is rarer
)

// gapTo measures how far the word w stands from the price p, more than
// ownReach if in another line.
func (j *judge) gapTo(p, w span) int {
	lo, hi, d := w.end, p.start, 0
	if w.start >= p.end {
		lo, hi, d = p.end, w.start, behindItCost
	}
	if hi-lo > ownReach || hi > lo && strings.Contains(j.doc.original()[lo:hi], "\n") {
		return ownReach + 1
	}
	return d + max(hi-lo, 0)
}

// addMatch adds one match to what is known of a category.
func (j *judge) addMatch(c *candidate, in *instance, weight float64) {
	w := weight
	if j.doc.inTitle(in.span) {
		w += titleBonus
		c.title = true
	}
	if j.priced(in.span) {
		w += priceBonus
		c.priced = true
	}
	if j.bulks.beside(in.span, 5) {
		w += countedBonus
		c.counted = true
	}
	if j.verbs.beside(in.span, 6) {
		w += intentBonus
		c.intended = true
	}
	if j.purposes.endsBefore(in.start, 1) {
		w *= purposeFactor
	}
	switch again := in.start >= c.last.end; {
	case again && c.matches > 0:
		w += repeatBonus
		fallthrough
	case again:
		c.matches++
		c.last = in.span
	}
	c.terms = append(c.terms, in.hit.term)
	c.weight = max(c.weight, weight)
	c.strength = max(c.strength, w)
	c.hidden = c.hidden || j.doc.isDisguised(in.hit)
}

// priced reports whether a price stands in the line of s.
func (j *judge) priced(s span) bool {
	i := j.prices.after(s.start)
	for k := max(i-1, 0); k <= i && k < len(j.prices); k++ {
		lo, hi := min(j.prices[k].start, s.start), max(j.prices[k].end, s.end)
		if hi-lo < priceReach && !strings.Contains(j.doc.original()[lo:hi], "\n") {
			return true
		}
	}
	return false
}

// describeCandidate lists what speaks for and against one category.
func (j *judge) describeCandidate(i int) vector {
	d := describer{j.values}
	c := &j.v.candidates[i]
	most := 0.0
	for k := range j.v.candidates {
		if k != i {
			most = max(most, j.v.candidates[k].strength)
			d.add(pairFeature(c.index, j.v.candidates[k].index), 1)
		}
	}
	d.add(categoryFeature(c.index), 1)
	d.add(fStrength, min(c.strength, 2.5))
	d.when(fFirm, c.weight >= firmFrom)
	d.when(fTitle, c.title)
	d.when(fPriced, c.priced)
	d.when(fIntended, c.intended)
	d.when(fCounted, c.counted)
	d.when(fHidden, c.hidden)
	d.when(fOwnPrice, c.own)
	d.when(fTop, c.strength >= most)
	d.add(fBehind, max(most-c.strength, 0))
	d.add(fRivals, math.Log1p(float64(len(j.v.candidates)-1)))
	d.add(fTerms, math.Log1p(float64(len(c.terms)-1)))
	d.add(fRepeats, math.Log1p(float64(c.matches-1)))
	return j.keep(bare(j.v.evidence, append(d.v, c.damped...)))
}
