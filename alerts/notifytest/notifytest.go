// Package notifytest is what the tests of all notifiers share: hostile sample
// messages, tables of what a notifier must make of every HTTP status, a search
// for secrets in errors, and fakes that answer as the vendors document.
package notifytest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/leak"
)

// Hostile is text as a seller may write it to make a message do something:
// markup, mentions, links and control characters of every channel.
const Hostile = "<!channel> <@U123> <https://evil.test|click> @all @everyone @所有人 [x](https://evil.test) ![i](https://evil.test/i.png) " +
	"<b>bold</b> <script>alert(1)</script> <at user_id=\"all\">all</at> *s* _i_ `c` \u202eabc\u202c \x1b[31mred\x07 \u2028line\r\nSubject: x\r\n\r\n" +
	"]\" \\ & </a> <a href=\"https://evil.test\">a</a>"

// Sample is a notification of two alerts with hostile texts.
func Sample() alerts.Notification {
	n := Many(2)
	n.Alerts[0].Title, n.Alerts[1].Excerpt = Hostile, Hostile
	n.Alerts[1].Seller, n.Alerts[1].WatchName = Hostile, Hostile
	return n
}

// Many is a notification of count alerts in Chinese, the first critical.
func Many(count int) alerts.Notification {
	at := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	n := alerts.Notification{ID: leak.NotificationID("test", fmt.Sprint(count)), Receiver: "test", At: at, Console: "https://console.test"}
	for i := range count {
		quantity, price, unit, currency := 5000.0, 10.0, "张", "CNY"
		a := leak.Alert{
			ID: leak.AlertID("faces", fmt.Sprint(i), ""), Watch: "faces", WatchName: "人脸", Query: "category:face_photo",
			Severity: leak.High, State: leak.Open, CaseID: "case", Listing: fmt.Sprint("listing", i), Revision: 1, Source: "forum",
			URL: "https://forum.test/t/1", Title: "出售人脸照片五千张", Excerpt: strings.Repeat("高清人脸，支持验货。", 25), Seller: "张三",
			Intent: leak.Sell, Score: 0.97, Language: "zh", Categories: []leak.Category{leak.FacePhoto},
			Offers:   []leak.Offer{{Categories: []leak.Category{leak.FacePhoto}, Quantity: &quantity, Unit: &unit, Price: &price, Currency: &currency}},
			Contacts: []leak.Contact{{Kind: leak.Telegram, Value: "seller_cn"}},
			Times:    leak.AlertTimes{Fetched: at, Matched: at},
		}
		if i == 0 {
			a.Severity = leak.Critical
		}
		n.Alerts = append(n.Alerts, a)
	}
	return n
}

// Notice is a notification about leakwatch itself.
func Notice(text string) alerts.Notification {
	n := Many(0)
	n.Notice = text
	return n
}

// Verdict is what an attempt must lead to.
type Verdict string

// The verdicts.
const (
	OK        Verdict = "delivered"
	Again     Verdict = "to be repeated"
	Later     Verdict = "to be repeated at a time that the receiver named"
	Permanent Verdict = "given up"
)

// Judge says what an error of Send leads to.
func Judge(err error) Verdict {
	var p *alerts.PermanentError
	var l *alerts.RetryAfterError
	switch {
	case err == nil:
		return OK
	case errors.As(err, &p):
		return Permanent
	case errors.As(err, &l):
		return Later
	default:
		return Again
	}
}

// Statuses puts every HTTP status from 200 to 599 to the notifier that build
// makes for an address, with a body as a successful answer of the vendor.
func Statuses(t *testing.T, body string, build func(address string) alerts.Notifier) {
	t.Helper()
	status := 200
	retryAfter := ""
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		if status >= 300 && status < 400 {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
		if status != 204 && status != 304 {
			_, _ = io.WriteString(w, body)
		}
	}))
	defer srv.Close()
	n := build(srv.URL)
	for status = 200; status < 600; status++ {
		_, err := n.Send(context.Background(), Many(1))
		if got, want := Judge(err), wantFor(status); got != want && !(status > 200 && status < 300) {
			t.Errorf("status %d: %s, error %v; want %s", status, got, err, want)
		}
	}
	status, retryAfter = 429, "7"
	_, err := n.Send(context.Background(), Many(1))
	var l *alerts.RetryAfterError
	if !errors.As(err, &l) || l.After != 7*time.Second {
		t.Errorf("429 with Retry-After: 7 gives %v", err)
	}
}

