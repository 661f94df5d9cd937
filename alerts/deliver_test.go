package alerts

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/indexer/indextest"
	"github.com/leakwatch/leakwatch/leak"
)

// ingestHits ingests count listings that satisfy the watch.
func ingestHits(t *testing.T, s *Service, from, count int) {
	t.Helper()
	for i := from; i < from+count; i++ {
		mustIngest(t, s, Batch{Listings: []leak.Listing{selling(i)}})
	}
}

// exactlyOnce checks that each of count alerts is in exactly one message of
// the mailbox, and that no message was sent twice.
func exactlyOnce(t *testing.T, s *Service, box *mailbox, count int) {
	t.Helper()
	by := box.messages()
	if len(by) != count {
		t.Errorf("%d alerts were sent; want %d", len(by), count)
	}
	for alert, ids := range by {
		if len(ids) != 1 {
			t.Errorf("alert %s is in messages %v", alert, ids)
		}
	}
	seen := map[string]bool{}
	for _, n := range box.all() {
		if seen[n.ID] {
			t.Errorf("message %s was sent twice", n.ID)
		}
		seen[n.ID] = true
	}
	for _, a := range storedAlerts(t, s.engine) {
		if a.Times.Delivered == nil {
			t.Errorf("alert %s is not marked as delivered", a.ID)
		}
	}
}

func TestAnAlertReachesItsReceiverAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &mailbox{}
		s := mustNew(t, options(box.receiver("hook")))
		defer run(t, s)()
		synctest.Wait()
		start := time.Now()
		ingestHits(t, s, 0, 3)
		synctest.Wait()
		if time.Since(start) != 0 {
			t.Error("it took time")
		}
		exactlyOnce(t, s, box, 3)
		n := box.all()[0]
		if n.ID != leak.NotificationID("hook", n.Alerts[0].ID) || n.Console != "https://console.test" {
			t.Errorf("notification %+v", n)
		}
	})
}

func TestAReceiverThatIsDownGetsEverythingWhenItIsBack(t *testing.T) {
	for name, down := range map[string]func(Notification) (Answer, error){
		"500": func(Notification) (Answer, error) { return Answer{Status: 500}, errors.New("answered 500") },
		"refused": func(Notification) (Answer, error) {
			return Answer{}, errors.New("connection refused")
		},
		"panics": func(Notification) (Answer, error) { panic("boom") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				back := time.Now().Add(72 * time.Hour)
				box := &mailbox{}
				var tries atomic.Int32
				box.answer = func(n Notification) (Answer, error) {
					if tries.Add(1); time.Now().Before(back) {
						return down(n)
					}
					return Answer{}, nil
				}
				s := mustNew(t, options(box.receiver("hook")))
				defer run(t, s)()
				ingestHits(t, s, 0, 30)
				elapse(71 * time.Hour)
				if n := tries.Load(); n > 2000 {
					t.Errorf("%d attempts in 71 hours for 30 alerts", n)
				}
				elapse(3 * time.Hour)
				exactlyOnce(t, s, box, 30)
			})
		})
	}
}

func TestRetryAfterIsHonouredForTheWholeReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &mailbox{}
		var at []time.Time
		box.answer = func(Notification) (Answer, error) {
			if at = append(at, time.Now()); len(at) == 1 {
				return Answer{Status: 429}, &RetryAfterError{After: 10 * time.Minute, Err: errors.New("slow down")}
			}
			return Answer{}, nil
		}
		s := mustNew(t, options(box.receiver("hook")))
		defer run(t, s)()
		synctest.Wait()
		ingestHits(t, s, 0, 1)
		synctest.Wait()
		ingestHits(t, s, 1, 2)
		elapse(time.Hour)
		if len(at) != 4 || at[1].Sub(at[0]) < 10*time.Minute {
			t.Errorf("attempts at %v", at)
		}
		exactlyOnce(t, s, box, 3)
	})
}

// hanging is a notifier that never answers.
type hanging struct{ mailbox }

func (h *hanging) Send(ctx context.Context, n Notification) (Answer, error) {
	<-ctx.Done()
	return Answer{}, ctx.Err()
}

