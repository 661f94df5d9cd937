package elastic

import (
	"math"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/query"
	"github.com/leakwatch/leakwatch/text"
)

// compiled is a query as Elasticsearch takes it. If it is not exact it finds
// all that match and more; what it finds is then put to the matcher.
type compiled struct {
	body  object
	exact bool
}

var everything = object{"match_all": object{}}

func compile(q *query.Query, schema *query.Schema, now time.Time) compiled {
	if q == nil {
		return compiled{everything, true}
	}
	c := compiler{schema: schema, now: now}
	return c.node(q.Root, "")
}

// compiler walks the tree; path is "offers." inside of an offer.
type compiler struct {
	schema *query.Schema
	now    time.Time
}

func (c *compiler) node(n query.Node, path string) compiled {
	switch x := n.(type) {
	case *query.All:
		return compiled{everything, true}
	case *query.And:
		return c.many("filter", x.Nodes, path)
	case *query.Or:
		return c.many("should", x.Nodes, path)
	case *query.Not:
		inner := c.node(x.Node, path)
		if !inner.exact {
			return compiled{everything, false} // it finds too much, so its opposite would find too little
		}
		return compiled{object{"bool": object{"must_not": []object{inner.body}}}, true}
	case *query.Term:
		return compiled{object{"term": object{path + name(x.Field): object{"value": x.Value}}}, true}
	case *query.Prefix:
		return compiled{object{"prefix": object{path + name(x.Field): object{"value": x.Value}}}, true}
	case *query.Exists:
		return compiled{object{"exists": object{"field": path + c.existing(x.Field)}}, true}
	case *query.Range:
		return compiled{c.between(x, path), true}
	case *query.Offer:
		inner := c.node(x.Node, offers+".")
		return compiled{object{"nested": object{"path": offers, "query": inner.body}}, inner.exact}
	case *query.Phrase:
		return c.phrase(x.Fields, x.Terms)
	case *query.Near:
		a, b := c.phrase(x.Fields, x.A), c.phrase(x.Fields, x.B)
		return compiled{object{"bool": object{"filter": []object{a.body, b.body}}}, false}
	case *query.Regex:
		return compiled{c.literals(x), false}
	}
	return compiled{everything, false}
}

func (c *compiler) many(how string, nodes []query.Node, path string) compiled {
	out := compiled{exact: true}
	bodies := make([]object, len(nodes))
	for i, n := range nodes {
		x := c.node(n, path)
		bodies[i] = x.body
		out.exact = out.exact && x.exact
	}
	clauses := object{how: bodies}
	if how == "should" {
		clauses["minimum_should_match"] = 1
	}
	out.body = object{"bool": clauses}
	return out
}

// existing names what a field exists by: a text by its tokens.
func (c *compiler) existing(field string) string {
	if f, ok := c.schema.Field(field); ok && f.Kind == query.Prose {
		return name(field) + plain
	}
	return name(field)
}

func (c *compiler) between(x *query.Range, path string) object {
	bounds := object{}
	set := func(b *query.Bound, inclusive, exclusive string) {
		if b == nil {
			return
		}
		key := inclusive
		if b.Exclusive {
			key = exclusive
		}
		bounds[key] = c.bound(b.At(c.now), x.Field, path, key)
	}
	set(x.Min, "gte", "gt")
	set(x.Max, "lte", "lt")
	if len(bounds) == 0 {
		return object{"exists": object{"field": path + name(x.Field)}}
	}
	return object{"range": object{path + name(x.Field): bounds}}
}

// bound writes a bound; times are whole milliseconds, so a fraction moves to
// the next one that keeps the meaning.
func (c *compiler) bound(v float64, field, path, key string) any {
	f, ok := c.schema.Field(field)
	if path != "" || !ok || f.Kind != query.Time {
		return v
	}
	if key == "gte" || key == "lt" {
		v = math.Ceil(v)
	} else {
		v = math.Floor(v)
	}
	return int64(math.Max(math.Min(v, 1<<53), -1<<53))
}

// phrase finds the terms in a row, in one of the streams of one of the fields.
func (c *compiler) phrase(fields []string, terms []query.TextTerm) compiled {
	out := compiled{exact: true}
	var any []object
	for _, f := range fields {
		for _, stream := range []string{plain, hidden} {
			body, exact := row(name(f)+stream, terms)
			any = append(any, body)
			out.exact = out.exact && exact
		}
	}
	out.body = object{"bool": object{"should": any, "minimum_should_match": 1}}
	return out
}

func row(field string, terms []query.TextTerm) (object, bool) {
	if len(terms) == 0 {
		return object{"match_none": object{}}, true
	}
	if len(terms) == 1 {
		return single(field, terms[0]), true
	}
	// In a row only if the offsets are; the analyzer gives each term the next
	// position, so gaps are written as they are indexed.
	var whole []string
	var clauses []object
	exact := true
	next := terms[0].Offset
	for _, t := range terms {
		if t.Prefix {
			exact = false
			clauses = append(clauses, single(field, t))
			continue
		}
		if t.Offset != next && len(whole) > 0 {
			exact = false
			clauses = append(clauses, phraseOf(field, whole))
			whole = nil
		}
		whole = append(whole, t.Value)
		next = t.Offset + 1
	}
	if len(whole) > 0 {
		clauses = append(clauses, phraseOf(field, whole))
	}
	if len(clauses) == 1 {
		return clauses[0], exact
	}
	return object{"bool": object{"filter": clauses}}, exact
}

func phraseOf(field string, values []string) object {
	return object{"match_phrase": object{field: object{"query": strings.Join(values, " "), "analyzer": "whitespace"}}}
}

func single(field string, t query.TextTerm) object {
	if t.Prefix {
		return object{"prefix": object{field: object{"value": t.Value}}}
	}
	return object{"term": object{field: object{"value": t.Value}}}
}

// literals narrows a regex by what each match must hold, as far as tokens can
// tell: neighbouring Han, kana or hangul characters, which are bigrams. A
// Latin literal may be a part of a word, and of that tokens know nothing.
func (c *compiler) literals(x *query.Regex) object {
	var any []object
	for _, l := range x.Literals {
		var bigrams []string
		for _, t := range text.Tokens(text.Fold(l)) {
			if r := []rune(t.Value); len(r) == 2 && r[0] > 0x2e7f && r[1] > 0x2e7f {
				bigrams = append(bigrams, t.Value)
			}
		}
		if len(bigrams) == 0 {
			return everything
		}
		for _, f := range x.Fields {
			all := make([]object, len(bigrams))
			for i, b := range bigrams {
				all[i] = object{"term": object{name(f) + plain: object{"value": b}}}
			}
			any = append(any, object{"bool": object{"filter": all}})
		}
	}
	if len(any) == 0 {
		return everything
	}
	return object{"bool": object{"should": any, "minimum_should_match": 1}}
}
