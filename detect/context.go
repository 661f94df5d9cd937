package detect

import (
	"math"
	"slices"
)

// usedParts returns the words that took part in naming a category, and the
// contexts that it explains: the 门禁 of "门禁后台导出人脸" is no vendor's.
func (j *judge) usedParts() (explained []string) {
	for _, in := range j.naming {
		if in.undone != counts {
			continue
		}
		if in.joint != nil {
			j.used = append(j.used, in.joint.parts...)
		}
		for _, s := range j.rule(in).Explains {
			if !slices.Contains(explained, s) {
				explained = append(explained, s)
			}
		}
	}
	sortSpans(j.used)
	return explained
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
	sums := j.sums[:0] // by rule
	explained := j.usedParts()
	j.signals(contextSignal, func(in *instance, r *Rule) {
		if j.used.beside(in.span, 0) || slices.Contains(explained, r.Signal) {
			return
		}
		i, known := slices.BinarySearchFunc(sums, in.rule, func(c contextSum, rule int32) int { return int(c.rule - rule) })
		if !known {
			sums = slices.Insert(sums, i, contextSum{rule: in.rule})
		}
		sums[i].add(in.hit.term, r.Weight, j.doc.inTitle(in.span))
	})
	j.sums = sums
	thin := 1 / math.Sqrt(1+size/contextReach)
	for i := range sums {
		c := &sums[i]
		if r := j.lexicon.Rules[c.rule]; len(r.Damps) == 0 {
			d.add(r.sense.feature, c.sum*thin)
		} else {
			j.damp(r, c.sum*thin)
		}
	}
}

// contextReach is the length, in characters, from which words of another
// context count less.
const contextReach = 150

// damp lets a context count against the categories that it is the world of.
func (j *judge) damp(r *Rule, weight float64) {
	for i := range j.v.candidates {
		if c := &j.v.candidates[i]; slices.Contains(r.Damps, c.category) {
			c.damped = append(c.damped, value{r.sense.feature, weight})
		}
	}
}
