package alerts

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

const (
	// sendTimeout bounds one attempt.
	sendTimeout = 15 * time.Second
	// lease is how long an attempt that was written down and has no outcome
	// belongs to who wrote it.
	lease = sendTimeout + 5*time.Second
	// shown is how many alerts of a group a message is given in full.
	shown = 20
	// maxAnswer is the length in bytes of what is kept of an answer or error.
	maxAnswer = 500
)

// errTaken: an entry is not ours to send: another process has it, or it is
// done.
var errTaken = errors.New("taken by another")

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

// attempt is one message on its way.
type attempt struct {
	entry   *entry // as written down, token included
	message Notification
	past    *Delivery // a recorded success of the attempt before, whose outcome was not written
	notYet  time.Time // set if the rate limit does not allow the message before
}

// deliver sends one message made of a batch of entries, of which the first
// gives it its name.
func (c *courier) deliver(ctx context.Context, batch []*entry) {
	var a *attempt
	err := c.s.commit(ctx, func(e indexer.Engine) (err error) {
		a, err = c.intend(ctx, e, batch)
		c.s.at(pointIntended)
		return err
	})
	switch {
	case errors.Is(err, errTaken): // a scan brings back what is left to do of the others
		c.giveBack(batch, time.Time{})
		return
	case err != nil:
		c.s.log.Warn("outbox entry cannot be taken", "receiver", c.name, "error", err)
		c.stumble(batch)
		return
	case !a.notYet.IsZero():
		c.giveBack(batch, a.notYet)
		return
	}
	for _, e := range batch[1:] { // merged, or another has them
		defer c.release(e, time.Time{})
	}
	d := a.past
	var fault error
	if d == nil {
		d, fault = c.send(ctx, a)
	}
	c.conclude(ctx, a.entry, d, fault)
}

// intend freezes the group, if any, and writes down that an attempt begins.
func (c *courier) intend(ctx context.Context, st indexer.Engine, batch []*entry) (*attempt, error) {
	e := batch[0].clone()
	if at, err := c.pace(ctx, st); err != nil || !at.IsZero() {
		return &attempt{notYet: at}, err
	}
	a := &attempt{entry: e}
	if e.Token != "" {
		past, err := loadDelivery(ctx, st, e.ID, e.Attempts)
		if err != nil {
			return nil, err
		}
		if past != nil && past.OK {
			a.past = past
			return a, nil
		}
	}
	if err := c.freeze(ctx, st, e, batch[1:]); err != nil {
		return nil, err
	}
	c.s.at(pointIntend)
	e.Attempts++
	e.Owner, e.Token, e.due = c.s.owner, rand.Text(), c.s.instant().Add(lease)
	if err := c.claim(ctx, st, e); err != nil {
		return nil, err
	}
	var err error
	a.message, err = c.message(ctx, st, e)
	return a, err
}

// claim stores a changed entry; errTaken if another was faster.
func (c *courier) claim(ctx context.Context, st indexer.State, e *entry) error {
	err := e.swap(ctx, st)
	if errors.Is(err, indexer.ErrConflict) || errors.Is(err, indexer.ErrNotFound) {
		return errTaken
	}
	return err
}

// freeze decides which alerts the message of e holds: first e says which it
// wants, then each of the others is merged into e, and one that something
// else happened to is left out. After a crash in between, freeze does the
// rest: e is frozen, so the same alerts are asked for again.
func (c *courier) freeze(ctx context.Context, st indexer.State, e *entry, others []*entry) error {
	if !e.Frozen && len(others) == 0 {
		return nil
	}
	if !e.Frozen {
		c.s.at(pointGroup)
		e.Frozen = true
		for _, o := range others {
			e.Alerts = append(e.Alerts, o.Alerts[0])
			e.Rank = max(e.Rank, o.Rank)
		}
		if err := c.claim(ctx, st, e); err != nil {
			return err
		}
	}
	if e.Attempts > 0 || len(e.Alerts) == 1 {
		return nil
	}
	keys := make([]string, 0, len(e.Alerts)-1)
	for _, alert := range e.Alerts[1:] {
		keys = append(keys, outboxKey(e.Receiver, leak.NotificationID(e.Receiver, alert)))
	}
	found, err := st.LoadAll(ctx, outboxBucket, keys...)
	if err != nil {
		return fmt.Errorf("load group: %w", err)
	}
	kept := e.Alerts[:1:1]
	for i, alert := range e.Alerts[1:] {
		in, err := c.merge(ctx, st, e, found[keys[i]])
		if err != nil {
			return err
		}
		if in {
			kept = append(kept, alert)
		}
	}
	e.Alerts = kept
	return nil
}

