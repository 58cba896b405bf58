package intake_test

import (
	"testing"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/intake"
	"lifecircle/registry"
)

// TestLinkDates: a link that begins before its party opened is taken, and its row is
// named with the cell.
func TestLinkDates(t *testing.T) {
	t.Parallel()
	opened, err := registry.ParseDay("2023-03-01")
	if err != nil {
		t.Fatal(err)
	}
	s, err := registry.NewSnapshot(registry.Base{
		Areas: []registry.Area{{Code: "640104", Level: registry.County, Name: lifecircle.Name{ZH: "兴庆区"}, Provenance: lifecircle.Real}},
		Facilities: []registry.Facility{{
			ID: "home", Area: "640104", Kind: "elder_home", At: geo.Point{Lon: 106.28, Lat: 38.47}, Span: registry.Span{From: opened}, Provenance: lifecircle.Real,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	text := "id,area,kind,party,counterparty,since\nfits,640104,medical_care,home,clinic,2024-01-01\nearly,640104,medical_care,clinic,home,2022-01-01\n"
	out, err := intake.Read(intake.File{Name: "links.csv", Data: []byte(text), Kind: registry.LinkRegister}, intake.Into{Registry: s, Plan: ningxia(t)})
	if err != nil {
		t.Fatal(err)
	}
	if out.Accepted != 2 || len(out.Faults) > 0 || len(out.Changes) != 2 {
		t.Errorf("%d accepted, faults %v", out.Accepted, out.Faults)
	}
	if len(out.Warnings) != 1 || out.Warnings[0].Row != 3 || out.Warnings[0].Column != "since" || out.Warnings[0].Code != "link_dates" {
		t.Errorf("warnings %+v; want one of row 3, since", out.Warnings)
	}
}
