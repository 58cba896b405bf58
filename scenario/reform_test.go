package scenario_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// twoCities is a region of two cities: the first has two counties with townships
// and a village, the second one county. Places and people hang at several levels.
func twoCities(t *testing.T) scenario.Facts {
	t.Helper()
	var b registry.Base
	for _, line := range []string{
		"640000 - 自治区", "640100 640000 甲市", "640200 640000 乙市",
		"640101 640100 东县", "640102 640100 西县", "640201 640200 北县",
		"640101001 640101 一镇", "640101002 640101 二镇", "640102003 640102 三镇",
		"640101001001 640101001 一村",
	} {
		var code, parent, name string
		if _, err := fmt.Sscan(line, &code, &parent, &name); err != nil {
			t.Fatal(err)
		}
		a := registry.Area{Code: lifecircle.AreaCode(code), Name: lifecircle.Name{ZH: name}, Level: registry.LevelOf(lifecircle.AreaCode(code)), Source: "test", Provenance: lifecircle.Real}
		if parent != "-" {
			a.Parent = lifecircle.AreaCode(parent)
		}
		b.Areas = append(b.Areas, a)
		b.Facilities = append(b.Facilities, registry.Facility{
			ID: lifecircle.FacilityID("f" + code), Area: a.Code, Kind: "school", At: geo.Point{Lon: 106, Lat: 38}, Source: "test", Provenance: lifecircle.Real,
		})
		if len(code) > 6 {
			b.Points = append(b.Points, registry.PopulationPoint{ID: "p" + code, Area: a.Code, At: geo.Point{Lon: 106, Lat: 38}, People: 10, Source: "test", Provenance: lifecircle.Real})
		}
	}
	s, err := registry.NewSnapshot(b)
	if err != nil {
		t.Fatal(err)
	}
	return scenario.Facts{Registry: s, Figures: new(figure.Table)}
}

