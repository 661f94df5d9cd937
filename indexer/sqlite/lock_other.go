//go:build !unix

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/leakwatch/leakwatch/indexer"
)

// lockFile holds an exclusive lock on a database file of that name until it
// is closed or the process ends, however it ends.
func lockFile(ctx context.Context, path string) (io.Closer, error) {
	db, err := sql.Open("sqlite", dataSource(path))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err = db.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		if isBusy(err) {
			err = fmt.Errorf("%w: %s is in use by another leakwatch; stop it, or give this one its own data directory", indexer.ErrLocked, filepath.Dir(path))
		}
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
