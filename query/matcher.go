package query

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/text"
)

// Matcher answers which of many queries a document satisfies. A query is
// looked at only if the document holds one of the tokens or values without
// which it cannot match, the rarest the query has, so watches by the
// thousand cost little more than those few that come close. It is immutable
// and safe for concurrent use.
type Matcher struct {
	queries  []*Query
	keys     map[key]int // what any query asks for, numbered
	required [][][]int   // by query: of each clause the document must hold a key
	anchored [][]int     // by key: the queries of whose rarest clause it is
	always   []int       // queries that any document may satisfy
	lengths  [keyKinds][]int
}

// A key is something that a document holds: a token, the begin of a token, a
// value of a field.
type key struct {
	kind         keyKind
	field, value string
}

type keyKind int

const (
	tokenKey      keyKind = iota // a token of any text
	tokenPrefix                  // what a token begins with
	keywordKey                   // a value of a keyword field
	keywordPrefix                // what such a value begins with
	presentKey                   // a field with a value
	offerKeyword                 // the same of an offer
	offerPrefix                  //
	offerPresent                 // field "" for any offer
	keyKinds      = iota
	maxClauses    = 16
)

// A clause is keys of which a document must hold at least one.
type clause []key

// NewMatcher returns a matcher of the queries, which Match names by their
// index.
func NewMatcher(queries []*Query) *Matcher {
	m := &Matcher{queries: queries, keys: map[key]int{}, required: make([][][]int, len(queries))}
	w := weigher{map[key]int{}}
	for _, q := range queries {
		Walk(q.Root, func(n Node) {
			for _, c := range leafClauses(n) {
				for _, k := range c {
					w.use[k]++
				}
			}
		})
	}
	for i, q := range queries {
		m.add(i, w.clauses(q.Root))
	}
	return m
}

// add takes in the clauses of query i, the rarest first.
func (m *Matcher) add(i int, clauses []clause) {
	if len(clauses) == 0 {
		m.always = append(m.always, i)
		return
	}
	for _, c := range clauses {
		m.required[i] = append(m.required[i], m.number(c))
	}
	for _, k := range m.required[i][0] {
		if at := m.anchored[k]; len(at) == 0 || at[len(at)-1] != i {
			m.anchored[k] = append(at, i)
		}
	}
}

// number returns the numbers of keys, and gives them to new ones.
func (m *Matcher) number(c clause) []int {
	out := make([]int, len(c))
	for i, k := range c {
		n, ok := m.keys[k]
		if !ok {
			n = len(m.keys)
			m.keys[k] = n
			m.anchored = append(m.anchored, nil)
			m.measure(k)
		}
		out[i] = n
	}
	return out
}

// measure remembers the lengths of the begins that documents are cut to.
func (m *Matcher) measure(k key) {
	if k.kind != tokenPrefix && k.kind != keywordPrefix && k.kind != offerPrefix {
		return
	}
	if n := len(k.value); !slices.Contains(m.lengths[k.kind], n) {
		m.lengths[k.kind] = append(m.lengths[k.kind], n)
	}
}

// Match returns the indexes, in order, of the queries that the document
// satisfies at the instant now.
func (m *Matcher) Match(d *Document, now time.Time) []int {
	h := &holding{Matcher: m, has: make([]bool, len(m.keys))}
	h.document(d)
	seen := make([]bool, len(m.queries))
	candidates := slices.Clone(m.always)
	for _, k := range h.found {
		for _, i := range m.anchored[k] {
			if !seen[i] && h.all(m.required[i]) {
				candidates = append(candidates, i)
			}
			seen[i] = true
		}
	}
	slices.Sort(candidates)
	return slices.DeleteFunc(candidates, func(i int) bool { return !m.queries[i].Match(d, now) })
}

// A holding is what a document holds of what any query asks for.
type holding struct {
	*Matcher
	has   []bool // by key
	found []int  // the keys that it has
}

func (h *holding) note(k key) {
	if n, ok := h.keys[k]; ok && !h.has[n] {
		h.has[n] = true
		h.found = append(h.found, n)
	}
}

// all reports whether the document holds a key of each clause.
func (h *holding) all(clauses [][]int) bool {
	return !slices.ContainsFunc(clauses, func(c []int) bool {
		return !slices.ContainsFunc(c, func(k int) bool { return h.has[k] })
	})
}

func (h *holding) document(d *Document) {
	for _, t := range d.Texts {
		h.note(key{presentKey, t.Field, ""})
		h.tokens(t.Plain)
		h.tokens(t.Unhidden)
	}
	h.values(d.Keywords, d.Numbers, keywordKey)
	for _, o := range d.Offers {
		h.note(key{offerPresent, "", ""})
		h.values(o.Keywords, o.Numbers, offerKeyword)
	}
}

