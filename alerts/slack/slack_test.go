package slack

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/alerts/notifytest"
	"github.com/leakwatch/leakwatch/config"
)

func build(t *testing.T, address string) alerts.Notifier {
	return notifytest.Must(t)(New(config.Receiver{URL: config.NewSecret(address + "/services/T000/B000/slack-key")}, alerts.Deps{}))
}

func TestNothingThatASellerWroteIsActive(t *testing.T) {
	f := notifytest.Slack(t, nil)
	if a, err := build(t, f.URL).Send(context.Background(), notifytest.Sample()); err != nil || a.Status != 200 {
		t.Fatal(a, err)
	}
	notifytest.Inert(t, f.Texts()[0], "<!channel", "<@U123", "|click>", "`c`", "<b>", "https://evil.test")
	if !strings.Contains(f.Texts()[0], "<https://console.test/alerts/") {
		t.Errorf("no link to the console in %q", f.Texts()[0])
	}
}

func TestAGroupThatIsTooLargeIsCutAndCounted(t *testing.T) {
	f := notifytest.Slack(t, nil)
	m := notifytest.Many(500)
	m.More = 3
	if _, err := build(t, f.URL).Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	if s := f.Texts()[0]; len(s) > maxBytes || !strings.Contains(s, "CRITICAL") || !strings.Contains(s, " more>") {
		t.Errorf("%d bytes: %q", len(s), s)
	}
}

func TestTooFastIsRepeatedAtTheTimeThatSlackNames(t *testing.T) {
	f := notifytest.Slack(t, nil)
	n := build(t, f.URL)
	var last error
	for range 2 {
		_, last = n.Send(context.Background(), notifytest.Many(1))
	}
	if notifytest.Judge(last) != notifytest.Later {
		t.Errorf("got %v", last)
	}
}

func TestAnAnswerThatSaysNoIsAFailure(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(`{"ok":false,"error":"channel_not_found"}`))
	}))
	defer srv.Close()
	if _, err := build(t, srv.URL).Send(context.Background(), notifytest.Many(1)); notifytest.Judge(err) != notifytest.Again {
		t.Errorf("got %v", err)
	}
}

func TestTheRateIsWhatTheVendorBears(t *testing.T) {
	notifytest.Rate(t, func(now func() time.Time) *notifytest.Fake { return notifytest.Slack(t, now) },
		func(address string) alerts.Notifier { return build(t, address) })
}

func TestEveryStatusIsJudged(t *testing.T) {
	notifytest.Statuses(t, "ok", func(address string) alerts.Notifier { return build(t, address) })
}

func TestNoSecretComesBack(t *testing.T) {
	notifytest.Secrets(t, func(address string) alerts.Notifier { return build(t, address) }, "slack-key")
}

func TestFaultyKeysAreReported(t *testing.T) {
	if Validate(config.Receiver{})["url"] == nil || Validate(config.Receiver{URL: config.NewSecret("slack-key")})["url"] == nil {
		t.Error("a faulty address passes")
	}
}
