package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lifecircle/api"
	"lifecircle/internal/testcity"
	"lifecircle/report"
	"lifecircle/scenario"
)

// sent is a request and the status its answer must have.
type sent struct {
	status             int
	method, path, body string
}

// replied asks a server and reads its JSON.
func replied[T any](t *testing.T, h http.Handler, ask sent) T {
	t.Helper()
	method, path, status := ask.method, ask.path, ask.status
	r := httptest.NewRequestWithContext(t.Context(), method, "/api/v1"+path, strings.NewReader(ask.body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != status {
		t.Fatalf("%s %s: %d, want %d\n%s", method, path, w.Code, status, w.Body)
	}
	var out T
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("%s %s: %v\n%s", method, path, err, w.Body)
	}
	return out
}

// events reads the server-sent events of a job until it has ended.
func events(t *testing.T, h http.Handler, id string) (jobs []api.Job) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/jobs/"+id+"/events", nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if got := w.Header().Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("events are %q\n%s", got, w.Body)
	}
	for line := range strings.SplitSeq(w.Body.String(), "\n") {
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			var j api.Job
			if err := json.Unmarshal([]byte(data), &j); err != nil {
				t.Fatal(err)
			}
			jobs = append(jobs, j)
		}
	}
	return jobs
}

// From a gap to a decision: preflight, run, follow, read, ask why not there.
func TestSitingFromGapToDecision(t *testing.T) {
	t.Parallel()
	h := serve(t)
	const ask = `{"area":"990100","indicator":"sport.fitness_10min","p":1,"cost_yuan":150000}`
	before := replied[report.SitingCase](t, h, sent{200, http.MethodPost, "/sitings/preflight", ask})
	if before.Need != 600 || before.Purpose != "nearness" || before.Model != "mclp" || before.Metres != 1000 || before.Kind != "fitness_station" && before.Kind != "sports_pitch" && before.Kind != "running_track" ||
		before.Candidates["point"] == 0 || before.Standing != 3 || before.Costs.Basis != "given" {
		t.Errorf("preflight: %+v", before)
	}
	queued := replied[api.Job](t, h, sent{202, http.MethodPost, "/sitings", ask})
	if queued.Kind != "siting" || queued.Area != "990100" || queued.ID == "" {
		t.Errorf("queued: %+v", queued)
	}
	seen := events(t, h, queued.ID)
	if n := len(seen); n == 0 || seen[n-1].State != "done" || !seen[n-1].HasResult || seen[n-1].Fraction != 1 {
		t.Fatalf("followed: %+v", seen)
	}
	sited := replied[api.Sited](t, h, sent{200, http.MethodGet, "/sitings/" + queued.ID, ""})
	if sited.Value != 600 || sited.Bound != 600 || sited.Gap != 0 || sited.Checked != "plan" || !sited.Current || len(sited.Sites) != 1 || sited.Cost != 150_000 || sited.Gained != 600 ||
		sited.Result == nil || *sited.Result.After != 100 || *sited.Result.Before != 94 {
		t.Errorf("answer: %+v", sited)
	}
	chosen := replied[report.SitingWhy](t, h, sent{200, http.MethodPost, "/sitings/" + queued.ID + "/why", `{"candidate":"` + sited.Sites[0].ID + `"}`})
	if !chosen.Chosen || chosen.Reaches != 600 {
		t.Errorf("why the chosen: %+v", chosen)
	}
	at := testcity.Demo().Cells[len(testcity.Demo().Cells)-1].At
	far := replied[report.SitingWhy](t, h, sent{200, http.MethodPost, "/sitings/" + queued.ID + "/why", fmt.Sprintf(`{"lon":%v,"lat":%v}`, at.Lon, at.Lat)})
	if far.Chosen || far.Loss == nil || *far.Loss <= 0 || len(far.Instead) != 1 {
		t.Errorf("why not at the other end: %+v", far)
	}
	projects := replied[api.Projects](t, h, sent{200, http.MethodGet, "/sitings/" + queued.ID + "/projects", ""}).Projects
	if len(projects) != 1 || projects[0].Cost != 150_000 || projects[0].State != "draft" || projects[0].Clause != "1.1.7" || projects[0].Served != 600 {
		t.Errorf("projects: %+v", projects)
	}
	kept := replied[api.ScenarioVersion](t, h, sent{200, http.MethodPost, "/sitings/" + queued.ID + "/scenario", `{"name":"one more place"}`})
	if len(kept.Steps) != 1 || kept.Steps[0].Op != scenario.AddPlace || kept.Steps[0].Kind != before.Kind || len(kept.Faults) != 0 {
		t.Errorf("scenario: %+v", kept)
	}
	tried := replied[report.WhatIf](t, h, sent{200, http.MethodGet, fmt.Sprintf("/scenarios/%s/versions/%d/what-if", kept.ID, kept.Version), ""})
	if tried.People.Gained < 600 {
		t.Errorf("the scenario gains %d", tried.People.Gained)
	}
	if all := replied[api.Jobs](t, h, sent{200, http.MethodGet, "/jobs?kind=siting", ""}).Jobs; len(all) != 1 || all[0].ID != queued.ID {
		t.Errorf("jobs: %+v", all)
	}
	// What has ended is not cancelled.
	if j := replied[api.Job](t, h, sent{200, http.MethodDelete, "/jobs/" + queued.ID, ""}); j.State != "done" {
		t.Errorf("cancelled when done: %+v", j)
	}
}

