package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// reforming is what the flags of a change of areas say.
type reforming struct {
	date, source      string
	keepCodes, dryRun bool
}

// areaAnswer is what a change of areas answers; the names are a contract.
type areaAnswer struct {
	Date   string       `json:"date"`
	DryRun bool         `json:"dry_run"`
	Change int64        `json:"change,omitempty"`
	Areas  []areaChange `json:"areas"`
}

// areaChange is one area before and after; Before is empty for one that begins,
// After for one that ends.
type areaChange struct {
	Before    areaFace `json:"before,omitzero"`
	After     areaFace `json:"after,omitzero"`
	Successor string   `json:"successor,omitempty"` // the code of who counts for one that ends
	Held      int      `json:"held"`                // facilities, points and rows that name it and none below it
}

// areaFace is what an area is known by.
type areaFace struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Kind   string `json:"kind,omitempty"`
	Parent string `json:"parent,omitempty"`
}

func faceOf(a registry.Area) areaFace {
	return areaFace{string(a.Code), a.Name.ZH, a.Kind, string(a.Parent)}
}

func (a *app) areaCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "area",
		Short: "Rename, move, split and merge areas from a day on",
		Long: `Changes areas from a day on. The past stays as it was: lists and figures of the days
before know the areas by their codes and names of then, and what was said under an old
code is counted where it belongs now. Each command is one change, which one undo takes
back; --dry-run shows it and keeps nothing.

Where an area gets another code, or another area above it with another code, those below
it follow, since a code begins with that of the area above; --keep-codes leaves them.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.areaRename(), a.areaMove(), a.areaSplit(), a.areaMerge())
	return c
}

// reformFlags adds what every change of areas may say.
func reformFlags(c *cobra.Command) *reforming {
	r := new(reforming)
	flags := c.Flags()
	flags.StringVar(&r.date, "date", "", "the first day on which it holds, as 2024-07-01; needed")
	flags.StringVar(&r.source, "source", "", "who says so, of areas that begin (default: as the area before)")
	flags.BoolVar(&r.keepCodes, "keep-codes", false, "leave the codes of the areas below as they are")
	flags.BoolVar(&r.dryRun, "dry-run", false, "show the change and keep nothing")
	return r
}

func (a *app) areaRename() *cobra.Command {
	var to scenario.Part
	var code string
	c := &cobra.Command{
		Use:   "rename CODE --date DAY [--name NAME] [--name-en NAME] [--kind KIND] [--code NEW]",
		Short: "Give an area another name, kind or code",
		Long: `Gives an area another name, kind (county → county_city) or code from a day on. It stays
the same area: its figures of before and after are one series.`,
		Args: cobra.ExactArgs(1),
	}
	r := reformFlags(c)
	c.Flags().StringVar(&to.Name.ZH, "name", "", "the Chinese name")
	c.Flags().StringVar(&to.Name.EN, "name-en", "", "the English name; left out with --name, there is none")
	c.Flags().StringVar(&to.Kind, "kind", "", "the kind, as district or town")
	c.Flags().StringVar(&code, "code", "", "the code")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		return a.reform(cmd, r, func(reform scenario.Reform) ([]scenario.Change, error) {
			codes, err := areaCodes(args[0], code)
			if err != nil {
				return nil, err
			}
			if to.Name.EN != "" && to.Name.ZH == "" {
				area, _ := reform.Known.Area(codes[0])
				to.Name.ZH = area.Name.ZH
			}
			to.Code = codes[1]
			return reform.Rename(codes[0], to)
		})
	}
	return a.formats(c)
}

func (a *app) areaMove() *cobra.Command {
	var parent, code string
	c := &cobra.Command{
		Use:   "move CODE --parent CODE --date DAY [--code NEW]",
		Short: "Put an area below another one",
		Long: `Puts an area with all below it below another one from a day on. From then on it is
