package osm

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
	osmdata "github.com/paulmach/osm"

	"lifecircle"
)

// Boundary is an administrative area as it is mapped.
type Boundary struct {
	ID    string // "relation/123"
	Level int    // the tag admin_level: in China 4 region, 5 prefecture, 6 county, 8 township, 10 village
	Name  string // the tag name, in whatever language is used there; may be empty
	Names lifecircle.Name
	Ref   string // the first of Config.CodeTags that it has: often the official code
	// Area are its closed outlines with their holes, in degrees; outlines run
	// counterclockwise, holes clockwise.
	Area orb.MultiPolygon
	// Gaps are the outlines that do not close, because the map is cut there or
	// mapped with a fault; they are missing in Area, which is then no full area.
	Gaps int
}

// border is an administrative area before its ways are known.
type border struct {
	Boundary
	outer, inner []int64 // way ids
}

func isBorder(tags osmdata.Tags) bool {
	kind := tags.Find("type")
	return tags.Find("boundary") == "administrative" && (kind == "boundary" || kind == "multipolygon") && adminLevel(tags) > 0
}

// adminLevel returns 0 where none is tagged.
func adminLevel(tags osmdata.Tags) int {
	level, err := strconv.Atoi(tags.Find("admin_level"))
	if err != nil {
		return 0
	}
	return level
}

func (in input) borderOf(r *osmdata.Relation) Boundary {
	b := Boundary{
		ID: fmt.Sprintf("relation/%d", r.ID), Level: adminLevel(r.Tags), Name: r.Tags.Find("name"),
		Names: lifecircle.Name{ZH: r.Tags.Find("name:zh"), EN: r.Tags.Find("name:en")},
	}
	for _, tag := range in.CodeTags {
		if b.Ref = r.Tags.Find(tag); b.Ref != "" {
			break
		}
	}
	return b
}

// boundaries puts the outlines of the administrative areas together.
func (g *gather) boundaries(e *Extract) error {
	slices.SortStableFunc(g.borders, func(a, b border) int {
		return cmp.Or(cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	for i, b := range g.borders {
		if i > 0 && b.ID == g.borders[i-1].ID {
			return g.fault("osm_unsupported", noOffset, "%s occurs twice: if this is a history file, take one day from it with `osmium time-filter`", b.ID)
		}
		b.Area, b.Gaps = g.assemble(b.outer, b.inner)
		if len(b.Area) > 0 || b.Gaps > 0 {
			e.Boundaries = append(e.Boundaries, b.Boundary)
		}
	}
	return nil
}

// closedRings joins ways to rings. Rings that do not close, also because the file
// lacks a node, are counted; ways of which it holds nothing are no part of it.
func (g *gather) closedRings(ways []int64) (rings []orb.Ring, gaps int) {
	var outlines [][]int64
	missing := 0
	for _, way := range ways {
		if nodes := g.outlines[way]; len(nodes) > 0 {
			outlines = append(outlines, nodes)
		} else {
			missing++
		}
	}
	for _, nodes := range joinRings(outlines) {
		ring := make(orb.Ring, 0, len(nodes))
		for _, id := range nodes {
			at, _ := slices.BinarySearch(g.needed, id)
			if p, ok := g.at(at); ok {
				ring = append(ring, orb.Point{p.Lon, p.Lat})
			}
		}
		switch {
		case len(ring) == 0:
			missing++
		case len(ring) < len(nodes) || len(ring) < 4 || nodes[0] != nodes[len(nodes)-1]:
			gaps++
		default:
			rings = append(rings, ring)
		}
	}
	if missing > 0 && gaps == 0 {
		gaps++ // whole ways are missing, and with them an outline
	}
	return rings, gaps
}
