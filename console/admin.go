package console

import (
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
	"github.com/leakwatch/leakwatch/query"
)

type sourcesPage struct {
	page
	Sources []Source
}

func (s *Server) sources(w http.ResponseWriter, r *request) error {
	all, err := s.o.Sources(r.Context())
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, "sources.tmpl", sourcesPage{s.page(r, "Sources"), all})
	return nil
}

type watchesPage struct {
	page
	Watches []alerts.WatchStatus
	Query   string // to preview
}

func (s *Server) watches(w http.ResponseWriter, r *request) error {
	all, err := s.o.Alerts.Watches(r.Context())
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, "watches.tmpl", watchesPage{page: s.page(r, "Watches"), Watches: all})
	return nil
}

type previewPage struct {
	page
	Query, Watch, Exception string
	Alert                   string // the alert whose exception is tried, "" for none
	Days                    int
	Fault                   string
	Preview                 *alerts.Preview
	Chart                   template.HTML
	PerWeek                 float64
	Windows                 []int
}

// preview says what a query would have done as a watch, by the code that
// matches live.
func (s *Server) preview(w http.ResponseWriter, r *request) error {
	p := previewPage{page: s.page(r, "Preview"), Watch: r.FormValue("watch"), Alert: r.FormValue("alert"), Days: 30, Windows: []int{7, 30, 90, 365}}
	if n, err := strconv.Atoi(r.FormValue("days")); err == nil && slices.Contains(p.Windows, n) {
		p.Days = n
	}
	main, err := s.ask(indexer.Listings, r.FormValue("q"))
	if err != nil {
		return err
	}
	without, err := s.ask(indexer.Listings, r.FormValue("exception"))
	if err != nil {
		return err
	}
	p.Query, p.Exception, p.Fault = main.Text, without.Text, main.Fault
	if p.Fault == "" {
		p.Fault = without.Fault
	}
	if p.Fault != "" {
		s.render(w, r, http.StatusBadRequest, "preview.tmpl", p)
		return nil
	}
	values := url.Values{"q": {p.Query}, "exception": {p.Exception}, "watch": {p.Watch}, "alert": {p.Alert}, "days": {strconv.Itoa(p.Days)}}
	if settle(w, r, main.moved || without.moved, "/watches/preview", values) {
		return nil
	}
	p.Here = r.URL.RequestURI()
	if main.Query != nil {
		if err := s.rehearse(r, &p, main.Query, without.Query); err != nil {
			return err
		}
	}
	s.render(w, r, http.StatusOK, "preview.tmpl", p)
	return nil
}

// rehearse fills a preview.
func (s *Server) rehearse(r *request, p *previewPage, q, without *query.Query) error {
	req := alerts.PreviewRequest{Watch: p.Watch, Query: q, Window: time.Duration(p.Days) * 24 * time.Hour}
	if without != nil {
		req.Exceptions = []*query.Query{without}
	}
	var err error
	if p.Preview, err = s.o.Alerts.Preview(r.Context(), req); err != nil {
		return err
	}
	p.Chart = dayChart(p.Preview.Days)
	if d := p.Preview.To.Sub(p.Preview.From).Hours() / 24 / 7; d > 0 {
		p.PerWeek = float64(p.Preview.Alerts) / d
	}
	s.audit(r, "preview", q.String(), "")
	return nil
}

func (s *Server) removeException(w http.ResponseWriter, r *request) error {
	if err := s.o.Alerts.RemoveException(r.Context(), r.PostFormValue("id")); err != nil {
		return err
	}
	s.audit(r, "remove_exception", r.PostFormValue("id"), "")
	return s.back(w, r, "/watches", "The exception is removed.")
}

type silencesPage struct {
	page
	Active, Ended []alerts.Silence
	Match, Reason string // what was typed
	Fault         string
}

func (s *Server) silences(w http.ResponseWriter, r *request) error {
	match, err := s.ask(indexer.Alerts, r.FormValue("match"))
	if err != nil {
		return err
	}
	return s.showSilences(w, r, http.StatusOK, silencesPage{Match: match.Text})
}

func (s *Server) showSilences(w http.ResponseWriter, r *request, status int, p silencesPage) error {
	all, err := s.o.Alerts.Silences(r.Context())
	if err != nil {
		return err
	}
	p.page = s.page(r, "Silences")
	for _, x := range all {
		if x.Until.After(s.o.Now()) {
			p.Active = append(p.Active, x)
		} else {
			p.Ended = append(p.Ended, x)
		}
	}
	s.render(w, r, status, "silences.tmpl", p)
	return nil
}

