package app

import (
	"context"
	"fmt"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/crawler"
	"github.com/leakwatch/leakwatch/detect/lists"
	"github.com/leakwatch/leakwatch/leak"
)

// sink joins the crawler to detection and alerting: raw listings go in,
// redacted ones come out, and nothing between the two is kept.
type sink struct{ a *App }

// Commit implements crawler.Sink.
func (s sink) Commit(ctx context.Context, p crawler.Page) (crawler.Receipt, error) {
	b := alerts.Batch{Seen: p.Seen, Gone: p.Gone, State: p.State, More: p.More, Listings: make([]leak.Listing, 0, len(p.Listings))}
	for i := range p.Listings {
		b.Listings = append(b.Listings, s.a.read(&p.Listings[i]))
	}
	r, err := s.a.alerts.Ingest(ctx, b)
	if err != nil {
		return crawler.Receipt{}, fmt.Errorf("commit page: %w", err)
	}
	s.a.metrics.ingested(r)
	if s.a.opt.Page != nil {
		s.a.opt.Page()
	}
	return crawler.Receipt{New: r.New, Changed: r.Changed, Unchanged: r.Unchanged, Hits: r.Hits, Alerts: r.Alerts}, nil
}

// read turns a raw listing into a redacted one with its identity and lists.
func (a *App) read(raw *leak.Raw) leak.Listing {
	set := a.current.Load()
	l := set.detect.Read(*raw)
	l.ID = crawler.ListingID(a.identity, raw)
	l.Lists = lists.Tag(set.lists, &l)
	return l
}
