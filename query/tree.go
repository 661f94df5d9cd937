// Package query is the one query language of leakwatch. Search, watches,
// routes, silences and hunts are written in it.
//
// Parse reads what people type (see Reference) into a tree of a dozen kinds
// of nodes, all faults at once, and replaces identifiers by their codes before
// anything else sees them. A tree speaks of Documents: keywords, numbers,
// offers and texts as tokens, which ListingDocument and its siblings make of
// what is stored, by the fields of a Schema. Engines index exactly these
// documents and translate the tree; Match, the matcher in memory, is the
// definition of what a query means, and package querytest makes the random
// queries and documents by which an engine is held to it.
//
// A Matcher puts one document to thousands of queries at once, as watches
// need it. Why and Highlight say what matched; ValuesHash says whether
// anything that a query reads has changed.
//
// The package stores nothing. Everything in it is immutable once made and
// safe for concurrent use.
package query

import (
	"regexp"
	"time"
)

// Query is a parsed query. It is immutable and safe for concurrent use.
type Query struct {
	Root Node
	src  string // canonical form, "" if the query was not parsed
}

// String returns the query in canonical form: what may be stored, logged and
// shown. Identifiers stand in it as codes, never as typed. Parsed again in
// the same collection it gives an equal tree.
func (q *Query) String() string {
	if q.src == "" {
		return canonical(q.Root)
	}
	return q.src
}

// Node is a node of the query tree: one of the types below, by pointer.
type Node interface{ node() }

// The nodes of a query tree.
type (
	// All matches every document.
	All struct{}
	// And matches where all of Nodes match. It has two or more.
	And struct{ Nodes []Node }
	// Or matches where at least one of Nodes matches. It has two or more.
	Or struct{ Nodes []Node }
	// Not matches where Node does not.
	Not struct{ Node Node }

	// Term matches where one value of a keyword field equals Value. Field is
	// an index field, Value already normalised as the field wants it.
	Term struct{ Field, Value string }
	// Prefix matches where one value of a keyword field begins with Value.
	Prefix struct{ Field, Value string }
	// Exists matches where the field has any value.
	Exists struct{ Field string }
	// Range matches where one value of a number or time field lies between
	// the bounds. Times are Unix milliseconds.
	Range struct {
		Field    string
		Min, Max *Bound
	}

	// Phrase matches where the terms stand one after the other in the plain
	// or in the unhidden stream of one of Fields.
	Phrase struct {
		Fields []string // title, body, seller …
		Terms  []TextTerm
		Text   string // as typed, for messages and highlights
	}
	// Near matches where A and B stand in any order, apart, with at most
	// Distance positions between the end of one and the begin of the other,
	// in one stream of one field. Span says how many positions each takes.
	Near struct {
		Fields   []string
		A, B     []TextTerm
		Distance int
		Text     string
	}
	// Regex matches where the RE2 expression matches the redacted text of one
	// of Fields. Literals are lower-cased texts of which at least one must
	// occur in every match, nil if there is none of two characters.
	Regex struct {
		Fields   []string
		Expr     string
		Literals []string

		compiled *regexp.Regexp // nil if the node was not parsed
	}

	// Offer matches where one single offer of the listing satisfies Node,
	// whose fields are offer fields.
	Offer struct{ Node Node }
)

// Bound is one end of a range.
type Bound struct {
	Value     float64
	Exclusive bool
	Now       *time.Duration // if set, the bound is now + *Now and Value is unused
	Floor     time.Duration  // with Now: rounded down to a multiple of it, in UTC; 0 for none
}

// At returns the bound's value given the present instant.
func (b *Bound) At(now time.Time) float64 {
	if b.Now != nil {
		at := now.Add(*b.Now).UnixMilli()
		if step := b.Floor.Milliseconds(); step > 0 {
			at -= (at%step + step) % step
		}
		return float64(at)
	}
	return b.Value
}

// TextTerm is one term of a phrase at its position relative to the first.
type TextTerm struct {
	Value  string
	Offset int
	Prefix bool // matches every token that begins with Value
}

func (*All) node()    {}
func (*And) node()    {}
func (*Or) node()     {}
func (*Not) node()    {}
func (*Term) node()   {}
func (*Prefix) node() {}
func (*Exists) node() {}
func (*Range) node()  {}
func (*Phrase) node() {}
func (*Near) node()   {}
func (*Regex) node()  {}
func (*Offer) node()  {}

// Document is what a query sees of a stored document. Engines index exactly
// this and nothing else.
type Document struct {
	Keywords map[string][]string  // by field
	Numbers  map[string][]float64 // by field; times as Unix milliseconds
	Offers   []OfferDocument
	Texts    []Text
}

// OfferDocument is one offer of a listing, for queries inside offer:( ).
type OfferDocument struct {
	Keywords map[string][]string
	Numbers  map[string][]float64
}

// Text is one text field in its redacted form and as tokens of both streams.
// Unhidden is empty where unhiding changed nothing.
type Text struct {
	Field    string
	Redacted string
	Plain    []Token
	Unhidden []Token
}

// Token is an indexed term at a position.
type Token struct {
	Value string
	Pos   int
}
