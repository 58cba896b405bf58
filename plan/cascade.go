package plan

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
)

// UpperFS is a package's file system that knows where the packages above it
// are. Load asks it for the package that extends names; other file systems know
// of none.
type UpperFS interface {
	fs.FS
	// Upper returns the files of the package with an id; an error says that there
	// is none.
	Upper(id string) (fs.FS, error)
}

// maxAbove bounds how many packages stand one above the other: state, region,
// prefecture, county, township, and one to spare.
const maxAbove = 6

// Override is what a package changes about an object, in some areas or wherever
// it speaks.
type Override struct {
	Object  string
	Variant string                // whose parameters are replaced; "" are the object's own
	Areas   []lifecircle.AreaCode // with all below them; none is everywhere
	Clauses []string              // of the package that overrides
	Targets []Target              // replace all; nil keeps
	// Parameters replace those of the same name.
	Parameters map[string]Parameter
	Plan       string // the id of the package it was written in
	At         Position
}

// TargetsIn returns the targets of an object in an area, under the cascade: an
// override of the nearest area beats one of an area above it, one for everywhere
// comes last, and any of this package beats those of the package above. path is
// the area and the areas above it, from below.
func (p *Package) TargetsIn(o Object, path []lifecircle.AreaCode) []Target {
	best, found := p.nearestOverride(o.ID, path, func(v Override) bool { return v.Targets != nil })
	if found {
		return best.Targets
	}
	return o.Targets()
}

// ParametersIn returns the parameters of an object under one of its variants
// (nil for the text as it stands) in an area; overrides are taken as by
// TargetsIn, each name for itself.
func (p *Package) ParametersIn(o Object, variant *Variant, path []lifecircle.AreaCode) map[string]Parameter {
	parameters := maps.Clone(o.Parameters())
	if parameters == nil {
		parameters = make(map[string]Parameter)
	}
	p.override(parameters, o.ID, "", path)
	if variant != nil {
		maps.Copy(parameters, variant.Parameters)
		p.override(parameters, o.ID, variant.ID, path)
	}
	return parameters
}

// override puts the parameters that hold in an area over those of the object, or
// of the variant.
func (p *Package) override(parameters map[string]Parameter, object, variant string, path []lifecircle.AreaCode) {
	for _, of := range p.overrides[object] {
		if of.Variant != variant {
			continue
		}
		for name := range of.Parameters {
			best, found := p.nearestOverride(object, path, func(v Override) bool {
				_, has := v.Parameters[name]
				return has && v.Variant == variant
			})
			if found {
				parameters[name] = best.Parameters[name]
			}
		}
	}
}

// Everywhere returns the numbers that a parameter has anywhere at any time: those
// given, of an object or a reading of it, and those of overrides in some areas.
func (p *Package) Everywhere(given map[string]Parameter, object, name string) (numbers []lifecircle.Number) {
	add := func(of Parameter) {
		for _, d := range of.Values {
			numbers = append(numbers, d.Number)
		}
	}
	add(given[name])
	for _, v := range p.overrides[object] {
		add(v.Parameters[name])
	}
	return numbers
}

// Overridden reports whether the numbers of an object differ between areas.
func (p *Package) Overridden(object string) bool { return len(p.overrides[object]) > 0 }

// nearestOverride finds the override that counts in an area. Those of a package
// stand before those of the package above it.
func (p *Package) nearestOverride(object string, path []lifecircle.AreaCode, fits func(Override) bool) (best Override, found bool) {
	distance := 0
	for _, v := range p.overrides[object] {
		if found && v.Plan != best.Plan {
			break
		}
		far := len(path)
		if len(v.Areas) > 0 {
			far = slices.IndexFunc(path, func(code lifecircle.AreaCode) bool { return slices.Contains(v.Areas, code) })
		}
		if far >= 0 && fits(v) && (!found || far < distance) {
			best, distance, found = v, far, true
		}
	}
	return best, found
}

// Targets returns the targets of a measured object as it was written.
func (o Object) Targets() []Target {
	switch {
	case o.Indicator != nil:
		return o.Indicator.Targets
	case o.Provision != nil:
		return o.Provision.Targets
	}
	return nil
}

