// Package remote lets other processes of the same user reach an engine that
// one process holds, over a Unix socket that only that user can open. It is
// how `leakwatch search` works beside `leakwatch serve` on the embedded
// index.
//
// A call is one HTTP request with a gob body. There are no transactions over
// the socket: Together does each write at once, as the contract allows.
package remote

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
)

// call is one call of any method; each uses the fields it needs.
type call struct {
	Collection indexer.Collection
	IDs        []string
	Writes     []indexer.Write
	Search     indexer.Search
	Query      *node
	Now        time.Time
	Aggs       []indexer.Aggregation
	Bucket     string
	Keys       []string
	Entry      indexer.Entry
	Version    indexer.Version
	Scan       indexer.Scan
	Path       string
}

// reply is the answer to any call.
type reply struct {
	Versions   []indexer.Version
	Errors     []fault
	Documents  map[string]indexer.Document
	Page       *indexer.Page
	Aggregates []indexer.Aggregate
	Entries    []indexer.Entry
	Error      fault
}

// fault carries an error with what of the contract it is.
type fault struct {
	Text string
	Kind string
}

func kinds() map[string]error {
	return map[string]error{"exists": indexer.ErrExists, "conflict": indexer.ErrConflict, "not_found": indexer.ErrNotFound,
		"unavailable": indexer.ErrUnavailable, "invalid": indexer.ErrInvalid}
}

func faultOf(err error) fault {
	if err == nil {
		return fault{}
	}
	f := fault{Text: err.Error(), Kind: "other"}
	for kind, e := range kinds() {
		if errors.Is(err, e) {
			f.Kind = kind
		}
	}
	return f
}

// remoteError has the text of the error there and is the contract's error.
type remoteError struct {
	text string
	kind error
}

func (e *remoteError) Error() string { return e.text }
func (e *remoteError) Unwrap() error { return e.kind }

func (f fault) err() error {
	if f.Kind == "" {
		return nil
	}
	return &remoteError{f.Text, kinds()[f.Kind]}
}

// maxCall bounds one call and one answer.
const maxCall = 1 << 30

// Listen serves an engine at the socket until ctx ends, and removes the
// socket. A socket that a killed process left is replaced: whoever holds the
// engine owns its name.
func Listen(ctx context.Context, e indexer.Engine, socket string) error {
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("share the index: %w", err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		return fmt.Errorf("share the index: %w", err)
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		return errors.Join(fmt.Errorf("share the index: %w", err), l.Close())
	}
	srv := &http.Server{Handler: handler(e), ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if srv.Shutdown(grace) != nil {
			_ = srv.Close() // callers see ErrUnavailable
		}
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("share the index: %w", err)
	}
	<-stopped
	return nil
}

func handler(e indexer.Engine) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var c call
		if err := gob.NewDecoder(http.MaxBytesReader(w, r.Body, maxCall)).Decode(&c); err != nil {
			http.Error(w, "a call that cannot be read", http.StatusBadRequest)
			return
		}
		do, ok := methods()[r.URL.Path]
		if !ok {
			http.Error(w, "no such call: are both processes of the same version?", http.StatusNotFound)
			return
		}
		var a reply
		a.Error = faultOf(do(r.Context(), e, &c, &a))
		var body bytes.Buffer
		if err := gob.NewEncoder(&body).Encode(&a); err != nil {
			http.Error(w, "an answer that cannot be written", http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(body.Bytes())
	})
}

type method func(ctx context.Context, e indexer.Engine, c *call, a *reply) error

