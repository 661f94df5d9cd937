package detect

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// Fault is one thing that is wrong with a rule.
type Fault struct {
	File string `json:"file"`
	Rule string `json:"rule"`
	What string `json:"what"` // what was found and what is wanted

	user bool // the rule is a team's own
}

// String returns the fault as one line for a terminal.
func (f Fault) String() string { return fmt.Sprintf("%s: rule %s: %s", f.File, f.Rule, f.What) }

// Lint looks for faults that need no text: missing or unknown fields, terms
// that would match ordinary words, doubled terms, missing examples.
func (l *Lexicon) Lint() []Fault {
	c := &linter{lexicon: l, ids: map[string]bool{}}
	for _, r := range l.Rules {
		c.rule = r
		c.fields()
		c.terms()
		c.examples()
	}
	return c.faults
}

type linter struct {
	lexicon *Lexicon
	rule    *Rule
	ids     map[string]bool
	faults  []Fault
}

func (c *linter) fault(format string, args ...any) {
	c.faults = append(c.faults, Fault{c.rule.file, c.rule.ID, fmt.Sprintf(format, args...), c.rule.user})
}

// statuses are the states of a rule.
func statuses() []string { return []string{"", "stable", "test", "experimental", deprecated} }

func (c *linter) fields() {
	r := c.rule
	switch {
	case r.ID == "":
		c.fault("no id")
	case c.ids[r.ID]:
		c.fault("the id is used twice; ids are never reused")
	}
	c.ids[r.ID] = true
	if r.Title == "" {
		c.fault("no title")
	}
	if !contains(statuses(), r.Status) {
		c.fault("status %q; want stable, test, experimental or deprecated", r.Status)
	}
	if _, err := time.Parse(time.DateOnly, r.Reviewed); r.Reviewed != "" && err != nil {
		c.fault("reviewed %q; want a date such as 2026-11-01", r.Reviewed)
	}
	if r.Weight < 0 || r.Weight > 5 {
		c.fault("weight %v; want 0 to 5", r.Weight)
	}
	c.meaning()
}

// meaning checks what the rule stands for.
func (c *linter) meaning() {
	r := c.rule
	names := r.names()
	switch {
	case len(names) == 0 && r.Signal == "":
		c.fault("neither category nor signal")
	case len(names) > 0 && r.Signal != "":
		c.fault("both category and signal; want one")
	case r.Signal != "" && !knownSignal(r.Signal):
		c.fault("signal %q; want intent:sell, buy, rent or service, sale:NAME, context:NAME, negation, purpose or neutral", r.Signal)
	}
	for _, list := range [][]leak.Category{names, r.Absorbs, r.Contains, r.Damps} {
		for _, name := range list {
			if !name.Known() {
				c.fault("category %q is none of the sixteen", name)
			}
		}
	}
	if len(r.Terms) > 0 && len(r.All) > 0 {
		c.fault("both terms and all; want one")
	}
}

// knownSignal reports whether judge understands a signal.
func knownSignal(s string) bool {
	switch s {
	case "negation", "purpose", "neutral", "intent:sell", "intent:buy", "intent:rent", "intent:service":
		return true
	}
	name, ok := strings.CutPrefix(s, "context:")
	if !ok {
		name, ok = strings.CutPrefix(s, "sale:")
	}
	return ok && name != ""
}

// terms checks every term of the rule. Short terms match ordinary words: they
// need neighbours or another group beside them.
func (c *linter) terms() {
	r := c.rule
	for g, group := range r.groups() {
		if len(group) == 0 {
			c.fault("group %d is empty", g+1)
		}
		seen := map[string]bool{}
		for _, t := range group {
			c.term(t, len(r.All) > 1)
			if seen[t.key()] {
				c.fault("term %q stands twice", t.Text)
			}
			seen[t.key()] = true
		}
	}
}

