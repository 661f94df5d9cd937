package wecom

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/alerts/notifytest"
	"github.com/leakwatch/leakwatch/config"
)

func build(t *testing.T, address string) alerts.Notifier {
	return notifytest.Must(t)(New(config.Receiver{URL: config.NewSecret(address + "/cgi-bin/webhook/send?key=wecom-key")}, alerts.Deps{}))
}

func TestNothingThatASellerWroteIsActive(t *testing.T) {
	f := notifytest.WeCom(t, nil)
	if _, err := build(t, f.URL).Send(context.Background(), notifytest.Sample()); err != nil {
		t.Fatal(err)
	}
	notifytest.Inert(t, f.Texts()[0], "<@", "<script", "](https://evil", "https://evil.test")
}

func TestAGroupThatIsTooLargeIsCutAndCounted(t *testing.T) {
	f := notifytest.WeCom(t, nil)
	if _, err := build(t, f.URL).Send(context.Background(), notifytest.Many(400)); err != nil {
		t.Fatal(err)
	}
	if s := f.Texts()[0]; len(s) > 4096 || !strings.Contains(s, " more](") {
		t.Errorf("%d bytes: %q", len(s), s)
	}
}

func TestAVeryLongTitleStillFits(t *testing.T) {
	f := notifytest.WeCom(t, nil)
	m := notifytest.Many(1)
	m.Alerts[0].Title, m.Console = strings.Repeat("出售", 20_000), "https://"+strings.Repeat("console", 700)+".test"
	if _, err := build(t, f.URL).Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
}

func TestStatus200WithAnErrorCodeIsAFailure(t *testing.T) {
	f := notifytest.WeCom(t, nil)
	n := build(t, f.URL)
	var last error
	for range 21 {
		_, last = n.Send(context.Background(), notifytest.Many(1))
	}
	if notifytest.Judge(last) != notifytest.Later {
		t.Errorf("got %v", last)
	}
}

func TestTheRateIsWhatTheVendorBears(t *testing.T) {
	notifytest.Rate(t, func(now func() time.Time) *notifytest.Fake { return notifytest.WeCom(t, now) },
		func(address string) alerts.Notifier { return build(t, address) })
}

func TestEveryStatusIsJudged(t *testing.T) {
	notifytest.Statuses(t, `{"errcode":0,"errmsg":"ok"}`, func(address string) alerts.Notifier { return build(t, address) })
}

func TestNoSecretComesBack(t *testing.T) {
	notifytest.Secrets(t, func(address string) alerts.Notifier { return build(t, address) }, "wecom-key")
}

func TestFaultyKeysAreReported(t *testing.T) {
	if Validate(config.Receiver{})["url"] == nil {
		t.Error("no address passes")
	}
}
