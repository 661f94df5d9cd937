package detect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// Lint looks for what is wrong with all rules, without their examples:
// missing or unknown fields, doubled terms, regexes that could be slow, terms
// that would match ordinary words.
func (l *Lexicon) Lint() Faults {
	return l.lint(func(*Rule) bool { return true })
}

// Refusals are the reasons why the rules of a team may not be used, theirs
// only: what Lint finds, examples that fail, ordinary texts that match.
func (l *Lexicon) Refusals() Faults {
	if len(l.Rules) == 0 || !l.Rules[len(l.Rules)-1].user {
		return nil
	}
	own := func(r *Rule) bool { return r.user }
	return append(l.lint(own), l.testExamples(own)...).sorted()
}

func (l *Lexicon) lint(which func(*Rule) bool) Faults {
	c := &linter{lexicon: l, ids: map[string]*Rule{}}
	for _, r := range l.Rules {
		c.rule = r
		c.quiet = !which(r)
		c.fields()
		c.terms()
		c.examples()
	}
	c.quiet = false
	for r, p := range l.ordinary(which) {
		c.rule = r
		c.faults = append(c.faults, l.faultOf(r, p))
	}
	return c.faults.sorted()
}

type linter struct {
	lexicon *Lexicon
	rule    *Rule
	ids     map[string]*Rule
	quiet   bool // the rule is read for its id only
	faults  Faults
}

// fault notes a fault of the rule at hand; key is within the rule.
func (c *linter) fault(key, found, wanted, hint string) {
	if !c.quiet {
		c.faults = append(c.faults, c.lexicon.faultOf(c.rule, &problem{key, found, wanted, hint}))
	}
}

// statuses are the states of a rule.
func statuses() []string { return []string{"", "stable", "test", "experimental", deprecated} }

func (c *linter) fields() {
	r := c.rule
	switch first := c.ids[r.ID]; {
	case r.ID == "":
		c.fault("", "a rule without id", "an id such as team-face-packs", "")
	case first != nil:
		c.fault("id", strconv.Quote(r.ID)+", which is the id of a rule in "+first.file, "an id of its own", "ids are never reused, also those of the built-in rules")
	default:
		c.ids[r.ID] = r
	}
	if r.Title == "" {
		c.fault("", "no title", "a title that says what the rule finds", "")
	}
	if !slices.Contains(statuses(), r.Status) {
		c.fault("status", strconv.Quote(r.Status), "stable, test, experimental or deprecated", "")
	}
	if _, err := time.Parse(time.DateOnly, r.Reviewed); r.Reviewed != "" && err != nil {
		c.fault("reviewed", strconv.Quote(r.Reviewed), "a date such as 2026-11-01", "")
	}
	if r.Weight < 0 || r.Weight > 5 {
		c.fault("weight", fmt.Sprint(r.Weight), "a number from 0 to 5", "1 and more where the word alone says what is offered")
	}
	if r.Near < 0 || r.Near > maxNear {
		c.fault("near", strconv.Itoa(r.Near), fmt.Sprintf("a number from 1 to %d", maxNear), "")
	}
	c.meaning()
}

// maxNear is the largest distance between the groups of a rule.
const maxNear = 200

// meaning checks what the rule stands for.
func (c *linter) meaning() {
	r := c.rule
	names := r.names()
	switch {
	case len(names) == 0 && r.Signal == "":
		c.fault("", "neither category nor signal", "one of them", "")
	case len(names) > 0 && r.Signal != "":
		c.fault("signal", "both a category and a signal", "one of them", "")
	case r.Signal != "" && !knownSignal(r.Signal):
		c.fault("signal", strconv.Quote(r.Signal), "intent:sell, buy, rent or service, sale:NAME, context:NAME, negation, purpose or neutral", "")
	}
	for _, list := range []struct {
		key   string
		names []leak.Category
	}{{"category", names}, {"absorbs", r.Absorbs}, {"contains", r.Contains}, {"damps", r.Damps}} {
		for _, name := range list.names {
			if !name.Known() {
				c.fault(list.key, strconv.Quote(string(name)), "one of the sixteen categories", strings.Join(texts(leak.Categories()), ", "))
			}
		}
	}
	if len(r.Terms) > 0 && len(r.All) > 0 {
		c.fault("all", "both terms and all", "one of them", "")
	}
}

// knownSignal reports whether judge understands a signal.
func knownSignal(s string) bool {
	switch s {
	case "negation", negationBehind, "purpose", "neutral", "intent:sell", "intent:buy", "intent:rent", "intent:service":
		return true
	}
	name, ok := strings.CutPrefix(s, "context:")
	if !ok {
		name, ok = strings.CutPrefix(s, "sale:")
	}
	return ok && name != ""
}

// eachTerm calls use with every term of the rule as its file has it, with its
// key in the rule.
func (r *Rule) eachTerm(use func(t Term, key string)) {
	for i, t := range r.Terms {
		use(t, fmt.Sprintf("terms[%d]", i))
	}
	for g, group := range r.All {
		for i, t := range group {
			use(t, fmt.Sprintf("all[%d][%d]", g, i))
		}
	}
	for i, t := range r.Unless {
		use(t, fmt.Sprintf("unless[%d]", i))
	}
}

// broken says which terms of a rule cannot be compiled; err is the first
// reason.
func (l *Lexicon) broken(r *Rule, err error) Faults {
	var out Faults
	r.eachTerm(func(t Term, key string) {
		c := &termCompiler{lexicon: &Lexicon{lists: l.lists}, known: map[string]int32{}}
		var p *problem
		switch err := c.each([]Term{t}, Term{}, func(int32) {}).(type) {
		case nil:
			return
		case *problem:
			p = &problem{key, err.found, err.wanted, err.hint}
		default:
			p = &problem{key: key, found: err.Error(), wanted: "a term"}
		}
		out = append(out, l.faultOf(r, p))
	})
	if len(out) == 0 {
		out = append(out, l.faultOf(r, err))
	}
	return out
}

