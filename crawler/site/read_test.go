package site_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler/site"
)

func TestDatesAreReadInThreeLanguages(t *testing.T) {
	now := time.Date(2024, 5, 4, 12, 0, 0, 0, time.UTC)
	day := func(y int, m time.Month, d, hour, minute int) time.Time {
		return time.Date(y, m, d, hour, minute, 0, 0, time.UTC)
	}
	for s, want := range map[string]time.Time{
		"2024-05-03T08:30:00+08:00":         day(2024, 5, 3, 0, 30),
		"2024-05-03T08:30:00.123Z":          day(2024, 5, 3, 8, 30).Add(123 * time.Millisecond),
		"2024-05-03T08:30:00+0000":          day(2024, 5, 3, 8, 30),
		"2024-05-03T08:30Z":                 day(2024, 5, 3, 8, 30),
		"Fri, 03 May 2024 08:30:00 +0000":   day(2024, 5, 3, 8, 30),
		"Fri, 03 May 2024 08:30:00 GMT":     day(2024, 5, 3, 8, 30),
		"1714725000":                        day(2024, 5, 3, 8, 30),
		"1714725000000":                     day(2024, 5, 3, 8, 30),
		"2024-05-03 08:30":                  day(2024, 5, 3, 8, 30),
		"发表于 2024-5-3 08:30:00":             day(2024, 5, 3, 8, 30),
		"2024/5/3":                          day(2024, 5, 3, 0, 0),
		"2024.05.03. 08:30":                 day(2024, 5, 3, 8, 30),
		"2024年5月3日 下午3:20":                  day(2024, 5, 3, 15, 20),
		"2024년 5월 3일 오후 3:20":               day(2024, 5, 3, 15, 20),
		"2024년 5월 3일 오전 12:20":              day(2024, 5, 3, 0, 20),
		"24-05-03 08:30":                    day(2024, 5, 3, 8, 30),
		"23.12.31":                          day(2023, 12, 31, 0, 0),
		"03/05/2024":                        day(2024, 5, 3, 0, 0),
		"12/25/2023 08:30":                  day(2023, 12, 25, 8, 30),
		"May 3, 2024":                       day(2024, 5, 3, 0, 0),
		"May 3rd, 2024 at 3:04 pm":          day(2024, 5, 3, 15, 4),
		"Fri May 03, 2024 12:01 am":         day(2024, 5, 3, 0, 1),
		"3 May 2024":                        day(2024, 5, 3, 0, 0),
		"3 September 2023, 08:30":           day(2023, 9, 3, 8, 30),
		"Dec 25":                            day(2023, 12, 25, 0, 0),
		"05-03 08:30":                       day(2024, 5, 3, 8, 30),
		"12-25":                             day(2023, 12, 25, 0, 0),
		"5月3日":                              day(2024, 5, 3, 0, 0),
		"08:30":                             day(2024, 5, 4, 8, 30),
		"23:10":                             day(2024, 5, 3, 23, 10),
		"3小时前":                              day(2024, 5, 4, 9, 0),
		"3 小時前":                             day(2024, 5, 4, 9, 0),
		"半小时前":                              day(2024, 5, 4, 11, 30),
		"5 分钟前":                             day(2024, 5, 4, 11, 55),
		"2天前":                               day(2024, 5, 2, 12, 0),
		"3시간 전":                             day(2024, 5, 4, 9, 0),
		"10분전":                              day(2024, 5, 4, 11, 50),
		"2일 전":                              day(2024, 5, 2, 12, 0),
		"2 hours ago":                       day(2024, 5, 4, 10, 0),
		"an hour ago":                       day(2024, 5, 4, 11, 0),
		"a day ago":                         day(2024, 5, 3, 12, 0),
		"3 weeks ago":                       day(2024, 4, 13, 12, 0),
		"5m":                                day(2024, 5, 4, 11, 55),
		"3h":                                day(2024, 5, 4, 9, 0),
		"刚刚":                                now,
		"just now":                          now,
		"방금":                                now,
		"昨天 08:30":                          day(2024, 5, 3, 8, 30),
		"前天 08:30":                          day(2024, 5, 2, 8, 30),
		"今天 08:30":                          day(2024, 5, 4, 8, 30),
		"어제 08:30":                          day(2024, 5, 3, 8, 30),
		"오늘":                                day(2024, 5, 4, 0, 0),
		"Yesterday at 8:30 PM":              day(2024, 5, 3, 20, 30),
		"2024-05-04 20:00":                  now, // the clock of the site is ahead
		"2024-05-09":                        {},
		"1024":                              {},
		"¥ 3.50":                            {},
		"13/13/2024":                        {},
		"2024-02-31":                        {},
		"出售人脸照片":                            {},
		"":                                  {},
		strings.Repeat("1-", 1000) + "2024": {},
	} {
		got, ok := site.ParseDate(s, now)
		if ok == want.IsZero() || !got.Equal(want) {
			t.Errorf("%q is %v %v, want %v", s, got, ok, want)
		}
	}
}

