package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/internal/export"
	"github.com/spf13/cobra"
)

func newExport(c *common) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "export [QUERY]",
		Short: "Write all listings that satisfy a query, streaming",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			if !slices.Contains(export.Formats(), format) {
				return usage("--output %q; want one of %s", format, strings.Join(export.Formats(), ", "))
			}
			x, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer x.Close()
			out := bufio.NewWriter(cmd.OutOrStdout())
			progress := newStreamProgress(cmd, "listings")
			n, err := x.Export(cmd.Context(), strings.Join(a, ""), format, countLines{out, progress})
			progress.end()
			if ferr := out.Flush(); err == nil {
				err = ferr
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "Wrote %d listings\n", n)
			return nil
		},
	}
	cmd.Flags().StringVarP(&format, "output", "o", "jsonl", strings.Join(export.Formats(), " or "))
	return cmd
}

// countLines advances a progress by the lines that pass.
type countLines struct {
	w io.Writer
	p *progress
}

func (c countLines) Write(b []byte) (int, error) {
	c.p.add(strings.Count(string(b), "\n"))
	return c.w.Write(b)
}
