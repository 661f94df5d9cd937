package main

import (
	"fmt"

	"github.com/leakwatch/leakwatch/app"
	"github.com/spf13/cobra"
)

func newRestore(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Make the embedded index what a backup holds",
		Long:  "Checks the backup and puts it in the place of the index, which is kept beside it under another name.\nleakwatch must not be running.",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			if cfg, err := app.LoadConfig(c.config); err == nil && cfg.Index.Engine != "embedded" {
				return app.ErrNotEmbedded
			}
			data, err := app.DataDir(c.data)
			if err != nil {
				return err
			}
			spinner := newSpinner(cmd, "checking and copying the backup")
			old, err := app.Restore(cmd.Context(), data, a[0])
			spinner.end()
			if err != nil {
				return err
			}
			if old != "" {
				fmt.Fprintln(cmd.ErrOrStderr(), "The old index is kept at", old)
			}
			fmt.Fprintln(cmd.ErrOrStderr(), "Restored", a[0])
			return nil
		},
	}
}
