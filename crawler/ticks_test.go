package crawler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/indexer/indextest"
)

// clockwork is a scheduler over a fake clock, and the crawls it made.
type clockwork struct {
	state   indexer.State
	sources []config.Source
	crawl   func(ctx context.Context, src config.Source, tick time.Time) error

	mu   sync.Mutex // protects all below
	runs []string
	at   []time.Time
}

func (c *clockwork) note(src config.Source, tick time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs = append(c.runs, src.ID+" "+tick.UTC().Format("02 15:04:05"))
	c.at = append(c.at, time.Now())
}

func (c *clockwork) ticks(sole bool) *Ticks {
	return NewTicks(TicksOptions{
		State:   c.state,
		Sources: func() []config.Source { return c.sources },
		Schedule: func(s config.Source) (Schedule, error) {
			return config.ParseSchedule(s.Schedule, s.TimeZone)
		},
		Crawl: func(ctx context.Context, src config.Source, tick time.Time) (Report, error) {
			c.note(src, tick)
			if c.crawl != nil {
				return Report{}, c.crawl(ctx, src, tick)
			}
			return Report{Health: OK}, nil
		},
		Sole: sole,
	})
}

// run lets a scheduler live for d.
func (c *clockwork) run(t *testing.T, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	if err := c.ticks(true).Run(ctx); err != nil {
		t.Errorf("run: %v", err)
	}
}

func (c *clockwork) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.runs
	c.runs = nil
	return out
}

func source(id, url, schedule string) config.Source {
	return config.Source{ID: id, Name: id, URL: url, Schedule: schedule}
}

// The fake clock of synctest begins at 2000-01-01 00:00 UTC.

func TestADueSourceRunsOnceAtEveryTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{state: indextest.NewMemory(), sources: []config.Source{source("a", "http://a.test/", "*/10 * * * *")}}
		c.run(t, 35*time.Minute)
		want := []string{"a 01 00:00:00", "a 01 00:10:00", "a 01 00:20:00", "a 01 00:30:00"}
		if got := c.take(); !slices.Equal(got, want) {
			t.Errorf("ran %v, want %v", got, want)
		}
	})
}

func TestTicksMissedWhileDownRunOnceAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{state: indextest.NewMemory(), sources: []config.Source{source("a", "http://a.test/", "*/10 * * * *")}}
		c.run(t, 5*time.Minute)
		c.take()
		time.Sleep(2*time.Hour + 3*time.Minute) // down from 00:05 to 02:08
		c.run(t, time.Minute)
		if got := c.take(); !slices.Equal(got, []string{"a 01 02:00:00"}) {
			t.Errorf("ran %v, want once, for the last missed tick", got)
		}
		st, err := ReadStatus(context.Background(), c.state, "a")
		if err != nil || st["a"].Missed != 11 {
			t.Errorf("missed %d (%v), want 11", st["a"].Missed, err)
		}
		if want := time.Date(2000, 1, 1, 2, 10, 0, 0, time.UTC); !st["a"].Next.Equal(want) {
			t.Errorf("next %v, want %v", st["a"].Next, want)
		}
	})
}

func TestARestartRunsNoTickTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{state: indextest.NewMemory(), sources: []config.Source{source("a", "http://a.test/", "0 * * * *")}}
		for range 90 {
			c.run(t, 2*time.Minute)
		}
		want := []string{"a 01 00:00:00", "a 01 01:00:00", "a 01 02:00:00"}
		if got := c.take(); !slices.Equal(got, want) && !slices.Equal(got, append(want, "a 01 03:00:00")) {
			t.Errorf("ran %v, want %v", got, want)
		}
	})
}

func TestAnInterruptedCrawlIsTakenUpWithItsTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{state: indextest.NewMemory(), sources: []config.Source{source("a", "http://a.test/", "0 * * * *")}}
		c.crawl = func(ctx context.Context, _ config.Source, _ time.Time) error { <-ctx.Done(); return ctx.Err() }
		c.run(t, time.Minute)
		c.crawl = nil
		c.run(t, time.Minute)
		c.run(t, time.Minute)
		if got := c.take(); !slices.Equal(got, []string{"a 01 00:00:00", "a 01 00:00:00"}) {
			t.Errorf("ran %v, want the same tick again, and then not again", got)
		}
	})
}