// Parameters returns the parameters of an object as it was written.
func (o Object) Parameters() map[string]Parameter {
	switch {
	case o.Indicator != nil:
		return o.Indicator.Parameters
	case o.Provision != nil:
		return o.Provision.Parameters
	case o.Decision != nil:
		return o.Decision.Parameters
	}
	return nil
}

// Variants returns the readings of a measured object; none where its text has one.
func (o Object) Variants() []Variant {
	switch {
	case o.Indicator != nil:
		return o.Indicator.Variants
	case o.Provision != nil:
		return o.Provision.Variants
	}
	return nil
}

// extends reads the id of the package above and loads it.
func (l *loader) extends(n *node) {
	if n == nil {
		return
	}
	l.pkg.Extends = l.packageID(n)
	if l.pkg.Extends == "" {
		return
	}
	missing := func(why string) {
		l.error(n.at, finding{"upper_missing", fmt.Sprintf("the plan above, %s: %s", l.pkg.Extends, why), "put its folder beside this one, or correct the id"})
	}
	above, ok := l.files.(UpperFS)
	switch {
	case slices.Contains(l.above, l.pkg.Extends) || l.pkg.Extends == l.pkg.ID:
		l.error(n.at, finding{"upper_cycle", "plans stand above one another in a circle: " + strings.Join(append(l.above, l.pkg.ID, l.pkg.Extends), " → "), "let the highest extend nothing"})
		return
	case len(l.above) >= maxAbove:
		l.error(n.at, finding{"upper_cycle", fmt.Sprintf("more than %d plans stand above one another", maxAbove), "let the highest extend nothing"})
		return
	case !ok:
		missing("nobody said where packages are found")
		return
	}
	files, err := above.Upper(l.pkg.Extends)
	if err != nil {
		missing(err.Error())
		return
	}
	upper, found := load(files, append(slices.Clone(l.above), l.pkg.ID))
	if upper == nil {
		first := found[slices.IndexFunc(found, func(f Fault) bool { return f.Severity == SeverityError })]
		l.error(n.at, finding{"upper_faulty", fmt.Sprintf("the plan above, %s, has faults of its own, first %v", l.pkg.Extends, first), "repair it first"})
		return
	}
	l.upper = upper
	l.pkg.inherit(upper)
}

// inherit takes over the words of the package above; its objects follow when
// this package's own are known.
func (p *Package) inherit(upper *Package) {
	maps.Copy(p.Kinds, upper.Kinds)
	maps.Copy(p.Elements, upper.Elements)
	maps.Copy(p.Measures, upper.Measures)
	maps.Copy(p.Registers, upper.Registers)
	maps.Copy(p.Sets, upper.Sets)
	maps.Copy(p.Departments, upper.Departments)
	maps.Copy(p.ParameterNames, upper.ParameterNames)
}

// inheritObjects takes over the objects and overrides of the package above, but
// for those that this package writes itself.
func (l *loader) inheritObjects() {
	if l.upper == nil {
		return
	}
	own := make(map[string]int)
	for i, o := range l.pkg.Objects {
		own[o.ID] = i
	}
	prefix := func(at Position, plan string) Position {
		if plan == l.upper.ID { // those from further up have their folder already
			at.File = plan + "/" + at.File
		}
		return at
	}
	for _, o := range l.upper.Objects {
		if i, replaced := own[o.ID]; replaced {
			l.checkReplaced(l.pkg.Objects[i], o)
			continue
		}
		o.At = prefix(o.At, o.Plan)
		l.pkg.Objects = append(l.pkg.Objects, o)
	}
	for _, v := range l.upper.Overrides {
		if _, replaced := own[v.Object]; replaced {
			continue
		}
		v.At = prefix(v.At, v.Plan)
		l.pkg.Overrides = append(l.pkg.Overrides, v)
	}
}

// checkReplaced holds an object against the one above it that it replaces.
func (l *loader) checkReplaced(o, above Object) {
	if o.Kind != above.Kind {
		l.error(o.At, finding{"replaced_otherwise", fmt.Sprintf("%s is of the kind %s here and %s in %s", o.ID, o.Kind, above.Kind, above.Plan), "give it another id, or the same kind"})
		return
	}
	if o.Provision != nil {
		here, there := l.pkg.Sets[o.Provision.chosenSubjects()].Of, l.upper.Sets[above.Provision.chosenSubjects()].Of
		if here != there {
			l.error(o.At, finding{"replaced_otherwise", fmt.Sprintf("%s judges rows of %s here and of %s in %s", o.ID, here, there, above.Plan), "give it another id, or judge the same register"})
		}
	}
	if o.Indicator != nil && !o.Indicator.Unit.SameDimension(above.Indicator.Unit) {
		l.error(o.At, finding{"replaced_otherwise", fmt.Sprintf("%s is in %v here and in %v in %s", o.ID, o.Indicator.Unit, above.Indicator.Unit, above.Plan), "give it another id, or measure the same"})
		return
	}
	l.checkWeaker(o.ID, commitment{o.Targets(), o.At, "this plan"}, above)
}

