package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/config"
)

// hanging is a server that takes requests and does not answer.
type hanging struct {
	*httptest.Server
	asked chan string
}

func newHanging(t *testing.T) *hanging {
	t.Helper()
	h := &hanging{asked: make(chan string, 100)}
	release := make(chan struct{})
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.asked <- r.URL.Path
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(func() { close(release); h.Close() })
	return h
}

func TestAStopTakesFiveSecondsAtMostWithWorkUnderWay(t *testing.T) {
	site, hook := newHanging(t), newHanging(t)
	a := open(t, fmt.Sprintf(`
sources: [{name: slow, url: '%s/', schedule: '@every 1s', allow_private: true, robots: ignore}]
watches: [{name: faces, query: 'category:face_photo'}]
receivers: [{name: hook, type: webhook, url: '%s/hook', allow_private: true}]
console: {listen: '127.0.0.1:0'}
`, site.URL, hook.URL))
	importLines(t, a, line("one", 1, offerText))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ready, ended := make(chan Ready, 1), make(chan error, 1)
	go func() { ended <- a.Serve(ctx, func(r Ready) { ready <- r }) }()
	<-ready
	<-site.asked
	<-hook.asked
	began := time.Now()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > stopTime+500*time.Millisecond {
		t.Errorf("the stop took %s", took)
	}
}

func TestTheLogIsJSONWithoutSecretsAndSteersNothing(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(LogHandler(&out, slog.LevelInfo))
	fault := &url.Error{Op: "Get", URL: "https://user:hush@market.test/path-key?token=hush", Err: errors.New("connection refused")}
	log.Error("crawl", "error", fmt.Errorf("source forum: %w", fault), "secret", config.NewSecret("hush"), "title", "a\x1b[31m\u202eb\u2028c", "receivers", []config.Receiver{{URL: config.NewSecret("hush")}})
	var entry map[string]any
	if err := json.Unmarshal(out.Bytes(), &entry); err != nil || strings.Count(out.String(), "\n") != 1 {
		t.Fatalf("%v in %q", err, out.String())
	}
	for _, bad := range []string{"hush", "path-key", "\x1b", "\u202e", "\u2028", `\u001b`, `\u202e`, `\u2028`} {
		if strings.Contains(out.String(), bad) {
			t.Errorf("%q is in the log: %s", bad, out.String())
		}
	}
	if !strings.Contains(fmt.Sprint(entry["error"]), "connection refused") {
		t.Errorf("the reason is missing: %v", entry)
	}
}

func TestReadyzSaysWhetherTheIndexTakesWrites(t *testing.T) {
	a := open(t, `sources: [{name: dark, url: 'http://127.0.0.1:1/', schedule: '@every 1h', allow_private: true}]`)
	if _, err := a.Crawl(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	ask := func() (int, string) {
		w := httptest.NewRecorder()
		a.readyz(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		return w.Code, strings.TrimSpace(w.Body.String())
	}
	if code, body := ask(); code != http.StatusOK || body != `{"ready":true,"index":"ok","sources_not_read":{"dark":"unreachable"}}` {
		t.Errorf("%d %s", code, body)
	}
	if err := a.engine.Close(); err != nil {
		t.Fatal(err)
	}
	if code, body := ask(); code != http.StatusServiceUnavailable || !strings.Contains(body, `"ready":false`) || !strings.Contains(body, "unavailable") {
		t.Errorf("%d %s", code, body)
	}
}
