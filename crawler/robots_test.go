package crawler

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The cases follow RFC 9309 and the published tests of Google's parser,
// restated for our own product token.
func TestRobotsAnswerAsPublished(t *testing.T) {
	const us = "user-agent: leakwatch\n"
	for _, tc := range []struct {
		name  string
		file  string
		allow string // paths, separated by spaces
		deny  string
	}{
		{"no file", "", "/ /x", ""},
		{"simple", us + "disallow: /\n", "", "/ /x/y"},
		{"other agent", "user-agent: FooBot\ndisallow: /\n", "/x/y", ""},
		{"star", "user-agent: *\ndisallow: /x/\n", "/y", "/x/y"},
		{"typo in the key", "foo: leakwatch\nbar: /\n", "/x/y", ""},
		{"no colon", "user-agent leakwatch\ndisallow /\n", "/x/y", ""},
		{"rules before any agent", "disallow: /x\nuser-agent: *\ndisallow: /y\n", "/x", "/y"},
		{"groups of one agent are joined", us + "disallow: /a\n\n" + us + "disallow: /b\n", "/c", "/a /b"},
		{"several agents, one group", "user-agent: FooBot\nuser-agent: leakwatch\nuser-agent: BarBot\ndisallow: /x/\n", "/a", "/x/b"},
		{"a rule ends the list of agents", "user-agent: FooBot\ndisallow: /\nallow: /x/\n" + us + "disallow: /\nallow: /y/\n", "/y/a", "/x/a /a"},
		{"a blank line does not end a group", us + "\n\ndisallow: /x\n", "/a", "/x"},
		{"our group wins over star, before it", us + "allow: /\nuser-agent: *\ndisallow: /\n", "/x", ""},
		{"our group wins over star, after it", "user-agent: *\ndisallow: /\n" + us + "allow: /\n", "/x", ""},
		{"our empty group wins over star", "user-agent: *\ndisallow: /\n" + us + "disallow:\n", "/x", ""},
		{"star and us in one group", "user-agent: *\nuser-agent: leakwatch\ndisallow: /x\nuser-agent: *\ndisallow: /y\n", "/y", "/x"},
		{"agent in another case", "USER-AGENT: LeakWatch\nDISALLOW: /x\n", "/a", "/x"},
		{"a longer token is another agent", "user-agent: leakwatchbot\ndisallow: /\n", "/x", ""},
		{"a shorter token is another agent", "user-agent: leak\ndisallow: /\n", "/x", ""},
		{"what follows the token is ignored", "user-agent: leakwatch/2.1 foo\ndisallow: /x\n", "/a", "/x"},
		{"an agent of two words is its first", "user-agent: leakwatch images\ndisallow: /x\n", "/a", "/x"},
		{"star with words after it", "user-agent: * baz\ndisallow: /x\n", "/a", "/x"},
		{"star is no wildcard within a name", "user-agent: leak*\ndisallow: /\n", "/x", ""},
		{"path is case-sensitive", us + "disallow: /X/\n", "/x/y", "/X/y"},
		{"the longest match wins, deny", us + "disallow: /x/page.html\nallow: /x/\n", "/x/ /x/a", "/x/page.html"},
		{"the longest match wins, allow", us + "allow: /x/page.html\ndisallow: /x/\n", "/x/page.html", "/x/ /x/a"},
		{"allow wins a tie", us + "disallow: /x\nallow: /x\n", "/x /x/y", ""},
		{"allow wins a tie whatever the order", us + "allow: /x\ndisallow: /x\n", "/x /x/y", ""},
		{"empty rules say nothing", us + "disallow:\nallow:\n", "/x", ""},
		{"root only", us + "disallow: /\nallow: /$\n", "/", "/x /?a=b"},
		{"wildcard allow beats shorter", us + "disallow: /x\nallow: /x/\n", "/x/", "/x /xyz"},
		{"a longer wildcard wins", us + "disallow: /x/page\nallow: /x/*.html\n", "/x/page.html", "/x/page"},
		{"prefix", us + "disallow: /fish\n", "/Fish.asp /catfish /?id=fish", "/fish /fish.html /fish/salmon.html /fishheads /fish.php?id=anything"},
		{"prefix with star at its end", us + "disallow: /fish*\n", "/Fish.asp /catfish", "/fish /fish.html /fishheads/yummy.html"},
		{"folder", us + "disallow: /fish/\n", "/fish /fish.html /animals/fish/", "/fish/ /fish/?id=1 /fish/salmon.htm"},
		{"star within", us + "disallow: /*.php\n", "/ /windows.PHP", "/filename.php /folder/filename.php /folder/filename.php?p=1 /folder/any.php.file.html /filename.php/"},
		{"star and end", us + "disallow: /*.php$\n", "/filename.php?p /filename.php/ /filename.php5 /windows.PHP", "/filename.php /folder/filename.php"},
		{"two stars", us + "disallow: /fish*.php\n", "/Fish.PHP /fish/x", "/fish.php /fishheads/catfish.php?parameters"},
		{"the end sign elsewhere is a character", us + "disallow: /a$b\n", "/a /axb", "/a$b /a$bc"},
		{"patterns are anchored at the start", us + "disallow: /b*c\n", "/a/b/c", "/b/c /bc"},
		{"precedence 1", us + "allow: /p\ndisallow: /\n", "/page", "/x"},
		{"precedence 2", us + "allow: /folder\ndisallow: /folder\n", "/folder/page", ""},
		{"precedence 3", us + "allow: /page\ndisallow: /*.htm\n", "", "/page.htm"},
		{"precedence 4", us + "allow: /$\ndisallow: /\n", "/", "/page.html"},
		{"escapes of one character are equal", us + "disallow: /foo/bar?qux=taz&baz=http://foo.bar\n", "/foo/bar", "/foo/bar?qux=taz&baz=http://foo.bar"},
		{"an escaped rule, a plain path", us + "disallow: /foo/bar/%E3%83%84\n", "/foo/bar/", "/foo/bar/ツ /foo/bar/%e3%83%84"},
		{"a plain rule, an escaped path", us + "disallow: /foo/bar/ツ\n", "/foo/bar/", "/foo/bar/%E3%83%84 /foo/bar/ツ"},
		{"escaped ASCII is the same letter", us + "disallow: /foo/bar/%62%61%7A\n", "/foo/bar/", "/foo/bar/baz"},
		{"an escaped slash is no slash", us + "disallow: /a%2Fb\n", "/a/b", "/a%2Fb /a%2fb"},
		{"comments", us + "disallow: /x # all of it\n# disallow: /y\ndisallow: /z#a\n", "/y", "/x /z"},
		{"CRLF", strings.ReplaceAll(us+"disallow: /x\ndisallow: /y\n", "\n", "\r\n"), "/a", "/x /y"},
		{"CR", strings.ReplaceAll(us+"disallow: /x\ndisallow: /y\n", "\n", "\r"), "/a", "/x /y"},
		{"no newline at the end", us + "disallow: /x", "/a", "/x"},
		{"byte order mark", "\xef\xbb\xbf" + us + "disallow: /x\n", "/a", "/x"},
		{"half a mark is rubbish on one line", "\xef\xbb" + us + "disallow: /x\n", "/x", ""},
		{"spaces around", "  user-agent  :   leakwatch  \n\tdisallow\t:\t/x\t\n", "/a", "/x"},
		{"a faulty crawl-delay does not spoil the rest", us + "crawl-delay: soon\ndisallow: /x\n", "/a", "/x"},
		{"unknown lines between", us + "sitemap: http://a.test/s.xml\nhost: a.test\ndisallow: /x\n", "/a", "/x"},
		{"a sitemap does not end the agents", "user-agent: foo\nsitemap: /s.xml\n" + us + "disallow: /x\n", "/a", "/x"},
		{"index.html is no folder", us + "allow: /allowed-slash/index.html\ndisallow: /\n", "/allowed-slash/index.html", "/allowed-slash/ /other"},
		{"a rule without a slash matches nothing", us + "disallow: x\n", "/x /y", ""},
		{"a rule that is a wildcard", us + "disallow: *x\n", "/a", "/x /a/x"},
		{"robots.txt is always allowed", us + "disallow: /\n", "/robots.txt", "/robots.txt.bak"},
		{"query", us + "disallow: /*?\n", "/a", "/a? /a?b /?x"},
		{"HTML instead of rules", "<!doctype html><html><body>not found</body></html>", "/ /x", ""},
		{"a long line is skipped", us + "disallow: /" + strings.Repeat("x", 5000) + "\ndisallow: /y\n", "/x", "/y"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := parseRobots([]byte(tc.file))
			for _, p := range strings.Fields(tc.allow) {
				if !r.allows(at(t, p)) {
					t.Errorf("%s is forbidden, want allowed", p)
				}
			}
			for _, p := range strings.Fields(tc.deny) {
				if r.allows(at(t, p)) {
					t.Errorf("%s is allowed, want forbidden", p)
				}
			}
		})
	}
}

