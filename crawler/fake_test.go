package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/indexer/indextest"
	"github.com/leakwatch/leakwatch/leak"
)

// fakeSink keeps what was committed, and does the state writes.
type fakeSink struct {
	state indexer.State
	fail  func(Page) error

	mu       sync.Mutex // protects all below
	listings map[string]leak.Raw
	news     []string // ids in order of their first commit
	seen     map[string]int
	gone     map[string]int
	pages    []Page
}

func newFakeSink(state indexer.State) *fakeSink {
	return &fakeSink{state: state, listings: map[string]leak.Raw{}, seen: map[string]int{}, gone: map[string]int{}}
}

func (s *fakeSink) Commit(ctx context.Context, p Page) (Receipt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		if err := s.fail(p); err != nil {
			return Receipt{}, err
		}
	}
	var rec Receipt
	s.pages = append(s.pages, p)
	for _, l := range p.Listings {
		id := ListingID(nil, &l)
		if _, ok := s.listings[id]; ok {
			rec.Changed++
		} else {
			rec.New++
			s.news = append(s.news, id)
		}
		s.listings[id] = l
	}
	for _, id := range p.Seen {
		s.seen[id]++
	}
	for _, id := range p.Gone {
		s.gone[id]++
	}
	for _, w := range p.State {
		var err error
		if w.Entry.Version == (indexer.Version{}) {
			_, err = s.state.Create(ctx, w.Bucket, w.Entry)
		} else {
			_, err = s.state.Swap(ctx, w.Bucket, w.Entry)
		}
		if err != nil {
			return rec, err
		}
	}
	return rec, nil
}

func (s *fakeSink) titles() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, l := range s.listings {
		out = append(out, l.Title)
	}
	slices.Sort(out)
	return out
}

// offer is one listing of a shop.
type offer struct {
	id    int
	title string
	price string
	gone  bool
	body  string
}

// shop is a site: lists of perPage rows, newest first, and a detail page per
// row. Its fields may be changed between crawls.
type shop struct {
	mu      sync.Mutex // protects all below
	offers  []*offer   // oldest first
	perPage int
	robots  string // "" for none
	hits    map[string]int
	times   []time.Time
	wrap    func(w http.ResponseWriter, r *http.Request) bool // true: answered
	noPrice bool                                              // lists show no price
}

func newShop(n int) *shop {
	s := &shop{perPage: 20, hits: map[string]int{}}
	for range n {
		s.add()
	}
	return s
}

func (s *shop) add() *offer {
	n := len(s.offers) + 1
	o := &offer{id: n, title: fmt.Sprintf("face photos lot %d", n), price: fmt.Sprintf("¥%d.00", n%50+1),
		body: fmt.Sprintf("Selling lot %d: faces with cards, contact @seller%d on telegram. Fresh and checked, in bulk.", n, n%7)}
	s.offers = append(s.offers, o)
	return o
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits[r.URL.RequestURI()]++
	s.times = append(s.times, time.Now())
	if s.wrap != nil && s.wrap(w, r) {
		return
	}
	switch {
	case r.URL.Path == "/robots.txt":
		if s.robots == "" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, s.robots)
	case r.URL.Path == "/shop/":
		s.list(w, r)
	case strings.HasPrefix(r.URL.Path, "/shop/item/"):
		s.detail(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *shop) list(w http.ResponseWriter, r *http.Request) {
	page := 1
	fmt.Sscan(r.URL.Query().Get("page"), &page)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, "<!DOCTYPE html><html><head><title>Shop</title></head><body><h1>Shop</h1><ul class=rows>")
	var live []*offer
	for _, o := range slices.Backward(s.offers) {
		if !o.gone {
			live = append(live, o)
		}
	}
	from := min((page-1)*s.perPage, len(live))
	to := min(from+s.perPage, len(live))
	for _, o := range live[from:to] {
		price := o.price
		if s.noPrice {
			price = ""
		}
		fmt.Fprintf(w, `<li class=item><a href="/shop/item/%d/">%s</a> <span class=price>%s</span></li>`, o.id, o.title, price)
	}
	fmt.Fprint(w, "</ul>")
	if to < len(live) {
		fmt.Fprintf(w, `<a class=next rel=next href="/shop/?page=%d">next</a>`, page+1)
	}
	fmt.Fprint(w, "</body></html>")
}

func (s *shop) detail(w http.ResponseWriter, r *http.Request) {
	var id int
	fmt.Sscanf(r.URL.Path, "/shop/item/%d/", &id)
	if id < 1 || id > len(s.offers) || s.offers[id-1].gone {
		http.NotFound(w, r)
		return
	}
	o := s.offers[id-1]
	tag := `"` + leak.Fingerprint(o.title, o.price, o.body)[:6] + `x"`
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!DOCTYPE html><html><head><title>%[1]s</title></head><body><h1 class=title>%[1]s</h1><p class=price>%[2]s</p><div class=body>%[3]s</div></body></html>`,
		o.title, o.price, o.body)
}

// requests returns how many requests came since the last call.
func (s *shop) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.times)
	s.times = nil
	return n
}

func (s *shop) twice() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for p, n := range s.hits {
		if n > 1 {
			out = append(out, fmt.Sprintf("%s ×%d", p, n))
		}
	}
	clear(s.hits)
	return out
}

// world is a crawler with its surroundings.
type world struct {
	t     *testing.T
	state *indextest.Memory
	sink  *fakeSink
	c     *Crawler
	src   config.Source
	now   time.Time
}

var shopSelectors = config.Selectors{Item: "li.item", Link: "a", Next: "a.next", Title: "h1.title", Body: "div.body", Price: ".price"}

func newWorld(t *testing.T, h http.Handler, path string) *world {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	w := &world{t: t, state: indextest.NewMemory(), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	w.sink = newFakeSink(w.state)
	w.c = New(Options{State: w.state, Sink: w.sink, Now: func() time.Time { return w.now }})
	w.src = config.Source{ID: "shop", Name: "shop", URL: srv.URL + path, AllowPrivate: true, Pace: time.Nanosecond,
		Kind: "selectors", Selectors: shopSelectors, MaxPages: 5000, MaxDepth: 1000}
	return w
}

// crawl makes one crawl and an hour pass.
func (w *world) crawl() Report {
	w.t.Helper()
	rep, err := w.c.Crawl(context.Background(), w.src, w.now)
	if err != nil {
		w.t.Fatalf("crawl: %v", err)
	}
	w.now = w.now.Add(time.Hour)
	return rep
}

func (w *world) wantHealth(rep Report, h Health) {
	w.t.Helper()
	if rep.Health != h {
		w.t.Errorf("health %q, want %q (problems: %q)", rep.Health, h, rep.Problems)
	}
}

var errPlanned = errors.New("planned failure")
