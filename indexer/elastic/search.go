package elastic

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	es "github.com/elastic/go-elasticsearch/v8"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// clientOf picks one of the two clients.
type clientOf func(*Engine) *es.Client

func archiveClient(e *Engine) *es.Client { return e.archive }
func stateClient(e *Engine) *es.Client   { return e.state }

type searchHit struct {
	stored
	Sort json.RawMessage `json:"sort"`
}

type searchAnswer struct {
	Hits struct {
		Total struct {
			Value int64 `json:"value"`
		} `json:"total"`
		Hits []searchHit `json:"hits"`
	} `json:"hits"`
	Shards struct {
		Failed int `json:"failed"`
	} `json:"_shards"`
	TimedOut     bool                       `json:"timed_out"`
	Aggregations map[string]json.RawMessage `json:"aggregations"`
}

// ask runs a search. A partial answer is an error: it would hide documents.
func (e *Engine) ask(ctx context.Context, client clientOf, index string, body object) (*searchAnswer, error) {
	body["seq_no_primary_term"] = true
	data, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	status, answer, err := e.do(ctx, client(e), http.MethodPost, "/"+index+"/_search?allow_partial_search_results=false", data)
	if err == nil && status >= 300 {
		err = statusError(status, answer)
	}
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	var a searchAnswer
	if err := json.Unmarshal(answer, &a); err != nil {
		return nil, fmt.Errorf("search: %w: %w", indexer.ErrUnavailable, err)
	}
	if a.Shards.Failed > 0 || a.TimedOut {
		return nil, fmt.Errorf("search: %w: a part of the index did not answer", indexer.ErrUnavailable)
	}
	return &a, nil
}

// Search implements indexer.Archive.
func (e *Engine) Search(ctx context.Context, c indexer.Collection, s indexer.Search) (*indexer.Page, error) {
	if err := s.Valid(c); err != nil {
		return nil, err
	}
	after, err := cursor(s.After)
	if err != nil {
		return nil, err
	}
	q := compile(s.Query, query.SchemaOf(string(c)), s.Now)
	page := &indexer.Page{}
	body := object{"query": filter(q.body), "sort": order(s, c), "_source": []string{source}, "track_total_hits": s.Count && q.exact}
	if q.exact {
		body["size"] = s.Limit + 1
	} else {
		body["size"] = indexer.MaxPage
	}
	var last json.RawMessage
	for {
		if after != nil {
			body["search_after"] = after
		}
		a, err := e.ask(ctx, archiveClient, e.index(c), body)
		if err != nil {
			return nil, err
		}
		page.Total = max(page.Total, a.Hits.Total.Value)
		more, err := take(page, &last, a, c, s, q.exact)
		if err != nil {
			return nil, err
		}
		if !more || len(a.Hits.Hits) < body["size"].(int) {
			break
		}
		after = a.Hits.Hits[len(a.Hits.Hits)-1].Sort
	}
	if s.Count && s.After != "" || s.Count && !q.exact {
		if page.Total, err = e.count(ctx, c, s, q); err != nil {
			return nil, err
		}
	}
	return page, nil
}

// take adds what matches to the page and reports whether it wants more.
func take(page *indexer.Page, last *json.RawMessage, a *searchAnswer, c indexer.Collection, s indexer.Search, exact bool) (bool, error) {
	for i := range a.Hits.Hits {
		h := &a.Hits.Hits[i]
		if !exact {
			ok, err := verify(c, []byte(h.Source.Source), s.Query, s.Now)
			if err != nil {
				return false, err
			}
			if !ok {
				continue
			}
		}
		if len(page.Documents) == s.Limit {
			page.Next = string(*last)
			return false, nil
		}
		page.Documents = append(page.Documents, indexer.Document{ID: h.ID, Version: h.version(), Source: []byte(h.Source.Source)})
		*last = h.Sort
	}
	return true, nil
}

func filter(q object) object { return object{"bool": object{"filter": []object{q}}} }

func order(s indexer.Search, c indexer.Collection) []object {
	way := "desc"
	if s.Asc {
		way = "asc"
	}
	return []object{{name(cmp.Or(s.Sort, c.DefaultSort())): object{"order": way, "missing": "_last", "unmapped_type": "double"}}, {docID: "asc"}}
}

func cursor(after string) (json.RawMessage, error) {
	if after == "" {
		return nil, nil
	}
	var values []any
	if err := json.Unmarshal([]byte(after), &values); err != nil || len(values) != 2 {
		return nil, fmt.Errorf("read page cursor: %w", indexer.ErrInvalid)
	}
	return json.RawMessage(after), nil
}

// verify puts a stored document to the matcher.
func verify(c indexer.Collection, src []byte, q *query.Query, now time.Time) (bool, error) {
	if q == nil {
		return true, nil
	}
	d, err := fieldsOf(c, src)
	if err != nil {
		return false, err
	}
	return q.Match(d, now), nil
}

// fieldsOf rebuilds what a query sees from a stored document.
func fieldsOf(c indexer.Collection, src []byte) (*query.Document, error) {
	read := func(to any) error {
		if err := json.Unmarshal(src, to); err != nil {
			return fmt.Errorf("read a stored document: %w", err)
		}
		return nil
	}
	switch c {
	case indexer.Alerts:
		var x leak.Alert
		err := read(&x)
		return query.AlertDocument(&x), err
	case indexer.Cases:
		var x leak.Case
		err := read(&x)
		return query.CaseDocument(&x), err
	case indexer.Revisions:
		var x leak.Revision
		err := read(&x)
		return query.RevisionDocument(&x), err
	}
	var x leak.Listing
	err := read(&x)
	return query.ListingDocument(&x), err
}

