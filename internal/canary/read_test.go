package canary

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/crawler/site"
	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/leak"
)

// seedOf returns the seed of a test: random, printed, and taken from the
// environment to repeat a failure.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if v, err := strconv.ParseUint(os.Getenv("LEAKWATCH_TEST_SEED"), 10, 64); err == nil {
		seed = v
	}
	t.Logf("LEAKWATCH_TEST_SEED=%d", seed)
	return seed
}

// TestReadLeavesNothingInClear is the quick half of the proof, over many
// seeds: what the kinds read from the pages and the feed of the site, and what
// an import brings, holds no canary once detection has read it.
func TestReadLeavesNothingInClear(t *testing.T) {
	seed, rounds := seedOf(t), 24
	if testing.Short() {
		rounds = 2
	}
	line, err := leak.NewKeyLine()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := leak.ParseKeyring([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	engine, err := detect.New(detect.Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	found, total := map[string]string{}, 0
	for i := range rounds {
		w := &forum{base: "http://forum.example"}
		var all []*canary
		w.listings, all = plant(rand.New(rand.NewPCG(seed, uint64(i))))
		s := newSearcher(all)
		for _, raw := range w.raws() {
			out, err := json.Marshal(engine.Read(raw))
			if err != nil {
				t.Fatal(err)
			}
			total++
			for _, n := range s.find(out) {
				c := n.canary
				found[fmt.Sprintf("%s %s in %s", c.kind, c.class, c.field)] = fmt.Sprintf("planted as %q, stands as %s in the %s: …%.100q", c.planted, n.form, raw.Source, out[max(0, min(n.at, len(out))-60):])
			}
		}
	}
	for _, what := range slices.Sorted(maps.Keys(found)) {
		t.Errorf("%s: %s", what, found[what])
	}
	t.Logf("%d listings of %d seeds read", total, rounds)
}

// raws are all listings as they reach detection.
func (s *forum) raws() []leak.Raw {
	out := s.readPage("/feed.xml", "feed")
	for i := range s.listings {
		l := &s.listings[i]
		out = append(out, s.readPage(l.path(i), "page")...)
		out = append(out, leak.Raw{Source: "import", URL: "https://import.example" + l.path(i), Title: l.importTitle(), Seller: l.field("seller"), Body: l.importBody()})
	}
	return out
}

// readPage returns the listings of one page as the crawler would.
func (s *forum) readPage(path, source string) []leak.Raw {
	u, err := url.Parse(s.base + path)
	if err != nil {
		panic(err)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, u.String(), nil))
	p := &site.Page{URL: u, Header: w.Header(), Body: w.Body.Bytes(), ContentType: w.Header().Get("Content-Type"), Fetched: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)}
	link := &site.Link{URL: u.String()}
	if source == "feed" {
		link = nil
	}
	return site.Detect(p).Read(p, site.Hints{Source: source, Link: link}).Listings
}
