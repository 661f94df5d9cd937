package console

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// needs is the least role of each route, written down a second time so that a
// change of the table is seen; "" is for everyone.
var needs = map[string]Role{
	"GET /login": "", "POST /login": "", "GET /setup": "", "POST /setup": "", "GET /": "",
	"POST /logout": Viewer, "POST /theme": Viewer, "GET /{$}": Viewer, "POST /{$}": Viewer, "GET /alerts/new": Viewer,
	"GET /alerts/{id}": Viewer, "GET /search": Viewer, "POST /search": Viewer, "GET /export": Viewer, "GET /listings/{id}": Viewer, "GET /cases/{id}": Viewer,
	"GET /sources": Viewer, "GET /watches": Viewer, "GET /watches/preview": Viewer, "POST /watches/preview": Viewer,
	"GET /silences": Viewer, "GET /receivers": Viewer,
	"GET /api/v1/alerts": Viewer, "GET /api/v1/alerts/{id}": Viewer, "GET /api/v1/listings": Viewer, "GET /api/v1/listings/{id}": Viewer, "GET /api/v1/openapi.json": Viewer,
	"GET /analyze": Analyst, "POST /analyze": Analyst, "POST /alerts": Analyst, "POST /alerts/{id}/exception": Analyst, "POST /exceptions/remove": Analyst, "POST /silences": Analyst, "POST /silences/end": Analyst,
	"POST /receivers/{name}/test": Admin, "POST /receivers/{name}/resend": Admin, "GET /users": Admin, "POST /users": Admin, "POST /users/remove": Admin, "GET /audit": Admin,
}

func TestEachRouteServesItsRolesAndNobodyElse(t *testing.T) {
	b := newBench(t)
	b.ingest(selling(1))
	cookies := map[Role]*http.Cookie{"": nil}
	for _, role := range Roles() {
		cookies[role] = b.user(role)
	}
	for _, rt := range routes() {
		need, listed := needs[rt.pattern]
		if !listed || need != rt.role {
			t.Errorf("%s needs %q by the table of routes, %q by that of the test (listed: %v)", rt.pattern, rt.role, need, listed)
		}
		method, path, _ := strings.Cut(rt.pattern, " ")
		path = strings.NewReplacer("{$}", "", "{id}", b.stored()[0].ID, "{name}", "hook").Replace(path)
		var form url.Values
		if method == http.MethodPost {
			form = url.Values{"name": {"nobody"}}
		}
		for _, role := range append([]Role{""}, Roles()...) {
			if rt.pattern == "POST /logout" && role != "" {
				continue // would end the session of the others
			}
			got := b.send(method, path, form, cookies[role]).StatusCode
			refused := got == http.StatusForbidden || got == http.StatusUnauthorized
			if rt.pattern == "POST /login" {
				refused = false // its own answer to a wrong password
			}
			switch {
			case need == "" && refused, role != "" && role.covers(need) && refused:
				t.Errorf("%s as %q: %d, but its role may", rt.pattern, role, got)
			case need != "" && role == "" && got != http.StatusUnauthorized && got != http.StatusSeeOther:
				t.Errorf("%s without a session: %d", rt.pattern, got)
			case need != "" && role == "" && got == http.StatusSeeOther && method != http.MethodGet:
				t.Errorf("%s without a session is sent on", rt.pattern)
			case role != "" && !role.covers(need) && got != http.StatusForbidden:
				t.Errorf("%s as %q: %d, want it forbidden", rt.pattern, role, got)
			case got >= 500:
				t.Errorf("%s as %q: %d\n%s", rt.pattern, role, got, b.log.String())
			}
		}
	}
	for pattern := range needs {
		if !strings.Contains(" "+allPatterns(), " "+pattern+"\n") {
			t.Errorf("the test lists %s, which is no route", pattern)
		}
	}
}

func allPatterns() string {
	var out strings.Builder
	for _, rt := range routes() {
		out.WriteString(" " + rt.pattern + "\n")
	}
	return out.String()
}

func TestRequestsFromOtherSitesChangeNothing(t *testing.T) {
	b := newBench(t)
	b.ingest(selling(1))
	admin := b.user(Admin)
	for _, rt := range routes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		if method != http.MethodPost {
			continue
		}
		path = strings.NewReplacer("{$}", "", "{id}", b.stored()[0].ID, "{name}", "hook").Replace(path)
		for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"} {
			r := httptest.NewRequest(method, "http://console.test"+path, strings.NewReader("id="+b.stored()[0].ID+"&action=acknowledge"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(header, value)
			r.AddCookie(admin)
			if got := b.do(r).StatusCode; got != http.StatusForbidden {
				t.Errorf("%s with %s %s: %d", rt.pattern, header, value, got)
			}
		}
	}
	if b.stored()[0].State != "open" {
		t.Error("an alert was changed")
	}
}

