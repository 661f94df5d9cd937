package indextest

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

const corpusSize = 240

// searching fills the engine and a Memory with the same listings and wants
// the same answers from both.
func searching(t *testing.T, e indexer.Engine) {
	m := NewMemory()
	var writes []indexer.Write
	for i := range corpusSize {
		writes = append(writes, listingWrite(t, sample(i), indexer.Version{}))
	}
	for _, engine := range []indexer.Engine{m, e} {
		_, errs := engine.Put(t.Context(), writes)
		for i, err := range errs {
			want(t, fmt.Sprint("put ", i), err, nil)
		}
		refresh(t, engine)
	}
	for name, q := range sampleQueries(t) {
		t.Run("query "+name, func(t *testing.T) { sameIDs(t, e, m, indexer.Search{Query: q, Now: epoch, Limit: 50}) })
	}
	t.Run("orders", func(t *testing.T) { sameOrders(t, e, m) })
	t.Run("page sizes", func(t *testing.T) { samePages(t, e, m) })
	t.Run("aggregations", func(t *testing.T) { sameAggregates(t, e, m) })
	t.Run("a page holds what get returns", func(t *testing.T) { pageIsGet(t, e) })
	t.Run("pages hold each document once while documents change", func(t *testing.T) { pagesWhileWriting(t, e) })
	t.Run("impossible searches are refused", func(t *testing.T) { impossible(t, e) })
}

func sampleQueries(t *testing.T) map[string]*query.Query {
	low, high := &query.Bound{Value: 5}, &query.Bound{Value: 12.5, Exclusive: true}
	hour, day := -time.Hour, 24*time.Hour
	cny := &query.Term{Field: "currency", Value: "CNY"}
	trees := map[string]query.Node{
		"all":                     &query.All{},
		"term":                    &query.Term{Field: "seller", Value: "seller_3"},
		"term of no document":     &query.Term{Field: "seller", Value: "seller_"},
		"term in several values":  &query.Term{Field: "category", Value: "id_card_photo"},
		"prefix":                  &query.Prefix{Field: "category", Value: "id_"},
		"exists":                  &query.Exists{Field: "posted_at"},
		"not exists":              &query.Not{Node: &query.Exists{Field: "contact"}},
		"number range":            &query.Range{Field: "score", Min: &query.Bound{Value: 0.3}, Max: &query.Bound{Value: 0.7}},
		"number range, exclusive": &query.Range{Field: "score", Min: &query.Bound{Value: 0.3, Exclusive: true}, Max: &query.Bound{Value: 0.7, Exclusive: true}},
		"open range":              &query.Range{Field: "revision", Min: &query.Bound{Value: 3}},
		"time range from now":     &query.Range{Field: "posted_at", Min: &query.Bound{Now: &hour}, Max: &query.Bound{Now: &day}},
		"one offer":               &query.Offer{Node: &query.And{Nodes: []query.Node{cny, &query.Range{Field: "price", Min: low, Max: high}}}},
		"one offer, not":          &query.Offer{Node: &query.And{Nodes: []query.Node{&query.Not{Node: cny}, &query.Exists{Field: "price"}}}},
		"no such offer":           &query.Not{Node: &query.Offer{Node: cny}},
		"and, or, not": &query.And{Nodes: []query.Node{
			&query.Or{Nodes: []query.Node{&query.Term{Field: "language", Value: "zh"}, &query.Term{Field: "language", Value: "ko"}}},
			&query.Not{Node: &query.Term{Field: "hit", Value: "false"}},
		}},
		"nothing": &query.And{Nodes: []query.Node{&query.All{}, &query.Not{Node: &query.All{}}}},
	}
	queries := map[string]*query.Query{"nil": nil}
	for name, root := range trees {
		queries[name] = &query.Query{Root: root}
	}
	for _, typed := range typedQueries() {
		q, err := query.Parse(typed, query.Env{})
		if err != nil {
			t.Fatalf("query %q of the suite: %v", typed, err)
		}
		queries[typed] = q
	}
	return queries
}

func typedQueries() []string {
	return []string{"身份证", "证", "证照", "四件套", "신분증", "판매", "face photos", `"face photos"`, "photo", "人脸 AND NOT 身份证",
		`"人脸 代实名"`, `"银行 识别"~3`, `"识别 银行"~3`, `"识别 银行"~0`, "body:银行", "title:招商银行", "kyc", "编号23", "text:/编号1[0-5]/",
		"/银行|escrow/ -四件套", "hit:any", "-seller:seller_1", "offer:(currency:CNY AND unit_price:<2CNY)", "severity:>=high", "category:id_*"}
}

// sameIDs wants the same documents in the same order and the same total from
// both engines.
func sameIDs(t *testing.T, e, reference indexer.Engine, s indexer.Search) {
	t.Helper()
	got, want := searchAll(t, e, indexer.Listings, s), searchAll(t, reference, indexer.Listings, s)
	if !slices.Equal(got, want) {
		t.Errorf("search %+v of %s:\n got %q\nwant %q", s, s.Query, got, want)
	}
	s.Count = true
	page, err := e.Search(t.Context(), indexer.Listings, s)
	if err != nil || page.Total != int64(len(want)) {
		t.Errorf("count of %s: %+v, %v; want %d", s.Query, page, err, len(want))
	}
}

func sameOrders(t *testing.T, e, m indexer.Engine) {
	for _, field := range []string{"", "first_seen", "last_seen", "posted_at", "score", "revision", "available"} {
		for _, asc := range []bool{false, true} {
			sameIDs(t, e, m, indexer.Search{Sort: field, Asc: asc, Limit: 33})
			sameIDs(t, e, m, indexer.Search{Query: term("seller", "seller_2"), Sort: field, Asc: asc, Limit: 10})
		}
	}
}

