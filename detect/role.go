package detect

import (
	"fmt"
	"slices"
)

// role is what a term does to rules. Many terms have the same.
type role struct {
	alone  []groupRef // the rules that it matches by itself
	groups groupSet   // the groups of composite rules in which it stands
	unless []int32    // the rules that it undoes
	class  class      // the classes of rules in which it stands
	mute   bool       // a match of it counts, and is no finding: it holds no letter and no digit
}

// groupRef says that a term stands in a group of a rule.
type groupRef struct {
	rule, group   int32
	first, groups int32 // of a composite rule: where its groups begin in Lexicon.groups, and how many there are
	shadedBy      class // classes whose longer terms hide the term there
}

// groupSet is a set of groups of composite rules, by their place in
// Lexicon.groups.
type groupSet []uint64

func (s *groupSet) add(i int32) {
	for int(i/64) >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[i/64] |= 1 << (i % 64)
}

func (s groupSet) has(i int32) bool { return int(i/64) < len(s) && s[i/64]&(1<<(i%64)) != 0 }

// join adds a set that is not longer.
func (s groupSet) join(other groupSet) {
	for i, bits := range other {
		s[i] |= bits
	}
}

// refs returns the groups in which a term stands.
func (l *Lexicon) refs(term int32) []groupRef {
	r := l.roles[term]
	out := r.alone
	for i := range l.groups {
		if r.groups.has(int32(i)) {
			out = append(out[:len(out):len(out)], l.groups[i])
		}
	}
	return out
}

// rarestGroups returns the group of each composite rule that has the fewest
// terms.
func (l *Lexicon) rarestGroups() groupSet {
	terms := make([]int, len(l.groups))
	for _, r := range l.roles {
		for i := range terms {
			if r.groups.has(int32(i)) {
				terms[i]++
			}
		}
	}
	out := make(groupSet, (len(l.groups)+63)/64)
	for i := 0; i < len(terms); {
		n := int(l.groups[i].groups)
		out.add(int32(i + slices.Index(terms[i:i+n], slices.Min(terms[i:i+n]))))
		i += n
	}
	return out
}

// shareRoles lets terms share equal roles, so that those in use stay in the
// cache.
func (l *Lexicon) shareRoles() {
	known := map[string]*role{}
	var key []byte
	for i, r := range l.roles {
		key = fmt.Appendf(key[:0], "%v %v %v %d %v", r.alone, r.groups, r.unless, r.class, r.mute)
		if same, ok := known[string(key)]; ok {
			l.roles[i] = same
		} else {
			known[string(key)] = r
		}
	}
}
