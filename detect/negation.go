package detect

import (
	"slices"
	"strings"
)

// negations are words that undo a category right after them, or right before
// them: of every category, or of those alone that their rule names.
type negations struct {
	all    spans
	narrow spansByCategory
}

func (n *negations) add(at span, s *sense) {
	if s.damps == 0 {
		n.all = append(n.all, at)
	}
	n.narrow.add(s.damps, at)
}

func (n *negations) clear() {
	n.all = n.all[:0]
	n.narrow.clear()
}

// each reports whether use says so of the words for every category of a set.
func (n *negations) each(of categorySet, use func(spans) bool) bool {
	if len(n.all) > 0 && use(n.all) {
		return true
	}
	if of == 0 || of&^n.narrow.filled != 0 {
		return false
	}
	for c := range of.all {
		if !use(n.narrow.lists[c]) {
			return false
		}
	}
	return true
}

// denied reports whether a match is denied, or a part of it without which it
// would not be one.
func (j *judge) denied(in *instance, of categorySet) bool {
	if in.joint == nil {
		return j.denies(in.span, of)
	}
	return slices.ContainsFunc(in.joint.parts, func(s span) bool { return j.denies(s, of) })
}

// negationReach is how many characters may lie between a word and its denial.
const negationReach = 2

func (j *judge) denies(at span, of categorySet) bool {
	s := j.doc.original()
	return j.negations.each(of, func(list spans) bool {
		i := list.lastBefore(at.start)
		return i >= 0 && near(s, list[i].end, at.start)
	}) || j.denials.each(of, func(list spans) bool {
		i := list.after(at.end)
		return i < len(list) && near(s, at.end, list[i].start)
	})
}

// near reports whether from and to stand side by side, in one clause.
func near(s string, from, to int) bool {
	return from <= to && to-from <= negationReach*wideBytes && !strings.ContainsAny(s[from:to], "\n,.;:!?|，。；：、！？")
}

// orNor reports whether no more than a word that goes on with a denial stands
// between two words, as in "no scans or selfies".
func (j *judge) orNor(from, to int) bool {
	s := j.doc.original()
	if from > to || to-from > len(" or any ") {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(s[from:to])) {
	case "or", "nor", "or any", "/", "和", "或", "或者", "或是", "跟", "及", "나", "이나", "또는", "및":
		return true
	}
	return false
}
