//go:build unix

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/leakwatch/leakwatch/indexer"
)

// lockFile holds an exclusive lock on a file of that name until it is closed
// or the process ends, however it ends. The file tells who holds it.
//
// The lock is not one of SQLite's: those belong to the process, and end when
// the process closes the file once, anywhere.
func lockFile(_ context.Context, path string) (io.Closer, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
		err = errors.Join(f.Chmod(0o600), f.Truncate(0))
	} else if errors.Is(err, syscall.EWOULDBLOCK) {
		err = inUse(path, f)
	}
	if err == nil {
		_, err = fmt.Fprintf(f, "process %d\n", os.Getpid())
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func inUse(path string, holder io.Reader) error {
	who, err := io.ReadAll(io.LimitReader(holder, 64))
	if err != nil || len(who) == 0 {
		who = []byte("unknown process")
	}
	return fmt.Errorf("%w: %s is in use by another leakwatch (%s); stop it, or give this one its own data directory",
		indexer.ErrLocked, filepath.Dir(path), strings.TrimSpace(string(who)))
}