// merge makes a stored entry part of e and reports whether it is.
func (c *courier) merge(ctx context.Context, st indexer.State, e *entry, se indexer.Entry) (bool, error) {
	if se.Key == "" {
		return false, nil // deleted
	}
	o, err := readEntry(se)
	if err != nil {
		return false, err
	}
	if o.State == Merged {
		return o.Into == e.ID, nil
	}
	if o.State != Queued || !o.joinable() {
		return false, nil
	}
	c.s.at(pointMerge)
	o.State, o.Into, o.due = Merged, e.ID, time.Time{}
	if err := c.claim(ctx, st, o); err != nil {
		if errors.Is(err, errTaken) {
			return false, nil
		}
		return false, err
	}
	return true, nil
}

// message makes what the notifier sends.
func (c *courier) message(ctx context.Context, st indexer.Archive, e *entry) (Notification, error) {
	n := Notification{ID: e.ID, Receiver: e.Receiver, At: e.Queued, Console: c.s.rules.Load().Console}
	if e.Notice != nil {
		n.Notice = e.Notice.Text
		return n, nil
	}
	docs, err := st.Get(ctx, indexer.Alerts, e.Alerts...)
	if err != nil {
		return n, fmt.Errorf("load alerts: %w", err)
	}
	for _, d := range docs {
		var a leak.Alert
		if err := json.Unmarshal(d.Source, &a); err != nil {
			return n, fmt.Errorf("read alert %s: %w", d.ID, err)
		}
		n.Alerts = append(n.Alerts, a)
	}
	slices.SortFunc(n.Alerts, bySeverity)
	if len(n.Alerts) > shown {
		n.More = len(n.Alerts) - shown
		n.Alerts = n.Alerts[:shown]
	}
	return n, nil
}

// send makes the attempt.
func (c *courier) send(ctx context.Context, a *attempt) (*Delivery, error) {
	e, began := a.entry, c.s.now()
	d := &Delivery{Notification: e.ID, Receiver: e.Receiver, Attempt: e.Attempts, At: began.UTC()}
	var answer Answer
	var err error
	if len(a.message.Alerts) == 0 && a.message.Notice == "" {
		err = &PermanentError{errors.New("the alert was deleted before it could be sent")}
	} else {
		c.s.at(pointSend)
		answer, err = safeSend(ctx, c.notifier(), a.message)
		c.s.at(pointSent)
	}
	d.Took, d.Status, d.OK = c.s.now().Sub(began), answer.Status, err == nil
	d.Answer, _ = leak.CutBytes(answer.Text, maxAnswer)
	if err != nil {
		d.Error, _ = leak.CutBytes(err.Error(), maxAnswer)
	}
	return d, err
}

// safeSend bounds the time of an attempt and survives a notifier's panic.
func safeSend(ctx context.Context, n Notifier, m Notification) (answer Answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("notifier panicked: %T", p) // its text may hold a secret
		}
	}()
	return n.Send(ctx, m)
}

// conclude records an attempt and decides what comes next. The message has
// left, so it tries hard to record it; if it cannot, the entry falls due when
// its lease ends, and is sent again under the same id.
func (c *courier) conclude(ctx context.Context, e *entry, d *Delivery, fault error) {
	next := c.outcome(e, d, fault)
	var done *entry
	for try := 1; ; try++ {
		err := c.s.commit(ctx, func(st indexer.Engine) (err error) {
			done, err = c.record(ctx, st, e, d, next)
			c.s.at(pointFinished)
			return err
		})
		if err == nil {
			break
		}
		c.s.log.Warn("delivery cannot be recorded", "receiver", c.name, "notification", e.ID, "error", err)
		if try == recordTries || !pause(ctx, backoff(try)) {
			c.release(e, e.due)
			return
		}
	}
	c.s.at(pointFinishedAfter)
	c.release(done, done.due)
	c.learn(ctx, d, fault, done.State)
}

// recordTries is how often a delivery is tried to be recorded.
const recordTries = 4

// pause waits, or reports false if ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// outcome says what becomes of an entry after an attempt: its state and when
// it is due again.
func (c *courier) outcome(e *entry, d *Delivery, fault error) entry {
	next := entry{State: Queued}
	var permanent *PermanentError
	var later *RetryAfterError
	switch now := c.s.instant(); {
	case d.OK:
		next.State = Delivered
	case errors.As(fault, &permanent), now.Sub(e.Queued) >= giveUp:
		next.State = Dead
	case errors.As(fault, &later):
		next.due = now.Add(min(max(later.After, backoff(1)), maxRetryAfter))
	default:
		next.due = now.Add(backoff(e.Attempts))
	}
	if !next.due.IsZero() {
		d.Next = &next.due
	}
	return next
}

