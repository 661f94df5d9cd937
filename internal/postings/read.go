package postings

import (
	"bytes"
	"encoding/binary"
)

// Lists reads the lists of a block in order.
type Lists struct {
	Term []byte // of the list that Next found; valid until the next call
	List List

	rest []byte
}

// Read returns the lists of a block, before the first.
func Read(block []byte) *Lists { return &Lists{rest: block} }

// Next moves to the next list and reports whether there is one.
func (l *Lists) Next() (bool, error) {
	if len(l.rest) == 0 {
		return false, nil
	}
	shared, ok1 := l.number()
	added, ok2 := l.number()
	if !ok1 || !ok2 || shared > len(l.Term) || added > len(l.rest) {
		return false, ErrCorrupt
	}
	l.Term = append(l.Term[:shared], l.rest[:added]...)
	l.rest = l.rest[added:]
	length, ok := l.number()
	if !ok || length > len(l.rest) {
		return false, ErrCorrupt
	}
	l.List, l.rest = List(l.rest[:length]), l.rest[length:]
	return true, nil
}

func (l *Lists) number() (int, bool) {
	v, n := binary.Uvarint(l.rest)
	if n <= 0 || v > 1<<31 {
		return 0, false
	}
	l.rest = l.rest[n:]
	return int(v), true
}

// List is the postings of one term in one block.
type List []byte

// Postings returns the documents of the list, before the first.
func (l List) Postings() *Postings { return &Postings{rest: l} }

// Postings reads the documents of a list in ascending order.
type Postings struct {
	Doc int64 // the document that Next found

	positions []byte
	rest      []byte
}

// Next moves to the next document and reports whether there is one.
func (p *Postings) Next() (bool, error) {
	if len(p.rest) == 0 {
		return false, nil
	}
	delta, n := binary.Uvarint(p.rest)
	if n <= 0 {
		return false, ErrCorrupt
	}
	// No byte of a varint above 0 is 0, so the first 0 ends the positions.
	end := bytes.IndexByte(p.rest[n:], 0)
	if end < 0 {
		return false, ErrCorrupt
	}
	p.Doc += int64(delta)
	p.positions, p.rest = p.rest[n:n+end], p.rest[n+end+1:]
	return true, nil
}

// AppendPositions appends base plus each position of the document to dst.
func (p *Postings) AppendPositions(dst []int64, base int64) ([]int64, error) {
	pos := base - 1
	for rest := p.positions; len(rest) > 0; {
		delta, n := binary.Uvarint(rest)
		if n <= 0 {
			return dst, ErrCorrupt
		}
		pos += int64(delta)
		dst = append(dst, pos)
		rest = rest[n:]
	}
	return dst, nil
}

// Source returns the next block of a segment, nil after the last. The block
// is used until the next call.
type Source func() ([]byte, error)

// Merge writes the segments, given in ascending order of their documents, as
// one. No document may be in two of them. Documents for which dead answers
// true are left out.
func Merge(segments []Source, dead func(doc int64) bool, emit Emit) error {
	heads := make([]*head, 0, len(segments))
	for _, s := range segments {
		h := &head{source: s}
		if err := h.next(); err != nil {
			return err
		}
		heads = append(heads, h)
	}
	w := writer{emit: emit}
	for {
		least := leastOf(heads)
		if least == nil {
			return w.close()
		}
		if err := w.list(least.lists.Term, least.lists.List, dead); err != nil {
			return err
		}
		if err := least.next(); err != nil {
			return err
		}
	}
}

// head is where Merge reads a segment.
type head struct {
	source Source
	lists  *Lists // nil after the last
}

func (h *head) next() error {
	for {
		if h.lists != nil {
			more, err := h.lists.Next()
			if more || err != nil {
				return err
			}
		}
		block, err := h.source()
		if err != nil {
			return err
		}
		if block == nil {
			h.lists = nil
			return nil
		}
		h.lists = Read(block)
	}
}

// leastOf returns the head with the least term, of equals the first; nil if
// all have ended.
func leastOf(heads []*head) *head {
	var least *head
	for _, h := range heads {
		if h.lists != nil && (least == nil || bytes.Compare(h.lists.Term, least.lists.Term) < 0) {
			least = h
		}
	}
	return least
}
