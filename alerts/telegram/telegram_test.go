package telegram

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/alerts/notifytest"
	"github.com/leakwatch/leakwatch/config"
)

const token = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"

func build(t *testing.T, address string) alerts.Notifier {
	return notifytest.Must(t)(New(config.Receiver{URL: config.NewSecret(address), Token: config.NewSecret(token), Chat: "-1001234"}, alerts.Deps{}))
}

func TestNothingThatASellerWroteIsActive(t *testing.T) {
	f := notifytest.Telegram(t, token, nil)
	if _, err := build(t, f.URL).Send(context.Background(), notifytest.Sample()); err != nil {
		t.Fatal(err)
	}
	notifytest.Inert(t, f.Texts()[0], "<script", "<a href=\"https://evil", "https://evil.test")
}

func TestAGroupThatIsTooLargeIsCutAndCounted(t *testing.T) {
	f := notifytest.Telegram(t, token, nil)
	if _, err := build(t, f.URL).Send(context.Background(), notifytest.Many(300)); err != nil {
		t.Fatal(err)
	}
	if s := f.Texts()[0]; utf8.RuneCountInString(s) > 4096 || !strings.Contains(s, " more</a>") {
		t.Errorf("%d characters: %q", utf8.RuneCountInString(s), s)
	}
}

func TestTooFastIsRepeatedAtTheTimeThatTelegramNames(t *testing.T) {
	f := notifytest.Telegram(t, token, nil)
	n := build(t, f.URL)
	var last error
	for range 21 {
		_, last = n.Send(context.Background(), notifytest.Many(1))
	}
	var l *alerts.RetryAfterError
	if !errors.As(last, &l) || l.After != 35*time.Second {
		t.Errorf("got %v", last)
	}
}

func TestAWrongTokenIsNoSuccessAndIsNotShown(t *testing.T) {
	f := notifytest.Telegram(t, token+"x", nil)
	a, err := build(t, f.URL).Send(context.Background(), notifytest.Many(1))
	if err == nil || strings.Contains(err.Error()+a.Text, token) || notifytest.Judge(err) != notifytest.Again {
		t.Errorf("answer %v, error %v", a, err)
	}
}

func TestTheRateIsWhatTheVendorBears(t *testing.T) {
	notifytest.Rate(t, func(now func() time.Time) *notifytest.Fake { return notifytest.Telegram(t, token, now) },
		func(address string) alerts.Notifier { return build(t, address) })
}

func TestEveryStatusIsJudged(t *testing.T) {
	notifytest.Statuses(t, `{"ok":true}`, func(address string) alerts.Notifier { return build(t, address) })
}

func TestNoSecretComesBack(t *testing.T) {
	notifytest.Secrets(t, func(address string) alerts.Notifier { return build(t, address) }, token, token[7:])
}

func TestFaultyKeysAreReported(t *testing.T) {
	for key, c := range map[string]config.Receiver{
		"token": {Token: config.NewSecret("x"), Chat: "1"},
		"chat":  {Token: config.NewSecret(token), Chat: "my chat"},
		"url":   {Token: config.NewSecret(token), Chat: "@channel", URL: config.NewSecret("telegram")},
	} {
		if Validate(c)[key] == nil {
			t.Errorf("a faulty %s passes", key)
		}
	}
}
