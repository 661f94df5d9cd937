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
	"github.com/leakwatch/leakwatch/query"
)

// AlertPage is one page of alerts.
type AlertPage struct {
	Alerts []leak.Alert
	Next   string // Search.After of the next page; "" on the last
	Total  int64  // 0 unless Search.Count
}

// Search returns alerts; without a query and sort the newest first.
func (s *Service) Search(ctx context.Context, q indexer.Search) (*AlertPage, error) {
	page, err := s.engine.Search(ctx, indexer.Alerts, q)
	if err != nil {
		return nil, fmt.Errorf("search alerts: %w", err)
	}
	out := &AlertPage{Alerts: make([]leak.Alert, len(page.Documents)), Next: page.Next, Total: page.Total}
	for i, d := range page.Documents {
		if err := json.Unmarshal(d.Source, &out.Alerts[i]); err != nil {
			return nil, fmt.Errorf("read alert %s: %w", d.ID, err)
		}
	}
	return out, nil
}

// Detail is an alert with what was done to tell people about it.
type Detail struct {
	Alert         leak.Alert
	Notifications []Sent // one per receiver, in the order in which they were decided
}

// Sent is the state of one notification that carries an alert.
type Sent struct {
	ID         string // of the notification
	Receiver   string
	State      SendState
	Queued     time.Time
	Due        time.Time  // next attempt; zero if none is due
	With       int        // how many alerts share the message, this one included
	Deliveries []Delivery // the first first
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

// Alert returns one alert, or ErrNoAlert.
func (s *Service) Alert(ctx context.Context, id string) (*Detail, error) {
	a, _, err := loadAlert(ctx, s.engine, id)
	if err != nil {
		return nil, err
	}
	d := &Detail{Alert: *a}
	for _, name := range a.Receivers {
		sent, err := s.sent(ctx, name, leak.NotificationID(name, id))
		if err != nil {
			return nil, err
		}
		if sent != nil {
			d.Notifications = append(d.Notifications, *sent)
		}
	}
	return d, nil
}

// sent returns the notification that an entry became, or nil if there is no
// entry.
func (s *Service) sent(ctx context.Context, receiver, id string) (*Sent, error) {
	e, err := loadEntry(ctx, s.engine, receiver, id)
	if err == nil && e.State == Merged {
		e, err = loadEntry(ctx, s.engine, receiver, e.Into)
	}
	if errors.Is(err, indexer.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &Sent{ID: e.ID, Receiver: receiver, State: e.State, Queued: e.Queued, Due: e.due, With: len(e.Alerts)}
	out.Deliveries, err = deliveriesOf(ctx, s.engine, e.ID)
	return out, err
}

// Selection is a set of alerts: those of IDs, and all that match Query.
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

// Bulk is what an action did, alert by alert. Alerts that matched the query
// but were stored after the action began are not touched; Later counts them.
type Bulk struct {
	Snapshot  time.Time
	Changed   []string
	Unchanged int // were so already
	Failed    map[string]error
	Later     int64
}

// Acknowledge takes the selected alerts: they become acknowledged and owned
// by a.By.
func (s *Service) Acknowledge(ctx context.Context, sel Selection, a Actor) (*Bulk, error) {
	return s.act(ctx, sel, a, func(x *leak.Alert) leak.AlertEvent {
		x.Owner = a.By
		return leak.AlertEvent{To: leak.Acknowledged}
	})
}

// Close closes the selected alerts with a verdict. An alert that nobody owns
// becomes a.By's.
func (s *Service) Close(ctx context.Context, sel Selection, v leak.Verdict, a Actor) (*Bulk, error) {
	if !slices.Contains(leak.Verdicts(), v) {
		return nil, fmt.Errorf("%w: %q is no verdict; one of %v", ErrInvalid, v, leak.Verdicts())
	}
	return s.act(ctx, sel, a, func(x *leak.Alert) leak.AlertEvent {
		if x.Owner == "" {
			x.Owner = a.By
		}
		return leak.AlertEvent{To: leak.Closed, Verdict: v}
	})
}

// Reopen opens the selected alerts again, without a verdict.
func (s *Service) Reopen(ctx context.Context, sel Selection, a Actor) (*Bulk, error) {
	return s.act(ctx, sel, a, func(*leak.Alert) leak.AlertEvent { return leak.AlertEvent{To: leak.Open} })
}

// bulkPage is how many alerts an action reads and writes at a time.
const bulkPage = 500

// act changes the selected alerts. It goes through a query by the time of
// match, which never changes, so changing an alert does not move it.
func (s *Service) act(ctx context.Context, sel Selection, a Actor, change func(*leak.Alert) leak.AlertEvent) (*Bulk, error) {
	if a.By == "" {
		return nil, fmt.Errorf("%w: an action needs an actor", ErrInvalid)
	}
	b := &Bulk{Snapshot: s.instant(), Failed: map[string]error{}}
	for ids := range slices.Chunk(sel.IDs, bulkPage) {
		if err := s.actOn(ctx, ids, a, b, change); err != nil {
			return b, err
		}
	}
	if sel.Query == nil {
		return b, nil
	}
	if err := s.engine.Refresh(ctx); err != nil {
		return b, fmt.Errorf("select alerts: %w", err)
	}
	search := indexer.Search{Query: upTo(sel.Query, b.Snapshot), Now: b.Snapshot, Asc: true, Limit: bulkPage}
	for {
		page, err := s.engine.Search(ctx, indexer.Alerts, search)
		if err != nil {
			return b, fmt.Errorf("select alerts: %w", err)
		}
		ids := make([]string, len(page.Documents))
		for i, d := range page.Documents {
			ids[i] = d.ID
		}
		if err := s.actOn(ctx, ids, a, b, change); err != nil {
			return b, err
		}
		if search.After = page.Next; page.Next == "" {
			break
		}
	}
	return b, s.countLater(ctx, sel.Query, b)
}

// upTo narrows a query to the alerts that were stored by t.
func upTo(q *query.Query, t time.Time) *query.Query {
	return q.And(&query.Query{Root: &query.Range{Field: "matched", Max: &query.Bound{Value: millis(t)}}})
}

// after narrows a query to the alerts that were stored after t.
func after(q *query.Query, t time.Time) *query.Query {
	return q.And(&query.Query{Root: &query.Range{Field: "matched", Min: &query.Bound{Value: millis(t), Exclusive: true}}})
}

func (s *Service) countLater(ctx context.Context, q *query.Query, b *Bulk) error {
	search := indexer.Search{Query: after(q, b.Snapshot), Now: b.Snapshot, Limit: 1, Count: true}
	page, err := s.engine.Search(ctx, indexer.Alerts, search)
	if err != nil {
		return fmt.Errorf("count later alerts: %w", err)
	}
	b.Later = page.Total
	return nil
}

// actOn changes alerts by id, again where another writer was faster.
func (s *Service) actOn(ctx context.Context, ids []string, a Actor, b *Bulk, change func(*leak.Alert) leak.AlertEvent) error {
	for round := 0; len(ids) > 0; round++ {
		docs, err := s.engine.Get(ctx, indexer.Alerts, ids...)
		if err != nil {
			return fmt.Errorf("load alerts: %w", err)
		}
		var writes []indexer.Write
		for _, id := range ids {
			d, found := docs[id]
			if !found {
				b.Failed[id] = ErrNoAlert
				continue
			}
			w, changed, err := s.changed(d, a, change)
			switch {
			case err != nil:
				b.Failed[id] = err
			case !changed:
				b.Unchanged++
			default:
				writes = append(writes, w)
			}
		}
		if ids, err = s.putChanges(ctx, writes, b, round == casRounds); err != nil {
			return err
		}
	}
	return nil
}

// changed returns the write of a changed alert, or false if it is so already.
func (s *Service) changed(d indexer.Document, a Actor, change func(*leak.Alert) leak.AlertEvent) (indexer.Write, bool, error) {
	var x leak.Alert
	if err := json.Unmarshal(d.Source, &x); err != nil {
		return indexer.Write{}, false, fmt.Errorf("read alert: %w", err)
	}
	owner := x.Owner
	ev := change(&x)
	if ev.To == x.State && ev.Verdict == x.Verdict && x.Owner == owner && a.Note == "" {
		return indexer.Write{}, false, nil
	}
	ev.At, ev.By, ev.Via, ev.Note, ev.From = s.instant(), a.By, a.Via, a.Note, x.State
	x.State, x.Verdict = ev.To, ev.Verdict
	x.History = append(x.History, ev)
	w, err := alertWrite(&x, d.Version)
	return w, true, err
}

// putChanges writes changed alerts and returns the ids of those that another
// writer changed first, unless this was the last try.
func (s *Service) putChanges(ctx context.Context, writes []indexer.Write, b *Bulk, last bool) (again []string, err error) {
	if len(writes) == 0 {
		return nil, nil
	}
	var errs []error
	err = s.engine.Together(ctx, func(e indexer.Engine) error {
		_, errs = e.Put(ctx, writes)
		return firstHard(errs)
	})
	if err != nil {
		return nil, fmt.Errorf("store alerts: %w", err)
	}
	for i, err := range errs {
		id := writes[i].Document.ID
		switch {
		case err == nil:
			b.Changed = append(b.Changed, id)
		case errors.Is(err, indexer.ErrConflict) && !last:
			again = append(again, id)
		default:
			b.Failed[id] = err
		}
	}
	return again, nil
}

// MarkOpened notes the first time that someone opened the alert.
func (s *Service) MarkOpened(ctx context.Context, id string) error {
	now := s.instant()
	for range casRounds {
		a, v, err := loadAlert(ctx, s.engine, id)
		if err != nil || a.Times.Opened != nil {
			return err
		}
		a.Times.Opened = &now
		w, err := alertWrite(a, v)
		if err != nil {
			return err
		}
		_, errs := s.engine.Put(ctx, []indexer.Write{w})
		if errs[0] == nil || !errors.Is(errs[0], indexer.ErrConflict) {
			return errs[0]
		}
	}
	return nil // others keep changing the alert: they have opened it
}
