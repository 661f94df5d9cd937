package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// The outbox is the durable list of notifications:
//
//	bucket "outbox"      key <receiver>/<notification> → entry; due at the next attempt
//	bucket "deliveries"  key <notification>/<attempt>  → Delivery; only appended
//	bucket "dead"        key <receiver>/<notification> → {}; an index of what was given up
//	bucket "receivers"   key <receiver>                → receiverState
//
// where <receiver> is the fingerprint of its name. An entry is created once,
// with the alert, and stays when it is delivered, so that no repeat of an
// earlier step can make it again. It belongs to one alert; when a group is
// sent, one entry becomes the message of the whole group and the others are
// merged into it. That happens by compare-and-set on each, so an alert is
// always in exactly one message.
const (
	outboxBucket   = "outbox"
	deliveryBucket = "deliveries"
	deadBucket     = "dead"
	receiverBucket = "receivers"
)

// maxGroup is how many alerts one message stands for, at most.
const maxGroup = 1000

// entry is one notification in the outbox.
type entry struct {
	ID       string    `json:"id"` // of the notification, the same on every attempt
	Receiver string    `json:"receiver"`
	State    SendState `json:"state"`
	Alerts   []string  `json:"alerts,omitempty"` // its own alert first, then those merged into it
	Group    string    `json:"group,omitempty"`  // entries of one group may be merged; "" for none
	Rank     int       `json:"rank"`             // of the severity; the most severe go first
	Queued   time.Time `json:"queued"`
	Notice   *Notice   `json:"notice,omitempty"`
	Frozen   bool      `json:"frozen,omitempty"` // Alerts is what the message holds
	Into     string    `json:"into,omitempty"`   // of a merged entry: the notification
	Attempts int       `json:"attempts"`
	Owner    string    `json:"owner,omitempty"` // who makes the attempt that is under way
	Token    string    `json:"token,omitempty"` // of that attempt
	Error    string    `json:"error,omitempty"` // of the last attempt

	version indexer.Version
	due     time.Time
}

// receiverKey is the first part of a receiver's keys.
func receiverKey(name string) string { return leak.Fingerprint("receiver", name) }

func outboxKey(receiver, id string) string { return receiverKey(receiver) + "/" + id }

func deliveryKey(id string, attempt int) string { return fmt.Sprintf("%s/%06d", id, attempt) }

// under returns the range of the keys that begin with prefix and a slash.
func under(prefix string) indexer.Scan {
	return indexer.Scan{From: prefix + "/", To: prefix + "0", Limit: indexer.MaxScan}
}

// stored returns the entry as the state holds it.
func (e *entry) stored() (indexer.Entry, error) {
	value, err := json.Marshal(e)
	if err != nil {
		return indexer.Entry{}, fmt.Errorf("encode outbox entry: %w", err)
	}
	return indexer.Entry{Key: outboxKey(e.Receiver, e.ID), Version: e.version, Value: value, Due: e.due}, nil
}

// readEntry is the reverse of stored.
func readEntry(se indexer.Entry) (*entry, error) {
	e := &entry{}
	if err := json.Unmarshal(se.Value, e); err != nil {
		return nil, fmt.Errorf("read outbox entry %s: %w", se.Key, err)
	}
	e.version, e.due = se.Version, se.Due
	return e, nil
}

// loadEntry returns an entry, or indexer.ErrNotFound.
func loadEntry(ctx context.Context, st indexer.State, receiver, id string) (*entry, error) {
	se, err := st.Load(ctx, outboxBucket, outboxKey(receiver, id))
	if err != nil {
		return nil, fmt.Errorf("load outbox entry: %w", err)
	}
	return readEntry(se)
}

// swap stores a changed entry and notes its new version.
func (e *entry) swap(ctx context.Context, st indexer.State) error {
	se, err := e.stored()
	if err != nil {
		return err
	}
	v, err := st.Swap(ctx, outboxBucket, se)
	if err != nil {
		return fmt.Errorf("change outbox entry: %w", err)
	}
	e.version = v
	return nil
}

// create stores a new entry and reports whether it was not there yet.
func (e *entry) create(ctx context.Context, st indexer.State) (bool, error) {
	se, err := e.stored()
	if err != nil {
		return false, err
	}
	v, err := st.Create(ctx, outboxBucket, se)
	switch {
	case errors.Is(err, indexer.ErrExists):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("create outbox entry: %w", err)
	}
	e.version = v
	return true, nil
}

// clone returns a copy that can be changed while a transaction may still be
// discarded.
func (e *entry) clone() *entry {
	c := *e
	c.Alerts = slices.Clone(e.Alerts)
	return &c
}

// putOutbox creates the entries of the alerts. One that exists was created by
// an earlier attempt.
func (w *work) putOutbox(ctx context.Context) error {
	var entries []*entry
	var writes []indexer.StateWrite
	for _, it := range w.matched() {
		for _, a := range it.alerts {
			if a == nil {
				continue
			}
			for _, name := range a.Receivers {
				e := w.newEntry(a, name)
				se, err := e.stored()
				if err != nil {
					return err
				}
				entries, writes = append(entries, e), append(writes, indexer.StateWrite{Bucket: outboxBucket, Entry: se})
			}
		}
	}
	w.s.at(pointOutbox)
	versions, errs := writeAll(ctx, w.engine, writes)
	if err := firstHard(errs); err != nil {
		return fmt.Errorf("create outbox entry: %w", err)
	}
	for i, e := range entries {
		if errs[i] == nil {
			e.version = versions[i]
			w.queued = append(w.queued, e)
		} else if errors.Is(errs[i], indexer.ErrInvalid) {
			w.s.log.Error("the index refuses an outbox entry", "alert", e.Alerts[0], "receiver", e.Receiver, "error", errs[i])
		}
	}
	return nil
}

// newEntry returns the entry that tells one receiver of an alert.
func (w *work) newEntry(a *leak.Alert, receiver string) *entry {
	e := &entry{
		ID: leak.NotificationID(receiver, a.ID), Receiver: receiver, State: Queued, Alerts: []string{a.ID},
		Rank: a.Severity.Rank(), Queued: w.now, due: w.now,
	}
	if r := w.rules.receivers[receiver]; r != nil {
		e.due = w.now.Add(r.Config.GroupWait)
		if r.Config.GroupWait > 0 || r.Config.GroupEvery > 0 {
			e.Group = leak.Fingerprint("group", a.Watch, a.CaseID)
		}
	}
	return e
}

// writeAll does writes to the state, in one round trip where the engine can.
// Where it cannot, it stops at the first sign that the engine fails.
func writeAll(ctx context.Context, st indexer.State, writes []indexer.StateWrite) ([]indexer.Version, []error) {
	if b, ok := st.(indexer.BulkState); ok && len(writes) > 1 {
		return b.WriteAll(ctx, writes)
	}
	versions, errs := make([]indexer.Version, len(writes)), make([]error, len(writes))
	for i, w := range writes {
		if w.Entry.Version == (indexer.Version{}) {
			versions[i], errs[i] = st.Create(ctx, w.Bucket, w.Entry)
		} else {
			versions[i], errs[i] = st.Swap(ctx, w.Bucket, w.Entry)
		}
		if lost(errs[i]) {
			for j := i + 1; j < len(writes); j++ {
				errs[j] = errs[i]
			}
			break
		}
	}
	return versions, errs
}

// handOver gives new entries to the couriers that run in this process. What
// they do not take, a scan finds.
func (s *Service) handOver(entries []*entry) {
	for _, e := range entries {
		if c := s.courier(e.Receiver); c != nil {
			c.offer(e)
		}
	}
}