func TestACrawlThatEndedBeforeItWasNotedIsNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		state := indextest.NewMemory()
		c := &clockwork{state: state, sources: []config.Source{source("a", "http://a.test/", "0 * * * *")}}
		c.crawl = func(ctx context.Context, src config.Source, tick time.Time) error {
			m := &memory{Last: &Report{Tick: tick}}
			if err := New(Options{State: state}).saveMemory(context.WithoutCancel(ctx), src.ID, m); err != nil {
				t.Error(err)
			}
			<-ctx.Done() // killed here
			return ctx.Err()
		}
		c.run(t, time.Minute)
		c.run(t, time.Minute)
		if got := c.take(); len(got) != 1 {
			t.Errorf("ran %v, want once", got)
		}
		st, err := ReadStatus(ctx, state, "a")
		if err != nil || !st["a"].Running.IsZero() {
			t.Errorf("still running %v (%v), want completed", st["a"].Running, err)
		}
	})
}

func TestNoOverlapAndOneHostAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{state: indextest.NewMemory(), sources: []config.Source{
			source("a1", "http://a.test/x", "* * * * *"), source("a2", "http://a.test:8080/y", "* * * * *"),
			source("b", "http://b.test/", "* * * * *"),
		}}
		var mu sync.Mutex
		now := map[string]int{}
		most := map[string]int{}
		c.crawl = func(ctx context.Context, src config.Source, _ time.Time) error {
			mu.Lock()
			now[hostOf(src)]++
			most[hostOf(src)] = max(most[hostOf(src)], now[hostOf(src)])
			most["all"] = max(most["all"], now["a.test"]+now["b.test"])
			mu.Unlock()
			time.Sleep(100 * time.Second)
			mu.Lock()
			now[hostOf(src)]--
			mu.Unlock()
			return nil
		}
		c.run(t, 20*time.Minute)
		if most["a.test"] != 1 || most["b.test"] != 1 || most["all"] != 2 {
			t.Errorf("at the same time %v; want one per host, both hosts together", most)
		}
	})
}

func TestAnErrorOfOursIsRetriedSoonerThanTheNextTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{state: indextest.NewMemory(), sources: []config.Source{source("a", "http://a.test/", "@daily")}}
		var n atomic.Int32
		c.crawl = func(context.Context, config.Source, time.Time) error {
			if n.Add(1) <= 3 {
				return errPlanned
			}
			return nil
		}
		c.run(t, 10*time.Minute)
		if got := len(c.take()); got != 4 {
			t.Errorf("%d runs, want 4: three failures and a success", got)
		}
	})
}

func TestJitterIsStableAndBounded(t *testing.T) {
	seen := map[time.Duration]bool{}
	for i := range 100 {
		s := config.Source{ID: fmt.Sprint("source-", i), Jitter: time.Minute}
		j := jitter(s)
		if j < 0 || j >= time.Minute || j != jitter(s) {
			t.Errorf("jitter of %s is %v", s.ID, j)
		}
		seen[j] = true
	}
	if len(seen) < 95 {
		t.Errorf("%d different jitters of 100 sources", len(seen))
	}
}

func TestJitterDelaysTheRunAndNotTheTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := source("a", "http://a.test/", "0 * * * *")
		src.Jitter = 10 * time.Minute
		c := &clockwork{state: indextest.NewMemory(), sources: []config.Source{src}}
		c.run(t, 75*time.Minute)
		want := time.Date(2000, 1, 1, 1, 0, 0, 0, time.UTC).Add(jitter(src))
		if got := c.take(); len(got) != 2 || got[1] != "a 01 01:00:00" || c.at[1].Before(want) || c.at[1].After(want.Add(time.Second)) {
			t.Errorf("ran %v at %v, want the tick of 01:00 at %v", got, c.at, want)
		}
	})
}

func TestDaylightSavingDaysRunOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := source("a", "http://a.test/", "30 2 * * *")
		src.TimeZone = "America/New_York"
		c := &clockwork{state: indextest.NewMemory(), sources: []config.Source{src}}
		c.run(t, time.Minute) // of a source that is new
		time.Sleep(91 * 24 * time.Hour)
		c.take()
		c.run(t, 4*24*time.Hour) // April 1 to 5; clocks go forward on the 2nd
		want := []string{"a 01 07:30:00", "a 02 07:00:00", "a 03 06:30:00", "a 04 06:30:00"}
		if got := c.take(); !slices.Equal(got[1:], want) {
			t.Errorf("in April ran %v, want %v", got[1:], want)
		}
		time.Sleep(205 * 24 * time.Hour)
		c.run(t, 4*24*time.Hour) // October 27 to 31; clocks go back on the 29th
		want = []string{"a 27 06:30:00", "a 28 06:30:00", "a 29 07:30:00", "a 30 07:30:00"}
		if got := c.take(); !slices.Equal(got[1:], want) {
			t.Errorf("in October ran %v, want %v", got[1:], want)
		}
	})
}

func TestTwoWorkersShareTheSourcesAndADeadOnesAreTakenOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{state: indextest.NewMemory()}
		for i := range 6 {
			c.sources = append(c.sources, source(fmt.Sprint("s", i), fmt.Sprintf("http://h%d.test/", i), "* * * * *"))
		}
		block := make(chan struct{})
		var stuck atomic.Bool
		c.crawl = func(ctx context.Context, src config.Source, _ time.Time) error {
			if stuck.Load() {
				<-block // a worker that hangs and holds its leases no more
				return errors.New("came back late")
			}
			return nil
		}
		ctx, cancel := context.WithCancel(context.Background())
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { _ = c.ticks(false).Run(ctx) })
		}
		time.Sleep(10*time.Minute + time.Second)
		cancel()
		both.Wait()
		counts := map[string]int{}
		for _, r := range c.take() {
			counts[r]++
		}
		for r, n := range counts {
			if n != 1 {
				t.Errorf("%s ran %d times", r, n)
			}
		}
		if len(counts) != 6*11 {
			t.Errorf("%d ticks ran, want %d", len(counts), 6*11)
		}
		close(block)
	})
}

func TestALeaseOfADeadWorkerExpiresForTheObserver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		state := indextest.NewMemory()
		a, b := newLeases(state, "a", false), newLeases(state, "b", false)
		h, err := a.acquire(ctx, "host")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.acquire(ctx, "host"); !errors.Is(err, errHeld) {
			t.Fatalf("second owner: %v, want held", err)
		}
		alive, die := context.WithCancel(ctx)
		var lost atomic.Bool
		go h.keep(alive, func(error) { lost.Store(true) })
		for range 10 { // renewed: never void
			time.Sleep(leaseLength / 2)
			if _, err := b.acquire(ctx, "host"); !errors.Is(err, errHeld) {
				t.Fatalf("a renewed lease was taken: %v", err)
			}
		}
		die()
		time.Sleep(leaseLength / 2)
		if _, err := b.acquire(ctx, "host"); !errors.Is(err, errHeld) {
			t.Fatalf("taken too early: %v", err)
		}
		time.Sleep(leaseLength)
		if _, err := b.acquire(ctx, "host"); err != nil {
			t.Fatalf("a dead worker's lease was not taken: %v", err)
		}
		if lost.Load() {
			t.Error("the owner thought that it had lost the lease")
		}
	})
}

func TestALeaseThatCannotBeRenewedEndsTheCrawl(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state := indextest.NewMemory()
		h, err := newLeases(state, "a", false).acquire(context.Background(), "host")
		if err != nil {
			t.Fatal(err)
		}
		state.Fail(func(string) error { return indexer.ErrUnavailable })
		ctx, lose := context.WithCancelCause(context.Background())
		began := time.Now()
		h.keep(ctx, lose)
		if !errors.Is(context.Cause(ctx), errLost) || time.Since(began) >= leaseLength {
			t.Errorf("lost after %v with %v; want before the %v of the lease are over", time.Since(began), context.Cause(ctx), leaseLength)
		}
	})
}

