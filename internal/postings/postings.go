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
	"strings"
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
//
// Postings are noted in one long log and sorted by term in the end: to append
// to a list of each term would touch another place in memory for each token.
type Builder struct {
	ids   map[string]uint32 // of the terms
	terms []string          // by id
	docs  []int64           // in the order in which they came
	log   []posting
	size  int
}

// posting says that a document holds a term at pos, -1 for nowhere.
type posting struct {
	term, doc uint32 // indexes of Builder.terms and Builder.docs
	pos       int32
}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder { return &Builder{ids: map[string]uint32{}} }

// Size returns about how many bytes of memory the builder holds.
func (b *Builder) Size() int { return b.size + len(b.log)*12 }

// Add says that doc holds the term. Documents must come in ascending order.
func (b *Builder) Add(term []byte, doc int64) { b.AddAt(term, doc, -1) }

// AddAt says that doc holds the term at pos. Documents must come in ascending
// order, and so must the positions of a term in a document; one that comes
// again is counted once.
func (b *Builder) AddAt(term []byte, doc int64, pos int) {
	if n := len(b.docs); n == 0 || b.docs[n-1] != doc {
		b.docs = append(b.docs, doc)
	}
	id, known := b.ids[string(term)]
	if !known {
		id = uint32(len(b.terms))
		b.terms = append(b.terms, string(term))
		b.ids[b.terms[id]] = id
		b.size += len(term) + 64
	}
	b.log = append(b.log, posting{id, uint32(len(b.docs) - 1), int32(pos)})
}

// Flush writes everything as the blocks of one segment and empties the
// builder.
func (b *Builder) Flush(emit Emit) error {
	w := writer{emit: emit}
	ends := b.sortLog()
	order := make([]uint32, len(b.terms))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int { return strings.Compare(b.terms[x], b.terms[y]) })
	var list List
	for _, id := range order {
		start := uint32(0)
		if id > 0 {
			start = ends[id-1]
		}
		list = b.list(list[:0], b.log[start:ends[id]])
		if err := w.list([]byte(b.terms[id]), list, nil); err != nil {
			return err
		}
	}
	*b = *NewBuilder()
	return w.close()
}

// sortLog sorts the log by term, keeping the order within a term, and returns
// where the postings of each term end.
func (b *Builder) sortLog() []uint32 {
	ends := make([]uint32, len(b.terms))
	for _, p := range b.log {
		ends[p.term]++
	}
	next := make([]uint32, len(ends))
	total := uint32(0)
	for i, n := range ends {
		next[i] = total
		total += n
		ends[i] = total
	}
	sorted := make([]posting, len(b.log))
	for _, p := range b.log {
		sorted[next[p.term]] = p
		next[p.term]++
	}
	b.log = sorted
	return ends
}

// list appends the postings of one term as a list.
func (b *Builder) list(dst List, log []posting) List {
	last, doc, pos := int64(0), int64(-1), int32(0)
	for _, p := range log {
		if at := b.docs[p.doc]; at != doc {
			if doc >= 0 {
				dst = append(dst, 0)
				last = doc
			}
			dst = binary.AppendUvarint(dst, uint64(at-last))
			doc, pos = at, 0
		}
		if p.pos >= pos {
			dst = binary.AppendUvarint(dst, uint64(p.pos+1-pos))
			pos = p.pos + 1
		}
	}
	return append(dst, 0)
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
		if len(w.postings) > 0 && len(w.block)+len(w.term)+len(w.postings)+len(p.positions())+30 > blockSize {
			if err := w.endList(); err != nil {
				return err
			}
		}
		delta := p.Doc - w.doc
		if len(w.postings) == 0 {
			delta = p.Doc
		}
		w.postings = binary.AppendUvarint(w.postings, uint64(delta))
		w.postings = append(w.postings, p.positions()...)
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
