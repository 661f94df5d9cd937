package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/crawler"
	"github.com/spf13/cobra"
)

func newCrawl(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "crawl [SOURCE…]",
		Short: "Crawl sources once, now",
		Long:  "Crawls the named sources, or all, once, and delivers the alerts they give rise to.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			pages := &progress{}
			a, err := c.open(cmd, app.Options{Exclusive: true, Page: func() { pages.add(1) }})
			if err != nil {
				return err
			}
			defer a.Close()
			pages = newProgress(cmd, "pages")
			reports, err := a.Crawl(cmd.Context(), ids)
			pages.end()
			if err != nil {
				return err
			}
			if err := list(cmd, c, reports, reportColumns()); err != nil {
				return err
			}
			bad := 0
			for _, r := range reports {
				if r.Health != crawler.OK {
					bad++
				}
			}
			if bad > 0 {
				return fmt.Errorf("%w: %d of %d sources were not read as they should be", errPartial, bad, len(reports))
			}
			return nil
		},
	}
	c.outputFlag(cmd)
	return cmd
}

func reportColumns() []column[crawler.Report] {
	n := strconv.Itoa
	return []column[crawler.Report]{
		{"source", func(r crawler.Report) string { return r.Source }},
		{"health", func(r crawler.Report) string { return string(r.Health) }},
		{"kind", func(r crawler.Report) string { return r.Kind }},
		{"requests", func(r crawler.Report) string { return n(r.Requests) }},
		{"listings", func(r crawler.Report) string { return n(r.Listings) }},
		{"new", func(r crawler.Report) string { return n(r.New) }},
		{"changed", func(r crawler.Report) string { return n(r.Changed) }},
		{"hits", func(r crawler.Report) string { return n(r.Hits) }},
		{"alerts", func(r crawler.Report) string { return n(r.Alerts) }},
		{"problems", func(r crawler.Report) string { return strings.Join(r.Problems, "; ") }},
	}
}
