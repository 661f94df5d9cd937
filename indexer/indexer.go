// Package indexer defines what leakwatch asks of an index: the Archive, which
// is searched, and the State, which coordinates. Two engines implement both,
// indexer/sqlite and indexer/elastic; the suites of indexer/indextest say
// what an implementation must do and run against each.
//
// Domain code is written once, for the weaker engine: there is no transaction
// over several documents, only ordered, acknowledged, idempotent writes and
// compare-and-set.
package indexer

import (
	"context"
	"errors"
	"time"

	"github.com/leakwatch/leakwatch/query"
)

// Errors that every engine returns, wrapped, where the contract names them.
var (
	// ErrExists: a create found the id taken.
	ErrExists = errors.New("already exists")
	// ErrConflict: a compare-and-set found another version, or no document.
	ErrConflict = errors.New("changed by another writer")
	// ErrNotFound: no such entry.
	ErrNotFound = errors.New("not found")
	// ErrUnavailable: the engine did not answer, or answered that it is full
	// or overloaded. The write may or may not have happened; repeat it.
	ErrUnavailable = errors.New("index unavailable")
	// ErrLocked: another process has the index and does not share it.
	ErrLocked = errors.New("locked by another process")
	// ErrInvalid: the engine will never take this document; repeating is useless.
	ErrInvalid = errors.New("refused by the index")
)

// Collection names a kind of archived document.
type Collection string

// The collections of the archive. Listings, alerts and cases have identity
// and change; revisions are only appended.
const (
	Listings  Collection = "listings"
	Revisions Collection = "revisions"
	Alerts    Collection = "alerts"
	Cases     Collection = "cases"
)

// Collections returns all collections.
func Collections() []Collection { return []Collection{Listings, Revisions, Alerts, Cases} }

// Version is the state of a stored document or entry, for compare-and-set. It
// is opaque to callers and unique to each write of an id; the zero Version
// belongs to no stored document.
type Version struct{ Seq, Term int64 }

// Document is one archived document.
type Document struct {
	ID      string
	Version Version         // as read; ignored by Create
	Source  []byte          // JSON, stored as given and returned by Get and Search
	Fields  *query.Document // what is searchable; nil in what Get and Search return
}

// Write is one write to the archive.
type Write struct {
	Collection Collection
	Document   Document
	// Create: fail with ErrExists if the id is taken. Otherwise the document
	// is replaced if its Version is the stored one, else ErrConflict.
	Create bool
}

// Archive holds what is searched. It is safe for concurrent use.
type Archive interface {
	// Put does the writes in order and answers each: results[i] is the new
	// version of writes[i], or errs[i] says why not (ErrExists, ErrConflict,
	// ErrInvalid, ErrUnavailable). A nil errs[i] means acknowledged: durable
	// and visible to Get at once, to Search after Refresh at the latest. A
	// failed item does not stop the others. Both slices have len(writes). It
	// retains nothing. Two writes of one id in one call are done in order.
	Put(ctx context.Context, writes []Write) (results []Version, errs []error)
	// Get returns the documents that exist, by id, as last acknowledged.
	Get(ctx context.Context, c Collection, ids ...string) (map[string]Document, error)
	// Delete removes documents; an id that does not exist is no error.
	Delete(ctx context.Context, c Collection, ids ...string) error
	// Search returns the documents that satisfy the query.
	Search(ctx context.Context, c Collection, s Search) (*Page, error)
	// Aggregate counts over the documents that satisfy the query; results are
	// in the order of the aggregations.
	Aggregate(ctx context.Context, c Collection, q *query.Query, now time.Time, aggs []Aggregation) ([]Aggregate, error)
	// Refresh makes all acknowledged writes visible to Search and Aggregate.
	Refresh(ctx context.Context) error
}

// Search is a request for one page of documents.
type Search struct {
	Query *query.Query // nil for all
	Now   time.Time    // what now means in the query
	Sort  string       // a number or time field of the query language; "" for first_seen (alerts: matched, cases: last_seen, revisions: at)
	Asc   bool         // default is descending; ties are broken by id, ascending
	Limit int          // 1 to 1,000
	After string       // Page.Next of the page before; "" for the first
	Count bool         // fill Page.Total
}