func (s *Server) addSilence(w http.ResponseWriter, r *request) error {
	hours, err := strconv.ParseFloat(r.PostFormValue("hours"), 64)
	if err != nil || !(hours > 0 && hours <= 24*365) {
		return &pageError{http.StatusBadRequest, "A silence lasts between 0 and 8,760 hours."}
	}
	match, err := s.ask(indexer.Alerts, r.PostFormValue("match"))
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	if match.Fault != "" {
		return s.showSilences(w, r, http.StatusBadRequest, silencesPage{Match: match.Text, Reason: reason, Fault: match.Fault})
	}
	now := s.o.Now()
	x, err := s.o.Alerts.AddSilence(r.Context(), alerts.Silence{Match: match.canonical(), From: now,
		Until: now.Add(time.Duration(hours * float64(time.Hour))), Author: r.user.Name, Reason: reason})
	if err != nil {
		return err
	}
	s.audit(r, "add_silence", x.ID, x.Match)
	return s.back(w, r, "/silences", "The silence holds until "+x.Until.UTC().Format("2 Jan 15:04 UTC")+".")
}

func (s *Server) endSilence(w http.ResponseWriter, r *request) error {
	if err := s.o.Alerts.EndSilence(r.Context(), r.PostFormValue("id")); err != nil {
		return err
	}
	s.audit(r, "end_silence", r.PostFormValue("id"), "")
	return s.back(w, r, "/silences", "The silence has ended.")
}

type receiversPage struct {
	page
	Receivers []alerts.ReceiverStatus
	Dead      map[string][]alerts.DeadLetter
}

func (s *Server) receivers(w http.ResponseWriter, r *request) error {
	all, err := s.o.Alerts.Receivers(r.Context())
	if err != nil {
		return err
	}
	p := receiversPage{page: s.page(r, "Receivers"), Receivers: all, Dead: map[string][]alerts.DeadLetter{}}
	for _, x := range all {
		if x.Dead > 0 {
			letters, err := s.o.Alerts.DeadLetters(r.Context(), x.Name, "")
			if err != nil {
				return err
			}
			p.Dead[x.Name] = letters[:min(len(letters), 20)]
		}
	}
	s.render(w, r, http.StatusOK, "receivers.tmpl", p)
	return nil
}

func (s *Server) testReceiver(w http.ResponseWriter, r *request) error {
	name := r.PathValue("name")
	answer, err := s.o.Alerts.TestReceiver(r.Context(), name)
	s.audit(r, "test_receiver", name, "")
	if err != nil {
		return s.back(w, r, "/receivers", fmt.Sprintf("%s did not take the test message: %v", name, err))
	}
	return s.back(w, r, "/receivers", fmt.Sprintf("%s took the test message (%d %s).", name, answer.Status, answer.Text))
}

func (s *Server) resend(w http.ResponseWriter, r *request) error {
	name := r.PathValue("name")
	n, err := s.o.Alerts.Resend(r.Context(), name)
	if err != nil {
		return err
	}
	s.audit(r, "resend", name, strconv.Itoa(n))
	return s.back(w, r, "/receivers", fmt.Sprintf("%d messages are queued again for %s.", n, name))
}

type usersPage struct {
	page
	Users []User
	Roles []Role
}

func (s *Server) users(w http.ResponseWriter, r *request) error {
	all, err := Users(r.Context(), s.o.Engine)
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, "users.tmpl", usersPage{s.page(r, "Users"), all, Roles()})
	return nil
}

func (s *Server) saveUser(w http.ResponseWriter, r *request) error {
	name, role := r.PostFormValue("name"), Role(r.PostFormValue("role"))
	if name == r.user.Name && role != Admin {
		return &pageError{http.StatusBadRequest, "You cannot take the role admin from yourself."}
	}
	if err := SaveUser(r.Context(), s.o.Engine, name, role, r.PostFormValue("password"), s.o.Now()); err != nil {
		return err
	}
	s.audit(r, "save_user", name, string(role))
	if name == r.user.Name && r.PostFormValue("password") != "" && !s.o.Open {
		if err := s.startSession(w, r, name); err != nil { // the new password ended this one
			return err
		}
	}
	return s.back(w, r, "/users", name+" is saved as "+string(role)+".")
}

func (s *Server) removeUser(w http.ResponseWriter, r *request) error {
	name := r.PostFormValue("name")
	if name == r.user.Name {
		return &pageError{http.StatusBadRequest, "You cannot remove yourself."}
	}
	if err := RemoveUser(r.Context(), s.o.Engine, name); err != nil {
		return err
	}
	s.audit(r, "remove_user", name, "")
	return s.back(w, r, "/users", name+" is removed.")
}

// theme keeps the choice of light or dark in a cookie.
func (s *Server) theme(w http.ResponseWriter, r *request) error {
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: r.PostFormValue("theme"), Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode, Secure: s.secure})
	to := r.PostFormValue("back")
	return s.back(w, r, to, "")
}

func themeOf(r *http.Request) string {
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return "auto"
}
