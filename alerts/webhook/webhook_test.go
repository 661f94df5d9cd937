package webhook

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/alerts/notifytest"
	"github.com/leakwatch/leakwatch/config"
)

var secret = "whsec_" + base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))

func build(t *testing.T, address string) alerts.Notifier {
	return notifytest.Must(t)(New(config.Receiver{
		URL: config.NewSecret(address + "/in/path-key?token=query-key"), Secret: config.NewSecret(secret),
		Headers: map[string]config.Secret{"authorization": config.NewSecret("Bearer header-key")},
	}, alerts.Deps{}))
}

func TestTheReceiverCanVerifyAMessage(t *testing.T) {
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	var got alerts.Payload
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := wh.Verify(body, r.Header); err != nil {
			t.Errorf("signature: %v", err)
		}
		if r.Header.Get("Authorization") != "Bearer header-key" {
			t.Error("the configured header is missing")
		}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
		ids = append(ids, r.Header.Get("webhook-id"))
	}))
	defer srv.Close()
	n, m := build(t, srv.URL), notifytest.Sample()
	for range 2 {
		if a, err := n.Send(context.Background(), m); err != nil || a.Status != 200 {
			t.Fatal(a, err)
		}
	}
	if ids[0] != m.ID || ids[1] != m.ID {
		t.Errorf("ids %v; want %s twice", ids, m.ID)
	}
	if got.Type != "alert.created" || len(got.Data.Alerts) != 2 || got.Data.Alerts[0].Link != "https://console.test/alerts/"+m.Alerts[0].ID {
		t.Errorf("payload %+v", got)
	}
}

func TestThePayloadStaysThin(t *testing.T) {
	var size int
	var got alerts.Payload
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		size = len(body)
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
	}))
	defer srv.Close()
	m := notifytest.Many(100)
	m.More = 7
	m.Alerts[0].Title = strings.Repeat("<title>", 10_000)
	if _, err := build(t, srv.URL).Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	if size > maxBytes || len(got.Data.Alerts) == 0 || len(got.Data.Alerts)+got.Data.More != 107 {
		t.Errorf("%d bytes with %d alerts and %d more; want all 107 accounted for", size, len(got.Data.Alerts), got.Data.More)
	}
	if got.Data.Alerts[0].ID != m.Alerts[0].ID {
		t.Error("the most severe alert was cut")
	}
}

func TestEveryStatusIsJudged(t *testing.T) {
	notifytest.Statuses(t, "ok", func(address string) alerts.Notifier { return build(t, address) })
}

func TestNoSecretComesBack(t *testing.T) {
	notifytest.Secrets(t, func(address string) alerts.Notifier { return build(t, address) },
		secret, "path-key", "query-key", "header-key")
}

func TestARedirectIsNotFollowed(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
	defer other.Close()
	srv := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer srv.Close()
	if _, err := build(t, srv.URL).Send(context.Background(), notifytest.Many(1)); notifytest.Judge(err) != notifytest.Again {
		t.Errorf("a redirect gives %v", err)
	}
}

func TestRetryAfterMayBeADate(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", now.Add(90*time.Second).Format(http.TimeFormat))
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer srv.Close()
	n := notifytest.Must(t)(New(config.Receiver{URL: config.NewSecret(srv.URL)}, alerts.Deps{Now: func() time.Time { return now }}))
	_, err := n.Send(context.Background(), notifytest.Many(1))
	if l, ok := err.(*alerts.RetryAfterError); !ok || l.After != 90*time.Second {
		t.Errorf("got %v", err)
	}
}

func TestFaultyKeysAreReported(t *testing.T) {
	for name, c := range map[string]struct {
		config config.Receiver
		key    string
	}{
		"no address":       {config.Receiver{}, "url"},
		"another scheme":   {config.Receiver{URL: config.NewSecret("ftp://x.test")}, "url"},
		"a short secret":   {config.Receiver{URL: config.NewSecret("https://x.test"), Secret: config.NewSecret("whsec_YWJj")}, "secret"},
		"no prefix":        {config.Receiver{URL: config.NewSecret("https://x.test"), Secret: config.NewSecret(secret[6:])}, "secret"},
		"no base64":        {config.Receiver{URL: config.NewSecret("https://x.test"), Secret: config.NewSecret("whsec_!!!")}, "secret"},
		"nothing is wrong": {config.Receiver{URL: config.NewSecret("https://x.test")}, ""},
	} {
		faults := Validate(c.config)
		if c.key == "" && len(faults) != 0 || c.key != "" && faults[c.key] == nil {
			t.Errorf("%s: %v", name, faults)
		}
		if _, err := New(c.config, alerts.Deps{}); (err == nil) != (c.key == "") {
			t.Errorf("%s: New says %v", name, err)
		}
	}
}
