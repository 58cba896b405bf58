package ningxia

import (
	"fmt"
	"strconv"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/scenario"
)

// The sources of values that are not in the table of published ones.
const (
	sourceOfCensus  = "2020年11月1日人口普查" + lifecircle.Parting + "census of 1 November 2020"
	sourceOfForward = "2020年人口普查，由本系统原值沿用" + lifecircle.Parting + "census of 2020, carried forward unchanged by us"
)

func inBoth(chinese, english string) string { return chinese + lifecircle.Parting + english }

// censusYear and carriedTo are the years of the counts and of the estimate.
const (
	censusYear = 2020
	carriedTo  = 2025
)

// Values returns what is reported and what is estimated, as changes to make:
// census counts of every county, published figures with their conflicts, and for
// the plan's year the census carried forward. Where sources differ the census is
// chosen.
func Values() ([]scenario.Change, error) {
	counts, err := readCensus()
	if err != nil {
		return nil, err
	}
	var changes []scenario.Change
	put := func(v figure.Value) {
		changes = append(changes, scenario.Change{Op: scenario.Put, Value: &v})
	}
	divisions, err := Divisions()
	if err != nil {
		return nil, err
	}
	for _, division := range divisions {
		count, ok := counts[division.Code]
		if !ok {
			continue
		}
		for _, of := range []struct {
			element string
			people  int64
		}{
			{"resident_population", count.cells.Total()},
			{"urban_population", count.urban},
			{"population_60", count.cells.from(60)},
			{"population_65", count.cells.from(65)},
		} {
			key := figure.Key{Element: of.element, Area: division.Code, Period: lifecircle.Year(censusYear), Source: sourceOfCensus}
			put(figure.Value{Key: key, Number: lifecircle.Int(of.people), Provenance: lifecircle.Real})
			key.Period, key.Source = lifecircle.Year(carriedTo), sourceOfForward
			put(figure.Value{Key: key, Number: lifecircle.Int(of.people), Provenance: lifecircle.Estimated})
		}
	}
	err = table("published.csv", func(row []string) error {
		area, err := lifecircle.ParseAreaCode(row[1])
		if err != nil {
			return err
		}
		year, err := strconv.Atoi(row[2])
		if err != nil {
			return err
		}
		value, err := lifecircle.ParseNumber(row[3])
		if err != nil {
			return err
		}
		english, chinese := row[4], row[6]
		if row[5] != "" {
			english += fmt.Sprintf(" (%s)", row[5])
			chinese += fmt.Sprintf("（%s）", row[7])
		}
		source := inBoth(chinese, english)
		key := figure.Key{Element: row[0], Area: area, Period: lifecircle.Year(year), Source: source}
		put(figure.Value{Key: key, Number: value, Provenance: lifecircle.Real})
		if year == censusYear {
			changes = append(changes, scenario.Change{Op: scenario.Choose, Choice: &figure.Choice{
				Element: key.Element, Area: area, Period: key.Period, Source: sourceOfCensus,
				Reason: "a full count is exact; the other is rounded and of another day",
			}})
		}
		return nil
	})
	return changes, err
}

// from counts the people of an age and above; age begins a band.
func (c Cells) from(age int) int64 {
	total := int64(0)
	for i, n := range c {
		if Bands[i%len(Bands)] >= age {
			total += n
		}
	}
	return total
}
