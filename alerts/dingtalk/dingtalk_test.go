package dingtalk

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/alerts/notifytest"
	"github.com/leakwatch/leakwatch/config"
)

func build(t *testing.T, address, key string) alerts.Notifier {
	return notifytest.Must(t)(New(config.Receiver{
		URL: config.NewSecret(address + "/robot/send?access_token=ding-token"), Secret: config.NewSecret(key),
	}, alerts.Deps{}))
}

func TestASignedMessageIsTaken(t *testing.T) {
	f := notifytest.DingTalk(t, "SECding-key", nil)
	if a, err := build(t, f.URL, "SECding-key").Send(context.Background(), notifytest.Sample()); err != nil || a.Status != 200 {
		t.Fatal(a, err)
	}
	notifytest.Inert(t, f.Texts()[0], "](https://evil", "<script", "![", "https://evil.test")
	if !strings.Contains(f.Texts()[0], "](https://console.test/alerts/") {
		t.Errorf("no link in %q", f.Texts()[0])
	}
}

func TestStatus200WithAnErrorCodeIsAFailure(t *testing.T) {
	f := notifytest.DingTalk(t, "SECother", nil)
	if a, err := build(t, f.URL, "SECding-key").Send(context.Background(), notifytest.Many(1)); a.Status != 200 || notifytest.Judge(err) != notifytest.Again {
		t.Errorf("answer %v, error %v", a, err)
	}
}

func TestABlockedRobotIsLeftAloneForTenMinutes(t *testing.T) {
	f := notifytest.DingTalk(t, "", nil)
	n := build(t, f.URL, "")
	var last error
	for range 21 {
		_, last = n.Send(context.Background(), notifytest.Many(1))
	}
	var l *alerts.RetryAfterError
	if !errors.As(last, &l) || l.After != 10*time.Minute {
		t.Errorf("got %v", last)
	}
}

func TestAGroupThatIsTooLargeIsCutAndCounted(t *testing.T) {
	f := notifytest.DingTalk(t, "", nil)
	m := notifytest.Many(1000)
	for i := range m.Alerts {
		m.Alerts[i].Title = strings.Repeat(`"<&`, 200)
	}
	if _, err := build(t, f.URL, "").Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	if s := f.Texts()[0]; !strings.Contains(s, " more](") {
		t.Errorf("%d bytes: %q", len(s), s)
	}
}

func TestAnAnswerThatIsNotDingTalksIsAFailure(t *testing.T) {
	f := notifytest.Slack(t, nil) // says "no_text" or "ok"
	if _, err := build(t, f.URL, "").Send(context.Background(), notifytest.Many(1)); err == nil {
		t.Error("taken for a success")
	}
}

func TestTheRateIsWhatTheVendorBears(t *testing.T) {
	notifytest.Rate(t, func(now func() time.Time) *notifytest.Fake { return notifytest.DingTalk(t, "", now) },
		func(address string) alerts.Notifier { return build(t, address, "") })
}

func TestEveryStatusIsJudged(t *testing.T) {
	notifytest.Statuses(t, `{"errcode":0,"errmsg":"ok"}`, func(address string) alerts.Notifier { return build(t, address, "") })
}

func TestNoSecretComesBack(t *testing.T) {
	notifytest.Secrets(t, func(address string) alerts.Notifier { return build(t, address, "SECding-key") }, "ding-token", "SECding-key")
}

func TestFaultyKeysAreReported(t *testing.T) {
	if Validate(config.Receiver{})["url"] == nil {
		t.Error("no address passes")
	}
}
