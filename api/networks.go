package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle"
	"lifecircle/engine"
	"lifecircle/network"
)

func (s *server) networks(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "networks", Method: http.MethodGet, Path: "/api/v1/networks", Summary: "The street networks that people travel on, in figures",
	}, s.listNetworks)
}

// Networks are the street networks of a workspace.
type Networks struct {
	Networks []NetworkOf `json:"networks"`
}

// NetworkOf is the street network of a root area. Components that do not hang
// together with the largest are islands: who lives there reaches nothing else.
type NetworkOf struct {
	Root       string           `json:"root"`
	Name       lifecircle.Name  `json:"name" doc:"of the root area"`
	Hash       string           `json:"hash" doc:"empty where no streets are kept"`
	Source     string           `json:"source"`
	Provenance string           `json:"provenance" enum:"real,estimated,generated,"`
	Points     int              `json:"points" doc:"population points of the root"`
	Adrift     int              `json:"adrift" doc:"of them, too far from any street to be measured"`
	Summary    *network.Summary `json:"summary"`
}

func (s *server) listNetworks(ctx context.Context, _ *struct{}) (*body[Networks], error) {
	grant := grantOf(ctx)
	if err := grant.Check(""); err != nil {
		return nil, s.problem(err)
	}
	out := Networks{Networks: []NetworkOf{}}
	worlds, _ := s.Engine.Worlds()
	for _, w := range engine.InOrder(worlds) {
		if !grant.Allows(w.Root()) {
			continue
		}
		area, _ := w.Registry().Area(w.Root())
		described := NetworkOf{Root: string(w.Root()), Name: area.Name, Points: len(w.Registry().Points())}
		if kept, ok := w.Registry().Network(w.Root()); ok {
			described.Hash, described.Source, described.Provenance = kept.Hash, kept.Source, string(kept.Provenance)
		}
		if net := w.Network(); net != nil {
			summary := net.Summary()
			described.Summary = &summary
			for _, p := range w.Registry().Points() {
				if _, err := net.Snap(p.At); err != nil {
					described.Adrift++
				}
			}
		}
		out.Networks = append(out.Networks, described)
	}
	return &body[Networks]{out}, nil
}
