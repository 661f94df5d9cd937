package crawler

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
)

// Schedule says when a source is due; config.Schedule is one.
type Schedule interface {
	// Next returns the first instant after t, or the zero time for never.
	Next(t time.Time) time.Time
}

// TicksOptions are what Ticks is built from. State, Sources, Schedule and
// Crawl are required.
type TicksOptions struct {
	State indexer.State
	// Sources returns the sources as configured now. It is asked in every
	// round, so a reload takes effect with the next one.
	Sources func() []config.Source
	// Schedule reads the schedule of a source.
	Schedule func(config.Source) (Schedule, error)
	// Crawl makes one pass, such as Crawler.Crawl.
	Crawl func(ctx context.Context, src config.Source, tick time.Time) (Report, error)
	// Done, if set, is told of every crawl that ended, with its error.
	Done        func(ctx context.Context, src config.Source, r Report, err error)
	Concurrency int // hosts at the same time; 0 for 8
	// Owner names this worker the same in every life; whoever gives it makes
	// sure that only one process has it at a time. What an earlier life held is
	// taken over at once. "" for a name of this life only.
	Owner string
	Sole  bool // no other process uses State: leases of a former life count at once as void
	Now   func() time.Time
	Log   *slog.Logger
}

// Ticks runs crawls when they are due. What is due stands in the state, so
// that nothing is lost with the process: a tick that fell due while nothing
// ran is run once at the start, however many were missed, and a crawl that
// was interrupted is taken up. A worker claims a host with all its sources
// by a lease; the sources of a host are crawled one after the other. A tick
// is claimed and completed by compare-and-set.
//
// A source that was never crawled is due at once.
type Ticks struct {
	o      TicksOptions
	leases *leases
	slots  chan struct{}
	wake   chan struct{}
	work   sync.WaitGroup

	mu   sync.Mutex // protects busy
	busy map[string]bool
}

// tick is what is remembered of a source's schedule.
type tick struct {
	Spec    string    `json:"spec"`             // what Next was computed from
	Next    time.Time `json:"next"`             // the next planned instant, without jitter
	Running time.Time `json:"running,omitzero"` // the planned instant of a crawl that was begun and not completed
	Missed  int       `json:"missed,omitempty"` // planned instants that this crawl stands for, beside its own
	Owner   string    `json:"owner,omitempty"`  // who began it
	Token   string    `json:"token,omitempty"`  // of that beginning
	Last    time.Time `json:"last,omitzero"`    // planned instant of the last completed crawl
	Fails   int       `json:"fails,omitempty"`  // errors in a row that were not the site's
	Retry   time.Time `json:"retry,omitzero"`   // not before
	version indexer.Version
}

// Times of the loop.
const (
	longestWait = 30 * time.Second // the wall clock is read again at the latest
	retryTick   = 10 * time.Second // after an error that is not the site's, doubling
	retryTicks  = 10 * time.Minute // at most
	maxMissed   = 10_000           // counted
)

// NewTicks returns a scheduler; Run starts it.
func NewTicks(o TicksOptions) *Ticks {
	if o.Concurrency <= 0 {
		o.Concurrency = defaultParallel
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Ticks{o: o, leases: newLeases(o.State, cmp.Or(o.Owner, rand.Text()), o.Sole), slots: make(chan struct{}, o.Concurrency),
		wake: make(chan struct{}, 1), busy: make(map[string]bool)}
}

// Wake makes the loop look at once, such as after a reload.
func (t *Ticks) Wake() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Run crawls what falls due until ctx is done, then waits for the crawls
// under way, which end after the page they are at. It returns nil: what goes
// wrong is logged and tried again.
func (t *Ticks) Run(ctx context.Context) error {
	defer t.work.Wait()
	for {
		wait := t.round(ctx)
		timer := time.NewTimer(min(max(wait, time.Millisecond), longestWait))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		case <-t.wake:
			timer.Stop()
		}
	}
}

// job is a source with its schedule and tick.
type job struct {
	src   config.Source
	sched Schedule
	tick  *tick
}

// round starts what is due on hosts that are free and returns how long
// nothing else will be.
func (t *Ticks) round(ctx context.Context) time.Duration {
	jobs, err := t.jobs(ctx)
	if err != nil {
		if ctx.Err() == nil {
			t.o.Log.Error("look for due sources", "error", err)
		}
		return retryTick
	}
	now := t.o.Now()
	wait := longestWait
	due := make(map[string][]*job)
	for _, j := range jobs {
		switch at := j.dueAt(); {
		case at.IsZero():
		case at.After(now):
			wait = min(wait, at.Sub(now))
		default:
			host := hostOf(j.src)
			due[host] = append(due[host], j)
		}
	}
	for host, js := range due {
		if t.begin(ctx, host, js) {
			wait = min(wait, leaseLength/3) // held elsewhere or waiting: look again soon
		}
	}
	return wait
}

