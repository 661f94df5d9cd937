// Package realtest crawls site software that none of us wrote and compares
// what was read and found with what was planted.
package realtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler"
	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/indexer/indextest"
	"github.com/leakwatch/leakwatch/internal/realsite"
	"github.com/leakwatch/leakwatch/leak"
)

// sink keeps the listings in memory and reads each with the detection engine.
type sink struct {
	state  indexer.State
	engine *detect.Engine

	mu       sync.Mutex // protects all fields below
	listings map[string]leak.Raw
	hits     map[string]bool
}

func (s *sink) Commit(ctx context.Context, p crawler.Page) (crawler.Receipt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rec crawler.Receipt
	for _, l := range p.Listings {
		old, known := s.listings[l.SiteID]
		switch {
		case !known:
			rec.New++
		case old.Title != l.Title || old.Body != l.Body:
			rec.Changed++
		default:
			rec.Unchanged++
		}
		s.listings[l.SiteID] = l
		s.hits[l.SiteID] = s.engine.Analyze(detect.Input{Title: l.Title, Body: l.Body}).Hit
	}
	for _, w := range p.State {
		write := s.state.Swap
		if w.Entry.Version == (indexer.Version{}) {
			write = s.state.Create
		}
		if _, err := write(ctx, w.Bucket, w.Entry); err != nil {
			return rec, err
		}
	}
	return rec, nil
}

func newSink(t *testing.T) *sink {
	t.Helper()
	key, err := leak.NewKeyLine()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := leak.ParseKeyring([]byte(key))
	if err != nil {
		t.Fatal(err)
	}
	engine, err := detect.New(detect.Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	return &sink{state: indextest.NewMemory(), engine: engine, listings: map[string]leak.Raw{}, hits: map[string]bool{}}
}

func TestSpiritForumIsReadWholeAndThenOnlyWhatIsNew(t *testing.T) {
	site := realsite.StartSpirit(t, realsite.Seed(t))
	crawlTwice(t, site)
	onBothEngines(t, site)
}

func TestOscarShopIsReadWholeAndThenOnlyWhatIsNew(t *testing.T) {
	site := realsite.StartOscar(t, realsite.Seed(t))
	crawlTwice(t, site)
	onBothEngines(t, site)
}

// crawlTwice crawls a site with only its address configured, adds ten posts
// and crawls it again.
func crawlTwice(t *testing.T, site *realsite.Site) {
	s := newSink(t)
	c := crawler.New(crawler.Options{State: s.state, Sink: s})
	src := config.Source{ID: "real", Name: "real", URL: site.URL, AllowPrivate: true, Pace: time.Millisecond, MaxPages: 2000}
	rep := crawl(t, c, src)
	if rep.Kind != site.Kind {
		t.Errorf("kind %s, want %s", rep.Kind, site.Kind)
	}
	reconcile(t, site.Truth(), s)
	twice := repeated(site.RequestLog())
	if len(twice) > 0 {
		t.Errorf("fetched more than once: %q", twice)
	}
	site.ResetRequests()
	added := site.Add(10)
	rep = crawl(t, c, src)
	reconcile(t, site.Truth(), s)
	if rep.New != len(added) || rep.Changed != 0 {
		t.Errorf("second crawl: %d new, %d changed; want %d, 0", rep.New, rep.Changed, len(added))
	}
	// One page per addition, and the list pages that are needed to see that
	// the rest is known: the start, where it leads, the list in the order of
	// age, and the page after it.
	if got, most := site.Requests(), len(added)+4; got > most || got < len(added)+1 {
		t.Errorf("second crawl made %d requests, want %d at most:\n%s", got, most, strings.Join(site.RequestLog(), "\n"))
	}
	site.ResetRequests()
	rep = crawl(t, c, src)
	if got := site.Requests(); got > 4 || rep.New+rep.Changed != 0 {
		t.Errorf("a crawl without news made %d requests, %d new, %d changed; want 4 at most, 0, 0:\n%s", got, rep.New, rep.Changed, strings.Join(site.RequestLog(), "\n"))
	}
}

func crawl(t *testing.T, c *crawler.Crawler, src config.Source) crawler.Report {
	t.Helper()
	rep, err := c.Crawl(t.Context(), src, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if rep.Health != crawler.OK || len(rep.Cut) > 0 {
		t.Errorf("health %s, problems %q, cut %q", rep.Health, rep.Problems, rep.Cut)
	}
	return rep
}

// reconcile compares what was planted with what was read and found.
func reconcile(t *testing.T, truth []realsite.Planted, s *sink) {
	t.Helper()
	planted := map[string]bool{}
	for _, p := range truth {
		planted[p.ID] = true
		l, ok := s.listings[p.ID]
		if !ok {
			t.Errorf("%s was not read: %s", p.ID, p.Title)
			continue
		}
		if squeeze(l.Title) != squeeze(p.Title) || !strings.Contains(squeeze(l.Body), squeeze(p.Body)) {
			t.Errorf("%s was read as %q %q, planted %q %q", p.ID, l.Title, l.Body, p.Title, p.Body)
		}
		if s.hits[p.ID] != p.Hit {
			t.Errorf("%s: hit %v, want %v: %q %q", p.ID, s.hits[p.ID], p.Hit, l.Title, l.Body)
		}
	}
	for id, l := range s.listings {
		if !planted[id] {
			t.Errorf("%s was read and never planted: %q %q at %s", id, l.Title, l.Body, l.URL)
		}
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// repeated returns the requests that were made more than once.
func repeated(log []string) []string {
	slices.Sort(log)
	var out []string
	for i := 1; i < len(log); i++ {
		if log[i] == log[i-1] {
			out = append(out, fmt.Sprintf("%q", log[i]))
		}
	}
	return slices.Compact(out)
}
