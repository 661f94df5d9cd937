package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// ErrKey: the key file does not fit the index.
var ErrKey = errors.New("the keys do not fit this index")

// keyBucket holds the check value of every key that ever coded a value here.
const keyBucket = "keys"

// KeyPath returns where the keys are.
func KeyPath(cfg *config.Config, data string) string {
	if cfg.Keys != "" {
		return cfg.Keys
	}
	return filepath.Join(data, "keys")
}

// CreateKeys makes a key file with one fresh key, readable by its owner only.
// It never overwrites one: fs.ErrExist.
func CreateKeys(path string) error {
	line, err := leak.NewKeyLine()
	if err != nil {
		return err
	}
	return writeKeys(path, line+"\n", os.O_CREATE|os.O_EXCL|os.O_WRONLY)
}

// AddKey puts a fresh key before those of the file; new values are coded with
// it, old codes are still understood.
func AddKey(path string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read keys: %w", err)
	}
	if _, err := leak.ParseKeyring(old); err != nil {
		return fmt.Errorf("read keys: %s: %w", path, err)
	}
	line, err := leak.NewKeyLine()
	if err != nil {
		return err
	}
	next := path + ".new"
	if err := writeKeys(next, line+"\n"+string(old), os.O_CREATE|os.O_EXCL|os.O_WRONLY); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return fmt.Errorf("replace keys: %w", err)
	}
	return nil
}

const keyHeader = "# Keys of leakwatch, the primary first. Whoever has them can test guesses\n# of the identifiers in the index. Keep a copy apart from the index and its\n# backups; without them no identifier can be searched for.\n"

func writeKeys(path, text string, flags int) error {
	if !strings.HasPrefix(text, "#") && !strings.Contains(text, keyHeader) {
		text = keyHeader + text
	}
	f, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	return nil
}

// LoadKeys reads the key file.
func LoadKeys(path string) (*leak.Keyring, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no keys at %s; make them with `leakwatch keys init`", path)
	}
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("read keys: %s is readable by others; wanted mode 0600", path)
	}
	kr, err := leak.ParseKeyring(data)
	if err != nil {
		return nil, fmt.Errorf("read keys: %s: %w", path, err)
	}
	return kr, nil
}

// VerifyKeys makes sure that the keys are those that coded what is in the
// index, and notes the check values of new ones. It fails with ErrKey if a
// key id stands for another key than before, or if no key is one that the
// index knows.
func VerifyKeys(ctx context.Context, state indexer.State, kr *leak.Keyring) error {
	checks := kr.Check()
	known, err := state.Scan(ctx, keyBucket, indexer.Scan{Limit: 1000})
	if err != nil {
		return fmt.Errorf("verify keys: %w", err)
	}
	found := len(known) == 0
	for _, e := range known {
		var value string
		if err := json.Unmarshal(e.Value, &value); err != nil {
			return fmt.Errorf("verify keys: %w", err)
		}
		if check, ok := checks[e.Key]; ok {
			if check != value {
				return fmt.Errorf("%w: key %s is not the one that coded its values", ErrKey, e.Key)
			}
			found = true
			delete(checks, e.Key)
		}
	}
	if !found {
		return fmt.Errorf("%w: it was coded with key %s, and the file holds only %s", ErrKey, known[0].Key, strings.Join(kr.IDs(), ", "))
	}
	for id, check := range checks {
		value, err := json.Marshal(check)
		if err != nil {
			return fmt.Errorf("verify keys: %w", err)
		}
		if _, err := state.Create(ctx, keyBucket, indexer.Entry{Key: id, Value: value}); err != nil && !errors.Is(err, indexer.ErrExists) {
			return fmt.Errorf("verify keys: %w", err)
		}
	}
	return nil
}
