package alerts

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// Errors that the methods of Service return, wrapped.
var (
	// ErrNoAlert: no alert has that id.
	ErrNoAlert = errors.New("no such alert")
	// ErrNoCase: no case has that id.
	ErrNoCase = errors.New("no such case")
	// ErrNoSilence: no silence has that id, or it stands in the config.
	ErrNoSilence = errors.New("no such silence")
	// ErrNoException: no exception has that id, or it stands in the config.
	ErrNoException = errors.New("no such exception")
	// ErrNoReceiver: no receiver has that name.
	ErrNoReceiver = errors.New("no such receiver")
	// ErrInvalid: the caller asked for something that makes no sense; the
	// text says what.
	ErrInvalid = errors.New("invalid request")
)

// Deps is what a notifier gets besides its part of the config.
type Deps struct {
	// Transport makes HTTP requests, guarded and without redirects; nil for
	// http.DefaultTransport, in tests.
	Transport http.RoundTripper
	// Dial opens other connections, guarded; nil for a plain net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Now is the clock; nil for time.Now.
	Now func() time.Time
}

// Receiver is a receiver of the config with the notifier built for it.
type Receiver struct {
	Config   config.Receiver
	Notifier Notifier
}

// Settings are the parts of the config that alerts obeys; Reload replaces
// them as one.
type Settings struct {
	Watches   []config.Watch
	Routes    []config.Route
	Silences  []config.Silence
	Receivers []Receiver
	Console   string // public address of the console, without a slash at the end
}

// Options are what a Service is made of.
type Options struct {
	Settings
	Engine indexer.Engine
	// Parse reads a query over the listings or the alerts.
	Parse func(c indexer.Collection, src string) (*query.Query, error)
	Now   func() time.Time // nil for time.Now
	Log   *slog.Logger     // nil for slog.Default
	// Exclusive says that no other process works on this engine, so that what
	// is found under way at the start belongs to a dead process and is taken
	// over at once.
	Exclusive bool
	// Crash is called at every named point of CrashPoints, for tests that
	// kill the process there; nil in production.
	Crash func(point string)
}

// Service is the engine of alerting. It is safe for concurrent use. Several
// processes may have one on the same engine.
type Service struct {
	engine    indexer.Engine
	parse     func(indexer.Collection, string) (*query.Query, error)
	now       func() time.Time
	log       *slog.Logger
	crash     func(string)
	exclusive bool
	owner     string // of this process, random
	ingests   committer[*ingestJob]
	writes    committer[*writeJob]

	rules atomic.Pointer[rules]

	mu       sync.Mutex // protects all fields below
	loaded   bool       // silences and exceptions were read from the state
	couriers map[string]*courier
	running  *running
}

// running is what Run has started.
type running struct {
	ctx, stop context.Context
	work      sync.WaitGroup
	cancel    map[string]context.CancelFunc // of couriers, by receiver
}

// New builds a Service. Nothing is delivered before Run, but Ingest and every
// other method work.
func New(o Options) (*Service, error) {
	s := &Service{
		engine: o.Engine, parse: o.Parse, now: o.Now, log: o.Log, crash: o.Crash, exclusive: o.Exclusive,
		owner: rand.Text(), couriers: map[string]*courier{},
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.ingests = committer[*ingestJob]{run: s.ingestGroup, max: groupPages, width: 1}
	s.writes = committer[*writeJob]{run: s.writeGroup, max: groupWrites, width: 4}
	return s, s.Reload(o.Settings)
}

// Reload replaces the settings as one. On an error, which holds every fault,
// the old ones stay.
func (s *Service) Reload(set Settings) error {
	next, err := s.compile(set)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loaded {
		old := s.rules.Load()
		next = next.with(s, old.storedSilences(), old.extra)
	}
	s.rules.Store(next)
	for name, c := range s.couriers {
		if next.receivers[name] == nil {
			delete(s.couriers, name)
			s.stopCourier(name)
			c.end()
		}
	}
	for _, r := range set.Receivers {
		s.place(&r)
	}
	return nil
}

// place gives a receiver its courier. s.mu is held.
func (s *Service) place(r *Receiver) {
	name := r.Config.Name
	c := s.couriers[name]
	if c != nil && cap(c.free) == slotsOf(r.Notifier) {
		c.adopt(r)
		return
	}
	if c != nil { // its rate changed from limited to not, or back
		s.stopCourier(name)
	}
	s.couriers[name] = newCourier(s, r)
	s.startCourier(s.couriers[name])
}

// adopt makes a courier serve its receiver as newly configured.
func (c *courier) adopt(r *Receiver) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !reflect.DeepEqual(c.receiver.Config, r.Config) {
		c.state.Disabled, c.failures, c.hold = false, 0, time.Time{}
	}
	c.receiver = r
	c.nudge()
}

