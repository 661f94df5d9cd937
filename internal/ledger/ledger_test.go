// Package ledger kills leakwatch and counts what that loses. It stands outside
// of the program: it plants listings on a site of its own, takes the webhooks,
// kills the real binary at every named point and at random instants, and at
// the end reconciles what was planted with the alerts in the index and with
// the ids that the receiver saw.
package ledger

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
)

// site is a forum whose listings the ledger plants and takes away.
type site struct {
	mu      sync.Mutex // protects all fields below
	planted []int
	removed map[int]bool
	asked   int // requests
}

const perPage = 20

func (s *site) plant(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.planted = append(s.planted, len(s.planted)+1)
	}
}

// remove takes a listing from the site.
func (s *site) remove(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.removed[id] = true
}

// requests returns how often the site was asked.
func (s *site) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// standing returns the titles of the listings that the site shows.
func (s *site) standing() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, n := range s.planted {
		if !s.removed[n] {
			out = append(out, title(n))
		}
	}
	return out
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if id, ok := strings.CutPrefix(r.URL.Path, "/thread/"); ok {
		n, err := strconv.Atoi(id)
		if err != nil || n < 1 || n > len(s.planted) || s.removed[n] {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, `<html><head><title>%s - 测试论坛</title></head><body><div class="nav"><a href="/">首页</a></div>
<div class="post"><h1>%s</h1><p>作者 <span class="author">卖家%d</span> 发表于 <span class="date">2026-11-2%d 10:%02d</span></p>
<div class="content">高清人脸照片 %d张 10元 打包带走,编号L%06d。<br>加微信 ledger_%06d</div></div></body></html>`,
			title(n), title(n), n%17, n%3, n%60, 1000+n, n, n)
		return
	}
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	page, _ := strconv.Atoi(r.FormValue("page"))
	page = max(page, 1)
	var shown []int
	for i := len(s.planted) - 1; i >= 0; i-- {
		if !s.removed[s.planted[i]] {
			shown = append(shown, s.planted[i])
		}
	}
	fmt.Fprint(w, `<html><head><title>测试论坛</title></head><body><div class="nav"><a href="/">首页</a></div><h1>测试论坛</h1><table class="threads">`)
	for _, n := range shown[min((page-1)*perPage, len(shown)):min(page*perPage, len(shown))] {
		fmt.Fprintf(w, `<tr class="thread"><td><a href="/thread/%d">%s</a></td><td>卖家%d</td><td>2026-11-2%d 10:%02d</td></tr>`, n, title(n), n%17, n%3, n%60)
	}
	fmt.Fprint(w, `</table><div class="pages">`)
	if page*perPage < len(shown) {
		fmt.Fprintf(w, `<a rel="next" href="/?page=%d">下一页</a>`, page+1)
	}
	fmt.Fprint(w, `</div></body></html>`)
}

func title(n int) string { return fmt.Sprintf("出售人脸照片 第%06d批", n) }

// world is one site, one receiver and one data folder.
type world struct {
	t        *testing.T
	binary   string
	dir      string
	site     *site
	receiver *receiver
	env      []string
	log      *os.File
}

// build compiles the program once per test.
func build(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "leakwatch")
	cmd := exec.Command("go", "build", "-o", out, "../../cmd/leakwatch")
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, msg)
	}
	return out
}

func newWorld(t *testing.T, binary, index string) *world {
	t.Helper()
	x := &world{t: t, binary: binary, dir: t.TempDir(), site: &site{removed: map[int]bool{}},
		receiver: &receiver{ids: map[string]int{}, attempts: map[string]int{}, alerts: map[string]map[string]bool{}, listing: map[string]string{}, release: make(chan struct{})}}
	forum := httptest.NewServer(x.site)
	t.Cleanup(forum.Close)
	x.receiver.set(well)
	t.Cleanup(func() { x.receiver.set(away) })
	cfg := fmt.Sprintf(`
sources:
- {name: ledger, url: '%s/', schedule: '@every 1s', pace: 1ms, allow_private: true}
watches:
- {name: planted, query: 'category:face_photo', receivers: [hook]}
receivers:
- {name: hook, type: webhook, url: 'http://%s/', secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, allow_private: true}
console: {listen: '127.0.0.1:0'}
%s
`, forum.URL, x.receiver.address, index)
	if err := os.WriteFile(x.file("leakwatch.yaml"), []byte(cfg), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if x.log, err = os.Create(x.file("log")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		x.log.Close()
		if t.Failed() {
			tail, _ := os.ReadFile(x.file("log"))
			t.Logf("the end of the log:\n%s", tail[max(0, len(tail)-4000):])
		}
	})
	x.run("keys", "init")
	return x
}

