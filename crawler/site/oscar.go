package site

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/leakwatch/leakwatch/leak"
)

// oscar reads shops that run django-oscar. The catalogue lists the products
// of all categories, so categories are not followed; but in the order of the
// search engine behind it, so it is asked for the newest first. A product is
// a listing under its key; each review of it is another.
type oscar struct{}

func (oscar) Name() string { return "oscar" }

func (oscar) claims(p *Page) bool {
	return bytes.Contains(p.Body, []byte("oscar.init();")) || bytes.Contains(p.Body, []byte("/oscar/css/"))
}

func (oscar) Read(p *Page, h Hints) Result {
	r := reader{p: p, h: h}
	if page := first(p.Root(), "product_page"); page != nil {
		r.oscarProduct(page)
		return r.result()
	}
	r.res.List = true
	for n := range withClass(p.Root(), "product_pod") {
		r.oscarRow(n)
	}
	if len(r.res.Details) == 0 {
		r.oscarHome()
	}
	if u := r.oscarNewest(); u != "" {
		r.list(u)
		return r.result()
	}
	for n := range withClass(p.Root(), "pagination") {
		r.next(oscarNext(p, n))
	}
	return r.result()
}

// oscarHome follows a start page without products to the catalogue.
func (r *reader) oscarHome() {
	for a := range elements(r.p.Root(), atom.A) {
		if u := r.p.Resolve(attr(a, "href")); strings.HasSuffix(u, "/catalogue/") {
			r.list(u)
			return
		}
	}
}

// oscarNewest returns the address of this list in the order of age, "" if it
// is in that order or cannot be.
func (r *reader) oscarNewest() string {
	u := *r.p.URL
	q := u.Query()
	if q.Get("sort_by") == "newest" {
		return ""
	}
	for o := range elements(r.p.Root(), atom.Option) {
		if attr(o, "value") == "newest" && o.Parent != nil && attr(o.Parent, "name") == "sort_by" {
			q.Set("sort_by", "newest")
			q.Del("page")
			u.RawQuery, u.Fragment = q.Encode(), ""
			return u.String()
		}
	}
	return ""
}

// oscarNext returns the link to the page after this one; the shop names it in
// its language, so it is told by its number.
func oscarNext(p *Page, bar *html.Node) string {
	now := max(1, number(p.URL.Query().Get("page")))
	for a := range elements(bar, atom.A) {
		_, rest, _ := strings.Cut(attr(a, "href"), "page=")
		n, _, _ := strings.Cut(rest, "&")
		if number(n) == now+1 {
			return attr(a, "href")
		}
	}
	return ""
}

func (r *reader) oscarRow(n *html.Node) {
	var title *html.Node
	for h := range elements(n, atom.H3) {
		title = h
	}
	if title == nil {
		return
	}
	l := Link{URL: r.p.Resolve(linkIn(title)), Title: titleText(title), SiteID: oscarID(r.p.Resolve(linkIn(title)))}
	for a := range elements(title, atom.A) {
		l.Title = titleText(a)
	}
	row := []string{l.Title}
	for _, class := range []string{"price_color", "availability"} {
		if c := first(n, class); c != nil {
			row = append(row, line(c))
		}
	}
	l.Row = hashText(strings.Join(row, "\n"))
	r.detail(l)
}

// oscarID returns the key of a product from its address, /catalogue/title_12/.
func oscarID(u string) string {
	u = strings.TrimSuffix(u, "/")
	id := u[strings.LastIndexByte(u, '_')+1:]
	if number(id) < 0 {
		return ""
	}
	return "product " + id
}

func (r *reader) oscarProduct(page *html.Node) {
	raw := leak.Raw{SiteID: oscarID(r.p.URL.String())}
	for h := range elements(page, atom.H1) {
		raw.Title = line(h)
	}
	if n := first(page, "price_color"); n != nil {
		raw.Price = line(n)
	}
	if n := first(page, "availability"); n != nil {
		raw.SoldOut = hasClass(n, "outofstock") || hasClass(n, "unavailable")
		if m := reStock.FindStringSubmatch(line(n)); m != nil {
			raw.Stock = count(m)
		}
	}
	skip := func(n *html.Node) bool {
		return n.DataAtom == atom.Form || n.DataAtom == atom.Section || n.DataAtom == atom.H1 ||
			hasClass(n, "product_main") || hasClass(n, "sub-header") || hasClass(n, "product_pod") || oscarFact(n, raw.Price)
	}
	r.body(&raw, page, skip)
	r.listing(raw)
	for n := range withClass(page, "review") {
		r.oscarReview(n, raw.Title)
	}
}

// oscarFact reports whether a row of the table of facts says nothing about
// what is offered: price and availability stand elsewhere, and the number of
// reviews changes by itself.
func oscarFact(n *html.Node, price string) bool {
	if n.DataAtom != atom.Tr {
		return false
	}
	for td := range elements(n, atom.Td) {
		s := line(td)
		return s == price || len(s) < 4 && number(s) >= 0 || reStock.MatchString(s)
	}
	return false
}

func (r *reader) oscarReview(n *html.Node, product string) {
	raw := leak.Raw{Title: product}
	for a := range elements(n, atom.A) {
		u := r.p.Resolve(attr(a, "href"))
		if _, id, ok := strings.Cut(u, "/reviews/"); ok {
			raw.URL, raw.SiteID = u, "review "+strings.Trim(id, "/")
			break
		}
	}
	if raw.SiteID == "" {
		return
	}
	r.body(&raw, n, func(c *html.Node) bool { return c.DataAtom == atom.Small || c.DataAtom == atom.Form })
	for s := range elements(n, atom.Strong) {
		raw.Seller = line(s)
		break
	}
	r.listing(raw)
}
