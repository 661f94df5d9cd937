package postings

import (
	"bytes"
	"encoding/binary"
)

// Lists reads the lists of a block in order.
type Lists struct {
	Term []byte // of the list that Next found; valid until the next call

	block    []byte
	from, to int // the postings of the list
}

// Read returns the lists of a block, before the first.
func Read(block []byte) Lists { return Lists{block: block} }

// List returns the postings of the list that Next found.
func (l *Lists) List() List { return List(l.block[l.from:l.to]) }

// Next moves to the next list and reports whether there is one.
func (l *Lists) Next() (bool, error) {
	if l.to == len(l.block) {
		return false, nil
	}
	shared, at, ok1 := number(l.block, l.to)
	added, at, ok2 := number(l.block, at)
	if !ok1 || !ok2 || shared > len(l.Term) || added > len(l.block)-at {
		return false, ErrCorrupt
	}
	if shared < len(l.Term) || added > 0 {
		l.Term = append(l.Term[:shared], l.block[at:at+added]...)
	}
	length, at, ok := number(l.block, at+added)
	if !ok || length > len(l.block)-at {
		return false, ErrCorrupt
	}
	l.from, l.to = at, at+length
	return true, nil
}

// number reads a small number of b at an offset and returns the offset behind
// it.
func number(b []byte, at int) (value, next int, ok bool) {
	v, n := binary.Uvarint(b[at:])
	if n <= 0 || v > 1<<31 {
		return 0, at, false
	}
	return int(v), at + n, true
}

// List is the postings of one term in one block.
type List []byte

// Postings returns the documents of the list, before the first.
func (l List) Postings() Postings { return Postings{list: l} }

// Postings reads the documents of a list in ascending order.
type Postings struct {
	Doc int64 // the document that Next found

	list     []byte
	from, to int // its positions
}

// Next moves to the next document and reports whether there is one.
func (p *Postings) Next() (bool, error) {
	if p.to > 0 {
		p.to++ // the zero that ends the positions
	}
	if p.to >= len(p.list) {
		return false, nil
	}
	delta, n := binary.Uvarint(p.list[p.to:])
	if n <= 0 {
		return false, ErrCorrupt
	}
	// No byte of a varint above 0 is 0, so the first 0 ends the positions.
	p.from = p.to + n
	length := bytes.IndexByte(p.list[p.from:], 0)
	if length < 0 {
		return false, ErrCorrupt
	}
	p.Doc += int64(delta)
	p.to = p.from + length
	return true, nil
}

// positions returns the positions of the document as they are stored.
func (p *Postings) positions() []byte { return p.list[p.from:p.to] }

// AppendPositions appends base plus each position of the document to dst.
func (p *Postings) AppendPositions(dst []int64, base int64) ([]int64, error) {
	pos := base - 1
	for at := p.from; at < p.to; {
		delta, n := binary.Uvarint(p.list[at:p.to])
		if n <= 0 {
			return dst, ErrCorrupt
		}
		pos += int64(delta)
		dst = append(dst, pos)
		at += n
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
		if err := w.list(least.lists.Term, least.lists.List(), dead); err != nil {
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
	lists  Lists
	ended  bool // there is no list
}

func (h *head) next() error {
	for {
		if more, err := h.lists.Next(); more || err != nil {
			return err
		}
		block, err := h.source()
		if err != nil {
			return err
		}
		if block == nil {
			h.ended = true
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
		if !h.ended && (least == nil || bytes.Compare(h.lists.Term, least.lists.Term) < 0) {
			least = h
		}
	}
	return least
}
