package crawler

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gocolly/colly/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// pageOf fetches one page as a crawl does.
func (w *world) pageOf(path string) (*answer, error) {
	w.t.Helper()
	src := w.src
	src.URL = strings.TrimSuffix(src.URL, "/shop/") + path
	f, err := w.c.newFetcher(w.t.Context(), withDefaults(src))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(f.close)
	u, err := url.Parse(src.URL)
	if err != nil {
		w.t.Fatal(err)
	}
	return f.get(clean(u), nil)
}

// TestOursHasNoneOfThese shows, failure by failure, what colly does when left
// to itself, and that a crawl does not. The first half of each pins the
// reason for our own code: if it fails, the library was mended.
func TestOursHasNoneOfThese(t *testing.T) {
	t.Run("a compressed bomb passes the body limit", func(t *testing.T) {
		var data bytes.Buffer
		z := gzip.NewWriter(&data)
		for range 20 {
			z.Write(make([]byte, 1<<20))
		}
		z.Close()
		bomb := func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Content-Type", "text/html")
			rw.Header().Set("Content-Encoding", "gzip")
			rw.Write(data.Bytes())
		}
		w := newWorld(t, http.HandlerFunc(bomb), "/x")
		w.src.Robots = "ignore"
		c := colly.NewCollector(colly.MaxBodySize(1 << 20))
		got := 0
		c.OnRequest(func(r *colly.Request) { r.Headers.Set("Accept-Encoding", "gzip") })
		c.OnResponse(func(r *colly.Response) { got = len(r.Body) })
		if err := c.Visit(w.src.URL); err != nil || got <= 1<<20 {
			t.Errorf("colly held %d bytes (%v)", got, err)
		}
		a, err := w.pageOf("")
		if err != nil || len(a.body) > longestPage || a.cut == "" {
			t.Errorf("ours: %d bytes, cut %q, %v", len(a.body), a.cut, err)
		}
	})

	t.Run("truncation is silent", func(t *testing.T) {
		w := newWorld(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Content-Type", "text/html")
			rw.Write(make([]byte, longestPage+1))
		}), "/x")
		w.src.Robots = "ignore"
		a, err := w.pageOf("")
		if err != nil || a.cut == "" {
			t.Errorf("ours: cut %q, %v", a.cut, err)
		}
	})

	t.Run("unlabelled GBK stays rubbish", func(t *testing.T) {
		body, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(webPage(simplified, "")))
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Content-Type", "text/html")
			rw.Write(body)
		}), "/x")
		w.src.Robots = "ignore"
		c := colly.NewCollector(colly.DetectCharset())
		text := ""
		c.OnResponse(func(r *colly.Response) { text = string(r.Body) })
		_ = c.Visit(w.src.URL)
		if strings.Contains(text, simplified) {
			t.Error("colly read it")
		}
		a, err := w.pageOf("")
		if err != nil || !strings.Contains(string(a.body), simplified) {
			t.Errorf("ours read it as %s (%v)", a.charset, err)
		}
	})

	t.Run("nesting beyond 512 hides every element", func(t *testing.T) {
		deep := strings.Repeat("<div>", 600) + `<li class=item><a href="/shop/item/1/">lot</a></li>`
		s := newShop(1)
		s.wrap = func(rw http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/shop/" {
				return false
			}
			rw.Header().Set("Content-Type", "text/html")
			fmt.Fprint(rw, deep)
			return true
		}
		w := newWorld(t, s, "/shop/")
		c := colly.NewCollector()
		n := 0
		c.OnHTML("li", func(*colly.HTMLElement) { n++ })
		_ = c.Visit(w.src.URL)
		if n != 0 {
			t.Error("colly saw it")
		}
		w.crawl()
		if len(w.sink.listings) != 1 {
			t.Errorf("ours found %d listings", len(w.sink.listings))
		}
	})

	t.Run("a page that failed counts as visited", func(t *testing.T) {
		s := newShop(1)
		n := 0
		s.wrap = func(rw http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/shop/" {
				if n++; n == 1 {
					rw.WriteHeader(500)
					return true
				}
			}
			return false
		}
		w := newWorld(t, s, "/shop/")
		c := colly.NewCollector()
		_ = c.Visit(w.src.URL)
		var already *colly.AlreadyVisitedError
		if err := c.Visit(w.src.URL); !errors.As(err, &already) {
			t.Errorf("colly: %v", err)
		}
		n = 0
		w.wantHealth(w.crawl(), OK)
	})

	t.Run("the environment changes settings", func(t *testing.T) {
		dir := t.TempDir()
		t.Setenv("COLLY_CACHE_DIR", dir)
		t.Setenv("COLLY_MAX_BODY_SIZE", "10")
		t.Setenv("COLLY_DETECT_CHARSET", "y")
		w := newWorld(t, newShop(3), "/shop/")
		c := colly.NewCollector()
		_ = c.Visit(w.src.URL)
		if files, _ := filepath.Glob(dir + "/*/*"); len(files) == 0 {
			t.Error("colly wrote no page to disk")
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		w.wantHealth(w.crawl(), OK)
		if _, err := os.Stat(dir); err == nil || len(w.sink.listings) != 3 {
			t.Errorf("ours wrote to %s, or was cut short: %d listings", dir, len(w.sink.listings))
		}
	})

	t.Run("waiting does not end with the context", func(t *testing.T) {
		w := newWorld(t, newShop(50), "/shop/")
		w.src.Pace = time.Hour
		ctx, cancel := context.WithCancel(t.Context())
		w.sink.fail = func(Page) error { cancel(); return nil }
		before := runtime.NumGoroutine()
		stop := time.AfterFunc(200*time.Millisecond, cancel)
		defer stop.Stop()
		if _, err := w.c.Crawl(ctx, w.src, w.now); !errors.Is(err, context.Canceled) {
			t.Errorf("ours: %v", err)
		}
		if after := runtime.NumGoroutine(); after > before+5 {
			t.Errorf("%d goroutines before, %d after", before, after)
		}
	})
}

