package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/indexer/indextest"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
)

// storedListing returns a listing of the index.
func storedListing(t *testing.T, e indexer.Engine, id string) leak.Listing {
	t.Helper()
	docs, err := e.Get(context.Background(), indexer.Listings, id)
	if err != nil || len(docs) != 1 {
		t.Fatalf("listing %s: %v, error %v", id, docs, err)
	}
	var l leak.Listing
	if err := json.Unmarshal(docs[id].Source, &l); err != nil {
		t.Fatal(err)
	}
	return l
}

func storedRevision(t *testing.T, e indexer.Engine, listing string, n int) leak.Revision {
	t.Helper()
	id := leak.RevisionID(listing, n)
	docs, err := e.Get(context.Background(), indexer.Revisions, id)
	if err != nil || len(docs) != 1 {
		t.Fatalf("revision %s: %v, error %v", id, docs, err)
	}
	var r leak.Revision
	if err := json.Unmarshal(docs[id].Source, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAListingIsNewThenUnchangedThenChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustNew(t, options())
		l := selling(0)
		first := time.Now().UTC()
		if r := mustIngest(t, s, Batch{Listings: []leak.Listing{l}}); r != (Result{New: 1, Hits: 1, Alerts: 1}) {
			t.Errorf("first: %+v", r)
		}
		got := storedListing(t, s.engine, l.ID)
		if got.Revision != 1 || got.MatchedRevision != 1 || !got.FirstSeen.Equal(first) || got.CaseID == "" {
			t.Errorf("stored %+v", got)
		}
		elapse(10 * time.Minute)
		if r := mustIngest(t, s, Batch{Listings: []leak.Listing{l}}); r != (Result{Unchanged: 1}) {
			t.Errorf("again: %+v", r)
		}
		if again := storedListing(t, s.engine, l.ID); !again.LastSeen.Equal(first) {
			t.Error("last_seen was written within the hour")
		}
		elapse(time.Hour)
		mustIngest(t, s, Batch{Seen: []string{l.ID, "unknown"}})
		if again := storedListing(t, s.engine, l.ID); !again.LastSeen.Equal(time.Now()) || again.Revision != 1 {
			t.Errorf("seen: %+v", again)
		}
		price := 99.0
		l.Offers = slices.Clone(l.Offers)
		l.Offers[0].Price, l.Content, l.Seller = &price, "content-other", "new name"
		if r := mustIngest(t, s, Batch{Listings: []leak.Listing{l}}); r != (Result{Changed: 1, Hits: 1}) {
			t.Errorf("changed: %+v; the watch does not read the price, so there is no new alert", r)
		}
		got = storedListing(t, s.engine, l.ID)
		if got.Revision != 2 || got.MatchedRevision != 2 || !got.FirstSeen.Equal(first) || !got.Changed.Equal(time.Now()) {
			t.Errorf("stored %+v", got)
		}
		rev := storedRevision(t, s.engine, l.ID, 2)
		var fields []string
		for _, c := range rev.Changes {
			fields = append(fields, c.Field)
		}
		if !slices.Equal(fields, []string{"seller", "offer"}) || rev.Changes[0].Before != "seller0" || rev.Changes[0].After != "new name" {
			t.Errorf("changes %+v", rev.Changes)
		}
	})
}

func TestAWatchThatReadsAPriceAlertsAgainWhenItChanges(t *testing.T) {
	o := options()
	o.Watches = []config.Watch{{ID: "cheap", Name: "Cheap", Query: "offer:(price:<100CNY)", Severity: "critical", Owner: "eve"}}
	s := mustNew(t, o)
	for i, want := range []int{1, 1, 0, 1, 0} {
		price := []float64{10, 20, 200, 30, 10}[i]
		l := selling(0)
		currency := "CNY"
		l.Offers = []leak.Offer{{Price: &price, Currency: &currency}}
		l.Content = fmt.Sprint("price ", price)
		if r := mustIngest(t, s, Batch{Listings: []leak.Listing{l}}); r.Alerts != want {
			t.Errorf("price %v makes %d alerts; want %d", price, r.Alerts, want)
		}
	}
	alerts := storedAlerts(t, s.engine)
	if len(alerts) != 3 || alerts[0].Severity != leak.Critical || alerts[0].Owner != "eve" || len(alerts[0].Why) == 0 {
		t.Errorf("alerts %+v", alerts)
	}
	if alerts[0].CaseID != alerts[2].CaseID {
		t.Error("two revisions of one listing are in different cases")
	}
}

