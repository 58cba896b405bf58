package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lifecircle/report"
)

// sixPoints is a way of six points a step apart, as OR-Library writes it.
func sixPoints(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "six.txt")
	if err := os.WriteFile(path, []byte("6 5 2\n1 2 1\n2 3 1\n3 4 1\n4 5 1\n5 6 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// onSixPoints runs site on six points with two sites and returns the answer, or what is said.
func onSixPoints(t *testing.T, args ...string) (answer report.Siting, said string) {
	t.Helper()
	var out, messages bytes.Buffer
	all := append([]string{"site", "pmedian", "--instance", sixPoints(t), "--instance-format", "orlib", "--format", "json"}, args...)
	if code := run(t.Context(), all, &out, &messages); code != 0 {
		return answer, messages.String()
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return answer, messages.String()
}

func constraints(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "also.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSiteAsksAnother: two sites serve six points a step apart with 4 steps, at 2 and 5,
// and without these with 5, at 1 and 4 or 3 and 6.
func TestSiteAsksAnother(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("cbc"); err != nil {
		t.Skip("SKIPPED: no cbc here to ask: apt-get install coinor-cbc")
	}
	answer, said := onSixPoints(t, "--solver", "cbc")
	if o := answer.Other; o == nil || o.Value == nil || *o.Value != 4 || o.Taken || answer.Value != 4 || !strings.HasPrefix(o.State, "optimal") {
		t.Fatalf("%+v %s", answer.Other, said)
	}
	also := constraints(t, "\\ 2 is a pond\npond: y_2 = 0\ny_5 = 0\n")
	answer, said = onSixPoints(t, "--solver", "cbc", "--constraints", also)
	if o := answer.Other; o == nil || !o.Taken || o.Constraints != 2 || answer.Value != 5 || answer.Bound != 4 || answer.Proof != "certified" {
		t.Fatalf("value %v, bound %v, %+v %s", answer.Value, answer.Bound, o, said)
	}
	for _, site := range answer.Sites {
		if site.ID == "2" || site.ID == "5" {
			t.Errorf("site %s is open", site.ID)
		}
	}
	if _, said = onSixPoints(t, "--solver", "cbc", "--constraints", constraints(t, "y_2 + y_9 <= 1")); !strings.Contains(said, "line 1: there is no variable") {
		t.Error(said)
	}
	if _, said = onSixPoints(t, "--solver", "cbc", "--constraints", constraints(t, "y_2 >= 2")); !strings.Contains(said, "cbc finds no answer under the constraints added (1)") {
		t.Error(said)
	}
}

func TestSiteSolverRefused(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"--solver no-such-solver: no such program here":     {"--solver", "no-such-solver"},
		"--solver cat: only cbc and highs are known":        {"--solver", "cat"},
		"--constraints needs --solver: our own search does": {"--constraints", "x"},
		"no such file or directory":                         {"--solver", "cbc", "--constraints", "/nowhere/also.txt"},
	} {
		if strings.Contains(want, "no such file") {
			if _, err := exec.LookPath("cbc"); err != nil {
				continue
			}
		}
		if _, said := onSixPoints(t, args...); !strings.Contains(said, want) {
			t.Errorf("%v: %s, want %q", args, said, want)
		}
	}
}

// TestReadHiGHS: files as HiGHS 1.15 writes them.
func TestReadHiGHS(t *testing.T) {
	t.Parallel()
	const solved = "Model status\nOptimal\n\n# Primal solution values\nFeasible\nObjective 5\n# Columns 3\ny_1 1\ny_2 -0\nx_1_2 0.5\n# Rows 1\nr 1\n"
	claim, err := readHiGHS(solved)
	if err != nil || claim.State != "optimal" || len(claim.Values) != 3 || claim.Values["x_1_2"] != 0.5 || claim.Values["y_1"] != 1 {
		t.Errorf("%+v %v", claim, err)
	}
	claim, err = readHiGHS("Model status\nInfeasible\n\n# Primal solution values\nNone\n")
	if err != nil || claim.State != "infeasible" || claim.Values != nil {
		t.Errorf("%+v %v", claim, err)
	}
	for _, broken := range []string{"", "Model status\nOptimal\n# Primal solution values\nFeasible\n", strings.Replace(solved, "y_1 1", "y_1 one", 1)} {
		if _, err := readHiGHS(broken); err == nil {
			t.Errorf("%q is read", broken)
		}
	}
}

func TestReadCBC(t *testing.T) {
	t.Parallel()
	claim, err := readCBC("Optimal - objective value 5.00000000\n      0 y_1   1  2\n**    1 y_2   0.5  0\n")
	if err != nil || claim.State != "optimal" || claim.Values["y_1"] != 1 || claim.Values["y_2"] != 0.5 {
		t.Errorf("%+v %v", claim, err)
	}
	for _, none := range []string{"Infeasible - objective value 0.00000000\n      0 y_1   1  2\n", "Stopped on time (no integer solution - continuous used) - objective value 5\n 0 y_1 0.5 0\n"} {
		if claim, err := readCBC(none); err != nil || claim.Values != nil {
			t.Errorf("%q: %+v %v", none, claim, err)
		}
	}
	if _, err := readCBC("Optimal - objective value 5\n 0 y_1\n"); err == nil {
		t.Error("a cut line is read")
	}
}
