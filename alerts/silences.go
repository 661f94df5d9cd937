package alerts

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// Silence mutes the alerts that match it for a time. Muted alerts are stored
// and not sent, also not when the silence ends.
type Silence struct {
	ID      string    `json:"id"`
	Match   string    `json:"match"` // a query over alerts
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Author  string    `json:"author"`
	Reason  string    `json:"reason"`
	Created time.Time `json:"created"`
	Config  bool      `json:"-"` // stands in the config file: cannot be ended here
	Muted   int64     `json:"-"` // alerts it muted
}

// Active reports whether the silence mutes at an instant.
func (x *Silence) Active(now time.Time) bool { return !now.Before(x.From) && now.Before(x.Until) }

// Exception excludes from a watch what proved false.
type Exception struct {
	ID     string    `json:"id"`
	Watch  string    `json:"watch"`
	Query  string    `json:"query"`
	Reason string    `json:"reason"`
	Author string    `json:"author"`
	At     time.Time `json:"at"`
	Config bool      `json:"-"` // stands in the config file: cannot be removed here
}

// What people add in the console stands beside the config:
//
//	bucket "silences"   key <id> → Silence
//	bucket "exceptions" key <id> → Exception
//
// Every process reads both at the start, after its own changes, and every
// minute.
const (
	silenceBucket   = "silences"
	exceptionBucket = "exceptions"
	// keepEnded is how long an ended silence is still shown.
	keepEnded = 30 * 24 * time.Hour
)

// ready makes sure that silences and exceptions are known before anything is
// matched.
func (s *Service) ready(ctx context.Context) error {
	s.mu.Lock()
	loaded := s.loaded
	s.mu.Unlock()
	if loaded {
		return nil
	}
	return s.refresh(ctx)
}

// refresh reads silences and exceptions from the state.
func (s *Service) refresh(ctx context.Context) error {
	silences, err := readBucket[Silence](ctx, s.engine, silenceBucket)
	if err != nil {
		return err
	}
	extra, err := readBucket[Exception](ctx, s.engine, exceptionBucket)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules.Store(s.rules.Load().with(s, silences, extra))
	s.loaded = true
	return nil
}

// readBucket returns all values of a small bucket.
func readBucket[T any](ctx context.Context, st indexer.State, bucket string) ([]T, error) {
	var out []T
	sc := indexer.Scan{Limit: 1000}
	for {
		entries, err := st.Scan(ctx, bucket, sc)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", bucket, err)
		}
		for _, e := range entries {
			var v T
			if err := json.Unmarshal(e.Value, &v); err != nil {
				return nil, fmt.Errorf("read %s %s: %w", bucket, e.Key, err)
			}
			out = append(out, v)
			sc.From = e.Key + "\x00"
		}
		if len(entries) < sc.Limit {
			return out, nil
		}
	}
}

// storedSilences returns the silences that do not stand in the config.
func (r *rules) storedSilences() []Silence {
	var out []Silence
	for _, x := range r.silences {
		if !x.Config {
			out = append(out, x.Silence)
		}
	}
	return out
}

// Silences returns all silences that have not ended, and those that ended in
// the last 30 days; the newest first, with how many alerts each muted.
func (s *Service) Silences(ctx context.Context) ([]Silence, error) {
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	muted, err := s.countBy(ctx, nil, "silence")
	if err != nil {
		return nil, err
	}
	var out []Silence
	for _, x := range s.rules.Load().silences {
		if x.Until.Before(s.now().Add(-keepEnded)) {
			continue
		}
		x.Muted = muted[x.ID]
		out = append(out, x.Silence)
	}
	slices.SortStableFunc(out, func(a, b Silence) int { return b.Created.Compare(a.Created) })
	return out, nil
}

// countBy counts alerts by the values of a keyword field.
func (s *Service) countBy(ctx context.Context, q *query.Query, field string) (map[string]int64, error) {
	aggs := []indexer.Aggregation{{Kind: indexer.Terms, Field: field, Size: indexer.MaxBuckets}}
	got, err := s.engine.Aggregate(ctx, indexer.Alerts, q, s.now(), aggs)
	if err != nil {
		return nil, fmt.Errorf("count alerts: %w", err)
	}
	counts := map[string]int64{}
	for _, b := range got[0].Buckets {
		counts[b.Key] = b.Count
	}
	return counts, nil
}

