// Package console is the web interface: an inbox of alerts, search, sources,
// watches and receivers, rendered on the server. Reading works without
// JavaScript; htmx, served from here, makes some of it quicker.
//
// It stores in the State: users (bucket users, by name), sessions (sessions,
// by hash of the token), the one-time set-up link (setup) and the audit of
// logins, changes and views (audit, by time). Texts from sources reach a page
// through html/template only, and the pages allow no inline script or style.
package console

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// Options are what a Server is made of. All but Now, Log and Open are required.
type Options struct {
	Engine indexer.Engine
	Alerts *alerts.Service
	// Parse reads a query over the listings or the alerts; "" gives nil.
	Parse func(c indexer.Collection, src string) (*query.Query, error)
	// Sources lists the sources with their health, in the order of the config.
	Sources   func(ctx context.Context) ([]Source, error)
	PublicURL string   // the address that users type
	Hosts     []string // further host names under which requests are taken
	// Open lets everyone who reaches the console in as an admin named demo:
	// for the demo on loopback only.
	Open bool
	Now  func() time.Time // nil for time.Now
	Log  *slog.Logger     // nil for none
}

// Source is a source as the console shows it.
type Source struct {
	ID, Name, URL, Kind, Schedule string
	Health, Problem               string
	Disabled                      bool
	Last, Next, LastGood          time.Time
	Took                          time.Duration
	Requests, Listings, Hits      int   // of the last crawl
	Yields                        []int // listings of the last crawls, oldest first
}

// Server serves the console. Build it with New.
type Server struct {
	o      Options
	pages  *template.Template
	logins *limiter
	hashes chan struct{} // bounds the memory of password hashing
	hosts  map[string]bool
	secure bool // the public address is https
}

//go:embed templates/*.tmpl
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// New builds a Server. It fails only on a faulty public address.
func New(o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	u, err := url.Parse(o.PublicURL)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("console: the public address %q has no host", o.PublicURL)
	}
	s := &Server{o: o, logins: newLimiter(o.Now), hashes: make(chan struct{}, 2), hosts: map[string]bool{}, secure: u.Scheme == "https"}
	for _, h := range append(o.Hosts, u.Host, "localhost", "127.0.0.1", "[::1]") {
		s.hosts[hostName(h)] = true
	}
	s.pages, err = template.New("").Funcs(s.functions()).ParseFS(templateFiles, "templates/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("console: read templates: %w", err)
	}
	return s, nil
}

func hostName(hostport string) string {
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		hostport = h
	}
	return strings.ToLower(strings.Trim(hostport, "[]"))
}

// A route is one line of the console's table of contents. Role is the least
// role that may use it; "" lets everyone in.
type route struct {
	pattern string
	role    Role
	handle  func(*Server, http.ResponseWriter, *request) error
}

// routes is the whole console. The test of roles is made from it.
func routes() []route {
	return []route{
		{"GET /login", "", (*Server).loginForm},
		{"POST /login", "", (*Server).login},
		{"GET /setup", "", (*Server).setupForm},
		{"POST /setup", "", (*Server).setup},
		{"POST /logout", Viewer, (*Server).logout},
		{"POST /theme", Viewer, (*Server).theme},
		{"GET /{$}", Viewer, (*Server).inbox},
		{"POST /alerts", Analyst, (*Server).actOnAlerts},
		{"GET /alerts/{id}", Viewer, (*Server).alert},
		{"POST /alerts/{id}/exception", Analyst, (*Server).addException},
		{"GET /search", Viewer, (*Server).search},
		{"GET /export", Viewer, (*Server).export},
		{"GET /listings/{id}", Viewer, (*Server).listing},
		{"GET /cases/{id}", Viewer, (*Server).caseFile},
		{"GET /sources", Viewer, (*Server).sources},
		{"GET /watches", Viewer, (*Server).watches},
		{"GET /watches/preview", Viewer, (*Server).preview},
		{"POST /exceptions/remove", Analyst, (*Server).removeException},
		{"GET /silences", Viewer, (*Server).silences},
		{"POST /silences", Analyst, (*Server).addSilence},
		{"POST /silences/end", Analyst, (*Server).endSilence},
		{"GET /receivers", Viewer, (*Server).receivers},
		{"POST /receivers/{name}/test", Admin, (*Server).testReceiver},
		{"POST /receivers/{name}/resend", Admin, (*Server).resend},
		{"GET /users", Admin, (*Server).users},
		{"POST /users", Admin, (*Server).saveUser},
		{"POST /users/remove", Admin, (*Server).removeUser},
		{"GET /audit", Admin, (*Server).auditPage},
		{"GET /api/v1/alerts", Viewer, (*Server).apiAlerts},
		{"GET /api/v1/alerts/{id}", Viewer, (*Server).apiAlert},
		{"GET /api/v1/listings", Viewer, (*Server).apiListings},
		{"GET /api/v1/listings/{id}", Viewer, (*Server).apiListing},
		{"GET /api/v1/openapi.json", Viewer, (*Server).apiSpec},
	}
}

