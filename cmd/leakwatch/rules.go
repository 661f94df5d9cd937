package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/spf13/cobra"
)

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
			return list(cmd, c, a.Engine().Lexicon().Rules, []column[*detect.Rule]{
				{"id", func(r *detect.Rule) string { return r.ID }},
				{"category", func(r *detect.Rule) string { return string(leak.Category(r.Category)) }},
				{"status", func(r *detect.Rule) string { return string(r.Status) }},
				{"languages", func(r *detect.Rule) string { return strings.Join(r.Languages, " ") }},
				{"title", func(r *detect.Rule) string { return r.Title }},
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