// courier returns the courier of a receiver, or nil.
func (s *Service) courier(name string) *courier {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.couriers[name]
}

// Run delivers from the outbox and recovers what a crash left, until ctx
// ends; then it lets the attempts under way finish for at most 3 s and
// returns nil. It must not be called twice at the same time.
func (s *Service) Run(ctx context.Context) error {
	stop, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	grace := context.AfterFunc(ctx, func() { time.AfterFunc(stopGrace, cancel) })
	defer grace()
	run := &running{ctx: ctx, stop: stop, cancel: map[string]context.CancelFunc{}}
	s.mu.Lock()
	s.running = run
	for _, c := range s.couriers {
		s.startCourier(c)
	}
	s.mu.Unlock()
	s.keepRecovering(ctx)
	s.mu.Lock()
	s.running = nil
	s.mu.Unlock()
	run.work.Wait()
	return nil
}

const (
	// stopGrace is how long attempts under way may go on after a stop.
	stopGrace = 3 * time.Second
	// recoverEvery is how often what a crash left is looked for, and how
	// often silences and exceptions of other processes are read.
	recoverEvery = time.Minute
)

// keepRecovering recovers at once and then regularly, until ctx ends.
func (s *Service) keepRecovering(ctx context.Context) {
	tick := time.NewTicker(recoverEvery)
	defer tick.Stop()
	before := s.instant()
	if s.exclusive {
		before = before.Add(takeover) // whatever is under way was left by a dead process
	}
	for {
		if err := s.refresh(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("silences and exceptions cannot be read", "error", err)
		}
		n, err := s.recoverBefore(ctx, before)
		if err != nil && ctx.Err() == nil {
			s.log.Warn("recovery failed, it will be repeated", "error", err)
		}
		if n > 0 {
			s.log.Info("recovered listings that were stored but not settled", "listings", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			before = s.instant()
		}
	}
}

// startCourier lets a courier deliver, if Run is active. s.mu is held.
func (s *Service) startCourier(c *courier) {
	if s.running == nil || s.running.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithCancel(s.running.ctx)
	s.running.cancel[c.name] = cancel
	stop := s.running.stop
	s.running.work.Go(func() { c.run(ctx, stop) })
}

// stopCourier lets a courier end. s.mu is held.
func (s *Service) stopCourier(name string) {
	if s.running != nil && s.running.cancel[name] != nil {
		s.running.cancel[name]()
		delete(s.running.cancel, name)
	}
}

// writeJob is one change of the outbox or of the state.
type writeJob struct {
	do  func(indexer.Engine) error
	err error
}

// groupWrites is how many changes share one transaction.
const groupWrites = 64

// commit runs do, together with what others do at the same time. do may run
// more than once; it must only note its result in what it overwrites.
func (s *Service) commit(ctx context.Context, do func(indexer.Engine) error) error {
	j := &writeJob{do: do, err: errNotRun}
	if err := s.writes.do(ctx, j, false); err != nil {
		return err
	}
	return j.err
}

// writeGroup runs jobs in one transaction. A job that loses a race fails
// alone, since what it wrote before is a valid beginning; if the engine
// fails, all do.
func (s *Service) writeGroup(ctx context.Context, jobs []*writeJob) {
	err := s.engine.Together(ctx, func(e indexer.Engine) error {
		for _, j := range jobs {
			j.err = j.do(e)
			if lost(j.err) {
				return j.err
			}
		}
		return nil
	})
	if err != nil {
		for _, j := range jobs {
			j.err = fmt.Errorf("commit: %w", err)
		}
	}
}

// lost reports whether an error says that the engine failed.
func lost(err error) bool {
	for _, own := range []error{errTaken, indexer.ErrConflict, indexer.ErrExists, indexer.ErrNotFound, indexer.ErrInvalid} {
		if errors.Is(err, own) {
			return false
		}
	}
	return err != nil
}
