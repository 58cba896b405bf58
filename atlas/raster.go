package atlas

import (
	"image"
	"image/color"
	"math"
	"slices"
	"strconv"

	"lifecircle/geo"
)

// Colour returns the colour of a tone as RRGGBB; white where it has none.
func (t Tone) Colour() string {
	if colour, ok := colours[t]; ok {
		return colour[1:]
	}
	return "ffffff"
}

// PlaceColour is the colour of the marks of places, as RRGGBB.
const PlaceColour = "12343b"

// Colours of an image besides those of the tones.
const (
	inkPaper = uint8(ToneStep4) + 1 + iota
	inkStreet
	inkPlace
	inkLine
	inkHatch
)

// palette is the colours of an image: the tones by their numbers, then the inks.
func palette() color.Palette {
	p, of := make(color.Palette, inkHatch+1), colourOf
	for tone := ToneNone; tone <= ToneStep4; tone++ {
		p[tone] = of(tone.Colour())
	}
	p[inkPaper], p[inkStreet], p[inkPlace] = of("ffffff"), of("c3cad2"), of(PlaceColour)
	p[inkLine], p[inkHatch] = of("7b8794"), of("4d5662")
	return p
}

// colourOf reads RRGGBB.
func colourOf(hex string) color.RGBA {
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		panic("atlas: colour " + hex)
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 0xff}
}

// Image draws the map alone, without the words around it, so many pixels wide: for
// files that show no SVG, which set its legend in their own letters. No font is
// needed, and the same picture gives the same pixels on every machine.
func (p Picture) Image(width int) *image.Paletted {
	k := float64(width) / (sheetWidth - 2*margin)
	r := raster{scale: k, to: image.NewPaletted(image.Rect(0, 0, width, int(math.Round(mapHeight*k))), palette())}
	for i := range r.to.Pix {
		r.to.Pix[i] = inkPaper
	}
	r.fit(p.shown(), 0)
	for tone := ToneNone; tone <= ToneStep4; tone++ {
		for _, a := range p.Areas {
			if a.Tone == tone {
				r.area(a)
			}
		}
	}
	for _, line := range p.Streets {
		r.line(line, inkStreet)
	}
	if p.Grid != nil && len(p.Cells) > 0 {
		r.cells(p)
	}
	r.places(p.Places)
	r.frame()
	return r.to
}

// raster is an image as it is drawn, by the projection of a drawing.
type raster struct {
	drawing
	scale float64 // pixels in a unit of the sheet
	to    *image.Paletted
}

// pixel is where a position lies.
func (r *raster) pixel(at geo.Point) (x, y float64) {
	x, y = r.at(at)
	return (x - margin) * r.scale, y * r.scale
}

// set colours a pixel of a tone with its texture.
func (r *raster) set(x, y int, tone Tone) {
	const side = 8
	u, v := math.Mod(float64(x)/r.scale, side), math.Mod(float64(y)/r.scale, side)
	near := func(d, line, width float64) bool {
		d = math.Mod(d-line+2*side, side)
		return d < width || side-d < width
	}
	ink := uint8(tone)
	switch tone {
	case ToneShort:
		if near(u+v, 0, 0.7) {
			ink = inkPaper
		}
	case ToneFarShort:
		if near(u+v, 0, 0.65) || near(u-v, 0, 0.65) {
			ink = inkPaper
		}
	case ToneWorst:
		if (u-4)*(u-4)+(v-4)*(v-4) < 1.6*1.6 {
			ink = inkPaper
		}
	case ToneNoData:
		if near(u+v, 2, 0.8) {
			ink = inkHatch
		}
	case ToneLoss:
		if near(u-v, 0, 0.8) {
			ink = inkPaper
		}
	case ToneNone:
		return
	}
	r.to.SetColorIndex(x, y, ink)
}

// box is a rectangle in pixels.
type box struct{ left, top, right, bottom float64 }

