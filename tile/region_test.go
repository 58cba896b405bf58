package tile

import (
	"testing"

	"lifecircle/network/osm"
)

// BenchmarkBuild makes the tiles of a real city, read before.
func BenchmarkBuild(b *testing.B) {
	e, err := osm.ReadWith(b.Context(), "../../shared/data/osm/porto.osm.pbf", osm.Config{Scenery: true, Boundaries: true})
	if err != nil {
		b.Skipf("no extract to build from: %v", err)
	}
	features := Draw(e)
	for b.Loop() {
		if _, err := Build(b.Context(), features, Config{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(features)), "features")
}
