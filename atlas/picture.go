package atlas

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"

	"lifecircle/geo"
)

// Tone is how an area or a cell is filled. Every tone has a texture besides its
// colour, so that it survives a black-and-white printer and eyes that do not tell
// the colours apart.
type Tone uint8

// The tones.
const (
	ToneNone     Tone = iota // not filled: nothing is measured there
	ToneMuted                // the promise does not speak of it
	ToneBest                 // met by far
	ToneMet                  // met
	ToneShort                // not met
	ToneFarShort             // not met by far
	ToneWorst                // cannot be met at all
	ToneNoData               // hatched
	ToneGain                 // comes to be met
	ToneLoss                 // no longer is
	ToneStep1                // values of which nothing is asked, the least first
	ToneStep2
	ToneStep3
	ToneStep4
)

// toneNames are what clients know the tones by.
var toneNames = map[Tone]string{
	ToneNone: "none", ToneMuted: "not_applicable", ToneBest: "best", ToneMet: "met", ToneShort: "short", ToneFarShort: "far_short",
	ToneWorst: "worst", ToneNoData: "no_data", ToneGain: "gain", ToneLoss: "loss",
	ToneStep1: "step_1", ToneStep2: "step_2", ToneStep3: "step_3", ToneStep4: "step_4",
}

// String returns the name by which clients know the tone.
func (t Tone) String() string { return toneNames[t] }

// tones of the classes.
var classTones = [...]Tone{
	Nobody: ToneNone, NotApplicable: ToneMuted, Near: ToneBest, Within: ToneMet, Pass: ToneMet, NoData: ToneNoData,
	Beyond: ToneShort, Far: ToneFarShort, Fail: ToneFarShort, Unreachable: ToneWorst,
}

// Tone returns how a class is filled.
func (c Class) Tone() Tone { return classTones[c] }

// The colours are those of the client's maps: blue for met and orange for not,
// which deutan and protan eyes tell apart, darker away from the target.
var colours = map[Tone]string{
	ToneMuted: "#d5dae0", ToneBest: "#1b5c96", ToneMet: "#5a9bd0", ToneShort: "#e08a4a", ToneFarShort: "#a63f0b",
	ToneWorst: "#5e1f06", ToneNoData: "#ffffff", ToneGain: "#1a7f5a", ToneLoss: "#8b1e6b",
	ToneStep1: "#d6e6df", ToneStep2: "#9cc7b5", ToneStep3: "#559c82", ToneStep4: "#1f6650",
}

// Textures are drawn over the colour, as paths in a square of 8 units.
var textures = map[Tone]string{
	ToneShort:    `<path d="M0 8 8 0" stroke="#fff" stroke-width="1"/>`,
	ToneFarShort: `<path d="M0 8 8 0M0 0 8 8" stroke="#fff" stroke-width=".9"/>`,
	ToneWorst:    `<circle cx="4" cy="4" r="1.6" fill="#fff"/>`,
	ToneNoData:   `<path d="M-1 3 3-1M1 9 9 1" stroke="#4d5662" stroke-width="1.2"/>`,
	ToneLoss:     `<path d="M0 0 8 8" stroke="#fff" stroke-width="1.2"/>`,
}

// Picture is a thematic map with everything a printed map must say.
type Picture struct {
	Title string
	Lines []string // below the title: what, where, when
	// Bounds is what the frame shows; the zero value shows all that is drawn.
	Bounds  geo.Bounds
	Areas   []Area
	Streets [][]geo.Point
	Grid    *Grid  // nil: no cells
	Cells   []byte // of Grid
	Places  []geo.Point
	Legend  []Entry
	Notes   []string // attribution, map number or "schematic", sources
}

// Area is a polygon to fill; the first ring is its outline, the others holes.
type Area struct {
	Rings [][]geo.Point
	Tone  Tone
	Label []string // lines in the middle, where there is room
}

// Entry is a line of the legend.
type Entry struct {
	Tone  Tone
	Place bool // the symbol of a place instead
	Text  string
	Count string // right of the text; may be empty
}

// The sheet, in its own units: a third of a millimetre on A4.
const (
	sheetWidth  = 960.0
	mapHeight   = 600.0
	margin      = 16.0
	titleSize   = 24.0
	textSize    = 15.0
	smallSize   = 12.0
	legendWidth = (sheetWidth - 2*margin) / 2
)

