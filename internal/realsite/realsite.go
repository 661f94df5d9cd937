// Package realsite runs site software that none of us wrote, for tests: the
// forum django-spirit and the shop django-oscar, installed from the Python
// package index into virtual environments that are kept between runs.
//
// A site is filled through the program's own models with listings drawn from
// a seed, half of them look-alikes; its name, address prefix, language and
// port vary with the seed. Between the crawler and the program stands a proxy
// that counts requests.
//
// Environment:
//
//	LEAKWATCH_TEST_SEED    draws the same site again
//	LEAKWATCH_TEST_PYTHON  the interpreter to use; "require" makes a missing
//	                       one, or packages that cannot be installed, a
//	                       failure and not a skip
//	LEAKWATCH_TEST_CACHE   where the virtual environments are kept; by default
//	                       leakwatch-test in the user's cache directory
package realsite

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Planted is one post or product of a site with the truth about it.
type Planted struct {
	ID       string // as the kind reads it: "comment 12", "product 7"
	Title    string // of the thread, for a reply
	Body     string
	Seller   string
	Language string // zh, en or ko
	Hit      bool   // a category is offered in it
	Reply    bool   // not the first post of its thread
}

// Site is a running site. Its methods may be called while it is crawled.
type Site struct {
	URL   string // start address, all that a source needs
	Name  string
	Kind  string // spirit or oscar
	Seed  uint64
	draw  *drawer
	plant func([]post) map[string]int

	mu       sync.Mutex // protects all fields below
	truth    []Planted
	requests []string
}

// Seed returns the seed of this run, from LEAKWATCH_TEST_SEED or random, and
// prints it.
func Seed(t testing.TB) uint64 {
	t.Helper()
	seed := rand.Uint64() >> 1
	if v := os.Getenv("LEAKWATCH_TEST_SEED"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			t.Fatalf("LEAKWATCH_TEST_SEED: %v", err)
		}
		seed = n
	}
	t.Logf("LEAKWATCH_TEST_SEED=%d", seed)
	return seed
}

// Truth returns everything planted so far, in the order of planting.
func (s *Site) Truth() []Planted {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Planted(nil), s.truth...)
}

// Add plants n further posts or products and returns them.
func (s *Site) Add(n int) []Planted { return s.put(s.draw.more(n)) }

// put plants posts and notes the truth about them.
func (s *Site) put(posts []post) []Planted {
	ids := s.plant(posts)
	noun := map[string]string{"spirit": "comment", "oscar": "product"}[s.Kind]
	added := make([]Planted, len(posts))
	for i, p := range posts {
		added[i] = Planted{ID: fmt.Sprintf("%s %d", noun, ids[p.Key]), Title: p.Title, Body: p.Body,
			Seller: p.Author, Language: p.language, Hit: p.hit, Reply: p.Topic != ""}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.truth = append(s.truth, added...)
	return added
}

// Requests returns how many requests came since the start or ResetRequests,
// robots.txt left out.
func (s *Site) Requests() int { return len(s.RequestLog()) }

// RequestLog returns the requests that Requests counts: method, path and
// query.
func (s *Site) RequestLog() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.requests...)
}

// ResetRequests starts the count anew.
func (s *Site) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// serve puts the counting proxy before the program at addr.
func (s *Site) serve(t testing.TB, addr, prefix string) {
	target := &url.URL{Scheme: "http", Host: addr}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
	}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			s.mu.Lock()
			s.requests = append(s.requests, r.Method+" "+r.URL.RequestURI())
			s.mu.Unlock()
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	s.URL = front.URL + "/" + prefix
}

// program is one installed program in the directory of one site.
type program struct {
	t   testing.TB
	dir string
	bin string // of the virtual environment
	env []string
}

// command prepares a program of the virtual environment, with its bin on
// PATH.
func (p *program) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, name), args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "PATH="+p.bin+string(os.PathListSeparator)+os.Getenv("PATH"), "PYTHONUNBUFFERED=1", "PYTHONIOENCODING=utf-8", "DJANGO_SETTINGS_MODULE=leakwatch_settings")
	cmd.Env = append(cmd.Env, p.env...)
	return cmd
}

// run runs a program to its end and returns its standard output.
func (p *program) run(stdin []byte, name string, args ...string) []byte {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := p.command(ctx, name, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &out, &errs
	if err := cmd.Run(); err != nil {
		p.t.Fatalf("run %s %s: %v\n%s\n%s", name, strings.Join(args, " "), err, tail(out.String()), tail(errs.String()))
	}
	return out.Bytes()
}

// fill hands posts to fill.py, which plants them and answers with their ids.
func (p *program) fill(site string, posts []post) map[string]int {
	p.t.Helper()
	job, err := json.Marshal(map[string]any{"site": site, "posts": posts})
	if err != nil {
		p.t.Fatal(err)
	}
	var ids map[string]int
	out := p.run(job, "python", "fill.py")
	if err := json.Unmarshal(out, &ids); err != nil {
		p.t.Fatalf("read the answer of fill.py: %v\n%s", err, tail(string(out)))
	}
	return ids
}

// listen starts the program's server on a free port of loopback and returns
// its address once it answers.
func (p *program) listen() string {
	p.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := p.command(ctx, "python", "manage.py", "runserver", "--noreload", addr)
	log, err := os.Create(filepath.Join(p.dir, "server.log"))
	if err != nil {
		p.t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	p.t.Cleanup(func() {
		cancel()
		<-exited
		log.Close()
	})
	p.await(addr, exited)
	return addr
}

// await returns when the server takes connections.
func (p *program) await(addr string, exited chan error) {
	p.t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-exited:
			exited <- err
			b, _ := os.ReadFile(filepath.Join(p.dir, "server.log"))
			p.t.Fatalf("server ended: %v\n%s", err, tail(string(b)))
		case <-deadline:
			p.t.Fatalf("server does not answer at %s", addr)
		case <-tick.C:
			if c, err := net.Dial("tcp", addr); err == nil {
				c.Close()
				return
			}
		}
	}
}

func tail(s string) string {
	if len(s) > 4000 {
		return "…" + s[len(s)-4000:]
	}
	return s
}