func wantFor(status int) Verdict {
	switch {
	case status < 300:
		return OK
	case status == 400, status == 410, status == 413, status == 414, status == 415, status == 422:
		return Permanent
	default:
		return Again
	}
}

// Secrets makes attempts fail in many ways and looks for the secrets in what
// comes back. build makes the notifier for the address of a server, with the
// secrets in the places where the vendor has them.
func Secrets(t *testing.T, build func(address string) alerts.Notifier, secrets ...string) {
	t.Helper()
	mirror := func(w http.ResponseWriter, r *http.Request) string {
		body, _ := io.ReadAll(r.Body)
		return r.URL.String() + " " + fmt.Sprint(r.Header) + " " + string(body)
	}
	handlers := map[string]http.HandlerFunc{
		"an answer that repeats the request": func(w http.ResponseWriter, r *http.Request) {
			text := mirror(w, r)
			w.WriteHeader(500)
			_, _ = io.WriteString(w, text)
		},
		"a success that repeats the request": func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, mirror(w, r)) },
		"a redirect to itself": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.String(), http.StatusFound)
		},
		"a broken connection": func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) },
	}
	for name, h := range handlers {
		srv := httptest.NewServer(h)
		srv.Config.ErrorLog = nil
		check(t, name, build(srv.URL), context.Background(), secrets)
		srv.Close()
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	check(t, "a port that nobody listens on", build("http://"+l.Addr().String()), context.Background(), secrets)
	check(t, "TLS where there is none", build("https://"+l.Addr().String()), context.Background(), secrets)
	check(t, "a host that does not resolve", build("http://host.invalid"), context.Background(), secrets)
	done, cancel := context.WithCancel(context.Background())
	cancel()
	check(t, "a cancelled attempt", build("http://"+l.Addr().String()), done, secrets)
}

func check(t *testing.T, how string, n alerts.Notifier, ctx context.Context, secrets []string) {
	t.Helper()
	answer, err := n.Send(ctx, Many(1))
	said := answer.Text
	for e := err; e != nil; e = errors.Unwrap(e) {
		said += "\n" + e.Error()
	}
	for _, s := range secrets {
		if strings.Contains(said, s) {
			t.Errorf("%s: the secret %q is in %q", how, s, said)
		}
	}
}

// Inert checks that nothing of Hostile is active in a text as the channel
// receives it, given the texts that would make it so.
func Inert(t *testing.T, text string, active ...string) {
	t.Helper()
	for _, a := range append(active, "\x1b", "\x07", "\u202e", "\u2028", "@all", "@everyone", "@所有人", "\r") {
		if strings.Contains(text, a) {
			t.Errorf("%q is active in %q", a, text)
		}
	}
}

// Must returns the notifier, or ends the test.
func Must(t *testing.T) func(alerts.Notifier, error) alerts.Notifier {
	return func(n alerts.Notifier, err error) alerts.Notifier {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
}

// Rate sends as fast as the notifier's limits allow for two minutes of a clock
// that the fake obeys, and wants every message to be taken: what a notifier
// says of itself is what the vendor bears.
func Rate(t *testing.T, fake func(now func() time.Time) *Fake, build func(address string) alerts.Notifier) {
	t.Helper()
	began := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	now := began
	f := fake(func() time.Time { return now })
	n := build(f.URL)
	l := n.Limits()
	if l.Messages <= 0 || l.Interval <= 0 || l.Bytes <= 0 {
		t.Fatalf("limits %+v; want a rate and a size", l)
	}
	for ; now.Sub(began) < 2*time.Minute; now = now.Add(l.Interval) {
		for range l.Messages {
			if _, err := n.Send(context.Background(), Many(1)); err != nil {
				t.Fatalf("after %d messages in %s: %v", len(f.Texts()), now.Sub(began), err)
			}
		}
	}
	if f.Bans() != 0 {
		t.Errorf("%d bans", f.Bans())
	}
}
