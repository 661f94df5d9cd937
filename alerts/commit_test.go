package alerts

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// groups runs jobs that arrive at the given instants and returns the sizes of
// the groups in which they ran.
func groups(t *testing.T, most int, more bool, at ...time.Duration) (sizes []int, last time.Duration) {
	t.Helper()
	c := &committer[int]{max: most, width: 1}
	began := time.Now()
	c.run = func(_ context.Context, jobs []int) {
		sizes = append(sizes, len(jobs))
		last = time.Since(began)
	}
	for i, d := range at {
		go func() {
			time.Sleep(d)
			if err := c.do(t.Context(), i, more); err != nil {
				t.Error(err)
			}
		}()
	}
	time.Sleep(time.Hour)
	synctest.Wait()
	return sizes, last
}

func ms(n ...time.Duration) []time.Duration {
	for i := range n {
		n[i] *= time.Millisecond
	}
	return n
}

func TestAGroupWaitsWhileJobsKeepComing(t *testing.T) {
	for _, tt := range []struct {
		name string
		most int
		more bool
		at   []time.Duration
		want []int
		last time.Duration // when the last group ran, at the latest
	}{
		{"jobs that keep coming share a group", 64, true, ms(1, 5, 9, 14, 22), []int{5}, 41 * time.Millisecond},
		{"a job that nothing follows is not held up for long", 64, true, ms(0), []int{1}, gatherPause},
		{"a group that is full runs at once", 3, true, ms(0, 1, 2), []int{3}, 2 * time.Millisecond},
		{"a job that says nothing of others runs at once", 64, false, ms(0, 3, 6), []int{1, 1, 1}, 6 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got, last := groups(t, tt.most, tt.more, tt.at...)
				if !slices.Equal(got, tt.want) || last > tt.last {
					t.Errorf("groups of %v, the last after %v; want %v within %v", got, last, tt.want, tt.last)
				}
			})
		})
	}
}

func TestJobsThatComeForEverAreNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const jobs, apart = 50, 5 * time.Millisecond
		sizes, last := groups(t, 64, true, every(apart, jobs)...)
		total, most := 0, int((gatherMost+gatherPause)/apart)+1
		for _, n := range sizes {
			total += n
			if n > most {
				t.Errorf("a group of %d waited too long, at most %d come in time", n, most)
			}
		}
		if total != jobs || last > jobs*apart+gatherMost+gatherPause {
			t.Errorf("groups of %v, the last after %v", sizes, last)
		}
	})
}

func every(d time.Duration, n int) []time.Duration {
	at := make([]time.Duration, n)
	for i := range at {
		at[i] = time.Duration(i)*d + time.Microsecond
	}
	return at
}

func TestAJobInAHurryEndsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ran := 0
		c := &committer[int]{max: 64, width: 1}
		c.run = func(_ context.Context, jobs []int) { ran = len(jobs) }
		began := time.Now()
		go func() { _ = c.do(t.Context(), 1, true) }()
		time.Sleep(time.Millisecond)
		if err := c.do(t.Context(), 2, false); err != nil || ran != 2 || time.Since(began) > time.Millisecond {
			t.Errorf("%v: a group of %d after %v, want both jobs at once", err, ran, time.Since(began))
		}
	})
}
