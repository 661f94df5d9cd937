package query

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/leak"
)

// Watch returns the query as a watch sees it: over hits only, unless it says
// itself which it wants (hit:any, hit:false).
func (q *Query) Watch() *Query {
	if slices.Contains(q.Fields(), "hit") {
		return q
	}
	return q.And(&Query{Root: &Term{"hit", "true"}})
}

// And returns the query that matches where q and all others do.
func (q *Query) And(others ...*Query) *Query {
	var nodes []Node
	for _, o := range append([]*Query{q}, others...) {
		if _, all := o.Root.(*All); !all && o.Root != nil {
			nodes = append(nodes, o.Root)
		}
	}
	root := join(nodes, newAnd)
	if root == nil {
		root = &All{}
	}
	return &Query{Root: root, src: canonical(root)}
}

// Without returns the query that matches where q does and none of the
// exceptions.
func (q *Query) Without(exceptions ...*Query) *Query {
	var not []*Query
	for _, e := range exceptions {
		root := e.Root
		if root == nil {
			root = &All{}
		}
		not = append(not, &Query{Root: &Not{root}})
	}
	return q.And(not...)
}

// NeedsHunt reports whether an index cannot narrow the query down, because a
// regex in it has no literal of two characters: it must read every text.
func (q *Query) NeedsHunt() bool {
	found := false
	Walk(q.Root, func(n Node) {
		if r, ok := n.(*Regex); ok && r.Literals == nil {
			found = true
		}
	})
	return found
}

// Walk calls visit for every node of the tree, parents first.
func Walk(n Node, visit func(Node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, c := range children(n) {
		Walk(c, visit)
	}
}

func children(n Node) []Node {
	switch n := n.(type) {
	case *And:
		return n.Nodes
	case *Or:
		return n.Nodes
	case *Not:
		return []Node{n.Node}
	case *Offer:
		return []Node{n.Node}
	}
	return nil
}

// size counts the nodes of a tree and its levels.
func size(n Node) (nodes, depth int) {
	for _, c := range children(n) {
		k, d := size(c)
		nodes, depth = nodes+k, max(depth, d)
	}
	return nodes + 1, depth + 1
}

// Fields returns the fields that the query reads, sorted, those of an offer
// as offer.price.
func (q *Query) Fields() []string {
	seen := map[string]bool{}
	collect(q.Root, "", seen)
	out := make([]string, 0, len(seen))
	for f := range seen {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}

func collect(n Node, prefix string, into map[string]bool) {
	if n == nil {
		return
	}
	if _, ok := n.(*Offer); ok {
		prefix = "offer."
		into["offer"] = true
	}
	for _, f := range fieldsOf(n) {
		into[prefix+f] = true
	}
	for _, c := range children(n) {
		collect(c, prefix, into)
	}
}

// fieldsOf returns the fields that the node itself reads.
func fieldsOf(n Node) []string {
	switch n := n.(type) {
	case *Term:
		return []string{n.Field}
	case *Prefix:
		return []string{n.Field}
	case *Exists:
		return []string{n.Field}
	case *Range:
		return []string{n.Field}
	case *Phrase:
		return n.Fields
	case *Near:
		return n.Fields
	case *Regex:
		return n.Fields
	}
	return nil
}

// ValuesHash returns a hash of the values that the query reads of the
// document: of texts the redacted form, of lists only whether it is on those
// that the query names. Two documents with the same hash satisfy the query
// alike, at the same instant.
func (q *Query) ValuesHash(d *Document) string {
	var parts, offer []string
	for _, f := range q.Fields() {
		if name, ok := strings.CutPrefix(f, "offer."); ok {
			offer = append(offer, name)
			continue
		}
		parts = append(parts, leak.Fingerprint(append([]string{f}, q.values(d, f)...)...))
	}
	if slices.Contains(q.Fields(), "offer") {
		parts = append(parts, offersHash(d, offer))
	}
	return leak.Fingerprint(parts...)
}

// values returns the values of one field in a fixed order.
func (q *Query) values(d *Document, field string) []string {
	keywords := d.Keywords[field]
	if field == "list" {
		keywords = q.namedLists(keywords)
	}
	out := append([]string{strconv.Itoa(len(keywords))}, sortedCopy(keywords)...)
	out = append(out, numberParts(d.Numbers[field])...)
	for _, t := range d.Texts {
		if t.Field == field {
			out = append(out, "text", t.Redacted)
		}
	}
	return out
}

// namedLists returns those of the lists that the query asks for, or all if it
// asks for any.
func (q *Query) namedLists(lists []string) []string {
	asks := func(name string) bool {
		found := false
		Walk(q.Root, func(n Node) {
			if t, ok := n.(*Term); ok {
				found = found || t.Field == "list" && t.Value == name
			} else if f := fieldsOf(n); slices.Contains(f, "list") {
				found = true
			}
		})
		return found
	}
	return slices.DeleteFunc(slices.Clone(lists), func(s string) bool { return !asks(s) })
}

func offersHash(d *Document, fields []string) string {
	each := make([]string, len(d.Offers))
	for i, o := range d.Offers {
		var parts []string
		for _, f := range fields {
			parts = append(parts, leak.Fingerprint(append(sortedCopy(o.Keywords[f]), numberParts(o.Numbers[f])...)...))
		}
		each[i] = leak.Fingerprint(parts...)
	}
	slices.Sort(each)
	return leak.Fingerprint(each...)
}

func sortedCopy(values []string) []string { return slices.Sorted(slices.Values(values)) }

func numberParts(values []float64) []string {
	var out []string
	for _, v := range slices.Sorted(slices.Values(values)) {
		out = append(out, string(binary.BigEndian.AppendUint64(nil, math.Float64bits(v))))
	}
	return out
}

// Why returns the parts of the query, in canonical form, that the document
// satisfies at the instant now: each term that stands for something found,
// not what is merely absent. It is empty if the document does not match.
func (q *Query) Why(d *Document, now time.Time) []string {
	v := documentView(d, now)
	if q.Root == nil || !v.holds(q.Root) {
		return nil
	}
	out := v.why(q.Root, nil)
	if len(out) == 0 {
		return []string{canonical(q.Root)}
	}
	return out
}

func (v *view) why(n Node, out []string) []string {
	if !v.holds(n) {
		return out
	}
	switch n := n.(type) {
	case *All, *Not:
		return out
	case *And, *Or:
		for _, c := range children(n) {
			out = v.why(c, out)
		}
		return out
	case *Term:
		if n.Field == "hit" {
			return out
		}
	}
	if s := operand(n); !slices.Contains(out, s) {
		out = append(out, s)
	}
	return out
}
