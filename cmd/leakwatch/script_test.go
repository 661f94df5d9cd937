package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/leakwatch/leakwatch/internal/export"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"leakwatch": main})
}

// TestScripts runs the command line as its users do. Besides the commands of
// testscript, the scripts use:
//
//	exits CODE leakwatch ARG…   run it; the exit code must be CODE, and nothing it prints may steer a terminal
//	forum                       start a small forum on loopback; its address is $FORUM
//	port                        find a free port on loopback: $PORT
//	start NAME leakwatch ARG…   start it; its output goes to NAME.out and NAME.err
//	until FILE REGEXP           wait for a line in a file; $1 is set to the first group
//	signal NAME HUP|TERM|INT    send a signal to what was started
//	ends NAME CODE              wait for what was started, five seconds at most; the exit code must be CODE
//	get URL CODE FILE           fetch an address; the status must be CODE, the body goes to FILE
//	lines FILE N                the file (or stdout) must have at least N lines
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "forum": forum, "port": port, "start": start, "until": until, "signal": signalTo, "ends": ends, "get": get, "lines": lines,
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.Getenv("WORK")+"/home")
			e.Values[programs{}] = map[string]*program{}
			return nil
		},
	})
}

// programs is the key under which a script keeps what it started.
type programs struct{}

// program is one started leakwatch.
type program struct {
	cmd  *exec.Cmd
	done chan error
}

func exits(ts *testscript.TestScript, neg bool, a []string) {
	if neg || len(a) < 2 {
		ts.Fatalf("usage: exits CODE leakwatch ARG…")
	}
	err := ts.Exec(a[1], a[2:]...)
	if got := codeOf(err); strconv.Itoa(got) != a[0] {
		ts.Fatalf("%s ended with %d, want %s", strings.Join(a[1:], " "), got, a[0])
	}
	for _, name := range []string{"stdout", "stderr"} {
		for n, line := range strings.Split(ts.ReadFile(name), "\n") {
			if i := strings.IndexFunc(line, func(r rune) bool { return r != '\t' && export.Steers(r) }); i >= 0 {
				ts.Fatalf("%s:%d: a character that steers a terminal: %q", name, n+1, line)
			}
		}
	}
}

// codeOf is the exit code of a finished command, -1 if it did not end by itself.
func codeOf(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	return -1
}

// threads are the listings of the forum: two offers and two look-alikes.
func threads() []string {
	return []string{
		"出售高清人脸照片|高清人脸照片 5000张 10元 打包带走。加微信 face_seller_88",
		"手持身份证照片 一手货|出售手持身份证照片 1000套 300元,身份证号 11010519491231002X。飞机 @id_seller_66",
		"纯棉床上四件套 特价|纯棉四件套 1.8米床 199元包邮",
		"今天的天气|出门记得带伞",
	}
}

func forum(ts *testscript.TestScript, _ bool, _ []string) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!doctype html><html><head><meta charset="utf-8"><title>测试论坛</title></head><body><h1>测试论坛</h1><table class="threads">`)
		for i, x := range threads() {
			title, _, _ := strings.Cut(x, "|")
			fmt.Fprintf(w, `<tr class="thread"><td><a href="/thread/%d">%s</a></td><td>卖家%d</td><td>2026-11-20 10:0%d</td></tr>`, i+1, title, i, i)
		}
		fmt.Fprint(w, `</table></body></html>`)
	})
	mux.HandleFunc("GET /thread/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.PathValue("n"))
		if err != nil || n < 1 || n > len(threads()) {
			http.NotFound(w, r)
			return
		}
		title, body, _ := strings.Cut(threads()[n-1], "|")
		fmt.Fprintf(w, `<!doctype html><html><head><meta charset="utf-8"><title>%s - 测试论坛</title></head><body><div class="post"><h1>%s</h1>
