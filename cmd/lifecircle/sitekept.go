package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/report"
	"lifecircle/scenario"
	"lifecircle/siting"
)

// keptName is what a kept answer may be called: it becomes a file's name.
var keptName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]{0,80}$`)

func projectsFile(dir, name string) string {
	return filepath.Join(dir, "projects", name+".csv")
}

// checkKept finds a name that cannot be kept before anything is computed.
func (d *drafts) checkKept(cmd *cobra.Command, name string) error {
	if !keptName.MatchString(name) {
		return useError{fmt.Errorf("--save %q: want letters, digits, dots, dashes or underscores", name)}
	}
	all, err := d.db.Scenarios(cmd.Context(), d.grant, true)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Name == name {
			return lifecircle.Errorf("scenario_exists", "--save %s: there is a scenario of that name (%s): choose another", name, s.ID)
		}
	}
	return nil
}

// keepSiting keeps the answer as a scenario, and a draft project for each site in
// a list.
func (d *drafts) keepSiting(cmd *cobra.Command, name string, shown report.Siting) error {
	root, err := d.Root(d.grant, lifecircle.AreaCode(shown.Case.Area), nil)
	if err != nil {
		return err
	}
	note := fmt.Sprintf("%s: %s in %s, %d sites, value %s, bound %s (%s)", shown.Model, shown.Case.Kind, shown.Case.Area,
		len(shown.Sites), report.Number(&shown.Value), report.Number(&shown.Bound), shown.Proof)
	if _, err := d.Create(cmd.Context(), d.grant, scenario.New{Request: d.request(""), Root: root, Name: name, Note: note, Steps: shown.Steps}); err != nil {
		return err
	}
	path := projectsFile(d.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return csvTo(path, func(w *csvWriter) error {
		return writeRows(w, report.ProjectHeading(), func(row func(...string)) error {
			for _, p := range report.ProjectsOf(shown) {
				row(p.Cells()...)
			}
			return nil
		})
	})
}

// search shows how far a search has come: one line that is rewritten on a
// terminal, else a line at each stage.
type search struct {
	out      io.Writer
	terminal bool
	stage    siting.Stage
	next     time.Time
	shown    bool
}

func startSearch(out io.Writer) *search {
	return &search{out: out, terminal: startProgress(out, "", 0).terminal, next: time.Now().Add(firstTell)}
}

func (s *search) to(now siting.Progress) {
	at := time.Now()
	if at.Before(s.next) || !s.terminal && s.stage == now.Stage {
		return
	}
	s.stage, s.next = now.Stage, at.Add(barEvery)
	shown := func(v int64) string {
		if v == siting.NoValue {
			return "—"
		}
		return strconv.FormatFloat(float64(v)/float64(max(now.Unit, 1)), 'f', -1, 64)
	}
	line := fmt.Sprintf("%s: value %s, bound %s", now.Stage, shown(now.Value), shown(now.Bound))
	if s.terminal {
		fmt.Fprintf(s.out, "\r%-70s", line)
		s.shown = true
		return
	}
	fmt.Fprintln(s.out, line)
}

func (s *search) end() {
	if s.shown {
		fmt.Fprintf(s.out, "\r%70s\r", "")
	}
}
