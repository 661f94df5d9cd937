package console

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

// hostile are texts that do harm where they are not escaped.
var hostile = []string{
	`<script>document.title='owned'</script>`,
	`"><img src=x onerror=alert(1)>`,
	`'><svg/onload=alert(1)>`,
	`javascript:alert(1)`,
	`data:text/html,<script>alert(1)</script>`,
	`{{.Secret}}{{template "head" .}}`,
	`</textarea></title></style><script>alert(1)</script>`,
	`" onmouseover="alert(1)" hx-get="/logout" x="`,
	"\u2028<a href=javascript:alert(1)>x</a>\x00\x1b[31m\u202e",
	`=cmd|' /C calc'!A0`,
}

// hostileListing returns a listing with a text in every field that a source
// or a rule writes.
func hostileListing(n int, x string) leak.Listing {
	l := selling(n)
	l.Title, l.Body, l.Seller, l.URL, l.Language, l.SiteID = x, "人脸照片 "+x, x, x, x, x
	l.Files, l.Cut, l.Lists = []string{x}, []string{x}, []string{x}
	l.Source, l.Intent = "forum", leak.Sell
	l.Contacts = []leak.Contact{{Kind: leak.Telegram, Value: x}, {Kind: leak.URLContact, Value: x}}
	l.Offers[0].Unit, l.Offers[0].Currency, l.Offers[0].Per = &x, &x, &x
	l.Identifiers = []leak.Identifier{{Kind: leak.PRCID, Masked: x, Code: x}}
	l.Findings = append(l.Findings, leak.Finding{Rule: x, Field: "title", Start: 0, End: 3, Steps: []string{x}}, leak.Finding{Rule: x, Field: x, Start: -4, End: 1 << 40})
	l.Reasons = []leak.Reason{{Signal: x, Weight: 1, Text: x}}
	l.RulesVersion, l.Content = x, fmt.Sprint("hostile", n)
	return l
}

func TestHostileTextsDoNothingOnAnyPage(t *testing.T) {
	for n, x := range hostile {
		b := newBench(t, func(o *Options) { o.Open = true })
		b.sources = []Source{{ID: "forum", Name: x, URL: x, Kind: x, Schedule: x, Health: "blind", Problem: x, Last: b.now, Next: b.now, LastGood: b.now}}
		l := hostileListing(n, x)
		b.ingest(l)
		l.Title, l.Content = x+"2", "changed" // a revision, with a change of the title
		b.ingest(l)
		if len(b.stored()) == 0 {
			t.Fatalf("%q: no alert", x)
		}
		b.send("POST", "/alerts", url.Values{"id": {b.stored()[0].ID}, "action": {"acknowledge"}, "note": {x}})
		b.send("POST", "/alerts/"+b.stored()[0].ID+"/exception", url.Values{"exception": {"seller:nobody"}, "reason": {x}})
		b.send("POST", "/silences", url.Values{"match": {"watch:other"}, "reason": {x}, "hours": {"1"}})
		typed := url.QueryEscape(x)
		for _, path := range append(b.get(), "/?q="+typed, "/search?q="+typed, "/watches/preview?q="+typed+"&watch=faces&exception="+typed+"&alert="+typed,
			"/silences?match="+typed, "/login?to="+typed, "/alerts/"+typed, "/cases/"+typed, "/nothing/"+typed) {
			r := b.send("GET", path, nil)
			if r.StatusCode >= 500 {
				t.Fatalf("GET %s: %s\n%s", path, r.Status, b.log.String())
			}
			checkHarmless(t, x, path, bodyOf(t, r))
		}
	}
}

