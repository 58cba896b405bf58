package main

import (
	_ "embed"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

//go:embed help_zh.yaml
var helpFile []byte

// helpTexts is what help says in Chinese: of commands by their path without the
// program's name, of flags by their English text.
type helpTexts struct {
	Commands map[string]struct{ Short, Long string }
	Flags    map[string]string
}

var helpInChinese = sync.OnceValue(func() helpTexts {
	var texts helpTexts
	if err := yaml.Unmarshal(helpFile, &texts); err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return texts
})

// helpPath is the path of a command without the program's name.
func helpPath(c *cobra.Command) string {
	return strings.TrimPrefix(strings.TrimPrefix(c.CommandPath(), c.Root().Name()), " ")
}

// speak makes --help answer in the language of --lang, else of the locale.
func (a *app) speak(root *cobra.Command) {
	english := root.HelpFunc()
	root.SetHelpFunc(func(c *cobra.Command, args []string) {
		if language := a.lang; language == "zh" || language == "" && localeLanguage() == "zh" {
			writeHelp(c.OutOrStdout(), c)
			return
		}
		english(c, args)
	})
}

// writeHelp writes the help of a command in Chinese, laid out as cobra's.
func writeHelp(w io.Writer, c *cobra.Command) {
	texts := helpInChinese()
	said := texts.Commands[helpPath(c)]
	if said.Long == "" {
		said.Long = said.Short
	}
	fmt.Fprintf(w, "%s\n\n用法：\n", strings.TrimSpace(said.Long))
	if c.Runnable() {
		fmt.Fprintf(w, "  %s\n", c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "  %s [command]\n\n命令：\n", c.CommandPath())
		for _, sub := range c.Commands() {
			if short := texts.Commands[helpPath(sub)].Short; sub.IsAvailableCommand() && short != "" {
				fmt.Fprintf(w, "  %-*s  %s\n", sub.NamePadding(), sub.Name(), short)
			}
		}
	}
	writeFlags(w, "选项", c.LocalFlags())
	writeFlags(w, "通用选项", c.InheritedFlags())
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n每条命令的说明：%s [command] --help\n", c.CommandPath())
	}
}

// defaultSaid is how pflag ends the line of a flag with a value of its own.
var defaultSaid = regexp.MustCompile(`(?m) \(default (.*)\)$`)

func writeFlags(w io.Writer, heading string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	texts := helpInChinese()
	chinese := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.VisitAll(func(f *pflag.Flag) {
		said := *f
		if f.Name == "help" {
			said.Usage = "显示本命令的帮助"
		} else if usage, ok := texts.Flags[f.Usage]; ok {
			said.Usage = usage
		}
		chinese.AddFlag(&said)
	})
	fmt.Fprintf(w, "\n%s：\n%s", heading, defaultSaid.ReplaceAllString(chinese.FlagUsages(), "（默认 $1）"))
}
