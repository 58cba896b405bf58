package registry_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// unit is an area of the model: what a careful clerk would keep in a ledger.
type unit struct {
	id     registry.AreaID
	code   lifecircle.AreaCode
	parent registry.AreaID
	level  registry.Level
	name   string
	stands bool
}

// event is one act on a day.
type event struct {
	day rule.Date
	act func(ledger)
}

// ledger is the state of all units on a day.
type ledger map[registry.AreaID]*unit

// history is a region with its acts, told twice: as rows with their past, and as a
// list of acts that can be replayed.
type history struct {
	rows   map[registry.AreaID]*registry.Area
	first  ledger
	events []event
	// heir is who counts for a unit that does not stand: before it began and after it
	// ended.
	origin, successor map[registry.AreaID]registry.AreaID
	codes             map[lifecircle.AreaCode]registry.AreaID // codes are never used again
	next              int
}

// on replays the acts up to a day; the unknown day comes after all.
func (h *history) on(day registry.Day) ledger {
	state := make(ledger, len(h.first))
	for id, u := range h.first {
		copied := *u
		state[id] = &copied
	}
	date, known := day.Date()
	for _, e := range h.events {
		if !known || e.day <= date {
			e.act(state)
		}
	}
	return state
}

// counts returns the unit that stands and counts for another.
func (h *history) counts(state ledger, id registry.AreaID, day registry.Day) *unit {
	for range 1000 {
		if state[id].stands {
			return state[id]
		}
		date, known := day.Date()
		until, ends := h.rows[id].Until.Date()
		if ends && (!known || date >= until) {
			id = h.successor[id]
		} else {
			id = h.origin[id]
		}
		if id == "" {
			return nil
		}
	}
	panic("units count for one another in a circle")
}

func (h *history) code(level registry.Level) lifecircle.AreaCode {
	h.next++
	if level == registry.County {
		return lifecircle.AreaCode(fmt.Sprintf("64%04d", h.next))
	}
	return lifecircle.AreaCode(fmt.Sprintf("640100%03d", h.next%1000))
}

func (h *history) add(u unit) {
	h.first[u.id] = &u
	row := &registry.Area{ID: u.id, Code: u.code, Level: u.level, Name: lifecircle.Name{ZH: u.name}, Provenance: lifecircle.Real}
	if u.parent != "" {
		row.Parent = h.rows[u.parent].Code
	}
	h.rows[u.id], h.codes[u.code] = row, u.id
}

// past closes the present state of a row on a day.
func past(row *registry.Area, day rule.Date) {
	row.Past = append(row.Past, registry.AreaState{Until: registry.DayOf(day), Code: row.Code, Parent: row.Parent, Name: row.Name, Kind: row.Kind})
}

// do makes one random act on a day: a split, a merger, a renaming with or without a
// new code, or a move under another parent.
func (h *history) do(r *rand.Rand, day rule.Date) {
	now := h.on(registry.DayOf(day))
	pick := func(level registry.Level) *unit {
		var standing []registry.AreaID
		for id, u := range now {
			if u.stands && u.level == level {
				standing = append(standing, id)
			}
		}
		slices.Sort(standing)
		return now[standing[r.IntN(len(standing))]]
	}
	level := []registry.Level{registry.County, registry.Township, registry.Township}[r.IntN(3)]
	u := pick(level)
	row := h.rows[u.id]
	switch r.IntN(4) {
	case 0: // a split: a new unit begins out of this one
		id := registry.AreaID(fmt.Sprintf("%s+%d", u.id, h.next))
		fresh := unit{id: id, code: h.code(level), parent: u.parent, level: level, name: string(id)}
		h.add(fresh)
		born := h.rows[id]
		born.From, born.Origin = registry.DayOf(day), u.id
		h.origin[id] = u.id
		if date, known := row.From.Date(); known && date == day {
			panic("a unit splits on the day it begins")
		}
		h.events = append(h.events, event{day, func(l ledger) { l[id].stands = true }})
	case 1: // a merger: this one goes into another of its level
		into := pick(level)
		if into.id == u.id {
			return
		}
		row.Until, row.Successor = registry.DayOf(day), into.id
		h.successor[u.id] = into.id
		id := u.id
		h.events = append(h.events, event{day, func(l ledger) { l[id].stands = false }})
	case 2: // another name, and half the time another code
		past(row, day)
		row.Name.ZH = fmt.Sprintf("%s in %d", u.id, day)
		if r.IntN(2) == 0 {
			row.Code = h.code(level)
			h.codes[row.Code] = u.id
		}
		id, name, code := u.id, row.Name.ZH, row.Code
		h.events = append(h.events, event{day, func(l ledger) { l[id].name, l[id].code = name, code }})
	case 3: // another county for a township
		if level != registry.Township {
			return
		}
		to := pick(registry.County)
		past(row, day)
		row.Parent = h.rows[to.id].Code
		id, parent := u.id, to.id
		h.events = append(h.events, event{day, func(l ledger) { l[id].parent = parent }})
	}
}