func TestAReceiverThatHangsIsLeftAfterFifteenSecondsAndHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, stuck := &mailbox{}, &hanging{}
		s := mustNew(t, options(box.receiver("hook"), Receiver{Config: config.Receiver{Name: "stuck"}, Notifier: stuck}))
		stop := run(t, s)
		synctest.Wait()
		ingestHits(t, s, 0, 20)
		synctest.Wait()
		exactlyOnce(t, s, box, 20)
		elapse(16 * time.Second)
		synctest.Wait()
		var tries []Delivery
		for _, n := range box.all() {
			d, err := s.Alert(context.Background(), n.Alerts[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			tries = append(tries, d.Notifications[1].Deliveries...)
		}
		if len(tries) != slots || tries[0].Took != sendTimeout || tries[0].OK || tries[0].Next == nil {
			t.Errorf("deliveries %+v; want one for each slot", tries)
		}
		began := time.Now()
		stop()
		if time.Since(began) > stopGrace {
			t.Errorf("the stop took %v", time.Since(began))
		}
	})
}

func TestAPermanentRefusalIsDeadAtOnceAndCanBeSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		box, other := &mailbox{}, &mailbox{}
		refuse := true
		box.answer = func(Notification) (Answer, error) {
			if refuse {
				return Answer{Status: 400}, &PermanentError{errors.New("not understood")}
			}
			return Answer{}, nil
		}
		s := mustNew(t, options(box.receiver("hook"), other.receiver("other")))
		defer run(t, s)()
		synctest.Wait()
		ingestHits(t, s, 0, 2)
		elapse(time.Hour)
		dead, err := s.DeadLetters(ctx, "hook", "")
		if err != nil || len(dead) != 2 || dead[0].Attempts != 1 || dead[0].Error != "not understood" {
			t.Fatalf("dead letters %+v, error %v", dead, err)
		}
		if page, err := s.DeadLetters(ctx, "hook", dead[0].ID); err != nil || len(page) != 1 {
			t.Errorf("second page %+v, error %v", page, err)
		}
		st, err := s.Receivers(ctx)
		if err != nil || st[0].Dead != 2 || st[0].Pending != 0 || st[0].LastError == "" || st[1].Dead != 0 {
			t.Errorf("receivers %+v, error %v", st, err)
		}
		if n := notices(other); len(n) != 1 || !strings.Contains(n[0], "hook") {
			t.Errorf("the other receiver got notices %q; want one about hook", n)
		}
		refuse = false
		if n, err := s.Resend(ctx, "hook"); err != nil || n != 2 {
			t.Errorf("resent %d, error %v", n, err)
		}
		elapse(time.Minute)
		exactlyOnce(t, s, box, 2)
		if dead, _ := s.DeadLetters(ctx, "hook", ""); len(dead) != 0 {
			t.Errorf("still dead: %+v", dead)
		}
		if n := notices(other); len(n) != 2 || !strings.Contains(n[1], "works again") {
			t.Errorf("notices %q", n)
		}
	})
}

// notices returns the texts of the notices that a mailbox got.
func notices(m *mailbox) []string {
	var out []string
	for _, n := range m.all() {
		if n.Notice != "" {
			out = append(out, n.Notice)
		}
	}
	return out
}

func TestAReceiverThatIsGoneIsDisabledAndItsMessagesWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		box := &mailbox{}
		gone, tries := true, 0
		box.answer = func(Notification) (Answer, error) {
			if tries++; gone {
				return Answer{Status: http.StatusGone}, &PermanentError{errors.New("gone")}
			}
			return Answer{}, nil
		}
		o := options(box.receiver("hook"))
		s := mustNew(t, o)
		stop := run(t, s)
		synctest.Wait()
		ingestHits(t, s, 0, 1)
		synctest.Wait()
		ingestHits(t, s, 1, 3)
		elapse(time.Hour)
		stop()
		s = mustNew(t, o) // a restart does not forget it
		defer run(t, s)()
		elapse(time.Hour)
		st, err := s.Receivers(ctx)
		if err != nil || !st[0].Disabled || st[0].Pending != 3 || tries != 1 {
			t.Errorf("status %+v after %d attempts, error %v", st, tries, err)
		}
		if _, err := s.TestReceiver(ctx, "hook"); err == nil {
			t.Error("the test works")
		}
		gone = false
		if _, err := s.TestReceiver(ctx, "hook"); err != nil {
			t.Error(err)
		}
		if _, err := s.Resend(ctx, "hook"); err != nil {
			t.Error(err)
		}
		elapse(2 * time.Minute)
		if by := box.messages(); len(by) != 4 {
			t.Errorf("%d alerts arrived; want 4", len(by))
		}
	})
}

