package detect

import (
	"slices"
	"strings"
)

// negations are words that undo a category right after them, or right before
// them: of every category, or of those alone that their rule names.
type negations struct {
	all    spans
	narrow [categoryCount]spans
}

func (n *negations) add(at span, r *Rule) {
	if len(r.sense.damps) == 0 {
		n.all = append(n.all, at)
	}
	for _, c := range r.sense.damps {
		n.narrow[c] = append(n.narrow[c], at)
	}
}

func (n *negations) clear() {
	n.all = n.all[:0]
	for i := range n.narrow {
		n.narrow[i] = n.narrow[i][:0]
	}
}

// each reports whether use says so of the words for every category of r.
func (n *negations) each(r *Rule, use func(spans) bool) bool {
	if use(n.all) {
		return true
	}
	for _, c := range r.sense.indexes {
		if !use(n.narrow[c]) {
			return false
		}
	}
	return len(r.sense.indexes) > 0
}

// denied reports whether a match is denied, or a part of it without which it
// would not be one.
func (j *judge) denied(in *instance, r *Rule) bool {
	if in.joint == nil {
		return j.denies(in.span, r)
	}
	return slices.ContainsFunc(in.joint.parts, func(s span) bool { return j.denies(s, r) })
}

// negationReach is how many characters may lie between a word and its denial.
const negationReach = 2

func (j *judge) denies(at span, r *Rule) bool {
	s := j.doc.original()
	return j.negations.each(r, func(list spans) bool {
		i := list.lastBefore(at.start)
		return i >= 0 && near(s, list[i].end, at.start)
	}) || j.denials.each(r, func(list spans) bool {
		i := list.after(at.end)
		return i < len(list) && near(s, at.end, list[i].start)
	})
}

// near reports whether from and to stand side by side, in one clause.
func near(s string, from, to int) bool {
	return from <= to && to-from <= negationReach*wideBytes && !strings.ContainsAny(s[from:to], "\n,.;:!?|，。；：、！？")
}
