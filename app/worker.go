package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/leakwatch/leakwatch/indexer"
)

// worker is the right to crawl and deliver for a data folder: a lock on a
// file that holds the worker's name. The name outlives the process, so a
// restarted worker takes over at once what its former life held; the lock
// does not, however the process ends.
type worker struct {
	id   string
	file *os.File // nil for a process that only reads and writes beside
}

// workerFile is the name of the file within the data folder.
const workerFile = "worker"

// claimWorker takes the right, or says ErrLocked.
func claimWorker(data string) (worker, error) {
	f, err := os.OpenFile(filepath.Join(data, workerFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return worker{}, fmt.Errorf("claim the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return worker{}, errors.Join(fmt.Errorf("%w: another leakwatch crawls and delivers for %s; stop it, or give this one its own data folder", indexer.ErrLocked, data), f.Close())
	}
	name := make([]byte, 64)
	n, _ := f.ReadAt(name, 0) // an empty file is a new one
	id := strings.TrimSpace(string(name[:n]))
	if id == "" {
		id = rand.Text()
		if _, err := f.WriteAt([]byte(id+"\n"), 0); err != nil {
			return worker{}, errors.Join(fmt.Errorf("claim the data folder: %w", err), f.Close())
		}
	}
	return worker{id, f}, nil
}

func (w worker) release() error {
	if w.file == nil {
		return nil
	}
	return w.file.Close()
}
