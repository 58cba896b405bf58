package registry

import (
	"fmt"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
)

// A population count is a record of the register population: of one area, on the
// day it holds from, by one source. Its fields are total, male, female, urban and
// rural, households, and the people of each age and sex as m_0, f_1_4, m_85p …;
// age_… is both sexes together. What follows from other fields by addition may be
// left out.

// Sex is a sex in counts of people.
type Sex string

// The sexes; Both is their sum.
const (
	Both   Sex = "age"
	Male   Sex = "m"
	Female Sex = "f"
)

// Band is a range of ages in full years, both ends included.
type Band struct{ From, To int }

// open is the end of the last band, which has none.
const open = 1000

// Bands returns the age bands of China's census tables: 0, 1–4, then five years
// each, the last one 85 and over.
func Bands() []Band {
	bands := []Band{{0, 0}, {1, 4}}
	for from := 5; from < 85; from += 5 {
		bands = append(bands, Band{from, from + 4})
	}
	return append(bands, Band{85, open})
}

// Field returns the field of a count that holds the people of a band: "m_5_9".
func (b Band) Field(sex Sex) string {
	switch {
	case b.To >= open:
		return fmt.Sprintf("%s_%dp", sex, b.From)
	case b.From == b.To:
		return fmt.Sprintf("%s_%d", sex, b.From)
	}
	return fmt.Sprintf("%s_%d_%d", sex, b.From, b.To)
}

// sixtyFive is a field of census tables besides the bands.
const sixtyFive = "age_65p"

func populationFields() []Field {
	people := func(id, zh, en string) Field { return number(id, "person", zh, en) }
	fields := []Field{
		people("total", "总人口", "Total"), people("male", "男", "Male"), people("female", "女", "Female"),
		people("urban", "城镇人口", "Urban"), people("rural", "乡村人口", "Rural"),
		number("households", "household", "户数", "Households"), people(sixtyFive, "65岁及以上", "65 and over"),
	}
	for _, sex := range []struct {
		sex    Sex
		zh, en string
	}{{Both, "", ""}, {Male, "男", "Male "}, {Female, "女", "Female "}} {
		for _, band := range Bands() {
			zh, en := fmt.Sprintf("%s%d-%d岁", sex.zh, band.From, band.To), fmt.Sprintf("%s%d–%d", sex.en, band.From, band.To)
			switch {
			case band.To >= open:
				zh, en = fmt.Sprintf("%s%d岁及以上", sex.zh, band.From), fmt.Sprintf("%s%d and over", sex.en, band.From)
			case band.From == band.To:
				zh, en = fmt.Sprintf("%s%d岁", sex.zh, band.From), fmt.Sprintf("%s%d", sex.en, band.From)
			}
			fields = append(fields, people(band.Field(sex.sex), zh, en))
		}
	}
	return fields
}

// PeopleOf returns the people of a count from an age to another, both included,
// in full years; to below 0 is without end. It is what bands add up to, so ages
// that cut a band are not known.
func PeopleOf(count *Record, sex Sex, ages Band) (people lifecircle.Number, known bool) {
	if ages.To < 0 {
		ages.To = open
	}
	sum, next := lifecircle.Number{}, ages.From
	for _, band := range Bands() {
		if band.To < ages.From || band.From > ages.To {
			continue
		}
		if band.From != next || band.To > ages.To {
			return lifecircle.Number{}, false
		}
		n, ok := inBand(count, sex, band)
		if !ok {
			return lifecircle.Number{}, false
		}
		if sum, ok = sum.Add(n); !ok {
			return lifecircle.Number{}, false
		}
		next = band.To + 1
	}
	return sum, next > ages.To
}

// inBand returns the people of one band: said as such, or as men and women.
func inBand(count *Record, sex Sex, band Band) (lifecircle.Number, bool) {
	if n, ok := count.Fields[band.Field(sex)].Number(); ok || sex != Both {
		return n, ok
	}
	men, ok := count.Fields[band.Field(Male)].Number()
	women, ok2 := count.Fields[band.Field(Female)].Number()
	if !ok || !ok2 {
		return lifecircle.Number{}, false
	}
	return men.Add(women)
}

// derived returns a field of a count that follows from others by addition.
func derived(count *Record, name string) (rule.Value, bool) {
	sex, ages := Both, Band{0, -1}
	switch name {
	case "total":
	case "male":
		sex = Male
	case "female":
		sex = Female
	case sixtyFive:
		ages.From = 65
	default:
		if !strings.HasPrefix(name, string(Both)+"_") {
			return rule.Value{}, false
		}
		for _, band := range Bands() {
			if band.Field(Both) == name {
				n, known := inBand(count, Both, band)
				return rule.NumberOf(n), known
			}
		}
		return rule.Value{}, false
	}
	n, known := PeopleOf(count, sex, ages)
	return rule.NumberOf(n), known
}

// Counts returns the population counts that together cover an area once: the
// latest of each area, the parts instead of the whole where every part has one. So
// a sum over them counts nobody twice. ok is false when some of the area is not
// covered.
func (s *Snapshot) Counts(area lifecircle.AreaCode) (counts []*Record, ok bool) {
	latest := s.counted()
	var cover func(lifecircle.AreaCode) bool
	cover = func(code lifecircle.AreaCode) bool {
		below := s.Children(code)
		before, all := len(counts), len(below) > 0
		for _, child := range below {
			all = cover(child) && all
		}
		if own := latest[code]; own != nil && !all {
			counts = append(counts[:before], own)
			return true
		}
		return all
	}
	ok = cover(area)
	return counts, ok
}

// latestCounts returns the latest count of each area.
func latestCounts(counts []*Record) map[lifecircle.AreaCode]*Record {
	latest := make(map[lifecircle.AreaCode]*Record)
	for _, count := range counts {
		if before := latest[count.Area]; before == nil || before.From.date < count.From.date {
			latest[count.Area] = count
		}
	}
	return latest
}

// People returns a field of the population counts, added up over an area, and the
// weakest provenance of them; no data unless every part of the area says it.
func (s *Snapshot) People(area lifecircle.AreaCode, field string) (rule.Value, lifecircle.Provenance) {
	unreported := rule.NoData(rule.Reason{Code: "unreported", What: PopulationRegister + " " + string(area)})
	counts, ok := s.Counts(area)
	if !ok {
		return unreported, ""
	}
	var sum lifecircle.Number
	var weakest lifecircle.Provenance
	for _, count := range counts {
		value, said := count.Fields[field]
		if !said {
			value, said = derived(count, field)
		}
		n, isNumber := value.Number()
		if !said || !isNumber {
			return unreported, ""
		}
		if sum, ok = sum.Add(n); !ok {
			return rule.NoData(rule.Reason{Code: "overflow", What: PopulationRegister + " " + string(area)}), ""
		}
		weakest = weakest.Weakest(count.Provenance)
	}
	return rule.NumberOf(sum), weakest
}
