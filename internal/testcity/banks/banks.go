// Package banks is the town of package testcity as a registry: two counties, one
// on each bank of the river. It knows no plan and no store. Tests everywhere and
// the command line's demonstration may import it.
package banks

import (
	"lifecircle"
	"lifecircle/geo"
	"lifecircle/internal/testcity"
	"lifecircle/network"
	"lifecircle/registry"
)

// The codes of the town and of its counties: 99 is no region's number.
const (
	Town = lifecircle.AreaCode("990100")
	West = lifecircle.AreaCode("990101")
	East = lifecircle.AreaCode("990102")
)

// Source is what every row names as its source.
const Source = "internal/testcity, drawn by hand"

// Demo is the town of the demonstration and the streets it stands on; all of it is
// generated. Two counties part it, so that sums over areas can be seen.
func Demo() (registry.Base, *network.Network, error) {
	drawn := testcity.Demo()
	net, err := network.Build(drawn.Extract())
	if err != nil {
		return registry.Base{}, nil, err
	}
	b := registry.Base{
		Areas: []registry.Area{
			{Code: Town, Level: registry.Prefecture, Name: lifecircle.Name{ZH: "方格城（示例）", EN: "Gridtown (example)"}},
			{Code: West, Parent: Town, Level: registry.County, Name: lifecircle.Name{ZH: "河西区", EN: "West bank"}},
			{Code: East, Parent: Town, Level: registry.County, Name: lifecircle.Name{ZH: "河东区", EN: "East bank"}},
		},
		Networks: []registry.Network{{Root: Town, Hash: net.Hash(), Source: Source, Provenance: lifecircle.Generated}},
	}
	for i := range b.Areas {
		b.Areas[i].Source, b.Areas[i].Provenance = Source, lifecircle.Generated
	}
	bounds := net.Summary().Bounds
	middle := (bounds.Min.Lon + bounds.Max.Lon) / 2
	county := func(at geo.Point) lifecircle.AreaCode {
		if at.Lon < middle {
			return West
		}
		return East
	}
	for _, c := range drawn.Cells {
		b.Points = append(b.Points, registry.PopulationPoint{
			ID: c.ID, Area: county(c.At), At: c.At, People: c.People, Urban: true, Source: Source, Provenance: lifecircle.Generated,
		})
	}
	for _, f := range drawn.Facilities {
		b.Facilities = append(b.Facilities, registry.Facility{
			ID: lifecircle.FacilityID(f.ID), Area: county(f.At), Kind: f.Kind, Name: f.Name, At: f.At,
			Public: f.Public, Source: Source, Provenance: lifecircle.Generated,
		})
	}
	return b, net, nil
}
