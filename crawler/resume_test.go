package crawler

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
)

func TestACrawlThatDiesAnywhereLosesNothing(t *testing.T) {
	s := newShop(120)
	w := newWorld(t, s, "/shop/")
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 25 {
		for range rng.IntN(30) {
			s.mu.Lock()
			s.add()
			s.mu.Unlock()
		}
		left := rng.IntN(25)
		w.sink.fail = func(Page) error {
			if left--; left < 0 {
				return errPlanned
			}
			return nil
		}
		_, err := w.c.Crawl(context.Background(), w.src, w.now)
		if err != nil && !errors.Is(err, errPlanned) {
			t.Fatalf("round %d: %v", round, err)
		}
		w.now = w.now.Add(time.Minute)
	}
	w.sink.fail = nil
	rep := w.crawl()
	w.wantHealth(rep, OK)
	if got := len(w.sink.listings); got != len(s.offers) {
		t.Errorf("%d of %d listings were read", got, len(s.offers))
	}
	if got := len(w.sink.news); got != len(s.offers) {
		t.Errorf("%d listings were new, want each once: %d", got, len(s.offers))
	}
}

func TestACrashBetweenTwoListPagesHidesNothingBehindKnownGround(t *testing.T) {
	for crash := range 50 {
		s := newShop(20)
		w := newWorld(t, s, "/shop/")
		w.crawl()
		for range 45 { // three list pages of news
			s.add()
		}
		n := 0
		w.sink.fail = func(Page) error {
			if n++; n > crash {
				return errPlanned
			}
			return nil
		}
		_, _ = w.c.Crawl(context.Background(), w.src, w.now)
		w.sink.fail = nil
		w.crawl()
		if len(w.sink.listings) != 65 {
			t.Errorf("crashed after %d commits: %d of 65 listings after the next crawl", crash, len(w.sink.listings))
		}
	}
}

func TestASinkThatIsDownEndsTheCrawlWithItsError(t *testing.T) {
	w := newWorld(t, newShop(30), "/shop/")
	w.sink.fail = func(Page) error { return indexer.ErrUnavailable }
	_, err := w.c.Crawl(context.Background(), w.src, w.now)
	if !errors.Is(err, indexer.ErrUnavailable) {
		t.Errorf("got %v, want the sink's error", err)
	}
}

func TestPagesBeyondTheCapAreReadInTheNextCrawls(t *testing.T) {
	s := newShop(200)
	w := newWorld(t, s, "/shop/")
	w.src.MaxPages = 40
	rep := w.crawl()
	w.wantHealth(rep, Partial)
	if len(rep.Cut) != 1 || rep.Cut[0] != "pages" {
		t.Errorf("cut %q, want pages", rep.Cut)
	}
	crawls := 1
	for ; len(w.sink.listings) < 200 && crawls < 12; crawls++ {
		if rep := w.crawl(); rep.Pages > 40 {
			t.Errorf("%d pages, the cap is 40", rep.Pages)
		}
	}
	if len(w.sink.listings) != 200 {
		t.Errorf("%d of 200 listings after %d crawls", len(w.sink.listings), crawls)
	}
}

func TestADetailPageThatFailsIsTriedAgainThoughItsRowIsOld(t *testing.T) {
	s := newShop(100)
	broken := "/shop/item/30/"
	s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == broken {
			w.WriteHeader(http.StatusInternalServerError)
		}
		return r.URL.Path == broken
	}
	w := newWorld(t, s, "/shop/")
	rep := w.crawl()
	w.wantHealth(rep, OK)
	if len(rep.Problems) != 1 || len(w.sink.listings) != 99 {
		t.Errorf("problems %q and %d listings, want one and 99", rep.Problems, len(w.sink.listings))
	}
	broken = ""
	w.crawl()
	if len(w.sink.listings) != 100 {
		t.Errorf("%d listings after the page was well again, want 100", len(w.sink.listings))
	}
}

func TestAFailedPageWhoseAddressMayNotBeStoredIsFoundThroughItsList(t *testing.T) {
	s := newShop(100)
	broken := "/shop/item/30/"
	s.wrap = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == broken {
			w.WriteHeader(http.StatusBadGateway)
		}
		return r.URL.Path == broken
	}
	w := newWorld(t, s, "/shop/")
	w.c.storable = func(string) bool { return false }
	w.crawl()
	broken = ""
	w.crawl()
	if len(w.sink.listings) != 100 {
		t.Errorf("%d listings, want 100", len(w.sink.listings))
	}
	entries, err := w.state.Scan(context.Background(), pagesBucket, indexer.Scan{Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.Contains(string(e.Value), "/shop/") {
			t.Fatalf("an address stands in the state: %s", e.Value)
		}
	}
}