func TestAWatchSeesHitsUnlessItSaysOtherwise(t *testing.T) {
	o := options()
	o.Watches = append(o.Watches, config.Watch{ID: "any", Name: "Any", Query: "category:face_photo AND hit:any"},
		config.Watch{ID: "off", Name: "Off", Query: "category:face_photo", Disabled: true})
	s := mustNew(t, o)
	l := selling(0)
	if got := s.Matching(&l); !slices.Equal(got, []string{"Faces", "Any"}) {
		t.Errorf("a hit would match %v", got)
	}
	l.Hit, l.Intent = false, leak.Mention
	if r := mustIngest(t, s, Batch{Listings: []leak.Listing{l}}); r.Alerts != 1 || r.Hits != 0 {
		t.Errorf("a mention gives %+v", r)
	}
	if a := storedAlerts(t, s.engine); len(a) != 1 || a[0].Watch != "any" {
		t.Errorf("alerts %+v", a)
	}
}

func TestAnExceptionExcludes(t *testing.T) {
	o := options()
	o.Watches[0].Exceptions = []config.Exception{{Query: "seller:seller1", Reason: "ours", Author: "eve"}}
	s := mustNew(t, o)
	mustIngest(t, s, Batch{Listings: []leak.Listing{selling(1), selling(2), selling(3)}})
	x, err := s.AddException(context.Background(), Exception{Watch: "faces", Query: "seller:seller4", Reason: "test", Author: "eve"})
	if err != nil {
		t.Fatal(err)
	}
	if r := mustIngest(t, s, Batch{Listings: []leak.Listing{selling(4), selling(5)}}); r.Alerts != 1 {
		t.Errorf("%d alerts; want 1", r.Alerts)
	}
	if r := mustIngest(t, mustNew(t, o), Batch{Listings: []leak.Listing{selling(6)}}); r.Alerts != 1 { // another engine
		t.Errorf("%d alerts; want 1", r.Alerts)
	}
	o.Engine = s.engine
	again := mustNew(t, o) // a restart reads the exception
	l := selling(4)
	l.ID = "another"
	if r := mustIngest(t, again, Batch{Listings: []leak.Listing{l}}); r.Alerts != 0 {
		t.Errorf("after a restart: %d alerts; want 0", r.Alerts)
	}
	if err := again.RemoveException(context.Background(), x.ID); err != nil {
		t.Fatal(err)
	}
	l.ID = "yet another"
	if r := mustIngest(t, again, Batch{Listings: []leak.Listing{l}}); r.Alerts != 1 {
		t.Errorf("without the exception: %d alerts; want 1", r.Alerts)
	}
	if err := again.RemoveException(context.Background(), x.ID); !errors.Is(err, ErrNoException) {
		t.Errorf("removed twice: %v", err)
	}
}

func TestAListingThatLeavesAndComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustNew(t, options())
		l := selling(0)
		mustIngest(t, s, Batch{Listings: []leak.Listing{l}})
		elapse(time.Minute)
		if r := mustIngest(t, s, Batch{Gone: []string{l.ID, "unknown"}}); r != (Result{}) {
			t.Errorf("gone: %+v", r)
		}
		left := storedListing(t, s.engine, l.ID)
		if left.Gone == nil || !left.Gone.Equal(time.Now()) || left.Revision != 1 {
			t.Errorf("gone: %+v", left)
		}
		elapse(time.Minute)
		if r := mustIngest(t, s, Batch{Listings: []leak.Listing{l}}); r != (Result{Unchanged: 1}) {
			t.Errorf("back: %+v", r)
		}
		if back := storedListing(t, s.engine, l.ID); back.Gone != nil || !back.LastSeen.Equal(time.Now()) {
			t.Errorf("back: %+v", back)
		}
	})
}

func TestNewerRulesReadAListingAgainWithoutANewRevision(t *testing.T) {
	box := &mailbox{}
	s := mustNew(t, options(box.receiver("hook")))
	l := selling(0)
	l.Hit, l.Categories, l.Intent = false, nil, leak.Mention
	mustIngest(t, s, Batch{Listings: []leak.Listing{l}})
	better := selling(0)
	better.RulesVersion = "r2"
	if r := mustIngest(t, s, Batch{Listings: []leak.Listing{better}}); r != (Result{Changed: 1, Hits: 1, Alerts: 1}) {
		t.Errorf("read again: %+v", r)
	}
	if got := storedListing(t, s.engine, l.ID); got.Revision != 1 || got.MatchedRevision != 1 || got.RulesVersion != "r2" {
		t.Errorf("stored %+v", got)
	}
	better.RulesVersion = "r3"
	if r := mustIngest(t, s, Batch{Listings: []leak.Listing{better}}); r.Alerts != 0 {
		t.Errorf("the same reading alerts again: %+v", r)
	}
}

