package app

import (
	"context"
	"fmt"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/console"
	"github.com/leakwatch/leakwatch/crawler"
	"github.com/leakwatch/leakwatch/leak"
)

// SourceStatus is a source of the config with what its crawls have shown.
type SourceStatus struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"`
	URL      string         `json:"url"`
	Kind     string         `json:"kind"`
	Schedule string         `json:"schedule"`
	Disabled bool           `json:"disabled,omitempty"`
	Health   crawler.Health `json:"health"` // "" before the first crawl
	Problem  string         `json:"problem,omitempty"`
	Last     time.Time      `json:"last,omitzero"`
	LastGood time.Time      `json:"last_good,omitzero"`
	Next     time.Time      `json:"next,omitzero"`
	Took     time.Duration  `json:"took,omitempty"`
	Requests int            `json:"requests"`
	Listings int            `json:"listings"`
	Hits     int            `json:"hits"`
	Yields   []int          `json:"yields,omitempty"`
}

// Sources returns the sources in the order of the config.
func (a *App) Sources(ctx context.Context) ([]SourceStatus, error) {
	sources := a.current.Load().config.Sources
	ids := make([]string, len(sources))
	for i, s := range sources {
		ids[i] = s.ID
	}
	known, err := crawler.ReadStatus(ctx, a.engine, ids...)
	if err != nil {
		return nil, fmt.Errorf("read the status of sources: %w", err)
	}
	out := make([]SourceStatus, len(sources))
	for i, s := range sources {
		out[i] = sourceStatus(s, known[s.ID])
	}
	return out, nil
}

func sourceStatus(s config.Source, st crawler.Status) SourceStatus {
	x := SourceStatus{ID: s.ID, Name: s.Name, URL: s.URL, Kind: st.Kind, Schedule: s.Schedule, Disabled: s.Disabled, Next: st.Next}
	if x.Kind == "" {
		x.Kind = s.Kind
	}
	for _, y := range st.History {
		x.Yields = append(x.Yields, y.Listings)
		if y.Health == crawler.OK || y.Health == crawler.Partial {
			x.LastGood = y.At
		}
	}
	if r := st.Last; r != nil {
		x.Health, x.Last, x.Took = r.Health, r.Started, r.Took.Round(time.Millisecond)
		x.Requests, x.Listings, x.Hits = r.Requests, r.Listings, r.Hits
		if len(r.Problems) > 0 {
			x.Problem = r.Problems[0]
		}
	}
	return x
}

func (a *App) consoleSources(ctx context.Context) ([]console.Source, error) {
	all, err := a.Sources(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]console.Source, len(all))
	for i, s := range all {
		out[i] = console.Source{ID: s.ID, Name: s.Name, URL: s.URL, Kind: s.Kind, Schedule: s.Schedule, Health: string(s.Health), Problem: s.Problem,
			Disabled: s.Disabled, Last: s.Last, Next: s.Next, LastGood: s.LastGood, Took: s.Took, Requests: s.Requests, Listings: s.Listings, Hits: s.Hits, Yields: s.Yields}
	}
	return out, nil
}

// newTicks returns the scheduler of the sources as configured at each round.
func (a *App) newTicks() *crawler.Ticks {
	return crawler.NewTicks(crawler.TicksOptions{
		State:   a.engine,
		Sources: func() []config.Source { return a.current.Load().config.Sources },
		Schedule: func(s config.Source) (crawler.Schedule, error) {
			return config.ParseSchedule(s.Schedule, s.TimeZone)
		},
		Crawl: a.crawler.Crawl,
		Done: func(ctx context.Context, src config.Source, r crawler.Report, err error) {
			if err != nil {
				return // of ours, not the site's: logged and tried again
			}
			a.crawled(ctx, src, r)
		},
		Concurrency: a.current.Load().config.Crawler.Concurrency,
		Owner:       a.worker.id,
		Sole:        a.opt.Exclusive && a.opt.Config.Index.Engine == "embedded",
		Log:         a.log,
	})
}

// Probed is what a source at an address would give: the page, the listings
// as they would be stored, and the watches that would match each.
type Probed struct {
	crawler.ProbeResult
	Listings []ProbedListing `json:"listings"`
}

// ProbedListing is one listing of a probe.
type ProbedListing struct {
	leak.Listing
	Watches []string `json:"watches"` // names of the watches that would match
}

// Probe fetches an address and a few pages it leads to, as a source with
// these settings would, and stores nothing.
func (a *App) Probe(ctx context.Context, address string, src config.Source) (*Probed, error) {
	r, err := a.crawler.Probe(ctx, address, src)
	if err != nil {
		return nil, err
	}
	detector := a.detector()
	shown := detector.Read(leak.Raw{URL: r.URL, Title: r.Title})
	r.URL, r.Title = shown.URL, shown.Title // as raw as the listings
	if r.Next != "" {
		r.Next = detector.Read(leak.Raw{URL: r.Next}).URL
	}
	out := &Probed{ProbeResult: r}
	for i := range r.Listings {
		l := a.read(&r.Listings[i])
		out.Listings = append(out.Listings, ProbedListing{Listing: l, Watches: a.alerts.Matching(&l)})
	}
	out.ProbeResult.Listings = nil // raw: not to leave here
	return out, nil
}
