package query

import (
	"math"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// ListingDocument returns what queries see of a listing.
func ListingDocument(l *leak.Listing) *Document {
	b := newBuilder(listings)
	b.prose("title", l.Title)
	b.prose("body", l.Body)
	b.prose("files", strings.Join(l.Files, "\n"))
	b.source(l.Source, l.Seller, l.URL)
	b.keyword("site_id", l.SiteID)
	b.reading(&l.Reading)
	b.offers(l.Offers)
	b.contacts(l.Contacts)
	b.identifiers(l.Identifiers)
	b.findings(l.Findings)
	b.keyword("list", l.Lists...)
	b.keyword("case", l.CaseID)
	b.count("available", l.Available)
	b.number("revision", float64(l.Revision))
	b.flag("sold_out", l.SoldOut)
	b.flag("gone", l.Gone != nil)
	b.flag("pending", l.MatchedRevision != l.Revision)
	b.instant("first_seen", &l.FirstSeen)
	b.instant("last_seen", &l.LastSeen)
	b.instant("changed_at", &l.Changed)
	b.instant("fetched_at", &l.Fetched)
	b.instant("posted_at", l.PostedAt)
	b.instant("gone_at", l.Gone)
	b.keyword("cut", l.Cut...)
	b.number("text_version", float64(l.TextVersion))
	b.keyword("rules_version", l.RulesVersion)
	b.number("redaction_version", float64(l.RedactionVersion))
	b.keyword("id", l.ID)
	return b.document
}

// AlertDocument returns what queries see of an alert.
func AlertDocument(a *leak.Alert) *Document {
	b := newBuilder(alerts)
	b.prose("title", a.Title)
	b.prose("excerpt", a.Excerpt)
	b.keyword("watch", a.Watch)
	b.keyword("watch_name", a.WatchName)
	b.keyword("state", string(a.State))
	b.keyword("verdict", string(a.Verdict))
	b.keyword("owner", a.Owner)
	b.keyword("silence", a.Silence)
	b.keyword("case", a.CaseID)
	b.keyword("listing", a.Listing)
	b.number("revision", float64(a.Revision))
	b.source(a.Source, a.Seller, a.URL)
	b.reading(&leak.Reading{Hit: a.Intent != leak.Mention, Intent: a.Intent, Score: a.Score,
		Severity: a.Severity, Language: a.Language, Categories: a.Categories})
	b.offers(a.Offers)
	b.contacts(a.Contacts)
	b.count("available", a.Available)
	b.instant("matched", &a.Times.Matched)
	b.instant("posted_at", a.Times.Posted)
	b.instant("fetched_at", &a.Times.Fetched)
	b.instant("queued_at", a.Times.Queued)
	b.instant("delivered_at", a.Times.Delivered)
	b.instant("opened_at", a.Times.Opened)
	b.keyword("id", a.ID)
	return b.document
}

// CaseDocument returns what queries see of a case.
func CaseDocument(c *leak.Case) *Document {
	b := newBuilder(cases)
	b.prose("title", c.Title)
	b.keyword("severity", string(c.Severity))
	b.keyword("source", c.Sources...)
	b.keyword("seller", c.Sellers...)
	for _, s := range c.Sightings {
		b.keyword("listing", s.Listing)
		b.keyword("source", s.Source)
		b.keyword("seller", s.Seller)
		b.keyword("signal", s.Signal)
	}
	b.number("sightings", float64(len(c.Sightings)))
	b.instant("opened", &c.Opened)
	b.instant("last_seen", &c.LastSeen)
	b.keyword("id", c.ID)
	return b.document
}

// RevisionDocument returns what queries see of a revision: what changed and
// the facets of its snapshot, not its texts. A query over listings is put to
// the past by matching it against ListingDocument of the snapshot.
func RevisionDocument(r *leak.Revision) *Document {
	b := newBuilder(revisions)
	b.keyword("listing", r.Listing)
	b.number("revision", float64(r.Number))
	for _, c := range r.Changes {
		b.keyword("change", c.Field)
	}
	b.instant("at", &r.At)
	b.source(r.Source, r.Snapshot.Seller, r.Snapshot.URL)
	b.keyword("site_id", r.Snapshot.SiteID)
	b.reading(&r.Snapshot.Reading)
	b.keyword("id", r.ID)
	return b.document
}

// A builder fills a document by the rules of a schema.
type builder struct {
	schema   *Schema
	document *Document
}

func newBuilder(s *Schema) *builder {
	return &builder{s, &Document{Keywords: map[string][]string{}, Numbers: map[string][]float64{}}}
}

func (b *builder) source(id, seller, address string) {
	b.keyword("source", id)
	b.keyword("seller", seller)
	b.keyword("url", address)
	if u, err := url.Parse(address); err == nil {
		b.keyword("host", u.Hostname())
	}
}

func (b *builder) reading(r *leak.Reading) {
	b.flag("hit", r.Hit)
	b.keyword("category", words(r.Categories...)...)
	b.keyword("intent", string(r.Intent))
	b.keyword("severity", string(r.Severity))
	b.keyword("language", r.Language)
	b.number("score", r.Score)
}

func (b *builder) offers(offers []leak.Offer) {
	for i := range offers {
		b.document.Offers = append(b.document.Offers, b.offer(&offers[i]))
	}
}

func (b *builder) offer(o *leak.Offer) OfferDocument {
	d := OfferDocument{Keywords: map[string][]string{}, Numbers: map[string][]float64{}}
	fields := b.schema.offerByName
	for _, c := range o.Categories {
		addKeyword(d.Keywords, fields["category"], string(c))
	}
	for name, s := range map[string]*string{"unit": o.Unit, "currency": o.Currency, "per": o.Per} {
		if s != nil {
			addKeyword(d.Keywords, fields[name], *s)
		}
	}
	addKeyword(d.Keywords, fields["assumed_currency"], boolWord(o.AssumedCurrency))
	for name, n := range map[string]*float64{"quantity": o.Quantity, "price": o.Price, "price_max": o.PriceMax,
		"unit_price": o.UnitPrice, "unit_price_usd": o.UnitPriceUSD, "minimum": o.Minimum} {
		if n != nil {
			addNumber(d.Numbers, name, *n)
		}
	}
	return d
}

func (b *builder) contacts(contacts []leak.Contact) {
	for _, c := range contacts {
		b.keyword("contact", c.Value)
		b.keyword("contact_kind", string(c.Kind))
		b.keyword(contactField(c.Kind), c.Value)
	}
}

func (b *builder) identifiers(identifiers []leak.Identifier) {
	for _, i := range identifiers {
		b.keyword("identifier_kind", string(i.Kind))
		b.keyword("identifier", i.Code)
		b.keyword(identifierField(i.Kind), i.Code)
	}
}

func (b *builder) findings(findings []leak.Finding) {
	for _, f := range findings {
		b.keyword("rule", f.Rule)
		b.keyword("step", f.Steps...)
	}
}

// keyword adds values of a field of the schema; what is no field of it, such
// as a contact kind from a newer version, is left out.
func (b *builder) keyword(field string, values ...string) {
	f, ok := b.schema.byName[field]
	if !ok {
		return
	}
	for _, v := range values {
		addKeyword(b.document.Keywords, f, v)
	}
}

func (b *builder) flag(field string, v bool) { b.keyword(field, boolWord(v)) }

func (b *builder) number(field string, v float64) { addNumber(b.document.Numbers, field, v) }

func (b *builder) count(field string, v *int64) {
	if v != nil {
		b.number(field, float64(*v))
	}
}

func (b *builder) instant(field string, t *time.Time) {
	if t != nil && !t.IsZero() {
		b.number(field, float64(t.UnixMilli()))
	}
}

func (b *builder) prose(field, s string) {
	if s == "" {
		return
	}
	f := text.Fold(s)
	b.document.Texts = append(b.document.Texts, Text{Field: field, Redacted: s,
		Plain: plainTokens(f), Unhidden: unhiddenTokens(f)})
}

// addKeyword adds the normal form of v, once.
func addKeyword(to map[string][]string, f Field, v string) {
	if v = f.normal(v); v != "" && !slices.Contains(to[f.Name], v) {
		to[f.Name] = append(to[f.Name], v)
	}
}

func addNumber(to map[string][]float64, field string, v float64) {
	if !math.IsNaN(v) && !math.IsInf(v, 0) {
		to[field] = append(to[field], v)
	}
}

func boolWord(v bool) string {
	if v {
		return "true"
	}
	return "false"
}

func spaceOrControl(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