func at(t *testing.T, p string) *url.URL {
	t.Helper()
	u, err := url.Parse("http://a.test" + p)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestRobotsByStatus(t *testing.T) {
	for status, allowed := range map[int]bool{200: false, 204: false, 400: true, 401: true, 403: true, 404: true, 410: true,
		429: false, 500: false, 502: false, 503: false, 0: false, 304: true} {
		r := robotsFor(status, []byte("user-agent: *\ndisallow: /\n"))
		if r.allows(at(t, "/x")) != allowed {
			t.Errorf("status %d: allowed %v, want %v", status, !allowed, allowed)
		}
	}
}

func TestAGiantRobotsFileIsReadUpToItsLimit(t *testing.T) {
	head := "user-agent: *\ndisallow: /x\n"
	r := parseRobots([]byte(head + strings.Repeat("disallow: /aaaaaaaaaaaaaaaaaaaaaaaa*b*c*d*e*f\n", 100_000)))
	if r.allows(at(t, "/x")) || len(r.rules) > maxRobotsRules {
		t.Errorf("%d rules kept; the first forbids %v", len(r.rules), !r.allows(at(t, "/x")))
	}
	r.allows(at(t, "/"+strings.Repeat("a", 1900)))
}

func TestRobotsAreAskedOnceADayAndAtEachHop(t *testing.T) {
	s := newShop(5)
	s.robots = "User-agent: *\nDisallow: /secret/\n"
	s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.URL.Path == "/shop/item/3/":
			http.Redirect(w, r, "/secret/3/", http.StatusFound)
			return true
		case strings.HasPrefix(r.URL.Path, "/secret/"):
			t.Errorf("%s was fetched: a redirect led past robots.txt", r.URL.Path)
		}
		return false
	}
	w := newWorld(t, s, "/shop/")
	w.crawl()
	w.crawl()
	if n := s.hits["/robots.txt"]; n != 1 {
		t.Errorf("robots.txt asked for %d times in an hour", n)
	}
	w.now = w.now.Add(robotsAge)
	w.crawl()
	if n := s.hits["/robots.txt"]; n != 2 {
		t.Errorf("robots.txt asked for %d times after a day", n)
	}
	if len(w.sink.listings) != 4 {
		t.Errorf("%d listings, want 4", len(w.sink.listings))
	}
}

