package elastic

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
)

// entryID makes an id that fits: keys may be as long as ids may be, and the
// bucket comes on top.
func entryID(bucket, key string) string {
	sum := sha256.Sum256([]byte(bucket + "\x00" + key))
	return hex.EncodeToString(sum[:])
}

func (d *stored) entry() (indexer.Entry, error) {
	e := indexer.Entry{Key: d.Source.Key, Version: d.version(), Value: []byte(d.Source.Value)}
	if d.Source.Due != "" {
		due, err := time.Parse(time.RFC3339Nano, d.Source.Due)
		if err != nil {
			return e, fmt.Errorf("read an entry: %w", err)
		}
		e.Due = due
	}
	return e, nil
}

// Load implements indexer.State.
func (e *Engine) Load(ctx context.Context, bucket, key string) (indexer.Entry, error) {
	found, err := e.LoadAll(ctx, bucket, key)
	if err != nil {
		return indexer.Entry{}, err
	}
	x, ok := found[key]
	if !ok {
		return indexer.Entry{}, fmt.Errorf("load from %s: %w", bucket, indexer.ErrNotFound)
	}
	return x, nil
}

// LoadAll implements indexer.State.
func (e *Engine) LoadAll(ctx context.Context, bucket string, keys ...string) (map[string]indexer.Entry, error) {
	out := map[string]indexer.Entry{}
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = entryID(bucket, k)
	}
	for len(ids) > 0 {
		n := min(len(ids), bulkItems)
		docs, err := e.mget(ctx, stateClient, e.entries(), []string{"key", "due_at", "value"}, ids[:n])
		if err != nil {
			return nil, err
		}
		for i := range docs {
			if !docs[i].Found {
				continue
			}
			x, err := docs[i].entry()
			if err != nil {
				return nil, err
			}
			out[x.Key] = x
		}
		ids = ids[n:]
	}
	return out, nil
}

// Create implements indexer.State.
func (e *Engine) Create(ctx context.Context, bucket string, x indexer.Entry) (indexer.Version, error) {
	return e.writeEntry(ctx, bucket, x, url.Values{"op_type": {"create"}}, indexer.ErrExists)
}

// Swap implements indexer.State.
func (e *Engine) Swap(ctx context.Context, bucket string, x indexer.Entry) (indexer.Version, error) {
	if x.Version.Term < 1 || x.Version.Seq < 0 {
		if err := x.Valid(bucket); err != nil {
			return indexer.Version{}, err
		}
		return indexer.Version{}, fmt.Errorf("swap in %s: %w", bucket, indexer.ErrConflict)
	}
	return e.writeEntry(ctx, bucket, x, versioned(x.Version), indexer.ErrConflict)
}

func versioned(v indexer.Version) url.Values {
	return url.Values{"if_seq_no": {strconv.FormatInt(v.Seq, 10)}, "if_primary_term": {strconv.FormatInt(v.Term, 10)}}
}

func (e *Engine) writeEntry(ctx context.Context, bucket string, x indexer.Entry, how url.Values, conflict error) (indexer.Version, error) {
	if err := x.Valid(bucket); err != nil {
		return indexer.Version{}, err
	}
	body, err := entryBody(bucket, x)
	if err != nil {
		return indexer.Version{}, err
	}
	status, answer, err := e.do(ctx, e.state, http.MethodPut, "/"+e.entries()+"/_doc/"+entryID(bucket, x.Key)+"?"+how.Encode(), body)
	switch {
	case err != nil:
		return indexer.Version{}, fmt.Errorf("write to %s: %w", bucket, err)
	case status == http.StatusConflict || status == http.StatusNotFound:
		return indexer.Version{}, fmt.Errorf("write to %s: %w", bucket, conflict)
	case status >= 300:
		return indexer.Version{}, fmt.Errorf("write to %s: %w", bucket, statusError(status, answer))
	}
	var d stored
	if err := json.Unmarshal(answer, &d); err != nil {
		return indexer.Version{}, fmt.Errorf("write to %s: %w: %w", bucket, indexer.ErrUnavailable, err)
	}
	return d.version(), nil
}

func entryBody(bucket string, x indexer.Entry) ([]byte, error) {
	doc := object{"bucket": bucket, "key": x.Key, "value": string(x.Value)}
	if !x.Due.IsZero() {
		doc["due"], doc["due_at"] = strconv.FormatInt(ceilMilli(x.Due), 10), x.Due.Format(time.RFC3339Nano)
	}
	body, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write to %s: %w: %w", bucket, indexer.ErrInvalid, err)
	}
	return body, nil
}

