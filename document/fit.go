package document

import "math"

// The page of a one-page document inside its margins, in millimetres.
const (
	pageWidthMM  = 190.0
	pageHeightMM = 277.0
	mmPerPoint   = 25.4 / 72
)

// The letters of a one-page document, in points.
const (
	largestType  = 10.5
	smallestType = 5.0
)

// FontSize returns the size of letters in points with which a one-page document
// fills its page and no more. Nothing is drawn for it: lines are counted by the
// widths of their characters, a full em for Han and a little over half of one for
// others, which overestimates most texts; a twentieth of the page is kept in reserve.
func (d Document) FontSize() float64 {
	if d.Type > 0 {
		return d.Type
	}
	for size := largestType; size > smallestType; size -= 0.1 {
		if d.height(size) <= pageHeightMM*0.95 {
			return math.Round(size*10) / 10
		}
	}
	return smallestType
}

// height estimates how high the document stands in millimetres.
func (d Document) height(points float64) float64 {
	em := points * mmPerPoint
	m := measure{em: em, width: pageWidthMM}
	h := 1.55*1.35*em + 0.2*em // the title
	for _, line := range d.Lines {
		h += m.paragraph(line)
	}
	if d.Banner != "" {
		h += m.paragraph(d.Banner) + em
	}
	h += m.blocks(d.Blocks)
	for _, note := range d.Notes {
		h += m.paragraph(note) * 0.85
	}
	return h + 1.2*em
}

// measure is a column of a page.
type measure struct{ em, width float64 }

const lineHeight = 1.35

// lines counts the lines of a text in a width as a browser breaks them: after blanks,
// hyphens and Han characters, and anywhere in a word that no line holds.
func (m measure) lines(text string, width float64) float64 {
	const han = 0x2e80
	limit := math.Max(width/m.em, 1)
	count, at, word := 1.0, 0.0, 0.0
	place := func() {
		if at+word > limit && at > 0 {
			count++
			at = 0
		}
		for ; word > limit; word -= limit {
			count++
		}
		at += word
		word = 0
	}
	for _, r := range text {
		word += runeWidth(r)
		if r >= han || r == ' ' || r == '-' {
			place()
		}
	}
	place()
	return count
}

func (m measure) paragraph(text string) float64 {
	return m.lines(text, m.width)*lineHeight*m.em + 0.3*m.em
}

func (m measure) blocks(blocks []Block) (h float64) {
	for _, b := range blocks {
		switch b := b.(type) {
		case *Heading:
			h += 1.15*lineHeight*m.em + 0.9*m.em
		case *Paragraph:
			h += m.paragraph(b.Label + b.Text)
		case *Table:
			h += m.table(b)
		case *Picture:
			h += b.HeightMM + 0.8*m.em
		case *Columns:
			left := measure{m.em, (m.width - 5) * 1.1 / 2.1}
			right := measure{m.em, (m.width - 5) / 2.1}
			h += math.Max(left.blocks(b.Left), right.blocks(b.Right))
		}
	}
	return h
}

func (m measure) table(t *Table) float64 {
	if t.Where == OnSheets {
		return 0
	}
	row := lineHeight*m.em + 0.24*m.em + 0.2
	h := row
	if t.Caption != "" {
		h += row
	}
	shares := t.Shared()
	for _, r := range t.PaperRows() {
		lines := 1.0
		for i, c := range r.Cells {
			if shares[i] > 0 && !r.Part {
				lines = math.Max(lines, m.lines(c.Text, shares[i]*m.width-0.7*m.em))
			}
		}
		h += (lines-1)*lineHeight*m.em + row
	}
	if len(t.PaperRows()) < len(t.Rows) {
		h += row
	}
	return h
}

// TextWidth estimates the width of a text in ems.
func TextWidth(text string) (ems float64) {
	for _, r := range text {
		ems += runeWidth(r)
	}
	return ems
}

func runeWidth(r rune) float64 {
	const latin, marks = 0.56, 0x2e80 // before which no character is as wide as it is high
	if r < marks {
		return latin
	}
	return 1
}
