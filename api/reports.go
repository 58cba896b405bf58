package api

import (
	"bytes"
	"context"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle/document"
	"lifecircle/journal"
)

func (s *server) reports(api huma.API) {
	operation := huma.Operation{
		OperationID: "report", Method: http.MethodGet, Path: "/api/v1/reports/{report}/{area}",
		Summary: "A report to hand on: a page for paper, a Word file, a PDF or a spreadsheet",
	}
	content := make(map[string]*huma.MediaType)
	for _, format := range ReportFormats() {
		content[mediaTypes[format]] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	}
	operation.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: content}}
	huma.Register(api, operation, s.report)
}

// mediaTypes are the content types of the formats.
var mediaTypes = map[string]string{
	formatHTML: "text/html; charset=utf-8",
	formatPDF:  "application/pdf",
	formatDOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	formatXLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	formatCSV:  "text/csv; charset=utf-8",
}

type reportInput struct {
	Report    string `path:"report" enum:"scoreboard,indicator,ledger,annual"`
	Area      string `path:"area" doc:"official code; trailing zeros are accepted" example:"640104"`
	Format    string `query:"format" enum:"html,pdf,docx,xlsx,csv" default:"html"`
	Period    string `query:"period" doc:"a year; the plan's target year when left out" example:"2025"`
	Indicator string `query:"indicator" doc:"of the report of an indicator: object id or clause number" example:"sport.fitness_10min"`
	Variant   string `query:"variant" doc:"of the report of an indicator: a reading of the text; the chosen one when left out"`
	Table     string `query:"table" doc:"of CSV: which table; the first when left out"`
	Lang      string `query:"lang" enum:"zh-CN,en" default:"zh-CN"`
}

type reportOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (s *server) report(ctx context.Context, in *reportInput) (*reportOutput, error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	ask := ReportAsk{Kind: in.Report, Area: code, Period: in.Period, Indicator: in.Indicator, Variant: in.Variant, Language: "zh", Format: in.Format}
	if in.Lang == "en" {
		ask.Language = "en"
	}
	if ask.Day, err = DayOf(ctx, s.Store, w.Seq()); err != nil {
		return nil, s.problem(err)
	}
	d, err := s.Reports.Document(ctx, w, ask)
	if err != nil {
		return nil, s.problem(err)
	}
	var out bytes.Buffer
	if err := s.Reports.Write(ctx, &out, d, ReportForm{Format: in.Format, Table: in.Table}); err != nil {
		return nil, s.problem(err)
	}
	return &reportOutput{mediaTypes[in.Format], disposition(d, in.Format), out.Bytes()}, nil
}

// DayOf is the day, UTC, of a change; "" where nothing was changed yet.
func DayOf(ctx context.Context, log journal.Feed, seq journal.Seq) (string, error) {
	changes, err := log.Changes(ctx, seq-1, 1)
	if err != nil || len(changes) == 0 {
		return "", err
	}
	return changes[0].At.UTC().Format(time.DateOnly), nil
}

// disposition names the file that a browser saves: in ASCII for old ones, and by the
// title of the document (RFC 6266, RFC 8187).
func disposition(d document.Document, format string) string {
	title := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`\/:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, d.Title)
	return mime.FormatMediaType("attachment", map[string]string{"filename": d.Name + "." + format}) +
		"; filename*=UTF-8''" + url.PathEscape(title+"."+format)
}
