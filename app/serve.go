package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler"
	"github.com/leakwatch/leakwatch/indexer/remote"
	"github.com/leakwatch/leakwatch/leak"
)

// Ready tells where a serving App can be reached.
type Ready struct {
	Console string // address of the console
	Setup   string // one-time link that makes the first admin; "" if there is one
}

// stopTime bounds how long a stop may take.
const stopTime = 5 * time.Second

// Serve listens, then crawls on schedule, delivers and serves the console
// until ctx ends; then it stops within five seconds: no new crawls, pages
// under way are committed or dropped whole, deliveries under way end.
func (a *App) Serve(ctx context.Context, ready func(Ready)) error {
	cfg := a.current.Load().config
	web, err := a.newWeb(ctx)
	if err != nil {
		return err
	}
	// Listen before anything runs, so that a busy port is an error of the start.
	listener := a.opt.listener
	if listener == nil {
		if listener, err = net.Listen("tcp", cfg.Console.Listen); err != nil {
			return fmt.Errorf("listen for the console: %w", err)
		}
	}
	web.public = publicURL(cfg.Console, listener.Addr())
	servers := []server{{web.console, listener}}
	if cfg.Console.Metrics != "" {
		l, err := net.Listen("tcp", cfg.Console.Metrics)
		if err != nil {
			return errors.Join(fmt.Errorf("listen for metrics: %w", err), listener.Close())
		}
		servers = append(servers, server{web.metrics, l})
	}
	setup, err := web.setupLink(ctx)
	if err != nil {
		return err
	}
	ready(Ready{Console: web.public, Setup: setup})
	return a.run(ctx, servers)
}

// publicURL is the address of the console for people; where the config leaves
// the port to the system (:0), with the port that it chose.
func publicURL(c config.Console, at net.Addr) string {
	if _, port, err := net.SplitHostPort(c.Listen); err == nil && port == "0" && c.PublicURL == "http://"+c.Listen {
		return "http://" + at.String()
	}
	return strings.TrimRight(c.PublicURL, "/")
}

type server struct {
	handler  http.Handler
	listener net.Listener
}

// run starts the parts and waits for the first that fails, or for ctx.
func (a *App) run(ctx context.Context, servers []server) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var parts sync.WaitGroup
	start := func(name string, part func(context.Context) error) {
		parts.Go(func() {
			if err := part(ctx); err != nil && ctx.Err() == nil {
				cancel(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	for _, s := range servers {
		start("console", func(ctx context.Context) error { return serveHTTP(ctx, s) })
	}
	if a.opt.Config.Index.Engine == "embedded" {
		start("index", func(ctx context.Context) error {
			return remote.Listen(ctx, a.engine, filepath.Join(a.opt.Data, socketFile))
		})
	}
	start("housekeeping", a.housekeep)
	start("alerts", a.alerts.Run)
	start("crawler", a.ticks.Run)
	<-ctx.Done()
	done := make(chan struct{})
	go func() { parts.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(stopTime):
		a.log.Warn("stopped before all work under way had ended; it is taken up at the next start")
	}
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

func serveHTTP(ctx context.Context, s server) error {
	srv := &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		stopped <- srv.Shutdown(grace)
	}()
	if err := srv.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	if err := <-stopped; err != nil {
		return srv.Close()
	}
	return nil
}

// crawled tells people when a source starts or ceases to be trustworthy.
func (a *App) crawled(ctx context.Context, src config.Source, r crawler.Report) {
	a.metrics.crawled(r)
	text := "Source " + src.Name + " is " + string(r.Health)
	for _, p := range r.Problems {
		text += "; " + p
	}
	severity := leak.High
	if r.Health == crawler.OK || r.Health == crawler.Partial {
		severity = leak.Low
	}
	state := string(r.Health)
	if r.Health == crawler.Partial {
		state = string(crawler.OK) // a cap that ends a crawl is no change of trust
	}
	err := a.alerts.Notify(ctx, alerts.Notice{Subject: "source:" + src.ID, State: state, Severity: severity, Text: text})
	if err != nil && ctx.Err() == nil {
		a.log.Error("report the health of a source", "source", src.ID, "error", err)
	}
}

// Crawl crawls the sources with these ids, or all that are not disabled, once
// and delivers the alerts. An unknown id is an error before anything is
// fetched.
func (a *App) Crawl(ctx context.Context, ids []string) ([]crawler.Report, error) {
	sources, err := chosen(a.current.Load().config.Sources, ids)
	if err != nil {
		return nil, err
	}
	delivery, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- a.alerts.Run(delivery) }()
	reports, err := a.crawlAll(ctx, sources)
	if err == nil {
		err = errors.Join(a.drain(ctx), a.engine.Refresh(ctx)) // a search right after it sees what it found
	}
	stop()
	return reports, errors.Join(err, <-done)
}

// ErrNoSource: the config has no source of this id.
var ErrNoSource = errors.New("no source")

func chosen(all []config.Source, ids []string) ([]config.Source, error) {
	byID := map[string]config.Source{}
	var known []string
	var out []config.Source
	for _, s := range all {
		byID[s.ID] = s
		known = append(known, s.ID)
		if len(ids) == 0 && !s.Disabled {
			out = append(out, s)
		}
	}
	for _, id := range ids {
		s, ok := byID[id]
		if !ok {
			return nil, fmt.Errorf("%w %q; the config has %v", ErrNoSource, id, known)
		}
		out = append(out, s)
	}
	return out, nil
}

// crawlAll crawls sources side by side, at most as many as the config says.
func (a *App) crawlAll(ctx context.Context, sources []config.Source) ([]crawler.Report, error) {
	reports := make([]crawler.Report, len(sources))
	errs := make([]error, len(sources))
	slots := make(chan struct{}, a.current.Load().config.Crawler.Concurrency)
	var all sync.WaitGroup
	for i, src := range sources {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			reports[i], errs[i] = a.crawler.Crawl(ctx, src, time.Now())
			a.crawled(ctx, src, reports[i])
		})
	}
	all.Wait()
	return reports, errors.Join(errs...)
}

// drainTime bounds how long a one-off crawl waits for its deliveries; what is
// left stays in the outbox.
const drainTime = 20 * time.Second

// drain waits until no delivery is due any more.
func (a *App) drain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		all, err := a.alerts.Receivers(ctx)
		if err != nil {
			return err
		}
		waiting := 0
		for _, r := range all {
			if r.FailingSince.IsZero() {
				waiting += r.Pending
			}
		}
		if waiting == 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}
