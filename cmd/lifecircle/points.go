package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"lifecircle"
	"lifecircle/geo"
)

// pointRow is a line of a points file.
type pointRow struct {
	id   string
	at   geo.Point
	kind string // "" where the file has no such column
}

// maxRowFaults is how many faults of a file are listed before the rest is
// counted.
const maxRowFaults = 20

// readPoints reads CSV with a heading id,lon,lat and perhaps kind; further
// columns are left alone. Every faulty row is named, with its line.
func readPoints(path string) ([]pointRow, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	heading, err := r.Read()
	if err != nil {
		return nil, lifecircle.Errorf("csv_invalid", "%s: no heading: want id,lon,lat: %w", path, err)
	}
	heading = slices.Clone(heading)
	heading[0] = strings.TrimPrefix(heading[0], "\ufeff")
	columns := make(map[string]int)
	for i, name := range heading {
		columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, name := range []string{"id", "lon", "lat"} {
		if _, ok := columns[name]; !ok {
			return nil, lifecircle.Errorf("csv_invalid", "%s: heading %q has no column %q: want id,lon,lat[,kind]", path, strings.Join(heading, ","), name)
		}
	}
	var rows []pointRow
	var faults []string
	seen := make(map[string]int)
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return nil, lifecircle.Errorf("csv_invalid", "%s: %w", path, err)
		}
		row, err := pointOf(record, columns)
		if before, twice := seen[row.id]; err == nil && twice {
			err = fmt.Errorf("id %q stands on line %d already", row.id, before)
		}
		if err != nil {
			faults = append(faults, fmt.Sprintf("line %d: %v", line, err))
			continue
		}
		seen[row.id] = line
		rows = append(rows, row)
	}
	if len(faults) > 0 {
		shown := faults
		if len(shown) > maxRowFaults {
			shown = append(slices.Clone(faults[:maxRowFaults]), fmt.Sprintf("and %d more", len(faults)-maxRowFaults))
		}
		return nil, lifecircle.Errorf("csv_invalid", "%s: %d faulty rows:\n  %s", path, len(faults), strings.Join(shown, "\n  "))
	}
	return rows, nil
}

func pointOf(record []string, columns map[string]int) (pointRow, error) {
	cell := func(name string) string { return strings.TrimSpace(record[columns[name]]) }
	row := pointRow{id: cell("id")}
	if row.id == "" {
		return row, errors.New("id is empty")
	}
	if _, ok := columns["kind"]; ok {
		row.kind = cell("kind")
	}
	for _, axis := range []struct {
		name  string
		value *float64
	}{{"lon", &row.at.Lon}, {"lat", &row.at.Lat}} {
		v, err := strconv.ParseFloat(cell(axis.name), 64)
		if err != nil {
			return row, fmt.Errorf("%s %q is no number of degrees", axis.name, cell(axis.name))
		}
		*axis.value = v
	}
	if !row.at.Valid() {
		hint := ""
		if (geo.Point{Lon: row.at.Lat, Lat: row.at.Lon}).Valid() {
			hint = ": are lon and lat swapped?"
		}
		return row, fmt.Errorf("lon %g, lat %g is off the earth%s", row.at.Lon, row.at.Lat, hint)
	}
	return row, nil
}
