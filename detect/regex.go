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

// regexAround returns the match of re that covers at, if there is one near.
func regexAround(re *regexp.Regexp, s string, at span) (span, bool) {
	lo, hi := max(0, at.start-regexReach), min(len(s), at.end+regexReach)
	for lo > 0 && !utf8.RuneStart(s[lo]) {
		lo--
	}
	for hi < len(s) && !utf8.RuneStart(s[hi]) {
		hi++
	}
	for _, m := range re.FindAllStringIndex(s[lo:hi], -1) {
		if found := (span{lo + m[0], lo + m[1]}); found.start <= at.start && at.end <= found.end {
			return found, true
		}
	}
	return span{}, false
}
