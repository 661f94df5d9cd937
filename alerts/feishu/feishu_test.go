package feishu

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/alerts/notifytest"
	"github.com/leakwatch/leakwatch/config"
)

func build(t *testing.T, address, key string) alerts.Notifier {
	return notifytest.Must(t)(New(config.Receiver{
		URL: config.NewSecret(address + "/open-apis/bot/v2/hook/feishu-token"), Secret: config.NewSecret(key),
	}, alerts.Deps{}))
}

func TestASignedMessageIsTaken(t *testing.T) {
	f := notifytest.Feishu(t, "feishu-key", nil)
	if _, err := build(t, f.URL, "feishu-key").Send(context.Background(), notifytest.Sample()); err != nil {
		t.Fatal(err)
	}
	notifytest.Inert(t, f.Texts()[0], "<at ", "<", "https://evil.test")
}

func TestStatus200WithACodeIsAFailure(t *testing.T) {
	f := notifytest.Feishu(t, "other", nil)
	if a, err := build(t, f.URL, "feishu-key").Send(context.Background(), notifytest.Many(1)); a.Status != 200 || notifytest.Judge(err) != notifytest.Again {
		t.Errorf("answer %v, error %v", a, err)
	}
}

func TestAGroupThatIsTooLargeIsCutAndCounted(t *testing.T) {
	f := notifytest.Feishu(t, "", nil)
	if _, err := build(t, f.URL, "").Send(context.Background(), notifytest.Many(1000)); err != nil {
		t.Fatal(err)
	}
	if s := f.Texts()[0]; !strings.Contains(s, " more https://console.test/alerts") {
		t.Errorf("%d bytes: %q", len(s), s)
	}
}

func TestTooFastIsRepeatedLater(t *testing.T) {
	f := notifytest.Feishu(t, "", nil)
	n := build(t, f.URL, "")
	var last error
	for range 101 {
		_, last = n.Send(context.Background(), notifytest.Many(1))
	}
	if notifytest.Judge(last) != notifytest.Later {
		t.Errorf("got %v", last)
	}
}

func TestTheRateIsWhatTheVendorBears(t *testing.T) {
	notifytest.Rate(t, func(now func() time.Time) *notifytest.Fake { return notifytest.Feishu(t, "", now) },
		func(address string) alerts.Notifier { return build(t, address, "") })
}

func TestEveryStatusIsJudged(t *testing.T) {
	for _, body := range []string{`{"code":0,"msg":"success"}`, `{"StatusCode":0,"StatusMessage":"success"}`} {
		notifytest.Statuses(t, body, func(address string) alerts.Notifier { return build(t, address, "") })
	}
}

func TestNoSecretComesBack(t *testing.T) {
	notifytest.Secrets(t, func(address string) alerts.Notifier { return build(t, address, "feishu-key") }, "feishu-token", "feishu-key")
}

func TestFaultyKeysAreReported(t *testing.T) {
	if Validate(config.Receiver{})["url"] == nil {
		t.Error("no address passes")
	}
}
