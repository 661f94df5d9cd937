// Package telegram sends notifications to a chat through a Telegram bot. The
// bot's token stands in the address of each request, so it is taken out of
// every error and answer.
package telegram

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
)

// maxRunes is the length that Telegram takes, in characters.
const maxRunes = 4096

const defaultAPI = "https://api.telegram.org"

// Notifier sends to one chat.
type Notifier struct {
	client  *alerts.Client
	address string
	chat    string
}

var _ alerts.Notifier = (*Notifier)(nil)

var (
	tokenShape = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]{20,}$`)
	chatShape  = regexp.MustCompile(`^(-?[0-9]+|@[A-Za-z0-9_]+)$`)
)

// Validate returns what is wrong with the keys of the config, by key.
func Validate(c config.Receiver) map[string]error {
	faults := map[string]error{}
	if !tokenShape.MatchString(c.Token.Reveal()) {
		faults["token"] = errors.New("want the token that BotFather gave, such as 123456:AAH…")
	}
	if !chatShape.MatchString(c.Chat) {
		faults["chat"] = errors.New("want the id of a chat, such as -1001234567890, or @channelname")
	}
	if base := c.URL.Reveal(); base != "" {
		if err := alerts.CheckURL(base); err != nil {
			faults["url"] = err
		}
	}
	return faults
}

// New builds the notifier; the config must be valid.
func New(c config.Receiver, d alerts.Deps) (alerts.Notifier, error) {
	if err := alerts.JoinFaults(Validate(c)); err != nil {
		return nil, err
	}
	base := strings.TrimRight(cmp.Or(c.URL.Reveal(), defaultAPI), "/")
	token := c.Token.Reveal()
	return &Notifier{alerts.NewClient(d, token), base + "/bot" + token + "/sendMessage", c.Chat}, nil
}

// Limits implements alerts.Notifier: 20 messages a minute to one group.
func (n *Notifier) Limits() alerts.Limits {
	return alerts.Limits{Bytes: 4 * maxRunes, Messages: 20, Interval: time.Minute}
}

var markup = alerts.Markup{
	Escape: html.EscapeString,
	Bold:   func(s string) string { return "<b>" + s + "</b>" },
	Link:   func(s, url string) string { return `<a href="` + html.EscapeString(url) + `">` + s + "</a>" },
	Size:   utf8.RuneCountInString,
	Limit:  maxRunes,
}

// Send implements alerts.Notifier.
func (n *Notifier) Send(ctx context.Context, m alerts.Notification) (alerts.Answer, error) {
	message := map[string]any{
		"chat_id": n.chat, "text": alerts.Compose(m, markup), "parse_mode": "HTML",
		"link_preview_options": map[string]bool{"is_disabled": true},
	}
	body, err := json.Marshal(message)
	if err != nil {
		return alerts.Answer{}, &alerts.PermanentError{Err: fmt.Errorf("encode message: %w", err)}
	}
	reply, err := n.client.Post(ctx, n.address, "application/json", http.Header{}, body)
	if err != nil {
		return n.client.Answer(reply), err
	}
	return n.client.Answer(reply), n.judge(reply)
}

// answer is what the bot interface answers.
type answer struct {
	OK          bool   `json:"ok"`
	Code        int    `json:"error_code"`
	Description string `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

// judge reads an answer. Only {"ok":true} is success.
func (n *Notifier) judge(r *alerts.Reply) error {
	var a answer
	if err := json.Unmarshal(r.Body, &a); err != nil {
		if err := n.client.Judge(r); err != nil {
			return err
		}
		return errors.New("the answer is not Telegram's")
	}
	if a.OK && r.Status < 300 {
		return nil
	}
	said := fmt.Errorf("telegram answered %d: %s", cmp.Or(a.Code, r.Status), n.client.Hide(alerts.Inert(a.Description)))
	switch {
	case a.Parameters.RetryAfter > 0:
		return &alerts.RetryAfterError{After: time.Duration(a.Parameters.RetryAfter) * time.Second, Err: said}
	case r.Status == http.StatusBadRequest:
		return &alerts.PermanentError{Err: said}
	}
	if err := n.client.Judge(r); err != nil {
		return err
	}
	return said
}
