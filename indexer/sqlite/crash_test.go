package sqlite

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/indexer"
)

// writeForever writes documents and entries and prints the name of each once
// it is acknowledged, until the process is killed.
func writeForever(t *testing.T, path string) {
	db, err := Open(t.Context(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		id := fmt.Sprintf("%d-%d", os.Getpid(), i)
		err := db.Together(t.Context(), func(tx indexer.Engine) error {
			_, errs := tx.Put(t.Context(), []indexer.Write{doc(id, "x"), doc("twin-"+id, "y")})
			_, err := tx.Create(t.Context(), "killed", indexer.Entry{Key: id, Value: []byte(`1`)})
			return errors.Join(append(errs, err)...)
		})
		if err != nil {
			t.Fatal(err)
		}
		if i%5 == 4 {
			if err := db.Delete(t.Context(), indexer.Listings, "twin-"+id); err != nil {
				t.Fatal(err)
			}
		}
		if i%40 == 39 {
			if err := db.Maintain(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Println("acknowledged", id)
	}
}

func TestKillLosesNothingAcknowledged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	r := rand.New(rand.NewPCG(rand.Uint64(), 1))
	acknowledged := map[string]bool{}
	for range 6 {
		writeUntilKilled(t, path, 1+r.IntN(120), acknowledged)
		db := open(t, path)
		verify(t, db)
		for id := range acknowledged {
			docs, err := db.Get(t.Context(), indexer.Listings, id)
			if _, found := docs[id]; err != nil || !found {
				t.Fatalf("%s was acknowledged and is lost, %v", id, err)
			}
			if _, err := db.Load(t.Context(), "killed", id); err != nil {
				t.Fatalf("entry %s: %v", id, err)
			}
		}
		if n := count(t, db, "x"); n < int64(len(acknowledged)) {
			t.Fatalf("search finds %d of %d documents", n, len(acknowledged))
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// writeUntilKilled kills a writing process once it has acknowledged n writes,
// while it is at the next.
func writeUntilKilled(t *testing.T, path string, n int, acknowledged map[string]bool) {
	t.Helper()
	cmd := child("write", path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		id, ok := strings.CutPrefix(lines.Text(), "acknowledged ")
		if !ok {
			t.Errorf("the writer says: %s", lines.Text())
			continue
		}
		acknowledged[id] = true
		if seen++; seen == n {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // it was killed
	if seen < n {
		t.Fatalf("the writer ended by itself after %d writes", seen)
	}
}

// A power cut may leave any beginning of what was written to the log after
// the last sync. Every cut must leave a sound database that holds the first
// writes, whole.
func TestATornLogLeavesTheFirstWrites(t *testing.T) {
	const writes = 40
	dir := t.TempDir()
	path := filepath.Join(dir, "index.db")
	db := open(t, path)
	for i := range writes {
		err := db.Together(t.Context(), func(tx indexer.Engine) error {
			mustPut(t, tx, doc(fmt.Sprintf("d%02d", i), "x"))
			_, err := tx.Create(t.Context(), "torn", indexer.Entry{Key: fmt.Sprintf("d%02d", i), Value: []byte(`1`)})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	main, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(rand.Uint64(), 2))
	for n := range 25 {
		cut := r.IntN(len(log) + 1)
		if n == 0 {
			cut = len(log)
		}
		torn := filepath.Join(dir, fmt.Sprint("torn", n), "index.db")
		if err := errors.Join(os.Mkdir(filepath.Dir(torn), 0o700), os.WriteFile(torn, main, 0o600), os.WriteFile(torn+"-wal", log[:cut], 0o600)); err != nil {
			t.Fatal(err)
		}
		if kept := keptWrites(t, torn); cut == len(log) && kept != writes {
			t.Fatalf("the whole log holds %d of %d writes", kept, writes)
		}
	}
}

// keptWrites wants the first so many documents, each with its entry, and
// returns how many.
func keptWrites(t *testing.T, path string) int {
	t.Helper()
	db := open(t, path)
	verify(t, db)
	entries, err := db.Scan(t.Context(), "torn", indexer.Scan{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range entries {
		if e.Key != fmt.Sprintf("d%02d", i) {
			t.Fatalf("entry %d is %s", i, e.Key)
		}
	}
	if n := count(t, db, "x"); n != int64(len(entries)) {
		t.Fatalf("%d documents with %d entries", n, len(entries))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