// random makes a region and lets years of acts go over it, one a day at most.
func random(r *rand.Rand) *history {
	h := &history{
		rows: map[registry.AreaID]*registry.Area{}, first: ledger{}, codes: map[lifecircle.AreaCode]registry.AreaID{},
		origin: map[registry.AreaID]registry.AreaID{}, successor: map[registry.AreaID]registry.AreaID{},
	}
	h.add(unit{"region", "640000", "", registry.Region, "region", true})
	for c := range 3 {
		county := registry.AreaID(fmt.Sprint("c", c))
		h.add(unit{county, h.code(registry.County), "region", registry.County, string(county), true})
		for t := range 2 + r.IntN(4) {
			id := registry.AreaID(fmt.Sprint(county, "t", t))
			h.add(unit{id, h.code(registry.Township), county, registry.Township, string(id), true})
		}
	}
	for day := rule.Date(10_000); day < 10_000+rule.Date(5+r.IntN(40)); day++ {
		if r.IntN(3) > 0 {
			h.do(r, day)
		}
	}
	return h
}

func (h *history) base() registry.Base {
	var b registry.Base
	for _, row := range h.rows {
		b.Areas = append(b.Areas, *row)
	}
	return b
}

// TestHistory: on every day the tree that is read out of the rows is the one that a
// replay of the acts gives: codes, names, parents, who counts for whom, and the
// intervals of the subtrees.
func TestHistory(t *testing.T) {
	t.Parallel()
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 1))
		h := random(r)
		s, err := registry.NewSnapshot(h.base())
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		days := []registry.Day{{}, registry.DayOf(9_999)}
		for _, e := range h.events {
			days = append(days, registry.DayOf(e.day-1), registry.DayOf(e.day), registry.DayOf(e.day+1))
		}
		for _, day := range days {
			compare(t, h, s.On(day), fmt.Sprintf("seed %d, %q", seed, day))
			if t.Failed() {
				return
			}
		}
	}
}

func compare(t *testing.T, h *history, s *registry.Snapshot, when string) {
	t.Helper()
	day := s.Day()
	state := h.on(day)
	parent := func(u *unit) lifecircle.AreaCode {
		if u.parent == "" {
			return ""
		}
		return h.counts(state, u.parent, day).code
	}
	want := make(map[lifecircle.AreaCode]*unit)
	for _, u := range state {
		if u.stands {
			want[u.code] = u
		}
	}
	areas := s.Areas()
	if len(areas) != len(want) {
		t.Errorf("%s: %d areas stand, want %d", when, len(areas), len(want))
	}
	above := make(map[lifecircle.AreaCode]lifecircle.AreaCode)
	for _, a := range areas {
		u := want[a.Code]
		if u == nil || a.Key() != u.id || a.Name.ZH != u.name || a.Parent != parent(u) {
			t.Errorf("%s: %s (%s) is %q below %s; the replay has %+v", when, a.Code, a.Key(), a.Name.ZH, a.Parent, u)
			return
		}
		above[a.Code] = a.Parent
	}
	// A subtree is an interval: what lies in it is what leads up to its area.
	for i, a := range areas {
		at, last, ok := s.Interval(a.Code)
		if !ok || at != i {
			t.Errorf("%s: %s begins at %d, %v; it is number %d", when, a.Code, at, ok, i)
		}
		for k, b := range areas {
			below := false
			for code := b.Code; code != "" && !below; code = above[code] {
				below = code == a.Code
			}
			if below != (k >= at && k < last) {
				t.Errorf("%s: %s below %s is %v, and the interval is %d to %d", when, b.Code, a.Code, below, at, last)
			}
		}
		if !slices.Equal(s.Subtree(a.Code), codesOf(areas[at:last])) || !slices.IsSorted(s.Children(a.Code)) {
			t.Errorf("%s: the subtree of %s is %v", when, a.Code, s.Subtree(a.Code))
		}
		if s.Root(a.Code) != "640000" {
			t.Errorf("%s: the root above %s is %s", when, a.Code, s.Root(a.Code))
		}
	}
	for code, id := range h.codes {
		u := h.counts(state, id, day)
		got, ok := s.Current(code)
		if (u != nil) != ok || u != nil && got != u.code {
			t.Errorf("%s: %s counts as %s (%v); the replay has %+v", when, code, got, ok, u)
		}
		if !s.Knows(code) {
			t.Errorf("%s: %s is not known", when, code)
		}
	}
}

