package main

import (
	"errors"
	"fmt"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/detect"
	"github.com/spf13/cobra"
)

// newRules makes the group of verbs about detection rules; each has a file of
// its own.
func newRules(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "rules", Short: "List, check, try and measure the detection rules",
		Long: "Works with the built-in rules and, beside them, the files that the config names at rules. docs/detection.md says\nhow to write a rule."}
	cmd.AddCommand(newRulesList(c), newRulesLint(c), newRulesTest(c), newRulesExplain(c), newRulesEval(c))
	return cmd
}

// ruleFiles returns the rule files that a command line names, else those of
// the config.
func (c *common) ruleFiles(named []string) ([]string, error) {
	if len(named) > 0 {
		return named, nil
	}
	return app.RuleFiles(c.config)
}

// checkRules looks for faults in the rules that a command line names, else in
// those of the config, and prints them; look also says what it says of rules
// without any. Files that cannot be used are faults by themselves.
func (c *common) checkRules(cmd *cobra.Command, named []string, look func(*detect.Lexicon) (detect.Faults, string)) error {
	files, err := c.ruleFiles(named)
	if err != nil {
		return err
	}
	l, err := detect.LoadRules(files...)
	var faults detect.Faults
	switch {
	case errors.As(err, &faults):
		return c.ruleFaults(cmd, faults, "")
	case err != nil:
		return err
	}
	faults, sound := look(l)
	return c.ruleFaults(cmd, faults, sound)
}

// ruleFaults prints the faults of rules, and says with how many the command
// ends; sound is what it says if there are none.
func (c *common) ruleFaults(cmd *cobra.Command, faults detect.Faults, sound string) error {
	if c.format != "table" {
		if err := list(cmd, c, faults, ruleFaultColumns()); err != nil {
			return err
		}
	}
	switch {
	case len(faults) == 0:
		fmt.Fprintln(cmd.ErrOrStderr(), sound)
		return nil
	case c.format != "table":
		return fmt.Errorf("%w: %w", errQuiet, faults)
	}
	return faults
}

func ruleFaultColumns() []column[detect.Fault] {
	return []column[detect.Fault]{
		{"file", func(f detect.Fault) string { return f.File }},
		{"line", func(f detect.Fault) string { return fmt.Sprint(f.Line) }},
		{"rule", func(f detect.Fault) string { return f.Rule }},
		{"key", func(f detect.Fault) string { return f.Key }},
		{"found", func(f detect.Fault) string { return f.Found }},
		{"wanted", func(f detect.Fault) string { return f.Wanted }},
		{"hint", func(f detect.Fault) string { return f.Hint }},
	}
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