counted there; before, where it was.`,
		Args: cobra.ExactArgs(1),
	}
	r := reformFlags(c)
	c.Flags().StringVar(&parent, "parent", "", "the area above; needed")
	c.Flags().StringVar(&code, "code", "", "the code, if it gets another one")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if parent == "" {
			return useError{fmt.Errorf("area move needs --parent CODE")}
		}
		return a.reform(cmd, r, func(reform scenario.Reform) ([]scenario.Change, error) {
			codes, err := areaCodes(args[0], parent, code)
			if err != nil {
				return nil, err
			}
			return reform.Move(codes[0], codes[1], codes[2])
		})
	}
	return a.formats(c)
}

func (a *app) areaSplit() *cobra.Command {
	var into, below []string
	c := &cobra.Command{
		Use:   "split CODE --into CODE=NAME --into CODE[=NAME] [--below PART=CODE,CODE] --date DAY",
		Short: "Make several areas of one",
		Long: `Makes two areas or more of one from a day on. With a part that has the area's own code
the area goes on, smaller; without one it ends, and what names it without naming an area
below it counts for the first part from then on (the answer says how much that is: give
such rows the code of their part). --below says which of the areas directly below go to a
part; they take what names them along. The others stay with the area itself.`,
		Args: cobra.ExactArgs(1),
	}
	r := reformFlags(c)
	c.Flags().StringArrayVar(&into, "into", nil, "a part: CODE=NAME, or the area's own CODE; two or more")
	c.Flags().StringArrayVar(&below, "below", nil, "PART=CODE,CODE…: the areas directly below that go to a part")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		parts, err := partsOf(into, below)
		if err != nil {
			return err
		}
		return a.reform(cmd, r, func(reform scenario.Reform) ([]scenario.Change, error) {
			codes, err := areaCodes(args[0])
			if err != nil {
				return nil, err
			}
			return reform.Split(codes[0], parts)
		})
	}
	return a.formats(c)
}

func (a *app) areaMerge() *cobra.Command {
	var into string
	c := &cobra.Command{
		Use:   "merge CODE CODE… --into CODE[=NAME] --date DAY",
		Short: "Make one area of several",
		Long: `Makes one area of several of a level from a day on: one of them, which goes on larger,
