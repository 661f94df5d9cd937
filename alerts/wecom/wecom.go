// Package wecom sends notifications to a WeCom (WeChat Work) group robot. The
// key of the robot stands in its address. A refusal comes with HTTP status 200
// and an errcode.
package wecom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
)

// maxBytes is what a markdown message may hold.
const maxBytes = 4096

// Notifier sends to one robot.
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

// Limits implements alerts.Notifier: 20 messages a minute.
func (n *Notifier) Limits() alerts.Limits {
	return alerts.Limits{Bytes: maxBytes, Messages: 20, Interval: time.Minute}
}

// escaper makes text inert in WeCom's markdown, which has no escapes: what
// means something becomes its full-width form. <@userid> and <font> need <.
var escaper = strings.NewReplacer("<", "＜", ">", "＞", "[", "［", "]", "］", "*", "＊", "`", "｀", "#", "＃", "&", "＆", "_", "＿")

var markup = alerts.Markup{
	Escape: escaper.Replace,
	Bold:   func(s string) string { return "**" + s + "**" },
	Link:   func(s, url string) string { return "[" + s + "](" + url + ")" },
	Limit:  maxBytes,
}

// Send implements alerts.Notifier.
func (n *Notifier) Send(ctx context.Context, m alerts.Notification) (alerts.Answer, error) {
	return n.client.PostJSON(ctx, n.address, map[string]any{
		"msgtype": "markdown", "markdown": map[string]string{"content": alerts.Compose(m, markup)},
	}, check)
}

// check reads the answer: errcode 0 alone is success.
func check(r *alerts.Reply) error {
	var a struct {
		Code *int   `json:"errcode"`
		Text string `json:"errmsg"`
	}
	if err := json.Unmarshal(r.Body, &a); err != nil || a.Code == nil {
		return errors.New("the answer is not WeCom's")
	}
	err := fmt.Errorf("wecom answered %d: %s", *a.Code, alerts.Inert(a.Text))
	switch *a.Code {
	case 0:
		return nil
	case 45009, 45033: // too fast
		return &alerts.RetryAfterError{After: time.Minute, Err: err}
	case 40058, 40008, 44004: // too long, not understood, empty
		return &alerts.PermanentError{Err: err}
	default:
		return err
	}
}