func on(t *testing.T, day string) registry.Day {
	t.Helper()
	d, err := registry.ParseDay(day)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// seen is what a registry shows on a day: areas, and where places are counted.
func seen(s *registry.Snapshot, day registry.Day) []string {
	s = s.On(day)
	var lines []string
	for _, a := range s.Areas() {
		lines = append(lines, fmt.Sprint("area ", a.Code, " ", a.Parent, " ", a.Name.ZH, " ", a.Kind, " ", a.Level))
	}
	for _, f := range s.Facilities() {
		lines = append(lines, fmt.Sprint(f.ID, " in ", f.Area))
	}
	for _, p := range s.Points() {
		lines = append(lines, fmt.Sprint(p.ID, " in ", p.Area))
	}
	return lines
}

// places are the facilities and points in and below an area on a day.
func places(s *registry.Snapshot, code lifecircle.AreaCode, day registry.Day) string {
	s = s.On(day)
	below := s.Subtree(code)
	var ids []string
	for _, f := range s.Facilities() {
		if slices.Contains(below, f.Area) {
			ids = append(ids, strings.TrimPrefix(string(f.ID), "f"))
		}
	}
	return strings.Join(ids, " ")
}

// TestReform: each kind of reform does what it says from its day on, and leaves
// every day before as it was.
func TestReform(t *testing.T) {
	part := func(code lifecircle.AreaCode, name string, below ...lifecircle.AreaCode) scenario.Part {
		return scenario.Part{Code: code, Name: lifecircle.Name{ZH: name}, Below: below}
	}
	for name, c := range map[string]struct {
		do   func(scenario.Reform) ([]scenario.Change, error)
		keep bool
		want map[lifecircle.AreaCode]string // the places of areas from the day on; "" for one that does not stand
		face string                         // a line of what is seen then
	}{
		"a name and a kind": {
			do: func(r scenario.Reform) ([]scenario.Change, error) {
				return r.Rename("640101", scenario.Part{Name: lifecircle.Name{ZH: "东区"}, Kind: "district"})
			},
			want: map[lifecircle.AreaCode]string{"640101": "640101 640101001 640101001001 640101002"},
			face: "area 640101 640100 东区 district county",
		},
		"a code, those below follow": {
			do:   func(r scenario.Reform) ([]scenario.Change, error) { return r.Rename("640101", part("640109", "")) },
			want: map[lifecircle.AreaCode]string{"640101": "", "640101001": "", "640109": "640101 640101001 640101001001 640101002", "640109001001": "640101001001"},
			face: "area 640109001001 640109001 一村  village",
		},
		"a code, those below keep theirs": {
			do:   func(r scenario.Reform) ([]scenario.Change, error) { return r.Rename("640101", part("640109", "")) },
			keep: true,
			want: map[lifecircle.AreaCode]string{"640109": "640101 640101001 640101001001 640101002", "640101001": "640101001 640101001001"},
			face: "area 640101001 640109 一镇  township",
		},
		"below another city": {
			do:   func(r scenario.Reform) ([]scenario.Change, error) { return r.Move("640101", "640200", "640202") },
			want: map[lifecircle.AreaCode]string{"640100": "640100 640102 640102003", "640200": "640101 640101001 640101001001 640101002 640200 640201", "640202001": "640101001 640101001001"},
			face: "area 640202 640200 东县  county",
		},
		"a part comes off": {
			do: func(r scenario.Reform) ([]scenario.Change, error) {
				return r.Split("640101", []scenario.Part{{Code: "640101"}, part("640103", "新县", "640101001")})
			},
			want: map[lifecircle.AreaCode]string{"640101": "640101 640101002", "640103": "640101001 640101001001", "640103001001": "640101001001"},
			face: "area 640103 640100 新县  county",
		},
		"two parts, and the area ends": {
			do: func(r scenario.Reform) ([]scenario.Change, error) {
				return r.Split("640101", []scenario.Part{part("640103", "新县", "640101001"), part("640104", "旧县", "640101002")})
			},
			want: map[lifecircle.AreaCode]string{"640101": "", "640103": "640101 640101001 640101001001", "640104": "640101002"},
			face: "area 640104002 640104 二镇  township",
		},
		"one takes the other in": {
			do: func(r scenario.Reform) ([]scenario.Change, error) {
				return r.Merge([]lifecircle.AreaCode{"640101", "640102"}, part("640101", ""))
			},
			want: map[lifecircle.AreaCode]string{"640102": "", "640101": "640101 640101001 640101001001 640101002 640102 640102003", "640101003": "640102003"},
			face: "area 640101003 640101 三镇  township",
		},
		"a new one of two": {
			do: func(r scenario.Reform) ([]scenario.Change, error) {
				return r.Merge([]lifecircle.AreaCode{"640101", "640102"}, part("640105", "大县"))
			},
			want: map[lifecircle.AreaCode]string{"640101": "", "640102": "", "640105": "640101 640101001 640101001001 640101002 640102 640102003"},
			face: "area 640105 640100 大县  county",
		},
	} {
		t.Run(name, func(t *testing.T) {
			facts := twoCities(t)
			day, before := on(t, "2024-07-01"), on(t, "2024-06-30")
			changes, err := c.do(scenario.Reform{Known: facts.Registry, Day: day, KeepCodes: c.keep})
			if err != nil {
				t.Fatal(err)
			}
			next, err := facts.With(changes)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(seen(facts.Registry, before), seen(next.Registry, before)); diff != "" {
				t.Errorf("the day before is another one (-was +is):\n%s", diff)
			}
			for code, want := range c.want {
				if _, stands := next.Registry.On(day).Area(code); stands != (want != "") {
					t.Errorf("%s stands: %v", code, stands)
				}
				if got := places(next.Registry, code, day); got != want {
					t.Errorf("places of %s: %s, want %s", code, got, want)
				}
			}
			if then := seen(next.Registry, day); !slices.Contains(then, c.face) {
				t.Errorf("no %q among\n%s", c.face, strings.Join(then, "\n"))
			}
			all := func(s *registry.Snapshot) int { return len(s.Facilities()) + len(s.Points()) }
			if got, want := all(next.Registry.On(day)), all(facts.Registry); got != want {
				t.Errorf("%d places are left of %d", got, want)
			}
		})
	}
}

// TestReformAgain: an area that changed can change again later, and every day
// between stays.
func TestReformAgain(t *testing.T) {
	facts := twoCities(t)
	first, err := scenario.Reform{Known: facts.Registry, Day: on(t, "2020-01-01")}.Move("640101", "640200", "640202")
	if err != nil {
		t.Fatal(err)
	}
	if facts, err = facts.With(first); err != nil {
		t.Fatal(err)
	}
	between := seen(facts.Registry, on(t, "2021-01-01"))
	then, err := scenario.Reform{Known: facts.Registry, Day: on(t, "2022-01-01")}.Split("640202", []scenario.Part{{Code: "640202"}, {Code: "640203", Name: lifecircle.Name{ZH: "新县"}, Below: []lifecircle.AreaCode{"640202001"}}})
	if err != nil {
		t.Fatal(err)
	}
	last, err := facts.With(then)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(between, seen(last.Registry, on(t, "2021-01-01"))); diff != "" {
		t.Errorf("between is another one (-was +is):\n%s", diff)
	}
	if got := places(last.Registry, "640203", on(t, "2022-01-01")); got != "640101001 640101001001" {
		t.Errorf("the new county has %s", got)
	}
	// The counts of people are read under the code that the area had.
	count := registry.Record{
		Register: registry.PopulationRegister, ID: "c", Area: "640101", Span: registry.Span{From: on(t, "2019-01-01")},
		Fields: registry.Fields{"total": rule.NumberOf(lifecircle.Int(99))}, Source: "test", Provenance: lifecircle.Real,
	}
	if last, err = last.With([]scenario.Change{{Op: scenario.Enter, Record: &count}}); err != nil {
		t.Fatal(err)
	}
	for day, code := range map[string]lifecircle.AreaCode{"2019-06-01": "640101", "2021-06-01": "640202", "2023-06-01": "640202"} {
		value, _ := last.Registry.On(on(t, day)).People(code, "total")
		if n, ok := value.Number(); !ok || n != lifecircle.Int(99) {
			t.Errorf("people of %s on %s: %v", code, day, value)
		}
	}
}

func TestReformRefuses(t *testing.T) {
	facts := twoCities(t)
	begun := facts.Registry.All().Areas[4]
	begun.From = on(t, "2023-01-01")
	changes, err := scenario.Reform{Known: facts.Registry, Day: on(t, "2020-01-01")}.Rename("640201", scenario.Part{Code: "640202"})
	if err != nil {
		t.Fatal(err)
	}
	ended, err := scenario.Reform{Known: facts.Registry, Day: on(t, "2020-01-01")}.Merge([]lifecircle.AreaCode{"640101002", "640101001"}, scenario.Part{Code: "640101001"})
	if err != nil {
		t.Fatal(err)
	}
	if facts, err = facts.With(slices.Concat(changes, ended, []scenario.Change{{Op: scenario.Area, Area: &begun}})); err != nil {
		t.Fatal(err)
	}
	named := func(code lifecircle.AreaCode) scenario.Part {
		return scenario.Part{Code: code, Name: lifecircle.Name{ZH: "新"}}
	}
	r := scenario.Reform{Known: facts.Registry, Day: on(t, "2022-01-01")}
	early := scenario.Reform{Known: facts.Registry, Day: on(t, "2019-01-01")}
	undated := scenario.Reform{Known: facts.Registry}
	for name, c := range map[string]struct {
		code, says string
		do         func() ([]scenario.Change, error)
	}{
		"an unknown code":       {"area_unknown", "", func() ([]scenario.Change, error) { return r.Rename("110000", named("")) }},
		"a code of before":      {"area_retired", "counts for 640202", func() ([]scenario.Change, error) { return r.Rename("640201", named("")) }},
		"an area that ended":    {"area_retired", "counts for 640101001", func() ([]scenario.Change, error) { return r.Move("640101002", "640102", "") }},
		"no day":                {"area_date", "", func() ([]scenario.Change, error) { return undated.Rename("640101", named("")) }},
		"before a later change": {"area_date", "2020-01-01", func() ([]scenario.Change, error) { return early.Rename("640202", named("")) }},
		"before it begins":      {"area_date", "begins on 2023-01-01", func() ([]scenario.Change, error) { return r.Rename(begun.Code, named("")) }},
		"a code that is taken":  {"area_code_taken", "西县", func() ([]scenario.Change, error) { return r.Rename("640101", scenario.Part{Code: "640102"}) }},
		"a code of another level": {"area_level", "township", func() ([]scenario.Change, error) {
			return r.Rename("640101", scenario.Part{Code: "640109001"})
		}},
		"below one of its level": {"area_level", "", func() ([]scenario.Change, error) { return r.Move("640101", "640102", "") }},
		"where it is":            {"area_reform", "already", func() ([]scenario.Change, error) { return r.Move("640101", "640100", "") }},
		"the same name": {"area_reform", "nothing changes", func() ([]scenario.Change, error) {
			return r.Rename("640101", scenario.Part{Name: lifecircle.Name{ZH: "东县"}})
		}},
		"one part": {"area_reform", "two parts", func() ([]scenario.Change, error) { return r.Split("640101", []scenario.Part{named("640103")}) }},
		"a part twice": {"area_reform", "twice", func() ([]scenario.Change, error) {
			return r.Split("640101", []scenario.Part{named("640103"), named("640103")})
		}},
		"a part unnamed": {"area_reform", "no name", func() ([]scenario.Change, error) {
			return r.Split("640101", []scenario.Part{{Code: "640101"}, {Code: "640103"}})
		}},
		"a township astray": {"area_reform", "640101001", func() ([]scenario.Change, error) {
			return r.Split("640101", []scenario.Part{named("640103"), named("640104")})
		}},
		"not below it": {"area_reform", "directly below", func() ([]scenario.Change, error) {
			return r.Split("640101", []scenario.Part{{Code: "640101"}, {Code: "640103", Name: lifecircle.Name{ZH: "新"}, Below: []lifecircle.AreaCode{"640102003"}}})
		}},
		"levels that differ": {"area_level", "one level", func() ([]scenario.Change, error) {
			return r.Merge([]lifecircle.AreaCode{"640101", "640200"}, named("640101"))
		}},
		"one alone": {"area_reform", "two areas", func() ([]scenario.Change, error) { return r.Merge([]lifecircle.AreaCode{"640101"}, named("640101")) }},
	} {
		changes, err := c.do()
		if lifecircle.ErrorCode(err) != c.code || !strings.Contains(fmt.Sprint(err), c.says) {
			t.Errorf("%s: %v, %d changes; want %s … %s", name, err, len(changes), c.code, c.says)
		}
	}
}
