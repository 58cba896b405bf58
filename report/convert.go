package report

import (
	"maps"
	"slices"
	"strconv"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/figure"
	"lifecircle/indicator"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Known is where names of areas and facilities are looked up.
type Known struct {
	Registry *registry.Snapshot
	Plan     *plan.Package
}

// Result turns one result into its JSON form.
func (k Known) Result(r indicator.Result) Result {
	area, _ := k.Registry.Area(r.Area)
	out := Result{
		Indicator: r.Object.ID, Name: r.Object.Name, Clause: firstOf(r.Object.Clauses), Force: string(r.Object.Force),
		Area: string(r.Area), AreaName: area.Name, Period: r.Period.String(), Chosen: r.Chosen(),
		Value: in(r.Unit, r.Value), Numerator: plain(r.Numerator), Denominator: plain(r.Denominator),
		Lower: in(r.Unit, r.Lower), Upper: in(r.Unit, r.Upper), Unit: r.Unit.String(), Gap: in(r.Unit, r.Gap),
		State: string(r.State), Provenance: string(r.Provenance), Reason: reason(r.Value),
		Pace: plain(r.Progress.Pace), Projection: in(r.Unit, r.Progress.Projection), Progress: progress(r),
		Counts: r.Provenance != lifecircle.Generated,
	}
	if r.Variant != nil {
		out.Variant, out.VariantName = r.Variant.ID, r.Variant.Name
	}
	out.Owner = k.Plan.Departments[k.Plan.Owner(r.Object).Owner].Name
	if p := r.Object.Provision; p != nil {
		out.Register = k.Plan.Sets[p.Subjects].Of
	}
	if r.Object.Indicator != nil {
		out.Display = r.Object.Indicator.Display
	}
	if r.Target != nil {
		out.Target = in(r.Unit, rule.NumberOf(r.Goal))
		if r.Target.Stretch != nil {
			out.Stretch, out.StretchMet = numberIn(r.Unit, *r.Target.Stretch), r.StretchMet()
		}
		out.TargetBound, out.TargetYear, out.TargetStatus = string(r.Target.Bound), r.Target.Year, string(r.Target.Status)
	}
	if r.Reported.State == figure.Known {
		v := r.Reported.Value
		out.Reported = &Reported{Value: v.Number.Float64(), Period: r.ReportedIn.String(), Source: v.Source, Provenance: string(v.Provenance)}
	}
	return out
}

// Results turns results into their JSON form.
func (k Known) Results(results []indicator.Result) []Result {
	out := make([]Result, len(results))
	for i, r := range results {
		out[i] = k.Result(r)
	}
	return out
}

// Explanation turns an explanation into a tree with at most rows subjects.
func (k Known) Explanation(x indicator.Explanation, rows int) Explanation {
	r := x.Result
	top := Explanation{
		Indicator: r.Object.ID, Area: string(r.Area), Label: r.Object.Name,
		Value: in(r.Unit, r.Value), Exact: exact(r.Value), Unit: r.Unit.String(), Formula: x.Formula,
		Clause: firstOf(r.Object.Clauses), RuleVersion: k.Plan.Hash, Provenance: string(r.Provenance),
		Note: r.Object.Note, Reason: reason(r.Value), RowsTotal: len(x.Subjects), Children: []Explanation{}, Rows: []Row{},
	}
	if r.Variant != nil {
		top.Variant, top.Reading = r.Variant.ID, r.Variant.Reason
	}
	if x.Over != "" {
		top.Formula = "(" + x.Formula + ") / (" + x.Over + ")"
	}
	node := func(label lifecircle.Name, value rule.Value, formula string) Explanation {
		return Explanation{
			Indicator: r.Object.ID, Area: string(r.Area), Label: label, Value: plain(value), Exact: exact(value),
			Unit: unitOf(r, label), Formula: formula, Reason: reason(value), Children: []Explanation{}, Rows: []Row{},
		}
	}
	if p := r.Object.Provision; p != nil {
		passed := node(labelPassed, r.Numerator, x.Formula)
		passed.Rows, passed.RowsTotal = k.places(x.Places), len(x.Places)
		top.Children = append(top.Children, passed, node(labelAll, r.Denominator, p.Subjects))
		lack := node(labelDeficit, x.Deficit, sourceOf(p.Deficit))
		lack.Value, lack.Unit = in(p.DeficitUnit, x.Deficit), p.DeficitUnit.String()
		top.Children = append(top.Children, lack)
		for _, s := range x.Subjects[:min(rows, len(x.Subjects))] {
			top.Rows = append(top.Rows, subjectRow(k.Plan.Sets[p.Subjects].Of, s))
		}
	} else {
		numerator := node(labelNumerator, r.Numerator, x.Formula)
		numerator.Children = k.inputs(x.Inputs)
		top.Children = append(top.Children, numerator)
		if x.Over != "" {
			denominator := node(labelDenominator, r.Denominator, x.Over)
			denominator.Children = k.inputs(x.InputsOver)
			top.Children = append(top.Children, denominator)
		}
	}
	for _, p := range x.Parameters {
		top.Children = append(top.Children, Explanation{
			Indicator: r.Object.ID, Area: string(r.Area), Label: k.Plan.ParameterName(p.Name),
			Value: in(p.Unit, rule.NumberOf(p.Number)), Exact: p.Number.String(), Unit: p.Unit.String(),
			Formula: string(p.Status), Source: p.Source.EN, SourceName: p.Source, Children: []Explanation{}, Rows: []Row{},
		})
	}
	if r.Target != nil && r.Target.Bound == plan.AtLeast {
		if all, known := r.Denominator.Number(); known {
			if needed, ok := r.Goal.Mul(all); ok {
				top.Needed = plain(rule.NumberOf(needed))
			}
		}
	}
	if s := x.Smallest; s != nil {
		change := smallestChange(r, *s)
		top.SmallestChange = &change
	}
	for _, s := range x.OtherChanges {
		top.OtherChanges = append(top.OtherChanges, smallestChange(r, s))
	}
	equity, years := k.Equity(r, x.Equity), progress(r)
	top.Equity, top.Progress, top.Projection = &equity, &years, in(r.Unit, r.Progress.Projection)
	return top
}

func smallestChange(r indicator.Result, s indicator.Smallest) SmallestChange {
	return SmallestChange{
		Amount: s.Amount.Float64(), Unit: s.Unit.String(), Of: s.Of, Register: s.Register, From: plain(s.From), To: plain(s.To),
		Result: in(r.Unit, s.Value), Subjects: s.Subjects,
	}
}

// What the nodes of an explanation count.
var (
	labelPassed      = lifecircle.Name{ZH: "达标", EN: "met"}
	labelAll         = lifecircle.Name{ZH: "全部对象", EN: "all subjects"}
	labelDeficit     = lifecircle.Name{ZH: "缺口", EN: "deficit"}
	labelNumerator   = lifecircle.Name{ZH: "分子", EN: "numerator"}
	labelDenominator = lifecircle.Name{ZH: "分母", EN: "denominator"}
)

func unitOf(r indicator.Result, label lifecircle.Name) string {
	if p := r.Object.Provision; p != nil && (label == labelPassed || label == labelAll) {
		return p.WeightUnit.String()
	}
	return ""
}

func (k Known) inputs(inputs []indicator.Input) []Explanation {
	nodes := make([]Explanation, len(inputs))
	for i, input := range inputs {
		element, _ := k.Plan.Series(input.Element)
		v := input.Reading.Value
		node := Explanation{
			Indicator: input.Element, Area: string(input.Area), Label: element.Name, Unit: element.Unit.String(),
			Formula: input.Period.String(), Children: []Explanation{}, Rows: []Row{},
		}
		if input.Reading.State == figure.Known {
			number := v.Number.Float64()
			node.Value, node.Exact, node.Source, node.Provenance = &number, v.Number.String(), v.Source, string(v.Provenance)
		}
		if len(input.Reading.Rivals) > 1 {
			for _, rival := range input.Reading.Rivals {
				number := rival.Number.Float64()
				node.Children = append(node.Children, Explanation{
					Indicator: element.ID, Area: string(input.Area), Label: lifecircle.Name{ZH: "各来源数值", EN: "rival value"},
					Value: &number, Exact: rival.Number.String(), Unit: element.Unit.String(), Formula: input.Period.String(),
					Source: rival.Source, Provenance: string(rival.Provenance), Children: []Explanation{}, Rows: []Row{},
				})
			}
		}
		nodes[i] = node
	}
	return nodes
}

func (k Known) places(places []indicator.Place) []Row {
	rows := make([]Row, len(places))
	for i, p := range places {
		serves := p.Serves.Float64()
		f, _ := k.Registry.Facility(p.ID)
		rows[i] = FacilityRow(&f)
		rows[i].Weight = &serves
	}
	return rows
}

// FacilityRow turns a facility into a row.
func FacilityRow(f *registry.Facility) Row {
	return Row{
		ID: string(f.ID), Register: "facility", Name: f.Name, Kind: f.Kind,
		Lon: f.At.Lon, Lat: f.At.Lat, Provenance: string(f.Provenance),
	}
}

func subjectRow(register string, s indicator.Subject) Row {
	origin := s.Row.Origin()
	row := Row{
		ID: s.Row.ID(), Register: register, Name: origin.Name, Kind: origin.Kind, Lon: origin.At.Lon, Lat: origin.At.Lat,
		Verdict: verdict(s.Outcome.Verdict), Facility: string(s.Near.Place), Metres: metres(s.Near), Seconds: seconds(s.Near),
		Provenance: string(s.Outcome.Provenance),
	}
	if s.Outcome.Weighed {
		weight := s.Outcome.Weight.Float64()
		row.Weight = &weight
	}
	if s.Outcome.Lacks {
		deficit := s.Outcome.Deficit.Float64()
		row.Deficit = &deficit
	}
	if s.Outcome.Verdict == indicator.Unknown {
		row.Reason = &Reason{s.Outcome.Reason.Code, s.Outcome.Reason.What}
	}
	return row
}

// Layer turns an explained provision into what a map draws; facilities are all
// places of its measure.
func (k Known) Layer(x indicator.Explanation, facilities []*registry.Facility) Layer {
	r := x.Result
	layer := Layer{Indicator: r.Object.ID, Area: string(r.Area), Points: []LayerPoint{}, Facilities: []Row{}}
	if r.Variant != nil {
		layer.Variant = r.Variant.ID
	}
	if len(x.Measures) > 0 {
		mode := k.Plan.Measures[x.Measures[0]].Mode
		layer.Mode, layer.Timed = string(mode), mode.Timed()
		if mode == lifecircle.Walk {
			speed := float64(lifecircle.WalkMetresPerMinute)
			layer.MetresPerMinute = &speed
		}
	}
	if reach, ok := indicator.ReachOf(x.Parameters); ok {
		layer.Reach = &reach
	}
	for _, s := range x.Subjects {
		at := s.Row.Origin().At
		people, _ := s.Row.Field("people")
		n, _ := people.Number()
		layer.Points = append(layer.Points, LayerPoint{
			ID: s.Row.ID(), Lon: at.Lon, Lat: at.Lat, People: n.Num(), Metres: metres(s.Near), Seconds: seconds(s.Near), Verdict: verdict(s.Outcome.Verdict),
		})
	}
	for _, f := range facilities {
		layer.Facilities = append(layer.Facilities, FacilityRow(f))
	}
	return layer
}

// Reading turns what is known of an element into its JSON form.
func (k Known) Reading(element plan.Element, key figure.Key, reading figure.Reading) Reading {
	states := map[figure.ReadingState]string{figure.Unreported: "unreported", figure.Known: "known", figure.Unchosen: "unchosen"}
	out := Reading{
		Element: key.Element, Name: element.Name, Area: string(key.Area), Period: key.Period.String(),
		Unit: element.Unit.String(), State: states[reading.State], Values: []ReadingValue{},
	}
	for _, v := range reading.Rivals {
		counts := reading.State == figure.Known && v.Source == reading.Value.Source
		value := ReadingValue{Source: v.Source, Value: v.Number.String(), Provenance: string(v.Provenance), Counts: counts}
		if counts {
			value.Reason = reading.Reason
		}
		out.Values = append(out.Values, value)
	}
	return out
}

// Effect turns one effect of a what-if into its JSON form.
func (k Known) Effect(before, after indicator.Result) Effect {
	b, a := k.Result(before), k.Result(after)
	out := Effect{
		Indicator: b.Indicator, Variant: b.Variant, Chosen: b.Chosen, Area: b.Area, Unit: b.Unit,
		Before: b.Value, After: a.Value, StateBefore: b.State, StateAfter: a.State,
		RangeBefore: rangeOf(b), RangeAfter: rangeOf(a), ProvenanceBefore: b.Provenance, ProvenanceAfter: a.Provenance,
	}
	if p := before.Object.Provision; p != nil && p.Weight != nil && p.WeightUnit == rule.Persons {
		was, known := before.Numerator.Number()
		is, known2 := after.Numerator.Number()
		if more, ok := is.Sub(was); known && known2 && ok && more.IsInt() {
			people := more.Num()
			out.Gained = &people
		}
	}
	return out
}

func rangeOf(r Result) *Range {
	if r.Lower == nil || r.Upper == nil {
		return nil
	}
	return &Range{*r.Lower, *r.Upper}
}

func verdict(v indicator.Verdict) string {
	switch v {
	case indicator.Pass:
		return "pass"
	case indicator.Fail:
		return "fail"
	case indicator.Unknown:
		return "no_data"
	}
	return "not_applicable"
}

// metres and seconds are how far the nearest place is; one of them is nil: the ways of
// a measure are lengths or times.
func metres(n indicator.Nearness) *float64  { return wayOf(n, false) }
func seconds(n indicator.Nearness) *float64 { return wayOf(n, true) }

func wayOf(n indicator.Nearness, timed bool) *float64 {
	if n.State != access.OK || n.Timed != timed {
		return nil
	}
	way := n.Way.Float64()
	return &way
}

// UnitOf is the unit in which an object's value is shown.
func UnitOf(object plan.Object) rule.Unit {
	if object.Indicator != nil {
		return object.Indicator.Unit
	}
	return rule.Percent // of a share of subjects
}

// Shown is a value of an object in its unit; nil is no data.
func Shown(object plan.Object, v rule.Value) *float64 { return in(UnitOf(object), v) }

// in converts a value in base units to a unit; nil is no data.
func in(unit rule.Unit, v rule.Value) *float64 {
	n, ok := v.Number()
	if !ok {
		return nil
	}
	if n, ok = unit.FromBase(n); !ok {
		return nil
	}
	f := n.Float64()
	return &f
}

func numberIn(unit rule.Unit, n lifecircle.Number) *float64 { return in(unit, rule.NumberOf(n)) }

func plain(v rule.Value) *float64 {
	n, ok := v.Number()
	if !ok {
		return nil
	}
	f := n.Float64()
	return &f
}

func exact(v rule.Value) string {
	n, ok := v.Number()
	if !ok {
		return ""
	}
	return n.String()
}

func reason(v rule.Value) *Reason {
	r, missing := v.Missing()
	if !missing || r == (rule.Reason{}) {
		return nil
	}
	return &Reason{r.Code, r.What}
}

func sourceOf(x *rule.Expr) string {
	if x == nil {
		return ""
	}
	return x.Source()
}

func firstOf(clauses []string) string {
	if len(clauses) == 0 {
		return ""
	}
	return clauses[0]
}

// Number writes a float the shortest way that reads back the same.
func Number(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

// People counts who gains and who loses, in all and by county; those who live in
// an area that lies in no county are counted in all alone.
func (k Known) People(shifts indicator.Shifts) (People, []CountyPeople) {
	counties := shifts.Of(func(code lifecircle.AreaCode) lifecircle.AreaCode {
		county, _ := k.Registry.County(code)
		return county.Code
	})
	out := []CountyPeople{}
	for _, code := range slices.Sorted(maps.Keys(counties)) {
		if area, ok := k.Registry.Area(code); ok {
			out = append(out, CountyPeople{string(code), area.Name, counties[code].Gained.Ceil(), counties[code].Lost.Ceil()})
		}
	}
	all := shifts.All()
	return People{Gained: all.Gained.Ceil(), Lost: all.Lost.Ceil()}, out
}

// shownAges are the ages of a report: infants, children, those of working age,
// the elderly, and the oldest. They do not cut the bands of the census.
var shownAges = []registry.Band{{From: 0, To: 4}, {From: 5, To: 14}, {From: 15, To: 59}, {From: 60, To: 79}, {From: 80, To: -1}}

// PeopleShifts says who gains and who loses by county, or by root where an area lies
// in none, and of what ages, if they are people of every age.
func (k Known) PeopleShifts(shifts indicator.Shifts, everybody bool) []PeopleShift {
	counties := shifts.Of(func(code lifecircle.AreaCode) lifecircle.AreaCode {
		if county, ok := k.Registry.County(code); ok {
			return county.Code
		}
		return k.Registry.Root(code)
	})
	out := []PeopleShift{}
	for _, code := range slices.Sorted(maps.Keys(counties)) {
		of := counties[code]
		shift := PeopleShift{Area: string(code), Gained: of.Gained.Ceil(), Lost: of.Lost.Ceil(), Ages: []AgesShift{}}
		if everybody {
			shift.Ages = k.ages(shift)
		}
		out = append(out, shift)
	}
	return out
}

// ages estimates the ages of a shift; empty where some are not known.
func (k Known) ages(of PeopleShift) []AgesShift {
	ages := []AgesShift{}
	for _, band := range shownAges {
		share, ok := k.Registry.AgeShare(lifecircle.AreaCode(of.Area), band)
		if !ok {
			return []AgesShift{}
		}
		ages = append(ages, AgesShift{From: band.From, To: band.To, Gained: share.Of(of.Gained), Lost: share.Of(of.Lost)})
	}
	return ages
}
