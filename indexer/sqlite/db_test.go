package sqlite

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// doc is a listing whose only field is its seller.
func doc(id, seller string) indexer.Write {
	return indexer.Write{Collection: indexer.Listings, Create: true, Document: indexer.Document{
		ID: id, Source: fmt.Appendf(nil, `{"id":%q,"seller":%q}`, id, seller),
		Fields: &query.Document{Keywords: map[string][]string{"seller": {seller}}, Numbers: map[string][]float64{"first_seen": {1}}},
	}}
}

func mustPut(t *testing.T, a indexer.Archive, w indexer.Write) indexer.Version {
	t.Helper()
	results, errs := a.Put(t.Context(), []indexer.Write{w})
	if errs[0] != nil {
		t.Fatalf("put %s: %v", w.Document.ID, errs[0])
	}
	return results[0]
}

func verify(t *testing.T, db *DB) {
	t.Helper()
	if err := db.Verify(t.Context()); err != nil {
		t.Fatalf("verify: %v", err)
	}
}

func count(t *testing.T, db *DB, seller string) int64 {
	t.Helper()
	page, err := db.Search(t.Context(), indexer.Listings, indexer.Search{
		Query: &query.Query{Root: &query.Term{Field: "seller", Value: seller}}, Limit: 1, Count: true})
	if err != nil {
		t.Fatalf("search: %v", err)
	}
	return page.Total
}

func TestASecondOpenIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	db := open(t, path)
	if _, err := Open(t.Context(), Options{Path: path}); err == nil || !strings.Contains(err.Error(), "in use by another leakwatch") {
		t.Errorf("second open in the process: %v", err)
	}
	out, err := child("open", path).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("in use by another leakwatch")) {
		t.Errorf("second process: %s, %v", out, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

// child runs TestChild in another process.
func child(do, path string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), "LEAKWATCH_TEST_CHILD="+do, "LEAKWATCH_TEST_PATH="+path)
	return cmd
}

// TestChild is what the other processes of the tests do.
func TestChild(t *testing.T) {
	path := os.Getenv("LEAKWATCH_TEST_PATH")
	switch os.Getenv("LEAKWATCH_TEST_CHILD") {
	case "":
		t.Skip("only run by other tests")
	case "open":
		_, err := Open(t.Context(), Options{Path: path})
		fmt.Println(err)
	case "write":
		writeForever(t, path)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, bytes.Repeat([]byte("not a database\n"), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	foreign := sqliteFile(t, filepath.Join(dir, "foreign.db"), "CREATE TABLE t (x)")
	newer := filepath.Join(dir, "newer.db")
	if err := open(t, newer).Close(); err != nil {
		t.Fatal(err)
	}
	sqliteFile(t, newer, "INSERT INTO schema (version) VALUES (99)")
	for path, want := range map[string]string{
		text: "not a leakwatch database", foreign: "not one of leakwatch", newer: "newer leakwatch: schema 99",
		dir: "is a directory", filepath.Join(text, "below.db"): "not a directory",
	} {
		if _, err := Open(t.Context(), Options{Path: path}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("open %s: %v, want %q", filepath.Base(path), err, want)
		}
	}
	if b, err := os.ReadFile(text); err != nil || !bytes.HasPrefix(b, []byte("not a database")) {
		t.Errorf("the foreign file was changed: %v", err)
	}
}

// sqliteFile runs a statement on a database file and returns its path.
func sqliteFile(t *testing.T, path, statement string) string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFullDiskIsUnavailableAndHarmsNothing(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "index.db"))
	mustPut(t, db, doc("before", "x"))
	limit(t, db, "PRAGMA max_page_count = 40")
	large := doc("large", "x")
	large.Document.Source = fmt.Appendf(nil, "%q", strings.Repeat("x", 1<<20))
	_, errs := db.Put(t.Context(), []indexer.Write{doc("beside", "x"), large})
	for i, err := range errs {
		if !errors.Is(err, indexer.ErrUnavailable) || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("item %d: %v", i, err)
		}
	}
	err := db.Together(t.Context(), func(tx indexer.Engine) error {
		_, errs := tx.Put(t.Context(), []indexer.Write{doc("within", "x"), large})
		if !errors.Is(errs[1], indexer.ErrUnavailable) {
			t.Errorf("put within: %v", errs[1])
		}
		return nil // as if nothing were wrong
	})
	if !errors.Is(err, indexer.ErrUnavailable) {
		t.Errorf("together: %v", err)
	}
	limit(t, db, "PRAGMA max_page_count = 1000000")
	if n := count(t, db, "x"); n != 1 {
		t.Errorf("%d documents, want the one of before", n)
	}
	mustPut(t, db, doc("after", "x"))
	verify(t, db)
}

