package main

import (
	"github.com/leakwatch/leakwatch/app"
	"github.com/spf13/cobra"
)

// newRules makes the group of verbs about detection rules; each has a file of
// its own.
func newRules(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "rules", Short: "List, check, try and measure the detection rules",
		Long: "Works with the built-in rules and, beside them, the files that the config names at rules. docs/detection.md says\nhow to write a rule."}
	cmd.AddCommand(newRulesList(c), newRulesEval(c))
	return cmd
}

// analyzer opens detection with the rules and rates of the config, if there
// is one.
func (c *common) analyzer() (*app.Analyzer, error) {
	data, err := app.DataDir(c.data)
	if err != nil {
		return nil, err
	}
	return app.NewAnalyzer(c.config, data)
}
