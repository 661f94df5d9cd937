package main

import (
	"fmt"

	"github.com/leakwatch/leakwatch/detect"
	"github.com/spf13/cobra"
)

func newRulesLint(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "lint [FILE…]", Short: "Report all faults of the rules at once",
		Long: "Checks the built-in rules and, beside them, the files named, else those of the config: unknown keys, regexes that\n" +
			"could be slow, terms that match ordinary words, missing examples. Ends with 3 if there are faults. Own rules with\n" +
			"faults are not used by anything else.",
		Example: "  leakwatch rules lint\n  leakwatch rules lint team.yaml -o json",
		RunE: func(cmd *cobra.Command, named []string) error {
			return c.checkRules(cmd, named, func(l *detect.Lexicon) (detect.Faults, string) {
				return l.Lint(), fmt.Sprintf("%d rules are sound, %d of them own", len(l.Rules), l.Own())
			})
		}}
	c.outputFlag(cmd)
	return cmd
}
