package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
)

// Supposition gives a number of a package another value, to see what follows.
type Supposition struct {
	Object string // id, or a clause number
	// Variant is the reading whose parameter it is; "" is the chosen one where that
	// has the parameter, and else the object itself.
	Variant string
	// Parameter is a parameter of the object, or TargetPart.
	Parameter string
	// Year is that of the target; 0 where there is but one.
	Year  int
	Area  lifecircle.AreaCode   // with all below it; "" is everywhere
	Above []lifecircle.AreaCode // the areas above Area, from below
	Value string                // in the unit that the package writes it in; of a day 2025-06-30
	// Source says who supposes it; "" is a trial.
	Source string
}

// path is the area and those above it, from below; none for everywhere.
func (s Supposition) path() []lifecircle.AreaCode {
	if s.Area == "" {
		return nil
	}
	return slices.Concat([]lifecircle.AreaCode{s.Area}, s.Above)
}

// TargetPart is the Parameter of a Supposition about what is promised.
const TargetPart = "target"

// supposedPlan is the plan that supposed numbers stand in: one below every other.
const supposedPlan = "supposed"

// Supposing returns the package with a number given another value from ever on; p
// stays as it is. The number stands in a plan below p, as an override there would:
// it beats all of p and those above, and in an area the nearest of supposed numbers
// counts. The faults are those that checking such a package gives; with an error
// among them the package is nil.
func (p *Package) Supposing(s Supposition) (*Package, []Fault) {
	next := *p
	l := &loader{pkg: &next, upper: p, supposing: true, within: s.Above}
	v, ok := l.supposed(s)
	if ok {
		at := overridePlaces{parameter: make(map[string]Position)}
		for name := range v.Parameters {
			at.parameter[name] = Position{}
		}
		l.checkOverride(v, at)
	}
	found := l.sorted()
	if Broken(found) {
		return nil, found
	}
	next.Overrides = slices.Concat([]Override{v}, p.Overrides)
	next.byObject()
	digest := sha256.New()
	for _, part := range []string{p.Hash, v.Object, v.Variant, s.Parameter, strconv.Itoa(s.Year), string(s.Area), strings.TrimSpace(s.Value)} {
		writeHashed(digest, "", []byte(part))
	}
	next.Hash = hex.EncodeToString(digest.Sum(nil))
	return &next, found
}

// SupposedOver returns the overrides that p supposes over the package it was made of
// by Supposing, in one step or several.
func (p *Package) SupposedOver(of *Package) []Override {
	return p.Overrides[:len(p.Overrides)-len(of.Overrides)]
}

// supposed writes a supposition as the override it is.
func (l *loader) supposed(s Supposition) (v Override, ok bool) {
	o, known := l.upper.Object(s.Object)
	if !known {
		ids := make(map[string]bool, len(l.upper.Objects))
		for _, o := range l.upper.Objects {
			ids[o.ID] = true
		}
		found := dead("object", s.Object, ids)
		found.repair = strings.ReplaceAll(found.repair, ", or declare it in "+packageFile, "")
		l.error(Position{}, found)
		return v, false
	}
	if !o.Measured() {
		l.error(Position{}, finding{"reference_unknown", fmt.Sprintf("%s is a %s, of which nothing is measured", o.ID, o.Kind), "name an indicator or a provision"})
		return v, false
	}
	v = Override{Object: o.ID, Plan: supposedPlan}
	if s.Area != "" {
		v.Areas = []lifecircle.AreaCode{s.Area}
	}
	source := lifecircle.Name{ZH: cmp.Or(s.Source, "试改"), EN: cmp.Or(s.Source, "a trial")}
	if s.Parameter == TargetPart {
		v.Targets, ok = l.supposedTargets(o, s, source)
		return v, ok
	}
	number, known := l.upper.NumberOf(o, s.Variant, s.Parameter)
	if !known {
		var reading *Variant
		parameters := maps.Clone(o.Parameters())
		if parameters == nil {
			parameters = make(map[string]Parameter)
		}
		for _, of := range o.Variants() {
			if s.Variant == of.ID || s.Variant == "" && of.Chosen {
				reading = &of
				maps.Copy(parameters, of.Parameters)
			}
		}
		if s.Variant != "" && reading == nil {
			l.error(Position{}, finding{"reference_unknown", fmt.Sprintf("%s has no variant %q", o.ID, s.Variant), "name one of its variants"})
			return v, false
		}
		if len(o.Targets()) > 0 {
			parameters[TargetPart] = Parameter{}
		}
		found := dead("parameter of "+o.ID, s.Parameter, parameters)
		found.repair = "name one of: " + strings.Join(slices.Sorted(maps.Keys(parameters)), ", ")
		l.error(Position{}, found)
		return v, false
	}
	v.Variant = number.Variant
	value := Dated{Source: source, Status: LocalChoice}
	if number.Day {
		day, err := rule.ParseDate(strings.TrimSpace(s.Value))
		if err != nil {
			l.error(Position{}, finding{"wrong_type", err.Error(), "write a day like 2025-06-30"})
			return v, false
		}
		value.Date = day
	} else if value.Number, ok = l.supposedNumber(s.Value, number.Unit); !ok {
		return v, false
	}
	if value.Number.Sign() < 0 && !number.Unit.Dimensionless() {
		l.error(Position{}, finding{"out_of_range", fmt.Sprintf("%s of %s cannot be %s", s.Parameter, o.ID, value.in(number.Unit)), "write 0 or more"})
		return v, false
	}
	parameter := number.Parameter
	parameter.Values = []Dated{value}
	v.Parameters = map[string]Parameter{s.Parameter: parameter}
	return v, true
}

