package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"lifecircle/siting"
)

// siteFlags are what `site` is told.
type siteFlags struct {
	instance   string
	format     string
	number     int
	p          int
	radius     float64
	share      float64
	seconds    float64
	iterations int64
	seed       uint64
}

func (a *app) site() *cobra.Command {
	var f siteFlags
	c := &cobra.Command{
		Use:   "site MODEL",
		Short: "Choose sites, with a bound that no choice can pass",
		Long: "Choose sites, with a bound that no choice can pass. MODEL is one of\n" +
			"lscp lscp-b psclp mclp pmedian knearest-pmedian pcentre pdispersion attendance cmclp cpmedian clscp.\n" +
			"Without --seconds the answer depends on the question, --seed and --iterations alone.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			model, err := siting.ParseModel(args[0])
			if err != nil {
				return useError{err}
			}
			if f.instance == "" {
				return useError{fmt.Errorf("site needs --instance FILE --instance-format orlib|mclp|cpmp")}
			}
			problem, err := readInstance(model, f)
			if err != nil {
				return err
			}
			return a.solveSites(cmd, problem, f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.instance, "instance", "", "a published instance to solve")
	flags.StringVar(&f.format, "instance-format", "", "orlib, mclp or cpmp")
	flags.IntVar(&f.number, "problem", 0, "which problem of a file of several")
	flags.IntVar(&f.p, "p", 0, "at most so many sites; by default the file's")
	flags.Float64Var(&f.radius, "radius", 0, "metres within which a demand is covered")
	flags.Float64Var(&f.share, "share", 0, "share of the demand to be covered, 0 to 1 (psclp)")
	flags.Float64Var(&f.seconds, "seconds", 0, "stop after so many seconds with the best answer; 0: no limit")
	flags.Int64Var(&f.iterations, "iterations", 0, "bound of the effort; 0: 20,000 without --seconds, else none")
	flags.Uint64Var(&f.seed, "seed", 1, "of the random choices")
	return a.formats(c)
}

func readInstance(model siting.Model, f siteFlags) (*siting.Problem, error) {
	file, err := os.Open(f.instance)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	problem, err := siting.ReadInstance(file, siting.Instance{
		Format: siting.InstanceFormat(f.format), Model: model, Number: f.number, P: f.p, RadiusM: f.radius,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.instance, err)
	}
	problem.Limits.Share = int64(math.Round(f.share * siting.Million))
	return problem, nil
}

// solveSites solves a problem and prints the answer.
func (a *app) solveSites(cmd *cobra.Command, problem *siting.Problem, f siteFlags) error {
	begin := time.Now()
	config := siting.Config{Seed: f.seed, Iterations: f.iterations, Workers: runtime.GOMAXPROCS(0)}
	if f.seconds > 0 {
		config.Spent = func() float64 { return time.Since(begin).Seconds() / f.seconds }
	}
	if f.seconds == 0 && f.iterations == 0 {
		config.Iterations = siting.DefaultIterations
	}
	solution, err := siting.Solve(cmd.Context(), problem, config)
	if err != nil {
		return err
	}
	answer := describeSites(problem, solution)
	answer.Seconds = math.Round(time.Since(begin).Seconds()*1000) / 1000
	return printSites(cmd.OutOrStdout(), a.format, answer)
}

// siteAnswer is the JSON of `site`.
type siteAnswer struct {
	Model      string     `json:"model"`
	Value      float64    `json:"value"`
	Bound      float64    `json:"bound"`
	Gap        float64    `json:"gap"`
	Proof      string     `json:"proof"`
	Seconds    float64    `json:"seconds"`
	Iterations int64      `json:"iterations"`
	Seed       uint64     `json:"seed"`
	Sites      []openSite `json:"sites"`
	Uncovered  int64      `json:"uncovered"`
	Cells      []string   `json:"uncovered_cells"`
	PerArea    []siteArea `json:"per_area"`
	Binding    []string   `json:"limits_binding"`
	Reductions []string   `json:"reductions"`
	Log        []siteLog  `json:"log"`
}

type openSite struct {
	ID     string `json:"id"`
	Area   string `json:"area,omitempty"`
	Module *int   `json:"module,omitempty"`
	Served int64  `json:"served"`
}

type siteArea struct {
	Area    string   `json:"area"`
	Weight  int64    `json:"weight"`
	Covered int64    `json:"covered"`
	Mean    *float64 `json:"mean"`  // of those served
	Worst   *float64 `json:"worst"` // of those served
	Sites   int      `json:"sites"`
	Yuan    float64  `json:"cost_yuan"`
}

type siteLog struct {
	Iteration int64    `json:"iteration"`
	Value     *float64 `json:"value"`
	Bound     *float64 `json:"bound"`
}

func describeSites(p *siting.Problem, s siting.Solution) siteAnswer {
	answer := siteAnswer{
		Model: string(s.Model), Value: s.Shown(s.Value), Bound: s.Shown(s.Bound), Gap: s.Gap(), Proof: string(s.Proof),
		Iterations: s.Iterations, Seed: s.Seed, Uncovered: s.Uncovered,
		Sites: []openSite{}, Cells: []string{}, PerArea: []siteArea{}, Log: []siteLog{},
		Binding: append([]string{}, s.Binding...), Reductions: append([]string{}, s.Reductions...),
	}
	area := func(index int32) string {
		if int(index) < len(p.Areas) {
			return p.Areas[index]
		}
		return ""
	}
	for _, site := range s.Sites {
		c := p.Candidates[site.Candidate]
		open := openSite{ID: c.ID, Area: area(c.Area), Served: site.Served}
		if site.Module >= 0 {
			open.Module = &site.Module
		}
		answer.Sites = append(answer.Sites, open)
	}
	for _, i := range s.Cells {
		answer.Cells = append(answer.Cells, p.Demand[i].ID)
	}
	scale := float64(max(p.Scale, 1))
	for _, r := range s.PerArea {
		row := siteArea{Area: area(r.Area), Weight: r.Weight, Covered: r.Covered, Sites: r.Sites, Yuan: float64(r.Cost) / 100}
		if r.Covered > 0 {
			mean, worst := float64(r.PersonTime)/float64(r.Covered)/scale, float64(r.Worst)/scale
			row.Mean, row.Worst = &mean, &worst
		}
		answer.PerArea = append(answer.PerArea, row)
	}
	shown := func(value int64) *float64 {
		if value == siting.NoValue {
			return nil
		}
		x := s.Shown(value)
		return &x
	}
	for _, entry := range s.Log {
		answer.Log = append(answer.Log, siteLog{entry.Iteration, shown(entry.Value), shown(entry.Bound)})
	}
	return answer
}

func printSites(w io.Writer, format string, s siteAnswer) error {
	switch format {
	case "json":
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(s)
	case "csv":
		out := csv.NewWriter(w)
		if err := out.Write([]string{"site", "area", "served"}); err != nil {
			return err
		}
		for _, site := range s.Sites {
			if err := out.Write([]string{site.ID, site.Area, strconv.FormatInt(site.Served, 10)}); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintf(t, "model\t%s\nvalue\t%v\nbound\t%v\ngap\t%.4f %%\nproof\t%s\nsites\t%d\nuncovered\t%d\nseconds\t%.3f\nseed\t%d\n\n",
		s.Model, s.Value, s.Bound, s.Gap*100, s.Proof, len(s.Sites), s.Uncovered, s.Seconds, s.Seed)
	fmt.Fprintln(t, "site\tarea\tserved")
	for _, site := range s.Sites {
		fmt.Fprintf(t, "%s\t%s\t%d\n", site.ID, site.Area, site.Served)
	}
	return t.Flush()
}
