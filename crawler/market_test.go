package crawler

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/internal/market"
)

// TestTheDemoMarketIsReadWholeWithOnlyItsAddresses crawls each section by its
// address alone and holds what was read against the truth, then lets time
// pass and does so again.
func TestTheDemoMarketIsReadWholeWithOnlyItsAddresses(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	m := market.New(7, func() time.Time { return now })
	w := newWorld(t, m.Handler(), "/")
	base := w.src.URL
	crawlAll := func() {
		for _, s := range market.Sections() {
			w.src = config.Source{ID: s.Name, Name: s.Name, URL: base + s.Name + "/", AllowPrivate: true, Pace: time.Nanosecond}
			if s.Login {
				w.src.Cookie = config.NewSecret(market.Cookie)
			}
			w.now = now
			rep := w.crawl()
			w.wantHealth(rep, OK)
			t.Logf("%s: kind %s, %d requests, %d listings, %d new, %d changed, problems %q", s.Name, rep.Kind, rep.Requests, rep.Listings, rep.New, rep.Changed, rep.Problems)
		}
	}
	compare := func() {
		t.Helper()
		read := map[string]string{}
		for _, l := range w.sink.listings {
			_, path, _ := strings.Cut(strings.TrimPrefix(l.URL, "http://"), "/")
			read["/"+path] += l.Title + "\n" + l.Body + "\n" + l.Price
		}
		for _, it := range m.Truth() {
			text, ok := read[it.Path]
			if !ok {
				t.Errorf("%s was not read: %s", it.Path, it.Title)
				continue
			}
			if !strings.Contains(text, it.Title) || it.Price != "" && !strings.Contains(text, it.Price) {
				t.Errorf("%s reads %q, want title %q and price %q", it.Path, text, it.Title, it.Price)
			}
			delete(read, it.Path)
		}
		for p := range read {
			t.Errorf("%s was read and is no listing", p)
		}
	}
	crawlAll()
	compare()
	if m.Requests()["/truth"] > 0 {
		t.Error("the truth was read")
	}
	for range 5 {
		before := m.Requests()
		for range 4 {
			m.Step()
		}
		now = now.Add(10 * time.Minute)
		crawlAll()
		var again []string
		for p, n := range m.Requests() {
			if d := n - before[p]; d > 1 {
				again = append(again, fmt.Sprint(p, " ×", d))
			}
		}
		slices.Sort(again)
		if len(again) > 0 {
			t.Errorf("fetched more than once in a round: %v", again)
		}
	}
	// A sweep finds what stands behind known ground.
	now = now.Add(sweepEvery)
	crawlAll()
	compare()
}

func TestTheMarketsBreakIsNoticedAtOnce(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	m := market.New(8, func() time.Time { return now })
	for _, s := range market.Sections() {
		w := newWorld(t, m.Handler(), "/"+s.Name+"/")
		w.src.ID, w.src.Kind = s.Name, ""
		want := OK
		if s.Login {
			want = LoggedOut
			w.wantHealth(w.crawl(), want)
			w.src.Cookie = config.NewSecret(market.Cookie)
		}
		w.wantHealth(w.crawl(), OK)
		n := len(w.sink.listings)
		m.Break()
		rep := w.crawl()
		w.wantHealth(rep, Blind)
		if len(w.sink.listings) != n {
			t.Errorf("%s: %d listings were read from the broken layout", s.Name, len(w.sink.listings)-n)
		}
		m.Break()
		w.wantHealth(w.crawl(), OK)
	}
}
