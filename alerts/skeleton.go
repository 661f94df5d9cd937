package alerts

import (
	"context"
	"errors"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

var errSoon = errors.New("not built yet")

// Service is the engine of alerting. It is safe for concurrent use.
type Service struct{}

// New builds a Service; nothing runs before Run, but Ingest and every other
// method work.
func New(o Options) (*Service, error) { return &Service{}, nil }

// Reload replaces the settings as one. On an error the old ones stay.
func (s *Service) Reload(set Settings) error { return errSoon }

// Run delivers from the outbox and recovers, until ctx ends; then it lets the
// attempts under way finish for at most 3 s and returns nil.
func (s *Service) Run(ctx context.Context) error { return errSoon }

// Batch is what one page, or one import, adds.
type Batch struct {
	// Listings are redacted, with ID, Source, Fetched, Content and the
	// versions set; times, revision and case are given here.
	Listings []leak.Listing
	Seen     []string             // ids of listings known to be still listed, unchanged
	Gone     []string             // ids of listings that the site no longer shows
	State    []indexer.StateWrite // done last
}

// Result says what an Ingest did.
type Result struct {
	New, Changed, Unchanged int // listings
	Refused                 int // listings that the index will never take; logged
	Hits                    int // among new and changed
	Alerts                  int // created, muted ones included
}

// Ingest stores the listings, matches them, makes alerts and outbox entries
// and then does the state writes, each step acknowledged before the next. It
// returns when all of it is durable. Calls at the same time share one
// transaction. Repeating a call, after whatever error or crash, gives the
// same end state.
func (s *Service) Ingest(ctx context.Context, b Batch) (Result, error) { return Result{}, errSoon }

// Recover finishes what a crash left undone: listings that are stored but not
// matched are matched from the stored document. Run calls it at the start and
// every minute. It returns how many listings it matched.
func (s *Service) Recover(ctx context.Context) (int, error) { return 0, errSoon }

// AlertPage is one page of alerts.
type AlertPage struct {
	Alerts []leak.Alert
	Next   string // Search.After of the next page; "" on the last
	Total  int64  // 0 unless Search.Count
}

// Search returns alerts; without a query and sort the newest first.
func (s *Service) Search(ctx context.Context, q indexer.Search) (*AlertPage, error) {
	return nil, errSoon
}

// Detail is an alert with what was done to tell people about it.
type Detail struct {
	Alert         leak.Alert
	Notifications []Sent
}

// Sent is the state of one notification that carries an alert.
type Sent struct {
	ID         string // of the notification
	Receiver   string
	State      SendState
	Queued     time.Time
	Due        time.Time // next attempt; zero if none is due
	Deliveries []Delivery
}

// SendState says where a notification is in its life.
type SendState string

// The states of a notification.
const (
	Queued    SendState = "queued"
	Delivered SendState = "delivered"
	Dead      SendState = "dead"   // given up; Resend tries again
	Merged    SendState = "merged" // part of another notification
)

// Delivery is one attempt to send a notification.
type Delivery struct {
	Notification string        `json:"notification"`
	Receiver     string        `json:"receiver"`
	Attempt      int           `json:"attempt"` // 1 for the first
	At           time.Time     `json:"at"`
	Took         time.Duration `json:"took"`
	OK           bool          `json:"ok"`
	Status       int           `json:"status,omitempty"`
	Answer       string        `json:"answer,omitempty"` // redacted, short
	Error        string        `json:"error,omitempty"`
	Next         *time.Time    `json:"next,omitempty"` // of the next attempt
}

// Alert returns one alert, or ErrNoAlert.
func (s *Service) Alert(ctx context.Context, id string) (*Detail, error) { return nil, errSoon }

// Case returns one case, or ErrNoCase.
func (s *Service) Case(ctx context.Context, id string) (*leak.Case, error) { return nil, errSoon }

// Selection is a set of alerts: IDs, or all that match Query at Now.
type Selection struct {
	IDs   []string
	Query *query.Query
}

// Actor says who acts, by which way, and why.
type Actor struct {
	By   string // user
	Via  string // console, cli or api
	Note string
}

// Bulk is what an action did. Alerts that were matched after the action began
// are not touched; Later counts them.
type Bulk struct {
	Snapshot  time.Time
	Changed   []string // ids
	Unchanged int      // were in that state already
	Failed    map[string]string
	Later     int64
}

// Acknowledge takes the selected alerts: they become acknowledged and, if
// they have no owner, owned by a.By.
func (s *Service) Acknowledge(ctx context.Context, sel Selection, a Actor) (*Bulk, error) {
	return nil, errSoon
}

// Close closes the selected alerts with a verdict.
func (s *Service) Close(ctx context.Context, sel Selection, v leak.Verdict, a Actor) (*Bulk, error) {
	return nil, errSoon
}

// Reopen opens the selected alerts again, without a verdict.
func (s *Service) Reopen(ctx context.Context, sel Selection, a Actor) (*Bulk, error) {
	return nil, errSoon
}

// MarkOpened notes the first time that someone opened the alert.
func (s *Service) MarkOpened(ctx context.Context, id string) error { return errSoon }

// WatchStatus is a watch with its counts.
type WatchStatus struct {
	ID, Name, Query, Owner    string
	Severity                  leak.Severity // "" for the listing's own
	Receivers                 []string      // by the watch; routes may decide otherwise
	Disabled                  bool
	Exceptions                []Exception
	Total                     int64
	Open, Acknowledged, Muted int64
	Verdicts                  map[leak.Verdict]int64
	LastMatched               time.Time
}

// Watches returns the watches in the order of the config.
func (s *Service) Watches(ctx context.Context) ([]WatchStatus, error) { return nil, errSoon }

// PreviewRequest asks what a watch would have done.
type PreviewRequest struct {
	Watch      string // id of an existing watch whose exceptions also count; may be empty
	Query      *query.Query
	Exceptions []*query.Query
	Window     time.Duration // back from now; 0 for 30 days
}

// Preview is what a watch would have done with the stored history. It is
// computed by the code that matches live.
type Preview struct {
	From, To  time.Time      // what was covered
	Complete  bool           // false: the history was longer than what is read; From says how far it went
	Read      int            // revisions read
	Matched   int            // revisions that satisfy the watch
	Excluded  int            // revisions that only an exception excludes
	Alerts    int            // alerts it would have made
	Listings  int            // distinct listings among them
	Days      []Day          // alerts per UTC day, without gaps
	Sample    []leak.Listing // the newest that match, at most 20
	WouldHide []string       // ids of open alerts of Watch that Exceptions would have excluded, at most 1,000
}

// Day is one bar of a histogram.
type Day struct {
	Day   time.Time
	Count int
}

// Preview runs a watch over the stored history.
func (s *Service) Preview(ctx context.Context, r PreviewRequest) (*Preview, error) {
	return nil, errSoon
}

// Silence mutes the alerts that match it for a time. Muted alerts are stored
// and not sent.
type Silence struct {
	ID      string    `json:"id"`
	Match   string    `json:"match"` // a query over alerts
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Author  string    `json:"author"`
	Reason  string    `json:"reason"`
	Created time.Time `json:"created"`
	Config  bool      `json:"-"` // stands in the config file: cannot be ended here
	Muted   int64     `json:"-"` // alerts it muted
}

// Silences returns all silences that have not ended, and those that ended in
// the last 30 days; the newest first.
func (s *Service) Silences(ctx context.Context) ([]Silence, error) { return nil, errSoon }

// AddSilence stores a silence and returns it with its id.
func (s *Service) AddSilence(ctx context.Context, x Silence) (Silence, error) {
	return Silence{}, errSoon
}

// EndSilence ends a silence now, or says ErrNoSilence.
func (s *Service) EndSilence(ctx context.Context, id string) error { return errSoon }

// Exception excludes from a watch what proved false.
type Exception struct {
	ID     string    `json:"id"`
	Watch  string    `json:"watch"`
	Query  string    `json:"query"`
	Reason string    `json:"reason"`
	Author string    `json:"author"`
	At     time.Time `json:"at"`
	Config bool      `json:"-"` // stands in the config file: cannot be removed here
}

// AddException stores an exception beside those of the config and returns it
// with its id.
func (s *Service) AddException(ctx context.Context, x Exception) (Exception, error) {
	return Exception{}, errSoon
}

// RemoveException removes an exception that AddException stored.
func (s *Service) RemoveException(ctx context.Context, id string) error { return errSoon }

// ReceiverStatus is a receiver with its health.
type ReceiverStatus struct {
	Name, Type   string
	Pending      int // notifications that wait, at most 10,000
	Dead         int // given up, at most 10,000
	LastOK       time.Time
	FailingSince time.Time // zero if the last attempt worked
	LastError    string
	Disabled     bool // answered 410 Gone; TestReceiver or a reload enables it again
}

// Receivers returns the receivers in the order of the config.
func (s *Service) Receivers(ctx context.Context) ([]ReceiverStatus, error) { return nil, errSoon }

// TestReceiver sends a test message at once and returns what the receiver
// answered.
func (s *Service) TestReceiver(ctx context.Context, name string) (Answer, error) {
	return Answer{}, errSoon
}

// DeadLetter is a notification that was given up.
type DeadLetter struct {
	ID       string
	Receiver string
	Alerts   []string
	Notice   string
	Queued   time.Time
	Died     time.Time
	Attempts int
	Error    string
}

// DeadLetters returns what was given up for a receiver, in the order of ids,
// at most 1,000; after is the last id of the call before.
func (s *Service) DeadLetters(ctx context.Context, receiver, after string) ([]DeadLetter, error) {
	return nil, errSoon
}

// Resend queues dead letters of a receiver again, all if no id is given, and
// returns how many.
func (s *Service) Resend(ctx context.Context, receiver string, ids ...string) (int, error) {
	return 0, errSoon
}

// Notice is a message of leakwatch about itself, such as a source that went
// blind. It is sent to every receiver once per change of State of Subject.
type Notice struct {
	Subject  string // what it is about, such as source:forum
	State    string // such as blind or ok
	Severity leak.Severity
	Text     string // for people; redacted
}

// Notify stores the state of a subject and, if it differs from the stored
// one, queues a message to every receiver. The first state of a subject is
// sent unless it is "ok".
func (s *Service) Notify(ctx context.Context, n Notice) error { return errSoon }

// CrashPoints returns the names of the points at which Options.Crash is
// called, in the order in which a listing passes them.
func CrashPoints() []string { return nil }

var _ = config.Watch{}
