package detect

import (
	"fmt"
	"regexp/syntax"
)

// What makes a regex slow. A regex is tried in regexReach bytes on either
// side of every occurrence of its literal, so its cost is that of one try:
// the size of its program times what it can run over.
const (
	wideClass   = 36  // characters; a class with more may run over ordinary text without end
	maxRepeat   = 100 // times, all nested counts multiplied
	maxProgram  = 500 // instructions
	wideLiteral = 3   // characters of a literal that are all ASCII
)

// slow says why a regex could be slow, nil if it could not.
func slow(expr string) *problem {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil // the loader says so
	}
	if p := slowPart(tree, 1); p != nil {
		return p
	}
	tree = tree.Simplify()
	if lit := required(tree); len(lit) < wideLiteral {
		return &problem{found: fmt.Sprintf("the regex %q whose only sure text is %q", expr, lit), wanted: fmt.Sprintf("a literal of %d Latin letters or of two other characters", wideLiteral),
			hint: "two letters stand everywhere, and the regex would be tried at each"}
	}
	prog, err := syntax.Compile(tree)
	if err == nil && len(prog.Inst) > maxProgram {
		return &problem{found: fmt.Sprintf("a regex of %d instructions", len(prog.Inst)), wanted: fmt.Sprintf("at most %d", maxProgram), hint: "make it several rules or terms"}
	}
	return nil
}

// slowPart finds what can run long in a tree that stands within times
// repeats.
func slowPart(re *syntax.Regexp, times int) *problem {
	switch re.Op {
	case syntax.OpStar, syntax.OpPlus:
		if wide(re.Sub[0]) {
			return &problem{found: fmt.Sprintf("%q, which repeats almost any character without end", re), wanted: "a bounded repeat such as .{0,20}"}
		}
		times *= 8 // an end that is not written
	case syntax.OpRepeat:
		if re.Max < 0 && wide(re.Sub[0]) {
			return &problem{found: fmt.Sprintf("%q, which repeats almost any character without end", re), wanted: "a bounded repeat such as .{0,20}"}
		}
		times *= max(re.Max, re.Min, 1)
	}
	if times > maxRepeat {
		return &problem{found: fmt.Sprintf("%q, which repeats up to %d times and more", re, times), wanted: fmt.Sprintf("at most %d, counts within counts multiplied", maxRepeat),
			hint: "use groups with near for words that stand apart"}
	}
	for _, sub := range re.Sub {
		if p := slowPart(sub, times); p != nil {
			return p
		}
	}
	return nil
}

// wide reports whether a tree can begin with a class of many characters.
func wide(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return true
	case syntax.OpCharClass:
		n := 0
		for i := 0; i+1 < len(re.Rune); i += 2 {
			n += int(re.Rune[i+1]-re.Rune[i]) + 1
		}
		return n > wideClass
	}
	for _, sub := range re.Sub {
		if wide(sub) {
			return true
		}
	}
	return false
}
