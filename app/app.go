// Package app wires leakwatch: it builds every part from the config, runs the
// durable ticks, the deliveries and the console, and stops them in order. It
// holds no logic of its own beyond what joins two parts.
//
// In the data folder it keeps index.db (the embedded index) and keys (the
// keys of the codes, unless the config puts them elsewhere).
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler"
	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/detect/ident"
	"github.com/leakwatch/leakwatch/detect/lists"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/internal/export"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/query"
	"github.com/leakwatch/leakwatch/text"
)

// Options are what an App is opened with.
type Options struct {
	Config     *config.Config
	ConfigPath string // for ReloadFile
	Data       string // data folder; must exist
	// Exclusive makes this the process that crawls and delivers; the embedded
	// index allows one. Others may read and write beside it.
	Exclusive bool
	Log       *slog.Logger
	// Page, if set, is called after each page of a crawl that was committed.
	Page func()
	// Crash is called at the named points of the commit and delivery path,
	// for tests that kill the process there.
	Crash func(point string)

	open     bool              // the console lets everyone in: the demo
	listener net.Listener      // for the console, instead of one of the config's address
	extra    []alerts.Receiver // besides those of the config
}

// App is a running leakwatch. Its methods are safe for concurrent use.
type App struct {
	opt      Options
	log      *slog.Logger
	keys     *leak.Keyring
	identity *leak.Identity // makes the ids of what was read
	engine   indexer.Engine
	alerts   *alerts.Service
	crawler  *crawler.Crawler
	metrics  *metrics
	worker   worker
	ticks    *crawler.Ticks

	current atomic.Pointer[settings]
	reload  sync.Mutex // one reload at a time
}

// settings are what a reload replaces.
type settings struct {
	config *config.Config
	lists  []*lists.List
	detect *detect.Engine
}

// Open builds everything and starts nothing. The caller closes the App.
func Open(ctx context.Context, o Options) (_ *App, err error) {
	a := &App{opt: o, log: o.Log}
	if a.keys, err = LoadKeys(KeyPath(o.Config, o.Data)); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if o.Exclusive {
		if a.worker, err = claimWorker(o.Data); err != nil {
			return nil, err
		}
	}
	engine, err := openEngine(ctx, o)
	if err != nil {
		return nil, err // what came with it holds a nil pointer
	}
	a.engine = engine
	if err = VerifyKeys(ctx, a.engine, a.keys); err != nil {
		return nil, err
	}
	if a.identity, err = loadIdentity(ctx, a.engine, a.keys); err != nil {
		return nil, err
	}
	set, err := a.settingsOf(o.Config)
	if err != nil {
		return nil, err
	}
	a.current.Store(set)
	receivers, err := a.alertSettings(o.Config)
	if err != nil {
		return nil, err
	}
	a.alerts, err = alerts.New(alerts.Options{Settings: receivers, Engine: a.engine, Parse: a.Parse, Log: o.Log, Exclusive: o.Exclusive, Crash: o.Crash})
	if err != nil {
		return nil, err
	}
	a.crawler = crawler.New(crawler.Options{Defaults: o.Config.Crawler, State: a.engine, Sink: sink{a}, Log: o.Log, Storable: a.storable, Identity: a.identity})
	a.ticks = a.newTicks()
	a.metrics = newMetrics(a)
	return a, nil
}

// Close releases the index.
func (a *App) Close() error {
	var err error
	if a.engine != nil {
		err = a.engine.Close()
	}
	return errors.Join(err, a.worker.release())
}

// Alerts returns the alerting service.
func (a *App) Alerts() *alerts.Service { return a.alerts }

// KeyIDs names the active keys, the primary first.
func (a *App) KeyIDs() string { return strings.Join(a.keys.IDs(), ", ") }

// settingsOf reads what a config names: its lists and its rules.
func (a *App) settingsOf(cfg *config.Config) (*settings, error) {
	set := &settings{config: cfg}
	var err error
	if set.lists, err = loadLists(cfg, a.keys); err != nil {
		return nil, err
	}
	set.detect, err = detect.New(detect.Options{Keys: a.keys, Rules: cfg.Rules, Rates: cfg.Currencies.Rates})
	return set, err
}

