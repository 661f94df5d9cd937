package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler"
	"github.com/leakwatch/leakwatch/leak"
)

// newApp opens leakwatch on a fresh folder.
func newApp(ctx context.Context, yaml string) (*app.App, string, error) {
	dir, err := os.MkdirTemp("", "leakwatch-bench-")
	if err != nil {
		return nil, "", err
	}
	if err := app.CreateKeys(filepath.Join(dir, "keys")); err != nil {
		return nil, dir, err
	}
	cfg, err := config.Parse("bench.yaml", []byte(yaml), app.Checks())
	if err != nil {
		return nil, dir, err
	}
	a, err := app.Open(ctx, app.Options{Config: cfg, Data: dir, Exclusive: true, Log: slog.New(slog.DiscardHandler)})
	return a, dir, err
}

const source = "sources: [{name: bench, url: '%s/', schedule: '@hourly', pace: 1us, allow_private: true, max_pages: 100000, max_depth: 10000, robots: ignore}]\nwatches: [{name: w, query: 'category:face_photo AND quantity:>100000'}]\n"

// readWithLeakwatch crawls, detects, masks, matches and commits.
func readWithLeakwatch(site string, f flags, m *meter) (out *outcome, err error) {
	err = crawl(site, m, func(ctx context.Context, a *app.App, r crawler.Report) error {
		all, err := a.Search(ctx, "", f.pages+10)
		out = &outcome{Fields: map[string]fields{}, Cost: cost{Requests: r.Requests}}
		for i := range all {
			_, path, _ := strings.Cut(strings.TrimPrefix(all[i].URL, "http://"), "/")
			out.Fields["/"+path] = fieldsOf(&all[i])
		}
		return err
	})
	return out, err
}

// readForMemory does the same and asks for nothing back.
func readForMemory(site string, _ flags, m *meter) (out *outcome, err error) {
	err = crawl(site, m, func(_ context.Context, a *app.App, r crawler.Report) error {
		out = &outcome{Cost: cost{Requests: r.Requests}, Pages: r.Pages}
		return nil
	})
	return out, err
}

// crawl crawls the site once into a fresh index and hands on what came of it.
func crawl(site string, m *meter, then func(context.Context, *app.App, crawler.Report) error) (err error) {
	ctx := context.Background()
	a, dir, err := newApp(ctx, fmt.Sprintf(source, site))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close(), os.RemoveAll(dir)) }()
	if err := m.start(); err != nil {
		return err
	}
	reports, err := a.Crawl(ctx, nil)
	m.stop()
	if err != nil {
		return err
	}
	return then(ctx, a, reports[0])
}

func fieldsOf(l *leak.Listing) fields {
	f := fields{Title: l.Title, Seller: l.Seller, Body: l.Body}
	if len(l.Offers) > 0 && l.Offers[0].Price != nil {
		f.Price = fmt.Sprint(*l.Offers[0].Price)
	}
	if l.PostedAt != nil {
		f.Date = l.PostedAt.Format("2006-01-02 15:04")
	}
	return f
}
