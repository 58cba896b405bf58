package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestHelpInChinese holds that --help has a Chinese text for every command, for
// every explanation and for every flag, and none for what is gone.
func TestHelpInChinese(t *testing.T) {
	texts := helpInChinese()
	commands, flags := make(map[string]bool), make(map[string]bool)
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		path := helpPath(c)
		if c.Hidden || strings.HasPrefix(path, "completion") {
			return
		}
		commands[path] = true
		said := texts.Commands[path]
		if said.Short == "" {
			t.Errorf("help_zh.yaml lacks the command %q: %s", path, c.Short)
		}
		if c.Long != "" && said.Long == "" {
			t.Errorf("help_zh.yaml lacks what the command %q explains", path)
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			flags[f.Usage] = true
			if f.Name != "help" && texts.Flags[f.Usage] == "" {
				t.Errorf("help_zh.yaml lacks --%s of %q: %q", f.Name, path, f.Usage)
			}
		})
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	root := new(app).command()
	root.InitDefaultHelpCmd()
	walk(root)
	for path := range texts.Commands {
		if !commands[path] {
			t.Errorf("help_zh.yaml has a command %q, and the program has none", path)
		}
	}
	for usage := range texts.Flags {
		if !flags[usage] {
			t.Errorf("help_zh.yaml has a flag that is nowhere: %q", usage)
		}
	}
}

func TestHelpSpeaks(t *testing.T) {
	for _, test := range []struct{ lang, usage, short, flag string }{
		{"zh", "用法：", "沿街道测算可达性", "工作区文件夹（默认 \".\"）"},
		{"en", "Usage:", "How near places are along streets", "the workspace folder (default \".\")"},
	} {
		var out, failed strings.Builder
		if code := run(t.Context(), []string{"--lang", test.lang, "--help"}, &out, &failed); code != 0 {
			t.Fatalf("exit %d: %s", code, failed.String())
		}
		for _, want := range []string{test.usage, test.short, test.flag} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("--lang %s: no %q in\n%s", test.lang, want, out.String())
			}
		}
	}
}
