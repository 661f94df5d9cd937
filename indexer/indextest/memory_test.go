package indextest

import (
	"errors"
	"testing"

	"github.com/leakwatch/leakwatch/indexer"
)

func TestMemoryIsAnEngine(t *testing.T) {
	Engine(t, func(*testing.T) indexer.Engine { return NewMemory() })
}

func TestFailMakesOperationsFailBeforeOrAfterTheyAreDone(t *testing.T) {
	m := NewMemory()
	lost := errors.New("lost")
	at := ""
	m.Fail(func(op string) error {
		if op == at {
			return lost
		}
		return nil
	})
	write := func() error {
		_, err := m.Create(t.Context(), "b", indexer.Entry{Key: "k", Value: []byte(`1`)})
		return err
	}
	at = "create"
	want(t, "create that fails before", write(), lost)
	_, err := m.Load(t.Context(), "b", "k")
	want(t, "load", err, indexer.ErrNotFound)
	at = "after create"
	want(t, "create whose answer is lost", write(), lost)
	at = ""
	load(t, m, "b", "k")
	at = "after together"
	err = m.Together(t.Context(), func(tx indexer.Engine) error { return tx.Delete(t.Context(), indexer.Listings, "x") })
	want(t, "together", err, lost)
	m.Fail(nil)
	want(t, "create without faults", write(), indexer.ErrExists)
}