func (t Term) key() string {
	return t.Text + "\x00" + t.Regex + "\x00" + strings.Join(t.NotBefore, "\x01") + "\x00" + strings.Join(t.NotAfter, "\x01")
}

func (c *linter) term(t Term, inGroup bool) {
	if strings.HasPrefix(t.Text, "@") || t.Regex != "" {
		return // a list is checked where it is defined, a regex when it is loaded
	}
	folded := fold(t.Text)
	switch n := utf8.RuneCountInString(folded); {
	case n == 1 && !inGroup && !c.rule.bounded(t) && !c.rule.harmless():
		c.fault("term %q is one character and would match ordinary words; give it neighbours (not_before, not_after) or a group beside it", t.Text)
	case n < minUser && c.rule.user && !inGroup && !c.rule.bounded(t):
		c.fault("term %q is too short; want %d characters, or neighbours, or a group beside it", t.Text, minUser)
	}
	if c.rule.user && len(c.rule.names()) > 0 && !inGroup && c.ordinary(folded) {
		c.fault("term %q matches ordinary words: %q", t.Text, c.ordinaryText(folded))
	}
}

// minUser is the least length of a lone term in a team's own rule.
const minUser = 3

// bounded reports whether a term has conditions on its neighbours.
func (r *Rule) bounded(t Term) bool {
	return len(t.NotBefore)+len(t.NotAfter)+len(r.NotBefore)+len(r.NotAfter) > 0 || len(r.Unless) > 0
}

// harmless reports whether a wrong match of the rule cannot make a hit.
func (r *Rule) harmless() bool { return len(r.names()) == 0 && !strings.HasPrefix(r.Signal, "intent:") }

func (c *linter) ordinary(term string) bool { return c.ordinaryText(term) != "" }

// ordinaryText returns an example of this lexicon's own look-alikes in which
// the term stands, "" if there is none.
func (c *linter) ordinaryText(term string) string {
	m := newMatcher([]pattern{newPattern(term)})
	for _, r := range c.lexicon.Rules {
		if r.user || !strings.HasPrefix(r.Signal, "context:") {
			continue
		}
		for _, s := range r.Examples.Match {
			found := false
			m.scan(text.Fold(s).Text, func(int32, span) { found = true })
			if found {
				return s
			}
		}
	}
	return ""
}

func (c *linter) examples() {
	if len(c.rule.Examples.Match) == 0 {
		c.fault("no example that matches")
	}
	if len(c.rule.Examples.NoMatch) == 0 && len(c.rule.names()) > 0 {
		c.fault("no example that must not match")
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// TestExamples runs the examples of all rules and returns those that fail.
func (l *Lexicon) TestExamples() []Fault {
	var out []Fault
	for i, r := range l.Rules {
		if r.Status == deprecated {
			continue
		}
		for _, s := range r.Examples.Match {
			if !l.matches(int32(i), s) {
				out = append(out, Fault{r.file, r.ID, fmt.Sprintf("does not match its example %q", s), r.user})
			}
		}
		for _, s := range r.Examples.NoMatch {
			if l.matches(int32(i), s) {
				out = append(out, Fault{r.file, r.ID, fmt.Sprintf("matches %q, which it must not", s), r.user})
			}
		}
	}
	return out
}

// refuse returns the faults of the rules of a team as one error, nil if there
// are none.
func (l *Lexicon) refuse() error {
	if len(l.Rules) == 0 || !l.Rules[len(l.Rules)-1].user {
		return nil
	}
	var all []error
	for _, f := range append(l.Lint(), l.TestExamples()...) {
		if f.user {
			all = append(all, errors.New(f.String()))
		}
	}
	return errors.Join(all...)
}

// matches reports whether a rule matches a text.
func (l *Lexicon) matches(rule int32, s string) bool {
	f := text.Fold(leak.EscapeMarks(s))
	for _, in := range l.matchRules(f.Original, l.find(streams{f, text.Unhide(f)})) {
		if in.rule == rule && in.undone == counts {
			return true
		}
	}
	return false
}
