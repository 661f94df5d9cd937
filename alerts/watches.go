package alerts

import (
	"context"
	"fmt"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// WatchStatus is a watch with the counts of its alerts.
type WatchStatus struct {
	ID, Name, Query, Owner    string
	Severity                  leak.Severity // "" for the listing's own
	Receivers                 []string      // by the watch; routes may decide otherwise
	Disabled                  bool
	Exceptions                []Exception
	Total                     int64
	Open, Acknowledged, Muted int64
	Verdicts                  map[leak.Verdict]int64 // of the closed ones
	LastMatched               time.Time              // zero if it never did
}

// Watches returns the watches in the order of the config.
func (s *Service) Watches(ctx context.Context) ([]WatchStatus, error) {
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	var out []WatchStatus
	for _, w := range s.rules.Load().watches {
		st := WatchStatus{ID: w.ID, Name: w.Name, Query: w.query.String(), Owner: w.Owner,
			Severity: leak.Severity(w.Severity), Receivers: w.Receivers, Disabled: w.Disabled}
		for _, x := range w.exceptions {
			st.Exceptions = append(st.Exceptions, x.Exception)
		}
		if err := s.countWatch(ctx, &st); err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, nil
}

// Matching returns the names of the watches that a listing would satisfy if
// it were stored now, by the code that matches live.
func (s *Service) Matching(l *leak.Listing) []string {
	c := *l
	c.Changed = s.instant()
	if c.FirstSeen.IsZero() {
		c.FirstSeen = c.Changed
	}
	names := []string{}
	for _, m := range s.rules.Load().match(query.ListingDocument(&c), &c) {
		names = append(names, m.watch.Name)
	}
	return names
}

// countWatch fills in the counts.
func (s *Service) countWatch(ctx context.Context, st *WatchStatus) error {
	own := &query.Query{Root: &query.Term{Field: "watch", Value: st.ID}}
	page, err := s.Search(ctx, indexer.Search{Query: own, Now: s.now(), Limit: 1, Count: true})
	if err != nil {
		return err
	}
	st.Total = page.Total
	if len(page.Alerts) > 0 {
		st.LastMatched = page.Alerts[0].Times.Matched
	}
	aggs := []indexer.Aggregation{
		{Kind: indexer.Terms, Field: "state", Size: 10},
		{Kind: indexer.Terms, Field: "verdict", Size: 20},
	}
	got, err := s.engine.Aggregate(ctx, indexer.Alerts, own, s.now(), aggs)
	if err != nil {
		return fmt.Errorf("count alerts of watch %s: %w", st.ID, err)
	}
	for _, b := range got[0].Buckets {
		switch leak.AlertState(b.Key) {
		case leak.Open:
			st.Open = b.Count
		case leak.Acknowledged:
			st.Acknowledged = b.Count
		}
	}
	st.Verdicts = map[leak.Verdict]int64{}
	for _, b := range got[1].Buckets {
		st.Verdicts[leak.Verdict(b.Key)] = b.Count
	}
	muted := &query.Query{Root: &query.And{Nodes: []query.Node{own.Root, &query.Exists{Field: "silence"}}}}
	page, err = s.Search(ctx, indexer.Search{Query: muted, Now: s.now(), Limit: 1, Count: true})
	if err != nil {
		return err
	}
	st.Muted = page.Total
	return nil
}
