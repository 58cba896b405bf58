// Package registry keeps what exists: areas, the people in them and the
// facilities that serve them. A Snapshot is all of it at one moment and never
// changes. It is not the place for reported figures (figure) or streets
// (network). Packages that measure, simulate or store import it.
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

// Valid reports whether l is one of the levels.
func (l Level) Valid() bool {
	switch l {
	case Region, Prefecture, County, Township, Village:
		return true
	}
	return false
}

// Area is an administrative area. Its parent lies one or more levels above; a
// root has none, and everything below one root is measured together.
type Area struct {
	Code       lifecircle.AreaCode   `json:"code"`
	Parent     lifecircle.AreaCode   `json:"parent"`
	Level      Level                 `json:"level"`
	Name       lifecircle.Name       `json:"name"`
	Source     string                `json:"source"`
	Provenance lifecircle.Provenance `json:"provenance"`
}

// PopulationPoint stands for the people of one block or cell.
type PopulationPoint struct {
	ID         string                `json:"id"`
	Area       lifecircle.AreaCode   `json:"area"`
	At         geo.Point             `json:"at"`
	People     int64                 `json:"people"`
	Urban      bool                  `json:"urban"`
	Source     string                `json:"source"`
	Provenance lifecircle.Provenance `json:"provenance"`
}

// Facility is a place that serves people. Kind is a term of the plan package's
// facility kinds; Public says that anyone may use it.
type Facility struct {
	ID         lifecircle.FacilityID `json:"id"`
	Area       lifecircle.AreaCode   `json:"area"`
	Kind       string                `json:"kind"`
	Name       string                `json:"name"`
	At         geo.Point             `json:"at"`
	Public     bool                  `json:"public"`
	Source     string                `json:"source"`
	Provenance lifecircle.Provenance `json:"provenance"`
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
// names the change that wrote it; rows are only ever added. Implementations
// refuse a grant that does not cover the row's area with the error forbidden.
type Writer interface {
	InsertArea(context.Context, account.Grant, journal.ChangeID, Area) error
	InsertPopulationPoint(context.Context, account.Grant, journal.ChangeID, PopulationPoint) error
	InsertNetwork(context.Context, account.Grant, journal.ChangeID, Network) error
	// InsertFacility adds a facility, or a withdrawn one again; one that stands
	// already is the error facility_exists.
	InsertFacility(context.Context, account.Grant, journal.ChangeID, Facility) error
	// WithdrawFacility ends a facility that stands; another id is the error
	// facility_unknown.
	WithdrawFacility(context.Context, account.Grant, journal.ChangeID, lifecircle.FacilityID) error
}
