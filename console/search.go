package console

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/internal/export"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

type searchPage struct {
	page
	Query    string
	Fault    string
	Results  []result
	Total    int64
	Next     string
	Facets   []facet
	Chart    template.HTML
	By       string // what one bar of the chart covers
	Export   string // address without the format
	Took     time.Duration
	Coverage []Source // sources that cannot be trusted now
	Examples []string
	Hints    []widen
}

// result is a listing with the words of the query marked.
type result struct {
	leak.Listing
	Head, Excerpt []span
}

// facet is the most frequent values of one field.
type facet struct {
	Name   string
	Values []facetValue
}

type facetValue struct {
	Value   string
	Count   int64
	Share   int    // of the largest, in percent
	With    string // address of the search with this value
	Without string
}

// facetFields are the fields that the search counts by.
var facetFields = []struct{ name, field string }{
	{"Category", "category"}, {"Source", "source"}, {"Severity", "severity"}, {"Intent", "intent"}, {"Language", "language"}, {"Seller", "seller"}, {"Contact by", "contact_kind"},
}

var searchExamples = []string{`category:id_handheld AND quantity:>=1000`, `"四件套" AND unit_price:<1000CNY`, `신분증 first_seen:>now-7d`, `contact_kind:telegram AND language:en`, `offer:(category:face_photo AND unit_price:<0.01CNY)`}

func (s *Server) search(w http.ResponseWriter, r *request) error {
	began := s.o.Now()
	typed, err := s.ask(indexer.Listings, r.FormValue("q"))
	if err != nil {
		return err
	}
	p := searchPage{page: s.page(r, "Search"), Query: typed.Text, Fault: typed.Fault, Examples: searchExamples}
	if p.Fault != "" {
		s.render(w, r, http.StatusBadRequest, "search.tmpl", p)
		return nil
	}
	values := url.Values{"q": {p.Query}}
	if settle(w, r, typed.moved, "/search", values) {
		return nil
	}
	p.Here = "/search?" + values.Encode()
	found, err := s.o.Engine.Search(r.Context(), indexer.Listings, indexer.Search{Query: typed.Query, Now: began, Limit: pageSize, After: r.FormValue("after"), Count: true})
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if p.Results, err = results(found.Documents, typed.Query); err != nil {
		return err
	}
	p.Total, p.Export = found.Total, "/export?"+values.Encode()
	if found.Next != "" {
		p.Next = p.Here + "&after=" + url.QueryEscape(found.Next)
	}
	if err := s.around(r, &p, typed.Query); err != nil {
		return err
	}
	s.audit(r, "search", typed.canonical(), "")
	p.Took = s.o.Now().Sub(began).Round(time.Millisecond)
	s.render(w, r, http.StatusOK, "search.tmpl", p)
	return nil
}

// around fills what stands around the results: the counts, the sources whose
// listings may be missing, and what hides everything if nothing is found.
func (s *Server) around(r *request, p *searchPage, q *query.Query) error {
	var err error
	if err = s.facets(r, p, q); err != nil {
		return err
	}
	if p.Coverage, err = s.untrusted(r); err != nil {
		return err
	}
	if p.Total == 0 {
		p.Hints, err = s.causes(r, indexer.Listings, q, func(rest string) string { return "/search?" + url.Values{"q": {rest}}.Encode() })
	}
	return err
}

func results(docs []indexer.Document, q *query.Query) ([]result, error) {
	all, err := decode[leak.Listing](docs)
	if err != nil {
		return nil, err
	}
	out := make([]result, len(all))
	for i, l := range all {
		title := titleOf(l.Title)
		out[i] = result{Listing: l, Head: mark(title, nil, highlight(q, "title", title), nil), Excerpt: excerpt(l.Body, q)}
	}
	return out, nil
}

func decode[T any](docs []indexer.Document) ([]T, error) {
	out := make([]T, len(docs))
	for i, d := range docs {
		if err := json.Unmarshal(d.Source, &out[i]); err != nil {
			return nil, fmt.Errorf("read stored document: %w", err)
		}
	}
	return out, nil
}

