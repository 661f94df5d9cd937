package ledger

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/internal/estest"
)

// elasticsearch returns the index part of a config, reached by address.
func elasticsearch(t *testing.T, wrap func(address string) string) string {
	t.Helper()
	c := estest.Config(t)
	address := c.Addresses[0]
	if wrap != nil {
		address = wrap(address)
	}
	return fmt.Sprintf("index: {engine: elasticsearch, elasticsearch: {addresses: ['%s'], username: '%s', password: '%s', prefix: '%s'}}",
		address, c.Username, c.Password.Reveal(), c.Prefix)
}

func TestKillsLoseNothingAndDoubleNothingElasticsearch(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	killMany(t, newWorld(t, build(t), elasticsearch(t, nil)), 60, 5*time.Second)
}

// trouble is what stands between the program and its index.
type trouble int32

const (
	none trouble = iota
	down         // connections are cut before the cluster sees them
	lost         // the cluster does it, its answer is lost
	full         // writes are refused as when the disk is full
	busy         // everything is refused with 429
	slow         // every answer takes half a second longer
)

// shaky is a proxy in front of the real cluster.
type shaky struct {
	trouble atomic.Int32
	proxy   *httputil.ReverseProxy
}

func (s *shaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch trouble(s.trouble.Load()) {
	case down:
		panic(http.ErrAbortHandler)
	case lost:
		s.proxy.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case full:
		if r.Method == http.MethodPut || r.Method == http.MethodPost && (r.URL.Path == "/_bulk") {
			w.Header().Set("X-Elastic-Product", "Elasticsearch")
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = w.Write([]byte(`{"error":{"type":"cluster_block_exception","reason":"disk usage exceeded flood-stage watermark"},"status":429}`))
			return
		}
	case busy:
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case slow:
		select {
		case <-time.After(500 * time.Millisecond):
		case <-r.Context().Done():
		}
	}
	s.proxy.ServeHTTP(w, r)
}

func TestAnIndexInTroubleLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	binary := build(t)
	for name, what := range map[string]trouble{"down": down, "answers lost": lost, "full": full, "busy": busy, "slow": slow} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &shaky{}
			x := newWorld(t, binary, elasticsearch(t, func(address string) string {
				u, err := url.Parse(address)
				if err != nil {
					t.Fatal(err)
				}
				s.proxy = httputil.NewSingleHostReverseProxy(u)
				front := httptest.NewServer(s)
				t.Cleanup(front.Close)
				return front.URL
			}))
			x.site.plant(10)
			cmd, ended := x.serve("")
			x.wait("the first alerts", 60*time.Second, func() bool { return x.receiver.acknowledged() >= 5 })
			x.site.plant(10)
			s.trouble.Store(int32(what))
			x.wait("the trouble to be over", 6*time.Second, func() bool { return false })
			s.trouble.Store(int32(none))
			x.site.plant(5)
			x.wait("all to be alerted", 90*time.Second, func() bool { return x.receiver.acknowledged() >= 25 })
			select {
			case err := <-ended:
				t.Fatalf("the program ended: %v", err)
			default:
			}
			_ = cmd.Process.Kill()
			<-ended
			x.reconcile(1)
		})
	}
}