// methods are the calls by path.
func methods() map[string]method {
	return map[string]method{
		"/put": func(ctx context.Context, e indexer.Engine, c *call, a *reply) error {
			versions, errs := e.Put(ctx, c.Writes)
			a.Versions = versions
			for _, err := range errs {
				a.Errors = append(a.Errors, faultOf(err))
			}
			return nil
		},
		"/get": func(ctx context.Context, e indexer.Engine, c *call, a *reply) (err error) {
			a.Documents, err = e.Get(ctx, c.Collection, c.IDs...)
			return err
		},
		"/delete": func(ctx context.Context, e indexer.Engine, c *call, _ *reply) error {
			return e.Delete(ctx, c.Collection, c.IDs...)
		},
		"/search": func(ctx context.Context, e indexer.Engine, c *call, a *reply) (err error) {
			c.Search.Query = unpack(c.Query)
			a.Page, err = e.Search(ctx, c.Collection, c.Search)
			return err
		},
		"/aggregate": func(ctx context.Context, e indexer.Engine, c *call, a *reply) (err error) {
			a.Aggregates, err = e.Aggregate(ctx, c.Collection, unpack(c.Query), c.Now, c.Aggs)
			return err
		},
		"/refresh": func(ctx context.Context, e indexer.Engine, _ *call, _ *reply) error { return e.Refresh(ctx) },
		"/check":   func(ctx context.Context, e indexer.Engine, _ *call, _ *reply) error { return e.Check(ctx) },
		"/load": func(ctx context.Context, e indexer.Engine, c *call, a *reply) error {
			found, err := e.LoadAll(ctx, c.Bucket, c.Keys...)
			for _, x := range found {
				a.Entries = append(a.Entries, x)
			}
			return err
		},
		"/create": func(ctx context.Context, e indexer.Engine, c *call, a *reply) error {
			v, err := e.Create(ctx, c.Bucket, c.Entry)
			a.Versions = []indexer.Version{v}
			return err
		},
		"/swap": func(ctx context.Context, e indexer.Engine, c *call, a *reply) error {
			v, err := e.Swap(ctx, c.Bucket, c.Entry)
			a.Versions = []indexer.Version{v}
			return err
		},
		"/remove": func(ctx context.Context, e indexer.Engine, c *call, _ *reply) error {
			return e.Remove(ctx, c.Bucket, c.Keys[0], c.Version)
		},
		"/scan": func(ctx context.Context, e indexer.Engine, c *call, a *reply) (err error) {
			a.Entries, err = e.Scan(ctx, c.Bucket, c.Scan)
			return err
		},
		"/backup": func(ctx context.Context, e indexer.Engine, c *call, _ *reply) error {
			keeper, ok := e.(backuper)
			if !ok {
				return errors.New("this index has no backup of its own")
			}
			return keeper.Backup(ctx, c.Path)
		},
	}
}

type backuper interface {
	Backup(ctx context.Context, path string) error
}

// Engine is an engine that another process holds. It is safe for concurrent
// use.
type Engine struct {
	client *http.Client
}

var _ indexer.Engine = (*Engine)(nil)

// Dial reaches the engine at a socket; nobody there is ErrUnavailable.
func Dial(ctx context.Context, socket string) (*Engine, error) {
	e := &Engine{client: &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}}
	if err := e.Check(ctx); err != nil {
		return nil, err
	}
	return e, nil
}

// do makes one call. A call without an answer may have been done.
func (e *Engine) do(ctx context.Context, name string, c *call) (*reply, error) {
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(c); err != nil {
		return nil, fmt.Errorf("call the index: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://index"+name, &body)
	if err != nil {
		return nil, fmt.Errorf("call the index: %w", err)
	}
	resp, err := e.client.Do(req)
	if err != nil {
		if cause := ctx.Err(); cause != nil {
			return nil, cause
		}
		return nil, fmt.Errorf("call the index: %w: the leakwatch that holds it does not answer", indexer.ErrUnavailable)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 1000))
		return nil, fmt.Errorf("call the index: %w: %s", indexer.ErrUnavailable, text)
	}
	var a reply
	if err := gob.NewDecoder(io.LimitReader(resp.Body, maxCall)).Decode(&a); err != nil {
		return nil, fmt.Errorf("call the index: %w: an answer that cannot be read", indexer.ErrUnavailable)
	}
	return &a, a.Error.err()
}

// Put implements indexer.Archive.
func (e *Engine) Put(ctx context.Context, writes []indexer.Write) ([]indexer.Version, []error) {
	versions, errs := make([]indexer.Version, len(writes)), make([]error, len(writes))
	sent := make([]indexer.Write, 0, len(writes))
	var at []int
	for i := range writes {
		if errs[i] = writes[i].Valid(); errs[i] == nil {
			sent, at = append(sent, writes[i]), append(at, i)
		}
	}
	a, err := e.do(ctx, "/put", &call{Writes: sent})
	for n, i := range at {
		switch {
		case err != nil:
			errs[i] = err
		case n >= len(a.Versions) || n >= len(a.Errors):
			errs[i] = fmt.Errorf("call the index: %w: a short answer", indexer.ErrUnavailable)
		default:
			versions[i], errs[i] = a.Versions[n], a.Errors[n].err()
		}
	}
	return versions, errs
}

