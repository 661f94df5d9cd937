package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestWhateverHappensTheIndexEndsUpRight lets a site change, fail and block,
// and a crawler crash and hit caps, in any order. When calm returns, a day of
// crawls must have brought the index to what the site shows.
func TestWhateverHappensTheIndexEndsUpRight(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newShop(rapid.IntRange(0, 60).Draw(rt, "offers"))
		s.perPage = rapid.SampledFrom([]int{3, 10, 20}).Draw(rt, "rows per page")
		s.noPrice = rapid.Bool().Draw(rt, "lists without prices")
		w := newWorld(t, s, "/shop/")
		bad := map[string]int{}
		s.wrap = func(rw http.ResponseWriter, r *http.Request) bool {
			status := bad[r.URL.RequestURI()]
			if status != 0 {
				rw.WriteHeader(status)
			}
			return status != 0
		}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			happen(rt, s, w, bad)
		}
		s.mu.Lock()
		clear(bad)
		s.mu.Unlock()
		w.sink.fail = nil
		w.src.MaxPages = 5000
		for range 16 { // the slowest rotation is 14 days
			if _, err := w.c.Crawl(context.Background(), w.src, w.now); err != nil {
				rt.Fatalf("crawl in calm: %v", err)
			}
			w.now = w.now.Add(26 * time.Hour)
		}
		checkIndex(rt, s, w)
	})
}

// happen lets one thing happen and then a crawl.
func happen(rt *rapid.T, s *shop, w *world, bad map[string]int) {
	s.mu.Lock()
	n := len(s.offers)
	pick := func() *offer { return s.offers[rapid.IntRange(0, n-1).Draw(rt, "which")] }
	switch rapid.IntRange(0, 6).Draw(rt, "what") {
	case 0:
		for range rapid.IntRange(1, 30).Draw(rt, "new offers") {
			s.add()
		}
	case 1:
		if n > 0 {
			pick().price = fmt.Sprintf("¥%d.11", rapid.IntRange(100, 999).Draw(rt, "price"))
		}
	case 2:
		if n > 0 {
			pick().body = fmt.Sprintf("Edited: %d faces with names, cards and phones, ask @other.", rapid.IntRange(100, 999).Draw(rt, "body"))
		}
	case 3:
		if n > 0 {
			pick().gone = true
		}
	case 4:
		status := rapid.SampledFrom([]int{500, 403, 429, 401, 503}).Draw(rt, "status")
		if n > 0 && rapid.Bool().Draw(rt, "detail") {
			bad[fmt.Sprintf("/shop/item/%d/", pick().id)] = status
		} else {
			bad[fmt.Sprintf("/shop/?page=%d", rapid.IntRange(2, 4).Draw(rt, "page"))] = status
		}
	case 5:
		clear(bad)
	case 6:
		w.now = w.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(rt, "hours")) * time.Hour)
	}
	s.mu.Unlock()
	w.src.MaxPages = rapid.SampledFrom([]int{5000, 5000, 30, 10}).Draw(rt, "cap")
	left := rapid.SampledFrom([]int{1 << 30, 1 << 30, 0, 1, 5, 20}).Draw(rt, "commits until the crash")
	w.sink.fail = func(Page) error {
		if left--; left < 0 {
			return errPlanned
		}
		return nil
	}
	if _, err := w.c.Crawl(context.Background(), w.src, w.now); err != nil && !errors.Is(err, errPlanned) {
		rt.Fatalf("crawl: %v", err)
	}
	w.now = w.now.Add(time.Minute)
}

func checkIndex(rt *rapid.T, s *shop, w *world) {
	for _, o := range s.offers {
		address := fmt.Sprintf("%sitem/%d/", w.src.URL, o.id)
		id := ListingID(nil, &leakRaw{Source: "shop", URL: address})
		l, read := w.sink.listings[id]
		switch {
		case o.gone && read && w.sink.gone[id] == 0:
			rt.Errorf("offer %d went away and was not called gone", o.id)
		case !o.gone && !read:
			rt.Errorf("offer %d was not read", o.id)
		case !o.gone && (!strings.Contains(l.Body, o.body[:20]) || l.Price != o.price):
			rt.Errorf("offer %d is known with %q and %q, the site shows %q and %q", o.id, l.Price, l.Body, o.price, o.body)
		case !o.gone && w.sink.gone[id] > 0:
			rt.Errorf("offer %d is there and was called gone", o.id)
		}
	}
	seen := map[string]bool{}
	for _, id := range w.sink.news {
		if seen[id] {
			rt.Errorf("listing %s was new twice", id)
		}
		seen[id] = true
	}
}
