package detect

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/text"
)

// categoryList is the name of the list that holds the terms of all category
// rules.
const categoryList = "@category"

// Lexicon is a set of rules with the matcher over all their terms. It is
// immutable and safe for concurrent use.
type Lexicon struct {
	Rules   []*Rule
	version string
	files   []ruleSource
	byID    map[string]*Rule
	lists   map[string][]Term
	terms   []compiledTerm
	roles   roleTable // what terms do to rules
	match   *matcher
	model   *model
	senses  []sense // by rule

	groups []groupRef // of all composite rules, by rule
	rarest groupSet   // of the groups of each composite rule the one with the fewest terms
	memory sync.Pool  // *memory
}

// Version is a hash of all rules and of what evidence is worth: it changes when
// a text may be read otherwise.
func (l *Lexicon) Version() string { return l.version }

// Own returns how many of the rules are a team's own.
func (l *Lexicon) Own() int {
	n := 0
	for _, r := range l.Rules {
		if r.user {
			n++
		}
	}
	return n
}

// Rule returns the rule with an id, nil if there is none.
func (l *Lexicon) Rule(id string) *Rule { return l.byID[id] }

// categoryTerms collects the primary terms of all category rules.
func (b *lexiconBuilder) categoryTerms() []Term {
	var out []Term
	for _, r := range b.rules {
		if len(r.names()) > 0 && r.Status != deprecated {
			for _, t := range r.groups()[0] {
				t.NotBefore = slices.Concat(t.NotBefore, r.NotBefore)
				t.NotAfter = slices.Concat(t.NotAfter, r.NotAfter)
				out = append(out, t)
			}
		}
	}
	return out
}

// expand replaces the names of lists by their terms.
func (l *Lexicon) expand(terms []Term) ([]Term, error) {
	var out []Term
	for _, t := range terms {
		if !strings.HasPrefix(t.Text, "@") {
			out = append(out, t)
			continue
		}
		list, ok := l.lists[t.Text]
		if !ok {
			return nil, &problem{found: "the name " + t.Text, wanted: "the name of a list of terms", hint: closestList(t.Text, l.lists)}
		}
		inner, err := l.expandFlat(list)
		if err != nil {
			return nil, err
		}
		out = append(out, inner...)
	}
	return out, nil
}

// expandFlat expands lists inside a list, one level deep, so that no list can
// hold itself.
func (l *Lexicon) expandFlat(terms []Term) ([]Term, error) {
	var out []Term
	for _, t := range terms {
		if !strings.HasPrefix(t.Text, "@") {
			out = append(out, t)
			continue
		}
		for _, u := range l.lists[t.Text] {
			if !strings.HasPrefix(u.Text, "@") {
				out = append(out, u)
			}
		}
	}
	return out, nil
}

// compiledTerm is a term with its folded neighbour conditions.
type compiledTerm struct {
	text      string
	notBefore []string
	notAfter  []string
	barred    [2]barrier     // what may end one of the first, and begin one of the others
	re        *regexp.Regexp // for a regex term, whose text is its literal
	sides     sides          // of it
}