func TestNewListingsBehindKnownGroundAreFoundBySweeps(t *testing.T) {
	s := newShop(100)
	w := newWorld(t, s, "/shop/")
	w.crawl()
	// A list that is not newest first: what is new stands on the third page.
	s.mu.Lock()
	o := s.add()
	s.offers[len(s.offers)-1], s.offers[50] = s.offers[50], o
	s.offers[50].id, s.offers[len(s.offers)-1].id = 51, 101
	s.offers[50].title = "late but deep"
	s.mu.Unlock()
	_ = o
	if rep := w.crawl(); rep.New > 1 {
		t.Fatalf("new %d", rep.New)
	}
	w.now = w.now.Add(sweepEvery)
	w.crawl()
	found := false
	for _, title := range w.sink.titles() {
		found = found || title == "late but deep"
	}
	if !found {
		t.Error("the listing behind known ground was not found by the daily sweep")
	}
}

func TestAListingThatWentAwayIsReportedGone(t *testing.T) {
	s := newShop(40)
	w := newWorld(t, s, "/shop/")
	w.crawl()
	s.offers[10].gone = true
	for range 40 {
		w.now = w.now.Add(recheckFirst)
		w.crawl()
		if len(w.sink.gone) > 0 {
			break
		}
	}
	want := ListingID(nil, &[]leakRaw{{Source: "shop", URL: w.src.URL + "item/11/"}}[0])
	if w.sink.gone[want] != 1 || len(w.sink.gone) != 1 {
		t.Errorf("gone %v, want only %s", w.sink.gone, want)
	}
}

func TestAnEditThatNoListShowsIsSeenByTheRotation(t *testing.T) {
	s := newShop(30)
	s.noPrice = true
	w := newWorld(t, s, "/shop/")
	w.crawl()
	s.offers[5].price = "¥99.00"
	w.now = w.now.Add(recheckFirst)
	changed := 0
	for range 10 {
		changed += w.crawl().Changed
	}
	if changed != 1 {
		t.Errorf("%d listings changed, want 1", changed)
	}
}

func TestUnchangedPagesAreAskedForConditionally(t *testing.T) {
	s := newShop(10)
	w := newWorld(t, s, "/shop/")
	w.crawl()
	commits := len(w.sink.pages)
	w.now = w.now.Add(recheckFirst)
	rep := w.crawl()
	if rep.Changed+rep.New != 0 {
		t.Errorf("new %d, changed %d of pages that did not change", rep.New, rep.Changed)
	}
	for _, p := range w.sink.pages[commits:] {
		if len(p.Listings) > 0 {
			t.Errorf("a page that did not change was committed as listings: %v", p.Listings[0].URL)
		}
	}
}

func TestAPanicWhileReadingCostsOnePage(t *testing.T) {
	s := newShop(30)
	w := newWorld(t, s, "/shop/")
	w.src.Selectors.Body = "div.body"
	r, err := w.c.newRun(context.Background(), withDefaults(w.src), &Report{})
	if err != nil {
		t.Fatal(err)
	}
	r.kind = panicky{r.kind}
	if err := r.all(); err != nil {
		t.Fatalf("crawl: %v", err)
	}
	if err := r.finish(true); err != nil {
		t.Fatal(err)
	}
	if len(w.sink.listings) != 29 || len(r.report.Problems) != 1 {
		t.Errorf("%d listings and problems %q, want 29 and one", len(w.sink.listings), r.report.Problems)
	}
}

func TestStoppingACrawlEndsItAfterThePagesUnderWay(t *testing.T) {
	s := newShop(300)
	w := newWorld(t, s, "/shop/")
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	w.sink.fail = func(Page) error {
		if n++; n == 10 {
			cancel()
		}
		return nil
	}
	_, err := w.c.Crawl(ctx, w.src, w.now)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
	if n := len(w.sink.pages); n < 10 || n > 10+maxUnderWay {
		t.Errorf("%d commits, want 10 and at most the %d under way", n, maxUnderWay)
	}
	w.crawl()
	if len(w.sink.listings) != 300 {
		t.Errorf("%d listings, want 300", len(w.sink.listings))
	}
}
