package pagerduty

import (
	"context"
	"testing"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/alerts/notifytest"
	"github.com/leakwatch/leakwatch/config"
)

const key = "0123456789abcdef0123456789abcdef"

func build(t *testing.T, address string) alerts.Notifier {
	return notifytest.Must(t)(New(config.Receiver{URL: config.NewSecret(address), Secret: config.NewSecret(key)}, alerts.Deps{}))
}

func TestRepeatsOfAnAlertJoinOneIncident(t *testing.T) {
	f := notifytest.PagerDuty(t, key)
	n, one := build(t, f.URL), notifytest.Many(1)
	for range 2 {
		if a, err := n.Send(context.Background(), one); err != nil || a.Status != 202 {
			t.Fatal(a, err)
		}
	}
	if got := f.Texts(); got[0] != one.Alerts[0].ID || got[1] != got[0] {
		t.Errorf("dedup keys %v; want the alert's id", got)
	}
	many := notifytest.Sample()
	if _, err := n.Send(context.Background(), many); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Send(context.Background(), notifytest.Notice("source forum is blind")); err != nil {
		t.Fatal(err)
	}
	if got := f.Texts(); got[2] != many.ID {
		t.Errorf("dedup key of a group %v; want the notification's id", got[2])
	}
}

func TestAnEventThatIsRefusedIsNotRepeated(t *testing.T) {
	f := notifytest.PagerDuty(t, "another key")
	if _, err := build(t, f.URL).Send(context.Background(), notifytest.Many(1)); notifytest.Judge(err) != notifytest.Permanent {
		t.Errorf("got %v", err)
	}
}

func TestEveryStatusIsJudged(t *testing.T) {
	notifytest.Statuses(t, "{}", func(address string) alerts.Notifier { return build(t, address) })
}

func TestNoSecretComesBack(t *testing.T) {
	notifytest.Secrets(t, func(address string) alerts.Notifier { return build(t, address) }, key)
}

func TestFaultyKeysAreReported(t *testing.T) {
	if Validate(config.Receiver{})["secret"] == nil {
		t.Error("no key passes")
	}
	if Validate(config.Receiver{Secret: config.NewSecret(key), URL: config.NewSecret("pd")})["url"] == nil {
		t.Error("a faulty address passes")
	}
}
