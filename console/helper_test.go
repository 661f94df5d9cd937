package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/indexer/indextest"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// victim is a value that may appear nowhere.
const victim = "11010519491231002X"

// victimCode is what stands for it.
const victimCode = "k1:1f0e2d3c4b5a69788796a5b4c3d2e1f01f0e2d3c4b5a69788796a5b4c3d2e1f0"

// parseTest reads queries as the program does; one identifier has a code.
func parseTest(c indexer.Collection, src string) (*query.Query, error) {
	if strings.TrimSpace(src) == "" {
		return nil, nil
	}
	return query.Parse(src, query.Env{Collection: string(c), Code: func(_ leak.IdentifierKind, typed string) ([]string, error) {
		if strings.EqualFold(typed, victim) {
			return []string{victimCode}, nil
		}
		return nil, errors.New("it is no identifier")
	}})
}

// detection is one engine for all tests: its rules take a moment to load.
var detection = sync.OnceValue(func() *detect.Engine {
	line, err := leak.NewKeyLine()
	if err != nil {
		panic(err)
	}
	keys, err := leak.ParseKeyring([]byte(line))
	if err != nil {
		panic(err)
	}
	e, err := detect.New(detect.Options{Keys: keys})
	if err != nil {
		panic(err)
	}
	return e
})

// bench is a console over an index in memory, with its clock.
type bench struct {
	t       *testing.T
	engine  *indextest.Memory
	alerts  *alerts.Service
	server  *Server
	handler http.Handler
	now     time.Time
	sources []Source
	log     strings.Builder
	sent    postbox
}

func newBench(t *testing.T, change ...func(*Options)) *bench {
	t.Helper()
	b := &bench{t: t, engine: indextest.NewMemory(), now: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
		sent:    make(postbox, 1000),
		sources: []Source{{ID: "forum", Name: "Forum", URL: "https://forum.test/", Health: "ok", Yields: []int{1, 3}}}}
	var err error
	b.alerts, err = alerts.New(alerts.Options{
		Settings: alerts.Settings{
			Watches:   []config.Watch{{ID: "faces", Name: "Faces", Query: "category:face_photo"}},
			Receivers: []alerts.Receiver{{Config: config.Receiver{Name: "hook", Type: "webhook"}, Notifier: b.sent}},
			Console:   "http://console.test",
		},
		Engine: b.engine, Parse: parseTest, Now: func() time.Time { return b.now }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Exclusive: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Engine: b.engine, Alerts: b.alerts, Parse: parseTest, Detect: detection, PublicURL: "http://console.test", Now: func() time.Time { return b.now },
		Sources: func(context.Context) ([]Source, error) { return b.sources, nil }, Log: slog.New(slog.NewTextHandler(&b.log, nil))}
	for _, f := range change {
		f(&o)
	}
	if b.server, err = New(o); err != nil {
		t.Fatal(err)
	}
	if b.handler, err = b.server.Handler(); err != nil {
		t.Fatal(err)
	}
	return b
}

// postbox takes every message.
type postbox chan alerts.Notification

func (postbox) Limits() alerts.Limits { return alerts.Limits{} }

func (p postbox) Send(_ context.Context, m alerts.Notification) (alerts.Answer, error) {
	p <- m
	return alerts.Answer{Status: 200, Text: "ok"}, nil
}

// deliver lets the service deliver until a message has arrived.
func (b *bench) deliver() {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- b.alerts.Run(ctx) }()
	<-b.sent
	cancel()
	if err := <-ended; err != nil {
		b.t.Fatal(err)
	}
}

const testPassword = "correct horse battery"

