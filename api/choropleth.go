package api

import (
	"context"
	"fmt"
	"slices"

	"lifecircle"
	"lifecircle/atlas"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/indicator"
	"lifecircle/registry"
	"lifecircle/report"
)

// coloured are areas with their ground, to be filled by their values.
type coloured struct {
	ranked
	ground groundBelow
}

// coloured evaluates a promise in the areas of a level and reads their ground.
func (s *server) coloured(ctx context.Context, w *engine.World, q indicator.Query, level registry.Level) (*coloured, error) {
	return colouredBy(ctx, s.Store, w, asking{q, level})
}

// asking is a question of the areas of a level; "" is as of a ranking.
type asking struct {
	indicator.Query
	level registry.Level
}

func colouredBy(ctx context.Context, kept Shapes, w *engine.World, ask asking) (*coloured, error) {
	q, level := ask.Query, ask.level
	of, err := rankingOf(w, q, level)
	if err != nil {
		return nil, err
	}
	if len(of.results) == 0 {
		return nil, lifecircle.Errorf("no_layer", "%s has no values below %s to colour areas by", q.Object, q.Area).With("indicator", q.Object)
	}
	out := &coloured{ranked: of, ground: groundBelowOf(ctx, w, q.Area, of.level)}
	return out, out.ground.draw(ctx, kept)
}

// areas fills the areas below by their values.
func (m mapMaker) areas(p *atlas.Picture) {
	by := make(map[string]report.Result, len(m.below.results))
	count := make(map[atlas.Tone]int)
	for _, r := range m.below.results {
		by[r.Area] = r
		count[m.below.scale.tone(r)]++
	}
	shapes := make([]geo.Shape, len(m.below.ground.drawn))
	for i, d := range m.below.ground.drawn {
		shapes[i] = d.Shape
	}
	for i, polygons := range geo.Simplify(shapes, fitting(m.below.ground.drawn)) {
		d := m.below.ground.drawn[i]
		area := atlas.Area{Tone: atlas.ToneNone, Label: []string{m.name(d.Area.Name)}}
		if r, known := by[string(d.Area.Code)]; known {
			area.Tone = m.below.scale.tone(r)
			area.Label = append(area.Label, m.value(r))
		}
		for _, polygon := range polygons {
			for _, ring := range polygon {
				area.Rings = append(area.Rings, ring)
			}
		}
		p.Areas = append(p.Areas, area)
		if note := m.name(d.Area.Outline.Note); note != "" && !slices.Contains(p.Notes, note) {
			p.Notes = append(p.Notes, note)
		}
	}
	entry := func(tone atlas.Tone, text string) {
		if n := count[tone]; n > 0 {
			p.Legend = append(p.Legend, atlas.Entry{Tone: tone, Text: text, Count: fmt.Sprintf(m.word("%d 个地区", "%d areas"), n)})
		}
	}
	for _, b := range m.below.scale.shown().Bands {
		entry(toneOf(b.Tone), m.band(b))
	}
	entry(atlas.ToneNoData, m.word("无数据", "no data"))
	entry(atlas.ToneMuted, m.word("不适用", "not applicable"))
	if lacking := m.below.ground.lacking; lacking > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf(m.word("%d 个地区没有图形，未画出", "%d areas have no outline and are not drawn"), lacking))
	}
}

func toneOf(name string) atlas.Tone {
	tone := atlas.ToneNone
	for tone.String() != name {
		tone++
	}
	return tone
}

// band says what a class holds.
func (m mapMaker) band(b Band) string {
	unit := ""
	if len(m.below.results) > 0 {
		unit = m.unitOf(m.below.results[0])
	}
	text := ""
	switch {
	case b.From == nil && b.To == nil:
		text = m.word("全部", "all")
	case b.From == nil:
		text = fmt.Sprintf(m.word("%s 以下", "up to %s"), report.ShownNumber(*b.To, 2)+unit)
	case b.To == nil:
		text = fmt.Sprintf(m.word("%s 以上", "from %s"), report.ShownNumber(*b.From, 2)+unit)
	default:
		text = report.ShownNumber(*b.From, 2) + "–" + report.ShownNumber(*b.To, 2) + unit
	}
	if m.below.scale.gaps {
		text = m.word("差距 ", "lacking ") + text
	}
	switch b.Tone {
	case "best", "met":
		return text + m.word("（达标）", " (met)")
	case "short", "far_short":
		return text + m.word("（未达标）", " (not met)")
	}
	return text
}
