package remote

import (
	"time"

	"github.com/leakwatch/leakwatch/query"
)

// node is a node of a query tree as gob can carry it: gob knows no interfaces
// without registration, and takes a pointer to zero for none.
type node struct {
	Op       op
	Nodes    []node
	Field    string
	Value    string
	Fields   []string
	A, B     []query.TextTerm
	Distance int
	Text     string
	Literals []string
	Min, Max *bound
}

type bound struct {
	Value      float64
	Exclusive  bool
	Relative   bool // to now
	Now, Floor time.Duration
}

type op byte

const (
	all op = iota + 1
	and
	or
	not
	term
	prefix
	exists
	between
	phrase
	near
	regex
	offer
)

// pack writes a query, nil for none.
func pack(q *query.Query) *node {
	if q == nil {
		return nil
	}
	n := packNode(q.Root)
	return &n
}

func packNode(n query.Node) node {
	switch x := n.(type) {
	case *query.And:
		return node{Op: and, Nodes: packAll(x.Nodes)}
	case *query.Or:
		return node{Op: or, Nodes: packAll(x.Nodes)}
	case *query.Not:
		return node{Op: not, Nodes: packAll([]query.Node{x.Node})}
	case *query.Offer:
		return node{Op: offer, Nodes: packAll([]query.Node{x.Node})}
	case *query.Term:
		return node{Op: term, Field: x.Field, Value: x.Value}
	case *query.Prefix:
		return node{Op: prefix, Field: x.Field, Value: x.Value}
	case *query.Exists:
		return node{Op: exists, Field: x.Field}
	case *query.Range:
		return node{Op: between, Field: x.Field, Min: packBound(x.Min), Max: packBound(x.Max)}
	case *query.Phrase:
		return node{Op: phrase, Fields: x.Fields, A: x.Terms, Text: x.Text}
	case *query.Near:
		return node{Op: near, Fields: x.Fields, A: x.A, B: x.B, Distance: x.Distance, Text: x.Text}
	case *query.Regex:
		return node{Op: regex, Fields: x.Fields, Value: x.Expr, Literals: x.Literals}
	}
	return node{Op: all}
}

func packAll(nodes []query.Node) []node {
	out := make([]node, len(nodes))
	for i, n := range nodes {
		out[i] = packNode(n)
	}
	return out
}

func packBound(b *query.Bound) *bound {
	if b == nil {
		return nil
	}
	out := &bound{Value: b.Value, Exclusive: b.Exclusive, Floor: b.Floor}
	if b.Now != nil {
		out.Relative, out.Now = true, *b.Now
	}
	return out
}

// unpack reads a query, nil for none.
func unpack(n *node) *query.Query {
	if n == nil {
		return nil
	}
	return &query.Query{Root: n.query()}
}

func (n *node) query() query.Node {
	switch n.Op {
	case and:
		return &query.And{Nodes: n.queries()}
	case or:
		return &query.Or{Nodes: n.queries()}
	case not:
		return &query.Not{Node: n.queries()[0]}
	case offer:
		return &query.Offer{Node: n.queries()[0]}
	case term:
		return &query.Term{Field: n.Field, Value: n.Value}
	case prefix:
		return &query.Prefix{Field: n.Field, Value: n.Value}
	case exists:
		return &query.Exists{Field: n.Field}
	case between:
		return &query.Range{Field: n.Field, Min: n.Min.query(), Max: n.Max.query()}
	case phrase:
		return &query.Phrase{Fields: n.Fields, Terms: n.A, Text: n.Text}
	case near:
		return &query.Near{Fields: n.Fields, A: n.A, B: n.B, Distance: n.Distance, Text: n.Text}
	case regex:
		return &query.Regex{Fields: n.Fields, Expr: n.Value, Literals: n.Literals}
	}
	return &query.All{}
}

func (n *node) queries() []query.Node {
	out := make([]query.Node, len(n.Nodes))
	for i := range n.Nodes {
		out[i] = n.Nodes[i].query()
	}
	return out
}

func (b *bound) query() *query.Bound {
	if b == nil {
		return nil
	}
	out := &query.Bound{Value: b.Value, Exclusive: b.Exclusive, Floor: b.Floor}
	if b.Relative {
		now := b.Now
		out.Now = &now
	}
	return out
}