// user makes a user and returns the cookie of a session.
func (b *bench) user(role Role) *http.Cookie {
	b.t.Helper()
	name := "the-" + string(role)
	if err := SaveUser(context.Background(), b.engine, name, role, testPassword, b.now); err != nil {
		b.t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := b.server.startSession(w, &request{Request: httptest.NewRequest("GET", "/", nil)}, name); err != nil {
		b.t.Fatal(err)
	}
	return w.Result().Cookies()[0]
}

// send makes a request; form nil for one without a body.
func (b *bench) send(method, target string, form url.Values, cookies ...*http.Cookie) *http.Response {
	b.t.Helper()
	r := httptest.NewRequest(method, "http://console.test"+target, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range cookies {
		if c != nil {
			r.AddCookie(c)
		}
	}
	return b.do(r)
}

func (b *bench) do(r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	out, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// page gets a page that must be there.
func (b *bench) page(target string, cookies ...*http.Cookie) string {
	b.t.Helper()
	r := b.send("GET", target, nil, cookies...)
	body := bodyOf(b.t, r)
	if r.StatusCode != http.StatusOK {
		b.t.Fatalf("GET %s: %s\n%s\n%s", target, r.Status, body, b.log.String())
	}
	return body
}

// flashOf returns the message that an answer leaves for the next page.
func flashOf(r *http.Response) flash {
	req := httptest.NewRequest("GET", "/", nil)
	for _, c := range r.Cookies() {
		req.AddCookie(c)
	}
	return readFlash(&request{Request: req})
}

// selling returns a listing that satisfies the watch; each opens a case of
// its own.
func selling(n int) leak.Listing {
	price, unit, unitPrice, currency := float64(n+1), "张", 0.25, "CNY"
	pair := fmt.Sprintf("%c%c", 'a'+n%26, 'a'+n/26%26)
	return leak.Listing{
		ID: fmt.Sprintf("listing-%03d", n), Source: "forum", URL: fmt.Sprintf("https://forum.test/t/%d", n),
		Title: "offer " + pair, Body: "人脸照片 " + strings.Repeat(pair, 12), Seller: fmt.Sprintf("seller%d", n),
		Fetched: time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC), Content: fmt.Sprintf("content-%d", n),
		Reading: leak.Reading{
			Hit: true, Intent: leak.Sell, Score: 0.9, Severity: leak.High, Language: "zh",
			Categories: []leak.Category{leak.FacePhoto},
			Offers:     []leak.Offer{{Categories: []leak.Category{leak.FacePhoto}, Price: &price, Unit: &unit, UnitPrice: &unitPrice, Currency: &currency}},
			Findings:   []leak.Finding{{Rule: "face_photo/zh", Field: "body", Start: 0, End: 4, Steps: []string{"width"}}},
			Reasons:    []leak.Reason{{Signal: "intent:sell", Weight: 1.5, Text: "a price is named"}},
		},
		TextVersion: 1, RulesVersion: "r1", RedactionVersion: 1,
	}
}

func (b *bench) ingest(all ...leak.Listing) {
	b.t.Helper()
	for _, l := range all { // one by one, so that each has its own instant
		if _, err := b.alerts.Ingest(context.Background(), alerts.Batch{Listings: []leak.Listing{l}}); err != nil {
			b.t.Fatal(err)
		}
		b.now = b.now.Add(time.Second)
	}
}

// stored returns all alerts, the newest first.
func (b *bench) stored() []leak.Alert {
	b.t.Helper()
	p, err := b.alerts.Search(context.Background(), indexer.Search{Now: b.now, Limit: 1000})
	if err != nil {
		b.t.Fatal(err)
	}
	return p.Alerts
}

// auditText returns the whole audit as it is stored.
func (b *bench) auditText() string {
	b.t.Helper()
	all, err := b.engine.Scan(context.Background(), auditBucket, indexer.Scan{Limit: 10_000})
	if err != nil {
		b.t.Fatal(err)
	}
	var out strings.Builder
	for _, e := range all {
		out.Write(e.Value)
		out.WriteByte('\n')
	}
	return out.String()
}

// get are the pages of the console by path, with what they need filled in.
func (b *bench) get() []string {
	a := b.stored()[0]
	c := a.CaseID
	if c == "" {
		b.t.Fatal("the alert has no case")
	}
	return []string{"/", "/?state=all", "/?state=closed", "/alerts/" + a.ID, "/listings/" + a.Listing, "/cases/" + c, "/analyze", "/search", "/search?q=offer",
		"/sources", "/watches", "/watches/preview?q=category:face_photo", "/watches/preview?watch=faces&q=category:face_photo&exception=seller:seller1&alert=" + a.ID,
		"/silences", "/receivers", "/users", "/audit"}
}
