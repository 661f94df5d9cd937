package detect

import (
	"cmp"
	"math/bits"
	"slices"
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
	live     groupSet // the groups of composite rules of which each has a hit in the text
	present  groupSet // the groups that have one
	states   []*hit   // by group: its last hit
	seen     []uint64 // by rule: the groups that have one so far
	undo     []spans  // by rule: where its unless terms stand
	touched  []int32  // rules of which there is one of these
	joints   []joint
	parts    spans
	out      []instance
}

func (l *Lexicon) newJoiner() *joiner {
	words := len(l.rarest)
	return &joiner{lexicon: l, live: make(groupSet, words), present: make(groupSet, words), states: make([]*hit, len(l.groups)),
		seen: make([]uint64, len(l.Rules)), undo: make([]spans, len(l.Rules))}
}

func (j *joiner) match(original string, hits []hit) []instance {
	j.original, j.out, j.joints, j.parts = original, j.out[:0], j.joints[:0], j.parts[:0]
	j.findLive(hits)
	for i := range hits {
		j.add(&hits[i])
	}
	j.keep()
	j.forget()
	sortNearly(j.out, compareInstances)
	return slices.CompactFunc(j.out, func(a, b instance) bool { return a.rule == b.rule && a.span == b.span })
}

// findLive finds the composite rules that can match. Most lack a group, so
// each is looked at only where there is a hit of the one with the fewest
// terms.
func (j *joiner) findLive(hits []hit) {
	clear(j.present)
	clear(j.live)
	for i := range hits {
		j.present.join(j.lexicon.roles[hits[i].term].groups)
	}
	for i, set := range j.present {
		for set &= j.lexicon.rarest[i]; set != 0; set &= set - 1 {
			j.revive(&j.lexicon.groups[i*64+bits.TrailingZeros64(set)])
		}
	}
}

// revive notes that a rule can match if all of its groups have a hit.
func (j *joiner) revive(ref *groupRef) {
	for i := ref.first; i < ref.first+ref.groups; i++ {
		if !j.present.has(i) {
			return
		}
	}
	for i := ref.first; i < ref.first+ref.groups; i++ {
		j.live.add(i)
	}
}

func compareInstances(a, b instance) int {
	if a.start != b.start {
		return a.start - b.start
	}
	return cmp.Or(b.end-a.end, int(a.rule-b.rule))
}

// sortNearly sorts what is nearly in order, equals as they stand.
func sortNearly[T any](s []T, compare func(a, b T) int) {
	for i := 1; i < len(s); i++ {
		if compare(s[i-1], s[i]) > 0 {
			slices.SortStableFunc(s, compare)
			return
		}
	}
}

func (j *joiner) add(h *hit) {
	role := j.lexicon.roles[h.term]
	for _, rule := range role.unless {
		j.undo[rule] = append(j.undo[rule], h.span)
		j.touched = append(j.touched, rule)
	}
	for i := range role.alone {
		if ref := &role.alone[i]; h.shades&ref.shadedBy == 0 {
			j.out = append(j.out, instance{span: h.span, rule: ref.rule, hit: h})
		}
	}
	for i, set := range role.groups {
		for set &= j.live[i]; set != 0; set &= set - 1 {
			if ref := &j.lexicon.groups[i*64+bits.TrailingZeros64(set)]; h.shades&ref.shadedBy == 0 {
				j.join(ref, h)
			}
		}
	}
}

// join remembers h as the last of its group and reports a match if all groups
// of the rule now stand near each other.
func (j *joiner) join(ref *groupRef, h *hit) {
	if j.seen[ref.rule] == 0 {
		j.touched = append(j.touched, ref.rule)
	}
	j.seen[ref.rule] |= 1 << ref.group
	state := j.states[ref.first : ref.first+ref.groups]
	state[ref.group] = h
	if j.seen[ref.rule] != 1<<ref.groups-1 {
		return
	}
	whole, ok := j.together(j.lexicon.Rules[ref.rule], state)
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

// together reports whether the hits of all groups stand near each other, in
// order if the rule says so, without overlap, and the span they cover.
func (j *joiner) together(r *Rule, state []*hit) (span, bool) {
	whole := span{len(j.original), 0}
	covered := 0
	for i, h := range state {
		if r.Ordered && i > 0 && h.start < state[i-1].end {
			return whole, false
		}
		whole.start, whole.end = min(whole.start, h.start), max(whole.end, h.end)
		covered += h.end - h.start
	}
	if whole.end-whole.start-covered > r.near()*wideBytes {
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
	for i := range j.out {
		in := &j.out[i]
		if undo := j.undo[in.rule]; len(undo) > 0 {
			r := j.lexicon.Rules[in.rule]
			if r.Within == 0 || undo.beside(in.whole(), r.Within) {
				in.undone = byUnless
			}
		}
	}
}

// forget makes the joiner ready for another text.
func (j *joiner) forget() {
	for _, rule := range j.touched {
		j.seen[rule], j.undo[rule] = 0, j.undo[rule][:0]
	}
	j.touched = j.touched[:0]
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
