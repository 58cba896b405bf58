package atlas

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/font/gofont/goregular"

	"lifecircle"
	"lifecircle/geo"
)

// latin is a font without Chinese letters, enough to see where dots come to lie.
func latin(t testing.TB) *Font {
	t.Helper()
	f, err := readFont(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func dotsOf(t *testing.T, p Picture) image.Image {
	t.Helper()
	var out bytes.Buffer
	if err := p.PNG(&out, latin(t)); err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// Two squares side by side, the western with a hole: what is filled, what is not, and
// that the two forms of a picture are of one size.
func TestPNG(t *testing.T) {
	t.Parallel()
	square := func(west, south, east, north float64) []geo.Point {
		return []geo.Point{{Lon: west, Lat: south}, {Lon: east, Lat: south}, {Lon: east, Lat: north}, {Lon: west, Lat: north}, {Lon: west, Lat: south}}
	}
	hole := square(0.4, 0.4, 0.6, 0.6)
	hole[1], hole[3] = hole[3], hole[1] // the other way round
	p := Picture{
		Title: "Two squares", Areas: []Area{
			{Tone: ToneMet, Rings: [][]geo.Point{square(0, 0, 1, 1), hole}},
			{Tone: ToneBest, Rings: [][]geo.Point{square(1, 0, 2, 1)}, Label: []string{"east"}},
		},
		Legend: []Entry{{Tone: ToneMet, Text: "met"}}, Notes: []string{"schematic"},
	}
	picture := dotsOf(t, p)
	var d drawing
	d.fit(p.shown(), p.layout().top)
	at := func(lon, lat float64) color.Color {
		x, y := d.at(geo.Point{Lon: lon, Lat: lat})
		return picture.At(int(x*dots), int(y*dots))
	}
	key := p.layout().keys[0]
	for name, c := range map[string]struct {
		got  color.Color
		want string
	}{
		"west":        {at(0.2, 0.2), colours[ToneMet]},
		"in the hole": {at(0.5, 0.5), "#ffffff"},
		"east":        {at(1.9, 0.1), colours[ToneBest]},
		"beside":      {at(2.05, 0.5), "#ffffff"},
		"the margin":  {picture.At(1, 1), "#ffffff"},
		"the key":     {picture.At(int(key.x*dots)+dots*keyWidth/2, int(key.y*dots)+dots*keyHeight/2), colours[ToneMet]},
	} {
		if got, want := color.RGBAModel.Convert(c.got), colourOf(c.want[1:]); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	// Something is written: there are dots of ink above the frame and in the east.
	if inked(picture, image.Rect(0, 0, sheetWidth*dots, int(p.layout().top*dots))) == 0 {
		t.Error("there is no title")
	}
	x, y := d.at(geo.Point{Lon: 1.5, Lat: 0.5})
	if inked(picture, image.Rect(int(x*dots)-40, int(y*dots)-30, int(x*dots)+40, int(y*dots)+30)) == 0 {
		t.Error("the east is not named")
	}
	if got := picture.Bounds().Size(); got.X != sheetWidth*dots || got.Y < mapHeight*dots {
		t.Errorf("%v dots", got)
	}
}

// inked counts dots of ink in a part of a picture.
func inked(p image.Image, in image.Rectangle) (count int) {
	ink := colourOf(inkColour[1:])
	for y := in.Min.Y; y < in.Max.Y; y++ {
		for x := in.Min.X; x < in.Max.X; x++ {
			if color.RGBAModel.Convert(p.At(x, y)) == ink {
				count++
			}
		}
	}
	return count
}

func TestFontIsMissingOrFaulty(t *testing.T) {
	t.Parallel()
	if _, err := OpenFont(filepath.Join(t.TempDir(), "none.ttc")); lifecircle.ErrorCode(err) != "font_missing" {
		t.Errorf("no font: %v", err)
	}
	faulty := filepath.Join(t.TempDir(), "faulty.ttc")
	if err := os.WriteFile(faulty, []byte("no font"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFont("/nowhere/font.ttc", faulty); lifecircle.ErrorCode(err) != "font_faulty" {
		t.Errorf("a faulty font: %v", err)
	}
}

func BenchmarkPNG(b *testing.B) {
	at, classes := make([]geo.Point, 73_000), make([]Class, 73_000)
	for i := range at {
		at[i] = geo.Point{Lon: 104.3 + float64(i%271)*0.012, Lat: 35.2 + float64(i/271)*0.015}
		classes[i] = Class(i % 10)
	}
	g := NewGrid(at, 36_000)
	p := Picture{Title: "73,000 points", Grid: g, Cells: g.Paint(classes)}
	f := latin(b)
	for b.Loop() {
		if err := p.PNG(new(bytes.Buffer), f); err != nil {
			b.Fatal(err)
		}
	}
}