<p>作者 <span class="author">卖家%d</span> 发表于 <span class="date">2026-11-20 10:0%d</span></p><div class="content">%s</div></div></body></html>`, title, title, n-1, n-1, body)
	})
	server := httptest.NewServer(mux)
	ts.Defer(server.Close)
	ts.Setenv("FORUM", server.URL)
}

func port(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, p, err := net.SplitHostPort(l.Addr().String())
	ts.Check(errors.Join(err, l.Close()))
	ts.Setenv("PORT", p)
}

func started(ts *testscript.TestScript) map[string]*program {
	return ts.Value(programs{}).(map[string]*program)
}

func start(ts *testscript.TestScript, _ bool, a []string) {
	out, err := os.Create(ts.MkAbs(a[0] + ".out"))
	ts.Check(err)
	talk, err := os.Create(ts.MkAbs(a[0] + ".err"))
	ts.Check(err)
	path, err := exec.LookPath(a[1])
	ts.Check(err)
	p := &program{cmd: exec.Command(path, a[2:]...), done: make(chan error, 1)}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = ts.MkAbs("."), out, talk
	p.cmd.Env = append(os.Environ(), "HOME="+ts.Getenv("HOME"))
	ts.Check(p.cmd.Start())
	go func() {
		p.done <- p.cmd.Wait()
		out.Close()
		talk.Close()
	}()
	started(ts)[a[0]] = p
	ts.Defer(func() {
		if ts.Value(programs{}).(map[string]*program)[a[0]] == p {
			_ = p.cmd.Process.Kill()
			<-p.done
		}
	})
}

// patience bounds every wait of a script.
const patience = 60 * time.Second

func until(ts *testscript.TestScript, _ bool, a []string) {
	want, err := regexp.Compile("(?m)" + a[1])
	ts.Check(err)
	end := time.NewTimer(patience)
	defer end.Stop()
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, 500*time.Millisecond) {
		data, err := os.ReadFile(ts.MkAbs(a[0]))
		if m := want.FindSubmatch(data); err == nil && m != nil {
			if len(m) > 1 {
				ts.Setenv("1", string(m[1]))
			}
			return
		}
		select {
		case <-time.After(wait):
		case <-end.C:
			ts.Fatalf("no line like %s in %s:\n%s", a[1], a[0], data)
		}
	}
}

func signalTo(ts *testscript.TestScript, _ bool, a []string) {
	signals := map[string]syscall.Signal{"HUP": syscall.SIGHUP, "TERM": syscall.SIGTERM, "INT": syscall.SIGINT}
	p := started(ts)[a[0]]
	if p == nil || signals[a[1]] == 0 {
		ts.Fatalf("usage: signal NAME HUP|TERM|INT")
	}
	ts.Check(p.cmd.Process.Signal(signals[a[1]]))
}

// stopTime is how long a stop may take, as docs/operations.md promises.
const stopTime = 5 * time.Second

func ends(ts *testscript.TestScript, _ bool, a []string) {
	p := started(ts)[a[0]]
	select {
	case err := <-p.done:
		delete(started(ts), a[0])
		if got := codeOf(err); strconv.Itoa(got) != a[1] {
			ts.Fatalf("%s ended with %d, want %s:\n%s", a[0], got, a[1], ts.ReadFile(a[0]+".err"))
		}
	case <-time.After(stopTime):
		ts.Fatalf("%s still runs after %s:\n%s", a[0], stopTime, ts.ReadFile(a[0]+".err"))
	}
}

func get(ts *testscript.TestScript, _ bool, a []string) {
	resp, err := http.Get(a[0])
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	if strconv.Itoa(resp.StatusCode) != a[1] {
		ts.Fatalf("%s answered %d, want %s:\n%s", a[0], resp.StatusCode, a[1], body)
	}
	ts.Check(os.WriteFile(ts.MkAbs(a[2]), body, 0o600))
}

func lines(ts *testscript.TestScript, _ bool, a []string) {
	want, err := strconv.Atoi(a[1])
	ts.Check(err)
	text := ts.ReadFile(a[0])
	if got := bytes.Count([]byte(text), []byte("\n")); got < want {
		ts.Fatalf("%s has %d lines, want at least %d:\n%s", a[0], got, want, text)
	}
}
