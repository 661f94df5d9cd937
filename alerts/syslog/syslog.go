// Package syslog sends alerts as RFC 5424 messages over UDP, TCP or TLS, one
// message an alert, with the ids as structured data and the thin JSON payload
// as text.
//
// The protocol has no acknowledgement: a message counts as delivered when the
// network took it. Over UDP that means nothing more than that it was sent.
package syslog

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/leak"
)

const (
	facility = 16 // local0
	app      = "leakwatch"
	// enterprise is the number that RFC 5612 sets aside for names like ours.
	enterprise = "leakwatch@32473"

	maxDatagram = 2000 // what RFC 5424 asks receivers to accept
	maxStream   = 8000
)

// Notifier sends to one collector.
type Notifier struct {
	network string
	address string
	host    string // of this machine
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
	roots   *tls.Config // nil for the system's; tests set it
}

var _ alerts.Notifier = (*Notifier)(nil)

// Validate returns what is wrong with the keys of the config, by key.
func Validate(c config.Receiver) map[string]error {
	faults := map[string]error{}
	host, port, err := net.SplitHostPort(c.Address)
	if n, perr := strconv.Atoi(port); err != nil || perr != nil || host == "" || n < 1 || n > 65535 {
		faults["address"] = errors.New("want host:port of the collector, such as syslog.example.com:6514")
	}
	switch c.Network {
	case "", "udp", "tcp", "tls":
	default:
		faults["network"] = errors.New("want udp, tcp or tls")
	}
	return faults
}

// New builds the notifier; the config must be valid. The network is udp
// unless it says otherwise.
func New(c config.Receiver, d alerts.Deps) (alerts.Notifier, error) {
	if err := alerts.JoinFaults(Validate(c)); err != nil {
		return nil, err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "-"
	}
	n := &Notifier{network: cmp.Or(c.Network, "udp"), address: c.Address, host: word(host, 255), dial: d.Dial}
	if n.dial == nil {
		n.dial = (&net.Dialer{}).DialContext
	}
	return n, nil
}

// Limits implements alerts.Notifier.
func (n *Notifier) Limits() alerts.Limits {
	if n.network == "udp" {
		return alerts.Limits{Bytes: maxDatagram}
	}
	return alerts.Limits{Bytes: maxStream}
}

// Send implements alerts.Notifier.
func (n *Notifier) Send(ctx context.Context, m alerts.Notification) (alerts.Answer, error) {
	conn, err := n.connect(ctx)
	if err != nil {
		return alerts.Answer{}, fmt.Errorf("connect to syslog: %w", err)
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return alerts.Answer{}, fmt.Errorf("set syslog deadline: %w", err)
		}
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	messages, err := n.messages(m)
	if err != nil {
		return alerts.Answer{}, err
	}
	for _, line := range messages {
		if n.network != "udp" { // octet counting, RFC 6587
			line = strconv.Itoa(len(line)) + " " + line
		}
		if _, err := conn.Write([]byte(line)); err != nil {
			return alerts.Answer{}, fmt.Errorf("write to syslog: %w", err)
		}
	}
	return alerts.Answer{Text: fmt.Sprintf("%d messages written", len(messages))}, nil
}

func (n *Notifier) connect(ctx context.Context) (net.Conn, error) {
	network := n.network
	if network == "tls" {
		network = "tcp"
	}
	conn, err := n.dial(ctx, network, n.address)
	if err != nil || n.network != "tls" {
		return conn, err
	}
	host, _, _ := net.SplitHostPort(n.address)
	cfg := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if n.roots != nil {
		cfg.RootCAs = n.roots.RootCAs
	}
	secure := tls.Client(conn, cfg)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return secure, nil
}

// levels are syslog's severities for ours.
var levels = map[leak.Severity]int{leak.Critical: 2, leak.High: 3, leak.Medium: 4, leak.Low: 5}

// messages writes one message for each alert, or one for a notice.
func (n *Notifier) messages(m alerts.Notification) ([]string, error) {
	if len(m.Alerts) == 0 {
		line, err := n.line(m, 5, "notice", [][2]string{{"notification", m.ID}})
		return []string{line}, err
	}
	var out []string
	for i, a := range m.Alerts {
		one := m
		one.Alerts = m.Alerts[i : i+1]
		if i < len(m.Alerts)-1 {
			one.More = 0
		}
		line, err := n.line(one, levels[a.Severity], "alert", [][2]string{
			{"notification", m.ID}, {"alert", a.ID}, {"watch", a.Watch}, {"severity", string(a.Severity)},
			{"source", a.Source}, {"listing", a.Listing}, {"case", a.CaseID},
		})
		if err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	return out, nil
}

// line writes one RFC 5424 message within the limit.
func (n *Notifier) line(m alerts.Notification, level int, kind string, data [][2]string) (string, error) {
	var sd strings.Builder
	sd.WriteString("[" + enterprise)
	for _, d := range data {
		if d[1] != "" {
			sd.WriteString(" " + d[0] + `="` + param.Replace(alerts.Inert(d[1])) + `"`)
		}
	}
	sd.WriteString("]")
	head := fmt.Sprintf("<%d>1 %s %s %s %d %s %s ", facility*8+level, m.At.UTC().Format(time.RFC3339Nano), n.host, app, os.Getpid(), kind, sd.String())
	body, err := alerts.EncodePayload(m, n.Limits().Bytes-len(head))
	if err != nil {
		return "", err
	}
	return head + string(body), nil
}

// param escapes the value of a parameter.
var param = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `]`, `\]`)

// word is s as a header field: printable ASCII without spaces.
func word(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if r < 33 || r > 126 {
			return -1
		}
		return r
	}, s)
	return cmp.Or(s[:min(len(s), limit)], "-")
}
