package crawler

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/leakwatch/leakwatch/indexer"
)

// answering answers everything but robots.txt with one page.
func answering(status int, body string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/robots.txt" {
			return false
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
		return true
	}
}

func TestASourceThatCannotBeReadIsNeverSilent(t *testing.T) {
	page := func(s string) string { return "<!DOCTYPE html><html><body>" + s + "</body></html>" }
	onlyDetails := func(body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasPrefix(r.URL.Path, "/shop/item/") {
				return false
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, body)
			return true
		}
	}
	for _, tc := range []struct {
		name string
		wrap func(http.ResponseWriter, *http.Request) bool
		want Health
	}{
		{"empty page", answering(200, ""), Blind},
		{"empty list", answering(200, page("<h1>Shop</h1>")), Blind},
		{"other layout", answering(200, page("<table><tr><td><a href=/shop/item/1/>x</a></td></tr></table>")), Blind},
		{"login wall", answering(200, page("<form><input name=u><input type=PASSWORD name=p></form>")), LoggedOut},
		{"401", answering(401, page("login")), LoggedOut},
		{"403", answering(403, page("no")), Blocked},
		{"451", answering(451, page("no")), Blocked},
		{"429", answering(429, page("slow down")), Blocked},
		{"404", answering(404, page("not here")), Blind},
		{"410", answering(410, page("gone")), Blind},
		{"500", answering(500, page("oops")), Unreachable},
		{"503", answering(503, page("oops")), Unreachable},
		{"captcha", answering(200, page("<div class=g-recaptcha></div>")), Blocked},
		{"chinese captcha", answering(200, page("请完成验证后继续访问")), Blocked},
		{"korean block", answering(200, page("비정상적인 접근이 감지되었습니다")), Blocked},
		{"cloudflare", answering(200, "<!DOCTYPE html><html><title>Just a moment...</title></html>"), Blocked},
		{"seized", answering(200, page("This domain has been seized")), Blocked},
		{"archive instead of a page", func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Type", "application/zip")
			fmt.Fprint(w, "PK\x03\x04")
			return r.URL.Path != "/robots.txt"
		}, Blind},
		{"connection cut", func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path != "/robots.txt" {
				panic(http.ErrAbortHandler)
			}
			return false
		}, Unreachable},
		{"robots forbids", func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/robots.txt" {
				fmt.Fprint(w, "User-agent: *\nDisallow: /\n")
				return true
			}
			return false
		}, Disallowed},
		{"robots fails", func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/robots.txt" {
				w.WriteHeader(503)
				return true
			}
			return false
		}, Disallowed},
		{"details of another layout", onlyDetails(page("<p>nothing of use</p>")), Blind},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newShop(30)
			w := newWorld(t, s, "/shop/")
			w.wantHealth(w.crawl(), OK)
			for i := range 5 {
				s.offers[29-i].price = fmt.Sprint("¥", i, ".55") // so that details are asked for
			}
			s.mu.Lock()
			s.wrap = tc.wrap
			s.mu.Unlock()
			w.c.robots = newRobotsCache()
			rep := w.crawl()
			w.wantHealth(rep, tc.want)
			if len(rep.Problems) == 0 {
				t.Error("no problem is named")
			}
			if len(w.sink.gone) != 0 {
				t.Errorf("%d listings were called gone", len(w.sink.gone))
			}
			s.mu.Lock()
			s.wrap = nil
			s.mu.Unlock()
			w.c.robots = newRobotsCache()
			w.wantHealth(w.crawl(), OK)
			changed := 0
			for _, l := range w.sink.listings {
				if strings.HasSuffix(l.Price, ".55") {
					changed++
				}
			}
			if w.crawl(); changed != 5 {
				changed = 0
				for _, l := range w.sink.listings {
					if strings.HasSuffix(l.Price, ".55") {
						changed++
					}
				}
			}
			if changed != 5 {
				t.Errorf("%d of 5 changes were caught up with", changed)
			}
		})
	}
}

