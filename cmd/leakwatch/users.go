package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/console"
	"github.com/spf13/cobra"
	"golang.org/x/term"
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
			password, err := readPassword(cmd)
			if err != nil {
				return fmt.Errorf("read the password: %w", err)
			}
			return x.SaveUser(cmd.Context(), a[0], console.Role(role), password)
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

// readPassword reads one line of standard input; typed on a terminal, it is
// not shown.
func readPassword(cmd *cobra.Command) (string, error) {
	if f, ok := cmd.InOrStdin().(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(cmd.ErrOrStderr(), "Password: ")
		defer fmt.Fprintln(cmd.ErrOrStderr())
		return typedPassword(cmd.Context(), int(f.Fd()))
	}
	line, err := bufio.NewReader(stdin(cmd)).ReadString('\n')
	if err == io.EOF {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

// typedPassword reads a line of a terminal unseen. An interrupt ends it and
// makes the terminal show again what is typed.
func typedPassword(ctx context.Context, fd int) (string, error) {
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	type line struct {
		text []byte
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(fd)
		read <- line{text, err}
	}()
	select {
	case l := <-read:
		return string(l.text), l.err
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), term.Restore(fd, before))
	}
}