func TestRobotsRedirectsAreFollowedFiveTimes(t *testing.T) {
	for hops, want := range map[int]Health{0: Disallowed, 5: Disallowed, 6: OK} {
		s := newShop(3)
		s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
			n := 0
			if r.URL.Path != "/robots.txt" {
				if _, err := fmt.Sscanf(r.URL.Path, "/r%d", &n); err != nil {
					return false
				}
			}
			if n < hops {
				http.Redirect(w, r, fmt.Sprintf("/r%d", n+1), http.StatusMovedPermanently)
			} else {
				fmt.Fprint(w, "user-agent: *\ndisallow: /\n")
			}
			return true
		}
		w := newWorld(t, s, "/shop/")
		w.wantHealth(w.crawl(), want)
	}
}

func TestRobotsCanBeIgnoredByTheConfig(t *testing.T) {
	s := newShop(3)
	s.robots = "user-agent: *\ndisallow: /\n"
	w := newWorld(t, s, "/shop/")
	w.src.Robots = "ignore"
	w.wantHealth(w.crawl(), OK)
	if s.hits["/robots.txt"] != 0 {
		t.Error("robots.txt was asked for")
	}
}

func TestCrawlDelayIsKeptWithinReason(t *testing.T) {
	for in, want := range map[string]time.Duration{"2": 2 * time.Second, "0.5": time.Second / 2, "86400": maxCrawlDelay,
		"-1": 0, "NaN": 0, "Inf": maxCrawlDelay, "1e300": maxCrawlDelay, "x": 0} {
		if got := parseRobots([]byte("user-agent: *\ncrawl-delay: " + in + "\n")).delay; got != want {
			t.Errorf("crawl-delay %s: %v, want %v", in, got, want)
		}
	}
}

func FuzzRobots(f *testing.F) {
	f.Add([]byte("user-agent: *\ndisallow: /*a*b$\nallow: /%e3%83"), "/a/b?c")
	f.Fuzz(func(t *testing.T, data []byte, p string) {
		r := parseRobots(data)
		u, err := url.Parse("http://a.test/" + p)
		if err != nil {
			return
		}
		r.allows(u)
		if !r.allows(&url.URL{Path: "/robots.txt"}) {
			t.Error("robots.txt itself is forbidden")
		}
	})
}

func TestARobotsRedirectCannotReachAnotherPrivateAddress(t *testing.T) {
	canary := newShop(1)
	other := newWorld(t, canary, "/robots.txt")
	for _, to := range []string{other.src.URL, strings.Replace(other.src.URL, "127.0.0.1", "localhost", 1), "http://169.254.169.254/", "http://[::1]:80/"} {
		s := newShop(3)
		s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/robots.txt" {
				http.Redirect(w, r, to, http.StatusFound)
				return true
			}
			return false
		}
		w := newWorld(t, s, "/shop/")
		w.crawl()
		if canary.requests() != 0 {
			t.Errorf("%s was asked", to)
		}
	}
}
