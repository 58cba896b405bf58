package docx

import (
	"fmt"
	"math"
	"strings"

	"lifecircle/document"
)

// layout is how a page lies, in millimetres and points.
type layout struct {
	top, right, bottom, left float64
	size, line               float64 // of the text, in points
	indent                   bool    // the first line of a paragraph, by two characters
	lines, characters        int     // of the grid; 0 for none
}

// A4 in millimetres.
const pageWidth, pageHeight = 210.0, 297.0

// layoutOf returns the layout of a document's form. That of an official one is the
// standard's, clauses 5.2 and 6: margins of 37 mm above and 28 mm to the left of a type
// area of 156 mm × 225 mm, 22 lines of 28 characters of size 3.
func layoutOf(d document.Document) layout {
	if d.Form == document.Official {
		return layout{top: 37, right: 26, bottom: 35, left: 28, size: 16, line: 28.95, indent: true, lines: 22, characters: 28}
	}
	return layout{top: 15, right: 15, bottom: 15, left: 15, size: 10.5, line: 15}
}

const (
	twipsPerMM    = 1440 / 25.4
	twipsPerPoint = 20
)

func twips(mm float64) int { return int(mm*twipsPerMM + 0.5) }

// widthMM is the width of the type area.
func (l layout) widthMM() float64 { return pageWidth - l.left - l.right }

func (l layout) width() int { return twips(l.widthMM()) }

// tracking is what is added to each character so that a line holds as many as the
// standard says, in twentieths of a point: whole ones, so that the line never
// overflows.
func (l layout) tracking() int {
	if l.characters == 0 {
		return 0
	}
	return int(math.Floor((l.widthMM()/25.4*72/float64(l.characters) - l.size) * twipsPerPoint))
}

// section is the page: its size, margins, footers and grid.
func (l layout) section() string {
	// The page number stands 7 mm below the type area; Word measures from the edge of
	// the page to the foot of the line, which is 5 mm high.
	text := fmt.Sprintf(`<w:sectPr><w:footerReference w:type="default" r:id="odd"/><w:footerReference w:type="even" r:id="even"/>`+
		`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/>`,
		twips(pageWidth), twips(pageHeight), twips(l.top), twips(l.right), twips(l.bottom), twips(l.left), twips(max(l.bottom-12, 5)))
	if l.lines > 0 {
		// A grid of lines alone: in one of characters too, LibreOffice gives two cells to
		// each character that is wider than one.
		text += fmt.Sprintf(`<w:docGrid w:type="lines" w:linePitch="%d"/>`, twips(pageHeight-l.top-l.bottom)/l.lines)
	}
	return text + `</w:sectPr>`
}

// The fonts that GB/T 9704 names; a machine without one shows another of its cut.
var (
	fangSong = fonts{"仿宋_GB2312", "Times New Roman"}
	hei      = fonts{"黑体", "Arial"}
	kai      = fonts{"楷体_GB2312", "Times New Roman"}
	song     = fonts{"宋体", "Times New Roman"}
	biaoSong = fonts{"方正小标宋简体", "Times New Roman"}
)

type fonts struct{ han, latin string }

func (f fonts) xml() string {
	return fmt.Sprintf(`<w:rFonts w:ascii="%s" w:hAnsi="%s" w:eastAsia="%s" w:cs="%s"/>`, f.latin, f.latin, f.han, f.latin)
}

// style is a paragraph style.
type style struct {
	id, name      string
	fonts         fonts
	size          float64 // points; 0 is the text's
	line          float64 // points, exactly; 0 is as high as needed
	before, after float64 // points
	align         string
	indent        bool
	bold          bool
	colour        string
	outline       int // level of a heading, from 1; 0 for none
	keep          bool
	border        string // sides with a line, such as "bottom"
	tracking      int    // twentieths of a point
}

