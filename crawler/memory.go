package crawler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
)

// memory is what is remembered of a source from crawl to crawl.
type memory struct {
	Kind string `json:"kind,omitempty"`
	// Open: a crawl began and did not come to its end. Pages of it may be
	// missing behind ground that looks known, so the next one reads all lists.
	Open bool `json:"open,omitempty"`
	// Pending are list pages that a cap left unread.
	Pending []string `json:"pending,omitempty"`
	// Swept is when all list pages were last read to their end, Lists how many
	// they were, Since how many crawls there were after it.
	Swept time.Time `json:"swept"`
	Lists int       `json:"lists,omitempty"`
	Since int       `json:"since,omitempty"`
	// Unsorted: a sweep found new listings behind known ground, so the lists
	// of the source are not newest first and are always read to their end.
	Unsorted bool `json:"unsorted,omitempty"`
	// Epoch counts how often the source could be read again after a time in
	// which it could not: pages that gave nothing in an earlier epoch are
	// worth another look.
	Epoch   int     `json:"epoch,omitempty"`
	History []Yield `json:"history,omitempty"` // oldest first
	Last    *Report `json:"last,omitempty"`

	version indexer.Version
}

// Yield is what one crawl got out of a source: what later ones are judged
// against.
type Yield struct {
	At       time.Time `json:"at"`
	Lists    int       `json:"lists"`    // list pages
	Rows     int       `json:"rows"`     // links to details on them
	Listings int       `json:"listings"` // read or known to be still there
	Details  int       `json:"details"`  // detail pages fetched
	Empty    int       `json:"empty"`    // of these, without a listing
	Health   Health    `json:"health"`
}

// Limits on a memory.
const (
	maxHistory  = 20
	maxPending  = 500
	sweepEvery  = 24 * time.Hour
	sweepCrawls = 12 // or after as many crawls,
	sweepShare  = 20 // but only a twentieth of the time goes to it
	maxProblems = 20
)

func (c *Crawler) loadMemory(ctx context.Context, source string) (*memory, error) {
	m := &memory{}
	e, err := c.state.Load(ctx, sourcesBucket, source)
	if errors.Is(err, indexer.ErrNotFound) {
		return m, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load memory of source: %w", err)
	}
	if err := json.Unmarshal(e.Value, m); err != nil {
		m = &memory{Open: true} // unreadable: nothing is known for sure
	}
	m.version = e.Version
	return m, nil
}

func (c *Crawler) saveMemory(ctx context.Context, source string, m *memory) error {
	b, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("save memory of source: %w", err)
	}
	e := indexer.Entry{Key: source, Version: m.version, Value: b}
	if m.version == (indexer.Version{}) {
		m.version, err = c.state.Create(ctx, sourcesBucket, e)
	} else {
		m.version, err = c.state.Swap(ctx, sourcesBucket, e)
	}
	if err != nil {
		return fmt.Errorf("save memory of source: %w", err)
	}
	return nil
}

func (m *memory) add(y Yield) {
	m.History = append(m.History, y)
	if n := len(m.History) - maxHistory; n > 0 {
		m.History = slices.Delete(m.History, 0, n)
	}
}

// sweepDue reports whether it is time to read all lists to their end again:
// for changes of old listings, and for new ones where a list is not sorted as
// it seems.
func (m *memory) sweepDue(now time.Time, pace time.Duration) bool {
	passed := now.Sub(m.Swept)
	return passed >= sweepEvery || m.Since >= sweepCrawls && passed >= sweepShare*time.Duration(m.Lists)*pace
}

// lastHealth returns the health of the last crawl, OK before the first.
func (m *memory) lastHealth() Health {
	if n := len(m.History); n > 0 {
		return m.History[n-1].Health
	}
	return OK
}

// usual returns the median number of rows or listings per list page in the
// crawls that could be trusted, 0 if there was none.
func (m *memory) usual() float64 {
	var per []float64
	for _, y := range m.History {
		if y.Lists > 0 && (y.Health == OK || y.Health == Partial) {
			per = append(per, y.perList())
		}
	}
	if len(per) == 0 {
		return 0
	}
	slices.Sort(per)
	return per[len(per)/2]
}

func (y *Yield) perList() float64 {
	if y.Lists == 0 {
		return 0
	}
	return float64(max(y.Rows, y.Listings)) / float64(y.Lists)
}
