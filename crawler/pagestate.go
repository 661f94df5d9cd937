package crawler

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// What the crawler keeps in the index's state:
//
//	pages    source/identity of the canonical address → pageState; Due is
//	         when a page that failed is to be tried again
//	sources  source → memory: the kind, what is unfinished, the history of
//	         yields, the last report
//	ticks    source → tick: when it is due, who runs it
//	leases   host → lease: who crawls it
//
// No text of a page is among it, and an address only where it holds nothing
// that could identify a person (Options.Storable). Hashes of what was read are
// made under the secret of the index (Options.Identity).
const (
	pagesBucket   = "pages"
	sourcesBucket = "sources"
	ticksBucket   = "ticks"
	leasesBucket  = "leases"
)

// pageState is what is remembered of a page that was read.
type pageState struct {
	Row      string    `json:"row,omitempty"`      // the hash of the list row under which it was read; "" if it must be read again
	Hash     string    `json:"hash,omitempty"`     // of the listings read from it
	Core     string    `json:"core,omitempty"`     // the same without what the row told
	ETag     string    `json:"etag,omitempty"`     // validators
	Modified string    `json:"modified,omitempty"` // Last-Modified
	Listings []string  `json:"listings,omitempty"` // their ids
	URL      string    `json:"url,omitempty"`      // "" where it may not be stored
	SiteID   string    `json:"site_id,omitempty"`  // of the row
	Posted   time.Time `json:"posted,omitzero"`    // as the row showed
	Next     string    `json:"next,omitempty"`     // address of the following page of the thread
	List     bool      `json:"list,omitempty"`     // a list: read in every crawl
	Gone     bool      `json:"gone,omitempty"`     // the site answered that it is gone
	Fails    int       `json:"fails,omitempty"`    // in a row
	Calm     int       `json:"calm,omitempty"`     // looked at again without a change, in a row
	Fetched  time.Time `json:"fetched"`
}

// record is a pageState with the entry it stands in.
type record struct {
	pageState
	key     string
	version indexer.Version
}

func (r *record) known() bool { return r.version != (indexer.Version{}) }

// Limits on a pageState.
const (
	maxStateListings = 1000
	maxETag          = 128
)

// pageKey is the key of a page in the bucket.
func (c *Crawler) pageKey(source string, u *url.URL) string {
	return source + "/" + c.identity.Of("page", source, canonical(u))
}

func (c *Crawler) loadPages(ctx context.Context, keys []string) (map[string]*record, error) {
	out := make(map[string]*record, len(keys))
	for _, k := range keys {
		out[k] = &record{key: k}
	}
	if len(keys) == 0 {
		return out, nil
	}
	entries, err := c.state.LoadAll(ctx, pagesBucket, keys...)
	if err != nil {
		return nil, fmt.Errorf("load page states: %w", err)
	}
	for k, e := range entries {
		out[k].version = e.Version
		// An unreadable state is as good as none: the page is read again.
		_ = json.Unmarshal(e.Value, &out[k].pageState)
	}
	return out, nil
}

// write turns a record into the write that stores it, due again at due.
func (r *record) write(due time.Time) (indexer.StateWrite, error) {
	b, err := json.Marshal(r.pageState)
	if err != nil {
		return indexer.StateWrite{}, fmt.Errorf("store page state: %w", err)
	}
	e := indexer.Entry{Key: r.key, Version: r.version, Value: b, Due: due}
	return indexer.StateWrite{Bucket: pagesBucket, Entry: e}, nil
}

// conditional returns the headers that ask whether the page changed, nil if
// it has to come whole.
func (r *record) conditional() http.Header {
	if !r.known() || r.Hash == "" || r.List || r.Fails > 0 {
		return nil
	}
	h := http.Header{}
	if r.ETag != "" {
		h.Set("If-None-Match", r.ETag)
	}
	if r.Modified != "" {
		h.Set("If-Modified-Since", r.Modified)
	}
	return h
}

// validators remembers what a later conditional request needs. They come
// from the site: what does not look like a validator is not kept.
func (r *record) validators(h http.Header) {
	r.ETag, r.Modified = "", ""
	if t, err := http.ParseTime(h.Get("Last-Modified")); err == nil {
		r.Modified = t.UTC().Format(http.TimeFormat)
	}
	tag := h.Get("ETag")
	if len(tag) <= maxETag && strings.HasSuffix(tag, `"`) && storable("/"+strings.Trim(tag, `W/"`)) {
		r.ETag = tag
	}
}

// Times after which a page is looked at again although nothing points to a
// change: soon after it was first read, ever later while it stays the same.
// One that failed is tried again sooner.
const (
	recheckFirst = 24 * time.Hour
	recheckLast  = 14 * 24 * time.Hour
	retryFirst   = 10 * time.Minute
	maxFails     = 6
)

// stale reports whether a page that was read is worth another look.
func (s *pageState) stale(now time.Time) bool {
	return !s.List && !s.Gone && !s.Fetched.Add(min(recheckFirst<<min(s.Calm, 8), recheckLast)).After(now)
}

// retryAt returns when a page that failed is to be tried again, zero for
// never.
func (s *pageState) retryAt() time.Time {
	switch {
	case s.URL == "" || s.List || s.Gone || s.Fails == 0:
		return time.Time{}
	case s.Fails > maxFails:
		return s.Fetched.Add(recheckLast)
	}
	return s.Fetched.Add(retryFirst << (2 * (s.Fails - 1)))
}

// contentHash returns the hash of what was read from a page, the same where
// nothing that matters changed, and the hash of the part of it that the page
// alone decides and not the row that led to it.
func contentHash(identity *leak.Identity, listings []leak.Raw) (all, core string) {
	var rows, own []string
	for i := range listings {
		r := &listings[i]
		rows = append(rows, r.Title, strconv.FormatInt(r.PostedAt.Unix(), 10))
		own = append(own, r.SiteID, Canonical(r.URL), r.Body, r.Seller, r.Price+" "+r.Currency,
			fmt.Sprint(number(r.Stock), r.SoldOut, len(r.Files)))
		own = append(own, r.Files...)
	}
	core = identity.Of(own...)
	return identity.Of(append(rows, core)...), core
}

func number(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

func listingIDs(identity *leak.Identity, listings []leak.Raw) []string {
	ids := make([]string, 0, len(listings))
	for i := range listings {
		ids = append(ids, ListingID(identity, &listings[i]))
	}
	return ids
}