// styles are the styles of a layout.
func styles(l layout) string {
	text := l.size
	heading := func(level int, f fonts, bold bool) style {
		return style{
			id: fmt.Sprintf("Heading%d", level), name: fmt.Sprintf("heading %d", level), fonts: f, line: l.line, indent: l.indent, bold: bold, outline: level, keep: true,
		}
	}
	small, smallLine := 10.5, 14.0
	if !l.indent {
		small, smallLine = 9, 12
	}
	all := []style{
		{id: "Title", name: "Title", fonts: biaoSong, size: text * 22 / 16, before: l.line, after: l.line, align: "center", keep: true},
		{id: "Subtitle", name: "Subtitle", fonts: kai, line: l.line, align: "center"},
		{id: "Issuer", name: "Issuer", fonts: biaoSong, size: 40, align: "center", colour: "D40000", before: 2 * l.line},
		{id: "IssueNumber", name: "Issue number", fonts: fangSong, align: "center", before: 2 * l.line, border: "bottom", after: l.line},
		{id: "Banner", name: "Banner", fonts: hei, size: small, line: smallLine + 4, colour: "8B1E6B", before: 6, after: 6, border: "top left bottom right"},
		heading(1, hei, false), heading(2, kai, false), heading(3, fangSong, true), heading(4, fangSong, false),
		{id: "TableText", name: "Table text", fonts: fangSong, size: small, line: smallLine},
		{id: "TableHead", name: "Table head", fonts: hei, size: small, line: smallLine, keep: true},
		{id: "TableEnd", name: "Table end", fonts: fangSong, size: 4, line: 8},
		{id: "Caption", name: "caption", fonts: hei, size: small, line: smallLine + 4, before: 4, keep: true},
		{id: "Picture", name: "Picture", fonts: fangSong, align: "center", before: 6, keep: true},
		{id: "Note", name: "Note", fonts: fangSong, size: small, line: smallLine + 2, colour: "4D5662"},
		{id: "PageNumber", name: "Page number", fonts: song, size: 14},
	}
	out := xmlHead + `<w:styles xmlns:w="` + namespaceW + `"><w:docDefaults><w:rPrDefault><w:rPr>` + fangSong.xml() +
		fmt.Sprintf(`<w:sz w:val="%d"/><w:szCs w:val="%d"/><w:lang w:val="%s" w:eastAsia="%s"/></w:rPr></w:rPrDefault></w:docDefaults>`, halves(text), halves(text), "en-US", "zh-CN")
	out += style{id: "Normal", name: "Normal", fonts: fangSong, size: text, line: l.line, align: "both", indent: l.indent, tracking: l.tracking()}.xml(true)
	for _, s := range all {
		if s.size == 0 {
			s.size = text
		}
		out += s.xml(false)
	}
	return out + `</w:styles>`
}

func halves(points float64) int { return int(points*2 + 0.5) }

func (s style) xml(base bool) string {
	var b strings.Builder
	def := ""
	if base {
		def = ` w:default="1"`
	}
	fmt.Fprintf(&b, `<w:style w:type="paragraph"%s w:styleId="%s"><w:name w:val="%s"/>`, def, s.id, s.name)
	if !base {
		b.WriteString(`<w:next w:val="Normal"/>`)
	}
	b.WriteString(`<w:qFormat/><w:pPr>`)
	if s.keep {
		b.WriteString(`<w:keepNext/>`)
	}
	if s.border != "" {
		b.WriteString(`<w:pBdr>`)
		colour := s.colour
		if colour == "" {
			colour = "D40000"
		}
		for _, side := range strings.Fields(s.border) {
			fmt.Fprintf(&b, `<w:%s w:val="single" w:sz="12" w:space="4" w:color="%s"/>`, side, colour)
		}
		b.WriteString(`</w:pBdr>`)
	}
	if s.size < 12 { // small letters keep to no grid
		b.WriteString(`<w:snapToGrid w:val="0"/>`)
	}
	fmt.Fprintf(&b, `<w:spacing w:before="%d" w:after="%d"`, int(s.before*twipsPerPoint), int(s.after*twipsPerPoint))
	if s.line > 0 {
		fmt.Fprintf(&b, ` w:line="%d" w:lineRule="exact"`, int(s.line*twipsPerPoint+0.5))
	}
	b.WriteString(`/>`)
	switch {
	case s.indent:
		fmt.Fprintf(&b, `<w:ind w:firstLineChars="200" w:firstLine="%d"/>`, int(s.size*2*twipsPerPoint))
	case s.id == "PageNumber": // one character in from the outer side, whichever that is
		fmt.Fprintf(&b, `<w:ind w:left="%d" w:right="%d"/>`, int(s.size*twipsPerPoint), int(s.size*twipsPerPoint))
	}
	if s.align != "" {
		fmt.Fprintf(&b, `<w:jc w:val="%s"/>`, s.align)
	}
	if s.outline > 0 {
		fmt.Fprintf(&b, `<w:outlineLvl w:val="%d"/>`, s.outline-1)
	}
	b.WriteString(`</w:pPr><w:rPr>` + s.fonts.xml())
	if s.bold {
		b.WriteString(`<w:b/>`)
	}
	if s.colour != "" {
		fmt.Fprintf(&b, `<w:color w:val="%s"/>`, s.colour)
	}
	if s.tracking != 0 {
		fmt.Fprintf(&b, `<w:spacing w:val="%d"/>`, s.tracking)
	}
	fmt.Fprintf(&b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr></w:style>`, halves(s.size), halves(s.size))
	return b.String()
}
