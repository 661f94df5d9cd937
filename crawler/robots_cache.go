package crawler

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/leakwatch/leakwatch/internal/safehttp"
)

// robotsCache keeps the rules of the sites of this process for a day.
type robotsCache struct {
	mu    sync.Mutex // protects sites
	sites map[string]cachedRobots
}

type cachedRobots struct {
	rules *robots
	until time.Time
}

// maxRobotsSites bounds the cache; any entry may be dropped and asked for
// again.
const maxRobotsSites = 10_000

// forbidFor is how long a site that could not be asked is left alone.
const forbidFor = 10 * time.Minute

func newRobotsCache() *robotsCache { return &robotsCache{sites: make(map[string]cachedRobots)} }

func (c *robotsCache) load(site string, now time.Time) *robots {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.sites[site]; ok && now.Before(e.until) {
		return e.rules
	}
	return nil
}

func (c *robotsCache) store(site string, r *robots, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.sites) >= maxRobotsSites {
		clear(c.sites)
	}
	age := robotsAge
	if r.forbid {
		age = forbidFor
	}
	c.sites[site] = cachedRobots{r, now.Add(age)}
}

// robotsOf returns the rules of the site of u, asking it if need be. A site
// that answers with a failure forbids everything; one that cannot be reached
// is an error, and so nothing of it is fetched either.
func (f *fetcher) robotsOf(u *url.URL) (*robots, error) {
	if f.src.Robots == "ignore" {
		return &robots{}, nil
	}
	key := u.Scheme + "://" + u.Host
	if r := f.robots.load(key, f.now()); r != nil {
		return r, nil
	}
	r, err := f.fetchRobots(&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"})
	if err != nil {
		return nil, err
	}
	f.robots.store(key, r, f.now())
	return r, nil
}

// fetchRobots follows up to five redirects, to other hosts too, as the RFC
// wants. Only the site itself gets the configured headers, and only it may
// stand on a private address; cookies are sent to none.
func (f *fetcher) fetchRobots(at *url.URL) (*robots, error) {
	home := at.Host
	for range maxRedirects + 1 {
		req, err := http.NewRequestWithContext(f.ctx, http.MethodGet, at.String(), nil)
		if err != nil {
			return nil, fmt.Errorf("ask for robots.txt: %w", safehttp.Clean(err))
		}
		req.Header.Set("User-Agent", f.header.Get("User-Agent"))
		through := f.elsewhere
		if at.Host == home || f.scope.sameHost(at) {
			req.Header, through = f.header.Clone(), f.plain
		}
		status, location, body, err := f.askRobots(req, through)
		if err != nil {
			return nil, err
		}
		if status < 300 || status > 399 || location == "" {
			return robotsFor(status, body), nil
		}
		next, err := at.Parse(location)
		if err != nil {
			break
		}
		at = clean(next)
	}
	return &robots{}, nil // too many redirects: as if there were none
}

// askRobots makes one request.
func (f *fetcher) askRobots(req *http.Request, through *safehttp.Transport) (status int, location string, body []byte, err error) {
	done, err := f.pacer.wait(f.ctx, req.URL.Hostname(), f.pace)
	if err != nil {
		return 0, "", nil, err
	}
	var quiet time.Duration
	defer func() { done(quiet) }()
	f.requests++
	resp, err := through.RoundTrip(req)
	if err != nil {
		return 0, "", nil, err
	}
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
		quiet = min(retryAfter(resp.Header, f.now()), maxQuiet)
	}
	body, _, err = safehttp.ReadPage(resp)
	if errors.Is(err, safehttp.ErrMediaType) { // no rules in a picture
		body, err = nil, nil
	}
	return resp.StatusCode, resp.Header.Get("Location"), body, err
}
