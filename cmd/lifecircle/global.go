package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lifecircle/account"
	"lifecircle/scenario"
)

// app is what the persistent flags say.
type app struct {
	dir    string
	format string
	lang   string
	as     string
	clock  string
	now    func() time.Time // by --clock
	who    account.Grant    // by --as
}

// persist adds the flags that every command has, and reads them before it runs.
func (a *app) persist(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&a.dir, "dir", ".", "the workspace folder")
	flags.StringVar(&a.lang, "lang", "", "language of tables and of help: zh or en (default: from the locale)")
	flags.StringVar(&a.as, "as", "", "act as a user of the workspace: the name that the log of changes keeps (local use)")
	flags.StringVar(&a.clock, "clock", "", "the time, as 2026-11-24 or 2026-11-24T12:00:00Z, of a demonstration or test workspace (default: the machine's)")
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return a.settle() }
}

func (a *app) settle() error {
	switch a.lang {
	case "":
		a.lang = localeLanguage()
	case "zh", "en":
	default:
		return useError{fmt.Errorf("--lang %q: want zh or en", a.lang)}
	}
	a.who, a.now = account.Local(), time.Now
	if a.as != "" {
		who, err := account.LocalAs(a.as)
		if err != nil {
			return useError{fmt.Errorf("--as: %w", err)}
		}
		a.who = who
	}
	if a.clock != "" {
		at, err := time.Parse(time.RFC3339, a.clock)
		if err != nil {
			at, err = time.Parse(time.DateOnly, a.clock)
		}
		if err != nil {
			return useError{fmt.Errorf("--clock %q: want a day like 2026-11-24 or a time like 2026-11-24T12:00:00Z", a.clock)}
		}
		a.now = func() time.Time { return at }
		a.who = a.who.WithClockSet()
	}
	return nil
}

// localeLanguage is the language of the environment: Chinese where the locale
// says so, else English.
func localeLanguage() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := os.Getenv(name); locale != "" {
			if strings.HasPrefix(strings.ToLower(locale), "zh") {
				return "zh"
			}
			return "en"
		}
	}
	return "en"
}

// request is what a write records besides the facts.
func (a *app) request(key string) scenario.Request { return scenario.Request{Key: key, At: a.now()} }
