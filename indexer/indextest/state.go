package indextest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
)

// State runs the suite of indexer.State.
func State(t *testing.T, new New) {
	runAll(t, new(t), []check{
		{"an entry is read back as written", entryRoundTrip},
		{"create of a taken key answers exists", createTaken},
		{"swap wants the version that is stored", swapVersions},
		{"remove wants the version that is stored", removeVersions},
		{"a removed key can be created again under another version", createAgain},
		{"load all returns those that exist", loadAll},
		{"buckets are apart", bucketsApart},
		{"scan goes by key from and to", scanKeys},
		{"scan of due entries goes by time then key", scanDue},
		{"keys sort by their bytes", keysByBytes},
		{"invalid buckets, keys and values are refused", invalidEntries},
		{"eight writers count with compare-and-set and lose nothing", counters},
		{"of many creates of one key one succeeds", createRace},
		{"many writes in one call are answered each", bulkWrites},
		{"a cancelled context does not wedge later writes", cancelledWrites},
		{"keys stay taken through maintenance", stateMaintenance},
	})
}

func entryRoundTrip(t *testing.T, e indexer.Engine) {
	due := time.UnixMilli(1_750_000_000_123).UTC()
	v := create(t, e, "round_trip", indexer.Entry{Key: "a", Value: []byte(`{"n":1}`), Due: due})
	got := load(t, e, "round_trip", "a")
	if got.Key != "a" || got.Version != v || string(got.Value) != `{"n":1}` || !got.Due.Equal(due) {
		t.Fatalf("loaded %+v", got)
	}
	v2, err := e.Swap(t.Context(), "round_trip", indexer.Entry{Key: "a", Version: v, Value: []byte(`[2]`)})
	if err != nil || v2 == v {
		t.Fatalf("swap: version %v after %v, %v", v2, v, err)
	}
	if got = load(t, e, "round_trip", "a"); string(got.Value) != `[2]` || !got.Due.IsZero() || got.Version != v2 {
		t.Fatalf("loaded %+v after swap", got)
	}
	_, err = e.Load(t.Context(), "round_trip", "missing")
	want(t, "load of a missing key", err, indexer.ErrNotFound)
}

func createTaken(t *testing.T, e indexer.Engine) {
	create(t, e, "taken", indexer.Entry{Key: "k", Value: []byte(`1`)})
	_, err := e.Create(t.Context(), "taken", indexer.Entry{Key: "k", Value: []byte(`2`)})
	want(t, "second create", err, indexer.ErrExists)
	if got := load(t, e, "taken", "k"); string(got.Value) != "1" {
		t.Fatalf("the refused create changed the value to %s", got.Value)
	}
}

func swapVersions(t *testing.T, e indexer.Engine) {
	v := create(t, e, "swaps", indexer.Entry{Key: "k", Value: []byte(`1`)})
	v2, err := e.Swap(t.Context(), "swaps", indexer.Entry{Key: "k", Version: v, Value: []byte(`2`)})
	want(t, "swap", err, nil)
	for name, stale := range map[string]indexer.Version{"old": v, "zero": {}, "future": {Seq: v2.Seq + 1000, Term: v2.Term}} {
		_, err = e.Swap(t.Context(), "swaps", indexer.Entry{Key: "k", Version: stale, Value: []byte(`3`)})
		want(t, "swap with "+name+" version", err, indexer.ErrConflict)
	}
	_, err = e.Swap(t.Context(), "swaps", indexer.Entry{Key: "none", Version: v2, Value: []byte(`3`)})
	want(t, "swap of a missing key", err, indexer.ErrConflict)
	if got := load(t, e, "swaps", "k"); string(got.Value) != "2" {
		t.Fatalf("a refused swap changed the value to %s", got.Value)
	}
}

func removeVersions(t *testing.T, e indexer.Engine) {
	v := create(t, e, "removes", indexer.Entry{Key: "k", Value: []byte(`1`)})
	v2, err := e.Swap(t.Context(), "removes", indexer.Entry{Key: "k", Version: v, Value: []byte(`2`)})
	want(t, "swap", err, nil)
	want(t, "remove with the old version", e.Remove(t.Context(), "removes", "k", v), indexer.ErrConflict)
	want(t, "remove", e.Remove(t.Context(), "removes", "k", v2), nil)
	want(t, "remove again", e.Remove(t.Context(), "removes", "k", v2), nil)
	_, err = e.Load(t.Context(), "removes", "k")
	want(t, "load after remove", err, indexer.ErrNotFound)
}