func (x *world) file(name string) string { return filepath.Join(x.dir, name) }

func (x *world) command(args ...string) *exec.Cmd {
	cmd := exec.Command(x.binary, append(args, "--config", x.file("leakwatch.yaml"), "--data", x.file("data"))...)
	cmd.Env = append(os.Environ(), x.env...)
	cmd.Stderr = x.log
	return cmd
}

func (x *world) run(args ...string) []byte {
	x.t.Helper()
	out, err := x.command(args...).Output()
	if err != nil {
		x.t.Fatalf("leakwatch %v: %v", args, err)
	}
	return out
}

// serve starts the program and returns it with a channel that tells its end.
func (x *world) serve(crash string) (*exec.Cmd, <-chan error) {
	x.t.Helper()
	cmd := x.command("serve")
	if crash != "" {
		cmd.Env = append(cmd.Env, "LEAKWATCH_CRASH_AT="+crash)
	}
	if err := cmd.Start(); err != nil {
		x.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return cmd, ended
}

// stored returns the titles of the listings in the index.
func (x *world) stored() map[string]bool {
	x.t.Helper()
	titles := map[string]bool{}
	for line := range lines(x.run("export", "-o", "jsonl")) {
		var l struct {
			Title string `json:"title"`
		}
		if err := json.Unmarshal(line, &l); err != nil {
			x.t.Fatal(err)
		}
		titles[l.Title] = true
	}
	return titles
}

// alertTitles returns how many alerts the index holds per listing title.
func (x *world) alertTitles() map[string]int {
	x.t.Helper()
	titles := map[string]int{}
	for line := range lines(x.run("alerts", "list", "--limit", "100000", "-o", "jsonl")) {
		var a struct {
			Title string `json:"title"`
		}
		if err := json.Unmarshal(line, &a); err != nil {
			x.t.Fatal(err)
		}
		titles[a.Title]++
	}
	return titles
}

func lines(b []byte) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		s := bufio.NewScanner(bytes.NewReader(b))
		s.Buffer(make([]byte, 1<<20), 1<<24)
		for s.Scan() {
			if !yield(s.Bytes()) {
				return
			}
		}
	}
}

// wait polls until the condition holds or the time is over. The program under
// test is another process, so there is no clock to fake.
func (x *world) wait(what string, limit time.Duration, cond func() bool) bool {
	x.t.Helper()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-deadline.C:
			x.t.Logf("waited %s in vain for %s", limit, what)
			return false
		}
	}
	return true
}

// killAt runs the program until it kills itself at a point, or kills it a
// while after its first request to the site. A point that was not passed by
// then, though all that stands on the site was alerted, is not passed any
// more.
func (x *world) killAt(crash string, after time.Duration) (atPoint bool) {
	x.t.Helper()
	asked := x.site.requests()
	cmd, ended := x.serve(crash)
	over := make(chan struct{})
	go func() {
		<-ended
		close(over)
	}()
	isOver := func() bool {
		select {
		case <-over:
			return true
		default:
			return false
		}
	}
	x.wait("the first request", time.Minute, func() bool { return isOver() || x.site.requests() > asked })
	if crash != "" {
		x.wait("all to be alerted", 30*time.Second, func() bool { return isOver() || x.receiver.heard(x.site.standing()) })
		after = time.Second
	}
	select {
	case <-over:
		return true
	case <-time.After(after):
	}
	_ = cmd.Process.Signal(syscall.SIGKILL)
	<-over
	return false
}

