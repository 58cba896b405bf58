package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/indicator"
	"lifecircle/plan"
	"lifecircle/plans"
)

func (a *app) planCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "plan", Short: "Check a plan package, run its tests, see what it covers and what changed", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.planCheck(), a.planTest(), a.planCoverage(), a.planDiff())
	return c
}

func (a *app) planCheck() *cobra.Command {
	return a.formats(&cobra.Command{
		Use:   "check PACKAGE",
		Short: "All faults with file:line:column and how to repair them",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := packageFiles(args[0])
			if err != nil {
				return err
			}
			pkg, faults := plan.Load(files)
			if pkg != nil { // tests are read against a package that stands
				_, inTests := plan.LoadTests(files, pkg)
				faults = append(faults, inTests...)
			}
			if faults == nil {
				faults = []plan.Fault{}
			}
			if err := a.print(cmd.OutOrStdout(), map[string]any{"faults": faults}, faultRows(faults)); err != nil {
				return err
			}
			if plan.Broken(faults) {
				return errNo
			}
			return nil
		},
	})
}

func faultRows(faults []plan.Fault) [][]string {
	rows := [][]string{{"where", "severity", "code", "message", "repair"}}
	for _, f := range faults {
		rows = append(rows, []string{fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column), string(f.Severity), f.Code, f.Message, f.Repair})
	}
	return rows
}

// testOutcome is one test of a package as plan test prints it.
type testOutcome struct {
	Name        string   `json:"name"`
	Object      string   `json:"object"`
	File        string   `json:"file"`
	Line        int      `json:"line"`
	Passed      bool     `json:"passed"`
	Differences []string `json:"differences"`
}

func (a *app) planTest() *cobra.Command {
	return a.formats(&cobra.Command{
		Use:   "test PACKAGE",
		Short: "Run the package's own tests: given facts, expected values",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, pkg, err := soundPackage(args[0], cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			tests, faults := plan.LoadTests(files, pkg)
			if err := refuse(faults, cmd.ErrOrStderr()); err != nil {
				return err
			}
			outcomes := []testOutcome{}
			failed := 0
			for _, test := range tests {
				differences := indicator.Check(pkg, test)
				if len(differences) > 0 {
					failed++
				}
				outcomes = append(outcomes, testOutcome{
					test.Name, test.Object, test.At.File, test.At.Line, len(differences) == 0, append([]string{}, differences...),
				})
			}
			if err := a.print(cmd.OutOrStdout(), map[string]any{"tests": outcomes, "failed": failed}, testRows(outcomes)); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%d tests, %d failed\n", len(tests), failed)
			if failed > 0 {
				return errNo
			}
			return nil
		},
	})
}

func testRows(outcomes []testOutcome) [][]string {
	rows := [][]string{{"result", "where", "object", "test", "difference"}}
	for _, o := range outcomes {
		where := fmt.Sprintf("%s:%d", o.File, o.Line)
		if o.Passed {
			rows = append(rows, []string{"pass", where, o.Object, o.Name, ""})
		}
		for _, difference := range o.Differences {
			rows = append(rows, []string{"fail", where, o.Object, o.Name, difference})
		}
	}
	return rows
}

func (a *app) planCoverage() *cobra.Command {
	return a.formats(&cobra.Command{
		Use:   "coverage PACKAGE",
		Short: "What carries each clause, and who answers for it; or why nothing does",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, pkg, err := soundPackage(args[0], cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			coverage := pkg.Coverage()
			rows := [][]string{{"clause", "kind", "mechanism", "source", "owner", "owner_status", "state", "reason"}}
			for _, item := range coverage.Items {
				mechanism, reason := item.Mechanism, item.Reason
				if main, others, several := strings.Cut(mechanism, ", "); several && a.format == "table" {
					form := "%s and %d more"
					if a.lang == "zh" {
						form = "%s（另有 %d 项）"
					}
					mechanism = fmt.Sprintf(form, main, strings.Count(others, ", ")+1)
				}
				if a.lang == "zh" && a.format == "table" {
					reason = item.ReasonName.ZH
				}
				rows = append(rows, []string{
					item.Clause, string(item.Kind), mechanism, string(item.Source), item.Owner, string(item.OwnerStatus), string(item.State), reason,
				})
			}
			if err := a.print(cmd.OutOrStdout(), coverage, rows); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.ErrOrStderr(), "%d clauses, %d with a mechanism, %d measurable\n", coverage.Clauses, coverage.WithMechanism, coverage.Measurable)
			return err
		},
	})
}

// planDifference is what plan diff prints.
type planDifference struct {
	Old     planVersion   `json:"old"`
	New     planVersion   `json:"new"`
	Changes []plan.Change `json:"changes"`
	// Areas are the results that change state in the workspace that --dir names;
	// null without one.
	Areas []stateChange `json:"areas"`
}