// AddSilence stores a silence and returns it with its id. Match, Until,
// Author and Reason are required; From is now unless it is set.
func (s *Service) AddSilence(ctx context.Context, x Silence) (Silence, error) {
	now := s.instant()
	if x.From.IsZero() {
		x.From = now
	}
	switch {
	case x.Match == "", x.Author == "", x.Reason == "":
		return x, fmt.Errorf("%w: a silence needs a match, an author and a reason", ErrInvalid)
	case !x.Until.After(x.From), !x.Until.After(now):
		return x, fmt.Errorf("%w: a silence must end after it begins, and in the future", ErrInvalid)
	}
	q, err := s.parse(indexer.Alerts, x.Match)
	if err != nil {
		return x, fmt.Errorf("%w: match: %w", ErrInvalid, err)
	}
	x.ID, x.Match, x.Created, x.Config = rand.Text(), q.String(), now, false
	return x, s.storeNew(ctx, silenceBucket, x.ID, x)
}

// storeNew stores a value under a fresh key and obeys it from now on.
func (s *Service) storeNew(ctx context.Context, bucket, key string, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode for %s: %w", bucket, err)
	}
	if _, err := s.engine.Create(ctx, bucket, indexer.Entry{Key: key, Value: value}); err != nil {
		return fmt.Errorf("store in %s: %w", bucket, err)
	}
	return s.refresh(ctx)
}

// EndSilence ends a silence now. It says ErrNoSilence if there is none of
// that id in the state, and does nothing if it has ended.
func (s *Service) EndSilence(ctx context.Context, id string) error {
	for range casRounds {
		e, err := s.engine.Load(ctx, silenceBucket, id)
		if errors.Is(err, indexer.ErrNotFound) {
			return fmt.Errorf("end silence: %w", ErrNoSilence)
		}
		if err != nil {
			return fmt.Errorf("end silence: %w", err)
		}
		var x Silence
		if err := json.Unmarshal(e.Value, &x); err != nil {
			return fmt.Errorf("read silence: %w", err)
		}
		now := s.instant()
		if !x.Until.After(now) {
			return nil
		}
		x.Until = now
		if e.Value, err = json.Marshal(x); err != nil {
			return fmt.Errorf("encode silence: %w", err)
		}
		if _, err = s.engine.Swap(ctx, silenceBucket, e); err == nil {
			return s.refresh(ctx)
		} else if !errors.Is(err, indexer.ErrConflict) {
			return fmt.Errorf("end silence: %w", err)
		}
	}
	return fmt.Errorf("end silence: %w", indexer.ErrConflict)
}

// AddException stores an exception beside those of the config and returns it
// with its id. Watch, Query, Author and Reason are required.
func (s *Service) AddException(ctx context.Context, x Exception) (Exception, error) {
	if s.rules.Load().watch(x.Watch) == nil {
		return x, fmt.Errorf("add exception: %w: %s", ErrNoWatch, x.Watch)
	}
	if x.Query == "" || x.Author == "" || x.Reason == "" {
		return x, fmt.Errorf("%w: an exception needs a query, an author and a reason", ErrInvalid)
	}
	q, err := s.parse(indexer.Listings, x.Query)
	if err != nil {
		return x, fmt.Errorf("%w: query: %w", ErrInvalid, err)
	}
	x.ID, x.Query, x.At, x.Config = rand.Text(), q.String(), s.instant(), false
	return x, s.storeNew(ctx, exceptionBucket, x.ID, x)
}

// RemoveException removes an exception that AddException stored.
func (s *Service) RemoveException(ctx context.Context, id string) error {
	e, err := s.engine.Load(ctx, exceptionBucket, id)
	if errors.Is(err, indexer.ErrNotFound) {
		return fmt.Errorf("remove exception: %w", ErrNoException)
	}
	if err != nil {
		return fmt.Errorf("remove exception: %w", err)
	}
	if err := s.engine.Remove(ctx, exceptionBucket, id, e.Version); err != nil {
		return fmt.Errorf("remove exception: %w", err)
	}
	return s.refresh(ctx)
}
