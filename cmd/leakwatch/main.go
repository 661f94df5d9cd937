// Command leakwatch monitors places where stolen personal data is sold: it
// crawls them on a schedule, finds the listings that sell faces and identity
// documents, indexes them and alerts the team that watches for them.
//
// There is one file per verb. Data goes to standard output, talk to standard
// error. Exit codes are listed at exitCode.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/leakwatch/leakwatch/app"
	"github.com/leakwatch/leakwatch/config"
	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/indexer"
	"github.com/leakwatch/leakwatch/query"
	"github.com/spf13/cobra"
)

func main() {
	// net/http tells the standard logger what servers say out of turn, in
	// their own bytes.
	log.SetOutput(io.Discard)
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run runs one command line. The first interrupt ends the command in order,
// the second at once.
func run(args []string, in io.Reader, out, talk io.Writer) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	go func() {
		<-signals
		cancel()
		<-signals
		os.Exit(exitInterrupted)
	}()
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(talk)
	err := root.ExecuteContext(ctx)
	code := exitCode(err)
	switch {
	case code == exitInterrupted:
		fmt.Fprintln(talk, "leakwatch: interrupted")
	case err != nil && !errors.Is(err, errQuiet):
		fmt.Fprintln(talk, "leakwatch: "+plain(err.Error()))
	}
	return code
}

// The exit codes, documented and stable.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2   // the command line is wrong, or a query in it
	exitConfig      = 3   // the config or the rules have faults
	exitPartial     = 4   // some of the work failed: lines refused, sources not read
	exitUnreachable = 6   // the index or another dependency does not answer
	exitRefused     = 7   // not allowed: locked by another process, wrong key
	exitInterrupted = 130 // ended by a signal
)

const exitHelp = `Exit codes:
  0    done
  1    failed
  2    the command line is wrong, or a query in it
  3    the config has faults, or the rules
  4    done in part: some lines were refused, some sources were not read
  6    the index or another dependency does not answer
  7    refused: locked by another process, or the wrong key
  130  interrupted`

// Errors that decide the exit code.
var (
	errUsage   = errors.New("wrong command line")
	errPartial = errors.New("done in part")
	errQuiet   = errors.New("already said")
)

func usage(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

func exitCode(err error) int {
	var faults config.Faults
	var inRules detect.Faults
	var fault *query.Error // a query is typed on the command line
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &faults), errors.As(err, &inRules):
		return exitConfig
	case errors.Is(err, errUsage), errors.As(err, &fault), errors.Is(err, app.ErrNoSource):
		return exitUsage
	case errors.Is(err, errPartial):
		return exitPartial
	case errors.Is(err, indexer.ErrUnavailable):
		return exitUnreachable
	case errors.Is(err, indexer.ErrLocked), errors.Is(err, errRefused):
		return exitRefused
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return exitFailed
}

// errRefused marks what is not allowed rather than broken.
var errRefused = errors.New("refused")

// common are the flags of every verb.
type common struct {
	config string
	data   string
	format listFormat
}

func newRoot() *cobra.Command {
	c := &common{}
	root := &cobra.Command{
		Use:           "leakwatch",
		Short:         "Find stolen faces and identity documents offered for sale, and alert those who watch",
		Long:          "leakwatch crawls marketplaces, forums, shops and channel previews on a schedule, reads the listings that sell\nface photos and identity documents, indexes them and sends alerts. Try it: leakwatch demo\n\n" + exitHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%s", err) })
	root.PersistentFlags().StringVar(&c.config, "config", envOr("LEAKWATCH_CONFIG", "leakwatch.yaml"), "config file")
	root.PersistentFlags().StringVar(&c.data, "data", os.Getenv("LEAKWATCH_DATA"), "folder of the index and the keys (default: leakwatch in the user's data folder)")
	for _, verb := range verbs() {
		root.AddCommand(verb(c))
	}
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	if help, _, err := root.Find([]string{"help"}); err == nil {
		help.Args = knownCommand
	}
	strict(root)
	return root
}

func verbs() []func(*common) *cobra.Command {
	return []func(*common) *cobra.Command{newInit, newCheck, newConfig, newServe, newDemo, newCrawl, newProbe, newAnalyze,
		newImport, newSearch, newWatches, newAlerts, newSources, newReceivers, newExport, newBackup, newRestore,
		newUsers, newKeys, newRules, newDoctor, newVersion}
}

func envOr(name, def string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return def
}

// strict makes every mistake on the command line a usage error: a wrong
// number of arguments, and words that name no command of a group, which cobra
// would answer with the help of the group and success.
func strict(cmd *cobra.Command) {
	if cmd.HasSubCommands() && !cmd.Runnable() {
		cmd.Args = cobra.NoArgs
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, a []string) error {
			if err := check(cmd, a); err != nil {
				return usage("%s", err)
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		strict(sub)
	}
}

// knownCommand checks the words after help.
func knownCommand(cmd *cobra.Command, words []string) error {
	found, rest, err := cmd.Root().Find(words)
	if err == nil && (len(rest) > 0 || found == cmd.Root() && len(words) > 0) {
		err = fmt.Errorf("unknown command %q", strings.Join(words, " "))
	}
	return err
}
