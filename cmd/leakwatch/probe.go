package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/crawler"
	"github.com/spf13/cobra"
)

func newProbe(c *common) *cobra.Command {
	var src config.Source
	var cookie string
	cmd := &cobra.Command{
		Use:   "probe URL",
		Short: "Show what a source at this address would give, saving nothing",
		Long:  "Fetches the page and a few pages it leads to, and shows the kind of site, robots.txt, what would be read and which\nwatches would match. Nothing is stored.",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			x, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer x.Close()
			src.Cookie = config.NewSecret(cookie)
			p, err := x.Probe(cmd.Context(), a[0], src)
			switch {
			case cmd.Context().Err() != nil:
				return cmd.Context().Err()
			case err != nil: // of the address or a flag
				return usage("%s", err)
			}
			if c.format == "json" {
				return errors.Join(writeJSON(cmd.OutOrStdout(), p), notRead(p))
			}
			tellProbe(cmd.ErrOrStderr(), p)
			err = list(cmd, c, p.Listings, []column[app.ProbedListing]{
				{"hit", func(l app.ProbedListing) string { return fmt.Sprint(l.Hit) }},
				{"categories", func(l app.ProbedListing) string { return join(l.Categories) }},
				{"offer", func(l app.ProbedListing) string { return offers(l.Offers) }},
				{"title", func(l app.ProbedListing) string { return l.Title }},
				{"seller", func(l app.ProbedListing) string { return l.Seller }},
				{"watches", func(l app.ProbedListing) string { return strings.Join(l.Watches, ", ") }},
			})
			return errors.Join(err, notRead(p))
		},
	}
	cmd.Flags().BoolVar(&src.AllowPrivate, "allow-private", false, "the address may be a loopback or private one")
	cmd.Flags().StringVar(&src.Kind, "kind", "", "kind of the site (default: found out)")
	cmd.Flags().StringVar(&cookie, "cookie", "", "cookie header to send")
	c.outputFlag(cmd)
	return cmd
}

// tellProbe says what kind of page answered.
func tellProbe(talk io.Writer, p *app.Probed) {
	if p.Title != "" {
		fmt.Fprintln(talk, plain(p.Title))
	}
	answer := "no answer"
	if p.Status != 0 {
		answer = fmt.Sprint("status ", p.Status)
	}
	if p.Kind != "" {
		answer += ", " + p.Charset + ", kind " + p.Kind
	}
	fmt.Fprintf(talk, "  %s, robots.txt: %s, health %s\n", answer, p.Robots, p.Health)
	if p.Kind != "" {
		fmt.Fprintf(talk, "  %d links to listings, %d to other lists", p.Details, p.Lists)
		if p.Next != "" {
			fmt.Fprintf(talk, "; next page: %s", plain(p.Next))
		}
		fmt.Fprintln(talk)
	}
	for _, why := range p.Problems {
		fmt.Fprintln(talk, "  "+plain(why))
	}
}

// notRead says so if a crawl of the address would not be trusted.
func notRead(p *app.Probed) error {
	if p.Health == crawler.OK || p.Health == crawler.Partial {
		return nil
	}
	return fmt.Errorf("%w: the address is %s; %s", errPartial, p.Health, strings.Join(p.Problems, "; "))
}
