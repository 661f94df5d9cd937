package crawler

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestAHostNeverSeesTwoRequestsCloserThanThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		var mu sync.Mutex
		var begins, ends []time.Time
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				for range 10 {
					done, err := p.wait(t.Context(), "a.example", time.Second)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					begins = append(begins, time.Now())
					mu.Unlock()
					time.Sleep(time.Duration(rand.IntN(3000)) * time.Millisecond) // the network
					mu.Lock()
					ends = append(ends, time.Now())
					mu.Unlock()
					done(0)
				}
			})
		}
		all.Wait()
		for i := 1; i < len(begins); i++ {
			if gap := begins[i].Sub(ends[i-1]); gap < time.Second {
				t.Fatalf("request %d began %v after the one before was answered", i, gap)
			}
		}
	})
}

func TestHostsDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		began := time.Now()
		for i := range 50 {
			done, err := p.wait(t.Context(), fmt.Sprint("host", i), time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			done(0)
		}
		if d := time.Since(began); d != 0 {
			t.Errorf("50 hosts took %v", d)
		}
	})
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		done, err := p.wait(t.Context(), "a", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := p.wait(ctx, "a", time.Hour); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("while another request is under way: %v after %v", err, time.Since(began))
		}
		done(0)
		ctx2, cancel2 := context.WithTimeout(t.Context(), time.Second)
		defer cancel2()
		if _, err := p.wait(ctx2, "a", time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("during the pace: %v", err)
		}
		done, err = p.wait(t.Context(), "a", time.Hour)
		if err != nil {
			t.Fatalf("the turn was lost: %v", err)
		}
		done(0)
	})
}

func TestAHostThatAsksForQuietIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		done, _ := p.wait(t.Context(), "a", time.Second)
		done(time.Minute)
		began := time.Now()
		done, err := p.wait(t.Context(), "a", time.Second)
		if err != nil || time.Since(began) != time.Minute {
			t.Errorf("%v after %v, want a minute", err, time.Since(began))
		}
		done(0)
	})
}

func TestThePacerForgetsOldHosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		for i := range maxPaced + 100 {
			done, err := p.wait(t.Context(), fmt.Sprint(i), time.Second)
			if err != nil {
				t.Fatal(err)
			}
			done(0)
			if i == maxPaced-1 {
				time.Sleep(2 * time.Hour)
			}
		}
		if len(p.hosts) > 200 {
			t.Errorf("%d hosts are remembered", len(p.hosts))
		}
	})
}

func TestEveryRequestOfACrawlIsPaced(t *testing.T) {
	const pace = 20 * time.Millisecond
	s := newShop(8)
	n := 0
	s.wrap = func(rw http.ResponseWriter, r *http.Request) bool {
		switch {
		case r.URL.Path == "/shop/item/3/": // a redirect hop
			http.Redirect(rw, r, "/shop/item/4/?again=1", http.StatusFound)
			return true
		case r.URL.Path == "/shop/item/5/": // a retry
			if n++; n == 1 {
				rw.WriteHeader(http.StatusBadGateway)
				return true
			}
		}
		return false
	}
	w := newWorld(t, s, "/shop/")
	w.src.Pace = pace
	rep := w.crawl()
	slices.SortFunc(s.times, time.Time.Compare)
	for i := 1; i < len(s.times); i++ {
		if gap := s.times[i].Sub(s.times[i-1]); gap < pace {
			t.Errorf("requests %d and %d are %v apart, the pace is %v", i-1, i, gap, pace)
		}
	}
	if len(s.times) != rep.Requests || rep.Requests != 1+1+8+2 {
		t.Errorf("%d requests arrived, %d reported, want 12", len(s.times), rep.Requests)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for in, want := range map[string]time.Duration{"": 0, "5": 5 * time.Second, " 120 ": 2 * time.Minute, "-3": 0, "soon": 0, "1.5": 0,
		now.Add(time.Hour).Format(http.TimeFormat): time.Hour, now.Add(-time.Hour).Format(http.TimeFormat): 0, "999999999999": 0} {
		if got := retryAfter(http.Header{"Retry-After": {in}}, now); got != want {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
}

func TestALongRetryAfterEndsTheCrawl(t *testing.T) {
	s := newShop(50)
	n := 0
	s.wrap = func(rw http.ResponseWriter, r *http.Request) bool {
		if n++; n > 10 {
			rw.Header().Set("Retry-After", "86400")
			rw.WriteHeader(http.StatusTooManyRequests)
			return true
		}
		return false
	}
	w := newWorld(t, s, "/shop/")
	w.c.pacer = newPacer()
	rep := w.crawl()
	w.wantHealth(rep, Blocked)
	if rep.Requests != 11 || !strings.Contains(strings.Join(rep.Problems, " "), "24h") {
		t.Errorf("%d requests, problems %q", rep.Requests, rep.Problems)
	}
}