// pattern returns what the matcher looks for.
func (t *compiledTerm) pattern() pattern {
	p := newPattern(t.text)
	if t.re != nil {
		p = literalPattern(t.text)
	}
	p.guarded = t.guarded()
	p.mute = strings.IndexFunc(t.text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0
	return p
}

// guarded reports whether the surroundings of the term matter.
func (t *compiledTerm) guarded() bool {
	return t.re != nil || len(t.notBefore) > 0 || len(t.notAfter) > 0
}

// stands returns where the term stands whose text, or literal, is found at
// s[at], false if the surroundings do not let it count.
func (t *compiledTerm) stands(s string, at span) (span, bool) {
	if t.re != nil {
		var ok bool
		if at, ok = regexAround(t.re, &t.sides, s, at); !ok {
			return at, false
		}
	}
	return at, t.allowed(s, at)
}

// allowed reports whether the neighbours of s[at] let the term count.
func (t *compiledTerm) allowed(s string, at span) bool {
	before, after := s[:at.start], s[at.end:]
	if last, _ := utf8.DecodeLastRuneInString(before); t.barred[0].has(last) {
		for _, no := range t.notBefore {
			if strings.HasSuffix(before, no) {
				return false
			}
		}
	}
	if first, _ := utf8.DecodeRuneInString(after); t.barred[1].has(first) {
		for _, no := range t.notAfter {
			if strings.HasPrefix(after, no) {
				return false
			}
		}
	}
	return true
}

// barrier is a set of characters that takes some others for them, so that a look
// at one tells most texts that do not stand beside it.
type barrier uint64

func (b *barrier) add(r rune)     { *b |= 1 << (r % 64) }
func (b barrier) has(r rune) bool { return b&(1<<(r%64)) != 0 }

// bar fills the barriers of the term.
func (t *compiledTerm) bar() {
	for _, no := range t.notBefore {
		last, _ := utf8.DecodeLastRuneInString(no)
		t.barred[0].add(last)
	}
	for _, no := range t.notAfter {
		first, _ := utf8.DecodeRuneInString(no)
		t.barred[1].add(first)
	}
}

// termCompiler gives each distinct term an index.
type termCompiler struct {
	lexicon *Lexicon
	known   map[string]int32
	roles   []role // by term
}

func (c *termCompiler) addRule(index int32, r *Rule) error {
	if r.Status == deprecated {
		return nil
	}
	if n := len(r.All); n > maxGroups {
		return &problem{found: fmt.Sprintf("%d groups", n), wanted: fmt.Sprintf("at most %d", maxGroups)}
	}
	first := c.lexicon.placeGroups(index)
	for g, terms := range r.groups() {
		var own Term
		if g == 0 {
			own = Term{NotBefore: r.NotBefore, NotAfter: r.NotAfter}
		}
		if err := c.each(terms, own, func(t int32) {
			role := &c.roles[t]
			if len(r.All) > 0 {
				if at := first + int32(g); !slices.Contains(role.groups, at) {
					role.groups = append(role.groups, at)
				}
			} else {
				role.alone = append(role.alone, ruleRef{index, r.sense.shadedBy})
			}
			if g == 0 && !slices.ContainsFunc(terms, isCategoryList) {
				role.class |= r.sense.class
			}
		}); err != nil {
			return err
		}
	}
	return c.each(r.Unless, Term{}, func(t int32) {
		role := &c.roles[t]
		role.unless = append(role.unless, index)
	})
}

// each gives use the index of every term, with the neighbour conditions of
// own added to its own.
func (c *termCompiler) each(terms []Term, own Term, use func(int32)) error {
	all, err := c.lexicon.expand(terms)
	if err != nil {
		return err
	}
	for _, t := range all {
		t.NotBefore = slices.Concat(t.NotBefore, own.NotBefore)
		t.NotAfter = slices.Concat(t.NotAfter, own.NotAfter)
		i, err := c.index(t)
		if err != nil {
			return err
		}
		use(i)
	}
	return nil
}

func (c *termCompiler) index(t Term) (int32, error) {
	ct := compiledTerm{text: fold(t.Text), notBefore: foldAll(t.NotBefore), notAfter: foldAll(t.NotAfter)}
	ct.bar()
	if t.Regex != "" {
		var err error
		if ct.re, ct.text, err = compileRegex(t.Regex); err != nil {
			return 0, err
		}
		ct.sides = sidesOf(t.Regex, ct.text)
	}
	if ct.text == "" {
		return 0, &problem{found: "a term without a character that counts", wanted: "a word or phrase"}
	}
	key := strings.Join(slices.Concat([]string{ct.text, t.Regex}, ct.notBefore, []string{"\x00"}, ct.notAfter), "\x01")
	if i, ok := c.known[key]; ok {
		return i, nil
	}
	i := int32(len(c.lexicon.terms))
	c.known[key] = i
	c.lexicon.terms = append(c.lexicon.terms, ct)
	c.roles = append(c.roles, role{})
	return i, nil
}

func isCategoryList(t Term) bool { return t.Text == categoryList }

// fold brings a term into the form of the plain stream.
func fold(s string) string { return strings.TrimSpace(text.Fold(s).Text) }

func foldAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = text.Fold(s).Text
	}
	return out
}

const deprecated = "deprecated"

// Terms returns the terms of a rule for people, lists written out: those of
// each group, and those that undo a match.
func (l *Lexicon) Terms(r *Rule) (groups [][]string, unless []string) {
	write := func(terms []Term) []string {
		out := []string{}
		all, err := l.expand(terms)
		if err != nil {
			return out // Unreachable: the lexicon was built from them.
		}
		for _, t := range all {
			s := t.Text
			if t.Regex != "" {
				s = "/" + t.Regex + "/"
			}
			if len(t.NotBefore) > 0 {
				s += " not after " + strings.Join(t.NotBefore, " ")
			}
			if len(t.NotAfter) > 0 {
				s += " not before " + strings.Join(t.NotAfter, " ")
			}
			out = append(out, s)
		}
		return out
	}
	for _, g := range r.groups() {
		groups = append(groups, write(g))
	}
	return groups, write(r.Unless)
}
