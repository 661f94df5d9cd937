package crawler

import (
	"fmt"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/leak"
)

// read takes a page that came: it asks the kind what is on it, commits the
// listings and queues what it leads to.
func (r *run) read(it *item, a *answer) error {
	p := a.page()
	if it.role == startPage {
		r.settleStart(a.url, func() site.Kind { return r.detect(p) })
	}
	res, err := r.ask(p, it)
	if err != nil {
		r.problem(r.show(it.url) + ": " + err.Error())
		return r.settle(it)
	}
	empty := len(res.Listings)+len(res.Details) == 0
	if t := judgePage(p, r.src.LoggedIn, empty); t != nil {
		return r.wall(it, t)
	}
	p.Release()
	r.refused = 0
	r.cut(a.cut)
	r.cut(res.Cut...)
	if a.cut != "" {
		for i := range res.Listings {
			res.Listings[i].Cut = append(res.Listings[i].Cut, a.cut)
		}
	}
	if it.role == startPage || it.role == listPage || res.List {
		return r.readList(it, a, &res)
	}
	return r.readDetail(it, a, &res)
}

// settleStart takes from the start page what only it can tell: host and
// folder of the source, and its kind.
func (r *run) settleStart(at *url.URL, kind func() site.Kind) {
	r.fetch.scope, r.fetch.origin = newScope(r.src, at), at
	if r.kind == nil {
		r.kind = kind()
	}
	r.report.Kind = r.kind.Name()
}

// detect finds the kind out. A kind that was known is kept where the page no
// longer shows what software made it: the page may be broken, and another
// kind would give every listing another identity.
func (r *run) detect(p *site.Page) site.Kind {
	found := site.Detect(p)
	if r.mem.Kind == "" || r.mem.Kind == found.Name() {
		return found
	}
	known, err := site.ByName(r.mem.Kind)
	if err != nil {
		return found
	}
	if found.Name() == genericKind {
		return known
	}
	r.problem(fmt.Sprintf("the site software changed from %s to %s", known.Name(), found.Name()))
	return found
}

const genericKind = "generic"

// ask lets the kind read the page. A panic costs the page, not the crawl.
func (r *run) ask(p *site.Page, it *item) (res site.Result, err error) {
	defer func() {
		if v := recover(); v != nil {
			r.c.log.Error("page could not be read", "source", r.src.ID, "page", r.show(it.url), "stack", string(debug.Stack()))
			err = fmt.Errorf("the page made its reader fail")
		}
	}()
	return r.kind.Read(p, site.Hints{Source: r.src.ID, Link: it.link}), nil
}

// wall takes a page that is a login or a captcha.
func (r *run) wall(it *item, t *trouble) error {
	if t.health == Blocked {
		r.refused++
		r.refusal = Blocked
	}
	if it.role != startPage && t.health == LoggedOut && r.src.LoggedIn == "" {
		// One page behind a password does not end the crawl of the others.
		r.problem(r.show(it.url) + ": " + t.why)
		if it.role == listPage {
			r.walled = true
			return nil
		}
		r.yield.Details++
		r.account(it, 0)
		return r.settle(it)
	}
	r.trouble(it, t.health, t.why)
	return r.later(it)
}

// readList takes a list page.
func (r *run) readList(it *item, a *answer, res *site.Result) error {
	r.yield.Lists++
	fresh, known, err := r.rows(it, res)
	if err != nil {
		return err
	}
	page, changed := r.listings(it, a, res)
	page.Seen = append(page.Seen, known.seen...)
	ground := len(res.Details) > 0 && len(fresh) == 0 || len(res.Details) == 0 && len(res.Listings) > 0 && !changed
	if it.ground {
		r.beyond += unknown(fresh)
	}
	if it.role == listPage {
		r.queue.family("list ", it.url).bore(known.first + len(fresh) + r.firsts)
	}
	var recs []*record
	if it.rec != nil && (len(res.Listings) > 0 || it.link != nil) {
		rec := it.rec
		rec.List, rec.Row, rec.Fails, rec.Fetched = len(res.Details) > 0 || it.link != nil, "", 0, a.fetched
		recs = append(recs, rec)
	}
	if err := r.commit(page, recs...); err != nil {
		return err
	}
	if !ground || it.deep || r.deep {
		r.follow(it, res, ground)
	}
	for _, l := range res.Lists {
		if u, err := url.Parse(l); err == nil {
			r.queueList(u, it.depth+1, r.deep)
		}
	}
	for i := len(fresh) - 1; i >= 0; i-- { // a stack: the newest on top
		r.queueDetail(fresh[i])
	}
	return nil
}