// checkHarmless reads a page as a browser does.
func checkHarmless(t *testing.T, x, path, page string) {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	doc.Find("*").Each(func(_ int, e *goquery.Selection) {
		node := e.Nodes[0]
		switch node.Data {
		case "script":
			if src := e.AttrOr("src", ""); !strings.HasPrefix(src, "/static/") || e.Text() != "" {
				t.Errorf("%q on %s made a script: %s", x, path, src)
			}
		case "img", "iframe", "object", "embed", "base", "style":
			t.Errorf("%q on %s made <%s>", x, path, node.Data)
		}
		for _, a := range node.Attr {
			switch name := strings.ToLower(a.Key); {
			case strings.HasPrefix(name, "on"), name == "style", name == "srcdoc":
				t.Errorf("%q on %s made the attribute %s=%q", x, path, a.Key, a.Val)
			case strings.HasPrefix(name, "hx-") && strings.Contains(a.Val, "logout"):
				t.Errorf("%q on %s made %s=%q", x, path, a.Key, a.Val)
			case name == "href" || name == "src" || name == "action" || name == "formaction" || name == "hx-get" || name == "hx-post":
				if !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") || strings.HasPrefix(a.Val, "//") {
					t.Errorf("%q on %s made the link %s=%q", x, path, a.Key, a.Val)
				}
			}
		}
	})
}

func TestPagesShowWhatStandsInAListing(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	b.ingest(hostileListing(1, "<b>it & \"that\"</b>"))
	page := b.page("/alerts/" + b.stored()[0].ID)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.Find(".listing-title").Text(); got != `<b>it & "that"</b>` {
		t.Errorf("the title reads %q", got)
	}
	if got := doc.Find(".listing-body").Text(); got != `人脸照片 <b>it & "that"</b>` {
		t.Errorf("the body reads %q", got)
	}
	if got := doc.Find(".listing-body mark").First(); got.Text() != "人脸照片" || !strings.Contains(got.AttrOr("title", ""), "face_photo/zh") {
		t.Errorf("marked is %q for %q", got.Text(), got.AttrOr("title", ""))
	}
	if got := doc.Find(".findings td code").First().Text(); got != "face_photo/zh" {
		t.Errorf("the first finding is of %q", got)
	}
}

func TestAnIdentifierTypedIntoAFormIsSeenNowhere(t *testing.T) {
	b := newBench(t)
	admin := b.user(Admin)
	l := selling(1)
	l.Identifiers = []leak.Identifier{{Kind: leak.PRCID, Masked: "⟦prc_id 11…⟧", Code: victimCode}}
	b.ingest(l, selling(2))
	id := b.stored()[0].ID
	typed := []string{"identifier:" + victim, "identifier.prc_id:" + victim + " AND offer", "seller:seller1 AND (" + victim, victim, "nofield:" + victim, "\"" + victim + "\""}
	for _, q := range typed {
		for path, form := range map[string]url.Values{
			"/search": {"q": {q}}, "/": {"q": {q}, "state": {"all"}}, "/watches/preview": {"q": {"offer"}, "exception": {q}, "watch": {"faces"}, "alert": {id}},
			"/silences": {"match": {q}, "reason": {"r"}, "hours": {"1"}}, "/alerts/" + id + "/exception": {"exception": {q}, "reason": {"r"}},
		} {
			for _, r := range []*http.Response{b.send("POST", path, form, admin), b.send("GET", path+"?"+form.Encode(), nil, admin)} {
				seen := fmt.Sprint(r.Header) + bodyOf(t, r)
				if to := r.Header.Get("Location"); to != "" && strings.HasPrefix(to, "/") {
					next := b.send("GET", to, nil, admin)
					seen += bodyOf(t, next)
					if next.StatusCode != http.StatusOK {
						t.Errorf("%s %q: sent to %s, which answers %s", path, q, to, next.Status)
					}
				}
				if strings.Contains(seen, victim) || strings.Contains(seen, url.QueryEscape(victim)) {
					t.Errorf("%s shows what was typed as %q", path, q)
				}
			}
		}
	}
	for _, path := range []string{"/api/v1/listings?q=", "/export?format=csv&q="} {
		if out := bodyOf(t, b.send("GET", path+url.QueryEscape(typed[0]), nil, admin)); strings.Contains(out, victim) || !strings.Contains(out, "listing-001") {
			t.Errorf("%s answers\n%s", path, out)
		}
	}
	audit := b.auditText()
	if strings.Contains(audit, victim) {
		t.Error("the audit holds the identifier")
	}
	if !strings.Contains(audit, victimCode) {
		t.Error("the audit lacks the code")
	}
	if strings.Contains(b.log.String(), victim) {
		t.Error("the log holds the identifier")
	}
	if page := b.page("/search?q="+url.QueryEscape("identifier:"+victimCode), admin); !strings.Contains(page, "listing-001") || strings.Contains(page, "listing-002") {
		t.Error("the search for the code does not find its listing")
	}
}