func TestAfterAWeekAMessageIsDeadAndTheOthersAreToldLongBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, other := &mailbox{}, &mailbox{}
		box.answer = func(Notification) (Answer, error) { return Answer{}, errors.New("no route to host") }
		s := mustNew(t, options(box.receiver("hook"), other.receiver("other")))
		defer run(t, s)()
		ingestHits(t, s, 0, 5)
		elapse(failingFor + maxHold + time.Minute)
		if n := notices(other); len(n) != 1 || !strings.Contains(n[0], "has failed since") {
			t.Errorf("notices %q", n)
		}
		elapse(giveUp + 3*time.Hour)
		dead, err := s.DeadLetters(context.Background(), "hook", "")
		if err != nil || len(dead) != 5 {
			t.Errorf("%d dead letters, error %v; want 5", len(dead), err)
		}
	})
}

func TestAlertsOfOneCaseShareAMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &mailbox{}
		s := mustNew(t, options(box.grouped("chat", 30*time.Second, 5*time.Minute)))
		defer run(t, s)()
		synctest.Wait()
		repost := func(n int) leak.Listing {
			l := selling(1)
			l.ID, l.Seller = fmt.Sprintf("repost-%d", n), fmt.Sprintf("name %d", n)
			return l
		}
		for i := range 4 {
			mustIngest(t, s, Batch{Listings: []leak.Listing{repost(i)}})
			elapse(5 * time.Second)
		}
		mustIngest(t, s, Batch{Listings: []leak.Listing{selling(2)}}) // another case
		elapse(40 * time.Second)
		mustIngest(t, s, Batch{Listings: []leak.Listing{repost(5)}, Seen: []string{"repost-1"}})
		mustIngest(t, s, Batch{Listings: []leak.Listing{repost(6)}})
		elapse(time.Minute)
		if got := sizes(box); !slices.Equal(got, []int{4, 1}) {
			t.Errorf("messages of %v alerts; want 4, then 1", got)
		}
		elapse(5 * time.Minute)
		if got := sizes(box); !slices.Equal(got, []int{4, 1, 2}) {
			t.Errorf("messages of %v alerts; want 4, 1 and then 2", got)
		}
		exactlyOnce(t, s, box, 7)
		if c := s.courier("chat"); len(c.waiting) != 0 || len(c.groups) != 0 || c.busy != 0 {
			t.Errorf("the courier still holds %d entries, %d groups, %d messages", len(c.waiting), len(c.groups), c.busy)
		}
		d, err := s.Alert(context.Background(), box.all()[0].Alerts[3].ID)
		if err != nil || d.Notifications[0].ID != box.all()[0].ID || d.Notifications[0].With != 4 || len(d.Notifications[0].Deliveries) != 1 {
			t.Errorf("detail %+v, error %v", d, err)
		}
	})
}

func sizes(m *mailbox) []int {
	var out []int
	for _, n := range m.all() {
		out = append(out, len(n.Alerts)+n.More)
	}
	return out
}

