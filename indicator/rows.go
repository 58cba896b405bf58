package indicator

import (
	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// nowhere is what rows without an access layer say of nearness: the product
// measures from population points.
type nowhere struct{}

func (nowhere) Nearest(measure string) Nearness {
	return Nearness{Reason: rule.Reason{Code: "no_position", What: measure}}
}

func (nowhere) Within(measure string, _ lifecircle.Number) rule.Value {
	return rule.NoData(rule.Reason{Code: "no_position", What: measure})
}

// FacilityRow shows a facility as a subject.
func FacilityRow(f registry.Facility) Row { return facilityRow{nowhere{}, f} }

// facilityRow is a facility as a subject.
type facilityRow struct {
	nowhere
	f registry.Facility
}

func (r facilityRow) ID() string                { return string(r.f.ID) }
func (r facilityRow) Area() lifecircle.AreaCode { return r.f.Area }

func (r facilityRow) Field(name string) (rule.Value, bool) {
	switch name {
	case "id":
		return rule.TextOf(string(r.f.ID)), true
	case "kind":
		return rule.TextOf(r.f.Kind), true
	case "name":
		return rule.TextOf(r.f.Name), true
	case "public":
		return rule.BoolOf(r.f.Public), true
	case "area":
		return rule.TextOf(string(r.f.Area)), true
	}
	return rule.Value{}, false
}

func (r facilityRow) Origin() Origin {
	return Origin{Name: r.f.Name, Kind: r.f.Kind, At: r.f.At, Provenance: r.f.Provenance}
}

// AreaRow shows an area as a subject.
func AreaRow(a registry.Area) Row { return areaRow{nowhere{}, a} }

// areaRow is an area as a subject.
type areaRow struct {
	nowhere
	a registry.Area
}

func (r areaRow) ID() string                { return string(r.a.Code) }
func (r areaRow) Area() lifecircle.AreaCode { return r.a.Code }

func (r areaRow) Field(name string) (rule.Value, bool) {
	switch name {
	case "code", "id", "area":
		return rule.TextOf(string(r.a.Code)), true
	case "level":
		return rule.TextOf(string(r.a.Level)), true
	}
	return rule.Value{}, false
}

func (r areaRow) Origin() Origin {
	return Origin{Name: r.a.Name.ZH, Kind: string(r.a.Level), Provenance: r.a.Provenance}
}
