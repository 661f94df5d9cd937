package sqlite

import (
	"context"
	"encoding/json"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/internal/postings"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// reading evaluates the nodes that ask for text.
func (s *search) reading(ctx context.Context, n query.Node, within []int64) ([]int64, error) {
	switch n := n.(type) {
	case *query.Phrase:
		return s.streams(ctx, n.Fields, func(field string, k kind) ([]int64, error) {
			at, err := s.phrase(ctx, field, k, n.Terms)
			return documentsOf(at), err
		})
	case *query.Near:
		return s.streams(ctx, n.Fields, func(field string, k kind) ([]int64, error) { return s.near(ctx, field, k, n) })
	case *query.Regex:
		return s.regex(ctx, n, within)
	}
	return nil, nil
}

// streams unites what f finds in both streams of the fields.
func (s *search) streams(ctx context.Context, fields []string, f func(field string, k kind) ([]int64, error)) ([]int64, error) {
	var all []int64
	for _, field := range fields {
		for _, k := range []kind{plain, unhid} {
			found, err := f(field, k)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
	}
	return postings.Set(all), nil
}

// phrase returns the positions in one stream of a field at which the terms
// stand.
func (s *search) phrase(ctx context.Context, field string, k kind, terms []query.TextTerm) ([]int64, error) {
	var at []int64
	for i, t := range terms {
		low := appendTerm(nil, k, field, t.Value)
		high := append(slices.Clip(low), 0)
		if t.Prefix {
			high = above(low)
		}
		found, err := s.positions(ctx, low, high)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			at = found
		} else {
			at = postings.Intersect(at, shifted(found, t.Offset-terms[0].Offset))
		}
		if len(at) == 0 {
			return nil, nil
		}
	}
	return at, nil
}

// shifted moves tokens back by so many positions and drops those that would
// leave their text.
func shifted(set []int64, by int) []int64 {
	out := make([]int64, 0, len(set))
	for _, v := range set {
		if pos := v&tokenMask - int64(by); pos >= 0 && pos <= tokenMask {
			out = append(out, v-int64(by))
		}
	}
	return out
}

func (s *search) near(ctx context.Context, field string, k kind, n *query.Near) ([]int64, error) {
	a, err := s.phrase(ctx, field, k, n.A)
	if err != nil || len(a) == 0 {
		return nil, err
	}
	b, err := s.phrase(ctx, field, k, n.B)
	if err != nil {
		return nil, err
	}
	found := following(a, query.Span(n.A), b, n.Distance)
	found = append(found, following(b, query.Span(n.B), a, n.Distance)...)
	return postings.Set(found), nil
}

// following returns the documents in which one of second begins at most
// distance positions after the end of one of first, each of which is length
// long.
func following(first []int64, length int, second []int64, distance int) []int64 {
	var out []int64
	for _, f := range first {
		end := f + int64(length)
		if end>>tokenBits != f>>tokenBits {
			continue
		}
		i, _ := slices.BinarySearch(second, end)
		if i < len(second) && second[i]>>tokenBits == f>>tokenBits && second[i]-end <= int64(distance) {
			out = append(out, f>>posBits)
		}
	}
	return out
}

// regex finds the documents that may match by the literals, as far as these
// are in the index, and asks the matcher about the stored text of each.
func (s *search) regex(ctx context.Context, n *query.Regex, within []int64) ([]int64, error) {
	candidates, err := s.literals(ctx, n)
	if err != nil {
		return nil, err
	}
	switch {
	case candidates == nil:
		candidates, err = s.documents().all(ctx, within)
	case within != nil:
		candidates = postings.Intersect(candidates, within)
	}
	if err != nil {
		return nil, err
	}
	q := &query.Query{Root: n}
	var found []int64
	for _, num := range candidates {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d, err := s.stored(ctx, num)
		if err != nil {
			return nil, err
		}
		if d != nil && q.Match(d, s.now) {
			found = append(found, num)
		}
	}
	return found, nil
}

// literals returns the documents that hold the bigrams of one of the literals
// of the expression, nil if nothing is known of them.
func (s *search) literals(ctx context.Context, n *query.Regex) ([]int64, error) {
	if len(n.Literals) == 0 {
		return nil, nil
	}
	all := []int64{}
	for _, l := range n.Literals {
		terms := bigrams(l)
		if len(terms) == 0 {
			return nil, nil
		}
		for _, field := range n.Fields {
			at, err := s.phrase(ctx, field, plain, terms)
			if err != nil {
				return nil, err
			}
			all = append(all, documentsOf(at)...)
		}
	}
	return postings.Set(all), nil
}

// bigrams returns the terms of the longest run of a folded text that is
// indexed by its characters wherever it stands, nil if there is none of two.
func bigrams(s string) []query.TextTerm {
	var best, run []query.TextTerm
	for len(s) > 0 {
		a, n := utf8.DecodeRuneInString(s)
		b, m := utf8.DecodeRuneInString(s[n:])
		if byCharacter(a) && byCharacter(b) {
			run = append(run, query.TextTerm{Value: s[:n+m], Offset: len(run)})
		} else {
			run = nil
		}
		if len(run) > len(best) {
			best = run
		}
		s = s[n:]
	}
	return best
}

// byCharacter reports whether r is surely a position of its own. It is wrong
// only on the safe side.
func byCharacter(r rune) bool {
	return unicode.IsLetter(r) && unicode.In(r, unicode.Han) || r >= '가' && r <= '힣'
}

// stored returns what queries see of a stored document, nil if it is gone or
// its source is not what its collection holds.
func (s *search) stored(ctx context.Context, num int64) (*query.Document, error) {
	var d *query.Document
	err := s.s.each(ctx, "SELECT source FROM docs WHERE num = ?", []any{num}, func(scan func(...any) error) error {
		var source []byte
		if err := scan(&source); err != nil {
			return err
		}
		d = document(s.collection, source)
		return nil
	})
	return d, err
}

func document(c indexer.Collection, source []byte) *query.Document {
	switch c {
	case indexer.Alerts:
		return decode(source, query.AlertDocument)
	case indexer.Cases:
		return decode(source, query.CaseDocument)
	case indexer.Revisions:
		return decode(source, query.RevisionDocument)
	default:
		return decode(source, query.ListingDocument)
	}
}

func decode[T leak.Listing | leak.Alert | leak.Case | leak.Revision](source []byte, fields func(*T) *query.Document) *query.Document {
	var v T
	if err := json.Unmarshal(source, &v); err != nil {
		return nil
	}
	return fields(&v)
}
