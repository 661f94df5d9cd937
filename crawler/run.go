package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/internal/safehttp"
)

// run is one crawl of one source, from one goroutine; only the commits of
// pages that were read go on beside it (commit.go).
//
// Its order is what makes it restartable: a source's memory is marked open
// before the first page; each page's listings are committed before its state;
// the state of a thread's first page waits until the thread was read to its
// end and committed; the memory is closed when nothing is left or under way.
// A crawl that finds the memory open does not trust known ground.
type run struct {
	c      *Crawler
	ctx    context.Context
	src    config.Source
	fetch  *fetcher
	kind   site.Kind
	mem    *memory
	report *Report

	queue   queue
	commits commits
	visits  int
	wasOpen bool // the crawl before did not come to its end
	deep    bool // known ground ends no list
	beyond  int  // new rows found behind known ground
	yield   Yield
	ids     codes // listings seen in this crawl
	vanish  []vanished
	left    bool // something was left that only a deep crawl will find again
	failed  int  // pages that failed in a row, for reasons of the network
	refused int  // pages that the site refused in a row
	refusal Health
	found   []trouble
	redo    []string  // lists to be read next time
	threads []*thread // whose first page waits
	stale   []*item   // known pages that are worth another look
	walled  bool      // a list was behind a password
	firsts  int       // listings of the page at hand that no other page of this crawl showed
}

// thread is a detail page that goes on over further pages.
type thread struct {
	first *record
	open  int  // pages of it that are queued
	pages int  // further pages that were queued
	tail  bool // its known middle is skipped
	bad   bool // a page of it failed
	waits bool // the state of its first page is to be written when open is 0
}

// vanished are listings that a page no longer shows.
type vanished struct {
	ids   []string
	empty bool // the page shows none at all
}

func (c *Crawler) newRun(ctx context.Context, src config.Source, rep *Report) (*run, error) {
	kind, err := c.kindOf(src)
	if err != nil {
		return nil, fmt.Errorf("crawl %s: %w", src.ID, err)
	}
	mem, err := c.loadMemory(ctx, src.ID)
	if err != nil {
		return nil, err
	}
	f, err := c.newFetcher(ctx, src)
	if err != nil {
		return nil, fmt.Errorf("crawl %s: %w", src.ID, err)
	}
	r := &run{c: c, ctx: ctx, src: src, fetch: f, kind: kind, mem: mem, report: rep, ids: make(codes)}
	r.queue, r.commits = newQueue(), newCommits()
	r.wasOpen = mem.Open
	r.deep = mem.Open || mem.Unsorted || mem.sweepDue(c.now(), src.Pace)
	return r, nil
}

// all runs the crawl to its end, a cap, or an error that is not the site's.
func (r *run) all() error {
	if !r.mem.Open {
		r.mem.Open = true
		if err := r.c.saveMemory(r.ctx, r.src.ID, r.mem); err != nil {
			return err
		}
	}
	if err := r.start(); err != nil || r.stopped() || r.yield.Lists == 0 {
		return err
	}
	r.resume()
	if err := r.drain(); err != nil {
		return err
	}
	if err := r.await(); err != nil || r.stopped() {
		return err
	}
	if err := r.recheck(); err != nil {
		return err
	}
	return r.drain()
}

// start fetches the page that the source names, which decides about host,
// folder and kind.
func (r *run) start() error {
	u, err := url.Parse(r.src.URL)
	if err != nil {
		return fmt.Errorf("crawl %s: its address cannot be read", r.src.ID)
	}
	it := &item{url: clean(u), role: startPage, deep: r.deep}
	if err := r.identify(it); err != nil {
		return err
	}
	r.queue.mark(it.rec.key)
	return r.visit(it)
}

// resume queues the lists that the last crawl left unread.
func (r *run) resume() {
	pending := r.mem.Pending
	r.mem.Pending = nil
	for _, address := range pending {
		if u, err := url.Parse(address); err == nil {
			r.queueNext(r.fetch.here(u), 1, true)
		}
	}
}

// drain works off the queue.
func (r *run) drain() error {
	for !r.stopped() {
		it := r.queue.next()
		if it == nil {
			return nil
		}
		if r.visits >= r.src.MaxPages {
			r.cut("pages")
			r.queue.putBack(it)
			return nil
		}
		if it.role == listPage && !r.queue.worth(it.url) {
			continue
		}
		if err := r.visit(it); err != nil {
			return err
		}
	}
	return nil
}

// Limits on what a site may refuse before a crawl leaves it alone.
const (
	maxFailedInRow  = 5
	maxRefusedInRow = 5
	lastRefused     = 3 // at the end of a crawl: more than a page or two for members
)

// stopped reports whether going on would be useless or rude.
func (r *run) stopped() bool {
	if r.ctx.Err() != nil || r.failed >= maxFailedInRow || r.refused >= maxRefusedInRow {
		return true
	}
	for _, t := range r.found {
		if t.health == LoggedOut || t.health == Disallowed {
			return true
		}
	}
	return false
}