// commitment is what some targets promise, and where.
type commitment struct {
	targets []Target
	at      Position
	who     string
}

// checkWeaker warns of targets that promise less than those above: for each of
// those there must be one here that is due no later and asks no less.
func (l *loader) checkWeaker(id string, here commitment, above Object) {
	for _, t := range above.Targets() {
		kept := slices.ContainsFunc(here.targets, func(own Target) bool {
			return own.Bound == t.Bound && own.Year <= t.Year && !weaker(own, t)
		})
		if kept || len(here.targets) == 0 {
			continue
		}
		var own []string
		for _, target := range here.targets {
			own = append(own, target.String())
		}
		l.warn(here.at, finding{
			"weaker_than_above", fmt.Sprintf("for %s %s promises %s, and %s above %s", id, here.who, strings.Join(own, ", "), above.Plan, t),
			"promise as much, or accept the fault with the reason why less is enough here",
		})
	}
}

func weaker(own, above Target) bool {
	switch order := own.Number.Cmp(above.Number); above.Bound {
	case AtLeast:
		return order < 0
	case AtMost:
		return order > 0
	default:
		return order != 0
	}
}

// String writes a target as people say it: "at_least 95 % in 2025".
func (t Target) String() string {
	number, ok := t.Unit.FromBase(t.Number)
	if !ok {
		number = t.Number
	}
	unit := t.Unit.String() + " "
	if unit == "1 " {
		unit = ""
	}
	return fmt.Sprintf("%s %v %sin %d", t.Bound, number, unit, t.Year)
}

// overridesOf reads what the package changes about objects.
func (l *loader) overridesOf(n *node) {
	for _, item := range l.items(n, "overrides") {
		r := l.record(item, "an override")
		object := r.need("object", "it says what is overridden")
		v := Override{Object: l.reference(object, func(o Object) bool { return o.Measured() || o.Decision != nil }), At: item.at}
		for _, area := range l.items(r.field("areas"), "areas") {
			v.Areas = append(v.Areas, l.area(area))
		}
		for _, clause := range l.items(r.field("clauses"), "clauses") {
			if l.clause(clause) {
				v.Clauses = append(v.Clauses, clause.text)
				l.later(func() { l.checkClauseListed(clause) })
			}
		}
		variant := r.field("variant")
		if variant != nil {
			v.Variant = l.identifier(variant, "a variant")
		}
		targets, parameters := r.field("targets"), r.field("parameters")
		if targets == nil && parameters == nil && r.node != nil {
			l.error(item.at, finding{"key_missing", "nothing is overridden", "give targets or parameters"})
		}
		// The unit of the targets is checked when the object is known.
		v.Targets = l.targets(targets, target{})
		v.Parameters = l.parameters(parameters)
		l.acceptances(r, false)
		r.close()
		l.later(func() { l.checkOverride(v, placed(targets, parameters, variant)) })
		l.pkg.Overrides = append(l.pkg.Overrides, v)
	}
}

func (l *loader) area(n *node) lifecircle.AreaCode {
	text, ok := l.scalar(n, "an area")
	if !ok {
		return ""
	}
	code, err := lifecircle.ParseAreaCode(text)
	if err != nil {
		l.error(n.at, finding{"wrong_type", err.Error(), "write the official code, like 640104"})
	}
	return code
}

// overridePlaces are where the parts of an override stand.
type overridePlaces struct {
	targets, variant Position
	parameter        map[string]Position
}

// placed returns where the parts of an override stand; each node may be nil.
func placed(targets, parameters, variant *node) (at overridePlaces) {
	if targets != nil {
		at.targets = targets.at
	}
	if variant != nil {
		at.variant = variant.at
	}
	if parameters != nil && parameters.kind == mapping {
		at.parameter = make(map[string]Position)
		for _, f := range parameters.fields {
			at.parameter[f.key] = f.keyAt
		}
	}
	return at
}

