// Package document is a report as blocks — headings, paragraphs, tables, pictures —
// and the forms in which it is handed over: HTML with its own print style, XLSX and
// CSV; the packages below write Word files and PDF. It knows no plan, no measure and
// no clock: the same document gives the same bytes. Package report/paper fills it;
// api and cmd write it.
package document

// Document is one report. It does not change while it is written.
type Document struct {
	Name     string // of its files, without an ending
	Title    string
	Language string // "zh" or "en"
	Day      string // of the document itself, 2025-12-31; "" where none is known
	Form     Form
	Type     float64  // size of the letters of a page in points; 0 is as large as fits
	Lines    []string // below the title: where, when, after what
	Banner   string   // what must be known before anything is read; "" for none
	Blocks   []Block
	Notes    []string // at the end, small
	Head     Head
	// More is what a table that is cut on paper says of the rest: "%d of %d rows …".
	More string
	// About is the name of the sheet that holds all that is not in a table.
	About string
}

// Form is how a document lies on paper.
type Form uint8

// The forms.
const (
	OnePage  Form = iota // fills one A4 page; its letters shrink until it does
	Official             // flows over pages, laid out after GB/T 9704-2012
)

// Head is the red head of an official document. Its zero value is none: nobody's
// letterhead is put on paper unless they configured it.
type Head struct {
	Issuer string // 发文机关标志, in red
	Number string // 发文字号
}

// Block is a part of a document: *Heading, *Paragraph, *Table, *Picture or *Columns.
type Block interface{ block() }

// Heading opens a part; Level 1 is the highest.
type Heading struct {
	Level int
	Text  string
}

// Paragraph is a piece of text, with what it is about in front.
type Paragraph struct {
	Label string // may be empty
	Text  string
	Tone  Tone
}

// Table is rows of cells. Tables go to sheets with all columns and rows, and to
// paper without those that paper leaves out.
type Table struct {
	Name    string // of the sheet
	ID      string // by which a table is asked for
	Caption string // on paper; may be empty
	Columns []Column
	Rows    []Row
	Shown   int // rows on paper; 0 is all
	Where   Where
}

// Column is a column of a table.
type Column struct {
	Heading string
	Share   float64 // of the width on paper
	Number  bool    // set to the right; on sheets a cell without a number is empty
	Where   Where
}

// Where says in which forms a table or a column is.
type Where uint8

// Where they are.
const (
	Everywhere Where = iota
	OnSheets         // too much for paper
	OnPaper          // what sheets hold elsewhere
)

// Row is a row of cells, as many as columns.
type Row struct {
	Cells []Cell
	Part  bool // a heading within the table: its first two cells speak for the row
}

// Cell is one cell. Where Number is set a sheet has the number itself, and paper
// the text that shows it.
type Cell struct {
	Text   string
	Number *float64
	Tone   Tone
}

// Tone is what a text says besides its words. No tone stands for itself alone.
type Tone uint8

// The tones.
const (
	Plain Tone = iota
	Good
	Bad
	Waiting
	Soft
)

// Picture is a drawing. Its SVG holds its words; where that cannot be shown its PNG
// stands with the words around it, as text.
type Picture struct {
	SVG      []byte
	WidthMM  float64 // on paper
	HeightMM float64
	Alt      string
	// The same without words; nil where nobody made it, and the picture is left out
	// where no SVG is shown.
	PNG                     []byte
	PNGWidthMM, PNGHeightMM float64
	Keys                    []Key
	Notes                   []string
}

// Key is a line of a picture's legend.
type Key struct {
	Colour string // RRGGBB
	Text   string
	Count  string
}

// Columns are two columns side by side on a page, one after the other elsewhere.
type Columns struct{ Left, Right []Block }

func (*Heading) block()   {}
func (*Paragraph) block() {}
func (*Table) block()     {}
func (*Picture) block()   {}
func (*Columns) block()   {}

// Tables returns the tables that sheets have, in their order.
func (d Document) Tables() []*Table {
	var tables []*Table
	d.walk(func(b Block) {
		if t, ok := b.(*Table); ok && t.Where != OnPaper {
			tables = append(tables, t)
		}
	})
	return tables
}

// walk visits every block in the order in which it is read.
func (d Document) walk(visit func(Block)) { walk(d.Blocks, visit) }

func walk(blocks []Block, visit func(Block)) {
	for _, b := range blocks {
		if columns, ok := b.(*Columns); ok {
			walk(columns.Left, visit)
			walk(columns.Right, visit)
			continue
		}
		visit(b)
	}
}

// Shared returns the width of each column on paper as a share of the table's; 0 for
// those that paper leaves out.
func (t *Table) Shared() []float64 {
	shares, sum := make([]float64, len(t.Columns)), 0.0
	for i, c := range t.Columns {
		if c.Where != OnSheets {
			shares[i] = c.Share
			sum += c.Share
		}
	}
	for i := range shares {
		shares[i] /= max(sum, 1e-9)
	}
	return shares
}

// PaperRows returns the rows that paper shows.
func (t *Table) PaperRows() []Row {
	if t.Shown > 0 && t.Shown < len(t.Rows) {
		return t.Rows[:t.Shown]
	}
	return t.Rows
}
