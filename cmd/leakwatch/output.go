package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/leakwatch/leakwatch/internal/export"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// column is one column of a list: its name and how a row shows in it.
type column[T any] struct {
	name string
	cell func(T) string
}

// listFormat is a value of --output. A wrong one is refused before the command
// does anything.
type listFormat string

var _ pflag.Value = (*listFormat)(nil)

// Set implements pflag.Value.
func (f *listFormat) Set(s string) error {
	switch s {
	case "table", "json", "jsonl", "csv":
		*f = listFormat(s)
		return nil
	}
	return errors.New("want table, json, jsonl or csv")
}

// String implements pflag.Value.
func (f *listFormat) String() string { return string(*f) }

// Type implements pflag.Value: the word that help shows for a value.
func (f *listFormat) Type() string { return "format" }

// outputFlag adds --output to a command that prints a list.
func (c *common) outputFlag(cmd *cobra.Command) {
	c.format = "table"
	cmd.Flags().VarP(&c.format, "output", "o", "table, json, jsonl or csv")
}

// limitFlag adds --limit to a command that prints at most so many rows. A
// wrong one is refused before the command does anything.
func limitFlag(cmd *cobra.Command, n *int, usage string) {
	*n = 50
	cmd.Flags().Var((*limit)(n), "limit", usage)
}

type limit int

// Set implements pflag.Value.
func (l *limit) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return errors.New("want 1 or more")
	}
	*l = limit(n)
	return nil
}

// String implements pflag.Value.
func (l *limit) String() string { return strconv.Itoa(int(*l)) }

// Type implements pflag.Value.
func (l *limit) Type() string { return "int" }

// list prints rows in the format that --output asks for. JSON forms hold the
// whole row; table and CSV hold the columns.
func list[T any](cmd *cobra.Command, c *common, rows []T, columns []column[T]) error {
	out := cmd.OutOrStdout()
	switch c.format {
	case "json":
		if rows == nil {
			rows = []T{}
		}
		return writeJSON(out, rows)
	case "jsonl":
		enc := json.NewEncoder(inert{out})
		for _, r := range rows {
			if err := enc.Encode(r); err != nil {
				return fmt.Errorf("write: %w", err)
			}
		}
		return nil
	case "csv":
		return listCSV(out, rows, columns)
	}
	listTable(out, rows, columns)
	return nil
}

// writeJSON writes one value over several lines, for people too.
func writeJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(inert{out})
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// inert passes JSON on without the characters that a terminal obeys. Every
// write must hold whole characters, as those of an encoder do.
type inert struct{ w io.Writer }

// Write implements io.Writer.
func (x inert) Write(b []byte) (int, error) {
	if _, err := x.w.Write(export.Inert(b)); err != nil {
		return 0, err
	}
	return len(b), nil
}

func listCSV[T any](out io.Writer, rows []T, columns []column[T]) error {
	w := csv.NewWriter(out)
	record := make([]string, len(columns))
	for i, col := range columns {
		record[i] = col.name
	}
	if err := w.Write(record); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	for _, r := range rows {
		for i, col := range columns {
			record[i] = export.Cell(col.cell(r))
		}
		if err := w.Write(record); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	w.Flush()
	return w.Error()
}

func listTable[T any](out io.Writer, rows []T, columns []column[T]) {
	w := table.NewWriter()
	w.SetOutputMirror(out)
	w.SetStyle(table.StyleLight)
	w.Style().Options = table.OptionsNoBordersAndSeparators
	head := table.Row{}
	for _, col := range columns {
		head = append(head, strings.ToUpper(col.name))
	}
	w.AppendHeader(head)
	for _, r := range rows {
		row := table.Row{}
		for _, col := range columns {
			row = append(row, shorten(plain(col.cell(r)), 60))
		}
		w.AppendRow(row)
	}
	w.Render()
}

// plain makes a text harmless for a terminal: control characters, escape
// sequences and characters that turn the direction of writing become "�".
// Line breaks and tabs stay.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && export.Steers(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