func TestASourceThatNeverGaveAnythingIsBlind(t *testing.T) {
	s := newShop(0)
	w := newWorld(t, s, "/shop/")
	rep := w.crawl()
	w.wantHealth(rep, Blind)
	if len(rep.Problems) != 1 || !strings.Contains(rep.Problems[0], "nothing was read") {
		t.Errorf("problems %q", rep.Problems)
	}
	s.add()
	w.wantHealth(w.crawl(), OK)
}

func TestAHostThatDoesNotAnswerIsUnreachable(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	w := newWorld(t, newShop(1), "/shop/")
	w.src.URL = srv.URL + "/"
	w.src.Robots = "ignore"
	rep := w.crawl()
	w.wantHealth(rep, Unreachable)
}

func TestTheLoginTextDecides(t *testing.T) {
	s := newShop(30)
	login := true
	s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
		if c, err := r.Cookie("session"); err != nil || c.Value != "s3cret" {
			t.Errorf("%s came without the cookie: %v", r.URL.Path, err)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if login && r.URL.Path != "/robots.txt" {
			fmt.Fprint(w, "<p>Hello, watcher</p>")
		}
		return false
	}
	w := newWorld(t, s, "/shop/")
	w.src.CookieFile = t.TempDir() + "/cookie"
	writeFile(t, w.src.CookieFile, "session=s3cret; lang=zh\n")
	w.src.LoggedIn = "Hello, watcher"
	w.src.Robots = "ignore"
	w.wantHealth(w.crawl(), OK)
	login = false
	n := len(w.sink.pages)
	s.add()
	rep := w.crawl()
	w.wantHealth(rep, LoggedOut)
	if len(w.sink.pages) != n || rep.Requests != 1 {
		t.Errorf("%d commits and %d requests as a guest; want none and the one", len(w.sink.pages)-n, rep.Requests)
	}
}

func TestABlockEndsTheCrawlSoon(t *testing.T) {
	s := newShop(100)
	n := 0
	s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
		if n++; n > 20 {
			w.WriteHeader(http.StatusForbidden)
			return true
		}
		return false
	}
	w := newWorld(t, s, "/shop/")
	rep := w.crawl()
	w.wantHealth(rep, Blocked)
	if got := s.requests(); got > 20+maxRefusedInRow {
		t.Errorf("%d requests, %d of them after the block", got, got-20)
	}
	s.wrap = nil
	w.crawl()
	if len(w.sink.listings) != 100 {
		t.Errorf("%d listings after the block was lifted, want 100", len(w.sink.listings))
	}
}

func TestProblemsNameNoAddressThatMayHoldAnIdentifier(t *testing.T) {
	s := newShop(5)
	s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/shop/" {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<li class=item><a href="/shop/item/110101199003078515/?tel=13800138000">x</a></li>`)
			return true
		}
		if strings.HasPrefix(r.URL.Path, "/shop/item") {
			w.WriteHeader(500)
			return true
		}
		return false
	}
	w := newWorld(t, s, "/shop/")
	rep := w.crawl()
	if text := fmt.Sprint(rep); strings.Contains(text, "1101011990") || strings.Contains(text, "13800138000") || len(rep.Problems) == 0 {
		t.Errorf("report %v", rep)
	}
}

func TestOnePageThatIsRefusedDoesNotMakeTheSourceBlocked(t *testing.T) {
	for status, want := range map[int]Health{401: OK, 403: OK, 500: OK, 404: OK} {
		s := newShop(40)
		s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/shop/item/9/" || r.URL.Path == "/shop/item/19/" {
				w.WriteHeader(status)
				return true
			}
			return false
		}
		w := newWorld(t, s, "/shop/")
		rep := w.crawl()
		w.wantHealth(rep, want)
		if len(w.sink.listings) != 38 || len(rep.Problems) == 0 && status != 404 {
			t.Errorf("status %d: %d listings, problems %q", status, len(w.sink.listings), rep.Problems)
		}
	}
}

func TestAFailedStartForgetsNothingThatWasLeft(t *testing.T) {
	s := newShop(200)
	w := newWorld(t, s, "/shop/")
	w.src.MaxPages = 40
	w.crawl()
	for _, h := range []func(http.ResponseWriter, *http.Request) bool{answering(500, ""), answering(403, ""), answering(200, "<input type=password>")} {
		s.mu.Lock()
		s.wrap = h
		s.mu.Unlock()
		w.crawl()
	}
	s.mu.Lock()
	s.wrap = nil
	s.mu.Unlock()
	for range 8 {
		w.crawl()
	}
	if len(w.sink.listings) != 200 {
		t.Errorf("%d of 200 listings", len(w.sink.listings))
	}
}

func TestPriceChangesBehindKnownGroundDoNotMakeAListUnsorted(t *testing.T) {
	s := newShop(100)
	w := newWorld(t, s, "/shop/")
	w.crawl()
	s.offers[3].price = "¥77.00" // on the last page
	w.now = w.now.Add(sweepEvery)
	if rep := w.crawl(); rep.Changed != 1 {
		t.Errorf("changed %d, want 1", rep.Changed)
	}
	clear(s.hits)
	if w.crawl(); s.hits["/shop/?page=2"] != 0 {
		t.Error("the crawl after the sweep reads on behind known ground")
	}
}

func TestACaptchaInTheMidstOfACrawlEndsItSoon(t *testing.T) {
	s := newShop(100)
	n := 0
	s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
		if n++; n <= 20 {
			return false
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html><body><div class=h-captcha></div></body></html>")
		return true
	}
	w := newWorld(t, s, "/shop/")
	w.wantHealth(w.crawl(), Blocked)
	if got := s.requests(); got > 20+maxRefusedInRow {
		t.Errorf("%d requests, %d of them after the wall came up", got, got-20)
	}
	s.wrap = nil
	w.crawl()
	if len(w.sink.listings) != 100 {
		t.Errorf("%d listings once it was down again, want 100", len(w.sink.listings))
	}
}

func TestProblemsHoldNothingThatAServerWrote(t *testing.T) {
	const canary = "110101199003078515"
	s := newShop(20)
	s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/shop/item/%d/", &n); err != nil || n%3 != 0 {
			return false
		}
		switch n / 3 {
		case 1:
			w.Header().Set("Content-Type", "application/"+canary)
		case 2:
			w.Header().Set("Content-Encoding", canary)
		case 3:
			w.Header().Set("Location", "http://"+canary+".example/"+canary)
			w.WriteHeader(http.StatusFound)
		case 4:
			w.Header().Set("Location", "http://[::"+canary)
			w.WriteHeader(http.StatusFound)
		case 5, 6:
			c, buf, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return true
			}
			fmt.Fprint(buf, "HTTP/1.1 200 "+canary+"\r\n"+canary+"\r\n\r\n")
			_ = buf.Flush()
			_ = c.Close()
		}
		return true
	}
	w := newWorld(t, s, "/shop/")
	rep := w.crawl()
	if text := fmt.Sprintf("%+v", rep); strings.Contains(text, canary) || len(rep.Problems) < 3 {
		t.Errorf("report %s", text)
	}
	for _, bucket := range []string{pagesBucket, sourcesBucket} {
		entries, err := w.state.Scan(t.Context(), bucket, indexer.Scan{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.Contains(e.Key+string(e.Value), canary) {
				t.Errorf("%s holds %s", bucket, e.Value)
			}
		}
	}
}

func TestAFeedInGBKIsReadRight(t *testing.T) {
	text := `<?xml version="1.0" encoding="GB2312"?><rss version="2.0"><channel><title>x</title><item><title>` + simplified + `</title><link>/a</link><description>` + simplified + `</description></item></channel></rss>`
	body, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "application/rss+xml")
		_, _ = rw.Write(body)
	}), "/feed")
	w.src.Kind = ""
	rep := w.crawl()
	w.wantHealth(rep, OK)
	if got := w.sink.titles(); len(got) != 1 || got[0] != simplified {
		t.Errorf("titles %q", got)
	}
}
