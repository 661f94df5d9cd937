package sqlite

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/leakwatch/leakwatch/indexer"
)

// code returns SQLite's primary result code, 0 if err is not from SQLite.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func isBusy(err error) bool {
	c := code(err)
	return c == sqlite3.SQLITE_BUSY || c == sqlite3.SQLITE_LOCKED
}

// failure says in the words of the contract what an error of SQLite means.
// Other errors are returned as they are.
func failure(ctx context.Context, err error) error {
	switch c := code(err); {
	case err == nil || c == 0:
		return err
	case c == sqlite3.SQLITE_INTERRUPT && ctx.Err() != nil:
		return ctx.Err()
	case c == sqlite3.SQLITE_TOOBIG || c == sqlite3.SQLITE_CONSTRAINT || c == sqlite3.SQLITE_MISMATCH:
		return fmt.Errorf("sqlite: %w: %w", err, indexer.ErrInvalid)
	case c == sqlite3.SQLITE_FULL:
		return fmt.Errorf("no space left for the index: %w: %w", err, indexer.ErrUnavailable)
	default:
		return fmt.Errorf("sqlite: %w: %w", err, indexer.ErrUnavailable)
	}
}

// explain says for people why the file cannot be opened.
func explain(path string, err error) error {
	switch code(err) {
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%s is not a leakwatch database: %w", path, err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%s is damaged; restore a backup: %w", path, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%s or its folder cannot be written: %w", path, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("no space left beside %s: %w: %w", path, err, indexer.ErrUnavailable)
	}
	return err
}
