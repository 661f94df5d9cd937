package crawler

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
)

// leaseLength is how long a host stays with a worker that is not heard of
// any more. A lease is renewed at a third of it.
const leaseLength = 15 * time.Second

// errHeld: another worker has the host.
var errHeld = errors.New("held by another worker")

// errLost ends the crawls of a worker that lost its lease.
var errLost = errors.New("the lease of the host was lost")

// leaseState is the entry of a host. Expiry is judged by whoever looks on: a
// lease whose Seq did not move for leaseLength on the observer's own
// monotonic clock is void, so no two clocks need to agree.
type leaseState struct {
	Owner string `json:"owner"`
	Token string `json:"token"` // random, of this acquisition
	Seq   int64  `json:"seq"`   // counts renewals
}

// leases takes and keeps leases for one worker. It is safe for concurrent
// use.
type leases struct {
	state indexer.State
	owner string
	sole  bool // nobody else uses the state: a lease that is found is of a former life

	mu   sync.Mutex // protects seen
	seen map[string]sighting
}

// sighting is the state of another's lease and since when it has not moved.
type sighting struct {
	token string
	seq   int64
	since time.Time
}

// lease is a host that is ours.
type lease struct {
	l       *leases
	key     string
	version indexer.Version
	leaseState
}

func newLeases(state indexer.State, owner string, sole bool) *leases {
	return &leases{state: state, owner: owner, sole: sole, seen: make(map[string]sighting)}
}

// acquire takes the lease of a host, or returns errHeld.
func (l *leases) acquire(ctx context.Context, host string) (*lease, error) {
	h := &lease{l: l, key: host, leaseState: leaseState{Owner: l.owner, Token: rand.Text()}}
	e, err := l.state.Load(ctx, leasesBucket, host)
	switch {
	case errors.Is(err, indexer.ErrNotFound):
		err = h.put(ctx, l.state.Create)
	case err != nil:
		return nil, fmt.Errorf("look at lease: %w", err)
	case l.void(host, e):
		h.version = e.Version
		err = h.put(ctx, l.state.Swap)
	default:
		return nil, errHeld
	}
	if err != nil {
		return nil, err
	}
	return h, nil
}

// void reports whether a lease that was found may be taken over.
func (l *leases) void(host string, e indexer.Entry) bool {
	var s leaseState
	if l.sole || json.Unmarshal(e.Value, &s) != nil || s.Owner == l.owner {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	old, ok := l.seen[host]
	if !ok || old.token != s.Token || old.seq != s.Seq {
		l.seen[host] = sighting{s.Token, s.Seq, time.Now()}
		return false
	}
	return time.Since(old.since) >= leaseLength
}

// put writes the lease and, where the answer does not prove anything, reads
// back whose it is.
func (h *lease) put(ctx context.Context, write func(context.Context, string, indexer.Entry) (indexer.Version, error)) error {
	b, err := json.Marshal(h.leaseState)
	if err != nil {
		return fmt.Errorf("write lease: %w", err)
	}
	v, err := write(ctx, leasesBucket, indexer.Entry{Key: h.key, Version: h.version, Value: b})
	if err == nil {
		h.version = v
		return nil
	}
	e, rerr := h.l.state.Load(ctx, leasesBucket, h.key)
	if rerr != nil {
		return fmt.Errorf("write lease: %w", err)
	}
	var s leaseState
	if json.Unmarshal(e.Value, &s) != nil || s.Token != h.Token {
		return errHeld
	}
	if s.Seq != h.Seq { // ours, but this write was not applied
		h.version = e.Version
		return fmt.Errorf("write lease: %w", err)
	}
	h.version = e.Version
	return nil
}

// keep renews the lease until ctx is done. If it is lost, or could not be
// renewed in time to be sure of it, lost is called once.
func (h *lease) keep(ctx context.Context, lost func(error)) {
	sure := time.Now()
	tick := time.NewTicker(leaseLength / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		h.Seq++
		asked := time.Now()
		err := h.put(ctx, h.l.state.Swap)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			sure = asked
		case errors.Is(err, errHeld), time.Since(sure) >= leaseLength*2/3:
			lost(errLost)
			return
		}
	}
}

// release gives the host back. What goes wrong heals by expiry.
func (h *lease) release(ctx context.Context) {
	_ = h.l.state.Remove(ctx, leasesBucket, h.key, h.version)
}
