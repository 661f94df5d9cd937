// Command bench measures leakwatch beside its peers and limits, in one run,
// and prints a table: go run ./bench [-pages N] [-rounds N] [-memory-pages N].
//
// The site stands in a process of its own, so that only the readers' CPU is
// counted. Rounds alternate; ratios of medians are what to quote, since
// machines drift. Both readers must give the same fields, or it fails.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gocolly/colly/v2"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/config"
)

func main() {
	serve := flag.Bool("serve-site", false, "be the site; for the bench itself")
	pages := flag.Int("pages", 1000, "listings of the site")
	rounds := flag.Int("rounds", 5, "rounds of each reader")
	memory := flag.Int("memory-pages", 0, "also measure memory over so many pages, such as 100000")
	profile := flag.String("cpuprofile", "", "write a CPU profile of the run")
	latency := flag.Duration("latency", 20*time.Second, "how long listings are planted at 50 a second")
	flag.Parse()
	if *serve {
		serveSite()
		return
	}
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		defer pprof.StopCPUProfile()
	}
	if err := run(*pages, *rounds, *memory, *latency); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(pages, rounds, memory int, latency time.Duration) error {
	site, stop, err := startSite(pages)
	if err != nil {
		return err
	}
	defer stop()
	fmt.Printf("%s, %d CPUs, %s; %d listings of 25 KB on loopback, %d rounds\n\n", runtime.Version(), runtime.NumCPU(), time.Now().UTC().Format(time.DateOnly), pages, rounds)
	var peer, ours []cost
	for range rounds {
		a, theirs, err := readWithColly(site)
		if err != nil {
			return err
		}
		b, stored, err := readWithLeakwatch(site, pages)
		if err != nil {
			return err
		}
		if err := sameFields(theirs, stored, pages); err != nil {
			return err
		}
		peer, ours = append(peer, a), append(ours, b)
	}
	fmt.Println("| reader | CPU ms a page, median (min–max) | requests |\n| --- | --- | --- |")
	report("colly, six OnHTML selectors, stores nothing", peer, pages)
	report("leakwatch, the whole path to the embedded index", ours, pages)
	fmt.Printf("\nratio of medians: %.2f (bar: 0.50)\n", median(ours)/median(peer))
	if latency > 0 {
		if err := measureLatency(latency); err != nil {
			return err
		}
	}
	if memory > 0 {
		return measureMemory(memory)
	}
	return nil
}

