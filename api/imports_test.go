package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lifecircle/api"
)

const list = "编号,名称,类别,行政区,经度,纬度,场地面积\n" +
	"n1,新球场,sports_pitch,990100,106.2,38.5,600\n" +
	"n2,坏球场,sports_pitch,990100,106.2,38.5,很大\n" +
	"P,西岸社区球场,sports_pitch,990100,106.2196599,38.4853959,800\n" +
	"n3,又一处,casino,990100,106.2,38.5,\n"

// A list is sent, looked into, tried, repaired, taken in and taken back.
func TestImport(t *testing.T) {
	t.Parallel()
	server := serve(t)
	described := api.Describe(http.NewServeMux(), api.Config{}).OpenAPI()
	send := func(name, content string, header map[string]string) (int, string) {
		request := httptest.NewRequestWithContext(t.Context(), "POST", "/api/v1/imports?name="+name, strings.NewReader(content))
		request.Header.Set("Content-Type", "application/octet-stream")
		for k, v := range header {
			request.Header.Set(k, v)
			if k == "Content-Length" {
				request.ContentLength = 200 << 20
			}
		}
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, request)
		return answer.Code, answer.Body.String()
	}
	if status, text := send("a.csv", list, guest); status != 403 {
		t.Fatalf("a guest's list: %d %s", status, text)
	}
	if status, text := send("a.csv", "x", map[string]string{"Content-Length": "209715200"}); status != 413 || !strings.Contains(text, "200 MB") || !strings.Contains(text, "file_too_large") {
		t.Errorf("a list of 200 MB: %d %s", status, text)
	}
	if status, _ := send("a.csv", strings.Repeat("x", 2<<20+1), nil); status != 413 {
		t.Errorf("a list beyond the limit whose size nobody announced: %d", status)
	}
	status, text := send("%E5%90%8D%E5%8D%95.csv", list, nil)
	if status != 200 || !strings.Contains(text, `"name":"名单.csv"`) {
		t.Fatalf("send: %d %s", status, text)
	}
	var sent struct{ ID string }
	if err := json.Unmarshal([]byte(text), &sent); err != nil {
		t.Fatal(err)
	}
	at := "/api/v1/imports/" + sent.ID
	columns := `"columns":{"场地面积":"ground_area"}`
	taking := func(more string) string { return `{"register":"facility","area":"990100",` + columns + more + `}` }
	repaired := `,"crs":"wgs84","repairs":[{"row":3,"heading":"场地面积","cell":"700"}]`
	for _, a := range []ask{
		{method: "GET", path: "/api/v1/imports/forms/facility?area=990100", status: 200, has: []string{`"limit_bytes":2097152`, `"id":"id","names":["编号"`, `"need":true`}},
		{method: "GET", path: "/api/v1/imports/forms/nothing?area=990100", status: 404, has: []string{"register_unknown"}},
		{method: "GET", path: at + "?register=facility&area=990100", header: guest, status: 403},
		{method: "GET", path: "/api/v1/imports/unknown?register=facility&area=990100", status: 404, has: []string{"upload_unknown"}},
		{method: "GET", path: at + "?register=facility&area=990100", status: 200, has: []string{`"rows":4`, `"经度":"lon"`, `"guessed":[`, `"sample":[["n1"`}},
		{method: "POST", path: at + "/try", body: taking(""), status: 422, has: []string{`"code":"crs_missing"`}},
		{method: "POST", path: at + "/try", body: taking(`,"crs":"mars"`), status: 422},
		{method: "POST", path: at + "/try", header: guest, body: taking(`,"crs":"wgs84"`), status: 403},
		{
			method: "POST", path: at + "/try", body: taking(`,"crs":"wgs84"`), status: 200,
			has: []string{
				`"rows":4,"new":1,"changed":1,"unchanged":0,"refused":2`, `{"row":3,"cells":["n2","坏球场"`, `"column":"场地面积","code":"number_invalid"`,
				`"code":"kind_unknown"`, `{"field":"ground_area","before":null,"after":800}`,
			},
		},
		{method: "POST", path: at + "/try", body: taking(repaired), status: 200, has: []string{`"new":2,"changed":1,"unchanged":0,"refused":1`, `"reasons":["near_position"]`, `"doubled":1`}},
		{method: "GET", path: "/api/v1/workspace", status: 200, has: []string{`"seq":1,`}},
		{method: "POST", path: at + "/take", header: guest, body: taking(repaired), status: 403},
		{method: "POST", path: at + "/take", header: key("k"), body: taking(repaired), status: 200, has: []string{`"seq":2,"rows":4,"changes":3,"refused":1`}},
		{method: "GET", path: "/api/v1/registers/facility/rows/n2?area=990100", status: 200, has: []string{`"ground_area":700`, `"source":"名单.csv"`}},
		{method: "POST", path: at + "/take", body: taking(repaired), status: 200, has: []string{`"seq":0,"rows":4,"changes":0,"refused":1`}},
		{method: "POST", path: "/api/v1/changes/2/undo", status: 200, has: []string{`"seq":3`}},
		{method: "GET", path: "/api/v1/registers/facility/rows?area=990100", status: 200, has: []string{`"total":4`}, hasNot: []string{"ground_area"}},
	} {
		a.check(t, server, described)
	}
	for path, body := range map[string]string{at + "/refused": taking(repaired), "/api/v1/imports/forms/facility/template?area=990100": ""} {
		method := map[bool]string{true: "GET", false: "POST"}[body == ""]
		request := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, request)
		if !strings.HasPrefix(answer.Body.String(), "PK") || !strings.Contains(answer.Header().Get("Content-Disposition"), ".xlsx") {
			t.Errorf("%s is no spreadsheet: %d %.200s", path, answer.Code, answer.Body)
		}
	}
	ask{method: "DELETE", path: at, status: 204}.check(t, server, described)
	ask{method: "GET", path: at + "?register=facility&area=990100", status: 404}.check(t, server, described)
}
