package query

import (
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// FieldKind says what values a field has and so how it is asked for.
type FieldKind string

// The kinds of fields.
const (
	Keyword FieldKind = "keyword" // equal or beginning with
	Number  FieldKind = "number"  // ranges
	Time    FieldKind = "time"    // ranges; Unix milliseconds in documents
	Prose   FieldKind = "text"    // words, phrases, regexes
	Offers  FieldKind = "offer"   // offer:( … )
)

// Field is one field of a collection: what may stand before a colon.
type Field struct {
	Name    string
	Kind    FieldKind
	Doc     string   // one line for the reference
	Values  []string // all values there are, nil if open
	Ordered bool     // Values are ordered: field:>=value asks for it and those after it
	Virtual bool     // holds no values of its own: text and offer

	form   form                // how typed values are read
	normal func(string) string // of a keyword; documents and queries use the same
}

// A form is a way of reading the values of a field beside what its kind says.
type form int

const (
	plain      form = iota
	money           // a number with its currency
	dollars         // a number of US dollars
	contact         // a handle, or @list
	identifier      // a value to be coded, or @list
	list            // the name of a list
	yesno           // true or false
)

// Schema is the fields of one collection.
type Schema struct {
	Name    string
	Fields  []Field  // in the order of the reference
	Offer   []Field  // the fields of one offer, for offer:( … ); nil if documents have none
	Default []string // the text fields that a bare word searches

	byName, offerByName map[string]Field
}

// Field returns the field of that name.
func (s *Schema) Field(name string) (Field, bool) {
	f, ok := s.byName[name]
	return f, ok
}

// OfferField returns the field of an offer of that name.
func (s *Schema) OfferField(name string) (Field, bool) {
	f, ok := s.offerByName[name]
	return f, ok
}

// The collections of the archive that a query can speak of. The schemas are
// never changed.
var (
	listings  = newSchema("listings", []string{"title", "body"}, offerFields(), listingFields())
	alerts    = newSchema("alerts", []string{"title", "excerpt"}, offerFields(), alertFields())
	cases     = newSchema("cases", []string{"title"}, nil, caseFields())
	revisions = newSchema("revisions", nil, nil, revisionFields())
)

// Schemas returns the schemas of all collections.
func Schemas() []*Schema { return []*Schema{listings, alerts, cases, revisions} }

// SchemaOf returns the schema of a collection of the archive by its name, nil
// if there is none.
func SchemaOf(collection string) *Schema {
	for _, s := range Schemas() {
		if s.Name == collection {
			return s
		}
	}
	return nil
}

func newSchema(name string, words []string, offer, fields []Field) *Schema {
	s := &Schema{Name: name, Fields: fields, Offer: offer, Default: words,
		byName: map[string]Field{}, offerByName: map[string]Field{}}
	for _, f := range fields {
		s.byName[f.Name] = f
	}
	for _, f := range offer {
		s.offerByName[f.Name] = f
	}
	return s
}

func listingFields() []Field {
	return slices.Concat(
		[]Field{
			virtual("text", Prose, "title and body; what a bare word searches"),
			prose("title", "the title"),
			prose("body", "the text"),
			prose("files", "names of attached files and images"),
			virtual("offer", Offers, "one single offer that satisfies all that stands in the parentheses"),
		},
		aboutSource(), aboutReading(), contactFields(), identifierFields(),
		[]Field{
			{Name: "list", Kind: Keyword, form: list, normal: exact, Doc: "a list of the config that a contact or identifier is on"},
			keyword("rule", exact, "a detection rule with a finding"),
			keyword("step", exact, "what had to be undone for a finding: pinyin, separator, lookalike …"),
			keyword("case", exact, "the case it belongs to"),
			number("available", "stock or dump size, where it is not what the price buys"),
			number("revision", "1 for the first state of the listing"),
			boolean("sold_out", "the site says that it is no longer available"),
			boolean("gone", "the site no longer shows it"),
			boolean("pending", "the watches have not yet seen this revision"),
			instant("first_seen", "when it was first stored; the default order"),
			instant("last_seen", "the last crawl that saw it"),
			instant("changed_at", "when this revision was stored"),
			instant("fetched_at", "the fetch that produced this revision"),
			instant("posted_at", "the site's own time"),
			instant("gone_at", "when the site stopped showing it"),
			keyword("cut", exact, "a cap that was hit"),
			number("text_version", "of the normaliser that read it"),
			keyword("rules_version", exact, "of the rules that read it"),
			number("redaction_version", "of the masking"),
			keyword("id", exact, "the listing's fingerprint"),
		})
}

func alertFields() []Field {
	return slices.Concat(
		[]Field{
			virtual("text", Prose, "title and excerpt; what a bare word searches"),
			prose("title", "the listing's title"),
			prose("excerpt", "the excerpt that the alert shows"),
			virtual("offer", Offers, "one single offer that satisfies all that stands in the parentheses"),
			keyword("watch", exact, "the watch, by id"),
			keyword("watch_name", folded, "the watch, by name"),
			closed("state", words(leak.Open, leak.Acknowledged, leak.Closed), "where it is in its life"),
			closed("verdict", words(leak.Verdicts()...), "why it was closed"),
			keyword("owner", folded, "who took it"),
			keyword("silence", exact, "the silence that muted it"),
			keyword("case", exact, "the case it belongs to"),
			keyword("listing", exact, "the listing's fingerprint"),
			number("revision", "the revision of the listing that matched"),
		},
		aboutSource(), aboutReading(), contactFields(),
		[]Field{
			number("available", "stock or dump size, where it is not what the price buys"),
			instant("matched", "when the alert was stored; the default order"),
			instant("posted_at", "the site's own time"),
			instant("fetched_at", "the fetch that produced the revision"),
			instant("queued_at", "when its notification was queued"),
			instant("delivered_at", "the first delivery that a receiver acknowledged"),
			instant("opened_at", "when it was first opened in the console"),
			keyword("id", exact, "the alert's fingerprint"),
		})
}

func caseFields() []Field {
	return []Field{
		prose("title", "the title; what a bare word searches"),
		severity("severity"),
		keyword("source", exact, "a source with a sighting"),
		keyword("seller", folded, "a seller of a sighting"),
		keyword("listing", exact, "a listing of the case"),
		closed("signal", []string{"first", "same_text", "similar_text", "same_contact"}, "what joined a sighting"),
		number("sightings", "how many listings it has"),
		instant("opened", "when the first sighting was stored"),
		instant("last_seen", "the last sighting; the default order"),
		keyword("id", exact, "the case's fingerprint"),
	}
}

func revisionFields() []Field {
	return slices.Concat(
		[]Field{
			keyword("listing", exact, "the listing's fingerprint"),
			number("revision", "its number, 1 for the first state of the listing"),
			keyword("change", exact, "a field that differs from the revision before"),
			instant("at", "when it was stored; the default order"),
		},
		aboutSource(), aboutReading(),
		[]Field{keyword("id", exact, "listing and number")})
}

func aboutSource() []Field {
	return []Field{
		keyword("source", exact, "the source, by id"),
		keyword("seller", folded, "the name the site shows"),
		keyword("url", exact, "the whole address; end it with * for all below it"),
		keyword("host", folded, "the host of the address"),
		keyword("site_id", exact, "the site's own id"),
	}
}

func aboutReading() []Field {
	return []Field{
		boolean("hit", "something is offered, not merely mentioned; hit:any for both"),
		closed("category", words(leak.Categories()...), "what kind of data"),
		closed("intent", words(leak.Intents()...), "what the author wants"),
		severity("severity"),
		closed("language", []string{"zh", "en", "ko", "mixed", "und"}, "of the text"),
		number("score", "how sure the detection is, 0 to 1"),
	}
}

func offerFields() []Field {
	return []Field{
		closed("category", words(leak.Categories()...), "what kind of data this offer sells"),
		number("quantity", "how many items the price buys"),
		keyword("unit", folded, "as written: 张 套 条 건 장 set …"),
		{Name: "price", Kind: Number, form: money, Doc: "the low end of the price, with its currency"},
		{Name: "price_max", Kind: Number, form: money, Doc: "the high end of a price range"},
		{Name: "unit_price", Kind: Number, form: money, Doc: "price per item, with its currency"},
		{Name: "unit_price_usd", Kind: Number, form: dollars, Doc: "price per item in US dollars, by the rates of the config"},
		keyword("currency", upper, "ISO 4217, or USDT BTC ETH XMR"),
		number("minimum", "least quantity at this price"),
		closed("per", []string{"day", "month"}, "what a rent is paid for"),
		boolean("assumed_currency", "the text does not name the currency"),
	}
}

func contactFields() []Field {
	out := []Field{
		{Name: "contact", Kind: Keyword, form: contact, normal: handle, Doc: "a way to reach the seller, or @list"},
		closed("contact_kind", words(leak.ContactKinds()...), "the channel of a contact"),
	}
	for _, k := range leak.ContactKinds() {
		out = append(out, Field{Name: contactField(k), Kind: Keyword, form: contact, normal: handle,
			Doc: "a contact on this channel"})
	}
	return out
}

func identifierFields() []Field {
	out := []Field{
		{Name: "identifier", Kind: Keyword, form: identifier, normal: exact, Doc: "a leaked value, coded as it is typed, or @list"},
		closed("identifier_kind", words(leak.IdentifierKinds()...), "the kind of a leaked value, shown masked"),
	}
	for _, k := range leak.IdentifierKinds() {
		out = append(out, Field{Name: identifierField(k), Kind: Keyword, form: identifier, normal: exact,
			Doc: "a leaked value of this kind"})
	}
	return out
}

func contactField(k leak.ContactKind) string       { return "contact." + string(k) }
func identifierField(k leak.IdentifierKind) string { return "identifier." + string(k) }

func virtual(name string, kind FieldKind, doc string) Field {
	return Field{Name: name, Kind: kind, Virtual: true, Doc: doc}
}

func prose(name, doc string) Field   { return Field{Name: name, Kind: Prose, Doc: doc} }
func number(name, doc string) Field  { return Field{Name: name, Kind: Number, Doc: doc} }
func instant(name, doc string) Field { return Field{Name: name, Kind: Time, Doc: doc} }

func keyword(name string, normal func(string) string, doc string) Field {
	return Field{Name: name, Kind: Keyword, normal: normal, Doc: doc}
}

func closed(name string, values []string, doc string) Field {
	return Field{Name: name, Kind: Keyword, Values: values, normal: lower, Doc: doc}
}

func boolean(name, doc string) Field {
	return Field{Name: name, Kind: Keyword, Values: []string{"true", "false"}, form: yesno, normal: lower, Doc: doc}
}

func severity(name string) Field {
	f := closed(name, words(leak.Severities()...), "how urgent; severity:>=high works")
	f.Ordered = true
	return f
}

func words[T ~string](values ...T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// exact keeps a value as it is but for what no screen shows: space around it,
// runs of space and control characters.
func exact(s string) string {
	cut, _ := leak.CutBytes(tidy(s), leak.MaxKeyword)
	return strings.TrimRight(cut, " ")
}

// folded is exact without the differences that sellers play with: case,
// width, Traditional and Simplified, zero-width characters.
func folded(s string) string { return exact(text.Fold(s).Text) }

func lower(s string) string { return exact(strings.ToLower(s)) }
func upper(s string) string { return exact(strings.ToUpper(s)) }

// handle brings a contact into the form in which the index has it: folded,
// without @, and a phone number as its digits alone.
func handle(s string) string {
	s = strings.TrimLeft(folded(s), "@ ")
	if s == "" || strings.Trim(s, "0123456789+-() .") != "" || !strings.ContainsAny(s, "0123456789") {
		return exact(s)
	}
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// tidy turns control characters and runs of space into single spaces, so that
// a value can stand in a log line and means the same however it was pasted.
func tidy(s string) string {
	return strings.Join(strings.FieldsFunc(s, spaceOrControl), " ")
}
