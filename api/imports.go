package api

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/intake"
	"lifecircle/intake/upload"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/report"
	"lifecircle/scenario"
)

const uploadPath = "/api/v1/imports"

func (s *server) imports(api huma.API) {
	operation := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: uploadPath + path, Summary: summary}
	}
	put := operation("upload", http.MethodPost, "", "Send a list; nothing of it is taken in yet")
	put.MaxBodyBytes = upload.DefaultLimit
	if s.Uploads != nil {
		put.MaxBodyBytes = s.Uploads.Limit()
	}
	put.BodyReadTimeout = time.Minute // of a slow line
	put.Middlewares = huma.Middlewares{s.small(api)}
	huma.Register(api, put, s.upload)
	huma.Register(api, operation("import-form", http.MethodGet, "/forms/{register}", "What the rows of a list may say"), s.importForm)
	huma.Register(api, operation("import-template", http.MethodGet, "/forms/{register}/template", "A spreadsheet to be filled in"), s.importTemplate)
	huma.Register(api, operation("look", http.MethodGet, "/{upload}", "What a list that was sent shows"), s.look)
	huma.Register(api, operation("try-import", http.MethodPost, "/{upload}/try", "What taking a list in would do; nothing is kept"), s.tryImport)
	huma.Register(api, operation("take-in", http.MethodPost, "/{upload}/take", "Take a list in, as one change"), s.takeIn)
	huma.Register(api, operation("refused-rows", http.MethodPost, "/{upload}/refused", "The refused rows as a spreadsheet, with reasons"), s.refusedRows)
	huma.Register(api, operation("drop-upload", http.MethodDelete, "/{upload}", "Throw a list away"), s.dropUpload)
}

// small refuses a list by its announced size, before it is sent.
func (s *server) small(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		size, err := strconv.ParseInt(ctx.Header("Content-Length"), 10, 64)
		if err == nil && s.Uploads != nil && size > s.Uploads.Limit() {
			s.refuse(api, ctx, upload.TooLarge(ctx.Query("name"), size, s.Uploads.Limit()))
			return
		}
		next(ctx)
	}
}

type uploadInput struct {
	Name    string `query:"name" required:"true" minLength:"1" maxLength:"300" doc:"of the file; its ending says the format"`
	RawBody []byte `contentType:"application/octet-stream"`
}

func (s *server) upload(ctx context.Context, in *uploadInput) (*body[upload.Upload], error) {
	if err := grantOf(ctx).Check(""); err != nil {
		return nil, s.problem(err)
	}
	u, err := s.Uploads.Put(in.Name, in.RawBody)
	return answer(s, u, err)
}

// ImportForm says what the rows of a list may say.
type ImportForm struct {
	LimitBytes int64          `json:"limit_bytes" doc:"of the file"`
	Targets    []ImportTarget `json:"targets" doc:"what every row must say first"`
	CRS        []string       `json:"crs" doc:"coordinate systems by name; epsg:CODE of a Gauss–Krüger zone as well"`
}

// ImportTarget is something that a row may say.
type ImportTarget struct {
	ID    string   `json:"id"`
	Names []string `json:"names" doc:"headings that are understood by themselves"`
	Need  bool     `json:"need"`
	Type  string   `json:"type" enum:"number,boolean,text,texts,date"`
	Unit  string   `json:"unit"`
}

func (s *server) importForm(ctx context.Context, in *RowsOf) (*body[ImportForm], error) {
	w, _, err := s.register(ctx, in)
	if err != nil {
		return nil, s.problem(err)
	}
	targets, err := intake.Targets(intake.ListOf(in.Register), intakeInto(w))
	if err != nil {
		return nil, s.problem(err)
	}
	out := ImportForm{LimitBytes: s.Uploads.Limit(), Targets: []ImportTarget{}, CRS: []string{"wgs84", "cgcs2000", "gcj02", "bd09"}}
	for _, t := range targets {
		target := ImportTarget{ID: t.ID, Names: append([]string{}, t.Names...), Need: t.Need, Type: report.TypeName(t.Type.Kind)}
		if t.Type.Kind == rule.Number {
			target.Unit = t.Type.Unit.String()
		}
		out.Targets = append(out.Targets, target)
	}
	return &body[ImportForm]{out}, nil
}

