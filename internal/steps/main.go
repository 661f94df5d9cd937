// Command steps counts the work of detection: how many blocks of our own code
// run while a text is read. Unlike time, the count is the same on every run
// and machine, so a test can hold it to a line. It must be built with
//
//	go build -cover -covermode=atomic -coverpkg=<what is counted> ./internal/steps
//
// It reads questions from stdin, one JSON object a line, and answers each with
// a line: {"blocks":N,"allocated":BYTES}.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/coverage"
	"strings"

	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

// question asks for the work of reading a text: each unit, in order, repeated
// to an equal share of the bytes.
type question struct {
	Do    string   `json:"do"` // analyze, read or tokens
	Units []string `json:"units"`
	Bytes int      `json:"bytes"`
}

func (q *question) text() string {
	var b strings.Builder
	for _, u := range q.Units {
		if u != "" {
			b.WriteString(strings.Repeat(u, q.Bytes/len(q.Units)/len(u)+1))
		}
	}
	return b.String()
}

type answer struct {
	Blocks    uint64 `json:"blocks"`
	Allocated uint64 `json:"allocated"`
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "steps:", err)
		os.Exit(1)
	}
}

func serve() error {
	line, err := leak.NewKeyLine()
	if err != nil {
		return err
	}
	keys, err := leak.ParseKeyring([]byte(line))
	if err != nil {
		return err
	}
	e, err := detect.New(detect.Options{Keys: keys})
	if err != nil {
		return err
	}
	e.Read(leak.Raw{Title: "出售 face photos", Body: "10"}) // what is made once is not counted
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			return fmt.Errorf("read question: %w", err)
		}
		a, err := count(e, q)
		if err != nil {
			return err
		}
		if err := out.Encode(a); err != nil {
			return err
		}
	}
	return in.Err()
}

func count(e *detect.Engine, q question) (answer, error) {
	s := q.text()
	if err := coverage.ClearCounters(); err != nil {
		return answer{}, err
	}
	before := allocated()
	if err := read(e, q, s); err != nil {
		return answer{}, err
	}
	a := answer{Allocated: allocated() - before}
	var b bytes.Buffer
	err := coverage.WriteCounters(&b)
	if err == nil {
		a.Blocks, err = sum(b.Bytes())
	}
	return a, err
}

func read(e *detect.Engine, q question, s string) error {
	switch q.Do {
	case "analyze":
		e.Analyze(detect.Input{Body: s})
	case "read":
		e.Read(leak.Raw{Title: strings.Join(q.Units, " "), Body: s})
	case "tokens":
		text.Tokens(text.Fold(s))
	default:
		return fmt.Errorf("do %q: got neither analyze, read nor tokens", q.Do)
	}
	return nil
}

// allocated returns the bytes that this process has allocated so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
