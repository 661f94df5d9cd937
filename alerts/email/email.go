// Package email sends notifications by SMTP. The notification's id is the
// Message-ID of every attempt, so a mailbox that gets a repeat can tell. Each
// message has a plain and an HTML part; in both, what a source wrote is text.
package email

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"html"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/leak"
)

const (
	maxBytes = 200_000 // of the HTML part
	timeout  = 10 * time.Second
)

// The ways of config.Receiver.TLS.
const (
	startTLS = "starttls"
	implicit = "implicit"
	none     = "none"
)

// Notifier sends to the recipients of one receiver.
type Notifier struct {
	client *alerts.Client // hides secrets; sends nothing
	host   string
	port   int
	tls    string
	user   string
	pass   string
	from   *mail.Address
	to     []*mail.Address
	name   string
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
	roots  *tls.Config // nil for the system's; tests set it
}

var _ alerts.Notifier = (*Notifier)(nil)

// Validate returns what is wrong with the keys of the config, by key.
func Validate(c config.Receiver) map[string]error {
	faults := map[string]error{}
	if _, _, err := split(c.Address); err != nil {
		faults["address"] = err
	}
	if _, err := mail.ParseAddress(c.From); err != nil {
		faults["from"] = errors.New("want the sender's address, such as leakwatch@example.com")
	}
	if len(c.To) == 0 {
		faults["to"] = errors.New("want at least one recipient")
	}
	for _, to := range c.To {
		if _, err := mail.ParseAddress(to); err != nil {
			faults["to"] = fmt.Errorf("%q; wanted mail addresses", to)
		}
	}
	switch c.TLS {
	case "", startTLS, implicit, none:
	default:
		faults["tls"] = errors.New("want starttls, implicit or none")
	}
	if (c.Username == "") != (c.Password.Reveal() == "") {
		faults["password"] = errors.New("want username and password, or neither")
	}
	return faults
}

// split reads host:port.
func split(address string) (string, int, error) {
	host, port, err := net.SplitHostPort(address)
	n, perr := strconv.Atoi(port)
	if err != nil || perr != nil || host == "" || n < 1 || n > 65535 {
		return "", 0, errors.New("want host:port of the mail server, such as mail.example.com:587")
	}
	return host, n, nil
}

// New builds the notifier; the config must be valid.
func New(c config.Receiver, d alerts.Deps) (alerts.Notifier, error) {
	if err := alerts.JoinFaults(Validate(c)); err != nil {
		return nil, err
	}
	n := &Notifier{
		client: alerts.NewClient(d, c.Password.Reveal()), tls: cmp.Or(c.TLS, startTLS),
		user: c.Username, pass: c.Password.Reveal(), name: c.Name, dial: d.Dial,
	}
	var err error
	if n.host, n.port, err = split(c.Address); err != nil {
		return nil, err
	}
	if n.from, err = mail.ParseAddress(c.From); err != nil {
		return nil, errors.New("from: not a mail address")
	}
	for _, to := range c.To {
		a, err := mail.ParseAddress(to)
		if err != nil {
			return nil, errors.New("to: not a mail address")
		}
		n.to = append(n.to, a)
	}
	if n.dial == nil {
		n.dial = (&net.Dialer{}).DialContext
	}
	return n, nil
}

// Limits implements alerts.Notifier. Mail servers rarely say what they bear;
// 20 messages a minute is what people do, and what is above it comes as a
// digest.
func (n *Notifier) Limits() alerts.Limits {
	return alerts.Limits{Bytes: maxBytes, Messages: 20, Interval: time.Minute}
}

