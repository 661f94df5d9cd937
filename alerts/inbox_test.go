package alerts

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
)

func TestActingTakesTheAlertAndWritesItsHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		s := mustNew(t, options())
		ingestHits(t, s, 0, 1)
		id := storedAlerts(t, s.engine)[0].ID
		sel := Selection{IDs: []string{id}}
		elapse(time.Second)
		b, err := s.Acknowledge(ctx, sel, Actor{By: "eve", Via: "console", Note: "mine"})
		if err != nil || len(b.Changed) != 1 {
			t.Fatalf("%+v, error %v", b, err)
		}
		if b, err = s.Acknowledge(ctx, sel, Actor{By: "eve", Via: "console"}); err != nil || b.Unchanged != 1 || len(b.Changed) != 0 {
			t.Errorf("again: %+v, error %v", b, err)
		}
		if _, err := s.Close(ctx, sel, "solved", Actor{By: "bob"}); !errors.Is(err, ErrInvalid) {
			t.Errorf("an unknown verdict: %v", err)
		}
		if _, err := s.Close(ctx, sel, leak.Confirmed, Actor{}); !errors.Is(err, ErrInvalid) {
			t.Errorf("nobody closes: %v", err)
		}
		if b, err = s.Close(ctx, sel, leak.Confirmed, Actor{By: "bob", Via: "cli"}); err != nil || len(b.Changed) != 1 {
			t.Errorf("close: %+v, error %v", b, err)
		}
		d, err := s.Alert(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		a := d.Alert
		if a.State != leak.Closed || a.Verdict != leak.Confirmed || a.Owner != "eve" || len(a.History) != 2 {
			t.Errorf("alert %+v", a)
		}
		if h := a.History; h[0].From != leak.Open || h[0].To != leak.Acknowledged || h[0].Note != "mine" || h[1].By != "bob" || h[1].Via != "cli" || !h[1].At.Equal(time.Now()) {
			t.Errorf("history %+v", h)
		}
		if _, err := s.Reopen(ctx, sel, Actor{By: "eve", Via: "console"}); err != nil {
			t.Error(err)
		}
		if d, _ = s.Alert(ctx, id); d.Alert.State != leak.Open || d.Alert.Verdict != "" {
			t.Errorf("reopened %+v", d.Alert)
		}
		if b, err = s.Reopen(ctx, Selection{IDs: []string{"missing"}}, Actor{By: "eve"}); err != nil || !errors.Is(b.Failed["missing"], ErrNoAlert) {
			t.Errorf("missing: %+v, error %v", b, err)
		}
		for range 2 {
			opened := time.Now()
			if err := s.MarkOpened(ctx, id); err != nil {
				t.Error(err)
			}
			d, _ = s.Alert(ctx, id)
			if !d.Alert.Times.Opened.Equal(opened) && time.Since(opened) == 0 && d.Alert.Times.Opened.After(opened) {
				t.Errorf("opened %v", d.Alert.Times.Opened)
			}
			elapse(time.Second)
		}
		if !d.Alert.Times.Opened.Before(time.Now().Add(-time.Second)) {
			t.Error("a second look moved the time of the first")
		}
		if _, err := s.Alert(ctx, "missing"); !errors.Is(err, ErrNoAlert) {
			t.Errorf("missing: %v", err)
		}
	})
}

func TestAnActionOnAQueryTakesAllThatWereThereWhenItBegan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		s := mustNew(t, options())
		const count = 1234
		var page []leak.Listing
		for i := range count {
			l := selling(i)
			l.Body = leak.Fingerprint(l.ID)
			page = append(page, l)
		}
		mustIngest(t, s, Batch{Listings: page})
		elapse(time.Second)
		q, err := parse(indexer.Alerts, "state:open AND watch:faces")
		if err != nil {
			t.Fatal(err)
		}
		clock := s.now
		calls := 0
		s.now = func() time.Time {
			if calls++; calls == 2 { // the snapshot is taken: one more arrives
				s.now = clock
				elapse(time.Second)
				late := selling(count)
				mustIngest(t, s, Batch{Listings: []leak.Listing{late}})
			}
			return clock()
		}
		b, err := s.Close(ctx, Selection{Query: q}, leak.FalsePositive, Actor{By: "eve", Via: "console", Note: "noise"})
		if err != nil || len(b.Changed) != count || b.Later != 1 || len(b.Failed) != 0 {
			t.Fatalf("changed %d, later %d, failed %v, error %v", len(b.Changed), b.Later, b.Failed, err)
		}
		w, err := s.Watches(ctx)
		if err != nil || w[0].Total != count+1 || w[0].Open != 1 || w[0].Verdicts[leak.FalsePositive] != count || w[0].LastMatched.IsZero() {
			t.Errorf("watch %+v, error %v", w, err)
		}
		if b, err = s.Reopen(ctx, Selection{IDs: b.Changed}, Actor{By: "eve", Via: "console"}); err != nil || len(b.Changed) != count {
			t.Errorf("undo changed %d, error %v", len(b.Changed), err)
		}
	})
}

func TestASilenceMutesAndCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		box := &mailbox{}
		o := options(box.receiver("hook"))
		o.Silences = []config.Silence{{Match: "seller:seller9", From: time.Now(), Until: time.Now().Add(time.Hour), Author: "cfg", Reason: "known"}}
		s := mustNew(t, o)
		defer run(t, s)()
		synctest.Wait()
		x, err := s.AddSilence(ctx, Silence{Match: "source:forum AND seller:seller1", Until: time.Now().Add(time.Hour), Author: "eve", Reason: "test"})
		if err != nil {
			t.Fatal(err)
		}
		mustIngest(t, s, Batch{Listings: []leak.Listing{selling(1), selling(2), selling(9)}})
		elapse(time.Minute)
		exactly := box.messages()
		if len(exactly) != 1 {
			t.Errorf("%d alerts were sent; want 1", len(exactly))
		}
		for _, a := range storedAlerts(t, s.engine) {
			if muted := a.Seller != "seller2"; muted != (a.Silence != "") || muted != (len(a.Receivers) == 0) || muted != (a.Times.Queued == nil) {
				t.Errorf("alert of %s: silence %q, receivers %v", a.Seller, a.Silence, a.Receivers)
			}
		}
		list, err := s.Silences(ctx)
		if err != nil || len(list) != 2 || list[0].Muted != 1 || list[1].Muted != 1 {
			t.Errorf("silences %+v, error %v", list, err)
		}
		if err := s.EndSilence(ctx, x.ID); err != nil {
			t.Fatal(err)
		}
		l := selling(1)
		l.ID = "later"
		mustIngest(t, s, Batch{Listings: []leak.Listing{l}})
		elapse(2 * time.Hour)
		l.ID, l.Seller = "much later", "seller9"
		mustIngest(t, s, Batch{Listings: []leak.Listing{l}})
		elapse(time.Minute)
		if got := box.messages(); len(got) != 3 {
			t.Errorf("%d alerts were sent; want 3", len(got))
		}
		for _, bad := range []Silence{
			{Until: time.Now().Add(time.Hour), Author: "a", Reason: "r"},
			{Match: "x", Author: "a", Reason: "r"},
			{Match: "x", Until: time.Now().Add(-time.Hour), Author: "a", Reason: "r"},
			{Match: "nosuchfield:x", Until: time.Now().Add(time.Hour), Author: "a", Reason: "r"},
		} {
			if _, err := s.AddSilence(ctx, bad); !errors.Is(err, ErrInvalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if err := s.EndSilence(ctx, "missing"); !errors.Is(err, ErrNoSilence) {
			t.Errorf("missing: %v", err)
		}
	})
}

func TestRoutesDecideWhoIsTold(t *testing.T) {
	box := func(name string) Receiver { return (&mailbox{}).receiver(name) }
	for name, c := range map[string]struct {
		watch  []string
		routes []config.Route
		want   []string
	}{
		"nobody is named: everyone":      {nil, nil, []string{"a", "b", "c"}},
		"the watch names some":           {[]string{"b", "b"}, nil, []string{"b"}},
		"the console alone":              {[]string{"console"}, nil, []string{}},
		"the first route that matches":   {[]string{"b"}, []config.Route{{Match: "severity:low", Receivers: []string{"a"}}, {Match: "severity:high", Receivers: []string{"c"}}, {Receivers: []string{"a"}}}, []string{"c"}},
		"a route that continues":         {nil, []config.Route{{Receivers: []string{"c"}, Continue: true}, {Receivers: []string{"a", "c"}}, {Receivers: []string{"b"}}}, []string{"c", "a"}},
		"no route matches":               {[]string{"b"}, []config.Route{{Match: "source:elsewhere", Receivers: []string{"a"}}}, []string{"b"}},
		"a route that tells nobody else": {[]string{"b"}, []config.Route{{Match: "watch:faces", Receivers: []string{"console"}}}, []string{}},
	} {
		o := options(box("a"), box("b"), box("c"))
		o.Watches[0].Receivers, o.Routes = c.watch, c.routes
		s := mustNew(t, o)
		ingestHits(t, s, 0, 1)
		got := storedAlerts(t, s.engine)[0].Receivers
		if len(got) != len(c.want) {
			t.Errorf("%s: %v; want %v", name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v; want %v", name, got, c.want)
			}
		}
	}
}

