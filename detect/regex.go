package detect

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// regexReach is how far from its literal a regex term may begin or end, in
// bytes of the folded text. It makes every regex cost a constant per literal.
const regexReach = 120

// minLiteral is the length in characters of the literal that a regex needs.
const minLiteral = 2

// compileRegex returns the expression and the literal by which the matcher
// finds where to try it.
func compileRegex(expr string) (*regexp.Regexp, string, error) {
	re, err := regexp.Compile(expr)
	if err != nil {
		return nil, "", &problem{found: fmt.Sprintf("the regex %q: %v", expr, err), wanted: "an expression of RE2", hint: "https://github.com/google/re2/wiki/Syntax"}
	}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, "", fmt.Errorf("regex %q: %w", expr, err)
	}
	literal := strings.ToLower(required(tree.Simplify()))
	if utf8.RuneCountInString(literal) < minLiteral {
		return nil, "", &problem{found: fmt.Sprintf("the regex %q, no text of %d characters stands in all of its matches", expr, minLiteral),
			wanted: "a regex with such a literal", hint: "without one it would be tried at every character; write one regex for each word instead of (a|b)"}
	}
	return re, literal, nil
}

// required returns the longest literal that every match of a tree contains.
func required(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		best := ""
		for _, sub := range re.Sub {
			if s := required(sub); len(s) > len(best) {
				best = s
			}
		}
		return best
	}
	return ""
}

// sides are what stands in every match of a regex on either side of its
// literal. They are looked for at the literal alone, which costs far less than
// to look for the regex all around.
type sides struct {
	literal string
	after   *regexp.Regexp // the literal and what follows, at the begin of a text; nil where the regex does not tell
	before  *regexp.Regexp // the literal and what precedes, both spelled backwards; nil where the regex does not tell
}

// sidesOf returns the sides of an expression that compiles.
func sidesOf(expr, literal string) sides {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return sides{} // Unreachable: it compiles.
	}
	if tree = tree.Simplify(); tree.Op != syntax.OpConcat {
		return sides{}
	}
	for i, sub := range tree.Sub {
		if sub.Op == syntax.OpLiteral && sub.Flags&syntax.FoldCase == 0 && string(sub.Rune) == literal {
			out := sides{literal: literal, after: atBegin(concat(tree.Sub[i:]))}
			if back := backwards(concat(tree.Sub[:i+1])); i > 0 && back != nil {
				out.before = atBegin(back)
			}
			return out
		}
	}
	return sides{}
}

func concat(parts []*syntax.Regexp) *syntax.Regexp {
	return &syntax.Regexp{Op: syntax.OpConcat, Flags: syntax.Perl, Sub: parts}
}

func atBegin(tree *syntax.Regexp) *regexp.Regexp {
	return regexp.MustCompile("^(?:" + tree.String() + ")")
}

// backwards returns the expression that matches what a tree matches, spelled
// backwards, nil for one with parts that it does not know.
func backwards(tree *syntax.Regexp) *syntax.Regexp {
	out := *tree
	switch tree.Op {
	case syntax.OpLiteral:
		out.Rune = slices.Clone(tree.Rune)
		slices.Reverse(out.Rune)
		return &out
	case syntax.OpCharClass, syntax.OpEmptyMatch, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return tree
	case syntax.OpCapture, syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat, syntax.OpConcat, syntax.OpAlternate:
	default:
		return nil
	}
	out.Sub = make([]*syntax.Regexp, len(tree.Sub))
	for i, sub := range tree.Sub {
		if out.Sub[i] = backwards(sub); out.Sub[i] == nil {
			return nil
		}
	}
	if tree.Op == syntax.OpConcat {
		slices.Reverse(out.Sub)
	}
	return &out
}

// in reports whether the sides may stand in s.
func (t *sides) in(s string) bool {
	if t.after == nil {
		return true
	}
	for at := 0; ; at++ {
		i := strings.Index(s[at:], t.literal)
		if i < 0 {
			return false
		}
		at += i
		if t.after.MatchString(s[at:]) && (t.before == nil || t.before.Match(reversed(s[:at+len(t.literal)]))) {
			return true
		}
	}
}

// reversed returns the characters of s from the last to the first.
func reversed(s string) []byte {
	out := make([]byte, 0, len(s))
	for len(s) > 0 {
		_, n := utf8.DecodeLastRuneInString(s)
		out = append(out, s[len(s)-n:]...)
		s = s[:len(s)-n]
	}
	return out
}

// regexAround returns the match of re that covers at, if there is one near.
func regexAround(re *regexp.Regexp, t *sides, s string, at span) (span, bool) {
	lo, hi := max(0, at.start-regexReach), min(len(s), at.end+regexReach)
	for lo > 0 && !utf8.RuneStart(s[lo]) {
		lo--
	}
	for hi < len(s) && !utf8.RuneStart(s[hi]) {
		hi++
	}
	if !t.in(s[lo:hi]) {
		return span{}, false
	}
	for _, m := range re.FindAllStringIndex(s[lo:hi], -1) {
		if found := (span{lo + m[0], lo + m[1]}); found.start <= at.start && at.end <= found.end {
			return found, true
		}
	}
	return span{}, false
}