func intakeInto(w *engine.World) intake.Into {
	return intake.Into{Registry: w.Registry(), Plan: w.Plan()}
}

// spreadsheet is an answer to be saved as a file.
type spreadsheet struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func saved(name string, content []byte) *spreadsheet {
	return &spreadsheet{
		Type:        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		Disposition: `attachment; filename="` + name + `.xlsx"`, Body: content,
	}
}

func (s *server) importTemplate(ctx context.Context, in *RowsOf) (*spreadsheet, error) {
	w, _, err := s.register(ctx, in)
	if err != nil {
		return nil, s.problem(err)
	}
	var out bytes.Buffer
	if err := intake.WriteTemplate(&out, intake.ListOf(in.Register), intakeInto(w)); err != nil {
		return nil, s.problem(err)
	}
	return saved("template-"+in.Register, out.Bytes()), nil
}

type lookInput struct {
	Upload   string `path:"upload"`
	Register string `query:"register" required:"true" example:"facility"`
	Area     string `query:"area" required:"true"`
	Sheet    string `query:"sheet" doc:"of a spreadsheet; the first when left out"`
}

// Looked is what a list shows before anything is decided.
type Looked struct {
	Upload    upload.Upload     `json:"upload"`
	Heading   []string          `json:"heading"`
	Sheets    []string          `json:"sheets" doc:"of a spreadsheet"`
	Rows      int               `json:"rows"`
	Sample    [][]string        `json:"sample" doc:"the first rows"`
	Suggested map[string]string `json:"suggested" doc:"heading → what it may say"`
	Guessed   []string          `json:"guessed" doc:"of these headings it is a guess"`
}

func (s *server) look(ctx context.Context, in *lookInput) (*body[Looked], error) {
	w, _, err := s.register(ctx, &RowsOf{Register: in.Register, Area: in.Area})
	if err != nil {
		return nil, s.problem(err)
	}
	u, data, err := s.Uploads.Get(in.Upload)
	if err != nil {
		return nil, s.problem(err)
	}
	file := intake.File{Name: u.Name, Data: data, Kind: intake.ListOf(in.Register), Mapping: intake.Mapping{Sheet: in.Sheet}}
	look, err := intake.LookInto(file, intakeInto(w))
	if err != nil {
		return nil, s.problem(err)
	}
	return &body[Looked]{Looked{
		Upload: u, Heading: look.Heading, Sheets: append([]string{}, look.Sheets...), Rows: look.Rows,
		Sample: append([][]string{}, look.Sample...), Suggested: look.Suggested, Guessed: append([]string{}, look.Guessed...),
	}}, nil
}

// Taking says how a list is to be read. All of it is the asker's, so that a try
// and what is taken in afterwards cannot drift apart.
type Taking struct {
	Register  string            `json:"register" example:"facility"`
	Area      string            `json:"area" doc:"any area of the root that the rows lie in"`
	Sheet     string            `json:"sheet,omitempty"`
	CRS       string            `json:"crs,omitempty" doc:"coordinate system of the positions; refused with crs_missing where it matters"`
	Columns   map[string]string `json:"columns,omitempty" doc:"heading → what it says; an empty text leaves the column out"`
	Constants map[string]string `json:"constants,omitempty" doc:"what every row says that is silent"`
	Repairs   []Repair          `json:"repairs,omitempty" maxItems:"10000"`
}

// Repair is a cell put right.
type Repair struct {
	Row     int    `json:"row" minimum:"1" doc:"as the file counts: the heading is row 1"`
	Heading string `json:"heading"`
	Cell    string `json:"cell"`
}

type takingInput struct {
	Upload string `path:"upload"`
	Key    string `header:"Idempotency-Key" maxLength:"200"`
	Body   Taking
}

// Tryout is what taking a list in would do.
type Tryout struct {
	Rows       int                    `json:"rows"`
	New        int                    `json:"new"`
	Changed    int                    `json:"changed"`
	Unchanged  int                    `json:"unchanged"`
	Refused    int                    `json:"refused"`
	Ignored    []string               `json:"ignored_columns"`
	Heading    []string               `json:"heading"`
	Faulty     []FaultyRow            `json:"faulty" doc:"the first 200 refused rows as they stand, repairs included"`
	Examples   []RowChange            `json:"examples" doc:"the first 100 rows that would change, and 20 new ones"`
	Duplicates []report.DuplicatePair `json:"duplicates" doc:"the first 50 pairs of a new row and another"`
	Doubled    int                    `json:"doubled" doc:"how many such pairs there are"`
	Warnings   []intake.Fault         `json:"warnings" doc:"the first 200 doubts about rows that are taken all the same; row 0 is the list as a whole"`
}

