package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

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

// openInput opens a file that a command line names; "-" is standard input,
// which is not read otherwise: what comes after leakwatch in a script may want
// it. The caller closes it.
func openInput(cmd *cobra.Command, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(stdin(cmd)), nil
	}
	return os.Open(name)
}

// stdin returns the command's standard input, which ends with the command's
// context: a read of a pipe or a terminal would outlast an interrupt.
func stdin(cmd *cobra.Command) io.Reader {
	r, w := io.Pipe()
	ctx, in := cmd.Context(), cmd.InOrStdin()
	context.AfterFunc(ctx, func() { w.CloseWithError(ctx.Err()) })
	go func() {
		_, err := io.Copy(w, in)
		w.CloseWithError(err)
	}()
	return r
}
