package console

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
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
	News     string // address that tells how many alerts came since; "" where none can come
	Counts   []indexer.Bucket
	Verdicts []leak.Verdict
	Selected string // the query that "all" means: state and typed text
	Hints    []widen
	Coverage []Source // sources that are not read now, where nothing is shown
}

// tab is one state in the bar above the inbox.
type tab struct {
	Name, Address string
	Current       bool
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

func inboxAddress(state, typed, after string) string {
	v := url.Values{"state": {state}}
	for name, x := range map[string]string{"q": typed, "after": after} {
		if x != "" {
			v.Set(name, x)
		}
	}
	return "/?" + v.Encode()
}

func (s *Server) inbox(w http.ResponseWriter, r *request) error {
	typed, err := s.ask(indexer.Alerts, r.FormValue("q"))
	if err != nil {
		return err
	}
	p := inboxPage{page: s.page(r, "Alerts"), Query: typed.Text, State: inboxState(r), Verdicts: leak.Verdicts(), Fault: typed.Fault}
	if p.Fault != "" {
		s.render(w, r, http.StatusBadRequest, "inbox.tmpl", p)
		return nil
	}
	if settle(w, r, typed.moved, "/", url.Values{"state": {p.State}, "q": {p.Query}}) {
		return nil
	}
	if err := s.fillInbox(r, &p, typed.Query); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, "inbox.tmpl", p)
	return nil
}

// fillInbox finds the alerts of an inbox and what stands around them.
func (s *Server) fillInbox(r *request, p *inboxPage, typed *query.Query) error {
	p.Selected, p.Here = inboxQuery(p.State, p.Query), inboxAddress(p.State, p.Query, r.FormValue("after"))
	q, err := s.o.Parse(indexer.Alerts, p.Selected)
	if err != nil {
		return err
	}
	now := s.o.Now()
	found, err := s.o.Alerts.Search(r.Context(), indexer.Search{Query: q, Now: now, Limit: pageSize, After: r.FormValue("after"), Count: true})
	if err != nil {
		return err
	}
	p.Alerts, p.Total = found.Alerts, found.Total
	if found.Next != "" {
		p.Next = inboxAddress(p.State, p.Query, found.Next)
	}
	first := r.FormValue("after") == ""
	if first && (p.State == "open" || p.State == "all") {
		v := url.Values{"state": {p.State}, "q": {p.Query}, "since": {strconv.FormatInt(newest(found.Alerts, now), 10)}}
		p.News = "/alerts/new?" + v.Encode()
	}
	if err := s.inboxCounts(r, p, q); err != nil {
		return err
	}
	if len(p.Alerts) == 0 && first {
		return s.emptyInbox(r, p, typed)
	}
	return nil
}

// newest returns the instant after which an alert is new to who sees these,
// in milliseconds.
func newest(all []leak.Alert, now time.Time) int64 {
	if len(all) == 0 {
		return now.UnixMilli()
	}
	return all[0].Times.Matched.UnixMilli()
}

type newsPage struct {
	Count   int64
	Address string
}

// newAlerts tells how many alerts came since a page was drawn. Pages ask for
// it by themselves, so that rows stay where they are until the user wants the
// new ones.
func (s *Server) newAlerts(w http.ResponseWriter, r *request) error {
	since, err := strconv.ParseInt(r.FormValue("since"), 10, 64)
	if err != nil {
		return &pageError{http.StatusBadRequest, "since is a time in milliseconds."}
	}
	typed, err := s.ask(indexer.Alerts, inboxQuery(inboxState(r), r.FormValue("q")))
	if err != nil {
		return err
	}
	if typed.Fault != "" {
		return &pageError{http.StatusBadRequest, typed.Fault}
	}
	q := &query.Query{Root: &query.Range{Field: "matched", Min: &query.Bound{Value: float64(since), Exclusive: true}}}
	if typed.Query != nil {
		q = typed.Query.And(q)
	}
	found, err := s.o.Alerts.Search(r.Context(), indexer.Search{Query: q, Now: s.o.Now(), Limit: 1, Count: true})
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, "news", newsPage{found.Total, inboxAddress(inboxState(r), r.FormValue("q"), "")})
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
			Address: inboxAddress(name, p.Query, "")})
	}
	severities, err := s.o.Engine.Aggregate(r.Context(), indexer.Alerts, q, s.o.Now(), []indexer.Aggregation{{Kind: indexer.Terms, Field: "severity", Size: 4}})
	if err != nil {
		return err
	}
	p.Counts = severities[0].Buckets
	return nil
}

// emptyInbox says why nothing is shown and what would show something.
func (s *Server) emptyInbox(r *request, p *inboxPage, typed *query.Query) error {
	for _, t := range p.Tabs {
		if t.Name == "all" && t.Count > 0 {
			p.Hints = []widen{{"in other states", t.Address, t.Count}}
			return nil
		}
	}
	var err error
	p.Hints, err = s.causes(r, indexer.Alerts, typed, func(rest string) string { return inboxAddress("all", rest, "") })
	if err == nil {
		p.Coverage, err = s.untrusted(r)
	}
	return err
}

// actOnAlerts is the bulk action of the inbox and the action of an alert page.
func (s *Server) actOnAlerts(w http.ResponseWriter, r *request) error {
	if err := r.ParseForm(); err != nil {
		return &pageError{http.StatusBadRequest, "The form cannot be read."}
	}
	sel, err := s.selection(r)
	if err != nil {
		return err
	}
	by := alerts.Actor{By: r.user.Name, Via: "console", Note: r.PostFormValue("note")}
	action, verdict := r.PostFormValue("action"), leak.Verdict(r.PostFormValue("verdict"))
	var done *alerts.Bulk
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
	if action != "close" {
		verdict = ""
	}
	s.audit(r, action, target, string(verdict))
	var reopen []string
	if action != "reopen" && len(done.Changed) <= pageSize {
		reopen = done.Changed
	}
	return s.back(w, r, r.PostFormValue("back"), bulkText(action, done), reopen...)
}

// selection reads which alerts a form means: the ticked ones, or all that
// satisfy its query.
func (s *Server) selection(r *request) (alerts.Selection, error) {
	sel := alerts.Selection{IDs: r.PostForm["id"]}
	if r.PostFormValue("all") != "" {
		q, err := s.o.Parse(indexer.Alerts, r.PostFormValue("selected"))
		if err != nil {
			return sel, err
		}
		if q == nil {
			q = &query.Query{Root: &query.All{}}
		}
		sel = alerts.Selection{Query: q}
	}
	if len(sel.IDs) == 0 && sel.Query == nil {
		return sel, &pageError{http.StatusBadRequest, "No alert is selected."}
	}
	return sel, nil
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
