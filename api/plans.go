package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle"
	"lifecircle/report"
)

func (s *server) planPackages(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "plan-packages", Method: http.MethodGet, Path: "/api/v1/plan-packages",
		Summary: "The plan and those above it as they are written: clauses, numbers, what checking them says",
	}, s.listPlanPackages)
}

func (s *server) listPlanPackages(ctx context.Context, _ *struct{}) (*body[report.PlanPackages], error) {
	if err := grantOf(ctx).Check(""); err != nil {
		return nil, s.problem(err)
	}
	worlds, _ := s.Engine.Worlds()
	for _, w := range worlds { // all are measured by one plan
		return &body[report.PlanPackages]{report.PackagesOf(s.inspected(), w.Plan())}, nil
	}
	return nil, s.problem(lifecircle.Errorf("workspace_empty", "there are no areas yet: import some"))
}
