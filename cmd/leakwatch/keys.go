package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/config"
	"github.com/spf13/cobra"
)

func newKeys(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "Make and check the keys with which identifiers are coded",
		Long: "Identifiers of victims are stored as keyed codes only. The keys stand in one file apart from the index;\n" +
			"without them no identifier can be searched for, and whoever has them can test guesses. Back them up apart.",
	}
	cmd.AddCommand(
		&cobra.Command{Use: "init", Short: "Make a key file with one key, if there is none", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				path, err := c.keyPath()
				if err != nil {
					return err
				}
				err = app.CreateKeys(path)
				if errors.Is(err, fs.ErrExist) {
					return fmt.Errorf("%w: there are keys at %s already", errRefused, path)
				}
				if err == nil {
					fmt.Fprintln(cmd.ErrOrStderr(), "Wrote a new key to", path)
				}
				return err
			}},
		&cobra.Command{Use: "add", Short: "Add a new primary key; old codes stay valid", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				path, err := c.keyPath()
				if err != nil {
					return err
				}
				if err := app.AddKey(path); err != nil {
					return err
				}
				fmt.Fprintln(cmd.ErrOrStderr(), "Added a primary key to", path+"; restart leakwatch to use it")
				return nil
			}},
		&cobra.Command{Use: "verify", Short: "Check that the keys are those of the index", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				a, err := c.open(cmd, app.Options{})
				if err != nil {
					return err // opening verifies the keys
				}
				defer a.Close()
				fmt.Fprintln(cmd.ErrOrStderr(), "The keys fit the index:", a.KeyIDs())
				return nil
			}},
	)
	return cmd
}

// keyPath returns the path of the key file. The config need not exist yet; a
// faulty one is an error, since it may name another path.
func (c *common) keyPath() (string, error) {
	data, err := app.DataDir(c.data)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(c.config); errors.Is(err, fs.ErrNotExist) {
		return app.KeyPath(&config.Config{}, data), nil
	}
	cfg, err := app.LoadConfig(c.config)
	if err != nil {
		return "", err
	}
	return app.KeyPath(cfg, data), nil
}