func TestOfTwoCopiesOnOnePageTheLastCounts(t *testing.T) {
	s := mustNew(t, options())
	a, b := selling(0), selling(0)
	b.Title, b.Content = "last", "last"
	if r := mustIngest(t, s, Batch{Listings: []leak.Listing{a, b}, Seen: []string{a.ID}, Gone: []string{a.ID}}); r.New != 1 {
		t.Errorf("%+v", r)
	}
	if got := storedListing(t, s.engine, a.ID); got.Title != "last" || got.Gone != nil {
		t.Errorf("stored %+v", got)
	}
}

func TestStateIsWrittenLastAndARepeatOfItIsNoFault(t *testing.T) {
	s := mustNew(t, options())
	ctx := context.Background()
	page := func(key, value string, v indexer.Version) Batch {
		return Batch{Listings: []leak.Listing{selling(0)},
			State: []indexer.StateWrite{{Bucket: "pages", Entry: indexer.Entry{Key: key, Value: []byte(value), Version: v}}}}
	}
	for range 2 {
		mustIngest(t, s, page("a", `{"n": 1}`, indexer.Version{}))
	}
	if _, err := s.Ingest(ctx, page("a", `{"n": 2}`, indexer.Version{})); !errors.Is(err, indexer.ErrExists) {
		t.Errorf("another value: %v", err)
	}
	e, err := s.engine.Load(ctx, "pages", "a")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		mustIngest(t, s, page("a", `{"n":2}`, e.Version))
	}
	if _, err := s.Ingest(ctx, page("a", `{"n":3}`, e.Version)); !errors.Is(err, indexer.ErrConflict) {
		t.Errorf("an old version: %v", err)
	}
}

func TestAListingThatTheIndexRefusesHoldsUpNothing(t *testing.T) {
	s := mustNew(t, options())
	bad := selling(0)
	bad.ID = ""
	r := mustIngest(t, s, Batch{Listings: []leak.Listing{bad, selling(1)}})
	if r != (Result{New: 1, Hits: 1, Alerts: 1, Refused: 1}) {
		t.Errorf("%+v", r)
	}
	if left, err := s.engine.Scan(context.Background(), unsettledBucket, indexer.Scan{Limit: 10}); err != nil || len(left) != 0 {
		t.Errorf("left %v, error %v", left, err)
	}
}

func TestManyCallersShareTransactionsAndGetTheirOwnAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustNew(t, options())
		together := 0
		s.engine.(*indextest.Memory).Fail(func(op string) error {
			if op == "together" {
				together++
			}
			return nil
		})
		hold := make(chan struct{})
		s.crash = func(p string) {
			if p == pointIngest {
				<-hold
			}
		}
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				r, err := s.Ingest(context.Background(), Batch{Listings: []leak.Listing{selling(i / 2), selling(100 + i)}})
				if err != nil || r.New+r.Unchanged != 2 {
					t.Errorf("caller %d: %+v, error %v", i, r, err)
				}
			})
		}
		synctest.Wait() // one commits, the others wait
		close(hold)
		all.Wait()
		if together > 60 { // two neighbours share a listing, so they cannot share a transaction
			t.Errorf("%d transactions for 100 callers", together)
		}
		if n := len(storedAlerts(t, s.engine)); n != 150 {
			t.Errorf("%d alerts; want 150", n)
		}
	})
}

func TestACallerThatGivesUpDoesNotFailTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustNew(t, options())
		hold := make(chan struct{})
		s.crash = func(p string) {
			if p == pointIngest {
				<-hold
			}
		}
		ctx, cancel := context.WithCancel(context.Background())
		results := make(chan error, 3)
		ingest := func(ctx context.Context, n int) {
			_, err := s.Ingest(ctx, Batch{Listings: []leak.Listing{selling(n)}})
			results <- err
		}
		go ingest(ctx, 0) // leads, so it goes on when it is cancelled
		synctest.Wait()
		go ingest(ctx, 1)
		go ingest(context.Background(), 2)
		synctest.Wait()
		cancel()
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Errorf("the one that waited says %v", err)
		}
		close(hold)
		for range 2 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		if n := len(storedAlerts(t, s.engine)); n != 2 {
			t.Errorf("%d alerts; want 2", n)
		}
	})
}

