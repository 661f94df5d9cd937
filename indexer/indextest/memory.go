// Package indextest says what an engine of package indexer must do, as suites
// that run against any engine, and offers one engine that does it in the
// plainest way: Memory, which keeps everything in maps and answers every
// search by asking the matcher of package query about every document. It is
// the reference that the suites compare real engines with, and the engine for
// tests of code that needs one.
package indextest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// Memory is an engine in memory. Every write is visible to every read at
// once. Together excludes everything else while it runs and undoes the writes
// of an fn that fails.
type Memory struct {
	*store
	inside bool // this is the engine that Together gives to its fn
}

var _ indexer.Engine = (*Memory)(nil)

// store is what a Memory and the engines of its Together calls share.
type store struct {
	turn  chan struct{} // holds one token; who takes it may use all below
	seq   int64
	docs  map[indexer.Collection]map[string]indexer.Document
	state map[string]map[string]indexer.Entry
	undo  []func() // what Together must call, last first, to discard
	fail  func(op string) error
}

// NewMemory returns an empty engine.
func NewMemory() *Memory {
	s := &store{
		turn:  make(chan struct{}, 1),
		docs:  map[indexer.Collection]map[string]indexer.Document{},
		state: map[string]map[string]indexer.Entry{},
	}
	s.turn <- struct{}{}
	return &Memory{store: s}
}

// Fail sets a function that is asked before every operation and makes it fail
// with the error it returns. op is put, get, delete, search, aggregate,
// refresh, load, load_all, create, swap, remove, scan, together or check. The
// writes (put, delete, create, swap, remove) and together ask again, as
// "after put" and so on, when they are done: an error there is an answer that
// got lost, except that after together it discards the writes. fail runs
// while the engine is locked and must not use it; nil removes it.
func (m *Memory) Fail(fail func(op string) error) {
	<-m.turn
	m.fail = fail
	m.turn <- struct{}{}
}