// jobs loads the ticks of all sources that are enabled, and makes those that
// are missing.
func (t *Ticks) jobs(ctx context.Context) ([]*job, error) {
	var jobs []*job
	var ids []string
	for _, src := range t.o.Sources() {
		if src.Disabled {
			continue
		}
		sched, err := t.o.Schedule(src)
		if err != nil {
			t.o.Log.Error("read schedule", "source", src.ID, "error", err)
			continue
		}
		jobs = append(jobs, &job{src: src, sched: sched})
		ids = append(ids, src.ID)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	entries, err := t.o.State.LoadAll(ctx, ticksBucket, ids...)
	if err != nil {
		return nil, fmt.Errorf("load ticks: %w", err)
	}
	for _, j := range jobs {
		j.tick = readTick(entries[j.src.ID])
		if !j.plan(t.o.Now()) {
			continue
		}
		// Stored at once: planned anew in each round it would never come.
		if err := t.write(ctx, j); err != nil && ctx.Err() == nil {
			t.o.Log.Warn("plan tick", "source", j.src.ID, "error", err)
		}
	}
	return jobs, nil
}

func readTick(e indexer.Entry) *tick {
	tk := &tick{}
	_ = json.Unmarshal(e.Value, tk) // unreadable or absent: due at once
	tk.version = e.Version
	return tk
}

// plan brings the tick in line with the schedule as configured now. It
// reports whether a schedule that was changed moved the next instant.
func (j *job) plan(now time.Time) (moved bool) {
	spec := j.src.Schedule + " " + j.src.TimeZone
	switch {
	case j.tick.version == (indexer.Version{}) || j.tick.Spec == "":
		j.tick.Next = now
	case j.tick.Spec != spec && j.tick.Next.After(now):
		j.tick.Next = j.sched.Next(now)
		moved = true
	}
	j.tick.Spec = spec
	return moved
}

// dueAt returns when the source is to be crawled next, zero for never.
func (j *job) dueAt() time.Time {
	tk := j.tick
	if !tk.Running.IsZero() {
		return tk.Retry.Add(time.Nanosecond) // at once, or after the wait of an error
	}
	if tk.Next.IsZero() || tk.version == (indexer.Version{}) {
		return tk.Next // never, or a source that is new
	}
	return tk.Next.Add(jitter(j.src))
}

// jitter is the same for a source at every tick, so that its rhythm holds.
func jitter(src config.Source) time.Duration {
	if src.Jitter <= 0 {
		return 0
	}
	sum := sha256.Sum256([]byte("jitter " + src.ID))
	return time.Duration(binary.BigEndian.Uint64(sum[:]) % uint64(src.Jitter))
}

// hostOf is what is leased.
func hostOf(src config.Source) string {
	u, err := url.Parse(src.URL)
	if err != nil || u.Hostname() == "" {
		return "source " + src.ID
	}
	return u.Hostname()
}

// begin starts the jobs of a host in the background. It reports whether the
// host should be looked at again soon.
func (t *Ticks) begin(ctx context.Context, host string, jobs []*job) bool {
	t.mu.Lock()
	busy := t.busy[host]
	t.busy[host] = true
	t.mu.Unlock()
	if busy {
		return false // its end wakes the loop
	}
	t.work.Go(func() {
		defer func() {
			t.mu.Lock()
			delete(t.busy, host)
			t.mu.Unlock()
		}()
		select {
		case t.slots <- struct{}{}:
			defer func() { <-t.slots }()
		case <-ctx.Done():
			return
		}
		t.host(ctx, host, jobs)
	})
	return true
}

// host crawls the due sources of a host under its lease.
func (t *Ticks) host(ctx context.Context, host string, jobs []*job) {
	h, err := t.leases.acquire(ctx, host)
	if err != nil {
		if !errors.Is(err, errHeld) && ctx.Err() == nil {
			t.o.Log.Error("lease host", "host", host, "error", err)
		}
		return
	}
	held, lose := context.WithCancelCause(ctx)
	kept := make(chan struct{})
	go func() { defer close(kept); h.keep(held, lose) }()
	for _, j := range jobs {
		if held.Err() != nil {
			break
		}
		t.run(held, j)
	}
	lose(nil)
	<-kept
	h.release(context.WithoutCancel(ctx))
	t.Wake()
}

// run claims, crawls and completes one tick.
func (t *Ticks) run(ctx context.Context, j *job) {
	planned, ok := t.claim(ctx, j)
	if !ok {
		return
	}
	var rep Report
	var err error
	if done, derr := t.already(ctx, j.src.ID, planned); derr != nil {
		err = derr
	} else if !done {
		t.o.Log.Info("crawl begins", "source", j.src.ID, "tick", planned, "missed", j.tick.Missed)
		rep, err = t.crawl(ctx, j.src, planned)
		if ctx.Err() != nil {
			return // the tick stays begun: whoever comes next takes it up
		}
		t.o.Log.Info("crawl ended", "source", j.src.ID, "tick", planned, "health", rep.Health, "requests", rep.Requests, "new", rep.New, "hits", rep.Hits)
		if t.o.Done != nil {
			t.o.Done(ctx, j.src, rep, err)
		}
	}
	t.complete(ctx, j, planned, err)
}

// crawl runs one crawl; a panic is an error of it.
func (t *Ticks) crawl(ctx context.Context, src config.Source, planned time.Time) (rep Report, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = errors.New("the crawl failed unexpectedly")
		}
	}()
	return t.o.Crawl(ctx, src, planned)
}

