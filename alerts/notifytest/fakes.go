package notifytest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

// Fake is a vendor's server: it takes messages, keeps their texts, and
// refuses what the vendor refuses, in the vendor's words.
type Fake struct {
	URL string

	now func() time.Time

	mu      sync.Mutex // protects all fields below
	texts   []string
	times   []time.Time
	blocked time.Time
	bans    int
}

// Texts returns the texts that were taken, the oldest first.
func (f *Fake) Texts() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.texts)
}

// Bans returns how often a sender was too fast.
func (f *Fake) Bans() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.bans
}

func (f *Fake) take(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.texts = append(f.texts, text)
}

// tooFast counts a message and reports whether it is over the rate; then the
// sender is blocked for a time.
func (f *Fake) tooFast(messages int, interval, block time.Duration) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	if now.Before(f.blocked) {
		return true
	}
	f.times = slices.DeleteFunc(f.times, func(t time.Time) bool { return now.Sub(t) >= interval })
	f.times = append(f.times, now)
	if len(f.times) <= messages {
		return false
	}
	f.blocked = now.Add(block)
	f.bans++
	return true
}

// start serves a fake until the test ends. answer gets the body and returns
// the status and what to answer as JSON.
func start(t *testing.T, now func() time.Time, answer func(f *Fake, r *http.Request, body []byte) (int, any)) *Fake {
	t.Helper()
	f := &Fake{now: now}
	if f.now == nil {
		f.now = time.Now
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil {
			return
		}
		status, v := answer(f, r, body)
		if s, ok := v.(string); ok {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, s)
			return
		}
		if m, ok := v.(map[string]any); ok && m["retry"] != nil {
			w.Header().Set("Retry-After", fmt.Sprint(m["retry"]))
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}))
	t.Cleanup(srv.Close)
	f.URL = srv.URL
	return f
}

func errcode(code int, text string) (int, any) {
	return http.StatusOK, map[string]any{"errcode": code, "errmsg": text}
}

// DingTalk is a robot with a signing key ("" for none): 20,000 bytes, 20
// messages a minute, then blocked for ten.
func DingTalk(t *testing.T, key string, now func() time.Time) *Fake {
	return start(t, now, func(f *Fake, r *http.Request, body []byte) (int, any) {
		var m struct {
			Type     string `json:"msgtype"`
			Markdown struct {
				Title, Text string
			} `json:"markdown"`
		}
		q := r.URL.Query()
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(q.Get("timestamp") + "\n" + key))
		switch {
		case q.Get("access_token") == "":
			return errcode(300005, "token is not exist")
		case key != "" && q.Get("sign") != base64.StdEncoding.EncodeToString(mac.Sum(nil)):
			return errcode(310000, "sign not match")
		case f.tooFast(20, time.Minute, 10*time.Minute):
			return errcode(130101, "send too fast, exceed 20 times per minute")
		case len(body) > 20_000:
			return errcode(460101, "message too long, exceed 20000 bytes")
		case json.Unmarshal(body, &m) != nil || m.Type != "markdown" || m.Markdown.Title == "" || m.Markdown.Text == "":
			return errcode(40035, "param error")
		}
		f.take(m.Markdown.Text)
		return errcode(0, "ok")
	})
}

// Feishu is a custom bot with a signing key ("" for none): 30 KB, 100 a
// minute.
func Feishu(t *testing.T, key string, now func() time.Time) *Fake {
	answer := func(code int, text string) (int, any) {
		return http.StatusOK, map[string]any{"code": code, "msg": text, "data": map[string]any{}}
	}
	return start(t, now, func(f *Fake, r *http.Request, body []byte) (int, any) {
		var m struct {
			Timestamp, Sign string
			Type            string `json:"msg_type"`
			Content         struct{ Text string }
		}
		bad := json.Unmarshal(body, &m) != nil
		mac := hmac.New(sha256.New, []byte(m.Timestamp+"\n"+key))
		sec, _ := strconv.ParseInt(m.Timestamp, 10, 64)
		switch {
		case bad || m.Type != "text" || m.Content.Text == "":
			return answer(19002, "params error, msg_type need")
		case key != "" && (m.Sign != base64.StdEncoding.EncodeToString(mac.Sum(nil)) || f.now().Sub(time.Unix(sec, 0)).Abs() > time.Hour):
			return answer(19021, "sign match fail or timestamp is not within one hour from current time")
		case f.tooFast(100, time.Minute, time.Minute):
			return answer(11232, "frequency limited psm")
		case len(body) > 30_000:
			return answer(19036, "message too long")
		}
		f.take(m.Content.Text)
		return answer(0, "success")
	})
}

