package query

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/text"
)

// maxProgram is how many steps the expressions of one query may compile to:
// what matching may cost for each character of a text.
const maxProgram = 2000

// programSize returns about how many steps the expression compiles to, or why
// it does not.
func programSize(expr string) (int, error) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return 0, err
	}
	return stepsOf(re), nil
}

func stepsOf(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		n += stepsOf(sub)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return n
}

// maxExact is how many alternatives of a part of a regex are told apart.
const maxExact = 32

// A need is what is known of the texts that a part of a regex matches: all of
// them, if they are few, else texts of which each match holds at least one.
type need struct {
	exact []string // nil if there are too many
	some  []string // nil if nothing is known
}

// literals returns folded texts of two or more characters of which the folded
// form of every text that matches the expression holds at least one, nil if
// there are none. The expression must be valid.
func literals(expr string) []string {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil
	}
	out := needOf(re.Simplify()).required()
	slices.Sort(out)
	return slices.Compact(out)
}

func needOf(re *syntax.Regexp) need {
	switch re.Op {
	case syntax.OpLiteral:
		return need{exact: []string{string(re.Rune)}}
	case syntax.OpCharClass:
		return needOfClass(re.Rune)
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return need{exact: []string{""}}
	case syntax.OpCapture:
		return needOf(re.Sub[0])
	case syntax.OpPlus:
		return need{some: needOf(re.Sub[0]).required()}
	case syntax.OpQuest:
		if n := needOf(re.Sub[0]); n.exact != nil {
			return need{exact: few(append(slices.Clone(n.exact), ""))}
		}
	case syntax.OpConcat:
		return needOfConcat(re.Sub)
	case syntax.OpAlternate:
		return needOfAlternate(re.Sub)
	}
	return need{}
}

// few returns the texts if they are not too many.
func few(texts []string) []string {
	if len(texts) > maxExact {
		return nil
	}
	return texts
}

func needOfClass(ranges []rune) need {
	var out []string
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i+1]-ranges[i] >= maxExact {
			return need{}
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			out = append(out, string(r))
		}
	}
	return need{exact: few(out)}
}

// needOfConcat joins what is exact for as long as it stays so, and keeps the
// best of the pieces.
func needOfConcat(subs []*syntax.Regexp) need {
	run, whole := []string{""}, true
	var best []string
	keep := func(texts []string) {
		if better(texts, best) {
			best = texts
		}
	}
	for _, sub := range subs {
		n := needOf(sub)
		if n.exact != nil && len(run)*len(n.exact) <= maxExact {
			run = cross(run, n.exact)
			continue
		}
		whole = false
		keep(need{exact: run}.required())
		keep(n.required())
		run = []string{""}
		if n.exact != nil {
			run = n.exact
		}
	}
	if whole {
		return need{exact: run}
	}
	keep(need{exact: run}.required())
	return need{some: best}
}

func cross(a, b []string) []string {
	out := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return out
}

// better reports whether a narrows more than b: its shortest text is longer.
func better(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) > 0
	}
	shortest := func(texts []string) int {
		n := utf8.RuneCountInString(texts[0])
		for _, t := range texts[1:] {
			n = min(n, utf8.RuneCountInString(t))
		}
		return n
	}
	if x, y := shortest(a), shortest(b); x != y {
		return x > y
	}
	return len(a) < len(b)
}

func needOfAlternate(subs []*syntax.Regexp) need {
	var exact, some []string
	allExact, allSome := true, true
	for _, sub := range subs {
		n := needOf(sub)
		allExact = allExact && n.exact != nil
		exact = append(exact, n.exact...)
		r := n.required()
		allSome = allSome && r != nil
		some = append(some, r...)
	}
	switch {
	case allExact && len(exact) <= maxExact:
		return need{exact: exact}
	case allSome:
		return need{some: some}
	}
	return need{}
}

// required returns texts of which each match holds one.
func (n need) required() []string {
	if n.exact == nil {
		return n.some
	}
	var out []string
	for _, s := range n.exact {
		if s = steady(s); s == "" {
			return nil
		}
		out = append(out, s)
	}
	return out
}

// steady returns the longest part of s, folded, that the folded form of every
// text around s holds too, "" if it is shorter than two characters. A letter
// may melt with a mark that follows it, so a part that does not end in a Han
// character loses its last one.
func steady(s string) string {
	best := ""
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return !meltsLast(r) }) {
		if last, n := utf8.DecodeLastRuneInString(part); !unicode.Is(unicode.Han, last) {
			part = part[:len(part)-n]
		}
		part = text.Fold(part).Text
		if strings.ContainsFunc(part, func(r rune) bool { return !meltsLast(r) }) {
			continue
		}
		if utf8.RuneCountInString(part) > max(1, utf8.RuneCountInString(best)) {
			best = part
		}
	}
	return best
}

// meltsLast reports whether r is a character that only what follows it can
// change: an ASCII letter or digit, Han, kana or a whole hangul syllable.
func meltsLast(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) ||
		unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) && unicode.IsLetter(r) || r >= '가' && r <= '힣'
}
