package main

import (
	"fmt"
	"maps"
	"os/user"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/spf13/cobra"
)

func newAlerts(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "alerts", Short: "List, show, acknowledge and close alerts"}
	cmd.AddCommand(newAlertsList(c), newAlertsShow(c), newAlertsAcknowledge(c), newAlertsClose(c))
	return cmd
}

func newAlertsList(c *common) *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:     "list [QUERY]",
		Short:   "List alerts, the newest first",
		Example: "  leakwatch alerts list 'state:open severity:critical'",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			x, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer x.Close()
			found, err := x.SearchAlerts(cmd.Context(), strings.Join(a, ""), limit)
			if err != nil {
				return err
			}
			return list(cmd, c, found, alertColumns())
		},
	}
	limitFlag(cmd, &limit, "most alerts to print")
	c.outputFlag(cmd)
	return cmd
}

func alertColumns() []column[leak.Alert] {
	return []column[leak.Alert]{
		{"matched", func(a leak.Alert) string { return clock(a.Times.Matched) }},
		{"severity", func(a leak.Alert) string { return string(a.Severity) }},
		{"state", func(a leak.Alert) string { return strings.TrimSpace(string(a.State) + " " + string(a.Verdict)) }},
		{"watch", func(a leak.Alert) string { return a.WatchName }},
		{"categories", func(a leak.Alert) string { return join(a.Categories) }},
		{"offer", func(a leak.Alert) string { return offers(a.Offers) }},
		{"title", func(a leak.Alert) string { return a.Title }},
		{"source", func(a leak.Alert) string { return a.Source }},
		{"id", func(a leak.Alert) string { return a.ID }},
	}
}

func newAlertsShow(c *common) *cobra.Command {
	return &cobra.Command{Use: "show ID", Short: "Show one alert with its deliveries, as JSON", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			x, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer x.Close()
			d, err := x.Alerts().Alert(cmd.Context(), a[0])
			if err != nil {
				return err
			}
			return writeJSON(cmd.OutOrStdout(), d)
		}}
}

// selection reads alerts from ids or from --query, never from both.
func selection(x *app.App, ids []string, query string) (alerts.Selection, error) {
	if (len(ids) > 0) == (query != "") {
		return alerts.Selection{}, usage("name alerts by their ids, or with --query")
	}
	if query == "" {
		return alerts.Selection{IDs: ids}, nil
	}
	q, err := x.Parse(indexer.Alerts, query)
	return alerts.Selection{Query: q}, err
}

func actor(note string) alerts.Actor {
	name := "cli"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return alerts.Actor{By: name, Via: "cli", Note: note}
}

func said(cmd *cobra.Command, verb string, b *alerts.Bulk) error {
	fmt.Fprintf(cmd.ErrOrStderr(), "%s %d alerts; %d were so already\n", verb, len(b.Changed), b.Unchanged)
	if b.Later > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "%d matched meanwhile and were not touched\n", b.Later)
	}
	for _, id := range slices.Sorted(maps.Keys(b.Failed)) {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", id, plain(b.Failed[id].Error()))
	}
	if len(b.Failed) > 0 {
		return fmt.Errorf("%w: %d alerts failed", errPartial, len(b.Failed))
	}
	return nil
}

func newAlertsAcknowledge(c *common) *cobra.Command {
	var query, note string
	cmd := &cobra.Command{Use: "acknowledge [ID…]", Aliases: []string{"ack"}, Short: "Take alerts",
		RunE: func(cmd *cobra.Command, ids []string) error {
			x, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer x.Close()
			sel, err := selection(x, ids, query)
			if err != nil {
				return err
			}
			b, err := x.Alerts().Acknowledge(cmd.Context(), sel, actor(note))
			if err != nil {
				return err
			}
			return said(cmd, "Acknowledged", b)
		}}
	cmd.Flags().StringVar(&query, "query", "", "all alerts that satisfy this query")
	cmd.Flags().StringVar(&note, "note", "", "a note for the history")
	return cmd
}

func newAlertsClose(c *common) *cobra.Command {
	var query, note, verdict string
	cmd := &cobra.Command{Use: "close [ID…]", Short: "Close alerts with a verdict",
		Long: "Closes alerts. The verdict is one of " + join(leak.Verdicts()) + ".",
		RunE: func(cmd *cobra.Command, ids []string) error {
			if !slices.Contains(leak.Verdicts(), leak.Verdict(verdict)) {
				return usage("--verdict %q; want one of %s", verdict, join(leak.Verdicts()))
			}
			x, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer x.Close()
			sel, err := selection(x, ids, query)
			if err != nil {
				return err
			}
			b, err := x.Alerts().Close(cmd.Context(), sel, leak.Verdict(verdict), actor(note))
			if err != nil {
				return err
			}
			return said(cmd, "Closed", b)
		}}
	cmd.Flags().StringVar(&query, "query", "", "all alerts that satisfy this query")
	cmd.Flags().StringVar(&verdict, "verdict", "", "why: "+join(leak.Verdicts()))
	cmd.Flags().StringVar(&note, "note", "", "a note for the history")
	return cmd
}
