// Package dingtalk sends notifications to a DingTalk group robot. The robot's
// address holds its token; with a signing key each request is signed with the
// time. A robot that is asked more than 20 times a minute is blocked for ten
// minutes, and it says so, as every refusal, with HTTP status 200.
package dingtalk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
)

const (
	maxBytes = 20_000 // of the whole body
	maxText  = 18_000 // of the text; the rest is for JSON and its escapes
	blocked  = 10 * time.Minute
)

// Notifier sends to one robot.
type Notifier struct {
	client  *alerts.Client
	address *url.URL
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
	u, err := url.Parse(c.URL.Reveal())
	if err != nil {
		return nil, errors.New("url: not valid")
	}
	n := &Notifier{client: alerts.NewClient(d, c.URL.Reveal(), c.Secret.Reveal()), address: u, key: c.Secret.Reveal(), now: d.Now}
	if n.now == nil {
		n.now = time.Now
	}
	return n, nil
}

// Limits implements alerts.Notifier: 20 messages a minute.
func (n *Notifier) Limits() alerts.Limits {
	return alerts.Limits{Bytes: maxBytes, Messages: 20, Interval: time.Minute}
}

// escaper makes text inert in DingTalk's markdown, which has no escapes that
// hold everywhere: what means something becomes its full-width form.
var escaper = strings.NewReplacer("[", "［", "]", "］", "<", "＜", ">", "＞", "*", "＊", "_", "＿", "`", "｀", "#", "＃",
	"!", "！", "\\", "＼", "&", "＆", "|", "｜", "~", "～")

var markup = alerts.Markup{
	Escape: escaper.Replace,
	Bold:   func(s string) string { return "**" + s + "**" },
	Link:   func(s, url string) string { return "[" + s + "](" + url + ")" },
	Limit:  maxText,
	Size: func(s string) int { // as it is counted once it is JSON and lines are paragraphs
		return len(s) + 4*strings.Count(s, "\n") + strings.Count(s, `"`)
	},
}

// Send implements alerts.Notifier.
func (n *Notifier) Send(ctx context.Context, m alerts.Notification) (alerts.Answer, error) {
	text := strings.ReplaceAll(alerts.Compose(m, markup), "\n", "  \n")
	return n.client.PostJSON(ctx, n.signed(), map[string]any{
		"msgtype":  "markdown",
		"markdown": map[string]string{"title": escaper.Replace(alerts.Headline(m)), "text": text},
		"at":       map[string]bool{"isAtAll": false},
	}, check)
}

// signed returns the address for one request.
func (n *Notifier) signed() string {
	if n.key == "" {
		return n.address.String()
	}
	u := *n.address
	timestamp := strconv.FormatInt(n.now().UnixMilli(), 10)
	q := u.Query()
	q.Set("timestamp", timestamp)
	q.Set("sign", sign(n.key, timestamp))
	u.RawQuery = q.Encode()
	return u.String()
}

// sign returns the signature that the robot expects at a time.
func sign(key, timestamp string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(timestamp + "\n" + key))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// check reads the answer: errcode 0 alone is success.
func check(r *alerts.Reply) error {
	var a struct {
		Code *int   `json:"errcode"`
		Text string `json:"errmsg"`
	}
	if err := json.Unmarshal(r.Body, &a); err != nil || a.Code == nil {
		return errors.New("the answer is not DingTalk's")
	}
	err := fmt.Errorf("dingtalk answered %d: %s", *a.Code, alerts.Inert(a.Text))
	switch *a.Code {
	case 0:
		return nil
	case 130101, 410100, 90018: // too fast: the robot is blocked
		return &alerts.RetryAfterError{After: blocked, Err: err}
	case 460101, 101002, 90030, 40035: // too long, or not understood
		return &alerts.PermanentError{Err: err}
	default: // word, signature or address not allowed: the group's settings can change
		return err
	}
}
