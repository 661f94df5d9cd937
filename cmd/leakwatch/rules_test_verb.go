package main

import (
	"fmt"

	"github.com/leakwatch/leakwatch/detect"
	"github.com/spf13/cobra"
)

// newRulesTest is the verb "rules test"; a file named rules_test.go would be
// a test of the program.
func newRulesTest(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "test [FILE…]", Short: "Run the examples of the rules",
		Long: "Runs the texts that each rule must match and must not match: of the built-in rules and, beside them, of the files\n" +
			"named, else of those of the config. Ends with 3 if an example fails.",
		RunE: func(cmd *cobra.Command, named []string) error {
			return c.checkRules(cmd, named, func(l *detect.Lexicon) (detect.Faults, string) {
				n := 0
				for _, r := range l.Rules {
					n += len(r.Examples.Match) + len(r.Examples.NoMatch)
				}
				return l.TestExamples(), fmt.Sprintf("%d examples of %d rules are read as they say", n, len(l.Rules))
			})
		}}
	c.outputFlag(cmd)
	return cmd
}
