package docx

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"lifecircle/document"
)

const (
	namespaceW = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	namespaceR = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)

// body is the text of a document as it is written.
type body struct {
	document document.Document
	layout   layout
	out      bytes.Buffer
	pictures [][]byte
}

func (b *body) printf(format string, args ...any) { fmt.Fprintf(&b.out, format, args...) }

// escaped writes a text into XML; characters that XML cannot hold become a mark.
func escaped(text string) string {
	var out bytes.Buffer
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	if err := xml.EscapeText(&out, []byte(text)); err != nil {
		panic(err) // a buffer takes everything
	}
	return out.String()
}

func (b *body) write() {
	d := b.document
	b.printf(`%s<w:document xmlns:w="%s" xmlns:r="%s" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" `+
		`xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>`,
		xmlHead, namespaceW, namespaceR)
	if d.Head.Issuer != "" {
		b.paragraph("Issuer", run{text: d.Head.Issuer})
		b.paragraph("IssueNumber", run{text: d.Head.Number})
	}
	b.paragraph("Title", run{text: d.Title})
	for _, line := range d.Lines {
		b.paragraph("Subtitle", run{text: line})
	}
	if d.Banner != "" {
		b.paragraph("Banner", run{text: d.Banner})
	}
	b.blocks(d.Blocks)
	for _, note := range d.Notes {
		b.paragraph("Note", run{text: note})
	}
	b.printf(`%s</w:body></w:document>`, b.layout.section())
}

func (b *body) blocks(blocks []document.Block) {
	for _, block := range blocks {
		switch block := block.(type) {
		case *document.Heading:
			b.paragraph(fmt.Sprintf("Heading%d", min(max(block.Level, 1), 4)), run{text: block.Text})
		case *document.Paragraph:
			b.paragraph("", run{text: block.Label, bold: true}, run{text: block.Text, tone: block.Tone})
		case *document.Table:
			b.table(block)
		case *document.Picture:
			b.picture(block)
		case *document.Columns:
			b.blocks(block.Left)
			b.blocks(block.Right)
		}
	}
}

// run is a piece of text in one hand.
type run struct {
	text string
	bold bool
	tone document.Tone
}

// The colours of the tones, those of the pages.
var toneColours = map[document.Tone]string{document.Good: "1B5C96", document.Bad: "A63F0B", document.Waiting: "7A5A00", document.Soft: "4D5662"}

func (b *body) paragraph(style string, runs ...run) {
	b.printf(`<w:p>`)
	if style != "" {
		b.printf(`<w:pPr><w:pStyle w:val="%s"/></w:pPr>`, style)
	}
	for _, r := range runs {
		b.run(r)
	}
	b.printf(`</w:p>`)
}

func (b *body) run(r run) {
	if r.text == "" {
		return
	}
	b.printf(`<w:r>`)
	if colour := toneColours[r.tone]; r.bold || colour != "" {
		b.printf(`<w:rPr>`)
		if r.bold {
			b.printf(`<w:b/>`)
		}
		if colour != "" {
			b.printf(`<w:color w:val="%s"/>`, colour)
		}
		b.printf(`</w:rPr>`)
	}
	b.printf(`<w:t xml:space="preserve">%s</w:t></w:r>`, escaped(r.text))
}

