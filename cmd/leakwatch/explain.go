package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/detect"
)

// explanation is one answer of analyze --explain.
type explanation struct {
	ID string `json:"id"`
	detect.Explanation
}

// tell writes the explanations as --output asks; JSON lines are written
// already.
func (r *analyzeRun) tell() error {
	out := r.cmd.OutOrStdout()
	switch r.common.format {
	case "json":
		return writeJSON(out, r.told)
	case "csv":
		return usage("--output csv; --explain knows table, json and jsonl")
	case "table":
		for i := range r.told {
			r.told[i].write(out)
		}
	}
	return nil
}

// write shows an explanation for people. What is found stands in brackets in
// the text.
func (x *explanation) write(out io.Writer) {
	line := func(format string, args ...any) { fmt.Fprintln(out, plain(fmt.Sprintf(format, args...))) }
	r := &x.Reading
	verdict := "no hit"
	if r.Hit {
		verdict = "hit: " + string(r.Intent) + ", " + join(r.Categories) + ", severity " + string(r.Severity)
	}
	line("%s: %s; score %.3f", cmp.Or(x.ID, "text"), verdict, r.Score)
	for _, f := range [][2]string{{"title", x.Title}, {"body", x.Body}} {
		if f[1] != "" {
			line("\n%s\n%s", f[0], indent(bracket(f[1], x.in(f[0]))))
		}
	}
	line("\nfound")
	for _, m := range x.Matches {
		line("  %s", x.matchLine(m))
	}
	line("\nraised and lowered the score")
	for _, s := range r.Reasons {
		line("  %+.2f  %s", s.Weight, s.Text)
	}
	for _, c := range x.Categories {
		offered := "not offered"
		if c.Offered {
			offered = "offered"
		}
		line("  %s: %s, probability %.3f", c.Category, offered, c.Probability)
		for _, s := range c.Reasons {
			line("    %+.2f  %s", s.Weight, s.Text)
		}
	}
	if len(x.Missing) > 0 {
		line("\nlooked for and missing")
	}
	for _, m := range x.Missing {
		worth := ""
		if m.Adds != 0 {
			worth = fmt.Sprintf(" (would add %+.2f)", m.Adds)
		}
		line("  %s%s", m.Text, worth)
	}
	line("")
}

func (x *explanation) matchLine(m detect.Match) string {
	text := []rune(x.Body)
	if m.Field == "title" {
		text = []rune(x.Title)
	}
	s := fmt.Sprintf("%s  %s %d–%d  %s %s", string(text[m.Start:m.End]), m.Field, m.Start, m.End, m.Role, cmp.Or(m.Signal, join(m.Categories)))
	s += "  (" + m.Rule + ")"
	if len(m.Steps) > 0 {
		s += "  undone: " + strings.Join(m.Steps, ", ")
	}
	if m.Undone != "" {
		s += "  does not count: " + m.Undone
	}
	return s
}

// in returns the findings in a field that count.
func (x *explanation) in(field string) []detect.Match {
	return slices.DeleteFunc(slices.Clone(x.Matches), func(m detect.Match) bool { return m.Field != field || m.Undone != "" })
}

// bracket puts brackets around what matches cover; those that overlap share
// one pair.
func bracket(s string, matches []detect.Match) string {
	runes := []rune(s)
	covered := make([]bool, len(runes)+1)
	for _, m := range matches {
		for i := m.Start; i < m.End; i++ {
			covered[i] = true
		}
	}
	var b strings.Builder
	for i, r := range runes {
		if covered[i] && (i == 0 || !covered[i-1]) {
			b.WriteString("«")
		}
		b.WriteRune(r)
		if covered[i] && !covered[i+1] {
			b.WriteString("»")
		}
	}
	return b.String()
}

func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }
