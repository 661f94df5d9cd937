package detect

import (
	"fmt"
	"regexp"
	"regexp/syntax"
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

// A tail is what stands in every match of a regex from its literal on. It is
// looked for at the literal alone, which costs far less than to look for the
// regex all around.
type tail struct {
	literal string
	re      *regexp.Regexp // the literal and what follows, at the begin of a text; nil where the regex does not tell
}

// tailOf returns the tail of an expression that compiles.
func tailOf(expr, literal string) tail {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return tail{} // Unreachable: it compiles.
	}
	if tree = tree.Simplify(); tree.Op != syntax.OpConcat {
		return tail{}
	}
	for i, sub := range tree.Sub {
		if sub.Op == syntax.OpLiteral && sub.Flags&syntax.FoldCase == 0 && string(sub.Rune) == literal {
			rest := &syntax.Regexp{Op: syntax.OpConcat, Flags: tree.Flags, Sub: tree.Sub[i:]}
			return tail{literal, regexp.MustCompile("^" + rest.String())}
		}
	}
	return tail{}
}

// in reports whether the tail may stand in s.
func (t *tail) in(s string) bool {
	if t.re == nil {
		return true
	}
	for i := strings.Index(s, t.literal); i >= 0; i = strings.Index(s, t.literal) {
		if t.re.MatchString(s[i:]) {
			return true
		}
		s = s[i+1:]
	}
	return false
}

// regexAround returns the match of re that covers at, if there is one near.
func regexAround(re *regexp.Regexp, t *tail, s string, at span) (span, bool) {
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
