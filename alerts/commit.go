package alerts

import (
	"context"
	"slices"
	"sync"
	"time"
)

// How long a group may wait for more of the jobs whose callers say that others
// follow: as long as they keep coming, but not for ever. What a group costs is
// much the same for one job as for many.
const (
	gatherPause = 10 * time.Millisecond  // without a new job
	gatherMost  = 100 * time.Millisecond // in all
)

// commitTimeout bounds one group of jobs, so that an engine that hangs does
// not hold its callers for ever.
const commitTimeout = time.Minute

// A committer runs jobs in groups: while one group runs, the jobs that arrive
// wait and become the next. It has no goroutine of its own: the caller whose
// job is first in line runs the group for the others, then hands the lead to
// the next in line.
type committer[J any] struct {
	run   func(ctx context.Context, jobs []J) // answers each job in the job itself
	max   int                                 // jobs of one group
	width int                                 // groups that may run at the same time

	mu    sync.Mutex // protects all fields below
	line  []*ticket[J]
	leads int
	hurry chan struct{} // wakes the leader that waits for more; nil if none does
}

type ticket[J any] struct {
	job  J
	more bool      // the caller says that other jobs follow at once
	lead bool      // chosen to lead; protected by committer.mu
	turn chan bool // true: lead now; false: done
}

// do returns when a group that holds the job has run, or with ctx's error if
// ctx ended before the job's group began. more says that other jobs follow at
// once, so that it may wait for them a moment.
func (c *committer[J]) do(ctx context.Context, job J, more bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t := &ticket[J]{job: job, more: more, turn: make(chan bool, 1)}
	c.mu.Lock()
	c.line = append(c.line, t)
	c.appoint()
	c.press()
	c.mu.Unlock()
	var lead bool
	select {
	case lead = <-t.turn:
	case <-ctx.Done():
		if c.withdraw(t) {
			return ctx.Err()
		}
		lead = <-t.turn // under way: its outcome must be known
	}
	if lead {
		c.take(ctx)
	}
	return nil
}

// appoint lets the first in line lead, if a group may start. c.mu is held.
func (c *committer[J]) appoint() {
	if c.leads < c.width && len(c.line) > 0 && !c.line[0].lead {
		c.leads++
		c.line[0].lead = true
		c.line[0].turn <- true
	}
}

// withdraw takes a job that waits out of the line and reports whether it did.
func (c *committer[J]) withdraw(t *ticket[J]) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(c.line, t)
	if i < 0 || t.lead {
		return false
	}
	c.line = slices.Delete(c.line, i, i+1)
	return true
}

// gather waits while jobs keep coming, if all in line may wait.
func (c *committer[J]) gather(ctx context.Context) {
	c.mu.Lock()
	seen, wait := len(c.line), c.hurry == nil && c.patient()
	if wait {
		c.hurry = make(chan struct{}, 1)
	}
	c.mu.Unlock()
	if !wait {
		return
	}
	pause := time.NewTicker(gatherPause)
	defer pause.Stop()
	for end := time.Now().Add(gatherMost); wait; {
		select {
		case <-pause.C:
		case <-c.hurry:
		case <-ctx.Done():
		}
		c.mu.Lock()
		wait = len(c.line) > seen && c.patient() && ctx.Err() == nil && time.Now().Before(end)
		seen = len(c.line)
		if !wait {
			c.hurry = nil
		}
		c.mu.Unlock()
	}
}

// press wakes the leader that waits for more, if there is no reason to. c.mu
// is held.
func (c *committer[J]) press() {
	if c.hurry != nil && !c.patient() {
		select {
		case c.hurry <- struct{}{}:
		default: // pressed already
		}
	}
}

// patient reports whether the next group may wait: it is not full, and no
// caller in line is in a hurry. c.mu is held.
func (c *committer[J]) patient() bool {
	hurries := func(t *ticket[J]) bool { return !t.more }
	return len(c.line) < c.max && !slices.ContainsFunc(c.line, hurries)
}

// take runs the first group of the line. One caller's cancellation must not
// fail the others, so the group has a time limit of its own.
func (c *committer[J]) take(ctx context.Context) {
	c.gather(ctx)
	c.mu.Lock()
	n := min(c.max, len(c.line))
	group := slices.Clone(c.line[:n])
	c.line = slices.Delete(c.line, 0, n)
	c.appoint()
	c.mu.Unlock()

	jobs := make([]J, n)
	for i, t := range group {
		jobs[i] = t.job
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	defer c.dismiss(group) // even if run panics, lest the others wait for ever
	c.run(ctx, jobs)
}

// dismiss answers a group and lets the next one begin.
func (c *committer[J]) dismiss(group []*ticket[J]) {
	for _, t := range group {
		if !t.lead {
			t.turn <- false
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leads--
	c.appoint()
}
