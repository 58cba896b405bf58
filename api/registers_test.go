package api_test

import (
	"net/http"
	"testing"

	"lifecircle/api"
)

func TestRegisters(t *testing.T) {
	t.Parallel()
	const (
		rows     = "/api/v1/registers/facility/rows"
		here     = "?area=990100"
		pitchRow = rows + "/P" + here
	)
	seen := func(seq string) map[string]string { return map[string]string{"Lifecircle-Min-Seq": seq} }
	described := api.Describe(http.NewServeMux(), api.Config{}).OpenAPI()
	for name, asks := range map[string][]ask{
		"a guest reads and writes no rows": {
			{method: "GET", path: "/api/v1/area-search?search=9", header: guest, status: 200, has: []string{`"areas":[]`}},
			{method: "GET", path: "/api/v1/registers" + here, header: guest, status: 403},
			{method: "GET", path: rows + here, header: guest, status: 403, hasNot: []string{"西岸"}},
			{method: "GET", path: "/api/v1/registers/facility/places" + here, header: guest, status: 403, hasNot: []string{"lons"}},
			{method: "GET", path: pitchRow, header: guest, status: 403, hasNot: []string{"西岸"}},
			{method: "GET", path: "/api/v1/registers/facility/duplicates" + here, header: guest, status: 403},
			{method: "PATCH", path: pitchRow, header: guest, body: `{"cells":{"name":"x"}}`, status: 403},
			{method: "DELETE", path: pitchRow, header: guest, status: 403},
			{method: "GET", path: "/api/v1/workspace", status: 200, has: []string{`"seq":1,`}},
		},
		"rows are filtered, ordered and cut by the server": {
			{method: "GET", path: "/api/v1/area-search?search=9901", status: 200, has: []string{`"total":1`, `"code":"990100"`}},
			{method: "GET", path: "/api/v1/registers" + here, status: 200, has: []string{`"id":"facility","name":{"zh":"设施","en":"Facility"},"rows":4,"kept":true`, `"id":"beds"`, `"id":"organisation","name":{"zh":"机构","en":"Organisation"},"rows":0,"kept":false`}},
			{method: "GET", path: rows + here + "&limit=2&sort=-id", status: 200, has: []string{`"total":4`, `{"kind":"sports_pitch","rows":1}`, `"rows":[{"id":"T"`}, hasNot: []string{`"id":"F"`}},
			{method: "GET", path: "/api/v1/registers/facility/places" + here + "&kind=sports_pitch", status: 200, has: []string{`"unplaced":0,"left":0,"ids":["P"],"lons":[106.`}},
			{method: "GET", path: rows + here + "&kind=hospital", status: 200, has: []string{`"total":0`, `"rows":[]`}},
			{method: "GET", path: rows + here + "&search=xasq", status: 200, has: []string{`"total":1`, `"id":"P"`}},
			{method: "GET", path: "/api/v1/registers/nothing/rows" + here, status: 404, has: []string{`"code":"register_unknown"`}},
			{method: "GET", path: rows + "?area=123456", status: 404, has: []string{`"code":"area_unknown"`}},
			{method: "GET", path: rows + "/none" + here, status: 404, has: []string{`"code":"entry_unknown"`}},
		},
		"a row is corrected, its history says so, and undo takes it back": {
			{method: "PATCH", path: pitchRow, header: key("a"), body: `{"cells":{"name":"北球场","ground_area":"600","opened":"2020年5月1日","barrier_free":"是"}}`, status: 200, has: []string{`"seq":2`}},
			{method: "PATCH", path: pitchRow, header: key("a"), body: `{"cells":{"name":"北球场","ground_area":"600","opened":"2020年5月1日","barrier_free":"是"}}`, status: 200, has: []string{`"seq":2`}},
			{
				method: "GET", path: pitchRow, header: seen("2"), status: 200,
				has: []string{`"name":"北球场"`, `"ground_area":600`, `"barrier_free":true`, `"opened":"2020-05-01"`, `{"field":"ground_area","before":null,"after":600}`, `"action":"load"`},
			},
			{method: "GET", path: rows + here + "&search=bqc", status: 200, has: []string{`"total":1`}},
			{method: "PATCH", path: pitchRow, body: `{"cells":{"ground_area":""}}`, status: 200, has: []string{`"seq":3`}},
			{method: "GET", path: pitchRow, header: seen("3"), status: 200, has: []string{`{"field":"ground_area","before":600,"after":null}`}},
			{method: "POST", path: "/api/v1/changes/3/undo", status: 200, has: []string{`"seq":4`}},
			{method: "GET", path: pitchRow, header: seen("4"), status: 200, has: []string{`"ground_area":600`, `"undoes":3`}},
		},
		"a faulty cell names itself and changes nothing": {
			{method: "PATCH", path: pitchRow, body: `{"cells":{"ground_area":"many","opened":"soon"}}`, status: 422, has: []string{`"code":"row_invalid"`, `"column":"ground_area"`, `"column":"opened"`, "write 2025-12-31"}},
			{method: "PATCH", path: pitchRow, body: `{"cells":{"kind":"casino"}}`, status: 422, has: []string{"kind_unknown"}},
			{method: "PATCH", path: pitchRow, body: `{"cells":{"lon":"","lat":""}}`, status: 422, has: []string{"position_missing"}},
			{method: "PATCH", path: pitchRow, body: `{"cells":{"height":"3"}}`, status: 422, has: []string{`"code":"field_unknown"`}},
			{method: "PATCH", path: pitchRow, body: `{"cells":{}}`, status: 422},
			{method: "PATCH", path: rows + "/none" + here, body: `{"cells":{"name":"x"}}`, status: 404},
			{method: "GET", path: "/api/v1/workspace", status: 200, has: []string{`"seq":1,`}},
		},
		"a row is taken out and put back": {
			{method: "DELETE", path: pitchRow, status: 200, has: []string{`"seq":2`}},
			{method: "GET", path: pitchRow, header: seen("2"), status: 200, has: []string{`"row":null`, `"stands":false`}},
			{method: "DELETE", path: pitchRow, status: 404, has: []string{`"code":"entry_unknown"`}},
			{method: "POST", path: "/api/v1/changes/2/undo", status: 200, has: []string{`"seq":3`}},
			{method: "GET", path: pitchRow, header: seen("3"), status: 200, has: []string{`"id":"P"`}},
		},
		"networks are told in figures": {
			{method: "GET", path: "/api/v1/networks", header: guest, status: 403},
			{method: "GET", path: "/api/v1/networks", status: 200, has: []string{`"root":"990100"`, `"points":22,"adrift":0`, `"components":1`, `"mode":"walk"`}},
		},
		"two places on one spot are asked about": {
			{method: "GET", path: "/api/v1/registers/facility/duplicates" + here, status: 200, has: []string{`"total":0`, `"pairs":[]`}},
			{method: "POST", path: "/api/v1/facilities", body: pitch, status: 200, has: []string{`"seq":2`}},
			{method: "POST", path: "/api/v1/facilities", body: pitch, status: 200, has: []string{`"seq":3`}},
			{method: "GET", path: "/api/v1/registers/facility/duplicates" + here, header: seen("3"), status: 200, has: []string{`"total":1`, `"reasons":["same_name","near_position"]`, `"metres":0`}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t)
			for _, a := range asks {
				a.check(t, server, described)
			}
		})
	}
}
