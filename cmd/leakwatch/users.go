package main

import (
	"bufio"
	"fmt"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/console"
	"github.com/spf13/cobra"
)

func newUsers(c *common) *cobra.Command {
	cmd := &cobra.Command{Use: "users", Short: "List, add and remove users of the console", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer a.Close()
			all, err := a.Users(cmd.Context())
			if err != nil {
				return err
			}
			return list(cmd, c, all, []column[app.ConsoleUser]{
				{"name", func(u app.ConsoleUser) string { return u.Name }},
				{"role", func(u app.ConsoleUser) string { return u.Role }},
				{"made", func(u app.ConsoleUser) string { return clock(u.Created) }},
			})
		}}
	c.outputFlag(cmd)
	var role string
	add := &cobra.Command{Use: "add NAME", Short: "Add a user, or change role and password", Args: cobra.ExactArgs(1),
		Long: "Reads the password, one line, from standard input.",
		RunE: func(cmd *cobra.Command, a []string) error {
			if !slices.Contains(console.Roles(), console.Role(role)) {
				return usage("--role %q; want one of %s", role, join(console.Roles()))
			}
			x, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer x.Close()
			if isTerminal(cmd.ErrOrStderr()) {
				fmt.Fprint(cmd.ErrOrStderr(), "Password: ")
			}
			line, _ := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
			return x.SaveUser(cmd.Context(), a[0], console.Role(role), strings.TrimRight(line, "\r\n"))
		}}
	add.Flags().StringVar(&role, "role", "viewer", join(console.Roles()))
	remove := &cobra.Command{Use: "remove NAME", Short: "Remove a user", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, a []string) error {
			x, err := c.open(cmd, app.Options{})
			if err != nil {
				return err
			}
			defer x.Close()
			return x.RemoveUser(cmd.Context(), a[0])
		}}
	cmd.AddCommand(add, remove)
	return cmd
}
