package config

import (
	"fmt"
	"slices"
	"strings"
)

// Fault is one problem in the config: where it is, what was found, what is
// wanted, and a hint where there is one to give.
type Fault struct {
	File   string `json:"file"`
	Line   int    `json:"line"`   // 1 for the first; 0 if the fault belongs to no line
	Column int    `json:"column"` // 0 if only the line is known
	Key    string `json:"key"`    // path, such as sources[2].schedule
	Found  string `json:"found"`
	Wanted string `json:"wanted"`
	Hint   string `json:"hint,omitempty"`
}

// String renders the fault on one line: file:line:column: key: found …
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	if f.Column > 0 {
		fmt.Fprintf(&b, ":%d", f.Column)
	}
	b.WriteString(": ")
	if f.Key != "" {
		b.WriteString(f.Key + ": ")
	}
	b.WriteString("found " + f.Found)
	if f.Wanted != "" {
		b.WriteString("; wanted " + f.Wanted)
	}
	if f.Hint != "" {
		b.WriteString(" (" + f.Hint + ")")
	}
	return b.String()
}

// Faults are all problems of one file, in the order of their lines. It is the
// error of a load.
type Faults []Fault

// Error renders one fault a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}

func (f Faults) sorted() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return f
}

// Closest returns the candidate that is nearest to word in edit distance, or
// "" if none is near enough to be meant.
func Closest(word string, candidates []string) string {
	best, at := "", len(word)/3+2
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), c); d < at {
			best, at = c, d
		}
	}
	return best
}

// distance is the Levenshtein distance in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

func didYouMean(word string, candidates []string) string {
	if c := Closest(word, candidates); c != "" {
		return fmt.Sprintf("did you mean %q?", c)
	}
	return ""
}
