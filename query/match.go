package query

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Match reports whether the document satisfies the query at the instant now.
// It is the definition of the language: an engine that answers otherwise is
// wrong. It takes time linear in the document for each term of the query.
func (q *Query) Match(d *Document, now time.Time) bool {
	return q.Root == nil || documentView(d, now).holds(q.Root)
}

// A view is what the nodes of a tree are asked of: a document, or one offer
// of it, which has no texts.
type view struct {
	keywords map[string][]string
	numbers  map[string][]float64
	texts    []Text
	offers   []OfferDocument
	now      time.Time
}

func documentView(d *Document, now time.Time) *view {
	return &view{d.Keywords, d.Numbers, d.Texts, d.Offers, now}
}

func offerView(o *OfferDocument, now time.Time) *view {
	return &view{keywords: o.Keywords, numbers: o.Numbers, now: now}
}

func (v *view) holds(n Node) bool {
	switch n := n.(type) {
	case *All:
		return true
	case *And:
		return !slices.ContainsFunc(n.Nodes, func(c Node) bool { return !v.holds(c) })
	case *Or:
		return slices.ContainsFunc(n.Nodes, v.holds)
	case *Not:
		return !v.holds(n.Node)
	case *Offer:
		return slices.ContainsFunc(v.offers, func(o OfferDocument) bool { return offerView(&o, v.now).holds(n.Node) })
	case *Phrase, *Near, *Regex:
		return v.reads(n)
	}
	return v.has(n)
}

// has answers the nodes that ask for values.
func (v *view) has(n Node) bool {
	switch n := n.(type) {
	case *Term:
		return slices.Contains(v.keywords[n.Field], n.Value)
	case *Prefix:
		return slices.ContainsFunc(v.keywords[n.Field], func(s string) bool { return strings.HasPrefix(s, n.Value) })
	case *Exists:
		return len(v.keywords[n.Field]) > 0 || len(v.numbers[n.Field]) > 0 ||
			slices.ContainsFunc(v.texts, func(t Text) bool { return t.Field == n.Field && t.Redacted != "" })
	case *Range:
		return slices.ContainsFunc(v.numbers[n.Field], func(x float64) bool { return n.holds(x, v.now) })
	}
	return false
}

func (r *Range) holds(x float64, now time.Time) bool {
	if r.Min != nil {
		if least := r.Min.At(now); x < least || r.Min.Exclusive && x == least {
			return false
		}
	}
	if r.Max != nil {
		if most := r.Max.At(now); x > most || r.Max.Exclusive && x == most {
			return false
		}
	}
	return true
}

// reads answers the nodes that ask for text.
func (v *view) reads(n Node) bool {
	switch n := n.(type) {
	case *Phrase:
		return v.anyStream(n.Fields, func(s []Token) bool { return len(occurrences(s, n.Terms, 1)) > 0 })
	case *Near:
		return v.anyStream(n.Fields, n.holds)
	case *Regex:
		re := n.expression()
		return re != nil && slices.ContainsFunc(v.texts, func(t Text) bool {
			return slices.Contains(n.Fields, t.Field) && re.MatchString(t.Redacted)
		})
	}
	return false
}

func (v *view) anyStream(fields []string, holds func([]Token) bool) bool {
	return slices.ContainsFunc(v.texts, func(t Text) bool {
		return slices.Contains(fields, t.Field) && (holds(t.Plain) || holds(t.Unhidden))
	})
}

// expression returns the compiled expression, nil if it is invalid, which no
// parsed one is.
func (r *Regex) expression() *regexp.Regexp {
	if r.compiled != nil {
		return r.compiled
	}
	re, _ := regexp.Compile(r.Expr)
	return re
}

// holds reports whether A and B stand near each other in the stream.
func (n *Near) holds(stream []Token) bool {
	a, b := occurrences(stream, n.A, 0), occurrences(stream, n.B, 0)
	return follow(a, Span(n.A), b, n.Distance) || follow(b, Span(n.B), a, n.Distance)
}

// follow reports whether one of second begins at most distance positions after
// the end of one of first, each of which takes up length. Both are sorted.
func follow(first []int, length int, second []int, distance int) bool {
	for _, f := range first {
		end := f + length
		if i, _ := slices.BinarySearch(second, end); i < len(second) && second[i]-end <= distance {
			return true
		}
	}
	return false
}

// occurrences returns the positions, in order, at which the terms stand in a
// stream, at most limit of them, 0 for all.
func occurrences(stream []Token, terms []TextTerm, limit int) []int {
	var out []int
	if len(terms) == 0 {
		return nil
	}
	for i := range stream {
		if !terms[0].is(stream[i].Value) || !continues(stream[i:], terms) {
			continue
		}
		if pos := stream[i].Pos; len(out) == 0 || out[len(out)-1] != pos {
			out = append(out, pos)
		}
		if len(out) == limit {
			break
		}
	}
	return out
}

// continues reports whether the terms after the first stand behind the first
// token of the stream, whose tokens are in the order of their positions.
func continues(stream []Token, terms []TextTerm) bool {
	at := 0
	for _, t := range terms[1:] {
		want := stream[0].Pos + t.Offset - terms[0].Offset
		for at < len(stream) && stream[at].Pos < want {
			at++
		}
		k := at
		for k < len(stream) && stream[k].Pos == want && !t.is(stream[k].Value) {
			k++
		}
		if k == len(stream) || stream[k].Pos != want {
			return false
		}
	}
	return true
}

// is reports whether the token satisfies the term.
func (t TextTerm) is(token string) bool {
	return token == t.Value || t.Prefix && strings.HasPrefix(token, t.Value)
}
