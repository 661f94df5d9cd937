package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/internal/market"
	"github.com/leakwatch/leakwatch/leak"
)

// DemoOptions are what a demo is started with.
type DemoOptions struct {
	Seed   uint64
	For    time.Duration // end after this long; 0 for never
	Data   string        // keep the data here; "" for a temporary folder
	JSON   bool          // print alerts as JSON lines
	Out    io.Writer     // alerts
	Talk   io.Writer     // everything else
	Log    *slog.Logger
	Listen string // address of the console; if it is taken, another port is used
}

// demoStep is how often the demo marketplace changes.
const demoStep = 2 * time.Second

// Demo runs leakwatch against a made-up marketplace on loopback until ctx
// ends or the time is over, prints each alert, and a summary at the end.
func Demo(ctx context.Context, o DemoOptions) (err error) {
	if o.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.For)
		defer cancel()
	}
	data := o.Data
	if data == "" {
		if data, err = os.MkdirTemp("", "leakwatch-demo-"); err != nil {
			return fmt.Errorf("make a folder for the demo: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	} else if data, err = DataDir(data); err != nil {
		return err
	}
	if err := CreateKeys(filepath.Join(data, "keys")); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	m := market.New(o.Seed, time.Now)
	place, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("start the demo marketplace: %w", err)
	}
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		if listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return errors.Join(fmt.Errorf("start the console: %w", err), place.Close())
		}
	}
	var parts sync.WaitGroup
	defer parts.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	parts.Go(func() { _ = serveHTTP(ctx, server{m.Handler(), place}) })
	parts.Go(func() { changing(ctx, m) })
	out := &printer{o: &o}
	cfg, err := demoConfig("http://"+place.Addr().String(), listener.Addr().String())
	if err != nil {
		return err
	}
	a, err := Open(ctx, Options{Config: cfg, Data: data, Exclusive: true, Log: o.Log, open: true, listener: listener,
		extra: []alerts.Receiver{{Config: config.Receiver{Name: "demo", Type: "demo"}, Notifier: out}}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	began := time.Now()
	err = a.Serve(ctx, func(r Ready) {
		out.console = r.Console
		fmt.Fprintf(o.Talk, "Console: %s\nMarket:  http://%s  (seed %d; made up, nothing in it is real)\nA POST to its /break breaks its layout: the sources go blind; another mends it.\nAlerts follow; Ctrl-C ends the demo.\n\n", r.Console, place.Addr(), o.Seed)
	})
	if err != nil {
		return err
	}
	return a.demoSummary(o.Talk, m, out, time.Since(began))
}

func changing(ctx context.Context, m *market.Market) {
	tick := time.NewTicker(demoStep)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			m.Step()
		}
	}
}

// demoConfig is the config of the demo, written as a user would write it.
func demoConfig(place, listen string) (*config.Config, error) {
	var b strings.Builder
	b.WriteString("sources:\n")
	for _, s := range market.Sections() {
		fmt.Fprintf(&b, "- {id: market-%s, name: %s, url: '%s/%s/', schedule: '@every 3s', pace: 2ms, allow_private: true, language: %s", s.Name, s.Title, place, s.Name, s.Language)
		if s.Login {
			fmt.Fprintf(&b, ", cookie: '%s', logged_in: 退出", market.Cookie)
		}
		b.WriteString("}\n")
	}
	fmt.Fprintf(&b, `
watches:
- {name: Faces for sale, query: 'category:(face_photo OR face_video OR app_face_data)', receivers: [demo]}
- {name: ID photos, query: 'category:(id_card_photo OR id_handheld)', severity: high, receivers: [demo]}
- {name: Sets that make a person, query: 'category:(identity_bundle OR id_number)', receivers: [demo]}
- {name: Face checks passed for others, query: 'category:kyc_bypass', receivers: [demo]}
- {name: Accounts and cards, query: 'category:(sim_card OR im_account OR bank_card)', severity: medium, receivers: [demo]}
receivers: [{name: demo, type: file, path: unused}]
console: {listen: '%s'}
currencies: {date: '2026-11-22', rates: {CNY: 0.14, KRW: 0.00072, USD: 1, USDT: 1}}
`, listen)
	cfg, err := config.Parse("demo.yaml", []byte(b.String()), Checks())
	if err != nil {
		return nil, fmt.Errorf("config of the demo: %w", err)
	}
	cfg.Receivers = nil // the demo brings its own
	return cfg, nil
}