// unknown counts the pages that were never read.
func unknown(items []*item) int {
	n := 0
	for _, it := range items {
		if !it.rec.known() {
			n++
		}
	}
	return n
}

// follow queues the next page of a list.
func (r *run) follow(it *item, res *site.Result, ground bool) {
	for _, next := range res.Next {
		u, err := url.Parse(next)
		if err != nil {
			continue
		}
		if n := r.queueNext(u, it.depth+1, it.deep || r.deep); n != nil {
			n.ground = ground || it.ground
			return
		}
	}
}

// queueList queues another list that a page named.
func (r *run) queueList(u *url.URL, depth int, deep bool) {
	u = r.fetch.scope.upgrade(clean(u))
	if r.fetch.scope.judgeList(u) == fetchIt {
		r.enqueueList(u, depth, deep)
	}
}

// queueNext queues the next page of a list that is being read.
func (r *run) queueNext(u *url.URL, depth int, deep bool) *item {
	u = r.fetch.scope.upgrade(clean(u))
	if r.fetch.scope.judge(u) != fetchIt {
		return nil
	}
	return r.enqueueList(u, depth, deep)
}

func (r *run) enqueueList(u *url.URL, depth int, deep bool) *item {
	if depth > r.src.MaxDepth {
		r.cut("depth")
		return nil
	}
	if len(r.queue.lists) >= maxQueued {
		r.cut("lists")
		return nil
	}
	if !r.queue.mark(r.c.pageKey(r.src.ID, u)) {
		return nil
	}
	it := &item{url: u, role: listPage, depth: depth, deep: deep}
	r.queue.lists = append(r.queue.lists, it)
	return it
}

// knownRows is what a list page shows that is known.
type knownRows struct {
	seen  []string // listings that are still there
	first int      // rows shown for the first time in this crawl
}

// rows sorts the rows of a list page into those to fetch and those that are
// known and unchanged.
func (r *run) rows(it *item, res *site.Result) ([]*item, knownRows, error) {
	var known knownRows
	var items []*item
	var keys []string
	for i := range res.Details {
		link := &res.Details[i]
		u, err := url.Parse(link.URL)
		if err != nil {
			continue
		}
		u = r.fetch.scope.upgrade(clean(u))
		if r.fetch.scope.judge(u) != fetchIt || !r.queue.worthDetail(u) {
			continue
		}
		key := r.c.pageKey(r.src.ID, u)
		if !r.queue.row(key) {
			continue
		}
		items = append(items, &item{url: u, link: link, role: detailPage, depth: it.depth, deep: it.deep, parent: it.url.String()})
		keys = append(keys, key)
	}
	r.yield.Rows += len(items)
	recs, err := r.c.loadPages(r.ctx, keys)
	if err != nil {
		return nil, known, err
	}
	var fresh []*item
	for i, d := range items {
		d.rec = recs[keys[i]]
		switch {
		case d.rec.List:
			d.role = listPage
			r.queue.mark(keys[i])
			r.queue.lists = append(r.queue.lists, d)
			known.first++
		case d.rec.known() && d.rec.Fails == 0 && (d.rec.Row == r.rowNow(d, false) || d.rec.Row == r.rowNow(d, true)):
			known.seen = append(known.seen, d.rec.Listings...)
			known.first++
			r.noteStale(d)
		default:
			r.queue.mark(keys[i])
			fresh = append(fresh, d)
		}
	}
	r.see(known.seen)
	return fresh, known, nil
}

