package main

import (
	"fmt"

	"github.com/leakwatch/leakwatch/app"
	"github.com/spf13/cobra"
)

func newImport(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE|-",
		Short: "Take in listings that something else collected",
		Long: "Reads one JSON object a line: url, title, body, and optionally seller, posted_at (RFC 3339) and source. They go the\n" +
			"same way as crawled listings: detection, masking, watches, alerts. Lines that cannot be read are reported by number;\n" +
			"importing a file again changes nothing. Their alerts are delivered by the running leakwatch, or when it starts.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			in, err := openInput(cmd, a[0])
			if err != nil {
				return fmt.Errorf("import: %w", err)
			}
			defer in.Close()
			x, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer x.Close()
			progress := newProgress(cmd, "listings")
			r, err := x.Import(cmd.Context(), in, progress.add, func(line int, why string) {
				fmt.Fprintf(cmd.ErrOrStderr(), "%s:%d: refused: %s\n", a[0], line, plain(why))
			})
			progress.end()
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "Read %d lines: %d new, %d changed, %d unchanged, %d hits, %d alerts, %d refused\n",
				r.Lines, r.New, r.Changed, r.Unchanged, r.Hits, r.Alerts, r.Refused)
			if r.Refused > 0 {
				return fmt.Errorf("%w: %d lines were refused", errPartial, r.Refused)
			}
			return nil
		},
	}
}
