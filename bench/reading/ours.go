package main

import (
	"syscall"
	"unicode/utf8"

	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/detect/ident"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/leakwatch/leakwatch/text"
)

const us = "leakwatch"

func newEngine() (*detect.Engine, error) {
	line, err := leak.NewKeyLine()
	if err != nil {
		return nil, err
	}
	keys, err := leak.ParseKeyring([]byte(line))
	if err != nil {
		return nil, err
	}
	return detect.New(detect.Options{Keys: keys})
}

// read gives both tasks to leakwatch. For listings the whole of detection
// runs, of which the peers do a part.
func read(e *detect.Engine, t *task) answers {
	began := cpu()
	spans := make([][][2]int, len(t.Identifiers))
	for i, s := range t.Identifiers {
		f := text.Fold(s)
		for _, found := range ident.Find(f, text.Unhide(f)) {
			if found.Kind == leak.NameRow {
				continue // names are not asked for: no peer reads them without a model
			}
			start := utf8.RuneCountInString(s[:found.Start])
			spans[i] = append(spans[i], [2]int{start, start + utf8.RuneCountInString(s[found.Start:found.End])})
		}
	}
	found := cpu()
	hits := make([]bool, len(t.labelled))
	for i, l := range t.labelled {
		hits[i] = e.Analyze(detect.Input{Title: l.Title, Body: l.Body}).Hit
	}
	return answers{SHA256: t.sum(),
		Spans: map[string]answer[[][2]int]{us: {spans, found - began}},
		Hits:  map[string]answer[bool]{us: {hits, cpu() - found}}}
}

// cpu returns the CPU seconds of this process so far.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