func TestRequestsForOtherHostsAreRefused(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true; o.Hosts = []string{"desk.test:8090"} })
	for host, want := range map[string]int{
		"console.test": 200, "CONSOLE.test:80": 200, "desk.test": 200, "localhost:8090": 200, "127.0.0.1": 200, "[::1]:8090": 200,
		"evil.test": http.StatusMisdirectedRequest, "": http.StatusMisdirectedRequest, "console.test.evil.test": http.StatusMisdirectedRequest,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		if got := b.do(r).StatusCode; got != want {
			t.Errorf("host %q: %d, want %d", host, got, want)
		}
	}
}

func TestEveryAnswerForbidsInlineScriptAndFraming(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	b.ingest(selling(1))
	for _, path := range append(b.get(), "/nothing", "/api/v1/alerts", "/static/console.js", "/login") {
		h := b.send("GET", path, nil).Header
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy lacks %s", path, want)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: the policy is %s", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
}

func TestStaticFilesAreNotListed(t *testing.T) {
	b := newBench(t)
	for _, path := range []string{"/static/", "/static", "/static/../console.go"} {
		if got := b.send("GET", path, nil).StatusCode; got == http.StatusOK {
			t.Errorf("%s is served", path)
		}
	}
	r := b.send("GET", "/static/style.css?v="+b.server.assets, nil)
	if !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("the style sheet of this version is cached as %q", r.Header.Get("Cache-Control"))
	}
}

func TestLoginTellsNothingAboutUsers(t *testing.T) {
	b := newBench(t)
	b.user(Viewer)
	try := func(name, password string) (int, string) {
		b.now = b.now.Add(2 * time.Minute) // out of the limit
		r := b.send("POST", "/login", url.Values{"name": {name}, "password": {password}})
		return r.StatusCode, strings.ReplaceAll(bodyOf(t, r), name, "NAME")
	}
	wrong, page := try("the-viewer", "wrong password")
	if wrong != http.StatusUnauthorized {
		t.Errorf("a wrong password: %d", wrong)
	}
	for _, name := range []string{"nobody", "no such name at all!"} {
		if got, other := try(name, testPassword); got != wrong || other != page {
			t.Errorf("%q: %d and a page that differs from that of a known user", name, got)
		}
	}
	if got, _ := try("the-viewer", testPassword); got != http.StatusSeeOther {
		t.Errorf("the right password: %d", got)
	}
	audit := b.auditText()
	if !strings.Contains(audit, `"login_failed","target":"the-viewer"`) || strings.Contains(audit, "no such name") || strings.Contains(audit, testPassword) {
		t.Errorf("audit:\n%s", audit)
	}
}

