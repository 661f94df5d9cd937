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
