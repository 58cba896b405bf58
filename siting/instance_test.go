package siting

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"lifecircle"
)

const instances = "../../shared/data/siting/"

// published reads a published instance, or skips the test and says so.
func published(t testing.TB, file string, in Instance) *Problem {
	t.Helper()
	f, err := os.Open(instances + file)
	if err != nil {
		t.Skipf("no published instances here: %v", err)
	}
	defer f.Close()
	p, err := ReadInstance(f, in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// optima reads the published optimal values, by instance.
func optima(t testing.TB, file string) map[string]int64 {
	t.Helper()
	f, err := os.Open(instances + file)
	if err != nil {
		t.Skipf("no published instances here: %v", err)
	}
	defer f.Close()
	best := map[string]int64{}
	s := bufio.NewScanner(f)
	for s.Scan() {
		if fields := strings.Fields(s.Text()); len(fields) == 2 {
			if v, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
				best[fields[0]] = v
			}
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return best
}

// The small ones of OR-Library, solved to the published optimum and proved, with
// the effort of a test; bench/SITING.md has all.
func TestORLib(t *testing.T) {
	t.Parallel()
	medians, centres := optima(t, "orlib/pmedopt_1_20.txt"), optima(t, "orlib/pcentreopt_1_20.txt")
	for _, i := range []int{2, 4, 5, 10} {
		name := fmt.Sprint("pmed", i)
		for model, want := range map[Model]int64{PMedian: medians[name], PCentre: centres[name]} {
			p := published(t, "orlib/"+name+".txt", Instance{Format: ORLib, Model: model})
			s, err := Solve(t.Context(), p, Config{})
			if err != nil {
				t.Fatal(err)
			}
			if s.Value != want || s.Bound != want {
				t.Errorf("%s %s: value %d, bound %d, published %d", model, name, s.Value, s.Bound, want)
			}
		}
	}
}

func TestReadInstanceFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		format InstanceFormat
		text   string
		says   string
	}{
		{ORLib, "3 2 1\n1 2 x\n", `line 2: "x" is no number`},
		{ORLib, "3 2 1\n1 4 5\n", "line 2: a vertex is 4"},
		{ORLib, "3 2 4\n", "line 1: p is 4"},
		{ORLib, "3 2 1\n1 2 5\n", "line 2: the file ends too early"},
		{Geo, "DIMENSION : 2\nNODE_COORD_SECTION\n91 0\n0 0\n", "line 3: 91 0 is no latitude"},
		{Geo, "NODE_COORD_SECTION\n", "no DIMENSION"},
		{CPMP, "2 1\n0 0 5 1\n", "line 2: the file ends too early"},
		{"xyz", "", "want orlib, mclp or cpmp"},
	} {
		_, err := ReadInstance(strings.NewReader(c.text), Instance{Format: c.format, Model: PMedian})
		if lifecircle.ErrorCode(err) != "siting_instance" || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %q: want %q, got %v", c.format, c.text, c.says, err)
		}
	}
}
