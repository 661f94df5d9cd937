package safehttp

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"
)

// Transport is a guarded http.RoundTripper. It follows nothing, retries
// nothing by itself beyond what net/http does on a dead idle connection, and
// is safe for concurrent use. The Body of its answers is a *Body.
type Transport struct {
	policy Policy
	limits Limits
	base   *http.Transport
}

var _ http.RoundTripper = (*Transport)(nil)

// NewTransport builds a Transport. It fails only on a faulty Policy.Proxy.
func NewTransport(p Policy) (*Transport, error) {
	dial := p.DialContext
	if p.Proxy != "" {
		h, err := newHop(p)
		if err != nil {
			return nil, err
		}
		dial = h.DialContext
	}
	l := p.Limits.withDefaults()
	return &Transport{policy: p, limits: l, base: &http.Transport{
		Proxy:                  nil, // never from the environment
		DialContext:            dial,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // ours is bounded, net/http's is not
		MaxResponseHeaderBytes: l.Headers,
		MaxIdleConnsPerHost:    2,
		MaxIdleConns:           64,
		IdleConnTimeout:        60 * time.Second,
		TLSHandshakeTimeout:    dialTimeout,
	}}, nil
}

// CloseIdleConnections closes connections that no request uses.
func (t *Transport) CloseIdleConnections() { t.base.CloseIdleConnections() }

// Errors that end a request beside those of the network.
var (
	// ErrTooSlow: the answer took too long in all, or came too slowly.
	ErrTooSlow = errors.New("answer too slow")
	// ErrMediaType: the answer is of a kind that is never downloaded.
	ErrMediaType = errors.New("media type not downloaded")
	// ErrEncoding: the content encoding is unknown or nested.
	ErrEncoding = errors.New("content encoding not read")
)

// RoundTrip makes one request. The time limit covers dial, headers and body.
// Errors are clean (see Clean) and wrap ErrRefused, ErrTooSlow, ErrMediaType
// or ErrEncoding where they apply.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if s := req.URL.Scheme; s != "http" && s != "https" {
		return nil, refuse("scheme " + fmt.Sprintf("%.16q", s))
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	timer := time.AfterFunc(t.limits.Total, func() { cancel(ErrTooSlow) })
	end := func(cause error) { timer.Stop(); cancel(cause) }

	out := req.Clone(ctx)
	out.Header.Set("Accept-Encoding", "gzip, deflate")
	resp, err := t.base.RoundTrip(out)
	if err == nil {
		err = t.accept(resp)
	}
	var body *Body
	if err == nil {
		body, err = newBody(ctx, end, resp, t.limits)
	}
	if err != nil {
		if resp != nil {
			resp.Body.Close()
		}
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		end(nil)
		return nil, Clean(err)
	}
	resp.Body, resp.Request = body, req
	resp.Header.Del("Content-Encoding")
	resp.Header.Del("Content-Length")
	resp.ContentLength = -1
	resp.Uncompressed = true
	return resp, nil
}

// accept judges an answer by its headers. Answers that are no success have
// bodies for people, and are read whatever they are called.
func (t *Transport) accept(resp *http.Response) error {
	if t.policy.Accept == nil || resp.StatusCode < 200 || resp.StatusCode > 299 || resp.StatusCode == http.StatusNoContent {
		return nil
	}
	if d, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Disposition")); strings.EqualFold(d, "attachment") {
		return fmt.Errorf("%w: an attachment", ErrMediaType)
	}
	ct := resp.Header.Get("Content-Type")
	mt, _, err := mime.ParseMediaType(ct)
	if err != nil { // a faulty parameter does not hide the type
		mt, _, _ = strings.Cut(ct, ";")
		mt = strings.ToLower(strings.TrimSpace(mt))
	}
	if !t.policy.Accept(mt) {
		return fmt.Errorf("%w: %s", ErrMediaType, wellKnown(mt))
	}
	return nil
}

// wellKnown returns a media type or encoding as it may be shown: a server can
// write anything there.
func wellKnown(s string) string {
	digits := 0
	for _, c := range s {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c && c <= 'z', strings.ContainsRune("/.+-", c):
		default:
			digits = len(s) + 1
		}
	}
	if s == "" || len(s) > 80 || digits > 4 {
		return "an unknown one"
	}
	return s
}

// Pages accepts what a page or feed may be: HTML, XML, JSON and their
// relatives, and an absent type. Plain text, documents, archives and images
// are not.
func Pages(mediaType string) bool {
	switch mediaType {
	case "", "text/html", "text/xml", "application/xml", "application/json", "text/json":
		return true
	}
	return strings.HasPrefix(mediaType, "application/") &&
		(strings.HasSuffix(mediaType, "+xml") || strings.HasSuffix(mediaType, "+json"))
}
