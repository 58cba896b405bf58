package atlas

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"lifecircle/geo"
)

func svgOf(t *testing.T, p Picture) string {
	t.Helper()
	var out bytes.Buffer
	if err := p.SVG(&out); err != nil {
		t.Fatal(err)
	}
	decoder := xml.NewDecoder(bytes.NewReader(out.Bytes()))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("no XML: %v\n%s", err, out.String())
		}
	}
	return out.String()
}

// Four cells in a row: two that are served, one that is not, one without data.
func TestPicture(t *testing.T) {
	t.Parallel()
	at := []geo.Point{{Lon: 106, Lat: 38}, {Lon: 106.01, Lat: 38}, {Lon: 106.02, Lat: 38}, {Lon: 106.03, Lat: 38}}
	g := NewGrid(at, 64)
	p := Picture{
		Title: `1.1.7 <步行> & "十分钟"`, Lines: []string{"方格城"}, Grid: g, Cells: g.Paint([]Class{Near, Near, Far, NoData}),
		Places: []geo.Point{{Lon: 106, Lat: 38}}, Notes: []string{"示意图"},
		Legend: []Entry{{Tone: ToneBest, Text: "500 米以内", Count: "2"}, {Place: true, Text: "设施"}},
		Areas: []Area{{Tone: ToneNone, Rings: [][]geo.Point{
			{{Lon: 105.9, Lat: 37.9}, {Lon: 106.1, Lat: 37.9}, {Lon: 106.1, Lat: 38.1}, {Lon: 105.9, Lat: 37.9}},
		}}},
	}
	svg := svgOf(t, p)
	for _, want := range []string{"&lt;步行&gt; &amp; ", "方格城", "示意图", "500 米以内", `fill="#1b5c96"`, "url(#t5)", "url(#t7)", `stroke="#4d5662"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %s", want)
		}
	}
	// The content security policy refuses what runs or is fetched.
	for _, refused := range []string{"<style", "style=", "<script", "href", "url(http"} {
		if strings.Contains(svg, refused) {
			t.Errorf("the picture holds %s", refused)
		}
	}
}

func TestEveryClassHasATone(t *testing.T) {
	t.Parallel()
	met := map[Tone]bool{ToneBest: true, ToneMet: true}
	for class := NotApplicable; class <= Unreachable; class++ {
		tone := class.Tone()
		if tone == ToneNone {
			t.Errorf("class %d is not drawn", class)
		}
		if served := class == Near || class == Within || class == Pass; met[tone] != served {
			t.Errorf("class %d has the tone %d", class, tone)
		}
		// What is not met has a texture, so that colour is not alone in saying it.
		if _, textured := textures[tone]; class > Pass && !textured {
			t.Errorf("class %d has no texture", class)
		}
	}
}

func TestNothingToDraw(t *testing.T) {
	t.Parallel()
	svg := svgOf(t, Picture{Title: "空", Grid: NewGrid(nil, 10), Cells: nil})
	if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Error(svg)
	}
}
