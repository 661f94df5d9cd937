package detect

import (
	"fmt"
	"math/bits"
	"slices"
)

// role is what a term does to rules.
type role struct {
	alone  []ruleRef // the rules that it matches by itself
	groups []int32   // the groups of composite rules in which it stands
	unless []int32   // the rules that it undoes
	class  class     // the classes of rules in which it stands
}

// roleTable holds the roles of all terms, each once, since many terms have the
// same. Of each list the parts of all roles lie side by side, so that those in
// use stay in the cache.
type roleTable struct {
	places []rolePlace // by role, and one more
	refs   []ruleRef
	rules  []int32
	sets   groupSet // by role, each of some words
	words  int
}

// rolePlace is where the lists of a role begin, and those of the role before
// end.
type rolePlace struct{ alone, unless int32 }

// newRoleTable returns an empty table for some number of groups.
func newRoleTable(groups int) roleTable {
	return roleTable{places: make([]rolePlace, 1), words: len(newGroupSet(groups))}
}

func (t *roleTable) alone(i int32) []ruleRef {
	return t.refs[t.places[i].alone:t.places[i+1].alone]
}

func (t *roleTable) groups(i int32) groupSet {
	at := int(i) * t.words
	return t.sets[at : at+t.words]
}

func (t *roleTable) unless(i int32) []int32 {
	return t.rules[t.places[i].unless:t.places[i+1].unless]
}

// add puts a role behind the others and returns its index.
func (t *roleTable) add(r *role) int32 {
	i := int32(len(t.places) - 1)
	t.refs = append(t.refs, r.alone...)
	t.rules = append(t.rules, r.unless...)
	t.places = append(t.places, rolePlace{int32(len(t.refs)), int32(len(t.rules))})
	t.sets = append(t.sets, make(groupSet, t.words)...)
	for _, g := range r.groups {
		t.groups(i).add(g)
	}
	return i
}

// ruleRef says that a term matches a rule by itself.
type ruleRef struct {
	rule     int32
	shadedBy class // classes whose longer terms hide the term there
}

// groupRef is a group of a composite rule.
type groupRef struct {
	rule, group   int32
	first, groups int32  // of its rule: where its groups begin in Lexicon.groups, and how many there are
	whole         uint64 // the groups of its rule, in one word of a groupSet
	near          int    // most bytes between them
	ordered       bool   // they stand in order
	shadedBy      class  // classes whose longer terms hide a term of the group
}

// groupSet is a set of groups of composite rules, by their place in
// Lexicon.groups. All groups of one rule are in one word of it.
type groupSet []uint64

// newGroupSet returns an empty set of some number of groups.
func newGroupSet(groups int) groupSet { return make(groupSet, (groups+63)/64) }

func (s groupSet) add(i int32) { s[i/64] |= 1 << (i % 64) }

// all calls yield with the places of the groups of a set.
func (s groupSet) all(yield func(int32) bool) {
	for at, w := range s {
		for ; w != 0; w &= w - 1 {
			if !yield(int32(at*64 + bits.TrailingZeros64(w))) {
				return
			}
		}
	}
}

// maxGroups is how many groups a composite rule has at most.
const maxGroups = 64

// placeGroups makes room for the groups of a composite rule, within one word
// of a groupSet, and returns where they begin.
func (l *Lexicon) placeGroups(rule int32) int32 {
	r := l.Rules[rule]
	n := len(r.All)
	for len(l.groups)%maxGroups+n > maxGroups {
		l.groups = append(l.groups, groupRef{}) // of no rule
	}
	first := int32(len(l.groups))
	for g := range n {
		l.groups = append(l.groups, groupRef{rule: rule, group: int32(g), first: first, groups: int32(n), whole: (1<<n - 1) << (first % 64),
			near: r.near() * wideBytes, ordered: r.Ordered, shadedBy: r.sense.shadedBy})
	}
	return first
}

// groupsOf returns the groups in which a term stands, that of a rule that it
// matches by itself included.
func (l *Lexicon) groupsOf(term int32) (out []groupRef) {
	r := l.match.marks[term].role
	for _, ref := range l.roles.alone(r) {
		out = append(out, groupRef{rule: ref.rule})
	}
	for i := range l.roles.groups(r).all {
		out = append(out, l.groups[i])
	}
	return out
}

// rarestGroups returns the group of each composite rule that has the fewest
// terms. The roles are those of all terms.
func (l *Lexicon) rarestGroups(roles []role) groupSet {
	terms := make([]int, len(l.groups))
	for i := range roles {
		for _, g := range roles[i].groups {
			terms[g]++
		}
	}
	out := newGroupSet(len(l.groups))
	for i := range l.groups {
		if ref := &l.groups[i]; ref.groups > 0 && ref.group == 0 {
			of := terms[i : i+int(ref.groups)]
			out.add(int32(i + slices.Index(of, slices.Min(of))))
		}
	}
	return out
}

// patterns returns what the matcher looks for, by term, and fills the table of
// roles.
func (c *termCompiler) patterns() []pattern {
	l := c.lexicon
	l.roles = newRoleTable(len(l.groups))
	known := map[string]int32{}
	out := make([]pattern, len(l.terms))
	var key []byte
	for i := range l.terms {
		r := &c.roles[i]
		key = fmt.Appendf(key[:0], "%v %v %v", r.alone, r.groups, r.unless)
		at, ok := known[string(key)]
		if !ok {
			at = l.roles.add(r)
			known[string(key)] = at
		}
		out[i] = l.terms[i].pattern()
		out[i].role, out[i].class = at, r.class
	}
	return out
}
