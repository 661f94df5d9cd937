package crawler

import (
	"context"
	"errors"
	"fmt"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// Bounds on the pages of one crawl whose commit is under way: while they are,
// the crawl fetches on, so that a sink can take many pages at once. What a
// kill may cost is fetched again.
const (
	maxUnderWay      = 96
	maxBytesUnderWay = 8 << 20 // of their listings; a page that is longer goes alone
)

// commits are the pages of one crawl on their way into the index. Pages that
// speak of the same listing keep their order, others do not. It is for one
// goroutine, that of the crawl.
type commits struct {
	done  chan outcome
	open  int
	bytes int
	busy  map[string]bool // listings of the pages under way
}

// outcome is what came of one commit.
type outcome struct {
	ids     []string
	bytes   int
	receipt Receipt
	err     error
}

func newCommits() commits {
	return commits{done: make(chan outcome, maxUnderWay), busy: make(map[string]bool)}
}

// commit hands a page to the sink, with the states to be written after it,
// and does not wait for what comes of it: await does. An error may be that of
// an earlier page.
func (r *run) commit(p Page, recs ...*record) error {
	p.Source, p.More = r.src.ID, !r.queue.empty()
	for _, rec := range recs {
		w, err := rec.write(rec.retryAt())
		if err != nil {
			return err
		}
		p.State = append(p.State, w)
	}
	ids := p.ids(r.c.identity)
	if len(ids)+len(p.State) == 0 {
		return nil
	}
	size := p.size()
	for r.commits.open > 0 && (len(r.commits.done) > 0 || r.commits.full(size) || r.commits.holds(ids)) {
		if err := r.awaitOne(); err != nil {
			return err
		}
	}
	for _, id := range ids {
		r.commits.busy[id] = true
	}
	r.commits.open++
	r.commits.bytes += size
	// A page that was fetched is committed even if the crawl is told to stop.
	ctx, sink, done := context.WithoutCancel(r.ctx), r.c.sink, r.commits.done
	go func() {
		receipt, err := sink.Commit(ctx, p)
		done <- outcome{ids, size, receipt, err}
	}()
	return nil
}

// ids returns the ids of the listings that the page speaks of.
func (p *Page) ids(identity *leak.Identity) []string {
	ids := listingIDs(identity, p.Listings)
	return append(append(ids, p.Seen...), p.Gone...)
}

// size returns about how many bytes the listings of the page take.
func (p *Page) size() int {
	n := 0
	for i := range p.Listings {
		l := &p.Listings[i]
		n += 512 + len(l.URL) + len(l.Title) + len(l.Body)
	}
	return n
}

// full reports whether another page of that size has to wait.
func (c *commits) full(size int) bool {
	return c.open >= maxUnderWay || c.bytes+size > maxBytesUnderWay
}

// holds reports whether one of the listings is on its way.
func (c *commits) holds(ids []string) bool {
	for _, id := range ids {
		if c.busy[id] {
			return true
		}
	}
	return false
}

// await waits for all commits under way and returns the first error.
func (r *run) await() error {
	var first error
	for r.commits.open > 0 {
		if err := r.awaitOne(); first == nil {
			first = err
		}
	}
	return first
}

// awaitOne waits until one of the commits under way, of which there is one
// at least, is done, and accounts for it.
func (r *run) awaitOne() error {
	o := <-r.commits.done
	r.commits.open--
	r.commits.bytes -= o.bytes
	for _, id := range o.ids {
		delete(r.commits.busy, id)
	}
	if errors.Is(o.err, indexer.ErrConflict) || errors.Is(o.err, indexer.ErrExists) {
		r.left = true
		r.problem("a page was changed by another crawl at the same time")
		return nil
	}
	if o.err != nil {
		return fmt.Errorf("commit page of %s: %w", r.src.ID, o.err)
	}
	r.report.New += o.receipt.New
	r.report.Changed += o.receipt.Changed
	r.report.Unchanged += o.receipt.Unchanged
	r.report.Hits += o.receipt.Hits
	r.report.Alerts += o.receipt.Alerts
	return nil
}
