package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
)

// Limits of one bulk request.
const (
	bulkItems = 500
	bulkBytes = 8 << 20
)

// busyWaits are the pauses before refused items are sent again.
func busyWaits() []time.Duration {
	return []time.Duration{100 * time.Millisecond, 400 * time.Millisecond, 1600 * time.Millisecond}
}

// item is one write on its way through a bulk request.
type item struct {
	at     int // position in the caller's slice
	create bool
	lines  []byte
}

// Put implements indexer.Archive.
func (e *Engine) Put(ctx context.Context, writes []indexer.Write) ([]indexer.Version, []error) {
	results, errs := make([]indexer.Version, len(writes)), make([]error, len(writes))
	var items []item
	for i := range writes {
		lines, err := e.lines(&writes[i])
		if err != nil {
			errs[i] = err
			continue
		}
		items = append(items, item{i, writes[i].Create, lines})
	}
	sender{e, archiveClient}.all(ctx, items, results, errs)
	return results, errs
}

// all sends items in requests of a bounded size, in order.
func (s sender) all(ctx context.Context, items []item, results []indexer.Version, errs []error) {
	for len(items) > 0 {
		n, size := 0, 0
		for n < len(items) && n < bulkItems && (n == 0 || size+len(items[n].lines) <= bulkBytes) {
			size += len(items[n].lines)
			n++
		}
		s.bulk(ctx, items[:n], results, errs)
		items = items[n:]
	}
}

func (e *Engine) lines(w *indexer.Write) ([]byte, error) {
	if err := w.Valid(); err != nil {
		return nil, err
	}
	meta := object{"_index": e.index(w.Collection), "_id": w.Document.ID}
	action := "create"
	if !w.Create {
		if w.Document.Version.Term < 1 || w.Document.Version.Seq < 0 {
			return nil, fmt.Errorf("replace a document: %w", indexer.ErrConflict)
		}
		action = "index"
		meta["if_seq_no"], meta["if_primary_term"] = w.Document.Version.Seq, w.Document.Version.Term
	}
	head, err := json.Marshal(object{action: meta})
	if err != nil {
		return nil, fmt.Errorf("write a document: %w: %w", indexer.ErrInvalid, err)
	}
	body, err := json.Marshal(document(w.Collection, w.Document.ID, w.Document.Source, w.Document.Fields))
	if err != nil {
		return nil, fmt.Errorf("write a document: %w: %w", indexer.ErrInvalid, err)
	}
	return append(append(append(head, '\n'), body...), '\n'), nil
}

// sender sends one kind of bulk request.
type sender struct {
	e      *Engine
	client clientOf
}

// bulk sends items and gives each its result. Items that were refused because
// the cluster is busy were not applied, so they are sent again.
func (s sender) bulk(ctx context.Context, items []item, results []indexer.Version, errs []error) {
	waits := busyWaits()
	for {
		busy := s.bulkOnce(ctx, items, results, errs)
		if len(busy) == 0 || len(waits) == 0 {
			return
		}
		timer := time.NewTimer(waits[0])
		waits = waits[1:]
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
		items = busy
	}
}

type bulkAnswer struct {
	Items []map[string]struct {
		Status      int   `json:"status"`
		SeqNo       int64 `json:"_seq_no"`
		PrimaryTerm int64 `json:"_primary_term"`
		Error       struct {
			Type string `json:"type"`
		} `json:"error"`
	} `json:"items"`
}

func (s sender) bulkOnce(ctx context.Context, items []item, results []indexer.Version, errs []error) (busy []item) {
	var body bytes.Buffer
	for _, it := range items {
		body.Write(it.lines)
	}
	status, answer, err := s.e.do(ctx, s.client(s.e), http.MethodPost, "/_bulk", body.Bytes())
	if err == nil && status >= 300 {
		err = statusError(status, answer)
	}
	var a bulkAnswer
	if err == nil {
		if jerr := json.Unmarshal(answer, &a); jerr != nil {
			err = fmt.Errorf("%w: an answer that is not JSON", indexer.ErrUnavailable)
		}
	}
	for i, it := range items {
		switch {
		case err != nil:
			errs[it.at] = fmt.Errorf("write a document: %w", err)
			if status == http.StatusTooManyRequests {
				busy = append(busy, it)
			}
		case i >= len(a.Items):
			errs[it.at] = fmt.Errorf("write a document: %w: the answer does not speak of it", indexer.ErrUnavailable)
		default:
			for _, r := range a.Items[i] {
				results[it.at], errs[it.at] = indexer.Version{Seq: r.SeqNo, Term: r.PrimaryTerm}, itemError(r.Status, r.Error.Type, it.create)
				if errs[it.at] != nil {
					results[it.at] = indexer.Version{}
				}
				if r.Status == http.StatusTooManyRequests {
					busy = append(busy, it)
				}
			}
		}
	}
	return busy
}

