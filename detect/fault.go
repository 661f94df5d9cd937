package detect

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Fault is one thing that is wrong with a rule: where it is, what was found,
// what is wanted, and a hint where there is one to give.
type Fault struct {
	File   string `json:"file"`
	Line   int    `json:"line"`           // 1 for the first; 0 if it is not known
	Rule   string `json:"rule,omitempty"` // id of the rule
	Key    string `json:"key,omitempty"`  // within the rule, such as terms[2]
	Found  string `json:"found"`
	Wanted string `json:"wanted"`
	Hint   string `json:"hint,omitempty"`
}

// String renders the fault on one line: file:line: rule: key: found …
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	if at := f.Place(); at != "" {
		b.WriteString(": " + at)
	}
	b.WriteString(": found " + f.Found + "; wanted " + f.Wanted)
	if f.Hint != "" {
		b.WriteString(" (" + f.Hint + ")")
	}
	return b.String()
}

// Place names the rule and the key within it.
func (f Fault) Place() string {
	switch {
	case f.Rule == "":
		return f.Key
	case f.Key == "":
		return "rule " + f.Rule
	}
	return "rule " + f.Rule + ": " + f.Key
}

// Faults are all that is wrong with the rule files, by file and line.
type Faults []Fault

var _ error = Faults(nil)

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
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return f
}

// problem is what is wrong with one value of a rule.
type problem struct {
	key                 string
	found, wanted, hint string
}

func (p *problem) Error() string { return "found " + p.found + "; wanted " + p.wanted }

// faultOf makes a fault of what is wrong with a rule.
func (l *Lexicon) faultOf(r *Rule, err error) Fault {
	f := Fault{File: r.file, Rule: r.ID, Found: err.Error(), Wanted: "a rule that can be matched"}
	var p *problem
	if errors.As(err, &p) {
		f.Key, f.Found, f.Wanted, f.Hint = p.key, p.found, p.wanted, p.hint
	}
	f.Line = l.line(r, f.Key)
	return f
}

// line returns the line of a key of a rule, that of the rule if the key is
// not in the file, 0 if neither is.
func (l *Lexicon) line(r *Rule, key string) int {
	i := slices.IndexFunc(l.files, func(s ruleSource) bool { return s.name == r.file })
	if i < 0 {
		return 0
	}
	at := fmt.Sprintf("$.rules[%d]", r.at)
	if key != "" {
		if n := l.files[i].line(at + "." + key); n > 0 {
			return n
		}
	}
	return l.files[i].line(at)
}

// line returns the line of a YAML path, 0 if there is none. It parses the
// file each time: it serves faults, of which there are few.
func (s ruleSource) line(at string) int {
	path, err := yaml.PathString(at)
	if err != nil {
		return 0
	}
	file, err := parser.ParseBytes(s.data, 0)
	if err != nil {
		return 0
	}
	node, err := path.FilterFile(file)
	if err != nil || node == nil {
		return 0
	}
	return lineOf(node)
}

// lineOf returns the line on which a node begins.
func lineOf(node ast.Node) int {
	switch n := node.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 {
			return lineOf(n.Values[0])
		}
	case *ast.MappingValueNode:
		return lineOf(n.Key)
	case *ast.SequenceNode:
		if n.IsFlowStyle && n.Start != nil {
			return n.Start.Position.Line
		}
		if len(n.Values) > 0 {
			return lineOf(n.Values[0])
		}
	}
	if t := node.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

// Place is where a rule stands.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// Places returns where each rule stands, in the order of Rules.
func (l *Lexicon) Places() []Place {
	lines := map[string][]int{}
	for _, s := range l.files {
		lines[s.name] = s.lines()
	}
	out := make([]Place, len(l.Rules))
	for i, r := range l.Rules {
		out[i].File = r.file
		if all := lines[r.file]; r.at < len(all) {
			out[i].Line = all[r.at]
		}
	}
	return out
}

// lines returns the line of every rule of a file.
func (s ruleSource) lines() []int {
	file, err := parser.ParseBytes(s.data, 0)
	if err != nil {
		return nil
	}
	path, err := yaml.PathString("$.rules")
	if err != nil {
		return nil
	}
	node, err := path.FilterFile(file)
	rules, ok := node.(*ast.SequenceNode)
	if err != nil || !ok {
		return nil
	}
	out := make([]int, len(rules.Values))
	for i, r := range rules.Values {
		out[i] = lineOf(r)
	}
	return out
}

// closestList guesses which list was meant.
func closestList(name string, lists map[string][]Term) string {
	best, most := "", 1
	for _, have := range slices.Sorted(maps.Keys(lists)) {
		n := 0
		for n < len(have) && n < len(name) && have[n] == name[n] {
			n++
		}
		if n > most {
			best, most = have, n
		}
	}
	if best == "" {
		return "lists are defined at lists: of any rule file"
	}
	return "did you mean " + best + "?"
}