func createAgain(t *testing.T, e indexer.Engine) {
	v := create(t, e, "again", indexer.Entry{Key: "k", Value: []byte(`1`)})
	want(t, "remove", e.Remove(t.Context(), "again", "k", v), nil)
	if v2 := create(t, e, "again", indexer.Entry{Key: "k", Value: []byte(`2`)}); v2 == v {
		t.Fatalf("the new entry has the version of the removed one")
	}
	_, err := e.Swap(t.Context(), "again", indexer.Entry{Key: "k", Version: v, Value: []byte(`3`)})
	want(t, "swap with the removed entry's version", err, indexer.ErrConflict)
}

func loadAll(t *testing.T, e indexer.Engine) {
	var keys []string
	for i := range 300 {
		key := fmt.Sprintf("k%03d", i)
		keys = append(keys, key, "no-"+key)
		create(t, e, "load_all", indexer.Entry{Key: key, Value: []byte(strconv.Itoa(i))})
	}
	got, err := e.LoadAll(t.Context(), "load_all", keys...)
	if err != nil || len(got) != 300 || string(got["k299"].Value) != "299" || got["k299"].Key != "k299" {
		t.Fatalf("%d entries, k299 is %+v, %v", len(got), got["k299"], err)
	}
	if none, err := e.LoadAll(t.Context(), "load_all"); err != nil || len(none) != 0 {
		t.Fatalf("no keys: %d entries, %v", len(none), err)
	}
}

func bucketsApart(t *testing.T, e indexer.Engine) {
	create(t, e, "apart", indexer.Entry{Key: "k", Value: []byte(`1`)})
	create(t, e, "apart_", indexer.Entry{Key: "k", Value: []byte(`2`)})
	if got := load(t, e, "apart", "k"); string(got.Value) != "1" {
		t.Fatalf("value of another bucket: %s", got.Value)
	}
	if got := scanned(t, e, "apart", indexer.Scan{Limit: 10}); !slices.Equal(got, []string{"k"}) {
		t.Fatalf("scan of one bucket: %q", got)
	}
}

// scanned returns the keys of a scan.
func scanned(t *testing.T, s indexer.State, bucket string, scan indexer.Scan) []string {
	t.Helper()
	entries, err := s.Scan(t.Context(), bucket, scan)
	if err != nil {
		t.Fatalf("scan: %v", err)
	}
	keys := []string{}
	for _, e := range entries {
		keys = append(keys, e.Key)
	}
	return keys
}

func scanKeys(t *testing.T, e indexer.Engine) {
	for _, k := range []string{"b/2", "a", "b", "b/1", "c", "b0"} {
		create(t, e, "scan_keys", indexer.Entry{Key: k, Value: []byte(`"` + k + `"`)})
	}
	for _, c := range []struct {
		scan indexer.Scan
		want []string
	}{
		{indexer.Scan{Limit: 10}, []string{"a", "b", "b/1", "b/2", "b0", "c"}},
		{indexer.Scan{Limit: 2}, []string{"a", "b"}},
		{indexer.Scan{From: "b/", To: "b0", Limit: 10}, []string{"b/1", "b/2"}},
		{indexer.Scan{From: "b0", Limit: 10}, []string{"b0", "c"}},
		{indexer.Scan{To: "b", Limit: 10}, []string{"a"}},
		{indexer.Scan{From: "x", To: "d", Limit: 10}, []string{}},
	} {
		if got := scanned(t, e, "scan_keys", c.scan); !slices.Equal(got, c.want) {
			t.Errorf("scan %+v: %q, want %q", c.scan, got, c.want)
		}
	}
	entries, err := e.Scan(t.Context(), "scan_keys", indexer.Scan{Limit: 1})
	if err != nil || string(entries[0].Value) != `"a"` || entries[0].Version == (indexer.Version{}) {
		t.Errorf("scan returned %+v, %v", entries, err)
	}
	for _, limit := range []int{0, -1, indexer.MaxScan + 1} {
		_, err := e.Scan(t.Context(), "scan_keys", indexer.Scan{Limit: limit})
		want(t, fmt.Sprintf("scan with limit %d", limit), err, indexer.ErrInvalid)
	}
}

