package alerts

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// PreviewRequest asks what a watch would have done.
type PreviewRequest struct {
	Watch      string         // id of an existing watch whose exceptions also count; may be empty
	Query      *query.Query   // over listings; nil for the query of Watch
	Exceptions []*query.Query // beside those of Watch
	Window     time.Duration  // back from now; 0 for 30 days
}

// Preview is what a watch would have done with the stored history. It is
// computed by the code that matches live.
type Preview struct {
	From, To time.Time      // what was covered
	Complete bool           // false: the history is longer than what is read; From says how far back it went
	Read     int            // revisions read
	Matched  int            // revisions that satisfy the watch
	Excluded int            // revisions that only an exception excludes
	Alerts   int            // alerts it would have made
	Listings int            // distinct listings among them
	Days     []Day          // alerts per UTC day, without gaps, the oldest first
	Sample   []leak.Listing // the newest that match, at most 20
	Hides    []string       // open alerts of Watch that Exceptions would have excluded, by id, at most 1,000
}

// Day is one bar of a histogram.
type Day struct {
	Day   time.Time
	Count int
}

const (
	previewWindow = 30 * 24 * time.Hour
	previewRead   = 50_000 // revisions
	previewSample = 20
)

// Preview runs a watch over the stored history, the newest first.
func (s *Service) Preview(ctx context.Context, r PreviewRequest) (*Preview, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	run, err := s.rehearsal(r)
	if err != nil {
		return nil, err
	}
	if err := s.engine.Refresh(ctx); err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	if err := run.history(ctx, s.engine); err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	if r.Watch != "" && len(r.Exceptions) > 0 {
		if run.Hides, err = s.hidden(ctx, r); err != nil {
			return nil, fmt.Errorf("preview: %w", err)
		}
	}
	return run.finish(), nil
}

// rehearsal is a preview on its way.
type rehearsal struct {
	Preview
	watch      string
	query      *query.Query // as written
	seen       *query.Query // as a watch sees it
	exceptions []exception
	alerts     map[string]time.Time // by id: when it would have been made
	listings   map[string]bool
}

func (s *Service) rehearsal(r PreviewRequest) (*rehearsal, error) {
	run := &rehearsal{watch: "preview", query: r.Query, alerts: map[string]time.Time{}, listings: map[string]bool{}}
	if r.Watch != "" {
		w := s.rules.Load().watch(r.Watch)
		if w == nil {
			return nil, fmt.Errorf("preview: %w: %s", ErrNoWatch, r.Watch)
		}
		run.watch, run.exceptions = w.ID, slices.Clone(w.exceptions)
		if run.query == nil {
			run.query = w.query
		}
	}
	if run.query == nil {
		return nil, fmt.Errorf("%w: a preview needs a query or a watch", ErrInvalid)
	}
	run.seen = run.query.Watch()
	for _, q := range r.Exceptions {
		run.exceptions = append(run.exceptions, exception{query: q})
	}
	if r.Window <= 0 {
		r.Window = previewWindow
	}
	run.To = s.instant()
	run.From = run.To.Add(-r.Window)
	return run, nil
}

// history puts the watch to every revision of the window.
func (run *rehearsal) history(ctx context.Context, a indexer.Archive) error {
	window := &query.Query{Root: &query.Range{Field: "at", Min: &query.Bound{Value: millis(run.From)}}}
	search := indexer.Search{Query: window, Now: run.To, Limit: 200}
	for {
		page, err := a.Search(ctx, indexer.Revisions, search)
		if err != nil {
			return err
		}
		for _, d := range page.Documents {
			var rev leak.Revision
			if err := json.Unmarshal(d.Source, &rev); err != nil {
				return fmt.Errorf("read revision %s: %w", d.ID, err)
			}
			run.try(&rev)
		}
		if search.After = page.Next; page.Next == "" {
			run.Complete = true
			return nil
		}
		if run.Read >= previewRead {
			return nil
		}
	}
}

// try puts the watch to one revision.
func (run *rehearsal) try(rev *leak.Revision) {
	run.Read++
	if run.Read >= previewRead {
		run.From = rev.At
	}
	l := &rev.Snapshot
	d := query.ListingDocument(l)
	switch judge(run.seen, run.exceptions, d, rev.At) {
	case verdictExcepted:
		run.Excluded++
	case verdictMatch:
		run.Matched++
		run.listings[l.ID] = true
		// The oldest revision with these values makes the alert; it comes last.
		run.alerts[alertID(run.watch, l.ID, run.query, d)] = rev.At
		if len(run.Sample) < previewSample {
			run.Sample = append(run.Sample, *l)
		}
	}
}

// finish counts.
func (run *rehearsal) finish() *Preview {
	run.Alerts, run.Listings = len(run.alerts), len(run.listings)
	const day = 24 * time.Hour
	counts := map[time.Time]int{}
	for _, at := range run.alerts {
		counts[at.UTC().Truncate(day)]++
	}
	for d := run.From.UTC().Truncate(day); !d.After(run.To); d = d.Add(day) {
		run.Days = append(run.Days, Day{d, counts[d]})
	}
	return &run.Preview
}

// hidden returns the open alerts of the watch whose listings the new
// exceptions would exclude.
func (s *Service) hidden(ctx context.Context, r PreviewRequest) ([]string, error) {
	open := &query.Query{Root: &query.And{Nodes: []query.Node{
		&query.Term{Field: "watch", Value: r.Watch},
		&query.Not{Node: &query.Term{Field: "state", Value: string(leak.Closed)}},
	}}}
	page, err := s.Search(ctx, indexer.Search{Query: open, Now: s.now(), Limit: 1000})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, a := range page.Alerts {
		ids = append(ids, leak.RevisionID(a.Listing, a.Revision))
	}
	docs, err := s.engine.Get(ctx, indexer.Revisions, ids...)
	if err != nil {
		return nil, err
	}
	var out []string
	for i, a := range page.Alerts {
		var rev leak.Revision
		if d, found := docs[ids[i]]; !found || json.Unmarshal(d.Source, &rev) != nil {
			continue
		}
		fields := query.ListingDocument(&rev.Snapshot)
		if slices.ContainsFunc(r.Exceptions, func(q *query.Query) bool { return q.Match(fields, rev.At) }) {
			out = append(out, a.ID)
		}
	}
	return out, nil
}
