package site_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/internal/market"
	"github.com/leakwatch/leakwatch/leak"
)

// TestTheDemoMarketIsReadWhole walks each open section of the demo market by
// its address alone and compares what was read with its truth.
func TestTheDemoMarketIsReadWhole(t *testing.T) {
	m := market.New(7, time.Now)
	server := httptest.NewServer(m.Handler())
	defer server.Close()
	for _, s := range market.Sections() {
		if s.Login {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			w := &walk{t: t, client: server.Client()}
			w.run(server.URL + "/" + s.Name + "/")
			read := map[string]leak.Raw{}
			for _, l := range w.listings {
				if _, twice := read[l.URL]; twice {
					t.Errorf("%s was read twice", l.URL)
				}
				read[l.URL] = l
			}
			for _, it := range m.Truth() {
				if it.Section != s.Name {
					continue
				}
				l, ok := read[server.URL+it.Path]
				delete(read, server.URL+it.Path)
				if !ok {
					t.Errorf("%s was not read", it.Path)
					continue
				}
				if l.Title != it.Title || !strings.HasPrefix(squeeze(l.Body), squeeze(it.Body)) || l.Seller != it.Seller ||
					l.SoldOut != it.SoldOut || l.PostedAt.Truncate(time.Minute) != it.Posted.UTC().Truncate(time.Minute) {
					t.Errorf("%s is\n%s\nwant %+v", it.Path, dumpListing(l), it)
				}
			}
			for url := range read {
				t.Errorf("%s was read and does not exist", url)
			}
		})
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
