package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/spf13/cobra"
)

// ruleRow is what a list says of a rule; its terms are in the lexicon.
type ruleRow struct {
	ID        string        `json:"id"`
	Category  leak.Category `json:"category,omitempty"`
	Signal    string        `json:"signal,omitempty"`
	Status    string        `json:"status"`
	Languages []string      `json:"languages,omitempty"`
	Title     string        `json:"title"`
}

func newRules(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "rules", Short: "List and evaluate the detection rules"}
	analyzer := func() (*app.Analyzer, error) {
		data, err := app.DataDir(c.data)
		if err != nil {
			return nil, err
		}
		return app.NewAnalyzer(c.config, data)
	}
	show := &cobra.Command{Use: "list", Short: "List the rules", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := analyzer()
			if err != nil {
				return err
			}
			var rows []ruleRow
			for _, r := range a.Engine().Lexicon().Rules {
				rows = append(rows, ruleRow{r.ID, r.Category, r.Signal, cmp.Or(r.Status, "stable"), r.Languages, r.Title})
			}
			return list(cmd, c, rows, []column[ruleRow]{
				{"id", func(r ruleRow) string { return r.ID }},
				{"category", func(r ruleRow) string { return string(r.Category) }},
				{"signal", func(r ruleRow) string { return r.Signal }},
				{"status", func(r ruleRow) string { return r.Status }},
				{"languages", func(r ruleRow) string { return strings.Join(r.Languages, " ") }},
				{"title", func(r ruleRow) string { return r.Title }},
			})
		}}
	c.outputFlag(show)
	eval := &cobra.Command{Use: "eval FILE", Short: "Compare detection with labelled texts, one JSON object a line", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			a, err := analyzer()
			if err != nil {
				return err
			}
			f, err := os.Open(files[0])
			if err != nil {
				return fmt.Errorf("eval: %w", err)
			}
			defer f.Close()
			set, err := detect.ReadLabelled(f)
			if err != nil {
				return fmt.Errorf("eval %s: %w", files[0], err)
			}
			return a.Engine().Evaluate(set).Write(cmd.OutOrStdout())
		}}
	cmd.AddCommand(show, eval)
	return cmd
}
