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
	at, to int32 // where it stands in the stream it was read from
	hidden bool  // that is the unhidden stream
	shades class // classes of the longer terms that it lies within
}

// streams are the two readings of one text.
type streams struct{ plain, hidden *text.Folded }

// find returns the occurrences of all terms in both streams of a text, by
// start, the longer first. An occurrence that both streams show is reported
// once, as the plain stream shows it.
func (l *Lexicon) find(s streams) []hit {
	c := collector{lexicon: l, stream: s.plain, hits: make([]hit, 0, len(s.plain.Text)/12)}
	c.scan(span{0, len(s.plain.Text)})
	if s.hidden.Changed() {
		c.stream, c.hidden = s.hidden, true
		changedLines(s.plain.Text, s.hidden.Text, c.scan)
	}
	slices.SortStableFunc(c.hits, compareHits)
	hits := slices.CompactFunc(c.hits, func(a, b hit) bool { return a.term == b.term && a.span == b.span })
	l.shade(hits)
	return hits
}

func compareHits(a, b hit) int {
	if a.start != b.start {
		return a.start - b.start
	}
	if a.end != b.end {
		return b.end - a.end
	}
	return int(a.term - b.term)
}

// collector gathers the hits of one stream.
type collector struct {
	lexicon *Lexicon
	stream  *text.Folded
	hidden  bool
	hits    []hit
}

// scan finds the terms within a part of the stream that begins and ends with
// lines.
func (c *collector) scan(part span) {
	s := c.stream.Text
	c.lexicon.match.scan(s[part.start:part.end], func(t int32, at span) {
		at.start, at.end = at.start+part.start, at.end+part.start
		term, ok := &c.lexicon.terms[t], true
		if term.re != nil {
			at, ok = regexAround(term.re, s, at)
		}
		if !ok || !term.allowed(s, at) {
			return
		}
		start, end := c.stream.Source(at.start, at.end)
		c.hits = append(c.hits, hit{span: span{start, end}, term: t, at: int32(at.start), to: int32(at.end), hidden: c.hidden})
	})
}

// changedLines calls use with the lines of b that are not the same in a, so
// that a text with one hidden word is not read twice. No term crosses a line.
func changedLines(a, b string, use func(span)) {
	for at := 0; at < len(b); {
		end := lineEnd(b, at)
		line := b[at:end]
		switch own := a[:lineEnd(a, 0)]; {
		case own == line:
			a = a[len(own):]
		case resync(a, line) >= 0:
			a = a[resync(a, line)+len(line):]
		default:
			use(span{at, end})
			a = a[len(own):]
		}
		at = end
	}
}

// resync returns where among the next few lines of a the line stands, -1 if
// it does not.
func resync(a, line string) int {
	at := 0
	for range 4 {
		end := lineEnd(a, at)
		if a[at:end] == line {
			return at
		}
		at = end
	}
	return -1
}

// lineEnd returns the end of the line or sentence that begins at s[at],
// including the mark that ends it.
func lineEnd(s string, at int) int {
	if i := strings.IndexAny(s[at:], "\n。，"); i >= 0 {
		if s[at+i] == '\n' {
			return at + i + 1
		}
		return at + i + wideBytes
	}
	return len(s)
}

// class says what kind of rule a term serves. A term that lies within a
// longer one is only part of another word: 人脸 in 人脸考勤机 is not a face for
// sale. But the 收 of 收卡 still buys, and the 考勤机 is still a device.
type class uint8

const (
	categoryClass class = 1 << iota
	wordClass           // intents and words of sale
	neutralClass        // neutral words, negations, purposes
	contextClass
	classCount = iota
)

// classify returns the class of a rule.
func (r *Rule) classify() class {
	switch {
	case len(r.names()) > 0:
		return categoryClass
	case strings.HasPrefix(r.Signal, "context:"):
		return contextClass
	case strings.Contains(r.Signal, ":"):
		return wordClass
	}
	return neutralClass
}

// shadedBy returns the classes whose longer terms hide a term of c.
func (c class) shadedBy() class {
	switch c {
	case categoryClass:
		return categoryClass | neutralClass | contextClass
	case contextClass:
		return contextClass
	}
	return wordClass | neutralClass | contextClass
}

// shade sets for each hit the classes of the longer hits that it lies within.
// Hits are sorted by start, the longer first.
func (l *Lexicon) shade(hits []hit) {
	var reach [classCount]span // of the hits so far, by class, the one that reaches furthest
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
	undone reason // why the match does not count
	hit    *hit   // the primary hit
	joint  *joint // of a composite rule
}

// joint is what the groups of a composite rule cover.
type joint struct {
	whole span
	parts spans
}

// whole returns the span of all groups.
func (in *instance) whole() span {
	if in.joint == nil {
		return in.span
	}
	return in.joint.whole
}

// reason says why a match does not count.
type reason uint8

const (
	counts reason = iota
	byUnless
	byNegation
	byCue
	bySet
)

// String returns the reason in words, "" for a match that counts.
func (r reason) String() string {
	return [...]string{"", "another word undoes it", "negated", "it introduces a contact", "part of a set"}[r]
}

// steps names what was undone to read the primary term, in order.
func (s streams) steps(h *hit) []string {
	stream := s.plain
	if h.hidden {
		stream = s.hidden
	}
	return append([]string{}, stream.Steps(int(h.at), int(h.to))...)
}

// matchRules turns hits into matches of rules, by start.
func (l *Lexicon) matchRules(original string, hits []hit) []instance {
	j := joiner{lexicon: l, original: original, states: make([][]*hit, len(l.Rules)), undo: map[int32]spans{},
		out: make([]instance, 0, len(hits))}
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
	states   [][]*hit        // by rule: the last hit of each group
	undo     map[int32]spans // by rule: where its unless terms stand
	out      []instance
}

func (j *joiner) add(h *hit) {
	for _, rule := range j.lexicon.unless[h.term] {
		j.undo[rule] = append(j.undo[rule], h.span)
	}
	for _, ref := range j.lexicon.refs[h.term] {
		r := j.lexicon.Rules[ref.rule]
		if h.shades&r.sense.shadedBy != 0 {
			continue
		}
		if len(r.All) == 0 {
			j.out = append(j.out, instance{span: h.span, rule: ref.rule, hit: h})
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
	together := &joint{whole: whole}
	for _, h := range state {
		together.parts = append(together.parts, h.span)
	}
	j.out = append(j.out, instance{span: state[0].span, rule: ref.rule, hit: state[0], joint: together})
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
		if len(undo) > 0 && (r.Within == 0 || undo.beside(in.whole(), r.Within)) {
			in.undone = byUnless
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