// fill colours the pixels whose middles lie in a box.
func (r *raster) fill(in box, tone Tone) {
	b := r.to.Rect
	for y := max(int(math.Ceil(in.top-0.5)), 0); float64(y)+0.5 < in.bottom && y < b.Max.Y; y++ {
		for x := max(int(math.Ceil(in.left-0.5)), 0); float64(x)+0.5 < in.right && x < b.Max.X; x++ {
			r.set(x, y, tone)
		}
	}
}

func (r *raster) cells(p Picture) {
	b := p.Grid.Bounds()
	left, top := r.pixel(geo.Point{Lon: b.Min.Lon, Lat: b.Max.Lat})
	right, bottom := r.pixel(geo.Point{Lon: b.Max.Lon, Lat: b.Min.Lat})
	width, height := (right-left)/float64(p.Grid.Columns), (bottom-top)/float64(p.Grid.Rows)
	for i, class := range p.Cells {
		if tone := Class(class).Tone(); tone != ToneNone {
			x, y := left+float64(i%p.Grid.Columns)*width, top+float64(i/p.Grid.Columns)*height
			r.fill(box{x, y, x + width, y + height}, tone)
		}
	}
}

// area fills a polygon by the even-odd rule, a row of pixels at a time, and draws its
// edges.
func (r *raster) area(a Area) {
	for y := range r.to.Rect.Max.Y {
		var crossings []float64
		middle := float64(y) + 0.5
		for _, ring := range a.Rings {
			for i := range ring {
				x1, y1 := r.pixel(ring[i])
				x2, y2 := r.pixel(ring[(i+1)%len(ring)])
				if (y1 <= middle) != (y2 <= middle) {
					crossings = append(crossings, x1+(middle-y1)/(y2-y1)*(x2-x1))
				}
			}
		}
		slices.Sort(crossings)
		for i := 0; i+1 < len(crossings); i += 2 {
			for x := max(int(math.Ceil(crossings[i]-0.5)), 0); float64(x)+0.5 < crossings[i+1] && x < r.to.Rect.Max.X; x++ {
				r.set(x, y, a.Tone)
			}
		}
	}
	for _, ring := range a.Rings {
		if len(ring) > 0 {
			r.line(append(slices.Clone(ring), ring[0]), inkLine)
		}
	}
}

// line draws a line a pixel wide.
func (r *raster) line(line []geo.Point, ink uint8) {
	for i := 1; i < len(line); i++ {
		x1, y1 := r.pixel(line[i-1])
		x2, y2 := r.pixel(line[i])
		steps := math.Ceil(max(math.Abs(x2-x1), math.Abs(y2-y1), 1))
		if steps > 4*float64(r.to.Rect.Max.X+r.to.Rect.Max.Y) {
			continue // nearly all of it lies outside
		}
		for s := 0.0; s <= steps; s++ {
			x, y := int(math.Floor(x1+(x2-x1)*s/steps)), int(math.Floor(y1+(y2-y1)*s/steps))
			if image.Pt(x, y).In(r.to.Rect) {
				r.to.SetColorIndex(x, y, ink)
			}
		}
	}
}

// places marks places as drawPlaces does.
func (r *raster) places(places []geo.Point) {
	const few, large, small = 300, 3, 0.8
	half := large * r.scale
	if len(places) > few {
		half = small * r.scale
	}
	for _, at := range places {
		x, y := r.pixel(at)
		for py := max(int(y-half), 0); py <= int(y+half) && py < r.to.Rect.Max.Y; py++ {
			for px := max(int(x-half), 0); px <= int(x+half) && px < r.to.Rect.Max.X; px++ {
				r.to.SetColorIndex(px, py, inkPlace)
			}
		}
	}
}

func (r *raster) frame() {
	b := r.to.Rect
	for x := range b.Max.X {
		r.to.SetColorIndex(x, 0, inkLine)
		r.to.SetColorIndex(x, b.Max.Y-1, inkLine)
	}
	for y := range b.Max.Y {
		r.to.SetColorIndex(0, y, inkLine)
		r.to.SetColorIndex(b.Max.X-1, y, inkLine)
	}
}
