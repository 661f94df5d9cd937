package main

import (
	"fmt"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/app"
	"github.com/spf13/cobra"
)

func newReceivers(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "receivers", Short: "List the receivers with their health", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer a.Close()
			all, err := a.Alerts().Receivers(cmd.Context())
			if err != nil {
				return err
			}
			return list(cmd, c, all, []column[alerts.ReceiverStatus]{
				{"name", func(r alerts.ReceiverStatus) string { return r.Name }},
				{"type", func(r alerts.ReceiverStatus) string { return r.Type }},
				{"waiting", func(r alerts.ReceiverStatus) string { return fmt.Sprint(r.Pending) }},
				{"dead", func(r alerts.ReceiverStatus) string { return fmt.Sprint(r.Dead) }},
				{"last delivered", func(r alerts.ReceiverStatus) string { return clock(r.LastOK) }},
				{"last error", func(r alerts.ReceiverStatus) string { return r.LastError }},
			})
		}}
	c.outputFlag(cmd)
	cmd.AddCommand(&cobra.Command{Use: "test NAME", Short: "Send a test message and print the answer", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			x, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer x.Close()
			answer, err := x.Alerts().TestReceiver(cmd.Context(), a[0])
			if err != nil {
				return fmt.Errorf("test %s: %w", a[0], err)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%s took the message (%d %s)\n", a[0], answer.Status, plain(answer.Text))
			return nil
		}})
	return cmd
}
