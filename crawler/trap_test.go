package crawler

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// trapSite is a shop of 25 lists and 1,000 listings, beside which eight
// generators make pages without end.
type trapSite struct {
	mu     sync.Mutex // protects all below
	items  map[string]int
	wasted map[string]int
}

func (s *trapSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	p := r.URL.Path
	switch {
	case p == "/":
		s.shopPage(w, 1)
	case strings.HasPrefix(p, "/list/"):
		n := 1
		fmt.Sscanf(p, "/list/%d/", &n)
		if n > 25 || r.URL.RawQuery != "" {
			s.wasted["beyond"]++
			s.shopPage(w, n) // the last page again and again
			return
		}
		s.shopPage(w, n)
	case strings.HasPrefix(p, "/item/"):
		if r.URL.RawQuery != "" {
			s.wasted["session"]++
		} else {
			s.items[p]++
		}
		id := strings.Trim(strings.TrimPrefix(p, "/item/"), "/")
		s.page(w, "Face photos lot "+id, fmt.Sprintf(`<article><h1>Face photos lot %s</h1><p class="price">¥%d.50</p>
<p>Lot %s: five thousand faces with names and cards, fresh this week, sold once. Ask for samples of lot %s.</p></article>`, id, len(id)*7, id, id))
	default:
		s.trap(w, r)
	}
}

func (s *trapSite) page(w http.ResponseWriter, title, body string) {
	fmt.Fprintf(w, `<!DOCTYPE html><html><head><title>%s</title></head><body><nav><a href="/">Home</a> <a href="/calendar/2026/3/">Calendar</a>
<a href="/deep/">Archive</a> <a href="/tags/">Tags</a> <a href="/query/?a=1">Filter</a> <a href="/repeat/">More</a></nav>%s<footer>2026</footer></body></html>`, title, body)
}

func (s *trapSite) shopPage(w http.ResponseWriter, n int) {
	var b strings.Builder
	fmt.Fprintf(&b, `<h1>Lots, page %d</h1><p>Sort: `, n)
	for _, by := range []string{"price", "name", "new", "old"} {
		fmt.Fprintf(&b, `<a href="/list/%d/?sort=%s">%s</a> `, n, by, by)
	}
	b.WriteString(`</p><ul class="lots">`)
	last := min(n, 25)
	for i := (last - 1) * 40; i < last*40; i++ {
		fmt.Fprintf(&b, `<li class="lot"><h3><a href="/item/%d/">Face photos lot %d</a></h3><span class="price">¥%d.50</span></li>`, i+1, i+1, i%90)
	}
	for i, kind := range []string{"calendar/2026/3", "repeat", "query", "deep", "tags"} { // and among the rows
		fmt.Fprintf(&b, `<li class="lot"><h3><a href="/%s/?from=%d%d">%s of the week</a></h3></li>`, kind, n, i, kind)
	}
	b.WriteString(`</ul><div class="pagination">`)
	if n > 1 {
		fmt.Fprintf(&b, `<a rel="prev" href="/list/%d/">Previous</a> `, n-1)
	}
	fmt.Fprintf(&b, `<a rel="next" href="/list/%d/">Next</a></div>`, n+1) // even after the last
	s.page(w, fmt.Sprintf("Lots %d", n), b.String())
}

