package main

import (
	"errors"
	"fmt"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/config"
	"github.com/spf13/cobra"
)

func newCheck(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Report all faults of the config at once",
		Long:  "Reports every fault of the config with line and column, what was found, what is wanted and a hint.\nNothing is fetched or written.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := app.CheckConfig(c.config)
			var faults config.Faults
			if err != nil && !errors.As(err, &faults) {
				return err
			}
			if c.format != "table" {
				if err := list(cmd, c, faults, faultColumns()); err != nil {
					return err
				}
			}
			switch {
			case err != nil && c.format != "table":
				return fmt.Errorf("%w: %w", errQuiet, err)
			case err != nil:
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%s is sound: %d sources, %d watches, %d receivers\n", c.config, len(cfg.Sources), len(cfg.Watches), len(cfg.Receivers))
			return nil
		},
	}
	c.outputFlag(cmd)
	return cmd
}

func faultColumns() []column[config.Fault] {
	return []column[config.Fault]{
		{"line", func(f config.Fault) string { return fmt.Sprint(f.Line) }},
		{"column", func(f config.Fault) string { return fmt.Sprint(f.Column) }},
		{"key", func(f config.Fault) string { return f.Key }},
		{"found", func(f config.Fault) string { return f.Found }},
		{"wanted", func(f config.Fault) string { return f.Wanted }},
		{"hint", func(f config.Fault) string { return f.Hint }},
		{"file", func(f config.Fault) string { return f.File }},
	}
}
