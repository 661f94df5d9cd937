package site

import (
	"bytes"
	"errors"
	"strings"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"

	"github.com/leakwatch/leakwatch/leak"
)

var errFeed = errors.New("parse feed: not a feed")

// feed reads RSS, Atom and JSON Feed. Each item is a listing, read from the
// feed alone: the pages that it links to are not fetched.
type feed struct{}

func (feed) Name() string { return "feed" }

func (feed) claims(p *Page) bool {
	switch m := p.MediaType(); {
	case m == "application/rss+xml", m == "application/atom+xml", m == "application/feed+json":
		return true
	case m == "text/html" || m == "application/xhtml+xml":
		return false
	}
	head := p.Body[:min(len(p.Body), 2048)]
	switch gofeed.DetectFeedType(bytes.NewReader(head)) {
	case gofeed.FeedTypeRSS, gofeed.FeedTypeAtom:
		return true
	}
	return bytes.Contains(head, []byte("https://jsonfeed.org/version/"))
}

func (feed) Read(p *Page, h Hints) Result {
	r := reader{p: p, h: h}
	r.res.List = true
	f, err := parseFeed(p.Body)
	if err != nil {
		return r.result()
	}
	for _, item := range f.Items {
		if item != nil {
			r.listing(r.feedItem(item))
		}
	}
	for _, e := range f.Extensions["atom"]["link"] {
		if e.Attrs["rel"] == "next" {
			r.next(e.Attrs["href"])
		}
	}
	return r.result()
}

// parseFeed shields the crawl from a panic of the parsers, which see hostile
// bytes.
func parseFeed(body []byte) (f *gofeed.Feed, err error) {
	defer func() {
		if e := recover(); e != nil {
			f, err = nil, errFeed
		}
	}()
	return gofeed.NewParser().Parse(bytes.NewReader(body))
}

func (r *reader) feedItem(item *gofeed.Item) leak.Raw {
	raw := leak.Raw{SiteID: item.GUID, URL: r.p.Resolve(item.Link), Title: fragmentText(item.Title)}
	content := item.Content
	if content == "" {
		content = item.Description
	}
	root := fragment(content)
	r.body(&raw, root, nil)
	for _, a := range item.Authors {
		if a != nil && a.Name != "" && raw.Seller == "" {
			raw.Seller = oneLine(a.Name)
		}
	}
	for _, e := range item.Enclosures {
		if e != nil && len(raw.Files) < leak.MaxFiles {
			if name := fileName(e.URL); name != "" {
				raw.Files = append(raw.Files, name)
			}
		}
	}
	if item.PublishedParsed != nil {
		raw.PostedAt, _ = clamp(*item.PublishedParsed, r.p.Fetched)
	} else {
		raw.PostedAt = r.date(item.Published)
	}
	return raw
}

// fragment parses a piece of HTML, which plain text is too.
func fragment(s string) *html.Node { return parse([]byte(s)).body }

// fragmentText returns the text of a title that may hold markup.
func fragmentText(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return oneLine(s)
	}
	return line(fragment(s))
}
