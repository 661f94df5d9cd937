package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/leakwatch/leakwatch/app"
	"github.com/spf13/cobra"
)

func newInit(c *common) *cobra.Command {
	var elasticsearch bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a commented config, and keys if there are none",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			wrote, err := app.Init(c.config, elasticsearch)
			for _, name := range wrote {
				fmt.Fprintln(cmd.ErrOrStderr(), "Wrote", name)
			}
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%w: %s exists already; it was not touched", errRefused, c.config)
			}
			if err != nil {
				return err
			}
			if elasticsearch {
				fmt.Fprintf(cmd.ErrOrStderr(), "Now add a source to %s, then: docker compose up -d\n", c.config)
				return nil
			}
			path, err := c.keyPath()
			if err != nil {
				return err
			}
			if err := app.CreateKeys(path); err == nil {
				fmt.Fprintln(cmd.ErrOrStderr(), "Wrote", path)
			} else if !errors.Is(err, fs.ErrExist) {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "Now add a source to %s, then: leakwatch check && leakwatch serve\n", c.config)
			return nil
		},
	}
	cmd.Flags().BoolVar(&elasticsearch, "elasticsearch", false, "for docker-compose.yml: Elasticsearch as the index, and the secret files it needs")
	return cmd
}
