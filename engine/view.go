package engine

import (
	"maps"
	"slices"
	"sync"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/indicator"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// view shows a World's facts to the evaluator. The rows of a register are made
// when first asked for; after that the evaluator is told which change.
type view struct {
	w *World

	mu   sync.Mutex
	rows map[string][]indicator.Row
	past sync.Map // day to func() *view
	// before are views of other days before the last changes: what they share with
	// those after need not be measured again.
	before map[registry.Day]*view
}

var _ indicator.Dated = (*view)(nil)

// On implements indicator.Dated.
func (v *view) On(day registry.Day) indicator.Dated {
	then, _ := v.past.LoadOrStore(day, sync.OnceValue(func() *view {
		var other *World
		if before := v.before[day]; before != nil {
			other = before.w
		}
		return newView(v.w.on(day, other), nil)
	}))
	return then.(func() *view)()
}

// days returns the views of other days that were asked for so far.
func (v *view) days() map[registry.Day]*view {
	days := maps.Clone(v.before)
	v.past.Range(func(day, made any) bool {
		if days == nil {
			days = make(map[registry.Day]*view)
		}
		days[day.(registry.Day)] = made.(func() *view)()
		return true
	})
	return days
}

// Registry implements indicator.Dated.
func (v *view) Registry() *registry.Snapshot { return v.w.facts.Registry }

// Streets implements indicator.Dated.
func (v *view) Streets() *indicator.Streets { return v.w.streets }

func newView(w *World, before map[registry.Day]*view) *view {
	return &view{w: w, rows: make(map[string][]indicator.Row), before: before}
}

// Area implements indicator.Facts.
func (v *view) Area(code lifecircle.AreaCode) (registry.Area, bool) {
	return v.w.facts.Registry.Area(code)
}

// Children implements indicator.Facts.
func (v *view) Children(code lifecircle.AreaCode) []lifecircle.AreaCode {
	return v.w.facts.Registry.Children(code)
}

// Roots implements indicator.Facts.
func (v *view) Roots() []lifecircle.AreaCode { return []lifecircle.AreaCode{v.w.root} }

// Speaking implements indicator.Speaking.
func (v *view) Speaking(series string, year int) []lifecircle.AreaCode {
	return v.w.facts.Figures.Speaking(series, year)
}

// Read implements indicator.Facts.
func (v *view) Read(element string, area lifecircle.AreaCode, period lifecircle.Period) figure.Reading {
	return v.w.facts.ReadThen(element, area, period)
}

// Column implements indicator.Columnar.
func (v *view) Column(series string, period lifecircle.Period) (*figure.Column, bool) {
	if v.w.facts.Registry.Moving() { // a column's areas may be others than the asker's
		return nil, false
	}
	return v.w.facts.Figures.Column(series, period)
}

// Rows implements indicator.Facts.
func (v *view) Rows(register string) ([]indicator.Row, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	rows, made := v.rows[register]
	if !made {
		rows = v.make(register)
		v.rows[register] = rows
	}
	return rows, rows != nil
}

// make makes the rows of a register; nil when it is not kept.
func (v *view) make(register string) []indicator.Row {
	known := v.w.facts.Registry
	rows := []indicator.Row{}
	switch level := registry.Level(register); {
	case register == indicator.PopulationPoints:
		people := known.Points()
		rows = slices.Grow(rows, len(people))
		for i := range people {
			rows = append(rows, indicator.PointRow{PopulationPoint: &people[i], Place: i})
		}
	case register == registry.FacilityRegister:
		for _, f := range known.Facilities() {
			rows = append(rows, indicator.FacilityRow(f))
		}
	case level.Valid():
		for _, area := range known.Areas() {
			if area.Level == level {
				rows = append(rows, indicator.AreaRow(known, area))
			}
		}
	default:
		records, kept := known.Records(register)
		if !kept {
			return nil
		}
		for _, record := range records {
			rows = append(rows, indicator.RecordRow(record))
		}
	}
	return rows
}

// Nearest implements indicator.Facts.
func (v *view) Nearest(row indicator.Row, measure string) indicator.Nearness {
	return v.w.streets.Nearest(row, measure, v.w.facts.Registry)
}

// Within implements indicator.Facts.
func (v *view) Within(row indicator.Row, measure string, reach lifecircle.Number) rule.Value {
	return v.w.streets.Within(row, measure, reach)
}
