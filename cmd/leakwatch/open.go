package main

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/leakwatch/leakwatch/app"
	"github.com/spf13/cobra"
)

// open loads the config and opens the index for a command. The caller closes
// the app.
func (c *common) open(cmd *cobra.Command, o app.Options) (*app.App, error) {
	cfg, err := app.LoadConfig(c.config)
	if err != nil {
		return nil, err
	}
	data, err := app.DataDir(c.data)
	if err != nil {
		return nil, err
	}
	o.Config, o.ConfigPath, o.Data = cfg, c.config, data
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	if o.Crash, err = app.CrashFromEnvironment(); err != nil {
		return nil, err
	}
	a, err := app.Open(cmd.Context(), o)
	if errors.Is(err, app.ErrKey) {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	return a, err
}
