// Package api is the HTTP face of an engine: a handler decodes, checks who asks,
// calls one function and encodes. It knows no SQL and no rule of the domain. Only
// cmd imports it.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/engine"
	"lifecircle/intake/upload"
	"lifecircle/job"
	"lifecircle/journal"
	"lifecircle/plan"
	"lifecircle/scenario"
)

// Store is what the API writes to and reads the log from.
type Store interface {
	scenario.Store
	scenario.Revisions
	scenario.ShelfReader
	journal.Feed
	Shapes
	// Scenarios returns the scenarios a grant covers, the latest touched first.
	Scenarios(ctx context.Context, grant account.Grant, archived bool) ([]scenario.Scenario, error)
	// Versions returns every version of a scenario, in the order they were made.
	Versions(ctx context.Context, grant account.Grant, id string) ([]scenario.Version, error)
}

// Config is what a Handler needs.
type Config struct {
	Engine  *engine.Engine
	Store   Store
	Plan    fs.FS         // the files of the plan package, which know those above: plan.UpperFS
	Pages   fs.FS         // the browser client
	Uploads *upload.Shelf // lists that were sent and not yet taken in
	Ground  Ground
	Jobs    *job.Runner
	Version string
	Reports Reporter
	// Grant establishes who asks. While there are no accounts, serve passes
	// account.Local and listens on loopback only.
	Grant func(*http.Request) account.Grant
	Clock func() time.Time
	Log   *slog.Logger
}

// patience is how long a request waits for a change it has seen to be folded.
const patience = 2 * time.Second

// Handler serves the API below /api/v1 and the client at every other path.
func Handler(cfg Config) http.Handler {
	mux, s := http.NewServeMux(), &server{Config: cfg}
	Describe(mux, cfg)
	mux.HandleFunc("GET /api/v1/tiles/{hash}/{z}/{x}/{y}", s.tile)
	mux.HandleFunc("GET /api/", unknown)
	mux.Handle("GET /", pages(cfg.Pages))
	return secured(s.keeping(packed(mux)), cfg)
}

// Describe registers the API's operations and returns their description.
func Describe(mux *http.ServeMux, cfg Config) huma.API {
	config := huma.DefaultConfig("lifecircle", "1")
	config.Info.Description = "Measures the promises of a public-service plan. Numbers are in the unit named beside them; null is no data."
	config.OpenAPIPath = "/api/v1/openapi"
	config.SchemasPath = "/api/v1/schemas"
	config.DocsPath = ""
	config.CreateHooks = nil // no $schema property in answers
	api := humago.New(mux, config)
	s := &server{Config: cfg}
	s.inspected = sync.OnceValue(func() []plan.Inspection { return plan.Inspect(cfg.Plan) })
	api.UseMiddleware(s.who, s.fresh(api))
	s.scenarios(api)
	s.reading(api)
	s.writing(api)
	s.ground(api)
	s.registers(api)
	s.imports(api)
	s.networks(api)
	s.planPackages(api)
	s.jobs(api)
	s.sitings(api)
	s.allotments(api)
	s.reports(api)
	for _, schema := range api.OpenAPI().Components.Schemas.Map() {
		neverNull(schema)
	}
	return api
}

// neverNull says of every list below a schema what the handlers hold to: an
// empty list is [], not null.
func neverNull(schema *huma.Schema) {
	if schema == nil {
		return
	}
	if schema.Type == huma.TypeArray {
		schema.Nullable = false
	}
	neverNull(schema.Items)
	for _, property := range schema.Properties {
		neverNull(property)
	}
}

type server struct {
	Config
	grids    grids
	surfaces surfaces
	answers  answers
	letters  letters
	// inspected reads the plan packages when somebody first asks for them.
	inspected func() []plan.Inspection
}

type contextKey struct{}

// who puts the asker's grant into the context.
func (s *server) who(ctx huma.Context, next func(huma.Context)) {
	r, _ := humago.Unwrap(ctx)
	next(huma.WithValue(ctx, contextKey{}, s.Grant(r)))
}

func grantOf(ctx context.Context) account.Grant {
	grant, _ := ctx.Value(contextKey{}).(account.Grant)
	return grant
}

// fresh makes a client read its own writes: the answer waits until the Worlds
// know the change the client names, and carries the change it speaks of.
func (s *server) fresh(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if text := ctx.Header("Lifecircle-Min-Seq"); text != "" {
			seq, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				s.refuse(api, ctx, lifecircle.Errorf("request_invalid", "header Lifecircle-Min-Seq: %q is no whole number", text))
				return
			}
			wait, cancel := context.WithTimeout(ctx.Context(), patience)
			defer cancel()
			if err := s.Engine.Wait(wait, journal.Seq(seq)); err != nil {
				s.refuse(api, ctx, err)
				return
			}
		}
		if ctx.Method() == http.MethodGet {
			ctx.SetHeader("ETag", strconv.Quote(strconv.FormatInt(int64(s.Engine.Seq()), 10)))
			ctx.SetHeader("Cache-Control", "no-cache")
		}
		next(ctx)
	}
}

