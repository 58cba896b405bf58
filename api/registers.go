package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/intake"
	"lifecircle/registry"
	"lifecircle/report"
	"lifecircle/scenario"
)

func (s *server) registers(api huma.API) {
	operation := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary}
	}
	huma.Register(api, operation("find-areas", http.MethodGet, "/area-search", "Find areas by characters, pinyin, initials or code"), s.findAreas)
	huma.Register(api, operation("registers", http.MethodGet, "/registers", "What registers there are, and how full"), s.registerHeads)
	huma.Register(api, operation("rows", http.MethodGet, "/registers/{register}/rows", "A part of a register"), s.rows)
	huma.Register(api, operation("row-places", http.MethodGet, "/registers/{register}/places", "Where the rows of a register lie"), s.rowPlaces)
	huma.Register(api, operation("row", http.MethodGet, "/registers/{register}/rows/{id}", "A row with its history"), s.row)
	huma.Register(api, operation("amend-row", http.MethodPatch, "/registers/{register}/rows/{id}", "Correct a row"), s.amendRow)
	huma.Register(api, operation("withdraw-row", http.MethodDelete, "/registers/{register}/rows/{id}", "Take a row out as if it had never been"), s.withdrawRow)
	huma.Register(api, operation("duplicates", http.MethodGet, "/registers/{register}/duplicates", "Rows that may speak of one thing"), s.duplicates)
}

type findAreasInput struct {
	Search string `query:"search" maxLength:"100"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"30"`
}

// AreasFound are areas that a search found.
type AreasFound struct {
	Total int             `json:"total"`
	Areas []registry.Area `json:"areas" doc:"the best first"`
}

func (s *server) findAreas(ctx context.Context, in *findAreasInput) (*body[AreasFound], error) {
	grant, search := grantOf(ctx), registry.ParseSearch(in.Search)
	var found []registry.FoundArea
	worlds, _ := s.Engine.Worlds()
	for _, w := range engine.InOrder(worlds) {
		for _, f := range w.Registry().FindAreas(search) {
			if grant.Allows(f.Area.Code) {
				found = append(found, f)
			}
		}
	}
	registry.SortFound(found)
	out := AreasFound{Total: len(found), Areas: []registry.Area{}}
	for _, f := range found[:min(len(found), in.Limit)] {
		out.Areas = append(out.Areas, *f.Area)
	}
	return &body[AreasFound]{out}, nil
}

type inAreaInput struct {
	Area string `query:"area" required:"true" doc:"with all below it" example:"640104"`
}

// Registers are the registers of a workspace.
type Registers struct {
	Registers []report.RegisterHead `json:"registers"`
}

func (s *server) registerHeads(ctx context.Context, in *inAreaInput) (*body[Registers], error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	heads := report.RegisterHeads(w.Plan())
	for i := range heads {
		listed := w.Registry().List(registry.Listing{Register: heads[i].ID, Area: code, Limit: 1})
		heads[i].Rows, heads[i].Kept = listed.Total, listed.Kept
	}
	return &body[Registers]{Registers{heads}}, nil
}

// RowsOf is the part of a register that a request names. It is exported because
// embedded parameters are found only then.
type RowsOf struct {
	Register string `path:"register" example:"facility"`
	Area     string `query:"area" required:"true" doc:"with all below it" example:"640104"`
	Kind     string `query:"kind"`
	Search   string `query:"search" maxLength:"100" doc:"in names, by characters, pinyin or initials, and in ids"`
}

