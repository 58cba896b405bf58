package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/indicator"
	"lifecircle/remedy"
	"lifecircle/report"
)

func (a *app) evaluate() *cobra.Command {
	var area, period, periods, method, asOf string
	var indicators []string
	c := &cobra.Command{
		Use:   "evaluate",
		Short: "Every target: value, gap, state",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w, err := a.open(cmd.Context(), a.dir)
			if err != nil {
				return err
			}
			defer w.db.Close()
			e, err := w.engineAsOf(cmd.Context(), asOf)
			if err != nil {
				return err
			}
			switch {
			case periods != "" && (period != "" || method != "pace"):
				return useError{errors.New("--periods goes without --period and --method")}
			case periods != "":
				return a.over(cmd, e, overAsk{area, periods, indicators})
			case len(indicators) > 0:
				return useError{errors.New("--indicator goes with --periods; for one period and its reasons see explain")}
			}
			evaluation, err := w.evaluateAll(e, area, period)
			if err != nil {
				return err
			}
			switch method {
			case "pace":
			case "open-sdg":
				evaluation = evaluation.ByOpenSDG()
			default:
				return useError{fmt.Errorf("--method %q: want pace or open-sdg", method)}
			}
			return a.print(cmd.OutOrStdout(), evaluation, evaluationRows(evaluation, a.format == "table"))
		},
	}
	c.Flags().StringVar(&area, "area", "", "one area; all when left out")
	c.Flags().StringVar(&period, "period", "", "a year (default: the plan's target year)")
	c.Flags().StringVar(&periods, "periods", "", "values of many periods at once, as 2021..2025 or 2021-01..2025-12")
	c.Flags().StringSliceVar(&indicators, "indicator", nil, "with --periods: these alone, by id or clause (default: every indicator)")
	c.Flags().StringVar(&asOf, "as-of", "", "what was known at the end of that day, UTC (default: now)")
	c.Flags().StringVar(&method, "method", "pace", "how the state of what is not due is decided: pace or open-sdg")
	return a.formats(c)
}

// evaluateAll evaluates one area, or every area of every root.
func (w *workspace) evaluateAll(e *engine.Engine, area, period string) (report.Evaluation, error) {
	if area != "" {
		code, err := lifecircle.ParseAreaCode(area)
		if err != nil {
			return report.Evaluation{}, err
		}
		world, err := e.World(w.who, code)
		if err != nil {
			return report.Evaluation{}, err
		}
		return api.Evaluate(world, api.Evaluation{Area: code, Period: period, Program: programVersion()})
	}
	var all report.Evaluation
	worlds, _ := e.Worlds()
	for _, world := range engine.InOrder(worlds) {
		evaluation, err := api.Evaluate(world, api.Evaluation{Area: world.Root(), Period: period, Below: true, Program: programVersion()})
		if err != nil {
			return report.Evaluation{}, err
		}
		evaluation.Results = append(all.Results, evaluation.Results...)
		all = evaluation
	}
	all.Headline = report.HeadlineOf(all.Results)
	return all, nil
}

// evaluationRows are the rows of CSV, with all digits, or of the table that people
// read, in which numbers stand as on the screens.
func evaluationRows(e report.Evaluation, people bool) [][]string {
	number := report.Number
	if people {
		number = func(v *float64) string {
			if v == nil {
				return ""
			}
			return report.ShownNumber(*v, 2)
		}
	}
	rows := [][]string{{"clause", "indicator", "variant", "area", "period", "value", "unit", "target", "gap", "state", "provenance", "reason", "pace", "projection", "lower", "upper"}}
	for _, r := range e.Results {
		why := ""
		if r.Reason != nil {
			why = r.Reason.Code + ": " + r.Reason.What
		}
		value, target, gap := report.Number(r.Value), report.Number(r.Target), report.Number(r.Gap)
		if people {
			value, target, gap = r.ShownValue(), r.ShownTarget(), r.ShownGap()
		}
		rows = append(rows, []string{
			r.Clause, r.Indicator, r.Variant, r.Area, r.Period, value, r.Unit,
			target, gap, r.State, r.Provenance, why, number(r.Pace), number(r.Projection),
			number(r.Lower), number(r.Upper),
		})
	}
	return rows
}

func (a *app) explain() *cobra.Command {
	var period, variant, asOf string
	var rows int
	c := &cobra.Command{
		Use:   "explain INDICATOR AREA",
		Short: "How a value came about, down to what decides it",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			w, err := a.open(cmd.Context(), a.dir)
			if err != nil {
				return err
			}
			defer w.db.Close()
			e, err := w.engineAsOf(cmd.Context(), asOf)
			if err != nil {
				return err
			}
			code, err := lifecircle.ParseAreaCode(args[1])
			if err != nil {
				return err
			}
			world, err := e.World(a.who, code)
			if err != nil {
				return err
			}
			q := indicator.Query{Object: args[0], Variant: variant, Area: code, Period: lifecircle.Year(w.plan.Year)}
			if period != "" {
				if q.Period, err = lifecircle.ParsePeriod(period); err != nil {
					return err
				}
			}
			x, err := world.Evaluator().Explain(q)
			if err != nil {
				return err
			}
			known := report.Known{Registry: world.Registry(), Plan: world.Plan()}
			tree := known.Explanation(x, rows)
			if change := tree.SmallestChange; change != nil && x.Result.Object.Provision != nil && q.Period == lifecircle.Year(w.plan.Year) {
				if change.Places, err = api.NewPlaces(cmd.Context(), world, remedy.Question{Object: q.Object, Variant: variant, Area: code}); err != nil {
					return err
				}
			}
			if a.format == "table" {
				return a.tell(cmd.OutOrStdout(), explained{known, known.Result(x.Result), tree})
			}
			return a.print(cmd.OutOrStdout(), tree, explanationRows(nil, tree, 0))
		},
	}
	c.Flags().StringVar(&period, "period", "", "a year (default: the plan's target year)")
	c.Flags().StringVar(&asOf, "as-of", "", "what was known at the end of that day, UTC (default: now)")
	c.Flags().StringVar(&variant, "variant", "", "a reading of the text (default: the chosen one)")
	c.Flags().IntVar(&rows, "rows", 100, "how many deciding subjects to list")
	return a.formats(c)
}

func explanationRows(rows [][]string, x report.Explanation, depth int) [][]string {
	if rows == nil {
		rows = [][]string{{"depth", "what", "value", "unit", "from", "verdict", "place", "metres", "seconds"}}
	}
	level := fmt.Sprint(depth)
	rows = append(rows, []string{level, x.Label.EN, report.Number(x.Value), x.Unit, x.Formula, "", "", "", ""})
	for _, child := range x.Children {
		rows = explanationRows(rows, child, depth+1)
	}
	for _, r := range x.Rows {
		rows = append(rows, []string{
			fmt.Sprint(depth + 1), r.ID, report.Number(r.Weight), "", r.Name, r.Verdict, r.Facility, report.Number(r.Metres), report.Number(r.Seconds),
		})
	}
	return rows
}

// print writes an answer in the asked form: JSON as the contract has it, or its
// rows with a heading first.
func (a *app) print(out io.Writer, answer any, rows [][]string) error {
	switch a.format {
	case "json":
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(answer)
	case "csv":
		w := csv.NewWriter(out)
		if err := w.WriteAll(rows); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
		return nil
	}
	if a.lang == "zh" {
		rows = inChinese(rows)
	}
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				fmt.Fprint(w, "\t")
			}
			fmt.Fprint(w, cell)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}
