package crawler

import (
	"compress/gzip"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// A beast is one way in which a page can be hostile. Its page begins with a
// listing where that is possible: found says that it must be read.
type beast struct {
	name  string
	found bool
	serve http.HandlerFunc
}

const zooHead = `<!DOCTYPE html><html><head><title>t</title></head><body><h1 class=title>zoo lot</h1><p class=price>¥5</p><div class=body>faces for sale</div>`

// html serves markup after the listing.
func markup(name string, more func() string) beast {
	return beast{name, true, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, zooHead, more())
	}}
}

// wire serves bytes as they are.
func wire(name string, found bool, answer string) beast {
	return beast{name, found, func(w http.ResponseWriter, _ *http.Request) {
		c, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		_, _ = buf.WriteString(answer)
		_ = buf.Flush()
	}}
}

func header(name string, found bool, set map[string]string, status int, body string) beast {
	return beast{name, found, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for k, v := range set {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}}
}

func zoo() []beast {
	rep := strings.Repeat
	ok := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	gz := func(n int) string {
		var b strings.Builder
		z := gzip.NewWriter(&b)
		fmt.Fprint(z, zooHead, rep("A", n))
		z.Close()
		return b.String()
	}
	return []beast{
		markup("nested 100,000 deep", func() string { return rep("<div>", 100_000) }),
		markup("nested and closed", func() string { return rep("<div>", 50_000) + rep("</div>", 50_000) }),
		markup("formatting elements", func() string { return rep("<b><i><u>", 30_000) + rep("<p>x", 100) }),
		markup("anchors in anchors", func() string { return rep("<a href=x>", 50_000) }),
		markup("tables in tables", func() string { return rep("<table><tr><td>", 20_000) }),
		markup("misnested", func() string { return rep("<a><b></a></b>", 50_000) }),
		markup("closing tags only", func() string { return rep("</p>", 200_000) }),
		markup("a hundred thousand attributes", func() string {
			var b strings.Builder
			b.WriteString("<p ")
			for i := range 100_000 {
				fmt.Fprintf(&b, "a%d=b ", i)
			}
			return b.String() + ">x</p>"
		}),
		markup("the same attribute", func() string { return "<p " + rep("a=b ", 200_000) + ">x</p>" }),
		markup("a giant attribute", func() string { return "<p title='" + rep("x", 3<<20) + "'>y</p>" }),
		markup("a giant text node", func() string { return rep("人脸", 600_000) }),
		markup("a giant tag name", func() string { return "<" + rep("x", 1<<20) + ">" }),
		markup("a giant comment", func() string { return "<!--" + rep("-", 2<<20) }),
		markup("an open script", func() string { return "<script>" + rep("<!--<script>", 100_000) }),
		markup("an open textarea", func() string { return "<textarea>" + rep("x", 1<<20) }),
		markup("entities", func() string { return rep("&amp;&notin;&#x10FFFF;&#0;&bogus;", 50_000) }),
		markup("a hundred thousand links", func() string { return rep(`<a href="/x?y=1">z</a>`, 100_000) }),
		markup("links of every scheme", func() string {
			return `<a class=next href="javascript:alert(1)">a</a><a class=next href="data:text/html,x">b</a><a class=next href="file:///etc/passwd">c</a><a class=next href="http://169.254.169.254/">d</a>`
		}),
		markup("a false base", func() string { return `<base href="http://evil.example/"><a class=next href="x">y</a>` }),
		markup("svg and math", func() string { return rep("<svg><math><mi><foreignObject>", 10_000) }),
		markup("templates", func() string { return rep("<template><select><option>", 20_000) }),
		markup("NUL bytes", func() string { return rep("\x00<p>\x00", 10_000) }),
		markup("invalid UTF-8", func() string { return rep("\xff\xfe\xc0\x80", 50_000) }),
		markup("bidi and controls", func() string { return rep("\u202e\u2066\u200b\x1b[2J", 20_000) }),
		markup("combining marks", func() string { return "a" + rep("\u0301", 500_000) }),
		markup("processing instructions", func() string { return rep("<?php ", 100_000) }),
		markup("cdata", func() string { return rep("<![CDATA[x]]>", 50_000) }),
		markup("doctypes", func() string { return rep("<!DOCTYPE html>", 50_000) }),
		markup("half a tag", func() string { return "<p class=" }),
		markup("lists", func() string { return rep("<ul><li>", 50_000) }),
		markup("forms", func() string { return rep("<form><input type=password>", 1000) }),
		header("gzip bomb", true, map[string]string{"Content-Encoding": "gzip"}, 200, gz(50<<20)),
		header("gzip of rubbish", false, map[string]string{"Content-Encoding": "gzip"}, 200, "rubbish"),
		header("gzip cut", true, map[string]string{"Content-Encoding": "gzip"}, 200, gz(2000)[:140]),
		header("brotli", false, map[string]string{"Content-Encoding": "br"}, 200, zooHead),
		header("an unknown charset", true, map[string]string{"Content-Type": "text/html; charset=x-evil"}, 200, zooHead),
		header("utf-7", true, map[string]string{"Content-Type": "text/html; charset=utf-7"}, 200, zooHead),
		header("a faulty type", true, map[string]string{"Content-Type": "text/html; charset=\"utf-8"}, 200, zooHead),
		header("an archive", false, map[string]string{"Content-Type": "application/zip"}, 200, zooHead),
		header("an archive in disguise", false, nil, 200, "PK\x03\x04"+zooHead),
		header("an attachment", false, map[string]string{"Content-Disposition": "attachment"}, 200, zooHead),
		header("an image", false, map[string]string{"Content-Type": "image/jpeg"}, 200, zooHead),
		header("an empty page", false, nil, 200, ""),
		header("no content", false, nil, 204, ""),
		header("not modified, unasked", false, nil, 304, ""),
		header("multiple choices", false, map[string]string{"Location": "/"}, 300, zooHead),
		header("a redirect to itself", false, map[string]string{"Location": "?"}, 302, ""),
		header("a redirect to nowhere", false, map[string]string{"Location": "http://[bad"}, 301, ""),
		header("a redirect without address", false, nil, 302, ""),
		header("a refresh of itself", false, nil, 200, `<meta http-equiv=refresh content="0;url=?">`),
		header("a teapot", false, nil, 418, zooHead),
		header("cookie bomb", true, map[string]string{"Set-Cookie": "a=" + rep("b", 100_000)}, 200, zooHead),
		header("everything at once", true, map[string]string{"ETag": rep("x", 5000), "Last-Modified": "yesterday", "Retry-After": "-1", "Content-Language": rep("zz", 900)}, 200, zooHead),
		wire("a status of 999", false, "HTTP/1.1 999 Denied\r\nContent-Length: 2\r\n\r\nno"),
		wire("no status line", false, "hello\r\n\r\n"),
		wire("HTTP/0.9", false, zooHead),
		wire("nothing", false, ""),
		wire("headers without end", false, ok+"X: "+rep("y", 300_000)),
		wire("ten thousand headers", false, ok+rep("X-A: b\r\n", 50_000)+"\r\n"),
		wire("a NUL in a header", false, ok+"X: a\x00b\r\n\r\n"+zooHead),
		wire("two lengths", false, ok+"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
		wire("a negative length", false, ok+"Content-Length: -5\r\n\r\nhello"),
		wire("a length too long", true, ok+"Content-Length: 99999\r\n\r\n"+zooHead),
		wire("rubbish chunks", false, ok+"Transfer-Encoding: chunked\r\n\r\nzz\r\n"+zooHead),
		wire("a chunk too long", true, ok+"Transfer-Encoding: chunked\r\n\r\nfffff\r\n"+zooHead),
		wire("early hints", true, rep("HTTP/1.1 103 Early Hints\r\n\r\n", 4)+ok+"Content-Length: "+fmt.Sprint(len(zooHead))+"\r\n\r\n"+zooHead),
		wire("endless hints", false, rep("HTTP/1.1 103 Early Hints\r\nX: "+rep("y", 1000)+"\r\n\r\n", 1000)),
	}
}

// TestNoHostilePageHarmsACrawl puts every beast in the place of a detail
// page, all in one shop: the crawl must end, read all others, and read the
// beast where its page says something.
func TestNoHostilePageHarmsACrawl(t *testing.T) {
	beasts := zoo()
	if len(beasts) < 60 {
		t.Errorf("the zoo has %d beasts, want 60", len(beasts))
	}
	for _, kind := range []string{"selectors", "auto"} {
		t.Run(kind, func(t *testing.T) {
			const every = 4 // a beast after three honest pages, or the crawl would rightly give up
			s := newShop(every * len(beasts))
			s.perPage = 50
			s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
				var n int
				if _, err := fmt.Sscanf(r.URL.Path, "/shop/item/%d/", &n); err != nil || n%every != 0 {
					return false
				}
				beasts[n/every-1].serve(w, r)
				return true
			}
			w := newWorld(t, s, "/shop/")
			w.src.Kind = kind
			before := runtime.NumGoroutine()
			rep := w.crawl()
			read := map[string]bool{}
			for _, l := range w.sink.listings {
				read[l.URL] = true
			}
			for i := range s.offers {
				n := i + 1
				honest := n%every != 0
				if u := fmt.Sprintf("%sitem/%d/", w.src.URL, n); !read[u] && (honest || beasts[n/every-1].found && kind == "selectors") {
					what := "an honest page"
					if !honest {
						what = beasts[n/every-1].name
					}
					t.Errorf("%s: item %d was not read", what, n)
				}
			}
			if after := runtime.NumGoroutine(); after > before+30 {
				t.Errorf("%d goroutines before, %d after", before, after)
			}
			t.Logf("health %s, %d requests, cut %q, %d problems", rep.Health, rep.Requests, rep.Cut, len(rep.Problems))
		})
	}
}
