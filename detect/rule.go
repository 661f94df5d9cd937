package detect

import (
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// Rule is one rule of the lexicon. It matches where one of Terms stands, or,
// with All, where a term of each group stands near the others. A rule either
// names categories (it finds what is offered) or a signal (it says how to
// read the text).
type Rule struct {
	ID         string          `yaml:"id"` // stable, never reused
	Title      string          `yaml:"title"`
	Category   leak.Category   `yaml:"category,omitempty"`
	Categories []leak.Category `yaml:"categories,omitempty"` // where one term names several
	Signal     string          `yaml:"signal,omitempty"`     // such as intent:sell or context:news; see Signals
	Languages  []string        `yaml:"languages,omitempty"`  // for people; terms match in any text
	Status     string          `yaml:"status,omitempty"`     // stable, test, experimental or deprecated; stable if empty
	Weight     float64         `yaml:"weight"`               // how much a match says; see lexicon/README.md
	Absorbs    []leak.Category `yaml:"absorbs,omitempty"`    // categories whose weak terms are parts of this one
	Contains   []leak.Category `yaml:"contains,omitempty"`   // categories that are parts of this one on the same line
	Explains   []string        `yaml:"explains,omitempty"`   // contexts that do not count once this rule matched
	Damps      []leak.Category `yaml:"damps,omitempty"`      // for context rules: only these categories suffer

	Terms     []Term   `yaml:"terms,omitempty"`
	All       [][]Term `yaml:"all,omitempty"`        // groups; the first one is what a finding points at
	Near      int      `yaml:"near,omitempty"`       // most characters between the groups of All
	Ordered   bool     `yaml:"ordered,omitempty"`    // groups stand in the order given
	NotBefore []string `yaml:"not_before,omitempty"` // for every term of the first group
	NotAfter  []string `yaml:"not_after,omitempty"`
	Unless    []Term   `yaml:"unless,omitempty"` // terms that undo a match …
	Within    int      `yaml:"within,omitempty"` // … at most so many characters away; 0 anywhere

	References []string `yaml:"references,omitempty"` // where the terms were seen
	Reviewed   string   `yaml:"reviewed,omitempty"`   // date of the last review, YYYY-MM-DD
	Examples   Examples `yaml:"examples"`

	file  string
	at    int // which rule of its file
	user  bool
	sense sense

	categories []leak.Category // Category and Categories
}

// Own reports whether the rule is a team's own and not built in.
func (r *Rule) Own() bool { return r.user }

// Role says what a match of the rule does to the reading of a text.
type Role string

// The roles of rules.
const (
	Names   Role = "names"   // says what is traded
	Raises  Role = "raises"  // speaks for an offer
	Lowers  Role = "lowers"  // speaks of something else
	Nothing Role = "nothing" // only looks like a word of ours
)

// Role returns the role of the rule.
func (r *Rule) Role() Role {
	switch {
	case len(r.names()) > 0:
		return Names
	case strings.HasPrefix(r.Signal, "intent:"), strings.HasPrefix(r.Signal, "sale:"):
		return Raises
	case r.Signal == "neutral":
		return Nothing
	}
	return Lowers
}

// Names returns the categories that the rule names.
func (r *Rule) Names() []leak.Category { return r.names() }

// Examples are texts that prove a rule: it must match the first and must not
// match the second.
type Examples struct {
	Match   []string `yaml:"match"`
	NoMatch []string `yaml:"nomatch,omitempty"`
}

// Term is a word or phrase. In YAML it is a plain string, "@name" for a shared
// list, or a mapping with conditions on its neighbours. Regex, in place of
// Text, is an RE2 expression on the folded text that contains a literal of at
// least two characters.
type Term struct {
	Text      string
	Regex     string
	NotBefore []string // what may not stand directly before the term
	NotAfter  []string // what may not stand directly after it
}

// termFields is the mapping form of a Term.
type termFields struct {
	Term      string   `yaml:"term"`
	Regex     string   `yaml:"regex"`
	NotBefore []string `yaml:"not_before"`
	NotAfter  []string `yaml:"not_after"`
}

// UnmarshalYAML reads both forms of a term.
func (t *Term) UnmarshalYAML(read func(any) error) error {
	var v any
	if err := read(&v); err != nil {
		return err
	}
	if s, ok := v.(string); ok {
		t.Text = strings.TrimSpace(s)
		return nil
	}
	var f termFields
	if err := read(&f); err != nil {
		return err
	}
	t.Text, t.Regex, t.NotBefore, t.NotAfter = f.Term, f.Regex, f.NotBefore, f.NotAfter
	return nil
}

// names returns the categories of the rule.
func (r *Rule) names() []leak.Category { return r.categories }

// groups returns the term groups, the primary one first.
func (r *Rule) groups() [][]Term {
	if len(r.All) > 0 {
		return r.All
	}
	return [][]Term{r.Terms}
}

// ruleFile is the form of a lexicon file.
type ruleFile struct {
	Lists map[string][]Term `yaml:"lists,omitempty"` // shared, named terms: "@name"
	Rules []*Rule           `yaml:"rules"`
}
