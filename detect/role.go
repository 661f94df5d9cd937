package detect

import (
	"fmt"
	"math/bits"
	"slices"
)

// role is what a term does to rules. Many terms have the same.
type role struct {
	alone  []ruleRef   // the rules that it matches by itself
	groups []groupWord // the groups of composite rules in which it stands
	unless []int32     // the rules that it undoes
	class  class       // the classes of rules in which it stands
	mute   bool        // a match of it counts, and is no finding: it holds no letter and no digit
}

// role returns what a term does.
func (l *Lexicon) role(term int32) *role { return &l.roles[l.roleOf[term]] }

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

func (s groupSet) add(i int32) { s[i/64] |= 1 << (i % 64) }

// groupWord is a word of a small groupSet, and which one it is.
type groupWord struct {
	at   int32
	bits uint64
}

// addGroup adds a group, each by ascending place.
func (r *role) addGroup(i int32) {
	if n := len(r.groups); n == 0 || r.groups[n-1].at != i/64 {
		r.groups = append(r.groups, groupWord{at: i / 64})
	}
	r.groups[len(r.groups)-1].bits |= 1 << (i % 64)
}

// eachGroup calls use with the places of the groups in which a term stands.
func (r *role) eachGroup(use func(i int32)) {
	for _, w := range r.groups {
		for set := w.bits; set != 0; set &= set - 1 {
			use(w.at*64 + int32(bits.TrailingZeros64(set)))
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
	r := l.role(term)
	for _, ref := range r.alone {
		out = append(out, groupRef{rule: ref.rule})
	}
	r.eachGroup(func(i int32) { out = append(out, l.groups[i]) })
	return out
}

// rarestGroups returns the group of each composite rule that has the fewest
// terms.
func (l *Lexicon) rarestGroups() groupSet {
	terms := make([]int, len(l.groups))
	for i := range l.roles {
		l.roles[i].eachGroup(func(i int32) { terms[i]++ })
	}
	out := make(groupSet, (len(l.groups)+63)/64)
	for i := range l.groups {
		if ref := &l.groups[i]; ref.groups > 0 && ref.group == 0 {
			of := terms[i : i+int(ref.groups)]
			out.add(int32(i + slices.Index(of, slices.Min(of))))
		}
	}
	return out
}

// shareRoles lets terms share equal roles, so that those in use stay in the
// cache.
func (l *Lexicon) shareRoles() {
	known := map[string]int32{}
	var roles []role
	var key []byte
	for i, r := range l.roles {
		key = fmt.Appendf(key[:0], "%v %v %v %d %v", r.alone, r.groups, r.unless, r.class, r.mute)
		at, ok := known[string(key)]
		if !ok {
			at = int32(len(roles))
			known[string(key)] = at
			roles = append(roles, r)
		}
		l.roleOf[i] = at
	}
	l.roles = roles
}
