package main

import (
	"fmt"
	"strings"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/app"
	"github.com/spf13/cobra"
)

func newWatches(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "watches", Short: "List the watches with their counts", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer a.Close()
			all, err := a.Alerts().Watches(cmd.Context())
			if err != nil {
				return err
			}
			return list(cmd, c, all, []column[alerts.WatchStatus]{
				{"id", func(w alerts.WatchStatus) string { return w.ID }},
				{"name", func(w alerts.WatchStatus) string { return w.Name }},
				{"query", func(w alerts.WatchStatus) string { return w.Query }},
				{"severity", func(w alerts.WatchStatus) string { return string(w.Severity) }},
				{"owner", func(w alerts.WatchStatus) string { return w.Owner }},
				{"receivers", func(w alerts.WatchStatus) string { return strings.Join(w.Receivers, " ") }},
				{"alerts", func(w alerts.WatchStatus) string { return fmt.Sprint(w.Total) }},
				{"open", func(w alerts.WatchStatus) string { return fmt.Sprint(w.Open) }},
			})
		}}
	c.outputFlag(cmd)
	return cmd
}
