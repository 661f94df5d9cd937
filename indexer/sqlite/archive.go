package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/leakwatch/leakwatch/indexer"
)

// number is how a collection is stored.
func number(c indexer.Collection) int { return slices.Index(indexer.Collections(), c) }

// Put implements indexer.Archive: one transaction, so that either all items
// that have no error are stored or none is.
func (db *DB) Put(ctx context.Context, writes []indexer.Write) (results []indexer.Version, errs []error) {
	if len(writes) == 0 {
		return nil, nil
	}
	err := db.update(ctx, func(t *tx) error {
		results, errs = t.Put(ctx, writes)
		return t.failed
	})
	return allOrNone(results, errs, err, len(writes))
}

// Put implements indexer.Archive.
func (t *tx) Put(ctx context.Context, writes []indexer.Write) ([]indexer.Version, []error) {
	results, errs := make([]indexer.Version, len(writes)), make([]error, len(writes))
	for i := range writes {
		if errs[i] = ctx.Err(); errs[i] == nil {
			results[i], errs[i] = t.put(ctx, &writes[i])
		}
	}
	return results, errs
}

func (t *tx) put(ctx context.Context, w *indexer.Write) (indexer.Version, error) {
	if err := w.Valid(); err != nil {
		return indexer.Version{}, err
	}
	if err := indexable(w.Document.Fields); err != nil {
		return indexer.Version{}, err
	}
	c, refused := number(w.Collection), indexer.ErrExists
	if !w.Create {
		refused = indexer.ErrConflict
		if err := t.removeVersion(ctx, c, w); err != nil {
			return indexer.Version{}, err
		}
	}
	num := t.next()
	n, err := t.change(ctx, `INSERT INTO docs (num, collection, id, source) VALUES (?, ?, ?, ?)
		ON CONFLICT (collection, id) DO NOTHING`, num, c, []byte(w.Document.ID), w.Document.Source)
	if err == nil && n == 0 {
		err = fmt.Errorf("write to %s: %w", w.Collection, refused)
	}
	if err == nil {
		err = t.add(ctx, c, num, w.Document.Fields)
	}
	if err != nil {
		return indexer.Version{}, err
	}
	return versionOf(num), nil
}

// removeVersion removes the document that w replaces.
func (t *tx) removeVersion(ctx context.Context, c int, w *indexer.Write) error {
	v := w.Document.Version
	n, err := t.change(ctx, "DELETE FROM docs WHERE num = ? AND collection = ? AND id = ?", v.Seq, c, []byte(w.Document.ID))
	if err == nil && (n == 0 || v.Term != 1) {
		return fmt.Errorf("write to %s: %w", w.Collection, indexer.ErrConflict)
	}
	if err != nil {
		return err
	}
	return t.bury(ctx, c, v.Seq)
}

// Delete implements indexer.Archive.
func (t *tx) Delete(ctx context.Context, c indexer.Collection, ids ...string) error {
	lasting := context.WithoutCancel(ctx)
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		var num int64
		err := t.s.one(lasting, "DELETE FROM docs WHERE collection = ? AND id = ? RETURNING num", []any{number(c), []byte(id)}, &num)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return t.broken(ctx, err)
		}
		if err := t.bury(ctx, number(c), num); err != nil {
			return err
		}
	}
	return nil
}

// Delete implements indexer.Archive. What it deletes is overwritten in docs at
// once, in the index when its segment is merged, at the latest by Maintain.
func (db *DB) Delete(ctx context.Context, c indexer.Collection, ids ...string) error {
	return db.update(ctx, func(t *tx) error { return t.Delete(ctx, c, ids...) })
}

func (v *view) get(ctx context.Context, c indexer.Collection, ids []string) (map[string]indexer.Document, error) {
	found := map[string]indexer.Document{}
	for _, id := range ids {
		err := v.s.each(ctx, "SELECT num, source FROM docs WHERE collection = ? AND id = ?", []any{number(c), []byte(id)},
			func(scan func(...any) error) error {
				d := indexer.Document{ID: id, Version: versionOf(0)}
				err := scan(&d.Version.Seq, &d.Source)
				found[id] = d
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Get implements indexer.Archive.
func (t *tx) Get(ctx context.Context, c indexer.Collection, ids ...string) (map[string]indexer.Document, error) {
	found, err := t.get(ctx, c, ids)
	return found, failure(ctx, err)
}

// Get implements indexer.Archive.
func (db *DB) Get(ctx context.Context, c indexer.Collection, ids ...string) (found map[string]indexer.Document, err error) {
	err = db.view(ctx, func(v *view) error { found, err = v.get(ctx, c, ids); return err })
	return found, err
}

// Refresh implements indexer.Archive: searches see every committed write.
func (db *DB) Refresh(ctx context.Context) error { return ctx.Err() }
