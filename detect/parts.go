package detect

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect/contact"
	"github.com/leakwatch/leakwatch/detect/ident"
	"github.com/leakwatch/leakwatch/detect/offer"
	"github.com/leakwatch/leakwatch/leak"
)

// maxPersonal is how many phones, and how many e-mail addresses, of one
// listing may be taken for the seller's.
const maxPersonal = 2

// sellerContacts appends the contacts that are the seller's: not those that
// seem to be someone else's. A value that could be a victim's (a phone, an
// e-mail, a handle that is one of them) counts only next to a cue, at most
// maxPersonal of a kind, and not in a row that holds another identifier.
func sellerContacts(out []contact.Found, d *document, found []contact.Found, ids []ident.Found) []contact.Found {
	phones, mails := 0, 0
	for i := range found {
		c := &found[i]
		if c.Doubtful {
			continue
		}
		kind, personal := personalKind(c, ids)
		if !personal {
			out = append(out, *c)
			continue
		}
		if kind != leak.Phone && kind != leak.Email {
			continue // nobody is reached by the number of a document
		}
		taken := &phones
		if kind == leak.Email {
			taken = &mails
		}
		if c.Cue && *taken < maxPersonal && !sharesRow(d, c, ids) {
			*taken++
			out = append(out, *c)
		}
	}
	return out
}

// personalContact reports whether a kind of contact is one that victims have
// too.
func personalContact(kind leak.ContactKind) (leak.IdentifierKind, bool) {
	switch kind {
	case leak.PhoneContact:
		return leak.Phone, true
	case leak.EmailContact:
		return leak.Email, true
	}
	return "", false
}

// isSeller reports whether a found contact is among the seller's.
func isSeller(sellers []contact.Found, c contact.Found) bool {
	for _, s := range sellers {
		if s.Start == c.Start && s.End == c.End {
			return true
		}
	}
	return false
}

// personalKind reports whether a contact value is also an identifier, and of
// what kind.
func personalKind(c *contact.Found, ids []ident.Found) (leak.IdentifierKind, bool) {
	if kind, personal := personalContact(c.Kind); personal {
		return kind, true
	}
	for i := range ids {
		if id := &ids[i]; id.Start < c.End && c.Start < id.End {
			return id.Kind, true
		}
	}
	return "", false
}

// sharesRow reports whether the line of a contact holds an identifier other
// than the contact itself.
func sharesRow(d *document, c *contact.Found, ids []ident.Found) bool {
	s := d.original()
	start := strings.LastIndexByte(s[:c.Start], '\n') + 1
	end := len(s)
	if i := strings.IndexByte(s[c.End:], '\n'); i >= 0 {
		end = c.End + i
	}
	for i := range ids {
		if id := &ids[i]; id.Start < end && start < id.End && (id.End <= c.Start || c.End <= id.Start) {
			return true
		}
	}
	return false
}

// tooLong is a number that no price or quantity reaches, but phone and ID
// numbers do.
const tooLong = 1e10

// withoutIdentifiers drops offers whose numbers are, or may be, numbers that
// identify a victim: they would stand in the index in clear.
func withoutIdentifiers(found []offer.Found, ids []ident.Found) []offer.Found {
	return slices.DeleteFunc(found, func(o offer.Found) bool {
		for _, n := range []*float64{o.Price, o.PriceMax, o.Quantity, o.Minimum} {
			if n != nil && *n >= tooLong {
				return true
			}
		}
		return slices.ContainsFunc(ids, func(id ident.Found) bool {
			return id.Kind != leak.NameRow && id.Start < o.End && o.Start < id.End && holdsNumber(o, id)
		})
	})
}

// holdsNumber reports whether one of the numbers of an offer is the
// identifier's.
func holdsNumber(o offer.Found, id ident.Found) bool {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, id.Canonical)
	for _, n := range []*float64{o.Price, o.PriceMax, o.Quantity, o.Minimum} {
		if n != nil && *n >= 1e6 && strings.Contains(digits, strconv.FormatFloat(*n, 'f', -1, 64)) {
			return true
		}
	}
	return false
}

// documentNumber is a handle that looks like the number of a passport or an
// ID card: one letter and eight or nine digits.
func documentNumber(s string) bool {
	if len(s) < 9 || len(s) > 10 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	return strings.Trim(s[1:], "0123456789") == ""
}

// contacts lists the seller's contacts, each once.
func contacts(r *result) []leak.Contact {
	out := []leak.Contact{}
	for i := range r.sellers {
		c := &r.sellers[i]
		if slices.Contains(out, c.Contact) || len(r.victims) > 0 && documentNumber(c.Value) {
			continue
		}
		if len(out) == leak.MaxContacts {
			r.cut = append(r.cut, "contacts")
			break
		}
		out = append(out, c.Contact)
	}
	return out
}