// WeCom is a group robot: 4,096 bytes, 20 a minute.
func WeCom(t *testing.T, now func() time.Time) *Fake {
	return start(t, now, func(f *Fake, r *http.Request, body []byte) (int, any) {
		var m struct {
			Type     string `json:"msgtype"`
			Markdown struct{ Content string }
		}
		switch {
		case r.URL.Query().Get("key") == "":
			return errcode(93000, "invalid webhook url")
		case f.tooFast(20, time.Minute, time.Minute):
			return errcode(45009, "api freq out of limit")
		case json.Unmarshal(body, &m) != nil || m.Type != "markdown":
			return errcode(40008, "invalid message type")
		case len(m.Markdown.Content) > 4096:
			return errcode(40058, "markdown.content exceed max length 4096")
		}
		f.take(m.Markdown.Content)
		return errcode(0, "ok")
	})
}

// Slack is an incoming webhook: one message a second.
func Slack(t *testing.T, now func() time.Time) *Fake {
	return start(t, now, func(f *Fake, r *http.Request, body []byte) (int, any) {
		var m struct{ Text string }
		switch {
		case f.tooFast(1, time.Second, time.Second):
			return http.StatusTooManyRequests, map[string]any{"retry": 1}
		case json.Unmarshal(body, &m) != nil:
			return http.StatusBadRequest, "invalid_payload"
		case m.Text == "":
			return http.StatusBadRequest, "no_text"
		case utf8.RuneCountInString(m.Text) > 40_000:
			return http.StatusBadRequest, "msg_too_long"
		}
		f.take(m.Text)
		return http.StatusOK, "ok"
	})
}

var telegramTag = regexp.MustCompile(`</?b>|<a href="[^"<>]*">|</a>`)

// Telegram is the bot interface for a token: 4,096 characters without tags,
// 20 a minute to a group.
func Telegram(t *testing.T, token string, now func() time.Time) *Fake {
	refuse := func(code int, text string) (int, any) {
		return code, map[string]any{"ok": false, "error_code": code, "description": text}
	}
	return start(t, now, func(f *Fake, r *http.Request, body []byte) (int, any) {
		var m struct {
			Chat string `json:"chat_id"`
			Text string `json:"text"`
			Mode string `json:"parse_mode"`
		}
		if r.URL.Path != "/bot"+token+"/sendMessage" {
			return refuse(401, "Unauthorized")
		}
		if json.Unmarshal(body, &m) != nil || m.Chat == "" {
			return refuse(400, "Bad Request: chat_id is empty")
		}
		bare := telegramTag.ReplaceAllString(m.Text, "")
		switch {
		case strings.ContainsAny(bare, "<>") || m.Mode != "HTML":
			return refuse(400, "Bad Request: can't parse entities")
		case utf8.RuneCountInString(html.UnescapeString(bare)) > 4096:
			return refuse(400, "Bad Request: message is too long")
		case f.tooFast(20, time.Minute, time.Minute):
			return 429, map[string]any{"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 35",
				"parameters": map[string]any{"retry_after": 35}}
		}
		f.take(m.Text)
		return 200, map[string]any{"ok": true, "result": map[string]any{"message_id": 1}}
	})
}

// PagerDuty is Events API v2 for a routing key; its texts are the dedup keys.
func PagerDuty(t *testing.T, key string) *Fake {
	return start(t, nil, func(f *Fake, r *http.Request, body []byte) (int, any) {
		var m struct {
			Key     string `json:"routing_key"`
			Action  string `json:"event_action"`
			Dedup   string `json:"dedup_key"`
			Payload struct{ Summary, Source, Severity string }
		}
		bad := json.Unmarshal(body, &m) != nil || m.Key != key || m.Action != "trigger" || len(m.Dedup) > 255 ||
			m.Payload.Summary == "" || len(m.Payload.Summary) > 1024 || m.Payload.Source == "" ||
			!slices.Contains([]string{"critical", "error", "warning", "info"}, m.Payload.Severity)
		if bad || r.URL.Path != "/v2/enqueue" {
			return http.StatusBadRequest, map[string]any{"status": "invalid event", "message": "Event object is invalid"}
		}
		f.take(m.Dedup)
		return http.StatusAccepted, map[string]any{"status": "success", "message": "Event processed", "dedup_key": m.Dedup}
	})
}