// Handler returns the console as an http.Handler.
func (s *Server) Handler() (http.Handler, error) {
	mux := http.NewServeMux()
	for _, rt := range routes() {
		mux.Handle(rt.pattern, s.guard(rt))
	}
	static, err := fs.Sub(staticFiles, "static")
	if err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	files := http.StripPrefix("/static/", http.FileServerFS(static))
	mux.HandleFunc("GET /static/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		files.ServeHTTP(w, r)
	})
	var h http.Handler = http.NewCrossOriginProtection().Handler(mux)
	return s.headers(h), nil
}

// headers sets what every answer carries, and refuses requests for other
// hosts, by which a page elsewhere could read the console through a name that
// it points here.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if s.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if !s.hosts[hostName(r.Host)] {
			http.Error(w, "unknown host; the console answers at "+s.o.PublicURL, http.StatusMisdirectedRequest)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
		next.ServeHTTP(w, r)
	})
}

// request is a request with who makes it.
type request struct {
	*http.Request
	user  User
	theme string
}

// guard lets a request through to its route if its user may use it.
func (s *Server) guard(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		req := &request{Request: r, theme: themeOf(r)}
		user, err := s.who(r)
		switch {
		case err == nil:
			req.user = user
		case rt.role == "":
		case errors.Is(err, errNoSession):
			s.toLogin(w, r)
			return
		default:
			s.fail(w, req, err)
			return
		}
		if !req.user.Role.covers(rt.role) {
			s.fail(w, req, &pageError{http.StatusForbidden, "Your role " + string(req.user.Role) + " may not do this; it needs " + string(rt.role) + "."})
			return
		}
		if err := rt.handle(s, w, req); err != nil {
			s.fail(w, req, err)
		}
	})
}

func (s *Server) toLogin(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api/") || r.Method != http.MethodGet {
		http.Error(w, "log in first", http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, "/login?to="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
}

// pageError is an error that is shown to the user as it is.
type pageError struct {
	status int
	text   string
}

func (e *pageError) Error() string { return e.text }

// fail turns an error into a page, once for all handlers.
func (s *Server) fail(w http.ResponseWriter, r *request, err error) {
	status, text := http.StatusInternalServerError, "Something went wrong; the log says what."
	var pe *pageError
	var qe *query.Error
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &pe):
		status, text = pe.status, pe.text
	case errors.As(err, &qe):
		status, text = http.StatusBadRequest, qe.Error()
	case errors.As(err, &tooLarge):
		status, text = http.StatusRequestEntityTooLarge, "The request is too large."
	case errors.Is(err, alerts.ErrNoAlert), errors.Is(err, alerts.ErrNoCase), errors.Is(err, alerts.ErrNoWatch),
		errors.Is(err, alerts.ErrNoSilence), errors.Is(err, alerts.ErrNoReceiver), errors.Is(err, indexer.ErrNotFound):
		status, text = http.StatusNotFound, "There is nothing here: "+err.Error()+"."
	case errors.Is(err, alerts.ErrInvalid):
		status, text = http.StatusBadRequest, err.Error()
	case errors.Is(err, indexer.ErrUnavailable):
		status, text = http.StatusServiceUnavailable, "The index does not answer. Nothing is lost; try again in a moment."
	case errors.Is(err, context.Canceled):
		return
	}
	if status >= http.StatusInternalServerError {
		s.o.Log.Error("answer a request", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		problem(w, status, text)
		return
	}
	s.render(w, r, status, "error.tmpl", errorPage{page: s.page(r, "Error"), Status: status, Text: text})
}

type errorPage struct {
	page
	Status int
	Text   string
}

// page is what every template gets.
type page struct {
	Title string
	Path  string
	User  User
	Theme string
	Flash string // a message of the action before
	Open  bool   // the demo: nobody logs in
	Bare  bool   // without navigation
}

func (s *Server) page(r *request, title string) page {
	return page{Title: title, Path: r.URL.Path, User: r.user, Theme: r.theme, Flash: r.FormValue("flash"), Open: s.o.Open, Bare: r.user.Name == ""}
}

// render draws a template into memory first, so that a failure is an error
// page and not half a page.
func (s *Server) render(w http.ResponseWriter, r *request, status int, name string, data any) {
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, name, data); err != nil {
		s.o.Log.Error("draw a page", "page", name, "error", err)
		http.Error(w, "the page cannot be drawn; the log says why", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// back sends the browser on after a change, with a message.
func back(w http.ResponseWriter, r *request, to, flash string) error {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, "\\") {
		u = &url.URL{Path: "/"}
	}
	q := u.Query()
	q.Set("flash", flash)
	u.RawQuery = q.Encode()
	http.Redirect(w, r.Request, u.String(), http.StatusSeeOther)
	return nil
}