func TestAStormNeitherDropsAlertsNorExceedsTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const storm = 2000
		box := &mailbox{limits: Limits{Messages: 20, Interval: time.Minute}}
		var at []time.Time
		counted := map[string]int{}
		box.answer = func(n Notification) (Answer, error) {
			at = append(at, time.Now())
			counted[n.ID] = len(n.Alerts) + n.More
			return Answer{}, nil
		}
		s := mustNew(t, options(box.grouped("chat", 0, 5*time.Minute)))
		defer run(t, s)()
		synctest.Wait()
		began := time.Now()
		for i := range storm {
			l := selling(i)
			l.Body = leak.Fingerprint("body", l.ID) + leak.Fingerprint("more", l.ID)
			if i == storm-1 {
				l.Severity = leak.Critical
			}
			mustIngest(t, s, Batch{Listings: []leak.Listing{l}})
			if i%100 == 0 {
				elapse(3 * time.Second)
			}
		}
		elapse(10 * time.Minute)
		total := 0
		for _, n := range counted {
			total += n
		}
		if total != storm {
			t.Errorf("messages stand for %d alerts; want %d", total, storm)
		}
		for i := range at {
			if i >= 20 && at[i].Sub(at[i-20]) <= time.Minute {
				t.Fatalf("21 messages within %v", at[i].Sub(at[i-20]))
			}
		}
		for _, n := range box.all() {
			if n.Alerts[0].Severity == leak.Critical {
				if late := n.Alerts[0].Times.Matched.Sub(began); at[slices.IndexFunc(box.all(), func(m Notification) bool { return m.ID == n.ID })].Sub(began)-late > 70*time.Second {
					t.Error("the critical alert waited for more than a minute")
				}
				return
			}
		}
		t.Error("the critical alert did not lead a message")
	})
}

func TestTheRateHoldsOverARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &mailbox{limits: Limits{Messages: 5, Interval: time.Minute}}
		var at []time.Time
		box.answer = func(Notification) (Answer, error) { at = append(at, time.Now()); return Answer{}, nil }
		o := options(box.receiver("hook"))
		for i := range 3 {
			s := mustNew(t, o)
			stop := run(t, s)
			ingestHits(t, s, i*5, 5)
			elapse(10 * time.Second)
			stop()
		}
		defer run(t, mustNew(t, o))()
		elapse(10 * time.Minute)
		for i := range at {
			if i >= 5 && at[i].Sub(at[i-5]) <= time.Minute {
				t.Fatalf("6 messages within %v", at[i].Sub(at[i-5]))
			}
		}
		if len(at) != 15 {
			t.Errorf("%d messages; want 15", len(at))
		}
	})
}

func TestTwoProcessesDeliverEachAlertOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, chat := &mailbox{}, &mailbox{}
		o := options(box.receiver("hook"), chat.grouped("chat", time.Second, time.Minute))
		o.Exclusive = false
		a, b := mustNew(t, o), mustNew(t, o)
		defer run(t, a)()
		defer run(t, b)()
		synctest.Wait()
		for i := range 20 {
			ingestHits(t, []*Service{a, b}[i%2], i, 1)
		}
		elapse(10 * time.Minute)
		exactlyOnce(t, a, box, 20)
		exactlyOnce(t, a, chat, 20)
	})
}

func TestTwoProcessesThatFindTheSameListingsMakeOneAlertEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &mailbox{}
		o := options(box.receiver("hook"))
		o.Exclusive = false
		o.Engine = &mortal{o.Engine, &life{}, true} // no transactions: their steps interleave
		a, b := mustNew(t, o), mustNew(t, o)
		defer run(t, a)()
		defer run(t, b)()
		done := make(chan error)
		for _, s := range []*Service{a, b, a, b} {
			go func() {
				for i := range 10 {
					if _, err := s.Ingest(context.Background(), Batch{Listings: []leak.Listing{selling(i), selling(i + 1)}}); err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
		}
		for range 4 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		elapse(3 * time.Minute)
		if n := len(storedAlerts(t, o.Engine)); n != 11 {
			t.Errorf("%d alerts; want 11", n)
		}
		exactlyOnce(t, a, box, 11)
	})
}

func TestAnotherProcessTakesOverWhatADeadOneHadUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &mailbox{}
		o := options(box.receiver("hook"))
		o.Exclusive = false
		dying := &life{}
		inner := o.Engine
		o.Engine = &mortal{inner, dying, true}
		box.after = func(Notification) error { dying.kill(); return nil } // the message left, nothing is recorded
		a := mustNew(t, o)
		stop := run(t, a)
		synctest.Wait()
		ingestHits(t, a, 0, 1)
		synctest.Wait()
		box.after = nil
		o.Engine = inner
		skewed := o
		skewed.Now = func() time.Time { return time.Now().Add(time.Hour) } // its clock is an hour ahead
		b := mustNew(t, skewed)
		stopB := run(t, b)
		elapse(lease / 2)
		if n := len(box.all()); n != 1 {
			t.Errorf("%d messages before the lease was over; want 1", n)
		}
		elapse(3 * time.Minute)
		stop()
		stopB()
		if all := box.all(); len(all) != 2 || all[0].ID != all[1].ID {
			t.Errorf("messages %+v; want a repeat with the same id", all)
		}
	})
}

