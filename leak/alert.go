package leak

import "time"

// AlertState says where an alert is in its life.
type AlertState string

// The states of an alert.
const (
	Open         AlertState = "open"
	Acknowledged AlertState = "acknowledged"
	Closed       AlertState = "closed"
)

// Verdict is the reason for which an alert was closed. It is a closed list,
// because verdicts feed the precision that is shown for a watch.
type Verdict string

// The verdicts.
const (
	Confirmed     Verdict = "confirmed"      // a true leak, handled
	FalsePositive Verdict = "false_positive" // not a leak at all
	AlreadyKnown  Verdict = "already_known"
	Duplicate     Verdict = "duplicate"
	NotOurs       Verdict = "not_ours"
	AcceptedRisk  Verdict = "accepted_risk"
	TestData      Verdict = "test_data"
)

// Verdicts returns all verdicts in the order in which screens offer them.
func Verdicts() []Verdict {
	return []Verdict{Confirmed, FalsePositive, AlreadyKnown, Duplicate, NotOurs, AcceptedRisk, TestData}
}

// Alert is a listing that satisfied a watch. It carries what a reader needs to
// decide, copied from the redacted listing as it was when it matched.
type Alert struct {
	ID        string     `json:"id"`
	Watch     string     `json:"watch"` // id of the watch; stays when the watch is edited
	WatchName string     `json:"watch_name"`
	Query     string     `json:"query"` // the query as it stood when it matched
	Severity  Severity   `json:"severity"`
	State     AlertState `json:"state"`
	Verdict   Verdict    `json:"verdict,omitempty"`
	Owner     string     `json:"owner,omitempty"` // who took it, by acting on it or by the watch
	CaseID    string     `json:"case,omitempty"`
	Silence   string     `json:"silence,omitempty"` // id of the silence that muted it
	Receivers []string   `json:"receivers"`         // who was to be told, decided when it matched

	Listing   string    `json:"listing"`
	Revision  int       `json:"revision"`
	Source    string    `json:"source"`
	URL       string    `json:"url"`
	Title     string    `json:"title"`
	Excerpt   string    `json:"excerpt"` // redacted, at most MaxExcerpt code points
	Seller    string    `json:"seller,omitempty"`
	Intent    Intent    `json:"intent"`
	Score     float64   `json:"score"`
	Language  string    `json:"language"`
	Offers    []Offer   `json:"offers"`
	Contacts  []Contact `json:"contacts"`
	Available *int64    `json:"available"`

	Categories []Category `json:"categories"`
	Why        []string   `json:"why"` // the parts of the query that the listing satisfied, as written

	Times   AlertTimes   `json:"times"`
	History []AlertEvent `json:"history"`
}

// MaxExcerpt is the length of an alert's excerpt in code points.
const MaxExcerpt = 280

// AlertTimes are the instants from the seller's post to the reader's eyes.
type AlertTimes struct {
	Posted    *time.Time `json:"posted"` // by the site's own clock
	Fetched   time.Time  `json:"fetched"`
	Matched   time.Time  `json:"matched"` // commit of the alert; the default order of alerts
	Queued    *time.Time `json:"queued"`
	Delivered *time.Time `json:"delivered"` // first successful delivery
	Opened    *time.Time `json:"opened"`    // first opened in the console
}

// AlertEvent is one change of an alert.
type AlertEvent struct {
	At      time.Time  `json:"at"`
	By      string     `json:"by"`  // user, or "leakwatch"
	Via     string     `json:"via"` // console, cli, api or rule
	From    AlertState `json:"from"`
	To      AlertState `json:"to"`
	Verdict Verdict    `json:"verdict,omitempty"`
	Note    string     `json:"note,omitempty"`
}

// Case is the sightings that belong to one leak: listings, their reposts and
// the same offer on other markets.
type Case struct {
	ID        string     `json:"id"`
	Title     string     `json:"title"`
	Severity  Severity   `json:"severity"`
	Opened    time.Time  `json:"opened"`
	LastSeen  time.Time  `json:"last_seen"`
	Sightings []Sighting `json:"sightings"`
	Sources   []string   `json:"sources"`
	Sellers   []string   `json:"sellers"`
}

// Sighting is one listing of a case, with the signal that joined it.
type Sighting struct {
	Listing string    `json:"listing"`
	Source  string    `json:"source"`
	Seller  string    `json:"seller"`
	At      time.Time `json:"at"`
	Signal  string    `json:"signal"` // first, same_text, similar_text or same_contact
}
