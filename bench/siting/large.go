package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"lifecircle/siting"
)

// regions solves questions of a region's size until the gap is one per cent, and
// says when that was. Ways are given; the making of the question is not counted,
// the reductions are.
func (b bench) regions(ctx context.Context, out io.Writer) error {
	fmt.Fprintln(out, "\nlarge, generated; stopped at a certified gap of 1 %\n| question | pairs | value | bound | gap | CPU | most memory | goal |\n|---|---|---|---|---|---|---|---|")
	for _, q := range []struct {
		question
		goal time.Duration
	}{
		{question{"MCLP 100,000 × 10,000, p = 200", siting.MCLP, 100_000, 10_000, 200, 100}, 0},
		{question{"MCLP 1,000,000 × 10,000, p = 200", siting.MCLP, 1_000_000, 10_000, 200, 100}, 15 * time.Second},
		{question{"p-median 300,000 × 10,000, p = 200, 500 at most", siting.PMedian, 300_000, 10_000, 200, 500}, 30 * time.Second},
	} {
		if !b.wants(q.name) {
			continue
		}
		p, err := q.generate()
		if err != nil {
			return err
		}
		s, took, err := solve(ctx, p, siting.Config{Seed: 1, Stop: 0.01}, 2*max(q.goal, 30*time.Second))
		if err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		goal := "no goal"
		if q.goal > 0 {
			goal = kept(took <= q.goal && s.Gap() <= 0.01 && memory() <= 4)
		}
		fmt.Fprintf(out, "| %s | %d | %d | %d | %.2f %% | %.1f s | %.1f GB | %s |\n", q.name, p.Reach.Pairs(), s.Value, s.Bound, s.Gap()*100, took.Seconds(), memory(), goal)
	}
	return nil
}

// memory is the most that the process has held, in GB.
func memory() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Maxrss) / (1 << 20) // kilobytes
}

// capacities solves the capacitated p-medians, ten CPU seconds each.
func (b bench) capacities(ctx context.Context, out io.Writer) error {
	const limit = 10 * time.Second
	fmt.Fprintf(out, "\ncapacitated p-median, %s of CPU time each\n| instance | value | best known | above it | certified gap | goal |\n|---|---|---|---|---|---|\n", limit)
	type instance struct {
		name, file string
		number     int
		best, goal float64
	}
	instances := []instance{{"SJC1", "SJC1.dat", 0, 17288.99, 0.005}, {"SJC2", "SJC2.dat", 0, 33270.94, 0.005}}
	bests, err := headings(filepath.Join(b.data, "cpmp", "pmedcap1.txt"))
	if err != nil {
		return err
	}
	for k, best := range bests {
		instances = append(instances, instance{fmt.Sprintf("pmedcap1, %d", k+1), "pmedcap1.txt", k + 1, best, 0.01})
	}
	for _, x := range instances {
		if !b.wants(x.name) {
			continue
		}
		p, err := read(filepath.Join(b.data, "cpmp", x.file), siting.Instance{Format: siting.CPMP, Model: siting.CPMedian, Number: x.number})
		if err != nil {
			return err
		}
		s, _, err := solve(ctx, p, siting.Config{Seed: 1}, limit)
		if err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
		above := s.Shown(s.Value)/x.best - 1
		fmt.Fprintf(out, "| %s | %s | %s | %.3f %% | %.2f %% | ≤ %g %%: %s |\n", x.name, strconv.FormatFloat(s.Shown(s.Value), 'f', -1, 64), strconv.FormatFloat(x.best, 'f', -1, 64), above*100, s.Gap()*100, x.goal*100, kept(above <= x.goal))
	}
	return nil
}

// headings reads the best values of a file of several problems: how many there
// are, then for each a line of number and best value, a line of points, p and
// capacity, and its points.
func headings(path string) ([]float64, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	numbers := func() []float64 {
		for lines.Scan() {
			if fields := strings.Fields(lines.Text()); len(fields) > 0 {
				var all []float64
				for _, f := range fields {
					x, err := strconv.ParseFloat(f, 64)
					if err != nil {
						x = math.NaN()
					}
					all = append(all, x)
				}
				return all
			}
		}
		return nil
	}
	count := numbers()
	var bests []float64
	for len(count) == 1 && len(bests) < int(count[0]) {
		head, size := numbers(), numbers()
		if len(head) != 2 || len(size) < 1 {
			return nil, fmt.Errorf("%s: problem %d has no heading", path, len(bests)+1)
		}
		bests = append(bests, head[1])
		for range int(size[0]) {
			numbers()
		}
	}
	return bests, lines.Err()
}