// record writes the outcome: the delivery, then what the alerts know, then
// the entry. e is as intend left it.
func (c *courier) record(ctx context.Context, st indexer.Engine, e *entry, d *Delivery, next entry) (*entry, error) {
	c.s.at(pointRecord)
	if err := storeDelivery(ctx, st, d); err != nil {
		return nil, err
	}
	if d.OK {
		c.s.at(pointDelivered)
		if err := markDelivered(ctx, st, e.Alerts, d.At.Add(d.Took)); err != nil {
			return nil, err
		}
	}
	done := e.clone()
	done.State, done.due, done.Error = next.State, next.due, d.Error
	done.Owner, done.Token = "", ""
	if done.State == Dead {
		if err := bury(ctx, st, done); err != nil {
			return nil, err
		}
	}
	c.s.at(pointFinish)
	if err := c.claim(ctx, st, done); err != nil && !errors.Is(err, errTaken) {
		return nil, err
	} else if err != nil {
		done.due = time.Time{} // the other one goes on with it
	}
	return done, nil
}

// storeDelivery appends to the log of deliveries.
func storeDelivery(ctx context.Context, st indexer.State, d *Delivery) error {
	value, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode delivery: %w", err)
	}
	_, err = st.Create(ctx, deliveryBucket, indexer.Entry{Key: deliveryKey(d.Notification, d.Attempt), Value: value})
	if err != nil && !errors.Is(err, indexer.ErrExists) {
		return fmt.Errorf("store delivery: %w", err)
	}
	return nil
}

// loadDelivery returns a recorded attempt, or nil.
func loadDelivery(ctx context.Context, st indexer.State, id string, attempt int) (*Delivery, error) {
	se, err := st.Load(ctx, deliveryBucket, deliveryKey(id, attempt))
	if errors.Is(err, indexer.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load delivery: %w", err)
	}
	d := &Delivery{}
	if err := json.Unmarshal(se.Value, d); err != nil {
		return nil, fmt.Errorf("read delivery: %w", err)
	}
	return d, nil
}

// markDelivered notes on alerts when they were first delivered.
func markDelivered(ctx context.Context, st indexer.Engine, ids []string, at time.Time) error {
	at = at.UTC().Truncate(time.Millisecond)
	for range casRounds {
		docs, err := st.Get(ctx, indexer.Alerts, ids...)
		if err != nil {
			return fmt.Errorf("load alerts: %w", err)
		}
		var writes []indexer.Write
		for _, d := range docs {
			var a leak.Alert
			if err := json.Unmarshal(d.Source, &a); err != nil {
				return fmt.Errorf("read alert %s: %w", d.ID, err)
			}
			if a.Times.Delivered == nil {
				a.Times.Delivered = &at
				w, err := alertWrite(&a, d.Version)
				if err != nil {
					return err
				}
				writes = append(writes, w)
			}
		}
		if len(writes) == 0 {
			return nil
		}
		_, errs := st.Put(ctx, writes)
		if err := firstHard(errs); err != nil {
			return fmt.Errorf("note delivery on alert: %w", err)
		}
	}
	return nil // others keep changing it; the deliveries say it as well
}

// firstHard returns the first error that is no lost race and no refusal.
func firstHard(errs []error) error {
	for _, err := range errs {
		if err != nil && !errors.Is(err, indexer.ErrConflict) && !errors.Is(err, indexer.ErrExists) && !errors.Is(err, indexer.ErrInvalid) {
			return err
		}
	}
	return nil
}

// alertWrite returns the write that replaces a stored alert.
func alertWrite(a *leak.Alert, v indexer.Version) (indexer.Write, error) {
	source, err := json.Marshal(a)
	if err != nil {
		return indexer.Write{}, fmt.Errorf("encode alert: %w", err)
	}
	return indexer.Write{Collection: indexer.Alerts,
		Document: indexer.Document{ID: a.ID, Version: v, Source: source, Fields: query.AlertDocument(a)}}, nil
}

// bySeverity orders alerts: the most severe first, then the oldest.
func bySeverity(a, b leak.Alert) int {
	return cmp.Or(cmp.Compare(b.Severity.Rank(), a.Severity.Rank()),
		a.Times.Matched.Compare(b.Times.Matched), cmp.Compare(a.ID, b.ID))
}
