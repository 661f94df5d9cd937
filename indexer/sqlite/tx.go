package sqlite

import (
	"context"
	"errors"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/internal/postings"
	"github.com/leakwatch/leakwatch/query"
)

// tx is an engine within one transaction: what Together gives to its fn, and
// what single writes run in.
//
// Its writes ignore that ctx is cancelled once they began: a statement cut
// short would leave half of a write in a transaction that may go on.
type tx struct {
	view
	db *DB

	pending map[int]*pending // documents not yet in a segment, by collection
	wake    bool             // there is work for the merger
	done    bool             // committed
	failed  error            // of a write that may have been done in part: nothing may be committed
}

// pending is the index of documents that were written in this transaction.
type pending struct {
	builder   *postings.Builder
	low, high int64
	docs      int
}

func newTx(db *DB, s *session) *tx {
	return &tx{view: view{s}, db: db, pending: map[int]*pending{}}
}

// next returns the next version. It is never given out again by this process,
// even if the transaction is discarded.
func (t *tx) next() int64 {
	t.db.seq++
	return t.db.seq
}

// broken notes an error of SQLite, after which the transaction cannot be
// committed.
func (t *tx) broken(ctx context.Context, err error) error {
	if code(err) != 0 && t.failed == nil {
		t.failed = err
	}
	return failure(ctx, err)
}

// change runs a statement that writes and returns how many rows it changed.
func (t *tx) change(ctx context.Context, text string, args ...any) (int64, error) {
	if t.failed != nil {
		return 0, failure(ctx, t.failed)
	}
	n, err := t.s.change(context.WithoutCancel(ctx), text, args...)
	return n, t.broken(ctx, err)
}

// commit ends the transaction, unless a write of it may have been done in
// part.
func (t *tx) commit(ctx context.Context) error {
	if t.failed != nil {
		return t.failed
	}
	if err := t.flush(ctx); err != nil {
		return err
	}
	if _, err := t.change(ctx, "UPDATE counters SET version = ?1 WHERE version < ?1", t.db.seq); err != nil {
		return err
	}
	if err := t.s.exec(ctx, "COMMIT"); err != nil {
		return err
	}
	t.done = true
	if t.wake {
		select {
		case t.db.merge <- struct{}{}:
		default: // the merger is awake
		}
	}
	return nil
}

// Together implements indexer.Engine: fn joins this transaction. If it fails,
// its writes are discarded and those before it stay.
func (t *tx) Together(ctx context.Context, fn func(indexer.Engine) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := t.flush(ctx); err != nil {
		return err
	}
	if _, err := t.change(ctx, "SAVEPOINT inner_call"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			clear(t.pending)
			_, undo := t.change(ctx, "ROLLBACK TO inner_call")
			err = errors.Join(err, undo)
		}
		_, release := t.change(ctx, "RELEASE inner_call")
		err = errors.Join(err, release)
	}()
	if err := fn(t); err != nil {
		return err
	}
	return t.flush(ctx)
}

// Check implements indexer.Engine.
func (t *tx) Check(ctx context.Context) error { return failure(ctx, t.failed) }

// Close implements indexer.Engine. It does nothing: the transaction ends with
// its function.
func (t *tx) Close() error { return nil }

// Refresh implements indexer.Archive.
func (t *tx) Refresh(ctx context.Context) error { return t.flush(ctx) }

// Together implements indexer.Engine: one immediate transaction. It holds up
// all other writes while fn runs.
func (db *DB) Together(ctx context.Context, fn func(indexer.Engine) error) error {
	const attempts = 3
	for attempt := 1; ; attempt++ {
		err := db.update(ctx, func(t *tx) error { return fn(t) })
		if !isBusy(err) || attempt == attempts {
			return err
		}
	}
}

// add puts a new document into the index of this transaction.
func (t *tx) add(ctx context.Context, collection int, num int64, d *query.Document) error {
	p := t.pending[collection]
	if p == nil {
		p = &pending{builder: postings.NewBuilder()}
		t.pending[collection] = p
	}
	if p.docs == 0 {
		p.low = num
	}
	p.high = num
	p.docs++
	index(p.builder, num, d)
	if p.builder.Size() > maxPending {
		return t.flush(ctx)
	}
	return nil
}

// maxPending is how much memory a transaction takes before it writes a
// segment.
const maxPending = 16 << 20
