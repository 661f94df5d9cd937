package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/spf13/cobra"
)

// analysis is one line of the output of analyze: a stable contract.
type analysis struct {
	ID string `json:"id"`
	leak.Reading
}

func newAnalyze(c *common) *cobra.Command {
	var input string
	var explain bool
	cmd := &cobra.Command{
		Use:   "analyze [FILE…]",
		Short: "Say what texts offer, without storing anything",
		Long: "Reads text or HTML files, standard input if none is named, or with --input jsonl one object a line with id, title\n" +
			"and body, and writes what detection says of each. Identifiers are shown as masks and codes only. With --explain it\n" +
			"shows the findings on the text, what raised and lowered the score, and what was looked for and is missing.",
		Example: "  leakwatch analyze page.html\n  leakwatch analyze --input jsonl -o jsonl < listings.jsonl",
		RunE: func(cmd *cobra.Command, files []string) error {
			if input != "text" && input != "jsonl" {
				return usage("--input %q; want text or jsonl", input)
			}
			reader, err := c.analyzer()
			if err != nil {
				return err
			}
			if len(files) == 0 {
				files = []string{"-"}
			}
			run := &analyzeRun{cmd: cmd, common: c, analyzer: reader, explain: explain, progress: newStreamProgress(cmd, "texts")}
			defer run.progress.end()
			for _, name := range files {
				if err := run.file(name, input); err != nil {
					return err
				}
			}
			return run.end()
		},
	}
	cmd.Flags().BoolVar(&explain, "explain", false, "say how each text was read")
	cmd.Flags().StringVar(&input, "input", "text", "text (also HTML), or jsonl")
	c.outputFlag(cmd)
	return cmd
}

// analyzeRun streams: with jsonl output each answer is written as its input
// is read.
type analyzeRun struct {
	cmd      *cobra.Command
	common   *common
	analyzer *app.Analyzer
	out      *bufio.Writer
	explain  bool
	rows     []analysis
	told     []explanation
	refused  int
	progress *progress
}

func (r *analyzeRun) file(name, input string) error {
	in, err := openInput(r.cmd, name)
	if err != nil {
		return fmt.Errorf("analyze: %w", err)
	}
	defer in.Close()
	if input == "jsonl" {
		return r.lines(name, in)
	}
	data, err := io.ReadAll(io.LimitReader(in, leak.MaxText*64))
	if err != nil {
		return fmt.Errorf("analyze %s: %w", name, err)
	}
	title, body := app.TextOf(data)
	return r.read(name, title, body)
}

// maxInputLine is the longest line of JSON that is read, in bytes.
const maxInputLine = 16 << 20

func (r *analyzeRun) lines(name string, in io.Reader) error {
	lines := app.NewLines(in, maxInputLine)
	for {
		line, long, err := lines.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("analyze %s: line %d: %w", name, lines.Number(), err)
		}
		x, why := inputOf(line, long)
		if why != "" {
			r.refused++
			fmt.Fprintf(r.cmd.ErrOrStderr(), "%s:%d: refused: found %s; wanted {\"id\": …, \"title\": …, \"body\": …} with texts\n", name, lines.Number(), why)
			continue
		}
		if err := r.read(x.ID, x.Title, x.Body); err != nil {
			return err
		}
	}
}

// input is one line of JSON.
type input struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Body  string `json:"body"`
}

// inputOf reads a line, or says what it is without its content.
func inputOf(line []byte, long bool) (x input, why string) {
	if long {
		return x, fmt.Sprintf("a line of more than %d bytes", maxInputLine)
	}
	if !bytes.HasPrefix(bytes.TrimSpace(line), []byte("{")) && json.Valid(line) {
		return x, "a line that is no object"
	}
	err := json.Unmarshal(line, &x)
	var se *json.SyntaxError
	var te *json.UnmarshalTypeError
	switch {
	case errors.As(err, &se):
		return x, fmt.Sprintf("a line that is not JSON at byte %d", se.Offset)
	case errors.As(err, &te):
		return x, fmt.Sprintf("a line whose %s is no text", te.Field)
	case err != nil:
		return x, "a line that is not JSON"
	}
	return x, ""
}

// read reads one text and keeps the answer, or writes it with jsonl output.
func (r *analyzeRun) read(id, title, body string) error {
	defer r.progress.add(1)
	if r.explain {
		x := explanation{id, r.analyzer.Explain(id, title, body)}
		if r.common.format == "jsonl" {
			return r.emit(x)
		}
		r.told = append(r.told, x)
		return nil
	}
	a := analysis{id, r.analyzer.Analyze(id, title, body)}
	if r.common.format == "jsonl" {
		return r.emit(a)
	}
	r.rows = append(r.rows, a)
	return nil
}

func (r *analyzeRun) emit(answer any) error {
	if r.out == nil {
		r.out = bufio.NewWriter(r.cmd.OutOrStdout())
	}
	if err := json.NewEncoder(inert{r.out}).Encode(answer); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

func (r *analyzeRun) end() error {
	var err error
	switch {
	case r.out != nil:
		err = r.out.Flush()
	case r.explain:
		err = r.tell()
	case r.common.format != "jsonl":
		err = list(r.cmd, r.common, r.rows, analysisColumns())
	}
	if err == nil && r.refused > 0 {
		err = fmt.Errorf("%w: %d lines were refused", errPartial, r.refused)
	}
	return err
}

func analysisColumns() []column[analysis] {
	return []column[analysis]{
		{"id", func(a analysis) string { return a.ID }},
		{"hit", func(a analysis) string { return fmt.Sprint(a.Hit) }},
		{"intent", func(a analysis) string { return string(a.Intent) }},
		{"score", func(a analysis) string { return fmt.Sprintf("%.2f", a.Score) }},
		{"severity", func(a analysis) string { return string(a.Severity) }},
		{"categories", func(a analysis) string { return join(a.Categories) }},
		{"offers", func(a analysis) string { return offers(a.Offers) }},
		{"contacts", func(a analysis) string { return contacts(a.Contacts) }},
		{"identifiers", func(a analysis) string { return fmt.Sprint(len(a.Identifiers)) }},
	}
}

func contacts(all []leak.Contact) string {
	parts := make([]string, len(all))
	for i, x := range all {
		parts[i] = string(x.Kind) + ":" + x.Value
	}
	return join(parts)
}
