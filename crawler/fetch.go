package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/internal/safehttp"
)

// Limits on one fetch.
const (
	maxRedirects  = 5
	maxRetries    = 2
	maxQuiet      = 5 * time.Minute // longest Retry-After that a crawl waits for
	maxSetCookies = 32              // cookies taken from one answer
	maxCookieSize = 4 << 10
	longestPage   = 4 << 20
)

// notAllowed is an address that the scope or robots.txt keeps us from.
type notAllowed struct{ why verdict }

// Error says why.
func (e *notAllowed) Error() string { return "not fetched: " + string(e.why) }

// askedToWait is a host that answered with a Retry-After longer than a crawl
// waits.
type askedToWait struct{ quiet time.Duration }

// Error says for how long.
func (e *askedToWait) Error() string {
	return "the site asks to be left alone for " + e.quiet.String()
}

// answer is one page as it came, decoded.
type answer struct {
	status  int
	header  http.Header
	url     *url.URL // after redirects
	body    []byte   // UTF-8; empty unless the status is a success
	charset string
	cut     string // the cap of safehttp that ended it, "" if whole
	fetched time.Time
}

// page wraps an answer for the kinds.
func (a *answer) page() *site.Page {
	return &site.Page{URL: a.url, Header: a.header, Body: a.body,
		ContentType: a.header.Get("Content-Type"), Fetched: a.fetched}
}

// fetcher makes the requests of one crawl. It is for one goroutine.
type fetcher struct {
	ctx       context.Context
	src       config.Source
	scope     *scope
	origin    *url.URL // scheme and host of the start page, after redirects
	pace      time.Duration
	pacer     *pacer
	robots    *robotsCache
	transport *safehttp.Transport // for pages
	plain     *safehttp.Transport // for robots.txt, which is plain text
	elsewhere *safehttp.Transport // for robots.txt that another host is said to have
	colly     *collector
	header    http.Header
	now       func() time.Time
	requests  int // on the wire: hops, retries and robots.txt included
	last      wireAnswer
	reached   bool // the request at hand came as far as the round tripper
}

// wireAnswer is what the round tripper keeps of the last answer.
type wireAnswer struct {
	body []byte
	cut  string
	err  error // while the body was read
}

func (c *Crawler) newFetcher(ctx context.Context, src config.Source) (*fetcher, error) {
	start, err := url.Parse(src.URL)
	if err != nil || start.Host == "" {
		return nil, errors.New("read the source's address: it is not of the form https://host/path")
	}
	cookie, err := cookieOf(src)
	if err != nil {
		return nil, err
	}
	f := &fetcher{ctx: ctx, src: src, scope: newScope(src, clean(start)), origin: clean(start), pace: src.Pace, pacer: c.pacer,
		robots: c.robots, now: c.now, header: c.headers(src)}
	if f.pace <= 0 {
		f.pace = defaultPace
	}
	policy := safehttp.Policy{AllowPrivate: src.AllowPrivate, Proxy: src.Proxy.Reveal()}
	policy.Limits = safehttp.Limits{Wire: maxRobots, Plain: maxRobots}
	if f.plain, err = safehttp.NewTransport(policy); err != nil {
		return nil, fmt.Errorf("open transport: %w", err)
	}
	public := policy
	public.AllowPrivate = false
	if f.elsewhere, err = safehttp.NewTransport(public); err != nil {
		return nil, fmt.Errorf("open transport: %w", err)
	}
	policy.Accept, policy.Limits = safehttp.Pages, safehttp.Limits{Wire: longestPage, Plain: longestPage}
	if f.transport, err = safehttp.NewTransport(policy); err != nil {
		return nil, fmt.Errorf("open transport: %w", err)
	}
	f.colly = newCollector(ctx, f, newJar(start, cookie))
	return f, nil
}

// here returns a remembered address on the host at which the source is now:
// one that moved keeps its pages.
func (f *fetcher) here(u *url.URL) *url.URL {
	c := *u
	c.Scheme, c.Host = f.origin.Scheme, f.origin.Host
	return &c
}

// close ends the connections of the crawl.
func (f *fetcher) close() {
	f.transport.CloseIdleConnections()
	f.plain.CloseIdleConnections()
	f.elsewhere.CloseIdleConnections()
}

// cookieOf returns the configured cookie header.
func cookieOf(src config.Source) (string, error) {
	if src.CookieFile == "" {
		return src.Cookie.Reveal(), nil
	}
	b, err := os.ReadFile(src.CookieFile)
	if err != nil {
		return "", fmt.Errorf("read cookie_file: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// newJar puts the configured cookies into a jar, so that the site can renew
// them during the crawl and no other host ever gets them.
func newJar(start *url.URL, header string) http.CookieJar {
	jar, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // never fails
	if cookies, err := http.ParseCookie(header); err == nil {
		for _, k := range cookies {
			k.Path = "/"
		}
		jar.SetCookies(start, cookies)
	}
	return jar
}

func (c *Crawler) headers(src config.Source) http.Header {
	h := http.Header{}
	h.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.8,*/*;q=0.5")
	h.Set("Accept-Language", "zh-CN,zh;q=0.9,ko;q=0.8,en;q=0.7")
	for name, value := range src.Headers {
		h.Set(name, value.Reveal())
	}
	h.Set("User-Agent", c.userAgent(src))
	return h
}

// RoundTrip is where colly's requests leave the process: each hop of each
// page, whatever colly thinks of it, passes scope, robots and pace here.
func (f *fetcher) RoundTrip(req *http.Request) (*http.Response, error) {
	f.last, f.reached = wireAnswer{}, true
	if v := f.scope.judge(req.URL); v != fetchIt {
		return nil, &notAllowed{v}
	}
	rules, err := f.robotsOf(req.URL)
	if err != nil {
		return nil, err
	}
	switch {
	case rules.allows(req.URL):
	case rules.forbid:
		return nil, &notAllowed{robotsSilent}
	default:
		return nil, &notAllowed{robotsForbids}
	}
	return f.exchange(req, max(f.pace, rules.delay))
}

// exchange makes one paced request and keeps its body in f.last.
func (f *fetcher) exchange(req *http.Request, pace time.Duration) (*http.Response, error) {
	done, err := f.pacer.wait(req.Context(), req.URL.Hostname(), pace)
	if err != nil {
		return nil, err
	}
	var quiet time.Duration
	defer func() { done(quiet) }()
	f.requests++
	resp, err := f.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
		quiet = min(retryAfter(resp.Header, f.now()), maxQuiet)
	}
	f.last.body, f.last.cut, f.last.err = safehttp.ReadPage(resp)
	limitCookies(resp.Header)
	resp.Body = http.NoBody
	return resp, nil
}

// limitCookies drops what a cookie bomb would make us carry along.
func limitCookies(h http.Header) {
	all := h.Values("Set-Cookie")
	if len(all) == 0 {
		return
	}
	kept := all[:0]
	for _, k := range all {
		if len(k) <= maxCookieSize && len(kept) < maxSetCookies {
			kept = append(kept, k)
		}
	}
	h["Set-Cookie"] = kept
}

// retryAfter reads how long the site wants to be left alone, 0 if it does
// not say.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if secs, err := strconv.ParseInt(v, 10, 32); err == nil {
		return max(0, time.Duration(secs)*time.Second)
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// get fetches a page: it follows redirects, each hop judged like any address,
// and repeats what failed for a passing reason. An error is of the network,
// of the guard, or a *notAllowed; any status is an answer.
func (f *fetcher) get(address *url.URL, cond http.Header) (*answer, error) {
	for try := 0; ; try++ {
		a, err := f.follow(address, cond)
		again, wait := f.retry(a, err, try)
		if !again {
			return a, err
		}
		if wait > 0 {
			t := time.NewTimer(wait)
			select {
			case <-t.C:
			case <-f.ctx.Done():
				t.Stop()
				return a, context.Cause(f.ctx)
			}
		}
	}
}

// retry says whether a fetch is worth repeating, and after what wait beyond
// the pace. A Retry-After is kept by the pacer already.
func (f *fetcher) retry(a *answer, err error, try int) (bool, time.Duration) {
	if try >= maxRetries || f.ctx.Err() != nil {
		return false, 0
	}
	backoff := f.pace << (2 * (try + 1)) // 4 and 16 times the pace
	if err != nil {
		var na *notAllowed
		var aw *askedToWait
		final := errors.As(err, &na) || errors.As(err, &aw) || errors.Is(err, safehttp.ErrRefused) ||
			errors.Is(err, safehttp.ErrMediaType) || errors.Is(err, safehttp.ErrEncoding) || errors.Is(err, errTooManyRedirects)
		return !final, backoff
	}
	switch a.status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return retryAfter(a.header, f.now()) <= maxQuiet, backoff
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true, backoff
	}
	return false, 0
}

var (
	errTooManyRedirects = errors.New("too many redirects")
	errAddress          = errors.New("the address cannot be read")
)

func (f *fetcher) follow(address *url.URL, cond http.Header) (*answer, error) {
	for range maxRedirects + 1 {
		a, err := f.one(address, cond)
		if err != nil {
			return nil, err
		}
		next := redirectOf(a)
		if next == "" {
			return a, nil
		}
		u, err := address.Parse(next)
		if err != nil {
			return nil, errAddress
		}
		address = f.scope.upgrade(clean(u))
	}
	return nil, errTooManyRedirects
}

// redirectOf returns where an answer sends us, by its status or by a meta
// refresh, "" if nowhere.
func redirectOf(a *answer) string {
	switch a.status {
	case 301, 302, 303, 307, 308:
		return a.header.Get("Location")
	case 200:
		// Looked for only in short pages: longer ones have something to say.
		if len(a.body) < 4<<10 && strings.Contains(strings.ToLower(string(a.body)), "http-equiv") {
			if p := a.page(); p.IsHTML() {
				return p.Refresh()
			}
		}
	}
	return ""
}

// one makes one hop.
func (f *fetcher) one(address *url.URL, cond http.Header) (*answer, error) {
	h := f.header.Clone()
	for name, values := range cond {
		h[name] = values
	}
	f.reached = false
	status, header, err := f.colly.get(address.String(), h)
	switch {
	case err == nil:
		err = f.last.err
	case !f.reached: // colly's own parser, whose errors hold the address
		err = errAddress
	}
	if err != nil {
		return nil, safehttp.Clean(err)
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		if q := retryAfter(header, f.now()); q > maxQuiet {
			return nil, &askedToWait{q}
		}
	}
	a := &answer{status: status, header: header, url: address, cut: f.last.cut, fetched: f.now()}
	a.body, a.charset = decode(f.last.body, header.Get("Content-Type"))
	f.last.body = nil
	return a, nil
}