// FaultyRow is a refused row.
type FaultyRow struct {
	Row    int            `json:"row"`
	Cells  []string       `json:"cells" doc:"in the order of the heading"`
	Faults []intake.Fault `json:"faults"`
}

// RowChange is what a row says anew, or otherwise than before.
type RowChange struct {
	ID      string             `json:"id"`
	Name    string             `json:"name"`
	New     bool               `json:"new"`
	Changed []report.FieldDiff `json:"changed"`
}

// read reads an upload as a Taking says.
func (s *server) read(ctx context.Context, in *takingInput) (*engine.World, intake.File, intake.Outcome, error) {
	w, _, err := s.register(ctx, &RowsOf{Register: in.Body.Register, Area: in.Body.Area})
	if err != nil {
		return nil, intake.File{}, intake.Outcome{}, err
	}
	u, data, err := s.Uploads.Get(in.Upload)
	if err != nil {
		return nil, intake.File{}, intake.Outcome{}, err
	}
	file := intake.File{
		Name: u.Name, Data: data, Kind: intake.ListOf(in.Body.Register),
		Mapping: intake.Mapping{Sheet: in.Body.Sheet, Columns: in.Body.Columns, Constants: in.Body.Constants},
		Repairs: make(map[int]map[string]string),
	}
	if in.Body.CRS != "" {
		if file.CRS, err = geo.ParseCRS(in.Body.CRS); err != nil {
			return nil, file, intake.Outcome{}, err
		}
		file.CRSGiven = true
	}
	for _, r := range in.Body.Repairs {
		if file.Repairs[r.Row] == nil {
			file.Repairs[r.Row] = make(map[string]string)
		}
		file.Repairs[r.Row][r.Heading] = r.Cell
	}
	outcome, err := intake.Read(file, intakeInto(w))
	if err == nil && len(outcome.Changes) > 0 {
		// What no single row shows, such as two areas with one code on some day.
		_, err = w.Facts().With(outcome.Changes)
	}
	return w, file, outcome, err
}

// streetsOf measures how far positions lie from the streets of a World.
func streetsOf(w *engine.World) intake.Streets {
	return func(root lifecircle.AreaCode, at geo.Point) (float64, bool) {
		net := w.Network()
		if net == nil || root != w.Root() {
			return 0, false
		}
		snap, err := net.Snap(at)
		if err != nil {
			return math.Inf(1), true
		}
		return snap.Leg.Metres(), true
	}
}

func (s *server) tryImport(ctx context.Context, in *takingInput) (*body[Tryout], error) {
	w, _, outcome, err := s.read(ctx, in)
	if err != nil {
		return nil, s.problem(err)
	}
	outcome.DoubtCRS(w.Registry(), streetsOf(w))
	const faultyShown, changedShown, newShown, pairsShown, warningsShown = 200, 100, 20, 50, 200
	out := Tryout{
		Rows: outcome.Rows, Unchanged: outcome.Unchanged, Refused: len(outcome.Refused),
		Ignored: append([]string{}, outcome.Ignored...), Heading: append([]string{}, outcome.Heading()...),
		Faulty: []FaultyRow{}, Examples: []RowChange{}, Duplicates: []report.DuplicatePair{},
		Warnings: append([]intake.Fault{}, outcome.Warnings[:min(warningsShown, len(outcome.Warnings))]...),
	}
	for _, row := range outcome.Refused[:min(faultyShown, len(outcome.Refused))] {
		from, _ := slices.BinarySearchFunc(outcome.Faults, row, func(f intake.Fault, row int) int { return f.Row - row })
		faulty := FaultyRow{Row: row, Cells: outcome.Cells(row), Faults: []intake.Fault{}}
		for _, f := range outcome.Faults[from:] {
			if f.Row != row {
				break
			}
			faulty.Faults = append(faulty.Faults, f)
		}
		out.Faulty = append(out.Faulty, faulty)
	}
	known := report.Known{Registry: w.Registry(), Plan: w.Plan()}
	added := make(map[string]*registry.Record)
	for _, c := range outcome.Changes {
		after, ok := rowOf(c)
		if !ok { // areas and population points have forms of their own
			out.New++
			continue
		}
		before, stands := intake.Standing(after.Entry(), w.Registry())
		if !stands {
			out.New++
			added[after.ID] = after
			if out.New <= newShown {
				out.Examples = append(out.Examples, RowChange{ID: after.ID, Name: after.Name, New: true, Changed: []report.FieldDiff{}})
			}
			continue
		}
		out.Changed++
		if out.Changed <= changedShown {
			out.Examples = append(out.Examples, RowChange{ID: after.ID, Name: after.Name, Changed: known.RowDiff(before, after)})
		}
	}
	for _, pair := range s.doubled(w, in.Body.Register, added) {
		if out.Doubled++; out.Doubled <= pairsShown {
			out.Duplicates = append(out.Duplicates, known.DuplicatePair(pair))
		}
	}
	return &body[Tryout]{out}, nil
}

