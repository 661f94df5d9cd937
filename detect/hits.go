package detect

import (
	"cmp"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/text"
)

// hit is one occurrence of one term, in bytes of the original text.
type hit struct {
	span
	term   int32
	stream *text.Folded // where it was read
	read   span         // … and at which bytes
	shades class        // classes of the longer terms that it lies within
}

// find returns the occurrences of all terms in both streams of a text, by
// start, the longer first. An occurrence that both streams show is reported
// once, as the plain stream shows it.
func (l *Lexicon) find(f, u *text.Folded) []hit {
	hits := l.scan(f, nil)
	if u.Text != f.Text {
		hits = l.scan(u, hits)
	}
	slices.SortStableFunc(hits, compareHits)
	hits = slices.CompactFunc(hits, func(a, b hit) bool { return a.term == b.term && a.span == b.span })
	l.shade(hits)
	return hits
}

func compareHits(a, b hit) int {
	return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end), cmp.Compare(a.term, b.term))
}

func (l *Lexicon) scan(f *text.Folded, hits []hit) []hit {
	l.match.scan(f.Text, func(t int32, at span) {
		term, ok := &l.terms[t], true
		if term.re != nil {
			at, ok = regexAround(term.re, f.Text, at)
		}
		if !ok || !term.allowed(f.Text, at) {
			return
		}
		start, end := f.Source(at.start, at.end)
		hits = append(hits, hit{span: span{start, end}, term: t, stream: f, read: at})
	})
	return hits
}

// class says what kind of rule a term serves. A term that lies within a
// longer one is only part of another word: 人脸 in 人脸考勤机 is not a face for
// sale. But the 收 of 收卡 still buys, and the 考勤机 is still a device.
type class uint8

const (
	categoryClass class = 1 << iota
	signalClass         // intents, words of sale, negations, purposes, neutral words
	contextClass
)

// class returns the class of a rule.
func (r *Rule) class() class {
	switch {
	case len(r.names()) > 0:
		return categoryClass
	case strings.HasPrefix(r.Signal, "context:"):
		return contextClass
	}
	return signalClass
}

// shadedBy returns the classes whose longer terms hide a term of c.
func (c class) shadedBy() class {
	switch c {
	case categoryClass:
		return categoryClass | signalClass | contextClass
	case signalClass:
		return signalClass | contextClass
	}
	return contextClass
}

// shade sets for each hit the classes of the longer hits that it lies within.
// Hits are sorted by start, the longer first.
func (l *Lexicon) shade(hits []hit) {
	var reach [3]span // of the hits so far, by class, the one that reaches furthest
	for i := range hits {
		h := &hits[i]
		for k := range reach {
			c := class(1) << k
			if h.end <= reach[k].end && h.span != reach[k] {
				h.shades |= c
			}
			if l.classes[h.term]&c != 0 && h.end > reach[k].end {
				reach[k] = h.span
			}
		}
	}
}

// instance is one match of one rule.
type instance struct {
	span          // of the primary term
	rule   int32  // index in Lexicon.Rules
	whole  span   // of all groups
	parts  spans  // of each group, for composite rules
	term   int32  // the primary term
	hit    *hit   // the primary hit
	undone string // why the match does not count, "" if it does
}

// steps names what was undone to read the primary term, in order.
func (in *instance) steps() []string {
	return append([]string{}, in.hit.stream.Steps(in.hit.read.start, in.hit.read.end)...)
}

// matchRules turns hits into matches of rules, by start.
func (l *Lexicon) matchRules(original string, hits []hit) []instance {
	j := joiner{lexicon: l, original: original, states: map[int32][]*hit{}, undo: map[int32]spans{}}
	for i := range hits {
		j.add(&hits[i])
	}
	out := j.keep()
	slices.SortStableFunc(out, func(a, b instance) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end), cmp.Compare(a.rule, b.rule))
	})
	return slices.CompactFunc(out, func(a, b instance) bool { return a.rule == b.rule && a.span == b.span })
}

// joiner puts the groups of composite rules together while hits pass by.
type joiner struct {
	lexicon  *Lexicon
	original string
	states   map[int32][]*hit // by rule: the last hit of each group
	undo     map[int32]spans  // by rule: where its unless terms stand
	out      []instance
}

func (j *joiner) add(h *hit) {
	for _, rule := range j.lexicon.unless[h.term] {
		j.undo[rule] = append(j.undo[rule], h.span)
	}
	for _, ref := range j.lexicon.refs[h.term] {
		r := j.lexicon.Rules[ref.rule]
		if h.shades&r.class().shadedBy() != 0 {
			continue
		}
		if len(r.All) == 0 {
			j.out = append(j.out, instance{span: h.span, rule: ref.rule, whole: h.span, term: h.term, hit: h})
			continue
		}
		j.join(ref, h)
	}
}

// join remembers h as the last of its group and reports a match if all groups
// of the rule now stand near each other.
func (j *joiner) join(ref groupRef, h *hit) {
	r := j.lexicon.Rules[ref.rule]
	state := j.states[ref.rule]
	if state == nil {
		state = make([]*hit, len(r.All))
		j.states[ref.rule] = state
	}
	state[ref.group] = h
	whole, ok := j.together(r, state)
	if !ok {
		return
	}
	p := state[0]
	in := instance{span: p.span, rule: ref.rule, whole: whole, term: p.term, hit: p}
	for _, h := range state {
		in.parts = append(in.parts, h.span)
	}
	j.out = append(j.out, in)
}

// together reports whether the hits of all groups stand near each other, in
// order if the rule says so, without overlap, and the span they cover.
func (j *joiner) together(r *Rule, state []*hit) (span, bool) {
	whole := span{len(j.original), 0}
	for i, h := range state {
		if h == nil || r.Ordered && i > 0 && h.start < state[i-1].end {
			return whole, false
		}
		whole.start, whole.end = min(whole.start, h.start), max(whole.end, h.end)
	}
	covered := 0
	for i, h := range state {
		covered += h.end - h.start
		for _, other := range state[:i] {
			if h.overlaps(other.span) {
				return whole, false
			}
		}
	}
	return whole, whole.end-whole.start-covered <= r.near()*wideBytes
}

// keep drops the matches that an unless term undoes.
func (j *joiner) keep() []instance {
	for i := range j.out {
		in := &j.out[i]
		r := j.lexicon.Rules[in.rule]
		undo := j.undo[in.rule]
		if len(undo) > 0 && (r.Within == 0 || undo.beside(in.whole, r.Within)) {
			in.undone = "unless"
		}
	}
	return j.out
}

// near returns the largest gap between the groups of a composite rule.
func (r *Rule) near() int {
	if r.Near > 0 {
		return r.Near
	}
	return defaultNear
}

const (
	defaultNear = 12
	wideBytes   = 3 // bytes of a Han or hangul character; distances are measured so
)
