package sqlite

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/internal/postings"
	"github.com/leakwatch/leakwatch/query"
)

// A term of the inverted index is a kind, the name of a field, a zero byte
// and a value: the bytes of a keyword or token, or a number in eight bytes
// that sort like it. Terms of offers have the offer's number as position,
// tokens their own.
type kind byte

const (
	every   kind = 'd' // all documents; no field
	has     kind = 'e' // documents with a value in the field; no value
	keyword kind = 'k'
	numeric kind = 'n'
	plain   kind = 'p' // tokens of the plain stream
	unhid   kind = 'u' // tokens of the unhidden stream

	everyOffer   kind = 'O' // all offers, and below their fields
	offerHas     kind = 'E'
	offerKeyword kind = 'K'
	offerNumeric kind = 'N'
)

// Positions of a document and its number share 63 bits: a number below 2^37,
// one of 64 texts of a field, and one of 2^20 tokens in it. No phrase crosses
// from one text into the next.
const (
	posBits   = 26
	tokenBits = 20
	maxTexts  = 1 << (posBits - tokenBits)
	maxTokens = 1 << tokenBits
	maxOffers = 1 << posBits
	posMask   = 1<<posBits - 1
	tokenMask = 1<<tokenBits - 1
)

func appendTerm(dst []byte, k kind, field, value string) []byte {
	dst = append(append(dst, byte(k)), field...)
	return append(append(dst, 0), value...)
}

func appendNumber(dst []byte, k kind, field string, v float64) []byte {
	dst = appendTerm(dst, k, field, "")
	return binary.BigEndian.AppendUint64(dst, sortable(v))
}

// sortable returns bits that sort as numbers do; both zeros are one.
func sortable(v float64) uint64 {
	bits := math.Float64bits(v + 0)
	if v == 0 {
		bits = 0
	}
	if bits>>63 == 1 {
		return ^bits
	}
	return bits | 1<<63
}

// unsortable is the inverse of sortable.
func unsortable(bits uint64) float64 {
	if bits>>63 == 1 {
		return math.Float64frombits(bits &^ (1 << 63))
	}
	return math.Float64frombits(^bits)
}

// indexable returns why the index has no room for the document, an
// ErrInvalid, or nil.
func indexable(d *query.Document) error {
	texts := map[string]int{}
	for _, t := range d.Texts {
		if texts[t.Field]++; texts[t.Field] > maxTexts {
			return fmt.Errorf("more than %d texts in %s: %w", maxTexts, t.Field, indexer.ErrInvalid)
		}
		for _, stream := range [][]query.Token{t.Plain, t.Unhidden} {
			if n := len(stream); n > 0 && (stream[n-1].Pos >= maxTokens || stream[0].Pos < 0) {
				return fmt.Errorf("text of more than %d words: %w", maxTokens, indexer.ErrInvalid)
			}
		}
	}
	if len(d.Offers) >= maxOffers {
		return fmt.Errorf("%d offers: %w", len(d.Offers), indexer.ErrInvalid)
	}
	return nil
}

// index adds the terms of a document.
func index(b *postings.Builder, num int64, d *query.Document) {
	x := indexing{b: b, num: num}
	x.add(every, "", "", 0)
	x.values(d.Keywords, d.Numbers, keyword, numeric, has, 0)
	for i, o := range d.Offers {
		x.add(everyOffer, "", "", i)
		x.values(o.Keywords, o.Numbers, offerKeyword, offerNumeric, offerHas, i)
	}
	seen := map[string]int{}
	for _, t := range d.Texts {
		base := seen[t.Field] << tokenBits
		seen[t.Field]++
		if t.Redacted != "" {
			x.add(has, t.Field, "", 0)
		}
		x.tokens(plain, t.Field, t.Plain, base)
		x.tokens(unhid, t.Field, t.Unhidden, base)
	}
}

// indexing is the work of index, with a buffer for terms.
type indexing struct {
	b    *postings.Builder
	num  int64
	term []byte
}

func (x *indexing) add(k kind, field, value string, pos int) {
	x.term = appendTerm(x.term[:0], k, field, value)
	x.b.AddAt(x.term, x.num, pos)
}

func (x *indexing) values(keywords map[string][]string, numbers map[string][]float64, keyword, numeric, has kind, pos int) {
	for field, values := range keywords {
		for _, v := range values {
			x.add(keyword, field, v, pos)
			x.add(has, field, "", pos)
		}
	}
	for field, values := range numbers {
		for _, v := range values {
			x.term = appendNumber(x.term[:0], numeric, field, v)
			x.b.AddAt(x.term, x.num, pos)
			x.add(has, field, "", pos)
		}
	}
}

// tokens adds a stream; tokens come in the order of their positions.
func (x *indexing) tokens(k kind, field string, stream []query.Token, base int) {
	x.term = appendTerm(x.term[:0], k, field, "")
	head := len(x.term)
	for _, t := range stream {
		x.term = append(x.term[:head], t.Value...)
		x.b.AddAt(x.term, x.num, base+t.Pos)
	}
}
