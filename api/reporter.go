package api

import (
	"bytes"
	"context"
	"image/png"
	"io"
	"maps"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/atlas"
	"lifecircle/document"
	"lifecircle/document/docx"
	"lifecircle/document/pdf"
	"lifecircle/engine"
	"lifecircle/figure"
	"lifecircle/indicator"
	"lifecircle/registry"
	"lifecircle/report"
	"lifecircle/report/paper"
)

// Reporter makes reports of Worlds. The API and the command line share it.
type Reporter struct {
	Ground  Ground // whose attribution and number stand on maps
	Program string // version of the program
	Head    document.Head
	Printer *pdf.Printer // nil: none
	Shapes  Shapes       // the ground of areas, for maps of them
}

// ReportAsk is which report is asked for.
type ReportAsk struct {
	Kind      string // one of ReportKinds
	Area      lifecircle.AreaCode
	Period    string // "" is the plan's target year
	Indicator string // of an indicator: object id or clause number
	Variant   string // "" is the chosen reading
	Language  string // "zh" or "en"
	Day       string // of the last change that counts; "" where it is not known
	Format    string // one of ReportFormats: maps are drawn as far as it shows them
}

// ReportKinds are the reports there are.
func ReportKinds() []string { return []string{"scoreboard", "indicator", "ledger", "annual"} }

// Document makes a report of a World. Its errors are those of Evaluate and Explain,
// and report_unknown.
func (r Reporter) Document(ctx context.Context, w *engine.World, ask ReportAsk) (document.Document, error) {
	if !slices.Contains(ReportKinds(), ask.Kind) {
		return document.Document{}, lifecircle.Errorf("report_unknown", "there is no report %q: want %s", ask.Kind, strings.Join(ReportKinds(), ", ")).With("report", ask.Kind)
	}
	evaluation, err := Evaluate(w, Evaluation{Area: ask.Area, Period: ask.Period, Program: r.Program})
	if err != nil {
		return document.Document{}, err
	}
	area, _ := w.Registry().Area(ask.Area)
	g := gathering{Reporter: r, w: w, ask: ask, sources: map[string][]string{}}
	g.facts = paper.Facts{
		Plan: w.Plan(), Evaluation: evaluation, Area: area, Provenance: w.Provenance(), Day: ask.Day, Program: r.Program,
		Language: ask.Language, Behind: map[string]paper.Behind{}, Head: r.Head,
	}
	if g.period, err = periodOr(ask.Period, w); err != nil {
		return document.Document{}, err
	}
	if ask.Kind == "indicator" {
		return g.indicator(ctx)
	}
	for _, result := range evaluation.Results {
		if err := ctx.Err(); err != nil {
			return document.Document{}, err
		}
		if result.Chosen {
			if err := g.behind(result); err != nil {
				return document.Document{}, err
			}
		}
	}
	switch ask.Kind {
	case "ledger":
		return g.facts.Ledger(), nil
	case "annual":
		if err := g.maps(ctx); err != nil {
			return document.Document{}, err
		}
		return g.facts.Annual(), nil
	}
	return g.facts.Scoreboard(), nil
}

// gathering is a report as its facts come together.
type gathering struct {
	Reporter
	w       *engine.World
	ask     ReportAsk
	period  lifecircle.Period
	facts   paper.Facts
	sources map[string][]string // of the rows of registers in the area
}

func (g *gathering) query(object, variant string) indicator.Query {
	return indicator.Query{Object: object, Variant: variant, Area: g.ask.Area, Period: g.period}
}

// behind notes where the figures of a result come from.
func (g *gathering) behind(r report.Result) error {
	object, _ := g.w.Plan().Object(r.Indicator)
	found := make(map[string]bool)
	for _, data := range g.w.Plan().Reads(object) {
		if register, ok := strings.CutPrefix(data, "register "); ok {
			for _, source := range g.sourcesOf(register) {
				found[source] = true
			}
		}
	}
	if object.Indicator != nil {
		x, err := g.w.Evaluator().Explain(g.query(r.Indicator, r.Variant))
		if err != nil {
			return err
		}
		for _, input := range slices.Concat(x.Inputs, x.InputsOver) {
			if input.Reading.State == figure.Known && input.Reading.Value.Source != "" {
				found[input.Reading.Value.Source] = true
			}
		}
	}
	if r.Reported != nil && r.Reported.Source != "" {
		found[r.Reported.Source] = true
	}
	g.facts.Behind[r.Indicator] = paper.Behind{Sources: slices.Sorted(maps.Keys(found))}
	return nil
}

