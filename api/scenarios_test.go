package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lifecircle/api"
	"lifecircle/report"
	"lifecircle/scenario"
)

// scenarioOf is the id of the scenario that a request with a key makes.
func scenarioOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "s" + hex.EncodeToString(sum[:13])
}

const scenariosPath = "/api/v1/scenarios"

// A pitch where 300 of the 600 people live who have none within 1,000 m.
const pitchStep = `{"op":"add","kind":"sports_pitch","area":"990100","at":[106.2345958,38.4889932],"name":"new pitch"}`

func appending(steps ...string) string {
	var edits []string
	for _, s := range steps {
		edits = append(edits, `{"do":"append","step":`+s+`}`)
	}
	return `{"edits":[` + strings.Join(edits, ",") + `]}`
}

func match(revision string) map[string]string {
	return map[string]string{"If-Match": `"` + revision + `"`}
}

// TestStoredScenarios: each course is asked of a server of its own, in order.
func TestStoredScenarios(t *testing.T) {
	t.Parallel()
	one := scenariosPath + "/" + scenarioOf("one")
	two := scenariosPath + "/" + scenarioOf("two")
	create := ask{method: "POST", path: scenariosPath, header: key("one"), body: `{"area":"990100","name":"方案一"}`, status: 200, has: []string{`"version":1`, `"steps":[]`, `"state":"open"`}, gives: map[string]string{"Etag": `"1"`}}
	courses := map[string][]ask{
		"a guest reads and writes nothing": {
			create,
			{method: "GET", path: scenariosPath, header: guest, status: 200, has: []string{`"scenarios":[]`}},
			{method: "POST", path: scenariosPath, header: guest, body: `{"area":"990100","name":"x"}`, status: 403},
			{method: "GET", path: one, header: guest, status: 403, hasNot: []string{"方案一"}},
			{method: "GET", path: one + "/acts", header: guest, status: 403},
			{method: "GET", path: one + "/versions", header: guest, status: 403},
			{method: "GET", path: one + "/versions/1", header: guest, status: 403},
			{method: "GET", path: one + "/versions/1/what-if", header: guest, status: 403},
			{method: "POST", path: one + "/edits", header: map[string]string{"Guest": "1", "If-Match": `"1"`}, body: appending(pitchStep), status: 403},
			{method: "POST", path: one + "/undo", header: map[string]string{"Guest": "1", "If-Match": `"1"`}, status: 403},
			{method: "POST", path: one + "/head", header: map[string]string{"Guest": "1", "If-Match": `"1"`}, body: `{"version":1}`, status: 403},
			{method: "POST", path: one + "/refresh", header: map[string]string{"Guest": "1", "If-Match": `"1"`}, status: 403},
			{method: "POST", path: one + "/duplicate", header: guest, body: `{"name":"x"}`, status: 403},
			{method: "POST", path: one + "/adopt", header: map[string]string{"Guest": "1", "If-Match": `"1"`}, body: `{"source":"x","provenance":"real"}`, status: 403},
			{method: "PATCH", path: one, header: map[string]string{"Guest": "1", "If-Match": `"1"`}, body: `{"name":"x"}`, status: 403},
			{method: "GET", path: "/api/v1/comparisons?a=" + scenarioOf("one") + "&b=" + scenarioOf("one"), header: guest, status: 403},
			{method: "GET", path: one, status: 200, has: []string{`"revision":1`}},
		},
		"what is not there is named": {
			create,
			{method: "GET", path: scenariosPath + "/none", status: 404, has: []string{`"code":"scenario_unknown"`}},
			{method: "GET", path: one + "/versions/7", status: 404, has: []string{`"code":"version_unknown"`}},
			{method: "POST", path: one + "/edits", body: appending(pitchStep), status: 428, has: []string{`"code":"revision_missing"`}},
			{method: "POST", path: one + "/edits", header: match("x"), body: appending(pitchStep), status: 412},
			{method: "POST", path: one + "/edits", header: match("9"), body: appending(pitchStep), status: 412, has: []string{`"code":"revision_unknown"`}},
			{method: "POST", path: one + "/edits", header: match("1"), body: `{"edits":[]}`, status: 422},
			{method: "POST", path: one + "/edits", header: match("1"), body: appending(`{"op":"fly"}`), status: 422},
			{method: "POST", path: one + "/edits", header: match("1"), body: appending(`{"op":"close"}`), status: 422, has: []string{`"code":"step_invalid"`}},
			{method: "POST", path: one + "/undo", header: match("1"), status: 409, has: []string{`"code":"nothing_to_undo"`}},
			{method: "POST", path: one + "/redo", header: match("1"), status: 409, has: []string{`"code":"nothing_to_redo"`}},
			{method: "PATCH", path: one, header: match("1"), body: `{}`, status: 422},
			{method: "POST", path: one + "/adopt", header: match("1"), body: `{"source":"x","provenance":"real"}`, status: 422, has: []string{`"code":"scenario_empty"`}},
			{method: "POST", path: scenariosPath, body: `{"area":"123456","name":"x"}`, status: 404, has: []string{`"code":"area_unknown"`}},
			{method: "GET", path: "/api/v1/comparisons?a=none&b=none", status: 404},
			{method: "POST", path: "/api/v1/what-if", body: `{"area":"990100"}`, status: 422, has: []string{`"code":"request_invalid"`}},
			{method: "GET", path: one, status: 200, has: []string{`"revision":1`}},
		},
		"steps are kept, undone, redone and left readable": {
			create,
			{method: "POST", path: one + "/edits", header: match("1"), body: appending(pitchStep), status: 200, has: []string{`"key":"2.1"`, `"head":2`}, gives: map[string]string{"Etag": `"2"`}},
			{method: "GET", path: one + "/versions/2/what-if", status: 200, has: []string{`"indicator":"sport.fitness_10min"`, `"gained":`, `"version":2`}},
			{method: "GET", path: one + "/versions/1/what-if", status: 200, has: []string{`"results":[]`}},
			{method: "POST", path: one + "/undo", header: match("2"), status: 200, has: []string{`"version":1`, `"tip":2`, `"steps":[]`}},
			{method: "POST", path: one + "/redo", header: match("3"), status: 200, has: []string{`"version":2`}},
			{method: "POST", path: one + "/undo", header: match("4"), status: 200, has: []string{`"version":1`}},
			{method: "POST", path: one + "/edits", header: match("5"), body: appending(strings.Replace(pitchStep, "new", "other", 1)), status: 200, has: []string{`"version":3`, `"other pitch"`}},
			{method: "GET", path: one + "/versions/2", status: 200, has: []string{`"new pitch"`, `"head":3`}, hasNot: []string{"other"}},
			{method: "GET", path: one + "/versions", status: 200, has: []string{`"version":3,"parent":1`}},
			{method: "POST", path: one + "/head", header: match("6"), body: `{"version":2}`, status: 200, has: []string{`"version":2`}},
			{method: "GET", path: one + "/acts", status: 200, has: []string{`"deed":"restore"`}},
			{method: "PATCH", path: one, header: match("7"), body: `{"name":"方案甲"}`, status: 200, has: []string{`"name":"方案甲"`}},
			{method: "PATCH", path: one, header: match("8"), body: `{"state":"archived"}`, status: 200, has: []string{`"state":"archived"`}},
			{method: "GET", path: scenariosPath, status: 200, has: []string{`"scenarios":[]`}},
			{method: "POST", path: one + "/edits", header: match("9"), body: appending(pitchStep), status: 409, has: []string{`"code":"scenario_archived"`}},
			{method: "POST", path: one + "/duplicate", header: key("two"), body: `{"name":"方案乙"}`, status: 200, has: []string{`"new pitch"`, scenarioOf("two")}},
		},
		"two who edit one scenario": {
			create,
			{method: "POST", path: one + "/edits", header: match("1"), body: appending(pitchStep), status: 200},
			{
				method: "POST", path: one + "/edits", header: match("1"), body: appending(strings.Replace(pitchStep, "new", "my", 1)), status: 409,
				has: []string{`"code":"scenario_conflict"`, `"deed":"edit"`, `"actor":"local"`, "new pitch", "my pitch", `"onto":2`},
			},
			// A repeated request has one effect.
			{method: "POST", path: one + "/edits", header: map[string]string{"If-Match": `"2"`, "Idempotency-Key": "k"}, body: appending(pitchStep), status: 200, has: []string{`"head":3`}},
			{method: "POST", path: one + "/edits", header: map[string]string{"If-Match": `"2"`, "Idempotency-Key": "k"}, body: appending(pitchStep), status: 200, has: []string{`"head":3`}},
		},
		"every fault at once": {
			create,
			{
				method: "POST", path: one + "/edits", header: match("1"), body: appending(
					`{"op":"close","id":"nobody"}`, `{"op":"add","kind":"casino","at":[106.2345958,38.4889932]}`, `{"op":"add","kind":"sports_pitch","at":[100,30]}`,
					`{"op":"add","kind":"sports_pitch","at":[106.2345958,38.4889932],"fields":{"beds":-1}}`, `{"op":"add","kind":"sports_pitch","at":[106.2345958,38.4889932],"date":"soon"}`, pitchStep),
				status: 200,
				has: []string{
					`"step":1,"key":"2.1","op":"close","code":"facility_unknown"`, `"code":"kind_unknown"`, `"code":"outside_map"`,
					`"code":"capacity_negative"`, `"step":5,"key":"2.5","op":"add","code":"date_invalid"`,
				},
				hasNot: []string{`"step":6`},
			},
			{method: "GET", path: one + "/versions/2/what-if", status: 422, has: []string{`"code":"scenario_faulty"`, `"facility_unknown"`, `"date_invalid"`}},
			{method: "POST", path: one + "/adopt", header: match("2"), body: `{"source":"x","provenance":"real"}`, status: 422, has: []string{`"code":"scenario_faulty"`}},
			{method: "GET", path: "/api/v1/changes?after=3", status: 200, has: []string{`"changes":[]`}},
		},
		"other numbers of the plan are tried, checked, seen and never adopted": {
			create,
			{
				method: "POST", path: one + "/edits", header: match("1"), status: 200,
				body: appending(`{"op":"parameter","object":"1.1.7","parameter":"reach","value":"5000"}`, `{"op":"parameter","object":"1.1.7","parameter":"target","value":"150"}`),
				has: []string{
					`"number/1.1.7||reach||":{"value":"1000 m"}`, `"step":1,"key":"2.1","op":"parameter","code":"weaker_than_above"`, `"severity":"warning"`,
					`"step":2,"key":"2.2","op":"parameter","code":"out_of_range"`, `"repair":"write 0 to 100 %"`, `"stale":false`,
				},
			},
			{method: "GET", path: one + "/versions/2/what-if", status: 422, has: []string{`"code":"out_of_range"`}},
			{method: "POST", path: one + "/edits", header: match("2"), status: 200, body: `{"edits":[{"do":"remove","key":"2.2"}]}`},
			{method: "GET", path: one + "/versions/3/what-if", status: 200, has: []string{`"indicator":"sport.fitness_10min"`, `"gained":`}},
			{method: "POST", path: one + "/adopt", header: match("3"), body: `{"source":"x","provenance":"real"}`, status: 409, has: []string{`"code":"scenario_supposes"`, `"2.1"`}},
		},
		"a stale scenario is named, refreshed and adopted, once": {
			{method: "POST", path: "/api/v1/facilities", body: `{"id":"p1",` + pitch[1:], status: 200, has: []string{`"seq":2`}},
			create,
			{method: "POST", path: one + "/edits", header: match("1"), body: appending(`{"op":"close","id":"p1","date":"2026-01-01"}`), status: 200, has: []string{`"stale":false`, `"facility/p1"`}},
			{method: "POST", path: scenariosPath, header: key("two"), body: `{"area":"990100","name":"other","steps":[{"op":"change","id":"p1","fields":{"floor":900}}]}`, status: 200},
			{method: "POST", path: two + "/adopt", header: match("1"), body: `{"source":"decision 12","provenance":"estimated"}`, status: 200, has: []string{`"state":"adopted"`, `"adopted":6`}},
			{method: "GET", path: one, status: 200, has: []string{`"stale":true`, `"code":"step_stale"`, `"field":"changes"`}},
			{method: "GET", path: one + "/versions/2/what-if", status: 200, has: []string{`"stale":true`, `"lost":`}},
			{method: "POST", path: one + "/adopt", header: match("2"), body: `{"source":"x","provenance":"real"}`, status: 409, has: []string{`"code":"scenario_stale"`}},
			{method: "POST", path: one + "/refresh", header: match("2"), status: 200, has: []string{`"stale":false`, `"version":3`}},
			{method: "POST", path: one + "/adopt", header: map[string]string{"If-Match": `"3"`, "Idempotency-Key": "adopt one"}, body: `{"source":"x","provenance":"real"}`, status: 200, has: []string{`"state":"adopted"`, `"adopted":8`, `"revision":4`}},
			{method: "POST", path: one + "/adopt", header: map[string]string{"If-Match": `"3"`, "Idempotency-Key": "adopt one"}, body: `{"source":"x","provenance":"real"}`, status: 200, has: []string{`"state":"adopted"`, `"adopted":8`, `"revision":4`}},
			{method: "POST", path: one + "/adopt", header: match("4"), body: `{"source":"x","provenance":"real"}`, status: 409, has: []string{`"code":"scenario_adopted"`}},
			{method: "GET", path: one + "/versions/3/what-if", status: 409},
			{method: "POST", path: "/api/v1/changes/8/undo", status: 200},
			{method: "GET", path: one, status: 200, has: []string{`"taken_back":true`}},
			{method: "POST", path: "/api/v1/changes/4/undo", status: 409, has: []string{`"code":"change_not_undoable"`}},
		},
		"two are compared": {
			{method: "POST", path: scenariosPath, header: key("one"), body: `{"area":"990100","name":"a","steps":[` + pitchStep + `]}`, status: 200},
			{method: "POST", path: scenariosPath, header: key("two"), body: `{"area":"990100","name":"b","steps":[` + strings.Replace(pitchStep, "new", "other", 1) + `]}`, status: 200},
			{
				method: "GET", path: "/api/v1/comparisons?a=" + scenarioOf("one") + "@1&b=" + scenarioOf("two"), status: 200,
				has: []string{`"indicator":"sport.fitness_10min"`, `"before":94`, `"a":100`, `"b":100`, `"people":{"gained":`},
			},
		},
	}
	described := api.Describe(http.NewServeMux(), api.Config{}).OpenAPI()
	for name, asks := range courses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t)
			for _, a := range asks {
				a.check(t, server, described)
			}
		})
	}
}