// reconcile lets the program run undisturbed until everything is delivered,
// stops it, and compares the three books.
func (x *world) reconcile(kills int) {
	t := x.t
	t.Helper()
	x.receiver.set(well)
	cmd, ended := x.serve("")
	x.wait("all listings to be alerted", 90*time.Second, func() bool { return x.receiver.heard(x.site.standing()) })
	settle := time.NewTimer(3 * time.Second)
	<-settle.C
	_ = cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(15 * time.Second):
		t.Error("the program did not stop within 15 s of SIGTERM")
		_ = cmd.Process.Kill()
	}
	stored, alerted := x.stored(), x.alertTitles()
	lost, doubled, unseen, neverCommitted := 0, 0, 0, 0
	heard := map[string]int{}
	for id := range x.receiver.alerts {
		heard[x.receiver.listing[id]]++
	}
	for _, id := range x.site.planted {
		name := title(id)
		switch {
		case !stored[name] && x.site.removed[id]:
			neverCommitted++ // gone from the site before it was committed: nothing could know of it
			continue
		case !stored[name] || alerted[name] == 0:
			lost++
			t.Errorf("%s: stored %v, %d alerts", name, stored[name], alerted[name])
		case alerted[name] > 1:
			doubled++
			t.Errorf("%s has %d alerts", name, alerted[name])
		}
		if heard[name] == 0 {
			unseen++
			t.Errorf("%s never reached the receiver", name)
		}
	}
	repeats, otherID := 0, 0
	for _, n := range x.receiver.ids {
		repeats += n - 1
	}
	for id, hooks := range x.receiver.alerts {
		if len(hooks) > 1 {
			otherID++
			t.Errorf("alert %s was delivered under %d webhook ids", id, len(hooks))
		}
	}
	t.Logf("%d kills: planted %d (%d never committed), lost %d, doubled %d, never delivered %d; %d webhook ids, %d repeats with the same id, %d with another",
		kills, len(x.site.planted), neverCommitted, lost, doubled, unseen, len(x.receiver.ids), repeats, otherID)
	if len(x.receiver.ids) != len(x.receiver.alerts) || len(x.receiver.alerts) != len(alerted) {
		t.Errorf("%d webhook ids, %d alerts received, %d in the index", len(x.receiver.ids), len(x.receiver.alerts), len(alerted))
	}
}

func seed(t *testing.T) *rand.Rand {
	t.Helper()
	n := rand.Uint64()
	if v, err := strconv.ParseUint(os.Getenv("LEAKWATCH_TEST_SEED"), 10, 64); err == nil {
		n = v
	}
	t.Logf("LEAKWATCH_TEST_SEED=%d", n)
	return rand.New(rand.NewPCG(n, 1))
}

// killMany kills the program at every named point, and between those at
// random instants within window of its first request; in a third of the kills
// a planted listing is gone from the site before the restart.
func killMany(t *testing.T, x *world, kills int, window time.Duration) {
	r := seed(t)
	points := alerts.CrashPoints()
	x.site.plant(5)
	named, reached := 0, 0
	for i := range kills {
		x.site.plant(2)
		crash := ""
		if i%2 == 0 || kills-i <= len(points)-named {
			crash = points[(named*7)%len(points)] + ":" + strconv.Itoa(1+r.IntN(2))
			named++
		}
		if x.killAt(crash, time.Duration(r.Int64N(int64(window)))) {
			reached++
		}
		if i%3 == 0 {
			x.site.remove(x.site.planted[len(x.site.planted)-1-r.IntN(2)])
		}
	}
	t.Logf("%d of %d kills at a named point, of %d tried", reached, kills, named)
	if reached < named/2 {
		t.Errorf("only %d kills came at a named point, of %d tried", reached, named)
	}
	x.reconcile(kills)
}

func TestKillsLoseNothingAndDoubleNothingEmbedded(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	killMany(t, newWorld(t, build(t), ""), 60, 1500*time.Millisecond)
}