// checkOverride holds an override against its object.
func (l *loader) checkOverride(v Override, at overridePlaces) {
	o, ok := l.pkg.objectByID(v.Object)
	if !ok {
		return
	}
	var reading *Variant
	known := maps.Clone(o.Parameters())
	if v.Variant != "" {
		if reading = variantByID(o, v.Variant); reading == nil {
			l.error(at.variant, finding{"reference_unknown", fmt.Sprintf("%s has no variant %q", o.ID, v.Variant), "name one of its variants"})
			return
		}
		known = reading.Parameters
	}
	who := "this plan"
	if len(v.Areas) > 0 {
		who = "area " + strings.Trim(fmt.Sprint(v.Areas), "[]")
	}
	inherited := l.upper != nil && (l.supposing || o.Plan != l.pkg.ID)
	for _, name := range slices.Sorted(maps.Keys(at.parameter)) {
		was, ok := known[name]
		switch now := v.Parameters[name]; {
		case !ok:
			found := dead("parameter of "+o.ID, name, known)
			found.repair = "override a parameter that the object or the named variant has"
			l.error(at.parameter[name], found)
		case !now.Type().Fits(was.Type()) || now.Day != was.Day:
			l.error(at.parameter[name], finding{"unit_mismatch", fmt.Sprintf("%s is %v here and %v in the object", name, now.Type(), was.Type()), "write it in a unit of the same kind"})
		default:
			if inherited {
				was = l.upper.ParametersIn(o, reading, slices.Concat(v.Areas, l.within))[name]
			}
			l.checkLooser(loosened{o, reading, now, was, at.parameter[name], who})
		}
	}
	if v.Targets == nil {
		return
	}
	unit := rule.Percent
	if o.Indicator != nil {
		unit = o.Indicator.Unit
	}
	if !o.Measured() {
		l.error(at.targets, finding{"key_unknown", fmt.Sprintf("%s is a %s and has no targets", o.ID, o.Kind), "override its parameters"})
		return
	}
	for _, t := range v.Targets {
		if !t.Unit.SameDimension(unit) {
			l.error(at.targets, finding{"unit_mismatch", fmt.Sprintf("the target is in %v, the value in %v", t.Unit, unit), fmt.Sprintf("write the target in %v", unit)})
			return
		}
	}
	l.checkShares(o, v.Targets, at.targets)
	if inherited { // what the plan above has there may be an override itself
		o = o.promising(l.upper.TargetsIn(o, slices.Concat(v.Areas, l.within)))
	}
	l.checkWeaker(o.ID, commitment{v.Targets, v.At, who}, o)
}

// promising returns the object with other targets.
func (o Object) promising(targets []Target) Object {
	switch {
	case o.Indicator != nil:
		own := *o.Indicator
		own.Targets, o.Indicator = targets, &own
	case o.Provision != nil:
		own := *o.Provision
		own.Targets, o.Provision = targets, &own
	}
	return o
}

// loosened is a parameter of an object under a reading, and what it was above.
type loosened struct {
	Object
	reading     *Variant
	now, before Parameter
	at          Position
	who         string
}

// checkLooser warns of a number that lets more pass than the number above: where
// the rule says which way that is.
func (l *loader) checkLooser(p loosened) {
	if p.Provision == nil || p.now.Day || len(p.now.Values) == 0 || len(p.before.Values) == 0 {
		return
	}
	require := p.Provision.Require
	if p.reading != nil && p.reading.Require != nil {
		require = p.reading.Require
	}
	if require == nil {
		return
	}
	now, before := p.now.Values[len(p.now.Values)-1], p.before.Values[len(p.before.Values)-1]
	order := now.Number.Cmp(before.Number)
	if way := require.Leaning(p.now.Name); way == rule.Up && order > 0 || way == rule.Down && order < 0 {
		l.warn(p.at, finding{
			"weaker_than_above", fmt.Sprintf("for %s %s asks for %s of %s, and %s above for %s", p.ID, p.who, p.now.Name, now.in(p.now.Unit), p.Plan, before.in(p.before.Unit)),
			"ask as much, or accept the fault with the reason why less is enough here",
		})
	}
}