// Size returns the width and height of the sheet in its own units.
func (p Picture) Size() (width, height float64) {
	return sheetWidth, p.mapTop() + mapHeight + 12 + p.legendRows()*24 + float64(len(p.Notes))*(smallSize+6) + margin
}

// mapTop is where the map begins, below the title and the lines.
func (p Picture) mapTop() float64 { return margin + titleSize + float64(len(p.Lines))*(textSize+6) + 8 }

func (p Picture) legendRows() float64 { return math.Ceil(float64(len(p.Legend)) / 2) }

// SVG writes the picture. It names no font file and holds no style sheet, so it
// may be shown under any content security policy.
func (p Picture) SVG(w io.Writer) error {
	var d drawing
	l := p.layout()
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" font-family="'Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei',sans-serif" fill="#1d2733">`,
		units(sheetWidth), units(l.height), units(sheetWidth), units(l.height))
	d.printf(`<title>%s</title><defs>`, escaped(p.Title))
	for tone := ToneMuted; tone <= ToneStep4; tone++ {
		if texture, ok := textures[tone]; ok {
			d.printf(`<pattern id="t%d" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="%s"/>%s</pattern>`, tone, colours[tone], texture)
		}
	}
	d.printf(`<clipPath id="frame"><rect x="%s" y="%s" width="%s" height="%s"/></clipPath></defs>`, units(margin), units(l.top), units(sheetWidth-2*margin), units(mapHeight))
	d.printf(`<rect width="100%%" height="100%%" fill="#fff"/><g clip-path="url(#frame)">`)
	d.fit(p.shown(), l.top)
	p.drawMap(&d)
	d.printf(`</g><rect x="%s" y="%s" width="%s" height="%s" fill="none" stroke="#98a4b1"/>`, units(margin), units(l.top), units(sheetWidth-2*margin), units(mapHeight))
	for _, k := range l.keys {
		if k.place {
			d.printf(`<rect x="%s" y="%s" width="9" height="9" fill="#%s"/>`, units(k.x+6), units(k.y+4), PlaceColour)
		} else {
			d.printf(`<rect x="%s" y="%s" width="%v" height="%v" fill="%s" stroke="#98a4b1" stroke-width=".6"/>`, units(k.x), units(k.y), keyWidth, keyHeight, fill(k.tone))
		}
	}
	for _, t := range l.texts {
		d.text(t)
	}
	d.printf(`</svg>`)
	_, err := w.Write(d.out.Bytes())
	return err
}

// shown returns what the frame shows.
func (p Picture) shown() geo.Bounds {
	if p.Bounds != (geo.Bounds{}) {
		return p.Bounds
	}
	b := geo.EmptyBounds()
	for _, a := range p.Areas {
		for _, ring := range a.Rings {
			for _, at := range ring {
				b = b.Extend(at)
			}
		}
	}
	if p.Grid != nil && len(p.Cells) > 0 {
		g := p.Grid.Bounds()
		b = b.Extend(g.Min).Extend(g.Max)
	}
	for _, at := range p.Places {
		b = b.Extend(at)
	}
	return b
}

func (p Picture) drawMap(d *drawing) {
	for tone := ToneNone; tone <= ToneStep4; tone++ {
		var path bytes.Buffer
		for _, a := range p.Areas {
			if a.Tone != tone {
				continue
			}
			for _, ring := range a.Rings {
				d.ring(&path, ring)
			}
		}
		if path.Len() > 0 {
			d.printf(`<path d="%s" fill="%s" fill-rule="evenodd" stroke="#7b8794" stroke-width=".8" stroke-linejoin="round"/>`, path.String(), fill(tone))
		}
	}
	for _, t := range d.labels(p.Areas) {
		d.text(t)
	}
	if len(p.Streets) > 0 {
		var path bytes.Buffer
		for _, line := range p.Streets {
			d.line(&path, line)
		}
		d.printf(`<path d="%s" fill="none" stroke="#c3cad2" stroke-width=".8"/>`, path.String())
	}
	if p.Grid != nil && len(p.Cells) > 0 {
		p.drawCells(d)
	}
	p.drawPlaces(d)
}

