// Package crawler turns sources into pages and pages into raw listings,
// politely and without being harmed by what it reads. The kinds of site
// software are in crawler/site; colly drives the requests of one crawl from
// one file.
//
// Ticks decides when: what is due stands in the state and is claimed by
// compare-and-set under a lease of the host. A crawl (run.go) is one
// goroutine that fetches the start page, finds out the kind, and works off a
// queue of list and detail pages (read.go), newest first, until ground that
// is known and unchanged. Every request, redirects and robots.txt included,
// passes scope, robots and pace on its way through the guarded transport of
// internal/safehttp (fetch.go). What is read goes to the Sink page by page,
// and the state of a page is written after its listings, so a crawl may be
// killed anywhere and the next one takes up what it left. A report says what
// was read and whether the source's silence can be trusted (health.go).
//
// What is stored, and under which keys, is written in pagestate.go.
package crawler

import (
	"context"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// Sink takes what a crawl reads. Commit runs listings through detection,
// masking, storage, matching and alerting, and then does the state writes of
// the page, each step acknowledged before the next. It returns when all of it
// is durable. It is safe for concurrent use; many calls may share one
// transaction.
type Sink interface {
	Commit(ctx context.Context, p Page) (Receipt, error)
}

// Page is what one fetched page adds to the index.
type Page struct {
	Source   string // source id
	Listings []leak.Raw
	Seen     []string             // listing ids known to be still listed, unchanged
	Gone     []string             // listing ids that the site no longer shows
	State    []indexer.StateWrite // page states, written last
	// More says that the crawl goes on to fetch: a sink may wait a moment for
	// what comes, to store it together.
	More bool
}

// Receipt says what a commit did.
type Receipt struct {
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Hits      int `json:"hits"` // among new and changed
	Alerts    int `json:"alerts"`
}

// Report is what one crawl did; it is what `sources` and the console show.
type Report struct {
	Source   string        `json:"source"`
	Tick     time.Time     `json:"tick"`
	Started  time.Time     `json:"started"`
	Took     time.Duration `json:"took"`
	Kind     string        `json:"kind"` // the site kind that was used
	Requests int           `json:"requests"`
	Pages    int           `json:"pages"`
	Listings int           `json:"listings"` // read, known ones included
	Receipt
	Health   Health   `json:"health"`
	Problems []string `json:"problems,omitempty"` // redacted, for people
	Cut      []string `json:"cut,omitempty"`      // caps that were hit
}

// Health says whether a source can be trusted when it is silent.
type Health string

// The health of a source after a crawl.
const (
	OK          Health = "ok"
	LoggedOut   Health = "logged_out"
	Blocked     Health = "blocked"     // captcha, 403, 429
	Unreachable Health = "unreachable" // network, 5xx
	Blind       Health = "blind"       // pages answer, but nothing is read where something used to be
	Disallowed  Health = "disallowed"  // robots
	Partial     Health = "partial"     // a cap ended the crawl early
)