// Get implements indexer.Archive.
func (e *Engine) Get(ctx context.Context, c indexer.Collection, ids ...string) (map[string]indexer.Document, error) {
	a, err := e.do(ctx, "/get", &call{Collection: c, IDs: ids})
	if err != nil {
		return nil, err
	}
	if a.Documents == nil {
		a.Documents = map[string]indexer.Document{}
	}
	return a.Documents, nil
}

// Delete implements indexer.Archive.
func (e *Engine) Delete(ctx context.Context, c indexer.Collection, ids ...string) error {
	_, err := e.do(ctx, "/delete", &call{Collection: c, IDs: ids})
	return err
}

// Search implements indexer.Archive.
func (e *Engine) Search(ctx context.Context, c indexer.Collection, s indexer.Search) (*indexer.Page, error) {
	n := pack(s.Query)
	s.Query = nil
	a, err := e.do(ctx, "/search", &call{Collection: c, Search: s, Query: n})
	if err != nil {
		return nil, err
	}
	if a.Page == nil {
		a.Page = &indexer.Page{} // gob leaves out what is zero
	}
	return a.Page, nil
}

// Aggregate implements indexer.Archive.
func (e *Engine) Aggregate(ctx context.Context, c indexer.Collection, q *query.Query, now time.Time, aggs []indexer.Aggregation) ([]indexer.Aggregate, error) {
	a, err := e.do(ctx, "/aggregate", &call{Collection: c, Query: pack(q), Now: now, Aggs: aggs})
	if err != nil {
		return nil, err
	}
	return a.Aggregates, nil
}

// Refresh implements indexer.Archive.
func (e *Engine) Refresh(ctx context.Context) error {
	_, err := e.do(ctx, "/refresh", &call{})
	return err
}

// Load implements indexer.State.
func (e *Engine) Load(ctx context.Context, bucket, key string) (indexer.Entry, error) {
	found, err := e.LoadAll(ctx, bucket, key)
	if err != nil {
		return indexer.Entry{}, err
	}
	x, ok := found[key]
	if !ok {
		return x, fmt.Errorf("load from %s: %w", bucket, indexer.ErrNotFound)
	}
	return x, nil
}

// LoadAll implements indexer.State.
func (e *Engine) LoadAll(ctx context.Context, bucket string, keys ...string) (map[string]indexer.Entry, error) {
	a, err := e.do(ctx, "/load", &call{Bucket: bucket, Keys: keys})
	if err != nil {
		return nil, err
	}
	out := make(map[string]indexer.Entry, len(a.Entries))
	for _, x := range a.Entries {
		out[x.Key] = x
	}
	return out, nil
}

// Create implements indexer.State.
func (e *Engine) Create(ctx context.Context, bucket string, x indexer.Entry) (indexer.Version, error) {
	return e.write(ctx, "/create", bucket, x)
}

// Swap implements indexer.State.
func (e *Engine) Swap(ctx context.Context, bucket string, x indexer.Entry) (indexer.Version, error) {
	return e.write(ctx, "/swap", bucket, x)
}

func (e *Engine) write(ctx context.Context, name, bucket string, x indexer.Entry) (indexer.Version, error) {
	a, err := e.do(ctx, name, &call{Bucket: bucket, Entry: x})
	if err != nil {
		return indexer.Version{}, err
	}
	return a.Versions[0], nil
}

// Remove implements indexer.State.
func (e *Engine) Remove(ctx context.Context, bucket, key string, v indexer.Version) error {
	_, err := e.do(ctx, "/remove", &call{Bucket: bucket, Keys: []string{key}, Version: v})
	return err
}

// Scan implements indexer.State.
func (e *Engine) Scan(ctx context.Context, bucket string, s indexer.Scan) ([]indexer.Entry, error) {
	a, err := e.do(ctx, "/scan", &call{Bucket: bucket, Scan: s})
	if err != nil {
		return nil, err
	}
	return a.Entries, nil
}

// Together implements indexer.Engine without a transaction.
func (e *Engine) Together(ctx context.Context, fn func(indexer.Engine) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn(e)
}

// Check implements indexer.Engine.
func (e *Engine) Check(ctx context.Context) error {
	_, err := e.do(ctx, "/check", &call{})
	return err
}

// Backup copies the index to a file of this machine.
func (e *Engine) Backup(ctx context.Context, path string) error {
	_, err := e.do(ctx, "/backup", &call{Path: path})
	return err
}

// Close implements indexer.Engine; the process that holds the engine keeps it.
func (e *Engine) Close() error {
	e.client.CloseIdleConnections()
	return nil
}
