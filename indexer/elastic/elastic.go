// Package elastic is the engine on Elasticsearch 8.
//
// Each collection is one index (PREFIX + its name) under a strict mapping made
// from the schema of the query language: keywords and numbers under their
// names with "." as "_", offers nested and, for counting, flattened, and each
// text as the tokens of both streams, joined by spaces for the whitespace
// analyzer. title, body and excerpt are also indexed as plain text with the
// standard analyzer, for Kibana. The document as given stands in document. The
// State is one index, PREFIX + "state-entries"; the id of an entry is a hash
// of bucket and key.
//
// Nothing is retried that might have been applied: an answer that was lost is
// ErrUnavailable, and the caller reads back. Items that the cluster refused
// because it was busy are sent again a few times.
package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	es "github.com/elastic/go-elasticsearch/v8"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/indexer"
)

// Engine is an index on a cluster. It is safe for concurrent use.
type Engine struct {
	archive *es.Client
	state   *es.Client
	prefix  string
	sent    *http.Transport
}

var (
	_ indexer.Engine    = (*Engine)(nil)
	_ indexer.BulkState = (*Engine)(nil)
)

// requestTime bounds one request.
const requestTime = 30 * time.Second

// Open connects to the cluster and makes the indices that are missing.
func Open(ctx context.Context, c config.Elasticsearch) (*Engine, error) {
	transport := &http.Transport{
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       time.Minute,
		ResponseHeaderTimeout: requestTime,
	}
	e := &Engine{prefix: c.Prefix, sent: transport}
	var err error
	if e.archive, err = newClient(c, c.Username, c.Password.Reveal(), transport); err != nil {
		return nil, err
	}
	user, password := c.StateUsername, c.StatePassword.Reveal()
	if user == "" {
		user, password = c.Username, c.Password.Reveal()
	}
	if e.state, err = newClient(c, user, password, transport); err != nil {
		return nil, err
	}
	for _, col := range indexer.Collections() {
		if err := e.create(ctx, e.archive, e.index(col), archiveMapping(col), c.Replicas); err != nil {
			return nil, err
		}
	}
	if err := e.create(ctx, e.state, e.entries(), stateMapping(), c.Replicas); err != nil {
		return nil, err
	}
	return e, nil
}

func newClient(c config.Elasticsearch, user, password string, transport *http.Transport) (*es.Client, error) {
	cfg := es.Config{Addresses: c.Addresses, Username: user, Password: password, Transport: transport,
		DisableRetry: true, DiscoverNodesOnStart: false}
	if c.CAFile != "" {
		ca, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, fmt.Errorf("read ca_file: %w", err)
		}
		cfg.CACert = ca
	}
	client, err := es.NewClient(cfg)
	if err != nil {
		return nil, fmt.Errorf("configure Elasticsearch: %w", err)
	}
	return client, nil
}

func (e *Engine) index(c indexer.Collection) string { return e.prefix + string(c) }

func (e *Engine) entries() string { return e.prefix + "state-entries" }

// create makes an index if it is missing.
func (e *Engine) create(ctx context.Context, client *es.Client, name string, mapping map[string]any, replicas int) error {
	status, _, err := e.do(ctx, client, http.MethodHead, "/"+name, nil)
	if err != nil {
		return fmt.Errorf("look for index %s: %w", name, err)
	}
	if status == http.StatusOK {
		return nil
	}
	body, err := json.Marshal(map[string]any{
		"settings": map[string]any{"index": map[string]any{"number_of_shards": 1, "number_of_replicas": replicas,
			"translog": map[string]any{"durability": "request"}, "mapping": map[string]any{"total_fields": map[string]any{"limit": 400}}}},
		"mappings": mapping,
	})
	if err != nil {
		return fmt.Errorf("make index %s: %w", name, err)
	}
	status, answer, err := e.do(ctx, client, http.MethodPut, "/"+name, body)
	switch {
	case err != nil:
		return fmt.Errorf("make index %s: %w", name, err)
	case status == http.StatusBadRequest && bytes.Contains(answer, []byte("resource_already_exists_exception")):
		return nil // another process was quicker
	case status >= 300:
		return fmt.Errorf("make index %s: %w", name, statusError(status, answer))
	}
	return nil
}