// A budget is shared out as a job.
func TestAllotment(t *testing.T) {
	t.Parallel()
	h := serve(t)
	const ask = `{"area":"990100","budget_yuan":10,"claims":[{"indicator":"1.1.7","cost_yuan":4},{"indicator":"edu.school_reach","cost_yuan":6,"weight":2}]}`
	queued := replied[api.Job](t, h, sent{202, http.MethodPost, "/allotments", ask})
	seen := events(t, h, queued.ID)
	if last := seen[len(seen)-1]; last.State != "done" || last.Kind != "allotment" {
		t.Fatalf("followed: %+v", seen)
	}
	a := replied[report.Allotment](t, h, sent{200, http.MethodGet, "/allotments/" + queued.ID, ""})
	if a.Value <= 1 || a.Bound != a.Value || a.Cost != 10 || a.Left != 0 || len(a.Parts) != 2 || a.Parts[0].Sites != 1 || a.Parts[0].Closed != 600 || a.Parts[1].Sites != 1 {
		t.Errorf("allotment: %+v", a)
	}
	if p := replied[api.Problem](t, h, sent{404, http.MethodGet, "/sitings/" + queued.ID, ""}); p.Code != "job_unknown" {
		t.Errorf("an allotment is no siting: %+v", p)
	}
	if p := replied[api.Problem](t, h, sent{422, http.MethodPost, "/allotments", `{"area":"990100","budget_yuan":10,"claims":[{"indicator":""}]}`}); p.Code != "siting_question" {
		t.Errorf("a claim for nothing: %+v", p)
	}
	// What cannot be shared fails as a job, with its code.
	failed := replied[api.Job](t, h, sent{202, http.MethodPost, "/allotments", `{"area":"990100","budget_yuan":10,"claims":[{"indicator":"1.1.7"}]}`})
	seen = events(t, h, failed.ID)
	if last := seen[len(seen)-1]; last.State != "failed" || last.Code != "siting_no_cost" {
		t.Errorf("without costs: %+v", last)
	}
	if p := replied[api.Problem](t, h, sent{409, http.MethodGet, "/allotments/" + failed.ID, ""}); p.Code != "job_unfinished" {
		t.Errorf("an answer that is not there: %+v", p)
	}
}

// What is wrong is refused at once, with its code; nobody gets nothing.
func TestSitingRefused(t *testing.T) {
	t.Parallel()
	h := serve(t)
	for _, c := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{http.MethodPost, "/sitings", `{"area":"990100"}`, 422, "siting_question"},
		{http.MethodPost, "/sitings", `{"area":"990100","indicator":"1.1.7"}`, 422, "siting_count"},
		{http.MethodPost, "/sitings", `{"area":"990100","indicator":"1.1.7","p":5000}`, 422, "siting_count"},
		{http.MethodPost, "/sitings", `{"area":"990100","indicator":"1.1.7","budget_yuan":5000}`, 422, "siting_no_cost"},
		{http.MethodPost, "/sitings/preflight", `{"area":"990100","indicator":"no.such","p":1}`, 404, "indicator_unknown"},
		{http.MethodPost, "/sitings/preflight", `{"area":"123456","indicator":"1.1.7","p":1}`, 404, "area_unknown"},
		{http.MethodPost, "/sitings/preflight", `{"area":"990100","indicator":"childcare.inclusive","p":1}`, 422, "siting_not_spatial"},
		{http.MethodPost, "/sitings/preflight", `{"area":"990100","kind":"library","model":"mclp","p":1,"minutes":99999}`, 422, "siting_question"},
		{http.MethodGet, "/sitings/j-none", "", 404, "job_unknown"},
		{http.MethodGet, "/jobs/j-none", "", 404, "job_unknown"},
		{http.MethodDelete, "/jobs/j-none", "", 404, "job_unknown"},
		{http.MethodPost, "/sitings/j-none/why", `{"candidate":"x"}`, 404, "job_unknown"},
	} {
		problem := replied[api.Problem](t, h, sent{c.status, c.method, c.path, c.body})
		if problem.Code != c.code || problem.Detail == "" {
			t.Errorf("%s %s %s: %+v, want %s", c.method, c.path, c.body, problem, c.code)
		}
	}
	for _, path := range []string{"/jobs", "/jobs/j-none", "/sitings/j-none"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1"+path, nil)
		r.Header.Set("Guest", "1")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden && w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), `"jobs"`) {
			t.Errorf("GET %s by nobody: %d %s", path, w.Code, w.Body)
		}
	}
	if w := nobody(t, h, `{"area":"990100","indicator":"1.1.7","p":1}`); w.Code != http.StatusForbidden {
		t.Errorf("a run by nobody: %d %s", w.Code, w.Body)
	}
	if all := replied[api.Jobs](t, h, sent{200, http.MethodGet, "/jobs", ""}).Jobs; len(all) != 0 {
		t.Errorf("refused questions left jobs: %+v", all)
	}
}

// nobody asks for sites without a grant.
func nobody(t *testing.T, h http.Handler, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/sitings", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Guest", "1")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
