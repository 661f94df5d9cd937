// Command bench measures leakwatch beside its peers and limits, in one run,
// and prints a table: go run ./bench [-pages N] [-rounds N] [-memory-pages N].
//
// The site and each round of each reader stand in a process of their own, as
// they would in use: no reader pays for the memory that another left, and each
// has the settings of the garbage collector that it has by itself. Rounds
// alternate; ratios of medians are what to quote, since machines drift. The
// readers must give the same fields, or it fails.
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// flags are what the bench was asked for.
type flags struct {
	pages, rounds, memory int
	latency               time.Duration
	profile, heap         string
}

func main() {
	var f flags
	role := flag.String("role", "", "what a process of the bench is for; for the bench itself")
	site := flag.String("site", "", "address of the site; for the bench itself")
	flag.IntVar(&f.pages, "pages", 1000, "listings of the site")
	flag.IntVar(&f.rounds, "rounds", 5, "rounds of each reader")
	flag.IntVar(&f.memory, "memory-pages", 0, "also measure memory over so many pages, such as 100000")
	flag.DurationVar(&f.latency, "latency", 20*time.Second, "how long listings are planted at 50 a second; 0 to not")
	flag.StringVar(&f.profile, "cpuprofile", "", "write a CPU profile of leakwatch's last round")
	flag.StringVar(&f.heap, "memprofile", "", "write a heap profile of leakwatch's last round, at the end of its crawl")
	flag.Parse()
	if err := do(*role, *site, f); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func do(role, site string, f flags) error {
	switch role {
	case "":
		return run(f)
	case "site":
		return serveSite(f.pages)
	}
	return work(role, site, f)
}

func run(f flags) error {
	fmt.Printf("%s, %d CPUs, %s\n", runtime.Version(), runtime.NumCPU(), time.Now().UTC().Format(time.DateOnly))
	if f.rounds > 0 {
		if err := compare(f); err != nil {
			return err
		}
	}
	if f.latency > 0 {
		if err := measureLatency(f.latency); err != nil {
			return err
		}
	}
	if f.memory > 0 {
		return measureMemory(f)
	}
	return nil
}

// compare lets the readers read one site in turns.
func compare(f flags) error {
	site, stop, err := startSite(f.pages)
	if err != nil {
		return err
	}
	defer stop()
	costs := map[string][]cost{}
	for range f.rounds {
		var first map[string]fields
		for _, r := range readers() {
			out, err := r.round(site, f)
			if err != nil {
				return err
			}
			costs[r.name] = append(costs[r.name], out.Cost)
			switch {
			case !r.reads:
			case first == nil:
				first = out.Fields
			default:
				if err := sameFields(r.name, first, out.Fields, f.pages); err != nil {
					return err
				}
			}
		}
	}
	fmt.Printf("\n%d listings of 25 KB on loopback, %d rounds\n\n", f.pages, f.rounds)
	fmt.Println("| reader | CPU ms a page, median (min–max) | of colly | requests | MB at most |\n| --- | --- | --- | --- | --- |")
	for _, r := range readers() {
		report(r.says, costs[r.name], median(costs["colly"]), f.pages)
	}
	fmt.Printf("\nleakwatch / colly: %.2f (bar: 0.50)\n", median(costs["leakwatch"])/median(costs["colly"]))
	return nil
}

func median(all []cost) float64 {
	v := make([]float64, len(all))
	for i, c := range all {
		v[i] = c.CPU.Seconds()
	}
	slices.Sort(v)
	return v[len(v)/2]
}

func report(name string, all []cost, peer float64, pages int) {
	low, high := all[0].CPU, all[0].CPU
	rss := 0
	for _, c := range all {
		low, high, rss = min(low, c.CPU), max(high, c.CPU), max(rss, c.MB)
	}
	per := func(d float64) float64 { return d * 1000 / float64(pages) }
	fmt.Printf("| %s | %.2f (%.2f–%.2f) | %.2f | %d | %d |\n", name, per(median(all)), per(low.Seconds()), per(high.Seconds()), median(all)/peer, all[0].Requests, rss)
}

// sameFields compares what two readers got. Bodies are compared without
// space, since one keeps line breaks.
func sameFields(name string, theirs, ours map[string]fields, pages int) error {
	if len(theirs) != pages || len(ours) != pages {
		return fmt.Errorf("colly read %d listings, %s %d, the site has %d", len(theirs), name, len(ours), pages)
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	for path, a := range theirs {
		b := ours[path]
		a.Body, b.Body = squeeze(a.Body), squeeze(b.Body)
		if a != b {
			return fmt.Errorf("%s: colly %.300q, %s %.300q", path, a, name, b)
		}
	}
	return nil
}

// measureMemory crawls many pages and prints the largest resident size of the
// process that did.
func measureMemory(f flags) error {
	f.pages = f.memory
	site, stop, err := startSite(f.pages)
	if err != nil {
		return err
	}
	defer stop()
	out, err := reader{name: "memory"}.round(site, f)
	if err != nil {
		return err
	}
	fmt.Printf("\nlargest resident size over %d pages, whole path: %d MB (bar: 256); CPU ms a page: %.2f\n",
		out.Pages, out.Cost.MB, out.Cost.CPU.Seconds()*1000/float64(out.Pages))
	return nil
}

func serveSite(pages int) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	return http.Serve(l, newForum(pages))
}