// Numbered is a parameter with the reading it belongs to, "" for the object itself.
type Numbered struct {
	Variant string
	Parameter
}

// NumberOf finds a parameter of an object under a reading, as a Supposition names
// them: as it is written, overrides aside.
func (p *Package) NumberOf(o Object, variant, parameter string) (n Numbered, ok bool) {
	for _, v := range o.Variants() {
		if variant != v.ID && (variant != "" || !v.Chosen) {
			continue
		}
		if found, has := v.Parameters[parameter]; has {
			return Numbered{v.ID, found}, true
		}
	}
	if variant != "" {
		return n, false
	}
	n.Parameter, ok = o.Parameters()[parameter]
	return n, ok
}

// Said writes a number as the package has it, like "1000 m" or "at_least 95 % in
// 2025"; ok is false where it has none.
func (p *Package) Said(s Supposition) (text string, ok bool) {
	o, known := p.Object(s.Object)
	if !known || !o.Measured() {
		return "", false
	}
	var all []string
	if s.Parameter == TargetPart {
		for _, t := range p.TargetsIn(o, s.path()) {
			if s.Year == 0 || t.Year == s.Year {
				all = append(all, t.String())
			}
		}
		return strings.Join(all, "; "), len(all) > 0
	}
	number, known := p.NumberOf(o, s.Variant, s.Parameter)
	if !known {
		return "", false
	}
	in := p.ParametersIn(o, variantByID(o, number.Variant), s.path())[s.Parameter]
	for i, d := range in.Values {
		written := d.in(in.Unit)
		if in.Day {
			written = d.Date.String()
		}
		if i > 0 {
			written += " from " + d.From.String()
		}
		all = append(all, written)
	}
	return strings.Join(all, "; "), true
}

// supposedTargets are the targets of an object with one that promises another
// number.
func (l *loader) supposedTargets(o Object, s Supposition, source lifecircle.Name) ([]Target, bool) {
	targets := slices.Clone(l.upper.TargetsIn(o, s.path()))
	var years []int
	changed := false
	for i := range targets {
		t := &targets[i]
		years = append(years, t.Year)
		if s.Year != 0 && t.Year != s.Year {
			continue
		}
		number, ok := l.supposedNumber(s.Value, t.Unit)
		if !ok {
			return nil, false
		}
		t.Number, t.Source, t.Status, changed = number, source, LocalChoice, true
	}
	slices.Sort(years)
	years = slices.Compact(years)
	switch {
	case len(targets) == 0:
		l.error(Position{}, finding{"reference_unknown", fmt.Sprintf("%s promises no number", o.ID), "name one of its parameters"})
	case !changed:
		l.error(Position{}, finding{"reference_unknown", fmt.Sprintf("%s promises nothing for %d", o.ID, s.Year), fmt.Sprintf("name one of its years: %v", years)})
	case s.Year == 0 && len(years) > 1:
		l.error(Position{}, finding{"reference_unknown", fmt.Sprintf("%s has targets of several years", o.ID), fmt.Sprintf("say which is meant: %v", years)})
	default:
		return targets, true
	}
	return nil, false
}

// supposedNumber reads a number in a unit.
func (l *loader) supposedNumber(text string, unit rule.Unit) (base number, ok bool) {
	value, err := lifecircle.ParseNumber(strings.TrimSpace(text))
	if err != nil {
		l.error(Position{}, finding{"wrong_type", err.Error(), fmt.Sprintf("write a number in %v", unit)})
		return base, false
	}
	if base, ok = unit.ToBase(value); !ok {
		l.error(Position{}, finding{"wrong_type", "the value has too many digits", "write fewer"})
	}
	return base, ok
}
