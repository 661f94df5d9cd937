package main

import (
	"strconv"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/leak"
	"github.com/spf13/cobra"
)

func newSearch(c *common) *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:     "search QUERY",
		Short:   "Search the listings",
		Example: "  leakwatch search 'category:face_photo AND unit_price:<0.01CNY'\n  leakwatch search '\"四件套\" first_seen:>now-7d' -o jsonl",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			x, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer x.Close()
			found, err := x.Search(cmd.Context(), a[0], limit)
			if err != nil {
				return err
			}
			return list(cmd, c, found, listingColumns())
		},
	}
	limitFlag(cmd, &limit, "most listings to print")
	c.outputFlag(cmd)
	return cmd
}

func listingColumns() []column[leak.Listing] {
	return []column[leak.Listing]{
		{"first seen", func(l leak.Listing) string { return l.FirstSeen.Local().Format(time.DateTime) }},
		{"severity", func(l leak.Listing) string { return string(l.Severity) }},
		{"categories", func(l leak.Listing) string { return join(l.Categories) }},
		{"offer", func(l leak.Listing) string { return offers(l.Offers) }},
		{"title", func(l leak.Listing) string { return l.Title }},
		{"seller", func(l leak.Listing) string { return l.Seller }},
		{"source", func(l leak.Listing) string { return l.Source }},
		{"id", func(l leak.Listing) string { return l.ID }},
	}
}

func join[T ~string](list []T) string {
	parts := make([]string, len(list))
	for i, x := range list {
		parts[i] = string(x)
	}
	return strings.Join(parts, " ")
}

// offers writes offers for people: "5000 张 for 10 CNY".
func offers(all []leak.Offer) string {
	parts := make([]string, 0, len(all))
	for _, o := range all {
		s := ""
		if o.Quantity != nil {
			s = strconv.FormatFloat(*o.Quantity, 'f', -1, 64)
			if o.Unit != nil {
				s += " " + *o.Unit
			}
			s += " for "
		}
		if o.Price != nil {
			s += strconv.FormatFloat(*o.Price, 'f', -1, 64)
			if o.PriceMax != nil {
				s += "–" + strconv.FormatFloat(*o.PriceMax, 'f', -1, 64)
			}
			if o.Currency != nil {
				s += " " + *o.Currency
			}
		}
		parts = append(parts, strings.TrimSpace(s))
	}
	return strings.Join(parts, "; ")
}
