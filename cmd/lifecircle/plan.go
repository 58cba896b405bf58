package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"

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
	c.AddCommand(a.planCheck(), a.planTest())
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
			files, err := packageFiles(args[0])
			if err != nil {
				return err
			}
			pkg, err := sound(files, cmd.ErrOrStderr())
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

// sound loads a package that must have no errors; what is wrong is written out.
func sound(files fs.FS, stderr io.Writer) (*plan.Package, error) {
	pkg, faults := plan.Load(files)
	if err := refuse(faults, stderr); err != nil {
		return nil, err
	}
	return pkg, nil
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
