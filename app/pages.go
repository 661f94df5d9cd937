package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
)

// maxPage is the most documents that an engine returns at once.
const maxPage = 1000

// pages collects up to limit documents over as many pages as it takes.
func pages[T any](ctx context.Context, limit int, search func(context.Context, indexer.Search) (*indexer.Page, error)) ([]T, error) {
	var out []T
	s := indexer.Search{Now: time.Now()}
	for len(out) < limit {
		s.Limit = min(limit-len(out), maxPage)
		page, err := search(ctx, s)
		if err != nil {
			return out, err
		}
		for _, d := range page.Documents {
			var x T
			if err := json.Unmarshal(d.Source, &x); err != nil {
				return out, fmt.Errorf("read stored document %s: %w", d.ID, err)
			}
			out = append(out, x)
		}
		if page.Next == "" {
			break
		}
		s.After = page.Next
	}
	return out, nil
}