type rowsInput struct {
	RowsOf
	Sort   string `query:"sort" doc:"id, name, kind, area or a field; a minus before it turns it round; rows that do not say come last"`
	Offset int    `query:"offset" minimum:"0"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

// Rows are a part of a register.
type Rows struct {
	Total  int                  `json:"total"`
	Offset int                  `json:"offset"`
	Kept   bool                 `json:"kept" doc:"false: nobody ever gave a row"`
	Kinds  []KindRows           `json:"kinds" doc:"of all rows that fit but for their kind"`
	Rows   []report.RegisterRow `json:"rows"`
}

// KindRows is how many rows are of a kind.
type KindRows struct {
	Kind string `json:"kind"`
	Rows int    `json:"rows"`
}

// register finds the World of a request and checks that there is such a register.
func (s *server) register(ctx context.Context, in *RowsOf) (*engine.World, registry.Listing, error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, registry.Listing{}, err
	}
	for _, head := range report.RegisterHeads(w.Plan()) {
		if head.ID == in.Register {
			return w, registry.Listing{Register: in.Register, Area: code, Kind: in.Kind, Search: registry.ParseSearch(in.Search)}, nil
		}
	}
	return nil, registry.Listing{}, lifecircle.Errorf("register_unknown", "there is no register %q", in.Register).With("register", in.Register)
}

func (s *server) rows(ctx context.Context, in *rowsInput) (*body[Rows], error) {
	w, ask, err := s.register(ctx, &in.RowsOf)
	if err != nil {
		return nil, s.problem(err)
	}
	ask.Sort, ask.Offset, ask.Limit = in.Sort, in.Offset, in.Limit
	listed := w.Registry().List(ask)
	known := report.Known{Registry: w.Registry(), Plan: w.Plan()}
	out := Rows{Total: listed.Total, Offset: in.Offset, Kept: listed.Kept, Kinds: []KindRows{}, Rows: []report.RegisterRow{}}
	for _, k := range listed.Kinds {
		out.Kinds = append(out.Kinds, KindRows{k.Kind, k.Rows})
	}
	for _, r := range listed.Rows {
		out.Rows = append(out.Rows, known.RegisterRow(r))
	}
	return &body[Rows]{out}, nil
}

// RowPlaces are where rows lie: three lists of one length.
type RowPlaces struct {
	Unplaced int       `json:"unplaced" doc:"rows whose place is not known"`
	Left     int       `json:"left" doc:"rows with a place that are left out beyond the first 100,000"`
	IDs      []string  `json:"ids"`
	Lons     []float64 `json:"lons" doc:"WGS-84"`
	Lats     []float64 `json:"lats"`
}

// maxRowPlaces bounds one answer to some five megabytes, one and a half packed.
const maxRowPlaces = 100_000

func (s *server) rowPlaces(ctx context.Context, in *RowsOf) (*body[RowPlaces], error) {
	w, ask, err := s.register(ctx, in)
	if err != nil {
		return nil, s.problem(err)
	}
	out := RowPlaces{IDs: []string{}, Lons: []float64{}, Lats: []float64{}}
	for _, r := range w.Registry().List(ask).Rows {
		switch {
		case r.At == nil:
			out.Unplaced++
		case len(out.IDs) == maxRowPlaces:
			out.Left++
		default:
			out.IDs, out.Lons, out.Lats = append(out.IDs, r.ID), append(out.Lons, r.At.Lon), append(out.Lats, r.At.Lat)
		}
	}
	return &body[RowPlaces]{out}, nil
}

// RowOf names a row. It is exported because embedded parameters are found only
// then.
type RowOf struct {
	Register string `path:"register" example:"facility"`
	ID       string `path:"id"`
	Area     string `query:"area" required:"true" doc:"any area of the root that the row lies in" example:"640104"`
}

// RowHistory is a row and how it came about.
type RowHistory struct {
	Row     *report.RegisterRow `json:"row" doc:"null where it was taken out"`
	History []report.Revised    `json:"history" doc:"the latest first"`
}

func (in *RowOf) entry() registry.Entry { return registry.Entry{Register: in.Register, ID: in.ID} }

func (s *server) row(ctx context.Context, in *RowOf) (*body[RowHistory], error) {
	w, _, err := s.register(ctx, &RowsOf{Register: in.Register, Area: in.Area})
	if err != nil {
		return nil, s.problem(err)
	}
	revisions, err := s.Store.Revisions(ctx, grantOf(ctx), in.entry())
	if err != nil {
		return nil, s.problem(err)
	}
	known := report.Known{Registry: w.Registry(), Plan: w.Plan()}
	out := RowHistory{History: known.History(revisions)}
	if r, ok := w.Registry().Row(in.entry()); ok {
		row := known.RegisterRow(r)
		out.Row = &row
	}
	return &body[RowHistory]{out}, nil
}

type amendRowInput struct {
	RowOf
	Key  string `header:"Idempotency-Key" maxLength:"200"`
	Body AmendRow
}

// AmendRow is what a row says from now on.
type AmendRow struct {
	Cells map[string]string `json:"cells" minProperties:"1" doc:"fields as they are typed, in the units of the register; empty takes back what was said; lon and lat are WGS-84"`
}

func (s *server) amendRow(ctx context.Context, in *amendRowInput) (*body[Written], error) {
	w, _, err := s.register(ctx, &RowsOf{Register: in.Register, Area: in.Area})
	if err != nil {
		return nil, s.problem(err)
	}
	change, faults, err := intake.Amend(in.entry(), in.Body.Cells, intake.Into{Registry: w.Registry(), Plan: w.Plan()})
	if err == nil && len(faults) > 0 {
		var said []string
		for _, f := range faults {
			said = append(said, f.Column+": "+f.Message+" ("+f.Remedy+")")
		}
		err = lifecircle.Errorf("row_invalid", "%s", strings.Join(said, "; ")).With("faults", faults)
	}
	if err != nil {
		return nil, s.problem(err)
	}
	return s.commit(ctx, change.About(), in.Key, []scenario.Change{change})
}

type withdrawRowInput struct {
	RowOf
	Key string `header:"Idempotency-Key" maxLength:"200"`
}

func (s *server) withdrawRow(ctx context.Context, in *withdrawRowInput) (*body[Written], error) {
	w, _, err := s.register(ctx, &RowsOf{Register: in.Register, Area: in.Area})
	if err != nil {
		return nil, s.problem(err)
	}
	r, ok := w.Registry().Row(in.entry())
	if !ok {
		return nil, s.problem(registry.UnknownEntry(in.entry()))
	}
	return s.commit(ctx, r.Area, in.Key, []scenario.Change{scenario.Removal(in.entry())})
}

type duplicatesInput struct {
	RowsOf
	Offset int `query:"offset" minimum:"0"`
	Limit  int `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// Duplicates are pairs of rows that may speak of one thing.
type Duplicates struct {
	Total int                    `json:"total"`
	Pairs []report.DuplicatePair `json:"pairs" doc:"those with more and stronger reasons first"`
}

func (s *server) duplicates(ctx context.Context, in *duplicatesInput) (*body[Duplicates], error) {
	w, ask, err := s.register(ctx, &in.RowsOf)
	if err != nil {
		return nil, s.problem(err)
	}
	pairs := w.Registry().Duplicates(w.Registry().List(ask).Rows)
	known := report.Known{Registry: w.Registry(), Plan: w.Plan()}
	out := Duplicates{Total: len(pairs), Pairs: []report.DuplicatePair{}}
	for _, pair := range pairs[min(in.Offset, len(pairs)):min(in.Offset+in.Limit, len(pairs))] {
		out.Pairs = append(out.Pairs, known.DuplicatePair(pair))
	}
	return &body[Duplicates]{out}, nil
}