func TestFaultsInQueriesAreShownWithACaret(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	for _, path := range []string{"/?q=", "/search?q=", "/watches/preview?q="} {
		r := b.send("GET", path+url.QueryEscape("seller:a AND colour:red"), nil)
		page := bodyOf(t, r)
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(doc.Find(".fault").Text(), "\n")
		if r.StatusCode != http.StatusBadRequest || len(lines) < 3 || strings.Index(lines[2], "^") != strings.Index(lines[1], "colour") {
			t.Errorf("%s: %s\n%s", path, r.Status, strings.Join(lines, "\n"))
		}
		if got := doc.Find(`input[name="q"]`).First().AttrOr("value", ""); got != "seller:a AND colour:red" {
			t.Errorf("%s: the query to repair reads %q", path, got)
		}
	}
}

func TestBulkActions(t *testing.T) {
	states := func(b *bench) map[leak.AlertState]int {
		out := map[leak.AlertState]int{}
		for _, a := range b.stored() {
			out[a.State]++
		}
		return out
	}
	act := func(b *bench, c *http.Cookie, form url.Values) flash {
		r := b.send("POST", "/alerts", form, c)
		if r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%v: %s\n%s", form, r.Status, bodyOf(t, r))
		}
		return flashOf(r)
	}
	b := newBench(t)
	c := b.user(Analyst)
	for i := range 120 {
		b.ingest(selling(i))
	}
	all := b.stored()
	f := act(b, c, url.Values{"id": {all[0].ID, all[1].ID}, "action": {"acknowledge"}})
	if f.Text != "Acknowledged 2." || len(f.Reopen) != 2 || states(b)["acknowledged"] != 2 {
		t.Errorf("%+v, %v", f, states(b))
	}
	if got := b.stored()[0].Owner; got != "the-analyst" {
		t.Errorf("who acknowledges owns: %q", got)
	}
	f = act(b, c, url.Values{"all": {"1"}, "selected": {"state:open AND (seller:seller1*)"}, "action": {"close"}, "verdict": {"not_ours"}})
	if want := 31 - 2; f.Text != fmt.Sprintf("Closed %d.", want) || states(b)["closed"] != want { // 1, 10 to 19, 100 to 119
		t.Errorf("%+v, %v", f, states(b))
	}
	f = act(b, c, url.Values{"all": {"1"}, "selected": {""}, "action": {"close"}, "verdict": {"false_positive"}, "note": {"a drill"}})
	if states(b)["closed"] != 120 || f.Reopen != nil {
		t.Errorf("%+v, %v", f, states(b))
	}
	act(b, c, url.Values{"id": {all[5].ID}, "action": {"reopen"}})
	if states(b)["open"] != 1 {
		t.Errorf("%v", states(b))
	}
	for want, form := range map[string]url.Values{
		"verdict":  {"id": {all[5].ID}, "action": {"close"}},
		"selected": {"action": {"acknowledge"}},
		"action":   {"id": {all[5].ID}, "action": {"burn"}},
		"found":    {"all": {"1"}, "selected": {"state:burnt"}, "action": {"acknowledge"}},
	} {
		if r := b.send("POST", "/alerts", form, c); r.StatusCode != http.StatusBadRequest || !strings.Contains(bodyOf(t, r), want) {
			t.Errorf("%v: %s", form, r.Status)
		}
	}
	if audit := b.auditText(); !strings.Contains(audit, `"action":"close","target":"29 alerts","detail":"not_ours"`) {
		t.Errorf("audit:\n%s", audit)
	}
}

