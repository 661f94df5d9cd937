package alerts

import (
	"cmp"
	"container/heap"
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

const (
	// scanEvery is how often a courier looks in the outbox for what was not
	// handed to it: entries of dead or other processes.
	scanEvery = time.Minute
	// maxWaiting is how many entries a courier keeps in memory; the others
	// wait in the outbox.
	maxWaiting = 20_000
	// slots is how many messages one receiver without a rate limit gets at
	// the same time.
	slots = 8
)

// A courier delivers the notifications of one receiver.
type courier struct {
	s    *Service
	name string
	wake chan struct{} // holds a token when something changed
	free chan struct{} // one token per message that may be under way

	mu       sync.Mutex // protects all fields below
	receiver *Receiver
	running  bool
	waiting  map[string]*queued   // by notification id; those under way too
	ready    heapOf[*queued]      // due, most severe first
	later    heapOf[*queued]      // by due time
	groups   map[string][]*queued // waiting entries by group
	sentAt   map[string]time.Time // last message of a group
	more     bool                 // the outbox holds due entries that are not in memory
	look     bool                 // so it must be read now, not at the next scan
	hold     time.Time            // nothing is sent before
	failures int                  // in a row
	busy     int                  // messages under way
	seen     map[string]sighting  // attempts of other processes, as first observed
	state    receiverState
}

// queued is an entry in a courier's memory.
type queued struct {
	*entry
	at   time.Time // when it may be sent, by memory; the entry's own due or later
	gone bool      // taken, or replaced
}

// heapOf is a priority queue, by heap.Interface.
type heapOf[T any] struct {
	items []T
	less  func(a, b T) bool
}

// Len implements heap.Interface.
func (h *heapOf[T]) Len() int { return len(h.items) }

// Less implements heap.Interface.
func (h *heapOf[T]) Less(i, j int) bool { return h.less(h.items[i], h.items[j]) }

// Swap implements heap.Interface.
func (h *heapOf[T]) Swap(i, j int) { h.items[i], h.items[j] = h.items[j], h.items[i] }

// Push implements heap.Interface.
func (h *heapOf[T]) Push(x any) { h.items = append(h.items, x.(T)) }

// Pop implements heap.Interface.
func (h *heapOf[T]) Pop() any {
	last := len(h.items) - 1
	x := h.items[last]
	var zero T
	h.items[last] = zero
	h.items = h.items[:last]
	return x
}

// urgent orders what is due: the most severe first, then the oldest.
func urgent(a, b *queued) bool {
	return cmp.Or(cmp.Compare(b.Rank, a.Rank), a.Queued.Compare(b.Queued), cmp.Compare(a.ID, b.ID)) < 0
}

func sooner(a, b *queued) bool { return a.at.Before(b.at) }

func newCourier(s *Service, r *Receiver) *courier {
	n := slotsOf(r.Notifier)
	c := &courier{
		s: s, name: r.Config.Name, receiver: r,
		wake: make(chan struct{}, 1), free: make(chan struct{}, n),
		waiting: map[string]*queued{}, groups: map[string][]*queued{}, sentAt: map[string]time.Time{}, seen: map[string]sighting{},
		ready: heapOf[*queued]{less: urgent}, later: heapOf[*queued]{less: sooner},
	}
	for range n {
		c.free <- struct{}{}
	}
	return c
}

// slotsOf is how many messages a channel gets at the same time: one after the
// other where its rate is limited.
func slotsOf(n Notifier) int {
	if n.Limits().Messages > 0 {
		return 1
	}
	return slots
}

// nudge makes the courier look again.
func (c *courier) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// offer gives an entry to the courier, if it runs and has room.
func (c *courier) offer(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running {
		c.add(e, e.due)
		c.nudge()
	}
}

// add puts an entry among the waiting. c.mu is held.
func (c *courier) add(e *entry, at time.Time) {
	if _, known := c.waiting[e.ID]; known {
		return
	}
	if len(c.waiting) >= maxWaiting {
		c.more = true
		return
	}
	q := &queued{entry: e, at: at}
	c.waiting[e.ID] = q
	if e.Group != "" {
		c.groups[e.Group] = append(c.groups[e.Group], q)
	}
	heap.Push(&c.later, q)
}

// take marks an entry as under way: it stays among the waiting, so that a
// scan does not bring it back, but is in no queue. c.mu is held.
func (c *courier) take(q *queued) {
	q.gone = true
	if g := c.groups[q.Group]; q.Group != "" {
		if g = slices.DeleteFunc(g, func(o *queued) bool { return o == q }); len(g) == 0 {
			delete(c.groups, q.Group)
		} else {
			c.groups[q.Group] = g
		}
	}
}

// release ends what take began; the entry comes back at the given instant, or
// never if it is zero.
func (c *courier) release(e *entry, again time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.waiting, e.ID)
	if !again.IsZero() {
		c.add(e, again)
	}
}

