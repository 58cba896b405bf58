package report

import (
	"math"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/registry"
)

// Outlines is the ground of areas as GeoJSON (RFC 7946), drawn for a scale.
type Outlines struct {
	Type     string           `json:"type" enum:"FeatureCollection"`
	Metres   float64          `json:"metres" doc:"how far a drawn line may be from the kept one"`
	Lacking  int              `json:"lacking" doc:"areas of the level whose ground is not known"`
	Features []OutlineFeature `json:"features"`
}

// OutlineFeature is the ground of one area.
type OutlineFeature struct {
	Type       string            `json:"type" enum:"Feature"`
	ID         string            `json:"id" doc:"code of the area"`
	Properties OutlineProperties `json:"properties"`
	Geometry   OutlineGeometry   `json:"geometry"`
}

// OutlineProperties says whose ground it is and who drew it.
type OutlineProperties struct {
	Name       lifecircle.Name `json:"name"`
	Level      registry.Level  `json:"level"`
	Parent     string          `json:"parent"`
	Source     string          `json:"source"`
	Provenance string          `json:"provenance" enum:"real,estimated,generated"`
	Note       lifecircle.Name `json:"note" doc:"what the outline is, where it is no boundary"`
}

// OutlineGeometry is polygons in WGS-84: rings of [longitude, latitude].
type OutlineGeometry struct {
	Type        string          `json:"type" enum:"MultiPolygon"`
	Coordinates [][][][]float64 `json:"coordinates"`
}

// Drawn is an area with the ground that its outline names.
type Drawn struct {
	Area  registry.Area // its Outline is not nil
	Shape geo.Shape
}

// OutlinesOf draws areas so that no line is farther than some metres from the kept
// one; neighbours keep their common lines.
func OutlinesOf(areas []Drawn, metres float64) Outlines {
	out := Outlines{Type: "FeatureCollection", Metres: metres, Features: make([]OutlineFeature, len(areas))}
	shapes := make([]geo.Shape, len(areas))
	for i, a := range areas {
		shapes[i] = a.Shape
	}
	round := rounding(metres)
	for i, polygons := range geo.Simplify(shapes, metres) {
		a := areas[i].Area
		coordinates := make([][][][]float64, len(polygons))
		for k, polygon := range polygons {
			for _, ring := range polygon {
				positions := make([][]float64, len(ring))
				for n, at := range ring {
					positions[n] = []float64{round(at.Lon), round(at.Lat)}
				}
				coordinates[k] = append(coordinates[k], positions)
			}
		}
		out.Features[i] = OutlineFeature{
			Type: "Feature", ID: string(a.Code),
			Properties: OutlineProperties{
				Name: a.Name, Level: a.Level, Parent: string(a.Parent),
				Source: a.Outline.Source, Provenance: string(a.Outline.Provenance), Note: a.Outline.Note,
			},
			Geometry: OutlineGeometry{Type: "MultiPolygon", Coordinates: coordinates},
		}
	}
	return out
}

// rounding leaves the digits of a degree that can be seen beside some metres:
// a tenth of them, and a centimetre where nothing was simplified.
func rounding(metres float64) func(float64) float64 {
	const metresPerDegree = geo.EarthRadiusMetres * math.Pi / 180
	digits := 7.0
	if metres > 0 {
		digits = math.Min(7, math.Max(2, math.Ceil(-math.Log10(metres/10/metresPerDegree))))
	}
	scale := math.Pow(10, digits)
	return func(degrees float64) float64 { return math.Round(degrees*scale) / scale }
}
