package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/plan"
	"lifecircle/registry"
	"lifecircle/report"
)

// seriesAnswer is the chosen reading of indicators over areas and periods: values
// alone, without states and reasons, which evaluate says of one period.
type seriesAnswer struct {
	Plan    string   `json:"plan"`
	Periods []string `json:"periods"`
	Series  []series `json:"series"`
}

// series is one indicator: a row of values for each area, by period.
type series struct {
	Indicator string       `json:"indicator"`
	Clause    string       `json:"clause"`
	Unit      string       `json:"unit"`
	Areas     []string     `json:"areas"`
	Values    [][]*float64 `json:"values" doc:"by area, then by period; null is no data"`
}

// over answers many areas and periods at once, whole columns of figures at a time.
func (a *app) over(cmd *cobra.Command, e *engine.Engine, ask overAsk) error {
	periods, err := periodsOf(ask.periods)
	if err != nil {
		return useError{fmt.Errorf("--periods %q: %w", ask.periods, err)}
	}
	answer := seriesAnswer{Series: []series{}}
	for _, p := range periods {
		answer.Periods = append(answer.Periods, p.String())
	}
	worlds, _ := e.Worlds()
	for _, w := range engine.InOrder(worlds) {
		root := w.Root()
		if ask.area != "" {
			if root, err = lifecircle.ParseAreaCode(ask.area); err != nil {
				return err
			}
			if _, here := w.Registry().Area(root); !here {
				continue
			}
		}
		answer.Plan = w.Plan().ID
		objects, err := objectsOf(w.Plan(), ask.indicators)
		if err != nil {
			return err
		}
		more, err := seriesOver(w, root, objects, periods)
		if err != nil {
			return err
		}
		answer.Series = append(answer.Series, more...)
	}
	if answer.Plan == "" {
		return registry.UnknownArea(lifecircle.AreaCode(ask.area))
	}
	if a.format == "json" {
		return json.NewEncoder(cmd.OutOrStdout()).Encode(answer)
	}
	return writeSeries(cmd.OutOrStdout(), answer, a.format == "csv")
}

// overAsk is what evaluate is asked with --periods.
type overAsk struct {
	area, periods string
	indicators    []string
}

// periodsOf reads 2021..2025 or 2021-01..2025-12, or one period.
func periodsOf(text string) ([]lifecircle.Period, error) {
	first, last, isRange := strings.Cut(text, "..")
	if !isRange {
		last = first
	}
	from, err := lifecircle.ParsePeriod(first)
	if err != nil {
		return nil, err
	}
	until, err := lifecircle.ParsePeriod(last)
	if err != nil {
		return nil, err
	}
	if (from.CalendarMonth() == 0) != (until.CalendarMonth() == 0) || from.String() > until.String() {
		return nil, fmt.Errorf("want two years or two months, the earlier first, like 2021..2025 or 2021-01..2025-12")
	}
	var periods []lifecircle.Period
	for year := from.CalendarYear(); year <= until.CalendarYear(); year++ {
		if from.CalendarMonth() == 0 {
			periods = append(periods, lifecircle.Year(year))
			continue
		}
		for _, month := range lifecircle.Year(year).Months() {
			if text := month.String(); text >= from.String() && text <= until.String() {
				periods = append(periods, month)
			}
		}
	}
	return periods, nil
}

// objectsOf are the measured objects that are named, or all indicators.
func objectsOf(p *plan.Package, names []string) ([]plan.Object, error) {
	var objects []plan.Object
	for _, name := range names {
		object, ok := p.Object(name)
		if !ok {
			return nil, lifecircle.Errorf("indicator_unknown", "%q is no object or clause of plan %s", name, p.ID).With("indicator", name)
		}
		if object.Indicator == nil && object.Provision == nil {
			return nil, lifecircle.Errorf("not_measured", "%s is a %s and has no value", object.ID, object.Kind).With("indicator", object.ID)
		}
		objects = append(objects, object)
	}
	if len(names) == 0 {
		for _, object := range p.Objects {
			if object.Indicator != nil {
				objects = append(objects, object)
			}
		}
	}
	return objects, nil
}

// seriesOver measures objects in the areas of their levels at and below a root.
func seriesOver(w *engine.World, root lifecircle.AreaCode, objects []plan.Object, periods []lifecircle.Period) ([]series, error) {
	sets := make(map[string]*figure.Areas) // one for all that are measured at the same levels: columns are shared
	areas := make([]*figure.Areas, len(objects))
	for i, object := range objects {
		levels := levelsOf(object)
		key := fmt.Sprint(levels)
		if sets[key] == nil {
			var codes []lifecircle.AreaCode
			for _, code := range w.Registry().Subtree(root) {
				if area, _ := w.Registry().Area(code); slices.Contains(levels, area.Level) {
					codes = append(codes, code)
				}
			}
			sets[key] = figure.NewAreas(codes)
		}
		areas[i] = sets[key]
	}
	out, failures := make([]series, len(objects)), make([]error, len(objects))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := int(next.Add(1) - 1); i < len(objects); i = int(next.Add(1) - 1) {
				out[i], failures[i] = seriesOf(w, objects[i], areas[i], periods)
			}
		})
	}
	workers.Wait()
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(out, func(s series) bool { return len(s.Areas) == 0 }), nil
}

func levelsOf(object plan.Object) []registry.Level {
	if object.Provision != nil {
		return object.Provision.Levels
	}
	return object.Indicator.Levels
}

func seriesOf(w *engine.World, object plan.Object, areas *figure.Areas, periods []lifecircle.Period) (series, error) {
	s := series{Indicator: object.ID, Areas: make([]string, len(areas.Codes())), Values: make([][]*float64, len(areas.Codes()))}
	if len(object.Clauses) > 0 {
		s.Clause = object.Clauses[0]
	}
	s.Unit = report.UnitOf(object).String()
	for i, code := range areas.Codes() {
		s.Areas[i], s.Values[i] = string(code), make([]*float64, len(periods))
	}
	for k, period := range periods {
		sheet, err := w.Evaluator().Sheet(object.ID, areas, period)
		if err != nil {
			return s, err
		}
		for i := range areas.Codes() {
			s.Values[i][k] = report.Shown(object, sheet.At(i))
		}
	}
	return s, nil
}

// writeSeries writes a row for each value that is known, in CSV or apart by tabs.
func writeSeries(out io.Writer, answer seriesAnswer, csv bool) error {
	w := bufio.NewWriter(out)
	apart := "\t"
	if csv {
		apart = ","
	}
	fmt.Fprintln(w, strings.Join([]string{"indicator", "area", "period", "value", "unit"}, apart))
	for _, s := range answer.Series {
		for i, area := range s.Areas {
			for k, period := range answer.Periods {
				if s.Values[i][k] != nil {
					fmt.Fprintln(w, strings.Join([]string{s.Indicator, area, period, report.Number(s.Values[i][k]), s.Unit}, apart))
				}
			}
		}
	}
	return w.Flush()
}
