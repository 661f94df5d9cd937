// Package slack sends notifications to a Slack incoming webhook. The address
// of the webhook is its only secret.
package slack

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
)

// maxBytes is below the 40,000 characters after which Slack cuts a message,
// and near the 4,000 that it advises.
const maxBytes = 8000

// Notifier sends to one webhook.
type Notifier struct {
	client  *alerts.Client
	address string
}

var _ alerts.Notifier = (*Notifier)(nil)

// Validate returns what is wrong with the keys of the config, by key.
func Validate(c config.Receiver) map[string]error {
	if err := alerts.CheckURL(c.URL.Reveal()); err != nil {
		return map[string]error{"url": err}
	}
	return nil
}

// New builds the notifier; the config must be valid.
func New(c config.Receiver, d alerts.Deps) (alerts.Notifier, error) {
	if err := alerts.JoinFaults(Validate(c)); err != nil {
		return nil, err
	}
	address := c.URL.Reveal()
	return &Notifier{alerts.NewClient(d, address), address}, nil
}

// Limits implements alerts.Notifier: one message a second.
func (n *Notifier) Limits() alerts.Limits {
	return alerts.Limits{Bytes: maxBytes, Messages: 1, Interval: time.Second}
}

// escaper makes text inert in mrkdwn. Slack decodes the three entities;
// without < there is no link and no mention. The other characters that mean
// something are replaced by their full-width forms.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "*", "＊", "_", "＿", "~", "～", "`", "｀")

var markup = alerts.Markup{
	Escape: escaper.Replace,
	Bold:   func(s string) string { return "*" + s + "*" },
	Link:   func(s, url string) string { return "<" + url + "|" + s + ">" },
	Limit:  maxBytes,
}

// Send implements alerts.Notifier.
func (n *Notifier) Send(ctx context.Context, m alerts.Notification) (alerts.Answer, error) {
	return n.client.PostJSON(ctx, n.address, map[string]any{
		"text": alerts.Compose(m, markup), "unfurl_links": false, "unfurl_media": false,
	}, check)
}

// check reads answers that say failure with status 200, as Slack's other
// interfaces and programs that speak Slack's do.
func check(r *alerts.Reply) error {
	var a struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	if json.Unmarshal(r.Body, &a) == nil && a.OK != nil && !*a.OK {
		return errors.New("slack answered: " + alerts.Inert(a.Error))
	}
	return nil
}
