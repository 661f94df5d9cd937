package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/leakwatch/leakwatch/console"
	"github.com/leakwatch/leakwatch/crawler"
)

// web is what a serving App answers over HTTP.
type web struct {
	a       *App
	server  *console.Server
	console http.Handler
	metrics http.Handler // on its own address; else part of console
	public  string       // address of the console for people, known once it listens
}

func (a *App) newWeb(_ context.Context) (*web, error) {
	cfg := a.current.Load().config
	server, err := console.New(console.Options{Engine: a.engine, Alerts: a.alerts, Parse: a.Parse, Detect: a.detector, Sources: a.consoleSources,
		PublicURL: cfg.Console.PublicURL, Hosts: []string{cfg.Console.Listen}, Open: a.opt.open, Log: a.log})
	if err != nil {
		return nil, err
	}
	pages, err := server.Handler()
	if err != nil {
		return nil, err
	}
	w := &web{a: a, server: server}
	operations := http.NewServeMux()
	operations.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	operations.HandleFunc("GET /readyz", a.readyz)
	operations.Handle("GET /metrics", a.metrics.handler())
	w.metrics = operations
	all := http.NewServeMux()
	all.Handle("/", pages)
	all.Handle("GET /livez", operations)
	all.Handle("GET /readyz", operations)
	if cfg.Console.Metrics == "" {
		all.Handle("GET /metrics", operations)
	}
	w.console = all
	return w, nil
}

func (w *web) setupLink(ctx context.Context) (string, error) {
	path, err := w.server.SetupLink(ctx)
	if err != nil || path == "" {
		return "", err
	}
	return w.public + path, nil
}

// readyz says whether leakwatch does its work: the index answers and takes
// writes. Sources that cannot be read and receivers that fail are told, and
// do not make it unready: restarting would not mend them.
func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	state := struct {
		Ready   bool              `json:"ready"`
		Index   string            `json:"index"`
		Sources map[string]string `json:"sources_not_read,omitempty"`
	}{Ready: true, Index: "ok"}
	if err := a.engine.Check(ctx); err != nil {
		state.Ready, state.Index = false, harmless(err.Error())
	} else if all, err := a.Sources(ctx); err == nil {
		state.Sources = map[string]string{}
		for _, s := range all {
			if !s.Disabled && s.Health != "" && s.Health != crawler.OK && s.Health != crawler.Partial {
				state.Sources[s.ID] = string(s.Health)
			}
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if !state.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(state)
}
