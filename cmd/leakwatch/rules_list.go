package main

import (
	"cmp"
	"strings"

	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/spf13/cobra"
)

// ruleRow is what a list says of a rule; its terms are in its file.
type ruleRow struct {
	ID         string          `json:"id"`
	Category   leak.Category   `json:"category,omitempty"`
	Categories []leak.Category `json:"categories,omitempty"` // where one term names several
	Signal     string          `json:"signal,omitempty"`
	Status     string          `json:"status"`
	Languages  []string        `json:"languages,omitempty"`
	Title      string          `json:"title"`
	Reviewed   string          `json:"reviewed,omitempty"`
	File       string          `json:"file"`
	Line       int             `json:"line"`
	Own        bool            `json:"own"` // of the team, not built in
}

func newRulesList(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List the rules, built-in and own", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.analyzer()
			if err != nil {
				return err
			}
			var rows []ruleRow
			l := a.Engine().Lexicon()
			places := l.Places()
			for i, r := range l.Rules {
				rows = append(rows, rowOf(r, places[i]))
			}
			return list(cmd, c, rows, ruleColumns())
		}}
	c.outputFlag(cmd)
	return cmd
}

func rowOf(r *detect.Rule, at detect.Place) ruleRow {
	return ruleRow{ID: r.ID, Category: r.Category, Categories: r.Categories, Signal: r.Signal, Status: cmp.Or(r.Status, "stable"),
		Languages: r.Languages, Title: r.Title, Reviewed: r.Reviewed, File: at.File, Line: at.Line, Own: r.Own()}
}

func ruleColumns() []column[ruleRow] {
	return []column[ruleRow]{
		{"id", func(r ruleRow) string { return r.ID }},
		{"category", func(r ruleRow) string {
			if r.Category == "" {
				return join(r.Categories)
			}
			return string(r.Category)
		}},
		{"signal", func(r ruleRow) string { return r.Signal }},
		{"status", func(r ruleRow) string { return r.Status }},
		{"languages", func(r ruleRow) string { return strings.Join(r.Languages, " ") }},
		{"title", func(r ruleRow) string { return r.Title }},
		{"file", func(r ruleRow) string { return r.File }},
	}
}
