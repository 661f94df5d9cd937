package crawler

import (
	"context"
	"sync"
	"time"
)

// pacer keeps the least time between two requests to one host, for all
// sources of the process. At most one request to a host is under way; the
// next begins a pace after that one was answered, so the host sees at least
// the pace between any two, however slow the network is.
type pacer struct {
	mu    sync.Mutex // protects hosts
	hosts map[string]*hostPace
}

type hostPace struct {
	turn chan struct{} // holds one token while no request is under way
	free time.Time     // when the next may begin at the earliest; owned by whoever holds the token
	used time.Time
}

func newPacer() *pacer { return &pacer{hosts: make(map[string]*hostPace)} }

// maxPaced bounds the hosts that are remembered.
const maxPaced = 10_000

func (p *pacer) host(name string) *hostPace {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.hosts[name]
	if h == nil {
		if len(p.hosts) >= maxPaced {
			p.forget()
		}
		h = &hostPace{turn: make(chan struct{}, 1)}
		h.turn <- struct{}{}
		p.hosts[name] = h
	}
	return h
}

// forget drops hosts that nobody waits for and whose pace has passed.
func (p *pacer) forget() {
	now := time.Now()
	for name, h := range p.hosts {
		select {
		case <-h.turn:
			if now.Sub(h.free) > time.Hour {
				delete(p.hosts, name)
			}
			h.turn <- struct{}{}
		default:
		}
	}
}

// wait blocks until a request to the host may begin, at least pace after the
// last one ended, or ctx is done. On success the caller must call the
// returned function once the request was answered; its argument is how long
// the host asked to be left alone, 0 if it did not.
func (p *pacer) wait(ctx context.Context, host string, pace time.Duration) (func(quiet time.Duration), error) {
	h := p.host(host)
	select {
	case <-h.turn:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	from := h.used.Add(pace)
	if h.free.After(from) {
		from = h.free
	}
	if d := time.Until(from); d > 0 && !h.used.IsZero() {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
			h.turn <- struct{}{}
			return nil, context.Cause(ctx)
		}
	}
	return func(quiet time.Duration) {
		h.used = time.Now()
		if f := h.used.Add(quiet); quiet > 0 && f.After(h.free) {
			h.free = f
		}
		h.turn <- struct{}{}
	}, nil
}
