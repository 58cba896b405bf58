// Package sample finds real OpenStreetMap extracts for tests and benchmarks.
// They are no part of the repository: a test that wants one that is not there is
// skipped. Only tests import it.
package sample

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Porto returns the path of the streets of Porto: some 65,000 nodes to walk.
func Porto(tb testing.TB) string {
	tb.Helper()
	return Shared(tb, "porto.osm.pbf")
}

// Delaware returns the path of Delaware as of 2017, 724,000 OSM nodes: a test
// file of the module that decodes extracts.
func Delaware(tb testing.TB) string {
	tb.Helper()
	return module(tb, "delaware-latest.osm.pbf")
}

// Andorra returns the path of Andorra as XML packed with bzip2, from the same
// module.
func Andorra(tb testing.TB) string {
	tb.Helper()
	return module(tb, "andorra-latest.osm.bz2")
}

// Shared returns the path of a file among the extracts that lie beside the
// repository.
func Shared(tb testing.TB, name string) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return present(tb, filepath.Join(dir, "..", "shared", "data", "osm", name))
		}
		if dir == filepath.Dir(dir) {
			tb.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

func module(tb testing.TB, name string) string {
	tb.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/paulmach/osm").Output()
	if err != nil {
		tb.Skipf("no module cache: %v", err)
	}
	return present(tb, filepath.Join(strings.TrimSpace(string(dir)), "testdata", name))
}

func present(tb testing.TB, path string) string {
	tb.Helper()
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("no sample: %v", err)
	}
	return path
}
