package crawler

import (
	"context"
	"net/http"

	"github.com/gocolly/colly/v2"
)

// collector is colly, reduced to what it is good at: one request after the
// other through our own transport. Its limits, robots, visited set, charset,
// body cap, redirects, cache, proxies, storage and callbacks on elements are
// not used, nor is asynchronous work; TestOursHasNoneOfThese shows what each
// would do. One collector serves one crawl, from one goroutine.
type collector struct {
	c      *colly.Collector
	status int
	header http.Header
}

// newCollector makes a collector whose every request goes through rt. The
// round tripper keeps the body for itself: colly would read it again, and
// re-decode it.
func newCollector(ctx context.Context, rt http.RoundTripper, jar http.CookieJar) *collector {
	k := &collector{c: colly.NewCollector()}
	c := k.c
	// Set, not left to defaults: colly reads defaults from the environment.
	c.Context = ctx
	c.Async = false
	c.AllowURLRevisit = true
	c.IgnoreRobotsTxt = true
	c.ParseHTTPErrorResponse = true
	c.DetectCharset = false
	c.CacheDir = ""
	c.CheckHead = false
	c.MaxBodySize = 0
	c.MaxDepth, c.MaxRequests = 0, 0
	c.AllowedDomains, c.DisallowedDomains = nil, nil
	c.URLFilters, c.DisallowedURLFilters = nil, nil
	c.Headers = nil
	c.TraceHTTP = false
	c.WithTransport(rt)
	c.SetCookieJar(jar)
	c.SetRequestTimeout(0) // the transport has its own, for all of it
	c.SetRedirectHandler(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse })
	c.OnResponse(func(r *colly.Response) { k.status, k.header = r.StatusCode, *r.Headers })
	return k
}

// get makes one request, follows nothing, and returns what the answer said
// besides its body.
func (k *collector) get(address string, header http.Header) (int, http.Header, error) {
	k.status, k.header = 0, nil
	err := k.c.Request(http.MethodGet, address, nil, nil, header)
	return k.status, k.header, err
}
