package api_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/intake/upload"
	"lifecircle/internal/testcity"
	"lifecircle/job"
	"lifecircle/network"
	"lifecircle/plan"
	"lifecircle/plans"
	"lifecircle/registry"
	"lifecircle/scenario"
	"lifecircle/store/storetest"
)

const town = lifecircle.AreaCode("990100")

// one is a Networks of a single network.
type one struct{ net *network.Network }

func (o one) Network(string) (*network.Network, error) { return o.net, nil }

// serve serves the town that internal/testcity draws, from a database of its
// own. A request with the header Guest comes from nobody.
func serve(t testing.TB) http.Handler { return serveOn(t, api.Ground{}) }

// serveOn serves the town on a ground.
func serveOn(t testing.TB, ground api.Ground) http.Handler { return serveTown(t, ground, nil) }

// serveTown serves the town with what is changed of it, and the shapes that its areas name.
func serveTown(t testing.TB, ground api.Ground, change func(*registry.Base) []geo.Shape) http.Handler {
	t.Helper()
	return serveBy(t, lifecircle.Walk, ground, change)
}

// serveBy serves the town where the ways to fitness places are those of a mode.
func serveBy(t testing.TB, mode lifecircle.Mode, ground api.Ground, change func(*registry.Base) []geo.Shape) http.Handler {
	t.Helper()
	drawn := testcity.Demo()
	net, err := network.BuildWith(drawn.Extract(), network.BuildConfig{Profiles: slices.Compact([]lifecircle.Mode{lifecircle.Walk, mode})})
	if err != nil {
		t.Fatal(err)
	}
	shape, err := geo.NewShape([]geo.Polygon{{{{Lon: 106.1, Lat: 38.4}, {Lon: 106.3, Lat: 38.4}, {Lon: 106.3, Lat: 38.6}, {Lon: 106.2, Lat: 38.60001}, {Lon: 106.1, Lat: 38.6}, {Lon: 106.1, Lat: 38.4}}}})
	if err != nil {
		t.Fatal(err)
	}
	base := registry.Base{
		Areas: []registry.Area{{
			Code: town, Level: registry.Prefecture, Provenance: lifecircle.Real, Name: lifecircle.Name{ZH: "城", EN: "Town"},
			Outline: &registry.Outline{Shape: shape.Hash(), Note: lifecircle.Name{EN: "drawn by hand"}, Source: "test", Provenance: lifecircle.Generated},
		}},
		Networks: []registry.Network{{Root: town, Hash: net.Hash(), Provenance: lifecircle.Real}},
	}
	for _, c := range drawn.Cells {
		base.Points = append(base.Points, registry.PopulationPoint{ID: c.ID, Area: town, At: c.At, People: c.People, Urban: true, Provenance: lifecircle.Real})
	}
	for _, f := range drawn.Facilities {
		base.Facilities = append(base.Facilities, registry.Facility{
			ID: lifecircle.FacilityID(f.ID), Area: town, Kind: f.Kind, Name: f.Name, At: f.At, Public: f.Public, Provenance: lifecircle.Real,
		})
	}
	shapes := []geo.Shape{shape}
	if change != nil {
		shapes = append(shapes, change(&base)...)
	}
	pkg, faults := plan.Load(plans.Ningxia2025())
	if pkg == nil {
		t.Fatal(faults)
	}
	measure := pkg.Measures["fitness_walk"]
	measure.Mode = mode
	pkg.Measures["fitness_walk"] = measure
	db := storetest.SQLite(t)
	if _, err := scenario.Load(t.Context(), db, account.Local(), scenario.Loaded{Request: scenario.Request{Key: "base"}, Base: base, Shapes: shapes}); err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(t.Context(), engine.Config{Source: db, Networks: one{net}, Plan: pkg, Grant: account.Local()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	followed := make(chan error, 1)
	go func() { followed <- e.Follow(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-followed; err != nil {
			t.Error(err)
		}
	})
	uploads, err := upload.Open(upload.Config{Dir: t.TempDir(), Limit: 2 << 20})
	if err != nil {
		t.Fatal(err)
	}
	jobs := job.NewRunner(job.Config{
		Store: db, Grant: account.Local(), Clock: time.Now, Beat: 10 * time.Millisecond,
		Kinds: map[string]job.Kind{
			api.SitingJob:    api.SitingKind(e, account.Local(), time.Now),
			api.AllotmentJob: api.AllotmentKind(e, account.Local(), time.Now),
		},
	})
	worked := make(chan error, 1)
	go func() { worked <- jobs.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-worked; err != nil {
			t.Error(err)
		}
	})
	return api.Handler(api.Config{
		Engine: e, Uploads: uploads, Store: db, Jobs: jobs, Ground: ground, Version: "test", Clock: time.Now, Log: slog.New(slog.DiscardHandler),
		Plan:  plans.Ningxia2025(),
		Pages: fstest.MapFS{"index.html": {Data: []byte("<title>client</title>")}, "assets/a.js": {Data: []byte("script")}},
		Grant: func(r *http.Request) account.Grant {
			if r.Header.Get("Guest") != "" {
				return account.Grant{}
			}
			return account.Local()
		},
	})
}

// ask is one request and what its answer must be.
type ask struct {
	method, path string
	header       map[string]string
	body         string

	status int
	has    []string // in the body
	hasNot []string
	gives  map[string]string // headers of the answer; "" is none
}

var (
	guest = map[string]string{"Guest": "1"}
	key   = func(k string) map[string]string { return map[string]string{"Idempotency-Key": k} }
)

const (
	ground  = "/api/v1/values/public_sports_ground/990100/2025"
	fitness = "/api/v1/layers/sport.fitness_10min/990100"
	// B, the middle of the drawing, is close to everybody.
	pitch = `{"area":"990100","kind":"sports_pitch","name":"new pitch","lon":106.2,"lat":38.5,"public":true,"source":"plan","provenance":"estimated"}`
)

func put(value, more string) string {
	return `{"value":"` + value + `","source":"bureau","provenance":"real"` + more + `}`
}

// Each scenario is asked of a server of its own, in order: nobody first, then
// what is wrong, then what is right.
func TestScenarios(t *testing.T) {
	t.Parallel()
	scenarios := map[string][]ask{
		"a guest reads and writes nothing": {
			{method: "GET", path: "/api/v1/workspace", header: guest, status: 403, has: []string{`"code":"forbidden"`}, hasNot: []string{"ningxia"}},
			{method: "GET", path: "/api/v1/plan", header: guest, status: 403, hasNot: []string{"clauses"}},
			{method: "GET", path: "/api/v1/areas", header: guest, status: 200, has: []string{`"areas":[]`}},
			{method: "GET", path: "/api/v1/results?area=990100", header: guest, status: 403, hasNot: []string{"results"}},
			{method: "GET", path: "/api/v1/outlines/990100", header: guest, status: 403, hasNot: []string{"features"}},
			{method: "GET", path: "/api/v1/explanations/1.1.7/990100", header: guest, status: 403},
			{method: "GET", path: "/api/v1/rankings/1.1.7/990100", header: guest, status: 403},
			{method: "GET", path: fitness, header: guest, status: 403, hasNot: []string{"points"}},
			{method: "GET", path: "/api/v1/streets/990100", header: guest, status: 403, hasNot: []string{"lines"}},
			{method: "GET", path: ground, header: guest, status: 403},
			{method: "GET", path: "/api/v1/changes", header: guest, status: 403, hasNot: []string{"changes"}},
			{method: "PUT", path: ground, header: guest, body: put("1", ""), status: 403},
			{method: "POST", path: "/api/v1/facilities", header: guest, body: pitch, status: 403},
			{method: "POST", path: "/api/v1/what-if", header: guest, body: `{"changes":[{"op":"add","facility":` + pitch + `}]}`, status: 403},
			{method: "POST", path: "/api/v1/changes/1/undo", header: guest, status: 403},
			{method: "GET", path: "/api/v1/changes", status: 200, has: []string{`"seq":1`}, hasNot: []string{`"seq":2`}},
		},
		"what is not there is named": {
			{method: "GET", path: "/api/v1/results?area=123456", status: 404, has: []string{`"code":"area_unknown"`}},
			{method: "GET", path: "/api/v1/results?area=x", status: 422, has: []string{`"code":"area_code_invalid"`}},
			{method: "GET", path: "/api/v1/results?area=990100&period=soon", status: 422, has: []string{`"code":"period_invalid"`}},
			{method: "GET", path: "/api/v1/explanations/no.such/990100", status: 404, has: []string{`"code":"indicator_unknown"`}},
			{method: "GET", path: "/api/v1/explanations/1.1.7/990100?variant=w1", status: 404, has: []string{`"code":"variant_unknown"`}},
			{method: "GET", path: "/api/v1/rankings/1.1.7/123456", status: 404, has: []string{`"code":"area_unknown"`}},
			{method: "GET", path: "/api/v1/layers/1.1.6/990100", status: 422, has: []string{`"code":"no_layer"`}},
			{method: "GET", path: "/api/v1/values/no_such/990100/2025", status: 404, has: []string{`"code":"element_unknown"`}},
			{method: "POST", path: "/api/v1/changes/99/undo", status: 404, has: []string{`"code":"change_unknown"`}},
			{method: "GET", path: "/api/v1/no-such", status: 404, has: []string{`"code":"path_unknown"`}},
		},
		"a promise is read down to its cells": {
			// 9,400 of 10,000 people live within 1,000 m and 5,700 within 800 m.
			{method: "GET", path: "/api/v1/results?area=990100", status: 200, has: []string{`"value":94,"numerator":9400,"denominator":10000`, `"value":57,`}},
			{method: "GET", path: "/api/v1/explanations/1.1.7/990100?rows=3", status: 200, has: []string{`"rows_total":22`, `"amount":100`}},
			{method: "GET", path: "/api/v1/explanations/1.1.7/990100/places?variant=w1000", status: 200, has: []string{`"count":1,"fewest":1,"need":100,`}},
			{method: "GET", path: "/api/v1/explanations/1.1.6/990100/places", status: 200, has: []string{`"code":"not_a_provision"`}},
			{method: "GET", path: "/api/v1/rankings/1.1.7/990100", status: 200, has: []string{`"results":[]`}},
			{method: "GET", path: fitness, status: 200, has: []string{`"reach":1000,"mode":"walk","metres_per_minute":80`, `"verdict":"fail"`}},
			{method: "GET", path: "/api/v1/plan", status: 200, has: []string{`"id":"1.1.7"`, `"sports_pitch"`}},
		},
		"the ground of areas is drawn for a scale": {
			{
				method: "GET", path: "/api/v1/outlines/990100?level=prefecture&metres=5", status: 200,
				has: []string{`"id":"990100"`, `"provenance":"generated"`, `"note":{"zh":"","en":"drawn by hand"}`, `[[[[106.1,38.4],[106.3,38.4],[106.3,38.6],[106.1,38.6],[106.1,38.4]]]]`},
			},
			{method: "GET", path: "/api/v1/outlines/990100?level=prefecture&metres=0", status: 200, has: []string{`[106.2,38.60001]`, `"metres":0`}},
			{method: "GET", path: "/api/v1/outlines/990100?level=prefecture", status: 200, has: []string{`"metres":15`, `"lacking":0`}},
			{method: "GET", path: "/api/v1/outlines/990100", status: 200, has: []string{`"features":[]`}},
			{method: "GET", path: "/api/v1/outlines/990100?level=street", status: 422},
			{method: "GET", path: "/api/v1/outlines/123456", status: 404, has: []string{`"code":"area_unknown"`}},
			{method: "GET", path: "/api/v1/areas", status: 200, hasNot: []string{"outline"}},
		},
		"a faulty body changes nothing": {
			{method: "PUT", path: ground, body: put("three", ""), status: 422, has: []string{`"code":"number_invalid"`}},
			{method: "PUT", path: ground, body: put("1", `,"more":1`), status: 422},
			{method: "PUT", path: ground, body: `{"value":"1","source":"","provenance":"real"}`, status: 422, has: []string{"source"}},
			{method: "PUT", path: ground, body: `{"value":"1","source":"s","provenance":"sure"}`, status: 422, has: []string{"provenance"}},
			{method: "PUT", path: ground, body: put("1", `,"choose":true`), status: 422, has: []string{`"code":"change_invalid"`}},
			{method: "PUT", path: ground, body: `{`, status: 400},
			{method: "POST", path: "/api/v1/facilities", body: strings.Replace(pitch, "sports_pitch", "casino", 1), status: 422, has: []string{`"code":"kind_unknown"`}},
			{method: "POST", path: "/api/v1/facilities", body: strings.Replace(pitch, "38.5", "138.5", 1), status: 422, has: []string{"lat"}},
			{method: "POST", path: "/api/v1/what-if", body: `{"changes":[]}`, status: 422},
			{method: "POST", path: "/api/v1/what-if", body: `{"changes":[{"op":"add"}]}`, status: 422, has: []string{`"code":"change_invalid"`}},
			{method: "PUT", path: ground, body: `{"value":"` + strings.Repeat("1", 1<<20) + `"}`, status: 413},
			{method: "GET", path: "/api/v1/workspace", status: 200, has: []string{`"seq":1,`}},
		},
		"a write is seen by who names it, and done once": {
			{method: "PUT", path: ground, header: key("a"), body: put("30000", ""), status: 200, has: []string{`"seq":2`}},
			{
				method: "GET", path: ground, header: map[string]string{"Lifecircle-Min-Seq": "2"}, status: 200,
				has: []string{`"value":"30000"`, `"counts":true`}, gives: map[string]string{"Etag": `"2"`, "Cache-Control": "no-cache"},
			},
			{method: "PUT", path: ground, header: key("a"), body: put("30000", ""), status: 200, has: []string{`"seq":2`}},
			{method: "GET", path: "/api/v1/workspace", header: map[string]string{"Lifecircle-Min-Seq": "soon"}, status: 422, has: []string{`"code":"request_invalid"`}},
			{method: "GET", path: "/api/v1/changes?after=1", status: 200, has: []string{`"seq":2`}, hasNot: []string{`"seq":3`}},
		},
		"a change is taken back once, and only the last of its place": {
			{method: "PUT", path: ground, body: put("1", ""), status: 200, has: []string{`"seq":2`}},
			{method: "PUT", path: ground, body: put("2", ""), status: 200, has: []string{`"seq":3`}},
			{method: "POST", path: "/api/v1/changes/2/undo", status: 409, has: []string{`"code":"change_overtaken"`}},
			{method: "POST", path: "/api/v1/changes/3/undo", status: 200, has: []string{`"seq":4`}},
			{method: "GET", path: ground, header: map[string]string{"Lifecircle-Min-Seq": "4"}, status: 200, has: []string{`"value":"1"`}, hasNot: []string{`"value":"2"`}},
			{method: "POST", path: "/api/v1/changes/3/undo", status: 409},
			{method: "POST", path: "/api/v1/changes/1/undo", status: 409, has: []string{`"code":"change_not_undoable"`}},
		},
		"a place is tried without a trace": {
			{
				method: "POST", path: "/api/v1/what-if", body: `{"changes":[{"op":"put","value":{"element":"public_sports_ground","area":"990100","period":"2025","value":"30000"}},{"op":"put","value":{"element":"resident_population","area":"990100","period":"2025","value":"10000"}}]}`,
				status: 200, has: []string{`"indicator":"sport.ground_per_person"`, `"before":null,"after":3`},
			},
			{method: "GET", path: ground, status: 200, has: []string{`"state":"unreported"`, `"values":[]`}},
			{method: "GET", path: "/api/v1/workspace", status: 200, has: []string{`"seq":1,`}},
		},
		"another site's page is refused": {
			{method: "PUT", path: ground, header: map[string]string{"Sec-Fetch-Site": "cross-site"}, body: put("1", ""), status: 403},
			{method: "PUT", path: ground, header: map[string]string{"Origin": "https://elsewhere.example"}, body: put("1", ""), status: 403},
			{method: "GET", path: "/api/v1/workspace", status: 200, has: []string{`"seq":1,`}},
		},
		"pages are the client's and carry its policy": {
			{
				method: "GET", path: "/", status: 200, has: []string{"<title>client"},
				gives: map[string]string{
					"Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
					"X-Content-Type-Options":  "nosniff", "Referrer-Policy": "no-referrer",
				},
			},
			{method: "GET", path: "/indicator?area=990100", status: 200, has: []string{"<title>client"}},
			{method: "GET", path: "/assets/a.js", status: 200, has: []string{"script"}},
			{method: "GET", path: "/%2e%2e/%2e%2e/etc/passwd", status: 400, hasNot: []string{"root:"}},
			{method: "GET", path: "/assets/..%2f..%2fapi.go", status: 400, hasNot: []string{"package api"}},
			{method: "POST", path: "/", status: 405},
		},
	}
	described := api.Describe(http.NewServeMux(), api.Config{}).OpenAPI()
	for name, asks := range scenarios {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t)
			for _, a := range asks {
				a.check(t, server, described)
			}
		})
	}
}

