package ledger

import (
	"cmp"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
)

// mood is how the receiver answers.
type mood int

const (
	well mood = iota
	error500
	tooMany
	hanging
	away // nobody listens
)

// receiver takes webhooks and remembers every one that it acknowledged.
type receiver struct {
	mu       sync.Mutex // protects all fields below
	mood     mood
	ids      map[string]int             // acknowledged, by webhook id
	attempts map[string]int             // all, by webhook id
	alerts   map[string]map[string]bool // webhook ids that carried an alert
	listing  map[string]string          // title by alert
	release  chan struct{}              // closed to let hanging requests go

	address string       // stays when the receiver was down
	server  *http.Server // nil while it is down
}

func (x *receiver) set(m mood) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.mood = m
	if m != hanging {
		close(x.release)
		x.release = make(chan struct{})
	}
	switch {
	case m == away && x.server != nil:
		x.server.Close()
		x.server = nil
	case m != away && x.server == nil:
		x.listen()
	}
}

// listen takes requests at the address of before. x.mu is held.
func (x *receiver) listen() {
	l, err := net.Listen("tcp", cmp.Or(x.address, "127.0.0.1:0"))
	if err != nil {
		panic(err) // the port was free a moment ago
	}
	x.address, x.server = l.Addr().String(), &http.Server{Handler: x}
	go func() { _ = x.server.Serve(l) }()
}

func (x *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the sender was killed while it sent
	}
	var p alerts.Payload
	if err := json.Unmarshal(body, &p); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if p.Type != "alert.created" {
		return // a notice about the source
	}
	id := r.Header.Get("webhook-id")
	x.mu.Lock()
	m, release := x.mood, x.release
	x.attempts[id]++
	switch m {
	case well:
		x.ids[id]++
		for _, a := range p.Data.Alerts {
			if x.alerts[a.ID] == nil {
				x.alerts[a.ID] = map[string]bool{}
			}
			x.alerts[a.ID][id] = true
			x.listing[a.ID] = a.Title
		}
	}
	x.mu.Unlock()
	switch m {
	case error500:
		w.WriteHeader(http.StatusInternalServerError)
	case tooMany:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
	case hanging:
		select {
		case <-release:
		case <-r.Context().Done():
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// tried reports whether the program has tried to send; where nobody listens,
// the program itself says so.
func (x *world) tried() bool {
	x.receiver.mu.Lock()
	m, n := x.receiver.mood, len(x.receiver.attempts)
	x.receiver.mu.Unlock()
	if m != away {
		return n > 0
	}
	if x.site.requests() == 0 {
		return false // it must have the index before another command asks for it
	}
	out, err := x.command("receivers", "-o", "jsonl").Output()
	return err == nil && strings.Contains(string(out), `"failing_since"`)
}

func (x *receiver) acknowledged() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.alerts)
}

// heard reports whether an alert of each of these titles was acknowledged.
func (x *receiver) heard(titles []string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	all := map[string]bool{}
	for _, t := range x.listing {
		all[t] = true
	}
	for _, t := range titles {
		if !all[t] {
			return false
		}
	}
	return true
}

func TestAReceiverInTroubleLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	binary := build(t)
	for name, m := range map[string]mood{"answers 500": error500, "answers 429": tooMany, "hangs": hanging, "is down": away} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newWorld(t, binary, "")
			x.receiver.set(m)
			x.site.plant(10)
			cmd, ended := x.serve("")
			if !x.wait("an attempt", 20*time.Second, x.tried) {
				t.Error("the receiver was not tried")
			}
			_ = cmd.Process.Kill()
			<-ended
			x.site.remove(1 + len(x.site.planted)/2) // stored by now, and gone from the site
			x.site.plant(5)
			x.reconcile(1)
		})
	}
}
