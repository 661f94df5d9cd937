package indextest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// place is where a document stands in a sorted result. Documents without a
// value stand last in both directions.
type place struct {
	Missing bool    `json:"m,omitempty"`
	Value   float64 `json:"v,omitempty"`
	ID      string  `json:"id"`
}

func (p place) compare(q place, asc bool) int {
	switch {
	case p.Missing != q.Missing && q.Missing:
		return -1
	case p.Missing != q.Missing:
		return 1
	case asc:
		return cmp.Or(cmp.Compare(p.Value, q.Value), cmp.Compare(p.ID, q.ID))
	default:
		return cmp.Or(cmp.Compare(q.Value, p.Value), cmp.Compare(p.ID, q.ID))
	}
}

// placeOf takes the least value of a field with several when ascending, the
// greatest when descending.
func placeOf(d *indexer.Document, field string, asc bool) place {
	values := numbers(d.Fields, field)
	switch {
	case len(values) == 0:
		return place{Missing: true, ID: d.ID}
	case asc:
		return place{Value: slices.Min(values), ID: d.ID}
	default:
		return place{Value: slices.Max(values), ID: d.ID}
	}
}

// Search implements indexer.Archive.
func (m *Memory) Search(ctx context.Context, c indexer.Collection, s indexer.Search) (*indexer.Page, error) {
	if err := s.Valid(c); err != nil {
		return nil, err
	}
	var after place
	if s.After != "" {
		if err := json.Unmarshal([]byte(s.After), &after); err != nil {
			return nil, fmt.Errorf("read page cursor: %w", indexer.ErrInvalid)
		}
	}
	page := &indexer.Page{}
	err := m.do(ctx, "search", func() error {
		field := cmp.Or(s.Sort, c.DefaultSort())
		places := m.matching(c, s.Query, s.Now, field, s.Asc)
		if s.Count {
			page.Total = int64(len(places))
		}
		if s.After != "" {
			places = slices.DeleteFunc(places, func(p place) bool { return p.compare(after, s.Asc) <= 0 })
		}
		if len(places) > s.Limit {
			places = places[:s.Limit]
			next, err := json.Marshal(places[s.Limit-1])
			if err != nil {
				return fmt.Errorf("write page cursor: %w", err)
			}
			page.Next = string(next)
		}
		for _, p := range places {
			page.Documents = append(page.Documents, copyOf(m.docs[c][p.ID]))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return page, nil
}

func (m *Memory) matching(c indexer.Collection, q *query.Query, now time.Time, field string, asc bool) []place {
	var places []place
	for _, d := range m.docs[c] {
		if q == nil || q.Match(d.Fields, now) {
			places = append(places, placeOf(&d, field, asc))
		}
	}
	slices.SortFunc(places, func(a, b place) int { return a.compare(b, asc) })
	return places
}

// Aggregate implements indexer.Archive.
func (m *Memory) Aggregate(ctx context.Context, c indexer.Collection, q *query.Query, now time.Time, aggs []indexer.Aggregation) ([]indexer.Aggregate, error) {
	results := make([]indexer.Aggregate, len(aggs))
	err := m.do(ctx, "aggregate", func() error {
		var docs []*query.Document
		for _, d := range m.docs[c] {
			if q == nil || q.Match(d.Fields, now) {
				docs = append(docs, d.Fields)
			}
		}
		for i, a := range aggs {
			if err := a.Valid(); err != nil {
				return err
			}
			results[i] = aggregate(docs, a)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

func aggregate(docs []*query.Document, a indexer.Aggregation) indexer.Aggregate {
	switch a.Kind {
	case indexer.Terms:
		return indexer.Aggregate{Buckets: terms(docs, a.Field, a.Size)}
	case indexer.DateHistogram:
		return indexer.Aggregate{Buckets: histogram(docs, a.Field, a.Interval)}
	case indexer.Percentiles:
		return indexer.Aggregate{Values: percentiles(docs, a.Field, a.Percents)}
	default:
		return indexer.Aggregate{Count: int64(len(terms(docs, a.Field, math.MaxInt)))}
	}
}

func terms(docs []*query.Document, field string, size int) []indexer.Bucket {
	counts := map[string]int64{}
	for _, d := range docs {
		for _, v := range keywords(d, field) {
			counts[v]++
		}
	}
	var buckets []indexer.Bucket
	for key, n := range counts {
		buckets = append(buckets, indexer.Bucket{Key: key, Count: n})
	}
	slices.SortFunc(buckets, func(a, b indexer.Bucket) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Key, b.Key))
	})
	return buckets[:min(size, len(buckets))]
}

func histogram(docs []*query.Document, field string, interval time.Duration) []indexer.Bucket {
	counts := map[int64]int64{}
	for _, d := range docs {
		in := map[int64]bool{}
		for _, v := range numbers(d, field) {
			in[int64(math.Floor(v/float64(interval.Milliseconds())))] = true
		}
		for b := range in {
			counts[b]++
		}
	}
	var buckets []indexer.Bucket
	for _, b := range slices.Sorted(maps.Keys(counts)) {
		buckets = append(buckets, indexer.Bucket{Time: time.UnixMilli(b * interval.Milliseconds()).UTC(), Count: counts[b]})
	}
	return buckets
}

func percentiles(docs []*query.Document, field string, percents []float64) []float64 {
	var all []float64
	for _, d := range docs {
		all = append(all, numbers(d, field)...)
	}
	slices.Sort(all)
	values := make([]float64, len(percents))
	for i, p := range percents {
		values[i] = percentile(all, p)
	}
	return values
}

func percentile(sorted []float64, percent float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := percent / 100 * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

// offerPrefix leads the name of an offer's field where it is named outside
// offer:( ).
const offerPrefix = "offer."

// keywords returns the distinct values of a keyword field.
func keywords(d *query.Document, field string) []string {
	values := slices.Clone(d.Keywords[field])
	if name, ok := strings.CutPrefix(field, offerPrefix); ok {
		for _, o := range d.Offers {
			values = append(values, o.Keywords[name]...)
		}
	}
	return distinct(values)
}

// numbers returns the distinct values of a number or time field.
func numbers(d *query.Document, field string) []float64 {
	values := slices.Clone(d.Numbers[field])
	if name, ok := strings.CutPrefix(field, offerPrefix); ok {
		for _, o := range d.Offers {
			values = append(values, o.Numbers[name]...)
		}
	}
	return distinct(values)
}

func distinct[T cmp.Ordered](values []T) []T {
	slices.Sort(values)
	return slices.Compact(values)
}