func TestTextIsWhatAReaderSees(t *testing.T) {
	for markup, want := range map[string]string{
		"a<br>b<p>c</p>d": "a\nb\nc\nd",
		"<table><tr><td>张三</td><td>1101</td><td>138</td></tr><tr><td>x</td></tr></table>y": "张三\t1101\t138\nx\ny",
		"a  <b> b</b>\n c":                                     "a b c",
		"<pre>a\n  b\tc</pre>":                                 "a\nb\tc",
		"a<script>x</script><style>y</style><!-- z -->b":       "ab",
		"a<span style='display : NONE'>x</span>b":              "ab",
		"a<span style='color:red;visibility:hidden'>x</span>b": "ab",
		"a<span hidden>x</span><template>y</template>b":        "ab",
		"<span style='opacity:0.01'>kept</span>":               "kept",
		"<noscript>x</noscript><iframe>y</iframe>b":            "b",
		`<a class="__cf_email__" data-cfemail="41352831320124392c312d246f2e3326">[email&#160;protected]</a>`: "tips@exmple.org",
		`<img class="emoji" alt="💰">5<img alt="a photo" src=x.jpg>`:                                          "💰5",
		`<input readonly value="tg @x"><input value="no">`:                                                   "tg @x",
		"<select><option>1<option>2</select>b":                                                               "b",
		"<ul><li>a<li>b</ul>":                                                                                "a\nb",
		"出&shy;售&#x200b;人脸":                                                                                  "出\u00ad售\u200b人脸",
		"a\x00b\x1bc":                                                                                        "abc",
	} {
		if got := site.Text(page(t, markup).Root()); got != want {
			t.Errorf("%s\n got %q\nwant %q", markup, got, want)
		}
	}
}

func TestFaultsOfSelectorsAreAllTold(t *testing.T) {
	faults := site.CheckSelectors(config.Selectors{Link: "a[", Next: "a:what", Body: "p"})
	var keys []string
	for _, f := range faults {
		keys = append(keys, f.Key)
		if f.Error() == "" || f.Wanted == "" {
			t.Errorf("fault without words: %+v", f)
		}
	}
	if diff := cmp.Diff([]string{"link", "next", "item"}, keys); diff != "" {
		t.Error(diff)
	}
	if _, err := site.FromSelectors(config.Selectors{Item: "li"}); err == nil {
		t.Error("selectors without title and body were taken")
	}
	if faults := site.CheckSelectors(config.Selectors{Item: "li", Title: "a, h1"}); faults != nil {
		t.Error(faults)
	}
}