// TestScenarioIsItsSteps: what a stored scenario changes is what its steps
// change when they are tried alone, and upon a part of them, in every figure.
func TestScenarioIsItsSteps(t *testing.T) {
	t.Parallel()
	server := serve(t)
	steps := []string{
		pitchStep,
		`{"op":"estate","at":[106.2345958,38.4889932],"people":500,"name":"新区"}`,
		`{"op":"put","element":"public_sports_ground","area":"990100","period":"2025","value":"30000"}`,
	}
	post(t, server, posting{scenariosPath, "one", `{"area":"990100","name":"a","steps":[` + strings.Join(steps, ",") + `]}`}, nil)
	post(t, server, posting{scenariosPath, "two", `{"area":"990100","name":"b","steps":[` + steps[0] + `]}`}, nil)
	var stored, alone, upon report.WhatIf
	shownAs(t, server, scenariosPath+"/"+scenarioOf("one")+"/versions/1/what-if", &stored)
	post(t, server, posting{"/api/v1/what-if", "", `{"area":"990100","steps":[` + strings.Join(steps, ",") + `]}`}, &alone)
	post(t, server, posting{"/api/v1/what-if", "", `{"scenario":"` + scenarioOf("two") + `","steps":[` + strings.Join(steps[1:], ",") + `]}`}, &upon)
	if len(stored.Results) == 0 {
		t.Fatal("the scenario changes nothing")
	}
	for _, other := range []report.WhatIf{alone, upon} {
		if diff := cmp.Diff(stored.Results, other.Results); diff != "" || stored.People != other.People {
			t.Errorf("the scenario is not its steps (-stored +tried):\n%s", diff)
		}
	}
	var kept struct{ Steps []scenario.Step }
	shownAs(t, server, scenariosPath+"/"+scenarioOf("one"), &kept)
	if len(kept.Steps) != 3 || kept.Steps[2].Value != "30000" || kept.Steps[1].People != 500 {
		t.Errorf("the steps came back as %+v", kept.Steps)
	}
}

func shownAs(t *testing.T, server http.Handler, path string, into any) {
	t.Helper()
	asked(t, server, httptest.NewRequestWithContext(t.Context(), "GET", path, nil), into)
}

// posting is a request that writes; key may be "".
type posting struct{ path, key, body string }

func post(t *testing.T, server http.Handler, p posting, into any) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), "POST", p.path, strings.NewReader(p.body))
	request.Header.Set("Content-Type", "application/json")
	if p.key != "" {
		request.Header.Set("Idempotency-Key", p.key)
	}
	asked(t, server, request, into)
}

func asked(t *testing.T, server http.Handler, request *http.Request, into any) {
	t.Helper()
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	if recorder.Code != http.StatusOK {
		t.Fatalf("%s %s = %d: %s", request.Method, request.URL, recorder.Code, recorder.Body)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), into); err != nil {
		t.Fatal(err)
	}
}