// sourcesOf returns what the rows of a register in the area name as their source.
func (g *gathering) sourcesOf(register string) []string {
	if sources, known := g.sources[register]; known {
		return sources
	}
	found := make(map[string]bool)
	snapshot := g.w.Registry()
	switch within := areasBelow(snapshot, g.ask.Area); register {
	case registry.PointRegister:
		points := snapshot.Points()
		for _, i := range snapshot.PointsBelow(g.ask.Area) {
			found[points[i].Source] = true
		}
	case registry.FacilityRegister:
		for _, f := range snapshot.Facilities() {
			if within[f.Area] {
				found[f.Source] = true
			}
		}
	default:
		records, _ := snapshot.Records(register)
		for _, record := range records {
			if within[record.Area] {
				found[record.Source] = true
			}
		}
	}
	delete(found, "")
	g.sources[register] = slices.Sorted(maps.Keys(found))
	return g.sources[register]
}

// areasBelow are an area and all below it.
func areasBelow(s *registry.Snapshot, area lifecircle.AreaCode) map[lifecircle.AreaCode]bool {
	within := make(map[lifecircle.AreaCode]bool)
	for _, code := range s.Subtree(area) {
		within[code] = true
	}
	return within
}

// mostDeficits bounds the list of what lacks: a sheet holds more, nobody reads more.
const mostDeficits = 100_000

// indicator makes the report of one promise.
func (g *gathering) indicator(ctx context.Context) (document.Document, error) {
	x, err := g.w.Evaluator().Explain(g.query(g.ask.Indicator, g.ask.Variant))
	if err != nil {
		return document.Document{}, err
	}
	known := report.Known{Registry: g.w.Registry(), Plan: g.w.Plan()}
	q := paper.Question{Result: known.Result(x.Result), Explanation: known.Explanation(x, mostDeficits)}
	if g.w.Provenance() == lifecircle.Generated {
		q.Result = report.InDemonstration([]report.Result{q.Result})[0]
	}
	for _, r := range g.facts.Evaluation.Results {
		if r.Indicator == q.Result.Indicator {
			q.Readings = append(q.Readings, r)
		}
	}
	parts, err := rankingOf(g.w, g.query(q.Result.Indicator, q.Result.Variant), "")
	if err != nil {
		return document.Document{}, err
	}
	q.Parts = parts.results
	if err := g.behind(q.Result); err != nil {
		return document.Document{}, err
	}
	if q.Map, err = g.mapOf(ctx, q.Result); err != nil {
		return document.Document{}, err
	}
	return g.facts.Indicator(q), nil
}