or a new one with a name. The others end; what was said of them counts for it from then
on, and the areas below them go to it.`,
		Args: cobra.MinimumNArgs(1),
	}
	r := reformFlags(c)
	c.Flags().StringVar(&into, "into", "", "the area that is left: the CODE of one of them, or CODE=NAME; needed")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if into == "" {
			return useError{fmt.Errorf("area merge needs --into CODE or CODE=NAME")}
		}
		parts, err := partsOf([]string{into}, nil)
		if err != nil {
			return err
		}
		return a.reform(cmd, r, func(reform scenario.Reform) ([]scenario.Change, error) {
			codes, err := areaCodes(args...)
			if err != nil {
				return nil, err
			}
			return reform.Merge(codes, parts[0])
		})
	}
	return a.formats(c)
}

// areaCodes reads codes; "" stays.
func areaCodes(texts ...string) ([]lifecircle.AreaCode, error) {
	codes := make([]lifecircle.AreaCode, len(texts))
	for i, text := range texts {
		if text == "" {
			continue
		}
		var err error
		if codes[i], err = lifecircle.ParseAreaCode(text); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// partsOf reads the parts of a split or merger.
func partsOf(into, below []string) ([]scenario.Part, error) {
	parts := make([]scenario.Part, len(into))
	for i, text := range into {
		code, name, _ := strings.Cut(text, "=")
		codes, err := areaCodes(code)
		if err != nil {
			return nil, err
		}
		parts[i] = scenario.Part{Code: codes[0], Name: lifecircle.Name{ZH: strings.TrimSpace(name)}}
	}
	for _, text := range below {
		part, children, ok := strings.Cut(text, "=")
		if !ok {
			return nil, useError{fmt.Errorf("--below %q: want PART=CODE,CODE", text)}
		}
		codes, err := areaCodes(append([]string{part}, strings.Split(children, ",")...)...)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(parts, func(p scenario.Part) bool { return p.Code == codes[0] })
		if at < 0 {
			return nil, useError{fmt.Errorf("--below %q: no --into names the part %s", text, codes[0])}
		}
		parts[at].Below = append(parts[at].Below, codes[1:]...)
	}
	return parts, nil
}

// reform makes a change of areas, tries it, and keeps it unless it is a dry run.
func (a *app) reform(cmd *cobra.Command, r *reforming, make func(scenario.Reform) ([]scenario.Change, error)) error {
	if r.date == "" {
		return useError{fmt.Errorf("%s needs --date DAY, the first day on which it holds", cmd.CommandPath())}
	}
	day, err := registry.ParseDay(r.date)
	if err != nil {
		return useError{fmt.Errorf("--date %q: want a day like 2024-07-01", r.date)}
	}
	w, err := a.open(cmd.Context(), a.dir)
	if err != nil {
		return err
	}
	defer w.db.Close()
	facts, _, err := w.db.Facts(cmd.Context(), a.who)
	if err != nil {
		return err
	}
	changes, err := make(scenario.Reform{Known: facts.Registry, Day: day, KeepCodes: r.keepCodes, Source: r.source})
	if err != nil {
		return err
	}
	next, err := facts.With(changes)
	if err != nil {
		return err
	}
	answer := areaAnswer{Date: day.String(), DryRun: r.dryRun, Areas: changedAreas(facts.Registry, next.Registry, changes)}
	if !r.dryRun {
		done, err := scenario.Commit(cmd.Context(), w.db, a.who, scenario.Committed{Request: a.request(""), Changes: changes})
		if err != nil {
			return err
		}
		answer.Change = int64(done.Seq)
	}
	return a.print(cmd.OutOrStdout(), answer, answer.table())
}

// changedAreas shows what changes do to areas.
func changedAreas(before, after *registry.Snapshot, changes []scenario.Change) []areaChange {
	held := heldBy(before)
	var all []areaChange
	for _, c := range changes {
		var shown areaChange
		now := *c.Area
		if was, stood := codeOf(before, now.Key()); stood {
			shown.Before, shown.Held = faceOf(was), held[was.Code]
		}
		if now.Until.IsZero() {
			shown.After = faceOf(now)
		} else if successor, ok := after.Current(now.Code); ok {
			shown.Successor = string(successor)
		}
		all = append(all, shown)
	}
	return all
}

// codeOf finds an area by what identifies it for ever.
func codeOf(known *registry.Snapshot, id registry.AreaID) (registry.Area, bool) {
	for _, a := range known.Areas() {
		if a.Key() == id {
			return *a, true
		}
	}
	return registry.Area{}, false
}

// heldBy counts what names each area itself.
func heldBy(known *registry.Snapshot) map[lifecircle.AreaCode]int {
	held := make(map[lifecircle.AreaCode]int)
	for _, f := range known.Facilities() {
		held[f.Area]++
	}
	for _, p := range known.Points() {
		held[p.Area]++
	}
	for _, register := range known.Registers() {
		rows, _ := known.Records(register)
		for _, row := range rows {
			held[row.Area]++
		}
	}
	return held
}

func (answer areaAnswer) table() [][]string {
	rows := [][]string{{"what", "code", "name", "parent", "code_then", "name_then", "parent_then", "held"}}
	for _, c := range answer.Areas {
		what := "changes"
		switch {
		case c.Before.Code == "":
			what = "begins"
		case c.After.Code == "":
			what = "ends, counts for " + c.Successor
		}
		rows = append(rows, []string{what, c.Before.Code, c.Before.Name, c.Before.Parent, c.After.Code, c.After.Name, c.After.Parent, fmt.Sprint(c.Held)})
	}
	verb := fmt.Sprintf("kept as change %d", answer.Change)
	if answer.DryRun {
		verb = "tried, nothing is kept"
	}
	return append(rows, []string{fmt.Sprintf("%d areas from %s on; %s", len(answer.Areas), answer.Date, verb), "", "", "", "", "", "", ""})
}