func TestAnIndexThatFailsForAWhileLosesAndDoublesNothing(t *testing.T) {
	for _, weak := range []bool{true, false} {
		for seed := range uint64(20) {
			synctest.Test(t, func(t *testing.T) {
				box, chat := &mailbox{}, &mailbox{}
				o := options(box.receiver("hook"), chat.grouped("chat", 0, time.Minute))
				heal := flaky(o.Engine.(*indextest.Memory), seed)
				o.Engine = &mortal{o.Engine, &life{}, weak}
				s := mustNew(t, o)
				defer run(t, s)()
				for i := range 6 {
					for {
						_, err := s.Ingest(context.Background(), Batch{Listings: []leak.Listing{selling(i % 4)}})
						if err == nil {
							break
						}
						if !errors.Is(err, indexer.ErrUnavailable) {
							t.Fatal(err)
						}
						elapse(time.Second)
					}
				}
				elapse(3 * time.Minute)
				heal()
				elapse(10 * time.Minute)
				for _, b := range []*mailbox{box, chat} {
					for alert, ids := range b.messages() {
						if len(ids) != 1 {
							t.Errorf("seed %d: alert %s is in messages %v", seed, alert, ids)
						}
					}
					if n := len(b.messages()); n != 4 {
						t.Errorf("seed %d: %d alerts arrived; want 4", seed, n)
					}
				}
			})
		}
	}
}

func TestARecordedDeliveryIsNotRepeatedAfterACrash(t *testing.T) {
	for _, point := range []string{pointDelivered, pointFinish} {
		synctest.Test(t, func(t *testing.T) {
			box := &mailbox{}
			o := options(box.receiver("hook"))
			dying := &life{}
			inner := o.Engine
			o.Engine = &mortal{inner, dying, true}
			o.Crash = func(p string) {
				if p == point {
					dying.kill()
				}
			}
			s := mustNew(t, o)
			stop := run(t, s)
			synctest.Wait()
			ingestHits(t, s, 0, 1)
			elapse(time.Minute)
			stop()
			o.Engine, o.Crash = inner, nil
			s = mustNew(t, o)
			defer run(t, s)()
			elapse(time.Hour)
			exactlyOnce(t, s, box, 1)
		})
	}
}

func TestAnAlertThatIsOnItsWayIsNotMergedIntoAGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		box := &mailbox{}
		s := mustNew(t, options(box.grouped("chat", 0, time.Minute)))
		twin := selling(1)
		twin.ID = "twin"
		mustIngest(t, s, Batch{Listings: []leak.Listing{selling(1), twin}})
		alerts := storedAlerts(t, s.engine)
		first, err := loadEntry(ctx, s.engine, "chat", leak.NotificationID("chat", alerts[0].ID))
		if err != nil {
			t.Fatal(err)
		}
		second, err := loadEntry(ctx, s.engine, "chat", leak.NotificationID("chat", alerts[1].ID))
		if err != nil {
			t.Fatal(err)
		}
		// A process froze both into the first, and died; another one had begun
		// to send the second by itself, and died too.
		first.Frozen, first.Alerts = true, append(first.Alerts, second.Alerts...)
		second.Attempts, second.Owner, second.Token = 1, "dead", "dead"
		for _, e := range []*entry{first, second} {
			if err := e.swap(ctx, s.engine); err != nil {
				t.Fatal(err)
			}
		}
		defer run(t, s)()
		elapse(time.Hour)
		exactlyOnce(t, s, box, 2)
		if got := sizes(box); !slices.Equal(got, []int{1, 1}) {
			t.Errorf("messages of %v alerts; want 1 and 1", got)
		}
	})
}