func (a ask) check(t *testing.T, server http.Handler, described *huma.OpenAPI) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), a.method, a.path, strings.NewReader(a.body))
	if a.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for name, value := range a.header {
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	answer := recorder.Result()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	shown := string(body[:min(len(body), 600)])
	if answer.StatusCode != a.status {
		t.Errorf("%s %s = %d, want %d: %s", a.method, a.path, answer.StatusCode, a.status, shown)
	}
	for _, text := range a.has {
		if !strings.Contains(string(body), text) {
			t.Errorf("%s %s does not answer %s: %s", a.method, a.path, text, shown)
		}
	}
	for _, text := range a.hasNot {
		if strings.Contains(string(body), text) {
			t.Errorf("%s %s answers %s", a.method, a.path, text)
		}
	}
	for name, value := range a.gives {
		if got := answer.Header.Get(name); got != value {
			t.Errorf("%s %s: header %s is %q, want %q", a.method, a.path, name, got, value)
		}
	}
	if answer.StatusCode == http.StatusOK && strings.HasPrefix(a.path, "/api/") {
		conforms(t, described, a, body)
	}
}

// conforms holds an answer to its description: no field undescribed, no list
// null.
func conforms(t *testing.T, described *huma.OpenAPI, a ask, body []byte) {
	t.Helper()
	path, _, _ := strings.Cut(a.path, "?")
	operation := operationOf(described, a.method, path)
	if operation == nil {
		t.Errorf("%s %s is described nowhere", a.method, path)
		return
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Errorf("%s %s: %v", a.method, path, err)
		return
	}
	result := &huma.ValidateResult{}
	schema := operation.Responses["200"].Content["application/json"].Schema
	huma.Validate(described.Components.Schemas, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, value, result)
	for _, fault := range result.Errors {
		// A description of huma's cannot say "this object or null" of a reference;
		// the answers have null there.
		if d, ok := fault.(*huma.ErrorDetail); ok && d.Value == nil && d.Message == "expected object" {
			continue
		}
		t.Errorf("%s %s is not as described: %v", a.method, path, fault)
	}
}

