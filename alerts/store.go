package alerts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// stored is a listing as the index holds it.
type stored struct {
	listing leak.Listing
	version indexer.Version
}

// pending reports whether the watches have not seen the stored revision.
func (st *stored) pending() bool { return st.listing.MatchedRevision != st.listing.Revision }

// loadListings returns the stored listings among ids.
func (w *work) loadListings(ctx context.Context, ids []string) (map[string]*stored, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	docs, err := w.engine.Get(ctx, indexer.Listings, ids...)
	if err != nil {
		return nil, fmt.Errorf("load listings: %w", err)
	}
	found := make(map[string]*stored, len(docs))
	for id, d := range docs {
		st := &stored{version: d.Version}
		if err := json.Unmarshal(d.Source, &st.listing); err != nil {
			return nil, fmt.Errorf("read listing %s: %w", id, err)
		}
		found[id] = st
	}
	return found, nil
}

// storeListings puts what is new or changed into the archive. Listings that a
// crash left unmatched are settled first, so that no revision is skipped.
func (w *work) storeListings(ctx context.Context, jobs []*ingestJob) error {
	var ids []string
	for _, j := range jobs {
		ids = append(ids, j.batch.ids()...)
	}
	known, err := w.loadListings(ctx, ids)
	if err != nil {
		return err
	}
	if known, err = w.settleLeftovers(ctx, known); err != nil {
		return err
	}
	for _, j := range jobs {
		w.addItems(j, known)
	}
	return w.putListings(ctx)
}

// settleLeftovers matches those of known that wait for it and returns known
// as it is afterwards.
func (w *work) settleLeftovers(ctx context.Context, known map[string]*stored) (map[string]*stored, error) {
	left := w.s.newWork(w.engine)
	for _, st := range known {
		if st.pending() {
			left.addRecovery(st)
		}
	}
	if len(left.items) == 0 {
		return known, nil
	}
	if err := left.settle(ctx); err != nil {
		return nil, err
	}
	w.queued = append(w.queued, left.queued...)
	for _, it := range left.items {
		known[it.listing.ID] = &stored{listing: it.listing, version: it.version}
	}
	return known, nil
}

// addItems makes the items of one job.
func (w *work) addItems(j *ingestJob, known map[string]*stored) {
	place := map[string]bool{}
	for i := len(j.batch.Listings) - 1; i >= 0; i-- { // of two of one id, the last counts
		l := j.batch.Listings[i]
		if !place[l.ID] {
			place[l.ID] = true
			w.items = append(w.items, w.plan(j, l, known[l.ID]))
		}
	}
	for _, id := range j.batch.Seen {
		if st := known[id]; st != nil && !place[id] {
			place[id] = true
			w.items = append(w.items, w.planSeen(j, st))
		}
	}
	for _, id := range j.batch.Gone {
		if st := known[id]; st != nil && !place[id] {
			place[id] = true
			w.items = append(w.items, w.planGone(j, st))
		}
	}
}

// plan decides what has to be done with a listing that was read.
func (w *work) plan(j *ingestJob, l leak.Listing, st *stored) *item {
	switch {
	case st == nil:
		l.FirstSeen, l.Revision, l.MatchedRevision, l.CaseID = w.now, 1, 0, ""
		return w.revise(&item{job: j, listing: l, step: stepNew})
	case l.Content != st.listing.Content:
		it := &item{job: j, listing: l, step: stepChanged, version: st.version, previous: &st.listing}
		it.listing.FirstSeen, it.listing.Revision = st.listing.FirstSeen, st.listing.Revision+1
		it.listing.MatchedRevision, it.listing.CaseID = st.listing.MatchedRevision, st.listing.CaseID
		return w.revise(it)
	case !sameVersions(&l, &st.listing):
		it := &item{job: j, listing: l, step: stepReread, version: st.version}
		it.listing.FirstSeen, it.listing.Revision = st.listing.FirstSeen, st.listing.Revision
		it.listing.Fetched, it.listing.Changed = st.listing.Fetched, st.listing.Changed
		it.listing.LastSeen, it.listing.CaseID = w.now, st.listing.CaseID
		it.listing.MatchedRevision, it.listing.Gone = 0, nil
		w.evaluate(it)
		return it
	default:
		return w.planSeen(j, st)
	}
}

// revise completes a new revision.
func (w *work) revise(it *item) *item {
	it.listing.LastSeen, it.listing.Changed, it.listing.Gone = w.now, w.now, nil
	w.evaluate(it)
	return it
}

// sameVersions reports whether two readings of one content come from the same
// rules and lists.
func sameVersions(a, b *leak.Listing) bool {
	return a.TextVersion == b.TextVersion && a.RulesVersion == b.RulesVersion &&
		a.RedactionVersion == b.RedactionVersion && slices.Equal(a.Lists, b.Lists)
}

