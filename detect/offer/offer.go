// Package offer reads what a listing sells for how much: quantity, price,
// currency, unit price, least quantity and stock, in Chinese, Korean and
// English and in the notations that sellers mix ("5000张10元", "0.8一张",
// "8元一套, 500套起3.5一套", "건당 4천원", "$25 each, 20 for $350").
//
// # Story
//
// One pass over the folded text finds the numbers, in digits or in words, and
// looks at most a few dozen bytes to either side of each for a currency, a
// unit, a "per" and a "from"; that makes items: a price, a quantity, a least
// quantity, or a bare number. A second pass over the items pairs prices with
// the quantities they buy. Numbers that are dates, times, phone numbers, ages,
// versions, percentages or limits make no item, nor do amounts that are no
// price: deposits, balances, what others charge. A currency or a scale that a
// header names once holds for all prices that name none; which dollar a $ is,
// and whose 元, is read from the whole text.
//
// Arithmetic is decimal until a value leaves the package, so 0.7 is 0.7 and
// 20/2000 is 0.01.
//
// The package stores nothing, never fails, is linear in the length of the text
// and safe for concurrent use.
package offer

import (
	"sync"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// Found is one offer and the bytes of the original text that state it.
type Found struct {
	leak.Offer     // Categories is nil: the caller says what is offered
	Start      int // byte offset in the original of the first of its parts
	End        int // byte offset in the original after the last of its parts
}

// Quantity is a number of things that the text names, whether or not a price
// buys it.
type Quantity struct {
	Value float64
	Unit  string // as written; "" if none
	Start int    // byte span in the original
	End   int
}

// Result is what Find reads from one text.
type Result struct {
	Offers     []Found    // in order of their place in the text, at most leak.MaxOffers, none twice
	Available  *int64     // stock or dump size that no price buys; nil if the text names none
	Quantities []Quantity // all quantities, in order, at most leak.MaxOffers
	Cut        bool       // there was more than the caps let through
}

// Find reads the offers of a folded text f. The unhidden stream u is read too
// where it differs, and believed where it states more offers, or where plain
// reading finds other numbers for the same prices: joining what stands apart
// would also join numbers, so plain reading comes first. lang is the language of the listing
// (zh, ko, en, mixed or und); it decides the currency of a price that names
// none, unless the unit of the price shows another language. Such offers carry
// AssumedCurrency.
func Find(f, u *text.Folded, lang string) Result {
	r := findIn(f, lang)
	if u == nil || len(f.Text) > maxHidden || !u.Changed() || u.Text == f.Text {
		return r
	}
	if h := findIn(u, lang); better(r, h) {
		return h
	}
	return r
}

// maxHidden is the length up to which the unhidden stream is read too: sellers
// hide in short texts, and long ones would take twice the time.
const maxHidden = 16 << 10

// better reports whether the reading h of the unhidden stream is to be believed
// rather than the plain one r.
func better(r, h Result) bool {
	if len(h.Offers) != len(r.Offers) {
		return len(h.Offers) > len(r.Offers)
	}
	for k := range h.Offers {
		a, b := &r.Offers[k], &h.Offers[k]
		if equal(a.Quantity, b.Quantity) && equal(a.Price, b.Price) && *a.Currency == *b.Currency {
			continue
		}
		return equal(a.Price, b.Price)
	}
	return false
}

// findIn reads one stream.
func findIn(f *text.Folded, lang string) Result {
	p := parsers.Get().(*parser)
	defer p.release()
	p.s, p.f, p.lang = markWideCommas(unleet(f.Text), f), f, lang
	p.scan()
	if len(p.items) == 0 {
		return Result{}
	}
	p.declare()
	p.nameDollars()
	p.resolveBare()
	p.pair()
	p.pairLots()
	p.cheaperTiers()
	p.alternatives()
	p.attachMinimums()
	p.dearerLots()
	p.common = p.commonCurrency()
	return p.result()
}

// parsers are those that are not in use. They keep the memory of their items and
// edges, in which there is no text.
var parsers = sync.Pool{New: func() any { return new(parser) }}

// release gives p back. Nothing that it found holds memory of it.
func (p *parser) release() {
	*p = parser{items: p.items[:0], room: p.room[:0]}
	parsers.Put(p)
}

// result turns the paired items into offers, quantities and stock.
func (p *parser) result() Result {
	r := Result{Cut: p.cut}
	prices, quantities := p.counts()
	r.Offers, p.values = makeRoom[Found](prices), makeRoom[values](prices)
	r.Quantities = makeRoom[Quantity](quantities)
	for i := range p.items {
		switch it := &p.items[i]; it.kind {
		case price:
			p.addOffer(&r, it)
		case quantity:
			p.addQuantity(&r, it)
		}
	}
	r.Available = p.available()
	return r
}

// counts returns how many items are prices, and how many are quantities.
func (p *parser) counts() (prices, quantities int) {
	for i := range p.items {
		switch p.items[i].kind {
		case price:
			prices++
		case quantity:
			quantities++
		}
	}
	return prices, quantities
}

// makeRoom returns an empty list with room for n, or for as many as there may
// be; nil for none.
func makeRoom[T any](n int) []T {
	if n == 0 {
		return nil
	}
	return make([]T, 0, min(n, leak.MaxOffers))
}

// commonCurrency returns the foreign currency in which the text names all prices
// that name one, "" if there is none: "20u each, 100 for 1500".
func (p *parser) commonCurrency() string {
	if p.declared.code != "" {
		return p.declared.code
	}
	common := ""
	for i := range p.items {
		it := &p.items[i]
		if it.kind != price || it.cur == "" {
			continue
		}
		if it.yuan || common != "" && common != it.cur {
			return ""
		}
		common = it.cur
	}
	return common
}

func (p *parser) addOffer(r *Result, it *item) {
	var o leak.Offer
	p.offer(&o, it)
	start, end := it.start, it.end
	if it.pair >= 0 {
		start, end = min(start, p.items[it.pair].start), max(end, p.items[it.pair].end)
	}
	for k := range r.Offers {
		if !it.again && sameOffer(&r.Offers[k].Offer, &o) {
			complete(&r.Offers[k].Offer, &o)
			return
		}
	}
	if len(r.Offers) == leak.MaxOffers {
		r.Cut = true
		return
	}
	s, e := p.f.Source(start, end)
	r.Offers = append(r.Offers, Found{Offer: o, Start: s, End: e})
}

// values are what an offer points at.
type values struct {
	price, priceMax, quantity, unitPrice, minimum float64
	currency, unit, per                           string
}

// offer fills o with what a price item and its partners state.
func (p *parser) offer(o *leak.Offer, it *item) {
	p.values = append(p.values, values{})
	v := &p.values[len(p.values)-1]
	v.price, v.currency = it.n.float(), it.cur
	o.Price, o.Currency = &v.price, &v.currency
	if it.max.m != 0 {
		v.priceMax = it.max.float()
		o.PriceMax = &v.priceMax
	}
	if it.cur == "" && p.common != "" {
		v.currency, o.AssumedCurrency = p.common, true
	} else if it.cur == "" || it.yuan {
		v.currency, o.AssumedCurrency = p.assume(it), it.cur == "" || p.home() != ""
	}
	qty, unit := p.buys(it)
	if unit[1] > unit[0] {
		s, e := p.f.Source(unit[0], unit[1])
		v.unit = p.f.Original[s:e]
		o.Unit = &v.unit
	}
	if qty.m > 0 {
		v.quantity, v.unitPrice = qty.float(), quotient(it.n, qty)
		o.Quantity, o.UnitPrice = &v.quantity, &v.unitPrice
	}
	if it.minimum.m > 0 {
		v.minimum = it.minimum.float()
		o.Minimum = &v.minimum
	}
	if it.per != "" {
		v.per = it.per
		o.Per = &v.per
	}
}

// buys returns how many a price buys and the span of the unit: of its own
// "per", else of the quantity it is paired with. A lone price is for one.
func (p *parser) buys(it *item) (num, [2]int) {
	switch {
	case it.perQty.m > 0:
		return it.perQty, it.unit
	case it.pair >= 0:
		return p.items[it.pair].n, p.items[it.pair].unit
	}
	return num{m: 1}, it.unit
}

// assume returns the currency of a price that names none.
func (p *parser) assume(it *item) string {
	c := p.assumeByScript(it)
	if c == "CNY" && p.home() != "" {
		return p.region
	}
	return c
}

func (p *parser) assumeByScript(it *item) string {
	if it.yuan {
		return "CNY"
	}
	_, unit := p.buys(it)
	if unit[1] > unit[0] {
		switch scriptAt(p.s, unit[0]) {
		case han:
			return "CNY"
		case hangul:
			return "KRW"
		}
	}
	switch p.lang {
	case "zh":
		return "CNY"
	case "ko":
		return "KRW"
	case "en":
		return "USD"
	}
	switch p.mainScript() {
	case han:
		return "CNY"
	case hangul:
		return "KRW"
	}
	return "USD"
}

func (p *parser) addQuantity(r *Result, it *item) {
	if len(r.Quantities) == leak.MaxOffers {
		r.Cut = true
		return
	}
	q := Quantity{Value: it.n.float()}
	q.Start, q.End = p.f.Source(it.start, it.end)
	if it.unit[1] > it.unit[0] {
		s, e := p.f.Source(it.unit[0], it.unit[1])
		q.Unit = p.f.Original[s:e]
	}
	r.Quantities = append(r.Quantities, q)
}

// available returns the stock: the largest quantity with a stock word, else
// the largest that no price buys and that is no condition of one.
func (p *parser) available() *int64 {
	var best *item
	for i := range p.items {
		it := &p.items[i]
		if it.kind != quantity || it.least || it.paired || it.aside || it.n.less(num{m: 1}) || !it.stock && it.n.less(num{m: 10}) {
			continue
		}
		if best == nil || it.stock && !best.stock || it.stock == best.stock && it.n.float() > best.n.float() {
			best = it
		}
	}
	if best == nil || best.n.float() > maxStock {
		return nil
	}
	v := int64(best.n.float())
	return &v
}

// maxStock is more than there is of anything; a larger number is a slip.
const maxStock = 1e15

// sameOffer reports whether two offers say the same, as a title and a body do.
func sameOffer(a, b *leak.Offer) bool {
	return equal(a.Quantity, b.Quantity) && equal(a.Price, b.Price) && equal(a.PriceMax, b.PriceMax) &&
		*a.Currency == *b.Currency && (a.Unit == nil || b.Unit == nil || *a.Unit == *b.Unit) && (a.Minimum == nil || b.Minimum == nil || *a.Minimum == *b.Minimum)
}

// complete adds to a what only b says.
func complete(a, b *leak.Offer) {
	if a.Unit == nil {
		a.Unit = b.Unit
	}
	if a.Minimum == nil {
		a.Minimum = b.Minimum
	}
	if a.Per == nil {
		a.Per = b.Per
	}
	a.AssumedCurrency = a.AssumedCurrency && b.AssumedCurrency
}

func equal(a, b *float64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