// WriteAll implements indexer.BulkState.
func (e *Engine) WriteAll(ctx context.Context, writes []indexer.StateWrite) ([]indexer.Version, []error) {
	results, errs := make([]indexer.Version, len(writes)), make([]error, len(writes))
	var items []item
	for i, w := range writes {
		lines, err := e.entryLines(w)
		if err != nil {
			errs[i] = err
			continue
		}
		items = append(items, item{i, w.Entry.Version == (indexer.Version{}), lines})
	}
	sender{e, stateClient}.all(ctx, items, results, errs)
	return results, errs
}

func (e *Engine) entryLines(w indexer.StateWrite) ([]byte, error) {
	if err := w.Entry.Valid(w.Bucket); err != nil {
		return nil, err
	}
	meta := object{"_index": e.entries(), "_id": entryID(w.Bucket, w.Entry.Key)}
	action := "create"
	if w.Entry.Version != (indexer.Version{}) {
		action = "index"
		meta["if_seq_no"], meta["if_primary_term"] = w.Entry.Version.Seq, w.Entry.Version.Term
	}
	head, err := json.Marshal(object{action: meta})
	if err != nil {
		return nil, fmt.Errorf("write to %s: %w: %w", w.Bucket, indexer.ErrInvalid, err)
	}
	body, err := entryBody(w.Bucket, w.Entry)
	if err != nil {
		return nil, err
	}
	return append(append(append(head, '\n'), body...), '\n'), nil
}

// ceilMilli rounds up, so that nothing is found due before it is.
func ceilMilli(t time.Time) int64 {
	ms := t.UnixMilli()
	if time.UnixMilli(ms).Before(t) {
		ms++
	}
	return ms
}

// Remove implements indexer.State.
func (e *Engine) Remove(ctx context.Context, bucket, key string, v indexer.Version) error {
	if err := indexer.ValidKey(bucket, key); err != nil {
		return err
	}
	if v.Term < 1 || v.Seq < 0 {
		_, err := e.Load(ctx, bucket, key)
		if err == nil {
			return fmt.Errorf("remove from %s: %w", bucket, indexer.ErrConflict)
		}
		return ignoreMissing(err)
	}
	status, answer, err := e.do(ctx, e.state, http.MethodDelete, "/"+e.entries()+"/_doc/"+entryID(bucket, key)+"?"+versioned(v).Encode(), nil)
	switch {
	case err != nil:
		return fmt.Errorf("remove from %s: %w", bucket, err)
	case status == http.StatusConflict:
		// Also said of an entry that is gone already, which is no error.
		if _, err := e.Load(ctx, bucket, key); err != nil {
			return ignoreMissing(err)
		}
		return fmt.Errorf("remove from %s: %w", bucket, indexer.ErrConflict)
	case status >= 300 && status != http.StatusNotFound:
		return fmt.Errorf("remove from %s: %w", bucket, statusError(status, answer))
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, indexer.ErrNotFound) {
		return nil
	}
	return err
}

// Scan implements indexer.State. The index is refreshed first, so that what
// was acknowledged is seen.
func (e *Engine) Scan(ctx context.Context, bucket string, s indexer.Scan) ([]indexer.Entry, error) {
	if err := s.Valid(bucket); err != nil {
		return nil, err
	}
	if err := e.refresh(ctx, e.state, e.entries()); err != nil {
		return nil, err
	}
	filters := []object{{"term": object{"bucket": bucket}}}
	span := object{}
	if s.From != "" {
		span["gte"] = s.From
	}
	if s.To != "" {
		span["lt"] = s.To
	}
	if len(span) > 0 {
		filters = append(filters, object{"range": object{"key": span}})
	}
	sort := []object{{"key": "asc"}}
	if !s.DueBefore.IsZero() {
		filters = append(filters, object{"range": object{"due": object{"lte": s.DueBefore.UnixMilli()}}})
		sort = []object{{"due": "asc"}, {"key": "asc"}}
	}
	a, err := e.ask(ctx, stateClient, e.entries(), object{"query": object{"bool": object{"filter": filters}}, "sort": sort, "size": s.Limit, "track_total_hits": false, "_source": []string{"key", "due_at", "value"}})
	if err != nil {
		return nil, err
	}
	out := make([]indexer.Entry, len(a.Hits.Hits))
	for i := range a.Hits.Hits {
		if out[i], err = a.Hits.Hits[i].entry(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
