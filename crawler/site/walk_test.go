package site_test

import (
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"golang.org/x/net/html/charset"

	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/leak"
)

// A walk is the crawler in small: it follows what a kind says, without
// pacing, robots or memory.
type walk struct {
	t        *testing.T
	client   *http.Client
	kind     site.Kind // nil: found out on the first page
	requests int
	listings []leak.Raw
	rows     map[string]string // of Details, by address
	missing  []string          // addresses that gave no page
	fetched  time.Time         // zero for now
}

type step struct {
	url  string
	link *site.Link
}

func (w *walk) run(start string) {
	w.t.Helper()
	w.rows = map[string]string{}
	seen := map[string]bool{}
	queue := []step{{url: start}}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if seen[s.url] {
			continue
		}
		seen[s.url] = true
		if w.requests++; w.requests > 2000 {
			w.t.Fatalf("more than 2000 requests from %s", start)
		}
		p := w.page(s.url)
		if w.kind == nil {
			w.kind = site.Detect(p)
		}
		res := w.kind.Read(p, site.Hints{Source: "s", Link: s.link})
		w.listings = append(w.listings, res.Listings...)
		link := s.link
		if res.List {
			link = nil
		}
		for _, u := range res.Next {
			queue = append(queue, step{u, link})
		}
		for _, u := range res.Lists {
			queue = append(queue, step{u, nil})
		}
		for _, l := range res.Details {
			w.rows[l.URL] = l.Row
			queue = append(queue, step{l.URL, &l})
		}
	}
}

func (w *walk) page(address string) *site.Page {
	w.t.Helper()
	resp, err := w.client.Get(address)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	ct := resp.Header.Get("Content-Type")
	r, err := charset.NewReader(resp.Body, ct)
	if err != nil { // an empty page
		r = resp.Body
	}
	if resp.StatusCode != http.StatusOK {
		w.missing = append(w.missing, resp.Request.URL.RequestURI())
	}
	body, err := io.ReadAll(r)
	if err != nil {
		w.t.Fatal(err)
	}
	at := w.fetched
	if at.IsZero() {
		at = time.Now()
	}
	return &site.Page{URL: resp.Request.URL, Header: resp.Header, Body: body, ContentType: ct, Fetched: at}
}

func mustURL(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
