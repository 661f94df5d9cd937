package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/spf13/cobra"
)

// watchRow is a watch as a list shows it.
type watchRow struct {
	ID           string                 `json:"id"`
	Name         string                 `json:"name"`
	Query        string                 `json:"query"`
	Severity     leak.Severity          `json:"severity,omitempty"` // "" for the listing's own
	Owner        string                 `json:"owner,omitempty"`
	Receivers    []string               `json:"receivers"`
	Disabled     bool                   `json:"disabled,omitempty"`
	Alerts       int64                  `json:"alerts"`
	Open         int64                  `json:"open"`
	Acknowledged int64                  `json:"acknowledged"`
	Muted        int64                  `json:"muted"`
	Verdicts     map[leak.Verdict]int64 `json:"verdicts,omitempty"` // of the closed ones
	LastMatched  time.Time              `json:"last_matched,omitzero"`
}

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
			rows := make([]watchRow, len(all))
			for i, w := range all {
				rows[i] = watchRow{w.ID, w.Name, w.Query, w.Severity, w.Owner, w.Receivers, w.Disabled, w.Total, w.Open, w.Acknowledged, w.Muted, w.Verdicts, w.LastMatched}
			}
			return list(cmd, c, rows, []column[watchRow]{
				{"id", func(w watchRow) string { return w.ID }},
				{"name", func(w watchRow) string { return w.Name }},
				{"query", func(w watchRow) string { return w.Query }},
				{"severity", func(w watchRow) string { return string(w.Severity) }},
				{"owner", func(w watchRow) string { return w.Owner }},
				{"receivers", func(w watchRow) string { return strings.Join(w.Receivers, " ") }},
				{"alerts", func(w watchRow) string { return fmt.Sprint(w.Alerts) }},
				{"open", func(w watchRow) string { return fmt.Sprint(w.Open) }},
			})
		}}
	c.outputFlag(cmd)
	return cmd
}
