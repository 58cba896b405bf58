package indicator_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"lifecircle/indicator"
	"lifecircle/plan"
)

// TestPackages holds every package in plans/ to its own tests.
func TestPackages(t *testing.T) {
	t.Parallel()
	const folder = "../plans"
	packages, err := filepath.Glob(filepath.Join(folder, "*", "package.yaml"))
	if err != nil || len(packages) == 0 {
		t.Fatalf("no packages in %s: %v", folder, err)
	}
	for _, file := range packages {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			checkPackage(t, os.DirFS(dir))
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