// detector returns the detection that is in force now.
func (a *App) detector() *detect.Engine { return a.current.Load().detect }

func loadLists(cfg *config.Config, keys *leak.Keyring) ([]*lists.List, error) {
	var all []*lists.List
	var faults config.Faults
	for _, c := range cfg.Lists {
		l, err := lists.Load(c, keys)
		faults = append(faults, listFaults(c, err)...)
		all = append(all, l)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return all, nil
}

// storable reports whether an address holds nothing that identifies a person.
func (a *App) storable(address string) bool {
	return a.detector().Read(leak.Raw{URL: address}).URL == address
}

// Parse reads a query over the listings or the alerts.
func (a *App) Parse(c indexer.Collection, src string) (*query.Query, error) {
	cfg := a.current.Load().config
	names := make([]string, len(cfg.Lists))
	for i, l := range cfg.Lists {
		names[i] = l.Name
	}
	return parseQuery(c, src, names, cfg.Currencies.Rates, a.keys)
}

// parseQuery parses a query; without keys, identifiers in it are accepted but
// stand for codes that nothing has.
func parseQuery(c indexer.Collection, src string, listNames []string, rates map[string]float64, keys *leak.Keyring) (*query.Query, error) {
	if strings.TrimSpace(src) == "" {
		return nil, nil
	}
	return query.Parse(src, query.Env{Collection: string(c), Lists: listNames, Rates: rates, Code: func(kind leak.IdentifierKind, typed string) ([]string, error) {
		return codes(kind, typed, keys)
	}, Personal: personal})
}

// personal returns the parts of a text that masking would hide, but for names,
// which are none by themselves.
func personal(s string) [][2]int {
	var out [][2]int
	f := text.Fold(s)
	for _, x := range ident.Find(f, text.Unhide(f)) {
		if x.Kind != leak.NameRow {
			out = append(out, [2]int{x.Start, x.End})
		}
	}
	return out
}

// codes turns a typed identifier into the codes under which it may be stored;
// without a kind, as every kind it may be.
func codes(kind leak.IdentifierKind, typed string, keys *leak.Keyring) ([]string, error) {
	kinds := []leak.IdentifierKind{kind}
	if kind == "" {
		kinds = ident.Kinds(typed)
	}
	var out []string
	for _, k := range kinds {
		canonical, err := ident.Canonical(k, typed)
		if err != nil {
			return nil, fmt.Errorf("not a value of kind %s", k)
		}
		if keys == nil {
			out = append(out, "nokey:00")
			continue
		}
		out = append(out, keys.Codes(k, canonical)...)
	}
	if len(out) == 0 {
		return nil, errors.New("no kind of identifier looks like this")
	}
	return out, nil
}

// Search returns the newest listings that satisfy a query.
func (a *App) Search(ctx context.Context, src string, limit int) ([]leak.Listing, error) {
	q, err := a.Parse(indexer.Listings, src)
	if err != nil {
		return nil, err
	}
	return pages[leak.Listing](ctx, limit, func(ctx context.Context, s indexer.Search) (*indexer.Page, error) {
		s.Query = q
		return a.engine.Search(ctx, indexer.Listings, s)
	})
}

// SearchAlerts returns the newest alerts that satisfy a query.
func (a *App) SearchAlerts(ctx context.Context, src string, limit int) ([]leak.Alert, error) {
	q, err := a.Parse(indexer.Alerts, src)
	if err != nil {
		return nil, err
	}
	return pages[leak.Alert](ctx, limit, func(ctx context.Context, s indexer.Search) (*indexer.Page, error) {
		s.Query = q
		return a.engine.Search(ctx, indexer.Alerts, s)
	})
}

// Export writes all listings that satisfy a query and returns how many.
func (a *App) Export(ctx context.Context, src, format string, w io.Writer) (int, error) {
	q, err := a.Parse(indexer.Listings, src)
	if err != nil {
		return 0, err
	}
	return export.Listings(ctx, a.engine, indexer.Search{Query: q, Now: time.Now()}, format, w)
}
