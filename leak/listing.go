package leak

import "time"

// Raw is one offer or post as a site kind read it from a page, before
// detection and masking. It lives in memory only: it is never stored, logged
// or shown. Texts are plain text (no markup), in their original spelling.
type Raw struct {
	Source   string            // id of the source
	SiteID   string            // the site's own id of the listing, "" where the kind knows none
	URL      string            // absolute address of the listing, as fetched
	Title    string            // may be empty for a post
	Body     string            // text with line breaks; table cells separated by tabs
	Seller   string            // name shown by the site, "" if none
	Price    string            // price as the site shows it apart from the text ("¥ 3.50"), "" if none
	Currency string            // ISO code where the markup states it, else ""
	Sold     *int64            // sold counter where the site shows one
	Stock    *int64            // stock counter where the site shows one
	SoldOut  bool              // the site says that the offer is no longer available
	Files    []string          // names of attachments and images
	Extra    map[string]string // further labelled fields of the page, for detection only
	PostedAt time.Time         // the site's own time, zero if unknown
	Fetched  time.Time         // when the page was received
	Cut      []string          // caps that were hit while the page was read
}

// Listing is one offer or post after masking: the unit that is stored,
// searched, matched and shown. No field of it holds a value that identifies a
// victim. The JSON form is the stored document; field names are those of the
// query language where both exist.
type Listing struct {
	ID       string     `json:"id"`
	Source   string     `json:"source"`
	SiteID   string     `json:"site_id,omitempty"`
	URL      string     `json:"url"`
	Title    string     `json:"title"`
	Body     string     `json:"body"`
	Seller   string     `json:"seller"`
	Files    []string   `json:"files,omitempty"`
	SoldOut  bool       `json:"sold_out,omitempty"`
	PostedAt *time.Time `json:"posted_at"`
	Fetched  time.Time  `json:"fetched_at"` // the fetch that produced this revision

	FirstSeen time.Time  `json:"first_seen,omitzero"` // commit time of revision 1; the default order
	LastSeen  time.Time  `json:"last_seen,omitzero"`  // last crawl that saw it listed
	Changed   time.Time  `json:"changed_at,omitzero"` // commit time of this revision
	Gone      *time.Time `json:"gone_at,omitempty"`

	Revision        int `json:"revision"`         // 1 for the first
	MatchedRevision int `json:"matched_revision"` // the revision the watches were last matched against

	Reading

	Lists   []string `json:"lists,omitempty"` // names of watched lists ("@name") that a contact or identifier is on
	Cut     []string `json:"cut,omitempty"`   // caps that were hit
	CaseID  string   `json:"case,omitempty"`
	Content string   `json:"content"` // hash of the fields whose change makes a revision

	TextVersion      int    `json:"text_version"`
	RulesVersion     string `json:"rules_version"`
	RedactionVersion int    `json:"redaction_version"`
}

// Reading is what detection says of a text. With an id it is the document
// that `leakwatch analyze` prints; that form is a stable contract: absent is
// null, never 0.
type Reading struct {
	Hit         bool         `json:"hit"`
	Intent      Intent       `json:"intent"`
	Score       float64      `json:"score"` // 0 to 1
	Severity    Severity     `json:"severity"`
	Language    string       `json:"language"` // zh, en, ko, mixed or und
	Categories  []Category   `json:"categories"`
	Offers      []Offer      `json:"offers"`
	Available   *int64       `json:"available"` // stock or dump size, where it is not what a price buys
	Contacts    []Contact    `json:"contacts"`
	Identifiers []Identifier `json:"identifiers"`
	Findings    []Finding    `json:"findings"`
	Reasons     []Reason     `json:"reasons"`
}

// Offer says what one price buys.
type Offer struct {
	Categories      []Category `json:"categories"`
	Quantity        *float64   `json:"quantity"` // 1 where the price is per item
	Unit            *string    `json:"unit"`     // as written: 张 套 条 건 장 set …
	Price           *float64   `json:"price"`    // the low end of a range
	PriceMax        *float64   `json:"price_max"`
	Currency        *string    `json:"currency"` // ISO 4217, or USDT BTC ETH XMR
	UnitPrice       *float64   `json:"unit_price"`
	UnitPriceUSD    *float64   `json:"unit_price_usd,omitempty"` // by the dated rate table of the config
	Minimum         *float64   `json:"minimum"`                  // least quantity at this price
	Per             *string    `json:"per"`                      // day or month, for rent
	AssumedCurrency bool       `json:"assumed_currency"`
}

// Contact is a way to reach the seller, as analysts hunt for it: the handle
// without @, cue or host, in its original case; a phone as the digits
// written.
type Contact struct {
	Kind  ContactKind `json:"kind"`
	Value string      `json:"value"`
}

// Identifier is a value that identifies a victim, as a mask and a keyed code.
type Identifier struct {
	Kind   IdentifierKind `json:"kind"`
	Masked string         `json:"masked"`
	Code   string         `json:"code"` // keyid:hex, "" where the text holds only part of the value
}

// Finding is one match of one rule. Start and End count Unicode code points
// of the field they point into: of the input in the output of `analyze`, of
// the redacted text in a stored listing.
type Finding struct {
	Rule  string   `json:"rule"`
	Field string   `json:"field"` // title, body, seller, url or files
	Start int      `json:"start"`
	End   int      `json:"end"`
	Steps []string `json:"steps"` // what had to be undone to make it match, in order; empty if nothing
}

// Reason is one thing that raised or lowered the score.
type Reason struct {
	Signal string  `json:"signal"` // stable id, such as "intent:sell" or "context:news"
	Weight float64 `json:"weight"` // what it added to the score before calibration
	Text   string  `json:"text"`   // for people; holds no identifier
}

// Revision is the state of a listing after a change of a field that matters.
type Revision struct {
	ID       string    `json:"id"` // listing id + number
	Listing  string    `json:"listing"`
	Source   string    `json:"source"`
	Number   int       `json:"number"`
	At       time.Time `json:"at"`
	Changes  []Change  `json:"changes"`
	Snapshot Listing   `json:"snapshot"`
}

// Change is one field that differs from the revision before.
type Change struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}