// operationOf finds the operation whose path, with its parameters, is asked.
func operationOf(described *huma.OpenAPI, method, path string) *huma.Operation {
	parts := strings.Split(path, "/")
	for pattern, item := range described.Paths {
		wanted := strings.Split(pattern, "/")
		same := len(wanted) == len(parts)
		for i := 0; same && i < len(wanted); i++ {
			same = strings.HasPrefix(wanted[i], "{") || wanted[i] == parts[i]
		}
		if !same {
			continue
		}
		switch method {
		case http.MethodGet:
			return item.Get
		case http.MethodPut:
			return item.Put
		case http.MethodPatch:
			return item.Patch
		case http.MethodPost:
			return item.Post
		case http.MethodDelete:
			return item.Delete
		}
	}
	return nil
}

// TestOutlinesUnchanged: who names the tag of the ground is spared it, also after
// changes that leave it alone.
func TestOutlinesUnchanged(t *testing.T) {
	t.Parallel()
	h := serve(t)
	request := func(method, path, body string, header map[string]string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		for name, value := range header {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	const path = "/api/v1/outlines/990100?level=prefecture"
	first := request("GET", path, "", nil)
	tag := first.Header().Get("ETag")
	if first.Code != 200 || tag == "" {
		t.Fatalf("%d, tag %q: %s", first.Code, tag, first.Body)
	}
	put := request("PUT", ground, put("1", ""), key("k"))
	if put.Code != 200 {
		t.Fatalf("%d: %s", put.Code, put.Body)
	}
	again := request("GET", path, "", map[string]string{"If-None-Match": tag, "Lifecircle-Min-Seq": "2"})
	if again.Code != 304 || again.Body.Len() > 0 || again.Header().Get("ETag") != tag {
		t.Errorf("%d with %d bytes and tag %q", again.Code, again.Body.Len(), again.Header().Get("ETag"))
	}
	if other := request("GET", path+"&metres=1", "", map[string]string{"If-None-Match": tag}); other.Code != 200 {
		t.Errorf("another scale under the same tag: %d", other.Code)
	}
}
