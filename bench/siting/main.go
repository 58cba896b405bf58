// Command siting measures package siting against CBC on the same integer program
// in the same run, and against published optima, in CPU time of one thread. It
// prints a ratio only where a proof says that our value is near enough to the
// optimum: CBC's, or our own certificate where CBC has none. It is no part of the product; nothing imports it.
package main

import (
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"lifecircle/siting"
)

func main() {
	var b bench
	flag.Float64Var(&b.seconds, "seconds", 10, "CPU seconds that CBC may take for one question; 0: do not run it")
	flag.StringVar(&b.data, "data", filepath.Join("..", "shared", "data", "siting"), "published instances")
	flag.BoolVar(&b.published, "published", false, "solve the published instances too (minutes)")
	flag.BoolVar(&b.large, "large", false, "solve the large generated questions too (a minute, 4 GB)")
	flag.StringVar(&b.only, "only", "", "only questions whose name holds this")
	flag.Parse()
	if err := b.run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench/siting:", err)
		os.Exit(1)
	}
}

// bench is what the flags say.
type bench struct {
	seconds   float64
	data      string
	published bool
	large     bool
	only      string
}

func (b bench) wants(name string) bool { return strings.Contains(name, b.only) }

func (b bench) run(ctx context.Context, out io.Writer) error {
	cbc, err := exec.LookPath("cbc")
	if err != nil {
		fmt.Fprintln(out, "SKIPPED: no cbc here to compare with (apt-get install coinor-cbc)")
	}
	if b.seconds > 0 && err == nil {
		fmt.Fprintf(out, "generated; CBC up to %g CPU seconds; a ratio needs a value within %g %% of the optimum\n", b.seconds, near*100)
		fmt.Fprintln(out, "| question | ours | value | gap, proof | CBC | its value | ratio of CPU time |\n|---|---|---|---|---|---|---|")
		for _, q := range []question{
			{"MCLP 10,000 × 1,000, p = 50", siting.MCLP, 10_000, 1_000, 50, 400},
			{"p-median 2,000 × 200, p = 20", siting.PMedian, 2_000, 200, 20, 0},
		} {
			if b.wants(q.name) {
				if err := b.compare(ctx, out, cbc, q); err != nil {
					return fmt.Errorf("%s: %w", q.name, err)
				}
			}
		}
	}
	if b.large {
		if err := b.regions(ctx, out); err != nil {
			return err
		}
	}
	if b.published {
		if _, err := os.Stat(b.data); err != nil {
			fmt.Fprintf(out, "SKIPPED: no published instances %s: name them with -data\n", b.data)
			return nil
		}
		if err := b.coverage(ctx, out); err != nil {
			return err
		}
		if err := b.capacities(ctx, out); err != nil {
			return err
		}
		return b.library(ctx, out)
	}
	return nil
}

// near is the most by which our value may miss the optimum where a ratio is
// printed.
const near = 0.001

// question is a generated instance.
type question struct {
	name               string
	model              siting.Model
	demand, candidates int
	p                  int
	radius             int32
}

