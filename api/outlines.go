package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"net/http"
	"strconv"
	"strings"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/registry"
	"lifecircle/report"
)

type outlinesInput struct {
	Area        string         `path:"area" doc:"the area whose subtree is drawn" example:"640000"`
	Level       registry.Level `query:"level" enum:"region,prefecture,county,township,village" doc:"which areas of the subtree; those of the level directly below when left out"`
	Metres      float64        `query:"metres" minimum:"-1" maximum:"100000" default:"-1" doc:"how far a drawn line may be from the kept one: 0 for not at all; what a screen shows of the whole when left out"`
	IfNoneMatch string         `header:"If-None-Match"`
}

// outlinesOutput has a tag of its own: the ground changes less often than facts.
type outlinesOutput struct {
	Status int
	ETag   string `header:"ETag"`
	Body   report.Outlines
}

func (s *server) outlines(ctx context.Context, in *outlinesInput) (*outlinesOutput, error) {
	w, code, err := s.world(ctx, in.Area)
	if err != nil {
		return nil, s.problem(err)
	}
	level := in.Level
	if below := w.Registry().Children(code); level == "" && len(below) > 0 {
		first, _ := w.Registry().Area(below[0])
		level = first.Level
	}
	ground := groundBelowOf(ctx, w, code, level)
	tag := strconv.Quote(ground.tag(in.Metres))
	if strings.Contains(in.IfNoneMatch, tag) {
		return &outlinesOutput{Status: http.StatusNotModified, ETag: tag}, nil
	}
	if err := ground.draw(ctx, s.Store); err != nil {
		return nil, s.problem(err)
	}
	metres := in.Metres
	if metres < 0 {
		metres = fitting(ground.drawn)
	}
	out := &outlinesOutput{Status: http.StatusOK, ETag: tag, Body: report.OutlinesOf(ground.drawn, metres)}
	out.Body.Lacking = ground.lacking
	return out, nil
}

// groundBelow is that of the areas of a level below an area.
type groundBelow struct {
	drawn   []report.Drawn
	lacking int // areas without an outline
	sum     hash.Hash
}

// Shapes keeps the ground that outlines name.
type Shapes interface {
	// Shapes returns the ground that outlines name, by hash.
	Shapes(context.Context, account.Grant, []string) (map[string]geo.Shape, error)
}

// groundBelowOf says whose ground it is; draw adds the ground itself.
func groundBelowOf(ctx context.Context, w *engine.World, code lifecircle.AreaCode, level registry.Level) groundBelow {
	g := groundBelow{sum: sha256.New()}
	for _, part := range w.Registry().Subtree(code) {
		switch area, _ := w.Registry().Area(part); {
		case area.Level != level || !grantOf(ctx).Allows(part):
		case area.Outline == nil:
			g.lacking++
			fmt.Fprintln(g.sum, part)
		default:
			g.drawn = append(g.drawn, report.Drawn{Area: area})
			fmt.Fprintf(g.sum, "%s %q %q %s %+v\n", part, area.Name.ZH, area.Name.EN, area.Parent, *area.Outline)
		}
	}
	return g
}

// tag names the ground as it is drawn for a scale.
func (g groundBelow) tag(metres float64) string {
	fmt.Fprintln(g.sum, metres)
	return hex.EncodeToString(g.sum.Sum(nil)[:16])
}

// draw reads the shapes.
func (g *groundBelow) draw(ctx context.Context, kept Shapes) error {
	hashes := make([]string, len(g.drawn))
	for i, d := range g.drawn {
		hashes[i] = d.Area.Outline.Shape
	}
	shapes, err := kept.Shapes(ctx, grantOf(ctx), hashes)
	if err != nil {
		return err
	}
	for i, hash := range hashes {
		g.drawn[i].Shape = shapes[hash]
	}
	return nil
}

// fitting returns the metres that one dot of a screen shows when all of the areas
// fill it.
func fitting(drawn []report.Drawn) float64 {
	const dots = 2000
	whole := geo.EmptyBounds()
	for _, d := range drawn {
		b := d.Shape.Bounds()
		whole = whole.Extend(b.Min).Extend(b.Max)
	}
	if len(drawn) == 0 {
		return 0
	}
	return math.Ceil(geo.Distance(whole.Min, whole.Max) / dots)
}
