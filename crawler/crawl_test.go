package crawler

import (
	"testing"
)

func TestAThousandPageShopIsReadOnceAndWhole(t *testing.T) {
	s := newShop(1000)
	w := newWorld(t, s, "/shop/")
	rep := w.crawl()
	w.wantHealth(rep, OK)
	if rep.New != 1000 || len(w.sink.listings) != 1000 {
		t.Errorf("read %d new listings, the sink holds %d, want 1000", rep.New, len(w.sink.listings))
	}
	if twice := s.twice(); len(twice) > 0 {
		t.Errorf("fetched more than once: %v", twice)
	}
	if got := s.requests(); got != rep.Requests || got != 1+50+1000 {
		t.Errorf("%d requests, reported %d, want 1051", got, rep.Requests)
	}
	if rep.Problems != nil || rep.Cut != nil {
		t.Errorf("problems %q, cut %q; want none", rep.Problems, rep.Cut)
	}
}

func TestASecondPassFetchesOnlyWhatIsNew(t *testing.T) {
	s := newShop(400)
	w := newWorld(t, s, "/shop/")
	w.crawl()
	s.requests()
	for range 10 {
		s.add()
	}
	rep := w.crawl()
	w.wantHealth(rep, OK)
	// Two list pages (the second is known ground) and ten details.
	if got := s.requests(); got != 12 {
		t.Errorf("%d requests, want 12", got)
	}
	if rep.New != 10 || rep.Changed != 0 {
		t.Errorf("new %d, changed %d; want 10, 0", rep.New, rep.Changed)
	}
	rep = w.crawl()
	if got := s.requests(); got != 1 || rep.New != 0 || rep.Listings != 20 {
		t.Errorf("a pass without news: %d requests, %d new, %d listings seen; want 1, 0, 20", got, rep.New, rep.Listings)
	}
}

func TestAPriceChangeOnTheListIsFetched(t *testing.T) {
	s := newShop(30)
	w := newWorld(t, s, "/shop/")
	w.crawl()
	s.offers[25].price = "¥0.10"
	s.requests()
	rep := w.crawl()
	if rep.Changed != 1 || s.requests() != 3 {
		t.Errorf("changed %d, want 1 with three requests", rep.Changed)
	}
}