func TestTheMessageOfAnActionOffersToUndoIt(t *testing.T) {
	b := newBench(t)
	c := b.user(Analyst)
	b.ingest(selling(1))
	id := b.stored()[0].ID
	r := b.send("POST", "/alerts", url.Values{"id": {id}, "action": {"close"}, "verdict": {"duplicate"}, "back": {"/?state=open"}}, c)
	next := b.send("GET", r.Header.Get("Location"), nil, append(r.Cookies(), c)...)
	doc, err := goquery.NewDocumentFromReader(next.Body)
	if err != nil {
		t.Fatal(err)
	}
	form := doc.Find(".flash form")
	if form.Find(`input[name="id"]`).AttrOr("value", "") != id || form.Find("#undo").AttrOr("value", "") != "reopen" {
		t.Error("the message has no way back")
	}
	if left := next.Cookies(); len(left) != 1 || left[0].Name != flashCookie || left[0].MaxAge >= 0 {
		t.Errorf("the message is not shown only once: %v", left)
	}
	if page := b.page("/?flash=Your+account+is+locked", c); strings.Contains(page, "locked") {
		t.Error("an address puts words into our mouth")
	}
}

func TestEmptyListsNameTheirCause(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	b.sources[0].Health = "blind"
	for path, want := range map[string]string{"/": "No watch has matched yet", "/search": "Nothing is indexed yet", "/silences": "Nothing is silenced",
		"/watches/preview?q=offer": "Nothing was stored in this time"} {
		if page := b.page(path); !strings.Contains(page, want) {
			t.Errorf("%s lacks %q", path, want)
		}
	}
	if page := b.page("/search"); !strings.Contains(page, "Not all sources are read now") {
		t.Error("an empty search does not name the blind source")
	}
	b.ingest(selling(1), selling(2))
	hints := func(path string) map[string]string {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.page(path)))
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		doc.Find(".hints a").Each(func(_ int, a *goquery.Selection) { out[strings.TrimSpace(a.Text())] = a.AttrOr("href", "") })
		return out
	}
	for path, want := range map[string]string{
		"/?state=closed": "2 in other states", "/?q=seller:nobody": "2 without the query",
		"/?q=seller:seller1+AND+severity:low":      "1 without severity:low",
		"/search?q=seller:seller1+AND+language:ko": "1 without language:ko", "/search?q=zebra": "2 without the query",
	} {
		got := hints(path)
		if got[want] == "" {
			t.Errorf("%s hints at %v, want %q", path, got, want)
			continue
		}
		if page := b.page(got[want]); !strings.Contains(page, "seller1") {
			t.Errorf("%s: the way out %s shows nothing", path, got[want])
		}
	}
	b.sources = nil
	if page := b.page("/sources"); !strings.Contains(page, "No source yet") {
		t.Error("no word about missing sources")
	}
}

func TestNewAlertsAreAnnounced(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	b.ingest(selling(1))
	news := func() string {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.page("/?q=offer")))
		if err != nil {
			t.Fatal(err)
		}
		return doc.Find("#news").AttrOr("hx-get", "")
	}()
	if got := b.page(news); strings.TrimSpace(got) != "" {
		t.Errorf("without new alerts: %q", got)
	}
	b.ingest(selling(2), selling(3))
	if got := b.page(news); !strings.Contains(got, "2 new alerts") || !strings.Contains(got, `href="/?q=offer&amp;state=open"`) {
		t.Errorf("with new alerts: %q", got)
	}
	r := b.send("GET", "/alerts/new?since=x", nil)
	if r.StatusCode != http.StatusBadRequest {
		t.Errorf("a faulty time: %s", r.Status)
	}
}

func TestSearchMarksTheWordsOfTheQuery(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	l := selling(1)
	l.Body = strings.Repeat("前言 ", 200) + "出售人脸照片现货" + strings.Repeat(" 后记", 200)
	b.ingest(l)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.page("/search?q=" + url.QueryEscape(`"人脸照片" offer`))))
	if err != nil {
		t.Fatal(err)
	}
	if got := doc.Find(".result .excerpt mark").Text(); got != "人脸照片" {
		t.Errorf("marked in the body: %q in %q", got, doc.Find(".excerpt").Text())
	}
	if got := doc.Find(".result .alert-title mark").Text(); got != "offer" {
		t.Errorf("marked in the title: %q", got)
	}
}

