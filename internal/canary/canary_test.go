// Package canary proves that no value that identifies a victim is kept or
// shown in clear. It plants made-up identifiers that pass their checks, of
// every kind, hidden in every way, in every field of a listing, on a site of
// its own; lets the real program crawl, import, alert, serve its console,
// export and back up; and then searches every byte that came out of it.
package canary

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/internal/estest"
)

// world is one run of the program and everything that came out of it.
type world struct {
	t        *testing.T
	binary   string
	dir      string
	canaries []*canary
	site     *forum
	hooks    hooks
	places   map[string][]byte // everything that is searched, by name
	console  string
	client   *http.Client
}

// hooks are the bodies that the webhook receiver was sent.
type hooks struct {
	mu     sync.Mutex // protects bodies
	bodies bytes.Buffer
}

func (h *hooks) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	fmt.Fprintln(&h.bodies, r.URL, r.Header)
	_, _ = h.bodies.ReadFrom(io.LimitReader(r.Body, 16<<20)) // a sender that was stopped is no failure
	h.bodies.WriteByte('\n')
}

func (h *hooks) all() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return bytes.Clone(h.bodies.Bytes())
}

func newWorld(t *testing.T, index string) *world {
	t.Helper()
	seed := seedOf(t)
	x := &world{t: t, dir: t.TempDir(), places: map[string][]byte{}, site: &forum{}}
	x.site.listings, x.canaries = plant(rand.New(rand.NewPCG(seed, 0)))
	x.build()
	server := httptest.NewServer(x.site)
	t.Cleanup(server.Close)
	x.site.base = server.URL
	hook := httptest.NewServer(&x.hooks)
	t.Cleanup(hook.Close)
	x.write("leakwatch.yaml", fmt.Sprintf(`
sources:
- {name: forum, url: '%[1]s/', schedule: '@every 1s', pace: 1ms, allow_private: true}
- {name: feed, url: '%[1]s/feed.xml', schedule: '@every 1s', pace: 1ms, allow_private: true}
watches:
- {name: everything, query: 'hit:any category:*', receivers: [hook, file]}
- {name: all, query: 'hit:any "批次"', receivers: [hook, file]}
receivers:
- {name: hook, type: webhook, url: '%[2]s/', secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, allow_private: true}
- {name: file, type: file, path: alerts.jsonl}
console: {listen: '127.0.0.1:0'}
%[3]s
`, server.URL, hook.URL, index))
	return x
}

func (x *world) build() {
	x.t.Helper()
	x.binary = filepath.Join(x.dir, "leakwatch")
	if out, err := exec.Command("go", "build", "-o", x.binary, "../../cmd/leakwatch").CombinedOutput(); err != nil {
		x.t.Fatalf("build: %v\n%s", err, out)
	}
}

func (x *world) file(name string) string { return filepath.Join(x.dir, name) }

func (x *world) write(name, text string) {
	x.t.Helper()
	if err := os.WriteFile(x.file(name), []byte(text), 0o600); err != nil {
		x.t.Fatal(err)
	}
}

// run runs one command; what it prints is a place to search.
func (x *world) run(args ...string) []byte {
	x.t.Helper()
	cmd := exec.Command(x.binary, append(args, "--config", x.file("leakwatch.yaml"), "--data", x.file("data"))...)
	cmd.Stdin = strings.NewReader("correct horse battery staple\n")
	var out, talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &talk
	if err := cmd.Run(); err != nil {
		x.t.Errorf("leakwatch %v: %v\n%s", args, err, talk.String())
	}
	x.places[fmt.Sprintf("output of %s (%d)", args[0], len(x.places))] = append(out.Bytes(), talk.Bytes()...)
	return out.Bytes()
}

