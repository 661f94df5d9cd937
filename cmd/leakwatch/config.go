package main

import (
	"encoding/json"
	"errors"

	"github.com/leakwatch/leakwatch/config"
	"github.com/spf13/cobra"
)

func newConfig(_ *common) *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "About the config file"}
	cmd.AddCommand(&cobra.Command{Use: "schema", Short: "Print the JSON Schema of the config file, for editors", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			schema, err := config.Schema()
			if err != nil {
				return err
			}
			if !json.Valid(schema) {
				return errors.New("the schema is not JSON")
			}
			_, err = cmd.OutOrStdout().Write(schema)
			return err
		}})
	return cmd
}
