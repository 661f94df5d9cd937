package sqlite

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/internal/postings"
)

const (
	fanout      = 8       // neighbours of one level that become one of the next
	backlog     = 24      // neighbours at which writers stop to merge themselves
	smallMerge  = 128     // blocks that a writer merges in its own transaction: 1 MB
	maxSegment  = 1 << 18 // documents of a segment that is not merged further
	mergeStep   = 64      // blocks that the merger writes in one transaction
	mergeRead   = 16      // blocks of a segment that the merger reads at once
	deadSegment = 4       // a segment is rewritten when a fourth of it is dead
	retryMerge  = time.Minute
)

// pick returns neighbours of one level to be merged, nil if there is nothing
// to do. Segments are in the order of their documents, so their levels fall.
func pick(all []segment, busy map[int64]bool) []segment {
	for end := len(all); end > 0; {
		start := end - 1
		for start > 0 && all[start-1].level == all[end-1].level {
			start--
		}
		run := slices.DeleteFunc(slices.Clone(all[start:end]), func(s segment) bool { return busy[s.id] })
		if run = fitting(run); len(run) >= fanout {
			return run
		}
		end = start
	}
	return nil
}

// fitting returns the first segments of the run that make one which is not
// too large.
func fitting(run []segment) []segment {
	docs := int64(0)
	for i, s := range run {
		if docs += s.docs; docs > maxSegment || i == backlog {
			return run[:i]
		}
	}
	return run
}

// merged is the row of the segment that the run becomes.
func merged(run []segment) segment {
	s := segment{collection: run[0].collection, level: run[0].level, low: run[0].low, high: run[len(run)-1].high}
	if len(run) > 1 {
		s.level++
	}
	for _, one := range run {
		s.docs += one.docs
		s.blocks += one.blocks
	}
	return s
}

// mergeSmall merges within the transaction while that is cheap, or while the
// merger is far behind.
func (t *tx) mergeSmall(ctx context.Context, collection int) error {
	for {
		all, err := t.segments(ctx, collection)
		if err != nil {
			return t.broken(ctx, err)
		}
		run := pick(all, t.db.busy)
		if run == nil {
			return nil
		}
		if merged(run).blocks > smallMerge && len(run) < backlog {
			t.wake = true
			return nil
		}
		if err := t.mergeNow(ctx, run); err != nil {
			return err
		}
	}
}

// mergeNow merges the run within the transaction.
func (t *tx) mergeNow(ctx context.Context, run []segment) error {
	row := merged(run)
	dead, err := t.dead(ctx, row.collection, row.low, row.high)
	if err != nil {
		return t.broken(ctx, err)
	}
	id, err := t.newSegment(ctx, row)
	if err != nil {
		return err
	}
	var sources []postings.Source
	for _, s := range run {
		sources = append(sources, t.source(ctx, s.id))
	}
	out := sink{t: t, segment: id}
	err = postings.Merge(sources, isIn(dead), func(first, block []byte) error { return out.emit(ctx, first, block) })
	if err != nil {
		return t.broken(ctx, err)
	}
	for _, s := range run {
		if err := t.dropSegment(ctx, s.id); err != nil {
			return err
		}
	}
	if err := t.showSegment(ctx, id, row.docs-int64(len(dead)), out.blocks); err != nil {
		return err
	}
	return t.unbury(ctx, row.collection, dead)
}

// isIn returns a function that reports whether a value is in the sorted set.
func isIn(set []int64) func(int64) bool {
	if len(set) == 0 {
		return nil
	}
	return func(v int64) bool { return postings.Contains(set, v) }
}

// source reads the blocks of a segment one by one.
func (v *view) source(ctx context.Context, id int64) postings.Source {
	next := id << blockBits
	return func() ([]byte, error) {
		blocks, err := v.blocks(ctx, id, &next, 1)
		if err != nil || len(blocks) == 0 {
			return nil, err
		}
		return blocks[0], nil
	}
}

// blocks reads up to n blocks of a segment from *next on, which it advances.
func (v *view) blocks(ctx context.Context, id int64, next *int64, n int) ([][]byte, error) {
	var blocks [][]byte
	err := v.s.each(ctx, "SELECT id, data FROM blocks WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
		[]any{*next, (id+1)<<blockBits - 1, n}, func(scan func(...any) error) error {
			var block []byte
			err := scan(next, &block)
			*next++
			blocks = append(blocks, block)
			return err
		})
	return blocks, err
}

// mergeForever is the merger: it works through what there is to merge
// whenever a writer wakes it, in many short transactions, so that writers
// hardly notice. What fails is tried again after a while.
func (db *DB) mergeForever(ctx context.Context) {
	retry := time.NewTicker(retryMerge)
	defer retry.Stop()
	for {
		// An error here is one of the disk, which writers and Check report.
		_ = db.mergeAll(ctx)
		select {
		case <-ctx.Done():
			return
		case <-db.merge:
		case <-retry.C:
		}
	}
}

// mergeAll merges until there is nothing left to do.
func (db *DB) mergeAll(ctx context.Context) error {
	return db.merging(ctx, func() error {
		for {
			more, err := db.mergeOne(ctx, func(t *tx, all []segment) ([]segment, error) {
				if run := pick(all, nil); run != nil {
					return run, nil
				}
				return t.rotten(ctx, all, deadSegment)
			})
			if err != nil || !more {
				return err
			}
		}
	})
}