// identify loads what is known of an item.
func (r *run) identify(it *item) error {
	key := r.c.pageKey(r.src.ID, it.url)
	recs, err := r.c.loadPages(r.ctx, []string{key})
	if err != nil {
		return err
	}
	it.rec = recs[key]
	return nil
}

// visit fetches one page and does what follows from it.
func (r *run) visit(it *item) error {
	r.visits++
	if it.rec == nil {
		if err := r.identify(it); err != nil {
			return err
		}
	}
	a, err := r.fetch.get(it.url, r.conditional(it))
	r.report.Requests = r.fetch.requests
	if r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	if err != nil {
		return r.fail(it, err)
	}
	r.report.Pages++
	r.failed = 0
	switch {
	case a.status == 304:
		r.refused = 0
		return r.unchanged(it, a)
	case a.status == 404 || a.status == 410:
		return r.gone(it, a)
	case a.status < 200 || a.status > 299:
		return r.refuse(it, a.status)
	case broken(a.cut) && it.rec.known() && it.rec.Hash != "":
		// Half a page is worth reading only where nothing better is known.
		return r.fail(it, errPart)
	}
	return r.read(it, a)
}

var errPart = errors.New("the page came only in part")

// broken reports whether a cut is an accident rather than a limit.
func broken(cut string) bool { return cut == safehttp.CutShort || cut == safehttp.CutSlow }

// fail records a page that could not be had.
func (r *run) fail(it *item, err error) error {
	var na *notAllowed
	var aw *askedToWait
	switch {
	case errors.As(err, &na) && it.role == startPage:
		h := Blind // led to another host, say
		if na.why == robotsForbids || na.why == robotsSilent {
			h = Disallowed
		}
		r.trouble(it, h, "the start page was "+na.Error())
		return nil
	case errors.As(err, &na) && na.why == robotsSilent:
		r.trouble(it, Disallowed, na.Error())
	case errors.As(err, &na):
		return r.settle(it)
	case errors.As(err, &aw):
		r.refused, r.refusal = maxRefusedInRow, Blocked
		r.trouble(it, Blocked, err.Error())
	case errors.Is(err, safehttp.ErrMediaType), errors.Is(err, safehttp.ErrEncoding):
		r.trouble(it, Blind, safehttp.Reason(err))
		return r.settle(it)
	case errors.Is(err, errTooManyRedirects), errors.Is(err, errAddress), errors.Is(err, errPart):
		r.failed++
		r.trouble(it, Unreachable, err.Error())
	default:
		r.failed++
		r.trouble(it, Unreachable, safehttp.Reason(err))
	}
	return r.later(it)
}

// refuse records an answer that is no page.
func (r *run) refuse(it *item, status int) error {
	t := judgeStatus(status)
	if t.health == Unreachable {
		r.failed++
	} else {
		r.refused++
		r.refusal = t.health
	}
	r.trouble(it, t.health, t.why)
	return r.later(it)
}

// later sees to it that a page that failed is tried again: by its state if
// its address may be stored, by reading all lists if not.
func (r *run) later(it *item) error {
	if it.role == startPage {
		return nil // every crawl begins with it
	}
	if it.thread != nil {
		it.thread.bad = true
	}
	if err := r.leave(it.thread); err != nil {
		return err
	}
	if it.rec.List || it.link == nil {
		r.redo = append(r.redo, it.url.String())
		return nil
	}
	rec := it.rec
	rec.Row, rec.Fails, rec.Fetched = "", rec.Fails+1, r.c.now()
	r.describe(it)
	if rec.URL == "" {
		r.left = true
	}
	return r.commit(Page{}, rec)
}

// settle remembers a page that there is no use in asking for again until its
// row changes.
func (r *run) settle(it *item) error {
	if err := r.leave(it.thread); err != nil || it.link == nil {
		return err
	}
	it.rec.Row, it.rec.Fetched, it.rec.URL = r.rowNow(it, true), r.c.now(), ""
	return r.commit(Page{}, it.rec)
}

// conditional returns the headers that ask for the page only if it changed.
// The start page must come whole while it has yet to tell the kind.
func (r *run) conditional(it *item) http.Header {
	if it.role == startPage && r.kind == nil && r.kindInMemory() == nil {
		return nil
	}
	return it.rec.conditional()
}

func (r *run) kindInMemory() site.Kind {
	k, err := site.ByName(r.mem.Kind)
	if err != nil {
		return nil
	}
	return k
}

// unchanged takes a page that the site says has not changed.
func (r *run) unchanged(it *item, a *answer) error {
	rec := it.rec
	r.see(rec.Listings)
	rec.Fails, rec.Calm, rec.Fetched = 0, rec.Calm+1, a.fetched
	if it.link == nil {
		r.yield.Lists++
		if it.role == startPage {
			r.settleStart(a.url, func() site.Kind { return r.kindInMemory() })
		}
		return r.commit(Page{Seen: rec.Listings}, rec)
	}
	r.yield.Details++
	r.account(it, len(rec.Listings))
	rec.Row = r.rowNow(it, len(rec.Listings) == 0)
	if err := r.commit(Page{Seen: rec.Listings}, rec); err != nil {
		return err
	}
	return r.leave(it.thread)
}