// identifiers lists the values that identify victims, each once, as masks and
// codes.
func (e *Engine) identifiers(r *result) []leak.Identifier {
	out := []leak.Identifier{}
	if len(r.victims) == 0 {
		return out
	}
	seen := map[leak.Identifier]bool{}
	for _, f := range r.victims {
		id := leak.Identifier{Kind: f.Kind, Masked: leak.Mask(f.Kind, f.Keep)}
		if !f.Partial && f.Canonical != "" {
			id.Code = e.keys.Code(f.Kind, f.Canonical)
		}
		if seen[id] {
			continue
		}
		if len(out) == leak.MaxIdentifiers {
			r.cut = append(r.cut, "identifiers")
			break
		}
		seen[id] = true
		out = append(out, id)
	}
	return out
}

// isSellers reports whether an identifier is the value of one of the seller's
// contacts.
func isSellers(sellers []contact.Found, f ident.Found) bool {
	return slices.ContainsFunc(sellers, func(c contact.Found) bool { return c.Start < f.End && f.Start < c.End })
}

// without drops the identifiers that are the seller's contacts, wherever they
// stand again.
func without(ids []ident.Found, sellers []contact.Found) []ident.Found {
	if len(ids) == 0 || len(sellers) == 0 {
		return slices.Clone(ids)
	}
	own := map[string]bool{}
	for _, f := range ids {
		if f.Canonical != "" && isSellers(sellers, f) {
			own[string(f.Kind)+f.Canonical] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(ids), func(f ident.Found) bool {
		return own[string(f.Kind)+f.Canonical] || isSellers(sellers, f)
	})
}

// offers lists the offers with their categories and dollar prices.
func (e *Engine) offers(r *result) []leak.Offer {
	out := make([]leak.Offer, 0, min(len(r.offers.Offers), leak.MaxOffers))
	n := newNearby(e.lexicon, r)
	for i := range r.offers.Offers {
		f := &r.offers.Offers[i]
		if len(out) == leak.MaxOffers {
			r.cut = append(r.cut, "offers")
			break
		}
		o := f.Offer
		o.Categories = n.of(span{f.Start, f.End})
		if rate, ok := e.rate(o.Currency); ok && o.UnitPrice != nil {
			usd := *o.UnitPrice * rate
			o.UnitPriceUSD = &usd
		}
		out = append(out, o)
	}
	return out
}

func (e *Engine) rate(currency *string) (float64, bool) {
	if currency == nil {
		return 0, false
	}
	rate, ok := e.rates[*currency]
	return rate, ok
}

// nearby tells which of the offered categories stand in the clause of a price.
type nearby struct {
	lexicon *Lexicon
	text    string
	*verdict
	longest int // bytes of a match
}

func newNearby(l *Lexicon, r *result) nearby {
	n := nearby{lexicon: l, text: r.doc.original(), verdict: r.verdict}
	for i := range n.instances {
		n.longest = max(n.longest, n.instances[i].end-n.instances[i].start)
	}
	return n
}

// of returns the offered categories that stand in the clause of a
// price, before those of the whole text.
func (n *nearby) of(at span) []leak.Category {
	clause := clauseAround(n.text, at)
	var named categorySet
	i := sort.Search(len(n.instances), func(i int) bool { return n.instances[i].start > clause.start-n.longest })
	for ; i < len(n.instances) && n.instances[i].start < clause.end; i++ {
		if in := &n.instances[i]; in.undone == counts && in.overlaps(clause) {
			named |= n.lexicon.senses[in.rule].names
		}
	}
	var out []leak.Category
	for i := range n.candidates {
		if c := &n.candidates[i]; named.has(c.index) && slices.Contains(n.categories, c.category) {
			out = append(out, c.category)
		}
	}
	if len(out) == 0 {
		return n.categories
	}
	return out
}

// clauseReach bounds the clause of a price, in bytes on either side.
const clauseReach = 120

// clauseAround returns the clause that holds at: up to a line break or a mark
// that ends a clause.
func clauseAround(s string, at span) span {
	lo, hi := max(0, at.start-clauseReach), min(len(s), at.end+clauseReach)
	for lo > 0 && !utf8.RuneStart(s[lo]) {
		lo--
	}
	for i := at.start - 1; i >= lo; i-- {
		if endsClause(s, i, at.start) {
			lo = i
			break
		}
	}
	for i := at.end; i < hi; i++ {
		if endsClause(s, i, hi) {
			hi = i
			break
		}
	}
	return span{lo, hi}
}

// endsClause reports whether a line break or a mark that ends a clause stands
// at s[i], before the end of what is looked at.
func endsClause(s string, i, end int) bool {
	switch s[i] {
	case '\n', ';', '!', ',', '|':
		return true
	case "。"[0], "；"[0]:
		if i+wideBytes > end {
			return false
		}
		switch s[i : i+wideBytes] {
		case "。", "；", "！", "，":
			return true
		}
	}
	return false
}
