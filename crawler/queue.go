package crawler

import (
	"encoding/base32"
	"net/url"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/crawler/site"
)

// role says why a page is fetched.
type role int

const (
	startPage   role = iota
	listPage         // another list
	detailPage       // a row led to it
	morePage         // a further page of a thread
	recheckPage      // it was due to be looked at again
)

// item is one page to fetch.
type item struct {
	url    *url.URL // clean
	rec    *record  // what is known of it; nil for a list that is still queued
	link   *site.Link
	role   role
	depth  int  // list pages from the start
	deep   bool // its list is read to the end
	ground bool // the list page before it was known ground
	bare   bool // its row is not known: only its state is
	parent string
	thread *thread
}

// queue is the frontier of one crawl: details of the newest list page first,
// then the lists in the order in which they were found. Each address is
// queued once. It also knows which families of addresses give nothing: that
// is how every trap ends, whatever it is made of.
type queue struct {
	details  []*item // a stack
	lists    []*item
	marked   codes // keys of addresses that were queued
	rows     codes // keys of addresses that a row led to, queued or known
	families map[string]*fruit
}

// fruit counts pages of one family that gave nothing.
type fruit struct {
	barren int  // in a row
	ever   bool // one gave something
}

// Barren pages after which a family is given up: at once where none of it
// ever gave anything, later where some did.
const (
	maxBarrenLists   = 4
	maxBarrenDetails = 8
	patience         = 4 // times as many once one of the family was of use
)

// codes is a set of strings by the 16 bytes of hash that they end with: page
// keys and listing ids. A crawl of a million pages keeps it in memory.
type codes map[[16]byte]struct{}

func codeOf(s string) (c [16]byte) {
	// Fails for nothing that ends with a fingerprint.
	_, _ = fingerprints.Decode(c[:], []byte(strings.ToUpper(s[max(0, len(s)-26):])))
	return c
}

var fingerprints = base32.HexEncoding.WithPadding(base32.NoPadding)

func (c codes) has(s string) bool {
	_, ok := c[codeOf(s)]
	return ok
}

// add reports whether s is new to the set.
func (c codes) add(s string) bool {
	n := len(c)
	c[codeOf(s)] = struct{}{}
	return len(c) > n
}

// maxQueued bounds the lists that wait; hostile pages name thousands.
const maxQueued = 10_000

func newQueue() queue {
	return queue{marked: make(codes), rows: make(codes), families: make(map[string]*fruit)}
}

// mark reports whether an address is new to this crawl, and marks it.
func (q *queue) mark(key string) bool {
	return q.marked.add(key)
}

// row reports whether no row of this crawl led to the address before.
func (q *queue) row(key string) bool {
	return !q.marked.has(key) && q.rows.add(key)
}

// next takes the next item, nil if there is none.
func (q *queue) next() *item {
	if n := len(q.details); n > 0 {
		it := q.details[n-1]
		q.details = q.details[:n-1]
		return it
	}
	if len(q.lists) == 0 {
		return nil
	}
	it := q.lists[0]
	q.lists = q.lists[1:]
	return it
}

// empty reports whether nothing is left to fetch.
func (q *queue) empty() bool { return len(q.details)+len(q.lists) == 0 }

func (q *queue) putBack(it *item) {
	if it.role == listPage || it.role == startPage {
		q.lists = append([]*item{it}, q.lists...)
		return
	}
	q.details = append(q.details, it)
}

// rest returns the list pages that must be read again for what is left.
func (q *queue) rest() []string {
	var out []string
	for _, it := range q.lists {
		out = append(out, it.url.String())
	}
	for _, it := range q.details {
		if it.parent != "" {
			out = append(out, it.parent)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (q *queue) family(kind string, u *url.URL) *fruit {
	name := kind + family(u)
	f := q.families[name]
	if f == nil {
		f = &fruit{}
		q.families[name] = f
	}
	return f
}

// worth reports whether lists of this family are still worth fetching.
func (q *queue) worth(u *url.URL) bool { return q.families["list "+family(u)].worth(maxBarrenLists) }

// worthDetail is worth for details.
func (q *queue) worthDetail(u *url.URL) bool {
	return q.families["detail "+family(u)].worth(maxBarrenDetails)
}

func (f *fruit) worth(most int) bool {
	if f == nil {
		return true
	}
	if f.ever {
		most *= patience
	}
	return f.barren < most
}

// bore records what a page of the family gave.
func (f *fruit) bore(n int) {
	if n > 0 {
		f.barren, f.ever = 0, true
		return
	}
	f.barren++
}