func (s *trapSite) trap(w http.ResponseWriter, r *http.Request) {
	kind, _, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	s.wasted[kind]++
	h := fnv.New32()
	h.Write([]byte(r.URL.RequestURI()))
	seed := h.Sum32()
	var b strings.Builder
	fmt.Fprintf(&b, `<h1>%s</h1><ul class="lots">`, kind)
	link := func(href, text string) {
		fmt.Fprintf(&b, `<li class="lot"><h3><a href="%s">%s</a></h3></li>`, href, text)
	}
	switch kind {
	case "calendar":
		var y, m int
		fmt.Sscanf(r.URL.Path, "/calendar/%d/%d/", &y, &m)
		for d := range 28 {
			link(fmt.Sprintf("/calendar/%d/%d/%d/", y, m, d+1), fmt.Sprintf("%d-%d-%d", y, m, d+1))
		}
		y, m = y+m/12, m%12+1
		fmt.Fprintf(&b, `</ul><a rel="next" href="/calendar/%d/%d/">Next month</a><ul>`, y, m)
	case "repeat":
		for i := range 10 {
			link(r.URL.Path+fmt.Sprintf("more/%d/", i%3), fmt.Sprintf("more %d", i))
		}
	case "query":
		for i := range 10 {
			q := r.URL.Query()
			q.Set(fmt.Sprintf("f%d", (int(seed)+i)%40), fmt.Sprint(i))
			link("/query/?"+q.Encode(), fmt.Sprintf("filter %d", i))
		}
	case "deep":
		for i := range 10 {
			link(fmt.Sprintf("%sx%d/", r.URL.Path, (seed+uint32(i))%1000), fmt.Sprintf("folder %d", i))
		}
	case "tags":
		for i := range 20 {
			link(fmt.Sprintf("/tags/t%d/", seed+uint32(i)), fmt.Sprintf("tag %d", seed+uint32(i)))
		}
		fmt.Fprintf(&b, `</ul><a rel="next" href="/tags/?page=%d">Next</a><ul>`, seed)
	}
	b.WriteString("</ul>")
	s.page(w, kind, b.String())
}

func TestTrapsEndAndTheRealPartIsReadWhole(t *testing.T) {
	for _, kind := range []string{"auto", "selectors"} {
		t.Run(kind, func(t *testing.T) {
			s := &trapSite{items: map[string]int{}, wasted: map[string]int{}}
			w := newWorld(t, s, "/")
			w.src.Kind, w.src.MaxPages, w.src.MaxDepth = kind, 1500, 200
			w.src.Selectors.Item, w.src.Selectors.Link, w.src.Selectors.Next = "li.lot", "a", "a[rel=next]"
			w.src.Selectors.Title, w.src.Selectors.Body = "article h1", "article"
			rep := w.crawl()
			wasted := 0
			for _, n := range s.wasted {
				wasted += n
			}
			if len(s.items) != 1000 {
				t.Errorf("%d of 1000 real pages were read", len(s.items))
			}
			for p, n := range s.items {
				if n > 1 {
					t.Errorf("%s was fetched %d times", p, n)
				}
			}
			if wasted > w.src.MaxPages/20 {
				t.Errorf("%d requests went into traps, at most %d may: %v", wasted, w.src.MaxPages/20, s.wasted)
			}
			t.Logf("%d requests, wasted %v, health %s, problems %q, cut %q", rep.Requests, s.wasted, rep.Health, rep.Problems, rep.Cut)
		})
	}
}

func TestAddressesThatAreNeverFetched(t *testing.T) {
	start, _ := url.Parse("http://market.example/shop/index.php")
	s := newScope(newWorld(t, newShop(0), "/").src, start)
	for in, want := range map[string]verdict{
		"http://market.example/shop/item-5/": fetchIt, "http://www.market.example/x": fetchIt, "http://market.example:80/x": fetchIt,
		"http://market.example/how-to-edit-photos/": fetchIt, "http://market.example/item/delete-this-lot-7": fetchIt, "http://market.example/?id=5&page=2": fetchIt,
		"http://market.example/viewtopic.php?f=3&t=9": fetchIt, "http://market.example/2026/03/01/post": fetchIt,
		"http://market.example:8080/x": offHost, "http://evil.example/?market.example": offHost, "http://market.example.evil.example/": offHost, "http://sub.market.example/": offHost,
		"http://market.example@evil.example/": offHost, "ftp://market.example/": offScheme,
		"http://market.example/user/logout/": actionLink, "http://market.example/logout.php?x=1": actionLink, "http://market.example/ucp.php?mode=logout": actionLink,
		"http://market.example/?add-to-cart=12": actionLink, "http://market.example/basket/add/1/": actionLink, "http://market.example/member.php?mod=logging&action=login": actionLink,
		"http://market.example/topic/5/edit/": actionLink, "http://market.example/comment/like/1/create/": actionLink, "http://market.example/post/7/DELETE": actionLink,
		"http://market.example/a.zip": noPage, "http://market.example/dump.SQL": noPage, "http://market.example/x/photo.JPG": noPage, "http://market.example/list.csv?x": noPage,
		"http://market.example/a/b/a/b/a/b/": trapPath, "http://market.example/x/x/x/": trapPath, "http://market.example/" + strings.Repeat("ab/cd", 20): trapPath,
		"http://market.example/?a=1&a=2&a=3&a=4": trapQuery, "http://market.example/?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1": trapQuery,
		"http://market.example/" + strings.Repeat("x", 3000): tooLong,
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.judge(clean(u)); got != want {
			t.Errorf("%.80s: %q, want %q", in, got, want)
		}
	}
}

