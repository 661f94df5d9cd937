package site_test

import (
	"bytes"
	"flag"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler/site"
)

// every returns each kind that reads pages.
func every(t testing.TB) []site.Kind {
	t.Helper()
	sel, err := site.FromSelectors(config.Selectors{Item: "li, tr, .item", Link: "a", Next: "a.next", Title: "h1, a", Body: "div"})
	if err != nil {
		t.Fatal(err)
	}
	kinds := []site.Kind{sel}
	for _, name := range site.Names()[2:] {
		k, err := site.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, k)
	}
	return kinds
}

func page(t testing.TB, body string) *site.Page {
	t.Helper()
	return &site.Page{URL: mustURL(t, "http://site.test/thread-1"), Body: []byte(body), ContentType: "text/html; charset=utf-8", Fetched: fetched}
}

var full = flag.Bool("full", false, "read hostile pages of a megabyte and more, not a tenth of it")

// hostile are pages made to hurt, of a megabyte or more divided by scale;
// html.Parse refuses the first, takes gigabytes for the second and hours for
// the third.
func hostile(scale int) map[string]string {
	if *full {
		scale = 1
	}
	unclosed := strings.Repeat("<b id=%d>", 400)
	ids := make([]any, 400)
	for i := range ids {
		ids[i] = i
	}
	var attrs strings.Builder
	for i := range 200_000 / scale {
		fmt.Fprintf(&attrs, " a%d", i)
	}
	return map[string]string{
		"deep nesting":          strings.Repeat("<div>", 300_000/scale) + "deep",
		"formatting to clone":   "<p>" + fmt.Sprintf(unclosed, ids...) + "</p>" + strings.Repeat("<p>x</p>", 150_000/scale),
		"attributes":            "<b" + attrs.String() + ">x<b" + attrs.String() + ">y",
		"giant text":            strings.Repeat("出售人脸照片 ", 200_000/scale),
		"giant word":            strings.Repeat("a", 2<<20/scale),
		"unclosed tags":         strings.Repeat("<tr><td><a href=/x>出售人脸<li>", 50_000/scale),
		"end tags":              strings.Repeat("<i>", 60_000/scale) + strings.Repeat("<table><td>", 10) + strings.Repeat("</i></p></table>", 60_000/scale),
		"line breaks":           strings.Repeat("<br>", 350_000/scale),
		"links":                 "<ul>" + links(60_000/scale) + "</ul>",
		"page numbers":          strings.Repeat("<a href='?page=2'>2</a> <b>3</b>", 50_000/scale),
		"headings":              strings.Repeat("<h1><h2><h3>", 100_000/scale),
		"tables in tables":      strings.Repeat("<table><tr><td>", 100_000/scale),
		"dates":                 "<ul>" + strings.Repeat("<li class=date>1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1</li>", 20_000/scale) + "</ul>",
		"posts in posts":        strings.Repeat("<div class=post id=p1 data-pk=1>出售", 60_000/scale),
		"comments":              strings.Repeat("<!-- ", 200_000/scale) + "-->",
		"doctype":               "<!doctype " + strings.Repeat("x", 1<<20/scale),
		"json":                  "<script type=application/ld+json>" + strings.Repeat("[", 200_000/scale) + "</script>",
		"json objects":          "<script type=application/ld+json>" + strings.Repeat(`{"@type":"Product","offers":`, 30_000/scale) + "</script>",
		"microdata":             strings.Repeat("<div itemscope itemprop=offers itemtype=https://schema.org/Product>", 100_000/scale),
		"microdata in a row":    strings.Repeat("<div itemscope itemtype=https://schema.org/Product><b itemprop=name>x</b></div>", 20_000/scale),
		"classes":               `<ul><li class="` + strings.Repeat("a b c d ", 100_000/scale) + `"><a href=/1>出售人脸照片</a></ul>`,
		"entities":              strings.Repeat("&amp;&#x4e00;&bogus;&#99999999;", 50_000/scale),
		"nul bytes":             "<div\x00>\x00出售\x00</di\x00v>" + strings.Repeat("\x00", 1<<20/scale),
		"invalid utf-8":         strings.Repeat("\xff\xfe<a href=/\xff>\xff</a>", 50_000/scale),
		"meta refresh":          strings.Repeat(`<meta http-equiv=refresh content="0;url=/x">`, 20_000/scale),
		"base":                  strings.Repeat(`<base href="//evil.test/">`, 20_000/scale) + "<a href=x>出售人脸照片</a>",
		"svg":                   strings.Repeat("<svg><path/><foreignObject>", 50_000/scale),
		"select":                strings.Repeat("<select><option>", 100_000/scale),
		"forms":                 strings.Repeat("<form><button>", 100_000/scale),
		"similar shapes":        "<table>" + strings.Repeat("<tr><td><a href='/a?b=1&c=2'>出售人脸照片</a>", 20_000/scale),
		"breadcrumbs in frames": strings.Repeat("<div class=nav><a href=/a>出售</a>", 60_000/scale),
		"named for fields":      strings.Repeat("<div class=author><a href=/u>", 50_000/scale),
		"feed":                  `<rss version="2.0"><channel>` + strings.Repeat("<item><title>x</title>", 30_000/scale),
		"feed entities":         `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>`,
	}
}