// rowNow is the hash under which the row of a page is remembered once it was
// read. A row that says nothing has one too, so that having been read can be
// told from not. Of a page that gave nothing it names the epoch.
func (r *run) rowNow(it *item, empty bool) string {
	row := "-"
	if it.link != nil && it.link.Row != "" {
		row = r.c.identity.Of("row", it.link.Row)
	}
	if it.role == recheckPage {
		row, _, _ = strings.Cut(it.rec.Row, "#") // what the list last showed
	}
	if empty {
		row += "#" + strconv.Itoa(r.mem.Epoch)
	}
	return row
}

// queueDetail queues a detail page. A thread whose beginning is known is
// taken up at its last known page as well: what is new stands there.
func (r *run) queueDetail(d *item) {
	if !r.queue.worthDetail(d.url) {
		return // it stays unknown: the next crawl tries a few of them again
	}
	d.thread = &thread{first: d.rec, open: 1}
	r.queue.details = append(r.queue.details, d)
	if d.rec.Next != "" {
		r.queueTail(d)
	}
}

// maxThread bounds the pages of one thread.
const maxThread = 1000

// queueTail queues the last known page of a thread.
func (r *run) queueTail(d *item) {
	next := d.rec.Next
	for range maxThread {
		u, err := url.Parse(next)
		if err != nil {
			return
		}
		key := r.c.pageKey(r.src.ID, u)
		recs, err := r.c.loadPages(r.ctx, []string{key})
		if err != nil {
			return
		}
		rec := recs[key]
		if rec.Next != "" && rec.Fails == 0 {
			next = rec.Next
			continue
		}
		if r.fetch.scope.judge(u) == fetchIt && r.queue.mark(key) {
			d.thread.open++
			d.thread.tail = true
			r.queue.details = append(r.queue.details,
				&item{url: u, rec: rec, link: d.link, role: morePage, depth: d.depth, parent: d.parent, thread: d.thread})
		}
		return
	}
}

// readDetail takes a detail page, or a further page of a thread.
func (r *run) readDetail(it *item, a *answer, res *site.Result) error {
	r.yield.Details++
	r.account(it, len(res.Listings))
	page, _ := r.listings(it, a, res)
	rec := it.rec
	rec.Row, rec.Fails, rec.List, rec.Gone, rec.Fetched = r.rowNow(it, len(res.Listings) == 0), 0, false, false, a.fetched
	r.describe(it)
	recs := []*record{rec}
	if r.more(it, res) && it.role == detailPage {
		it.thread.waits = true // the state of a thread's first page waits for the others
		r.threads = append(r.threads, it.thread)
		recs = nil
	} else if it.role == detailPage && it.thread.bad {
		rec.Row = ""
	}
	if err := r.commit(page, recs...); err != nil {
		return err
	}
	return r.leave(it.thread)
}

// more queues the next page of a thread and reports whether there is one
// that this crawl will still read.
func (r *run) more(it *item, res *site.Result) bool {
	rec := it.rec
	rec.Next = ""
	if len(res.Next) == 0 {
		return false
	}
	u, err := url.Parse(res.Next[0])
	if err != nil {
		return false
	}
	u = r.fetch.scope.upgrade(clean(u))
	if r.fetch.scope.judge(u) != fetchIt {
		return false
	}
	if r.c.storable(u.String()) {
		rec.Next = u.String()
	}
	if it.role == recheckPage || it.role == detailPage && it.thread.tail {
		return false
	}
	key := r.c.pageKey(r.src.ID, u)
	if it.thread.pages >= maxThread || !r.queue.mark(key) {
		return false
	}
	recs, err := r.c.loadPages(r.ctx, []string{key})
	if err != nil {
		it.thread.bad = true
		return false
	}
	it.thread.open++
	it.thread.pages++
	r.queue.details = append(r.queue.details,
		&item{url: u, rec: recs[key], link: it.link, role: morePage, depth: it.depth, parent: it.parent, thread: it.thread})
	return true
}