// do runs one operation alone.
func (m *Memory) do(ctx context.Context, op string, f func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !m.inside {
		select {
		case <-m.turn:
			defer func() { m.undo = nil; m.turn <- struct{}{} }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := m.ask(op); err != nil {
		return err
	}
	return f()
}

func (m *Memory) ask(op string) error {
	if m.fail == nil {
		return nil
	}
	return m.fail(op)
}

// Put implements indexer.Archive.
func (m *Memory) Put(ctx context.Context, writes []indexer.Write) ([]indexer.Version, []error) {
	results, errs := make([]indexer.Version, len(writes)), make([]error, len(writes))
	err := m.do(ctx, "put", func() error {
		for i := range writes {
			results[i], errs[i] = m.put(&writes[i])
		}
		return m.ask("after put")
	})
	if err != nil {
		for i := range errs {
			results[i], errs[i] = indexer.Version{}, err
		}
	}
	return results, errs
}

func (m *Memory) put(w *indexer.Write) (indexer.Version, error) {
	if err := w.Valid(); err != nil {
		return indexer.Version{}, err
	}
	c := m.docs[w.Collection]
	if c == nil {
		c = map[string]indexer.Document{}
		m.docs[w.Collection] = c
	}
	old, found := c[w.Document.ID]
	if w.Create && found {
		return indexer.Version{}, fmt.Errorf("create document: %w", indexer.ErrExists)
	}
	if !w.Create && (!found || old.Version != w.Document.Version) {
		return indexer.Version{}, fmt.Errorf("replace document: %w", indexer.ErrConflict)
	}
	doc := indexer.Document{
		ID: w.Document.ID, Version: m.next(),
		Source: bytes.Clone(w.Document.Source), Fields: cloneFields(w.Document.Fields),
	}
	set(m.store, c, doc.ID, doc)
	return doc.Version, nil
}

// next returns the version of the next write.
func (s *store) next() indexer.Version {
	s.seq++
	return indexer.Version{Seq: s.seq, Term: 1}
}

// set stores a value so that Together can undo it.
func set[T any](s *store, m map[string]T, key string, value T) {
	forget(s, m, key)
	m[key] = value
}

// forget deletes a value so that Together can undo it.
func forget[T any](s *store, m map[string]T, key string) {
	old, found := m[key]
	s.undo = append(s.undo, func() {
		delete(m, key)
		if found {
			m[key] = old
		}
	})
	delete(m, key)
}

// cloneFields copies what a caller may change after the call.
func cloneFields(d *query.Document) *query.Document {
	c := &query.Document{Keywords: cloneLists(d.Keywords), Numbers: cloneLists(d.Numbers)}
	for _, o := range d.Offers {
		c.Offers = append(c.Offers, query.OfferDocument{Keywords: cloneLists(o.Keywords), Numbers: cloneLists(o.Numbers)})
	}
	for _, t := range d.Texts {
		t.Plain, t.Unhidden = slices.Clone(t.Plain), slices.Clone(t.Unhidden)
		c.Texts = append(c.Texts, t)
	}
	return c
}

func cloneLists[T any](m map[string][]T) map[string][]T {
	c := maps.Clone(m)
	for k, v := range c {
		c[k] = slices.Clone(v)
	}
	return c
}

// Get implements indexer.Archive.
func (m *Memory) Get(ctx context.Context, c indexer.Collection, ids ...string) (map[string]indexer.Document, error) {
	found := map[string]indexer.Document{}
	err := m.do(ctx, "get", func() error {
		for _, id := range ids {
			if d, ok := m.docs[c][id]; ok {
				found[id] = copyOf(d)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// copyOf returns a document as readers see it.
func copyOf(d indexer.Document) indexer.Document {
	d.Source, d.Fields = bytes.Clone(d.Source), nil
	return d
}

// Delete implements indexer.Archive.
func (m *Memory) Delete(ctx context.Context, c indexer.Collection, ids ...string) error {
	return m.do(ctx, "delete", func() error {
		for _, id := range ids {
			if _, found := m.docs[c][id]; found {
				forget(m.store, m.docs[c], id)
			}
		}
		return m.ask("after delete")
	})
}

// Refresh implements indexer.Archive: everything is visible already.
func (m *Memory) Refresh(ctx context.Context) error {
	return m.do(ctx, "refresh", func() error { return nil })
}

// Load implements indexer.State.
func (m *Memory) Load(ctx context.Context, bucket, key string) (indexer.Entry, error) {
	var e indexer.Entry
	err := m.do(ctx, "load", func() error {
		var found bool
		if e, found = m.state[bucket][key]; !found {
			return fmt.Errorf("load from %s: %w", bucket, indexer.ErrNotFound)
		}
		return nil
	})
	return copyEntry(e), err
}

// LoadAll implements indexer.State.
func (m *Memory) LoadAll(ctx context.Context, bucket string, keys ...string) (map[string]indexer.Entry, error) {
	found := map[string]indexer.Entry{}
	err := m.do(ctx, "load_all", func() error {
		for _, key := range keys {
			if e, ok := m.state[bucket][key]; ok {
				found[key] = copyEntry(e)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

func copyEntry(e indexer.Entry) indexer.Entry {
	e.Value = bytes.Clone(e.Value)
	return e
}

// Create implements indexer.State.
func (m *Memory) Create(ctx context.Context, bucket string, e indexer.Entry) (indexer.Version, error) {
	return m.write(ctx, "create", bucket, e, func(_ indexer.Entry, found bool) error {
		if found {
			return fmt.Errorf("create in %s: %w", bucket, indexer.ErrExists)
		}
		return nil
	})
}

// Swap implements indexer.State.
func (m *Memory) Swap(ctx context.Context, bucket string, e indexer.Entry) (indexer.Version, error) {
	return m.write(ctx, "swap", bucket, e, func(old indexer.Entry, found bool) error {
		if !found || old.Version != e.Version {
			return fmt.Errorf("swap in %s: %w", bucket, indexer.ErrConflict)
		}
		return nil
	})
}

// write stores e if allowed, which sees the present entry, returns nil.
func (m *Memory) write(ctx context.Context, op, bucket string, e indexer.Entry, allowed func(indexer.Entry, bool) error) (indexer.Version, error) {
	err := m.do(ctx, op, func() error {
		if err := e.Valid(bucket); err != nil {
			return err
		}
		if m.state[bucket] == nil {
			m.state[bucket] = map[string]indexer.Entry{}
		}
		old, found := m.state[bucket][e.Key]
		if err := allowed(old, found); err != nil {
			return err
		}
		e = copyEntry(e)
		e.Version = m.next()
		set(m.store, m.state[bucket], e.Key, e)
		return m.ask("after " + op)
	})
	if err != nil {
		return indexer.Version{}, err
	}
	return e.Version, nil
}

// Remove implements indexer.State.
func (m *Memory) Remove(ctx context.Context, bucket, key string, v indexer.Version) error {
	return m.do(ctx, "remove", func() error {
		old, found := m.state[bucket][key]
		if !found {
			return nil
		}
		if old.Version != v {
			return fmt.Errorf("remove from %s: %w", bucket, indexer.ErrConflict)
		}
		forget(m.store, m.state[bucket], key)
		return m.ask("after remove")
	})
}

// Scan implements indexer.State.
func (m *Memory) Scan(ctx context.Context, bucket string, s indexer.Scan) ([]indexer.Entry, error) {
	if err := s.Valid(bucket); err != nil {
		return nil, err
	}
	var found []indexer.Entry
	err := m.do(ctx, "scan", func() error {
		for _, e := range m.state[bucket] {
			if selects(&s, &e) {
				found = append(found, copyEntry(e))
			}
		}
		return nil
	})
	slices.SortFunc(found, func(a, b indexer.Entry) int {
		if !s.DueBefore.IsZero() {
			return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Key, b.Key))
		}
		return cmp.Compare(a.Key, b.Key)
	})
	return found[:min(s.Limit, len(found))], err
}

func selects(s *indexer.Scan, e *indexer.Entry) bool {
	if e.Key < s.From || s.To != "" && e.Key >= s.To {
		return false
	}
	return s.DueBefore.IsZero() || !e.Due.IsZero() && !e.Due.After(s.DueBefore)
}

// Together implements indexer.Engine.
func (m *Memory) Together(ctx context.Context, fn func(indexer.Engine) error) error {
	return m.do(ctx, "together", func() error {
		mark := len(m.undo)
		err := fn(&Memory{store: m.store, inside: true})
		if err == nil {
			err = m.ask("after together")
		}
		if err != nil {
			for _, undo := range slices.Backward(m.undo[mark:]) {
				undo()
			}
			m.undo = m.undo[:mark]
		}
		return err
	})
}

// Check implements indexer.Engine.
func (m *Memory) Check(ctx context.Context) error {
	return m.do(ctx, "check", func() error { return nil })
}

// Close implements indexer.Engine. The contents stay, as on a disk.
func (m *Memory) Close() error { return nil }
