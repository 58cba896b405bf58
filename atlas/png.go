package atlas

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// dots is how many dots of a PNG a unit of the sheet has: 1,920 across it, some 170 to
// the inch on A4.
const dots = 2

// PNG writes the picture with all that stands around its map, the letters in a font. Its
// errors are those of w.
func (p Picture) PNG(w io.Writer, f *Font) error {
	l := p.layout()
	to := image.NewRGBA(image.Rect(0, 0, sheetWidth*dots, int(math.Ceil(l.height*dots))))
	draw.Draw(to, to.Bounds(), image.White, image.Point{}, draw.Src)
	paste := func(drawn *image.Paletted, x, y float64) {
		at := image.Pt(int(math.Round(x*dots)), int(math.Round(y*dots)))
		draw.Draw(to, drawn.Rect.Add(at), drawn, image.Point{}, draw.Src)
	}
	paste(p.Image((sheetWidth-2*margin)*dots), margin, l.top)
	for _, k := range l.keys {
		paste(k.image(), k.x, k.y)
	}
	letters := pen{font: f, faces: make(map[float64]font.Face), to: to}
	var d drawing
	d.fit(p.shown(), l.top)
	for _, t := range append(d.labels(p.Areas), l.texts...) {
		letters.write(t)
	}
	out := bufio.NewWriter(w)
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(out, to); err != nil {
		return fmt.Errorf("write picture: %w", err)
	}
	return out.Flush()
}

// image draws a key of the legend.
func (k key) image() *image.Paletted {
	r := raster{scale: dots, to: image.NewPaletted(image.Rect(0, 0, keyWidth*dots, keyHeight*dots), palette())}
	for i := range r.to.Pix {
		r.to.Pix[i] = inkPaper
	}
	if k.place {
		const left, top, side = 6 * dots, 4 * dots, 9 * dots
		for y := range side {
			for x := range side {
				r.to.SetColorIndex(left+x, top+y, inkPlace)
			}
		}
		return r.to
	}
	r.fill(box{0, 0, keyWidth * dots, keyHeight * dots}, k.tone)
	r.frame()
	return r.to
}

// pen writes letters.
type pen struct {
	font  *Font
	faces map[float64]font.Face
	to    *image.RGBA
}

func (p *pen) write(t written) {
	face := p.face(t.size)
	const perDot = 64 // of the numbers in which fonts measure
	at := fixed.Point26_6{X: fixed.Int26_6(t.x * dots * perDot), Y: fixed.Int26_6(t.y * dots * perDot)}
	switch width := font.MeasureString(face, t.text); t.anchor {
	case atMiddle:
		at.X -= width / 2
	case atEnd:
		at.X -= width
	}
	stroke := func(c color.Color, dx, dy float64) {
		d := font.Drawer{Dst: p.to, Src: image.NewUniform(c), Face: face, Dot: at}
		d.Dot.X += fixed.Int26_6(dx * perDot)
		d.Dot.Y += fixed.Int26_6(dy * perDot)
		d.DrawString(t.text)
	}
	if t.halo {
		const directions, far = 12, 1.5 * dots
		for i := range directions {
			angle := 2 * math.Pi * float64(i) / directions
			stroke(color.White, far*math.Cos(angle), far*math.Sin(angle))
		}
	}
	ink := colourOf(inkColour[1:])
	if t.soft {
		ink = colourOf(softColour[1:])
	}
	stroke(ink, 0, 0)
	if t.bold { // the font has one weight: written twice it is heavier
		stroke(ink, dots/4.0, 0)
	}
}

func (p *pen) face(size float64) font.Face {
	if known, ok := p.faces[size]; ok {
		return known
	}
	face, err := opentype.NewFace(p.font.font, &opentype.FaceOptions{Size: size * dots, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err) // the options are ours
	}
	p.faces[size] = face
	return face
}
