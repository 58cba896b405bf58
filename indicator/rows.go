package indicator

import (
	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// FacilityRow shows a facility as a subject.
func FacilityRow(f *registry.Facility) Row { return facilityRow{f} }

type facilityRow struct {
	f *registry.Facility
}

func (r facilityRow) ID() string                           { return string(r.f.ID) }
func (r facilityRow) Area() lifecircle.AreaCode            { return r.f.Area }
func (r facilityRow) Field(name string) (rule.Value, bool) { return r.f.Field(name), true }
func (r facilityRow) Origin() Origin {
	return Origin{Name: r.f.Name, Kind: r.f.Kind, At: r.f.At, Provenance: r.f.Provenance}
}

// RecordRow shows a record as a subject.
func RecordRow(r *registry.Record) Row { return recordRow{r} }

type recordRow struct {
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
func AreaRow(in *registry.Snapshot, a *registry.Area) Row { return areaRow{in, a} }

type areaRow struct {
	in *registry.Snapshot
	a  *registry.Area
}

func (r areaRow) ID() string                           { return string(r.a.Code) }
func (r areaRow) Area() lifecircle.AreaCode            { return r.a.Code }
func (r areaRow) Field(name string) (rule.Value, bool) { return r.in.AreaField(r.a, name), true }
func (r areaRow) Origin() Origin {
	return Origin{Name: r.a.Name.ZH, Kind: string(r.a.Level), Provenance: r.a.Provenance}
}

// PointRow is a population point as a subject: the one at a place of the register.
type PointRow struct {
	*registry.PopulationPoint
	Place int
}

// ID, Area, Field and Origin implement Row.
func (r PointRow) ID() string                { return r.PopulationPoint.ID }
func (r PointRow) Area() lifecircle.AreaCode { return r.PopulationPoint.Area }

func (r PointRow) Field(name string) (rule.Value, bool) {
	return r.PopulationPoint.Field(name), true
}

func (r PointRow) Origin() Origin {
	return Origin{At: r.At, Provenance: r.Provenance}
}