func samePages(t *testing.T, e, m indexer.Engine) {
	for _, limit := range []int{1, 7, corpusSize / 2, corpusSize - 1, corpusSize, corpusSize + 1, indexer.MaxPage} {
		for _, asc := range []bool{false, true} {
			sameIDs(t, e, m, indexer.Search{Limit: limit, Asc: asc})
		}
	}
}

func sameAggregates(t *testing.T, e, m indexer.Engine) {
	aggs := []indexer.Aggregation{
		{Kind: indexer.Terms, Field: "seller", Size: 10},
		{Kind: indexer.Terms, Field: "category", Size: 5},
		{Kind: indexer.Terms, Field: "offer.currency", Size: 10},
		{Kind: indexer.Terms, Field: "contact", Size: 10},
		{Kind: indexer.Terms, Field: "verdict", Size: 10},
		{Kind: indexer.DateHistogram, Field: "first_seen", Interval: time.Hour},
		{Kind: indexer.DateHistogram, Field: "posted_at", Interval: 24 * time.Hour},
		{Kind: indexer.Percentiles, Field: "score", Percents: []float64{0, 50, 95, 100}},
		{Kind: indexer.Percentiles, Field: "offer.price", Percents: []float64{25, 50, 75}},
		{Kind: indexer.Percentiles, Field: "available", Percents: []float64{50}},
		{Kind: indexer.Cardinality, Field: "seller"},
		{Kind: indexer.Cardinality, Field: "offer.category"},
		{Kind: indexer.Cardinality, Field: "id"},
	}
	for name, q := range map[string]*query.Query{"all": nil, "some": term("language", "zh"), "none": term("seller", "nobody")} {
		got, err := e.Aggregate(t.Context(), indexer.Listings, q, epoch, aggs)
		if err != nil || len(got) != len(aggs) {
			t.Fatalf("aggregate over %s: %d results, %v", name, len(got), err)
		}
		wanted, err := m.Aggregate(t.Context(), indexer.Listings, q, epoch, aggs)
		want(t, "aggregate in memory", err, nil)
		for i, a := range aggs {
			if !sameAggregate(got[i], wanted[i]) {
				t.Errorf("%s of %s over %s:\n got %+v\nwant %+v", a.Kind, a.Field, name, got[i], wanted[i])
			}
		}
	}
}

func sameAggregate(a, b indexer.Aggregate) bool {
	return a.Count == b.Count &&
		slices.EqualFunc(a.Buckets, b.Buckets, func(x, y indexer.Bucket) bool {
			return x.Key == y.Key && x.Time.Equal(y.Time) && x.Count == y.Count
		}) &&
		slices.EqualFunc(a.Values, b.Values, func(x, y float64) bool {
			return math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) <= 0.01*math.Abs(y)+1e-9
		})
}

func pageIsGet(t *testing.T, e indexer.Engine) {
	page, err := e.Search(t.Context(), indexer.Listings, indexer.Search{Limit: 5})
	want(t, "search", err, nil)
	for _, d := range page.Documents {
		stored := get(t, e, indexer.Listings, d.ID)
		if d.Version != stored.Version || string(d.Source) != string(stored.Source) || d.Fields != nil {
			t.Errorf("search returned %+v, get %+v", d, stored)
		}
	}
	if page.Total != 0 {
		t.Errorf("total %d was not asked for", page.Total)
	}
}

// pagesWhileWriting replaces documents between pages without moving them; all
// that were there must come, each once.
func pagesWhileWriting(t *testing.T, e indexer.Engine) {
	s := indexer.Search{Query: term("source", "market_1"), Limit: 9}
	var ids []string
	for i := 0; ; i++ {
		page, err := e.Search(t.Context(), indexer.Listings, s)
		want(t, "search", err, nil)
		for _, d := range page.Documents {
			ids = append(ids, d.ID)
		}
		if s.After = page.Next; s.After == "" {
			break
		}
		changed := sample(1 + 3*(i%(corpusSize/3)))
		changed.Score = 0.05
		put(t, e, listingWrite(t, changed, get(t, e, indexer.Listings, changed.ID).Version))
		refresh(t, e)
	}
	if slices.Sort(ids); len(ids) != corpusSize/3 || len(slices.Compact(ids)) != corpusSize/3 {
		t.Errorf("%d documents came, want %d, each once", len(ids), corpusSize/3)
	}
}

func impossible(t *testing.T, e indexer.Engine) {
	for name, s := range map[string]indexer.Search{
		"limit 0": {}, "limit 1,001": {Limit: indexer.MaxPage + 1}, "negative limit": {Limit: -1}, "foreign cursor": {Limit: 1, After: "\x00?"},
	} {
		_, err := e.Search(t.Context(), indexer.Listings, s)
		want(t, name, err, indexer.ErrInvalid)
	}
	_, err := e.Search(t.Context(), "strange", indexer.Search{Limit: 1})
	want(t, "unknown collection", err, indexer.ErrInvalid)
	for _, a := range []indexer.Aggregation{
		{}, {Kind: "strange", Field: "seller"}, {Kind: indexer.Terms, Field: "seller"}, {Kind: indexer.Terms, Size: 5},
		{Kind: indexer.DateHistogram, Field: "first_seen", Interval: time.Minute},
		{Kind: indexer.DateHistogram, Field: "first_seen", Interval: 90 * time.Minute},
		{Kind: indexer.Percentiles, Field: "score", Percents: []float64{101}},
	} {
		_, err := e.Aggregate(t.Context(), indexer.Listings, nil, epoch, []indexer.Aggregation{a})
		want(t, fmt.Sprintf("aggregation %+v", a), err, indexer.ErrInvalid)
	}
}
