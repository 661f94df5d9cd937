package syslog

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/alerts/notifytest"
	"github.com/leakwatch/leakwatch/config"
)

var shape = regexp.MustCompile(`^<(\d+)>1 \S+ \S+ leakwatch \d+ (alert|notice) (\[leakwatch@32473( [a-z]+="([^"\\\]]|\\["\\\]])*")*\]) (\{.*\})$`)

func checkMessage(t *testing.T, line string) []string {
	t.Helper()
	m := shape.FindStringSubmatch(line)
	if m == nil {
		t.Fatalf("no RFC 5424 message: %q", line)
	}
	var p alerts.Payload
	if err := json.Unmarshal([]byte(m[6]), &p); err != nil {
		t.Errorf("payload: %v", err)
	}
	return m
}

func TestUDPSendsOneDatagramAnAlert(t *testing.T) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	n := notifytest.Must(t)(New(config.Receiver{Address: conn.LocalAddr().String()}, alerts.Deps{}))
	m := notifytest.Sample()
	if _, err := n.Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	for i := range m.Alerts {
		buf := make([]byte, 64<<10)
		size, _, err := conn.ReadFrom(buf)
		if err != nil {
			t.Fatal(err)
		}
		if size > maxDatagram {
			t.Errorf("a datagram of %d bytes", size)
		}
		got := checkMessage(t, string(buf[:size]))
		if want := strconv.Itoa(16*8 + 2 + i); got[1] != want { // critical, then high
			t.Errorf("priority %s; want %s", got[1], want)
		}
		if !strings.Contains(got[3], `alert="`+m.Alerts[i].ID+`"`) {
			t.Errorf("structured data %s", got[3])
		}
	}
}

// collect accepts one connection and returns what was written to it.
func collect(t *testing.T, l net.Listener) <-chan []string {
	t.Helper()
	out := make(chan []string, 1)
	go func() {
		var lines []string
		defer func() { out <- lines }()
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		r := bufio.NewReader(conn)
		for {
			count, err := r.ReadString(' ')
			if err != nil {
				return
			}
			n, err := strconv.Atoi(strings.TrimSpace(count))
			if err != nil {
				return
			}
			line := make([]byte, n)
			if _, err := io.ReadFull(r, line); err != nil {
				return
			}
			lines = append(lines, string(line))
		}
	}()
	return out
}

func TestStreamsCountTheirBytes(t *testing.T) {
	web := httptest.NewTLSServer(nil)
	defer web.Close()
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	for _, network := range []string{"tcp", "tls"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if network == "tls" {
			l = tls.NewListener(l, &tls.Config{Certificates: web.TLS.Certificates})
		}
		got := collect(t, l)
		n := notifytest.Must(t)(New(config.Receiver{Address: l.Addr().String(), Network: network}, alerts.Deps{})).(*Notifier)
		n.roots = &tls.Config{RootCAs: roots}
		m := notifytest.Many(5)
		if _, err := n.Send(context.Background(), m); err != nil {
			t.Fatal(network, err)
		}
		lines := <-got
		if len(lines) != 5 {
			t.Errorf("%s: %d messages; want 5", network, len(lines))
		}
		for _, line := range lines {
			checkMessage(t, line)
		}
		l.Close()
	}
}

func TestANoticeIsAMessage(t *testing.T) {
	n := notifytest.Must(t)(New(config.Receiver{Address: "127.0.0.1:514", Network: "tcp"}, alerts.Deps{})).(*Notifier)
	lines, err := n.messages(notifytest.Notice("source forum is blind"))
	if err != nil || len(lines) != 1 {
		t.Fatal(lines, err)
	}
	checkMessage(t, lines[0])
}

func TestACollectorThatIsDownIsTriedAgain(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	n := notifytest.Must(t)(New(config.Receiver{Address: l.Addr().String(), Network: "tcp"}, alerts.Deps{}))
	if _, err := n.Send(context.Background(), notifytest.Many(1)); notifytest.Judge(err) != notifytest.Again {
		t.Errorf("got %v", err)
	}
}

func TestFaultyKeysAreReported(t *testing.T) {
	for key, c := range map[string]config.Receiver{
		"address": {Address: "collector"}, "network": {Address: "c.test:514", Network: "sctp"},
	} {
		if Validate(c)[key] == nil {
			t.Errorf("a faulty %s passes", key)
		}
	}
}
