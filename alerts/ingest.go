package alerts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// Batch is what one page, or one import, adds.
type Batch struct {
	// Listings are redacted, with ID, Source, Fetched, Content and the
	// versions set; times, revision and case are given here.
	Listings []leak.Listing
	Seen     []string             // ids of listings known to be still listed, unchanged
	Gone     []string             // ids of listings that the site no longer shows
	State    []indexer.StateWrite // done last
	// More says that other batches follow at once: this one may wait a moment
	// for them, to share their transaction.
	More bool
}

// Result says what an Ingest did.
type Result struct {
	New, Changed, Unchanged int // listings
	Refused                 int // listings that the index will never take; logged
	Hits                    int // among new and changed
	Alerts                  int // created, muted ones included
}

const (
	groupPages    = 64  // pages that share one transaction
	groupListings = 500 // listings after which it takes no further page
	// seenEvery is how old last_seen may be before a crawl that sees the
	// listing unchanged writes it again.
	seenEvery = time.Hour
	// casRounds bounds how often a compare-and-set is repeated against a
	// document that others keep changing.
	casRounds = 5
)

// errNotRun is the answer of a job whose group broke off.
var errNotRun = errors.New("commit broken off")

// ingestJob is one call of Ingest on its way through a group.
type ingestJob struct {
	batch  Batch
	result Result
	err    error
}

// Ingest stores the listings, matches them, makes alerts and outbox entries
// and then does the state writes, each step acknowledged before the next. It
// returns when all of it is durable. Calls at the same time share one
// transaction. Repeating a call, after whatever error or crash, gives the
// same end state.
func (s *Service) Ingest(ctx context.Context, b Batch) (Result, error) {
	if err := s.ready(ctx); err != nil {
		return Result{}, err
	}
	job := &ingestJob{batch: b, err: errNotRun}
	if err := s.ingests.do(ctx, job, b.More); err != nil {
		return Result{}, fmt.Errorf("ingest: %w", err)
	}
	if job.err != nil {
		return Result{}, fmt.Errorf("ingest: %w", job.err)
	}
	return job.result, nil
}

// ingestGroup commits jobs together. A listing has one place in a
// transaction, so jobs that share one go into different ones.
func (s *Service) ingestGroup(ctx context.Context, jobs []*ingestJob) {
	for len(jobs) > 0 {
		n := disjoint(jobs)
		s.ingestTogether(ctx, jobs[:n])
		jobs = jobs[n:]
	}
}

// disjoint returns how many jobs from the first share no listing, and are not
// too many listings for one transaction.
func disjoint(jobs []*ingestJob) int {
	taken := map[string]int{}
	for i, j := range jobs {
		if len(taken) >= groupListings {
			return i
		}
		for _, id := range j.batch.ids() {
			if by, found := taken[id]; found && by != i {
				return i
			}
			taken[id] = i
		}
	}
	return len(jobs)
}

// ids returns the ids of all listings that the batch speaks of.
func (b *Batch) ids() []string {
	ids := make([]string, 0, len(b.Listings)+len(b.Seen)+len(b.Gone))
	for i := range b.Listings {
		ids = append(ids, b.Listings[i].ID)
	}
	return append(append(ids, b.Seen...), b.Gone...)
}

func (s *Service) ingestTogether(ctx context.Context, jobs []*ingestJob) {
	var w *work
	err := s.engine.Together(ctx, func(e indexer.Engine) error {
		s.at(pointIngest)
		w = s.newWork(e)
		for _, j := range jobs {
			j.result, j.err = Result{}, nil // Together may run this again
		}
		err := w.ingest(ctx, jobs)
		s.at(pointCommit)
		return err
	})
	if err != nil {
		for _, j := range jobs {
			j.result, j.err = Result{}, err
		}
		return
	}
	s.at(pointCommitted)
	s.handOver(w.queued)
}

// work is one group of listings on its way through the steps of one
// transaction, or of one run of ordered writes where the engine has none.
type work struct {
	s      *Service
	engine indexer.Engine
	rules  *rules
	now    time.Time
	items  []*item
	intent *indexer.Entry // the note of what is being stored
	queued []*entry       // outbox entries that were created
}

// item is one listing in a work.
type item struct {
	job      *ingestJob // nil while recovering
	listing  leak.Listing
	version  indexer.Version // of the stored document; zero if there is none
	previous *leak.Listing   // the revision before, where it is known
	fields   *query.Document
	step     step
	lookups  []lookup // keys of its case, once computed
	matches  []match
	alerts   []*leak.Alert // of matches, as stored
	caseID   string
	gone     bool  // the site no longer shows it
	err      error // why this item cannot be finished
}

// step says what has to be done with an item.
type step int

const (
	stepNone     step = iota // nothing to write
	stepTouch                // times only
	stepNew                  // first revision
	stepChanged              // a further revision
	stepReread               // the same revision, read by newer rules
	stepRecovery             // stored already, to be matched
)

func (s *Service) newWork(e indexer.Engine) *work {
	return &work{s: s, engine: e, rules: s.rules.Load(), now: s.instant()}
}

// instant is the present as it is stored.
func (s *Service) instant() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// ingest does all steps. An error means that the engine failed; what is wrong
// with one job alone is noted there.
func (w *work) ingest(ctx context.Context, jobs []*ingestJob) error {
	if err := w.storeListings(ctx, jobs); err != nil {
		return err
	}
	if err := w.settle(ctx); err != nil {
		return err
	}
	if err := w.forgetIntent(ctx); err != nil {
		return err
	}
	for _, it := range w.items {
		it.count()
	}
	for _, j := range jobs {
		if j.err != nil {
			continue
		}
		if err := w.writeState(ctx, j); err != nil {
			return err
		}
	}
	return nil
}

// count adds the item to the result of its job.
func (it *item) count() {
	j := it.job
	switch {
	case errors.Is(it.err, indexer.ErrInvalid):
		j.result.Refused++
		return
	case it.err != nil:
		j.err = it.err
		return
	case it.step == stepNew:
		j.result.New++
	case it.step == stepChanged || it.step == stepReread:
		j.result.Changed++
	case it.gone:
		return
	default:
		j.result.Unchanged++
		return
	}
	if it.listing.Hit {
		j.result.Hits++
	}
	for _, m := range it.matches {
		if m.created {
			j.result.Alerts++
		}
	}
}

// writeState does the state writes of a job in order. A write that another
// attempt of this very job did already is done.
func (w *work) writeState(ctx context.Context, j *ingestJob) error {
	for _, sw := range j.batch.State {
		w.s.at(pointState)
		err := w.writeEntry(ctx, sw)
		switch {
		case err == nil:
		case errors.Is(err, indexer.ErrConflict), errors.Is(err, indexer.ErrExists), errors.Is(err, indexer.ErrInvalid):
			j.err = fmt.Errorf("write page state: %w", err)
			return nil
		default:
			return fmt.Errorf("write page state: %w", err)
		}
	}
	return nil
}

func (w *work) writeEntry(ctx context.Context, sw indexer.StateWrite) error {
	_, errs := writeAll(ctx, w.engine, []indexer.StateWrite{sw})
	err := errs[0]
	if !errors.Is(err, indexer.ErrConflict) && !errors.Is(err, indexer.ErrExists) {
		return err
	}
	stored, lerr := w.engine.Load(ctx, sw.Bucket, sw.Entry.Key)
	if lerr == nil && sameJSON(stored.Value, sw.Entry.Value) && stored.Due.Equal(sw.Entry.Due) {
		return nil
	}
	if lerr != nil && !errors.Is(lerr, indexer.ErrNotFound) {
		return lerr
	}
	return err
}
