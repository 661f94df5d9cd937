package main

import (
	"fmt"
	"time"

	"github.com/leakwatch/leakwatch/app"
	"github.com/spf13/cobra"
)

// receiverRow is a receiver as a list shows it.
type receiverRow struct {
	Name          string    `json:"name"`
	Type          string    `json:"type"`
	Waiting       int       `json:"waiting"`
	Dead          int       `json:"dead"`
	Disabled      bool      `json:"disabled,omitempty"` // it answered that it is gone
	LastDelivered time.Time `json:"last_delivered,omitzero"`
	FailingSince  time.Time `json:"failing_since,omitzero"`
	LastError     string    `json:"last_error,omitempty"`
}

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
			rows := make([]receiverRow, len(all))
			for i, r := range all {
				rows[i] = receiverRow{r.Name, r.Type, r.Pending, r.Dead, r.Disabled, r.LastOK, r.FailingSince, r.LastError}
			}
			return list(cmd, c, rows, []column[receiverRow]{
				{"name", func(r receiverRow) string { return r.Name }},
				{"type", func(r receiverRow) string { return r.Type }},
				{"waiting", func(r receiverRow) string { return fmt.Sprint(r.Waiting) }},
				{"dead", func(r receiverRow) string { return fmt.Sprint(r.Dead) }},
				{"last delivered", func(r receiverRow) string { return clock(r.LastDelivered) }},
				{"last error", func(r receiverRow) string { return r.LastError }},
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