// rowOf is the row that a change speaks of.
func rowOf(c scenario.Change) (*registry.Record, bool) {
	switch {
	case c.Facility != nil:
		return c.Facility.AsRecord(), true
	case c.Record != nil:
		return c.Record, true
	}
	return nil, false
}

// doubled returns the pairs of new rows, or of a new row and one that stands, that
// may speak of one thing.
func (s *server) doubled(w *engine.World, register string, added map[string]*registry.Record) []registry.Duplicate {
	if len(added) == 0 {
		return nil
	}
	all := w.Registry().List(registry.Listing{Register: register}).Rows
	all = slices.AppendSeq(slices.Clone(all), maps.Values(added))
	slices.SortFunc(all, func(a, b *registry.Record) int { return cmp.Compare(a.ID, b.ID) })
	pairs := w.Registry().Duplicates(all)
	return slices.DeleteFunc(pairs, func(d registry.Duplicate) bool { return added[d.A.ID] == nil && added[d.B.ID] == nil })
}

// TakenIn says what was taken in.
type TakenIn struct {
	Seq     int64 `json:"seq" doc:"0 where the list said nothing new"`
	Rows    int   `json:"rows"`
	Changes int   `json:"changes"`
	Refused int   `json:"refused"`
}

func (s *server) takeIn(ctx context.Context, in *takingInput) (*body[TakenIn], error) {
	_, file, outcome, err := s.read(ctx, in)
	if err != nil {
		return nil, s.problem(err)
	}
	out := TakenIn{Rows: outcome.Rows, Changes: len(outcome.Changes), Refused: len(outcome.Refused)}
	if len(outcome.Changes) == 0 {
		return &body[TakenIn]{out}, nil
	}
	sum := sha256.Sum256(file.Data)
	change, err := scenario.Take(ctx, s.Store, grantOf(ctx), scenario.Imported{
		Request: scenario.Request{Key: in.Key, At: s.Clock()}, Account: scenario.Account{File: file.Name, SHA256: hex.EncodeToString(sum[:])},
		Changes: outcome.Changes, Shapes: outcome.Shapes,
	})
	written, err := s.written(ctx, change, err)
	if err != nil {
		return nil, err
	}
	out.Seq = written.Body.Seq
	return &body[TakenIn]{out}, nil
}

func (s *server) refusedRows(ctx context.Context, in *takingInput) (*spreadsheet, error) {
	_, _, outcome, err := s.read(ctx, in)
	if err != nil {
		return nil, s.problem(err)
	}
	var out bytes.Buffer
	if err := outcome.WriteRefusedXLSX(&out); err != nil {
		return nil, s.problem(err)
	}
	return saved("refused-"+in.Body.Register, out.Bytes()), nil
}

type dropUploadInput struct {
	Upload string `path:"upload"`
}

func (s *server) dropUpload(ctx context.Context, in *dropUploadInput) (*struct{}, error) {
	if err := grantOf(ctx).Check(""); err != nil {
		return nil, s.problem(err)
	}
	if err := s.Uploads.Drop(in.Upload); err != nil {
		return nil, s.problem(err)
	}
	return nil, nil
}
