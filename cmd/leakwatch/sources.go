package main

import (
	"fmt"
	"time"

	"github.com/leakwatch/leakwatch/app"
	"github.com/spf13/cobra"
)

func newSources(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "sources", Short: "List the sources with their health, last and next crawl", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer a.Close()
			all, err := a.Sources(cmd.Context())
			if err != nil {
				return err
			}
			return list(cmd, c, all, []column[app.SourceStatus]{
				{"id", func(s app.SourceStatus) string { return s.ID }},
				{"name", func(s app.SourceStatus) string { return s.Name }},
				{"health", func(s app.SourceStatus) string { return string(s.Health) }},
				{"kind", func(s app.SourceStatus) string { return s.Kind }},
				{"schedule", func(s app.SourceStatus) string { return s.Schedule }},
				{"last", func(s app.SourceStatus) string { return clock(s.Last) }},
				{"next", func(s app.SourceStatus) string { return clock(s.Next) }},
				{"listings", func(s app.SourceStatus) string { return fmt.Sprint(s.Listings) }},
				{"problem", func(s app.SourceStatus) string { return s.Problem }},
			})
		}}
	c.outputFlag(cmd)
	return cmd
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format(time.DateTime)
}
