// Package site turns fetched pages into raw listings. There is one file per
// kind of site software: what a list page of it looks like, where the next
// one is, and how a detail page reads. A kind holds no state, so one value
// serves every crawl at once, and reading a page twice gives the same answer.
//
// The way of a page: the crawler fetches it, decodes it to UTF-8 and wraps it
// in a Page; Detect finds the kind on the first page of a source that names
// none; Read answers with listings, with the links that lead to further ones,
// and with the list pages still to fetch. Nothing here does any I/O, and
// nothing here keeps anything.
//
// Every page is hostile. The tree of a page is built in linear time with
// bounded depth, attributes and nodes (see tree.go), so that everything after
// it may walk the tree freely; what was cut off is named in Result.Cut.
package site

import (
	"fmt"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/leak"
)

// Kind reads the pages of one kind of site software. Implementations are
// immutable and safe for concurrent use.
type Kind interface {
	// Name returns the name of the kind in the config, such as "spirit".
	Name() string
	// Read reads one page. It never fails: a page that says nothing gives an
	// empty Result. It takes time linear in the size of the page, keeps
	// nothing of p, and returns strings that do not share p.Body.
	Read(p *Page, h Hints) Result
}

// Hints are what the crawler knows of a page before it is read.
type Hints struct {
	// Source is the id of the source; it is copied to each listing.
	Source string
	// Link is the row that led to the page; nil for the start page of a
	// source and for pages that Result.Next or Result.Lists named. For a
	// further page of a thread it is the row of the thread.
	Link *Link
}

// Result is what a page says.
type Result struct {
	// Listings read from the page, in the order of the page.
	Listings []leak.Raw
	// Details are the pages that hold one listing or thread each, in the
	// order of the page, each address once.
	Details []Link
	// Next are further pages of this list or thread, the following one first.
	Next []string
	// Lists are other list pages of the site: its categories and forums.
	Lists []string
	// List reports whether the page is a list, even an empty one. Such a page
	// is to be read in every crawl, even if a row of Details led to it.
	List bool
	// Cut names the caps that were hit while the page was read: depth, nodes,
	// attributes, text, links, listings.
	Cut []string
}

// Link leads from a list page to a detail page.
type Link struct {
	URL string // absolute, http or https, without fragment
	// Row is a hash of what the list page shows of the listing, without what
	// changes by itself: counters of views and relative dates. If it is the
	// same as at the last crawl, the detail page need not be fetched.
	Row    string
	Title  string    // text of the link, "" if it has none
	Posted time.Time // when posted or last changed, as shown; zero if unknown
	SiteID string    // the site's own id of the listing or thread, "" if unknown
}

// Caps on what is read from one page.
const (
	maxLinks    = 2000 // details of one page; "links"
	maxListings = 1000 // listings of one page; "listings"
)

// Names returns the names that the config takes as the kind of a source,
// "auto" first.
func Names() []string {
	names := []string{"auto", "selectors"}
	for _, k := range kinds() {
		names = append(names, k.Name())
	}
	return names
}

// ByName returns the kind of that name. "selectors" needs FromSelectors and
// "auto" needs Detect: both give an error here.
func ByName(name string) (Kind, error) {
	for _, k := range kinds() {
		if k.Name() == name {
			return k, nil
		}
	}
	return nil, fmt.Errorf("find kind: %q is not one of %v", name, Names())
}

// Detect returns the kind of the site that p belongs to; never nil, since
// the generic kind reads whatever no other kind claims.
func Detect(p *Page) Kind {
	for _, k := range kinds() {
		if d, ok := k.(interface{ claims(*Page) bool }); ok && d.claims(p) {
			return k
		}
	}
	return generic{}
}

// kinds returns the kinds that need no settings, in the order in which they
// are asked whether a page is theirs.
func kinds() []Kind {
	return []Kind{feed{}, spirit{}, oscar{}, product{}, generic{}}
}

// SelectorFault is one selector that cannot be used.
type SelectorFault struct {
	Key    string // key under selectors in the config
	Found  string // the selector as written
	Wanted string // what is wrong with it, for people
}

// Error says what is wrong.
func (f SelectorFault) Error() string {
	return fmt.Sprintf("selectors.%s: got %q, want %s", f.Key, f.Found, f.Wanted)
}

// CheckSelectors returns all faults of s, nil if FromSelectors will take it.
func CheckSelectors(s config.Selectors) []SelectorFault {
	_, faults := compile(s)
	return faults
}

// FromSelectors makes the kind "selectors". The error is the first fault of
// CheckSelectors.
func FromSelectors(s config.Selectors) (Kind, error) {
	k, faults := compile(s)
	if len(faults) > 0 {
		return nil, fmt.Errorf("compile selectors: %w", faults[0])
	}
	return k, nil
}