func (h *holding) tokens(tokens []Token) {
	for _, t := range tokens {
		h.note(key{tokenKey, "", t.Value})
		h.begins(tokenPrefix, "", t.Value)
	}
}

// values notes what fields hold; kind is keywordKey or offerKeyword, and the
// kinds of begin and presence follow it.
func (h *holding) values(keywords map[string][]string, numbers map[string][]float64, kind keyKind) {
	for f, values := range keywords {
		h.note(key{kind + 2, f, ""})
		for _, v := range values {
			h.note(key{kind, f, v})
			h.begins(kind+1, f, v)
		}
	}
	for f := range numbers {
		h.note(key{kind + 2, f, ""})
	}
}

func (h *holding) begins(kind keyKind, field, value string) {
	for _, n := range h.lengths[kind] {
		if n == len(value) || n < len(value) && utf8.RuneStart(value[n]) {
			h.note(key{kind, field, value[:n]})
		}
	}
}

// A weigher judges how much a clause narrows: by what kinds of keys it has
// and by how many queries use them.
type weigher struct{ use map[key]int }

func (w weigher) compare(a, b clause) int { return w.weight(a) - w.weight(b) }

func (w weigher) weight(c clause) int {
	sum := 0
	for _, k := range c {
		sum += w.common(k) * max(1, w.use[k])
	}
	return sum
}

// common is how common a key is among documents, by experience.
func (w weigher) common(k key) int {
	switch k.kind {
	case tokenKey:
		return 4
	case tokenPrefix, keywordPrefix, offerPrefix:
		return 10
	case presentKey, offerPresent:
		return 200
	}
	if f, ok := listings.Field(k.field); ok && f.Values != nil || k.field == "currency" || k.field == "source" {
		return 50
	}
	return 1
}

// clauses returns what a document must hold to satisfy the node, empty if
// nothing is known.
func (w weigher) clauses(n Node) []clause {
	var out []clause
	switch n := n.(type) {
	case *And:
		for _, c := range n.Nodes {
			out = append(out, w.clauses(c)...)
		}
	case *Or:
		var either clause
		for _, c := range n.Nodes {
			of := w.clauses(c)
			if len(of) == 0 {
				return nil
			}
			either = append(either, slices.MinFunc(of, w.compare)...)
		}
		out = []clause{either}
	case *Offer:
		out = append(inOffer(w.clauses(n.Node)), clause{{offerPresent, "", ""}})
	default:
		out = leafClauses(n)
	}
	slices.SortStableFunc(out, w.compare)
	return out[:min(len(out), maxClauses)]
}

// inOffer turns the keys of document fields into those of offer fields.
func inOffer(clauses []clause) []clause {
	out := make([]clause, len(clauses))
	for i, c := range clauses {
		for _, k := range c {
			if k.kind >= keywordKey && k.kind <= presentKey {
				k.kind += offerKeyword - keywordKey
			}
			out[i] = append(out[i], k)
		}
	}
	return out
}

func leafClauses(n Node) []clause {
	switch n := n.(type) {
	case *Term:
		return []clause{{{keywordKey, n.Field, n.Value}}}
	case *Prefix:
		return []clause{{{keywordPrefix, n.Field, n.Value}}}
	case *Exists:
		return []clause{{{presentKey, n.Field, ""}}}
	case *Range:
		return []clause{{{presentKey, n.Field, ""}}}
	case *Phrase:
		return termClauses(n.Terms)
	case *Near:
		return append(termClauses(n.A), termClauses(n.B)...)
	case *Regex:
		return regexClauses(n)
	}
	return nil
}

func termClauses(terms []TextTerm) []clause {
	var out []clause
	for _, t := range terms {
		if t.Prefix {
			out = append(out, clause{{tokenPrefix, "", t.Value}})
		} else {
			out = append(out, clause{{tokenKey, "", t.Value}})
		}
	}
	return out
}

// regexClauses uses literals that hold a bigram, which is a token wherever it
// stands; a part of a Latin word is none.
func regexClauses(n *Regex) []clause {
	var either clause
	for _, l := range n.Literals {
		tokens := text.Tokens(text.Fold(l))
		i := slices.IndexFunc(tokens, func(t text.Token) bool {
			return strings.HasPrefix(l[t.Start:], t.Value) && t.End-t.Start < len(t.Value)
		})
		if i < 0 {
			either = nil
			break
		}
		either = append(either, key{tokenKey, "", tokens[i].Value})
	}
	if either != nil {
		return []clause{either}
	}
	for _, f := range n.Fields {
		either = append(either, key{presentKey, f, ""})
	}
	return []clause{either}
}
