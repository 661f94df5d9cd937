package indextest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/leakwatch/leakwatch/indexer"
)

// New returns an empty engine for a test and closes it when the test ends.
// The suites call it a handful of times.
type New func(t *testing.T) indexer.Engine

// Maintainer is what an engine with maintenance jobs offers: Maintain runs
// them all now. The suites run it between writes and want nothing to change.
type Maintainer interface {
	Maintain(ctx context.Context) error
}

// Engine runs all suites.
func Engine(t *testing.T, new New) {
	t.Run("Archive", func(t *testing.T) { Archive(t, new) })
	t.Run("State", func(t *testing.T) { State(t, new) })
	t.Run("Together", func(t *testing.T) { Together(t, new) })
	t.Run("Hostile", func(t *testing.T) { Hostile(t, new) })
	t.Run("Differential", func(t *testing.T) { Differential(t, new(t)) })
}

// check is one named behaviour, run on an engine that it may share with
// others, so its ids and buckets are its own.
type check struct {
	name string
	run  func(t *testing.T, e indexer.Engine)
}

func runAll(t *testing.T, e indexer.Engine, checks []check) {
	if err := e.Check(t.Context()); err != nil {
		t.Fatalf("check of a new engine: %v", err)
	}
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) { c.run(t, e) })
	}
}

// put makes one write that must succeed.
func put(t *testing.T, a indexer.Archive, w indexer.Write) indexer.Version {
	t.Helper()
	v, err := putOne(t, a, w)
	if err != nil {
		t.Fatalf("put %s: %v", w.Document.ID, err)
	}
	if v == (indexer.Version{}) {
		t.Fatalf("put %s: acknowledged with the zero version", w.Document.ID)
	}
	return v
}

func putOne(t *testing.T, a indexer.Archive, w indexer.Write) (indexer.Version, error) {
	t.Helper()
	results, errs := a.Put(t.Context(), []indexer.Write{w})
	if len(results) != 1 || len(errs) != 1 {
		t.Fatalf("put of 1 write: %d results, %d errors", len(results), len(errs))
	}
	return results[0], errs[0]
}

// get returns a document that must exist.
func get(t *testing.T, a indexer.Archive, c indexer.Collection, id string) indexer.Document {
	t.Helper()
	docs, err := a.Get(t.Context(), c, id)
	if err != nil {
		t.Fatalf("get %s: %v", id, err)
	}
	d, found := docs[id]
	if !found {
		t.Fatalf("get %s: not there", id)
	}
	return d
}

func absent(t *testing.T, a indexer.Archive, c indexer.Collection, id string) {
	t.Helper()
	docs, err := a.Get(t.Context(), c, id)
	if err != nil || len(docs) != 0 {
		t.Fatalf("get %s: %d documents, %v; want none", id, len(docs), err)
	}
}

// create stores an entry that must be new.
func create(t *testing.T, s indexer.State, bucket string, e indexer.Entry) indexer.Version {
	t.Helper()
	v, err := s.Create(t.Context(), bucket, e)
	if err != nil {
		t.Fatalf("create %.80q: %v", e.Key, err)
	}
	if v == (indexer.Version{}) {
		t.Fatalf("create %.80q: acknowledged with the zero version", e.Key)
	}
	return v
}

func load(t *testing.T, s indexer.State, bucket, key string) indexer.Entry {
	t.Helper()
	e, err := s.Load(t.Context(), bucket, key)
	if err != nil {
		t.Fatalf("load %.80q: %v", key, err)
	}
	return e
}

func want(t *testing.T, what string, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("%s: %v, want %v", what, err, target)
	}
}

// searchAll follows the pages of a search to the end and fails on a document
// that comes twice.
func searchAll(t *testing.T, a indexer.Archive, c indexer.Collection, s indexer.Search) []string {
	t.Helper()
	ids, err := follow(t.Context(), a, c, s)
	if err != nil {
		t.Fatalf("search: %v", err)
	}
	return ids
}

func follow(ctx context.Context, a indexer.Archive, c indexer.Collection, s indexer.Search) ([]string, error) {
	var ids []string
	for {
		page, err := a.Search(ctx, c, s)
		if err != nil {
			return nil, err
		}
		if len(page.Documents) > s.Limit {
			return nil, fmt.Errorf("page of %d documents, limit %d", len(page.Documents), s.Limit)
		}
		for _, d := range page.Documents {
			if slices.Contains(ids, d.ID) {
				return nil, fmt.Errorf("%s comes twice", d.ID)
			}
			ids = append(ids, d.ID)
		}
		if page.Next == "" {
			return ids, nil
		}
		s.After = page.Next
	}
}

func refresh(t *testing.T, a indexer.Archive) {
	t.Helper()
	if err := a.Refresh(t.Context()); err != nil {
		t.Fatalf("refresh: %v", err)
	}
}
