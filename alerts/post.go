package alerts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/leak"
)

// maxReply is how many bytes of an answer are read.
const maxReply = 64 << 10

// Client makes the HTTP requests of one notifier: no redirects, a capped
// answer, and errors that hold no secret. It is safe for concurrent use.
type Client struct {
	http    *http.Client
	now     func() time.Time
	secrets *strings.Replacer
}

// Reply is an answer, its body cut to 64 KiB.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// NewClient makes a client that hides the given secrets in whatever it
// returns. The addresses and tokens that a notifier uses belong to them.
func NewClient(d Deps, secrets ...string) *Client {
	c := &Client{now: d.Now, secrets: hider(secrets)}
	if c.now == nil {
		c.now = time.Now
	}
	c.http = &http.Client{
		Transport:     d.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

// hider replaces secrets, the longest first, and for an address also its path
// and query, in which chat services keep their keys.
func hider(secrets []string) *strings.Replacer {
	var all []string
	for _, s := range secrets {
		all = append(all, s)
		if u, err := url.Parse(s); err == nil && u.Host != "" {
			all = append(all, u.RequestURI(), u.Path, u.RawQuery, u.User.String())
			for _, values := range u.Query() {
				all = append(all, values...)
			}
		}
	}
	sort.Slice(all, func(i, j int) bool { return len(all[i]) > len(all[j]) })
	var pairs []string
	for _, s := range all {
		if len(s) >= 4 {
			pairs = append(pairs, s, "<secret>", url.QueryEscape(s), "<secret>", strconv.Quote(s), "<secret>")
		}
	}
	return strings.NewReplacer(pairs...)
}

// Hide replaces the client's secrets in a text.
func (c *Client) Hide(s string) string { return c.secrets.Replace(s) }

// Post sends a body and returns the answer, whatever its status. The error,
// if there was no answer, holds neither the address nor a secret.
func (c *Client) Post(ctx context.Context, address, contentType string, header http.Header, body []byte) (*Reply, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, &PermanentError{errors.New("the address of the receiver is not valid")}
	}
	for k, v := range header {
		req.Header[k] = v
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("User-Agent", "leakwatch")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.clean(err)
	}
	defer resp.Body.Close()
	r := &Reply{Status: resp.StatusCode, Header: resp.Header}
	if r.Body, err = io.ReadAll(io.LimitReader(resp.Body, maxReply)); err != nil {
		return r, c.clean(err)
	}
	return r, nil
}

// clean returns an error without the address that net/http writes into it.
func (c *Client) clean(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	return &hiddenError{text: c.Hide(err.Error()), err: err}
}

// hiddenError prints a text without secrets and can still be asked for its
// causes.
type hiddenError struct {
	text string
	err  error
}

// Error returns the text without secrets.
func (e *hiddenError) Error() string { return e.text }

// Is reports whether a cause is target; the causes themselves stay hidden.
func (e *hiddenError) Is(target error) bool { return errors.Is(e.err, target) }

// Answer returns what an answer says, for the log of deliveries: one line,
// without secrets.
func (c *Client) Answer(r *Reply) Answer {
	if r == nil {
		return Answer{}
	}
	text, _ := leak.CutBytes(Inert(c.Hide(string(r.Body))), 300)
	return Answer{Status: r.Status, Text: text}
}

// Judge turns the status of an answer into an error: nil for 2xx; permanent
// where the receiver refuses this very message or is gone; with a time where
// the receiver names one; else to be repeated. A redirect is a failure: where
// a message goes is decided by the config alone.
func (c *Client) Judge(r *Reply) error {
	if r.Status >= 200 && r.Status < 300 {
		return nil
	}
	err := fmt.Errorf("receiver answered %d %s", r.Status, http.StatusText(r.Status))
	switch r.Status {
	case http.StatusBadRequest, http.StatusGone, http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return &PermanentError{err}
	}
	if after, ok := c.retryAfter(r.Header.Get("Retry-After")); ok {
		return &RetryAfterError{After: after, Err: err}
	}
	return err
}

// retryAfter reads seconds or a date.
func (c *Client) retryAfter(s string) (time.Duration, bool) {
	if n, err := strconv.Atoi(s); err == nil && n >= 0 && n < 1<<30 {
		return time.Duration(n) * time.Second, true
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(t.Sub(c.now()), 0), true
	}
	return 0, false
}
