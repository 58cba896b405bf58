// Package registry keeps what exists: areas with their history, the people in
// them, and the registers of facilities, organisations, estates and whatever else
// a plan speaks of. A Snapshot is all of it at one moment, seen on one day, and
// never changes. It is not the place for reported figures (figure) or streets
// (network), and it reads no files (intake). Packages that measure, simulate or
// store import it.
package registry

import (
	"context"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/geo"
	"lifecircle/journal"
)

// Level is the rank of an area.
type Level string

// The levels of the product, from the top down.
const (
	Region     Level = "region"
	Prefecture Level = "prefecture"
	County     Level = "county"
	Township   Level = "township"
	Village    Level = "village"
)

// Levels returns the levels from the top down.
func Levels() []Level { return []Level{Region, Prefecture, County, Township, Village} }

// Valid reports whether l is one of the levels.
func (l Level) Valid() bool {
	switch l {
	case Region, Prefecture, County, Township, Village:
		return true
	}
	return false
}

// PopulationPoint stands for the people of one block or cell.
type PopulationPoint struct {
	ID         string                `json:"id"`
	Area       lifecircle.AreaCode   `json:"area"`
	At         geo.Point             `json:"at"`
	People     int64                 `json:"people"`
	Urban      bool                  `json:"urban"`
	Groups     Groups                `json:"groups,omitzero"` // of its people, by the fields of the plan's register
	Source     string                `json:"source"`
	Provenance lifecircle.Provenance `json:"provenance"`
}

// Facility is a place that serves people. Kind is a term of the plan package's
// facility kinds; Public says that anyone may use it. What changed over time, its
// beds or its status, is in Changes.
type Facility struct {
	ID           lifecircle.FacilityID `json:"id"`
	Area         lifecircle.AreaCode   `json:"area"`
	Kind         string                `json:"kind"`
	Name         string                `json:"name"`
	At           geo.Point             `json:"at"`
	Public       bool                  `json:"public"`
	Organisation string                `json:"organisation,omitempty"` // id in the register of organisations
	Span                               // from its opening until it closed
	Fields       Fields                `json:"fields,omitempty"`
	Changes      []Dated               `json:"changes,omitempty"` // in the order of their days
	Source       string                `json:"source"`
	Provenance   lifecircle.Provenance `json:"provenance"`
}

// The fields of a facility that the product itself reads. Status is one of the
// words below; a facility that does not say is in service.
const (
	NameEN    = "name_en"    // its English name
	NameLocal = "name_local" // what it is called on the spot, where that is another name

	Status = "status"

	Planned   = "planned"
	Building  = "building"
	InService = "in_service"
	Suspended = "suspended"
)

// Serves reports whether people can use the facility as it is described: it is
// neither still to come nor suspended.
func (f *Facility) Serves() bool {
	status, ok := f.Fields[Status].Text()
	return !ok || status == InService
}

// On returns the facility as it is on a day: one that never changed is itself.
func (f *Facility) On(day Day) *Facility {
	if len(f.Changes) == 0 {
		return f
	}
	then := *f
	then.Kind, then.Fields = on(day, f.Kind, f.Fields, f.Changes)
	then.Changes = nil
	return &then
}

// Entry names a row of a register.
type Entry struct {
	Register string `json:"register"`
	ID       string `json:"id"`
}

// Record is a row of a register that is neither an area, a facility nor a
// population point: an organisation, an estate, an agreement, or anything else
// that the plan package keeps a register of.
type Record struct {
	Register   string                `json:"register"`
	ID         string                `json:"id"`
	Area       lifecircle.AreaCode   `json:"area"`
	Kind       string                `json:"kind,omitempty"`
	Name       string                `json:"name,omitempty"`
	At         *geo.Point            `json:"at,omitempty"` // nil: it has no place or none is known
	Span                             // from when it holds until it ends
	Fields     Fields                `json:"fields,omitempty"`
	Changes    []Dated               `json:"changes,omitempty"` // in the order of their days
	Source     string                `json:"source"`
	Provenance lifecircle.Provenance `json:"provenance"`
}

// Entry returns what names the record.
func (r *Record) Entry() Entry { return Entry{r.Register, r.ID} }

// On returns the record as it is on a day: one that never changed is itself.
func (r *Record) On(day Day) *Record {
	if len(r.Changes) == 0 {
		return r
	}
	then := *r
	then.Kind, then.Fields = on(day, r.Kind, r.Fields, r.Changes)
	then.Changes = nil
	return &then
}

// Network names the street network that a root's people walk on: the content
// hash of a network file and where it came from.
type Network struct {
	Root       lifecircle.AreaCode   `json:"root"`
	Hash       string                `json:"hash"`
	Source     string                `json:"source"`
	Provenance lifecircle.Provenance `json:"provenance"`
}

// Writer is what this package needs inside a store's transaction. Each row
// names the change that wrote it; rows are only ever added, and the last of a key
// holds. Implementations refuse a grant that does not cover the row's area with
// the error forbidden.
type Writer interface {
	FacilityWriter
	// InsertArea refuses an outline whose shape is not kept with shape_unknown.
	InsertArea(context.Context, account.Grant, journal.ChangeID, Area) error
	InsertPopulationPoint(context.Context, account.Grant, journal.ChangeID, PopulationPoint) error
	InsertNetwork(context.Context, account.Grant, journal.ChangeID, Network) error
	InsertRecord(context.Context, account.Grant, journal.ChangeID, Record) error
	// InsertShape keeps the ground that outlines name; one that is kept already is
	// left as it is.
	InsertShape(context.Context, account.Grant, journal.ChangeID, geo.Shape) error
	// Strike takes an area, a population point or a record out as if it had never
	// been; one that does not stand is the error entry_unknown.
	Strike(context.Context, account.Grant, journal.ChangeID, Entry) error
}

// FacilityWriter is the part of Writer that guards which facilities stand.
type FacilityWriter interface {
	// InsertFacility adds a facility, or a withdrawn one again; one that stands
	// already is the error facility_exists.
	InsertFacility(context.Context, account.Grant, journal.ChangeID, Facility) error
	// AmendFacility replaces what is said of a facility that stands; another id is
	// the error facility_unknown.
	AmendFacility(context.Context, account.Grant, journal.ChangeID, Facility) error
	// WithdrawFacility takes out a facility that stands, as if it had never been;
	// another id is the error facility_unknown.
	WithdrawFacility(context.Context, account.Grant, journal.ChangeID, lifecircle.FacilityID) error
}
