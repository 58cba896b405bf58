package ningxia

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"

	"lifecircle"
	"lifecircle/geo"
)

// The tables are our own extracts of published facts; SOURCES.md beside them says
// of which, and how well each is founded.
//
//go:embed tables/*.csv
var files embed.FS

// Division is one unit of the official list of 2023: its code without trailing
// zeros and its kind.
type Division struct {
	Code lifecircle.AreaCode
	Kind string
	Name lifecircle.Name
}

// The kinds of division that settlements depend on.
const (
	kindSubdistrict = "subdistrict"
	kindResidents   = "residents_committee"
)

// Bands are the age bands of the census: the first age of each.
var Bands = [...]int{0, 1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85}

// sexes are male and female, in the census's order.
const sexes = 2

// Cells counts people by sex and age band: male first, then female.
type Cells [sexes * len(Bands)]int64

// Total adds all cells up.
func (c Cells) Total() int64 {
	total := int64(0)
	for _, n := range c {
		total += n
	}
	return total
}

// census is one area's count of 1 November 2020.
type census struct {
	urban, rural int64
	cells        Cells
}

// centre is where a county's seat lies and how its settlements spread; our own
// estimate from general maps.
type centre struct {
	at            geo.Point
	axis          float64 // of the valley or canal, degrees clockwise from north
	length, width float64 // of the settled land to each side of the seat, in metres
	land          string
}

// The lands that settlements follow.
const (
	landPlain  = "plain"  // irrigated: villages in lines along canals
	landValley = "valley" // along a river and its side valleys
	landHills  = "hills"  // scattered hamlets
)

// table reads an embedded table and hands each row to visit.
func table(name string, visit func(row []string) error) error {
	f, err := files.Open("tables/" + name)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("table %s: %w", name, err)
	}
	for i, row := range rows[1:] {
		if err := visit(row); err != nil {
			return fmt.Errorf("table %s, line %d: %w", name, i+2, err)
		}
	}
	return nil
}

// Divisions returns every unit of the region, parents first.
func Divisions() ([]Division, error) {
	var all []Division
	err := table("divisions.csv", func(row []string) error {
		code, err := lifecircle.ParseAreaCode(row[0])
		all = append(all, Division{code, row[1], lifecircle.Name{ZH: row[2], EN: row[3]}})
		return err
	})
	return all, err
}

func readCensus() (map[lifecircle.AreaCode]census, error) {
	all := make(map[lifecircle.AreaCode]census)
	err := table("census2020.csv", func(row []string) error {
		code, err := lifecircle.ParseAreaCode(row[0])
		if err != nil {
			return err
		}
		var numbers []int64
		for _, cell := range row[1:] {
			n, err := strconv.ParseInt(cell, 10, 64)
			if err != nil {
				return err
			}
			numbers = append(numbers, n)
		}
		c := census{urban: numbers[0], rural: numbers[1]}
		if copy(c.cells[:], numbers[2:]) != len(c.cells) || c.cells.Total() != c.urban+c.rural {
			return fmt.Errorf("%s: the bands add up to %d people, towns and country to %d", code, c.cells.Total(), c.urban+c.rural)
		}
		all[code] = c
		return nil
	})
	return all, err
}

func readCentres() (map[lifecircle.AreaCode]centre, error) {
	all := make(map[lifecircle.AreaCode]centre)
	err := table("centres.csv", func(row []string) error {
		code, err := lifecircle.ParseAreaCode(row[0])
		if err != nil {
			return err
		}
		var numbers [5]float64
		for i := range numbers {
			if numbers[i], err = strconv.ParseFloat(row[i+1], 64); err != nil {
				return err
			}
		}
		c := centre{
			at:   geo.Point{Lon: numbers[0], Lat: numbers[1]},
			axis: numbers[2], length: 1000 * numbers[3], width: 1000 * numbers[4], land: row[6],
		}
		switch c.land {
		case landPlain, landValley, landHills:
		default:
			return fmt.Errorf("%s: land %q is not known", code, c.land)
		}
		all[code] = c
		return nil
	})
	return all, err
}

// parentOf returns the code of the unit above: the official code holds it.
func parentOf(code lifecircle.AreaCode) lifecircle.AreaCode {
	switch len(code) {
	case 12:
		return code[:9]
	case 9:
		return code[:6]
	}
	switch {
	case code[2:] == "0000":
		return ""
	case code[4:] == "00":
		return code[:2] + "0000"
	}
	return code[:4] + "00"
}
