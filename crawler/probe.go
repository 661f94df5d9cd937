package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/internal/safehttp"
	"github.com/leakwatch/leakwatch/leak"
)

// ProbeResult is what a source would give.
type ProbeResult struct {
	URL      string     `json:"url"`            // the start page after redirects
	Status   int        `json:"status"`         // of the start page, 0 if it could not be had
	Title    string     `json:"title"`          // of the start page, as the site wrote it
	Charset  string     `json:"charset"`        // it was read as
	Kind     string     `json:"kind"`           // of site software
	Robots   string     `json:"robots"`         // "allowed", "disallowed", or "not asked" where robots is ignore or nothing answered
	Health   Health     `json:"health"`         // what a crawl would say, as far as a few pages tell
	Lists    int        `json:"lists"`          // links to other lists on the start page
	Details  int        `json:"details"`        // links to listings on the start page
	Next     string     `json:"next,omitempty"` // the next list page
	Listings []leak.Raw `json:"-"`              // read from the start page and from the first details; raw, for memory only
	Problems []string   `json:"problems,omitempty"`
	Requests int        `json:"requests"`
}

// probeDetails is how many detail pages a probe fetches.
const probeDetails = 5

// Probe fetches the page at address and a few of the pages that it leads to,
// as a crawl of a source with these settings would, and saves nothing. src
// needs no name and no schedule. The error is of the address, the settings or
// the context: a site that cannot be read is a result.
func (c *Crawler) Probe(ctx context.Context, address string, src config.Source) (ProbeResult, error) {
	src.URL = address
	src = withDefaults(src)
	if src.ID == "" {
		src.ID = "probe"
	}
	res := ProbeResult{URL: address, Health: OK}
	kind, err := c.kindOf(src)
	if err != nil {
		return res, fmt.Errorf("probe: %w", err)
	}
	f, err := c.newFetcher(ctx, src)
	if err != nil {
		return res, fmt.Errorf("probe: %w", err)
	}
	defer f.close()
	p := &probe{c: c, src: src, f: f, kind: kind, res: &res}
	p.start()
	res.Requests = f.requests
	return res, ctx.Err()
}

type probe struct {
	c    *Crawler
	src  config.Source
	f    *fetcher
	kind site.Kind
	res  *ProbeResult
}

func (p *probe) start() {
	u, err := url.Parse(p.src.URL)
	if err != nil {
		p.bad(Unreachable, "the address cannot be read")
		return
	}
	p.res.Robots = "not asked"
	a := p.get(clean(u))
	if p.src.Robots != "ignore" && p.res.Status != 0 {
		p.res.Robots = "allowed"
	}
	if a == nil {
		return
	}
	p.f.scope = newScope(p.src, a.url)
	page := a.page()
	p.res.URL, p.res.Charset, p.res.Title = a.url.String(), a.charset, title(page)
	if p.kind == nil {
		p.kind = site.Detect(page)
	}
	p.res.Kind = p.kind.Name()
	r, ok := p.read(page, nil)
	if !ok {
		return
	}
	p.res.Lists, p.res.Details = len(r.Lists), len(r.Details)
	if len(r.Next) > 0 {
		p.res.Next = r.Next[0]
	}
	p.details(r.Details)
	if len(p.res.Listings) == 0 && p.res.Health == OK {
		p.bad(Blind, "no listing was read from the page or from those it leads to")
	}
}

func (p *probe) details(links []site.Link) {
	for i := range links[:min(len(links), probeDetails)] {
		u, err := url.Parse(links[i].URL)
		if err != nil {
			continue
		}
		if a := p.get(p.f.scope.upgrade(clean(u))); a != nil {
			p.read(a.page(), &links[i])
		}
	}
}

// get fetches one page; nil if there is nothing to read, with the reason in
// the result.
func (p *probe) get(u *url.URL) *answer {
	a, err := p.f.get(u, nil)
	var na *notAllowed
	switch {
	case errors.As(err, &na):
		if na.why == robotsForbids || na.why == robotsSilent {
			p.res.Robots = "disallowed"
		}
		p.bad(Disallowed, u.Path+": "+na.Error())
		return nil
	case err != nil:
		p.bad(Unreachable, safehttp.Reason(err))
		return nil
	}
	if p.res.Status == 0 {
		p.res.Status = a.status
	}
	if t := judgeStatus(a.status); t != nil {
		p.bad(t.health, t.why)
		return nil
	}
	return a
}

func (p *probe) read(page *site.Page, link *site.Link) (res site.Result, ok bool) {
	defer func() {
		if recover() != nil {
			p.bad(Blind, "the page made its reader fail")
			ok = false
		}
	}()
	res = p.kind.Read(page, site.Hints{Source: p.src.ID, Link: link})
	if t := judgePage(page, p.src.LoggedIn, len(res.Listings)+len(res.Details) == 0); t != nil {
		p.bad(t.health, t.why)
	}
	p.res.Listings = append(p.res.Listings, res.Listings...)
	return res, true
}

// bad notes a problem; the first decides the health.
func (p *probe) bad(h Health, why string) {
	if p.res.Health == OK {
		p.res.Health = h
	}
	p.res.Problems = append(p.res.Problems, why)
}

// maxTitle bounds the title in bytes.
const maxTitle = 300

func title(p *site.Page) string {
	if !p.IsHTML() {
		return ""
	}
	for n := range p.Root().Descendants() {
		if n.Type != html.ElementNode || n.DataAtom != atom.Title {
			continue
		}
		var b bytes.Buffer
		for t := range n.Descendants() {
			if t.Type == html.TextNode {
				b.WriteString(t.Data)
			}
		}
		s, _ := leak.CutBytes(string(bytes.Join(bytes.Fields(b.Bytes()), []byte(" "))), maxTitle)
		return s
	}
	return ""
}
