package main

import (
	"fmt"

	"github.com/leakwatch/leakwatch/app"
	"github.com/spf13/cobra"
)

func newBackup(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the embedded index to a file while leakwatch runs",
		Long:  "Writes a consistent copy of the index, readable by its owner only. The keys are not part of it: back them up apart.",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			x, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer x.Close()
			spinner := newSpinner(cmd, "copying the index")
			err = x.Backup(cmd.Context(), a[0])
			spinner.end()
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.ErrOrStderr(), "Wrote", a[0])
			return nil
		},
	}
}

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
