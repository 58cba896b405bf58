package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/goccy/go-yaml"

	"lifecircle/plan/rule"
	"lifecircle/remedy"
	"lifecircle/report"
	"lifecircle/scenario"
	"lifecircle/siting"
)

// siteKept is an answer to keep.
type siteKept struct {
	answer *remedy.Answer
	shown  report.Siting
}

// keptName is what a kept answer may be called: it becomes a file's name.
var keptName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]{0,80}$`)

func changesFile(dir, name string) string { return filepath.Join(dir, "scenarios", name+".yaml") }

// keepSiting writes the answer's changes as `whatif` reads them, and a draft
// project for each site beside them.
func keepSiting(dir, name string, k siteKept) error {
	if !keptName.MatchString(name) {
		return useError{fmt.Errorf("--save %q: want letters, digits, dots, dashes or underscores", name)}
	}
	path := changesFile(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	var listed []keptStep
	for _, c := range k.answer.Changes() {
		if step, ok := stepOf(c); ok {
			listed = append(listed, step)
		}
	}
	text, err := yaml.Marshal(struct {
		Changes []keptStep `yaml:"changes"`
	}{listed})
	if err != nil {
		return err
	}
	heading := fmt.Sprintf("# %s: %s in %s, %d sites, value %s, bound %s (%s)\n", k.shown.Model, k.shown.Case.Kind, k.shown.Case.Area,
		len(k.shown.Sites), report.Number(&k.shown.Value), report.Number(&k.shown.Bound), k.shown.Proof)
	if err := os.WriteFile(path, append([]byte(heading), text...), 0o644); err != nil {
		return err
	}
	return csvTo(filepath.Join(dir, "scenarios", name+".projects.csv"), func(w *csvWriter) error {
		return writeRows(w, report.ProjectHeading(), func(row func(...string)) error {
			for _, p := range report.ProjectsOf(k.shown) {
				row(p.Cells()...)
			}
			return nil
		})
	})
}

// keptStep is a line of a file of changes.
type keptStep struct {
	Op      string         `yaml:"op"`
	ID      string         `yaml:"id,omitempty"`
	Kind    string         `yaml:"kind,omitempty"`
	Area    string         `yaml:"area"`
	Name    string         `yaml:"name,omitempty"`
	At      []float64      `yaml:"at,flow,omitempty"`
	Public  *bool          `yaml:"public,omitempty"`
	Fields  map[string]any `yaml:"fields,omitempty"`
	Element string         `yaml:"element,omitempty"`
	Period  string         `yaml:"period,omitempty"`
	Value   string         `yaml:"value,omitempty"`
}

// stepOf writes a change as a file of changes lists it; ok is false for what
// another line of the file stands for.
func stepOf(c scenario.Change) (step keptStep, ok bool) {
	switch c.Op {
	case scenario.Add:
		f := c.Facility
		step = keptStep{Op: "add", ID: string(f.ID), Kind: f.Kind, Area: string(f.Area), Name: f.Name, At: []float64{f.At.Lon, f.At.Lat}, Public: &f.Public}
		for name, value := range f.Fields {
			if step.Fields == nil {
				step.Fields = map[string]any{}
			}
			step.Fields[name] = fieldOf(value)
		}
		return step, true
	case scenario.Put:
		v := c.Value
		return keptStep{Op: "put", Element: v.Element, Area: string(v.Area), Period: v.Period.String(), Value: v.Number.String()}, true
	}
	return keptStep{}, false
}

func fieldOf(v rule.Value) any {
	if b, ok := v.Bool(); ok {
		return b
	}
	if text, ok := v.Text(); ok {
		return text
	}
	if texts, ok := v.Texts(); ok {
		return texts
	}
	n, _ := v.Number()
	if n.IsInt() {
		return n.Num()
	}
	return n.Float64()
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