// wait polls: the program is another process.
func (x *world) wait(what string, cond func() bool) {
	x.t.Helper()
	deadline := time.NewTimer(3 * time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-deadline.C:
			x.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// serve starts the program and returns what ends it.
func (x *world) serve() (stop func()) {
	x.t.Helper()
	log, err := os.Create(x.file("serve.log"))
	if err != nil {
		x.t.Fatal(err)
	}
	cmd := exec.Command(x.binary, "serve", "--log-level", "debug", "--config", x.file("leakwatch.yaml"), "--data", x.file("data"))
	cmd.Stderr, cmd.Stdout = log, log
	if err := cmd.Start(); err != nil {
		x.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait(); log.Close() }()
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := <-ended; err != nil {
			x.t.Errorf("serve: %v", err)
		}
	})
	x.t.Cleanup(stop)
	address := regexp.MustCompile(`Console: (http://\S+)`)
	x.wait("the console", func() bool {
		data, err := os.ReadFile(x.file("serve.log"))
		m := address.FindSubmatch(data)
		if err != nil || m == nil {
			return false
		}
		x.console = string(m[1])
		return true
	})
	return stop
}

// importFile writes the listings as lines of an import, each field in clear.
func (x *world) importFile() string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	for i := range x.site.listings {
		l := &x.site.listings[i]
		_ = enc.Encode(map[string]string{ // a Builder does not fail
			"url": "https://import.example" + l.path(i), "title": l.importTitle(), "seller": l.field("seller"), "body": l.importBody(),
		})
	}
	x.write("in.jsonl", b.String())
	return x.file("in.jsonl")
}

// login makes the console client one of an admin.
func (x *world) login() {
	x.t.Helper()
	x.run("users", "add", "ann", "--role", "admin")
	jar, err := cookiejar.New(nil)
	if err != nil {
		x.t.Fatal(err)
	}
	x.client = &http.Client{Jar: jar}
	x.post("/login", url.Values{"name": {"ann"}, "password": {"correct horse battery staple"}})
}

// keep keeps an answer of the console, addresses of redirects included.
func (x *world) keep(r *http.Response, err error, name string) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		x.t.Fatal(err)
	}
	if r.StatusCode >= 500 || r.StatusCode == http.StatusUnauthorized || r.StatusCode == http.StatusForbidden {
		x.t.Errorf("%s: %s", name, r.Status)
	}
	x.places[name] = fmt.Appendf(body, "\n%s %v", strings.TrimPrefix(r.Header.Get("Location"), x.console), r.Header)
}

// page is the part of an address that says which page it is.
var page = regexp.MustCompile(`^/(api/v1/)?[a-z]*(/preview)?`)

func (x *world) get(path string) {
	x.t.Helper()
	r, err := x.client.Get(x.console + path)
	x.keep(r, err, fmt.Sprintf("console page %d %s", len(x.places), page.FindString(path)))
}

func (x *world) post(path string, form url.Values) {
	x.t.Helper()
	r, err := x.client.PostForm(x.console+path, form)
	x.keep(r, err, fmt.Sprintf("console answer %d to %s", len(x.places), path))
}

// browse asks the console for every page, and types identifiers into every
// field that takes a query.
func (x *world) browse() {
	x.t.Helper()
	x.login()
	for _, p := range []string{"/", "/search", "/search?q=hit:any", "/sources", "/watches", "/silences", "/receivers", "/users", "/audit",
		"/export?format=csv&q=hit:any", "/export?format=jsonl&q=hit:any", "/api/v1/alerts", "/api/v1/listings", "/alerts/new", "/nothing"} {
		x.get(p)
	}
	typed := map[string]bool{}
	for _, c := range x.canaries {
		if c.kind == "name" || strings.Contains(c.text, "\n") || typed[c.kind+c.class] {
			continue
		}
		typed[c.kind+c.class] = true
		for _, q := range []string{"identifier:" + strconv.Quote(c.text), strconv.Quote(c.text)} {
			for _, path := range []string{"/search", "/watches/preview", "/"} {
				x.get(path + "?q=" + url.QueryEscape(q))
				x.post(path, url.Values{"q": {q}})
			}
		}
		x.get("/api/v1/listings?q=" + url.QueryEscape("identifier:"+strconv.Quote(c.text)))
	}
	for name, column := range map[string]string{"/listings/": "search hit:any", "/alerts/": "alerts list"} {
		for line := range bytes.Lines(x.run(append(strings.Fields(column), "--limit", "1000", "-o", "jsonl")...)) {
			var d struct {
				ID   string `json:"id"`
				Case string `json:"case"`
			}
			if err := json.Unmarshal(line, &d); err != nil {
				x.t.Fatal(err)
			}
			x.get(name + d.ID)
			x.get("/api/v1" + name + d.ID)
			x.get("/cases/" + d.Case)
		}
	}
	x.get("/audit") // with all of that
}

