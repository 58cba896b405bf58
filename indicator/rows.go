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
func FacilityRow(f *registry.Facility) Row { return facilityRow{nowhere{}, f} }

type facilityRow struct {
	nowhere
	f *registry.Facility
}

func (r facilityRow) ID() string                           { return string(r.f.ID) }
func (r facilityRow) Area() lifecircle.AreaCode            { return r.f.Area }
func (r facilityRow) Field(name string) (rule.Value, bool) { return r.f.Field(name), true }
func (r facilityRow) Origin() Origin {
	return Origin{Name: r.f.Name, Kind: r.f.Kind, At: r.f.At, Provenance: r.f.Provenance}
}

// RecordRow shows a record as a subject.
func RecordRow(r *registry.Record) Row { return recordRow{nowhere{}, r} }

type recordRow struct {
	nowhere
	r *registry.Record
}

func (r recordRow) ID() string                           { return r.r.ID }
func (r recordRow) Area() lifecircle.AreaCode            { return r.r.Area }
func (r recordRow) Field(name string) (rule.Value, bool) { return r.r.Field(name), true }
func (r recordRow) Origin() Origin {
	origin := Origin{Name: r.r.Name, Kind: r.r.Kind, Provenance: r.r.Provenance}
	if r.r.At != nil {
		origin.At = *r.r.At
	}
	return origin
}

// AreaRow shows an area of a registry as a subject.
func AreaRow(in *registry.Snapshot, a *registry.Area) Row { return areaRow{nowhere{}, in, a} }

type areaRow struct {
	nowhere
	in *registry.Snapshot
	a  *registry.Area
}

func (r areaRow) ID() string                           { return string(r.a.Code) }
func (r areaRow) Area() lifecircle.AreaCode            { return r.a.Code }
func (r areaRow) Field(name string) (rule.Value, bool) { return r.in.AreaField(r.a, name), true }
func (r areaRow) Origin() Origin {
	return Origin{Name: r.a.Name.ZH, Kind: string(r.a.Level), Provenance: r.a.Provenance}
}