// Page is one page of a search. Following Next returns every document that
// matched and was visible at the first page, each once, in order; documents
// that changed meanwhile may appear in their old or new place.
type Page struct {
	Documents []Document
	Next      string // "" on the last page
	Total     int64  // exact; 0 unless Search.Count
}

// AggregationKind is a way of counting.
type AggregationKind string

// The aggregations.
const (
	Terms         AggregationKind = "terms"          // most frequent values of a keyword field
	DateHistogram AggregationKind = "date_histogram" // documents per interval of a time field, UTC
	Percentiles   AggregationKind = "percentiles"    // of a number field
	Cardinality   AggregationKind = "cardinality"    // distinct values of a keyword field; approximate above 1,000
)

// Aggregation asks for one count. Field may be an offer field (offer.price);
// a document counts once per distinct value.
type Aggregation struct {
	Kind     AggregationKind
	Field    string
	Size     int           // Terms: how many buckets
	Interval time.Duration // DateHistogram: a whole number of hours or days
	Percents []float64     // Percentiles: such as 50, 95
}

// Aggregate is the answer to one Aggregation.
type Aggregate struct {
	Buckets []Bucket  // Terms: by count, then value; DateHistogram: by time, empty ones left out
	Values  []float64 // Percentiles: one per percent, NaN if there is no document; linear interpolation or an approximation within 1 %
	Count   int64     // Cardinality
}

// Bucket is one value with its count of documents.
type Bucket struct {
	Key   string    // Terms
	Time  time.Time // DateHistogram: start of the interval
	Count int64
}

// Entry is one entry of the state.
type Entry struct {
	Key     string
	Version Version
	Value   []byte    // JSON
	Due     time.Time // zero: never due
}

// State holds what coordinates the work: page states, ticks, outbox, lists,
// silences, users, sessions, audit, leases. Entries live in named buckets
// (1 to 64 characters a-z _) under keys of 1 to 512 bytes of UTF-8. There is
// no text search. It is safe for concurrent use, by many processes.
type State interface {
	// Load returns an entry as last acknowledged, or ErrNotFound.
	Load(ctx context.Context, bucket, key string) (Entry, error)
	// LoadAll returns those of the keys that exist, by key.
	LoadAll(ctx context.Context, bucket string, keys ...string) (map[string]Entry, error)
	// Create stores a new entry, or ErrExists. On ErrUnavailable the entry
	// may exist: read back and compare.
	Create(ctx context.Context, bucket string, e Entry) (Version, error)
	// Swap replaces the entry if its version is e.Version, else ErrConflict.
	Swap(ctx context.Context, bucket string, e Entry) (Version, error)
	// Remove deletes the entry if its version is v, else ErrConflict; a
	// missing entry is no error.
	Remove(ctx context.Context, bucket, key string, v Version) error
	// Scan returns entries in key order. Entries acknowledged before the call
	// are seen.
	Scan(ctx context.Context, bucket string, s Scan) ([]Entry, error)
}

// Scan selects entries of a bucket.
type Scan struct {
	From, To  string    // From <= key < To; "" is open
	DueBefore time.Time // if set: only entries with a Due that is not after it, and in order of Due, then key
	Limit     int       // 1 to 10,000
}

// Engine is one index: archive and state.
type Engine interface {
	Archive
	State
	// Together runs fn. The embedded engine does all writes of fn in one
	// transaction, which is committed if fn returns nil and discarded
	// otherwise; an engine without transactions does each write at once. fn
	// must be correct under both, so it must order its writes. fn must use
	// only the engine it is given, from one goroutine, and may be run again
	// after a failed commit.
	Together(ctx context.Context, fn func(Engine) error) error
	// Check reports what is wrong with the engine: unreachable, full, wrong
	// settings. nil means ready.
	Check(ctx context.Context) error
	Close() error
}

// StateWrite is one write to the state that another package prepared: Create
// if its entry's version is zero, else Swap.
type StateWrite struct {
	Bucket string
	Entry  Entry
}

// BulkState is what an engine offers, besides State, whose writes cost a
// round trip each: many writes in one. Code that has many asks for it with a
// type assertion and does them one by one where it is missing.
type BulkState interface {
	// WriteAll does the writes in no fixed order and answers each, as Create
	// and Swap do. No two writes may have the same bucket and key. Both
	// slices have len(writes). It retains nothing.
	WriteAll(ctx context.Context, writes []StateWrite) ([]Version, []error)
}
