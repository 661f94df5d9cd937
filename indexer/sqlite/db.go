// Package sqlite is the embedded engine of package indexer: one SQLite file,
// pure Go, for one process.
//
// # Storage
//
//	docs      the archived documents; num is the version, so it changes with
//	          every write of a document
//	segments  parts of the inverted index, each over a range of nums of one
//	          collection, written once (package internal/postings)
//	blocks    their contents; id is the segment's id << 24 | number of the
//	          block, first the block's first term
//	dead      bitmaps of nums that are still in segments but no longer in docs
//	entries   the state
//	counters  the last version given out
//
// Everything is WAL with full sync: an acknowledged write survives a power
// cut. What is deleted is overwritten.
//
// # Searching
//
// A document's keywords, numbers, offers and tokens are terms of the inverted
// index (see term). A query is set algebra on their postings, exact by itself
// but for regexes, which are verified on the stored source. The index is our
// own because SQLite's full-text search knows neither positions with gaps nor
// numbers and offers, so that every answer would have to be verified, and
// costs more for the tokens alone than this one does for everything.
//
// # Concurrency
//
// One session writes, under immediate transactions; a few others read
// snapshots meanwhile. A goroutine merges segments: each transaction writes a
// small one, eight neighbours of one level become one of the next, and what
// is dead is left out on the way.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	_ "modernc.org/sqlite" // the driver

	"github.com/leakwatch/leakwatch/indexer"
)

// readers is how many searches run at once; each has a page cache of its own,
// a small one: the system caches the file, and the allocator takes more than
// twice the size of a page for it.
const readers = 4

// Options say where the database is.
type Options struct {
	Path string // of the file, made if missing; its folder too
}

// DB is an engine in one SQLite file. It is safe for concurrent use by one
// process; a second process is refused by Open.
type DB struct {
	path  string
	held  io.Closer // the lock
	pool  *sql.DB
	write chan *session // the one that writes; who takes it may use the fields below
	read  chan *session

	seq    int64          // the last version given out, never taken back
	busy   map[int64]bool // segments that the merger is at
	buried int            // documents that died since the start

	merge     chan struct{} // asks the merger to look
	merger    chan struct{} // holds a token while someone merges
	stop      context.CancelFunc
	stopped   sync.WaitGroup
	closeOnce sync.Once
	closed    chan struct{}
	closeErr  error
}

var (
	_ indexer.Engine    = (*DB)(nil)
	_ indexer.Engine    = (*tx)(nil)
	_ indexer.BulkState = (*DB)(nil)
	_ indexer.BulkState = (*tx)(nil)
)

// Open opens the database and makes or upgrades it as needed. Its errors are
// for people: the file is used by another process, is no leakwatch database,
// is of a newer version, or cannot be written.
func Open(ctx context.Context, o Options) (*DB, error) {
	path, err := filepath.Abs(o.Path)
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	held, err := lockFile(ctx, path+".lock")
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	db := &DB{
		path: path, held: held, write: make(chan *session, 1), read: make(chan *session, readers),
		busy: map[int64]bool{}, merge: make(chan struct{}, 1), merger: make(chan struct{}, 1), closed: make(chan struct{}),
	}
	if err := db.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open index: %w", explain(path, err)), db.shut(), held.Close())
	}
	return db, nil
}

// makeFile makes the file readable by its owner alone, whatever the umask;
// SQLite gives the files beside it the same mode.
func makeFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

// dataSource names a database file to the driver.
func dataSource(path string, pragmas ...string) string {
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}.Encode()}
	return u.String()
}

// start opens the sessions, upgrades the schema and starts the merger.
func (db *DB) start(ctx context.Context) error {
	err := makeFile(db.path)
	if err != nil {
		return err
	}
	db.pool, err = sql.Open("sqlite", dataSource(db.path, "busy_timeout(5000)", "page_size(8192)", "auto_vacuum(2)",
		"secure_delete(1)", "foreign_keys(1)", "temp_store(2)", "cache_size(-8000)", "synchronous(2)", "journal_size_limit(67108864)"))
	if err != nil {
		return err
	}
	w, err := newSession(ctx, db.pool)
	if err != nil {
		return err
	}
	db.write <- w
	if err := migrate(ctx, w); err != nil {
		return err
	}
	if err := w.one(ctx, "SELECT version FROM counters", nil, &db.seq); err != nil {
		return err
	}
	for range readers {
		r, err := newSession(ctx, db.pool)
		if err != nil {
			return err
		}
		for _, text := range []string{"PRAGMA query_only = 1", "PRAGMA cache_size = -4000"} {
			if err := r.exec(ctx, text); err != nil {
				return err
			}
		}
		db.read <- r
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	db.stop = stop
	db.stopped.Go(func() { db.mergeForever(background) })
	return nil
}

// Close waits for running calls and closes the database. Calls after it
// answer ErrUnavailable.
func (db *DB) Close() error {
	db.closeOnce.Do(func() {
		close(db.closed)
		db.stop()
		db.stopped.Wait()
		// The connection that is closed last folds the log into the file.
		for range readers {
			_ = (<-db.read).conn.Close()
		}
		_ = (<-db.write).conn.Close() // shut reports what matters
		db.closeErr = errors.Join(db.shut(), db.held.Close())
	})
	return db.closeErr
}

// shut closes the connections; the last folds the log into the file.
func (db *DB) shut() error {
	if db.pool == nil {
		return nil
	}
	return db.pool.Close()
}

// take takes a session out of a channel; give gives it back.
func (db *DB) take(ctx context.Context, from chan *session) (*session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-db.closed:
		return nil, fmt.Errorf("index is closed: %w", indexer.ErrUnavailable)
	default:
	}
	select {
	case s := <-from:
		return s, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-db.closed:
		return nil, fmt.Errorf("index is closed: %w", indexer.ErrUnavailable)
	}
}

// view runs fn on one snapshot of the database.
func (db *DB) view(ctx context.Context, fn func(*view) error) error {
	s, err := db.take(ctx, db.read)
	if err != nil {
		return err
	}
	defer func() { db.read <- s }()
	if err := s.exec(ctx, "BEGIN"); err != nil {
		return failure(ctx, err)
	}
	defer s.rollback(ctx)
	return failure(ctx, fn(&view{s}))
}

// update runs fn in a transaction that is committed if fn returns nil. A
// cancelled ctx stops it before the commit, never between two statements that
// belong together.
func (db *DB) update(ctx context.Context, fn func(*tx) error) error {
	s, err := db.take(ctx, db.write)
	if err != nil {
		return err
	}
	defer func() { db.write <- s }()
	lasting := context.WithoutCancel(ctx)
	if err := s.exec(lasting, "BEGIN IMMEDIATE"); err != nil {
		return failure(ctx, err)
	}
	t := newTx(db, s)
	defer func() {
		if !t.done {
			s.rollback(lasting)
		}
	}()
	if err := fn(t); err != nil {
		return failure(ctx, err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return failure(ctx, t.commit(lasting))
}

// Files returns the files that hold the database, for backups by other means
// and for measuring; those that do not exist at present too.
func (db *DB) Files() []string { return []string{db.path, db.path + "-wal", db.path + "-shm"} }

// Size returns the length of the database's files in bytes.
func (db *DB) Size() (int64, error) {
	var size int64
	for _, f := range db.Files() {
		info, err := os.Stat(f)
		switch {
		case err == nil:
			size += info.Size()
		case !errors.Is(err, fs.ErrNotExist):
			return 0, fmt.Errorf("measure index: %w", err)
		}
	}
	return size, nil
}
