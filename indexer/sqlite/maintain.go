package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
)

// Check implements indexer.Engine: it makes a small durable write, so that a
// disk that is full or cannot be written shows.
func (db *DB) Check(ctx context.Context) error {
	return db.update(ctx, func(t *tx) error {
		_, err := t.change(ctx, "UPDATE counters SET checks = checks + 1")
		return err
	})
}

// Verify reads the whole database and returns what is damaged, nil if
// nothing is. It takes a while; writes go on meanwhile.
func (db *DB) Verify(ctx context.Context) error {
	return db.view(ctx, func(v *view) error { return v.verify(ctx) })
}

func (v *view) verify(ctx context.Context) error {
	var faults []error
	err := v.s.each(ctx, "PRAGMA integrity_check(10)", nil, func(scan func(...any) error) error {
		var line string
		err := scan(&line)
		if err == nil && line != "ok" {
			faults = append(faults, errors.New(line))
		}
		return err
	})
	if err != nil || len(faults) > 0 {
		return errors.Join(append(faults, err)...)
	}
	return v.verifyIndex(ctx)
}

// verifyIndex wants the inverted index to hold exactly the stored documents.
func (v *view) verifyIndex(ctx context.Context) error {
	for i, c := range indexer.Collections() {
		var stored int
		if err := v.s.one(ctx, "SELECT count(*) FROM docs WHERE collection = ?", []any{i}, &stored); err != nil {
			return err
		}
		indexed, err := v.on(c, time.Time{}).matching(ctx, nil)
		if err != nil {
			return err
		}
		if len(indexed) != stored {
			return fmt.Errorf("%s: %d documents are stored, %d are in the index", c, stored, len(indexed))
		}
	}
	return nil
}

// Maintain merges what is due, removes every trace of deleted documents from
// the index, gives free pages back to the file system and empties the
// write-ahead log. Writes go on meanwhile, with short pauses.
func (db *DB) Maintain(ctx context.Context) error {
	if err := db.mergeAll(ctx); err != nil {
		return err
	}
	err := db.merging(ctx, func() error {
		for {
			more, err := db.mergeOne(ctx, func(t *tx, all []segment) ([]segment, error) { return t.rotten(ctx, all, 0) })
			if err != nil || !more {
				return err
			}
		}
	})
	if err != nil {
		return err
	}
	return db.alone(ctx, func(s *session) error {
		for _, text := range []string{"PRAGMA optimize", "PRAGMA incremental_vacuum", "PRAGMA wal_checkpoint(TRUNCATE)"} {
			if err := s.each(ctx, text, nil, func(func(...any) error) error { return nil }); err != nil && !isBusy(err) {
				return fmt.Errorf("maintain index: %w", failure(ctx, err))
			}
		}
		return nil
	})
}

// alone runs f on the session that writes, outside of a transaction.
func (db *DB) alone(ctx context.Context, f func(*session) error) error {
	s, err := db.take(ctx, db.write)
	if err != nil {
		return err
	}
	defer func() { db.write <- s }()
	return f(s)
}

// Backup writes a consistent copy of the database to path, which must not
// exist, readable by its owner alone. Reads and writes go on meanwhile. The
// copy is a database that Open takes; Restore puts it in place.
func (db *DB) Backup(ctx context.Context, path string) (err error) {
	if err := newFile(path); err != nil {
		return fmt.Errorf("back up index: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("back up index: %w", failure(ctx, err)), os.Remove(path))
		}
	}()
	// A connection of its own: the copy may take long.
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return err
	}
	return syncFile(path)
}

func newFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

// syncFile makes a file and its name survive a power cut.
func syncFile(path string) error {
	for _, name := range []string{path, filepath.Dir(path)} {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Restore makes a backup the database at path, where none may be. The backup
// is verified and stays as it is.
func Restore(ctx context.Context, backup, path string) error {
	source, err := sql.Open("sqlite", dataSource(backup, "query_only(1)"))
	if err != nil {
		return fmt.Errorf("restore index: %w", err)
	}
	defer source.Close() //nolint:errcheck // it was only read
	if _, err := os.Stat(backup); err != nil {
		return fmt.Errorf("restore index: %w", err)
	}
	s, err := newSession(ctx, source)
	if err != nil {
		return fmt.Errorf("restore index: %w", explain(backup, err))
	}
	version, err := schemaVersion(ctx, s)
	if err == nil && version == 0 {
		err = errors.New("the backup is empty")
	}
	if err == nil {
		err = (&view{s}).verify(ctx)
	}
	if err != nil {
		return fmt.Errorf("restore index: %w", explain(backup, err))
	}
	return copyTo(ctx, s, path)
}

// copyTo writes the database of a session to a new file.
func copyTo(ctx context.Context, s *session, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("restore index: %w", err)
	}
	if err := newFile(path); err != nil {
		return fmt.Errorf("restore index: %w", err)
	}
	if err := s.exec(ctx, "PRAGMA query_only = 0"); err != nil {
		return err
	}
	_, err := s.conn.ExecContext(ctx, "VACUUM INTO ?", path)
	if err == nil {
		err = syncFile(path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("restore index: %w", failure(ctx, err)), os.Remove(path))
	}
	return nil
}
