package console

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// view is a listing with what surrounds it.
type view struct {
	Listing   *leak.Listing
	Title     []span
	Body      []span
	Found     []evidence // what the rules found, one line for each rule and text
	Why       why
	Revisions []leak.Revision
	Prices    template.HTML // chart of the unit price, "" with fewer than two
	Case      *leak.Case
	Host      string
}

type listingPage struct {
	page
	View view
}

type alertPage struct {
	page
	View      *view // nil if the listing is no longer kept
	Alert     leak.Alert
	Sent      []alerts.Sent
	Times     []instant
	Verdicts  []leak.Verdict
	Suggested string // query of an exception from this alert
	Next      string // another open alert
}

// instant is one step on the way from post to reader.
type instant struct {
	Name string
	At   time.Time
	Gap  string // since the step before
}

// load returns a listing with the words of a query marked; nil, nil if there
// is no such listing.
func (s *Server) load(r *request, id string, q *query.Query) (*view, error) {
	docs, err := s.o.Engine.Get(r.Context(), indexer.Listings, id)
	if err != nil {
		return nil, fmt.Errorf("load listing: %w", err)
	}
	d, ok := docs[id]
	if !ok {
		return nil, nil
	}
	var l leak.Listing
	if err := json.Unmarshal(d.Source, &l); err != nil {
		return nil, fmt.Errorf("load listing: %w", err)
	}
	v := &view{Listing: &l, Found: s.found(&l), Host: hostOf(l.URL), Why: whyOf(&l.Reading, s.missing(&l.Reading)),
		Title: mark(l.Title, inField(l.Findings, "title"), highlight(q, "title", l.Title), s.role),
		Body:  mark(l.Body, inField(l.Findings, "body"), highlight(q, "body", l.Body), s.role)}
	if v.Revisions, err = s.revisions(r, id); err != nil {
		return nil, err
	}
	v.Prices = priceChart(v.Revisions)
	if l.CaseID != "" {
		c, err := s.o.Alerts.Case(r.Context(), l.CaseID)
		if err == nil {
			v.Case = c
		}
	}
	return v, nil
}

