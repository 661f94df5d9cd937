package alerts

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/leakwatch/leakwatch/leak"
)

// Payload is what machine receivers get: the body of a webhook and a line of
// a file. It is thin: the console and the API have the rest.
type Payload struct {
	Type      string      `json:"type"` // alert.created, leakwatch.notice or leakwatch.test
	Timestamp time.Time   `json:"timestamp"`
	Data      PayloadData `json:"data"`
}

// PayloadData is the data of a Payload.
type PayloadData struct {
	Notification string         `json:"notification"` // the same on every repeat
	Alerts       []PayloadAlert `json:"alerts"`       // the most severe first
	More         int            `json:"more"`         // further alerts that Link leads to
	Link         string         `json:"link,omitempty"`
	Notice       string         `json:"notice,omitempty"`
}

// PayloadAlert is an alert as machine receivers see it.
type PayloadAlert struct {
	ID         string          `json:"id"`
	Watch      string          `json:"watch"`
	WatchName  string          `json:"watch_name"`
	Severity   leak.Severity   `json:"severity"`
	Case       string          `json:"case,omitempty"`
	Listing    string          `json:"listing"`
	Revision   int             `json:"revision"`
	Source     string          `json:"source"`
	URL        string          `json:"url"`
	Title      string          `json:"title"`
	Seller     string          `json:"seller,omitempty"`
	Intent     leak.Intent     `json:"intent"`
	Score      float64         `json:"score"`
	Language   string          `json:"language"`
	Categories []leak.Category `json:"categories"`
	Posted     *time.Time      `json:"posted"`
	Fetched    time.Time       `json:"fetched"`
	Matched    time.Time       `json:"matched"`
	Link       string          `json:"link,omitempty"`
	Offers     []leak.Offer    `json:"offers,omitempty"`
	Contacts   []leak.Contact  `json:"contacts,omitempty"`
	Excerpt    string          `json:"excerpt,omitempty"`
}

// EncodePayload writes a notification as JSON of at most limit bytes (0 for
// no limit): where it is too large, first the details of the alerts go, then
// the least severe alerts, which are counted in More.
func EncodePayload(n Notification, limit int) ([]byte, error) {
	p := newPayload(n)
	body, err := json.Marshal(p)
	if limit <= 0 {
		limit = len(body)
	}
	for i := len(p.Data.Alerts) - 1; err == nil && len(body) > limit && i >= 0; i-- {
		p.Data.Alerts[i].thin()
		body, err = json.Marshal(p)
	}
	for err == nil && len(body) > limit && len(p.Data.Alerts) > 0 {
		p.Data.Alerts = p.Data.Alerts[:len(p.Data.Alerts)-1]
		p.Data.More++
		body, err = json.Marshal(p)
	}
	if err != nil {
		return nil, fmt.Errorf("encode payload: %w", err)
	}
	if len(body) > limit {
		return nil, &PermanentError{fmt.Errorf("payload of %d bytes is above the limit of %d", len(body), limit)}
	}
	return body, nil
}

func newPayload(n Notification) *Payload {
	p := &Payload{Type: "alert.created", Timestamp: n.At.UTC(), Data: PayloadData{
		Notification: n.ID, More: n.More, Link: AlertURL(n, ""), Alerts: make([]PayloadAlert, len(n.Alerts)),
	}}
	p.Data.Notice, _ = leak.CutBytes(n.Notice, 4096)
	switch {
	case n.Test:
		p.Type = "leakwatch.test"
	case len(n.Alerts) == 0:
		p.Type = "leakwatch.notice"
	}
	for i, a := range n.Alerts {
		p.Data.Alerts[i] = PayloadAlert{
			ID: a.ID, Watch: a.Watch, WatchName: a.WatchName, Severity: a.Severity, Case: a.CaseID,
			Listing: a.Listing, Revision: a.Revision, Source: a.Source, URL: a.URL, Title: a.Title, Seller: a.Seller,
			Intent: a.Intent, Score: a.Score, Language: a.Language, Categories: a.Categories,
			Posted: a.Times.Posted, Fetched: a.Times.Fetched, Matched: a.Times.Matched, Link: AlertURL(n, a.ID),
			Offers: a.Offers, Contacts: a.Contacts, Excerpt: a.Excerpt,
		}
	}
	return p
}

// thin drops the details, and cuts what a source can make long.
func (a *PayloadAlert) thin() {
	a.Offers, a.Contacts, a.Excerpt = nil, nil, ""
	a.Title, _ = leak.CutBytes(a.Title, 300)
	a.URL, _ = leak.CutBytes(a.URL, 500)
	a.Seller, _ = leak.CutBytes(a.Seller, 100)
}
