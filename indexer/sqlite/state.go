package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
)

// view reads one snapshot, or what a transaction sees.
type view struct{ s *session }

func versionOf(num int64) indexer.Version { return indexer.Version{Seq: num, Term: 1} }

// dueColumn keeps instants outside of the years 1678 to 2262 at the end of
// that span.
func dueColumn(due time.Time) any {
	switch {
	case due.IsZero():
		return nil
	case due.Before(time.Unix(0, math.MinInt64)):
		return int64(math.MinInt64)
	case due.After(time.Unix(0, math.MaxInt64)):
		return int64(math.MaxInt64)
	}
	return due.UnixNano()
}

func scanEntry(scan func(...any) error) (indexer.Entry, error) {
	var e indexer.Entry
	var key []byte
	var due sql.NullInt64
	if err := scan(&key, &e.Version.Seq, &e.Value, &due); err != nil {
		return e, err
	}
	e.Key, e.Version.Term = string(key), 1
	if due.Valid {
		e.Due = time.Unix(0, due.Int64).UTC()
	}
	return e, nil
}

func (v *view) load(ctx context.Context, bucket, key string) (indexer.Entry, error) {
	var e indexer.Entry
	err := v.s.each(ctx, "SELECT key, version, value, due FROM entries WHERE bucket = ? AND key = ?",
		[]any{bucket, []byte(key)}, func(scan func(...any) error) (err error) {
			e, err = scanEntry(scan)
			return err
		})
	if err == nil && e.Key == "" {
		err = fmt.Errorf("load from %s: %w", bucket, indexer.ErrNotFound)
	}
	return e, err
}

