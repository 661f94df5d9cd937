package main

import (
	"fmt"
	"os"

	"github.com/leakwatch/leakwatch/detect"
	"github.com/spf13/cobra"
)

func newRulesEval(c *common) *cobra.Command {
	var bare bool
	cmd := &cobra.Command{Use: "eval FILE", Short: "Compare detection with labelled texts, one JSON object a line", Args: cobra.ExactArgs(1),
		Long: "Reads labelled texts and says how well detection reads them: precision, recall and F1 with 95 % intervals, of hits,\n" +
			"categories, offers and contacts, by category, language, class of hiding and kind of look-alike; where a text names\n" +
			"its clear twin (clear_of), how much is lost by hiding; then every text that was read otherwise than labelled.\n" +
			"docs/detection.md has the form of a line.",
		Example: "  leakwatch rules eval detect/testdata/dev.jsonl\n  leakwatch rules eval --no-errors -o json blind.jsonl",
		RunE: func(cmd *cobra.Command, files []string) error {
			set, err := readLabelled(files[0])
			if err != nil {
				return err
			}
			a, err := c.analyzer()
			if err != nil {
				return err
			}
			ev := a.Engine().Evaluate(set)
			if bare {
				ev = ev.WithoutErrors()
			}
			switch c.format {
			case "json":
				return writeJSON(cmd.OutOrStdout(), ev)
			case "table":
				return ev.Write(inert{cmd.OutOrStdout()})
			}
			return list(cmd, c, ev.Rows(), evalColumns())
		}}
	cmd.Flags().BoolVar(&bare, "no-errors", false, "leave out what tells of single texts, to measure a blind set without reading it")
	c.outputFlag(cmd)
	return cmd
}

func readLabelled(name string) ([]detect.Labelled, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	defer f.Close()
	set, err := detect.ReadLabelled(f)
	if err != nil {
		return nil, fmt.Errorf("eval %s: %w", name, err)
	}
	return set, nil
}

func evalColumns() []column[detect.EvalRow] {
	share := func(x float64) string { return fmt.Sprintf("%.3f", x) }
	return []column[detect.EvalRow]{
		{"of", func(r detect.EvalRow) string { return r.Of }},
		{"by", func(r detect.EvalRow) string { return r.By }},
		{"name", func(r detect.EvalRow) string { return r.Name }},
		{"right", func(r detect.EvalRow) string { return fmt.Sprint(r.Count.Right) }},
		{"wrong", func(r detect.EvalRow) string { return fmt.Sprint(r.Count.Wrong) }},
		{"missed", func(r detect.EvalRow) string { return fmt.Sprint(r.Count.Missed) }},
		{"precision", func(r detect.EvalRow) string { return share(r.Count.Precision()) }},
		{"recall", func(r detect.EvalRow) string { return share(r.Count.Recall()) }},
		{"f1", func(r detect.EvalRow) string { return share(r.Count.F1()) }},
	}
}