// do sends one request and returns status and body. Its errors are of the
// context, or ErrUnavailable: whether the request was applied is not known.
func (e *Engine) do(ctx context.Context, client *es.Client, method, path string, body []byte) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	var r io.Reader
	if body != nil {
		r = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, path, r)
	if err != nil {
		return 0, nil, fmt.Errorf("make request: %w", err)
	}
	if body != nil {
		kind := "application/json"
		if strings.Contains(path, "_bulk") {
			kind = "application/x-ndjson"
		}
		req.Header.Set("Content-Type", kind)
	}
	resp, err := client.Perform(req)
	if err != nil {
		return 0, nil, unavailable(ctx, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return 0, nil, unavailable(ctx, err)
	}
	return resp.StatusCode, answer, nil
}

// maxAnswer bounds an answer: a page of 1,000 documents of the largest size.
const maxAnswer = 1 << 30

// unavailable turns a failed request into an error without its address, which
// may carry a password.
func unavailable(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, context.Canceled) {
		return cause
	}
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	return fmt.Errorf("ask Elasticsearch: %w: %w", indexer.ErrUnavailable, err)
}

// statusError turns an answer that is no success into an error. Of the answer
// only the type and the reason are told, and no reason of a refused document:
// it quotes it.
func statusError(status int, answer []byte) error {
	var a struct {
		Error struct {
			Type   string `json:"type"`
			Reason string `json:"reason"`
		} `json:"error"`
	}
	_ = json.Unmarshal(answer, &a) // an answer that is not JSON has no type
	kind := indexer.ErrUnavailable
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fmt.Errorf("%w: Elasticsearch refuses the user or its rights (%d %s)", indexer.ErrUnavailable, status, a.Error.Type)
	case status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge:
		kind = indexer.ErrInvalid
	}
	return fmt.Errorf("%w: Elasticsearch answered %d %s", kind, status, a.Error.Type)
}

// Refresh implements indexer.Archive.
func (e *Engine) Refresh(ctx context.Context) error {
	return e.refresh(ctx, e.archive, e.archiveIndices())
}

func (e *Engine) archiveIndices() string {
	names := make([]string, 0, 4)
	for _, c := range indexer.Collections() {
		names = append(names, e.index(c))
	}
	return strings.Join(names, ",")
}

func (e *Engine) refresh(ctx context.Context, client *es.Client, indices string) error {
	status, answer, err := e.do(ctx, client, http.MethodPost, "/"+indices+"/_refresh", nil)
	if err == nil && status >= 300 {
		err = statusError(status, answer)
	}
	if err != nil {
		return fmt.Errorf("refresh: %w", err)
	}
	return nil
}

// Together implements indexer.Engine: there are no transactions here, so
// every write of fn is done at once.
func (e *Engine) Together(ctx context.Context, fn func(indexer.Engine) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn(e)
}

// Check implements indexer.Engine: the indices must be there, writable and
// durable.
func (e *Engine) Check(ctx context.Context) error {
	for client, indices := range map[*es.Client]string{e.archive: e.archiveIndices(), e.state: e.entries()} {
		status, answer, err := e.do(ctx, client, http.MethodGet, "/"+indices+"/_settings?flat_settings=true", nil)
		if err == nil && status >= 300 {
			err = statusError(status, answer)
		}
		if err != nil {
			return fmt.Errorf("check the index: %w", err)
		}
		var settings map[string]struct {
			Settings map[string]string `json:"settings"`
		}
		if err := json.Unmarshal(answer, &settings); err != nil {
			return fmt.Errorf("check the index: %w", err)
		}
		for name, s := range settings {
			if s.Settings["index.translog.durability"] == "async" {
				return fmt.Errorf("index %s has translog.durability async: it would lose acknowledged writes", name)
			}
			for key, v := range s.Settings {
				if strings.HasPrefix(key, "index.blocks.") && v == "true" {
					return fmt.Errorf("%w: index %s is blocked by %s, as when the disk is full", indexer.ErrUnavailable, name, key)
				}
			}
		}
	}
	return nil
}

// Close implements indexer.Engine.
func (e *Engine) Close() error {
	e.sent.CloseIdleConnections()
	return nil
}
