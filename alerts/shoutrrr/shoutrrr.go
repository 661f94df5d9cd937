// Package shoutrrr sends notifications to whatever the shoutrrr library
// knows: ntfy, Gotify, Matrix, Discord, Pushover and more, named by a URL
// that holds all secrets.
//
// The library has neither a context nor, for some services, a time limit, and
// it connects by itself, past the dial guard. So this package lets one message
// be under way at a time and gives up waiting for it when its time is over;
// until the library comes back, further messages are refused and retried.
package shoutrrr

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/leak"
)

// maxBytes suits the narrowest of the services, Discord.
const maxBytes = 1900

// Notifier sends to one URL.
type Notifier struct {
	client *alerts.Client // hides secrets; sends nothing
	target string
	turn   chan struct{} // holds a token while no message is under way
}

var _ alerts.Notifier = (*Notifier)(nil)

// Validate returns what is wrong with the keys of the config, by key.
func Validate(c config.Receiver) map[string]error {
	u, err := url.Parse(c.URL.Reveal())
	if err != nil || u.Scheme == "" {
		return map[string]error{"url": errors.New("want a shoutrrr URL, such as ntfy://ntfy.sh/topic")}
	}
	known := (&router.ServiceRouter{}).ListServices()
	service, _, _ := strings.Cut(u.Scheme, "+")
	if service == "logger" || !slices.Contains(known, service) {
		slices.Sort(known)
		return map[string]error{"url": fmt.Errorf("%q, which is no service of shoutrrr; wanted one of %s", service, strings.Join(known, ", "))}
	}
	return nil
}

// New builds the notifier; the config must be valid.
func New(c config.Receiver, d alerts.Deps) (alerts.Notifier, error) {
	if err := alerts.JoinFaults(Validate(c)); err != nil {
		return nil, err
	}
	target := c.URL.Reveal()
	n := &Notifier{client: alerts.NewClient(d, secretsOf(target)...), target: target, turn: make(chan struct{}, 1)}
	n.turn <- struct{}{}
	return n, nil
}

// secretsOf returns every part of the URL that may be a secret: any of them
// can be, so all are.
func secretsOf(target string) []string {
	u, err := url.Parse(target)
	if err != nil {
		return []string{target}
	}
	secrets := []string{target, u.Host, u.User.Username()}
	if p, ok := u.User.Password(); ok {
		secrets = append(secrets, p)
	}
	return append(secrets, strings.FieldsFunc(u.Path+"/"+u.Fragment, func(r rune) bool { return r == '/' || r == ',' || r == ':' })...)
}

// Limits implements alerts.Notifier.
func (n *Notifier) Limits() alerts.Limits {
	return alerts.Limits{Bytes: maxBytes, Messages: 20, Interval: time.Minute}
}

var markup = alerts.Markup{Escape: escaper.Replace, Limit: maxBytes}

// escaper makes text inert in the markups of the services behind shoutrrr,
// which differ: what means something in any becomes its full-width form.
var escaper = strings.NewReplacer("<", "＜", ">", "＞", "[", "［", "]", "］", "*", "＊", "_", "＿", "`", "｀", "~", "～", "|", "｜", "&", "＆")

// Send implements alerts.Notifier.
func (n *Notifier) Send(ctx context.Context, m alerts.Notification) (alerts.Answer, error) {
	select {
	case <-n.turn:
	default:
		return alerts.Answer{}, errors.New("the message before has not been answered")
	}
	done := make(chan error, 1)
	go func() {
		defer func() { n.turn <- struct{}{} }()
		done <- n.send(alerts.Compose(m, markup), alerts.Headline(m))
	}()
	select {
	case err := <-done:
		if err != nil {
			return alerts.Answer{}, err
		}
		return alerts.Answer{Text: "accepted"}, nil
	case <-ctx.Done():
		return alerts.Answer{}, fmt.Errorf("shoutrrr did not answer in time: %w", ctx.Err())
	}
}

// send hands a message to the library, which may connect before it returns.
func (n *Notifier) send(text, title string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("shoutrrr panicked: %T", p) // its text may hold a secret
		}
	}()
	service, err := (&router.ServiceRouter{}).Locate(n.target)
	if err == nil {
		err = service.Send(text, &types.Params{"title": title})
	}
	if err != nil {
		s, _ := leak.CutBytes(alerts.Inert(n.client.Hide(err.Error())), 300)
		return errors.New(s)
	}
	return nil
}