// printer is the receiver of the demo: it prints.
type printer struct {
	o       *DemoOptions
	console string

	mu     sync.Mutex // protects all fields below, and the order of lines
	alerts int
	seen   map[string]bool
}

// Send implements alerts.Notifier.
func (p *printer) Send(_ context.Context, n alerts.Notification) (alerts.Answer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	if n.Notice != "" {
		fmt.Fprintln(p.o.Talk, "NOTICE  "+harmless(n.Notice))
	}
	for _, a := range n.Alerts {
		if p.seen[a.ID] {
			continue // a repeat with the same id
		}
		if err := p.print(a); err != nil {
			return alerts.Answer{}, err
		}
		p.seen[a.ID] = true
		p.alerts++
	}
	return alerts.Answer{Text: "printed"}, nil
}

// Limits implements alerts.Notifier.
func (p *printer) Limits() alerts.Limits { return alerts.Limits{} }

func (p *printer) print(a leak.Alert) error {
	if p.o.JSON {
		line, err := json.Marshal(a)
		if err != nil {
			return fmt.Errorf("print alert: %w", err)
		}
		_, err = p.o.Out.Write(append(line, '\n'))
		return err
	}
	categories := make([]string, len(a.Categories))
	for i, c := range a.Categories {
		categories[i] = string(c)
	}
	_, err := fmt.Fprintf(p.o.Out, "%s  %-8s  %s  %s\n          %s · %s · %s/alerts/%s\n", a.Times.Matched.Local().Format(time.TimeOnly), strings.ToUpper(string(a.Severity)),
		harmless(a.Title), harmless(offersLine(a.Offers)), strings.Join(categories, ", "), a.Source, p.console, a.ID)
	return err
}

func offersLine(all []leak.Offer) string {
	parts := make([]string, 0, len(all))
	for _, o := range all {
		if o.Price == nil || o.Currency == nil {
			continue
		}
		s := plainNumber(*o.Price) + " " + *o.Currency
		if o.Quantity != nil && *o.Quantity != 1 {
			s = plainNumber(*o.Quantity) + " for " + s
		} else {
			s += " each"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

func plainNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// summaryTime bounds the counting at the end.
const summaryTime = 3 * time.Second

func (a *App) demoSummary(w io.Writer, m *market.Market, p *printer, took time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), summaryTime)
	defer cancel()
	sources, err := a.Sources(ctx)
	if err != nil {
		return err
	}
	listings, err := a.perSource(ctx, "")
	if err != nil {
		return err
	}
	hits, err := a.perSource(ctx, "hit:true")
	if err != nil {
		return err
	}
	requests := 0
	for _, n := range m.Requests() {
		requests += n
	}
	fmt.Fprintf(w, "\nIn %s: %d requests to the market, %d alerts printed.\n", took.Round(time.Second), requests, p.alerts)
	for _, s := range sources {
		fmt.Fprintf(w, "  %-12s %-10s %3d listings, %3d of them hits  %s\n", s.ID, s.Health, listings[s.ID], hits[s.ID], s.Name)
	}
	return nil
}

// perSource counts the stored listings that satisfy a query.
func (a *App) perSource(ctx context.Context, src string) (map[string]int64, error) {
	q, err := a.Parse(indexer.Listings, src)
	if err != nil {
		return nil, err
	}
	got, err := a.engine.Aggregate(ctx, indexer.Listings, q, time.Now(), []indexer.Aggregation{{Kind: indexer.Terms, Field: "source", Size: 100}})
	if err != nil {
		return nil, fmt.Errorf("count listings: %w", err)
	}
	counts := map[string]int64{}
	for _, b := range got[0].Buckets {
		counts[b.Key] = b.Count
	}
	return counts, nil
}