// mapOf draws a map: of who is served, where people are judged by where they live,
// else of the areas below, where these differ. The first shows how things stand, so it
// is of the plan's year alone. It is nil where no map says more than the number.
func (g *gathering) mapOf(ctx context.Context, r report.Result) (*document.Picture, error) {
	m := mapMaker{w: g.w, area: g.ask.Area, english: g.ask.Language == "en", ask: g.query(r.Indicator, r.Variant)}
	switch {
	case r.Register == registry.PointRegister:
		if g.period != lifecircle.Year(g.w.Plan().Year) {
			return nil, nil
		}
	case g.Shapes == nil:
		return nil, nil
	default:
		below, err := colouredBy(ctx, g.Shapes, g.w, asking{Query: m.ask})
		if lifecircle.ErrorCode(err) == "no_layer" {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if !below.differ() {
			return nil, nil
		}
		m.below = below
	}
	picture, err := m.drawn(g.Ground)
	if err != nil {
		return nil, err
	}
	return g.pictureOf(picture)
}

// differ reports whether two areas that can be drawn have values that differ.
func (c *coloured) differ() bool {
	ground := make(map[string]bool)
	for _, d := range c.ground.drawn {
		ground[string(d.Area.Code)] = true
	}
	values := make(map[float64]bool)
	for _, r := range c.results {
		if r.Value != nil && ground[r.Area] {
			values[*r.Value] = true
		}
	}
	return len(values) > 1
}

// pictureOf is a map in the form that the format shows.
func (g *gathering) pictureOf(picture atlas.Picture) (*document.Picture, error) {
	wide := 120.0 // the letters of its legend are 5 pt then, as on a printed map
	if g.ask.Kind == "annual" {
		wide = 150
	}
	width, height := picture.Size()
	p := &document.Picture{Alt: picture.Title, WidthMM: wide, HeightMM: wide * height / width}
	var out bytes.Buffer
	switch g.ask.Format {
	case formatHTML, formatPDF:
		if err := picture.SVG(&out); err != nil {
			return nil, err
		}
		p.SVG = out.Bytes()
	case formatDOCX:
		const pixels = 1600 // 290 dpi
		drawn := picture.Image(pixels)
		if err := png.Encode(&out, drawn); err != nil {
			return nil, err
		}
		p.PNG, p.PNGWidthMM, p.PNGHeightMM = out.Bytes(), wide, wide*float64(drawn.Rect.Dy())/pixels
		p.Notes = slices.Concat(picture.Lines, labels(picture), picture.Notes)
		for _, e := range picture.Legend {
			key := document.Key{Colour: e.Tone.Colour(), Text: e.Text, Count: e.Count}
			if e.Place {
				key.Colour = atlas.PlaceColour
			}
			p.Keys = append(p.Keys, key)
		}
	}
	return p, nil
}

// maps draws the maps of an annual report: of those promises of which a map says more
// than the number, since some are served and others are not.
func (g *gathering) maps(ctx context.Context) error {
	if g.ask.Format == formatXLSX || g.ask.Format == formatCSV {
		return nil
	}
	for _, r := range g.facts.Evaluation.Results {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !r.Chosen || r.Register == registry.PointRegister && (r.Value == nil || *r.Value <= 0 || *r.Value >= 100) {
			continue
		}
		picture, err := g.mapOf(ctx, r)
		if err != nil {
			return err
		}
		behind := g.facts.Behind[r.Indicator]
		behind.Map = picture
		g.facts.Behind[r.Indicator] = behind
	}
	return nil
}

// Formats of reports, by the ending of a file.
const (
	formatHTML = "html"
	formatPDF  = "pdf"
	formatDOCX = "docx"
	formatXLSX = "xlsx"
	formatCSV  = "csv"
)

// ReportFormats are the formats a report is written in.
func ReportFormats() []string {
	return []string{formatHTML, formatPDF, formatDOCX, formatXLSX, formatCSV}
}

// ReportForm is in which form a document is written.
type ReportForm struct {
	Format string // one of ReportFormats
	Table  string // of CSV: which table; "" is the first
}

// Write writes a document. Its errors are format_unknown, and those of the form:
// table_unknown, cell_too_long, chromium_missing and chromium_failed.
func (r Reporter) Write(ctx context.Context, w io.Writer, d document.Document, form ReportForm) error {
	switch form.Format {
	case formatHTML:
		return d.HTML(w)
	case formatPDF:
		printed, err := r.print(ctx, d)
		if err != nil {
			return err
		}
		_, err = w.Write(printed)
		return err
	case formatDOCX:
		return docx.Write(w, d)
	case formatXLSX:
		return d.XLSX(w)
	case formatCSV:
		return d.CSV(w, form.Table)
	}
	return lifecircle.Errorf("format_unknown", "a report is not written as %q: want %s", form.Format, strings.Join(ReportFormats(), ", ")).With("format", form.Format)
}

// print prints a document. Should one page not have been enough, its letters were
// wider than was reckoned: smaller ones are tried until it is.
func (r Reporter) print(ctx context.Context, d document.Document) ([]byte, error) {
	const smaller, least = 0.94, 4.0
	for {
		var page bytes.Buffer
		if err := d.HTML(&page); err != nil {
			return nil, err
		}
		printed, err := r.Printer.Print(ctx, page.Bytes(), d.Day)
		if err != nil || d.Form != document.OnePage || pdf.Pages(printed) == 1 || d.FontSize() < least {
			return printed, err
		}
		d.Type = d.FontSize() * smaller
	}
}

// labels are the words that a picture without words lacks: its areas with their
// values.
func labels(p atlas.Picture) []string {
	var all []string
	for _, a := range p.Areas {
		if len(a.Label) > 0 {
			all = append(all, strings.Join(a.Label, " "))
		}
	}
	if len(all) == 0 {
		return nil
	}
	return []string{strings.Join(all, " · ")}
}

// WithGrant returns a context in which who asks is known, as a request's is.
func WithGrant(ctx context.Context, grant account.Grant) context.Context {
	return context.WithValue(ctx, contextKey{}, grant)
}
