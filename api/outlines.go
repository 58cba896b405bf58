package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

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
	var drawn []report.Drawn
	var hashes []string
	lacking := 0
	sum := sha256.New()
	fmt.Fprintln(sum, in.Metres)
	for _, part := range w.Registry().Subtree(code) {
		switch area, _ := w.Registry().Area(part); {
		case area.Level != level || !grantOf(ctx).Allows(part):
		case area.Outline == nil:
			lacking++
			fmt.Fprintln(sum, part)
		default:
			drawn, hashes = append(drawn, report.Drawn{Area: area}), append(hashes, area.Outline.Shape)
			fmt.Fprintf(sum, "%s %q %q %s %+v\n", part, area.Name.ZH, area.Name.EN, area.Parent, *area.Outline)
		}
	}
	tag := strconv.Quote(hex.EncodeToString(sum.Sum(nil)[:16]))
	if strings.Contains(in.IfNoneMatch, tag) {
		return &outlinesOutput{Status: http.StatusNotModified, ETag: tag}, nil
	}
	shapes, err := s.Store.Shapes(ctx, grantOf(ctx), hashes)
	if err != nil {
		return nil, s.problem(err)
	}
	for i, hash := range hashes {
		drawn[i].Shape = shapes[hash]
	}
	metres := in.Metres
	if metres < 0 {
		metres = fitting(drawn)
	}
	out := &outlinesOutput{Status: http.StatusOK, ETag: tag, Body: report.OutlinesOf(drawn, metres)}
	out.Body.Lacking = lacking
	return out, nil
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