// collect makes every file below the folder of the program a place, but the
// files that this test wrote itself.
func (x *world) collect(when string) {
	x.t.Helper()
	err := filepath.WalkDir(x.dir, func(path string, d fs.DirEntry, err error) error {
		name := filepath.Base(path)
		if err != nil || !d.Type().IsRegular() || slices.Contains([]string{"in.jsonl", "leakwatch", "leakwatch.yaml"}, name) {
			return err
		}
		data, err := os.ReadFile(path)
		x.places[name+" "+when] = data
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
}

// crawled reports whether all listings of both sources and of the import are
// in the index and an alert of each was delivered.
func (x *world) stored() int { return bytes.Count(x.run("export", "-o", "jsonl"), []byte("\n")) }

// produce lets the program do everything that leaves something behind.
func (x *world) produce() {
	x.run("keys", "init")
	stop := x.serve()
	x.run("import", x.importFile())
	want := 3 * len(x.site.listings)
	x.wait(fmt.Sprintf("%d listings", want), func() bool { return x.stored() >= want })
	x.wait("the alerts", func() bool { return bytes.Count(x.hooks.all(), []byte("alert.created")) >= want })
	x.browse()
	for _, f := range []string{"table", "json", "jsonl", "csv"} {
		x.run("search", "hit:any", "--limit", "1000", "-o", f)
		x.run("alerts", "list", "--limit", "1000", "-o", f)
	}
	x.run("export", "-o", "csv")
	x.run("sources")
	x.collect("while it runs")
	stop()
	x.places["webhook bodies"] = x.hooks.all()
	x.collect("after the end")
}

// check searches every place for every canary.
func (x *world) check() {
	t := x.t
	t.Helper()
	s := newSearcher(x.canaries)
	size, total := 0, 0
	leaks := map[string]map[string]bool{} // the places by what stands there
	for name, data := range x.places {
		size += len(data)
		for _, n := range s.find(data) {
			c := n.canary
			what := fmt.Sprintf("%s %s in %s", c.kind, c.class, c.field)
			if leaks[what] == nil {
				leaks[what] = map[string]bool{}
				t.Errorf("%s: the canary %q, planted as %q, stands in %s (%s): …%.40q", what, c.text, c.planted, name, n.form, data[max(0, n.at-60):n.at])
			}
			leaks[what][placeClass(name)] = true
			total++
		}
	}
	for _, what := range slices.Sorted(maps.Keys(leaks)) {
		t.Errorf("%s: %q", what, slices.Sorted(maps.Keys(leaks[what])))
	}
	t.Logf("searched %d places (%d MB) for %d canaries: %d found", len(x.places), size>>20, len(x.canaries), total)
	x.checkRest()
	x.checkMarkers()
}

var numbered = regexp.MustCompile(` \(?\d+\)?`)

// placeClass is the name of a place without its number.
func placeClass(name string) string { return numbered.ReplaceAllString(name, "") }

// outside is a digit of any script.
var outside = regexp.MustCompile(`\p{Nd}|[①-⑳⓪〇一二三四五六七八九]`)

var masks = regexp.MustCompile(`⟦[^⟧]*⟧`)

// checkRest makes sure that of the values in titles and sellers, which hold
// no other digit, nothing is left beside the mask.
func (x *world) checkRest() {
	seen := map[string]bool{}
	for line := range bytes.Lines(x.run("export", "-o", "jsonl")) {
		var l struct{ Source, Title, Seller string }
		if err := json.Unmarshal(line, &l); err != nil {
			x.t.Fatal(err)
		}
		for _, s := range []string{l.Title, l.Seller} {
			if rest := masks.ReplaceAllString(s, ""); outside.MatchString(rest) && !seen[rest] {
				seen[rest] = true
				x.t.Errorf("%s: digits are left beside the mask: %q", l.Source, s)
			}
		}
	}
}

// checkMarkers makes sure that the places searched hold the listings at all.
func (x *world) checkMarkers() {
	held := map[string]bool{}
	for name, data := range x.places {
		for i := range x.site.listings {
			if bytes.Contains(data, []byte(x.site.listings[i].marker)) {
				held[placeClass(name)] = true
			}
		}
	}
	x.t.Logf("places that hold listings: %q", slices.Sorted(maps.Keys(held)))
	for _, must := range []string{"webhook bodies", "alerts.jsonl after the end", "output of export", "output of search", "output of alerts", "console page /listings", "console page /alerts", "console page /export"} {
		if !held[must] {
			x.t.Errorf("no listing stands in %s: searching it proves nothing", must)
		}
	}
}

func TestNothingInClearEmbedded(t *testing.T) {
	if testing.Short() {
		t.Skip("crawls with the real program")
	}
	x := newWorld(t, "")
	x.produce()
	x.run("backup", x.file("backup.db"))
	x.collect("after the backup")
	for _, must := range []string{"index.db after the end", "backup.db after the backup", "index.db-wal while it runs"} {
		if !bytes.Contains(x.places[must], []byte("批次")) {
			t.Errorf("no listing stands in %s: searching it proves nothing", must)
		}
	}
	x.check()
}

func TestNothingInClearElasticsearch(t *testing.T) {
	if testing.Short() {
		t.Skip("crawls with the real program")
	}
	es := estest.Config(t)
	x := newWorld(t, fmt.Sprintf("index: {engine: elasticsearch, elasticsearch: {addresses: ['%s'], username: '%s', password: '%s', prefix: '%s'}}",
		es.Addresses[0], es.Username, es.Password.Reveal(), es.Prefix))
	x.produce()
	x.places["documents of Elasticsearch"] = documents(t, es)
	if !bytes.Contains(x.places["documents of Elasticsearch"], []byte("批次")) {
		t.Error("no listing stands in Elasticsearch: searching it proves nothing")
	}
	x.check()
}

// documents returns every document of the indices of a prefix.
func documents(t *testing.T, es config.Elasticsearch) []byte {
	t.Helper()
	ask := func(path, body string) []byte {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, es.Addresses[0]+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(es.Username, es.Password.Reveal())
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		out, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %v\n%.500s", path, resp.Status, err, out)
		}
		return out
	}
	indices := "/" + es.Prefix + "*"
	ask(indices+"/_refresh", "")
	var all []byte
	page := ask(indices+"/_search?scroll=1m&expand_wildcards=all", `{"size":500,"query":{"match_all":{}}}`)
	for {
		var p struct {
			ID   string `json:"_scroll_id"`
			Hits struct {
				Hits []json.RawMessage `json:"hits"`
			} `json:"hits"`
		}
		if err := json.Unmarshal(page, &p); err != nil {
			t.Fatal(err)
		}
		if len(p.Hits.Hits) == 0 {
			return all
		}
		all = append(all, page...)
		page = ask("/_search/scroll", fmt.Sprintf(`{"scroll":"1m","scroll_id":%q}`, p.ID))
	}
}

// TestTheSearchFindsWhatIsThere is the check of the check: each canary is
// found in each form, in the midst of other bytes.
func TestTheSearchFindsWhatIsThere(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	_, all := plant(r)
	s := newSearcher(all)
	noise := make([]byte, 512)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	if found := s.find(noise); len(found) > 0 {
		t.Fatalf("found %v in noise", found[0].form)
	}
	searched := 0
	for _, c := range all {
		for form, text := range c.forms() {
			searched++
			if !has(s.find(slices.Concat(noise[:100], []byte(text), noise[100:])), c) {
				t.Errorf("%s %s in %s: %s is not found", c.kind, c.class, c.field, form)
			}
		}
		if len(onlyDigits(c.text)) < 11 || strings.ContainsAny(c.text, "\nX<") {
			continue
		}
		for _, class := range []string{"width", "spaced", "dashed", "zero", "cells", "lines", "han", "circled"} {
			searched++
			if !has(s.find([]byte(`{"body":`+strconv.Quote(hide(class, c.text))+`}`)), c) && !has(s.find([]byte(hide(class, c.text))), c) {
				t.Errorf("%s hidden as %s is not found", c.kind, class)
			}
		}
	}
	t.Logf("%d canaries found in %d forms", len(all), searched)
}

func has(found []needle, c *canary) bool {
	return slices.ContainsFunc(found, func(n needle) bool { return n.canary == c })
}
