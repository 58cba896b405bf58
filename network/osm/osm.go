// Package osm reads OpenStreetMap extracts: the streets with who may take them,
// the places that serve people and the borders of administrative areas, from .osm.pbf files and from XML, plain or
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
	"time"

	"lifecircle"
	"lifecircle/geo"
)

// Extract is what one file says about streets and places. It depends on the
// file's content alone: streets are ordered by OSM id, places by type and id.
type Extract struct {
	// Nodes are the positions of the nodes that streets use, in the order of
	// their OSM ids. Positions lie on OSM's own grid of 1e-7 degrees.
	Nodes []geo.Point
	// Streets are the ways that the users asked for may take. A way that leaves the
	// file's area is cut there and may give several streets, or none.
	Streets []Street
	// Barriers are the nodes of streets that stop someone, in the order of Nodes.
	Barriers []Barrier
	// Facilities are the places of the kinds asked for.
	Facilities []Facility
	// Boundaries are the administrative areas, where they were asked for, ordered by
	// their OSM ids.
	Boundaries []Boundary
	// Date is the moment the map was taken; zero where the file does not say it.
	Date time.Time
	// Scenery is what a map draws, where it was asked for: places, then ways, then
	// relations, each ordered by OSM id.
	Scenery []Feature
}

// Bounds is the box of all that was read.
func (e *Extract) Bounds() geo.Bounds {
	b := geo.EmptyBounds()
	for _, at := range e.Nodes {
		b = b.Extend(at)
	}
	for _, f := range e.Facilities {
		b = b.Extend(f.At)
	}
	return b
}

// Street is a line with who may take it. What is not said is open: the zero
// Street is open to everyone in both directions.
type Street struct {
	WayID   int64
	Highway string   // the value of the OSM tag highway
	Nodes   []uint32 // indices into Extract.Nodes, at least two
	// BarredForward are those who may not take it from the first node to the last,
	// BarredBack from the last to the first.
	BarredForward, BarredBack Users
	// The speeds of an ordinary journey in km/h; 0 means DefaultKmh.
	BicycleKmh, CarKmh uint8
}

// DefaultKmh is the speed of bicycles and cars where a street does not say.
const DefaultKmh = 15

// Barrier is a node that nobody of a group may pass.
type Barrier struct {
	Node  uint32 // an index into Extract.Nodes
	Stops Users
}

// Config says what of a file is read. The zero Config is streets to walk.
type Config struct {
	Users      Users    // whose streets; 0 means Foot
	Kinds      []Kind   // of facilities; none are read where there are none
	Boundaries bool     // whether administrative areas are read
	CodeTags   []string // the tags that may hold a boundary's official code; nil means ref
	Scenery    bool     // whether roads, water, green, rail, buildings and places are read for a map

	// Progress, if not nil, is told how far into the file the reading is, in bytes. A
	// PBF file is read two or three times.
	Progress func(at, size int64)
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

// Read reads a file as ReadWith does with the zero Config.
func Read(ctx context.Context, path string) (*Extract, error) { return ReadWith(ctx, path, Config{}) }

// ReadWith reads a file, whose format is told by its content and not by its name.
// A truncated, damaged or foreign file gives a lifecircle.Error and no Extract.
func ReadWith(ctx context.Context, path string, cfg Config) (*Extract, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, lifecircle.Errorf("osm_unreadable", "open map file: %w", err).With("file", path)
	}
	defer f.Close()
	if cfg.Progress == nil {
		return read(input{ctx, path, f, cfg})
	}
	about, err := f.Stat()
	if err != nil {
		return nil, lifecircle.Errorf("osm_unreadable", "open map file: %w", err).With("file", path)
	}
	return read(input{ctx, path, &meter{ReadSeeker: f, size: about.Size(), tell: cfg.Progress}, cfg})
}

// meter tells how far a file has been read.
type meter struct {
	io.ReadSeeker
	at, size int64
	tell     func(at, size int64)
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.ReadSeeker.Read(p)
	m.at += int64(n)
	m.tell(m.at, m.size)
	return n, err
}

func (m *meter) Seek(offset int64, whence int) (int64, error) {
	at, err := m.ReadSeeker.Seek(offset, whence)
	if err == nil {
		m.at = at
	}
	return at, err
}

// input is one file on its way in. Its name is for messages.
type input struct {
	ctx  context.Context
	name string
	file io.ReadSeeker
	Config
}

func read(in input) (*Extract, error) {
	name, file := in.name, in.file
	if in.Users == 0 {
		in.Users = Foot
	}
	if in.CodeTags == nil {
		in.CodeTags = []string{"ref"}
	}
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