func TestFaultySettingsAreAllReportedAndTheOldOnesStay(t *testing.T) {
	box := &mailbox{}
	o := options(box.receiver("hook"))
	s := mustNew(t, o)
	bad := o.Settings
	bad.Watches = []config.Watch{{ID: "x", Query: "price:", Receivers: []string{"nobody"}, Exceptions: []config.Exception{{Query: "("}}}}
	bad.Routes = []config.Route{{Match: "nosuch:1", Receivers: []string{"ghost"}}}
	bad.Silences = []config.Silence{{Match: ")"}}
	err := s.Reload(bad)
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 6 {
		t.Fatalf("got %v; want 6 faults", err)
	}
	if r := mustIngest(t, s, Batch{Listings: []leak.Listing{selling(0)}}); r.Alerts != 1 {
		t.Errorf("%+v", r)
	}
	if _, err := New(Options{Settings: bad, Engine: o.Engine, Parse: parse}); err == nil {
		t.Error("New takes faulty settings")
	}
}

func TestAReloadChangesWatchesAndReceiversWhileRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := &mailbox{}, &mailbox{}
		o := options(a.receiver("a"))
		s := mustNew(t, o)
		defer run(t, s)()
		synctest.Wait()
		ingestHits(t, s, 0, 2)
		synctest.Wait()
		next := o.Settings
		next.Receivers = []Receiver{b.receiver("b")}
		if err := s.Reload(next); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		ingestHits(t, s, 2, 3)
		synctest.Wait()
		next.Receivers = []Receiver{b.receiver("b"), a.receiver("a")}
		next.Watches = []config.Watch{{ID: "none", Name: "None", Query: "category:bank_card"}}
		if err := s.Reload(next); err != nil {
			t.Fatal(err)
		}
		ingestHits(t, s, 10, 1)
		elapse(time.Minute)
		if len(a.all()) != 2 || len(b.all()) != 3 {
			t.Errorf("a got %d, b got %d; want 2 and 3", len(a.all()), len(b.all()))
		}
	})
}

func TestANoticeIsSentOncePerChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		a, b := &mailbox{}, &mailbox{}
		s := mustNew(t, options(a.receiver("a"), b.grouped("b", time.Minute, time.Hour)))
		defer run(t, s)()
		synctest.Wait()
		for _, state := range []string{"ok", "ok", "blind", "blind", "blind", "ok", "ok", "blind"} {
			if err := s.Notify(ctx, Notice{Subject: "source:forum", State: state, Text: "forum is " + state}); err != nil {
				t.Fatal(err)
			}
			elapse(time.Minute)
		}
		want := []string{"forum is blind", "forum is ok", "forum is blind"}
		for _, box := range []*mailbox{a, b} {
			got := notices(box)
			if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
				t.Errorf("notices %q; want %q", got, want)
			}
			if all := box.all(); all[0].ID == all[2].ID {
				t.Error("two notices share an id")
			}
		}
		if err := s.Notify(ctx, Notice{Subject: "x"}); !errors.Is(err, ErrInvalid) {
			t.Errorf("no state: %v", err)
		}
	})
}

func TestATestMessageTellsWhatTheReceiverAnswered(t *testing.T) {
	box := &mailbox{}
	s := mustNew(t, options(box.receiver("hook")))
	a, err := s.TestReceiver(context.Background(), "hook")
	if err != nil || a.Text != "ok" || !box.all()[0].Test || box.all()[0].Notice == "" {
		t.Errorf("answer %+v, error %v, sent %+v", a, err, box.all())
	}
	box.answer = func(Notification) (Answer, error) {
		return Answer{Status: 403, Text: "no"}, errors.New("forbidden")
	}
	if a, err := s.TestReceiver(context.Background(), "hook"); err == nil || a.Status != 403 {
		t.Errorf("answer %+v, error %v", a, err)
	}
	if _, err := s.TestReceiver(context.Background(), "nobody"); !errors.Is(err, ErrNoReceiver) {
		t.Errorf("nobody: %v", err)
	}
}
