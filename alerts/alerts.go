// Package alerts matches stored listings against watches and sees to it that
// people hear of them: watches, cases, alerts, silences, routing, the outbox
// and its deliveries. Each channel is a package of its own below it.
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
