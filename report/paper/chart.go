package paper

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"

	"lifecircle/document"
	"lifecircle/report"
)

// chart draws the known years as a line, and the way from the baseline to the
// target as a dashed one; nil where fewer than two years are known.
func chart(r report.Result) *document.Picture {
	type dot struct{ year, value float64 }
	var line, way []dot
	at := func(period string, v *float64) (dot, bool) {
		year, err := strconv.ParseFloat(period, 64)
		if err != nil || v == nil {
			return dot{}, false
		}
		return dot{year, *v}, true
	}
	for _, p := range r.Progress.Points {
		if d, ok := at(p.Period, p.Value); ok {
			line = append(line, d)
		}
	}
	if len(line) < 2 {
		return nil
	}
	if b := r.Progress.Baseline; b != nil && r.Target != nil {
		if d, ok := at(b.Period, b.Value); ok && d.year < float64(r.TargetYear) {
			way = []dot{d, {float64(r.TargetYear), *r.Target}}
		}
	}
	low, high := line[0], line[0]
	for _, d := range append(append([]dot(nil), line...), way...) {
		low = dot{math.Min(low.year, d.year), math.Min(low.value, d.value)}
		high = dot{math.Max(high.year, d.year), math.Max(high.value, d.value)}
	}
	if r.Target != nil {
		low.value, high.value = math.Min(low.value, *r.Target), math.Max(high.value, *r.Target)
	}
	const width, height, left, right, top, bottom = 360.0, 130.0, 44.0, 12.0, 12.0, 20.0
	x := func(year float64) float64 {
		return left + (width-left-right)*(year-low.year)/math.Max(high.year-low.year, 1)
	}
	y := func(v float64) float64 {
		return height - bottom - (height-top-bottom)*(v-low.value)/math.Max(high.value-low.value, 1e-9)
	}
	var out bytes.Buffer
	draw := func(format string, args ...any) { fmt.Fprintf(&out, format, args...) }
	path := func(dots []dot) (d string) {
		for i, p := range dots {
			d += fmt.Sprintf("%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[i == 0], x(p.year), y(p.value))
		}
		return d
	}
	draw(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" font-family="'Noto Sans CJK SC',sans-serif" font-size="11" fill="#4d5662">`, width, height)
	if r.Target != nil {
		draw(`<path d="M%g %.1fH%g" stroke="#1a7f5a" stroke-dasharray="2 3"/><text x="%g" y="%.1f" text-anchor="end">%s</text>`,
			left, y(*r.Target), width-right, left-4, y(*r.Target)+4, escaped(report.ShownNumber(*r.Target, 2)))
	}
	if way != nil {
		draw(`<path d="%s" stroke="#98a4b1" stroke-dasharray="5 4" fill="none"/>`, path(way))
	}
	draw(`<path d="%s" stroke="#1b5c96" stroke-width="2" fill="none"/>`, path(line))
	for _, p := range line {
		draw(`<circle cx="%.1f" cy="%.1f" r="2.6" fill="#1b5c96"/><text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`,
			x(p.year), y(p.value), x(p.year), y(p.value)-6, escaped(report.ShownNumber(p.value, 2)))
		draw(`<text x="%.1f" y="%g" text-anchor="middle">%.0f</text>`, x(p.year), height-5, p.year)
	}
	draw(`</svg>`)
	return &document.Picture{SVG: out.Bytes(), Alt: r.Name.ZH, WidthMM: 80, HeightMM: 29}
}

func escaped(text string) string {
	var out bytes.Buffer
	if err := xml.EscapeText(&out, []byte(text)); err != nil {
		panic(err) // a buffer takes everything
	}
	return out.String()
}
