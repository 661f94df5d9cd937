package indextest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
	"github.com/leakwatch/leakwatch/query/querytest"
)

// Differential puts random listings to the engine and to a Memory, replaces
// and deletes some, and wants the same answers to random queries from both:
// the same ids in the same order. The engine must be empty at first.
func Differential(t *testing.T, e indexer.Engine) {
	rapid.Check(t, func(r *rapid.T) {
		m := NewMemory()
		pair := []indexer.Engine{m, e}
		randomHistory(t, r, pair)
		for range 8 {
			s := randomSearch(r)
			got, err := follow(t.Context(), e, indexer.Listings, s)
			if err != nil {
				r.Fatalf("search %s: %v", dump(s.Query.Root), err)
			}
			want, err := follow(t.Context(), m, indexer.Listings, s)
			if err != nil || !slices.Equal(got, want) {
				r.Fatalf("search %s sort %q asc %v limit %d:\n got %q\nwant %q, %v", dump(s.Query.Root), s.Sort, s.Asc, s.Limit, got, want, err)
			}
			randomAggregate(t, r, pair, s)
		}
	})
}

// randomSearch draws a query as it may be typed, or a tree that no parser
// makes.
func randomSearch(r *rapid.T) indexer.Search {
	s := indexer.Search{
		Sort: rapid.SampledFrom([]string{"", "score", "posted_at", "last_seen"}).Draw(r, "sort"),
		Asc:  rapid.Bool().Draw(r, "asc"), Limit: rapid.IntRange(1, 12).Draw(r, "limit"),
	}
	if rapid.Bool().Draw(r, "typed") {
		s.Query, s.Now = querytest.Query(r), querytest.Now()
	} else {
		s.Query, s.Now = &query.Query{Root: randomNode(r, 3)}, epoch.Add(time.Hour)
	}
	return s
}

// randomHistory makes both engines hold the same few random listings, some of
// them replaced or deleted since.
func randomHistory(t *testing.T, r *rapid.T, engines []indexer.Engine) {
	const pool = 24
	listings := rapid.SliceOfN(rapid.Custom(randomListing), 1, pool).Draw(r, "listings")
	second := rapid.SliceOfN(rapid.Custom(randomListing), 0, pool/2).Draw(r, "replacements")
	deleted := rapid.SliceOfN(rapid.IntRange(0, pool-1), 0, 4).Draw(r, "deleted")
	for _, e := range engines {
		var all []string
		for i := range pool {
			all = append(all, poolID(i))
		}
		want(t, "delete all", e.Delete(t.Context(), indexer.Listings, all...), nil)
		versions := putAll(t, e, listings, nil)
		putAll(t, e, second[:min(len(second), len(listings))], versions)
		for _, i := range deleted {
			want(t, "delete", e.Delete(t.Context(), indexer.Listings, poolID(i)), nil)
		}
		refresh(t, e)
	}
}

func poolID(i int) string { return fmt.Sprintf("pool-%02d", i) }

// putAll creates the listings, or replaces those with these versions.
func putAll(t *testing.T, e indexer.Engine, listings []*leak.Listing, versions []indexer.Version) []indexer.Version {
	t.Helper()
	var writes []indexer.Write
	for i, l := range listings {
		l.ID = poolID(i)
		var v indexer.Version
		if versions != nil {
			v = versions[i]
		}
		writes = append(writes, listingWrite(t, l, v))
	}
	results, errs := e.Put(t.Context(), writes)
	for i, err := range errs {
		want(t, "put "+listings[i].ID, err, nil)
	}
	return results
}

func randomListing(r *rapid.T) *leak.Listing {
	if rapid.Bool().Draw(r, "typed") {
		return querytest.Listing(r)
	}
	l := sample(rapid.IntRange(0, 200).Draw(r, "sample"))
	l.Title = rapid.StringOfN(rapid.SampledFrom(alphabet()), 0, 8, -1).Draw(r, "title")
	l.Body = rapid.StringOfN(rapid.SampledFrom(alphabet()), 0, 30, -1).Draw(r, "body")
	l.Seller = rapid.SampledFrom([]string{"a", "ab", "abc", "b", "", "身份", "\x00", "A"}).Draw(r, "seller")
	l.Score = rapid.SampledFrom([]float64{0, 0.5, 1, -1, 0.25}).Draw(r, "score")
	return l
}

// alphabet is small, so that random texts share bigrams, and has what
// tokenisers stumble over.
func alphabet() []rune { return []rune("身份证照照套신분증ab 1, -‑\u200b\t張张Ａ") }

func randomAggregate(t *testing.T, r *rapid.T, engines []indexer.Engine, s indexer.Search) {
	a := rapid.SampledFrom([]indexer.Aggregation{
		{Kind: indexer.Terms, Field: "category", Size: 4},
		{Kind: indexer.Terms, Field: "seller", Size: 100},
		{Kind: indexer.Terms, Field: "offer.currency", Size: 2},
		{Kind: indexer.Percentiles, Field: "offer.price", Percents: []float64{0, 100}},
		{Kind: indexer.DateHistogram, Field: "last_seen", Interval: 6 * time.Hour},
		{Kind: indexer.Cardinality, Field: "seller"},
	}).Draw(r, "aggregation")
	var results []indexer.Aggregate
	for _, e := range engines {
		got, err := e.Aggregate(t.Context(), indexer.Listings, s.Query, s.Now, []indexer.Aggregation{a})
		if err != nil {
			r.Fatalf("aggregate %+v over %s: %v", a, dump(s.Query.Root), err)
		}
		results = append(results, got...)
	}
	if !sameAggregate(results[1], results[0]) {
		r.Fatalf("aggregate %+v over %s:\n got %+v\nwant %+v", a, dump(s.Query.Root), results[1], results[0])
	}
}
