package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/internal/market"
	"github.com/leakwatch/leakwatch/leak"
)

// talk collects what the demo says and finds the market's address in it.
type talk struct {
	mu  sync.Mutex // protects buf
	buf bytes.Buffer
}

func (t *talk) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.Write(b)
}

var marketAddress = regexp.MustCompile(`Market:\s+(http://\S+)`)

func (t *talk) market() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := marketAddress.FindStringSubmatch(t.buf.String()); m != nil {
		return m[1]
	}
	return ""
}

func (t *talk) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}

// TestTheDemoIsTrue runs the demo with three random seeds and compares what it
// printed and stored with what the market says of itself, both ways.
func TestTheDemoIsTrue(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the demo for half a minute")
	}
	for range 3 {
		seed := rand.Uint64N(1_000_000)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			demoIsTrue(t, seed)
		})
	}
}

func demoIsTrue(t *testing.T, seed uint64) {
	data := t.TempDir()
	var out bytes.Buffer
	said := &talk{}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- Demo(ctx, DemoOptions{Seed: seed, Data: data, JSON: true, Out: &out, Talk: said, Log: slog.New(slog.DiscardHandler), Listen: "127.0.0.1:0"})
	}()
	// The market tells its truth from time to time; the last one before the
	// end is what the demo had a chance to see.
	truth := watchTruth(t, said, 25*time.Second)
	stop()
	if err := <-ended; err != nil {
		t.Fatalf("demo: %v\n%s", err, said)
	}
	printed := readAlerts(t, &out)
	stored := readListings(t, data)
	compareWithTruth(t, truth, printed, stored)
}

// watchTruth returns the items that were there at least eight seconds before
// the end: the crawls had time for them. Changes after that are not counted.
func watchTruth(t *testing.T, said *talk, length time.Duration) map[string]market.Item {
	t.Helper()
	end := time.NewTimer(length)
	defer end.Stop()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	type seen struct {
		at    time.Time
		items []market.Item
	}
	var history []seen
	for {
		select {
		case <-tick.C:
			if address := said.market(); address != "" {
				if items, err := fetchTruth(address); err == nil {
					history = append(history, seen{time.Now(), items})
				}
			}
			continue
		case <-end.C:
		}
		break
	}
	out := map[string]market.Item{}
	for _, h := range history {
		late := time.Since(h.at) < 8*time.Second
		for _, it := range h.items {
			known, ok := out[it.Path]
			switch {
			case !late:
				out[it.Path] = it
			case ok: // A crawl may have seen the change, or not.
				known.Changes = it.Changes
				out[it.Path] = known
			}
		}
	}
	if len(out) < 400 {
		t.Fatalf("the market told of %d items", len(out))
	}
	return out
}

func fetchTruth(address string) ([]market.Item, error) {
	resp, err := http.Get(address + "/truth")
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var items []market.Item
	return items, json.NewDecoder(resp.Body).Decode(&items)
}

func readAlerts(t *testing.T, r io.Reader) []leak.Alert {
	t.Helper()
	var out []leak.Alert
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var a leak.Alert
		if err := json.Unmarshal(s.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

func readListings(t *testing.T, data string) []leak.Listing {
	t.Helper()
	cfg, err := config.Parse("empty.yaml", nil, Checks())
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(t.Context(), Options{Config: cfg, Data: data, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	all, err := a.Search(t.Context(), "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func pathOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	_, path, _ := strings.Cut(rest, "/")
	return "/" + path
}

// compareWithTruth reconciles the three books: every item of the market is
// stored once and read as it is, every hit was alerted on, and nothing else.
func compareWithTruth(t *testing.T, truth map[string]market.Item, printed []leak.Alert, stored []leak.Listing) {
	t.Helper()
	byPath := map[string]leak.Listing{}
	for _, l := range stored {
		path := pathOf(l.URL)
		if _, twice := byPath[path]; twice {
			t.Errorf("%s is stored twice", path)
		}
		byPath[path] = l
	}
	alerted := map[string]bool{}
	ids := map[string]bool{}
	for _, a := range printed {
		if ids[a.ID] {
			t.Errorf("alert %s was printed twice", a.ID)
		}
		ids[a.ID] = true
		alerted[pathOf(a.URL)] = true
	}
	hits := 0
	for _, path := range slices.Sorted(maps.Keys(truth)) {
		it := truth[path]
		l, ok := byPath[path]
		if !ok {
			t.Errorf("%s %q is not in the index", path, it.Title)
			continue
		}
		if l.Hit != it.Hit || it.Hit && !sameCategories(l.Categories, it.Categories) {
			t.Errorf("%s %q %q: hit %v %v, truth %v %v", path, it.Title, it.Body, l.Hit, l.Categories, it.Hit, it.Categories)
		}
		if it.Hit {
			hits++
			compareOffer(t, it, l)
		}
		if it.Hit != alerted[path] {
			t.Errorf("%s %q: hit %v, alerted %v", path, it.Title, it.Hit, alerted[path])
		}
	}
	t.Logf("%d items, %d hits, %d alerts printed, %d listings stored", len(truth), hits, len(printed), len(stored))
}

func sameCategories(got []leak.Category, want []string) bool {
	g := make([]string, len(got))
	for i, c := range got {
		g[i] = string(c)
	}
	slices.Sort(g)
	w := slices.Sorted(slices.Values(want))
	return slices.Equal(g, w)
}

// compareOffer checks price, quantity and contact of an item whose price did
// not change while the demo ran: a second revision is a change that came after
// the market told its truth last.
func compareOffer(t *testing.T, it market.Item, l leak.Listing) {
	t.Helper()
	if it.Changes > 0 || l.Revision > 1 || it.Price == "" {
		return
	}
	found := slices.ContainsFunc(l.Offers, func(o leak.Offer) bool {
		return o.Price != nil && o.Currency != nil && o.Quantity != nil && strconv.FormatFloat(*o.Price, 'f', -1, 64) == it.Price &&
			*o.Currency == it.Currency && int(*o.Quantity) == it.Quantity
	})
	if !found {
		t.Errorf("%s %q: no offer of %d for %s %s", it.Path, it.Body, it.Quantity, it.Price, it.Currency)
	}
	if !slices.ContainsFunc(l.Contacts, func(c leak.Contact) bool { return c.Value == it.Handle }) {
		t.Errorf("%s %q: contacts %v, truth %s", it.Path, it.Body, l.Contacts, it.Handle)
	}
	for _, secret := range it.Canaries {
		if strings.Contains(l.Body+l.Title, secret) {
			t.Errorf("%s: an identifier is stored in clear", it.Path)
		}
	}
}
