package osm

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	osmdata "github.com/paulmach/osm"
	"github.com/paulmach/osm/osmxml"

	"lifecircle/geo"
)

// readXML reads the file once, for XML is slow to read: it keeps the position
// of every node and the outline of every way until it is known which are needed,
// about 30 bytes for each node of the file.
func (in input) readXML(r io.Reader) (*Extract, error) {
	source := &counter{r: r}
	buffered := bufio.NewReaderSize(source, 64<<10)
	// A read error shows up again below, with its place.
	start, _ := buffered.Peek(4096)
	if !bytes.Contains(start, []byte("<osm ")) && !bytes.Contains(start, []byte("<osm>")) {
		if source.err != nil && !errors.Is(source.err, io.EOF) {
			return nil, in.xmlFault(source, source.err)
		}
		return nil, in.fault("osm_foreign", 0, "no OpenStreetMap extract: want .osm.pbf, or .osm as XML, plain or packed with gzip or bzip2")
	}
	g := newGather(in)
	g.date = xmlDate(start)
	type node struct {
		id int64
		at geo.Point
	}
	var nodes []node
	ways := make(map[int64][]int64)
	s := osmxml.New(in.ctx, buffered)
	defer s.Close()
	for s.Scan() {
		switch o := s.Object().(type) {
		case *osmdata.Node:
			nodes = append(nodes, node{int64(o.ID), positionOf(o)})
			if g.wantNode(o) {
				g.take(o)
			}
		case *osmdata.Way:
			if g.wantWay(o) {
				g.take(o)
			}
			refs := make([]int64, len(o.Nodes))
			for i, n := range o.Nodes {
				refs[i] = int64(n.ID)
			}
			ways[int64(o.ID)] = refs
		case *osmdata.Relation:
			if g.wantRelation(o) {
				g.take(o)
			}
		}
	}
	if err := s.Err(); err != nil {
		return nil, in.xmlFault(source, err)
	}
	g.startOutlines()
	for id := range g.missing {
		g.outlines[id] = ways[id]
	}
	g.startNodes()
	for _, n := range nodes {
		if at, ok := slices.BinarySearch(g.needed, n.id); ok {
			g.place(at, n.id, n.at)
		}
	}
	return g.extract()
}

// xmlDate finds in the beginning of a file when the map was taken: osmium writes
// timestamp, the Overpass API osm_base.
func xmlDate(start []byte) time.Time {
	for _, attribute := range []string{` timestamp="`, ` osm_base="`} {
		head, _, _ := bytes.Cut(start, []byte("<node"))
		_, after, found := bytes.Cut(head, []byte(attribute))
		text, _, closed := bytes.Cut(after, []byte(`"`))
		if date, err := time.Parse(time.RFC3339, string(text)); found && closed && err == nil {
			return date.UTC()
		}
	}
	return time.Time{}
}

func (in input) xmlFault(source *counter, err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("read %s: %w", in.name, err)
	case errors.Is(source.err, io.ErrUnexpectedEOF):
		return in.fault("osm_truncated", source.n, "the packed file ends too early (offset after unpacking): fetch it again")
	case source.err != nil && !errors.Is(source.err, io.EOF):
		return in.fault("osm_corrupt", source.n, "unpack: %w (offset after unpacking); fetch the file again", source.err)
	case errors.As(err, &syntax) && errors.Is(source.err, io.EOF) && syntax.Msg == "unexpected EOF":
		return in.fault("osm_truncated", source.n, "the file ends in line %d, in the middle of an element: fetch it again", syntax.Line)
	}
	return in.fault("osm_corrupt", noOffset, "damaged: %w; fetch the file again", err)
}

// counter counts what was read and keeps the error that ended it.
type counter struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil {
		c.err = err
	}
	return n, err
}
