package api_test

import (
	"net/http"
	"testing"

	"lifecircle/api"
)

// TestPlanPackages: the cascade from the top, with what is stated, found and accepted.
func TestPlanPackages(t *testing.T) {
	t.Parallel()
	described := api.Describe(http.NewServeMux(), api.Config{}).OpenAPI()
	server := serve(t)
	for _, a := range []ask{
		{method: "GET", path: "/api/v1/plan-packages", header: guest, status: 403},
		{
			method: "GET", path: "/api/v1/plan-packages", status: 200,
			has: []string{
				`{"packages":[{"id":"cn-14fyp"`, `"extends":"cn-14fyp"`,
				`"object":"sport.fitness_10min"`, `"parameter":"reach"`, `"unit":"m","values":[{"value":"1000","from":"2021-01-01"`, `"status":"local-choice"`,
				`"parameter":"target","year":2025,"bound":"at_least","areas":[],"unit":"%","values":[{"value":"95","from":""`,
				`"replaced_by":"ningxia-2025"`, `"code":"weaker_than_above"`, `"code":"norm_unverified"`,
				`"id":"1.1.7","heading":false`, `"objects":["sport.fitness_10min"]`,
			},
			hasNot: []string{`"severity":"error"`},
		},
		{
			method: "POST", path: "/api/v1/what-if", status: 200, body: `{"steps":[{"op":"parameter","object":"1.1.7","parameter":"reach","value":"1200"}]}`,
			has: []string{`"warnings":[{"step":1,"op":"parameter","code":"weaker_than_above"`, "asks for reach of 1200 m, and ningxia-2025 above for 1000 m"},
		},
		{method: "POST", path: "/api/v1/what-if", status: 200, body: `{"steps":[{"op":"parameter","object":"1.1.7","parameter":"reach","value":"900"}]}`, has: []string{`"warnings":[]`}},
	} {
		a.check(t, server, described)
	}
}