// drawPlaces marks the places, so small where they are many that they do not hide
// the people around them.
func (p Picture) drawPlaces(d *drawing) {
	const few, small = 300, 1.6
	if len(p.Places) > few {
		var path bytes.Buffer
		for _, at := range p.Places {
			x, y := d.at(at)
			fmt.Fprintf(&path, "M%s %sh%vv%vh-%vz", units(x-small/2), units(y-small/2), small, small, small)
		}
		d.printf(`<path d="%s" fill="#12343b"/>`, path.String())
		return
	}
	for _, at := range p.Places {
		x, y := d.at(at)
		d.printf(`<rect x="%s" y="%s" width="6" height="6" fill="#12343b" stroke="#fff" stroke-width=".7"/>`, units(x-3), units(y-3))
	}
}

// drawCells fills the cells of a class by one path: runs of a row are one
// rectangle.
func (p Picture) drawCells(d *drawing) {
	b := p.Grid.Bounds()
	left, top := d.at(geo.Point{Lon: b.Min.Lon, Lat: b.Max.Lat})
	right, bottom := d.at(geo.Point{Lon: b.Max.Lon, Lat: b.Min.Lat})
	width, height := (right-left)/float64(p.Grid.Columns), (bottom-top)/float64(p.Grid.Rows)
	for tone := ToneMuted; tone <= ToneStep4; tone++ {
		var path bytes.Buffer
		for row := range p.Grid.Rows {
			cells := p.Cells[row*p.Grid.Columns : (row+1)*p.Grid.Columns]
			for from := 0; from < len(cells); {
				to := from + 1
				if Class(cells[from]).Tone() == tone {
					for to < len(cells) && Class(cells[to]).Tone() == tone {
						to++
					}
					fmt.Fprintf(&path, "M%s %sh%sv%sh-%sz", units(left+float64(from)*width), units(top+float64(row)*height),
						units(float64(to-from)*width), units(height), units(float64(to-from)*width))
				}
				from = to
			}
		}
		if path.Len() > 0 {
			d.printf(`<path d="%s" fill="%s"/>`, path.String(), fill(tone))
		}
	}
}

// drawing is an SVG as it is written.
type drawing struct {
	out      bytes.Buffer
	scale    float64 // units of the sheet in the width of the world
	left, up float64 // where the corner of the world lies
}

func (d *drawing) printf(format string, args ...any) { fmt.Fprintf(&d.out, format, args...) }

// fit puts bounds into the map's frame.
func (d *drawing) fit(b geo.Bounds, top float64) {
	const pad = 18
	west, north := mercator(geo.Point{Lon: b.Min.Lon, Lat: b.Max.Lat})
	east, south := mercator(geo.Point{Lon: b.Max.Lon, Lat: b.Min.Lat})
	// A single place has no width: show a kilometre or so around it.
	const least = 3e-5
	width, height := max(east-west, least), max(south-north, least)
	d.scale = min((sheetWidth-2*margin-2*pad)/width, (mapHeight-2*pad)/height)
	d.left = sheetWidth/2 - (west+east)/2*d.scale
	d.up = top + mapHeight/2 - (north+south)/2*d.scale
}

func (d *drawing) at(p geo.Point) (x, y float64) {
	x, y = mercator(p)
	return x*d.scale + d.left, y*d.scale + d.up
}

func (d *drawing) ring(path *bytes.Buffer, ring []geo.Point) {
	d.line(path, ring)
	path.WriteByte('z')
}

func (d *drawing) line(path *bytes.Buffer, line []geo.Point) {
	for i, p := range line {
		x, y := d.at(p)
		command := byte('L')
		if i == 0 {
			command = 'M'
		}
		path.WriteByte(command)
		path.WriteString(units(x))
		path.WriteByte(' ')
		path.WriteString(units(y))
	}
}

func fill(t Tone) string {
	if _, textured := textures[t]; textured {
		return fmt.Sprintf("url(#t%d)", t)
	}
	if colour, ok := colours[t]; ok {
		return colour
	}
	return "none"
}

// units writes a number with one decimal, the tenth of a unit being invisible.
func units(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

func escaped(text string) string {
	var out bytes.Buffer
	if err := xml.EscapeText(&out, []byte(text)); err != nil {
		panic(err) // a buffer takes everything
	}
	return out.String()
}
