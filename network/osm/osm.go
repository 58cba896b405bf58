// Package osm reads OpenStreetMap extracts: the streets a person may walk and
// the places that serve people, from .osm.pbf files and from XML, plain or
// packed with gzip or bzip2. It is not a street network (package network makes
// one from an Extract), it computes no distances and keeps no tags it does not
// need. Package network and the command line import it; it never imports them.
package osm

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"

	"lifecircle"
	"lifecircle/geo"
)

// Extract is what one file says about streets and places. It depends on the
// file's content alone: streets are ordered by OSM id, places by type and id.
type Extract struct {
	// Nodes are the positions of the nodes that streets use, in the order of
	// their OSM ids. Positions lie on OSM's own grid of 1e-7 degrees.
	Nodes []geo.Point
	// Streets are the ways a person may walk. A way that leaves the file's area
	// is cut there and may give several streets, or none.
	Streets []Street
	// Facilities are the places of the kinds of Kinds.
	Facilities []Facility
}

// Street is a line that a person may walk in both directions.
type Street struct {
	WayID   int64
	Highway string   // the value of the OSM tag highway
	Nodes   []uint32 // indices into Extract.Nodes, at least two
}

// Facility is a place that serves people.
type Facility struct {
	ID     string // "node/123", "way/123" or "relation/123"
	Kind   string // the ID of a Kind
	Name   string // the tag name, in whatever language is used there; may be empty
	Names  lifecircle.Name
	At     geo.Point // of an area, its centroid
	Public bool      // anyone may use it, as far as its access tag says
}

// Residential returns the lines along which people live: streets tagged
// residential or living_street.
func (e *Extract) Residential() [][]geo.Point {
	var lines [][]geo.Point
	for _, s := range e.Streets {
		if s.Highway != "residential" && s.Highway != "living_street" {
			continue
		}
		line := make([]geo.Point, len(s.Nodes))
		for i, node := range s.Nodes {
			line[i] = e.Nodes[node]
		}
		lines = append(lines, line)
	}
	return lines
}

// Read reads a file, whose format is told by its content and not by its name.
// A truncated, damaged or foreign file gives a lifecircle.Error and no Extract.
func Read(ctx context.Context, path string) (*Extract, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, lifecircle.Errorf("osm_unreadable", "open map file: %w", err).With("file", path)
	}
	defer f.Close()
	return read(ctx, path, f)
}

// input is one file on its way in. Its name is for messages.
type input struct {
	ctx  context.Context
	name string
	file io.ReadSeeker
}

func read(ctx context.Context, name string, file io.ReadSeeker) (*Extract, error) {
	in := input{ctx, name, file}
	start := make([]byte, 32)
	n, err := io.ReadFull(file, start)
	if err != nil && n == 0 {
		return nil, in.fault("osm_truncated", 0, "the file is empty: fetch it again")
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	start = start[:n]
	switch {
	case bytes.Contains(start, []byte("OSMHeader")):
		return in.readPBF()
	case bytes.HasPrefix(start, []byte{0x1f, 0x8b}):
		unpacked, err := gzip.NewReader(bufio.NewReader(file))
		if err != nil {
			return nil, in.fault("osm_corrupt", 0, "not a gzip file after all: %w", err)
		}
		return in.readXML(unpacked)
	case bytes.HasPrefix(start, []byte("BZh")):
		return in.readXML(bzip2.NewReader(bufio.NewReader(file)))
	}
	return in.readXML(file)
}

// noOffset says that the place of a fault in the file is not known.
const noOffset = -1

// fault is an error of the file; offset is where in it, in bytes.
func (in input) fault(code string, offset int64, format string, args ...any) *lifecircle.Error {
	where := ""
	if offset != noOffset {
		where = fmt.Sprintf("byte %d: ", offset)
	}
	args = append([]any{in.name, where}, args...)
	e := lifecircle.Errorf(code, "%s: %s"+format, args...).With("file", in.name)
	if offset != noOffset {
		e = e.With("offset", offset)
	}
	return e
}
