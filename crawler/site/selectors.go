package site

import (
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/leak"
)

// selectors is the kind that a person describes: CSS selectors for the list
// page and for the detail page. An item without a link is the listing itself.
type selectors struct {
	item, link, next                        cascadia.Matcher
	title, body, seller, price, posted, id_ cascadia.Matcher
}

// compile turns selectors into matchers, with all faults.
func compile(s config.Selectors) (*selectors, []SelectorFault) {
	k := &selectors{}
	var faults []SelectorFault
	for _, f := range []struct {
		key, text string
		to        *cascadia.Matcher
	}{
		{"item", s.Item, &k.item}, {"link", s.Link, &k.link}, {"next", s.Next, &k.next},
		{"title", s.Title, &k.title}, {"body", s.Body, &k.body}, {"seller", s.Seller, &k.seller},
		{"price", s.Price, &k.price}, {"posted", s.Posted, &k.posted}, {"id", s.ID, &k.id_},
	} {
		if strings.TrimSpace(f.text) == "" {
			continue
		}
		sel, err := cascadia.ParseGroup(f.text)
		if err != nil {
			faults = append(faults, SelectorFault{f.key, f.text, "a CSS selector (" + err.Error() + ")"})
			continue
		}
		*f.to = sel
	}
	if strings.TrimSpace(s.Item) == "" {
		faults = append(faults, SelectorFault{"item", s.Item, "a CSS selector of one listing on a list page"})
	}
	if strings.TrimSpace(s.Title+s.Body) == "" {
		faults = append(faults, SelectorFault{"title", s.Title, "a CSS selector; a listing needs title or body"})
	}
	return k, faults
}

func (k *selectors) Name() string { return "selectors" }

// Read reads a page that a row led to as a detail page and any other as a
// list.
func (k *selectors) Read(p *Page, h Hints) Result {
	r := reader{p: p, h: h}
	root := p.Root()
	if h.Link != nil {
		if raw := k.listing(&r, root, h.Link.SiteID); raw.Title != "" || raw.Body != "" {
			raw.URL = p.URL.String()
			if raw.Title == "" {
				raw.Title = h.Link.Title
			}
			r.listing(raw)
		}
		return r.result()
	}
	r.res.List = true
	for _, item := range cascadia.QueryAll(root, k.item) {
		k.readItem(&r, item)
	}
	if k.next != nil {
		for _, n := range cascadia.QueryAll(root, k.next) {
			r.next(linkIn(n))
		}
	}
	return r.result()
}

// readItem takes an item as a row that leads to a detail page or, if the kind
// has no link, as a listing.
func (k *selectors) readItem(r *reader, item *html.Node) {
	if k.link == nil {
		raw := k.listing(r, item, "")
		raw.URL = r.p.URL.String()
		if raw.SiteID == "" {
			raw.SiteID = itemID(raw)
		}
		r.listing(raw)
		return
	}
	a := self(item, k.link)
	if a == nil {
		return
	}
	r.detail(Link{
		URL:    r.p.Resolve(linkIn(a)),
		Row:    rowHash(item),
		Title:  line(a),
		SiteID: field(item, k.id_),
		Posted: r.date(field(item, k.posted)),
	})
}

// itemID identifies a listing that has no page of its own by its title.
func itemID(raw leak.Raw) string {
	if raw.Title != "" {
		return "item " + hashText(raw.Title)
	}
	return "item " + hashText(raw.Body)
}

func (k *selectors) listing(r *reader, n *html.Node, id string) leak.Raw {
	raw := leak.Raw{SiteID: field(n, k.id_), Title: field(n, k.title), Seller: field(n, k.seller), Price: field(n, k.price)}
	if raw.SiteID == "" {
		raw.SiteID = id
	}
	raw.PostedAt = r.date(field(n, k.posted))
	body := n
	if k.body != nil {
		body = self(n, k.body)
	}
	if body != nil {
		r.body(&raw, body, nil)
	}
	return raw
}

// self returns n if it matches, else the first match within it.
func self(n *html.Node, m cascadia.Matcher) *html.Node {
	if m == nil {
		return nil
	}
	if n.Type == html.ElementNode && m.Match(n) {
		return n
	}
	return cascadia.Query(n, m)
}

// field returns the text of the first match: of the attribute that holds it
// for machines, or else what is shown.
func field(n *html.Node, m cascadia.Matcher) string {
	f := self(n, m)
	if f == nil {
		return ""
	}
	for _, key := range []string{"datetime", "content", "data-id"} {
		if v := strings.TrimSpace(attr(f, key)); v != "" {
			return oneLine(v)
		}
	}
	if f.Data == "input" {
		return oneLine(attr(f, "value"))
	}
	return line(f)
}

// linkIn returns the address of n or of the first link within it.
func linkIn(n *html.Node) string {
	if h := attr(n, "href"); h != "" {
		return h
	}
	for c := range elements(n, 0) {
		if h := attr(c, "href"); h != "" {
			return h
		}
	}
	return ""
}