func TestSelectorsReadListAndDetail(t *testing.T) {
	k, err := site.FromSelectors(config.Selectors{Item: "div.row", Link: "a.t", Next: "a.more", Title: "h1", Body: "div.text", Seller: ".by", Price: ".p", Posted: "time", ID: "[data-id]"})
	if err != nil {
		t.Fatal(err)
	}
	list := page(t, `<div class=row data-id=7><a class=t href=/i/7>出售</a><time datetime="2024-05-01T00:00:00Z">x</time></div><div class=row>no link</div><a class=more href="?p=2">more</a>`)
	res := k.Read(list, site.Hints{})
	if len(res.Details) != 1 || !res.List || res.Details[0].URL != "http://site.test/i/7" || res.Details[0].SiteID != "7" || res.Details[0].Title != "出售" || res.Details[0].Posted.IsZero() {
		t.Errorf("%+v", res)
	}
	if diff := cmp.Diff([]string{"http://site.test/thread-1?p=2"}, res.Next); diff != "" {
		t.Error(diff)
	}
	res = k.Read(page(t, `<h1>出售人脸</h1><p class=by>老王</p><b class=p>¥3</b><div class=text>a<br>b<img src=/x/c.jpg></div>`), site.Hints{Source: "s", Link: &res.Details[0]})
	if len(res.Listings) != 1 {
		t.Fatalf("%+v", res)
	}
	l := res.Listings[0]
	got := []string{l.Source, l.SiteID, l.Title, l.Body, l.Seller, l.Price, l.Files[0], l.PostedAt.Format(time.DateOnly)}
	if diff := cmp.Diff([]string{"s", "7", "出售人脸", "a\nb", "老王", "¥3", "c.jpg", "2024-05-01"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestItemsWithoutAPageAreListings(t *testing.T) {
	k, err := site.FromSelectors(config.Selectors{Item: "li", Title: "b", Body: "p"})
	if err != nil {
		t.Fatal(err)
	}
	res := k.Read(page(t, `<li><b>one</b><p>1</p><li><b>two</b><p>2</p>`), site.Hints{})
	if len(res.Listings) != 2 || res.Listings[0].SiteID == res.Listings[1].SiteID || res.Listings[0].Body != "1" {
		t.Errorf("%+v", res.Listings)
	}
}

func TestARowChangesWithWhatItOffersOnly(t *testing.T) {
	k, err := site.ByName("generic")
	if err != nil {
		t.Fatal(err)
	}
	row := func(inner string) string {
		rows := `<table><tr><td><a href="/t/1">出售人脸照片 5000张</a>` + inner + `</tr>` +
			`<tr><td><a href="/t/2">床上四件套 全棉</a></tr><tr><td><a href="/t/3">代过人脸认证 接单</a></tr></table>`
		for _, l := range k.Read(page(t, rows), site.Hints{}).Details {
			if strings.HasSuffix(l.URL, "/t/1") {
				return l.Row
			}
		}
		t.Fatal("no row")
		return ""
	}
	base := row(`<td>10元<td class=views>17<td>3小时前`)
	for _, same := range []string{`<td>10元<td class=views>18<td>3小时前`, `<td>10元<td class=views>17<td>4小时前`, `<td>10元<td class="views hot">99<td>昨天`, `<td> 10元 <td class=views>17<td>just now`} {
		if row(same) != base {
			t.Errorf("%s is another row", same)
		}
	}
	exact := row(`<td>10元<td><span title="2024-5-3 08:00">4 小时前</span>`)
	for _, same := range []string{`<td>10元<td><span title="2024-5-3 08:00">昨天 08:00</span>`, `<td>10元<td>2024-5-3 08:00`, `<td>10元<td><span>2024-5-3 08:00</span>`} {
		if row(same) != exact {
			t.Errorf("%s is another row", same)
		}
	}
	today := row(`<td>10元<td>12:40`)
	for _, same := range []string{`<td>10元<td>05-03`, `<td>10元<td>昨天 12:40`, `<td>10元<td>Yesterday at 12:40`, `<td>10元<td>05-03 12:40`} {
		if row(same) != today {
			t.Errorf("%s is another row", same)
		}
	}
	for _, other := range []string{`<td>9元<td class=views>17<td>3小时前`, `<td>10元 已售<td class=views>17<td>3小时前`, `<td>10元<td class=replies>2<td class=views>17<td>3小时前`} {
		if row(other) == base {
			t.Errorf("%s is the same row", other)
		}
	}
}

func TestTheNextPageIsFound(t *testing.T) {
	const rows = `<ul><li class=item><a href="/t/101">出售人脸照片 5000张</a><li class=item><a href="/t/102">床上四件套 全棉</a><li class=item><a href="/t/103">代过人脸认证 接单</a></ul>`
	k, err := site.ByName("generic")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ at, bar, want string }{
		{"/list", `<a href="?page=2" rel=next>x</a>`, "/list?page=2"},
		{"/list", `<link rel="next" href="/list/page/2">`, "/list/page/2"},
		{"/list", `<a href="?page=2">下一页</a>`, "/list?page=2"},
		{"/list", `<a href="?page=2">다음</a>`, "/list?page=2"},
		{"/list", `<a href="?page=2">Next »</a>`, "/list?page=2"},
		{"/list", `<a href="?page=2">»</a>`, "/list?page=2"},
		{"/list", `<a href="?page=2"><img alt="下一页" src=n.gif></a>`, "/list?page=2"},
		{"/list", `<a class="pg next" href="?page=2"><i></i></a>`, "/list?page=2"},
		{"/list", `<a href="?page=2" aria-label="Next page"><svg></svg></a>`, "/list?page=2"},
		{"/list", `<b>1</b> <a href="?page=2">2</a> <a href="?page=3">3</a>`, "/list?page=2"},
		{"/list?page=2", `<a href="?page=1">1</a> 2 <a href="?page=3">3</a> <a href="?page=4">4</a>`, "/list?page=3"},
		{"/forum-2-1.html", `<a href="forum-2-2.html">2</a> <a href="forum-2-3.html">3</a>`, "/forum-2-2.html"},
		{"/forum-2-2.html", `<a href="forum-2-1.html">1</a> <strong>2</strong> <a href="forum-2-3.html">3</a>`, "/forum-2-3.html"},
		{"/list", `<ul><li class=active><a href="/list">1</a></li><li><a href="/list?start=25">2</a></li></ul>`, "/list?start=25"},
		{"/list?page=2", `<a href="?page=1">1</a> <a href="?page=2" class=current>2</a>`, ""},
		{"/list", `<a class=disabled href="?page=2">Next</a>`, ""},
		{"/list", `<span>下一页</span>`, ""},
		{"/list", `<a href="/t/102">Next article: 床上四件套</a>`, ""},
		{"/list", `<a href="http://other.test/?page=2">Next</a>`, ""},
		{"/list", `<a href="javascript:more()">Next</a>`, ""},
		{"/list", "", ""},
	} {
		p := page(t, rows+c.bar)
		p.URL = mustURL(t, "http://site.test"+c.at)
		var want []string
		if c.want != "" {
			want = []string{"http://site.test" + c.want}
		}
		if diff := cmp.Diff(want, k.Read(p, site.Hints{}).Next); diff != "" {
			t.Errorf("%s %s: %s", c.at, c.bar, diff)
		}
	}
}

func TestKindsAreDetected(t *testing.T) {
	for _, c := range []struct{ contentType, body, want string }{
		{"text/html", `<div class="spirit_wrapper"><script>stModules.tab()</script>`, "spirit"},
		{"text/html", `<script>oscar.init();</script>`, "oscar"},
		{"text/html", `<script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"x"}</script>`, "product"},
		{"text/html", `<script type="application/ld+json">{"@context":"https://schema.org","@type":"Organization"}</script>`, "generic"},
		{"application/rss+xml", `<rss/>`, "feed"},
		{"text/xml", `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"></feed>`, "feed"},
		{"application/json", `{"version": "https://jsonfeed.org/version/1.1", "items": []}`, "feed"},
		{"application/json", `{"a": 1}`, "generic"},
		{"text/html", `<p>hello`, "generic"},
		{"", "", "generic"},
	} {
		p := page(t, c.body)
		p.ContentType = c.contentType
		if got := site.Detect(p).Name(); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.contentType, c.body, got, c.want)
		}
	}
	for _, name := range site.Names() {
		if _, err := site.ByName(name); (err != nil) != (name == "auto" || name == "selectors") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := site.ByName("vbulletin"); err == nil {
		t.Error("an unknown kind was found")
	}
}

func TestFeedsOfAllKindsAreRead(t *testing.T) {
	k, err := site.ByName("feed")
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{
		`<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>f</title><entry><id>urn:1</id><title>出售</title><link href="/i/1"/><author><name>老王</name></author><updated>2024-05-01T00:00:00Z</updated><published>2024-05-01T00:00:00Z</published><content type="html">&lt;p&gt;10元&lt;/p&gt;&lt;p&gt;@x&lt;/p&gt;</content></entry></feed>`,
		`{"version": "https://jsonfeed.org/version/1.1", "title": "f", "items": [{"id": "urn:1", "url": "http://site.test/i/1", "title": "出售", "content_html": "<p>10元</p><p>@x</p>", "date_published": "2024-05-01T00:00:00Z", "authors": [{"name": "老王"}]}]}`,
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>f</title></channel><item rdf:about="urn:1"><title>出售</title><link>http://site.test/i/1</link><dc:creator>老王</dc:creator><dc:date>2024-05-01T00:00:00Z</dc:date><description>&lt;p&gt;10元&lt;/p&gt;&lt;p&gt;@x&lt;/p&gt;</description></item></rdf:RDF>`,
	} {
		res := k.Read(page(t, body), site.Hints{Source: "s"})
		if len(res.Listings) != 1 || !res.List {
			t.Errorf("%s: %+v", body, res)
			continue
		}
		l := res.Listings[0]
		got := []string{l.URL, l.Title, l.Body, l.Seller, l.PostedAt.Format(time.DateOnly)}
		if diff := cmp.Diff([]string{"http://site.test/i/1", "出售", "10元\n@x", "老王", "2024-05-01"}, got); diff != "" {
			t.Errorf("%s: %s", body, diff)
		}
	}
	if res := k.Read(page(t, "<html>not a feed"), site.Hints{}); len(res.Listings) != 0 || !res.List {
		t.Errorf("%+v", res)
	}
}

func TestAnItemListOfJSONLDIsAList(t *testing.T) {
	k, err := site.ByName("product")
	if err != nil {
		t.Fatal(err)
	}
	body := `<script type="application/ld+json">{"@context":"https://schema.org","@type":"CollectionPage","mainEntity":{"@type":"ItemList","itemListElement":[
		{"@type":"ListItem","position":1,"url":"/p/1"},{"@type":"ListItem","position":2,"item":{"@type":"Product","name":"Faces","url":"http://site.test/p/2","offers":{"@type":"AggregateOffer","lowPrice":3,"priceCurrency":"usd"}}},
		{"@type":"ListItem","position":3,"item":{"@id":"https://elsewhere.test/p/3","name":"Other shop"}}]}}</script><a href="?page=2" rel=next>2</a>`
	res := k.Read(page(t, body), site.Hints{})
	var urls []string
	for _, l := range res.Details {
		urls = append(urls, l.URL)
	}
	if diff := cmp.Diff([]string{"http://site.test/p/1", "http://site.test/p/2"}, urls); diff != "" || !res.List || len(res.Next) != 1 || len(res.Listings) != 0 {
		t.Errorf("%s %+v", diff, res)
	}
}

func TestAddressesAreResolved(t *testing.T) {
	p := page(t, `<base href="http://cdn.test/a/">`)
	p.URL = mustURL(t, "http://site.test/dir/page?x=1")
	q := page(t, ``)
	q.URL = p.URL
	for href, want := range map[string]string{
		"i/1": "http://site.test/dir/i/1", "/i/1": "http://site.test/i/1", "?page=2": "http://site.test/dir/page?page=2", "#top": "http://site.test/dir/page?x=1",
		"//other.test/x": "http://other.test/x", "https://u:p@h.test/x#f": "https://h.test/x", " /a b ": "http://site.test/a%20b", "/x/../y": "http://site.test/y",
		"/社区/1": "http://site.test/%E7%A4%BE%E5%8C%BA/1", "\\\\evil.test\\x": "http://evil.test/x", "java\nscript:alert(1)": "", "javascript:x": "", "mailto:a@b.c": "",
		"ftp://x/": "", "http://[::1": "", "": "", "http:": "", "/" + strings.Repeat("x", 3000): "",
	} {
		if got := q.Resolve(href); got != want {
			t.Errorf("%q is %q, want %q", href, got, want)
		}
	}
	if got := p.Resolve("i/1"); got != "http://cdn.test/a/i/1" {
		t.Errorf("the base element is not heeded: %s", got)
	}
}

func TestAMetaRefreshIsTold(t *testing.T) {
	for markup, want := range map[string]string{
		`<meta http-equiv="refresh" content="0; url=/next">`:         "http://site.test/next",
		`<meta http-equiv="Refresh" content="5;URL='/next'">`:        "http://site.test/next",
		`<meta http-equiv="refresh" content="300">`:                  "",
		`<meta http-equiv="refresh" content="300;url=/next">`:        "",
		`<meta http-equiv="refresh" content="0;url=javascript:x()">`: "",
		`<meta name="refresh" content="0;url=/next">`:                "",
	} {
		if got := page(t, markup).Refresh(); got != want {
			t.Errorf("%s: %q, want %q", markup, got, want)
		}
	}
}
