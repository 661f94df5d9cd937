package crawler

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/leakwatch/leakwatch/leak"
)

// slowSink answers nothing until so many commits are under way, or until it
// is opened.
type slowSink struct {
	Sink
	want int

	mu     sync.Mutex // protects all below
	within int
	most   int
	busy   map[string]bool
	shared bool // a listing was in two commits at the same time
	open   chan struct{}
	opened bool
}

func (s *slowSink) Commit(ctx context.Context, p Page) (Receipt, error) {
	s.enter(&p)
	<-s.open
	receipt, err := s.Sink.Commit(ctx, p)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.within--
	for _, id := range p.ids(nil) {
		delete(s.busy, id)
	}
	return receipt, err
}

func (s *slowSink) enter(p *Page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.within++
	s.most = max(s.most, s.within)
	if s.within >= s.want && !s.opened {
		s.opened = true
		close(s.open)
	}
	for _, id := range p.ids(nil) {
		s.shared = s.shared || s.busy[id]
		s.busy[id] = true
	}
}

func TestACrawlFetchesOnWhileCommitsAreUnderWay(t *testing.T) {
	w := newWorld(t, newShop(100), "/shop/")
	slow := &slowSink{Sink: w.sink, want: maxUnderWay, busy: map[string]bool{}, open: make(chan struct{})}
	w.c.sink = slow
	rep := w.crawl()
	w.wantHealth(rep, OK)
	if rep.New != 100 || len(w.sink.listings) != 100 {
		t.Errorf("%d new, %d listings, want 100", rep.New, len(w.sink.listings))
	}
	if slow.within != 0 || slow.most != maxUnderWay {
		t.Errorf("%d commits at a time and %d at the end, want %d and none", slow.most, slow.within, maxUnderWay)
	}
	if rep := w.crawl(); rep.New+rep.Changed != 0 {
		t.Errorf("the next crawl found %d new and %d changed", rep.New, rep.Changed)
	}
}

func TestPagesOfOneListingAreCommittedOneAfterTheOther(t *testing.T) {
	w := newWorld(t, newShop(1), "/shop/")
	slow := &slowSink{Sink: w.sink, want: 1, busy: map[string]bool{}, open: make(chan struct{})}
	w.c.sink = slow
	r, err := w.c.newRun(context.Background(), withDefaults(w.src), &Report{})
	if err != nil {
		t.Fatal(err)
	}
	raw := leak.Raw{Source: "shop", URL: w.src.URL + "item/1/"}
	for i := range 20 {
		raw.Title = strings.Repeat("x", i+1)
		if err := r.commit(Page{Listings: []leak.Raw{raw}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.await(); err != nil {
		t.Fatal(err)
	}
	if slow.shared {
		t.Error("two commits of one listing were under way at the same time")
	}
	if got := w.sink.listings[ListingID(nil, &raw)].Title; got != raw.Title {
		t.Errorf("the last title is %q, want %q", got, raw.Title)
	}
}

func TestTheFirstErrorEndsTheCrawlOnceNothingIsUnderWay(t *testing.T) {
	w := newWorld(t, newShop(200), "/shop/")
	n := 0
	w.sink.fail = func(Page) error {
		if n++; n == 20 {
			return errPlanned
		}
		return nil
	}
	slow := &slowSink{Sink: w.sink, want: maxUnderWay, busy: map[string]bool{}, open: make(chan struct{})}
	w.c.sink = slow
	_, err := w.c.Crawl(context.Background(), w.src, w.now)
	if !errors.Is(err, errPlanned) || slow.within != 0 {
		t.Errorf("got %v with %d commits under way, want the planned error and none", err, slow.within)
	}
	if n > 20+maxUnderWay {
		t.Errorf("%d commits after the error", n-20)
	}
	w.sink.fail = nil
	w.crawl()
	if len(w.sink.listings) != 200 {
		t.Errorf("%d of 200 listings after the next crawl", len(w.sink.listings))
	}
}

func TestLongPagesUnderWayAreBoundedByTheirBytes(t *testing.T) {
	w := newWorld(t, newShop(1), "/shop/")
	long := strings.Repeat("x", maxBytesUnderWay/4)
	slow := &slowSink{Sink: w.sink, want: 3, busy: map[string]bool{}, open: make(chan struct{})}
	w.c.sink = slow
	r, err := w.c.newRun(context.Background(), withDefaults(w.src), &Report{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		raw := leak.Raw{Source: "shop", SiteID: strconv.Itoa(i), URL: w.src.URL, Body: long}
		if err := r.commit(Page{Listings: []leak.Raw{raw}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.await(); err != nil {
		t.Fatal(err)
	}
	if slow.most != 3 || len(w.sink.listings) != 12 {
		t.Errorf("%d at a time and %d listings, want 3 and 12", slow.most, len(w.sink.listings))
	}
}