// Send implements alerts.Notifier. A mail that the server took is delivered,
// whatever goes wrong when the connection is closed.
func (n *Notifier) Send(ctx context.Context, m alerts.Notification) (alerts.Answer, error) {
	msg := n.message(m)
	client, err := gomail.NewClient(n.host, n.options(ctx)...)
	if err != nil {
		return alerts.Answer{}, &alerts.PermanentError{Err: n.hide(err)}
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if msg.IsDelivered() {
		return alerts.Answer{Status: 250, Text: "accepted by " + n.host}, nil
	}
	if err == nil {
		err = errors.New("the mail server did not say whether it took the message")
	}
	return n.refusal(err)
}

// refusal reads why a mail was not taken.
func (n *Notifier) refusal(err error) (alerts.Answer, error) {
	hidden := n.hide(err)
	var se *gomail.SendError
	if !errors.As(err, &se) {
		return alerts.Answer{}, hidden
	}
	answer := alerts.Answer{Status: se.ErrorCode(), Text: hidden.Error()}
	if se.ErrorCode() >= 500 && !se.IsTemp() {
		return answer, &alerts.PermanentError{Err: hidden}
	}
	return answer, hidden
}

func (n *Notifier) hide(err error) error {
	s, _ := leak.CutBytes(alerts.Inert(n.client.Hide(err.Error())), 300)
	return errors.New(s)
}

// options configures one connection, which ends with ctx.
func (n *Notifier) options(ctx context.Context) []gomail.Option {
	cfg := &tls.Config{ServerName: n.host, MinVersion: tls.VersionTLS12}
	if n.roots != nil {
		cfg.RootCAs = n.roots.RootCAs
	}
	policy := map[string]gomail.TLSPolicy{
		startTLS: gomail.TLSMandatory,
		implicit: gomail.TLSOpportunistic, // the dial has encrypted the connection already
		none:     gomail.NoTLS,
	}[n.tls]
	opts := []gomail.Option{
		gomail.WithPort(n.port), gomail.WithTimeout(timeout), gomail.WithTLSConfig(cfg), gomail.WithTLSPolicy(policy),
		gomail.WithoutNoop(),
		gomail.WithDialContextFunc(func(dctx context.Context, network, address string) (net.Conn, error) {
			conn, err := n.dial(dctx, network, address)
			if err != nil {
				return nil, err
			}
			context.AfterFunc(ctx, func() { conn.Close() })
			if n.tls != implicit {
				return conn, nil
			}
			secure := tls.Client(conn, cfg)
			return secure, secure.HandshakeContext(dctx)
		}),
	}
	if n.user != "" {
		opts = append(opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(n.user), gomail.WithPassword(n.pass))
	}
	return opts
}

// message makes the mail.
func (n *Notifier) message(m alerts.Notification) *gomail.Msg {
	_, domain, _ := strings.Cut(n.from.Address, "@")
	msg := gomail.NewMsg()
	msg.FromMailAddress(n.from)
	msg.ToMailAddress(n.to...)
	msg.SetMessageIDWithValue(m.ID + "@" + domain)
	msg.SetDateWithValue(m.At)
	msg.Subject(alerts.Headline(m))
	msg.SetGenHeader("List-Id", "leakwatch alerts <alerts."+domain+">")
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	if u := alerts.AlertURL(m, ""); u != "" {
		msg.SetGenHeader("List-Archive", "<"+u+">")
	}
	msg.SetBodyString(gomail.TypeTextPlain, alerts.Compose(m, plain))
	msg.AddAlternativeString(gomail.TypeTextHTML, page(alerts.Compose(m, rich)))
	return msg
}

var (
	plain = alerts.Markup{Escape: func(s string) string { return s }, Limit: maxBytes / 2}
	rich  = alerts.Markup{
		Escape: html.EscapeString,
		Bold:   func(s string) string { return "<b>" + s + "</b>" },
		Link:   func(s, url string) string { return `<a href="` + html.EscapeString(url) + `">` + s + "</a>" },
		Limit:  maxBytes,
	}
)

// page puts composed lines into a document.
func page(s string) string {
	return `<!DOCTYPE html><html><body style="font-family:sans-serif;font-size:14px">` +
		strings.ReplaceAll(s, "\n", "<br>\n") + "</body></html>"
}