// claim writes that the tick was begun and when the next one is due, in one
// compare-and-set. It returns the planned instant: the last one that passed.
func (t *Ticks) claim(ctx context.Context, j *job) (time.Time, bool) {
	e, err := t.o.State.Load(ctx, ticksBucket, j.src.ID)
	if err != nil && !errors.Is(err, indexer.ErrNotFound) {
		t.o.Log.Error("claim tick", "source", j.src.ID, "error", err)
		return time.Time{}, false
	}
	j.tick = readTick(e)
	now := t.o.Now()
	j.plan(now)
	if at := j.dueAt(); at.IsZero() || at.After(now) {
		return time.Time{}, false // run by somebody else meanwhile
	}
	tk := j.tick
	if tk.Running.IsZero() {
		tk.Running, tk.Missed = lastDue(j.sched, tk.Next, now)
		tk.Next = j.sched.Next(now)
	}
	tk.Owner, tk.Token = t.leases.owner, rand.Text()
	if err := t.write(ctx, j); err != nil {
		if ctx.Err() == nil {
			t.o.Log.Warn("claim tick", "source", j.src.ID, "error", err)
		}
		return time.Time{}, false
	}
	return tk.Running, true
}

// lastDue returns the last planned instant that is not after now, and how
// many planned ones lie before it, from next on.
func lastDue(s Schedule, next, now time.Time) (time.Time, int) {
	missed := 0
	for missed < maxMissed {
		after := s.Next(next)
		if after.IsZero() || after.After(now) {
			break
		}
		next = after
		missed++
	}
	return next, missed
}

// already reports whether the crawl of this tick came to its end, but not
// the note that it did.
func (t *Ticks) already(ctx context.Context, source string, planned time.Time) (bool, error) {
	e, err := t.o.State.Load(ctx, sourcesBucket, source)
	if errors.Is(err, indexer.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("load memory of source: %w", err)
	}
	var m memory
	if json.Unmarshal(e.Value, &m) != nil {
		return false, nil
	}
	return !m.Open && m.Last != nil && m.Last.Tick.Equal(planned), nil
}

// complete writes that the tick is done, or when to try again.
func (t *Ticks) complete(ctx context.Context, j *job, planned time.Time, err error) {
	tk := j.tick
	if err != nil {
		t.o.Log.Error("crawl", "source", j.src.ID, "error", err)
		tk.Fails++
		tk.Retry = t.o.Now().Add(min(retryTick<<min(tk.Fails-1, 8), retryTicks))
	} else {
		tk.Fails, tk.Retry, tk.Running, tk.Last = 0, time.Time{}, time.Time{}, planned
	}
	if err := t.write(ctx, j); err != nil && ctx.Err() == nil {
		t.o.Log.Warn("complete tick", "source", j.src.ID, "error", err)
	}
}

// write stores the tick. An answer that proves nothing is checked by reading
// back the token.
func (t *Ticks) write(ctx context.Context, j *job) error {
	tk := j.tick
	b, err := json.Marshal(tk)
	if err != nil {
		return fmt.Errorf("write tick: %w", err)
	}
	put := t.o.State.Swap
	if tk.version == (indexer.Version{}) {
		put = t.o.State.Create
	}
	v, err := put(ctx, ticksBucket, indexer.Entry{Key: j.src.ID, Version: tk.version, Value: b, Due: j.dueAt()})
	if err == nil {
		tk.version = v
		return nil
	}
	e, rerr := t.o.State.Load(ctx, ticksBucket, j.src.ID)
	back := readTick(e)
	if rerr != nil || back.Token != tk.Token || !back.Running.Equal(tk.Running) || back.Fails != tk.Fails {
		return fmt.Errorf("write tick: %w", err)
	}
	tk.version = back.version
	return nil
}
