// Package alerts matches stored listings against watches and sees to it that
// people hear of them: watches, cases, alerts, silences, routing, the outbox
// and its deliveries. Each channel is a package of its own below it.
//
// # The way of a listing
//
// Ingest takes a redacted listing and does, each step acknowledged before the
// next: a note of what is about to be stored; the listing with its new
// revision; the revision document; the case; the alerts; the outbox entries;
// matched_revision by compare-and-set; the note's removal; the states of the
// page. An engine with transactions does all of it in one, shared by all
// calls that come at the same time. An engine without does the steps one by
// one, and it may end anywhere: every id follows from what it names, every
// document with identity is created once or changed by compare-and-set, so a
// repeat of the call, or Recover with what is stored, gives the same end.
//
// An alert's id is made of the watch, the listing and the values that the
// query reads, so an alert exists once, however often a listing is read. Who
// is told is decided when the alert is made and kept in it, so that a repeat
// decides the same.
//
// # Delivery
//
// An outbox entry is created once per alert and receiver and stays. Couriers,
// one per receiver, are handed new entries in process and scan the outbox for
// the rest. An attempt is written down with its owner and a random token
// before the message leaves, its outcome after: so the only time in which the
// outcome is unknown is that of one request, and then the message is sent
// again, under the same id. Delivery is at least once; a receiver that drops
// ids it knows sees each once. For a week, with growing pauses, a message is
// tried again; then it is a dead letter, which people can list and resend.
//
// Chat and mail receivers get the alerts of one watch and case as one message
// (see courier.gather), and where a vendor's rate would let the queue grow,
// one message for many cases. Every alert is in exactly one message.
//
// # Storage
//
// The archive's collections listings, revisions, cases and alerts, and the
// state's buckets:
//
//	unsettled   notes of listings that are being stored          recover.go
//	casekeys    what leads from a text or contact to its case    cases.go
//	outbox, deliveries, dead, receivers                          outbox.go
//	silences, exceptions                                         silences.go
//	notices     the last state of each subject                   notice.go
package alerts

import (
	"context"
	"errors"
	"time"

	"github.com/leakwatch/leakwatch/leak"
)

// Notification is one message to one receiver. It cannot hold a raw value: it
// is made of redacted alerts only.
type Notification struct {
	ID       string       `json:"id"` // stable over all attempts; receivers use it to drop repeats
	Receiver string       `json:"receiver"`
	At       time.Time    `json:"at"` // when it was queued
	Test     bool         `json:"test,omitempty"`
	Alerts   []leak.Alert `json:"alerts"`           // one or more, most severe first
	More     int          `json:"more"`             // further alerts of the group that are not in Alerts
	Console  string       `json:"console"`          // address of the console; alert pages are Console/alerts/ID
	Notice   string       `json:"notice,omitempty"` // for messages about leakwatch itself, such as a blind source; Alerts is then empty
}

// Notifier is the code of one channel, built for one receiver.
type Notifier interface {
	// Send makes one attempt to deliver. nil means that the receiver
	// acknowledged it. A *PermanentError must not be repeated; a
	// *RetryAfterError says when to try again; any other error is retried
	// with backoff. It must honour ctx, never print the receiver's secrets in
	// an error, and may be called concurrently.
	Send(ctx context.Context, n Notification) (Answer, error)
	// Limits are the size and rate that the channel's vendor documents.
	Limits() Limits
}

// Answer is what the receiver said, for the delivery log: redacted, short.
type Answer struct {
	Status int // HTTP or SMTP status, 0 if there is none
	Text   string
}

// Limits bound what is sent.
type Limits struct {
	Bytes    int // of one message, 0 for none; Send cuts to it by priority
	Messages int // per Interval, 0 for none; the outbox paces by it
	Interval time.Duration
}

// PermanentError is an answer that repeating will not change.
type PermanentError struct{ Err error }

// Error returns the cause.
func (e *PermanentError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *PermanentError) Unwrap() error { return e.Err }

// RetryAfterError is an answer that names the earliest next attempt.
type RetryAfterError struct {
	After time.Duration
	Err   error
}

// Error returns the cause.
func (e *RetryAfterError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *RetryAfterError) Unwrap() error { return e.Err }

// ErrNoWatch: no watch has that id.
var ErrNoWatch = errors.New("no such watch")
