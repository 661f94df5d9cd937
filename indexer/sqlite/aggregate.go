package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/internal/postings"
	"github.com/leakwatch/leakwatch/query"
)

func (v *view) aggregate(ctx context.Context, c indexer.Collection, q *query.Query, now time.Time, aggs []indexer.Aggregation) ([]indexer.Aggregate, error) {
	if !c.Known() {
		return nil, fmt.Errorf("unknown collection %q: %w", c, indexer.ErrInvalid)
	}
	for i := range aggs {
		if err := aggs[i].Valid(); err != nil {
			return nil, err
		}
	}
	s := v.on(c, now)
	set, err := s.matching(ctx, q)
	if err != nil {
		return nil, err
	}
	results := make([]indexer.Aggregate, len(aggs))
	for i, a := range aggs {
		if results[i], err = s.count(ctx, set, a); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func (s *search) count(ctx context.Context, set []int64, a indexer.Aggregation) (out indexer.Aggregate, err error) {
	switch a.Kind {
	case indexer.Terms:
		var counts map[string]int64
		counts, err = s.counts(ctx, set, a.Field)
		out.Buckets = largest(counts, a.Size)
	case indexer.DateHistogram:
		out.Buckets, err = s.histogram(ctx, set, a.Field, a.Interval)
	case indexer.Percentiles:
		var all []float64
		err = s.values(ctx, set, a.Field, func(_ int, v float64) { all = append(all, v) })
		out.Values = percentiles(all, a.Percents)
	case indexer.Cardinality:
		var counts map[string]int64
		counts, err = s.counts(ctx, set, a.Field)
		out.Count = int64(len(counts))
	}
	return out, err
}

// counts returns how many documents of the set have each value of a keyword
// field.
func (s *search) counts(ctx context.Context, set []int64, field string) (map[string]int64, error) {
	counts := map[string]int64{}
	for _, in := range s.named(field) {
		low := appendTerm(nil, in.keyword, in.field, "")
		head := len(low)
		err := s.lists(ctx, number(s.collection), low, above(low), func(term []byte, l postings.List) error {
			n := int64(0)
			err := eachIndex(l, set, func(int) { n++ })
			if n > 0 {
				counts[string(term[head:])] += n
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// largest returns the buckets by count, then value.
func largest(counts map[string]int64, size int) []indexer.Bucket {
	buckets := make([]indexer.Bucket, 0, len(counts))
	for key, n := range counts {
		buckets = append(buckets, indexer.Bucket{Key: key, Count: n})
	}
	slices.SortFunc(buckets, func(a, b indexer.Bucket) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Key, b.Key))
	})
	return buckets[:min(size, len(buckets))]
}

// histogram counts a document once in each interval in which it has a value.
func (s *search) histogram(ctx context.Context, set []int64, field string, interval time.Duration) ([]indexer.Bucket, error) {
	type cell struct{ interval, doc int64 }
	cells := map[cell]struct{}{}
	step := float64(interval.Milliseconds())
	err := s.values(ctx, set, field, func(i int, v float64) {
		cells[cell{int64(math.Floor(v / step)), int64(i)}] = struct{}{}
	})
	counts := map[int64]int64{}
	for c := range cells {
		counts[c.interval]++
	}
	var buckets []indexer.Bucket
	for _, n := range slices.Sorted(maps.Keys(counts)) {
		buckets = append(buckets, indexer.Bucket{Time: time.UnixMilli(n * interval.Milliseconds()).UTC(), Count: counts[n]})
	}
	return buckets, err
}

func percentiles(values, percents []float64) []float64 {
	slices.Sort(values)
	out := make([]float64, len(percents))
	for i, p := range percents {
		if len(values) == 0 {
			out[i] = math.NaN()
			continue
		}
		at := p / 100 * float64(len(values)-1)
		low := int(at)
		high := min(low+1, len(values)-1)
		out[i] = values[low] + (at-float64(low))*(values[high]-values[low])
	}
	return out
}

// Aggregate implements indexer.Archive.
func (t *tx) Aggregate(ctx context.Context, c indexer.Collection, q *query.Query, now time.Time, aggs []indexer.Aggregation) ([]indexer.Aggregate, error) {
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	results, err := t.aggregate(ctx, c, q, now, aggs)
	return results, failure(ctx, err)
}

// Aggregate implements indexer.Archive.
func (db *DB) Aggregate(ctx context.Context, c indexer.Collection, q *query.Query, now time.Time, aggs []indexer.Aggregation) (results []indexer.Aggregate, err error) {
	err = db.view(ctx, func(v *view) error { results, err = v.aggregate(ctx, c, q, now, aggs); return err })
	return results, err
}
