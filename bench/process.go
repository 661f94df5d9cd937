package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// outcome is what the process of one round tells the bench.
type outcome struct {
	Cost   cost
	Fields map[string]fields
	Pages  int
}

// cost is what one round took.
type cost struct {
	CPU      time.Duration
	Requests int
	MB       int // the largest resident size
}

// fields are what the readers must agree on.
type fields struct{ Title, Seller, Price, Body, Date string }

// self starts this program in another role.
func self(role, site string, f flags) (*exec.Cmd, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, "-role", role, "-site", site, "-pages", strconv.Itoa(f.pages), "-cpuprofile", f.profile, "-memprofile", f.heap)
	cmd.Stderr = os.Stderr
	return cmd, nil
}

// round runs a reader once, in a process of its own.
func (r reader) round(site string, f flags) (*outcome, error) {
	if r.name != "leakwatch" && r.name != "memory" {
		f.profile, f.heap = "", ""
	}
	cmd, err := self(r.name, site, f)
	if err != nil {
		return nil, err
	}
	b, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	out := &outcome{}
	if err := json.Unmarshal(b, out); err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	return out, nil
}

// startSite runs the site.
func startSite(pages int) (address string, stop func(), err error) {
	cmd, err := self("site", "", flags{pages: pages})
	if err != nil {
		return "", nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	if _, err := fmt.Fscanln(out, &address); err != nil {
		return "", nil, fmt.Errorf("start the site: %w", err)
	}
	return address, func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }, nil
}

// work is one round, in the process made for it.
func work(role, site string, f flags) error {
	var read func(string, flags, *meter) (*outcome, error)
	for _, r := range append(readers(), reader{name: "memory", read: readForMemory}) {
		if r.name == role {
			read = r.read
		}
	}
	if read == nil {
		return fmt.Errorf("no reader is called %q", role)
	}
	m := &meter{profile: f.profile, heap: f.heap}
	out, err := read(site, f, m)
	if err != nil {
		return err
	}
	out.Cost.CPU, out.Cost.MB = m.spent, m.most
	return json.NewEncoder(os.Stdout).Encode(out)
}

// meter measures what happens between start and stop.
type meter struct {
	profile, heap string // files, "" for none
	began, spent  time.Duration
	most          int // MB
}

func (m *meter) start() (err error) {
	if m.profile != "" {
		f, cerr := os.Create(m.profile)
		err = errors.Join(cerr, pprof.StartCPUProfile(f))
	}
	runtime.GC()
	m.began = cpu()
	return err
}

func (m *meter) stop() {
	m.spent, m.most = cpu()-m.began, largest()
	if m.profile != "" {
		pprof.StopCPUProfile()
	}
	if m.heap != "" {
		if f, err := os.Create(m.heap); err == nil {
			runtime.GC()
			_ = pprof.WriteHeapProfile(f)
		}
	}
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// largest returns the largest resident size of this process so far, in MB.
// Where the kernel tells it for the program alone that is taken: rusage counts
// the process that this one was forked from as well.
func largest() int {
	b, _ := os.ReadFile("/proc/self/status")
	if _, rest, ok := strings.Cut(string(b), "VmHWM:"); ok {
		if n, err := strconv.Atoi(strings.Fields(rest)[0]); err == nil {
			return n >> 10
		}
	}
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return int(u.Maxrss >> 10)
}
