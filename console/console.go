// Package console is the web interface: an inbox of alerts, search, sources,
// watches and receivers, rendered on the server. Reading works without
// JavaScript; with it htmx, served from here, tells of new alerts and previews
// a query while it is typed, and keys act on alerts.
//
// What users type as a query may hold a value that identifies a victim. Forms
// send queries in the body; what comes back in an address, a page or the audit
// is the form in which such values are codes, or dots where the query is
// faulty (see ask).
//
// It stores in the State: users (bucket users, by name), sessions (sessions,
// by hash of the token), the one-time set-up link (setup) and the audit of
// logins, changes and views (audit, by time). Texts from sources reach a page
// through html/template only, and the pages allow no inline script or style.
package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
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
	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// Options are what a Server is made of. All but Detect, Open, Now and Log are
// required.
type Options struct {
	Engine indexer.Engine
	Alerts *alerts.Service
	// Parse reads a query over the listings or the alerts; "" gives nil.
	Parse func(c indexer.Collection, src string) (*query.Query, error)
	// Sources lists the sources with their health, in the order of the config.
	Sources func(ctx context.Context) ([]Source, error)
	// Detect returns the detection in force, for what it says of rules and of
	// pasted texts; nil leaves that out.
	Detect    func() *detect.Engine
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
	secure bool   // the public address is https
	assets string // version of the static files, by their contents
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
	if s.assets, err = version(staticFiles); err != nil {
		return nil, fmt.Errorf("console: read static files: %w", err)
	}
	s.pages, err = template.New("").Funcs(s.functions()).ParseFS(templateFiles, "templates/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("console: read templates: %w", err)
	}
	return s, nil
}

// version returns a hash over the contents of all files.
func version(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, name)
		h.Write(b)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:8]), err
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

// polls are the routes that pages ask by themselves: using them does not keep
// a session alive.
var polls = map[string]bool{"GET /alerts/new": true}

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
		{"POST /{$}", Viewer, (*Server).inbox},
		{"GET /alerts/new", Viewer, (*Server).newAlerts},
		{"POST /alerts", Analyst, (*Server).actOnAlerts},
		{"GET /alerts/{id}", Viewer, (*Server).alert},
		{"POST /alerts/{id}/exception", Analyst, (*Server).addException},
		{"GET /search", Viewer, (*Server).search},
		{"POST /search", Viewer, (*Server).search},
		{"GET /export", Viewer, (*Server).export},
		{"GET /listings/{id}", Viewer, (*Server).listing},
		{"GET /cases/{id}", Viewer, (*Server).caseFile},
		{"GET /analyze", Analyst, (*Server).analyzeForm},
		{"POST /analyze", Analyst, (*Server).analyze},
		{"GET /sources", Viewer, (*Server).sources},
		{"GET /watches", Viewer, (*Server).watches},
		{"GET /watches/preview", Viewer, (*Server).preview},
		{"POST /watches/preview", Viewer, (*Server).preview},
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
		{"GET /", "", (*Server).nothing},
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
	mux.HandleFunc("GET /static/{file}", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("v") == s.assets {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
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
		user, err := s.who(r, !polls[rt.pattern])
		switch {
		case err == nil:
			req.user = user
		case rt.role == "":
		case errors.Is(err, errNoSession):
			s.toLogin(w, req)
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

// toLogin sends a browser that shows a page to the login, and says to
// everything else that it lacks one.
func (s *Server) toLogin(w http.ResponseWriter, r *request) {
	page := r.Method == http.MethodGet && !isAPI(r.Request) && r.Header.Get("HX-Request") == ""
	if !page {
		s.fail(w, r, &pageError{http.StatusUnauthorized, "Log in first."})
		return
	}
	http.Redirect(w, r.Request, "/login?to="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
}

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }

// nothing answers for addresses that are none of the console's.
func (s *Server) nothing(http.ResponseWriter, *request) error {
	return &pageError{http.StatusNotFound, "There is no such page."}
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
		errors.Is(err, alerts.ErrNoSilence), errors.Is(err, alerts.ErrNoException), errors.Is(err, alerts.ErrNoReceiver),
		errors.Is(err, indexer.ErrNotFound):
		status, text = http.StatusNotFound, "There is nothing here: "+err.Error()+"."
	case errors.Is(err, alerts.ErrInvalid), errors.Is(err, indexer.ErrInvalid):
		status, text = http.StatusBadRequest, err.Error()
	case errors.Is(err, indexer.ErrUnavailable):
		status, text = http.StatusServiceUnavailable, "The index does not answer. Nothing is lost; try again in a moment."
	case errors.Is(err, context.Canceled):
		return
	}
	if status >= http.StatusInternalServerError {
		s.o.Log.Error("answer a request", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	if isAPI(r.Request) {
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
	Here  string // the address of this page, for coming back to it
	User  User
	Theme string
	Flash flash // a message of the action before
	Open  bool  // the demo: nobody logs in
	Bare  bool  // without navigation
}

// Can reports whether the user may do what needs a role.
func (p page) Can(need string) bool { return p.User.Role.covers(Role(need)) }

func (s *Server) page(r *request, title string) page {
	return page{Title: title, Path: r.URL.Path, Here: r.URL.Path, User: r.user, Theme: r.theme, Flash: readFlash(r), Open: s.o.Open, Bare: r.user.Name == ""}
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
	if _, err := r.Cookie(flashCookie); err == nil {
		http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", HttpOnly: true, Secure: s.secure, MaxAge: -1})
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// flash is the message that the next page shows once. It travels in a cookie:
// an address that carried it would let every link put words into our mouth.
type flash struct {
	Text   string   `json:"text"`
	Reopen []string `json:"reopen,omitempty"` // alerts that the message offers to open again
}

const flashCookie = "flash"

func readFlash(r *request) flash {
	var f flash
	if c, err := r.Cookie(flashCookie); err == nil {
		if b, err := base64.RawURLEncoding.DecodeString(c.Value); err == nil && json.Unmarshal(b, &f) != nil {
			return flash{}
		}
	}
	return f
}

// maxFlash keeps the cookie below the 4 KB that browsers take.
const maxFlash = 800

// back sends the browser on after a change, with a message.
func (s *Server) back(w http.ResponseWriter, r *request, to, text string, reopen ...string) error {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, "\\") {
		u = &url.URL{Path: "/"}
	}
	if text != "" {
		text, _ = leak.CutBytes(text, maxFlash)
		value, err := json.Marshal(flash{text, reopen})
		if err != nil {
			return fmt.Errorf("write message: %w", err)
		}
		http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(value), Path: "/",
			HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteStrictMode, MaxAge: 60})
	}
	http.Redirect(w, r.Request, u.String(), http.StatusSeeOther)
	return nil
}