// in writes a number in a unit: "1000 m".
func (d Dated) in(unit rule.Unit) string {
	number, ok := unit.FromBase(d.Number)
	if !ok {
		return d.Number.String()
	}
	return strings.TrimSuffix(number.String()+" "+unit.String(), " 1")
}

// checkShares refuses targets on the share of subjects that pass which no share can
// be.
func (l *loader) checkShares(o Object, targets []Target, at Position) {
	for _, t := range targets {
		if o.Provision != nil && (t.Number.Sign() < 0 || t.Number.Cmp(lifecircle.Int(1)) > 0) {
			l.error(at, finding{"out_of_range", fmt.Sprintf("%s: the share of those who have it cannot be %s", o.ID, Dated{Number: t.Number}.in(rule.Percent)), "write 0 to 100 %"})
		}
	}
}

func variantByID(o Object, id string) *Variant {
	variants := o.Variants()
	for i := range variants {
		if variants[i].ID == id {
			return &variants[i]
		}
	}
	return nil
}

// checkSums warns where the areas together commit to less than the plan
// promises. Only counts and amounts add up; ratios do not. What the plan of a
// part of the country commits to is not held against the whole.
func (l *loader) checkSums() {
	for _, o := range l.pkg.Objects {
		if !o.addsUp() || len(l.pkg.Areas) > 0 && o.Plan != l.pkg.ID {
			continue
		}
		for _, t := range o.Indicator.Targets {
			if t.Bound != AtLeast {
				continue
			}
			total, areas, at := l.committed(o.ID, t)
			if len(areas) == 0 || total.Cmp(t.Number) >= 0 {
				continue
			}
			shown, _ := t.Unit.FromBase(total)
			l.warn(at, finding{
				"sum_below_target", fmt.Sprintf("areas that commit themselves to %s: %d, together to %v, and the plan promises %s", o.ID, len(areas), shown, t),
				"let the areas commit to more, or accept the fault with a reason",
			})
		}
	}
}

// addsUp reports whether what areas reach adds up to what the area above them
// reaches: an indicator that divides nowhere, under any reading.
func (o Object) addsUp() bool {
	if o.Indicator == nil || o.Indicator.Denominator != nil {
		return false
	}
	numerators := []*rule.Expr{o.Indicator.Numerator}
	for _, v := range o.Indicator.Variants {
		if v.Denominator != nil {
			return false
		}
		numerators = append(numerators, v.Numerator)
	}
	return !slices.ContainsFunc(numerators, func(e *rule.Expr) bool { return e != nil && e.Divides() })
}

// committed adds up what areas commit to by a target's year; an area below
// another one that commits is a part of it.
func (l *loader) committed(object string, t Target) (total number, areas []lifecircle.AreaCode, at Position) {
	by := make(map[lifecircle.AreaCode]number)
	for _, v := range l.pkg.Overrides {
		if v.Object != object || v.Plan != l.pkg.ID {
			continue
		}
		for _, own := range v.Targets {
			if own.Bound != AtLeast || own.Year > t.Year {
				continue
			}
			for _, area := range v.Areas {
				if len(by) == 0 {
					at = v.At
				}
				by[area] = own.Number
			}
		}
	}
	for _, area := range slices.Sorted(maps.Keys(by)) {
		above := areaAbove(area)
		for above != "" {
			if _, counted := by[above]; counted {
				break
			}
			above = areaAbove(above)
		}
		if above != "" {
			continue
		}
		areas = append(areas, area)
		total, _ = total.Add(by[area])
	}
	return total, areas, at
}

// areaAbove is the area above by the official codes, "" above a region.
func areaAbove(code lifecircle.AreaCode) lifecircle.AreaCode {
	switch c := string(code); {
	case len(c) == 12:
		return code[:9]
	case len(c) == 9:
		return code[:6]
	case len(c) != 6 || strings.HasSuffix(c, "0000"):
		return ""
	case strings.HasSuffix(c, "00"):
		return code[:2] + "0000"
	default:
		return code[:4] + "00"
	}
}

// byObject indexes the overrides; those of this package stand first.
func (p *Package) byObject() {
	p.overrides = make(map[string][]Override)
	for _, v := range p.Overrides {
		p.overrides[v.Object] = append(p.overrides[v.Object], v)
	}
}
