package tile

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/registry"
)

// Extension is that of files of tiles.
const Extension = ".pmtiles"

// Shelf is the sets of a workspace, open for reading. A nil Shelf holds none.
type Shelf struct {
	byHash map[string]*Archive
	byArea map[lifecircle.AreaCode]*Archive
}

// OpenShelf opens the sets in a folder; one that is not there holds none. Of
// several sets for one area the newest file serves it; the others are still
// found by their hash, for pages that were opened before.
func OpenShelf(dir string) (*Shelf, error) {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, lifecircle.Errorf("tiles_unreadable", "read folder of tiles: %w", err).With("folder", dir)
	}
	s := &Shelf{make(map[string]*Archive), make(map[lifecircle.AreaCode]*Archive)}
	type dated struct {
		path string
		nano int64
	}
	var sets []dated
	for _, file := range files {
		info, err := file.Info()
		if err != nil || filepath.Ext(file.Name()) != Extension {
			continue
		}
		sets = append(sets, dated{filepath.Join(dir, file.Name()), info.ModTime().UnixNano()})
	}
	slices.SortFunc(sets, func(a, b dated) int { return cmp.Or(cmp.Compare(a.nano, b.nano), cmp.Compare(a.path, b.path)) })
	for _, set := range sets {
		a, err := Open(set.path)
		if err != nil {
			s.Close()
			return nil, err
		}
		s.byHash[a.Hash()] = a
		s.byArea[a.Area()] = a
	}
	return s, nil
}

// Close closes all sets.
func (s *Shelf) Close() {
	if s == nil {
		return
	}
	for _, a := range s.byHash {
		a.Close() // opened for reading: there is nothing to lose
	}
}

// Of returns the set of a root area.
func (s *Shelf) Of(area lifecircle.AreaCode) (*Archive, bool) {
	if s == nil {
		return nil, false
	}
	a, ok := s.byArea[area]
	return a, ok
}

// Find returns a set by its hash.
func (s *Shelf) Find(hash string) (*Archive, bool) {
	if s == nil {
		return nil, false
	}
	a, ok := s.byHash[hash]
	return a, ok
}

// Labels names areas as places, each in the middle of its people. An area
// without any has no known middle and is left out.
func Labels(areas []registry.Area, points []registry.PopulationPoint) []Feature {
	type middle struct {
		lon, lat float64 // weighted by people
		people   int64
	}
	parents := make(map[lifecircle.AreaCode]lifecircle.AreaCode)
	for _, a := range areas {
		parents[a.Code] = a.Parent
	}
	middles := make(map[lifecircle.AreaCode]middle)
	for _, p := range points {
		for code := p.Area; code != ""; code = parents[code] {
			m := middles[code]
			m.lon += p.At.Lon * float64(p.People)
			m.lat += p.At.Lat * float64(p.People)
			m.people += p.People
			middles[code] = m
		}
	}
	var labels []Feature
	for _, a := range areas {
		m := middles[a.Code]
		if m.people == 0 {
			continue
		}
		at := geo.Point{Lon: m.lon / float64(m.people), Lat: m.lat / float64(m.people)}
		if f, ok := label(a, at, m.people); ok {
			labels = append(labels, f)
		}
	}
	return labels
}
