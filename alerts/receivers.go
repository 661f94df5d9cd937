package alerts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// failingFor is how long a receiver may fail before the others are told.
const failingFor = 15 * time.Minute

// ReceiverStatus is a receiver with its health.
type ReceiverStatus struct {
	Name, Type   string
	Pending      int // notifications that wait, at most 10,000
	Dead         int // given up, at most 10,000
	LastOK       time.Time
	FailingSince time.Time // zero if the last attempt worked
	LastError    string
	Disabled     bool // answered 410 Gone; a test that works, or a reload that changes it, enables it again
}

// DeadLetter is a notification that was given up.
type DeadLetter struct {
	ID       string
	Receiver string
	Alerts   []string
	Notice   string
	Queued   time.Time
	Attempts int
	Error    string
}

// far is later than any due time.
var far = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)

// Receivers returns the receivers in the order of the config.
func (s *Service) Receivers(ctx context.Context) ([]ReceiverStatus, error) {
	var out []ReceiverStatus
	for _, r := range s.rules.Load().Receivers {
		st, err := s.receiverStatus(ctx, r.Config.Name)
		if err != nil {
			return nil, fmt.Errorf("status of receiver %s: %w", r.Config.Name, err)
		}
		st.Type = r.Config.Type
		out = append(out, st)
	}
	return out, nil
}

func (s *Service) receiverStatus(ctx context.Context, name string) (ReceiverStatus, error) {
	st := ReceiverStatus{Name: name}
	rs, err := loadReceiverState(ctx, s.engine, name)
	if err != nil {
		return st, err
	}
	st.LastOK, st.FailingSince, st.LastError, st.Disabled = rs.LastOK, rs.FailingSince, rs.LastError, rs.Disabled
	if c := s.courier(name); c != nil {
		c.mu.Lock()
		st.LastOK = later(st.LastOK, c.state.LastOK) // stored at most once a minute
		c.mu.Unlock()
	}
	waiting := under(receiverKey(name))
	waiting.DueBefore = far
	entries, err := s.engine.Scan(ctx, outboxBucket, waiting)
	if err != nil {
		return st, err
	}
	st.Pending = len(entries)
	dead, err := s.engine.Scan(ctx, deadBucket, under(receiverKey(name)))
	st.Dead = len(dead)
	return st, err
}

// TestReceiver sends a test message at once and returns what the receiver
// answered. A receiver that was disabled and answers is enabled again.
func (s *Service) TestReceiver(ctx context.Context, name string) (Answer, error) {
	r := s.rules.Load()
	rec := r.receivers[name]
	if rec == nil {
		return Answer{}, fmt.Errorf("test receiver: %w: %s", ErrNoReceiver, name)
	}
	n := Notification{
		ID: leak.NotificationID(name, "test", rand.Text()), Receiver: name, At: s.instant(), Test: true, Console: r.Console,
		Notice: "This is a test message of leakwatch. Alerts will arrive here.",
	}
	answer, err := safeSend(ctx, rec.Notifier, n)
	if err != nil {
		return answer, fmt.Errorf("test receiver %s: %w", name, err)
	}
	return answer, s.enable(ctx, name)
}

// enable lifts the mark of a 410 answer.
func (s *Service) enable(ctx context.Context, name string) error {
	rs, err := changeReceiverState(ctx, s.engine, name, func(rs *receiverState) {
		rs.Disabled, rs.FailingSince, rs.LastError = false, time.Time{}, ""
	})
	if err != nil {
		return err
	}
	if c := s.courier(name); c != nil {
		c.set(rs)
		c.nudge()
	}
	return nil
}

// set replaces what the courier knows of its receiver.
func (c *courier) set(rs receiverState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = rs
	if !rs.Disabled && rs.FailingSince.IsZero() {
		c.failures, c.hold = 0, time.Time{}
	}
}

func (c *courier) notifier() Notifier {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.receiver.Notifier
}

// learn draws the consequences of an attempt for the receiver: pauses,
// disabling, and a word to the others where it fails for long.
func (c *courier) learn(ctx context.Context, d *Delivery, fault error, state SendState) {
	now := c.s.instant()
	c.mu.Lock()
	old := c.state
	next := old
	if d.OK {
		c.failures, c.hold = 0, time.Time{}
		next.LastOK, next.FailingSince, next.LastError, next.Noted = now, time.Time{}, "", ""
	} else {
		c.failures++
		c.hold = later(c.hold, now.Add(c.pauseAfter(fault)))
		next.LastError = d.Error
		if next.FailingSince.IsZero() {
			next.FailingSince = now
		}
		next.Disabled = next.Disabled || d.Status == http.StatusGone
		next.Noted = trouble(next, state, now)
	}
	c.state = next
	c.mu.Unlock()
	if next.Noted == old.Noted && next.Disabled == old.Disabled && next.FailingSince.Equal(old.FailingSince) &&
		next.LastOK.Sub(old.LastOK) < time.Minute {
		return
	}
	c.persist(ctx, old, next)
}

// pauseAfter is how long the receiver is left alone after a failure. c.mu is
// held.
func (c *courier) pauseAfter(fault error) time.Duration {
	var permanent *PermanentError
	var ask *RetryAfterError
	switch {
	case errors.As(fault, &permanent):
		return 0 // this message is at fault, not the receiver
	case errors.As(fault, &ask):
		return min(max(ask.After, firstBackoff), maxRetryAfter)
	default:
		return min(backoff(c.failures), maxHold)
	}
}