func TestIncludeAndExclude(t *testing.T) {
	w := newWorld(t, newShop(0), "/")
	start, _ := url.Parse("http://m.example/forum/sub/")
	w.src.Include, w.src.Exclude = []string{"/forum/", "/trade"}, []string{"/forum/news"}
	s := newScope(w.src, start)
	for p, want := range map[string]verdict{"/forum/": fetchIt, "/forum/a": fetchIt, "/trade": fetchIt, "/trade/1": fetchIt, "/traders": offInclude, "/": offInclude,
		"/forum": offInclude, "/forum/news": excluded, "/forum/news/1": excluded, "/forum/newsletter": fetchIt} {
		if got := s.judge(&url.URL{Scheme: "http", Host: "m.example", Path: p}); got != want {
			t.Errorf("%s: %q, want %q", p, got, want)
		}
	}
	w.src.Include = nil
	s = newScope(w.src, start)
	for p, want := range map[string]verdict{"/forum/sub/a/": fetchIt, "/forum/": offInclude, "/other/": offInclude} {
		if got := s.judgeList(&url.URL{Scheme: "http", Host: "m.example", Path: p}); got != want {
			t.Errorf("list %s: %q, want %q", p, got, want)
		}
	}
}

func TestCanonicalAddresses(t *testing.T) {
	for _, same := range [][]string{
		{"http://a.example/x?b=2&a=1", "https://www.b.example:8443/x?a=1&b=2#top", "http://u:p@a.example/x?a=1&utm_source=z&b=2", "/x?a=1&b=2&PHPSESSID=1234", "http://a.example/x?a=1&sid=0123456789abcdef0123456789abcdef&b=2"},
		{"http://a.example", "http://a.example/", "http://a.example/?", "http://a.example/?fbclid=x", "http://a.example/;jsessionid=ABC"},
	} {
		for _, a := range same {
			if Canonical(a) != Canonical(same[0]) {
				t.Errorf("%s is %s, want %s", a, Canonical(a), Canonical(same[0]))
			}
		}
	}
	for _, differ := range [][2]string{{"/x?sid=1", "/x?sid=2"}, {"/x", "/x/"}, {"/x?s=shoes", "/x?s=socks"}, {"/x?a=1", "/x?a=2"}, {"/X", "/x"}, {"/x?token=5", "/x"}} {
		if Canonical(differ[0]) == Canonical(differ[1]) {
			t.Errorf("%s and %s are the same: %s", differ[0], differ[1], Canonical(differ[0]))
		}
	}
}

func TestStorableAddresses(t *testing.T) {
	for in, want := range map[string]bool{"http://a.example/item/123456/": true, "http://a.example/t/fresh-lot-9?page=3": true,
		"http://a.example/13800138000": false, "http://a.example/110101-19900307-8515": false, "http://a.example/a@b.example": false, "http://a.example/%E5%BC%A0": false,
		"http://a.example/?q=6222.0212.3456": false, "http://a.example:65535/": true} {
		if got := storable(in); got != want {
			t.Errorf("%s: %v, want %v", in, got, want)
		}
	}
}

func FuzzAddresses(f *testing.F) {
	f.Add("http://a.example/x?b=2&a=1&sid=0123456789abcdef0123#y")
	f.Fuzz(func(t *testing.T, in string) {
		u, err := url.Parse(in)
		if err != nil {
			return
		}
		c := clean(u)
		if again := clean(c); again.String() != c.String() {
			t.Errorf("%q: clean is %q, and clean again %q", in, c, again)
		}
		family(c)
		scope := &scope{host: "a.example", folder: "/"}
		scope.judgeList(c)
		Canonical(in)
		storable(in)
	})
}
