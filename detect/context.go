package detect

import (
	"math"
	"slices"
)

// findUsed notes the words that took part in naming a category, and the
// contexts that it explains: the 门禁 of "门禁后台导出人脸" is no vendor's.
func (j *judge) findUsed() {
	for _, in := range j.naming {
		if in.undone != counts {
			continue
		}
		if in.joint != nil {
			j.used = append(j.used, in.joint.parts...)
		}
		if j.sense(in).explains {
			j.explained = append(j.explained, j.lexicon.Rules[in.rule].Explains...)
		}
	}
	sortSpans(j.used)
}

// contextSum adds up the different terms of one context rule.
type contextSum struct {
	rule  int32
	count int8
	title bool
	terms [maxContexts]int32
	sum   float64
}

func (c *contextSum) add(term int32, weight float64, title bool) {
	if title && !c.title {
		c.title = true
		c.sum += weight * (titleFactor - 1)
	}
	if c.count == maxContexts || slices.Contains(c.terms[:c.count], term) {
		return
	}
	if c.count > 0 {
		weight *= moreContexts
	}
	c.terms[c.count] = term
	c.count++
	c.sum += weight
}

// describeContexts adds what speaks of another context. In a long text a word
// of one says less.
func (j *judge) describeContexts(d *describer, size float64) {
	j.sums = j.sums[:0]
	j.findUsed()
	j.signals(contextSignal, func(in *instance, s *sense) {
		if j.used.beside(in.span, 0) || len(j.explained) > 0 && slices.Contains(j.explained, j.lexicon.Rules[in.rule].Signal) {
			return
		}
		j.sumOf(in.rule).add(in.hit.term, s.weight, j.doc.inTitle(in.span))
	})
	thin := 1 / math.Sqrt(1+size/contextReach)
	for i := range j.sums {
		c := &j.sums[i]
		if s := &j.lexicon.senses[c.rule]; s.damps == 0 {
			d.add(s.feature, c.sum*thin)
		} else {
			j.damp(s, c.sum*thin)
		}
	}
}

// sumOf returns the sum for a rule. They are kept by rule.
func (j *judge) sumOf(rule int32) *contextSum {
	at, found := slices.BinarySearchFunc(j.sums, rule, func(c contextSum, rule int32) int { return int(c.rule - rule) })
	if !found {
		j.sums = slices.Insert(j.sums, at, contextSum{rule: rule})
	}
	return &j.sums[at]
}

// contextReach is the length, in characters, from which words of another
// context count less.
const contextReach = 150

// damp lets a context count against the categories that it is the world of.
func (j *judge) damp(s *sense, weight float64) {
	for i := range j.v.candidates {
		if c := &j.v.candidates[i]; s.damps.has(c.index) {
			c.damped = append(c.damped, value{s.feature, weight})
		}
	}
}