// leave notes that a page of a thread is done. With the last one the state
// of the first is written: from then on the thread counts as read.
func (r *run) leave(t *thread) error {
	if t == nil {
		return nil
	}
	t.open--
	if t.open > 0 || !t.waits {
		return nil
	}
	t.waits = false
	r.threads = slices.DeleteFunc(r.threads, func(other *thread) bool { return other == t })
	if err := r.await(); err != nil {
		return err
	}
	if t.bad {
		t.first.Row = ""
		r.left = r.left || t.first.URL == ""
	}
	return r.commit(Page{}, t.first)
}

// closeThreads writes the states of threads that a cap cut short: what was
// read is remembered, and that it is not all.
func (r *run) closeThreads() error {
	for _, t := range slices.Clone(r.threads) {
		t.open, t.bad = 1, true
		if err := r.leave(t); err != nil {
			return err
		}
	}
	return nil
}

// account counts a detail page for health and for its family.
func (r *run) account(it *item, listings int) {
	if listings == 0 {
		r.yield.Empty++
	}
	if it.role == detailPage {
		r.queue.family("detail ", it.url).bore(listings)
	}
}

// describe writes into a page's state what is needed to find it again.
func (r *run) describe(it *item) {
	rec := it.rec
	rec.URL, rec.SiteID = "", ""
	if it.link != nil {
		rec.Posted = it.link.Posted
	}
	if it.role != morePage && r.c.storable(it.url.String()) {
		rec.URL = it.url.String()
	}
	if it.link != nil && r.c.storable("/"+it.link.SiteID) {
		rec.SiteID = it.link.SiteID
	} else if it.link != nil && it.link.SiteID != "" {
		rec.URL = "" // without its id the listing would become another
	}
}

// listings puts what was read into a page for the sink: as listings where
// something changed since the page was last read, else as seen. It reports
// which it was, and updates the page's state.
func (r *run) listings(it *item, a *answer, res *site.Result) (Page, bool) {
	ids := listingIDs(r.c.identity, res.Listings)
	r.firsts = 0
	for _, id := range ids {
		if !r.ids.has(id) {
			r.firsts++
		}
	}
	r.see(ids)
	if it.rec == nil {
		return Page{Listings: res.Listings}, true
	}
	rec := it.rec
	hash, core := contentHash(r.c.identity, res.Listings)
	changed := rec.Hash != hash
	if it.bare {
		// Without its row a page may read a little differently.
		changed = rec.Core != core && !untitled(res.Listings)
		hash = rec.Hash
	}
	page := Page{Seen: ids}
	if changed {
		page = Page{Listings: res.Listings}
		r.missing(it, rec, ids, res)
		rec.Calm = 0
	} else {
		rec.Calm++
	}
	rec.Hash, rec.Core, rec.Listings = hash, core, ids[:min(len(ids), maxStateListings)]
	rec.validators(a.header)
	return page, changed
}

func untitled(listings []leak.Raw) bool {
	return slices.ContainsFunc(listings, func(r leak.Raw) bool { return r.Title == "" })
}

// missing notes which listings a page no longer shows. Of a list or a thread
// nothing can be said: there they move to other pages.
func (r *run) missing(it *item, rec *record, ids []string, res *site.Result) {
	if res.List || it.role != detailPage && it.role != recheckPage || len(res.Next) > 0 || rec.Next != "" {
		return
	}
	now := make(map[string]bool, len(ids))
	for _, id := range ids {
		now[id] = true
	}
	var ids2 []string
	for _, id := range rec.Listings {
		if !now[id] {
			ids2 = append(ids2, id)
		}
	}
	if len(ids2) > 0 {
		r.vanish = append(r.vanish, vanished{ids: ids2, empty: len(ids) == 0})
	}
}

// reportVanished commits which listings are gone, now that it is known which
// were seen elsewhere. A page that shows nothing at all is believed only
// while other pages could be read: a broken layout is not a clearance sale.
func (r *run) reportVanished() error {
	believe := r.yield.Empty*4 <= r.yield.Details
	var ids []string
	for _, v := range r.vanish {
		for _, id := range v.ids {
			if !r.ids.has(id) && (!v.empty || believe) {
				ids = append(ids, id)
			}
		}
	}
	if err := r.commit(Page{Gone: ids}); err != nil {
		return err
	}
	return r.await()
}
