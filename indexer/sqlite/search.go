package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/internal/postings"
)

// place is where a document stands in a result. Ranks ascend: they are the
// values of the sort field, or their negatives; a document without a value
// has the highest.
type place struct {
	rank float64
	id   string
	num  int64
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.rank, q.rank), cmp.Compare(p.id, q.id))
}

// cursor writes a place as the cursor of the page after it.
func (p place) cursor() string { return strconv.FormatUint(math.Float64bits(p.rank), 16) + ":" + p.id }

func readCursor(s string) (place, error) {
	bits, id, found := strings.Cut(s, ":")
	n, err := strconv.ParseUint(bits, 16, 64)
	p := place{rank: math.Float64frombits(n), id: id}
	if !found || err != nil || math.IsNaN(p.rank) {
		return p, fmt.Errorf("read page cursor: %w", indexer.ErrInvalid)
	}
	return p, nil
}

func (v *view) search(ctx context.Context, c indexer.Collection, s indexer.Search) (*indexer.Page, error) {
	if err := s.Valid(c); err != nil {
		return nil, err
	}
	after := place{rank: math.Inf(-1)}
	if s.After != "" {
		var err error
		if after, err = readCursor(s.After); err != nil {
			return nil, err
		}
	}
	on := v.on(c, s.Now)
	found, err := on.matching(ctx, s.Query)
	if err != nil {
		return nil, err
	}
	ranks, err := on.ranks(ctx, found, cmp.Or(s.Sort, c.DefaultSort()), s.Asc)
	if err != nil {
		return nil, err
	}
	places, err := on.first(ctx, found, ranks, after, s.Limit+1)
	if err != nil {
		return nil, err
	}
	page := &indexer.Page{}
	if s.Count {
		page.Total = int64(len(found))
	}
	if len(places) > s.Limit {
		places = places[:s.Limit]
		page.Next = places[s.Limit-1].cursor()
	}
	page.Documents, err = v.read(ctx, places)
	return page, err
}

// ranks returns the rank of each document of the set.
func (s *search) ranks(ctx context.Context, set []int64, field string, asc bool) ([]float64, error) {
	ranks := make([]float64, len(set))
	for i := range ranks {
		ranks[i] = math.Inf(1)
	}
	err := s.values(ctx, set, field, func(i int, v float64) {
		if !asc {
			v = -v
		}
		ranks[i] = min(ranks[i], v)
	})
	return ranks, err
}

// values calls f with each value of a number field, named as outside of
// offer:( ), of each document of the set, given by its index.
func (s *search) values(ctx context.Context, set []int64, field string, f func(i int, v float64)) error {
	for _, in := range s.named(field) {
		low := appendTerm(nil, in.numeric, in.field, "")
		head := len(low)
		err := s.lists(ctx, number(s.collection), low, above(low), func(term []byte, l postings.List) error {
			v := unsortable(binary.BigEndian.Uint64(term[head:]))
			return eachIndex(l, set, func(i int) { f(i, v) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// offerPrefix leads the name of an offer's field outside of offer:( ).
const offerPrefix = "offer."

// named is where a field's values are.
type named struct {
	keyword, numeric kind
	field            string
}

func (s *search) named(field string) []named {
	in := []named{{keyword, numeric, field}}
	if name, ok := strings.CutPrefix(field, offerPrefix); ok {
		in = append(in, named{offerKeyword, offerNumeric, name})
	}
	return in
}

// eachIndex calls f with the index in the set of each document of the list
// that is in it.
func eachIndex(l postings.List, set []int64, f func(i int)) error {
	from := 0
	for p := l.Postings(); ; {
		more, err := p.Next()
		if err != nil || !more {
			return err
		}
		i, found := slices.BinarySearch(set[from:], p.Doc)
		from += i
		if found {
			f(from)
		}
	}
}

// first returns the first n places of the set after a place.
func (s *search) first(ctx context.Context, set []int64, ranks []float64, after place, n int) ([]place, error) {
	last := nth(ranks, after.rank, n)
	var places []place
	for i, rank := range ranks {
		if rank < after.rank || rank > last {
			continue
		}
		p := place{rank: rank, num: set[i]}
		err := s.s.one(ctx, "SELECT id FROM docs WHERE num = ?", []any{p.num}, &p.id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("document %d is in the index but not stored: %w", p.num, indexer.ErrUnavailable)
		}
		if err != nil {
			return nil, err
		}
		if after.id == "" || p.compare(after) > 0 {
			places = append(places, p)
		}
	}
	slices.SortFunc(places, place.compare)
	return places[:min(n, len(places))], nil
}

// nth returns a rank up to which at least n documents stand after those of
// rank from, which may or may not be among them.
func nth(ranks []float64, from float64, n int) float64 {
	var later []float64
	for _, r := range ranks {
		if r > from {
			later = append(later, r)
		}
	}
	if len(later) < n {
		return math.Inf(1)
	}
	slices.Sort(later)
	return later[n-1]
}

// read returns the documents at the places.
func (v *view) read(ctx context.Context, places []place) ([]indexer.Document, error) {
	docs := make([]indexer.Document, len(places))
	for i, p := range places {
		docs[i] = indexer.Document{ID: p.id, Version: versionOf(p.num)}
		if err := v.s.one(ctx, "SELECT source FROM docs WHERE num = ?", []any{p.num}, &docs[i].Source); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// Search implements indexer.Archive.
func (t *tx) Search(ctx context.Context, c indexer.Collection, s indexer.Search) (*indexer.Page, error) {
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	page, err := t.search(ctx, c, s)
	return page, failure(ctx, err)
}

// Search implements indexer.Archive.
func (db *DB) Search(ctx context.Context, c indexer.Collection, s indexer.Search) (page *indexer.Page, err error) {
	err = db.view(ctx, func(v *view) error { page, err = v.search(ctx, c, s); return err })
	return page, err
}
