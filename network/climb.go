package network

import (
	"fmt"
	"math"

	"lifecircle"
	"lifecircle/geo"
)

// Elevation is the height of the land above the sea in metres; ok is false where
// it is not known.
type Elevation interface {
	At(p geo.Point) (metres float64, ok bool)
}

// climb is how long people walk along an edge in deciseconds, each way.
type climb struct{ forward, back uint32 }

// climbStep is how often the height is looked up along a street, in metres:
// models of the land have cells of 30 to 90 m, and between two points nearer than
// that their steps would pass for slopes.
const climbStep = 30

// uphill returns the speed on foot on a slope (rise over run) in metres per minute,
// after W. Tobler, Three presentations on geographical analysis and modeling, NCGIA
// Technical Report 93-1, 1993: 6·exp(−3.5·|slope + 0.05|) km/h, fastest gently
// downhill. It is scaled so that on the level it is the speed of walking, and
// slope and walk agree on flat land.
func uphill(slope float64) float64 {
	const rate, downhill = 3.5, 0.05
	return lifecircle.WalkMetresPerMinute * math.Exp(-rate*(math.Abs(slope+downhill)-downhill))
}

// climb computes how long people walk along each edge. Where the height is not
// known the land is taken as flat, and that is told.
func (n *Network) climb(cfg BuildConfig) {
	n.climbs = make([]climb, len(n.edges))
	unknown, total := 0.0, 0.0
	for e, at := range n.edges {
		c := climbing{land: cfg.Elevation}
		line := n.Shape(uint32(e))
		for k := 1; k < len(line); k++ {
			c.walk(line[k-1], line[k])
		}
		c.end(line[len(line)-1])
		// The length in the file is rounded; a part of a street costs its part.
		scale := 1.0
		if c.metres > 0 {
			scale = at.length.Metres() / c.metres
		}
		whole := func(minutes float64) uint32 {
			return uint32(min(max(1, math.Round(600*minutes*scale)), Barred-1))
		}
		n.climbs[e] = climb{whole(c.forward), whole(c.back)}
		unknown += c.unknown
		total += c.metres
	}
	if unknown > 0 && cfg.Warn != nil {
		cfg.Warn(fmt.Sprintf("the height of the land is not known along %.1f of %.1f km of street (%.1f %%): taken as flat there",
			unknown/1000, total/1000, 100*unknown/total))
	}
}

// climbing walks along one edge.
type climbing struct {
	land          Elevation
	height        float64 // where it was looked up last
	known, begun  bool
	since         float64 // metres walked since then
	forward, back float64 // minutes
	metres        float64
	unknown       float64 // metres of them without a height
}

// walk goes along a straight segment, looking up the height every climbStep.
func (c *climbing) walk(a, b geo.Point) {
	if !c.begun {
		c.height, c.known = c.land.At(a)
		c.begun = true
	}
	length := geo.Distance(a, b)
	done := 0.0
	for c.since+length-done >= climbStep {
		done += climbStep - c.since
		c.since = climbStep
		t := done / length
		c.settle(geo.Point{Lon: a.Lon + t*(b.Lon-a.Lon), Lat: a.Lat + t*(b.Lat-a.Lat)})
	}
	c.since += length - done
}

// end counts what is left at the end of the edge.
func (c *climbing) end(at geo.Point) {
	if c.since > 0 {
		c.settle(at)
	}
}

// settle counts the metres since the last height with the slope to the next.
func (c *climbing) settle(at geo.Point) {
	height, known := c.land.At(at)
	slope := 0.0
	if known && c.known {
		// On a short rest the slope of a full step is the steepest that counts.
		slope = (height - c.height) / max(c.since, climbStep/2)
	} else {
		c.unknown += c.since
	}
	c.forward += c.since / uphill(slope)
	c.back += c.since / uphill(-slope)
	c.metres += c.since
	c.height, c.known, c.since = height, known, 0
}
