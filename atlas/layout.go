package atlas

// layout is where everything but the map itself stands on the sheet.
type layout struct {
	top, height float64 // of the map's frame; of the sheet
	keys        []key
	texts       []written
}

// key is a symbol of the legend, by its upper left corner.
type key struct {
	x, y  float64
	tone  Tone
	place bool
}

// The size of a key.
const (
	keyWidth  = 22
	keyHeight = 16
)

// written is a text, by the foot of its letters.
type written struct {
	x, y, size float64
	text       string
	soft, bold bool
	anchor     anchor
	halo       bool // white around the letters
}

// anchor is what of a text stands at its position.
type anchor string

// The anchors; none is the start.
const (
	atMiddle anchor = "middle"
	atEnd    anchor = "end"
)

// The colours of letters.
const (
	inkColour  = "#1d2733"
	softColour = "#4d5662"
)

func (p Picture) layout() layout {
	l := layout{top: p.mapTop()}
	_, l.height = p.Size()
	y := margin + titleSize - 4
	l.texts = append(l.texts, written{x: margin, y: y, size: titleSize, text: p.Title, bold: true})
	for _, line := range p.Lines {
		y += textSize + 6
		l.texts = append(l.texts, written{x: margin, y: y, size: textSize, text: line, soft: true})
	}
	const row = 24
	first := l.top + mapHeight + 12
	for i, e := range p.Legend {
		x, at := margin+float64(i%2)*legendWidth, first+float64(i/2)*row
		l.keys = append(l.keys, key{x, at, e.Tone, e.Place})
		l.texts = append(l.texts, written{x: x + 30, y: at + 13, size: textSize, text: e.Text})
		if e.Count != "" {
			l.texts = append(l.texts, written{x: x + legendWidth - 20, y: at + 13, size: textSize, text: e.Count, soft: true, anchor: atEnd})
		}
	}
	y = first + p.legendRows()*row + smallSize
	for _, note := range p.Notes {
		l.texts = append(l.texts, written{x: margin, y: y, size: smallSize, text: note, soft: true})
		y += smallSize + 6
	}
	return l
}

// text writes a text into an SVG.
func (d *drawing) text(t written) {
	colour, more := inkColour, ""
	if t.soft {
		colour = softColour
	}
	if t.bold {
		more += ` font-weight="600"`
	}
	if t.anchor != "" {
		more += ` text-anchor="` + string(t.anchor) + `"`
	}
	if t.halo {
		more += ` paint-order="stroke" stroke="#fff" stroke-width="3" stroke-linejoin="round"`
	}
	d.printf(`<text x="%s" y="%s" font-size="%s" fill="%s"%s>%s</text>`, units(t.x), units(t.y), units(t.size), colour, more, escaped(t.text))
}
