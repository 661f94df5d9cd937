// Package feishu sends notifications to a Feishu or Lark custom bot. The
// bot's address is a secret; with a signing key each message is signed with
// the time. A refusal comes with HTTP status 200 and a code.
package feishu

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
)

const (
	maxBytes = 30_000 // of the whole body
	maxText  = 20_000 // of the text; the rest is for JSON and its escapes
)

// Notifier sends to one bot.
type Notifier struct {
	client  *alerts.Client
	address string
	key     string
	now     func() time.Time
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
	n := &Notifier{client: alerts.NewClient(d, c.URL.Reveal(), c.Secret.Reveal()), address: c.URL.Reveal(), key: c.Secret.Reveal(), now: d.Now}
	if n.now == nil {
		n.now = time.Now
	}
	return n, nil
}

// Limits implements alerts.Notifier: 100 messages a minute and 5 a second.
func (n *Notifier) Limits() alerts.Limits {
	return alerts.Limits{Bytes: maxBytes, Messages: 5, Interval: 3 * time.Second}
}

// escaper makes text inert in a text message, where only the at tag means
// something.
var escaper = strings.NewReplacer("<", "＜", ">", "＞")

var markup = alerts.Markup{Escape: escaper.Replace, Limit: maxText}

// Send implements alerts.Notifier.
func (n *Notifier) Send(ctx context.Context, m alerts.Notification) (alerts.Answer, error) {
	message := map[string]any{
		"msg_type": "text",
		"content":  map[string]string{"text": alerts.Compose(m, markup)},
	}
	if n.key != "" {
		timestamp := strconv.FormatInt(n.now().Unix(), 10)
		message["timestamp"], message["sign"] = timestamp, sign(n.key, timestamp)
	}
	return n.client.PostJSON(ctx, n.address, message, check)
}

// sign returns the signature that the bot expects at a time: the string to
// sign is the key of the code, and the message is empty.
func sign(key, timestamp string) string {
	h := hmac.New(sha256.New, []byte(timestamp+"\n"+key))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// check reads the answer: code 0 alone is success.
func check(r *alerts.Reply) error {
	var a struct {
		Code *int   `json:"code"`
		Text string `json:"msg"`
		Old  *int   `json:"StatusCode"`
	}
	if err := json.Unmarshal(r.Body, &a); err != nil || a.Code == nil && a.Old == nil {
		return errors.New("the answer is not Feishu's")
	}
	if a.Code == nil {
		a.Code = a.Old
	}
	err := fmt.Errorf("feishu answered %d: %s", *a.Code, alerts.Inert(a.Text))
	switch *a.Code {
	case 0:
		return nil
	case 11232, 9499: // too fast
		return &alerts.RetryAfterError{After: time.Minute, Err: err}
	case 19001, 19002, 19036: // not understood, or too long
		return &alerts.PermanentError{Err: err}
	default: // word, signature or address not allowed: the bot's settings can change
		return err
	}
}
