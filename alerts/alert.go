package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// putAlerts creates the alerts of the matched items. One that exists was made
// by an earlier attempt for the same revision, and then what follows from it
// must be made sure of; or for an earlier revision with the same values, and
// then there is nothing to tell.
func (w *work) putAlerts(ctx context.Context) error {
	type place struct {
		it *item
		i  int
	}
	var writes []indexer.Write
	var places []place
	for _, it := range w.matched() {
		it.alerts = make([]*leak.Alert, len(it.matches))
		for i := range it.matches {
			a, fields := w.newAlert(it, &it.matches[i])
			source, err := json.Marshal(a)
			if err != nil {
				return fmt.Errorf("encode alert: %w", err)
			}
			it.alerts[i], it.matches[i].created = a, true
			places = append(places, place{it, i})
			writes = append(writes, indexer.Write{Collection: indexer.Alerts, Create: true,
				Document: indexer.Document{ID: a.ID, Source: source, Fields: fields}})
		}
	}
	if len(writes) == 0 {
		return nil
	}
	w.s.at(pointAlerts)
	_, errs := w.engine.Put(ctx, writes)
	for n, err := range errs {
		it, i := places[n].it, places[n].i
		switch {
		case err == nil:
			continue
		case errors.Is(err, indexer.ErrExists):
			a, err := w.earlierAlert(ctx, it, it.matches[i].id)
			if err != nil {
				return err
			}
			it.alerts[i] = a
		case errors.Is(err, indexer.ErrInvalid):
			w.s.log.Error("the index refuses an alert", "alert", it.matches[i].id, "error", err)
			it.alerts[i] = nil
		default:
			return fmt.Errorf("store alert: %w", err)
		}
		it.matches[i].created = false
	}
	return nil
}

// earlierAlert returns the stored alert if it was made for the item's own
// revision, else nil.
func (w *work) earlierAlert(ctx context.Context, it *item, id string) (*leak.Alert, error) {
	a, _, err := loadAlert(ctx, w.engine, id)
	if errors.Is(err, ErrNoAlert) {
		return nil, nil // deleted in between
	}
	if err != nil || a.Revision != it.listing.Revision {
		return nil, err
	}
	return a, nil
}

// loadAlert returns a stored alert, or ErrNoAlert.
func loadAlert(ctx context.Context, e indexer.Engine, id string) (*leak.Alert, indexer.Version, error) {
	docs, err := e.Get(ctx, indexer.Alerts, id)
	if err != nil {
		return nil, indexer.Version{}, fmt.Errorf("load alert: %w", err)
	}
	d, found := docs[id]
	if !found {
		return nil, indexer.Version{}, ErrNoAlert
	}
	a := &leak.Alert{}
	if err := json.Unmarshal(d.Source, a); err != nil {
		return nil, indexer.Version{}, fmt.Errorf("read alert %s: %w", id, err)
	}
	return a, d.Version, nil
}

// newAlert makes the alert of a match, decides whether it is muted and who is
// to be told.
func (w *work) newAlert(it *item, m *match) (*leak.Alert, *query.Document) {
	l := &it.listing
	a := &leak.Alert{
		ID: m.id, Watch: m.watch.ID, WatchName: m.watch.Name, Query: m.watch.query.String(),
		Severity: l.Severity, State: leak.Open, Owner: m.watch.Owner, CaseID: it.caseID,
		Listing: l.ID, Revision: l.Revision, Source: l.Source, URL: l.URL,
		Title: l.Title, Excerpt: excerpt(l), Seller: l.Seller, Intent: l.Intent, Score: l.Score,
		Language: l.Language, Offers: l.Offers, Contacts: l.Contacts, Available: l.Available,
		Categories: l.Categories, Why: m.why, Receivers: []string{},
		Times:   leak.AlertTimes{Posted: l.PostedAt, Fetched: l.Fetched, Matched: w.now},
		History: []leak.AlertEvent{},
	}
	if m.watch.Severity != "" {
		a.Severity = leak.Severity(m.watch.Severity)
	}
	d := query.AlertDocument(a)
	if a.Silence = w.rules.silencedBy(d, w.now); a.Silence == "" {
		a.Receivers = w.rules.receiversOf(m.watch, d, w.now)
	}
	if len(a.Receivers) > 0 {
		a.Times.Queued = &w.now
		d.Numbers["queued_at"] = []float64{millis(w.now)}
	}
	if a.Silence != "" {
		d.Keywords["silence"] = []string{a.Silence}
	}
	return a, d
}

// excerpt returns the part of the body around the first finding in it.
func excerpt(l *leak.Listing) string {
	body := []rune(l.Body)
	from := 0
	for _, f := range l.Findings {
		if f.Field == "body" {
			from = max(0, min(f.Start-leak.MaxExcerpt/4, len(body)-leak.MaxExcerpt))
			break
		}
	}
	cut := body[from:min(len(body), from+leak.MaxExcerpt)]
	return wholeMasks(strings.Join(strings.Fields(string(cut)), " "))
}

// wholeMasks drops what is left of a mask at either end of a cut text.
func wholeMasks(s string) string {
	if i := strings.Index(s, leak.MarkClose); i >= 0 && !strings.Contains(s[:i], leak.MarkOpen) {
		s = s[i+len(leak.MarkClose):]
	}
	if i := strings.LastIndex(s, leak.MarkOpen); i >= 0 && !strings.Contains(s[i:], leak.MarkClose) {
		s = s[:i]
	}
	return s
}