func (v *view) loadAll(ctx context.Context, bucket string, keys []string) (map[string]indexer.Entry, error) {
	found := map[string]indexer.Entry{}
	for _, key := range keys {
		e, err := v.load(ctx, bucket, key)
		if errors.Is(err, indexer.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found[key] = e
	}
	return found, nil
}

func (v *view) scan(ctx context.Context, bucket string, s indexer.Scan) ([]indexer.Entry, error) {
	if err := s.Valid(bucket); err != nil {
		return nil, err
	}
	to := []byte(s.To)
	if s.To == "" {
		to = []byte{0xff} // above all keys, as they are UTF-8
	}
	text, args := `SELECT key, version, value, due FROM entries
		WHERE bucket = ?1 AND key >= ?2 AND key < ?3
		ORDER BY key LIMIT ?4`, []any{bucket, []byte(s.From), to, s.Limit}
	if !s.DueBefore.IsZero() {
		text, args = `SELECT key, version, value, due FROM entries
			WHERE bucket = ?1 AND due IS NOT NULL AND due <= ?5 AND key >= ?2 AND key < ?3
			ORDER BY due, key LIMIT ?4`, append(args, dueColumn(s.DueBefore))
	}
	var found []indexer.Entry
	err := v.s.each(ctx, text, args, func(scan func(...any) error) error {
		e, err := scanEntry(scan)
		found = append(found, e)
		return err
	})
	return found, err
}

// Create implements indexer.State.
func (t *tx) Create(ctx context.Context, bucket string, e indexer.Entry) (indexer.Version, error) {
	return t.store(ctx, bucket, e, indexer.ErrExists, `INSERT INTO entries (bucket, key, version, value, due)
		VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (bucket, key) DO NOTHING`)
}

// Swap implements indexer.State.
func (t *tx) Swap(ctx context.Context, bucket string, e indexer.Entry) (indexer.Version, error) {
	if e.Version.Term != 1 {
		return indexer.Version{}, fmt.Errorf("write to %s: %w", bucket, indexer.ErrConflict)
	}
	return t.store(ctx, bucket, e, indexer.ErrConflict, `UPDATE entries SET version = ?3, value = ?4, due = ?5
		WHERE bucket = ?1 AND key = ?2 AND version = ?6`, e.Version.Seq)
}

// store runs a statement that writes one entry, or none, which is refused.
func (t *tx) store(ctx context.Context, bucket string, e indexer.Entry, refused error, text string, more ...any) (indexer.Version, error) {
	if err := e.Valid(bucket); err != nil {
		return indexer.Version{}, err
	}
	num := t.next()
	args := append([]any{bucket, []byte(e.Key), num, e.Value, dueColumn(e.Due)}, more...)
	n, err := t.change(ctx, text, args...)
	if err == nil && n == 0 {
		err = fmt.Errorf("write to %s: %w", bucket, refused)
	}
	if err != nil {
		return indexer.Version{}, err
	}
	return versionOf(num), nil
}

// Remove implements indexer.State.
func (t *tx) Remove(ctx context.Context, bucket, key string, v indexer.Version) error {
	n, err := t.change(ctx, "DELETE FROM entries WHERE bucket = ?1 AND key = ?2 AND version = ?3", bucket, []byte(key), v.Seq)
	if err != nil || n == 1 {
		return err
	}
	_, err = t.load(context.WithoutCancel(ctx), bucket, key)
	switch {
	case errors.Is(err, indexer.ErrNotFound):
		return nil
	case err == nil:
		return fmt.Errorf("remove from %s: %w", bucket, indexer.ErrConflict)
	}
	return t.broken(ctx, err)
}

// Load implements indexer.State.
func (t *tx) Load(ctx context.Context, bucket, key string) (indexer.Entry, error) {
	e, err := t.load(ctx, bucket, key)
	return e, failure(ctx, err)
}

// LoadAll implements indexer.State.
func (t *tx) LoadAll(ctx context.Context, bucket string, keys ...string) (map[string]indexer.Entry, error) {
	found, err := t.loadAll(ctx, bucket, keys)
	return found, failure(ctx, err)
}

// Scan implements indexer.State.
func (t *tx) Scan(ctx context.Context, bucket string, s indexer.Scan) ([]indexer.Entry, error) {
	found, err := t.scan(ctx, bucket, s)
	return found, failure(ctx, err)
}

// Load implements indexer.State.
func (db *DB) Load(ctx context.Context, bucket, key string) (e indexer.Entry, err error) {
	err = db.view(ctx, func(v *view) error { e, err = v.load(ctx, bucket, key); return err })
	return e, err
}

// LoadAll implements indexer.State.
func (db *DB) LoadAll(ctx context.Context, bucket string, keys ...string) (found map[string]indexer.Entry, err error) {
	err = db.view(ctx, func(v *view) error { found, err = v.loadAll(ctx, bucket, keys); return err })
	return found, err
}

// Scan implements indexer.State.
func (db *DB) Scan(ctx context.Context, bucket string, s indexer.Scan) (found []indexer.Entry, err error) {
	err = db.view(ctx, func(v *view) error { found, err = v.scan(ctx, bucket, s); return err })
	return found, err
}

// Create implements indexer.State.
func (db *DB) Create(ctx context.Context, bucket string, e indexer.Entry) (v indexer.Version, err error) {
	err = db.update(ctx, func(t *tx) error { v, err = t.Create(ctx, bucket, e); return err })
	return acknowledged(v, err)
}

// Swap implements indexer.State.
func (db *DB) Swap(ctx context.Context, bucket string, e indexer.Entry) (v indexer.Version, err error) {
	err = db.update(ctx, func(t *tx) error { v, err = t.Swap(ctx, bucket, e); return err })
	return acknowledged(v, err)
}

// acknowledged takes the version back if the commit failed.
func acknowledged(v indexer.Version, err error) (indexer.Version, error) {
	if err != nil {
		return indexer.Version{}, err
	}
	return v, nil
}

// Remove implements indexer.State.
func (db *DB) Remove(ctx context.Context, bucket, key string, v indexer.Version) error {
	return db.update(ctx, func(t *tx) error { return t.Remove(ctx, bucket, key, v) })
}

// WriteAll implements indexer.BulkState.
func (t *tx) WriteAll(ctx context.Context, writes []indexer.StateWrite) ([]indexer.Version, []error) {
	results, errs := make([]indexer.Version, len(writes)), make([]error, len(writes))
	for i, w := range writes {
		if errs[i] = ctx.Err(); errs[i] != nil {
			continue
		}
		if w.Entry.Version == (indexer.Version{}) {
			results[i], errs[i] = t.Create(ctx, w.Bucket, w.Entry)
		} else {
			results[i], errs[i] = t.Swap(ctx, w.Bucket, w.Entry)
		}
	}
	return results, errs
}

// WriteAll implements indexer.BulkState: one transaction, so that either all
// writes that have no error are stored or none is.
func (db *DB) WriteAll(ctx context.Context, writes []indexer.StateWrite) (results []indexer.Version, errs []error) {
	if len(writes) == 0 {
		return nil, nil
	}
	err := db.update(ctx, func(t *tx) error {
		results, errs = t.WriteAll(ctx, writes)
		return t.failed
	})
	return allOrNone(results, errs, err, len(writes))
}

// allOrNone answers n items with the error that undid all of them, if there
// is one.
func allOrNone(results []indexer.Version, errs []error, err error, n int) ([]indexer.Version, []error) {
	if err == nil {
		return results, errs
	}
	results, errs = make([]indexer.Version, n), make([]error, n)
	for i := range errs {
		errs[i] = err
	}
	return results, errs
}
