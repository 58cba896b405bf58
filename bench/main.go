// Command bench measures the sweep engine on a whole region against a plain
// Dijkstra in the same run, and prints a table. It compares the checksums of both
// before it prints a ratio. It is no part of the product; nothing imports it.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"lifecircle/bench/region"
	"lifecircle/network"
	"lifecircle/network/osm"
	"lifecircle/network/routing"
)

func main() {
	var p program
	flag.StringVar(&p.porto, "porto", filepath.Join("..", "shared", "data", "osm", "porto.osm.pbf"), "extract of Porto")
	flag.StringVar(&p.delaware, "delaware", "", "extract of Delaware; else that of the module cache")
	flag.StringVar(&p.only, "only", "", "one of region, layers, porto, delaware, grid")
	flag.StringVar(&p.export, "export", "", "write the graph of -only as text to this file, and do nothing else")
	flag.Parse()
	if err := p.run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// program is what the flags say.
type program struct{ porto, delaware, only, export string }

// runs is how often something is measured; the least counts.
const runs = 3

func (p program) run(ctx context.Context, out io.Writer) error {
	if p.delaware == "" {
		var err error
		if p.delaware, err = region.Delaware(ctx); err != nil {
			return err
		}
	}
	var porto, delaware region.Streets
	var err error
	if p.only != "grid" {
		for _, path := range []string{p.porto, p.delaware} {
			if _, err := os.Stat(path); err != nil {
				fmt.Fprintf(out, "SKIPPED: no extract %s: name it with -porto or -delaware\n", path)
				return nil
			}
		}
		if porto, err = region.City("Porto", p.porto); err != nil {
			return err
		}
		if delaware, err = region.City("Delaware", p.delaware); err != nil {
			return err
		}
	}
	all := map[string]func() region.Streets{
		"region":   func() region.Streets { return region.Board("region R", porto, delaware) },
		"porto":    func() region.Streets { return porto },
		"delaware": func() region.Streets { return delaware },
		"layers":   func() region.Streets { return region.Board("region R", porto, delaware) },
		"grid":     region.GridWithHoles,
	}
	order := []string{"region", "layers", "porto", "delaware", "grid"}
	if p.only != "" {
		if all[p.only] == nil {
			return fmt.Errorf("-only %s: want one of %s", p.only, strings.Join(order, ", "))
		}
		order = []string{p.only}
	}
	if p.export != "" {
		return export(all[order[0]](), p.export)
	}
	fmt.Fprintf(out, "%s %s/%s, %d processors, vectors: %s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), routing.Vectors())
	if p.only == "" {
		reading(out, p.delaware)
	}
	for _, name := range order {
		s, run := all[name](), measure
		if name == "layers" {
			run = layers
		}
		if err := run(out, s); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// reading measures the way from the file to the graph.
func reading(out io.Writer, path string) {
	t := least(runs, func() {
		extract, err := osm.Read(context.Background(), path)
		if err == nil {
			_, err = network.Build(extract)
		}
		if err != nil {
			panic(err)
		}
	})
	fmt.Fprintf(out, "\nDelaware from PBF to walking graph: %s\n", t)
}

// taken is the time something took.
type taken struct{ cpu, wall time.Duration }

func (t taken) String() string { return fmt.Sprintf("%s CPU, %s wall", short(t.cpu), short(t.wall)) }

func short(d time.Duration) string {
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1e3)
	}
	return fmt.Sprintf("%.1f µs", d.Seconds()*1e6)
}

// least runs f so often and returns the least CPU time and the least wall time.
func least(times int, f func()) taken {
	best := taken{time.Hour, time.Hour}
	for range times {
		cpu, wall := processorTime(), time.Now()
		f()
		best.cpu, best.wall = min(best.cpu, processorTime()-cpu), min(best.wall, time.Since(wall))
	}
	return best
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// export writes the streets in the format of `lifecircle network export`, and beside
// them the places and the amounts that are asked about, one a line, so that another
// engine can answer the same.
func export(s region.Streets, path string) error {
	graph := func(w *bufio.Writer) {
		fmt.Fprintf(w, "p %d %d\n", s.Graph.Nodes(), len(s.Graph.Heads))
		for v := range s.Graph.X {
			fmt.Fprintf(w, "v %.7f %.7f\n", s.Graph.X[v], s.Graph.Y[v])
		}
		for v := range s.Graph.Nodes() {
			for arc := s.Graph.First[v]; arc < s.Graph.First[v+1]; arc++ {
				fmt.Fprintf(w, "a %d %d %d\n", v, s.Graph.Heads[arc], s.Weights[arc])
			}
		}
	}
	column := func(values []uint32) func(*bufio.Writer) {
		return func(w *bufio.Writer) {
			for _, v := range values {
				fmt.Fprintln(w, v)
			}
		}
	}
	for name, write := range map[string]func(*bufio.Writer){
		path: graph, path + ".places": column(places(s.Graph.Nodes(), facilities)), path + ".amounts": column(amountsOf(s.Graph.Nodes())),
	} {
		f, err := os.Create(name)
		if err != nil {
			return err
		}
		// bufio keeps its first error and Flush returns it.
		w := bufio.NewWriterSize(f, 1<<20)
		write(w)
		if err := errors.Join(w.Flush(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// amountsOf draws what lies at each node.
func amountsOf(n int) []uint32 {
	random := rand.New(rand.NewPCG(5, 6))
	amounts := make([]uint32, n)
	for v := range amounts {
		amounts[v] = random.Uint32N(50)
	}
	return amounts
}

// places draws nodes without return.
func places(n, count int) []uint32 {
	random := rand.New(rand.NewPCG(1, 2))
	seen := make(map[uint32]bool)
	var all []uint32
	for len(all) < min(count, n) {
		if v := random.Uint32N(uint32(n)); !seen[v] {
			seen[v] = true
			all = append(all, v)
		}
	}
	slices.Sort(all)
	return all
}
