package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// read gets a page as a document.
func (b *bench) read(target string) *goquery.Document {
	b.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.page(target)))
	if err != nil {
		b.t.Fatal(err)
	}
	return doc
}

// holds wants texts in the card of a page that has a title.
func holds(t *testing.T, doc *goquery.Document, title string, want ...string) {
	t.Helper()
	card := doc.Find(".card").FilterFunction(func(_ int, c *goquery.Selection) bool {
		return strings.HasPrefix(c.Find("h2").First().Text(), title)
	})
	text := strings.Join(strings.Fields(card.Text()), " ")
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q lacks %q: %q", title, w, text)
		}
	}
}

func TestTheAlertPageTellsWhatWhyWhereAndWhoWasTold(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	l := selling(1)
	b.ingest(l)
	b.deliver()
	b.now = b.now.Add(time.Hour)
	repost := l
	repost.ID, repost.Seller, repost.URL = "listing-repost", "another", "https://forum.test/t/99"
	half, price := 0.125, 1.0
	l.Offers, l.Content = append(l.Offers[:0:0], l.Offers...), "cheaper"
	l.Offers[0].UnitPrice, l.Offers[0].Price = &half, &price
	b.ingest(repost, l)
	doc := b.read("/alerts/" + b.stored()[1].ID)
	holds(t, doc, "What is offered", "2 CNY", "0.25 CNY")
	holds(t, doc, "Watch", "Faces", "category:face_photo")
	holds(t, doc, "Why it reads as sell", "a price is named")
	holds(t, doc, "History", "revision 2", "first seen", "0.125")
	holds(t, doc, "Sightings of this leak: 2", "seller1", "another")
	holds(t, doc, "Timeline", "fetched", "matched", "queued", "delivered", "hook delivered", "attempt 1", "taken (200)")
	if got := doc.Find("svg.chart.price").Length(); got != 1 {
		t.Errorf("%d charts of the price", got)
	}
	if got := doc.Find(`form[action$="/exception"] textarea`).Text(); !strings.Contains(got, "seller:") {
		t.Errorf("the exception begins as %q", got)
	}
}

func TestSearchHasFacetsAndAChartOverTime(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	b.ingest(selling(1), selling(2))
	b.now = b.now.Add(72 * time.Hour)
	b.ingest(selling(3))
	doc := b.read("/search?q=offer")
	for _, facet := range []string{"Category", "Source", "Severity", "Seller", "Language", "Intent"} {
		if !strings.Contains(doc.Find(".facets h2").Text(), facet) {
			t.Errorf("no facet %s", facet)
		}
	}
	link := doc.Find(".facets a").FilterFunction(func(_ int, a *goquery.Selection) bool { return a.Find(".facet-value").Text() == "seller2" })
	if got := b.read(link.AttrOr("href", "")).Find(".result").Length(); got != 1 {
		t.Errorf("with the facet there are %d results", got)
	}
	without := link.Parent().Find(".minus").AttrOr("href", "")
	if got := b.read(without).Find(".result").Length(); got != 2 {
		t.Errorf("without the facet there are %d results", got)
	}
	tall := 0
	doc.Find("figure svg rect.bar").Each(func(_ int, bar *goquery.Selection) {
		if bar.AttrOr("height", "0.0") != "0.0" {
			tall++
		}
	})
	if tall != 2 {
		t.Errorf("%d bars, want one per day with listings", tall)
	}
}

func TestAReceiverHasItsHealthAndAButtonThatTestsIt(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Open = true })
	doc := b.read("/receivers")
	action := doc.Find("form").FilterFunction(func(_ int, f *goquery.Selection) bool { return f.Find("button").Text() == "Test" }).AttrOr("action", "")
	if action != "/receivers/hook/test" || doc.Find("td .health.ok").Length() != 1 {
		t.Fatalf("action %q in %q", action, doc.Find("table").Text())
	}
	r := b.send("POST", action, url.Values{})
	if f := flashOf(r); r.StatusCode != http.StatusSeeOther || f.Text != "hook took the test message (200 ok)." {
		t.Errorf("%s: %q", r.Status, f.Text)
	}
	if m := <-b.sent; !m.Test || m.Receiver != "hook" {
		t.Errorf("sent %+v", m)
	}
}
