package detect

import (
	"math/bits"
)

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

// matchRules turns hits into matches of rules, by start.
func (l *Lexicon) matchRules(original string, hits []hit) []instance {
	return l.newJoiner().match(original, hits)
}

// joiner puts the groups of composite rules together while hits pass by. It
// can be used again; what it returned is void then.
type joiner struct {
	lexicon  *Lexicon
	original string
	present  groupSet // the groups of composite rules that have a hit in the text
	live     groupSet // those of the rules of which each has one
	seen     groupSet // those that have one so far
	states   []*hit   // by group: its last hit
	undoers  []*hit   // of unless terms
	matched  []bool   // by rule: it has matches, which one of those may undo
	undo     []spans  // by rule that has matches: where its unless terms stand
	touched  []int32  // the rules that have some
	joints   []joint
	parts    spans
	out      []instance
}

func (l *Lexicon) newJoiner() *joiner {
	set := func() groupSet { return newGroupSet(len(l.groups)) }
	return &joiner{lexicon: l, present: set(), live: set(), seen: set(), states: make([]*hit, len(l.groups)), matched: make([]bool, len(l.Rules)), undo: make([]spans, len(l.Rules))}
}

func (j *joiner) match(original string, hits []hit) []instance {
	j.original, j.out, j.joints, j.parts, j.undoers = original, j.out[:0], j.joints[:0], j.parts[:0], j.undoers[:0]
	j.findLive(hits)
	for i := range hits {
		j.add(&hits[i])
	}
	j.out = inOrder(j.out)
	j.keep()
	return j.out
}

// findLive finds the composite rules that can match. Most lack a group, so
// each is looked at only where there is a hit of the one with the fewest
// terms.
func (j *joiner) findLive(hits []hit) {
	clear(j.present)
	clear(j.live)
	clear(j.seen)
	for i := range hits {
		for k, w := range j.lexicon.roles.groups(hits[i].role) {
			j.present[k] |= w
		}
	}
	for i, present := range j.present {
		for set := present & j.lexicon.rarest[i]; set != 0; set &= set - 1 {
			if whole := j.lexicon.groups[i*64+bits.TrailingZeros64(set)].whole; present&whole == whole {
				j.live[i] |= whole
			}
		}
	}
}

// inOrder sorts what is nearly in order, by start, the longer first, and drops
// further matches of one rule at one place.
func inOrder(all []instance) []instance {
	n := 0 // those before are in order
	for i := range all {
		k := n
		for k > 0 && all[i].before(&all[k-1]) {
			k--
		}
		switch {
		case k > 0 && all[k-1].rule == all[i].rule && all[k-1].span == all[i].span:
			continue
		case k < n:
			in := all[i]
			copy(all[k+1:n+1], all[k:n])
			all[k] = in
		case n < i:
			all[n] = all[i]
		}
		n++
	}
	return all[:n]
}

func (in *instance) before(o *instance) bool {
	switch {
	case in.start != o.start:
		return in.start < o.start
	case in.end != o.end:
		return in.end > o.end
	}
	return in.rule < o.rule
}

func (j *joiner) add(h *hit) {
	roles := &j.lexicon.roles
	if len(roles.unless(h.role)) > 0 {
		j.undoers = append(j.undoers, h)
	}
	for _, ref := range roles.alone(h.role) {
		if h.shades&ref.shadedBy == 0 {
			j.out = append(j.out, instance{span: h.span, rule: ref.rule, hit: h})
		}
	}
	for k, w := range roles.groups(h.role) {
		for set := w & j.live[k]; set != 0; set &= set - 1 {
			if i := int32(k*64 + bits.TrailingZeros64(set)); h.shades&j.lexicon.groups[i].shadedBy == 0 {
				j.join(i, h)
			}
		}
	}
}

// join remembers h as the last of group i and reports a match if all groups of
// the rule now stand near each other.
func (j *joiner) join(i int32, h *hit) {
	ref := &j.lexicon.groups[i]
	j.seen.add(i)
	j.states[i] = h
	if j.seen[i/64]&ref.whole != ref.whole {
		return
	}
	state := j.states[ref.first : ref.first+ref.groups]
	whole, ok := j.together(ref, state)
	if !ok {
		return
	}
	first := len(j.parts)
	for _, h := range state {
		j.parts = append(j.parts, h.span)
	}
	j.joints = append(j.joints, joint{whole: whole, parts: j.parts[first:len(j.parts):len(j.parts)]})
	j.out = append(j.out, instance{span: state[0].span, rule: ref.rule, hit: state[0], joint: &j.joints[len(j.joints)-1]})
}

// together reports whether the hits of all groups of a rule stand near each
// other, in order if the rule says so, without overlap, and the span they
// cover.
func (j *joiner) together(rule *groupRef, state []*hit) (span, bool) {
	whole := span{len(j.original), 0}
	covered := 0
	for i, h := range state {
		if rule.ordered && i > 0 && h.start < state[i-1].end {
			return whole, false
		}
		whole.start, whole.end = min(whole.start, h.start), max(whole.end, h.end)
		covered += h.end - h.start
	}
	if whole.end-whole.start-covered > rule.near {
		return whole, false
	}
	for i, h := range state {
		for _, other := range state[:i] {
			if h.overlaps(other.span) {
				return whole, false
			}
		}
	}
	return whole, true
}

// keep marks the matches that an unless term undoes.
func (j *joiner) keep() {
	j.findUndo()
	if len(j.touched) == 0 {
		return
	}
	for i := range j.out {
		in := &j.out[i]
		if undo := j.undo[in.rule]; len(undo) > 0 {
			r := j.lexicon.Rules[in.rule]
			if r.Within == 0 || undo.beside(in.whole(), r.Within) {
				in.undone = byUnless
			}
		}
	}
	for _, rule := range j.touched {
		j.undo[rule] = j.undo[rule][:0]
	}
	j.touched = j.touched[:0]
}

// findUndo notes where terms stand that may undo a match of their rule.
func (j *joiner) findUndo() {
	if len(j.undoers) == 0 {
		return
	}
	for i := range j.out {
		j.matched[j.out[i].rule] = true
	}
	for _, h := range j.undoers {
		for _, rule := range j.lexicon.roles.unless(h.role) {
			if j.matched[rule] {
				j.undo[rule] = append(j.undo[rule], h.span)
				j.touched = append(j.touched, rule)
			}
		}
	}
	for i := range j.out {
		j.matched[j.out[i].rule] = false
	}
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