func scanDue(t *testing.T, e indexer.Engine) {
	at := func(n int64) time.Time { return time.UnixMilli(1_700_000_000_000 + n).UTC() }
	for key, due := range map[string]time.Time{
		"late": at(30), "tie-b": at(10), "tie-a": at(10), "first": at(5), "never": {}, "before-1970": time.UnixMilli(-5).UTC(),
	} {
		create(t, e, "scan_due", indexer.Entry{Key: key, Value: []byte(`0`), Due: due})
	}
	for _, c := range []struct {
		scan indexer.Scan
		want []string
	}{
		{indexer.Scan{DueBefore: at(10), Limit: 10}, []string{"before-1970", "first", "tie-a", "tie-b"}},
		{indexer.Scan{DueBefore: at(9), Limit: 10}, []string{"before-1970", "first"}},
		{indexer.Scan{DueBefore: at(99), Limit: 3}, []string{"before-1970", "first", "tie-a"}},
		{indexer.Scan{DueBefore: at(99), From: "g", Limit: 10}, []string{"tie-a", "tie-b", "late"}},
	} {
		if got := scanned(t, e, "scan_due", c.scan); !slices.Equal(got, c.want) {
			t.Errorf("scan %+v: %q, want %q", c.scan, got, c.want)
		}
	}
	first := load(t, e, "scan_due", "first")
	first.Due = at(50)
	_, err := e.Swap(t.Context(), "scan_due", first)
	want(t, "swap", err, nil)
	if got := scanned(t, e, "scan_due", indexer.Scan{DueBefore: at(10), Limit: 10}); slices.Contains(got, "first") {
		t.Errorf("an entry moved to later is still due: %q", got)
	}
}

func keysByBytes(t *testing.T, e indexer.Engine) {
	keys := []string{"\x00", "\x00\x00", " ", "A", "Z", "a", "é", "z\x00", "z", "中", "人", "😀", "\uffff"}
	for _, k := range keys {
		create(t, e, "by_bytes", indexer.Entry{Key: k, Value: []byte(`0`)})
	}
	slices.Sort(keys)
	if got := scanned(t, e, "by_bytes", indexer.Scan{Limit: 100}); !slices.Equal(got, keys) {
		t.Errorf("scan: %q, want %q", got, keys)
	}
	for _, k := range keys {
		if got := load(t, e, "by_bytes", k); got.Key != k {
			t.Errorf("load %q: key %q", k, got.Key)
		}
	}
}

func invalidEntries(t *testing.T, e indexer.Engine) {
	value := []byte(`1`)
	for _, c := range []struct {
		bucket string
		entry  indexer.Entry
	}{
		{"", indexer.Entry{Key: "k", Value: value}},
		{"Upper", indexer.Entry{Key: "k", Value: value}},
		{"with space", indexer.Entry{Key: "k", Value: value}},
		{string(slices.Repeat([]byte("a"), 65)), indexer.Entry{Key: "k", Value: value}},
		{"invalid", indexer.Entry{Value: value}},
		{"invalid", indexer.Entry{Key: "bad\xff", Value: value}},
		{"invalid", indexer.Entry{Key: string(slices.Repeat([]byte("k"), 513)), Value: value}},
		{"invalid", indexer.Entry{Key: "k", Value: []byte(`{`)}},
		{"invalid", indexer.Entry{Key: "k"}},
	} {
		_, err := e.Create(t.Context(), c.bucket, c.entry)
		want(t, fmt.Sprintf("create in %.20q of %.20q", c.bucket, c.entry.Key), err, indexer.ErrInvalid)
	}
}

func counters(t *testing.T, e indexer.Engine) {
	const writers, each = 8, 20
	create(t, e, "counters", indexer.Entry{Key: "n", Value: []byte(`0`)})
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range each {
				if err := increment(t.Context(), e, "counters", "n"); err != nil {
					t.Errorf("increment: %v", err)
				}
			}
		})
	}
	all.Wait()
	if got := load(t, e, "counters", "n"); string(got.Value) != strconv.Itoa(writers*each) {
		t.Fatalf("counted to %s, want %d", got.Value, writers*each)
	}
}