// gone takes a page that is no longer there.
func (r *run) gone(it *item, a *answer) error {
	if it.role == startPage {
		t := judgeStatus(a.status)
		r.trouble(it, t.health, t.why)
		return nil
	}
	if err := r.leave(it.thread); err != nil || it.link == nil || it.role == morePage {
		return err
	}
	rec := it.rec
	ids := rec.Listings
	rec.Row, rec.Gone, rec.Fails, rec.Fetched, rec.Listings = r.rowNow(it, true), true, 0, a.fetched, nil
	rec.URL, rec.Hash = "", ""
	return r.commit(Page{Gone: ids}, rec)
}

// see counts listings that are still there.
func (r *run) see(ids []string) {
	for _, id := range ids {
		if r.ids.add(id) {
			r.report.Listings++
		}
	}
}

// trouble notes what keeps a page from being read. It speaks of the source
// as a whole where it is the start page, or one of a row.
func (r *run) trouble(it *item, h Health, why string) {
	if it.role == startPage {
		r.problem(why)
	} else {
		r.problem(r.show(it.url) + ": " + why)
	}
	if it.role == startPage || h == Disallowed || r.refused >= maxRefusedInRow || r.failed >= maxFailedInRow {
		r.found = append(r.found, trouble{h, why})
	}
}

// problem notes something for people, once.
func (r *run) problem(s string) {
	if len(r.report.Problems) < maxProblems && !slices.Contains(r.report.Problems, s) {
		r.report.Problems = append(r.report.Problems, s)
	}
}

func (r *run) cut(names ...string) {
	for _, n := range names {
		if n != "" && !slices.Contains(r.report.Cut, n) {
			r.report.Cut = append(r.report.Cut, n)
		}
	}
}

// show returns an address as it may be shown: its path, or a code where that
// might name a person.
func (r *run) show(u *url.URL) string {
	if r.c.storable(u.String()) {
		return safehttp.RedactURL(u.String())
	}
	key := r.c.pageKey(r.src.ID, u)
	return "page " + key[len(key)-8:]
}

// finish judges the crawl and saves what was learnt. complete says that it
// was not ended by an error.
func (r *run) finish(complete bool) error {
	r.report.Requests = r.fetch.requests
	err := r.await()
	if !complete || err != nil || r.ctx.Err() != nil {
		r.report.Health = Partial
		return err // the memory stays open
	}
	if err := r.closeThreads(); err != nil {
		return err
	}
	if err := r.reportVanished(); err != nil {
		return err
	}
	r.yield.At, r.yield.Listings = r.report.Started, r.report.Listings
	r.report.Health = r.judge()
	r.yield.Health = r.report.Health
	r.remember()
	r.report.Took = r.c.now().Sub(r.report.Started)
	return r.c.saveMemory(context.WithoutCancel(r.ctx), r.src.ID, r.mem)
}

// judge sums up the health of the source.
func (r *run) judge() Health {
	for _, h := range []Health{Disallowed, LoggedOut, Blocked} {
		if slices.ContainsFunc(r.found, func(t trouble) bool { return t.health == h }) {
			return h
		}
	}
	if r.refused >= lastRefused {
		return r.refusal
	}
	startFailed := r.yield.Lists == 0
	if r.failed >= maxFailedInRow || startFailed && len(r.found) > 0 && r.found[0].health == Unreachable {
		return Unreachable
	}
	if startFailed {
		return Blind
	}
	if r.yield.Rows+r.yield.Listings == 0 && r.walled {
		return LoggedOut
	}
	if why := blind(r.mem, &r.yield); why != "" {
		r.problem(why)
		return Blind
	}
	if slices.Contains(r.report.Cut, "pages") {
		return Partial
	}
	return OK
}

// remember writes into the memory what the next crawl needs.
func (r *run) remember() {
	m := r.mem
	rest := r.queue.rest()
	// What the crawl before left stands until this one came to its end.
	open := r.left || r.stopped() || r.yield.Lists == 0 && r.wasOpen
	left := slices.Concat(r.redo, rest, m.Pending)
	m.Pending = nil
	for _, address := range left {
		switch {
		case r.c.storable(address) && len(m.Pending) < maxPending:
			m.Pending = append(m.Pending, address)
		default:
			open = true
		}
	}
	m.Since++
	if r.deep && r.yield.Lists > 0 && !open && len(m.Pending) == 0 {
		m.Swept, m.Lists, m.Since = r.report.Started, r.yield.Lists, 0
		m.Unsorted = r.beyond > 0 && !r.wasOpen
	}
	m.Open = open
	if was := m.lastHealth(); (was == Blind || was == LoggedOut || was == Blocked) && r.report.Health == OK {
		m.Epoch++
	}
	if r.kind != nil && (r.report.Health == OK || r.report.Health == Partial) {
		m.Kind = r.kind.Name()
	}
	m.add(r.yield)
	last := *r.report
	m.Last = &last
}
