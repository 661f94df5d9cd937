package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// settle does, for stored items, everything that follows from their being
// stored: revision documents, cases, alerts, outbox entries, and last
// matched_revision. Every step can be repeated.
func (w *work) settle(ctx context.Context) error {
	steps := []func(context.Context) error{
		w.putRevisions, w.joinCases, w.putAlerts, w.putOutbox, w.setMatched,
	}
	for _, do := range steps {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// addRecovery adds a stored listing, to be matched from what is stored.
func (w *work) addRecovery(st *stored) {
	it := &item{listing: st.listing, version: st.version, step: stepRecovery}
	it.fields = query.ListingDocument(&it.listing)
	if st.pending() {
		it.matches = w.rules.match(it.fields, &it.listing)
	}
	w.items = append(w.items, it)
}

// settling returns the items that were written or wait to be matched.
func (w *work) settling() []*item {
	var items []*item
	for _, it := range w.items {
		if it.err == nil && it.step >= stepNew {
			items = append(items, it)
		}
	}
	return items
}

// matched returns those of the settling items that satisfy a watch.
func (w *work) matched() []*item {
	var items []*item
	for _, it := range w.settling() {
		if len(it.matches) > 0 {
			items = append(items, it)
		}
	}
	return items
}

// putRevisions appends the revision documents. One that exists was written by
// an earlier attempt.
func (w *work) putRevisions(ctx context.Context) error {
	var writes []indexer.Write
	for _, it := range w.settling() {
		if it.step == stepReread {
			continue
		}
		r, err := w.revision(ctx, it)
		if err != nil {
			return err
		}
		if r == nil {
			continue
		}
		source, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("encode revision: %w", err)
		}
		writes = append(writes, indexer.Write{Collection: indexer.Revisions, Create: true,
			Document: indexer.Document{ID: r.ID, Source: source, Fields: query.RevisionDocument(r)}})
	}
	if len(writes) == 0 {
		return nil
	}
	w.s.at(pointRevisions)
	_, errs := w.engine.Put(ctx, writes)
	for i, err := range errs {
		switch {
		case err == nil, errors.Is(err, indexer.ErrExists):
		case errors.Is(err, indexer.ErrInvalid):
			w.s.log.Error("the index refuses a revision", "revision", writes[i].Document.ID, "error", err)
		default:
			return fmt.Errorf("store revision: %w", err)
		}
	}
	return nil
}

// revision returns the revision document of an item, or nil if a recovered
// listing has it already.
func (w *work) revision(ctx context.Context, it *item) (*leak.Revision, error) {
	l := &it.listing
	id := leak.RevisionID(l.ID, l.Revision)
	if it.step == stepRecovery {
		ids := []string{id, leak.RevisionID(l.ID, l.Revision-1)}
		docs, err := w.engine.Get(ctx, indexer.Revisions, ids...)
		if err != nil {
			return nil, fmt.Errorf("load revisions: %w", err)
		}
		if _, found := docs[id]; found {
			return nil, nil
		}
		var before leak.Revision
		if d, found := docs[ids[1]]; found && json.Unmarshal(d.Source, &before) == nil {
			it.previous = &before.Snapshot
		}
	}
	r := &leak.Revision{ID: id, Listing: l.ID, Source: l.Source, Number: l.Revision, At: l.Changed, Snapshot: *l}
	if it.previous != nil {
		r.Changes = changes(it.previous, l)
	}
	return r, nil
}

// setMatched notes on the listings that everything that follows from their
// revision is done.
func (w *work) setMatched(ctx context.Context) error {
	var todo []*item
	for _, it := range w.settling() {
		if it.listing.MatchedRevision != it.listing.Revision {
			it.markMatched()
			todo = append(todo, it)
		}
	}
	for range casRounds {
		if len(todo) == 0 {
			return nil
		}
		w.s.at(pointMatched)
		lost, err := w.putItems(ctx, todo)
		if err != nil {
			return err
		}
		if todo, err = w.retryMatched(ctx, lost); err != nil {
			return err
		}
	}
	for _, it := range todo {
		it.err = fmt.Errorf("mark listing %s as matched: %w", it.listing.ID, indexer.ErrConflict)
	}
	return nil
}

// markMatched sets the marks on the listing and on what is searchable of it.
func (it *item) markMatched() {
	it.listing.MatchedRevision = it.listing.Revision
	it.fields.Keywords["pending"] = []string{"false"}
	if it.caseID != "" {
		it.listing.CaseID = it.caseID
		it.fields.Keywords["case"] = []string{it.caseID}
	}
}

// retryMatched returns those of the lost items whose stored revision still
// waits for the mark, on top of what the other writer stored.
func (w *work) retryMatched(ctx context.Context, lost []*item) ([]*item, error) {
	ids := make([]string, len(lost))
	for i, it := range lost {
		ids[i] = it.listing.ID
	}
	known, err := w.loadListings(ctx, ids)
	if err != nil {
		return nil, err
	}
	var todo []*item
	for _, it := range lost {
		st := known[it.listing.ID]
		if st == nil || !st.pending() || st.listing.Revision != it.listing.Revision {
			continue // deleted, matched or revised by another
		}
		it.listing, it.version = st.listing, st.version
		it.fields = query.ListingDocument(&it.listing)
		it.markMatched()
		todo = append(todo, it)
	}
	return todo, nil
}
