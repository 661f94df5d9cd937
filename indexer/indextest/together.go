package indextest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// Together runs the suite of Engine.Together. What only an engine with
// transactions promises (nothing of a failed fn stays) is checked where the
// engine proves to be one by discarding a write of a failed fn.
func Together(t *testing.T, new New) {
	runAll(t, new(t), []check{
		{"what fn wrote is there when it returned nil", togetherCommits},
		{"fn sees its own writes", togetherSeesItself},
		{"the error of fn is returned", togetherReturnsError},
		{"a failed fn leaves nothing or all it wrote", togetherDiscards},
		{"one id over retries is created once", togetherRetries},
		{"writers in Together lose nothing", togetherCounters},
		{"calls may nest", togetherNests},
	})
}

// bare is a document with no searchable field but its id.
func bare(id, source string) indexer.Document {
	return indexer.Document{ID: id, Source: []byte(source), Fields: &query.Document{}}
}

func togetherCommits(t *testing.T, e indexer.Engine) {
	err := e.Together(t.Context(), func(tx indexer.Engine) error {
		put(t, tx, indexer.Write{Collection: indexer.Listings, Create: true, Document: bare("together", `{"n":1}`)})
		create(t, tx, "together", indexer.Entry{Key: "k", Value: []byte(`1`)})
		return nil
	})
	want(t, "together", err, nil)
	get(t, e, indexer.Listings, "together")
	load(t, e, "together", "k")
}

func togetherSeesItself(t *testing.T, e indexer.Engine) {
	err := e.Together(t.Context(), func(tx indexer.Engine) error {
		v := put(t, tx, indexer.Write{Collection: indexer.Cases, Create: true, Document: bare("inside", `{"n":1}`)})
		if got := get(t, tx, indexer.Cases, "inside"); got.Version != v {
			t.Errorf("get inside: version %v, want %v", got.Version, v)
		}
		_, err := putOne(t, tx, indexer.Write{Collection: indexer.Cases, Create: true, Document: bare("inside", `{}`)})
		want(t, "create twice inside", err, indexer.ErrExists)
		refresh(t, tx)
		if ids := searchAll(t, tx, indexer.Cases, indexer.Search{Limit: 10}); len(ids) != 1 {
			t.Errorf("search inside: %q", ids)
		}
		create(t, tx, "inside", indexer.Entry{Key: "k", Value: []byte(`1`)})
		if got := scanned(t, tx, "inside", indexer.Scan{Limit: 10}); len(got) != 1 {
			t.Errorf("scan inside: %q", got)
		}
		return nil
	})
	want(t, "together", err, nil)
}

func togetherReturnsError(t *testing.T, e indexer.Engine) {
	mine := errors.New("my own error")
	err := e.Together(t.Context(), func(indexer.Engine) error { return mine })
	want(t, "together", err, mine)
}

func togetherDiscards(t *testing.T, e indexer.Engine) {
	put(t, e, indexer.Write{Collection: indexer.Listings, Create: true, Document: bare("discard-old", `1`)})
	err := e.Together(t.Context(), func(tx indexer.Engine) error {
		put(t, tx, indexer.Write{Collection: indexer.Listings, Create: true, Document: bare("discard", `1`)})
		create(t, tx, "discard", indexer.Entry{Key: "k", Value: []byte(`1`)})
		want(t, "delete", tx.Delete(t.Context(), indexer.Listings, "discard-old"), nil)
		return errors.New("no")
	})
	if err == nil {
		t.Fatal("the error of fn was swallowed")
	}
	docs, err := e.Get(t.Context(), indexer.Listings, "discard", "discard-old")
	want(t, "get", err, nil)
	_, stateErr := e.Load(t.Context(), "discard", "k")
	_, newDoc := docs["discard"]
	_, oldDoc := docs["discard-old"]
	discarded := !newDoc && oldDoc && errors.Is(stateErr, indexer.ErrNotFound)
	kept := newDoc && !oldDoc && stateErr == nil
	if !discarded && !kept {
		t.Fatalf("after a failed fn: new document %v, deleted document %v, entry %v", newDoc, oldDoc, stateErr)
	}
}

func togetherRetries(t *testing.T, e indexer.Engine) {
	created := 0
	for attempt := range 3 {
		err := e.Together(t.Context(), func(tx indexer.Engine) error {
			_, err := putOne(t, tx, indexer.Write{Collection: indexer.Alerts, Create: true, Document: bare("retried", strconv.Itoa(attempt))})
			if err == nil {
				created++
			} else {
				want(t, "create again", err, indexer.ErrExists)
			}
			if attempt == 0 {
				return errors.New("interrupted")
			}
			return nil
		})
		if (err == nil) == (attempt == 0) {
			t.Fatalf("attempt %d: %v", attempt, err)
		}
	}
	refresh(t, e)
	if ids := searchAll(t, e, indexer.Alerts, indexer.Search{Limit: 10}); len(ids) != 1 || created < 1 || created > 2 {
		t.Fatalf("%d documents after %d creates", len(ids), created)
	}
}

func togetherCounters(t *testing.T, e indexer.Engine) {
	const writers, each = 8, 10
	create(t, e, "together_counters", indexer.Entry{Key: "n", Value: []byte(`0`)})
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				err := e.Together(t.Context(), func(tx indexer.Engine) error {
					key := fmt.Sprintf("%d-%d", w, i)
					if _, err := tx.Create(t.Context(), "together_marks", indexer.Entry{Key: key, Value: []byte(`1`)}); err != nil && !errors.Is(err, indexer.ErrExists) {
						return err
					}
					return increment(t.Context(), tx, "together_counters", "n")
				})
				if err != nil {
					t.Errorf("together: %v", err)
				}
			}
		})
	}
	all.Wait()
	if got := load(t, e, "together_counters", "n"); string(got.Value) != strconv.Itoa(writers*each) {
		t.Fatalf("counted to %s, want %d", got.Value, writers*each)
	}
	if n := len(scanned(t, e, "together_marks", indexer.Scan{Limit: 1000})); n != writers*each {
		t.Fatalf("%d marks, want %d", n, writers*each)
	}
}

func togetherNests(t *testing.T, e indexer.Engine) {
	err := e.Together(t.Context(), func(outer indexer.Engine) error {
		create(t, outer, "nested", indexer.Entry{Key: "outer", Value: []byte(`1`)})
		return outer.Together(t.Context(), func(inner indexer.Engine) error {
			load(t, inner, "nested", "outer")
			create(t, inner, "nested", indexer.Entry{Key: "inner", Value: []byte(`1`)})
			return nil
		})
	})
	want(t, "together", err, nil)
	if got := scanned(t, e, "nested", indexer.Scan{Limit: 10}); len(got) != 2 {
		t.Fatalf("after nested calls: %q", got)
	}
}