func (s *server) refuse(api huma.API, ctx huma.Context, err error) {
	p := s.problem(err)
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetStatus(p.Status)
	if err := api.Marshal(ctx.BodyWriter(), "application/json", p); err != nil {
		s.Log.Error("write answer", "error", err)
	}
}

// Problem is an error as RFC 9457 has it, with a code for the client to
// translate.
type Problem struct {
	Status int            `json:"status"`
	Title  string         `json:"title"`
	Detail string         `json:"detail"`
	Code   string         `json:"code"`
	Args   map[string]any `json:"args,omitempty"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var (
	_ huma.StatusError       = (*Problem)(nil)
	_ huma.ContentTypeFilter = (*Problem)(nil)
)

// statuses are the HTTP statuses of error codes; others people may see are 422.
var statuses = map[string]int{
	"forbidden":           http.StatusForbidden,
	"area_unknown":        http.StatusNotFound,
	"indicator_unknown":   http.StatusNotFound,
	"variant_unknown":     http.StatusNotFound,
	"element_unknown":     http.StatusNotFound,
	"facility_unknown":    http.StatusNotFound,
	"value_unknown":       http.StatusNotFound,
	"change_unknown":      http.StatusNotFound,
	"job_unknown":         http.StatusNotFound,
	"candidate_unknown":   http.StatusNotFound,
	"point_unknown":       http.StatusNotFound,
	"job_unfinished":      http.StatusConflict,
	"siting_overtaken":    http.StatusConflict,
	"register_unknown":    http.StatusNotFound,
	"table_unknown":       http.StatusNotFound,
	"upload_unknown":      http.StatusNotFound,
	"file_too_large":      http.StatusRequestEntityTooLarge,
	"entry_unknown":       http.StatusNotFound,
	"facility_exists":     http.StatusConflict,
	"change_overtaken":    http.StatusConflict,
	"change_not_undoable": http.StatusConflict,
	"key_reused":          http.StatusConflict,
	"scenario_unknown":    http.StatusNotFound,
	"version_unknown":     http.StatusNotFound,
	"scenario_conflict":   http.StatusConflict,
	"scenario_archived":   http.StatusConflict,
	"scenario_adopted":    http.StatusConflict,
	"scenario_stale":      http.StatusConflict,
	"scenario_supposes":   http.StatusConflict,
	"nothing_to_undo":     http.StatusConflict,
	"nothing_to_redo":     http.StatusConflict,
	"facts_moved":         http.StatusConflict,
	"revision_unknown":    http.StatusPreconditionFailed,
	"revision_missing":    http.StatusPreconditionRequired,
	"not_ready":           http.StatusServiceUnavailable,
	"busy":                http.StatusServiceUnavailable,
	"chromium_missing":    http.StatusServiceUnavailable,
	"chromium_failed":     http.StatusServiceUnavailable,
}

// problem is how an error is shown: its code when a person may see it, else
// "internal", logged here once.
func (s *server) problem(err error) *Problem {
	var shown *lifecircle.Error
	if !errors.As(err, &shown) {
		s.Log.Error("request", "error", err)
		return &Problem{Status: http.StatusInternalServerError, Title: "Internal error", Detail: "internal error", Code: "internal"}
	}
	status, ok := statuses[shown.Code]
	if !ok {
		status = http.StatusUnprocessableEntity
	}
	return &Problem{Status: status, Title: http.StatusText(status), Detail: err.Error(), Code: shown.Code, Args: shown.Args}
}

// body is a JSON answer.
type body[T any] struct{ Body T }

// answer wraps what a handler's one call returned.
func answer[T any](s *server, result T, err error) (*body[T], error) {
	if err != nil {
		return nil, s.problem(err)
	}
	return &body[T]{result}, nil
}

// secured adds what every answer carries and refuses requests that another
// site's page made.
func secured(next http.Handler, cfg Config) http.Handler {
	protect, policy := http.NewCrossOriginProtection(), cfg.Ground.policy()
	return protect.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		limit := int64(1 << 20)
		if r.URL.Path == uploadPath && cfg.Uploads != nil {
			limit = cfg.Uploads.Limit() + 1 // the operation itself says what is too large
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, r)
	}))
}

// unknown refuses a path below /api/ that no operation has: the client's page
// would read as an answer.
func unknown(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusNotFound)
	// A client that is gone needs no answer.
	_ = json.NewEncoder(w).Encode(Problem{
		Status: http.StatusNotFound, Title: "Not Found", Detail: r.Method + " " + r.URL.Path + " is no operation", Code: "path_unknown",
	})
}
