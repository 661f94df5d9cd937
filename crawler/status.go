package crawler

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
)

// Status is what is known of a source between crawls, for screens.
type Status struct {
	Source  string    `json:"source"`
	Kind    string    `json:"kind,omitempty"`   // of site software, as last found
	Last    *Report   `json:"last,omitempty"`   // the last crawl that came to its end
	Next    time.Time `json:"next,omitzero"`    // when it is due, without jitter; zero if nothing is planned
	Running time.Time `json:"running,omitzero"` // tick of a crawl that is under way or was interrupted
	Missed  int       `json:"missed,omitempty"` // ticks that the last crawl stood for, beside its own
	Fails   int       `json:"fails,omitempty"`  // crawls in a row that an error of ours ended
	History []Yield   `json:"history,omitempty"`
}

// ReadStatus returns the status of sources, by id; one that was never
// crawled nor planned has an empty status.
func ReadStatus(ctx context.Context, state indexer.State, ids ...string) (map[string]Status, error) {
	out := make(map[string]Status, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	memories, err := state.LoadAll(ctx, sourcesBucket, ids...)
	if err != nil {
		return nil, fmt.Errorf("read status of sources: %w", err)
	}
	ticks, err := state.LoadAll(ctx, ticksBucket, ids...)
	if err != nil {
		return nil, fmt.Errorf("read status of sources: %w", err)
	}
	for _, id := range ids {
		tk := readTick(ticks[id])
		var m memory
		if e, ok := memories[id]; ok {
			_ = json.Unmarshal(e.Value, &m) // unreadable: as if never crawled
		}
		out[id] = Status{Source: id, Kind: m.Kind, Last: m.Last, History: m.History,
			Next: tk.Next, Running: tk.Running, Missed: tk.Missed, Fails: tk.Fails}
	}
	return out, nil
}