// giveBack ends what take began where nothing was sent: the entries come back
// at the given instant, before which the receiver gets nothing; or, if it is
// zero, by a scan.
func (c *courier) giveBack(batch []*entry, again time.Time) {
	for _, e := range batch {
		c.release(e, again)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.sentAt, batch[0].Group)
	c.hold = later(c.hold, again)
}

// stumble gives back entries where the index failed: what was written is
// unknown, so the outbox is read again soon.
func (c *courier) stumble(batch []*entry) {
	c.giveBack(batch, time.Time{})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.more = true
	c.hold = later(c.hold, c.s.now().Add(backoff(1)))
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// next returns the entries of the next message, the one that it is named
// after first, or how long nothing is to be done.
func (c *courier) next() ([]*entry, time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.s.now()
	if c.state.Disabled {
		return nil, scanEvery
	}
	if wait := c.hold.Sub(now); wait > 0 {
		return nil, wait
	}
	if c.failures > 0 && c.busy > 0 {
		return nil, scanEvery // one message at a time tries a receiver that fails
	}
	c.ripen(now)
	for c.ready.Len() > 0 {
		q := heap.Pop(&c.ready).(*queued)
		if q.gone {
			continue
		}
		if at := c.sentAt[q.Group].Add(c.receiver.Config.GroupEvery); q.Group != "" && q.joinable() && now.Before(at) {
			q.at = at
			heap.Push(&c.later, q)
			continue
		}
		c.take(q)
		c.busy++
		return c.gather(q, now), 0
	}
	if c.more {
		c.more, c.look = false, true
		return nil, 0
	}
	if c.later.Len() > 0 {
		return nil, c.later.items[0].at.Sub(now)
	}
	return nil, scanEvery
}

// ripen moves what has fallen due. c.mu is held.
func (c *courier) ripen(now time.Time) {
	for c.later.Len() > 0 && !c.later.items[0].at.After(now) {
		if q := heap.Pop(&c.later).(*queued); !q.gone {
			heap.Push(&c.ready, q)
		}
	}
}

// gather returns what is sent together with first: the waiting entries of its
// group; and where a rate limit would otherwise let the queue grow, whatever
// else may be grouped, the most severe first. c.mu is held.
func (c *courier) gather(first *queued, now time.Time) []*entry {
	out := []*entry{first.entry}
	if first.Group == "" || !first.joinable() {
		return out
	}
	members := slices.Clone(c.groups[first.Group])
	slices.SortFunc(members, func(a, b *queued) int {
		if urgent(a, b) {
			return -1
		}
		return 1
	})
	add := func(q *queued) {
		if !q.gone && q.joinable() && len(out) < maxGroup {
			c.take(q)
			out = append(out, q.entry)
		}
	}
	for _, q := range members {
		add(q)
	}
	c.sentAt[first.Group] = now
	if limit := perMinute(c.receiver.Notifier.Limits()); limit > 0 && c.ready.Len() > limit {
		for c.ready.Len() > 0 && len(out) < maxGroup {
			if q := heap.Pop(&c.ready).(*queued); q.Group != "" && q.joinable() {
				add(q)
			} else if !q.gone {
				heap.Push(&c.later, q) // due already: it ripens at the next look
			}
		}
	}
	return out
}

// perMinute is how many messages a rate limit lets through in a minute, 0 if
// there is no limit.
func perMinute(l Limits) int {
	if l.Messages <= 0 || l.Interval <= 0 {
		return 0
	}
	return max(1, int(float64(l.Messages)*float64(time.Minute)/float64(l.Interval)))
}

// joinable reports whether an entry can be merged into another.
func (e *entry) joinable() bool { return !e.Frozen && e.Attempts == 0 && e.Notice == nil }

// run delivers until ctx ends, then waits for what is under way, which sends
// may use until stop ends.
func (c *courier) run(ctx, stop context.Context) {
	var under sync.WaitGroup
	defer under.Wait()
	c.start(ctx)
	defer c.end()
	scan := time.NewTimer(0)
	defer scan.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-scan.C:
			c.scan(ctx)
			scan.Reset(scanEvery)
		case <-c.free:
			batch, wait := c.next()
			if batch != nil {
				under.Go(func() { c.carry(stop, batch) })
				continue
			}
			c.free <- struct{}{}
			if c.mustLook() {
				scan.Reset(0)
			}
			c.rest(ctx, wait, scan)
		}
	}
}

