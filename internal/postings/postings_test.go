package postings

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// model is an index as plain maps: positions by term and document.
type model map[string]map[int64][]int64

func (m model) add(term string, doc int64, positions ...int64) {
	if m[term] == nil {
		m[term] = map[int64][]int64{}
	}
	m[term][doc] = append(m[term][doc], positions...)
}

// segment is blocks in memory.
type segment [][]byte

func (s *segment) emit(first, block []byte) error {
	l := Read(block)
	if more, err := l.Next(); !more || err != nil || !bytes.Equal(l.Term, first) {
		return fmt.Errorf("first term is %q, not %q: %v, %v", l.Term, first, more, err)
	}
	*s = append(*s, bytes.Clone(block))
	return nil
}

func (s segment) source() Source {
	return func() ([]byte, error) {
		if len(s) == 0 {
			return nil, nil
		}
		block := s[0]
		s = s[1:]
		return block, nil
	}
}

func (s segment) model(t interface{ Fatalf(string, ...any) }) model {
	m := model{}
	last := ""
	for _, block := range s {
		lists := Read(block)
		for {
			more, err := lists.Next()
			if err != nil {
				t.Fatalf("read block: %v", err)
			}
			if !more {
				break
			}
			if string(lists.Term) < last {
				t.Fatalf("term %q comes after %q", lists.Term, last)
			}
			last = string(lists.Term)
			for p := lists.List().Postings(); ; {
				more, err := p.Next()
				if err != nil {
					t.Fatalf("read list: %v", err)
				}
				if !more {
					break
				}
				positions, err := p.AppendPositions(nil, 0)
				if err != nil || m[last][p.Doc] != nil {
					t.Fatalf("document %d of %q: again %v, %v", p.Doc, last, m[last][p.Doc], err)
				}
				m.add(last, p.Doc, append([]int64{}, positions...)...)
			}
		}
	}
	return m
}

func equal(a, b model) bool {
	return maps.EqualFunc(a, b, func(x, y map[int64][]int64) bool {
		return maps.EqualFunc(x, y, func(p, q []int64) bool { return slices.Equal(p, q) })
	})
}

// build draws n documents from number first on and indexes them.
func build(r *rapid.T, all model, first int64, n int) segment {
	b := NewBuilder()
	for doc := first; doc < first+int64(n); doc++ {
		pos := 0
		for range rapid.IntRange(0, 30).Draw(r, "tokens") {
			term := rapid.StringOfN(rapid.SampledFrom([]rune("ab身\x00")), 0, 3, -1).Draw(r, "term")
			pos += rapid.SampledFrom([]int{1, 2, 200, 70000}).Draw(r, "gap")
			b.AddAt([]byte(term), doc, pos)
			b.AddAt([]byte(term), doc, pos)
			all.add(term, doc, int64(pos))
		}
		b.Add([]byte("every"), doc)
		b.Add([]byte("every"), doc)
		all.add("every", doc)
	}
	var s segment
	if err := b.Flush(s.emit); err != nil {
		r.Fatalf("flush: %v", err)
	}
	return s
}

func TestMergedSegmentsHoldWhatWasAddedButTheDead(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		all := model{}
		var sources []Source
		first := rapid.Int64Range(0, 1<<36).Draw(r, "first")
		start := first
		for range rapid.IntRange(1, 4).Draw(r, "segments") {
			n := rapid.IntRange(1, 20).Draw(r, "documents")
			sources = append(sources, build(r, all, first, n).source())
			first += int64(n) + rapid.Int64Range(0, 5000).Draw(r, "hole")
		}
		dead := map[int64]bool{}
		for _, d := range rapid.SliceOfN(rapid.Int64Range(start, first), 0, 20).Draw(r, "dead") {
			dead[d] = true
		}
		var merged segment
		if err := Merge(sources, func(d int64) bool { return dead[d] }, merged.emit); err != nil {
			r.Fatalf("merge: %v", err)
		}
		for term, docs := range all {
			maps.DeleteFunc(docs, func(d int64, _ []int64) bool { return dead[d] })
			if len(docs) == 0 {
				delete(all, term)
			}
		}
		if got := merged.model(r); !equal(got, all) {
			r.Fatalf("got %v\nwant %v", got, all)
		}
	})
}

func TestLongListsAreCutIntoBlocks(t *testing.T) {
	b, all := NewBuilder(), model{}
	for doc := range int64(20_000) {
		b.Add([]byte("common"), doc*3)
		all.add("common", doc*3)
		rare := fmt.Sprint("rare", doc)
		b.AddAt([]byte(rare), doc*3, 7)
		all.add(rare, doc*3, 7)
	}
	if b.Size() < 20_000 {
		t.Errorf("size %d of 40,000 postings", b.Size())
	}
	var s segment
	if err := b.Flush(s.emit); err != nil {
		t.Fatal(err)
	}
	for i, block := range s {
		if len(block) > blockSize {
			t.Errorf("block %d has %d bytes", i, len(block))
		}
	}
	if len(s) < 20 || !equal(s.model(t), all) {
		t.Fatalf("%d blocks do not hold what was added", len(s))
	}
	if b.Size() != 0 {
		t.Errorf("size %d after flush", b.Size())
	}
}

func TestErrorsOfTheSinkAndTheSourceAreReturned(t *testing.T) {
	no := errors.New("no")
	b := NewBuilder()
	b.Add([]byte("a"), 1)
	if err := b.Flush(func(_, _ []byte) error { return no }); !errors.Is(err, no) {
		t.Errorf("flush: %v", err)
	}
	err := Merge([]Source{func() ([]byte, error) { return nil, no }}, nil, nil)
	if !errors.Is(err, no) {
		t.Errorf("merge: %v", err)
	}
}

// FuzzRead wants no block, however broken, to do more than fail.
func FuzzRead(f *testing.F) {
	b := NewBuilder()
	for i := range int64(50) {
		b.AddAt([]byte{byte('a' + i%20)}, i, int(i))
	}
	if err := b.Flush(func(_, block []byte) error { f.Add(bytes.Clone(block)); return nil }); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, block []byte) {
		lists := Read(block)
		for {
			more, err := lists.Next()
			if err != nil || !more {
				return
			}
			for p := lists.List().Postings(); ; {
				if more, err := p.Next(); err != nil || !more {
					break
				}
				if _, err := p.AppendPositions(nil, 0); err != nil {
					break
				}
			}
		}
	})
}

func TestSets(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		draw := func(name string) []int64 {
			return Set(rapid.SliceOf(rapid.Int64Range(0, 60)).Draw(r, name))
		}
		a, b := draw("a"), draw("b")
		var both, only []int64
		for _, v := range a {
			if slices.Contains(b, v) {
				both = append(both, v)
			} else {
				only = append(only, v)
			}
			if !Contains(a, v) || Contains(b, v) != slices.Contains(b, v) {
				r.Fatalf("contains %d", v)
			}
		}
		if got := Intersect(a, b); !slices.Equal(got, both) {
			r.Fatalf("intersect %v %v: %v", a, b, got)
		}
		if got := Subtract(a, b); !slices.Equal(got, only) {
			r.Fatalf("subtract %v %v: %v", a, b, got)
		}
	})
}

func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		bl := NewBuilder()
		for doc := range int64(100) {
			for pos := range 400 {
				bl.AddAt(fmt.Appendf(nil, "%d", (int(doc)*7919+pos*104729)%20000), doc, pos)
			}
		}
		if err := bl.Flush(func(_, _ []byte) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