func codesOf(areas []*registry.Area) []lifecircle.AreaCode {
	codes := make([]lifecircle.AreaCode, len(areas))
	for i, a := range areas {
		codes[i] = a.Code
	}
	return codes
}

// TestCodeOn: figures are kept under the code of their time.
func TestCodeOn(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		h := random(rand.New(rand.NewPCG(seed, 2)))
		s, err := registry.NewSnapshot(h.base())
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, e := range h.events {
			day := registry.DayOf(e.day)
			then := h.on(day)
			for _, a := range s.Areas() {
				code, ok := s.CodeOn(a.Code, day)
				if u := then[a.Key()]; ok != u.stands || ok && code != u.code {
					t.Fatalf("seed %d, %s: %s was %s (%v); the replay has %+v", seed, day, a.Code, code, ok, u)
				}
			}
		}
	}
}

// TestEditsEqualRebuild: a snapshot that edits led to, seen on any day, is the one
// made anew of all that was said; and the snapshot before them is as it was.
func TestEditsEqualRebuild(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		h := random(r)
		s, err := registry.NewSnapshot(h.base())
		if err != nil {
			t.Fatal(err)
		}
		codes := slices.Sorted(maps.Keys(h.codes))
		for range 30 {
			edit := anyEdit(r, s, codes)
			before := told(s)
			next, err := s.With([]registry.Edit{edit})
			if told(s) != before {
				t.Fatalf("seed %d: an edit changed the snapshot it was made from", seed)
			}
			if err != nil {
				continue // refused: nothing changes
			}
			// What stood on another day follows from what did before the edit.
			day := registry.DayOf(9_990 + rule.Date(r.IntN(70)))
			if a, b := told(next.OnAfter(s.On(day))), told(next.On(day)); a != b {
				t.Fatalf("seed %d, %s: brought up to date\n%s\nmade anew\n%s", seed, day, a, b)
			}
			s = next
			var undated []lifecircle.FacilityID
			for f := range s.Undated() {
				undated = append(undated, f.ID)
			}
			for _, f := range s.Facilities() {
				if slices.Contains(undated, f.ID) == f.From.IsZero() {
					continue
				}
				t.Fatalf("seed %d: since when %s stands is %q; undated are %q", seed, f.ID, f.From, undated)
			}
		}
		rebuilt, err := registry.NewSnapshot(s.All())
		if err != nil {
			t.Fatalf("seed %d: what edits led to cannot be: %v", seed, err)
		}
		for range 10 {
			day := registry.DayOf(9_990 + rule.Date(r.IntN(70)))
			if a, b := told(s.On(day)), told(rebuilt.On(day)); a != b {
				t.Fatalf("seed %d, %s: after edits\n%s\nbuilt anew\n%s", seed, day, a, b)
			}
		}
		if a, b := told(s), told(rebuilt); a != b {
			t.Fatalf("seed %d: after edits\n%s\nbuilt anew\n%s", seed, a, b)
		}
	}
}