// merging runs f while no one else merges, after it removed what an
// interrupted merge left.
func (db *DB) merging(ctx context.Context, f func() error) error {
	select {
	case db.merger <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-db.merger }()
	if err := db.sweep(ctx); err != nil {
		return err
	}
	return f()
}

// job is a merge in many transactions.
type job struct {
	db   *DB
	run  []segment
	dead []int64
	to   int64

	waiting []pair // blocks that are not yet written
	blocks  int64
}

type pair struct{ first, block []byte }

// mergeOne merges what choose picks in one of the collections and reports
// whether it picked anything.
func (db *DB) mergeOne(ctx context.Context, choose func(*tx, []segment) ([]segment, error)) (bool, error) {
	j := &job{db: db}
	err := db.update(ctx, func(t *tx) (err error) {
		for collection := range indexer.Collections() {
			all, err := t.segments(ctx, collection)
			if err == nil {
				j.run, err = choose(t, all)
			}
			if err != nil {
				return err
			}
			if j.run != nil {
				return j.begin(ctx, t)
			}
		}
		return nil
	})
	if err == nil && j.run != nil {
		err = j.merge(ctx)
	}
	if err == nil && j.run != nil {
		err = db.update(ctx, func(t *tx) error { return j.finish(ctx, t) })
	}
	db.idle()
	if err != nil || j.run == nil {
		return false, err
	}
	return true, db.sweep(ctx)
}

// idle says that the merger is at no segment.
func (db *DB) idle() {
	if s, err := db.take(context.Background(), db.write); err == nil {
		clear(db.busy)
		db.write <- s
	}
}

func (j *job) begin(ctx context.Context, t *tx) error {
	row := merged(j.run)
	var err error
	if j.dead, err = t.dead(ctx, row.collection, row.low, row.high); err != nil {
		return err
	}
	if j.to, err = t.newSegment(ctx, row); err != nil {
		return err
	}
	for _, s := range j.run {
		t.db.busy[s.id] = true
	}
	return nil
}

// merge writes the new segment. Where it fails the old ones stay as they are.
func (j *job) merge(ctx context.Context) error {
	var sources []postings.Source
	for _, s := range j.run {
		sources = append(sources, j.source(ctx, s.id))
	}
	if err := postings.Merge(sources, isIn(j.dead), func(first, block []byte) error {
		j.waiting = append(j.waiting, pair{bytes.Clone(first), bytes.Clone(block)})
		if len(j.waiting) < mergeStep {
			return nil
		}
		return j.writeOut(ctx)
	}); err != nil {
		return err
	}
	return j.writeOut(ctx)
}

// source reads the blocks of a segment a few at a time, each time in another
// snapshot: they do not change.
func (j *job) source(ctx context.Context, id int64) postings.Source {
	next, ready := id<<blockBits, [][]byte(nil)
	return func() ([]byte, error) {
		if len(ready) == 0 {
			err := j.db.view(ctx, func(v *view) (err error) {
				ready, err = v.blocks(ctx, id, &next, mergeRead)
				return err
			})
			if err != nil || len(ready) == 0 {
				return nil, err
			}
		}
		block := ready[0]
		ready = ready[1:]
		return block, nil
	}
}

func (j *job) writeOut(ctx context.Context) error {
	err := j.db.update(ctx, func(t *tx) error {
		out := sink{t: t, segment: j.to, blocks: j.blocks}
		for _, p := range j.waiting {
			if err := out.emit(ctx, p.first, p.block); err != nil {
				return err
			}
		}
		return nil
	})
	j.blocks += int64(len(j.waiting))
	j.waiting = j.waiting[:0]
	return err
}

// finish makes the new segment searched instead of the old ones.
func (j *job) finish(ctx context.Context, t *tx) error {
	row := merged(j.run)
	for _, s := range j.run {
		if _, err := t.change(ctx, "UPDATE segments SET state = 2 WHERE id = ?", s.id); err != nil {
			return err
		}
	}
	if err := t.showSegment(ctx, j.to, row.docs-int64(len(j.dead)), j.blocks); err != nil {
		return err
	}
	return t.unbury(ctx, row.collection, j.dead)
}

// rotten picks a segment of which one in share documents is dead, of any
// size if share is 0.
func (t *tx) rotten(ctx context.Context, all []segment, share int64) ([]segment, error) {
	for _, s := range all {
		nums, err := t.dead(ctx, s.collection, s.low, s.high)
		if err != nil {
			return nil, err
		}
		if dead := int64(len(nums)); dead > 0 && (share == 0 || s.docs >= 64 && dead*share >= s.docs) {
			return []segment{s}, nil
		}
	}
	return nil, nil
}

// sweep deletes, a few blocks at a time, the segments that were merged or
// whose merge was interrupted.
func (db *DB) sweep(ctx context.Context) error {
	for more := true; more; {
		err := db.update(ctx, func(t *tx) error {
			var id int64
			err := t.s.one(ctx, "SELECT coalesce(min(id), 0) FROM segments WHERE state <> 1", nil, &id)
			if more = id != 0; err != nil || !more {
				return err
			}
			n, err := t.change(ctx, `DELETE FROM blocks WHERE id IN
				(SELECT id FROM blocks WHERE id BETWEEN ?1 << 24 AND (?1 + 1 << 24) - 1 LIMIT ?2)`, id, mergeStep)
			if err == nil && n < mergeStep {
				_, err = t.change(ctx, "DELETE FROM segments WHERE id = ?", id)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