func TestWhatOneTransactionFailsOnFailsItsCallersOnly(t *testing.T) {
	s := mustNew(t, options())
	broken := true
	s.engine.(*indextest.Memory).Fail(func(op string) error {
		if broken && op == "after together" {
			return fmt.Errorf("disk full: %w", indexer.ErrUnavailable)
		}
		return nil
	})
	b := Batch{Listings: []leak.Listing{selling(0)}}
	if _, err := s.Ingest(context.Background(), b); !errors.Is(err, indexer.ErrUnavailable) || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("got %v", err)
	}
	broken = false
	if r := mustIngest(t, s, b); r.New != 1 || r.Alerts != 1 {
		t.Errorf("repeated: %+v", r)
	}
}

func TestRecoverMatchesFromTheStoredDocument(t *testing.T) {
	for _, noted := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			ctx := context.Background()
			o := options()
			o.Exclusive = false
			dying := &life{}
			inner := o.Engine
			o.Engine = &mortal{inner, dying, true}
			o.Crash = func(p string) {
				if p == pointAlerts {
					dying.kill()
				}
			}
			if _, err := mustNew(t, o).Ingest(ctx, Batch{Listings: []leak.Listing{selling(0)}}); err == nil {
				t.Fatal("the process lives")
			}
			if !noted { // as after a restore of the archive alone
				notes, err := inner.Scan(ctx, unsettledBucket, indexer.Scan{Limit: 10})
				if err != nil || len(notes) != 1 {
					t.Fatal(notes, err)
				}
				if err := inner.Remove(ctx, unsettledBucket, notes[0].Key, notes[0].Version); err != nil {
					t.Fatal(err)
				}
			}
			o.Engine, o.Crash = inner, nil
			s := mustNew(t, o)
			if n, err := s.Recover(ctx); n != 0 || err != nil {
				t.Errorf("recovered %d, error %v; the work is younger than a minute", n, err)
			}
			elapse(takeover)
			if n, err := s.Recover(ctx); n != 1 || err != nil {
				t.Errorf("recovered %d, error %v", n, err)
			}
			if got := storedListing(t, inner, "listing-000"); got.MatchedRevision != 1 || got.CaseID == "" {
				t.Errorf("stored %+v", got)
			}
			if n := len(storedAlerts(t, inner)); n != 1 {
				t.Errorf("%d alerts; want 1", n)
			}
		})
	}
}

func TestAMarkIsNotPutOnARevisionThatAnotherProcessStored(t *testing.T) {
	ctx := context.Background()
	s := mustNew(t, options())
	mustIngest(t, s, Batch{Listings: []leak.Listing{selling(0)}})
	known, err := s.newWork(s.engine).loadListings(ctx, []string{"listing-000"})
	if err != nil {
		t.Fatal(err)
	}
	late := known["listing-000"]
	newer := *late
	newer.listing.Revision = 2 // stored by another process, not yet matched
	put := &item{listing: newer.listing, version: newer.version, fields: query.ListingDocument(&newer.listing)}
	w := s.newWork(s.engine)
	if lost, err := w.putItems(ctx, []*item{put}); err != nil || len(lost) != 0 {
		t.Fatal(lost, err)
	}
	w.items = []*item{{listing: late.listing, version: late.version, step: stepRecovery, fields: query.ListingDocument(&late.listing)}}
	w.items[0].listing.MatchedRevision = 0
	if err := w.setMatched(ctx); err != nil {
		t.Fatal(err)
	}
	if got := storedListing(t, s.engine, "listing-000"); got.Revision != 2 || got.MatchedRevision != 1 {
		t.Errorf("stored revision %d, matched %d; want 2 and 1", got.Revision, got.MatchedRevision)
	}
}

func TestASkippedRevisionIsMatchedBeforeTheNext(t *testing.T) {
	o := options()
	o.Watches = []config.Watch{{ID: "cheap", Name: "Cheap", Query: "offer:(price:<100CNY)"}}
	dying := &life{}
	inner := o.Engine
	o.Engine = &mortal{inner, dying, true}
	o.Crash = func(p string) {
		if p == pointAlerts {
			dying.kill()
		}
	}
	currency, price := "CNY", 10.0
	l := selling(0)
	l.Offers = []leak.Offer{{Price: &price, Currency: &currency}}
	_, _ = mustNew(t, o).Ingest(context.Background(), Batch{Listings: []leak.Listing{l}})
	o.Engine, o.Crash = inner, nil
	other := 20.0
	l.Offers, l.Content = []leak.Offer{{Price: &other, Currency: &currency}}, "other"
	mustIngest(t, mustNew(t, o), Batch{Listings: []leak.Listing{l}})
	if alerts := storedAlerts(t, inner); len(alerts) != 2 {
		t.Errorf("%d alerts; want one for each revision", len(alerts))
	}
	if r := storedRevision(t, inner, l.ID, 1); r.Number != 1 {
		t.Errorf("revision %+v", r)
	}
}