// table writes what paper shows of a table. The heading comes again on every page,
// and no row is torn.
func (b *body) table(t *document.Table) {
	if t.Where == document.OnSheets {
		return
	}
	if t.Caption != "" {
		b.paragraph("Caption", run{text: t.Caption})
	}
	shares := t.Shared()
	widths := make([]int, len(shares))
	for i, share := range shares {
		widths[i] = int(math.Round(share * float64(b.layout.width())))
	}
	b.printf(`<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblBorders>`, b.layout.width())
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		b.printf(`<w:%s w:val="single" w:sz="4" w:space="0" w:color="1D2733"/>`, side)
	}
	b.printf(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, width := range widths {
		if width > 0 {
			b.printf(`<w:gridCol w:w="%d"/>`, width)
		}
	}
	b.printf(`</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, c := range t.Columns {
		if widths[i] > 0 {
			b.cell(cell{width: widths[i], style: "TableHead", right: c.Number, run: run{text: c.Heading}})
		}
	}
	b.printf(`</w:tr>`)
	for _, row := range t.PaperRows() {
		b.row(t, row, widths)
	}
	b.printf(`</w:tbl>`)
	if rest := len(t.Rows) - len(t.PaperRows()); rest > 0 {
		b.paragraph("Note", run{text: fmt.Sprintf(b.document.More, len(t.PaperRows()), len(t.Rows))})
		return
	}
	b.paragraph("TableEnd")
}

func (b *body) row(t *document.Table, row document.Row, widths []int) {
	b.printf(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
	if row.Part {
		first, rest, spanned := 0, 0, 0
		for _, width := range widths {
			switch {
			case width == 0:
			case first == 0:
				first = width
			default:
				rest += width
				spanned++
			}
		}
		b.cell(cell{width: first, style: "TableHead", run: run{text: row.Cells[0].Text}})
		b.cell(cell{width: rest, span: spanned, style: "TableHead", run: run{text: row.Cells[1].Text}})
	} else {
		for i, c := range row.Cells {
			if widths[i] > 0 {
				b.cell(cell{width: widths[i], style: "TableText", right: t.Columns[i].Number, run: run{text: c.Text, tone: c.Tone}})
			}
		}
	}
	b.printf(`</w:tr>`)
}

// cell is a cell of a table as Word has it.
type cell struct {
	width int // twentieths of a point
	span  int
	style string
	right bool
	fill  string // colour behind the text, as RRGGBB
	run   run
}

func (b *body) cell(c cell) {
	b.printf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, c.width)
	if c.span > 1 {
		b.printf(`<w:gridSpan w:val="%d"/>`, c.span)
	}
	if c.fill != "" {
		b.printf(`<w:shd w:val="clear" w:color="auto" w:fill="%s"/>`, c.fill)
	}
	b.printf(`</w:tcPr><w:p><w:pPr><w:pStyle w:val="%s"/>`, c.style)
	if c.right {
		b.printf(`<w:jc w:val="right"/>`)
	}
	b.printf(`</w:pPr>`)
	b.run(c.run)
	b.printf(`</w:p></w:tc>`)
}

// emuPerMM are the English Metric Units of a millimetre.
const emuPerMM = 36000

// picture writes a picture with its words as text below it: they can be searched,
// and need no font in the picture.
func (b *body) picture(p *document.Picture) {
	if len(p.PNG) == 0 {
		return
	}
	b.pictures = append(b.pictures, p.PNG)
	n := len(b.pictures)
	width := math.Min(p.PNGWidthMM, b.layout.widthMM())
	height := p.PNGHeightMM * width / p.PNGWidthMM
	cx, cy := int(width*emuPerMM), int(height*emuPerMM)
	b.printf(`<w:p><w:pPr><w:pStyle w:val="Picture"/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/>`+
		`<wp:docPr id="%d" name="map%d" descr="%s"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>`+
		`<pic:nvPicPr><pic:cNvPr id="%d" name="map%d.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="map%d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
		`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
		cx, cy, n, n, escaped(p.Alt), n, n, n, cx, cy)
	b.paragraph("Caption", run{text: p.Alt})
	if len(p.Keys) > 0 {
		b.legend(p.Keys)
	}
	for _, note := range p.Notes {
		b.paragraph("Note", run{text: note})
	}
}

// legend is a table of what the colours of a map mean.
func (b *body) legend(keys []document.Key) {
	const patch = 420
	rest := b.layout.width() - patch
	count := rest / 3
	b.printf(`<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="%d"/><w:gridCol w:w="%d"/><w:gridCol w:w="%d"/></w:tblGrid>`,
		b.layout.width(), patch, rest-count, count)
	for _, key := range keys {
		b.printf(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		b.cell(cell{width: patch, style: "TableText", fill: key.Colour})
		b.cell(cell{width: rest - count, style: "TableText", run: run{text: key.Text}})
		b.cell(cell{width: count, style: "TableText", right: true, run: run{text: key.Count}})
		b.printf(`</w:tr>`)
	}
	b.printf(`</w:tbl>`)
	b.paragraph("TableEnd")
}

// relations names the parts that the text refers to.
func (b *body) relations() string {
	text := xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	add := func(id, kind, target string) {
		text += fmt.Sprintf(`<Relationship Id="%s" Type="%s%s" Target="%s"/>`, id, relationshipTypes, kind, target)
	}
	add("styles", "styles", "styles.xml")
	add("settings", "settings", "settings.xml")
	add("odd", "footer", "footer1.xml")
	add("even", "footer", "footer2.xml")
	for i := range b.pictures {
		add(fmt.Sprintf("map%d", i+1), "image", strings.TrimPrefix(mediaName(i), "word/"))
	}
	return text + `</Relationships>`
}