func limit(t *testing.T, db *DB, pragma string) {
	t.Helper()
	err := db.alone(t.Context(), func(s *session) error {
		return s.each(t.Context(), pragma, nil, func(func(...any) error) error { return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestABackupOfARunningDatabaseRestores(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "index.db"))
	for i := range 30 {
		mustPut(t, db, doc(fmt.Sprint("d", i), "x"))
	}
	v, err := db.Create(t.Context(), "b", indexer.Entry{Key: "k", Value: []byte(`1`)})
	if err != nil {
		t.Fatal(err)
	}
	writing := make(chan error)
	go func() {
		for i := range 50 {
			if _, errs := db.Put(t.Context(), []indexer.Write{doc(fmt.Sprint("later", i), "y")}); errs[0] != nil {
				writing <- errs[0]
			}
		}
		close(writing)
	}()
	backup, restored := filepath.Join(dir, "backup.db"), filepath.Join(dir, "restored", "index.db")
	if err := db.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := <-writing; err != nil {
		t.Fatalf("put during the backup: %v", err)
	}
	if err := db.Backup(t.Context(), backup); err == nil {
		t.Error("a second backup to the same file was not refused")
	}
	if err := Restore(t.Context(), backup, restored); err != nil {
		t.Fatal(err)
	}
	if err := Restore(t.Context(), backup, restored); err == nil {
		t.Error("a restore over a database was not refused")
	}
	again := open(t, restored)
	verify(t, again)
	if n := count(t, again, "x"); n != 30 {
		t.Errorf("%d documents in the backup, want 30", n)
	}
	if e, err := again.Load(t.Context(), "b", "k"); err != nil || e.Version != v {
		t.Errorf("entry %+v, %v", e, err)
	}
	if w := mustPut(t, again, doc("new", "x")); w.Seq <= v.Seq {
		t.Errorf("version %d after %d: versions may repeat", w.Seq, v.Seq)
	}
}

func TestRestoreRefusesWhatIsNoBackup(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, bytes.Repeat([]byte("x"), 9000), 0o600); err != nil {
		t.Fatal(err)
	}
	foreign := sqliteFile(t, filepath.Join(dir, "foreign.db"), "CREATE TABLE t (x)")
	for path, want := range map[string]string{text: "not a leakwatch database", foreign: "not one of leakwatch", filepath.Join(dir, "none"): "no such file"} {
		if err := Restore(t.Context(), path, filepath.Join(dir, "to.db")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("restore of %s: %v, want %q", filepath.Base(path), err, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "to.db")); err == nil {
		t.Error("a refused restore left a file")
	}
}

func TestAClosedDatabaseIsUnavailable(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "index.db"))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, loadErr := db.Load(t.Context(), "b", "k")
	_, errs := db.Put(t.Context(), []indexer.Write{doc("a", "x")})
	for name, err := range map[string]error{"load": loadErr, "put": errs[0], "check": db.Check(t.Context()), "maintain": db.Maintain(t.Context())} {
		if !errors.Is(err, indexer.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
}

func TestVersionsAreNotReusedAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	db := open(t, path)
	v := mustPut(t, db, doc("a", "x"))
	if err := db.Delete(t.Context(), indexer.Listings, "a"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if w := mustPut(t, open(t, path), doc("a", "x")); w.Seq <= v.Seq {
		t.Errorf("version %d after %d", w.Seq, v.Seq)
	}
}