func TestPreviewSaysWhatAnExceptionHides(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	b.ingest(selling(1), selling(2), selling(3))
	id := b.stored()[2].ID
	r := b.send("POST", "/watches/preview", url.Values{"watch": {"faces"}, "alert": {id}, "q": {"category:face_photo"}, "exception": {"seller:seller1"}})
	page := b.page(r.Header.Get("Location"))
	for _, want := range []string{"<b>2</b> alerts", "<b>1</b> left out", "1 open alert of this watch would have been left out", `action="/alerts/` + id + `/exception"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the preview lacks %q", want)
		}
	}
	b.send("POST", "/alerts/"+id+"/exception", url.Values{"exception": {"seller:seller1"}, "reason": {"our own decoy"}})
	if page := b.page("/watches"); !strings.Contains(page, "our own decoy") {
		t.Error("the exception is not listed")
	}
}

func TestAPageOfFiftyIsSmall(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	for i := range pageSize + 5 {
		l := selling(i)
		var text strings.Builder // hard to compress, as real texts are
		for k := range 300 {
			text.WriteRune(rune(0x4e00 + (i*7919+k*104729)%20000))
		}
		l.Title, l.Body = text.String()[:120], text.String()
		b.ingest(l)
	}
	for _, path := range []string{"/", "/search"} {
		page := b.page(path)
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		_, _ = w.Write([]byte(page))
		_ = w.Close()
		if strings.Count(page, `class="alert-title"`) != pageSize || !strings.Contains(page, `rel="next"`) {
			t.Errorf("%s does not show a page of %d and the way on", path, pageSize)
		}
		if out.Len() > 90<<10 {
			t.Errorf("%s weighs %d bytes", path, out.Len())
		}
	}
}

func TestListsArePagedToTheirEnd(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	for i := range 2*pageSize + 3 {
		b.ingest(selling(i))
	}
	link := regexp.MustCompile(`rel="next" href="([^"]+)"`)
	for _, start := range []string{"/", "/search"} {
		seen := map[string]bool{}
		for path := start; path != ""; {
			page := b.page(path)
			for _, m := range regexp.MustCompile(`>offer (..)<`).FindAllStringSubmatch(page, -1) {
				seen[m[1]] = true
			}
			next := link.FindStringSubmatch(page)
			path = ""
			if next != nil {
				path = strings.ReplaceAll(next[1], "&amp;", "&")
			}
		}
		if len(seen) != 2*pageSize+3 {
			t.Errorf("%s: %d of %d seen", start, len(seen), 2*pageSize+3)
		}
	}
	for _, path := range []string{"/?after=x", "/search?after=x", "/api/v1/alerts?after=x"} {
		if got := b.send("GET", path, nil).StatusCode; got != http.StatusBadRequest {
			t.Errorf("%s: %d", path, got)
		}
	}
}

func TestExportEscapesFormulas(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	l := selling(1)
	l.Title, l.Seller, l.Body = "=cmd|' /C calc'!A0", "@SUM(1)", "＋1,\"quoted\"\nline"
	b.ingest(l)
	r := b.send("GET", "/export?format=csv", nil)
	rows, err := csv.NewReader(r.Body).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	for i, name := range rows[0] {
		want := map[string]string{"title": "'" + l.Title, "seller": "'" + l.Seller, "body": "'" + l.Body}[name]
		if want != "" && rows[1][i] != want {
			t.Errorf("%s: %q", name, rows[1][i])
		}
	}
	if got := r.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("disposition %q", got)
	}
	if got := b.send("GET", "/export?format=exe", nil).StatusCode; got != http.StatusBadRequest {
		t.Errorf("another format: %d", got)
	}
}

