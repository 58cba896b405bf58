package siting

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// cbc is the path of Debian's CBC, a solver that shares nothing with ours.
func cbc(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("cbc")
	if err != nil {
		t.Skip("SKIPPED: no cbc here to compare with: apt-get install coinor-cbc")
	}
	return path
}

// solveFile has CBC solve a file and reads its solution back: the variables that
// are not zero, and whether there is a solution.
func solveFile(ctx context.Context, cbc, file string) (values map[string]float64, feasible bool, err error) {
	answer := file + ".txt"
	out, err := exec.CommandContext(ctx, cbc, file, "ratioGap", "0", "allowableGap", "0", "seconds", "120", "solve", "solution", answer).CombinedOutput()
	if err != nil {
		return nil, false, fmt.Errorf("%w: %s", err, out)
	}
	text, err := os.ReadFile(answer)
	if err != nil {
		return nil, false, fmt.Errorf("%w: %s", err, out)
	}
	s := bufio.NewScanner(bytes.NewReader(text))
	s.Scan()
	switch state := s.Text(); {
	case strings.HasPrefix(state, "Infeasible"), strings.HasPrefix(state, "Integer infeasible"):
		return nil, false, nil
	case !strings.HasPrefix(state, "Optimal"):
		return nil, false, fmt.Errorf("cbc says %q: %s", state, out)
	}
	values = map[string]float64{}
	for s.Scan() {
		fields := strings.Fields(s.Text()) // number, name, value, reduced cost
		if fields[0] == "**" {
			fields = fields[1:]
		}
		if values[fields[1]], err = strconv.ParseFloat(fields[2], 64); err != nil {
			return nil, false, err
		}
	}
	return values, true, s.Err()
}

// value reads an answer's value, and which sites are open, off the variables.
func (g *Program) value(values map[string]float64) (value int64, sites []Site) {
	var objective float64
	for _, c := range g.columns {
		objective += float64(c.cost) * values[c.name]
	}
	sites, err := g.sites(values)
	if err != nil {
		panic("cbc: " + err.Error())
	}
	switch {
	case g.question.Fairest:
		return int64(math.Floor(objective + 1e-3)), sites
	case g.question.Model == LSCPB && g.question.Limits.Count > 0:
		return -int64(math.Round(objective)), sites
	case g.question.Model == LSCPB:
		factor := g.question.atStake() + 1
		first := int64(math.Ceil(math.Round(objective) / float64(factor)))
		return first*factor - int64(math.Round(objective)), sites
	}
	return int64(math.Round(objective)), sites
}