// increment adds one to an entry that holds a number.
func increment(ctx context.Context, s indexer.State, bucket, key string) error {
	for {
		entry, err := s.Load(ctx, bucket, key)
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(string(entry.Value))
		if err != nil {
			return err
		}
		entry.Value = strconv.AppendInt(nil, int64(n+1), 10)
		if _, err = s.Swap(ctx, bucket, entry); !errors.Is(err, indexer.ErrConflict) {
			return err
		}
	}
}

func createRace(t *testing.T, e indexer.Engine) {
	const writers = 8
	errs := make([]error, writers)
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			_, errs[i] = e.Create(t.Context(), "race", indexer.Entry{Key: "k", Value: []byte(strconv.Itoa(i))})
		})
	}
	all.Wait()
	winner := -1
	for i, err := range errs {
		switch {
		case err == nil && winner >= 0:
			t.Fatalf("writers %d and %d both created the key", winner, i)
		case err == nil:
			winner = i
		default:
			want(t, "losing create", err, indexer.ErrExists)
		}
	}
	if winner < 0 || string(load(t, e, "race", "k").Value) != strconv.Itoa(winner) {
		t.Fatalf("writer %d won, stored is %s", winner, load(t, e, "race", "k").Value)
	}
}

func bulkWrites(t *testing.T, e indexer.Engine) {
	b, ok := e.(indexer.BulkState)
	if !ok {
		t.Skip("the engine writes one by one")
	}
	v := create(t, e, "bulk", indexer.Entry{Key: "old", Value: []byte(`1`)})
	entry := func(key string, v indexer.Version) indexer.StateWrite {
		return indexer.StateWrite{Bucket: "bulk", Entry: indexer.Entry{Key: key, Version: v, Value: []byte(`2`)}}
	}
	wanted := []error{nil, nil, indexer.ErrConflict, indexer.ErrInvalid}
	results, errs := b.WriteAll(t.Context(), []indexer.StateWrite{entry("new", indexer.Version{}), entry("old", v), entry("none", v), entry("", v)})
	if len(results) != len(wanted) || len(errs) != len(wanted) {
		t.Fatalf("%d results, %d errors", len(results), len(errs))
	}
	for i, err := range errs {
		want(t, fmt.Sprint("write ", i), err, wanted[i])
		if (results[i] == indexer.Version{}) != (err != nil) {
			t.Errorf("write %d: version %v with error %v", i, results[i], err)
		}
	}
	_, errs = b.WriteAll(t.Context(), []indexer.StateWrite{entry("new", indexer.Version{}), entry("old", v)})
	want(t, "create again", errs[0], indexer.ErrExists)
	want(t, "swap with the old version", errs[1], indexer.ErrConflict)
	if got := load(t, e, "bulk", "old"); string(got.Value) != "2" || got.Version != results[1] {
		t.Errorf("loaded %+v", got)
	}
}

func cancelledWrites(t *testing.T, e indexer.Engine) {
	for i := range 50 {
		ctx, cancel := context.WithCancel(t.Context())
		if i%2 == 0 {
			cancel()
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			// Whether a cancelled write happened is not known, so its answer
			// says nothing.
			_, _ = e.Create(ctx, "cancelled", indexer.Entry{Key: fmt.Sprint(i), Value: []byte(`0`)})
			_ = e.Together(ctx, func(tx indexer.Engine) error {
				_, err := tx.Create(ctx, "cancelled", indexer.Entry{Key: fmt.Sprint("tx", i), Value: []byte(`0`)})
				return err
			})
		}()
		cancel()
		<-done
		create(t, e, "cancelled", indexer.Entry{Key: fmt.Sprint("after", i), Value: []byte(`1`)})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Create(ctx, "cancelled", indexer.Entry{Key: "never", Value: []byte(`0`)}); err == nil {
		t.Fatal("a write with a cancelled context was acknowledged")
	}
}

func stateMaintenance(t *testing.T, e indexer.Engine) {
	m, ok := e.(Maintainer)
	if !ok {
		t.Skip("the engine has no maintenance")
	}
	v := create(t, e, "kept", indexer.Entry{Key: "k", Value: []byte(`1`)})
	want(t, "maintain", m.Maintain(t.Context()), nil)
	_, err := e.Create(t.Context(), "kept", indexer.Entry{Key: "k", Value: []byte(`2`)})
	want(t, "create after maintenance", err, indexer.ErrExists)
	if got := load(t, e, "kept", "k"); got.Version != v {
		t.Fatalf("maintenance changed the version from %v to %v", v, got.Version)
	}
}
