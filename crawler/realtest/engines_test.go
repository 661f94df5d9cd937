package realtest

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler"
	"github.com/leakwatch/leakwatch/internal/estest"
	"github.com/leakwatch/leakwatch/internal/realsite"
)

// onBothEngines runs the whole path on the embedded index and on
// Elasticsearch: the site is crawled with only its address configured, what
// is stored and alerted on is compared with what was planted, and a second
// pass after ten additions asks only for what it must.
func onBothEngines(t *testing.T, site *realsite.Site) {
	t.Run("embedded", func(t *testing.T) { wholePath(t, site, "") })
	t.Run("elasticsearch", func(t *testing.T) {
		c := estest.Config(t)
		wholePath(t, site, fmt.Sprintf("index: {engine: elasticsearch, elasticsearch: {addresses: ['%s'], username: '%s', password: '%s', prefix: '%s'}}\n",
			c.Addresses[0], c.Username, c.Password.Reveal(), c.Prefix))
	})
}

func wholePath(t *testing.T, site *realsite.Site, index string) {
	dir := t.TempDir()
	if err := app.CreateKeys(filepath.Join(dir, "keys")); err != nil {
		t.Fatal(err)
	}
	yaml := fmt.Sprintf("sources: [{name: real, url: '%s', schedule: '@hourly', pace: 1ms, allow_private: true, max_pages: 2000}]\nwatches: [{name: all, query: 'hit:true'}]\n%s", site.URL, index)
	cfg, err := config.Parse(filepath.Join(dir, "leakwatch.yaml"), []byte(yaml), app.Checks())
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), app.Options{Config: cfg, Data: dir, Exclusive: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	pass := func() crawler.Report {
		site.ResetRequests()
		reports, err := a.Crawl(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if reports[0].Health != crawler.OK {
			t.Errorf("health %s: %q", reports[0].Health, reports[0].Problems)
		}
		return reports[0]
	}
	pass()
	storedIsPlanted(t, a, site.Truth())
	added := site.Add(10)
	r := pass()
	storedIsPlanted(t, a, site.Truth())
	if r.New != len(added) || site.Requests() > len(added)+4 {
		t.Errorf("second pass: %d new in %d requests; want %d in %d at most", r.New, site.Requests(), len(added), len(added)+4)
	}
}

// storedIsPlanted compares index and alerts with what was planted, both ways.
func storedIsPlanted(t *testing.T, a *app.App, truth []realsite.Planted) {
	t.Helper()
	listings, err := a.Search(t.Context(), "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	alerts, err := a.SearchAlerts(t.Context(), "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	hit, alerted := map[string]bool{}, map[string]bool{}
	for _, l := range listings {
		if _, twice := hit[l.SiteID]; twice {
			t.Errorf("%s is stored twice", l.SiteID)
		}
		hit[l.SiteID] = l.Hit
		for _, x := range alerts {
			if x.Listing == l.ID {
				alerted[l.SiteID] = true
			}
		}
	}
	hits := 0
	for _, p := range truth {
		got, ok := hit[p.ID]
		if !ok || got != p.Hit || alerted[p.ID] != p.Hit {
			t.Errorf("%s %q: stored %v, hit %v, alerted %v; planted as hit %v", p.ID, p.Title, ok, got, alerted[p.ID], p.Hit)
		}
		if p.Hit {
			hits++
		}
	}
	if len(hit) != len(truth) || len(alerts) != hits {
		t.Errorf("%d listings and %d alerts; planted %d with %d hits", len(hit), len(alerts), len(truth), hits)
	}
	t.Logf("%d planted, %d hits: all found, %d alerts", len(truth), hits, len(alerts))
}
