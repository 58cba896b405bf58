package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"lifecircle"
	"lifecircle/tile"
)

// Basemap is the ground that maps are drawn on. It may be missing: the maps
// stand on areas and facilities alone.
type Basemap struct {
	Kind        string     `json:"kind" enum:"vector,raster,none"`
	Tiles       string     `json:"tiles" doc:"address of a tile, with {z}, {x} and {y}; empty for none"`
	Attribution string     `json:"attribution"`
	MapNumber   string     `json:"map_number" doc:"number of the official map review; empty where there is none, and the map then says it is schematic"`
	MinZoom     int        `json:"min_zoom"`
	MaxZoom     int        `json:"max_zoom"`
	Bounds      [4]float64 `json:"bounds" doc:"west, south, east, north in degrees of WGS-84; zeros where it is not known"`
}

// Ground says which ground the maps use: the workspace's own tiles, or those of
// Outside in their place.
type Ground struct {
	Tiles *tile.Shelf // nil: none
	// Outside is a map service elsewhere; nil where the own tiles are shown. Pages
	// are allowed to fetch from its host.
	Outside   *Basemap
	MapNumber string // of the own tiles
	Hidden    bool   // no ground at all
}

// outsideHost is what a page may fetch from besides this server.
func (g Ground) outsideHost() string {
	if g.Outside == nil {
		return ""
	}
	u, err := url.Parse(g.Outside.Tiles)
	if err != nil || u.Host == "" {
		return ""
	}
	return " " + u.Scheme + "://" + u.Host
}

// policy is the content security policy: all from here, workers and pictures that
// the map makes itself, and the tiles of the map service that is configured. The
// map library starts its worker from a blob (docs/decisions/0086): only a script
// from here can make one, and it is held to the same policy.
func (g Ground) policy() string {
	outside := g.outsideHost()
	return fmt.Sprintf("default-src 'self'; img-src 'self' data: blob:%s; connect-src 'self'%s; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'", outside, outside)
}

func (s *server) ground(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "basemap", Method: http.MethodGet, Path: "/api/v1/basemaps/{root}", Summary: "The ground that maps of an area are drawn on",
	}, s.basemap)
	s.mapping(api)
	s.picturing(api)
}

func (s *server) basemap(ctx context.Context, in *rootInput) (*body[Basemap], error) {
	w, _, err := s.world(ctx, in.Root)
	if err != nil {
		return nil, s.problem(err)
	}
	switch set, ok := s.Ground.Tiles.Of(w.Root()); {
	case s.Ground.Hidden:
	case s.Ground.Outside != nil:
		return &body[Basemap]{*s.Ground.Outside}, nil
	case ok:
		m := set.Summary()
		return &body[Basemap]{Basemap{
			Kind: "vector", Tiles: "/api/v1/tiles/" + m.Hash + "/{z}/{x}/{y}", Attribution: m.Attribution, MapNumber: s.Ground.MapNumber,
			MinZoom: m.MinZoom, MaxZoom: m.MaxZoom, Bounds: m.Bounds,
		}}, nil
	}
	return &body[Basemap]{Basemap{Kind: "none"}}, nil
}

// tile serves one tile as it is stored. Its address names the content, so it may
// be kept for ever; which is also why it stands beside the described operations
// and does not wait for changes.
func (s *server) tile(w http.ResponseWriter, r *http.Request) {
	set, ok := s.Ground.Tiles.Find(r.PathValue("hash"))
	if !ok {
		s.refuseTile(w, http.StatusNotFound, "tiles_unknown", "there are no such tiles: they were built anew; load the page again")
		return
	}
	if err := s.Grant(r).Check(set.Area()); err != nil {
		s.refuseTile(w, http.StatusForbidden, lifecircle.ErrorCode(err), err.Error())
		return
	}
	var at [3]int
	for i, name := range []string{"z", "x", "y"} {
		n, err := strconv.Atoi(r.PathValue(name))
		if err != nil || n < 0 {
			s.refuseTile(w, http.StatusNotFound, "path_unknown", name+" is no whole number")
			return
		}
		at[i] = n
	}
	h := w.Header()
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("ETag", strconv.Quote(set.Hash()))
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("If-None-Match"), h.Get("ETag")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	data, err := set.Tile(at[0], at[1], at[2])
	switch {
	case err != nil:
		s.Log.Error("tile", "error", err)
		s.refuseTile(w, http.StatusInternalServerError, "internal", "internal error")
		return
	case data == nil:
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
	} else if data, err = unzipped(data); err != nil {
		s.Log.Error("tile", "error", err)
		s.refuseTile(w, http.StatusInternalServerError, "internal", "internal error")
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data) // a client that is gone needs no answer
}

func unzipped(packed []byte) ([]byte, error) {
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zip)
}

func (s *server) refuseTile(w http.ResponseWriter, status int, code, detail string) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(Problem{Status: status, Title: http.StatusText(status), Detail: detail, Code: code})
}
