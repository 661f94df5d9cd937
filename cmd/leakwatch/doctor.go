package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
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
			parts := []app.Diagnosis{{Part: "config", OK: true, Text: fmt.Sprintf("%d sources, %d watches, %d receivers", len(cfg.Sources), len(cfg.Watches), len(cfg.Receivers))}}
			a, err := c.open(cmd, app.Options{})
			if err != nil {
				return errors.Join(c.diagnoses(cmd, parts), err)
			}
			defer a.Close()
			parts = append(parts, a.Diagnose(cmd.Context())...)
			if err := c.diagnoses(cmd, parts); err != nil {
				return err
			}
			if sick := slices.DeleteFunc(parts, func(d app.Diagnosis) bool { return d.OK }); len(sick) > 0 {
				return fmt.Errorf("%w: %d parts need attention", errPartial, len(sick))
			}
			return nil
		},
	}
	c.outputFlag(cmd)
	cmd.Flags().BoolVar(&ready, "ready", false, "only ask the running leakwatch whether it is ready; for health checks")
	return cmd
}

// diagnoses prints what is said of each part, for people on lines that are
// not cut.
func (c *common) diagnoses(cmd *cobra.Command, parts []app.Diagnosis) error {
	state := func(d app.Diagnosis) string {
		if d.OK {
			return "ok"
		}
		return "wrong"
	}
	if c.format != "table" {
		return list(cmd, c, parts, []column[app.Diagnosis]{
			{"part", func(d app.Diagnosis) string { return d.Part }},
			{"state", state},
			{"text", func(d app.Diagnosis) string { return d.Text }},
		})
	}
	for _, d := range parts {
		fmt.Fprintf(cmd.OutOrStdout(), "%-10s %s: %s\n", d.Part, state(d), plain(d.Text))
	}
	return nil
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
