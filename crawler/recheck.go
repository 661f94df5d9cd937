package crawler

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/indexer"
)

// maxStale bounds the stale pages that are remembered during a crawl.
const maxStale = 5000

// noteStale remembers a known page that was on a list, if it is worth
// another look: edits, sold-out marks and removals are seen so that no list
// shows.
func (r *run) noteStale(d *item) {
	if len(r.stale) < maxStale && d.rec.stale(r.c.now()) {
		r.stale = append(r.stale, d)
	}
}

// recheck queues what nothing points to, within a share of the crawl: pages
// that failed, pages that no list shows any more, and stale ones, the
// longest unseen first.
func (r *run) recheck() error {
	room := min(max(5, min(r.src.MaxPages/10, 2*r.report.Pages)), r.src.MaxPages-r.visits)
	if room <= 0 {
		return nil
	}
	failed, err := r.failedBefore(room)
	if err != nil {
		return err
	}
	again := failed
	if r.deep && len(r.queue.lists) == 0 {
		lost, err := r.unlisted()
		if err != nil {
			return err
		}
		again = append(again, longestUnseen(lost, room/2)...)
	}
	again = append(again, longestUnseen(r.stale, room)...)
	for _, it := range again[:min(len(again), room)] {
		switch {
		case !r.queue.mark(it.rec.key):
		case it.rec.Fails > 0: // perhaps never read
			r.queueDetail(it)
		default:
			it.role = recheckPage
			r.queue.details = append(r.queue.details, it)
		}
	}
	return nil
}

func longestUnseen(items []*item, n int) []*item {
	slices.SortFunc(items, func(a, b *item) int {
		return cmp.Or(a.rec.Fetched.Compare(b.rec.Fetched), cmp.Compare(a.rec.key, b.rec.key))
	})
	return items[:min(len(items), n)]
}

// failedBefore returns pages that failed in an earlier crawl and are due.
func (r *run) failedBefore(n int) ([]*item, error) {
	entries, err := r.c.state.Scan(r.ctx, pagesBucket, indexer.Scan{
		From: r.src.ID + "/", To: r.src.ID + "0", DueBefore: r.c.now(), Limit: n})
	if err != nil {
		return nil, fmt.Errorf("find pages that are due: %w", err)
	}
	var out []*item
	for _, e := range entries {
		if it := r.fromState(e); it != nil {
			out = append(out, it)
		}
	}
	return out, nil
}

// unlisted returns known pages that no list of this crawl showed: their
// listings may be gone. It looks through all states of the source.
func (r *run) unlisted() ([]*item, error) {
	const step = 1000
	var out []*item
	scan := indexer.Scan{From: r.src.ID + "/", To: r.src.ID + "0", Limit: step}
	for {
		entries, err := r.c.state.Scan(r.ctx, pagesBucket, scan)
		if err != nil {
			return nil, fmt.Errorf("find pages that are no longer listed: %w", err)
		}
		for _, e := range entries {
			if r.queue.rows.has(e.Key) || len(out) >= maxStale {
				continue
			}
			if it := r.fromState(e); it != nil && it.rec.Fails == 0 && it.rec.stale(r.c.now()) {
				out = append(out, it)
			}
		}
		if len(entries) < step {
			return out, nil
		}
		scan.From = entries[len(entries)-1].Key + "0" // keys have one length
	}
}

// fromState makes an item of a page that only its state knows, nil if it may
// not or need not be fetched.
func (r *run) fromState(e indexer.Entry) *item {
	rec := &record{key: e.Key, version: e.Version}
	if json.Unmarshal(e.Value, &rec.pageState) != nil || rec.URL == "" {
		return nil
	}
	u, err := url.Parse(rec.URL)
	if err != nil {
		return nil
	}
	u = r.fetch.here(u)
	if r.fetch.scope.judge(u) != fetchIt || r.c.pageKey(r.src.ID, u) != rec.key {
		return nil
	}
	link := &site.Link{URL: u.String(), SiteID: rec.SiteID, Posted: rec.Posted}
	return &item{url: u, rec: rec, link: link, role: detailPage, bare: rec.Fails == 0}
}