func TestViewsAndSearchesAreAudited(t *testing.T) {
	b := newBench(t)
	c := b.user(Viewer)
	b.ingest(selling(1))
	a := b.stored()[0]
	for _, path := range []string{"/alerts/" + a.ID, "/listings/" + a.Listing, "/cases/" + a.CaseID, "/search?q=seller:x", "/export?format=csv&q=seller:y", "/watches/preview?q=seller:z",
		"/api/v1/alerts/" + a.ID, "/api/v1/listings/" + a.Listing, "/api/v1/listings?q=seller:w"} {
		b.now = b.now.Add(time.Millisecond)
		_ = b.page(path, c)
	}
	audit := b.auditText()
	for action, target := range map[string]string{"view_alert": a.ID, "view_listing": a.Listing, "view_case": a.CaseID, "search": "seller:x", "export": "seller:y", "preview": "seller:z"} {
		if !strings.Contains(audit, fmt.Sprintf(`"user":"the-viewer","address":"192.0.2.1","action":%q,"target":%q`, action, target)) {
			t.Errorf("no line for %s %s in\n%s", action, target, audit)
		}
	}
	if n := strings.Count(audit, `"detail":"api"`); n != 3 {
		t.Errorf("%d lines for the interface of programs", n)
	}
	if b.stored()[0].Times.Opened == nil {
		t.Error("the alert does not know that it was opened")
	}
}

func TestTheInterfaceOfProgramsAnswersProblems(t *testing.T) {
	b := newBench(t)
	c := b.user(Viewer)
	for path, want := range map[string]int{"/api/v1/alerts/none": 404, "/api/v1/listings/none": 404, "/api/v1/alerts?q=nofield:x": 400, "/api/v1/listings?limit=0": 400,
		"/api/v1/listings?limit=1001": 400, "/api/v1/nothing": 404} {
		r := b.send("GET", path, nil, c)
		var p struct {
			Title, Detail string
			Status        int
		}
		if err := json.NewDecoder(r.Body).Decode(&p); err != nil || r.StatusCode != want || p.Status != want || p.Title == "" || p.Detail == "" || r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %s, %+v, %v", path, r.Status, p, err)
		}
	}
	r := b.send("GET", "/api/v1/alerts", nil)
	if r.StatusCode != http.StatusUnauthorized || r.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("without a session: %s, %s", r.Status, r.Header.Get("Content-Type"))
	}
	b.ingest(selling(1), selling(2))
	var page apiPage[leak.Alert]
	if err := json.Unmarshal([]byte(b.page("/api/v1/alerts?limit=1", c)), &page); err != nil || len(page.Items) != 1 || page.Total != 2 || page.Next == "" {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestTheDescriptionCoversEveryRoute(t *testing.T) {
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]any
	}
	if err := json.Unmarshal(spec, &doc); err != nil || !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Fatal(doc.OpenAPI, err)
	}
	n := 0
	for _, rt := range routes() {
		method, path, _ := strings.Cut(rt.pattern, " ")
		if !strings.HasPrefix(path, "/api/v1/") {
			continue
		}
		n++
		if doc.Paths[path][strings.ToLower(method)] == nil {
			t.Errorf("%s is not described", rt.pattern)
		}
	}
	if n != len(doc.Paths) {
		t.Errorf("%d paths are described, %d served", len(doc.Paths), n)
	}
}

func TestAnIndexThatIsAwayIsSaidSo(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	b.ingest(selling(1))
	b.engine.Fail(func(string) error { return fmt.Errorf("dial 10.0.0.7: %w", indexer.ErrUnavailable) })
	for _, path := range []string{"/", "/search", "/watches", "/audit", "/api/v1/alerts"} {
		r := b.send("GET", path, nil)
		if body := bodyOf(t, r); r.StatusCode != http.StatusServiceUnavailable || strings.Contains(body, "10.0.0.7") || !strings.Contains(body, "does not answer") {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
}

func TestPriceChangesAreDrawn(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	l := selling(1)
	b.ingest(l)
	if strings.Contains(b.page("/listings/"+l.ID), "chart price") {
		t.Error("a price that never changed is drawn")
	}
	b.now = b.now.Add(time.Hour)
	half, price := 0.125, 1.0
	l.Offers = []leak.Offer{{Categories: l.Categories, UnitPrice: &half, Price: &price}}
	l.Content = "cheaper"
	b.ingest(l)
	page := b.page("/listings/" + l.ID)
	for _, want := range []string{"chart price", ">0.25</text>", ">0.125</text>", "revision 2", "first seen"} {
		if !strings.Contains(page, want) {
			t.Errorf("the history lacks %q", want)
		}
	}
}
