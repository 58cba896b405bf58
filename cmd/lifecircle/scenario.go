package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/api"
	"lifecircle/report"
	"lifecircle/scenario"
)

func (a *app) scenario() *cobra.Command {
	c := &cobra.Command{
		Use:   "scenario",
		Short: "Scenarios that are kept: versions of steps over the facts",
		Long: `A scenario is named by its id, or by its name where one alone has it; a version of it
by its number behind an @. Whatever is done makes a new revision and can be undone.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(
		a.scenarioList(), a.scenarioNew(), a.scenarioShow(), a.scenarioEdit(), a.scenarioCompare(), a.scenarioAdopt(),
		a.scenarioTurn("undo", scenario.DeedUndo, "Go back to the version before"),
		a.scenarioTurn("redo", scenario.DeedRedo, "Return to the version that was undone"),
		a.scenarioTurn("restore", scenario.DeedRestore, "Make the version behind the @ the one in force"),
		a.scenarioDescribe("archive", scenario.DeedArchive, "Put a scenario away"),
		a.scenarioDescribe("reopen", scenario.DeedReopen, "Take an archived scenario out again"),
		a.scenarioDescribe("rename", scenario.DeedDescribe, "Give a scenario another name"),
		a.scenarioDuplicate(), a.scenarioRefresh(),
	)
	return c
}

// onDrafts runs a command on the stored scenarios of the workspace.
func (a *app) onDrafts(c *cobra.Command, run func(*cobra.Command, *drafts, []string) error) *cobra.Command {
	c.RunE = func(cmd *cobra.Command, args []string) error {
		d, err := a.drafts(cmd)
		if err != nil {
			return err
		}
		defer d.db.Close()
		return run(cmd, d, args)
	}
	return a.formats(c)
}

func (a *app) scenarioList() *cobra.Command {
	var archived bool
	c := a.onDrafts(&cobra.Command{Use: "list", Short: "The scenarios, the latest touched first", Args: cobra.NoArgs},
		func(cmd *cobra.Command, d *drafts, _ []string) error {
			all, err := d.db.Scenarios(cmd.Context(), d.grant, archived)
			if err != nil {
				return err
			}
			rows := [][]string{{"id", "name", "root", "state", "version", "versions", "revision", "actor", "at"}}
			for _, s := range all {
				rows = append(rows, []string{
					s.ID, s.Name, string(s.Root), string(s.State), strconv.Itoa(s.Head), strconv.Itoa(s.Versions), strconv.Itoa(s.Revision),
					s.Actor, s.At.Format(time.RFC3339),
				})
			}
			return a.print(cmd.OutOrStdout(), api.Scenarios{Scenarios: all}, rows)
		})
	c.Flags().BoolVar(&archived, "archived", false, "archived ones too")
	return c
}

func (a *app) scenarioNew() *cobra.Command {
	var area, note, key string
	c := a.onDrafts(&cobra.Command{
		Use: "new NAME [CHANGES.yaml]", Short: "Make a scenario, with the steps of a file", Args: cobra.RangeArgs(1, 2),
	}, func(cmd *cobra.Command, d *drafts, args []string) error {
		var steps []scenario.Step
		if len(args) == 2 {
			var err error
			if steps, err = readSteps(args[1]); err != nil {
				return err
			}
		}
		var code lifecircle.AreaCode
		if area != "" {
			var err error
			if code, err = lifecircle.ParseAreaCode(area); err != nil {
				return err
			}
		}
		root, err := d.Root(d.grant, code, steps)
		if err != nil {
			return err
		}
		id, err := d.Create(cmd.Context(), d.grant, scenario.New{Request: d.request(key), Root: root, Name: args[0], Note: note, Steps: steps})
		if err != nil {
			return err
		}
		return a.showScenario(cmd, d, api.Opened{ID: id})
	})
	c.Flags().StringVar(&area, "area", "", "any area below the root it is about; told by the steps when left out")
	c.Flags().StringVar(&note, "note", "", "what it is for")
	c.Flags().StringVar(&key, "key", "", "idempotency key: the same command with it again has no second effect")
	return c
}

func (a *app) scenarioShow() *cobra.Command {
	return a.onDrafts(&cobra.Command{
		Use: "show SCENARIO[@VERSION]", Short: "The steps of a version, and what is wrong with them", Args: cobra.ExactArgs(1),
		Long: "Shows the steps and holds them against the present facts. The answer is 1 when a step has an error.",
	}, func(cmd *cobra.Command, d *drafts, args []string) error {
		o, err := d.named(cmd, args[0])
		if err != nil {
			return err
		}
		opened, err := d.Open(cmd.Context(), d.grant, o)
		if err != nil {
			return err
		}
		if err := a.print(cmd.OutOrStdout(), opened.ScenarioVersion, scenarioRows(opened.ScenarioVersion)); err != nil {
			return err
		}
		if slices.ContainsFunc(opened.Faults, func(f scenario.StepFault) bool { return f.Severity == scenario.SeverityError }) {
			return errNo
		}
		return nil
	})
}

// showScenario answers a deed with the scenario it left.
func (a *app) showScenario(cmd *cobra.Command, d *drafts, o api.Opened) error {
	opened, err := d.Open(cmd.Context(), d.grant, o)
	if err != nil {
		return err
	}
	return a.print(cmd.OutOrStdout(), opened.ScenarioVersion, scenarioRows(opened.ScenarioVersion))
}

func scenarioRows(s api.ScenarioVersion) [][]string {
	rows := [][]string{{"scenario", "version", "step", "key", "op", "object", "kind", "at", "people", "faults"}}
	for i, step := range s.Steps {
		var faults []string
		for _, f := range s.Faults {
			if f.Step == i+1 {
				faults = append(faults, f.Message)
			}
		}
		object := step.ID
		if len(step.IDs) > 0 {
			object += " < " + strings.Join(step.IDs, " ")
		}
		if step.Element != "" {
			object = strings.Join([]string{step.Element, step.Area, step.Period, step.Value}, " ")
		}
		at, people := "", ""
		if len(step.At) == 2 {
			at = fmt.Sprintf("%.7f %.7f", step.At[0], step.At[1])
		}
		if step.People != 0 {
			people = strconv.FormatInt(step.People, 10)
		}
		rows = append(rows, []string{s.Name, strconv.Itoa(s.Version), strconv.Itoa(i + 1), step.Key, string(step.Op), object, step.Kind, at, people, strings.Join(faults, "; ")})
	}
	if len(s.Steps) == 0 {
		rows = append(rows, []string{s.Name, strconv.Itoa(s.Version), "", "", "", "", "", "", "", ""})
	}
	return rows
}

func (a *app) scenarioEdit() *cobra.Command {
	var remove []string
	var replace, before, key string
	var revision int
	c := a.onDrafts(&cobra.Command{
		Use: "edit SCENARIO [CHANGES.yaml]", Short: "Append the steps of a file, or replace or remove steps", Args: cobra.RangeArgs(1, 2),
		Long: `Makes one new version: without the steps of --remove, and with those of the file at
the end, or before --before, or its only one in place of --replace. A step is named
by its key, as show tells it. --revision says which revision was looked at: when
another edited the scenario since, the answer is a conflict that says what was done.`,
	}, func(cmd *cobra.Command, d *drafts, args []string) error {
		var edits []scenario.Edit
		for _, key := range remove {
			edits = append(edits, scenario.Edit{Do: scenario.Remove, Key: key})
		}
		if len(args) == 2 {
			steps, err := readSteps(args[1])
			if err != nil {
				return err
			}
			if replace != "" && len(steps) != 1 {
				return useError{fmt.Errorf("--replace wants a file of one step, %s has %d", args[1], len(steps))}
			}
			for _, e := range scenario.Appended(steps) {
				if e.Before = before; replace != "" {
					e.Do, e.Key = scenario.Replace, replace
				}
				edits = append(edits, e)
			}
		}
		if len(edits) == 0 {
			return useError{fmt.Errorf("say what to edit: a file of steps or --remove KEY")}
		}
		o, err := d.named(cmd, args[0])
		if err != nil {
			return err
		}
		err = d.Save(cmd.Context(), d.grant, scenario.Saved{Request: d.request(key), On: scenario.On{ID: o.ID, Revision: revision}, Edits: edits})
		if err != nil {
			return err
		}
		return a.showScenario(cmd, d, api.Opened{ID: o.ID})
	})
	c.Flags().StringArrayVar(&remove, "remove", nil, "the key of a step to take out; may be repeated")
	c.Flags().StringVar(&replace, "replace", "", "the key of the step that the file's only one replaces")
	c.Flags().StringVar(&before, "before", "", "the key of the step before which to insert")
	c.Flags().IntVar(&revision, "revision", 0, "the revision that was looked at (default: whatever it is now)")
	c.Flags().StringVar(&key, "key", "", "idempotency key")
	return c
}

func (a *app) scenarioTurn(name string, deed scenario.Deed, short string) *cobra.Command {
	use := name + " SCENARIO"
	if deed == scenario.DeedRestore {
		use += "@VERSION"
	}
	return a.onDrafts(&cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1)},
		func(cmd *cobra.Command, d *drafts, args []string) error {
			o, err := d.named(cmd, args[0])
			if err != nil {
				return err
			}
			if deed == scenario.DeedRestore && o.Version == 0 {
				return useError{fmt.Errorf("restore wants SCENARIO@VERSION")}
			}
			_, err = scenario.Turn(cmd.Context(), d.db, d.grant, scenario.Turned{
				Request: d.request(""), On: scenario.On{ID: o.ID}, Deed: deed, Version: o.Version,
			})
			if err != nil {
				return err
			}
			return a.showScenario(cmd, d, api.Opened{ID: o.ID})
		})
}

func (a *app) scenarioDescribe(name string, deed scenario.Deed, short string) *cobra.Command {
	use, args := name+" SCENARIO", 1
	if deed == scenario.DeedDescribe {
		use, args = use+" NAME", 2
	}
	return a.onDrafts(&cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(args)},
		func(cmd *cobra.Command, d *drafts, args []string) error {
			o, err := d.named(cmd, args[0])
			if err != nil {
				return err
			}
			r := scenario.Renamed{Request: d.request(""), On: scenario.On{ID: o.ID}, Deed: deed}
			if len(args) == 2 {
				r.Name = &args[1]
			}
			if _, err := scenario.Describe(cmd.Context(), d.db, d.grant, r); err != nil {
				return err
			}
			return a.showScenario(cmd, d, api.Opened{ID: o.ID})
		})
}

func (a *app) scenarioDuplicate() *cobra.Command {
	return a.onDrafts(&cobra.Command{Use: "duplicate SCENARIO[@VERSION] NAME", Short: "Make another scenario of a version's steps", Args: cobra.ExactArgs(2)},
		func(cmd *cobra.Command, d *drafts, args []string) error {
			o, err := d.named(cmd, args[0])
			if err != nil {
				return err
			}
			id, err := d.Duplicate(cmd.Context(), d.grant, api.Duplicated{Opened: o, Name: args[1], Request: d.request("")})
			if err != nil {
				return err
			}
			return a.showScenario(cmd, d, api.Opened{ID: id})
		})
}

func (a *app) scenarioRefresh() *cobra.Command {
	return a.onDrafts(&cobra.Command{
		Use: "refresh SCENARIO", Short: "Accept the present objects in place of those that steps were made on", Args: cobra.ExactArgs(1),
	}, func(cmd *cobra.Command, d *drafts, args []string) error {
		o, err := d.named(cmd, args[0])
		if err != nil {
			return err
		}
		if err := d.Refresh(cmd.Context(), d.grant, scenario.Saved{Request: d.request(""), On: scenario.On{ID: o.ID}}); err != nil {
			return err
		}
		return a.showScenario(cmd, d, api.Opened{ID: o.ID})
	})
}

func (a *app) scenarioCompare() *cobra.Command {
	return a.onDrafts(&cobra.Command{Use: "compare A[@VERSION] B[@VERSION]", Short: "Two scenarios beside the baseline", Args: cobra.ExactArgs(2)},
		func(cmd *cobra.Command, d *drafts, args []string) error {
			first, err := d.named(cmd, args[0])
			if err != nil {
				return err
			}
			second, err := d.named(cmd, args[1])
			if err != nil {
				return err
			}
			compared, err := d.Compare(cmd.Context(), d.grant, first, second)
			if err != nil {
				return err
			}
			return a.print(cmd.OutOrStdout(), compared, comparisonRows(compared))
		})
}

func comparisonRows(c report.Comparison) [][]string {
	rows := [][]string{{
		"indicator", "variant", "area", "before", "a", "b", "unit", "state_before", "state_a", "state_b",
		"lower_before", "upper_before", "lower_a", "upper_a", "lower_b", "upper_b",
	}}
	for _, r := range c.Results {
		row := []string{
			r.Indicator, r.Variant, r.Area, report.Number(r.Before), report.Number(r.A), report.Number(r.B), r.Unit, r.StateBefore, r.StateA, r.StateB,
		}
		rows = append(rows, slices.Concat(row, rangeCells(r.RangeBefore), rangeCells(r.RangeA), rangeCells(r.RangeB)))
	}
	return rows
}

func (a *app) scenarioAdopt() *cobra.Command {
	var adoption api.Adoption
	var revision int
	c := a.onDrafts(&cobra.Command{
		Use: "adopt SCENARIO --source DOCUMENT", Short: "Make a scenario's changes real, in one change that one undo takes back", Args: cobra.ExactArgs(1),
		Long: `Writes what the version in force changes into the registry, in one change. A scenario
with a fault, or one whose objects were altered since its steps were saved, is refused.`,
	}, func(cmd *cobra.Command, d *drafts, args []string) error {
		if adoption.Source == "" {
			return useError{fmt.Errorf("adopt needs --source: who decided so, as document, number, date")}
		}
		if !lifecircle.Provenance(adoption.Provenance).Valid() {
			return useError{fmt.Errorf("--provenance %q: want real, estimated or generated", adoption.Provenance)}
		}
		o, err := d.named(cmd, args[0])
		if err != nil {
			return err
		}
		_, err = d.Adopt(cmd.Context(), d.grant, api.AdoptionOf{Request: d.request(""), On: scenario.On{ID: o.ID, Revision: revision}, Adoption: adoption})
		if err != nil {
			return err
		}
		return a.showScenario(cmd, d, api.Opened{ID: o.ID})
	})
	c.Flags().StringVar(&adoption.Source, "source", "", "who decided so: document, number, date")
	c.Flags().StringVar(&adoption.Provenance, "provenance", string(lifecircle.Estimated), "of what is added: real, estimated or generated")
	c.Flags().IntVar(&revision, "revision", 0, "the revision that was looked at (default: whatever it is now)")
	return c
}