func TestLoginIsLimitedByAddressAndByUser(t *testing.T) {
	b := newBench(t)
	b.user(Viewer)
	try := func(address, name string) int {
		r := httptest.NewRequest("POST", "http://console.test/login", strings.NewReader(url.Values{"name": {name}, "password": {testPassword}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = address + ":1"
		return b.do(r).StatusCode
	}
	for range maxAttempts {
		try("192.0.2.1", "someone")
	}
	if got := try("192.0.2.1", "the-viewer"); got != http.StatusTooManyRequests {
		t.Errorf("the sixth attempt of an address: %d", got)
	}
	if got := try("192.0.2.2", "someone"); got != http.StatusTooManyRequests {
		t.Errorf("the sixth attempt on a user: %d", got)
	}
	if got := try("192.0.2.3", "the-viewer"); got != http.StatusSeeOther {
		t.Errorf("another address and user: %d", got)
	}
	b.now = b.now.Add(time.Minute + time.Second)
	if got := try("192.0.2.1", "the-viewer"); got != http.StatusSeeOther {
		t.Errorf("a minute later: %d", got)
	}
}

func TestTheSetupLinkMakesOneAdminOnce(t *testing.T) {
	b := newBench(t)
	first, err := b.server.SetupLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	link, err := b.server.SetupLink(t.Context())
	if err != nil || link == first {
		t.Fatal(link, err)
	}
	token := func(link string) string { _, v, _ := strings.Cut(link, "token="); return v }
	use := func(link, name, password string) *http.Response {
		return b.send("POST", "/setup", url.Values{"token": {token(link)}, "name": {name}, "password": {password}})
	}
	if got := b.send("GET", first, nil).StatusCode; got != http.StatusGone {
		t.Errorf("the replaced link: %d", got)
	}
	if got := use(first, "thief", testPassword).StatusCode; got != http.StatusGone {
		t.Errorf("the replaced link, used: %d", got)
	}
	if got := b.send("GET", link, nil).StatusCode; got != http.StatusOK {
		t.Errorf("the link: %d", got)
	}
	for _, bad := range [][2]string{{"root", "short"}, {"root", ""}, {"no name", testPassword}} {
		if got := use(link, bad[0], bad[1]).StatusCode; got != http.StatusBadRequest {
			t.Errorf("%v: %d", bad, got)
		}
	}
	r := use(link, "root", testPassword)
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("the first admin: %s", r.Status)
	}
	if page := b.page("/users", r.Cookies()...); !strings.Contains(page, "root") {
		t.Error("the first admin is not logged in")
	}
	if got := use(link, "second", testPassword).StatusCode; got != http.StatusGone {
		t.Errorf("the link, a second time: %d", got)
	}
	if again, err := b.server.SetupLink(t.Context()); again != "" || err != nil {
		t.Errorf("there is another link: %q, %v", again, err)
	}
}

func TestSessionsEnd(t *testing.T) {
	b := newBench(t)
	alive := func(c *http.Cookie, path string) bool {
		return b.send("GET", path, nil, c).StatusCode == http.StatusOK
	}
	const news = "/alerts/new?since=1"
	t.Run("when they are not used, which polling is not", func(t *testing.T) {
		c := b.user(Viewer)
		for range 13 {
			b.now = b.now.Add(time.Hour)
			alive(c, news)
		}
		if alive(c, "/") {
			t.Error("the session outlived 13 idle hours")
		}
	})
	t.Run("after a week at the latest", func(t *testing.T) {
		c, days := b.user(Viewer), 0
		for ; days < 20 && alive(c, "/"); days++ {
			for range 3 {
				b.now = b.now.Add(8 * time.Hour)
				alive(c, "/sources")
			}
		}
		if days < 6 || days > 8 {
			t.Errorf("the session lasted %d days of use", days)
		}
	})
	t.Run("with a new password", func(t *testing.T) {
		c := b.user(Viewer)
		b.now = b.now.Add(time.Second)
		if err := SaveUser(t.Context(), b.engine, "the-viewer", Viewer, "another password", b.now); err != nil {
			t.Fatal(err)
		}
		if alive(c, "/") {
			t.Error("the session outlived the password")
		}
	})
	t.Run("with their user, also if a namesake comes", func(t *testing.T) {
		c := b.user(Viewer)
		if err := RemoveUser(t.Context(), b.engine, "the-viewer"); err != nil {
			t.Fatal(err)
		}
		if alive(c, "/") {
			t.Error("the session outlived its user")
		}
		b.now = b.now.Add(time.Second)
		b.user(Viewer)
		if alive(c, "/") {
			t.Error("the session came to life with a namesake")
		}
	})
	t.Run("with a log-out", func(t *testing.T) {
		c := b.user(Viewer)
		b.send("POST", "/logout", url.Values{}, c)
		if alive(c, "/") {
			t.Error("the session outlived the log-out")
		}
	})
}

func TestSecureConsolesSetSecureCookies(t *testing.T) {
	b := newBench(t, func(o *Options) { o.PublicURL = "https://console.test" })
	c := b.user(Viewer)
	if c.Name != "__Host-leakwatch" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
		t.Errorf("cookie %+v", c)
	}
	if h := b.send("GET", "/login", nil).Header.Get("Strict-Transport-Security"); h == "" {
		t.Error("no strict transport security")
	}
}

func TestNobodyIsSentElsewhereAfterLogin(t *testing.T) {
	b := newBench(t)
	b.user(Viewer)
	for to, want := range map[string]string{
		"/search?q=a": "/search?q=a", "https://evil.test/": "/", "//evil.test": "/", "/\\evil.test": "/", "javascript:alert(1)": "/", "": "/",
	} {
		b.now = b.now.Add(2 * time.Minute)
		r := b.send("POST", "/login", url.Values{"name": {"the-viewer"}, "password": {testPassword}, "to": {to}})
		if got := r.Header.Get("Location"); got != want {
			t.Errorf("to %q: sent to %q", to, got)
		}
	}
}

func TestAnAdminCannotLockItselfOut(t *testing.T) {
	b := newBench(t)
	c := b.user(Admin)
	for path, form := range map[string]url.Values{
		"/users":        {"name": {"the-admin"}, "role": {"viewer"}},
		"/users/remove": {"name": {"the-admin"}},
	} {
		if got := b.send("POST", path, form, c).StatusCode; got != http.StatusBadRequest {
			t.Errorf("%s: %d", path, got)
		}
	}
	b.now = b.now.Add(time.Second)
	r := b.send("POST", "/users", url.Values{"name": {"the-admin"}, "role": {"admin"}, "password": {"a newer password"}}, c)
	var session *http.Cookie
	for _, x := range r.Cookies() {
		if x.Name == c.Name {
			session = x
		}
	}
	if session == nil || b.send("GET", "/users", nil, session).StatusCode != http.StatusOK {
		t.Error("changing the own password logs out")
	}
}
