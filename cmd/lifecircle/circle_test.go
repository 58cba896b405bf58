package main

import "testing"

// TestCircleByArithmetic: on the street of 1 km a clinic at either end and a school in
// the side street 200 m from the crossing. p lives 200 m from the west end, q at the
// crossing: 300 m from each other, p 500 m from the school, q 500 m from both clinics.
func TestCircleByArithmetic(t *testing.T) {
	t.Parallel()
	city, net := townFile(t, sideStreet)
	facilities := inFile(t, "f.csv", "id,lon,lat,kind\n"+pointAt(city, "west", 1, 1)+",clinic\n"+pointAt(city, "east", 1, 11)+",clinic\n"+
		pointAt(city, "south", 3, 6)+",school\n")
	points := inFile(t, "p.csv", "id,lon,lat,weight\n"+pointAt(city, "p", 1, 3)+",100\n"+pointAt(city, "q", 1, 6)+",200\n"+"far,100,0,5\n")
	levels := `variants: [long, short]
levels:
  - {id: near, metres: [300, 200], must: [clinic]}
  - {id: wide, metres: [500, 400], must: [school], should: [pool], people: {least: 300}}
`
	circle := inFile(t, "circle.yaml", levels)
	got := succeed(t, "access", "circle", net, "--facilities", facilities, "--points", points, "--circle", circle, "--demand", points, "--format", "csv")
	want := `id,variant,level,holds,nested,must_lacking,should_lacking,people,fit
p,long,near,true,true,,,300,within
p,long,wide,true,true,,pool,300,within
p,short,near,true,true,,,100,within
p,short,wide,false,false,school,pool,300,within
q,long,near,false,false,clinic,,300,within
q,long,wide,true,false,,pool,300,within
q,short,near,false,false,clinic,,200,within
q,short,wide,false,false,clinic,pool,300,within
`
	if got.stdout != want {
		t.Errorf("got\n%swant\n%s", got.stdout, want)
	}
	// Nobody counted the people: then nothing is said of them.
	got = succeed(t, "access", "circle", net, "--facilities", facilities, "--points", points, "--circle", circle, "--format", "csv")
	if rows := "p,long,near,true,true,,,,no_data\n"; got.stdout[len("id,variant,level,holds,nested,must_lacking,should_lacking,people,fit\n"):][:len(rows)] != rows {
		t.Errorf("without people:\n%s", got.stdout)
	}
	for name, text := range map[string]string{
		"not growing": "variants: [a]\nlevels:\n  - {id: x, metres: [300]}\n  - {id: y, metres: [300]}\n",
		"no variant":  "levels:\n  - {id: x, metres: [300]}\n",
		"a slip":      "variants: [a]\nlevels:\n  - {id: x, meters: [300]}\n",
	} {
		if got := tell(t, "access", "circle", net, "--facilities", facilities, "--points", points, "--circle", inFile(t, "bad.yaml", text)); got.code != 3 {
			t.Errorf("%s: exit %d, %s", name, got.code, got.err)
		}
	}
}