type planVersion struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Hash    string `json:"hash"`
}

// stateChange is a result that another package moves to another state.
type stateChange struct {
	Indicator   string   `json:"indicator"`
	Variant     string   `json:"variant"`
	Area        string   `json:"area"`
	Period      string   `json:"period"`
	Before      *float64 `json:"before"`
	After       *float64 `json:"after"`
	StateBefore string   `json:"state_before"` // "" where it was not measured
	StateAfter  string   `json:"state_after"`
}

func (a *app) planDiff() *cobra.Command {
	return a.formats(&cobra.Command{
		Use:   "diff OLD NEW",
		Short: "What changed, number by number; with --dir, which areas would change state",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var files [2]fs.FS
			var pkgs [2]*plan.Package
			for i, dir := range args {
				var err error
				if files[i], pkgs[i], err = soundPackage(dir, cmd.ErrOrStderr()); err != nil {
					return fmt.Errorf("%s: %w", dir, err)
				}
			}
			version := func(p *plan.Package) planVersion { return planVersion{p.ID, p.Version, p.Hash} }
			d := planDifference{Old: version(pkgs[0]), New: version(pkgs[1]), Changes: plan.Diff(files[0], files[1])}
			if cmd.Flags().Changed("dir") {
				var err error
				if d.Areas, err = a.stateChanges(cmd.Context(), pkgs); err != nil {
					return err
				}
			}
			return a.print(cmd.OutOrStdout(), d, differenceRows(d))
		},
	})
}

func differenceRows(d planDifference) [][]string {
	rows := [][]string{{"what", "kind", "id", "part or area", "old", "new"}}
	for _, c := range d.Changes {
		rows = append(rows, []string{string(c.What), c.Kind, c.ID, c.Part, c.Old, c.New})
	}
	for _, s := range d.Areas {
		rows = append(rows, []string{"state", "result", strings.TrimSuffix(s.Indicator+" "+s.Variant, " "), s.Area, s.StateBefore, s.StateAfter})
	}
	return rows
}

// stateChanges evaluates the workspace under both packages, in the target year
// of the new one, and returns the results whose state differs.
func (a *app) stateChanges(ctx context.Context, pkgs [2]*plan.Package) ([]stateChange, error) {
	w, err := a.open(ctx, a.dir)
	if err != nil {
		return nil, err
	}
	defer w.db.Close()
	type key struct{ indicator, variant, area string }
	changes := make(map[key]*stateChange)
	var order []key
	for i, pkg := range pkgs {
		w.plan = pkg
		e, err := w.engine(ctx)
		if err != nil {
			return nil, err
		}
		evaluation, err := w.evaluateAll(e, "", strconv.Itoa(pkgs[1].Year))
		if err != nil {
			return nil, err
		}
		for _, r := range evaluation.Results {
			at := key{r.Indicator, r.Variant, r.Area}
			if changes[at] == nil {
				changes[at] = &stateChange{Indicator: r.Indicator, Variant: r.Variant, Area: r.Area, Period: r.Period}
				order = append(order, at)
			}
			if i == 0 {
				changes[at].Before, changes[at].StateBefore = r.Value, r.State
			} else {
				changes[at].After, changes[at].StateAfter = r.Value, r.State
			}
		}
	}
	moved := []stateChange{}
	for _, at := range order {
		if c := changes[at]; c.StateBefore != c.StateAfter {
			moved = append(moved, *c)
		}
	}
	return moved, nil
}

// packageFiles opens the folder of a package.
func packageFiles(dir string) (fs.FS, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, lifecircle.Errorf("package_missing", "%s is no folder: name the folder of a plan package, like plans/ningxia-2025", dir)
	}
	return plans.In(dir), nil
}

// soundPackage opens and loads a package that must have no errors; what is wrong is
// written out.
func soundPackage(dir string, stderr io.Writer) (fs.FS, *plan.Package, error) {
	files, err := packageFiles(dir)
	if err != nil {
		return nil, nil, err
	}
	pkg, faults := plan.Load(files)
	if err := refuse(faults, stderr); err != nil {
		return nil, nil, err
	}
	return files, pkg, nil
}

// refuse is the error of faults that stop a package; warnings do not.
func refuse(faults []plan.Fault, stderr io.Writer) error {
	if !plan.Broken(faults) {
		return nil
	}
	for _, f := range faults {
		if f.Severity == plan.SeverityError {
			fmt.Fprintln(stderr, f)
		}
	}
	return lifecircle.Errorf("plan_faulty", "the package has faults: repair them first")
}
