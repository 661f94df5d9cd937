package sqlite

import (
	"context"
	"errors"
	"fmt"
)

// applicationID stands in the header of every database of leakwatch: "leak".
const applicationID = 0x6c65616b

// migrations make the schema, each from the one before. The list only grows;
// what stands in it is never edited.
var migrations = []string{
	`
	CREATE TABLE docs (
		num        INTEGER PRIMARY KEY, -- version of the document
		collection INTEGER NOT NULL,
		id         BLOB NOT NULL,
		source     BLOB NOT NULL
	);
	CREATE UNIQUE INDEX docs_id ON docs (collection, id);

	CREATE TABLE segments (
		id         INTEGER PRIMARY KEY AUTOINCREMENT,
		collection INTEGER NOT NULL,
		state      INTEGER NOT NULL, -- 0 being written, 1 searched, 2 to be deleted
		level      INTEGER NOT NULL, -- how often its contents were merged
		low        INTEGER NOT NULL, -- nums of its documents lie in low to high
		high       INTEGER NOT NULL,
		docs       INTEGER NOT NULL,
		blocks     INTEGER NOT NULL
	);
	CREATE UNIQUE INDEX segments_searched ON segments (collection, low) WHERE state = 1;

	CREATE TABLE blocks (
		id      INTEGER PRIMARY KEY, -- segment << 24 | number
		segment INTEGER NOT NULL,
		first   BLOB NOT NULL,
		data    BLOB NOT NULL
	);
	CREATE INDEX blocks_first ON blocks (segment, first);

	CREATE TABLE dead (
		collection INTEGER NOT NULL,
		chunk      INTEGER NOT NULL, -- num >> 12
		bits       BLOB NOT NULL,    -- 4,096 of them
		PRIMARY KEY (collection, chunk)
	) WITHOUT ROWID;

	CREATE TABLE entries (
		row     INTEGER PRIMARY KEY,
		bucket  TEXT NOT NULL,
		key     BLOB NOT NULL,
		version INTEGER NOT NULL,
		value   BLOB NOT NULL,
		due     INTEGER -- Unix nanoseconds
	);
	CREATE UNIQUE INDEX entries_key ON entries (bucket, key);
	CREATE INDEX entries_due ON entries (bucket, due, key) WHERE due IS NOT NULL;

	CREATE TABLE counters (version INTEGER NOT NULL, checks INTEGER NOT NULL);
	INSERT INTO counters VALUES (0, 0);
	`,
}

// migrate brings the database to the newest schema, each step in its own
// transaction.
func migrate(ctx context.Context, s *session) error {
	version, err := schemaVersion(ctx, s)
	if err != nil {
		return err
	}
	// The journal mode is set here and not for each connection: it stays in
	// the file, and to set it needs the write lock.
	var mode string
	if err := s.one(ctx, "PRAGMA journal_mode = WAL", nil, &mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("journal mode is %s, not wal: the file system cannot share memory", mode)
	}
	for ; version < len(migrations); version++ {
		if err := migrateOne(ctx, s, version); err != nil {
			return fmt.Errorf("upgrade to schema %d: %w", version+1, err)
		}
	}
	return nil
}

// schemaVersion returns how many migrations were run, after it made sure that
// the database is ours and not from the future.
func schemaVersion(ctx context.Context, s *session) (int, error) {
	var id, tables, version int
	if err := s.one(ctx, "PRAGMA application_id", nil, &id); err != nil {
		return 0, err
	}
	if err := s.one(ctx, "SELECT count(*) FROM sqlite_schema", nil, &tables); err != nil {
		return 0, err
	}
	if tables == 0 {
		return 0, nil
	}
	if id != applicationID {
		return 0, errors.New("the file is a database, but not one of leakwatch")
	}
	if err := s.one(ctx, "SELECT max(version) FROM schema", nil, &version); err != nil {
		return 0, err
	}
	if version > len(migrations) {
		return 0, fmt.Errorf("the database was written by a newer leakwatch: schema %d, this one knows %d", version, len(migrations))
	}
	return version, nil
}

func migrateOne(ctx context.Context, s *session, version int) error {
	text := fmt.Sprintf("BEGIN IMMEDIATE; PRAGMA application_id = %d;\n", applicationID)
	if version == 0 {
		text += "CREATE TABLE schema (version INTEGER PRIMARY KEY, at TEXT NOT NULL DEFAULT current_timestamp);\n"
	}
	text += migrations[version] + fmt.Sprintf(";\nINSERT INTO schema (version) VALUES (%d); COMMIT", version+1)
	if _, err := s.conn.ExecContext(ctx, text); err != nil {
		s.rollback(ctx)
		return err
	}
	return nil
}
