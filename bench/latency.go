package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/leakwatch/leakwatch/app"
)

// measureLatency plants 50 listings a second and measures from the moment
// that a page was asked for to the webhook.
func measureLatency(length time.Duration) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	f := newForum(0)
	f.served = map[int]time.Time{}
	forum, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { _ = http.Serve(forum, f) }()
	hook, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	got := &webhooks{at: map[string]time.Time{}}
	go func() { _ = http.Serve(hook, got) }()
	a, dir, err := newApp(ctx, fmt.Sprintf(`sources: [{name: bench, url: 'http://%s/', schedule: '@every 1s', pace: 1us, allow_private: true, max_pages: 100000, robots: ignore}]
watches: [{name: w, query: 'category:face_photo', receivers: [hook]}]
receivers: [{name: hook, type: webhook, url: 'http://%s/', secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, allow_private: true}]
console: {listen: '127.0.0.1:0'}
`, forum.Addr(), hook.Addr()))
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- a.Serve(ctx, func(app.Ready) {}) }()
	tick := time.NewTicker(20 * time.Millisecond)
	end := time.NewTimer(length)
	for planting := true; planting; {
		select {
		case <-tick.C:
			f.plant()
		case <-end.C:
			planting = false
		}
	}
	tick.Stop()
	<-time.NewTimer(5 * time.Second).C
	cancel()
	err = errors.Join(<-done, a.Close(), os.RemoveAll(dir))
	delays := got.delays(f)
	if err != nil || len(delays) == 0 {
		return fmt.Errorf("measure latency: %d webhooks: %w", len(delays), err)
	}
	slices.Sort(delays)
	at := func(p float64) time.Duration {
		return delays[min(int(p*float64(len(delays))), len(delays)-1)].Round(time.Millisecond)
	}
	planted := f.count()
	fmt.Printf("\npage fetched → webhook received at 50 listings a second: p50 %s, p95 %s, p99 %s (bar: 1s); %d planted, %d webhooks\n", at(.5), at(.95), at(.99), planted, len(delays))
	return nil
}

// webhooks notes when each alert came.
type webhooks struct {
	mu sync.Mutex // protects at
	at map[string]time.Time
}

func (x *webhooks) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	now := time.Now()
	var p struct {
		Data struct {
			Alerts []struct {
				Title string `json:"title"`
			} `json:"alerts"`
		} `json:"data"`
	}
	if json.NewDecoder(r.Body).Decode(&p) != nil {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, a := range p.Data.Alerts {
		if _, twice := x.at[a.Title]; !twice {
			x.at[a.Title] = now
		}
	}
}

func (x *webhooks) delays(f *forum) []time.Duration {
	x.mu.Lock()
	defer x.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []time.Duration
	for n, at := range f.served {
		if came, ok := x.at[threadTitle(n)]; ok {
			out = append(out, came.Sub(at))
		}
	}
	return out
}
