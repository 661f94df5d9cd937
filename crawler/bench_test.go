package crawler

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gocolly/colly/v2"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer/indextest"
)

// benchForum serves list pages of 50 rows and detail pages of 25 KB with 60
// links and six fields.
func benchForum(details int) http.Handler {
	nav := strings.Builder{}
	for i := range 50 {
		fmt.Fprintf(&nav, `<li><a href="/forum/board-%d/?sort=new&amp;view=full">Board %d</a></li>`, i, i)
	}
	filler := strings.Repeat(`<div class="post"><p>人脸照片 5000 张十元 with names and cards, 出售身份证照片，联系方式见下。 Fresh lots every week.</p></div>`+"\n", 120)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/item/%d/", &n); err == nil {
			fmt.Fprintf(w, `<!DOCTYPE html><html><head><title>Lot %d</title></head><body><ul class=nav>%s</ul><h1 class=title>Lot %d</h1>
<span class=seller>seller%d</span><span class=price>¥%d.00</span><time class=posted datetime="2026-02-0%dT10:00:00Z"></time><span class=stock>%d</span><div class=body>%s</div></body></html>`,
				n, nav.String(), n, n%9, n%50, n%9+1, n, filler)
			return
		}
		if _, err := fmt.Sscanf(r.URL.RequestURI(), "/list/%d", &n); err != nil {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, "<!DOCTYPE html><html><body><ul>")
		for i := n * 50; i < min(n*50+50, details); i++ {
			fmt.Fprintf(w, `<li class=item><a href="/item/%d/">Lot %d</a></li>`, i, i)
		}
		fmt.Fprint(w, "</ul>")
		if n*50+50 < details {
			fmt.Fprintf(w, `<a class=next href="/list/%d">next</a>`, n+1)
		}
		fmt.Fprint(w, "</body></html>")
	})
}

// BenchmarkCrawl reads a forum with everything that a crawl does; compare its
// ns/page with that of BenchmarkPlainColly in the same run.
func BenchmarkCrawl(b *testing.B) {
	const details = 500
	srv := httptest.NewServer(benchForum(details))
	defer srv.Close()
	sel := config.Selectors{Item: "li.item", Link: "a", Next: "a.next", Title: "h1.title", Body: ".body", Seller: ".seller", Price: ".price", Posted: ".posted"}
	src := config.Source{ID: "b", URL: srv.URL + "/list/0", AllowPrivate: true, Pace: time.Nanosecond, MaxPages: 10_000, MaxDepth: 1000, Kind: "selectors", Selectors: sel}
	for b.Loop() {
		state := indextest.NewMemory()
		sink := newFakeSink(state)
		if _, err := New(Options{State: state, Sink: sink}).Crawl(b.Context(), src, time.Now()); err != nil || len(sink.listings) != details {
			b.Fatalf("%d listings, %v", len(sink.listings), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(details*1.02), "ns/page")
}

// BenchmarkPlainColly reads the same with six OnHTML selectors, as colly's
// own examples do, and keeps the fields.
func BenchmarkPlainColly(b *testing.B) {
	const details = 500
	srv := httptest.NewServer(benchForum(details))
	defer srv.Close()
	for b.Loop() {
		c := colly.NewCollector()
		titles := map[string]bool{}
		c.OnHTML("h1.title", func(e *colly.HTMLElement) { titles[e.Text] = true })
		for _, field := range []string{".body", ".seller", ".price", ".posted"} {
			c.OnHTML(field, func(e *colly.HTMLElement) { _ = e.Text })
		}
		c.OnHTML("a[href]", func(e *colly.HTMLElement) {
			if link := e.Request.AbsoluteURL(e.Attr("href")); strings.Contains(link, "/item/") || strings.Contains(link, "/list/") {
				_ = c.Visit(link)
			}
		})
		if err := c.Visit(srv.URL + "/list/0"); err != nil || len(titles) != details {
			b.Fatalf("%d titles, %v", len(titles), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(details*1.02), "ns/page")
}
