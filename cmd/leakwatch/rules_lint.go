package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newRulesLint(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "lint [FILE…]", Short: "Report all faults of the rules at once",
		Long: "Checks the built-in rules and, beside them, the files named, else those of the config: unknown keys, regexes that\n" +
			"could be slow, terms that match ordinary words, missing examples. Ends with 3 if there are faults. Own rules with\n" +
			"faults are not used by anything else.",
		Example: "  leakwatch rules lint\n  leakwatch rules lint team.yaml -o json",
		RunE: func(cmd *cobra.Command, named []string) error {
			files, err := c.ruleFiles(named)
			if err != nil {
				return err
			}
			l, faults, err := loadRules(files)
			if err != nil {
				return err
			}
			sound := ""
			if l != nil {
				faults = l.Lint()
				sound = fmt.Sprintf("%d rules are sound, %d of them own", len(l.Rules), l.Own())
			}
			return c.ruleFaults(cmd, faults, sound)
		}}
	c.outputFlag(cmd)
	return cmd
}
