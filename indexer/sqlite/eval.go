package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/internal/postings"
	"github.com/leakwatch/leakwatch/query"
)

// search answers one query over one snapshot of a collection. Sets are sorted
// slices: of documents, by num; of offers or tokens, by num << posBits | pos.
type search struct {
	*view
	collection indexer.Collection
	now        time.Time
}

func (v *view) on(c indexer.Collection, now time.Time) *search { return &search{v, c, now} }

// matching returns the documents that satisfy the query.
func (s *search) matching(ctx context.Context, q *query.Query) ([]int64, error) {
	var root query.Node = &query.All{}
	if q != nil && q.Root != nil {
		root = q.Root
	}
	found, err := s.documents().eval(ctx, root, nil)
	if err != nil {
		return nil, err
	}
	dead, err := s.dead(ctx, number(s.collection), 0, math.MaxInt64)
	return postings.Subtract(found, dead), err
}

// scope is where a tree is evaluated: over documents or over single offers.
type scope struct {
	*search
	every, has, keyword, numeric kind
	shift                        int // of a num in a member of a set
}

func (s *search) documents() *scope { return &scope{s, every, has, keyword, numeric, 0} }
func (s *search) offers() *scope {
	return &scope{s, everyOffer, offerHas, offerKeyword, offerNumeric, posBits}
}

// eval returns a set that agrees with the node on all members of within; nil
// is all. Only regexes, which are costly, make use of it.
func (sc *scope) eval(ctx context.Context, n query.Node, within []int64) ([]int64, error) {
	switch n := n.(type) {
	case *query.All:
		return sc.all(ctx, within)
	case *query.And:
		return sc.and(ctx, n.Nodes, within)
	case *query.Or:
		return sc.or(ctx, n.Nodes, within)
	case *query.Not:
		return sc.and(ctx, []query.Node{n}, within)
	case *query.Offer:
		if sc.shift > 0 {
			return nil, nil // an offer has no offers
		}
		offers, err := sc.offers().eval(ctx, n.Node, nil)
		return documentsOf(offers), err
	case *query.Phrase, *query.Near, *query.Regex:
		if sc.shift > 0 {
			return nil, nil // nor texts
		}
		return sc.reading(ctx, n, within)
	}
	return sc.having(ctx, n)
}

// having evaluates the nodes that ask for values.
func (sc *scope) having(ctx context.Context, n query.Node) ([]int64, error) {
	switch n := n.(type) {
	case *query.Term:
		low := appendTerm(nil, sc.keyword, n.Field, n.Value)
		return sc.members(ctx, low, append(slices.Clip(low), 0))
	case *query.Prefix:
		low := appendTerm(nil, sc.keyword, n.Field, n.Value)
		return sc.members(ctx, low, above(low))
	case *query.Exists:
		low := appendTerm(nil, sc.has, n.Field, "")
		return sc.members(ctx, low, append(slices.Clip(low), 0))
	case *query.Range:
		low, high := sc.bounds(n)
		return sc.members(ctx, low, high)
	}
	return nil, fmt.Errorf("search for %T: %w", n, indexer.ErrInvalid)
}

// all returns every member, or those within.
func (sc *scope) all(ctx context.Context, within []int64) ([]int64, error) {
	if within != nil {
		return within, nil
	}
	low := appendTerm(nil, sc.every, "", "")
	return sc.members(ctx, low, append(slices.Clip(low), 0))
}

// and intersects: first what is cheap, then without what is excluded, then
// with what must be read.
func (sc *scope) and(ctx context.Context, nodes []query.Node, within []int64) ([]int64, error) {
	nodes = slices.Clone(nodes)
	slices.SortStableFunc(nodes, func(a, b query.Node) int { return cmp.Compare(cost(a), cost(b)) })
	for _, n := range nodes {
		not, negative := n.(*query.Not)
		if negative {
			var err error
			if within, err = sc.all(ctx, within); err != nil {
				return nil, err
			}
			n = not.Node
		}
		found, err := sc.eval(ctx, n, within)
		switch {
		case err != nil:
			return nil, err
		case negative:
			within = postings.Subtract(within, found)
		case within == nil:
			within = found
		default:
			within = postings.Intersect(within, found)
		}
		if len(within) == 0 {
			return nil, nil
		}
	}
	return within, nil
}

// cost orders the parts of a conjunction.
func cost(n query.Node) int {
	reads := false
	query.Walk(n, func(n query.Node) {
		if _, ok := n.(*query.Regex); ok {
			reads = true
		}
	})
	_, negative := n.(*query.Not)
	switch {
	case reads:
		return 2
	case negative:
		return 1
	}
	return 0
}

func (sc *scope) or(ctx context.Context, nodes []query.Node, within []int64) ([]int64, error) {
	var all []int64
	for _, n := range nodes {
		found, err := sc.eval(ctx, n, within)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return postings.Set(all), nil
}

// members returns all documents, or offers, of the terms from low on and
// below high.
func (sc *scope) members(ctx context.Context, low, high []byte) ([]int64, error) {
	if sc.shift > 0 {
		return sc.positions(ctx, low, high)
	}
	var out []int64
	err := sc.lists(ctx, number(sc.collection), low, high, func(_ []byte, l postings.List) error {
		for p := l.Postings(); ; {
			more, err := p.Next()
			if err != nil || !more {
				return err
			}
			out = append(out, p.Doc)
		}
	})
	return postings.Set(out), err
}

// positions returns where the terms from low on and below high stand.
func (s *search) positions(ctx context.Context, low, high []byte) ([]int64, error) {
	var out []int64
	err := s.lists(ctx, number(s.collection), low, high, func(_ []byte, l postings.List) error {
		for p := l.Postings(); ; {
			more, err := p.Next()
			if err != nil || !more {
				return err
			}
			if out, err = p.AppendPositions(out, p.Doc<<posBits); err != nil {
				return err
			}
		}
	})
	return postings.Set(out), err
}

// documentsOf returns the documents of a set of offers or tokens.
func documentsOf(set []int64) []int64 {
	out := make([]int64, len(set))
	for i, v := range set {
		out[i] = v >> posBits
	}
	return slices.Compact(out)
}

// above returns the least term that is above all that begin with prefix,
// whose first byte is never the highest.
func above(prefix []byte) []byte {
	out := slices.Clone(prefix)
	for out[len(out)-1] == 0xff {
		out = out[:len(out)-1]
	}
	out[len(out)-1]++
	return out
}

// bounds returns the terms between which the numbers of a range lie.
func (sc *scope) bounds(r *query.Range) (low, high []byte) {
	low = appendTerm(nil, sc.numeric, r.Field, "")
	high = above(low)
	if r.Min != nil {
		least := r.Min.At(sc.now)
		if math.IsNaN(least) {
			return low, low
		}
		low = appendNumber(nil, sc.numeric, r.Field, least)
		if r.Min.Exclusive {
			low = append(low, 0)
		}
	}
	if r.Max != nil {
		most := r.Max.At(sc.now)
		if math.IsNaN(most) {
			return low, low
		}
		high = appendNumber(nil, sc.numeric, r.Field, most)
		if !r.Max.Exclusive {
			high = append(high, 0)
		}
	}
	return low, high
}