func links(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<li><a href=/item/%d>出售人脸照片 %d</a></li>", i, i)
	}
	return b.String()
}

func TestHostilePagesDoNoHarm(t *testing.T) {
	for name, body := range hostile(10) {
		t.Run(name, func(t *testing.T) {
			for _, k := range every(t) {
				for _, link := range []*site.Link{nil, {Title: "出售人脸照片"}} {
					p := page(t, body)
					if k.Name() == "feed" {
						p.ContentType = "application/rss+xml"
					}
					res := k.Read(p, site.Hints{Link: link})
					checkCaps(t, res)
				}
			}
			site.Detect(page(t, body))
			page(t, body).Refresh()
		})
	}
}

func checkCaps(t *testing.T, res site.Result) {
	t.Helper()
	if len(res.Details) > 2000 || len(res.Listings) > 1000 || len(res.Next) > 2000 {
		t.Errorf("%d details, %d listings, %d next", len(res.Details), len(res.Listings), len(res.Next))
	}
	for _, l := range res.Listings {
		if len(l.Body) > 256<<10 || len(l.Files) > 64 || len(l.Seller) > 512 || len(l.SiteID) > 512 {
			t.Errorf("listing over its caps: body %d, files %d, seller %d", len(l.Body), len(l.Files), len(l.Seller))
		}
	}
	for _, l := range res.Details {
		if !strings.HasPrefix(l.URL, "http://") && !strings.HasPrefix(l.URL, "https://") {
			t.Errorf("link to %q", l.URL)
		}
	}
}

func TestAListingBehind513DivsIsRead(t *testing.T) {
	for _, wrap := range []string{"<div>", "<div>x ", "<font>", "<b><i>"} {
		body := "<title>出售人脸照片 5000张</title>" + strings.Repeat(wrap, 513) +
			"<h1>出售人脸照片 5000张</h1><div class=author>老王</div><p>10元 飞机 @laowang88</p>"
		if _, err := html.Parse(strings.NewReader(body)); err == nil {
			t.Errorf("%s: html.Parse takes it; this test is of no use any more", wrap)
		}
		k, err := site.ByName("generic")
		if err != nil {
			t.Fatal(err)
		}
		res := k.Read(page(t, body), site.Hints{Link: &site.Link{Title: "出售人脸照片 5000张"}})
		if len(res.Listings) != 1 || !strings.Contains(res.Listings[0].Body, "10元 飞机 @laowang88") || res.Listings[0].Title != "出售人脸照片 5000张" {
			t.Errorf("%s: read %+v", wrap, res.Listings)
		}
	}
	list := strings.Repeat("<div>", 600) + "<ul>" + links(30) + "</ul>"
	k, _ := site.ByName("generic")
	if res := k.Read(page(t, list), site.Hints{}); len(res.Details) != 30 {
		t.Errorf("%d rows of a list behind 600 divs, want 30", len(res.Details))
	}
}

func TestWhatWasCutOffIsNamed(t *testing.T) {
	k, err := site.ByName("generic")
	if err != nil {
		t.Fatal(err)
	}
	pages := hostile(1)
	for name, cut := range map[string]string{"deep nesting": "depth", "attributes": "attributes", "line breaks": "nodes", "links": "links", "giant text": "text"} {
		body := pages[name]
		res := k.Read(page(t, body), site.Hints{})
		got := res.Cut
		for _, l := range res.Listings {
			got = append(got, l.Cut...)
		}
		if !strings.Contains(strings.Join(got, " "), cut) {
			t.Errorf("%s: cut %q, want %q", name, got, cut)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, body := range hostile(100) {
		f.Add([]byte(body[:min(len(body), 2000)]), byte(0))
	}
	f.Add([]byte(`<ul><li><a href="/1">一二三四</a> 3小时前</ul>`), byte(3))
	kinds := every(f)
	f.Fuzz(func(t *testing.T, body []byte, which byte) {
		k := kinds[int(which)%len(kinds)]
		for _, link := range []*site.Link{nil, {Title: "一二三四", URL: "http://site.test/1"}} {
			p := &site.Page{URL: mustURL(t, "http://site.test/list?page=1"), Body: bytes.Clone(body), ContentType: "text/html", Fetched: fetched}
			checkCaps(t, k.Read(p, site.Hints{Link: link}))
			if !bytes.Equal(p.Body, body) {
				t.Error("the body was changed")
			}
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2024-05-03 08:30", "3小时前", "어제 12:30", "May 2, 2024 3:04 pm", "05-01 12:30", "오후 3:20", "1714650000", "半年前"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := site.ParseDate(s, fetched); ok && (d.After(fetched) || d.Year() < 1990) {
			t.Errorf("%q is %s", s, d)
		}
	})
}
