package console

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// pageSize is the number of rows of one page of a list.
const pageSize = 50

type inboxPage struct {
	page
	Tabs     []tab
	Query    string // what the user typed
	State    string
	Fault    string // what is wrong with the query
	Alerts   []leak.Alert
	Total    int64
	Next     string // address of the next page
	Counts   []indexer.Bucket
	Verdicts []leak.Verdict
	Selected string // the query that "all" means: state and typed text
	Hint     *widen
}

// tab is one state in the bar above the inbox.
type tab struct {
	Name, Address string
	Current       bool
	Count         int64
}

// widen says which part of a search hides everything, and how to drop it.
type widen struct {
	Text, Address string
	Count         int64
}

// inboxQuery joins the state of a tab and what the user typed.
func inboxQuery(state, typed string) string {
	typed = strings.TrimSpace(typed)
	switch {
	case state == "all":
		return typed
	case typed == "":
		return "state:" + state
	}
	return "state:" + state + " AND (" + typed + ")"
}

func inboxState(r *request) string {
	state := r.FormValue("state")
	if slices.Contains([]string{"acknowledged", "closed", "all"}, state) {
		return state
	}
	return "open"
}

func (s *Server) inbox(w http.ResponseWriter, r *request) error {
	p := inboxPage{page: s.page(r, "Alerts"), Query: r.FormValue("q"), State: inboxState(r), Verdicts: leak.Verdicts()}
	p.Selected = inboxQuery(p.State, p.Query)
	q, err := s.o.Parse(indexer.Alerts, p.Selected)
	if err != nil {
		p.Fault = faultText(s, indexer.Alerts, p.Query, err)
		s.render(w, r, http.StatusBadRequest, "inbox.tmpl", p)
		return nil
	}
	found, err := s.o.Alerts.Search(r.Context(), indexer.Search{Query: q, Now: s.o.Now(), Limit: pageSize, After: r.FormValue("after"), Count: true})
	if err != nil {
		return err
	}
	p.Alerts, p.Total = found.Alerts, found.Total
	if found.Next != "" {
		p.Next = "/?" + url.Values{"q": {p.Query}, "state": {p.State}, "after": {found.Next}}.Encode()
	}
	if err := s.inboxCounts(r, &p, q); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, "inbox.tmpl", p)
	return nil
}

// inboxCounts fills the numbers around the list: per state for what was
// typed, per severity for what is shown.
func (s *Server) inboxCounts(r *request, p *inboxPage, q *query.Query) error {
	typed, err := s.o.Parse(indexer.Alerts, p.Query)
	if err != nil {
		return err
	}
	states, err := s.o.Engine.Aggregate(r.Context(), indexer.Alerts, typed, s.o.Now(), []indexer.Aggregation{{Kind: indexer.Terms, Field: "state", Size: 4}})
	if err != nil {
		return err
	}
	var all int64
	byState := map[string]int64{}
	for _, b := range states[0].Buckets {
		byState[b.Key] = b.Count
		all += b.Count
	}
	byState["all"] = all
	for _, name := range []string{"open", "acknowledged", "closed", "all"} {
		p.Tabs = append(p.Tabs, tab{Name: name, Current: name == p.State, Count: byState[name],
			Address: "/?" + url.Values{"q": {p.Query}, "state": {name}}.Encode()})
	}
	severities, err := s.o.Engine.Aggregate(r.Context(), indexer.Alerts, q, s.o.Now(), []indexer.Aggregation{{Kind: indexer.Terms, Field: "severity", Size: 4}})
	if err != nil {
		return err
	}
	p.Counts = severities[0].Buckets
	if len(p.Alerts) > 0 || r.FormValue("after") != "" {
		return nil
	}
	switch {
	case all > 0:
		p.Hint = &widen{Text: "in other states", Address: p.Tabs[3].Address, Count: all}
	case p.Query != "":
		everything, err := s.o.Alerts.Search(r.Context(), indexer.Search{Now: s.o.Now(), Limit: 1, Count: true})
		if err != nil {
			return err
		}
		p.Hint = &widen{Text: "without this query", Address: "/?state=all", Count: everything.Total}
	}
	return nil
}

// faultText describes what is wrong with what the user typed: the query that
// was parsed has more around it, so the typed part is parsed alone.
func faultText(s *Server, c indexer.Collection, typed string, err error) string {
	if _, alone := s.o.Parse(c, typed); alone != nil {
		err = alone
	}
	return err.Error()
}

// actOnAlerts is the bulk action of the inbox and the action of an alert page.
func (s *Server) actOnAlerts(w http.ResponseWriter, r *request) error {
	if err := r.ParseForm(); err != nil {
		return &pageError{http.StatusBadRequest, "The form cannot be read."}
	}
	sel := alerts.Selection{IDs: r.PostForm["id"]}
	if r.PostFormValue("all") != "" {
		q, err := s.o.Parse(indexer.Alerts, r.PostFormValue("selected"))
		if err != nil {
			return err
		}
		if q == nil {
			if q, err = s.o.Parse(indexer.Alerts, "id:*"); err != nil {
				return err
			}
		}
		sel = alerts.Selection{Query: q}
	}
	if len(sel.IDs) == 0 && sel.Query == nil {
		return &pageError{http.StatusBadRequest, "No alert is selected."}
	}
	by := alerts.Actor{By: r.user.Name, Via: "console", Note: r.PostFormValue("note")}
	action, verdict := r.PostFormValue("action"), leak.Verdict(r.PostFormValue("verdict"))
	var done *alerts.Bulk
	var err error
	switch action {
	case "acknowledge":
		done, err = s.o.Alerts.Acknowledge(r.Context(), sel, by)
	case "close":
		if !slices.Contains(leak.Verdicts(), verdict) {
			return &pageError{http.StatusBadRequest, "Closing needs a verdict."}
		}
		done, err = s.o.Alerts.Close(r.Context(), sel, verdict, by)
	case "reopen":
		done, err = s.o.Alerts.Reopen(r.Context(), sel, by)
	default:
		return &pageError{http.StatusBadRequest, "The action is acknowledge, close or reopen."}
	}
	if err != nil {
		return err
	}
	target := fmt.Sprintf("%d alerts", len(done.Changed))
	if len(sel.IDs) == 1 {
		target = sel.IDs[0]
	}
	s.audit(r, action, target, string(verdict))
	return back(w, r, r.PostFormValue("back"), bulkText(action, done))
}

func bulkText(action string, b *alerts.Bulk) string {
	past := map[string]string{"acknowledge": "Acknowledged", "close": "Closed", "reopen": "Reopened"}[action]
	text := fmt.Sprintf("%s %d.", past, len(b.Changed))
	if b.Unchanged > 0 {
		text += fmt.Sprintf(" %d were so already.", b.Unchanged)
	}
	if b.Later > 0 {
		text += fmt.Sprintf(" %d matched meanwhile and were not touched.", b.Later)
	}
	for _, id := range slices.Sorted(maps.Keys(b.Failed)) {
		text += " " + id + ": " + b.Failed[id].Error() + "."
	}
	return text
}

// since writes a duration for people: "3 min", "2 h", "5 d".
func since(now, t time.Time) string {
	d := now.Sub(t)
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d d ago", int(d.Hours()/24))
}
