package sqlite

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/indexer/indextest"
)

func segmentsOf(t *testing.T, db *DB) []segment {
	t.Helper()
	var all []segment
	err := db.view(t.Context(), func(v *view) (err error) {
		all, err = v.segments(t.Context(), number(indexer.Listings))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestManySmallWritesBecomeFewSegments(t *testing.T) {
	db, m := open(t, filepath.Join(t.TempDir(), "index.db")), indextest.NewMemory()
	for i := range 700 {
		for _, e := range []indexer.Engine{db, m} {
			v := mustPut(t, e, doc(fmt.Sprintf("d%04d", i), fmt.Sprint("s", i%7)))
			if i%3 == 0 {
				w := doc(fmt.Sprintf("d%04d", i), "replaced")
				w.Create, w.Document.Version = false, v
				mustPut(t, e, w)
			}
			if i%5 == 0 {
				if err := e.Delete(t.Context(), indexer.Listings, fmt.Sprintf("d%04d", i/2)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	all := segmentsOf(t, db)
	if len(all) > 30 {
		t.Errorf("%d segments after 700 writes", len(all))
	}
	if !slices.IsSortedFunc(all, func(a, b segment) int { return b.level - a.level }) {
		t.Errorf("levels do not fall: %+v", all)
	}
	sameDocuments(t, db, m)
	if err := db.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	sameDocuments(t, db, m)
	verify(t, db)
	err := db.view(t.Context(), func(v *view) error {
		dead, err := v.dead(t.Context(), number(indexer.Listings), 0, 1<<40)
		if len(dead) > 0 {
			t.Errorf("%d dead documents after maintenance", len(dead))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func sameDocuments(t *testing.T, a, b indexer.Engine) {
	t.Helper()
	var found [2][]string
	for i, e := range []indexer.Engine{a, b} {
		page, err := e.Search(t.Context(), indexer.Listings, indexer.Search{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.Documents {
			found[i] = append(found[i], d.ID)
		}
	}
	if !slices.Equal(found[0], found[1]) {
		t.Fatalf("%d documents, want %d", len(found[0]), len(found[1]))
	}
}

// The merger of large segments works in many transactions; writes and
// searches go on in between.
func TestTheMergerWorksBesideWriters(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "index.db"))
	const calls, each = 20, 150
	for i := range calls {
		var writes []indexer.Write
		for n := range each {
			w := doc(fmt.Sprintf("d%02d-%03d", i, n), "x")
			for k := range 60 {
				w.Document.Fields.Keywords["category"] = append(w.Document.Fields.Keywords["category"], fmt.Sprintf("term-%d-%d-%d", i, n, k))
			}
			writes = append(writes, w)
		}
		putAll(t, db, writes)
		if err := db.Delete(t.Context(), indexer.Listings, fmt.Sprintf("d%02d-%03d", i, 7)); err != nil {
			t.Fatal(err)
		}
		if got, want := count(t, db, "x"), int64((i+1)*(each-1)); got != want {
			t.Fatalf("%d documents after call %d, want %d", got, i, want)
		}
	}
	if err := db.mergeAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(segmentsOf(t, db)); n >= calls {
		t.Errorf("%d segments of %d calls", n, calls)
	}
	verify(t, db)
}

func TestAnInterruptedMergeIsSweptAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index.db")
	db := open(t, path)
	for i := range 5 {
		mustPut(t, db, doc(fmt.Sprint("d", i), "x"))
	}
	// What a process leaves that dies between the steps of a merge.
	j := &job{db: db, run: segmentsOf(t, db)}
	if err := db.update(t.Context(), func(t2 *tx) error { return j.begin(t.Context(), t2) }); err != nil {
		t.Fatal(err)
	}
	if err := j.merge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path)
	if err := db.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, "x"); n != 5 {
		t.Errorf("%d documents, want 5", n)
	}
	var left int
	err := db.alone(t.Context(), func(s *session) error {
		return s.one(t.Context(), "SELECT count(*) FROM blocks WHERE segment NOT IN (SELECT id FROM segments WHERE state = 1)", nil, &left)
	})
	if err != nil || left > 0 {
		t.Errorf("%d blocks are left, %v", left, err)
	}
}

func TestWhatIsDeletedLeavesNoTraceAfterMaintenance(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "index.db"))
	const trace = "trace-of-a-deleted-value"
	for i := range 20 {
		mustPut(t, db, doc(fmt.Sprint("d", i), fmt.Sprint(trace, i)))
	}
	if _, err := db.Create(t.Context(), "b", indexer.Entry{Key: "k", Value: []byte(`"` + trace + `"`)}); err != nil {
		t.Fatal(err)
	}
	e, err := db.Load(t.Context(), "b", "k")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Remove(t.Context(), "b", "k", e.Version); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err := db.Delete(t.Context(), indexer.Listings, fmt.Sprint("d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, f := range db.Files() {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(trace)) {
			t.Errorf("%s still holds a deleted value", filepath.Base(f))
		}
	}
	if size, err := db.Size(); err != nil || size > 1<<20 {
		t.Errorf("size %d, %v", size, err)
	}
}
