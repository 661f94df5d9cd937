package alerts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// Before listings are stored, a note of their ids is, and it is removed when
// all that follows from them is done. Where the engine has transactions the
// note never becomes visible; where it has none, Recover finds by it what a
// dead process left, without depending on what a search already sees.
//
// Bucket "unsettled", key a random token, value unsettledNote, due when
// another process may take the work over.
const unsettledBucket = "unsettled"

// takeover is the age at which work under way counts as left behind.
const takeover = time.Minute

type unsettledNote struct {
	Listings []string `json:"listings"`
}

// writeIntent stores the note.
func (w *work) writeIntent(ctx context.Context, items []*item) error {
	var note unsettledNote
	for _, it := range items {
		if it.step > stepTouch {
			note.Listings = append(note.Listings, it.listing.ID)
		}
	}
	if len(note.Listings) == 0 {
		return nil
	}
	value, err := json.Marshal(note)
	if err != nil {
		return fmt.Errorf("encode note of listings: %w", err)
	}
	w.s.at(pointIntent)
	e := indexer.Entry{Key: rand.Text(), Value: value, Due: w.now.Add(takeover)}
	if e.Version, err = w.engine.Create(ctx, unsettledBucket, e); err != nil {
		return fmt.Errorf("note listings: %w", err)
	}
	w.intent = &e
	return nil
}

// forgetIntent removes the note, unless an item could not be finished.
func (w *work) forgetIntent(ctx context.Context) error {
	if w.intent == nil {
		return nil
	}
	for _, it := range w.items {
		if it.err != nil && !errors.Is(it.err, indexer.ErrInvalid) {
			return nil
		}
	}
	w.s.at(pointIntentDone)
	if err := w.engine.Remove(ctx, unsettledBucket, w.intent.Key, w.intent.Version); err != nil {
		return fmt.Errorf("remove note of listings: %w", err)
	}
	return nil
}

// Recover finishes what a crash left undone: listings that are stored but not
// matched are matched from the stored document, never from the network. Run
// calls it at the start and every minute; work that is younger than a minute
// is left to whoever does it. It returns how many listings it looked at.
func (s *Service) Recover(ctx context.Context) (int, error) {
	return s.recoverBefore(ctx, s.instant())
}

// recoverBefore recovers work that was due to be taken over at now.
func (s *Service) recoverBefore(ctx context.Context, now time.Time) (int, error) {
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	s.at(pointRecover)
	noted, err := s.recoverNoted(ctx, now)
	if err != nil {
		return noted, fmt.Errorf("recover: %w", err)
	}
	pending, err := s.recoverPending(ctx, now)
	if err != nil {
		return noted + pending, fmt.Errorf("recover: %w", err)
	}
	return noted + pending, nil
}

// recoverNoted settles the listings of notes that are due.
func (s *Service) recoverNoted(ctx context.Context, now time.Time) (int, error) {
	notes, err := s.engine.Scan(ctx, unsettledBucket, indexer.Scan{DueBefore: now, Limit: 1000})
	if err != nil {
		return 0, err
	}
	total := 0
	for _, e := range notes {
		var note unsettledNote
		if err := json.Unmarshal(e.Value, &note); err != nil {
			return total, fmt.Errorf("read note of listings: %w", err)
		}
		if err := s.resettle(ctx, note.Listings, &e); err != nil {
			return total, err
		}
		total += len(note.Listings)
	}
	return total, nil
}

// recoverPending settles what a search finds pending for long enough, such as
// after a restore.
func (s *Service) recoverPending(ctx context.Context, now time.Time) (int, error) {
	if err := s.engine.Refresh(ctx); err != nil {
		return 0, err
	}
	total := 0
	search := indexer.Search{Query: pendingBefore(now.Add(-takeover)), Now: now, Sort: "changed_at", Asc: true, Limit: 100}
	for {
		page, err := s.engine.Search(ctx, indexer.Listings, search)
		if err != nil {
			return total, err
		}
		var ids []string
		for _, d := range page.Documents {
			ids = append(ids, d.ID)
		}
		if err := s.resettle(ctx, ids, nil); err != nil {
			return total, err
		}
		total += len(ids)
		if search.After = page.Next; page.Next == "" {
			return total, nil
		}
	}
}

// pendingBefore selects the listings whose revision is as old as t and not
// matched.
func pendingBefore(t time.Time) *query.Query {
	return &query.Query{Root: &query.And{Nodes: []query.Node{
		&query.Term{Field: "pending", Value: "true"},
		&query.Range{Field: "changed_at", Max: &query.Bound{Value: float64(t.UnixMilli())}},
	}}}
}

// resettle settles stored listings by id and removes the note, if any.
func (s *Service) resettle(ctx context.Context, ids []string, note *indexer.Entry) error {
	if len(ids) == 0 && note == nil {
		return nil
	}
	var w *work
	err := s.engine.Together(ctx, func(e indexer.Engine) error {
		w = s.newWork(e)
		known, err := w.loadListings(ctx, ids)
		if err != nil {
			return err
		}
		for _, st := range known {
			s.at(pointRecoverMatch)
			w.addRecovery(st)
		}
		if err := w.settle(ctx); err != nil {
			return err
		}
		w.intent = note
		return w.forgetIntent(ctx)
	})
	if err != nil {
		return err
	}
	s.handOver(w.queued)
	return nil
}