// generate makes towns with people around them, and candidates where people
// are; distances are whole units on a square of 10,000.
func (q question) generate() (*siting.Problem, error) {
	rng := rand.New(rand.NewPCG(20260901, uint64(q.demand)))
	type point struct{ x, y float64 }
	towns := make([]point, 40)
	for k := range towns {
		towns[k] = point{rng.Float64() * 10_000, rng.Float64() * 10_000}
	}
	somewhere := func() point {
		if rng.IntN(4) == 0 {
			return point{rng.Float64() * 10_000, rng.Float64() * 10_000}
		}
		town := towns[rng.IntN(len(towns))]
		return point{town.x + rng.NormFloat64()*500, town.y + rng.NormFloat64()*500}
	}
	p := &siting.Problem{Model: q.model, Areas: []string{""}, Reach: siting.NewReach(q.demand), Limits: siting.Limits{Count: q.p}}
	if q.model == siting.PMedian {
		p.Unserved = q.radius // who is farther counts as so far
	}
	people := make([]point, q.demand)
	// Squares as wide as the radius: what a candidate reaches lies in nine.
	const side = 10_000
	width := float64(q.radius)
	if q.radius == 0 {
		width = side
	}
	type square struct{ x, y int }
	in := func(p point) square { return square{int(math.Floor(p.x / width)), int(math.Floor(p.y / width))} }
	squares := make(map[square][]int32)
	for i := range people {
		people[i] = somewhere()
		squares[in(people[i])] = append(squares[in(people[i])], int32(i))
		w := int64(1 + rng.IntN(200))
		p.Demand = append(p.Demand, siting.Demand{ID: strconv.Itoa(i), Weight: w, Load: w})
	}
	for j := range q.candidates {
		at := somewhere()
		p.Candidates = append(p.Candidates, siting.Candidate{ID: strconv.Itoa(j)})
		var near, demand, times []int32
		for x := -1; x <= 1; x++ {
			for y := -1; y <= 1; y++ {
				here := in(at)
				near = append(near, squares[square{here.x + x, here.y + y}]...)
			}
		}
		if q.radius == 0 {
			near = near[:0]
			for i := range people {
				near = append(near, int32(i))
			}
		}
		slices.Sort(near)
		for _, i := range near {
			t := int32(math.Round(math.Hypot(at.x-people[i].x, at.y-people[i].y)))
			if q.radius == 0 || t <= q.radius {
				demand, times = append(demand, i), append(times, t)
			}
		}
		if err := p.Reach.Add(demand, times); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func cpu(who int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// solve measures ours; limit bounds the CPU time, 0: none.
func solve(ctx context.Context, p *siting.Problem, cfg siting.Config, limit time.Duration) (siting.Solution, time.Duration, error) {
	begin := cpu(syscall.RUSAGE_SELF)
	if limit > 0 {
		cfg.Iterations = math.MaxInt64
		cfg.Spent = func() float64 { return float64(cpu(syscall.RUSAGE_SELF)-begin) / float64(limit) }
	}
	s, err := siting.Solve(ctx, p, cfg)
	return s, cpu(syscall.RUSAGE_SELF) - begin, err
}

func (b bench) compare(ctx context.Context, out io.Writer, cbc string, q question) error {
	p, err := q.generate()
	if err != nil {
		return err
	}
	theirs, err := b.cbc(ctx, cbc, p)
	if err != nil {
		return err
	}
	for _, effort := range []struct {
		name string
		cfg  siting.Config
	}{
		{"a gap of 0.05 %", siting.Config{Seed: 1, Stop: 0.0005}},
		{"1000 iterations", siting.Config{Seed: 1, Iterations: 1_000}},
		{fmt.Sprintf("%d iterations (default)", siting.DefaultIterations), siting.Config{Seed: 1}},
	} {
		ours, took := siting.Solution{}, time.Duration(math.MaxInt64)
		for range 3 {
			s, t, err := solve(ctx, p, effort.cfg, 0)
			if err != nil {
				return err
			}
			ours, took = s, min(took, t)
		}
		fmt.Fprintf(out, "| %s | %s, %.2f s | %d | %.3f %%, %s | %.1f s, %s | %s | %s |\n", q.name, effort.name, took.Seconds(), ours.Value,
			ours.Gap()*100, ours.Proof, theirs.took.Seconds(), theirs.state, theirs.shown(), ratio(ours, took, theirs))
	}
	return nil
}

// ratio is CBC's time as a multiple of ours. If CBC was stopped, it is a lower
// bound, and needs our certificate and that CBC has nothing better.
func ratio(ours siting.Solution, took time.Duration, t rival) string {
	value, multiple := float64(ours.Value), t.took.Seconds()/took.Seconds()
	worse := t.value - value // by how much ours is worse
	if !ours.Model.Maximises() {
		worse = -worse
	}
	switch {
	case t.proved && worse >= -0.5 && worse <= near*value:
		return fmt.Sprintf("%.0f", multiple)
	case t.proved:
		return "none: ours is too far from the optimum"
	case ours.Gap() <= near && (!t.found || worse <= 0):
		return fmt.Sprintf("> %.0f", multiple)
	}
	return "none: nothing proves ours near enough"
}

// rival is what CBC came to.
type rival struct {
	took          time.Duration
	state         string
	value         float64
	found, proved bool
}

func (r rival) shown() string {
	if !r.found {
		return "none"
	}
	return strconv.FormatFloat(r.value, 'f', 0, 64)
}

// cbc has CBC solve the program that we write; its time is without the writing.
func (b bench) cbc(ctx context.Context, cbc string, p *siting.Problem) (r rival, err error) {
	dir, err := os.MkdirTemp("", "siting")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program, err := siting.NewProgram(p)
	if err != nil {
		return r, err
	}
	lp, answer := filepath.Join(dir, "question.lp"), filepath.Join(dir, "answer.txt")
	file, err := os.Create(lp)
	if err != nil {
		return r, err
	}
	if err := errors.Join(program.WriteLP(file), file.Close()); err != nil {
		return r, err
	}
	// CBC looks at its clock between nodes only: a first relaxation that takes
	// longer is ended from outside, at twice the time.
	most := strconv.Itoa(int(math.Ceil(2 * b.seconds)))
	command := exec.CommandContext(ctx, "sh", "-c", `ulimit -t "$0" && exec "$@"`, most, cbc, lp, "timeMode", "cpu", "ratioGap", "0", "allowableGap", "0", "seconds", fmt.Sprint(b.seconds), "solve", "solution", answer)
	said, err := command.CombinedOutput()
	if command.ProcessState != nil {
		r.took = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
		if state, ok := command.ProcessState.Sys().(syscall.WaitStatus); ok && state.Signaled() && r.took.Seconds() >= b.seconds {
			r.state = "did not finish its first relaxation"
			return r, nil
		}
	}
	if err != nil {
		return r, fmt.Errorf("%w: %s", err, said)
	}
	text, err := os.ReadFile(answer)
	if err != nil {
		return r, err
	}
	// The first line: a state, " - objective value " and a number.
	line, rest, _ := strings.Cut(string(text), "\n")
	state, value, _ := strings.Cut(line, " - objective value ")
	r.state, r.proved = strings.ToLower(state), strings.HasPrefix(state, "Optimal")
	r.found = r.proved || strings.TrimSpace(rest) != "" && !strings.Contains(state, "no integer solution") && !strings.Contains(state, "infeasible")
	if r.found {
		if r.value, err = strconv.ParseFloat(strings.TrimSpace(value), 64); err != nil {
			return r, fmt.Errorf("cbc's first line is %q", line)
		}
		r.value = math.Abs(r.value) // of a maximum it may print the negative
	}
	return r, nil
}

// coverage solves the census MCLPs, five CPU seconds each.
func (b bench) coverage(ctx context.Context, out io.Writer) error {
	const limit = 5 * time.Second
	file, err := os.Open(filepath.Join(b.data, "mclp", "best_known.csv"))
	if err != nil {
		return err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\ncensus MCLP, %s of CPU time each\n| instance | p | value | best known | below it | certified gap | goal: ≤ 0.1 %% below, ≤ 2 %% gap |\n|---|---|---|---|---|---|---|\n", limit)
	for _, row := range rows[1:] {
		name := row[0]
		count, err1 := strconv.Atoi(row[1])
		radius, err2 := strconv.ParseFloat(row[2], 64)
		best, err3 := strconv.ParseInt(row[3], 10, 64)
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
		if !b.wants(name) {
			continue
		}
		p, err := read(filepath.Join(b.data, "mclp", name+".txt"), siting.Instance{Format: siting.Geo, Model: siting.MCLP, P: count, RadiusM: radius})
		if err != nil {
			return err
		}
		s, _, err := solve(ctx, p, siting.Config{Seed: 1}, limit)
		if err != nil {
			return err
		}
		below := 1 - float64(s.Value)/float64(best)
		fmt.Fprintf(out, "| %s | %d | %d | %d | %.3f %% | %.2f %%, %s | %s |\n", name, count, s.Value, best, below*100, s.Gap()*100, s.Proof, kept(below <= 0.001 && s.Gap() <= 0.02))
	}
	return nil
}

func kept(is bool) string {
	if is {
		return "kept"
	}
	return "**missed**"
}

// library solves pmed1–20 as p-median and p-centre.
func (b bench) library(ctx context.Context, out io.Writer) error {
	for _, c := range []struct {
		model siting.Model
		file  string
		goal  string
	}{
		{siting.PMedian, "pmedopt_1_20.txt", "every one optimal, 75 % proved, 2.5 s for 20"},
		{siting.PCentre, "pcentreopt_1_20.txt", "every one proved, 10 s for 20"},
	} {
		if !b.wants(string(c.model)) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(b.data, "orlib", c.file))
		if err != nil {
			return err
		}
		var all time.Duration
		optimal, proved, cases := 0, 0, 0
		fmt.Fprintf(out, "\nOR-Library, %s, default effort\n| instance | value | published | bound | CPU |\n|---|---|---|---|---|\n", c.model)
		for line := range strings.Lines(string(text)) {
			fields := strings.Fields(line)
			if len(fields) != 2 {
				continue
			}
			best, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				continue // the heading
			}
			p, err := read(filepath.Join(b.data, "orlib", fields[0]+".txt"), siting.Instance{Format: siting.ORLib, Model: c.model})
			if err != nil {
				return err
			}
			s, took, err := solve(ctx, p, siting.Config{Seed: 1}, 0)
			if err != nil {
				return err
			}
			cases++
			all += took
			if s.Value == best {
				optimal++
				if s.Bound == best {
					proved++
				}
			}
			fmt.Fprintf(out, "| %s | %d | %d | %d | %.2f s |\n", fields[0], s.Value, best, s.Bound, took.Seconds())
		}
		fmt.Fprintf(out, "\n%d of %d optimal, %d proved, %.1f s in all (goal: %s)\n", optimal, cases, proved, all.Seconds(), c.goal)
	}
	return nil
}

func read(path string, in siting.Instance) (*siting.Problem, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return siting.ReadInstance(file, in)
}
