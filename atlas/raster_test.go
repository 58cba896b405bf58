package atlas

import (
	"bytes"
	"image/png"
	"testing"

	"lifecircle/geo"
)

// Every cell has its tone in the image, at the place where the SVG has it.
func TestImage(t *testing.T) {
	t.Parallel()
	at := []geo.Point{{Lon: 106, Lat: 38}, {Lon: 106.01, Lat: 38}, {Lon: 106.02, Lat: 38}, {Lon: 106.03, Lat: 38}}
	g := NewGrid(at, 64)
	p := Picture{Grid: g, Cells: g.Paint([]Class{Near, Far, NoData, Unreachable})}
	drawn := p.Image(928)
	if drawn.Rect.Dx() != 928 || drawn.Rect.Dy() != 600 {
		t.Fatalf("the image is %v", drawn.Rect)
	}
	counts := make(map[uint8]int)
	for _, ink := range drawn.Pix {
		counts[ink]++
	}
	// A cell has the same size whatever its tone; textures take some of it.
	near := counts[uint8(ToneBest)]
	if near == 0 {
		t.Fatalf("no cell is near: %v", counts)
	}
	for tone, least := range map[Tone]float64{ToneFarShort: 0.5, ToneWorst: 0.6, ToneNoData: 0.5} {
		if n := counts[uint8(tone)]; float64(n) < least*float64(near) || n > near {
			t.Errorf("tone %d has %d pixels, the plain cell %d", tone, n, near)
		}
	}
	if counts[inkHatch] == 0 {
		t.Error("what is not known is not hatched")
	}
	var first, again bytes.Buffer
	if err := png.Encode(&first, drawn); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&again, p.Image(928)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error("the same picture gave other pixels")
	}
}

// A square with a hole: what is filled is the square less the hole.
func TestImageOfAreas(t *testing.T) {
	t.Parallel()
	square := func(half float64) []geo.Point {
		return []geo.Point{{Lon: -half, Lat: -half}, {Lon: half, Lat: -half}, {Lon: half, Lat: half}, {Lon: -half, Lat: half}, {Lon: -half, Lat: -half}}
	}
	count := func(tone Tone, rings ...[]geo.Point) int {
		p := Picture{Areas: []Area{{Rings: rings, Tone: tone}}, Bounds: geo.Bounds{Min: geo.Point{Lon: -1, Lat: -1}, Max: geo.Point{Lon: 1, Lat: 1}}}
		n := 0
		for _, ink := range p.Image(928).Pix {
			if ink == uint8(tone) {
				n++
			}
		}
		return n
	}
	whole, holed := count(ToneMet, square(0.8)), count(ToneMet, square(0.8), square(0.4))
	// A hole half as wide is a quarter of the area; the lines around take some pixels.
	if ratio := float64(holed) / float64(whole); ratio < 0.73 || ratio > 0.76 {
		t.Errorf("with the hole %d pixels, without %d", holed, whole)
	}
	for tone := ToneMuted; toneNames[tone] != ""; tone++ { // textures take less than half
		if n := count(tone, square(0.8)); n <= whole/2 {
			t.Errorf("an area of tone %s has %d pixels of it, one without a texture %d", tone, n, whole)
		}
	}
}