// terms checks every term of the rule. Short terms match ordinary words: they
// need neighbours or another group beside them.
func (c *linter) terms() {
	r := c.rule
	if len(r.Terms) == 0 && len(r.All) == 0 {
		c.fault("", "no terms", "terms, or all with groups of terms", "")
	}
	for g, group := range r.All {
		if len(group) == 0 {
			c.fault(fmt.Sprintf("all[%d]", g), "an empty group", "terms", "")
		}
	}
	seen := map[string]bool{}
	r.eachTerm(func(t Term, key string) {
		group := key[:strings.LastIndexByte(key, '[')] + "\x00" + t.key()
		if seen[group] {
			c.fault(key, strconv.Quote(t.Text+t.Regex)+" a second time", "each term once", "")
		}
		seen[group] = true
		c.term(t, key)
	})
}

func (t Term) key() string {
	return t.Text + "\x00" + t.Regex + "\x00" + strings.Join(t.NotBefore, "\x01") + "\x00" + strings.Join(t.NotAfter, "\x01")
}

func (c *linter) term(t Term, key string) {
	switch {
	case t.Regex != "":
		if p := slow(t.Regex); p != nil {
			c.fault(key, p.found, p.wanted, p.hint)
		}
		return
	case strings.HasPrefix(t.Text, "@"), strings.HasPrefix(key, "unless"):
		return // a list is checked where it is used, and what undoes a match makes none
	}
	folded := fold(t.Text)
	if c.rule.user {
		c.disguise(t, folded, key)
	}
	if len(c.rule.All) > 1 || c.rule.bounded(t) {
		return
	}
	switch n := utf8.RuneCountInString(folded); {
	case n == 1 && !c.rule.harmless():
		c.fault(key, strconv.Quote(t.Text)+", one character, which stands in many ordinary words", "a word, or neighbours that may not be there", contextHint)
	case n < minUser && c.rule.user && !c.rule.harmless():
		c.fault(key, strconv.Quote(t.Text)+fmt.Sprintf(", a term of %d characters that stands alone", n), fmt.Sprintf("%d characters, or a condition", minUser), contextHint)
	}
}

// disguise refuses a term that is read as another word: the second reading of
// every text undoes homophones, aliases and pinyin, so the term would stand
// for that word.
func (c *linter) disguise(t Term, folded, key string) {
	u := text.Unhide(text.Fold(t.Text))
	if as := strings.TrimSpace(u.Text); as != folded && joinWide(as) != joinWide(folded) {
		c.fault(key, fmt.Sprintf("%q, which is read as %q (%s)", t.Text, as, strings.Join(u.Steps(0, len(u.Text)), ", ")),
			"a word that stands for itself", "what sellers write instead of "+as+" is undone for every rule; write "+as)
	}
}

const contextHint = "give it not_before or not_after, an unless, or another group beside it with all and near"

// minUser is the least length of a lone term in a team's own rule.
const minUser = 3

// bounded reports whether a term has conditions on its neighbours.
func (r *Rule) bounded(t Term) bool {
	return len(t.NotBefore)+len(t.NotAfter)+len(r.NotBefore)+len(r.NotAfter) > 0 || len(r.Unless) > 0
}

// harmless reports whether a wrong match of the rule cannot make a hit.
func (r *Rule) harmless() bool { return len(r.names()) == 0 && !strings.HasPrefix(r.Signal, "intent:") }

func (c *linter) examples() {
	if len(c.rule.Examples.Match) == 0 {
		c.fault("", "no example that matches", "examples: match: with a text", "a rule is used only with its proof")
	}
	if len(c.rule.Examples.NoMatch) == 0 && len(c.rule.names()) > 0 {
		c.fault("", "no example that must not match", "examples: nomatch: with an ordinary text that looks alike", "")
	}
}

// TestExamples runs the examples of all rules and returns those that fail.
func (l *Lexicon) TestExamples() Faults {
	return l.testExamples(func(*Rule) bool { return true }).sorted()
}

func (l *Lexicon) testExamples(which func(*Rule) bool) Faults {
	var out Faults
	for i, r := range l.Rules {
		if r.Status == deprecated || !which(r) {
			continue
		}
		for k, s := range r.Examples.Match {
			if !l.matches(int32(i), s) {
				out = append(out, l.faultOf(r, &problem{fmt.Sprintf("examples.match[%d]", k), "that the rule does not match " + strconv.Quote(s), "a match",
					"`leakwatch rules explain` shows what each rule finds in a text"}))
			}
		}
		for k, s := range r.Examples.NoMatch {
			if l.matches(int32(i), s) {
				out = append(out, l.faultOf(r, &problem{fmt.Sprintf("examples.nomatch[%d]", k), "that the rule matches " + strconv.Quote(s), "no match",
					contextHint}))
			}
		}
	}
	return out
}

// matches reports whether a rule matches a text.
func (l *Lexicon) matches(rule int32, s string) bool {
	for _, in := range l.instances(s) {
		if in.rule == rule && in.undone == counts {
			return true
		}
	}
	return false
}

// instances returns the matches of all rules in one text.
func (l *Lexicon) instances(s string) []instance {
	f := text.Fold(leak.EscapeMarks(s))
	return l.matchRules(f.Original, l.find(streams{f, text.Unhide(f)}))
}
