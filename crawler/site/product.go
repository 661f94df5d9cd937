package site

import (
	"bytes"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
)

// product reads shops that describe their products with schema.org, in
// JSON-LD or microdata. A page about one product is a listing, whatever led
// to it; an ItemList, or several products with addresses, is a list. What the
// data leave out is read as the generic kind reads it.
type product struct{}

func (product) Name() string { return "product" }

func (product) claims(p *Page) bool {
	if !p.IsHTML() || !bytes.Contains(p.Body, []byte("schema.org")) {
		return false
	}
	for _, t := range p.things() {
		if t.is(productKinds) || (t.is(listKinds) && len(t.items("itemListElement")) > 0) {
			return true
		}
	}
	return false
}

func (product) Read(p *Page, h Hints) Result {
	r := reader{p: p, h: h}
	if !p.IsHTML() {
		return r.result()
	}
	things := p.things()
	if main := mainThing(things); main != nil && main.is(productKinds) {
		r.readDetail(sketch(p), nil)
		return r.result()
	}
	r.productList(things)
	if len(r.res.Details)+len(r.res.Listings) == 0 {
		return generic{}.Read(p, h)
	}
	r.res.List = true
	o := sketch(p)
	if u := o.nextPage(); u != "" {
		r.next(u)
	}
	return r.result()
}

// productList reads the products of a list page: those with an address of
// their own as links, the others as listings.
func (r *reader) productList(things []*thing) {
	for _, t := range things {
		switch {
		case t.is(listKinds):
			r.itemList(t)
		case t.is(productKinds):
			r.productItem(t, t.str("url", "@id"))
		}
	}
}

func (r *reader) itemList(t *thing) {
	for _, main := range t.items("mainEntity") {
		r.itemList(main)
	}
	for _, e := range t.items("itemListElement") {
		item := e
		if inner := e.items("item"); len(inner) > 0 {
			item = inner[0]
		}
		address := item.str("url", "@id")
		if address == "" {
			address = e.str("url", "item")
		}
		r.productItem(item, address)
	}
}

func (r *reader) productItem(t *thing, address string) {
	var raw leak.Raw
	t.describe(r, &raw)
	u := r.p.Resolve(address)
	if u == "" || !r.p.sameSite(u) || u == r.p.Resolve(r.p.URL.String()) {
		if raw.Title != "" && t.is(productKinds) {
			if raw.SiteID = fragmentID(address); raw.SiteID == "" {
				raw.SiteID = itemID(raw)
			}
			r.listing(raw)
		}
		return
	}
	sold := ""
	if raw.SoldOut {
		sold = "sold out"
	}
	row := strings.Join([]string{raw.Title, raw.Price, raw.Currency, sold, raw.Body}, "\n")
	r.detail(Link{URL: u, Row: hashText(row), Title: raw.Title, Posted: raw.PostedAt})
}

// fragmentID returns the fragment that tells products on one page apart.
func fragmentID(address string) string {
	_, frag, _ := strings.Cut(address, "#")
	return frag
}
