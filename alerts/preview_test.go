package alerts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// history ingests random revisions of a few listings under random watches.
func history(t *rapid.T, s *Service, clock *time.Time) {
	for i := range rapid.IntRange(1, 25).Draw(t, "steps") {
		n := rapid.IntRange(0, 4).Draw(t, "listing")
		l := selling(n)
		price, currency := float64(rapid.IntRange(1, 4).Draw(t, "price")), "CNY"
		l.Offers = []leak.Offer{{Price: &price, Currency: &currency, Categories: l.Categories}}
		l.Hit = rapid.Bool().Draw(t, "hit")
		l.Seller = rapid.SampledFrom([]string{"ann", "bob"}).Draw(t, "seller")
		if rapid.Bool().Draw(t, "cards") {
			l.Categories = []leak.Category{leak.BankCard}
		}
		l.Content = fmt.Sprint(price, l.Hit, l.Seller, l.Categories)
		if _, err := s.Ingest(context.Background(), Batch{Listings: []leak.Listing{l}}); err != nil {
			t.Fatal(i, err)
		}
		*clock = clock.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)
	}
}

var (
	someQueries = []string{"category:face_photo", "offer:(price:<3CNY)", "seller:ann AND hit:any", "*", "NOT seller:bob",
		"category:bank_card OR offer:(price:[2CNY TO 3CNY])", "hit:false"}
	someExceptions = []string{"seller:bob", "offer:(price:2CNY)", "category:bank_card"}
)

func TestAPreviewIsWhatLiveMatchingDid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
		o := options()
		o.Now = func() time.Time { return clock }
		o.Watches = nil
		for i := range rapid.IntRange(1, 3).Draw(t, "watches") {
			w := config.Watch{ID: fmt.Sprint("w", i), Name: "w", Query: rapid.SampledFrom(someQueries).Draw(t, "query")}
			for range rapid.IntRange(0, 2).Draw(t, "exceptions") {
				w.Exceptions = append(w.Exceptions, config.Exception{Query: rapid.SampledFrom(someExceptions).Draw(t, "exception")})
			}
			o.Watches = append(o.Watches, w)
		}
		s, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		history(t, s, &clock)
		watches, err := s.Watches(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range watches {
			p, err := s.Preview(context.Background(), PreviewRequest{Watch: w.ID, Window: 365 * 24 * time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			sum := 0
			for _, d := range p.Days {
				sum += d.Count
			}
			if p.Alerts != int(w.Total) || sum != p.Alerts || !p.Complete {
				t.Fatalf("watch %q: the preview says %d alerts, %d in its bars; live matching made %d", w.Query, p.Alerts, sum, w.Total)
			}
		}
	})
}

func TestAPreviewOfAnExceptionSaysWhatItWouldHide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		s := mustNew(t, options())
		for i := range 40 {
			mustIngest(t, s, Batch{Listings: []leak.Listing{selling(i)}})
			elapse(time.Hour)
		}
		except, err := parse(indexer.Listings, "seller:seller3 OR seller:seller4")
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Preview(ctx, PreviewRequest{Watch: "faces", Exceptions: []*query.Query{except}})
		if err != nil {
			t.Fatal(err)
		}
		if p.Alerts != 38 || p.Excluded != 2 || len(p.Hides) != 2 || p.Read != 40 || len(p.Sample) != previewSample || p.Sample[0].ID != "listing-039" {
			t.Errorf("preview %+v", p)
		}
		if len(p.Days) != 31 {
			t.Errorf("%d bars; want 31, without gaps", len(p.Days))
		}
		if p, err = s.Preview(ctx, PreviewRequest{Query: except, Window: 36 * time.Hour}); err != nil || p.Alerts != 1 {
			t.Errorf("in 36 hours %d alerts, error %v; want 1", p.Alerts, err)
		}
		if _, err := s.Preview(ctx, PreviewRequest{}); !errors.Is(err, ErrInvalid) {
			t.Errorf("nothing to preview: %v", err)
		}
		if _, err := s.Preview(ctx, PreviewRequest{Watch: "missing"}); !errors.Is(err, ErrNoWatch) {
			t.Errorf("no watch: %v", err)
		}
	})
}

func TestAnyMessageFitsItsLimitAndAccountsForEveryAlert(t *testing.T) {
	wide := rapid.StringOf(rapid.RuneFrom([]rune("a出售@<>*[]()_`\n\r\t\u202e\x1b\"&://⟦⟧ ")))
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(200, 5000).Draw(t, "limit")
		n := Notification{ID: "n", Console: rapid.SampledFrom([]string{"", "https://console.test"}).Draw(t, "console"),
			More: rapid.IntRange(0, 3).Draw(t, "more")}
		for range rapid.IntRange(0, 30).Draw(t, "alerts") {
			n.Alerts = append(n.Alerts, leak.Alert{ID: "id", Severity: leak.High, Title: wide.Draw(t, "title"), Excerpt: wide.Draw(t, "excerpt"),
				Seller: wide.Draw(t, "seller"), WatchName: wide.Draw(t, "watch"), Source: "s"})
		}
		if len(n.Alerts) == 0 {
			n.Notice, n.More = wide.Draw(t, "notice"), 0
		}
		got := Compose(n, Markup{Escape: strings.NewReplacer("<", "&lt;").Replace, Limit: limit})
		if len(got) > limit {
			t.Fatalf("%d bytes above the limit of %d", len(got), limit)
		}
		if strings.ContainsAny(got, "<@\x1b\u202e\r\t") {
			t.Fatalf("active characters in %q", got)
		}
		if shown := strings.Count(got, "[HIGH]"); shown < len(n.Alerts)+n.More && len(got) < limit-300 && !strings.Contains(got, fmt.Sprintf("%d more", len(n.Alerts)+n.More-shown)) {
			t.Fatalf("%d of %d alerts shown, the others not counted: %q", shown, len(n.Alerts)+n.More, got)
		}
		if h := Headline(n); len(h) > 200 || strings.ContainsAny(h, "\n\r") {
			t.Fatalf("headline %q", h)
		}
	})
}

func TestAnExcerptHoldsNoHalfMask(t *testing.T) {
	mask := leak.Mask(leak.PRCID, "11…")
	for from := range 30 {
		l := selling(0)
		l.Body = strings.Repeat("字", 200+from) + mask + strings.Repeat("文", 60-from) + mask + strings.Repeat("x", 300)
		l.Findings = []leak.Finding{{Field: "body", Start: 190 + 4*from}}
		got := excerpt(&l)
		if strings.Count(got, leak.MarkOpen) != strings.Count(got, leak.MarkClose) || len([]rune(got)) > leak.MaxExcerpt {
			t.Errorf("excerpt %q", got)
		}
	}
}
