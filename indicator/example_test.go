package indicator_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/indicator"
	"lifecircle/plan"
	"lifecircle/plans"
)

// TestPackages holds every package in plans/ to its own tests.
func TestPackages(t *testing.T) {
	t.Parallel()
	const folder = "../plans"
	packages, err := filepath.Glob(filepath.Join(folder, "*", "package.yaml"))
	if err != nil || len(packages) == 0 {
		t.Fatalf("no packages in %s: %v", folder, err)
	}
	packages = append(packages, "../plan/testdata/whole/package.yaml")
	for _, file := range packages {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			checkPackage(t, plans.In(dir))
		})
	}
}

func checkPackage(t *testing.T, files fs.FS) {
	pkg, faults := plan.Load(files)
	for _, fault := range faults {
		if fault.Severity == plan.SeverityError {
			t.Error(fault)
		}
	}
	if pkg == nil {
		return
	}
	tests, faults := plan.LoadTests(files, pkg)
	for _, fault := range faults {
		t.Error(fault)
	}
	for _, test := range tests {
		t.Run(test.Name, func(t *testing.T) {
			t.Parallel()
			for _, difference := range indicator.Check(pkg, test) {
				t.Error(difference)
			}
		})
	}
}

// TestCheckFindsDifferences turns every expectation of the whole example around
// and asks that each is missed.
func TestCheckFindsDifferences(t *testing.T) {
	t.Parallel()
	files := plans.In("../plan/testdata/whole")
	pkg, faults := plan.Load(files)
	if pkg == nil {
		t.Fatal(faults)
	}
	tests, faults := plan.LoadTests(files, pkg)
	if len(tests) == 0 {
		t.Fatal(faults)
	}
	turned := map[plan.Verdict]plan.Verdict{
		plan.VerdictPass: plan.VerdictFail, plan.VerdictFail: plan.VerdictPass, plan.VerdictNoData: plan.VerdictPass, "": "",
	}
	off := func(n *lifecircle.Number, missed *int) *lifecircle.Number {
		if n == nil {
			return nil
		}
		*missed++
		other, _ := n.Add(lifecircle.Int(1))
		return &other
	}
	verdict := func(v plan.Verdict, missed *int) plan.Verdict {
		if v != "" {
			*missed++
		}
		return turned[v]
	}
	for _, test := range tests {
		missed := 0
		for i, e := range test.Expect {
			if e.State != "" {
				missed++
				e.State = "never"
			}
			if e.Reason != "" {
				missed++
				e.Reason = "never"
			}
			if e.NoValue {
				e.NoValue, e.Value = false, new(lifecircle.Number)
				missed++
			} else {
				e.Value = off(e.Value, &missed)
			}
			e.Numerator, e.Denominator = off(e.Numerator, &missed), off(e.Denominator, &missed)
			e.Lower, e.Upper = off(e.Lower, &missed), off(e.Upper, &missed)
			e.Deficit, e.Amount = off(e.Deficit, &missed), off(e.Amount, &missed)
			e.Pass, e.Recognised, e.Warn = verdict(e.Pass, &missed), verdict(e.Recognised, &missed), verdict(e.Warn, &missed)
			e.Eligible, e.Once, e.Granted = verdict(e.Eligible, &missed), verdict(e.Once, &missed), verdict(e.Granted, &missed)
			for id, want := range e.Conditions {
				e.Conditions[id] = verdict(want, &missed)
			}
			test.Expect[i] = e
		}
		if got := indicator.Check(pkg, test); len(got) != missed {
			t.Errorf("%s: %d of %d turned expectations were missed:\n%s", test.Name, len(got), missed, strings.Join(got, "\n"))
		}
	}
}
