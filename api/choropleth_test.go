package api_test

import (
	"image/png"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lifecircle"
	"lifecircle/api"
	"lifecircle/atlas"
	"lifecircle/geo"
	"lifecircle/registry"
)

// serveQuarters serves the town in three quarters: west and east of a meridian, with
// squares for outlines, and one of nobody that has none.
func serveQuarters(t *testing.T) http.Handler {
	t.Helper()
	return serveTown(t, api.Ground{}, func(base *registry.Base) []geo.Shape {
		const meridian = 106.23
		var shapes []geo.Shape
		add := func(code lifecircle.AreaCode, name string, from, to float64) {
			area := registry.Area{Code: code, Parent: town, Level: registry.County, Provenance: lifecircle.Generated, Name: lifecircle.Name{ZH: name, EN: "Quarter " + name}}
			if from < to {
				shape, err := geo.NewShape([]geo.Polygon{{{{Lon: from, Lat: 38.4}, {Lon: to, Lat: 38.4}, {Lon: to, Lat: 38.6}, {Lon: from, Lat: 38.6}, {Lon: from, Lat: 38.4}}}})
				if err != nil {
					t.Fatal(err)
				}
				area.Outline = &registry.Outline{Shape: shape.Hash(), Source: "test", Provenance: lifecircle.Generated, Note: lifecircle.Name{ZH: "示意方块"}}
				shapes = append(shapes, shape)
			}
			base.Areas = append(base.Areas, area)
		}
		add("990101", "西区", 106.1, meridian)
		add("990102", "东区", meridian, 106.3)
		add("990103", "空区", 0, 0)
		for i, p := range base.Points {
			base.Points[i].Area = "990101"
			if p.At.Lon > meridian {
				base.Points[i].Area = "990102"
			}
		}
		return shapes
	})
}

func TestRankingOfQuarters(t *testing.T) {
	t.Parallel()
	h := serveQuarters(t)
	ranking := read[api.Ranking](t, get(t, h, "/api/v1/rankings/1.1.7/990100", nil))
	value := map[string]*float64{}
	for _, r := range ranking.Results {
		value[r.Area] = r.Value
	}
	west, east := value["990101"], value["990102"]
	// All 7,800 people of the west are served, and of the 2,200 of the east all but 600.
	if len(ranking.Results) != 3 || west == nil || *west != 100 || east == nil || math.Abs(*east-100*1600.0/2200) > 1e-9 || value["990103"] != nil {
		t.Fatalf("values %v", value)
	}
	if diff := cmp.Diff([]api.LevelBelow{{Level: registry.County, Areas: 3}}, ranking.Levels); diff != "" || ranking.Level != registry.County {
		t.Errorf("level %s\n%s", ranking.Level, diff)
	}
	if ranking.Scale.Of != "value" || len(ranking.Scale.Bands) == 0 {
		t.Fatalf("scale %+v", ranking.Scale)
	}
	atTarget := 0
	for _, b := range ranking.Scale.Bands {
		met := b.Tone == "met" || b.Tone == "best"
		if b.From != nil && *b.From == 95 && met || b.To != nil && *b.To == 95 && !met {
			atTarget++
		}
	}
	if atTarget != 2 {
		t.Errorf("the target is no break of %+v", ranking.Scale.Bands)
	}
	if none := read[api.Ranking](t, get(t, h, "/api/v1/rankings/1.1.7/990100?level=village", nil)); len(none.Results) != 0 {
		t.Errorf("%d villages", len(none.Results))
	}
}

func TestPictureOfAreas(t *testing.T) {
	t.Parallel()
	h := serveQuarters(t)
	w := get(t, h, "/api/v1/maps/1.1.7/990100/map.svg?layer=areas", nil)
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, want := range []string{">西区<", ">东区<", "1 个地区", "不适用", "示意方块", "1 个地区没有图形", "97 % 以上（达标）"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	if strings.Contains(w.Body.String(), ">空区<") {
		t.Error("an area without outline is named in the picture")
	}
	english := get(t, h, "/api/v1/maps/1.1.7/990100/map.svg?layer=areas&lang=en", nil)
	if !strings.Contains(english.Body.String(), "not applicable") || !strings.Contains(english.Body.String(), "(met)") {
		t.Error("the English picture says other words")
	}
	// As dots too, where the machine has letters for it; else the remedy is named.
	dots := get(t, h, "/api/v1/maps/1.1.7/990100/map.png?layer=areas", nil)
	if _, err := atlas.SystemFont(); err != nil {
		if dots.Code != http.StatusUnprocessableEntity || !strings.Contains(dots.Body.String(), "fonts-noto-cjk") {
			t.Errorf("without a font: %d %s", dots.Code, dots.Body)
		}
	} else if picture, err := png.Decode(dots.Body); err != nil || dots.Header().Get("Content-Type") != "image/png" || picture.Bounds().Dx() != 1920 {
		t.Errorf("as dots: %d %v", dots.Code, err)
	}
	// What is counted for areas is drawn by them without being told.
	if counted := get(t, h, "/api/v1/maps/1.1.6/990100/map.svg", nil); counted.Code != http.StatusOK || !strings.Contains(counted.Body.String(), "西区") {
		t.Errorf("1.1.6: %d", counted.Code)
	}
}