// cost is what one round took.
type cost struct {
	cpu      time.Duration
	requests int
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median(all []cost) float64 {
	v := make([]float64, len(all))
	for i, c := range all {
		v[i] = c.cpu.Seconds()
	}
	slices.Sort(v)
	return v[len(v)/2]
}

func report(name string, all []cost, pages int) {
	low, high := all[0].cpu, all[0].cpu
	for _, c := range all {
		low, high = min(low, c.cpu), max(high, c.cpu)
	}
	per := func(d float64) float64 { return d * 1000 / float64(pages) }
	fmt.Printf("| %s | %.2f (%.2f–%.2f) | %d |\n", name, per(median(all)), per(low.Seconds()), per(high.Seconds()), all[0].requests)
}

// fields are what both readers must agree on.
type fields struct{ Title, Seller, Price, Body, Date string }

// readWithColly reads the site as colly's documentation shows: OnHTML with a
// selector per field, and links followed with Visit.
func readWithColly(site string) (cost, map[string]fields, error) {
	runtime.GC()
	began := cpu()
	out := map[string]fields{}
	requests := 0
	c := colly.NewCollector()
	current := map[string]*fields{}
	field := func(e *colly.HTMLElement) *fields {
		u := e.Request.URL.Path
		if current[u] == nil {
			current[u] = &fields{}
		}
		return current[u]
	}
	c.OnHTML("a[href]", func(e *colly.HTMLElement) { _ = e.Request.Visit(e.Attr("href")) })
	c.OnHTML("h1.subject", func(e *colly.HTMLElement) { field(e).Title = e.Text })
	c.OnHTML("span.author", func(e *colly.HTMLElement) { field(e).Seller = e.Text })
	c.OnHTML("span.price", func(e *colly.HTMLElement) { field(e).Price = e.Text })
	c.OnHTML("div.message", func(e *colly.HTMLElement) { field(e).Body = e.Text })
	c.OnHTML("span.date", func(e *colly.HTMLElement) { field(e).Date = e.Text })
	c.OnResponse(func(*colly.Response) { requests++ })
	c.OnScraped(func(r *colly.Response) {
		if f := current[r.Request.URL.Path]; f != nil && strings.HasPrefix(r.Request.URL.Path, "/thread/") {
			out[r.Request.URL.Path] = *f
		}
	})
	if err := c.Visit(site + "/"); err != nil {
		return cost{}, nil, fmt.Errorf("colly: %w", err)
	}
	return cost{cpu() - began, requests}, out, nil
}

// newApp opens leakwatch on a fresh folder.
func newApp(ctx context.Context, yaml string) (*app.App, string, error) {
	dir, err := os.MkdirTemp("", "leakwatch-bench-")
	if err != nil {
		return nil, "", err
	}
	if err := app.CreateKeys(filepath.Join(dir, "keys")); err != nil {
		return nil, dir, err
	}
	cfg, err := config.Parse("bench.yaml", []byte(yaml), app.Checks())
	if err != nil {
		return nil, dir, err
	}
	a, err := app.Open(ctx, app.Options{Config: cfg, Data: dir, Exclusive: true, Log: slog.New(slog.DiscardHandler)})
	return a, dir, err
}

const source = "sources: [{name: bench, url: '%s/', schedule: '@hourly', pace: 1us, allow_private: true, max_pages: 100000, max_depth: 10000, robots: ignore}]\nwatches: [{name: w, query: 'category:face_photo AND quantity:>100000'}]\n"

// readWithLeakwatch crawls, detects, masks, matches and commits.
func readWithLeakwatch(site string, pages int) (_ cost, _ map[string]fields, err error) {
	ctx := context.Background()
	a, dir, err := newApp(ctx, fmt.Sprintf(source, site))
	if err != nil {
		return cost{}, nil, err
	}
	defer func() { err = errors.Join(err, a.Close(), os.RemoveAll(dir)) }()
	runtime.GC()
	began := cpu()
	reports, err := a.Crawl(ctx, nil)
	spent := cpu() - began
	if err != nil {
		return cost{}, nil, err
	}
	all, err := a.Search(ctx, "", pages+10)
	if err != nil {
		return cost{}, nil, err
	}
	out := map[string]fields{}
	for _, l := range all {
		_, path, _ := strings.Cut(strings.TrimPrefix(l.URL, "http://"), "/")
		f := fields{Title: l.Title, Seller: l.Seller, Body: l.Body}
		if len(l.Offers) > 0 && l.Offers[0].Price != nil {
			f.Price = fmt.Sprint(*l.Offers[0].Price)
		}
		if l.PostedAt != nil {
			f.Date = l.PostedAt.Format("2006-01-02 15:04")
		}
		out["/"+path] = f
	}
	return cost{spent, reports[0].Requests}, out, nil
}

// sameFields compares what the two readers got. Bodies are compared without
// space, since one keeps line breaks.
func sameFields(theirs, ours map[string]fields, pages int) error {
	if len(theirs) != pages || len(ours) != pages {
		return fmt.Errorf("colly read %d listings, leakwatch %d, the site has %d", len(theirs), len(ours), pages)
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	for path, a := range theirs {
		b := ours[path]
		a.Body, b.Body = squeeze(a.Body), squeeze(b.Body)
		if a != b {
			return fmt.Errorf("%s: colly %.300q, leakwatch %.300q", path, a, b)
		}
	}
	return nil
}

// startSite runs the site in a process of its own.
func startSite(pages int) (address string, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	cmd := exec.Command(self, "-serve-site", "-pages", fmt.Sprint(pages))
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	if _, err := fmt.Fscanln(out, &address); err != nil {
		return "", nil, fmt.Errorf("start the site: %w", err)
	}
	return address, func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }, nil
}

func serveSite() {
	pages := flag.Lookup("pages").Value.(flag.Getter).Get().(int)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("http://" + l.Addr().String())
	_ = http.Serve(l, newForum(pages))
}

// measureLatency plants 50 listings a second and measures from the moment
// that a page was asked for to the webhook.
func measureLatency(length time.Duration) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	f := newForum(0)
	f.served = map[int]time.Time{}
	forum, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { _ = http.Serve(forum, f) }()
	hook, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	got := &webhooks{at: map[string]time.Time{}}
	go func() { _ = http.Serve(hook, got) }()
	a, dir, err := newApp(ctx, fmt.Sprintf(`sources: [{name: bench, url: 'http://%s/', schedule: '@every 1s', pace: 1us, allow_private: true, max_pages: 100000, robots: ignore}]
watches: [{name: w, query: 'category:face_photo', receivers: [hook]}]
receivers: [{name: hook, type: webhook, url: 'http://%s/', secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, allow_private: true}]
console: {listen: '127.0.0.1:0'}
`, forum.Addr(), hook.Addr()))
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- a.Serve(ctx, func(app.Ready) {}) }()
	tick := time.NewTicker(20 * time.Millisecond)
	end := time.NewTimer(length)
	for planting := true; planting; {
		select {
		case <-tick.C:
			f.plant()
		case <-end.C:
			planting = false
		}
	}
	tick.Stop()
	<-time.NewTimer(5 * time.Second).C
	cancel()
	err = errors.Join(<-done, a.Close(), os.RemoveAll(dir))
	delays := got.delays(f)
	if err != nil || len(delays) == 0 {
		return fmt.Errorf("measure latency: %d webhooks: %w", len(delays), err)
	}
	slices.Sort(delays)
	at := func(p float64) time.Duration {
		return delays[min(int(p*float64(len(delays))), len(delays)-1)].Round(time.Millisecond)
	}
	planted := f.count()
	fmt.Printf("\npage fetched → webhook received at 50 listings a second: p50 %s, p95 %s, p99 %s (bar: 1s); %d planted, %d webhooks\n", at(.5), at(.95), at(.99), planted, len(delays))
	return nil
}

// webhooks notes when each alert came.
type webhooks struct {
	mu sync.Mutex // protects at
	at map[string]time.Time
}

func (x *webhooks) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	now := time.Now()
	var p struct {
		Data struct {
			Alerts []struct {
				Title string `json:"title"`
			} `json:"alerts"`
		} `json:"data"`
	}
	if json.NewDecoder(r.Body).Decode(&p) != nil {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, a := range p.Data.Alerts {
		if _, twice := x.at[a.Title]; !twice {
			x.at[a.Title] = now
		}
	}
}

func (x *webhooks) delays(f *forum) []time.Duration {
	x.mu.Lock()
	defer x.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []time.Duration
	for n, at := range f.served {
		if came, ok := x.at[threadTitle(n)]; ok {
			out = append(out, came.Sub(at))
		}
	}
	return out
}

// measureMemory crawls many pages and prints the largest resident size.
func measureMemory(pages int) error {
	site, stop, err := startSite(pages)
	if err != nil {
		return err
	}
	defer stop()
	if _, _, err := readWithLeakwatch(site, pages); err != nil {
		return err
	}
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return err
	}
	fmt.Printf("\nlargest resident size over %d pages: %d MB (bar: 256)\n", pages, u.Maxrss>>10)
	return nil
}
