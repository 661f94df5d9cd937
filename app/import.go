package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/leak"
)

// Imported says what an import did.
type Imported struct {
	Lines, Refused                        int
	New, Changed, Unchanged, Hits, Alerts int
}

// Caps of an import.
const (
	importLine  = 4 << 20 // bytes of one line
	importBatch = 200     // listings committed at once
)

// imported is one line of an import file.
type imported struct {
	URL    string    `json:"url"`
	Title  string    `json:"title"`
	Body   string    `json:"body"`
	Seller string    `json:"seller"`
	Posted time.Time `json:"posted_at"`
	Source string    `json:"source"`
}

// Import takes in JSON lines by the way of crawled listings. progress is told
// how many lines were committed; refused is told of each line that cannot be
// used, without its content. On an error what was committed stays, and
// importing again changes nothing of it.
func (a *App) Import(ctx context.Context, r io.Reader, progress func(n int), refused func(line int, why string)) (Imported, error) {
	var total Imported
	var batch []leak.Listing
	flush := func() error {
		res, err := a.alerts.Ingest(ctx, alerts.Batch{Listings: batch})
		if err != nil {
			return fmt.Errorf("import: %w", err)
		}
		total.New, total.Changed, total.Unchanged = total.New+res.New, total.Changed+res.Changed, total.Unchanged+res.Unchanged
		total.Hits, total.Alerts = total.Hits+res.Hits, total.Alerts+res.Alerts
		a.metrics.ingested(res)
		progress(len(batch))
		batch = batch[:0]
		return nil
	}
	lines := NewLines(r, importLine)
	for {
		line, long, err := lines.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return total, fmt.Errorf("import: read line %d: %w", lines.Number(), err)
		}
		total.Lines++
		raw, why := importedRaw(line, long)
		if why != "" {
			total.Refused++
			refused(lines.Number(), why)
			continue
		}
		batch = append(batch, a.read(raw))
		if len(batch) == importBatch {
			if err := flush(); err != nil {
				return total, err
			}
		}
	}
	if len(batch) > 0 {
		if err := flush(); err != nil {
			return total, err
		}
	}
	return total, a.engine.Refresh(ctx) // a search right after it sees what it took in
}

// importedRaw reads one line, or says what is wrong with it.
func importedRaw(line []byte, long bool) (*leak.Raw, string) {
	if long {
		return nil, fmt.Sprintf("found a line of more than %d bytes; wanted one listing", importLine)
	}
	var x imported
	if err := json.Unmarshal(line, &x); err != nil {
		return nil, `found a line that is not a JSON object of texts; wanted {"url": …, "title": …, "body": …}, posted_at as 2026-11-22T18:00:00Z`
	}
	u, err := url.Parse(x.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, "found no usable url; wanted an address that begins with http:// or https://"
	case strings.TrimSpace(x.Title) == "" && strings.TrimSpace(x.Body) == "":
		return nil, "found neither title nor body; wanted at least one"
	}
	source := "import"
	if x.Source != "" {
		source = config.ID(x.Source)
	}
	return &leak.Raw{Source: source, SiteID: "", URL: x.URL, Title: x.Title, Body: x.Body, Seller: x.Seller, PostedAt: x.Posted.UTC(), Fetched: time.Now()}, ""
}
