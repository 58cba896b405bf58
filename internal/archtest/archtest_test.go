package archtest

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite imports.golden")

// golden holds the arrows as they were last agreed on.
const (
	golden        = "imports.golden"
	goldenHeading = "# importer -> imported, tests left out. A new line here is a new arrow: argue for it in the commit.\n" +
		"# Rewrite with: go test ./internal/archtest -update\n"
)

func house(t *testing.T) *tree {
	t.Helper()
	tree, err := load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestHouse(t *testing.T) {
	tree := house(t)
	for _, check := range checks() {
		t.Run(check.name, func(t *testing.T) {
			for _, fault := range check.faults(tree) {
				t.Error(fault)
			}
		})
	}
}

func TestArrows(t *testing.T) {
	got := arrows(house(t))
	if *update {
		if err := os.WriteFile(golden, []byte(goldenHeading+strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range arrowFaults(got, string(want)) {
		t.Errorf("%s; if it is meant, run go test ./internal/archtest -update", fault)
	}
}
