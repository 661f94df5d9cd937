package alerts

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/indexer/indextest"
	"github.com/leakwatch/leakwatch/leak"
)

// trial plants listings, kills the process, starts another one and settles
// the accounts.
type trial struct {
	engine indexer.Engine // what survives
	hook   *mailbox       // one message per alert
	chat   *mailbox       // grouped
	life   *life          // of the first process
	weak   bool
	gone   bool // the site no longer shows the planted pages after the kill
}

func newTrial(weak bool) *trial {
	tr := &trial{engine: indextest.NewMemory(), life: &life{}, weak: weak, hook: &mailbox{}, chat: &mailbox{}}
	dead := func(Notification) error {
		if tr.life.over() {
			return errKilled
		}
		return nil
	}
	tr.hook.answer = func(n Notification) (Answer, error) { return Answer{}, dead(n) }
	tr.chat.answer = tr.hook.answer
	return tr
}

// options returns the options of one process.
func (tr *trial) options(e indexer.Engine, crash func(string)) Options {
	o := options(tr.hook.receiver("hook"), tr.chat.grouped("chat", 0, time.Minute))
	o.Engine, o.Crash = e, crash
	return o
}

// pages are three pages of listings: three listings of one case, a listing on
// two pages, and a look-alike.
func (tr *trial) pages() []Batch {
	twin := selling(1)
	twin.ID, twin.Seller = "listing-twin", "other"
	third := twin
	third.ID, third.Seller = "listing-third", "another"
	mention := selling(7)
	mention.Hit, mention.Intent = false, leak.Mention
	var pages []Batch
	for i, ls := range [][]leak.Listing{
		{selling(0), selling(1)}, {twin, selling(2)}, {selling(2), mention, selling(3), third},
	} {
		pages = append(pages, Batch{Listings: ls, State: []indexer.StateWrite{
			{Bucket: "pages", Entry: indexer.Entry{Key: fmt.Sprintf("page-%d", i), Value: []byte(`{"seen":1}`)}},
		}})
	}
	return pages
}

const plantedHits = 6

// live lets one process ingest and deliver. It returns the listings whose
// pages were acknowledged.
func (tr *trial) live(t *testing.T, s *Service, pages []Batch) {
	stop := run(t, s)
	defer stop()
	synctest.Wait()
	for _, p := range pages {
		_, _ = s.Ingest(context.Background(), p)
	}
	elapse(10 * time.Minute)
}

// settle starts a second process that finishes the work, and checks.
func (tr *trial) settle(t *testing.T) {
	t.Helper()
	before := tr.stored(t)
	tr.life.mu.Lock()
	tr.life.dead = false // the second process lives
	tr.life.end = 0
	tr.life.mu.Unlock()
	pages := tr.pages()
	want := plantedHits
	if tr.gone {
		pages, want = nil, before
	}
	tr.live(t, mustNew(t, tr.options(tr.engine, nil)), pages)
	tr.check(t, want)
}

// stored counts the hits that the index holds.
func (tr *trial) stored(t *testing.T) int {
	t.Helper()
	var ids []string
	for _, p := range tr.pages() {
		ids = append(ids, p.ids()...)
	}
	docs, err := tr.engine.Get(context.Background(), indexer.Listings, ids...)
	if err != nil {
		t.Fatal(err)
	}
	n := len(docs)
	if _, found := docs["listing-007"]; found {
		n--
	}
	return n
}

func (tr *trial) check(t *testing.T, want int) {
	t.Helper()
	alerts := storedAlerts(t, tr.engine)
	if len(alerts) != want {
		t.Fatalf("%d alerts of %d stored hits", len(alerts), want)
	}
	listings := map[string]bool{}
	for _, a := range alerts {
		listings[a.Listing] = true
		if a.Times.Delivered == nil || a.CaseID == "" {
			t.Errorf("alert %s: delivered %v, case %q", a.ID, a.Times.Delivered, a.CaseID)
		}
		for name, box := range map[string]*mailbox{"hook": tr.hook, "chat": tr.chat} {
			if ids := box.messages()[a.ID]; len(ids) != 1 {
				t.Errorf("alert %s of %s is in messages %v of %s; want exactly one", a.ID, a.Listing, ids, name)
			}
		}
	}
	if len(listings) != want {
		t.Errorf("%d listings have an alert; want %d", len(listings), want)
	}
	tr.checkStored(t)
}

// checkStored checks that nothing is left half done.
func (tr *trial) checkStored(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	page, err := tr.engine.Search(ctx, indexer.Listings, indexer.Search{Query: pendingBefore(time.Now()), Now: time.Now(), Limit: 10, Count: true})
	if err != nil || page.Total != 0 {
		t.Errorf("%d listings are still pending, error %v", page.Total, err)
	}
	listings, _ := tr.engine.Search(ctx, indexer.Listings, indexer.Search{Limit: 100, Now: time.Now()})
	for _, d := range listings.Documents {
		id := leak.RevisionID(d.ID, 1)
		if docs, err := tr.engine.Get(ctx, indexer.Revisions, id); err != nil || len(docs) != 1 {
			t.Errorf("revision %s is missing", id)
		}
	}
	for _, bucket := range []string{unsettledBucket} {
		left, err := tr.engine.Scan(ctx, bucket, indexer.Scan{Limit: 10})
		if err != nil || len(left) != 0 {
			t.Errorf("bucket %s still holds %v, error %v", bucket, left, err)
		}
	}
}

func TestNothingIsLostOrDoubledWhenTheProcessDiesAtAnyWrite(t *testing.T) {
	for _, weak := range []bool{true, false} {
		for _, gone := range []bool{false, true} {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("weak=%v gone=%v after=%v", weak, gone, after), func(t *testing.T) {
					for n := 1; ; n++ {
						died := false
						synctest.Test(t, func(t *testing.T) {
							tr := newTrial(weak)
							tr.gone, tr.life.end, tr.life.after = gone, n, after
							tr.live(t, mustNew(t, tr.options(&mortal{tr.engine, tr.life, weak}, nil)), tr.pages())
							died = tr.life.over()
							tr.settle(t)
						})
						if t.Failed() {
							t.Fatalf("died at write %d", n)
						}
						if !died {
							t.Logf("%d writes", n-1)
							return
						}
					}
				})
			}
		}
	}
}

func TestNothingIsLostOrDoubledWhenTheProcessDiesAtAnyNamedPoint(t *testing.T) {
	for _, weak := range []bool{true, false} {
		for _, point := range CrashPoints() {
			t.Run(fmt.Sprintf("%s weak=%v", point, weak), func(t *testing.T) {
				for count := 1; count <= 4; count++ {
					synctest.Test(t, func(t *testing.T) {
						tr := newTrial(weak)
						tr.gone = count%3 == 0
						var passed atomic.Int32
						crash := func(p string) {
							if p == point && passed.Add(1) == int32(count) {
								tr.life.kill()
							}
						}
						tr.live(t, mustNew(t, tr.options(&mortal{tr.engine, tr.life, weak}, crash)), tr.pages())
						if count == 1 && passed.Load() == 0 && !slices.Contains(neverPassed, point) {
							t.Errorf("point %s was not passed", point)
						}
						tr.settle(t)
					})
				}
			})
		}
	}
}

// neverPassed are points that a first process on an empty index does not
// pass.
var neverPassed = []string{pointRecoverMatch}
