package main

import (
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/leakwatch/leakwatch/app"
	"github.com/spf13/cobra"
)

func newServe(c *common) *cobra.Command {
	var level slog.Level
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Crawl on schedule, alert, and serve the console",
		Long: "Runs until it is interrupted. SIGHUP reads the config again; a faulty one is reported and the old one stays.\n" +
			"Logs are JSON lines on standard error.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log := slog.New(app.LogHandler(cmd.ErrOrStderr(), level))
			a, err := c.open(cmd, app.Options{Exclusive: true, Log: log})
			if err != nil {
				return err
			}
			defer a.Close()
			hup := make(chan os.Signal, 1)
			signal.Notify(hup, syscall.SIGHUP)
			defer signal.Stop(hup)
			go func() {
				for range hup {
					a.ReloadFile()
				}
			}()
			return a.Serve(cmd.Context(), func(r app.Ready) {
				fmt.Fprintln(cmd.ErrOrStderr(), "Console:", r.Console)
				if r.Setup != "" {
					fmt.Fprintln(cmd.ErrOrStderr(), "First admin, once:", r.Setup)
				}
			})
		},
	}
	cmd.Flags().TextVar(&level, "log-level", slog.LevelInfo, "debug, info, warn or error")
	return cmd
}
