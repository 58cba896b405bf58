package main

import (
	"fmt"
	"testing"
)

// TestArea: of the street of 1 km the western 600 m are an area. The point in it is
// answered, also by the clinic beyond the border while that lies in the halo, and
// shares it with those who live beyond.
func TestArea(t *testing.T) {
	t.Parallel()
	city, net := townFile(t, sideStreet)
	facilities := inFile(t, "f.csv", "id,lon,lat,capacity\n"+pointAt(city, "east", 1, 11)+",30\n")
	people := inFile(t, "p.csv", "id,lon,lat,weight\n"+pointAt(city, "in", 1, 6)+",100\n"+pointAt(city, "out", 1, 9)+",200\n")
	west, border := city.At(1, 1), city.At(1, 7)
	area := inFile(t, "area.geojson", fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]f,%[3]f],[%[2]f,%[3]f],[%[2]f,%[4]f],[%[1]f,%[4]f],[%[1]f,%[3]f]]]}`,
		west.Lon-0.001, border.Lon, west.Lat-0.01, west.Lat+0.01))
	nearest := func(halo string) told {
		return tell(t, "access", "nearest", net, "--facilities", facilities, "--points", people, "--area", area, "--halo", halo, "--format", "csv")
	}
	// The clinic lies 400 m beyond the border.
	if got, want := nearest("500"), "id,facility,metres,seconds,state\nin,east,500.0,375,ok\n"; got.code != 0 || got.out != want {
		t.Errorf("exit %d, got\n%swant\n%s", got.code, got.out, want)
	}
	if got := nearest("300"); got.code != 3 {
		t.Errorf("a clinic beyond the halo serves: exit %d, %s", got.code, got.out)
	}
	got := succeed(t, "access", "catchment", net, "--facilities", facilities, "--demand", people, "--area", area, "--minutes", "10", "--format", "csv")
	if want := "id,score\nin,0.1\n"; got.stdout != want {
		t.Errorf("got\n%swant\n%s", got.stdout, want)
	}
	if got := tell(t, "access", "nearest", net, "--facilities", facilities, "--area", area); got.code != 2 {
		t.Errorf("nodes have no area: exit %d", got.code)
	}
	if got := tell(t, "access", "nearest", net, "--facilities", facilities, "--points", people, "--area", inFile(t, "line.geojson", `{"type":"Point","coordinates":[1,2]}`)); got.code != 3 {
		t.Errorf("a point is no area: exit %d", got.code)
	}
}
