package site

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Page is one fetched page. The exported fields are set by the crawler and
// not changed afterwards. A Page is for one goroutine at a time.
type Page struct {
	URL         *url.URL    // final address, after redirects
	Header      http.Header // of the response; may be nil
	Body        []byte      // decoded to UTF-8; not changed and not kept in results
	ContentType string      // as the server sent it; "" if unknown
	Fetched     time.Time   // when the page was received; relative dates count from here

	tree *tree
	base *url.URL
	urls map[string]string // href as written → absolute address, "" if of no use
}

// Root returns the document node of the page. It is built once, at the first
// call; see tree.go for how it differs from a browser's.
func (p *Page) Root() *html.Node { return p.parsed().root }

// Release ends the use of the page: its tree is gone, and the memory of it
// serves another page. Results that were read from it stay as they are.
func (p *Page) Release() {
	if p.tree != nil {
		p.tree.release()
		p.tree = nil
	}
}

func (p *Page) parsed() *tree {
	if p.tree == nil {
		p.tree = parse(p.Body)
	}
	return p.tree
}

// MediaType returns the media type of the page in lower case, without
// parameters: "text/html".
func (p *Page) MediaType() string {
	m, _, err := mime.ParseMediaType(p.ContentType)
	if err != nil {
		m, _, _ = strings.Cut(p.ContentType, ";")
	}
	return strings.ToLower(strings.TrimSpace(m))
}

// IsHTML reports whether the page is worth a tree: by its media type or, if
// that says nothing, by how it begins.
func (p *Page) IsHTML() bool {
	switch p.MediaType() {
	case "text/html", "application/xhtml+xml":
		return true
	case "", "text/plain", "application/octet-stream", "text/xml", "application/xml":
		head := bytes.ToLower(p.Body[:min(len(p.Body), 1024)])
		return bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<!doctype html"))
	}
	return false
}

// Refresh returns the absolute address that a meta refresh of at most 10
// seconds leads to, "" if there is none. Following it is the crawler's
// choice; it is as untrusted as any redirect.
func (p *Page) Refresh() string {
	for n := range elements(p.Root(), atom.Meta) {
		if !strings.EqualFold(attr(n, "http-equiv"), "refresh") {
			continue
		}
		delay, rest, ok := strings.Cut(attr(n, "content"), ";")
		delay = strings.TrimSpace(delay)
		if !ok || len(delay) > 2 || (len(delay) == 2 && delay != "10") {
			continue
		}
		key, target, ok := strings.Cut(rest, "=")
		if ok && strings.EqualFold(strings.TrimSpace(key), "url") {
			return p.Resolve(strings.Trim(strings.TrimSpace(target), `'"`))
		}
	}
	return ""
}

// Resolve returns the absolute form of an address as written in the page,
// without its fragment; "" unless it is http or https.
func (p *Page) Resolve(href string) string {
	if plainPath(href) {
		base := p.baseURL()
		return base.Scheme + "://" + base.Host + href
	}
	if u, ok := p.urls[href]; ok {
		return u
	}
	if p.urls == nil {
		p.urls = make(map[string]string)
	}
	u := p.resolve(href)
	p.urls[href] = u
	return u
}

func (p *Page) resolve(href string) string {
	href = strings.TrimSpace(href)
	if href == "" || len(href) > maxHref {
		return ""
	}
	if plainPath(href) {
		return p.Resolve(href)
	}
	href = strings.Map(dropURLNoise, href)
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	u = p.baseURL().ResolveReference(u)
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return ""
	}
	u.Fragment, u.RawFragment, u.User = "", "", nil
	return u.String()
}

// maxHref is the longest address that is followed, in bytes.
const maxHref = 2048

// plainPath reports whether href is an absolute path that needs no parsing,
// as most links are: resolving is a concatenation then.
func plainPath(href string) bool {
	if len(href) > maxHref || href == "" || href[0] != '/' || (len(href) > 1 && href[1] == '/') {
		return false
	}
	for i := 0; i < len(href); i++ {
		switch c := href[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '/' && i+1 < len(href) && href[i+1] == '.':
			return false
		case strings.IndexByte("/-_.?=&,+~:;@!", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// dropURLNoise removes what browsers remove from the middle of an address.
func dropURLNoise(r rune) rune {
	switch r {
	case '\t', '\n', '\r':
		return -1
	case '\\':
		return '/'
	}
	return r
}

// baseURL is what relative addresses are relative to: the page's own address
// or what its base element says.
func (p *Page) baseURL() *url.URL {
	if p.base != nil {
		return p.base
	}
	p.base = p.URL
	for n := range elements(p.Root(), atom.Base) {
		if u, err := p.URL.Parse(strings.TrimSpace(attr(n, "href"))); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
			p.base = u
			break
		}
	}
	return p.base
}
