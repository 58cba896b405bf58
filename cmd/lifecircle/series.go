package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

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
	Indicator string   `json:"indicator"`
	Clause    string   `json:"clause"`
	Unit      string   `json:"unit"`
	Areas     []string `json:"areas"`
	Values    []values `json:"values" doc:"by area, then by period; null is no data"`
}

// values are numbers in a row, NaN where there is no data: a list of many areas and
// periods has a hundred million of them.
type values []float64

// MarshalJSON writes null for no data.
func (v values) MarshalJSON() ([]byte, error) {
	text := []byte{'['}
	for i, n := range v {
		if i > 0 {
			text = append(text, ',')
		}
		if math.IsNaN(n) {
			text = append(text, "null"...)
		} else {
			text = strconv.AppendFloat(text, n, 'f', -1, 64)
		}
	}
	return append(text, ']'), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *values) UnmarshalJSON(data []byte) error {
	var numbers []*float64
	if err := json.Unmarshal(data, &numbers); err != nil {
		return err
	}
	*v = make(values, len(numbers))
	for i, n := range numbers {
		(*v)[i] = number(n)
	}
	return nil
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
	out := bufio.NewWriter(cmd.OutOrStdout())
	tell := func(s series) { answer.Series = append(answer.Series, s) }
	if a.format != "json" {
		apart := map[bool]string{true: ",", false: "\t"}[a.format == "csv"]
		fmt.Fprintln(out, strings.Join([]string{"indicator", "area", "period", "value", "unit"}, apart))
		tell = func(s series) { s.write(out, answer.Periods, apart) }
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
		if err := seriesOver(w, objects, span{root, periods}, tell); err != nil {
			return err
		}
	}
	if answer.Plan == "" {
		return registry.UnknownArea(lifecircle.AreaCode(ask.area))
	}
	if a.format == "json" {
		if err := json.NewEncoder(out).Encode(answer); err != nil {
			return err
		}
	}
	return out.Flush()
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

// span is over what is measured: the areas at and below a root, and periods.
type span struct {
	root    lifecircle.AreaCode
	periods []lifecircle.Period
}

// seriesOver measures objects in the areas of their levels at and below a root, as many
// at a time as there are cores, and tells them in their order.
func seriesOver(w *engine.World, objects []plan.Object, over span, tell func(series)) error {
	sets := make(map[string]*figure.Areas) // one for all that are measured at the same levels: columns are shared
	areasOf := func(object plan.Object) *figure.Areas {
		levels := levelsOf(object)
		key := fmt.Sprint(levels)
		if sets[key] == nil {
			var codes []lifecircle.AreaCode
			for _, code := range w.Registry().Subtree(over.root) {
				if area, _ := w.Registry().Area(code); slices.Contains(levels, area.Level) {
					codes = append(codes, code)
				}
			}
			sets[key] = figure.NewAreas(codes)
		}
		return sets[key]
	}
	for batch := range slices.Chunk(objects, runtime.GOMAXPROCS(0)) {
		out, failures := make([]series, len(batch)), make([]error, len(batch))
		var workers sync.WaitGroup
		for i, object := range batch {
			areas := areasOf(object)
			workers.Go(func() { out[i], failures[i] = seriesOf(w, object, areas, over.periods) })
		}
		workers.Wait()
		for i := range batch {
			if failures[i] != nil {
				return failures[i]
			}
			if len(out[i].Areas) > 0 {
				tell(out[i])
			}
		}
	}
	return nil
}

func levelsOf(object plan.Object) []registry.Level {
	if object.Provision != nil {
		return object.Provision.Levels
	}
	return object.Indicator.Levels
}

func seriesOf(w *engine.World, object plan.Object, areas *figure.Areas, periods []lifecircle.Period) (series, error) {
	s := series{Indicator: object.ID, Areas: make([]string, len(areas.Codes())), Values: make([]values, len(areas.Codes()))}
	if len(object.Clauses) > 0 {
		s.Clause = object.Clauses[0]
	}
	s.Unit = report.UnitOf(object).String()
	for i, code := range areas.Codes() {
		s.Areas[i], s.Values[i] = string(code), make(values, len(periods))
	}
	for k, period := range periods {
		sheet, err := w.Evaluator().Sheet(object.ID, areas, period)
		if err != nil {
			return s, err
		}
		for i := range areas.Codes() {
			s.Values[i][k] = number(report.Shown(object, sheet.At(i)))
		}
	}
	return s, nil
}

// write writes a row for each value that is known.
func (s series) write(out *bufio.Writer, periods []string, apart string) {
	var row []byte
	for i, area := range s.Areas {
		row = append(append(append(append(row[:0], s.Indicator...), apart...), area...), apart...)
		head := len(row)
		for k, period := range periods {
			if math.IsNaN(s.Values[i][k]) {
				continue
			}
			row = append(append(row[:head], period...), apart...)
			row = strconv.AppendFloat(row, s.Values[i][k], 'f', -1, 64)
			row = append(append(append(row, apart...), s.Unit...), '\n')
			_, _ = out.Write(row) // a writer keeps its error until Flush
		}
	}
}