func (w *work) planSeen(j *ingestJob, st *stored) *item {
	it := &item{job: j, listing: st.listing, version: st.version}
	if st.listing.Gone != nil || w.now.Sub(st.listing.LastSeen) >= seenEvery {
		it.listing.LastSeen, it.listing.Gone = w.now, nil
		it.step, it.fields = stepTouch, query.ListingDocument(&it.listing)
	}
	return it
}

func (w *work) planGone(j *ingestJob, st *stored) *item {
	it := &item{job: j, listing: st.listing, version: st.version, gone: true}
	if st.listing.Gone == nil {
		it.listing.Gone = &w.now
		it.step, it.fields = stepTouch, query.ListingDocument(&it.listing)
	}
	return it
}

// evaluate asks the watches. A listing that satisfies none is matched as soon
// as it is stored, since nothing follows from it.
func (w *work) evaluate(it *item) {
	before := it.listing.MatchedRevision
	it.listing.MatchedRevision = it.listing.Revision
	it.fields = query.ListingDocument(&it.listing)
	it.matches = w.rules.match(it.fields, &it.listing)
	if len(it.matches) > 0 {
		it.listing.MatchedRevision = min(before, it.listing.Revision-1)
		it.fields.Keywords["pending"] = []string{"true"}
	}
}

// putListings writes the planned items. What another writer changed in the
// meantime is planned again from what it left.
func (w *work) putListings(ctx context.Context) error {
	todo := slices.DeleteFunc(slices.Clone(w.items), func(it *item) bool { return it.step == stepNone })
	if err := w.writeIntent(ctx, todo); err != nil {
		return err
	}
	for range casRounds {
		if len(todo) == 0 {
			return nil
		}
		w.s.at(pointListings)
		lost, err := w.putItems(ctx, todo)
		if err != nil {
			return err
		}
		if todo, err = w.replan(ctx, lost); err != nil {
			return err
		}
	}
	for _, it := range todo {
		it.err = fmt.Errorf("store listing %s: %w", it.listing.ID, indexer.ErrConflict)
	}
	return nil
}

// putItems writes the items and returns those that lost against another
// writer.
func (w *work) putItems(ctx context.Context, items []*item) (lost []*item, err error) {
	writes := make([]indexer.Write, len(items))
	for i, it := range items {
		if writes[i], err = it.write(); err != nil {
			return nil, err
		}
	}
	versions, errs := w.engine.Put(ctx, writes)
	for i, it := range items {
		switch err := errs[i]; {
		case err == nil:
			it.version = versions[i]
		case errors.Is(err, indexer.ErrExists), errors.Is(err, indexer.ErrConflict):
			lost = append(lost, it)
		case errors.Is(err, indexer.ErrInvalid):
			w.s.log.Error("the index refuses a listing", "listing", it.listing.ID, "source", it.listing.Source, "error", err)
			it.err = err
		default:
			return nil, fmt.Errorf("store listing: %w", err)
		}
	}
	return lost, nil
}

// write returns the write that stores the item as it is.
func (it *item) write() (indexer.Write, error) {
	source, err := json.Marshal(&it.listing)
	if err != nil {
		return indexer.Write{}, fmt.Errorf("encode listing: %w", err)
	}
	return indexer.Write{
		Collection: indexer.Listings,
		Document:   indexer.Document{ID: it.listing.ID, Version: it.version, Source: source, Fields: it.fields},
		Create:     it.version == (indexer.Version{}),
	}, nil
}

// replan plans lost items again, from what is stored now.
func (w *work) replan(ctx context.Context, lost []*item) ([]*item, error) {
	ids := make([]string, len(lost))
	for i, it := range lost {
		ids[i] = it.listing.ID
	}
	known, err := w.loadListings(ctx, ids)
	if err != nil {
		return nil, err
	}
	if known, err = w.settleLeftovers(ctx, known); err != nil {
		return nil, err
	}
	var todo []*item
	for _, it := range lost {
		st := known[it.listing.ID]
		switch {
		case it.step == stepTouch && st == nil:
			it.step = stepNone // deleted meanwhile
		case it.step == stepTouch && it.gone:
			*it = *w.planGone(it.job, st)
		case it.step == stepTouch:
			*it = *w.planSeen(it.job, st)
		default:
			*it = *w.plan(it.job, it.listing, st)
		}
		if it.step != stepNone {
			todo = append(todo, it)
		}
	}
	return todo, nil
}

// sameJSON reports whether two JSON texts are equal but for white space.
func sameJSON(a, b []byte) bool {
	var x, y bytes.Buffer
	if json.Compact(&x, a) != nil || json.Compact(&y, b) != nil {
		return bytes.Equal(a, b)
	}
	return bytes.Equal(x.Bytes(), y.Bytes())
}
