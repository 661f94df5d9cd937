package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"math/bits"

	"github.com/leakwatch/leakwatch/internal/postings"
)

// blockBits is how many bits of a block's id number it within its segment.
const blockBits = 24

// chunkBits is how many bits of a num select the bit in a chunk of dead ones.
const chunkBits = 12

// segment is one row of segments.
type segment struct {
	id, low, high     int64
	collection, level int
	docs, blocks      int64
}

// segments returns the searched segments of a collection in the order of
// their documents.
func (v *view) segments(ctx context.Context, collection int) ([]segment, error) {
	var all []segment
	err := v.s.each(ctx, `SELECT id, low, high, collection, level, docs, blocks FROM segments
		WHERE collection = ? AND state = 1 ORDER BY low`, []any{collection}, func(scan func(...any) error) error {
		var s segment
		err := scan(&s.id, &s.low, &s.high, &s.collection, &s.level, &s.docs, &s.blocks)
		all = append(all, s)
		return err
	})
	return all, err
}

// lists calls f for each list of the collection whose term is from low on and
// below high. The lists of one term come in the order of their documents; the
// terms come in order only within a segment. f must not keep what it gets.
func (v *view) lists(ctx context.Context, collection int, low, high []byte, f func(term []byte, l postings.List) error) error {
	return v.s.each(ctx, `SELECT b.data FROM segments s CROSS JOIN blocks b
		ON b.id BETWEEN
			coalesce((SELECT id FROM blocks WHERE segment = s.id AND first < ?2 ORDER BY first DESC, id DESC LIMIT 1), s.id << 24)
			AND coalesce((SELECT id FROM blocks WHERE segment = s.id AND first < ?3 ORDER BY first DESC, id DESC LIMIT 1), -1)
		WHERE s.collection = ?1 AND s.state = 1 ORDER BY s.low, b.id`,
		[]any{collection, low, high}, func(scan func(...any) error) error {
			var block sql.RawBytes
			if err := scan(&block); err != nil {
				return err
			}
			return eachBetween(block, low, high, f)
		})
}

// eachBetween calls f for the lists of a block whose terms are from low on
// and below high.
func eachBetween(block, low, high []byte, f func(term []byte, l postings.List) error) error {
	lists := postings.Read(block)
	for {
		more, err := lists.Next()
		if err != nil || !more || string(lists.Term) >= string(high) {
			return err
		}
		if string(lists.Term) < string(low) {
			continue
		}
		if err := f(lists.Term, lists.List()); err != nil {
			return err
		}
	}
}

// sink writes the blocks of one segment.
type sink struct {
	t       *tx
	segment int64
	blocks  int64
}

func (s *sink) emit(ctx context.Context, first, block []byte) error {
	_, err := s.t.change(ctx, "INSERT INTO blocks (id, segment, first, data) VALUES (?, ?, ?, ?)",
		s.segment<<blockBits|s.blocks, s.segment, first, block)
	s.blocks++
	return err
}

// newSegment makes a segment that is not searched yet.
func (t *tx) newSegment(ctx context.Context, s segment) (int64, error) {
	var id int64
	err := t.s.one(context.WithoutCancel(ctx), `INSERT INTO segments (collection, state, level, low, high, docs, blocks)
		VALUES (?, 0, ?, ?, ?, ?, 0) RETURNING id`, []any{s.collection, s.level, s.low, s.high, s.docs}, &id)
	return id, t.broken(ctx, err)
}

// showSegment makes a segment searched, or drops it if it has no blocks.
func (t *tx) showSegment(ctx context.Context, id, docs, blocks int64) error {
	text := "UPDATE segments SET state = 1, docs = ?2, blocks = ?3 WHERE id = ?1"
	if blocks == 0 {
		text = "DELETE FROM segments WHERE id = ?1 AND ?2 >= 0 AND ?3 = 0"
	}
	_, err := t.change(ctx, text, id, docs, blocks)
	return err
}

