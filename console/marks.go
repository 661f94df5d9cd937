package console

import (
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// span is a part of a text, marked where findings lie and where it satisfies
// a query.
type span struct {
	Text  string
	Rules string // of the findings here, "" for none
	Role  string // what they do: names, raises, lowers, or "" if that is not known
	Steps string // what was undone for them
	Asked bool   // words of the query
}

// mark cuts a text at the ends of findings and of asked spans, all in code
// points. Findings may overlap; a span then names all of their rules. Those
// that do not lie within the text are left out.
func mark(text string, findings []leak.Finding, asked [][2]int, role func(rule string) detect.Role) []span {
	runes := []rune(text)
	cuts := []int{0, len(runes)}
	cut := func(start, end int) bool {
		if start < 0 || end <= start || end > len(runes) {
			return false
		}
		cuts = append(cuts, start, end)
		return true
	}
	findings = slices.DeleteFunc(slices.Clone(findings), func(f leak.Finding) bool { return !cut(f.Start, f.End) })
	wanted := make([]bool, len(runes))
	for _, a := range asked {
		if cut(a[0], a[1]) {
			for i := a[0]; i < a[1]; i++ {
				wanted[i] = true
			}
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	out := make([]span, 0, len(cuts))
	for i := 1; i < len(cuts); i++ {
		x := span{Text: string(runes[cuts[i-1]:cuts[i]]), Asked: wanted[cuts[i-1]]}
		x.Rules, x.Steps, x.Role = over(findings, cuts[i-1], cuts[i], role)
		out = append(out, x)
	}
	return out
}

// over names the rules and steps of the findings that cover a span, and the
// role of the one that matters most.
func over(findings []leak.Finding, start, end int, roleOf func(rule string) detect.Role) (rules, steps, role string) {
	var names, undone []string
	roles := map[detect.Role]bool{}
	for _, f := range findings {
		if f.Start <= start && end <= f.End {
			names = append(names, f.Rule)
			undone = append(undone, f.Steps...)
			roles[roleOf(f.Rule)] = true
		}
	}
	for _, r := range []detect.Role{detect.Names, detect.Raises, detect.Lowers} {
		if roles[r] {
			role = string(r)
			break
		}
	}
	return distinct(names), distinct(undone), role
}

func distinct(all []string) string {
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}

func inField(all []leak.Finding, field string) []leak.Finding {
	return slices.DeleteFunc(slices.Clone(all), func(f leak.Finding) bool { return f.Field != field })
}

// highlight returns the spans of a text that satisfy a query, which may be nil.
func highlight(q *query.Query, field, text string) [][2]int {
	if q == nil {
		return nil
	}
	return query.Highlight(q, field, text)
}

// evidence is a text in which a rule found something.
type evidence struct {
	Rule, Title, Field, Text, Steps string
	Role                            string
	Times                           int
}

// maxEvidence bounds the text of one finding that is shown in the list.
const maxEvidence = 80

// found lists the findings of a listing, those of one rule with the same text
// as one.
func (s *Server) found(l *leak.Listing) []evidence {
	texts := map[string][]rune{"title": []rune(l.Title), "body": []rune(l.Body), "seller": []rune(l.Seller), "url": []rune(l.URL)}
	at := map[evidence]int{}
	var out []evidence
	for _, f := range l.Findings {
		x := evidence{Rule: f.Rule, Title: s.ruleTitle(f.Rule), Role: string(s.role(f.Rule)), Field: f.Field, Steps: strings.Join(f.Steps, ", ")}
		if t := texts[f.Field]; 0 <= f.Start && f.Start < f.End && f.End <= len(t) {
			x.Text = string(t[f.Start:min(f.End, f.Start+maxEvidence)])
		}
		i, known := at[x]
		if !known {
			i = len(out)
			at[x] = i
			out = append(out, x)
		}
		out[i].Times++
	}
	return out
}

const (
	excerptRead   = 32 << 10 // bytes of a body that are looked through
	excerptLength = 180      // code points
	excerptBefore = 40       // code points before the first marked one
)

// excerpt returns the part of a body around the first words of the query.
func excerpt(body string, q *query.Query) []span {
	body, _ = leak.CutBytes(body, excerptRead)
	asked := highlight(q, "body", body)
	runes := []rune(body)
	from := 0
	if len(asked) > 0 && asked[0][1] > excerptLength {
		from = max(asked[0][0]-excerptBefore, 0)
	}
	to := min(from+excerptLength, len(runes))
	var in [][2]int
	for _, a := range asked {
		if a[0] < to {
			in = append(in, [2]int{a[0] - from, min(a[1], to) - from})
		}
	}
	out := mark(string(runes[from:to]), nil, in, nil)
	if from > 0 {
		out = append([]span{{Text: "…"}}, out...)
	}
	if to < len(runes) {
		out = append(out, span{Text: "…"})
	}
	return out
}