// rest waits until there may be something to do.
func (c *courier) rest(ctx context.Context, wait time.Duration, scan *time.Timer) {
	pause := time.NewTimer(max(wait, 0))
	defer pause.Stop()
	select {
	case <-ctx.Done():
	case <-scan.C:
		c.scan(ctx)
		scan.Reset(scanEvery)
	case <-c.wake:
	case <-pause.C:
	}
}

// mustLook reports, once, that the outbox must be read now.
func (c *courier) mustLook() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	look := c.look
	c.look = false
	return look
}

// carry delivers one message and frees its slot.
func (c *courier) carry(ctx context.Context, batch []*entry) {
	defer func() {
		c.mu.Lock()
		c.busy--
		c.mu.Unlock()
		c.free <- struct{}{}
		c.nudge()
	}()
	c.deliver(ctx, batch)
}

// start reads what is remembered of the receiver and lets entries in.
func (c *courier) start(ctx context.Context) {
	rs, err := loadReceiverState(ctx, c.s.engine, c.name)
	if err != nil && ctx.Err() == nil {
		c.s.log.Warn("state of receiver cannot be read", "receiver", c.name, "error", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.state = rs
	}
	c.running = true
}

// end keeps entries out; the outbox has them.
func (c *courier) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running = false
}

// scan takes the due entries from the outbox into memory, as many as there is
// room for.
func (c *courier) scan(ctx context.Context) {
	now := c.s.now()
	sc := under(receiverKey(c.name))
	sc.DueBefore = now.Add(scanEvery) // what falls due before the next scan
	entries, err := c.s.engine.Scan(ctx, outboxBucket, sc)
	if err != nil {
		if ctx.Err() == nil {
			c.s.log.Warn("outbox cannot be read", "receiver", c.name, "error", err)
		}
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, se := range entries {
		e, err := readEntry(se)
		if err != nil {
			c.s.log.Error("outbox entry cannot be read", "receiver", c.name, "error", err)
			continue
		}
		if at, ours := c.mayTake(e, now); ours {
			c.add(e, at)
		}
	}
	c.more = c.more || len(entries) == sc.Limit && len(c.waiting) < maxWaiting/2
	c.tidy(now)
}

// tidy forgets what is over. c.mu is held.
func (c *courier) tidy(now time.Time) {
	maps.DeleteFunc(c.sentAt, func(_ string, at time.Time) bool { return now.Sub(at) >= c.receiver.Config.GroupEvery })
	maps.DeleteFunc(c.seen, func(_ string, s sighting) bool { return now.Sub(s.at) >= time.Hour })
}

// sighting is an attempt of another process as this one first saw it.
type sighting struct {
	token string
	at    time.Time
}

// mayTake reports whether an entry may be sent by this process, and from
// when. An attempt of another process is judged dead when its token has not
// changed for a lease by our own clock, whatever the clocks of the two say.
// c.mu is held.
func (c *courier) mayTake(e *entry, now time.Time) (time.Time, bool) {
	if e.Token == "" || e.Owner == c.s.owner || c.s.exclusive {
		delete(c.seen, e.ID)
		if e.Token != "" && e.Owner != c.s.owner {
			return now, true // its process is dead: nobody else uses this engine
		}
		return e.due, true
	}
	first, known := c.seen[e.ID]
	if !known || first.token != e.Token {
		c.seen[e.ID] = sighting{e.Token, now}
		return time.Time{}, false
	}
	if now.Sub(first.at) < lease {
		return time.Time{}, false
	}
	delete(c.seen, e.ID)
	return e.due, true
}
