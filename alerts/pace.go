package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
)

const (
	firstBackoff  = time.Second
	lastBackoff   = time.Hour
	maxHold       = 5 * time.Minute    // of a receiver that fails
	maxRetryAfter = 24 * time.Hour     // that a receiver may ask for
	giveUp        = 7 * 24 * time.Hour // from queueing to the last attempt
)

// backoff is the pause after the n-th failure in a row: doubling, with a
// fifth of jitter to either side.
func backoff(n int) time.Duration {
	d := lastBackoff
	if shift := max(n, 1) - 1; shift < 12 {
		d = min(firstBackoff<<shift, lastBackoff)
	}
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64()))
}

// receiverState is what is remembered of a receiver over restarts and shared
// between processes.
type receiverState struct {
	LastOK       time.Time   `json:"last_ok"`
	FailingSince time.Time   `json:"failing_since"`
	LastError    string      `json:"last_error,omitempty"`
	Disabled     bool        `json:"disabled,omitempty"`
	Noted        string      `json:"noted,omitempty"` // what the other receivers were told of it
	Sends        []time.Time `json:"sends,omitempty"` // the last ones, where a rate limit counts them

	version indexer.Version
}

func loadReceiverState(ctx context.Context, st indexer.State, name string) (receiverState, error) {
	var rs receiverState
	se, err := st.Load(ctx, receiverBucket, receiverKey(name))
	if errors.Is(err, indexer.ErrNotFound) {
		return rs, nil
	}
	if err != nil {
		return rs, fmt.Errorf("load state of receiver: %w", err)
	}
	if err := json.Unmarshal(se.Value, &rs); err != nil {
		return rs, fmt.Errorf("read state of receiver: %w", err)
	}
	rs.version = se.Version
	return rs, nil
}

// changeReceiverState loads, changes and stores the state of a receiver.
func changeReceiverState(ctx context.Context, st indexer.State, name string, change func(*receiverState)) (receiverState, error) {
	for range casRounds {
		rs, err := loadReceiverState(ctx, st, name)
		if err != nil {
			return rs, err
		}
		change(&rs)
		value, err := json.Marshal(rs)
		if err != nil {
			return rs, fmt.Errorf("encode state of receiver: %w", err)
		}
		e := indexer.Entry{Key: receiverKey(name), Version: rs.version, Value: value}
		if rs.version == (indexer.Version{}) {
			_, err = st.Create(ctx, receiverBucket, e)
		} else {
			_, err = st.Swap(ctx, receiverBucket, e)
		}
		if !errors.Is(err, indexer.ErrConflict) && !errors.Is(err, indexer.ErrExists) {
			return rs, err
		}
	}
	return receiverState{}, fmt.Errorf("change state of receiver: %w", indexer.ErrConflict)
}

// pace takes a place in the receiver's rate, over all processes, or returns
// when there may be one. The places are durable, so a restart cannot exceed
// the rate.
func (c *courier) pace(ctx context.Context, st indexer.State) (time.Time, error) {
	limits := c.notifier().Limits()
	if limits.Messages <= 0 || limits.Interval <= 0 {
		return time.Time{}, nil
	}
	// A message may arrive a little later than the one before it did, so the
	// window is a tenth longer than the vendor says.
	window := limits.Interval + limits.Interval/10
	now, notYet := c.s.now().UTC(), time.Time{}
	_, err := changeReceiverState(ctx, st, c.name, func(rs *receiverState) {
		notYet = time.Time{}
		rs.Sends = slices.DeleteFunc(rs.Sends, func(t time.Time) bool { return now.Sub(t) >= window })
		if n := len(rs.Sends); n >= limits.Messages {
			notYet = rs.Sends[n-limits.Messages].Add(window)
			return
		}
		rs.Sends = append(rs.Sends, now)
	})
	return notYet, err
}