// anyEdit is some edit, which may be impossible.
func anyEdit(r *rand.Rand, s *registry.Snapshot, codes []lifecircle.AreaCode) registry.Edit {
	area := codes[r.IntN(len(codes))]
	id := fmt.Sprint(r.IntN(8))
	span := registry.Span{}
	if r.IntN(2) == 0 {
		span.From = registry.DayOf(9_990 + rule.Date(r.IntN(60)))
	}
	if r.IntN(3) == 0 {
		span.Until = registry.DayOf(9_990 + rule.Date(r.IntN(60)))
	}
	var changes []registry.Dated
	for since := rule.Date(9_990); since < 10_040 && r.IntN(3) > 0; since += 1 + rule.Date(r.IntN(20)) {
		changes = append(changes, registry.Dated{Since: registry.DayOf(since), Fields: registry.Fields{"beds": rule.NumberOf(lifecircle.Int(r.Int64N(100)))}})
	}
	facility := &registry.Facility{
		ID: lifecircle.FacilityID(id), Area: area, Kind: "home", Name: fmt.Sprint(r.IntN(100)), Span: span, Changes: changes, Provenance: lifecircle.Real,
	}
	record := &registry.Record{Register: []string{"estate", "link"}[r.IntN(2)], ID: id, Area: area, Span: span, Changes: changes, Provenance: lifecircle.Real}
	switch r.IntN(8) {
	case 0, 1:
		return registry.Edit{Add: facility}
	case 2:
		return registry.Edit{Amend: facility}
	case 3:
		return registry.Edit{Withdraw: facility.ID}
	case 4, 5:
		return registry.Edit{Enter: record}
	case 6:
		return registry.Edit{Strike: record.Entry()}
	}
	if r.IntN(2) == 0 {
		return registry.Edit{Strike: registry.Entry{Register: registry.PointRegister, ID: id}}
	}
	return registry.Edit{Point: &registry.PopulationPoint{ID: id, Area: area, People: r.Int64N(100), Provenance: lifecircle.Real}}
}

// told is all that a snapshot shows on its day, as text.
func told(s *registry.Snapshot) string {
	text := ""
	for _, a := range s.Areas() {
		text += fmt.Sprintln(a.Code, a.Parent, a.Name)
	}
	for _, p := range s.Points() {
		text += fmt.Sprintln(p)
	}
	for _, f := range s.Facilities() {
		text += fmt.Sprintln(f.ID, f.Area, f.Name, f.Span, f.Field("beds"))
	}
	for _, register := range s.Registers() {
		records, _ := s.Records(register)
		for _, r := range records {
			text += fmt.Sprintln(r.Register, r.ID, r.Area, r.Span, r.Field("beds"))
		}
	}
	return text
}

// TestDatedFields: what a facility says on a day is what the changes up to that day
// left, told one by one.
func TestDatedFields(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	for range 200 {
		f := &registry.Facility{ID: "f", Area: "640000", Kind: "home", Provenance: lifecircle.Real, Fields: registry.Fields{"beds": rule.NumberOf(lifecircle.Int(1))}}
		for since := rule.Date(100); since < 130; since += 1 + rule.Date(r.IntN(8)) {
			c := registry.Dated{Since: registry.DayOf(since)}
			if r.IntN(3) == 0 {
				c.Kind = fmt.Sprint("kind", since)
			}
			for _, name := range []string{"beds", "places"} {
				if r.IntN(2) == 0 {
					if c.Fields == nil {
						c.Fields = registry.Fields{}
					}
					c.Fields[name] = rule.NumberOf(lifecircle.Int(int64(since)))
				}
			}
			f.Changes = append(f.Changes, c)
		}
		if err := f.Check(); err != nil {
			t.Fatal(err)
		}
		for date := rule.Date(99); date < 135; date++ {
			kind, beds, places := "home", rule.NumberOf(lifecircle.Int(1)), rule.Value{}
			for _, c := range f.Changes {
				if since, _ := c.Since.Date(); since > date {
					continue
				}
				if c.Kind != "" {
					kind = c.Kind
				}
				if v, ok := c.Fields["beds"]; ok {
					beds = v
				}
				if v, ok := c.Fields["places"]; ok {
					places = v
				}
			}
			then := f.On(registry.DayOf(date))
			if then.Kind != kind || then.Fields["beds"] != beds || then.Fields["places"] != places {
				t.Fatalf("day %d: %s %v %v, want %s %v %v", date, then.Kind, then.Fields["beds"], then.Fields["places"], kind, beds, places)
			}
		}
		if f.Fields["beds"] != rule.NumberOf(lifecircle.Int(1)) {
			t.Fatal("looking at a day changed what is kept")
		}
	}
	// Days must rise.
	twice := registry.Dated{Since: registry.DayOf(5)}
	bad := &registry.Facility{ID: "f", Area: "640000", Kind: "home", Provenance: lifecircle.Real, Changes: []registry.Dated{twice, twice}}
	if lifecircle.ErrorCode(bad.Check()) != "record_invalid" {
		t.Errorf("two changes of one day: %v", bad.Check())
	}
}
