// Command lifecircle measures the promises of a public-service plan; see
// `lifecircle help`. This package parses, wires and runs: each subcommand is one
// file, and its work is one call into the packages below. Nothing imports it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"lifecircle"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// The exit codes of the command line.
const (
	exitNo       = 1 // the answer is "no"
	exitUse      = 2 // wrong use
	exitInput    = 3 // bad input
	exitInternal = 4
)

// errNo is what a command returns when it worked and the answer is "no"; what
// is wrong has been printed.
var errNo = errors.New("no")

// useError marks wrong use of the command line.
type useError struct{ error }

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	a := &app{}
	root := a.command()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if errors.Is(err, errNo) {
		return exitNo
	}
	a.complain(stderr, err)
	var use useError
	switch {
	case errors.As(err, &use):
		return exitUse
	case lifecircle.ErrorCode(err) != "internal", errors.Is(err, os.ErrNotExist):
		return exitInput
	}
	return exitInternal
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:           "lifecircle",
		Short:         "Measures the promises of a public-service plan on real streets",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	a.persist(root)
	a.speak(root)
	root.AddCommand(a.scenario())
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return useError{err} })
	lists := a.importCommand()
	lists.AddCommand(a.importValues(), a.importMap(), a.importNetwork())
	root.AddCommand(a.initialise(), lists, a.exportCommand(), a.reportCommand(), a.areaCommand(), a.demo(), a.serve(), a.evaluate(), a.explain(), a.whatif(), a.network(), a.tiles(), a.access(), a.planCommand(), a.site(), a.assign(), version())
	usage(root)
	return root
}

// usage makes wrong arguments of every command wrong use.
func usage(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return useError{fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath())}
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		usage(sub)
	}
}

// formats adds --format to a command that answers.
func (a *app) formats(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&a.format, "format", "table", "table, json or csv")
	next := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		switch a.format {
		case "table", "json", "csv":
			return next(cmd, args)
		}
		return useError{fmt.Errorf("--format %q: want table, json or csv", a.format)}
	}
	return c
}

func version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of the program",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "lifecircle", programVersion())
			return err
		},
	}
}

// release is set by `make build`.
var release = "0.1.0-dev"

// programVersion names the program as exactly as is known: the release and,
// where the build recorded it, the commit.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return release
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return release + "+" + setting.Value[:min(12, len(setting.Value))]
		}
	}
	return release
}
