package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/indexer/elastic"
	"github.com/leakwatch/leakwatch/indexer/remote"
	"github.com/leakwatch/leakwatch/indexer/sqlite"
)

// indexFile is the embedded index within the data folder.
const indexFile = "index.db"

// openEngine opens the index. The embedded one belongs to one process; beside
// a serving leakwatch, the others reach it through its socket.
func openEngine(ctx context.Context, o Options) (indexer.Engine, error) {
	if o.Config.Index.Engine == "elasticsearch" {
		engine, err := elastic.Open(ctx, o.Config.Index.Elasticsearch)
		if errors.Is(err, indexer.ErrUnavailable) {
			return nil, fmt.Errorf("%w; does the Elasticsearch of index.elasticsearch in the config run, and take its user?", err)
		}
		return engine, err
	}
	db, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(o.Data, indexFile)})
	if errors.Is(err, indexer.ErrLocked) && !o.Exclusive {
		return remote.Dial(ctx, filepath.Join(o.Data, socketFile))
	}
	return db, err
}

// socketFile is where a serving leakwatch lets other processes of its user
// reach the embedded index, within the data folder.
const socketFile = "index.sock"

// ErrNotEmbedded: what was asked for works with the embedded index only.
var ErrNotEmbedded = errors.New("the index is Elasticsearch: use its snapshots")

// Backup copies the embedded index to a file while others use it.
func (a *App) Backup(ctx context.Context, path string) error {
	keeper, ok := a.engine.(interface {
		Backup(ctx context.Context, path string) error
	})
	if !ok {
		return ErrNotEmbedded
	}
	path, err := filepath.Abs(path) // the process that holds the index may be in another folder
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	return keeper.Backup(ctx, path)
}

// Restore puts a backup in the place of the embedded index of a data folder
// and returns where the old index is kept, "" if there was none. Nothing may
// have the index open.
func Restore(ctx context.Context, data, backup string) (old string, err error) {
	for _, name := range []*string{&data, &backup} { // SQLite takes a relative name for a host
		if *name, err = filepath.Abs(*name); err != nil {
			return "", fmt.Errorf("restore: %w", err)
		}
	}
	path := filepath.Join(data, indexFile)
	fresh := path + ".restoring"
	if err := os.RemoveAll(fresh); err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	if err := sqlite.Restore(ctx, backup, fresh); err != nil { // verifies it
		return "", err
	}
	if _, err := os.Stat(path); err == nil {
		// Opening it proves that nobody uses it.
		db, err := sqlite.Open(ctx, sqlite.Options{Path: path})
		if err != nil {
			return "", fmt.Errorf("restore: %w", err)
		}
		if err := db.Close(); err != nil {
			return "", fmt.Errorf("restore: %w", err)
		}
		old = path + ".before-" + time.Now().UTC().Format("20060102T150405Z")
		// A log that is left belongs to the old file: beside the new one it
		// would be taken for its own.
		for _, part := range []string{"-wal", "-shm", ""} {
			if err := os.Rename(path+part, old+part); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", fmt.Errorf("keep the old index: %w", err)
			}
		}
	}
	if err := os.Rename(fresh, path); err != nil {
		return old, fmt.Errorf("restore: %w", err)
	}
	return old, nil
}
