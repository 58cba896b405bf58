package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/export"
	"lifecircle/geo"
	"lifecircle/intake"
	"lifecircle/registry"
	"lifecircle/report"
	"lifecircle/scenario"
)

// exporting is what the flags of an export say.
type exporting struct {
	out, crs, area, kind, period, on, asOf string
}

// exportAnswer is what an export answers; the names are a contract.
type exportAnswer struct {
	Kind   string    `json:"kind"`
	File   string    `json:"file"`
	Rows   int       `json:"rows"`
	Placed int       `json:"placed"`           // rows with a position
	Bounds []float64 `json:"bounds,omitempty"` // west, south, east, north in CRS
	CRS    string    `json:"crs"`
	AsOf   string    `json:"as_of"`
}

// resultsList is the list of what was measured; the others are of package export.
const resultsList = "results"

func (a *app) exportCommand() *cobra.Command {
	var x exporting
	c := &cobra.Command{
		Use:   "export " + strings.Join(export.Kinds(), "|") + "|" + resultsList + "|REGISTER -o FILE",
		Short: "Write a list to a file: CSV, XLSX, GeoJSON, GeoPackage or Parquet",
		Long: `Writes a list in the format that the file's ending names (.csv, .xlsx, .geojson,
.gpkg, .parquet), under the headings that import reads; every row says its source, the
licence that the source names, the day up to which the workspace was asked, and whether
it is real, estimated or generated. The file appears whole or not at all.

The list is how things stand at last, or on the day --on names; how they came about
does not leave with it. --area keeps an area with all below it. --kind keeps a kind of
facility, a level or kind of areas, an element of values, an indicator of results, a kind
of a register's rows. --period keeps values of a year with its months, and says for which
year results are measured.

Positions are in WGS-84. --crs writes others: cgcs2000 in every format but Parquet, and in
CSV and XLSX, where the column crs says so, gcj02, bd09 and epsg:4491 to 4554 too.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.export(cmd, x, args[0]) },
	}
	flags := c.Flags()
	flags.StringVarP(&x.out, "out", "o", "", "the file to write")
	flags.StringVar(&x.area, "area", "", "the area with all below it")
	flags.StringVar(&x.kind, "kind", "", "rows of one kind, level, element or indicator")
	flags.StringVar(&x.period, "period", "", "values of a period; the year of results (default: the plan's target year)")
	flags.StringVar(&x.on, "on", "", "how things stand on a day, as 2025-06-30 (default: after all that is dated)")
	flags.StringVar(&x.asOf, "as-of", "", "what was known at the end of that day, UTC (default: now)")
	flags.StringVar(&x.crs, "crs", "wgs84", "coordinate system of the file: wgs84, cgcs2000, gcj02, bd09 or epsg:CODE")
	return a.formats(c)
}

func (a *app) export(cmd *cobra.Command, x exporting, kind string) error {
	if x.out == "" {
		return useError{fmt.Errorf("export needs -o FILE that ends in %s", strings.Join(export.Formats(), ", "))}
	}
	if kind == resultsList && x.on != "" {
		return useError{fmt.Errorf("--on is for lists of what stands: results have a --period")}
	}
	crs, err := geo.ParseCRS(x.crs)
	if err != nil {
		return err
	}
	w, err := a.open(cmd.Context(), a.dir)
	if err != nil {
		return err
	}
	defer w.db.Close()
	answer := exportAnswer{Kind: kind, File: filepath.Base(x.out), CRS: crs.String(), AsOf: x.asOf}
	if answer.AsOf == "" {
		answer.AsOf = a.now().UTC().Format(time.DateOnly)
	}
	var list export.List
	if kind == resultsList {
		list, err = x.results(cmd.Context(), w, answer.AsOf)
	} else {
		list, err = x.list(cmd.Context(), w, asked{kind, answer.AsOf})
	}
	if err != nil {
		return err
	}
	done, err := export.File(cmd.Context(), x.out, list.In(crs))
	if err != nil {
		return err
	}
	answer.Rows, answer.Placed = done.Rows, done.Placed
	if done.Placed > 0 {
		answer.Bounds = []float64{done.Bounds.Min.Lon, done.Bounds.Min.Lat, done.Bounds.Max.Lon, done.Bounds.Max.Lat}
	}
	rows := [][]string{{"kind", "file", "rows", "placed", "crs", "as_of"}, {kind, answer.File, fmt.Sprint(done.Rows), fmt.Sprint(done.Placed), answer.CRS, answer.AsOf}}
	return a.print(cmd.OutOrStdout(), answer, rows)
}

// asked is which list is asked for, and up to which day what was recorded counts.
type asked struct{ kind, asOf string }

// list makes the list of what stands or was reported.
func (x exporting) list(ctx context.Context, w *workspace, ask asked) (export.List, error) {
	on, err := registry.ParseDay(x.on)
	if err != nil {
		return export.List{}, useError{fmt.Errorf("--on %q: want a day like 2025-06-30", x.on)}
	}
	filter := export.Filter{Kind: x.kind}
	if x.area != "" {
		if filter.Area, err = lifecircle.ParseAreaCode(x.area); err != nil {
			return export.List{}, err
		}
	}
	if x.period != "" {
		if filter.Period, err = lifecircle.ParsePeriod(x.period); err != nil {
			return export.List{}, err
		}
	}
	facts, err := w.factsAsOf(ctx, x.asOf)
	if err != nil {
		return export.List{}, err
	}
	source := export.Source{Registry: facts.Registry.On(on), Figures: facts.Figures, Plan: w.plan, AsOf: ask.asOf}
	if ask.kind == intake.Areas {
		var hashes []string
		for _, area := range source.Registry.Areas() {
			if area.Outline != nil {
				hashes = append(hashes, area.Outline.Shape)
			}
		}
		slices.Sort(hashes)
		hashes = slices.Compact(hashes)
		if source.Shapes, err = w.db.Shapes(ctx, w.who, hashes); err != nil {
			return export.List{}, err
		}
	}
	return source.List(ask.kind, filter)
}

// factsAsOf returns the facts as they were known at the end of a day, UTC; "" is
// now.
func (w *workspace) factsAsOf(ctx context.Context, day string) (scenario.Facts, error) {
	if day == "" {
		facts, _, err := w.db.Facts(ctx, w.who)
		return facts, err
	}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return scenario.Facts{}, useError{fmt.Errorf("--as-of %q: want a day like 2025-06-30", day)}
	}
	facts, _, err := w.db.FactsAsOf(ctx, w.who, at.AddDate(0, 0, 1))
	return facts, err
}

// results measures, and makes the list of it.
func (x exporting) results(ctx context.Context, w *workspace, asOf string) (export.List, error) {
	keep := func(report.Result) bool { return true }
	if x.kind != "" {
		object, known := w.plan.Object(x.kind)
		if !known {
			return export.List{}, lifecircle.Errorf("indicator_unknown", "plan %s has no indicator %q", w.plan.ID, x.kind).With("indicator", x.kind)
		}
		keep = func(r report.Result) bool { return r.Indicator == object.ID }
	}
	e, err := w.engineAsOf(ctx, x.asOf)
	if err != nil {
		return export.List{}, err
	}
	evaluation, err := x.evaluated(w, e)
	return export.Results(evaluation, asOf, keep), err
}

// evaluated is every result of the area that is asked for and of those below it.
func (x exporting) evaluated(w *workspace, e *engine.Engine) (report.Evaluation, error) {
	if x.area == "" {
		return w.evaluateAll(e, "", x.period)
	}
	code, err := lifecircle.ParseAreaCode(x.area)
	if err != nil {
		return report.Evaluation{}, err
	}
	world, err := e.World(w.who, code)
	if err != nil {
		return report.Evaluation{}, err
	}
	return api.Evaluate(world, api.Evaluation{Area: code, Period: x.period, Below: true, Program: programVersion()})
}
