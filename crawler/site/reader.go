package site

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"

	"github.com/leakwatch/leakwatch/leak"
)

// reader collects the Result of one page under its caps.
type reader struct {
	p    *Page
	h    Hints
	res  Result
	seen map[string]bool // addresses of Details, Next and Lists
	work int             // nodes visited for bodies; a page may nest them in each other
}

// once reports whether an address is new to the result and worth following.
func (r *reader) once(u string) bool {
	if u == "" || r.seen[u] {
		return false
	}
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	if len(r.seen) >= maxLinks {
		r.cut("links")
		return false
	}
	r.seen[u] = true
	return true
}

func (r *reader) detail(l Link) {
	l.Title, _ = leak.CutBytes(l.Title, leak.MaxKeyword)
	l.SiteID, _ = leak.CutBytes(l.SiteID, leak.MaxKeyword)
	if r.once(l.URL) {
		r.res.Details = append(r.res.Details, l)
	}
}

// next takes the address, as written, of a further page of the list.
func (r *reader) next(href string) {
	if u := r.p.Resolve(href); u != r.p.URL.String() && r.once(u) {
		r.res.Next = append(r.res.Next, u)
	}
}

// list takes the absolute address of another list page.
func (r *reader) list(u string) {
	if u != r.p.URL.String() && r.once(u) {
		r.res.Lists = append(r.res.Lists, u)
	}
}

// body sets what n shows as the body and files of a listing.
func (r *reader) body(raw *leak.Raw, n *html.Node, skip func(*html.Node) bool) {
	var cut bool
	left := maxWork - r.work
	if raw.Body, cut = textOf(n, skip, &left); cut {
		raw.Cut = append(raw.Cut, "text")
	}
	if raw.Files, cut = files(n, skip, &left); cut {
		raw.Cut = append(raw.Cut, "files")
	}
	r.work = maxWork - left
}

// listing completes a listing with what holds for all of the page. One that
// says nothing is dropped.
func (r *reader) listing(raw leak.Raw) {
	if raw.Title == "" && raw.Body == "" && len(raw.Files) == 0 {
		return
	}
	if len(r.res.Listings) >= maxListings {
		r.cut("listings")
		return
	}
	raw.Source, raw.Fetched = r.h.Source, r.p.Fetched
	if raw.URL == "" {
		raw.URL = r.p.URL.String()
	}
	for _, s := range []*string{&raw.SiteID, &raw.Seller, &raw.Price, &raw.Currency} {
		var cut bool
		if *s, cut = leak.CutBytes(*s, leak.MaxKeyword); cut {
			raw.Cut = append(raw.Cut, "keyword")
		}
	}
	if raw.PostedAt.IsZero() && r.h.Link != nil && raw.SiteID == r.h.Link.SiteID {
		raw.PostedAt = r.h.Link.Posted
	}
	raw.Title = oneLine(raw.Title)
	r.res.Listings = append(r.res.Listings, raw)
}

// date reads a date as the page shows it.
func (r *reader) date(s string) time.Time {
	t, _ := ParseDate(s, r.p.Fetched)
	return t
}

func (r *reader) cut(name string) {
	if !slices.Contains(r.res.Cut, name) {
		r.res.Cut = append(r.res.Cut, name)
	}
}

func (r *reader) result() Result {
	if r.p.tree != nil {
		for _, c := range r.p.tree.cut {
			r.cut(c)
		}
	}
	for i := range r.res.Listings {
		for _, c := range r.res.Cut {
			if c == "nodes" || c == "depth" || c == "attributes" {
				r.res.Listings[i].Cut = append(r.res.Listings[i].Cut, c)
			}
		}
	}
	return r.res
}

// rowHash hashes what a row shows, without what changes by itself.
func rowHash(row *html.Node) string {
	work := maxLineWork
	w := writer{skip: volatile, max: maxLine, work: &work, date: true}
	w.node(row, false)
	return hashText(dropRelative(w.b.String()))
}

func hashText(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:12])
}

// volatile reports whether an element shows a counter of views or the like.
func volatile(n *html.Node) bool {
	return n.Type == html.ElementNode && hasWord(attr(n, "class"), volatileWords)
}

var volatileWords = words("view views hit hits read reads click clicks num-hit td_hit bo_hit online likes votes")

// words makes a set of the words of s.
func words(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// hasWord reports whether a class attribute holds one of the words.
func hasWord(class string, set map[string]bool) bool {
	for w := range strings.FieldsSeq(class) {
		if set[w] || set[strings.ToLower(w)] {
			return true
		}
	}
	return false
}

// unescape decodes a path segment; what cannot be decoded stays.
func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return strings.ToValidUTF8(u, "�")
	}
	return s
}