// trouble names what the other receivers should know.
func trouble(rs receiverState, state SendState, now time.Time) string {
	switch {
	case rs.Disabled:
		return "disabled"
	case state == Dead:
		return "dead"
	case now.Sub(rs.FailingSince) >= failingFor && rs.Noted == "":
		return "failing"
	default:
		return rs.Noted
	}
}

// persist stores a change of the receiver's state and tells the others.
func (c *courier) persist(ctx context.Context, old, next receiverState) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
	defer cancel()
	_, err := changeReceiverState(ctx, c.s.engine, c.name, func(rs *receiverState) {
		sends := rs.Sends
		version := rs.version
		*rs = next
		rs.Sends, rs.version = sends, version
	})
	if err != nil {
		c.s.log.Warn("state of receiver cannot be stored", "receiver", c.name, "error", err)
	}
	if next.Noted == old.Noted {
		return
	}
	n := Notice{Subject: "receiver:" + c.name, State: next.Noted, Severity: leak.High, except: c.name}
	switch next.Noted {
	case "":
		n.State, n.Text = StateOK, fmt.Sprintf("Receiver %s works again.", c.name)
	case "disabled":
		n.Text = fmt.Sprintf("Receiver %s answered 410 Gone and gets nothing more. Its messages wait. Test it to enable it again.", c.name)
	case "dead":
		n.Text = fmt.Sprintf("Receiver %s refused a message for good; it is among its dead letters.", c.name)
	default:
		n.Text = fmt.Sprintf("Receiver %s has failed since %s. Its messages wait.", c.name, next.FailingSince.UTC().Format(time.RFC3339))
	}
	if err := c.s.Notify(ctx, n); err != nil {
		c.s.log.Warn("notice cannot be queued", "receiver", c.name, "error", err)
	}
}

// bury puts an entry into the index of dead letters.
func bury(ctx context.Context, st indexer.State, e *entry) error {
	_, err := st.Create(ctx, deadBucket, indexer.Entry{Key: outboxKey(e.Receiver, e.ID), Value: []byte("{}")})
	if err != nil && !errors.Is(err, indexer.ErrExists) {
		return fmt.Errorf("index dead letter: %w", err)
	}
	return nil
}

// DeadLetters returns what was given up for a receiver, in the order of ids,
// at most 1,000; after is the last id of the call before.
func (s *Service) DeadLetters(ctx context.Context, receiver, after string) ([]DeadLetter, error) {
	sc := under(receiverKey(receiver))
	sc.Limit = 1000
	if after != "" {
		sc.From = outboxKey(receiver, after) + "\x01"
	}
	marks, err := s.engine.Scan(ctx, deadBucket, sc)
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	var out []DeadLetter
	for _, m := range marks {
		e, err := s.entryAt(ctx, m.Key)
		if err != nil {
			return nil, fmt.Errorf("list dead letters: %w", err)
		}
		if e == nil || e.State != Dead {
			continue // a crash between two steps: the entry decides
		}
		dl := DeadLetter{ID: e.ID, Receiver: e.Receiver, Alerts: e.Alerts, Queued: e.Queued, Attempts: e.Attempts, Error: e.Error}
		if e.Notice != nil {
			dl.Notice = e.Notice.Text
		}
		out = append(out, dl)
	}
	return out, nil
}

// entryAt returns the outbox entry of a key, or nil.
func (s *Service) entryAt(ctx context.Context, key string) (*entry, error) {
	se, err := s.engine.Load(ctx, outboxBucket, key)
	if errors.Is(err, indexer.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return readEntry(se)
}

// Resend queues dead letters of a receiver again, all if no id is given, and
// returns how many.
func (s *Service) Resend(ctx context.Context, receiver string, ids ...string) (int, error) {
	if len(ids) == 0 {
		marks, err := s.engine.Scan(ctx, deadBucket, under(receiverKey(receiver)))
		if err != nil {
			return 0, fmt.Errorf("resend: %w", err)
		}
		for _, m := range marks {
			ids = append(ids, m.Key[len(receiverKey(receiver))+1:])
		}
	}
	n := 0
	for _, id := range ids {
		ok, err := s.revive(ctx, receiver, id)
		if err != nil {
			return n, fmt.Errorf("resend %s: %w", id, err)
		}
		if ok {
			n++
		}
	}
	return n, nil
}

// revive queues one dead letter again and reports whether it was one.
func (s *Service) revive(ctx context.Context, receiver, id string) (bool, error) {
	key := outboxKey(receiver, id)
	e, err := s.entryAt(ctx, key)
	if err != nil {
		return false, err
	}
	if e != nil && e.State == Dead {
		e.State, e.Queued, e.due = Queued, s.instant(), s.instant()
		if err := e.swap(ctx, s.engine); err != nil {
			return false, err
		}
		s.handOver([]*entry{e})
	}
	mark, err := s.engine.Load(ctx, deadBucket, key)
	if errors.Is(err, indexer.ErrNotFound) {
		return e != nil, nil
	}
	if err != nil {
		return false, err
	}
	return e != nil, s.engine.Remove(ctx, deadBucket, key, mark.Version)
}

// deliveriesOf returns the attempts of a notification, the first first.
func deliveriesOf(ctx context.Context, st indexer.State, id string) ([]Delivery, error) {
	sc := under(id)
	sc.Limit = 1000
	entries, err := st.Scan(ctx, deliveryBucket, sc)
	if err != nil {
		return nil, fmt.Errorf("load deliveries: %w", err)
	}
	out := make([]Delivery, len(entries))
	for i, se := range entries {
		if err := json.Unmarshal(se.Value, &out[i]); err != nil {
			return nil, fmt.Errorf("read delivery: %w", err)
		}
	}
	return out, nil
}
