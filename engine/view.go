package engine

import (
	"sync"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/figure"
	"lifecircle/indicator"
	"lifecircle/network/routing"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// view shows a World's facts to the evaluator. The rows of a register are made
// when first asked for: most edits of a value need none.
type view struct {
	w          *World
	provenance lifecircle.Provenance // of the streets

	mu   sync.Mutex
	rows map[string][]indicator.Row
	past sync.Map // day to func() *view
}

var _ indicator.Dated = (*view)(nil)

// On implements indicator.Dated.
func (v *view) On(day registry.Day) indicator.Dated {
	then, _ := v.past.LoadOrStore(day, sync.OnceValue(func() *view { return newView(v.w.on(day)) }))
	return then.(func() *view)()
}

// Registry implements indicator.Dated.
func (v *view) Registry() *registry.Snapshot { return v.w.facts.Registry }

func newView(w *World) *view {
	v := &view{w: w, rows: make(map[string][]indicator.Row)}
	if n, ok := w.facts.Registry.Network(w.root); ok {
		v.provenance = n.Provenance
	}
	return v
}

// Area implements indicator.Facts.
func (v *view) Area(code lifecircle.AreaCode) (registry.Area, bool) {
	return v.w.facts.Registry.Area(code)
}

// Children implements indicator.Facts.
func (v *view) Children(code lifecircle.AreaCode) []lifecircle.AreaCode {
	return v.w.facts.Registry.Children(code)
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
		for i := range known.Points() {
			rows = append(rows, pointRow{v, i})
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

// pointRow is a population point as a subject.
type pointRow struct {
	view *view
	i    int
}

func (r pointRow) point() registry.PopulationPoint { return r.view.w.facts.Registry.Points()[r.i] }

func (r pointRow) ID() string                { return r.point().ID }
func (r pointRow) Area() lifecircle.AreaCode { return r.point().Area }

func (r pointRow) Field(name string) (rule.Value, bool) {
	p := r.point()
	return p.Field(name), true
}

func (r pointRow) Nearest(measure string) indicator.Nearness {
	layer, ok := r.view.w.layers[measure]
	if !ok {
		return indicator.Nearness{Reason: rule.Reason{Code: "not_kept", What: "network"}}
	}
	reach, state := layer.Nearest(r.i)
	near := indicator.Nearness{State: state, Place: reach.Place, Provenance: r.view.provenance}
	if state == access.OK {
		near.Metres, _ = lifecircle.Ratio(int64(reach.Distance), 10)
		place, _ := r.view.w.facts.Registry.Facility(reach.Place)
		near.Provenance = near.Provenance.Weakest(place.Provenance)
	}
	return near
}

func (r pointRow) Within(measure string, reach lifecircle.Number) rule.Value {
	w := r.view.w
	layer, ok := w.layers[measure]
	if !ok {
		return rule.NoData(rule.Reason{Code: "not_kept", What: "network"})
	}
	snap, err := w.points.Snap(r.i)
	if err != nil {
		return rule.NoData(rule.Reason{Code: "unsnapped", What: r.ID()})
	}
	metres, ok := reach.Mul(lifecircle.Int(10))
	if !ok || metres.Sign() < 0 {
		return rule.NoData(rule.Reason{Code: "overflow", What: measure})
	}
	limit := lifecircle.Decimetres(metres.Num() / metres.Den())
	return rule.NumberOf(lifecircle.Int(int64(layer.Within(routing.NewSearch(w.net), snap, limit))))
}

func (r pointRow) Origin() indicator.Origin {
	p := r.point()
	return indicator.Origin{At: p.At, Provenance: p.Provenance}
}