func itemError(status int, kind string, create bool) error {
	switch {
	case status < 300:
		return nil
	case status == http.StatusConflict && create:
		return fmt.Errorf("create a document: %w", indexer.ErrExists)
	case status == http.StatusConflict, status == http.StatusNotFound:
		return fmt.Errorf("replace a document: %w", indexer.ErrConflict)
	case status == http.StatusBadRequest:
		return fmt.Errorf("write a document: %w (%s)", indexer.ErrInvalid, kind)
	}
	return fmt.Errorf("write a document: %w (%d %s)", indexer.ErrUnavailable, status, kind)
}

type stored struct {
	Found       bool   `json:"found"`
	ID          string `json:"_id"`
	SeqNo       int64  `json:"_seq_no"`
	PrimaryTerm int64  `json:"_primary_term"`
	Source      struct {
		Source string `json:"document"`
		Bucket string `json:"bucket"`
		Key    string `json:"key"`
		Due    string `json:"due_at"`
		Value  string `json:"value"`
	} `json:"_source"`
}

func (d *stored) version() indexer.Version {
	return indexer.Version{Seq: d.SeqNo, Term: d.PrimaryTerm}
}

// mget reads documents as last acknowledged.
func (e *Engine) mget(ctx context.Context, client clientOf, index string, fields []string, ids []string) ([]stored, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	docs := make([]object, len(ids))
	for i, id := range ids {
		docs[i] = object{"_id": id, "_source": fields}
	}
	body, err := json.Marshal(object{"docs": docs})
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	status, answer, err := e.do(ctx, client(e), http.MethodPost, "/"+index+"/_mget", body)
	if err == nil && status >= 300 {
		err = statusError(status, answer)
	}
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	var found struct {
		Docs []stored `json:"docs"`
	}
	if err := json.Unmarshal(answer, &found); err != nil {
		return nil, fmt.Errorf("read documents: %w: %w", indexer.ErrUnavailable, err)
	}
	return found.Docs, nil
}

// Get implements indexer.Archive.
func (e *Engine) Get(ctx context.Context, c indexer.Collection, ids ...string) (map[string]indexer.Document, error) {
	out := map[string]indexer.Document{}
	for len(ids) > 0 {
		n := min(len(ids), bulkItems)
		docs, err := e.mget(ctx, archiveClient, e.index(c), []string{source}, ids[:n])
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			if d.Found {
				out[d.ID] = indexer.Document{ID: d.ID, Version: d.version(), Source: []byte(d.Source.Source)}
			}
		}
		ids = ids[n:]
	}
	return out, nil
}

// Delete implements indexer.Archive.
func (e *Engine) Delete(ctx context.Context, c indexer.Collection, ids ...string) error {
	for len(ids) > 0 {
		n := min(len(ids), bulkItems)
		var body bytes.Buffer
		for _, id := range ids[:n] {
			line, err := json.Marshal(object{"delete": object{"_index": e.index(c), "_id": id}})
			if err != nil {
				return fmt.Errorf("delete documents: %w", err)
			}
			body.Write(append(line, '\n'))
		}
		status, answer, err := e.do(ctx, e.archive, http.MethodPost, "/_bulk", body.Bytes())
		if err == nil && status >= 300 {
			err = statusError(status, answer)
		}
		var a bulkAnswer
		if err == nil {
			err = json.Unmarshal(answer, &a)
		}
		if err == nil && len(a.Items) != n {
			err = fmt.Errorf("%w: %d of %d deletes were answered", indexer.ErrUnavailable, len(a.Items), n)
		}
		if err != nil {
			return fmt.Errorf("delete documents: %w", err)
		}
		for _, it := range a.Items {
			if r := it["delete"]; r.Status >= 300 && r.Status != http.StatusNotFound {
				return fmt.Errorf("delete documents: %w", itemError(r.Status, r.Error.Type, false))
			}
		}
		ids = ids[n:]
	}
	return nil
}
