package shoutrrr

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/alerts/notifytest"
	"github.com/leakwatch/leakwatch/config"
)

func build(t *testing.T, target string) alerts.Notifier {
	return notifytest.Must(t)(New(config.Receiver{URL: config.NewSecret(target)}, alerts.Deps{}))
}

func generic(address string) string {
	return "generic://" + strings.TrimPrefix(address, "http://") + "/hook/shout-token?disabletls=yes"
}

func TestAMessageReachesTheService(t *testing.T) {
	var got string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = string(body)
	}))
	defer srv.Close()
	if _, err := build(t, generic(srv.URL)).Send(context.Background(), notifytest.Sample()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got, "https://console.test/alerts/") || len(got) > maxBytes {
		t.Errorf("%d bytes: %q", len(got), got)
	}
	notifytest.Inert(t, got, "<", "](", "https://evil.test")
}

func TestAServiceThatHangsHoldsOneMessageOnly(t *testing.T) {
	arrived, leave := make(chan bool, 1), make(chan bool)
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived <- true
		<-leave
	}))
	defer srv.Close()
	n := build(t, generic(srv.URL)).(*Notifier)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-arrived
		cancel()
	}()
	if _, err := n.Send(ctx, notifytest.Many(1)); err == nil {
		t.Error("delivered to a service that hangs")
	}
	if _, err := n.Send(context.Background(), notifytest.Many(1)); notifytest.Judge(err) != notifytest.Again {
		t.Errorf("a second message gives %v", err)
	}
	close(leave)
	n.turn <- <-n.turn // the first one has come back
	if _, err := n.Send(context.Background(), notifytest.Many(1)); err != nil {
		t.Error(err)
	}
}

func TestNoSecretComesBack(t *testing.T) {
	notifytest.Secrets(t, func(address string) alerts.Notifier {
		return build(t, generic(strings.TrimPrefix(address, "https://")))
	}, "shout-token")
	for _, target := range []string{"discord://discord-token@1234", "telegram://123:tele-token@telegram?chats=chat-id", "slack://hook:slack-a-slack-b@webhook"} {
		said := build(t, target).(*Notifier).client.Hide("cannot reach " + target + ": " + target)
		for _, s := range []string{"discord-token", "1234", "tele-token", "chat-id", "slack-a"} {
			if strings.Contains(said, s) {
				t.Errorf("%q is in %q", s, said)
			}
		}
	}
}

func TestFaultyKeysAreReported(t *testing.T) {
	for _, target := range []string{"", "nothing", "unknown://x", "logger://"} {
		if Validate(config.Receiver{URL: config.NewSecret(target)})["url"] == nil {
			t.Errorf("%q passes", target)
		}
	}
	if f := Validate(config.Receiver{URL: config.NewSecret("ntfy://ntfy.sh/topic")}); len(f) != 0 {
		t.Errorf("a good URL has faults %v", f)
	}
}