// each calls use for every document that matches, in no order that matters.
func (e *Engine) each(ctx context.Context, c indexer.Collection, q compiled, query *query.Query, now time.Time, use func(*stored) error) error {
	var after json.RawMessage
	body := object{"query": filter(q.body), "sort": []object{{docID: "asc"}}, "_source": []string{source}, "size": indexer.MaxPage, "track_total_hits": false}
	for {
		if after != nil {
			body["search_after"] = after
		}
		a, err := e.ask(ctx, archiveClient, e.index(c), body)
		if err != nil {
			return err
		}
		for i := range a.Hits.Hits {
			ok, err := verify(c, []byte(a.Hits.Hits[i].Source.Source), query, now)
			if err != nil {
				return err
			}
			if ok {
				if err := use(&a.Hits.Hits[i].stored); err != nil {
					return err
				}
			}
		}
		if len(a.Hits.Hits) < indexer.MaxPage {
			return nil
		}
		after = a.Hits.Hits[len(a.Hits.Hits)-1].Sort
	}
}

func (e *Engine) count(ctx context.Context, c indexer.Collection, s indexer.Search, q compiled) (int64, error) {
	if !q.exact {
		var n int64
		err := e.each(ctx, c, q, s.Query, s.Now, func(*stored) error { n++; return nil })
		return n, err
	}
	a, err := e.ask(ctx, archiveClient, e.index(c), object{"query": filter(q.body), "size": 0, "track_total_hits": true})
	if err != nil {
		return 0, err
	}
	return a.Hits.Total.Value, nil
}

// Aggregate implements indexer.Archive.
func (e *Engine) Aggregate(ctx context.Context, c indexer.Collection, q *query.Query, now time.Time, aggs []indexer.Aggregation) ([]indexer.Aggregate, error) {
	wanted := object{}
	for i, a := range aggs {
		if err := a.Valid(); err != nil {
			return nil, err
		}
		wanted[strconv.Itoa(i)] = aggregation(a)
	}
	compiled := compile(q, query.SchemaOf(string(c)), now)
	body := filter(compiled.body)
	if !compiled.exact {
		// Counting needs the exact set: the ids that the matcher lets through.
		var ids []string
		err := e.each(ctx, c, compiled, q, now, func(d *stored) error { ids = append(ids, d.ID); return nil })
		if err != nil {
			return nil, err
		}
		if len(ids) > maxVerified {
			return nil, fmt.Errorf("count: %w: a query with a regex or a distance matches %d documents; at most %d are counted", indexer.ErrInvalid, len(ids), maxVerified)
		}
		body = filter(object{"ids": object{"values": append([]string{}, ids...)}})
	}
	a, err := e.ask(ctx, archiveClient, e.index(c), object{"query": body, "size": 0, "track_total_hits": false, "aggs": wanted})
	if err != nil {
		return nil, err
	}
	out := make([]indexer.Aggregate, len(aggs))
	for i, g := range aggs {
		if out[i], err = aggregate(g, a.Aggregations[strconv.Itoa(i)]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// maxVerified bounds the ids that are sent back to be counted.
const maxVerified = 60_000

func aggregation(a indexer.Aggregation) object {
	field := name(a.Field)
	switch a.Kind {
	case indexer.Terms:
		return object{"terms": object{"field": field, "size": a.Size, "shard_size": a.Size + 1000}}
	case indexer.DateHistogram:
		return object{"date_histogram": object{"field": field, "fixed_interval": strconv.FormatInt(int64(a.Interval/time.Hour), 10) + "h", "min_doc_count": 1}}
	case indexer.Percentiles:
		return object{"percentiles": object{"field": field, "percents": a.Percents, "keyed": false, "tdigest": object{"compression": 1000}}}
	}
	return object{"cardinality": object{"field": field, "precision_threshold": 40_000}}
}

func aggregate(a indexer.Aggregation, raw json.RawMessage) (indexer.Aggregate, error) {
	var x struct {
		Buckets []struct {
			Key   json.RawMessage `json:"key"`
			Count int64           `json:"doc_count"`
		} `json:"buckets"`
		Values []struct {
			Key   float64  `json:"key"`
			Value *float64 `json:"value"`
		} `json:"values"`
		Value int64 `json:"value"`
	}
	// A cardinality has "value", percentiles "values": both fit.
	if err := json.Unmarshal(raw, &x); err != nil {
		return indexer.Aggregate{}, fmt.Errorf("read counts: %w: %w", indexer.ErrUnavailable, err)
	}
	out := indexer.Aggregate{Count: x.Value}
	for _, b := range x.Buckets {
		bucket := indexer.Bucket{Count: b.Count}
		var err error
		if a.Kind == indexer.DateHistogram {
			var ms float64
			err = json.Unmarshal(b.Key, &ms)
			bucket.Time = time.UnixMilli(int64(ms)).UTC()
		} else {
			err = json.Unmarshal(b.Key, &bucket.Key)
		}
		if err != nil {
			return out, fmt.Errorf("read counts: %w: %w", indexer.ErrUnavailable, err)
		}
		out.Buckets = append(out.Buckets, bucket)
	}
	if a.Kind == indexer.Percentiles {
		for _, p := range a.Percents {
			v := math.NaN()
			if i := slices.IndexFunc(x.Values, func(y struct {
				Key   float64  `json:"key"`
				Value *float64 `json:"value"`
			}) bool {
				return y.Key == p
			}); i >= 0 && x.Values[i].Value != nil {
				v = *x.Values[i].Value
			}
			out.Values = append(out.Values, v)
		}
	}
	return out, nil
}