// dropSegment removes a small segment at once.
func (t *tx) dropSegment(ctx context.Context, id int64) error {
	if _, err := t.change(ctx, "DELETE FROM blocks WHERE id BETWEEN ?1 << 24 AND (?1 + 1 << 24) - 1", id); err != nil {
		return err
	}
	_, err := t.change(ctx, "DELETE FROM segments WHERE id = ?", id)
	return err
}

// flush writes what is pending as segments, and merges where that is cheap.
func (t *tx) flush(ctx context.Context) error {
	for collection, p := range t.pending {
		if p.docs == 0 {
			continue
		}
		id, err := t.newSegment(ctx, segment{collection: collection, low: p.low, high: p.high, docs: int64(p.docs)})
		if err != nil {
			return err
		}
		out := sink{t: t, segment: id}
		if err := p.builder.Flush(func(first, block []byte) error { return out.emit(ctx, first, block) }); err != nil {
			return err
		}
		if err := t.showSegment(ctx, id, int64(p.docs), out.blocks); err != nil {
			return err
		}
		p.docs = 0
		if err := t.mergeSmall(ctx, collection); err != nil {
			return err
		}
	}
	return nil
}

// bury marks a document as dead.
func (t *tx) bury(ctx context.Context, collection int, num int64) error {
	if t.db.buried++; t.db.buried%1024 == 0 {
		t.wake = true
	}
	chunk := num >> chunkBits
	marks := make([]byte, 1<<chunkBits/8)
	err := t.s.one(context.WithoutCancel(ctx), "SELECT bits FROM dead WHERE collection = ? AND chunk = ?", []any{collection, chunk}, &marks)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return t.broken(ctx, err)
	}
	bit := num & (1<<chunkBits - 1)
	marks[bit/8] |= 1 << (bit % 8)
	_, err = t.change(ctx, "INSERT OR REPLACE INTO dead (collection, chunk, bits) VALUES (?, ?, ?)", collection, chunk, marks)
	return err
}

// unbury forgets dead documents that are in no segment any more.
func (t *tx) unbury(ctx context.Context, collection int, nums []int64) error {
	for len(nums) > 0 {
		chunk := nums[0] >> chunkBits
		var marks []byte
		if err := t.s.one(context.WithoutCancel(ctx), "SELECT bits FROM dead WHERE collection = ? AND chunk = ?", []any{collection, chunk}, &marks); err != nil {
			return t.broken(ctx, err)
		}
		for len(nums) > 0 && nums[0]>>chunkBits == chunk {
			bit := nums[0] & (1<<chunkBits - 1)
			marks[bit/8] &^= 1 << (bit % 8)
			nums = nums[1:]
		}
		text, args := "UPDATE dead SET bits = ?3 WHERE collection = ?1 AND chunk = ?2", []any{collection, chunk, marks}
		if len(bitsOf(nil, marks, 0)) == 0 {
			text, args = "DELETE FROM dead WHERE collection = ? AND chunk = ?", args[:2]
		}
		if _, err := t.change(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

// dead returns the dead documents of a collection from low to high.
func (v *view) dead(ctx context.Context, collection int, low, high int64) ([]int64, error) {
	var nums []int64
	err := v.s.each(ctx, "SELECT chunk, bits FROM dead WHERE collection = ? AND chunk BETWEEN ? AND ? ORDER BY chunk",
		[]any{collection, low >> chunkBits, high >> chunkBits}, func(scan func(...any) error) error {
			var chunk int64
			var marks sql.RawBytes
			if err := scan(&chunk, &marks); err != nil {
				return err
			}
			nums = bitsOf(nums, marks, chunk<<chunkBits)
			return nil
		})
	for len(nums) > 0 && nums[0] < low {
		nums = nums[1:]
	}
	for len(nums) > 0 && nums[len(nums)-1] > high {
		nums = nums[:len(nums)-1]
	}
	return nums, err
}

// bitsOf appends the numbers of the bits that are set, counted from base.
func bitsOf(dst []int64, marks []byte, base int64) []int64 {
	for i, b := range marks {
		for ; b != 0; b &= b - 1 {
			dst = append(dst, base+int64(i*8+bits.TrailingZeros8(b)))
		}
	}
	return dst
}
