package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// housekeepEvery is how often what has reached its end is deleted and the
// index is tidied.
const housekeepEvery = 6 * time.Hour

// nonHits is how long listings without an offer are kept of sources that keep
// hits only.
const nonHits = 30 * 24 * time.Hour

// housekeep deletes what has reached the end of its retention and tidies the
// index, at the start and then every six hours.
func (a *App) housekeep(ctx context.Context) error {
	tick := time.NewTicker(housekeepEvery)
	defer tick.Stop()
	for {
		n, err := a.Expire(ctx, time.Now())
		if err == nil {
			if keeper, ok := a.engine.(interface{ Maintain(context.Context) error }); ok {
				err = keeper.Maintain(ctx)
			}
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			a.log.Error("housekeeping; it is tried again later", "error", err)
		case n > 0:
			a.log.Info("deleted what reached the end of its retention", "documents", n)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// term is one rule of retention: documents of a collection whose time field
// is older than age, and which satisfy also, if it is set.
type term struct {
	collection indexer.Collection
	field      string
	age        time.Duration
	also       query.Node
}

func terms(cfg *config.Config) []term {
	r := cfg.Retention
	all := []term{{indexer.Listings, "last_seen", r.Listings, nil}, {indexer.Revisions, "at", r.Revisions, nil}, {indexer.Alerts, "matched", r.Alerts, nil}}
	for _, s := range cfg.Sources {
		if s.Keep == "hits" {
			all = append(all, term{indexer.Listings, "last_seen", nonHits, &query.And{Nodes: []query.Node{
				&query.Term{Field: "source", Value: s.ID}, &query.Term{Field: "hit", Value: "false"}}}})
		}
	}
	return all
}

// Expire deletes what has reached the end of its retention at the instant now
// and returns how many documents and audit lines that were.
func (a *App) Expire(ctx context.Context, now time.Time) (int, error) {
	cfg := a.current.Load().config
	total := 0
	var errs []error
	for _, t := range terms(cfg) {
		if t.age <= 0 {
			continue
		}
		n, err := a.expire(ctx, t, now)
		total += n
		errs = append(errs, err)
	}
	if cfg.Retention.Audit > 0 {
		n, err := a.expireAudit(ctx, now.Add(-cfg.Retention.Audit))
		total += n
		errs = append(errs, err)
	}
	return total, errors.Join(errs...)
}

func (a *App) expire(ctx context.Context, t term, now time.Time) (int, error) {
	limit := &query.Bound{Value: float64(now.Add(-t.age).UnixMilli())}
	var root query.Node = &query.Range{Field: t.field, Max: limit}
	if t.also != nil {
		root = &query.And{Nodes: []query.Node{root, t.also}}
	}
	total := 0
	for {
		page, err := a.engine.Search(ctx, t.collection, indexer.Search{Query: &query.Query{Root: root}, Now: now, Limit: maxPage})
		if err != nil || len(page.Documents) == 0 {
			return total, wrapIf("look for old "+string(t.collection), err)
		}
		ids := make([]string, len(page.Documents))
		for i, d := range page.Documents {
			ids[i] = d.ID
		}
		if err := a.engine.Delete(ctx, t.collection, ids...); err != nil {
			return total, fmt.Errorf("delete old %s: %w", t.collection, err)
		}
		total += len(ids)
		if err := a.engine.Refresh(ctx); err != nil {
			return total, fmt.Errorf("delete old %s: %w", t.collection, err)
		}
	}
}

func wrapIf(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// expireAudit removes audit lines before an instant; their keys are times.
func (a *App) expireAudit(ctx context.Context, before time.Time) (int, error) {
	total := 0
	to := fmt.Sprintf("%020d", before.UnixNano())
	for {
		entries, err := a.engine.Scan(ctx, "audit", indexer.Scan{To: to, Limit: maxPage})
		if err != nil || len(entries) == 0 {
			return total, wrapIf("look for old audit lines", err)
		}
		for _, e := range entries {
			if err := a.engine.Remove(ctx, "audit", e.Key, e.Version); err != nil {
				return total, fmt.Errorf("remove old audit lines: %w", err)
			}
			total++
		}
	}
}
