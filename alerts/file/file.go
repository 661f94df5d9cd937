// Package file appends notifications to a file, one JSON payload a line, and
// makes each durable before it counts as delivered. The file is made with mode
// 0600. It may be moved away at any time; the next message makes a new one.
package file

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
)

// Notifier appends to one file.
type Notifier struct {
	path string
	mu   sync.Mutex // one line at a time
}

var _ alerts.Notifier = (*Notifier)(nil)

// Validate returns what is wrong with the keys of the config, by key.
func Validate(c config.Receiver) map[string]error {
	if c.Path == "" {
		return map[string]error{"path": errors.New("want the path of the file")}
	}
	if info, err := os.Stat(c.Path); err == nil && !info.Mode().IsRegular() {
		return map[string]error{"path": errors.New("is there and no regular file")}
	}
	return nil
}

// New builds the notifier; the config must be valid.
func New(c config.Receiver, _ alerts.Deps) (alerts.Notifier, error) {
	if err := alerts.JoinFaults(Validate(c)); err != nil {
		return nil, err
	}
	return &Notifier{path: filepath.Clean(c.Path)}, nil
}

// Limits implements alerts.Notifier: there are none.
func (n *Notifier) Limits() alerts.Limits { return alerts.Limits{} }

// Send implements alerts.Notifier. If a line was cut by a crash, the next one
// begins on a new line.
func (n *Notifier) Send(_ context.Context, m alerts.Notification) (alerts.Answer, error) {
	line, err := alerts.EncodePayload(m, 0)
	if err != nil {
		return alerts.Answer{}, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	f, err := os.OpenFile(n.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return alerts.Answer{}, fmt.Errorf("open file: %w", err)
	}
	defer f.Close()
	if torn(f) {
		line = append([]byte("\n"), line...)
	}
	if _, err := f.Write(append(line, '\n')); err != nil {
		return alerts.Answer{}, fmt.Errorf("append to file: %w", err)
	}
	if err := f.Sync(); err != nil {
		return alerts.Answer{}, fmt.Errorf("sync file: %w", err)
	}
	return alerts.Answer{Text: "appended"}, nil
}

// torn reports whether the file does not end with a new line.
func torn(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	var last [1]byte
	_, err = f.ReadAt(last[:], info.Size()-1)
	return err == nil && last[0] != '\n'
}
