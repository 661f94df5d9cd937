package detect

import (
	"fmt"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// Trial says what one rule does with a text: where it matches, and why where
// it does not. Offsets count code points.
type Trial struct {
	Rule    string  `json:"rule"`
	Matches bool    `json:"matches"`
	Why     string  `json:"why"`
	Found   []Trace `json:"found"` // its terms, in order
}

// Trace is one term of a rule that stands in a text.
type Trace struct {
	Group  int      `json:"group"` // 1 for the first
	Term   string   `json:"term"`
	Start  int      `json:"start"`
	End    int      `json:"end"`
	Steps  []string `json:"steps"`            // what had to be undone to see it
	Undone string   `json:"undone,omitempty"` // why it does not count
}

// Try tries the rule with an id on a text; false if there is no such rule.
func (l *Lexicon) Try(id, s string) (Trial, bool) {
	r := l.Rule(id)
	if r == nil {
		return Trial{}, false
	}
	index := int32(0)
	for l.Rules[index] != r {
		index++
	}
	s, _ = leak.CutBytes(s, leak.MaxText)
	f := text.Fold(leak.EscapeMarks(s))
	streams := streams{f, text.Unhide(f)}
	hits := l.find(streams)
	t := Trial{Rule: id, Found: []Trace{}}
	groups := make([]int, len(r.groups())) // terms of each group that count
	for i := range hits {
		for _, ref := range l.groupsOf(hits[i].term) {
			if ref.rule == index && len(t.Found) < leak.MaxFindings {
				one := l.trace(streams, r, ref, &hits[i])
				if one.Undone == "" {
					groups[ref.group]++
				}
				t.Found = append(t.Found, one)
			}
		}
	}
	t.Why, t.Matches = l.why(r, index, groups, l.matchRules(f.Original, hits))
	return t, true
}

func (l *Lexicon) trace(s streams, r *Rule, ref groupRef, h *hit) Trace {
	start := utf8.RuneCountInString(s.plain.Original[:h.start])
	one := Trace{Group: int(ref.group) + 1, Term: h.text(l), Start: start,
		End: start + utf8.RuneCountInString(s.plain.Original[h.start:h.end]), Steps: s.steps(h)}
	if h.shades&r.sense.shadedBy != 0 {
		one.Undone = "part of a longer word of another rule"
	}
	return one
}

// why says in words why a rule matches or does not.
func (l *Lexicon) why(r *Rule, index int32, groups []int, all []instance) (string, bool) {
	undone := ""
	for _, in := range all {
		if in.rule != index {
			continue
		}
		if in.undone == counts {
			return "it matches", true
		}
		undone = in.undone.String()
	}
	if r.Status == deprecated {
		return "the rule is deprecated and not matched any more", false
	}
	if undone != "" {
		return "it would match, but for one of its unless terms", false
	}
	for g, n := range groups {
		if n == 0 && len(groups) == 1 {
			return "none of its terms stands in the text where it counts", false
		}
		if n == 0 {
			return fmt.Sprintf("no term of group %d of %d stands in the text where it counts", g+1, len(groups)), false
		}
	}
	return fmt.Sprintf("its groups do not stand together: at most %d characters between them%s, without overlap", r.near(), map[bool]string{true: ", in order"}[r.Ordered]), false
}
