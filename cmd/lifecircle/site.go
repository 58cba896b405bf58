package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/remedy"
	"lifecircle/report"
	"lifecircle/siting"
)

// siteFlags are what `site` is told.
type siteFlags struct {
	instance string
	format   string
	number   int
	radius   float64

	ask    report.SitingAsk
	budget float64
	save   string
	export string
	why    []string
	solver solverFlags

	provisions     []string
	costs, weights map[string]string
	quotas         map[string]string
}

func (a *app) site() *cobra.Command {
	var f siteFlags
	c := &cobra.Command{
		Use:   "site [MODEL]",
		Short: "Choose sites, with a bound that no choice can pass",
		Long: `Chooses sites and proves how good the choice is. Four questions are answered:

  site --provision ID --area CODE --p N|--budget YUAN     what a promise of the plan lacks
  site MODEL --facility-kind KIND --area CODE --p N       places of a kind
  site MODEL --instance FILE --instance-format FORMAT     a published instance
  site --provisions A,B,C --area CODE --budget YUAN       a budget shared among promises

MODEL is one of lscp lscp-b psclp mclp pmedian knearest-pmedian pcentre
pdispersion attendance cmclp cpmedian clscp; with --provision the plan chooses it.
Candidates are vacant premises, and points where people live in areas without any.
Places that stand are kept unless --close lets some of them close. Without --seconds the answer depends on the facts, the
question, --seed and --iterations alone.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				if _, err := siting.ParseModel(args[0]); err != nil {
					return useError{err}
				}
				f.ask.Model = args[0]
			}
			if cmd.Flags().Changed("budget") {
				f.ask.Budget = &f.budget
			}
			var err error
			if f.ask.Quotas, err = quotasOf(f.quotas); err != nil {
				return useError{err}
			}
			switch {
			case len(f.provisions) > 0 && (f.ask.Indicator != "" || f.instance != "" || f.ask.P > 0 || f.ask.Budget == nil):
				return useError{fmt.Errorf("--provisions needs --budget, and goes without --p, --provision and --instance")}
			case len(f.provisions) > 0 && f.solver != (solverFlags{}):
				return useError{fmt.Errorf("--solver goes without --provisions: a shared budget is many questions")}
			case len(f.provisions) > 0 && f.export != "":
				return useError{fmt.Errorf("--export-lp goes without --provisions: a shared budget is many questions")}
			case len(f.provisions) > 0:
				return a.allotHere(cmd, f)
			case f.instance != "" && (f.ask.Indicator != "" || f.ask.Kind != ""):
				return useError{fmt.Errorf("--instance goes without --provision and --facility-kind")}
			case f.instance != "" && f.ask.Model != "":
				problem, err := readInstance(siting.Model(f.ask.Model), f)
				if err != nil {
					return err
				}
				return a.solveInstance(cmd, problem, f)
			case f.ask.Indicator == "" && (f.ask.Kind == "" || f.ask.Model == ""):
				return useError{fmt.Errorf("site needs --provision ID, or MODEL with --facility-kind KIND or --instance FILE")}
			}
			return a.siteHere(cmd, f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.instance, "instance", "", "a published instance to solve")
	flags.StringVar(&f.format, "instance-format", "", "orlib, mclp or cpmp")
	flags.IntVar(&f.number, "problem", 0, "which problem of a file of several")
	flags.Float64Var(&f.radius, "radius", 0, "metres within which a demand of an instance is covered")
	flags.StringVar(&f.ask.Indicator, "provision", "", "the provision or indicator whose deficit is to be closed, by id or clause")
	flags.StringSliceVar(&f.provisions, "provisions", nil, "several, among which the budget is shared")
	flags.StringToStringVar(&f.costs, "costs", nil, "yuan for each site of single --provisions, as ID=150000")
	flags.StringToStringVar(&f.weights, "weights", nil, "what closing the whole deficit of single --provisions counts, as ID=2")
	flags.StringVar(&f.ask.Variant, "variant", "", "a reading of it; by default the chosen one")
	flags.StringVar(&f.ask.Measure, "measure", "", "which of several ways of a provision")
	flags.StringVar(&f.ask.Kind, "facility-kind", "", "the kind to open")
	flags.StringVar(&f.ask.Area, "area", "", "where; by default the whole workspace if it has one root")
	flags.StringVar(&f.ask.Mode, "mode", "", "way of travelling to a kind (default walk)")
	flags.Float64Var(&f.ask.Minutes, "minutes", 0, "reach of a kind or a capacity (default 15; 60 for models that weigh ways)")
	flags.StringVar(&f.ask.Candidates, "candidates", "", "premises, points or both (default)")
	flags.IntVar(&f.ask.P, "p", 0, "at most so many new sites; of an instance, by default the file's")
	flags.Float64Var(&f.budget, "budget", 0, "yuan for all new sites")
	flags.Float64Var(&f.ask.Cost, "cost", 0, "yuan for each new site")
	flags.Float64Var(&f.ask.UnitCost, "cost-per-place", 0, "yuan for each bed or place; by default what a programme of the plan pays")
	flags.Int64SliceVar(&f.ask.Sizes, "capacity", nil, "capacities in which a site may be opened, as 60,90")
	flags.StringVar(&f.ask.Demand, "demand", "", "who needs the capacity: people, people_65 or people_under_3")
	flags.Float64Var(&f.ask.Share, "share", 0, "share of the demand to be covered, 0 to 1")
	flags.Float64Var(&f.ask.Floor, "floor", 0, "share of each area's demand to be covered, 0 to 1")
	flags.BoolVar(&f.ask.Fairest, "fairest", false, "first make the least covered area's share as large as can be (mclp)")
	flags.StringSliceVar(&f.ask.Fixed, "fix", nil, "candidates that must be chosen")
	flags.StringSliceVar(&f.ask.Forbidden, "forbid", nil, "candidates that must not")
	flags.StringToStringVar(&f.quotas, "quota", nil, "new places of single areas, as 640104=2..5, 640105=1.. or 640106=0")
	flags.IntVar(&f.ask.Close, "close", 0, "so many of the places that stand in the area may close, each for one more new place")
	flags.Int64Var(&f.ask.LeastServed, "least-served", 0, "people whom each new site must serve when everybody goes to the nearest")
	flags.StringVar(&f.ask.Beside, "beside", "", "a kind of facility beside which new sites must lie")
	flags.Float64Var(&f.ask.BesideMetres, "beside-metres", 0, "how near in a straight line beside is (default 100)")
	flags.StringArrayVar(&f.why, "why", nil, "why not here: a candidate's id or lon,lat; may be repeated")
	flags.StringVar(&f.save, "save", "", "keep the answer as a scenario of this name, with draft projects")
	flags.StringVar(&f.export, "export-lp", "", "also write the question as an integer program for another solver: LP, or MPS if the name ends in .mps")
	f.solver.flags(c)
	flags.Float64Var(&f.ask.Seconds, "seconds", 0, "stop after so many seconds with the best answer; 0: no limit")
	flags.Int64Var(&f.ask.Iterations, "iterations", 0, "bound of the effort; 0: 20,000 without --seconds, else none")
	flags.Uint64Var(&f.ask.Seed, "seed", 1, "of the random choices")
	return a.formats(c)
}

// quotasOf reads quotas: one number is that many at most, two parted by two dots
// are least and most, of which either may be left out.
func quotasOf(said map[string]string) ([]report.SitingQuota, error) {
	var quotas []report.SitingQuota
	for _, area := range slices.Sorted(maps.Keys(said)) {
		text := said[area]
		least, most, between := strings.Cut(text, "..")
		if !between {
			least, most = "", text
		}
		quota := report.SitingQuota{Area: area}
		number := func(s string, into *int) bool {
			n, err := strconv.Atoi(s)
			*into = n
			return err == nil && n >= 0
		}
		good := least == "" || number(least, &quota.Least)
		if most != "" {
			quota.Most = new(int)
			good = good && number(most, quota.Most)
		}
		if !good || least == "" && most == "" {
			return nil, fmt.Errorf("--quota %s=%s: want 2..5, 2.. or 5", area, text)
		}
		quotas = append(quotas, quota)
	}
	return quotas, nil
}

func readInstance(model siting.Model, f siteFlags) (*siting.Problem, error) {
	file, err := os.Open(f.instance)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	problem, err := siting.ReadInstance(file, siting.Instance{
		Format: siting.InstanceFormat(f.format), Model: model, Number: f.number, P: f.ask.P, RadiusM: f.radius,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.instance, err)
	}
	problem.Limits.Share = int64(math.Round(f.ask.Share * siting.Million))
	return problem, nil
}

// solveInstance solves a published instance and prints the answer.
func (a *app) solveInstance(cmd *cobra.Command, problem *siting.Problem, f siteFlags) error {
	if f.export != "" {
		if err := exportProgram(f.export, fmt.Sprintf("%s (%s)", filepath.Base(f.instance), f.format), problem); err != nil {
			return err
		}
	}
	config := api.Effort(f.ask, time.Now)
	var err error
	if config.Other, err = f.solver.other(f.ask.Seconds); err != nil {
		return err
	}
	begin := time.Now()
	solution, err := siting.Solve(cmd.Context(), problem, config)
	if err != nil {
		return err
	}
	answer := report.SitingOfProblem(problem, solution)
	answer.Seconds = seconds(begin)
	return a.print(cmd.OutOrStdout(), answer, a.siteRows(answer))
}

// exportProgram writes a question as an integer program; the name of the file
// says in which format. It is written before the search, so that another solver
// may be tried where ours finds nothing.
func exportProgram(path, title string, problem *siting.Problem) error {
	program, err := siting.NewProgram(problem)
	if err != nil {
		return err
	}
	program.Title = title
	return writeProgram(path, program)
}

func writeProgram(path string, program *siting.Program) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if strings.EqualFold(filepath.Ext(path), ".mps") {
		return program.WriteMPS(file)
	}
	return program.WriteLP(file)
}

func seconds(since time.Time) float64 {
	return math.Round(time.Since(since).Seconds()*1000) / 1000
}

// siteHere answers a question about the workspace.
func (a *app) siteHere(cmd *cobra.Command, f siteFlags) error {
	ctx := cmd.Context()
	d, err := a.drafts(cmd)
	if err != nil {
		return err
	}
	defer d.db.Close()
	if f.save != "" {
		if err := d.checkKept(cmd, f.save); err != nil {
			return err
		}
	}
	e := d.Engine
	if f.ask.Area, err = areaOr(f.ask.Area, e); err != nil {
		return err
	}
	question, err := f.ask.Question()
	if err != nil {
		return err
	}
	world, err := e.World(a.who, question.Area)
	if err != nil {
		return err
	}
	begin := time.Now()
	prepared, err := api.Remedies(world).Prepare(ctx, question)
	if err != nil {
		return err
	}
	if f.export != "" {
		title := strings.TrimSpace(strings.Join([]string{f.ask.Indicator, f.ask.Kind, "in", f.ask.Area}, " "))
		if err := exportProgram(f.export, title, prepared.Problem); err != nil {
			return err
		}
	}
	config := api.Effort(f.ask, time.Now)
	if config.Other, err = f.solver.other(f.ask.Seconds); err != nil {
		return err
	}
	shown := startSearch(cmd.ErrOrStderr())
	config.Progress = shown.to
	answer, err := prepared.Solve(ctx, config)
	shown.end()
	if err != nil {
		return err
	}
	known := report.Known{Registry: world.Registry(), Plan: world.Plan()}
	out := known.SitingOf(answer)
	out.Seconds = seconds(begin)
	var reasons []report.SitingWhy
	for _, at := range f.why {
		why, err := whyNot(ctx, answer, at, f.ask)
		if err != nil {
			return err
		}
		reasons = append(reasons, report.SitingWhyOf(answer.Solution.Model, out.Value, why))
	}
	if f.save != "" {
		if err := d.keepSiting(cmd, f.save, out); err != nil {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "lifecircle: kept as scenario %s, with draft projects in %s; try it with `lifecircle whatif %s`\n", f.save, projectsFile(a.dir, f.save), f.save)
	}
	return a.print(cmd.OutOrStdout(), struct {
		report.Siting
		Why []report.SitingWhy `json:"why,omitempty"`
	}{out, reasons}, append(a.siteRows(out), whyRows(reasons)...))
}

// areaOr returns the area that is named, or the one root of the workspace.
func areaOr(area string, e *engine.Engine) (string, error) {
	worlds, _ := e.Worlds()
	if area != "" {
		return area, nil
	}
	if len(worlds) != 1 {
		return "", useError{fmt.Errorf("site needs --area CODE: the workspace has %d root areas", len(worlds))}
	}
	for root := range worlds {
		area = string(root)
	}
	return area, nil
}

// whyNot asks why a candidate, or a position, was not chosen.
func whyNot(ctx context.Context, answer *remedy.Answer, at string, ask report.SitingAsk) (*remedy.Why, error) {
	if lon, lat, ok := strings.Cut(at, ","); ok {
		x, err := strconv.ParseFloat(lon, 64)
		y, err2 := strconv.ParseFloat(lat, 64)
		if err == nil && err2 == nil {
			return answer.WhyAt(ctx, geo.Point{Lon: x, Lat: y}, api.Effort(ask, time.Now))
		}
	}
	return answer.Why(ctx, at, api.Effort(ask, time.Now))
}

func whyRows(reasons []report.SitingWhy) [][]string {
	var rows [][]string
	for _, r := range reasons {
		rows = append(rows, []string{}, []string{"why not", r.Candidate, r.Text})
	}
	return rows
}

// siteRows are an answer as a table; as CSV the sites alone.
func (a *app) siteRows(s report.Siting) [][]string {
	var rows [][]string
	row := func(cells ...any) {
		line := make([]string, len(cells))
		for i, cell := range cells {
			line[i] = fmt.Sprint(cell)
		}
		rows = append(rows, line)
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	if a.format == "csv" {
		row("site", "area", "served", "lon", "lat", "origin", "capacity", "cost_yuan")
		for _, site := range s.Sites {
			row(site.ID, site.Area, site.Served, report.Number(site.Lon), report.Number(site.Lat), site.Origin, site.Capacity, number(site.Cost))
		}
		return rows
	}
	row("model", s.Model)
	if c := s.Case; c != nil {
		row("for", strings.TrimSpace(c.Clause+" "+c.Indicator+" "+c.Variant), c.Kind, "in "+c.Area)
		row("need", c.Need, c.Unit)
	}
	row("value", number(s.Value))
	row("bound", number(s.Bound))
	row("gap", fmt.Sprintf("%.4f %%", s.Gap*100))
	row("proof", s.Proof)
	if o := s.Other; o != nil {
		row("solver", o.Solver, o.State, "value "+report.Number(o.Value), map[bool]string{true: "taken", false: "not better"}[o.Taken])
	}
	row("sites", len(s.Sites))
	for _, closed := range s.Closed {
		row("closes", closed.ID, closed.Name, closed.Kind, "in "+closed.Area)
	}
	row("uncovered", s.Uncovered)
	if s.Case != nil {
		row("people", s.People, "before", s.Before, "after", s.After, "gained", s.Gained)
		row("cost", number(s.Cost)+" yuan")
		row("checked by", s.Checked)
	}
	if r := s.Result; r != nil {
		row(r.Indicator, report.Number(r.Before)+" "+r.Unit, "→", report.Number(r.After)+" "+r.Unit, r.StateBefore+" → "+r.StateAfter)
	}
	row("binding", strings.Join(s.Binding, ", "))
	row("seconds", fmt.Sprintf("%.3f", s.Seconds))
	row("seed", s.Seed)
	row()
	row("site", "area", "served", "lon", "lat", "origin", "capacity", "yuan")
	for _, site := range s.Sites {
		row(site.ID, site.Area, site.Served, report.Number(site.Lon), report.Number(site.Lat), site.Origin, site.Capacity, number(site.Cost))
	}
	if s.Case != nil {
		row()
		row("area", "name", "people", "before", "after", "gained", "sites", "yuan")
		for _, g := range s.PerArea {
			row(g.Area, g.Name.ZH, g.Weight, *g.Before, g.Covered, *g.Gained, g.Sites, number(g.Yuan))
		}
		row()
		for _, n := range s.Case.Notes {
			row("note", n.Text)
		}
	}
	return rows
}
