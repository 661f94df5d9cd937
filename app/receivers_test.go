package app

import (
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/alerts/notifytest"
	"github.com/leakwatch/leakwatch/config"
)

// destinations are receivers of every type with a server on loopback each.
func destinations(t *testing.T) map[string]config.Receiver {
	t.Helper()
	at := func(f *notifytest.Fake, path string) config.Secret { return config.NewSecret(f.URL + path) }
	token, key := "123456:AAHabcdefghijklmnopqrst", "0123456789abcdef0123456789abcdef"
	web := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(web.Close)
	datagrams, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { datagrams.Close() })
	stream, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stream.Close() })
	return map[string]config.Receiver{
		"webhook":     {Type: "webhook", URL: config.NewSecret(web.URL)},
		"slack":       {Type: "slack", URL: at(notifytest.Slack(t, nil), "")},
		"telegram":    {Type: "telegram", URL: at(notifytest.Telegram(t, token, nil), ""), Token: config.NewSecret(token), Chat: "-1"},
		"dingtalk":    {Type: "dingtalk", URL: at(notifytest.DingTalk(t, "", nil), "/robot/send?access_token=x")},
		"feishu":      {Type: "feishu", URL: at(notifytest.Feishu(t, "", nil), "")},
		"wecom":       {Type: "wecom", URL: at(notifytest.WeCom(t, nil), "/?key=x")},
		"pagerduty":   {Type: "pagerduty", URL: at(notifytest.PagerDuty(t, key), ""), Secret: config.NewSecret(key)},
		"syslog":      {Type: "syslog", Address: datagrams.LocalAddr().String()}, // UDP by default
		"syslog, tcp": {Type: "syslog", Address: stream.Addr().String(), Network: "tcp"},
		"file":        {Type: "file", Path: filepath.Join(t.TempDir(), "alerts.jsonl")},
		"shoutrrr":    {Type: "shoutrrr", URL: config.NewSecret("generic://" + strings.TrimPrefix(web.URL, "http://") + "/?disabletls=yes")},
		"email":       {Type: "email", Address: deadEnd(t), From: "a@b.test", To: []string{"c@d.test"}, TLS: "none"},
	}
}

// deadEnd is a mail server that takes connections and no mail.
func deadEnd(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("421 busy\r\n"))
			conn.Close()
		}
	}()
	return l.Addr().String()
}

// TestEveryTypeOfReceiverSendsThroughTheGuard builds receivers as the program
// does and sends to servers on loopback: with allow_private it arrives,
// without it the guard speaks.
func TestEveryTypeOfReceiverSendsThroughTheGuard(t *testing.T) {
	all := destinations(t)
	types := map[string]bool{}
	for name, c := range all {
		types[c.Type] = true
		for _, private := range []bool{true, false} {
			c.Name, c.AllowPrivate = name, private
			set, err := (&App{}).alertSettings(&config.Config{Receivers: []config.Receiver{c}})
			if err != nil {
				t.Fatal(name, err)
			}
			_, err = set.Receivers[0].Notifier.Send(t.Context(), notifytest.Many(1))
			refused := err != nil && strings.Contains(err.Error(), "refused by the dial guard")
			unguarded := c.Type == "file" || c.Type == "shoutrrr" // one dials nothing, the other by itself
			if refused != (!private && !unguarded) || err != nil && private && c.Type != "email" {
				t.Errorf("%s, allow_private %v: %v", name, private, err)
			}
		}
	}
	if got := slices.Sorted(maps.Keys(types)); !slices.Equal(got, receiverTypes()) {
		t.Errorf("tested are %v, there are %v", got, receiverTypes())
	}
}
