package main

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/leakwatch/leakwatch/app"
	"github.com/spf13/cobra"
)

func newDemo(c *common) *cobra.Command {
	var o app.DemoOptions
	var output string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Crawl a made-up marketplace on this machine and alert, to see how it works",
		Long: "Starts a marketplace on loopback, generated from a seed, crawls it every few seconds, prints the address of the console\n" +
			"first and then each alert. Nothing leaves this machine. Without --data everything is removed at the end.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output != "text" && output != "jsonl" {
				return usage("--output %q; want text or jsonl", output)
			}
			if !cmd.Flags().Changed("seed") {
				o.Seed = uint64(rand.Uint32())
			}
			if o.For < 0 {
				return usage("--for %s; want a duration such as 30s", o.For)
			}
			o.Data, o.JSON, o.Out, o.Talk = c.data, output == "jsonl", cmd.OutOrStdout(), cmd.ErrOrStderr()
			if output == "text" {
				o.Talk = cmd.OutOrStdout()
			}
			o.Log = slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))
			began := time.Now()
			if err := app.Demo(cmd.Context(), o); err != nil {
				return fmt.Errorf("demo, after %s: %w", time.Since(began).Round(time.Second), err)
			}
			return nil
		},
	}
	cmd.Flags().Uint64Var(&o.Seed, "seed", 0, "what the marketplace is generated from (default: random)")
	cmd.Flags().DurationVar(&o.For, "for", 0, "end by itself after this long, such as 30s")
	cmd.Flags().StringVar(&o.Listen, "listen", "127.0.0.1:8080", "address of the console; another port is used if it is taken")
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text, or jsonl: one alert a line on standard output")
	return cmd
}