// revisions returns the states of a listing, the newest first.
func (s *Server) revisions(r *request, listing string) ([]leak.Revision, error) {
	q, err := s.o.Parse(indexer.Revisions, "listing:"+listing)
	if err != nil {
		return nil, fmt.Errorf("load revisions: %w", err)
	}
	found, err := s.o.Engine.Search(r.Context(), indexer.Revisions, indexer.Search{Query: q, Now: s.o.Now(), Limit: 200})
	if err != nil {
		return nil, fmt.Errorf("load revisions: %w", err)
	}
	out := make([]leak.Revision, len(found.Documents))
	for i, d := range found.Documents {
		if err := json.Unmarshal(d.Source, &out[i]); err != nil {
			return nil, fmt.Errorf("load revisions: %w", err)
		}
	}
	return out, nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

func (s *Server) listing(w http.ResponseWriter, r *request) error {
	v, err := s.load(r, r.PathValue("id"), nil)
	if err != nil {
		return err
	}
	if v == nil {
		return &pageError{http.StatusNotFound, "There is no such listing; it may have reached the end of its retention."}
	}
	s.audit(r, "view_listing", v.Listing.ID, "")
	s.render(w, r, http.StatusOK, "listing.tmpl", listingPage{page: s.page(r, titleOf(v.Listing.Title)), View: *v})
	return nil
}

func titleOf(s string) string {
	if strings.TrimSpace(s) == "" {
		return "(no title)"
	}
	return s
}

func (s *Server) alert(w http.ResponseWriter, r *request) error {
	d, err := s.o.Alerts.Alert(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.o.Alerts.MarkOpened(r.Context(), d.Alert.ID); err != nil {
		s.o.Log.Error("note that an alert was opened", "alert", d.Alert.ID, "error", err)
	}
	// The query was valid when it matched; one that no longer is marks nothing.
	q, _ := s.o.Parse(indexer.Listings, d.Alert.Query)
	v, err := s.load(r, d.Alert.Listing, q)
	if err != nil {
		return err
	}
	s.audit(r, "view_alert", d.Alert.ID, "")
	p := alertPage{page: s.page(r, titleOf(d.Alert.Title)), View: v, Alert: d.Alert, Sent: d.Notifications,
		Times: timeline(d.Alert.Times), Verdicts: leak.Verdicts(), Suggested: suggest(&d.Alert)}
	if p.Next, err = s.nextOpen(r, &d.Alert); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, "alert.tmpl", p)
	return nil
}

// nextOpen returns the open alert that comes after this one in the inbox, the
// newest other one at its end, "" if there is none.
func (s *Server) nextOpen(r *request, here *leak.Alert) (string, error) {
	open := &query.Term{Field: "state", Value: string(leak.Open)}
	older := &query.Range{Field: "matched", Max: &query.Bound{Value: float64(here.Times.Matched.UnixMilli()), Exclusive: true}}
	for _, n := range []query.Node{&query.And{Nodes: []query.Node{open, older}}, open} {
		found, err := s.o.Alerts.Search(r.Context(), indexer.Search{Query: &query.Query{Root: n}, Now: s.o.Now(), Limit: 2})
		if err != nil {
			return "", err
		}
		for _, a := range found.Alerts {
			if a.ID != here.ID {
				return a.ID, nil
			}
		}
	}
	return "", nil
}

// timeline puts the times of an alert in order, with the gaps between them.
func timeline(t leak.AlertTimes) []instant {
	var out []instant
	add := func(name string, at *time.Time) {
		if at == nil || at.IsZero() {
			return
		}
		x := instant{Name: name, At: *at}
		if n := len(out); n > 0 {
			x.Gap = gap(at.Sub(out[n-1].At))
		}
		out = append(out, x)
	}
	add("posted", t.Posted)
	add("fetched", &t.Fetched)
	add("matched", &t.Matched)
	add("queued", t.Queued)
	add("delivered", t.Delivered)
	add("opened", t.Opened)
	return out
}

func gap(d time.Duration) string {
	switch {
	case d < 0:
		return ""
	case d < time.Second:
		return "+" + d.Round(time.Millisecond).String()
	}
	return "+" + d.Round(time.Second).String()
}

// suggest writes the narrowest exception that would have kept this alert away.
func suggest(a *leak.Alert) string {
	switch {
	case a.Seller != "":
		return "source:" + a.Source + " AND seller:" + strconv.Quote(a.Seller)
	case len(a.Contacts) > 0:
		return "contact:" + strconv.Quote(a.Contacts[0].Value)
	}
	return "source:" + a.Source + " AND \"" + strings.ReplaceAll(firstWords(a.Title), `"`, "") + `"`
}

func firstWords(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 20)])
}

// addException stores an exception to the watch of an alert.
func (s *Server) addException(w http.ResponseWriter, r *request) error {
	d, err := s.o.Alerts.Alert(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	without, err := s.ask(indexer.Listings, r.PostFormValue("exception"))
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	switch {
	case without.Fault != "":
		return &pageError{http.StatusBadRequest, without.Fault}
	case without.Query == nil || reason == "":
		return &pageError{http.StatusBadRequest, "An exception needs a query and a reason."}
	}
	src := without.canonical()
	if _, err := s.o.Alerts.AddException(r.Context(), alerts.Exception{Watch: d.Alert.Watch, Query: src, Reason: reason, Author: r.user.Name}); err != nil {
		return err
	}
	s.audit(r, "add_exception", d.Alert.Watch, src)
	return s.back(w, r, "/alerts/"+d.Alert.ID, "The watch "+d.Alert.WatchName+" now leaves out "+src+".")
}

type casePage struct {
	page
	Case *leak.Case
}

func (s *Server) caseFile(w http.ResponseWriter, r *request) error {
	c, err := s.o.Alerts.Case(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	s.audit(r, "view_case", c.ID, "")
	s.render(w, r, http.StatusOK, "case.tmpl", casePage{page: s.page(r, titleOf(c.Title)), Case: c})
	return nil
}
