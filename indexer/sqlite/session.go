package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// session is one connection with its prepared statements. It is used by one
// goroutine at a time.
type session struct {
	conn  *sql.Conn
	ready map[string]*sql.Stmt
}

func newSession(ctx context.Context, pool *sql.DB) (*session, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn: conn, ready: map[string]*sql.Stmt{}}, nil
}

// prepare returns the statement, which must be one of a fixed set: it is kept
// as long as the session.
func (s *session) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if stmt := s.ready[text]; stmt != nil {
		return stmt, nil
	}
	stmt, err := s.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("prepare statement: %w", err)
	}
	s.ready[text] = stmt
	return stmt, nil
}

func (s *session) exec(ctx context.Context, text string, args ...any) error {
	_, err := s.change(ctx, text, args...)
	return err
}

// change is exec that returns how many rows it changed.
func (s *session) change(ctx context.Context, text string, args ...any) (int64, error) {
	stmt, err := s.prepare(ctx, text)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// one reads the first row into dest, or returns sql.ErrNoRows.
func (s *session) one(ctx context.Context, text string, args []any, dest ...any) error {
	stmt, err := s.prepare(ctx, text)
	if err != nil {
		return err
	}
	return stmt.QueryRowContext(ctx, args...).Scan(dest...)
}

// each calls f for every row; f reads it with the scan function it gets and
// may not use the session.
func (s *session) each(ctx context.Context, text string, args []any, f func(scan func(...any) error) error) (err error) {
	stmt, err := s.prepare(ctx, text)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := rows.Close(); err == nil {
			err = closeErr
		}
	}()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// rollback ends a transaction that was not committed; after a commit, or
// where SQLite itself rolled back, there is none and it does nothing.
func (s *session) rollback(ctx context.Context) {
	// The only errors are that there is no transaction and that the
	// connection is gone, which the next statement reports.
	_ = s.exec(context.WithoutCancel(ctx), "ROLLBACK")
}