func TestALostAnswerOfARenewalIsNoLoss(t *testing.T) {
	ctx := context.Background()
	state := indextest.NewMemory()
	h, err := newLeases(state, "a", false).acquire(ctx, "host")
	if err != nil {
		t.Fatal(err)
	}
	state.Fail(func(op string) error {
		if op == "after swap" {
			return indexer.ErrUnavailable
		}
		return nil
	})
	h.Seq++
	if err := h.put(ctx, state.Swap); err != nil {
		t.Errorf("renew: %v; the write was applied and only its answer lost", err)
	}
}

func TestAChangedScheduleTakesEffectWithTheNextRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{state: indextest.NewMemory(), sources: []config.Source{source("a", "http://a.test/", "0 12 * * *"), source("b", "http://b.test/", "* * * * *")}}
		c.sources[1].Disabled = true
		c.run(t, time.Hour)
		c.take()
		c.sources[0].Schedule = "*/20 * * * *"
		c.run(t, time.Hour)
		want := []string{"a 01 01:20:00", "a 01 01:40:00"}
		if got := c.take(); !slices.Equal(got, want) && !slices.Equal(got, append(want, "a 01 02:00:00")) {
			t.Errorf("ran %v, want %v and nothing of the disabled source", got, want)
		}
	})
}

func TestAFaultyScheduleStopsOnlyItsSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{state: indextest.NewMemory(), sources: []config.Source{source("a", "http://a.test/", "TZ=0"), source("b", "http://b.test/", "@hourly")}}
		c.run(t, 30*time.Minute)
		if got := c.take(); !slices.Equal(got, []string{"b 01 00:00:00"}) {
			t.Errorf("ran %v", got)
		}
	})
}

func TestAnIndexThatIsDownOnlyDelaysTicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state := indextest.NewMemory()
		c := &clockwork{state: state, sources: []config.Source{source("a", "http://a.test/", "0 * * * *")}}
		c.run(t, time.Minute)
		c.take()
		began := time.Now()
		state.Fail(func(string) error {
			if time.Since(began) < 90*time.Minute {
				return indexer.ErrUnavailable
			}
			return nil
		})
		c.run(t, 150*time.Minute)
		// Down from 00:01 to 01:31: the tick of 01:00 is late, none is lost.
		if got := c.take(); !slices.Equal(got, []string{"a 01 01:00:00", "a 01 02:00:00"}) {
			t.Errorf("ran %v", got)
		}
		if late := c.at[1].Sub(began.Add(90 * time.Minute)); late > longestWait {
			t.Errorf("the late tick ran %v after the index was back", late)
		}
	})
}

func TestAnswersThatGetLostRunNoTickTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state := indextest.NewMemory()
		n := 0
		state.Fail(func(op string) error {
			if op == "after swap" || op == "after create" {
				if n++; n%3 == 0 {
					return indexer.ErrUnavailable
				}
			}
			return nil
		})
		c := &clockwork{state: state, sources: []config.Source{source("a", "http://a.test/", "*/5 * * * *"), source("b", "http://b.test/", "*/5 * * * *")}}
		c.run(t, 62*time.Minute)
		seen := map[string]int{}
		for _, r := range c.take() {
			seen[r]++
		}
		for r, n := range seen {
			if n > 1 {
				t.Errorf("%s ran %d times", r, n)
			}
		}
		if len(seen) != 26 {
			t.Errorf("%d ticks ran, want 26", len(seen))
		}
	})
}

func TestAPanicOfACrawlIsAnErrorOfIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &clockwork{state: indextest.NewMemory(), sources: []config.Source{source("a", "http://a.test/", "@hourly")}}
		var n atomic.Int32
		c.crawl = func(context.Context, config.Source, time.Time) error {
			if n.Add(1) == 1 {
				panic("planned")
			}
			return nil
		}
		c.run(t, 5*time.Minute)
		if n.Load() != 2 {
			t.Errorf("%d runs, want the panic and one that succeeds", n.Load())
		}
	})
}
