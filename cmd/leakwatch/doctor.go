package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/spf13/cobra"
)

func newDoctor(c *common) *cobra.Command {
	var ready bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say what is wrong and how to mend it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if ready {
				return askReady(cmd.Context(), c)
			}
			cfg, err := app.LoadConfig(c.config)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "config     ok: %d sources, %d watches, %d receivers\n", len(cfg.Sources), len(cfg.Watches), len(cfg.Receivers))
			a, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer a.Close()
			sick := 0
			for _, d := range a.Diagnose(cmd.Context()) {
				state := "ok"
				if !d.OK {
					state = "wrong"
					sick++
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%-10s %s: %s\n", d.Part, state, plain(d.Text))
			}
			if sick > 0 {
				return fmt.Errorf("%w: %d parts need attention", errPartial, sick)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&ready, "ready", false, "only ask the running leakwatch whether it is ready; for health checks")
	return cmd
}

// askReady asks the running leakwatch of this config on this machine.
func askReady(ctx context.Context, c *common) error {
	cfg, err := app.LoadConfig(c.config)
	if err != nil {
		return err
	}
	address := cfg.Console.Listen
	if cfg.Console.Metrics != "" {
		address = cfg.Console.Metrics
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("%w: nothing answers at %s", indexer.ErrUnavailable, address)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if resp.StatusCode != http.StatusOK {
		return errors.Join(indexer.ErrUnavailable, fmt.Errorf("not ready: %s", plain(string(body))))
	}
	return nil
}
