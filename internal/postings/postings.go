// Package postings is an inverted index in blocks of bytes: which documents
// hold a term, and where. It knows nothing of where blocks are kept, nor of
// what terms mean.
//
// # Layout
//
// A segment is what one Builder or one Merge wrote. It never changes. It is a
// sequence of blocks; a block is a sequence of lists, ordered by term; a long
// list is cut and goes on in the next block under the same term:
//
//	block    = list …
//	list     = shared suffix-length suffix length postings
//	postings = document (position + 1) … 0  delta (position + 1) … 0  …
//
// Numbers are unsigned varints. A term is the first shared bytes of the term
// before it in the block, then suffix. The first document of a list stands as
// it is, each other as its distance to the one before; so do the positions of
// a document, each plus one, ended by 0.
package postings

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
)

// ErrCorrupt: a block is not what this package wrote.
var ErrCorrupt = errors.New("corrupt posting block")

// blockSize is the length at which a block is closed. With the row that holds
// it, a block just fits a database page of 8 KB. A document whose positions
// alone are longer makes a longer block.
const blockSize = 7900

// Emit takes a finished block and its first term. It must not keep either.
type Emit func(first, block []byte) error

// Builder collects the postings of new documents in memory. It is not safe
// for concurrent use.
type Builder struct {
	lists map[string]*growing
	size  int
}

// growing is the postings of one term.
type growing struct {
	postings []byte
	doc      int64
	pos      int // of the last position plus one
}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder { return &Builder{lists: map[string]*growing{}} }

// Size returns about how many bytes of memory the builder holds.
func (b *Builder) Size() int { return b.size }

// Add says that doc holds the term. Documents of a term must come in
// ascending order; one that comes again is counted once.
func (b *Builder) Add(term []byte, doc int64) { b.open(term, doc) }

// AddAt says that doc holds the term at pos. Positions of a term in a
// document must come in ascending order; one that comes again is counted
// once.
func (b *Builder) AddAt(term []byte, doc int64, pos int) {
	g := b.open(term, doc)
	if pos >= g.pos {
		g.postings = binary.AppendUvarint(g.postings, uint64(pos+1-g.pos))
		g.pos = pos + 1
		b.size++
	}
}

// open returns the list of the term, ready for positions in doc.
func (b *Builder) open(term []byte, doc int64) *growing {
	g := b.lists[string(term)]
	switch {
	case g == nil:
		g = &growing{postings: binary.AppendUvarint(make([]byte, 0, 8), uint64(doc)), doc: doc}
		b.lists[string(term)] = g
		b.size += len(term) + 80
	case g.doc != doc:
		g.postings = append(g.postings, 0)
		g.postings = binary.AppendUvarint(g.postings, uint64(doc-g.doc))
		g.doc, g.pos = doc, 0
		b.size += 3
	}
	return g
}

// Flush writes everything as the blocks of one segment and empties the
// builder.
func (b *Builder) Flush(emit Emit) error {
	terms := make([]string, 0, len(b.lists))
	for term := range b.lists {
		terms = append(terms, term)
	}
	slices.Sort(terms)
	w := writer{emit: emit}
	for _, term := range terms {
		g := b.lists[term]
		if err := w.list([]byte(term), List(append(g.postings, 0)), nil); err != nil {
			return err
		}
	}
	b.lists, b.size = map[string]*growing{}, 0
	return w.close()
}

// writer makes blocks of lists that come in order of their terms.
type writer struct {
	emit        Emit
	block       []byte
	first, last []byte // terms of the block

	term     []byte // of the list that is being collected below
	postings []byte
	doc      int64
}

// list appends a list, or what goes on of the one before if the term is the
// same. Documents for which dead answers true are left out.
func (w *writer) list(term []byte, l List, dead func(int64) bool) error {
	if !bytes.Equal(term, w.term) || len(w.postings) == 0 {
		if err := w.endList(); err != nil {
			return err
		}
		w.term = append(w.term[:0], term...)
	}
	for p := l.Postings(); ; {
		more, err := p.Next()
		if err != nil || !more {
			return err
		}
		if dead != nil && dead(p.Doc) {
			continue
		}
		if len(w.postings) > 0 && len(w.block)+len(w.term)+len(w.postings)+len(p.positions)+30 > blockSize {
			if err := w.endList(); err != nil {
				return err
			}
		}
		delta := p.Doc - w.doc
		if len(w.postings) == 0 {
			delta = p.Doc
		}
		w.postings = binary.AppendUvarint(w.postings, uint64(delta))
		w.postings = append(w.postings, p.positions...)
		w.postings = append(w.postings, 0)
		w.doc = p.Doc
	}
}

// endList moves the collected list into the block, or into the next if this
// one is full.
func (w *writer) endList() error {
	if len(w.postings) == 0 {
		return nil
	}
	if len(w.block) > 0 && len(w.block)+len(w.term)+len(w.postings)+30 > blockSize {
		if err := w.endBlock(); err != nil {
			return err
		}
	}
	shared := 0
	if len(w.block) == 0 {
		w.first = append(w.first[:0], w.term...)
	} else {
		shared = commonPrefix(w.last, w.term)
	}
	w.block = binary.AppendUvarint(w.block, uint64(shared))
	w.block = binary.AppendUvarint(w.block, uint64(len(w.term)-shared))
	w.block = append(w.block, w.term[shared:]...)
	w.block = binary.AppendUvarint(w.block, uint64(len(w.postings)))
	w.block = append(w.block, w.postings...)
	w.last = append(w.last[:0], w.term...)
	w.postings = w.postings[:0]
	return nil
}

func commonPrefix(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

func (w *writer) endBlock() error {
	err := w.emit(w.first, w.block)
	w.block = w.block[:0]
	return err
}

func (w *writer) close() error {
	if err := w.endList(); err != nil || len(w.block) == 0 {
		return err
	}
	return w.endBlock()
}