func TestARedirectIsJudgedLikeAnyAddress(t *testing.T) {
	elsewhere := newShop(1)
	other := newWorld(t, elsewhere, "/shop/")
	for name, to := range map[string]string{
		"another host": strings.Replace(other.src.URL, "127.0.0.1", "localhost", 1),
		"another port": other.src.URL, "metadata": "http://169.254.169.254/latest/", "scheme": "ftp://127.0.0.1/", "file": "file:///etc/passwd",
		"logout": "/logout", "download": "/dump.zip", "javascript": "javascript:alert(1)", "data": "data:text/html,<li class=item>", "rubbish": "http://[::1", "self": "/shop/item/3/",
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(5)
			s.wrap = func(rw http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == "/shop/item/3/" {
					rw.Header().Set("Location", to)
					rw.WriteHeader(http.StatusFound)
					return true
				}
				if r.URL.Path == "/logout" || r.URL.Path == "/dump.zip" {
					t.Errorf("%s was fetched", r.URL.Path)
				}
				return false
			}
			w := newWorld(t, s, "/shop/")
			w.crawl()
			if len(w.sink.listings) != 4 || elsewhere.requests() != 0 {
				t.Errorf("%d listings, want 4 and no visit elsewhere", len(w.sink.listings))
			}
		})
	}
}

func TestAMetaRefreshIsARedirect(t *testing.T) {
	s := newShop(5)
	s.wrap = func(rw http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/":
			rw.Header().Set("Content-Type", "text/html")
			fmt.Fprint(rw, `<meta http-equiv="refresh" content="0; url=/shop/">`)
			return true
		case "/shop/item/2/":
			rw.Header().Set("Content-Type", "text/html")
			fmt.Fprint(rw, `<meta http-equiv=refresh content="0;url=/shop/item/2/">`)
			return true
		}
		return false
	}
	w := newWorld(t, s, "/")
	w.wantHealth(w.crawl(), OK)
	if len(w.sink.listings) != 4 || s.hits["/shop/item/2/"] > (maxRedirects+1)*(maxRetries+1) {
		t.Errorf("%d listings; the loop was fetched %d times", len(w.sink.listings), s.hits["/shop/item/2/"])
	}
}

func TestASchemeIsUpgradedAndNeverDowngraded(t *testing.T) {
	start, _ := url.Parse("https://market.example/shop/")
	s := newScope(withDefaults(newWorld(t, newShop(0), "/").src), start)
	for in, want := range map[string]string{"http://market.example/a": "https://market.example/a", "http://www.market.example/a": "https://www.market.example/a",
		"https://market.example/a": "https://market.example/a", "http://evil.example/a": "http://evil.example/a"} {
		u, _ := url.Parse(in)
		if got := s.upgrade(u).String(); got != want {
			t.Errorf("%s → %s, want %s", in, got, want)
		}
	}
}

func TestCookieBombsAreDefused(t *testing.T) {
	s := newShop(10)
	most := 0
	s.wrap = func(rw http.ResponseWriter, r *http.Request) bool {
		most = max(most, len(r.Header.Get("Cookie")))
		for i := range 100 {
			rw.Header().Add("Set-Cookie", fmt.Sprintf("c%d=%s", i, strings.Repeat("x", 900)))
		}
		rw.Header().Add("Set-Cookie", "big="+strings.Repeat("x", 10_000))
		return false
	}
	w := newWorld(t, s, "/shop/")
	w.wantHealth(w.crawl(), OK)
	if most > maxSetCookies*1000 {
		t.Errorf("%d bytes of cookies were sent", most)
	}
}
