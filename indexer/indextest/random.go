package indextest

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/leakwatch/leakwatch/query"
)

// randomNode draws a query tree over the fields of listings that the random
// listings fill.
func randomNode(r *rapid.T, depth int) query.Node {
	if depth > 0 && rapid.IntRange(0, 2).Draw(r, "inner") > 0 {
		return randomInner(r, depth, randomNode)
	}
	switch rapid.IntRange(0, 7).Draw(r, "leaf") {
	case 0:
		return &query.All{}
	case 1:
		return &query.Offer{Node: randomOffer(r, 2)}
	case 2, 3, 4:
		return randomText(r)
	default:
		return randomValue(r, []string{"seller", "category", "language"}, []string{"score", "posted_at", "revision"})
	}
}

func randomInner(r *rapid.T, depth int, child func(*rapid.T, int) query.Node) query.Node {
	kind := rapid.IntRange(0, 4).Draw(r, "operator")
	if kind == 0 {
		return &query.Not{Node: child(r, depth-1)}
	}
	nodes := []query.Node{child(r, depth-1), child(r, depth-1)}
	if rapid.Bool().Draw(r, "third") {
		nodes = append(nodes, child(r, depth-1))
	}
	if kind%2 == 0 {
		return &query.Or{Nodes: nodes}
	}
	return &query.And{Nodes: nodes}
}

func randomOffer(r *rapid.T, depth int) query.Node {
	if depth > 0 && rapid.Bool().Draw(r, "inner") {
		return randomInner(r, depth, randomOffer)
	}
	return randomValue(r, []string{"currency", "category"}, []string{"price", "quantity", "unit_price"})
}

func randomValue(r *rapid.T, keywords, numbers []string) query.Node {
	keyword, number := rapid.SampledFrom(keywords).Draw(r, "keyword"), rapid.SampledFrom(numbers).Draw(r, "number")
	value := rapid.SampledFrom([]string{"a", "ab", "b", "zh", "ko", "id_", "id_number", "face_photo", "CNY", "U", "身", ""}).Draw(r, "value")
	switch rapid.IntRange(0, 3).Draw(r, "condition") {
	case 0:
		return &query.Term{Field: keyword, Value: value}
	case 1:
		return &query.Prefix{Field: keyword, Value: value}
	case 2:
		return &query.Exists{Field: rapid.SampledFrom([]string{keyword, number}).Draw(r, "field")}
	default:
		return &query.Range{Field: number, Min: randomBound(r), Max: randomBound(r)}
	}
}

func randomBound(r *rapid.T) *query.Bound {
	switch rapid.IntRange(0, 3).Draw(r, "bound") {
	case 0:
		return nil
	case 1:
		offset := time.Duration(rapid.IntRange(-48, 2).Draw(r, "hours")) * time.Hour
		return &query.Bound{Now: &offset, Exclusive: rapid.Bool().Draw(r, "exclusive")}
	default:
		v := rapid.SampledFrom([]float64{-1, 0, 0.25, 0.5, 1, 2, 2.5, 5, 10, 1001}).Draw(r, "limit")
		return &query.Bound{Value: v, Exclusive: rapid.Bool().Draw(r, "exclusive")}
	}
}

func randomText(r *rapid.T) query.Node {
	fields := rapid.SampledFrom([][]string{{"title", "body"}, {"title"}, {"body"}}).Draw(r, "fields")
	a := randomTerms(r)
	if rapid.Bool().Draw(r, "near") {
		return &query.Near{Fields: fields, A: a, B: randomTerms(r), Distance: rapid.IntRange(0, 5).Draw(r, "distance")}
	}
	return &query.Phrase{Fields: fields, Terms: a}
}

// randomTerms takes the terms from a random text, as a typed phrase would.
func randomTerms(r *rapid.T) []query.TextTerm {
	typed := []rune(rapid.StringOfN(rapid.SampledFrom([]rune("身份证照套신분증ab1")), 1, 4, -1).Draw(r, "phrase"))
	if typed[0] < 0x80 || len(typed) == 1 {
		return []query.TextTerm{{Value: string(typed[0]), Prefix: rapid.Bool().Draw(r, "prefix")}}
	}
	var terms []query.TextTerm
	for i := range len(typed) - 1 {
		terms = append(terms, query.TextTerm{Value: string(typed[i : i+2]), Offset: i})
	}
	return terms
}

// dump writes a tree for a failure message.
func dump(n query.Node) string {
	switch n := n.(type) {
	case *query.And:
		return dumpAll("and", n.Nodes)
	case *query.Or:
		return dumpAll("or", n.Nodes)
	case *query.Not:
		return dumpAll("not", []query.Node{n.Node})
	case *query.Offer:
		return dumpAll("offer", []query.Node{n.Node})
	case *query.Range:
		return fmt.Sprintf("range(%s %s %s)", n.Field, dumpBound(n.Min), dumpBound(n.Max))
	default:
		return fmt.Sprintf("%T%+v", n, n)
	}
}

func dumpAll(name string, nodes []query.Node) string {
	var parts []string
	for _, n := range nodes {
		parts = append(parts, dump(n))
	}
	return name + "(" + strings.Join(parts, " ") + ")"
}

func dumpBound(b *query.Bound) string {
	if b == nil {
		return "*"
	}
	if b.Now != nil {
		return fmt.Sprintf("now%+v exclusive=%v", *b.Now, b.Exclusive)
	}
	return fmt.Sprintf("%g exclusive=%v", b.Value, b.Exclusive)
}