// TestAnotherSolver: on random small problems of every model, with budgets,
// quotas, sizes, floors and the rest now and then, CBC finds in the file that we
// write the value that we prove, and no answer where we prove that there is none;
// what it finds lies between value and bound where we stop early. LP and MPS
// alternate.
func TestAnotherSolver(t *testing.T) {
	t.Parallel()
	solver := cbc(t)
	kinds := append(Models(), "fairest")
	for _, model := range kinds {
		t.Run(string(model), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			solved, impossible, early := 0, 0, 0
			for seed := uint64(1000); solved < 30 || impossible == 0 && seed < 2000; seed++ {
				p := draw(model, seed)
				if model == "fairest" {
					p = draw(MCLP, seed)
					p.Fairest = true
				}
				if model == LSCPB && seed%3 == 0 {
					p.Limits.Count = 2
				}
				if p.Check() != nil {
					continue
				}
				ours, err := Solve(t.Context(), p, Config{Seed: seed, Iterations: 1 << 40})
				if _, no := Infeasible(err); err != nil && !no {
					t.Fatal(err)
				}
				none := err != nil
				if none && impossible > 10 || !none && solved >= 30 {
					continue
				}
				g, err := NewProgram(p)
				if err != nil {
					t.Fatal(err)
				}
				g.Title = fmt.Sprint("random problem ", seed)
				file, write := filepath.Join(dir, fmt.Sprint(seed, ".lp")), g.WriteLP
				if seed%2 == 1 {
					file, write = filepath.Join(dir, fmt.Sprint(seed, ".mps")), g.WriteMPS
				}
				var text bytes.Buffer
				if err := write(&text); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
				values, feasible, err := solveFile(t.Context(), solver, file)
				if err != nil {
					t.Fatalf("seed %d: %v\n%s", seed, err, text.String())
				}
				if feasible == none {
					t.Fatalf("seed %d: cbc finds an answer: %v; we: %v\n%s", seed, feasible, !none, text.String())
				}
				if none {
					impossible++
					continue
				}
				solved++
				theirs, sites := g.value(values)
				if ours.Proof == ProofCertified || theirs != ours.Value {
					t.Fatalf("seed %d: cbc %d, we %d (%s)\n%s\n%v", seed, theirs, ours.Value, ours.Proof, text.String(), values)
				}
				if !p.Model.capacitated() {
					if a := p.assess(sites); len(a.broken) > 0 || a.value != theirs {
						t.Fatalf("seed %d: cbc's sites %v are worth %d and break %v, not %d\n%s", seed, sites, a.value, a.broken, theirs, text.String())
					}
				}
				hasty, err := Solve(t.Context(), p, Config{Seed: seed, Iterations: int64(1 + seed%7)})
				if err != nil || model == LSCPB {
					continue // no answer so early; the bound of LSCP-B speaks of its own first stage
				}
				if hasty.Value != hasty.Bound {
					early++
				}
				if least, most := min(hasty.Value, hasty.Bound), max(hasty.Value, hasty.Bound); theirs < least || theirs > most {
					t.Fatalf("seed %d: cbc's %d is not between %d and %d", seed, theirs, hasty.Value, hasty.Bound)
				}
			}
			t.Logf("%d solved alike, %d impossible alike, %d between a value and a bound", solved, impossible, early)
			if impossible == 0 {
				t.Error("no impossible problem among them")
			}
		})
	}
}

// The file of a small question, whole: three points on a line, one site.
func TestWriteProgram(t *testing.T) {
	t.Parallel()
	p := line(MCLP, 3, 1)
	p.Cutoff = 1
	p.Demand[0].ID, p.Demand[1].ID, p.Candidates[2].ID = "银川 1", "银川 2", "a/b"
	g, err := NewProgram(p)
	if err != nil {
		t.Fatal(err)
	}
	g.Title = "three\npoints"
	var lp, mps bytes.Buffer
	if err := g.WriteLP(&lp); err != nil {
		t.Fatal(err)
	}
	if err := g.WriteMPS(&mps); err != nil {
		t.Fatal(err)
	}
	const wantLP = `\ mclp: three points
\ 3 demand cells, 3 candidates; 6 variables, 4 constraints
\ one of the value shown is 1 of the objective
\ y: open; x: served there; z: covered; u: covered twice; n: nearest; s: by a competitor or nobody
\ limits: number 1, cutoff 1
Maximize
 obj: + z____1.1 + z____2.2 + z_3
Subject To
 number: + y_1 + y_2 + y_a_b.3 <= 1
 covered____1.1: - z____1.1 + y_1 + y_2 >= 0
 covered____2.2: - z____2.2 + y_2 + y_1 + y_a_b.3 >= 0
 covered_3: - z_3 + y_a_b.3 + y_2 >= 0
Bounds
 z____1.1 <= 1
 z____2.2 <= 1
 z_3 <= 1
Binaries
 y_1
 y_2
 y_a_b.3
End
`
	if lp.String() != wantLP {
		t.Errorf("LP:\n%s", lp.String())
	}
	for _, want := range []string{"* the objective is the value with its sign reversed", " N obj\n L number\n G covered____1.1\n", " y_2 covered_3 1\n", " z_3 obj -1\n z_3 covered_3 -1\n", " UP BND z_3 1\n"} {
		if !strings.Contains(mps.String(), want) {
			t.Errorf("no %q in\n%s", want, mps.String())
		}
	}
	if slices.ContainsFunc([]byte(lp.String()+mps.String()), func(b byte) bool { return b > 127 }) {
		t.Error("a byte beyond ASCII")
	}
	if _, err := NewProgram(&Problem{Model: MCLP}); err == nil {
		t.Error("a question without candidates is written")
	}
}
