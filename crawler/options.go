package crawler

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// Defaults of a source.
const (
	defaultPace     = 2 * time.Second
	defaultPages    = 500
	defaultDepth    = 50
	defaultAgent    = "Mozilla/5.0 (compatible; leakwatch/1.0)"
	defaultParallel = 8
)

// Options are what a Crawler is built from. State and Sink are required.
type Options struct {
	Defaults config.Crawler
	State    indexer.State
	Sink     Sink
	// Storable reports whether an address may be written to the state: it
	// holds nothing that identifies a person. nil for a careful guess.
	Storable func(address string) bool
	// Identity makes the ids of listings and the hashes of what was read; nil
	// makes those that anybody can.
	Identity *leak.Identity
	Now      func() time.Time // nil for time.Now
	Log      *slog.Logger     // nil for none
}

// Crawler crawls sources. It is safe for concurrent use; pace and robots.txt
// are shared by all its crawls.
type Crawler struct {
	defaults config.Crawler
	state    indexer.State
	sink     Sink
	storable func(string) bool
	identity *leak.Identity
	now      func() time.Time
	log      *slog.Logger
	pacer    *pacer
	robots   *robotsCache
	kindOf   func(config.Source) (site.Kind, error) // nil kind: the pages must say
}

// New returns a Crawler.
func New(o Options) *Crawler {
	c := &Crawler{defaults: o.Defaults, state: o.State, sink: o.Sink, storable: o.Storable, identity: o.Identity, now: o.Now, log: o.Log,
		pacer: newPacer(), robots: newRobotsCache(), kindOf: kindOf}
	if c.storable == nil {
		c.storable = storable
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	return c
}

func (c *Crawler) userAgent(src config.Source) string {
	for _, ua := range []string{src.UserAgent, c.defaults.UserAgent} {
		if ua != "" {
			return ua
		}
	}
	return defaultAgent
}

// withDefaults fills in what a source leaves open.
func withDefaults(src config.Source) config.Source {
	if src.ID == "" {
		src.ID = src.Name
	}
	if src.Pace <= 0 {
		src.Pace = defaultPace
	}
	if src.MaxPages <= 0 {
		src.MaxPages = defaultPages
	}
	if src.MaxDepth <= 0 {
		src.MaxDepth = defaultDepth
	}
	return src
}

// kindOf returns the configured kind, nil where the pages must say.
func kindOf(src config.Source) (site.Kind, error) {
	switch src.Kind {
	case "", "auto":
		return nil, nil
	case "selectors":
		return site.FromSelectors(src.Selectors)
	}
	return site.ByName(src.Kind)
}

// Crawl makes one pass over a source and returns when everything it read is
// committed. tick is the planned instant it belongs to. The Report is filled
// as far as the crawl came, also with an error. An error is of the context,
// the sink or the state, or a source that cannot be crawled as configured; a
// site that fails, blocks or is empty is no error but the Report's Health.
// After an error the next crawl takes up what this one left.
func (c *Crawler) Crawl(ctx context.Context, src config.Source, tick time.Time) (Report, error) {
	src = withDefaults(src)
	started := c.now()
	rep := Report{Source: src.ID, Tick: tick, Started: started}
	r, err := c.newRun(ctx, src, &rep)
	if err != nil {
		return rep, err
	}
	defer r.fetch.close()
	err = r.all()
	if ferr := r.finish(err == nil); err == nil {
		err = ferr
	}
	rep.Took = c.now().Sub(started)
	if ctx.Err() != nil {
		err = errors.Join(err, context.Cause(ctx))
	}
	return rep, err
}