// facets fills the counts and the chart of a search.
func (s *Server) facets(r *request, p *searchPage, q *query.Query) error {
	aggs := make([]indexer.Aggregation, 0, len(facetFields))
	for _, f := range facetFields {
		aggs = append(aggs, indexer.Aggregation{Kind: indexer.Terms, Field: f.field, Size: 8})
	}
	counted, err := s.o.Engine.Aggregate(r.Context(), indexer.Listings, q, s.o.Now(), aggs)
	if err != nil {
		return fmt.Errorf("count facets: %w", err)
	}
	for i, f := range facetFields {
		x := facet{Name: f.name}
		for _, b := range counted[i].Buckets {
			term := f.field + ":" + quoteValue(b.Key)
			x.Values = append(x.Values, facetValue{Value: b.Key, Count: b.Count, Share: int(100 * b.Count / max(counted[i].Buckets[0].Count, 1)),
				With: "/search?q=" + url.QueryEscape(and(p.Query, term)), Without: "/search?q=" + url.QueryEscape(and(p.Query, "-"+term))})
		}
		if len(x.Values) > 0 {
			p.Facets = append(p.Facets, x)
		}
	}
	return s.overTime(r, p, q)
}

// overTime draws when the listings were first seen, in bars of a day, or of an
// hour where they all came within two.
func (s *Server) overTime(r *request, p *searchPage, q *query.Query) error {
	for _, by := range []struct {
		name     string
		interval time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}} {
		counted, err := s.o.Engine.Aggregate(r.Context(), indexer.Listings, q, s.o.Now(),
			[]indexer.Aggregation{{Kind: indexer.DateHistogram, Field: "first_seen", Interval: by.interval}})
		if err != nil {
			return fmt.Errorf("count over time: %w", err)
		}
		p.Chart, p.By = timeChart(counted[0].Buckets, by.interval), by.name
		if len(counted[0].Buckets) > 2 {
			break
		}
	}
	return nil
}

// and joins two queries; the first may be empty or contain OR.
func and(a, b string) string {
	switch {
	case a == "":
		return b
	case strings.Contains(strings.ToUpper(a), " OR ") || strings.Contains(a, "||"):
		return "(" + a + ") AND " + b
	}
	return a + " AND " + b
}

func quoteValue(v string) string {
	plain := strings.IndexFunc(v, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
	if plain {
		return v
	}
	return strconv.Quote(v)
}

// untrusted returns the sources whose silence means nothing now.
func (s *Server) untrusted(r *request) ([]Source, error) {
	all, err := s.o.Sources(r.Context())
	if err != nil {
		return nil, err
	}
	var out []Source
	for _, x := range all {
		if !x.Disabled && x.Health != "ok" && x.Health != "partial" && x.Health != "" {
			out = append(out, x)
		}
	}
	return out, nil
}

func (s *Server) export(w http.ResponseWriter, r *request) error {
	format := r.FormValue("format")
	if format != "csv" && format != "jsonl" {
		return &pageError{http.StatusBadRequest, "The format is csv or jsonl."}
	}
	typed, err := s.ask(indexer.Listings, r.FormValue("q"))
	if err != nil {
		return err
	}
	if typed.Fault != "" {
		return &pageError{http.StatusBadRequest, typed.Fault}
	}
	s.audit(r, "export", typed.canonical(), format)
	kind := map[string]string{"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}[format]
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=\"leakwatch-%s.%s\"", s.o.Now().UTC().Format("20060102-150405"), format))
	if _, err := export.Listings(r.Context(), s.o.Engine, indexer.Search{Query: typed.Query, Now: s.o.Now()}, format, w); err != nil {
		// The status is sent already: cut the connection, so that nobody
		// takes half an export for a whole one.
		s.o.Log.Error("export", "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}
