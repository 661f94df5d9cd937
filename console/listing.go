package console

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// view is a listing with what surrounds it.
type view struct {
	Listing   *leak.Listing
	Title     []span
	Body      []span
	Revisions []leak.Revision
	Prices    template.HTML // chart of the unit price, "" with fewer than two
	Case      *leak.Case
	Host      string
}

// span is a part of a text, marked where findings lie.
type span struct {
	Text  string
	Rules string // of the findings here, "" for plain text
	Steps string
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

func (s *Server) load(r *request, id string) (*view, error) {
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
	v := &view{Listing: &l, Title: mark(l.Title, "title", l.Findings), Body: mark(l.Body, "body", l.Findings), Host: hostOf(l.URL)}
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

// mark cuts a text at the ends of the findings in one of its fields. Findings
// may overlap; a span then names all of their rules.
func mark(text, field string, findings []leak.Finding) []span {
	runes := []rune(text)
	cuts := []int{0, len(runes)}
	var in []leak.Finding
	for _, f := range findings {
		if f.Field == field && 0 <= f.Start && f.Start < f.End && f.End <= len(runes) {
			in = append(in, f)
			cuts = append(cuts, f.Start, f.End)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []span
	for i := 1; i < len(cuts); i++ {
		x := span{Text: string(runes[cuts[i-1]:cuts[i]])}
		var rules, steps []string
		for _, f := range in {
			if f.Start <= cuts[i-1] && cuts[i] <= f.End {
				rules = append(rules, f.Rule)
				steps = append(steps, f.Steps...)
			}
		}
		slices.Sort(rules)
		slices.Sort(steps)
		x.Rules, x.Steps = strings.Join(slices.Compact(rules), ", "), strings.Join(slices.Compact(steps), ", ")
		out = append(out, x)
	}
	return out
}

func (s *Server) listing(w http.ResponseWriter, r *request) error {
	v, err := s.load(r, r.PathValue("id"))
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
	v, err := s.load(r, d.Alert.Listing)
	if err != nil {
		return err
	}
	s.audit(r, "view_alert", d.Alert.ID, "")
	p := alertPage{page: s.page(r, titleOf(d.Alert.Title)), View: v, Alert: d.Alert, Sent: d.Notifications,
		Times: timeline(d.Alert.Times), Verdicts: leak.Verdicts(), Suggested: suggest(&d.Alert)}
	if p.Next, err = s.nextOpen(r, d.Alert.ID); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, "alert.tmpl", p)
	return nil
}

// nextOpen returns the newest open alert beside this one.
func (s *Server) nextOpen(r *request, id string) (string, error) {
	q, err := s.o.Parse(indexer.Alerts, "state:open")
	if err != nil {
		return "", err
	}
	found, err := s.o.Alerts.Search(r.Context(), indexer.Search{Query: q, Now: s.o.Now(), Limit: 2})
	if err != nil {
		return "", err
	}
	for _, a := range found.Alerts {
		if a.ID != id {
			return a.ID, nil
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

// addException stores an exception, or with preview set shows what it would
// hide before it is stored.
func (s *Server) addException(w http.ResponseWriter, r *request) error {
	d, err := s.o.Alerts.Alert(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	src := strings.TrimSpace(r.PostFormValue("exception"))
	q, err := s.o.Parse(indexer.Listings, src)
	if err != nil {
		return err
	}
	if q == nil || strings.TrimSpace(r.PostFormValue("reason")) == "" {
		return &pageError{http.StatusBadRequest, "An exception needs a query and a reason."}
	}
	if _, err := s.o.Alerts.AddException(r.Context(), alerts.Exception{Watch: d.Alert.Watch, Query: q.String(), Reason: r.PostFormValue("reason"), Author: r.user.Name}); err != nil {
		return err
	}
	s.audit(r, "add_exception", d.Alert.Watch, q.String())
	return back(w, r, "/alerts/"+d.Alert.ID, "The watch "+d.Alert.WatchName+" now leaves out "+q.String()+".")
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
