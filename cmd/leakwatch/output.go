package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/leakwatch/leakwatch/internal/export"
	"github.com/spf13/cobra"
)

// column is one column of a list: its name and how a row shows in it.
type column[T any] struct {
	name string
	cell func(T) string
}

// outputFlag adds --output to a command that prints a list.
func (c *common) outputFlag(cmd *cobra.Command, def string) {
	cmd.Flags().StringVarP(&c.format, "output", "o", def, "table, json, jsonl or csv")
}

// list prints rows in the format that --output asks for. JSON forms hold the
// whole row; table and CSV hold the columns.
func list[T any](cmd *cobra.Command, c *common, rows []T, columns []column[T]) error {
	out := cmd.OutOrStdout()
	switch c.format {
	case "json":
		if rows == nil {
			rows = []T{}
		}
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(rows)
	case "jsonl":
		enc := json.NewEncoder(out)
		for _, r := range rows {
			if err := enc.Encode(r); err != nil {
				return fmt.Errorf("write: %w", err)
			}
		}
		return nil
	case "csv":
		return listCSV(out, rows, columns)
	case "table":
		listTable(out, rows, columns)
		return nil
	}
	return usage("--output %q; want table, json, jsonl or csv", c.format)
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
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
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
