package file

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/alerts/notifytest"
	"github.com/leakwatch/leakwatch/config"
)

func lines(t *testing.T, path string) []alerts.Payload {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []alerts.Payload
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var p alerts.Payload
		if json.Unmarshal(sc.Bytes(), &p) == nil {
			out = append(out, p)
		}
	}
	return out
}

func TestEveryNotificationIsOneLineOfAPrivateFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "alerts.jsonl")
	n := notifytest.Must(t)(New(config.Receiver{Path: path}, alerts.Deps{}))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := n.Send(context.Background(), notifytest.Sample()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := lines(t, path); len(got) != 20 || got[0].Data.Notification != notifytest.Sample().ID {
		t.Errorf("%d lines", len(got))
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v; want 0600", info.Mode(), err)
	}
}

func TestALineThatACrashCutDoesNotSpoilTheNext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "alerts.jsonl")
	if err := os.WriteFile(path, []byte(`{"type":"alert.cre`), 0o600); err != nil {
		t.Fatal(err)
	}
	n := notifytest.Must(t)(New(config.Receiver{Path: path}, alerts.Deps{}))
	if _, err := n.Send(context.Background(), notifytest.Many(1)); err != nil {
		t.Fatal(err)
	}
	if got := lines(t, path); len(got) != 1 {
		t.Errorf("%d whole lines; want 1", len(got))
	}
}

func TestAFileThatCannotBeWrittenIsTriedAgain(t *testing.T) {
	n := notifytest.Must(t)(New(config.Receiver{Path: filepath.Join(t.TempDir(), "missing", "x")}, alerts.Deps{}))
	if _, err := n.Send(context.Background(), notifytest.Many(1)); notifytest.Judge(err) != notifytest.Again {
		t.Errorf("got %v", err)
	}
}

func TestFaultyKeysAreReported(t *testing.T) {
	for _, path := range []string{"", t.TempDir()} {
		if Validate(config.Receiver{Path: path})["path"] == nil {
			t.Errorf("path %q passes", path)
		}
	}
}
