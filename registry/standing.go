package registry

import (
	"iter"
	"maps"
	"slices"
	"sync"

	"lifecircle"
)

// on shows the facts on a day. What is not dated is shared with how the same facts
// stand on another day, where that is given and its areas are the same.
func (f facts) on(day Day, other *Snapshot) *Snapshot {
	if f.history == nil {
		f.history = newHistory(f.areas)
	}
	s := &Snapshot{day: day, facts: f, tree: f.history.on(day)}
	alike := other != nil && other.tree == s.tree
	if s.records = make(map[string]roll[*Record], len(f.records)); alike {
		s.points = other.points // they have no days
	} else {
		s.points = standing(f.points, func(p PopulationPoint) (PopulationPoint, bool) {
			code, ok := s.tree.current(p.Area)
			p.Area = code
			return p, ok
		})
	}
	if alike && !slices.ContainsFunc(f.facilities.all(), (*Facility).varies) {
		s.facilities = other.facilities
	} else {
		s.facilities = now(f.facilities, s.facility)
	}
	for register, records := range f.records {
		if alike && !slices.ContainsFunc(records.all(), (*Record).varies) {
			s.records[register] = other.records[register]
		} else {
			s.records[register] = now(records, s.record)
		}
	}
	s.count()
	return s
}

// varies reports whether a facility is not the same on every day.
func (f *Facility) varies() bool { return f.dated() || len(f.Changes) > 0 }

// varies is that of a facility, for a record.
func (r *Record) varies() bool { return r.dated() || len(r.Changes) > 0 }

// count makes counted anew.
func (s *Snapshot) count() {
	counts := s.records[PopulationRegister]
	s.counted = sync.OnceValue(func() map[lifecircle.AreaCode]*Record { return latestCounts(counts.all()) })
}

// now is standing for a roll.
func now[F fact](all roll[F], then func(F) (F, bool)) roll[F] {
	said := all.all()
	if kept := standing(said, then); !sameList(said, kept) {
		return rollOf(kept)
	}
	return all
}

// standing keeps what stands, as it is on the day; a list in which nothing
// differs is itself.
func standing[F comparable](all []F, now func(F) (F, bool)) []F {
	same := 0
	for same < len(all) {
		if then, ok := now(all[same]); !ok || then != all[same] {
			break
		}
		same++
	}
	if same == len(all) {
		return all
	}
	kept := slices.Clone(all[:same])
	for _, fact := range all[same:] {
		if then, ok := now(fact); ok {
			kept = append(kept, then)
		}
	}
	return kept
}

// facility returns a facility as it is on the snapshot's day; ok is false when it
// does not stand then.
func (s *Snapshot) facility(f *Facility) (now *Facility, ok bool) {
	if !f.Holds(s.day) {
		return nil, false
	}
	code, ok := s.tree.current(f.Area)
	f = f.On(s.day)
	if ok && code != f.Area {
		moved := *f
		moved.Area = code
		f = &moved
	}
	return f, ok
}

// record is facility for a record.
func (s *Snapshot) record(r *Record) (now *Record, ok bool) {
	if !r.Holds(s.day) {
		return nil, false
	}
	code, ok := s.tree.current(r.Area)
	r = r.On(s.day)
	if ok && code != r.Area {
		moved := *r
		moved.Area = code
		r = &moved
	}
	return r, ok
}

// On returns the registry as it stands on a day; what does not differ between the
// days is shared.
func (s *Snapshot) On(day Day) *Snapshot {
	if s.day == day {
		return s
	}
	return s.facts.on(day, s)
}

// OnAfter is On for the day of before, which is how the registry before some changes
// stood on that day: what did not change since is shared with it, and not looked at.
func (s *Snapshot) OnAfter(before *Snapshot) *Snapshot {
	f, was := s.facts, before.facts
	if s.day == before.day || f.history != was.history || !sameList(f.points, was.points) {
		return s.On(before.day)
	}
	then := *before
	then.facts = f
	restand(&then.facilities, was.facilities, f.facilities, then.facility)
	then.records = maps.Clone(then.records)
	for _, register := range registersOf(f.records, was.records) {
		records := then.records[register]
		if changed := restand(&records, was.records[register], f.records[register], then.record); changed {
			then.records[register] = records
			if register == PopulationRegister {
				then.count()
			}
		}
	}
	return &then
}

// restand brings what differs between two rolls of what was said into one of what
// stands.
func restand[F fact](list *roll[F], before, after roll[F], now func(F) (F, bool)) (changed bool) {
	var none F
	for was, is := range differing(before, after) {
		if changed = true; is != none {
			stand(list, is, now)
		} else {
			strikeFrom(list, was.key())
		}
	}
	return changed
}

func sameList[F any](a, b []F) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

// undated reports whether a facility does not say since when it stands.
func undated(f *Facility) bool { return f.From.IsZero() }

// Undated visits, ordered by ID, the facilities that stand and do not say since when.
func (s *Snapshot) Undated() iter.Seq[*Facility] {
	return func(yield func(*Facility) bool) {
		for f := range s.facts.undated.each() {
			if now, ok := s.facility(f); ok && !yield(now) {
				return
			}
		}
	}
}

// Difference is a fact in two registries: nil where one does not have it.
type Difference[F any] struct{ Before, After *F }

// DifferingFacilities returns, ordered by ID, in which facilities that stand a registry
// differs from another.
func (s *Snapshot) DifferingFacilities(before *Snapshot) []Difference[Facility] {
	var all []Difference[Facility]
	for was, is := range differing(before.facilities, s.facilities) {
		all = append(all, Difference[Facility]{was, is})
	}
	return all
}

// SameFacilities reports whether no facility differs.
func (s *Snapshot) SameFacilities(other *Snapshot) bool {
	for range differing(other.facilities, s.facilities) {
		return false
	}
	return true
}

// DifferingRecords is DifferingFacilities for the rows of registers that hold, register
// by register.
func (s *Snapshot) DifferingRecords(before *Snapshot) []Difference[Record] {
	var all []Difference[Record]
	for _, register := range registersOf(before.records, s.records) {
		for was, is := range differing(before.records[register], s.records[register]) {
			all = append(all, Difference[Record]{was, is})
		}
	}
	return all
}

// SamePoints reports whether two snapshots share their population points.
func (s *Snapshot) SamePoints(other *Snapshot) bool {
	return sameList(s.points, other.points)
}

// registersOf returns the names in two maps from registers to their rows, ordered.
func registersOf(a, b map[string]roll[*Record]) []string {
	registers := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(registers)
	return slices.Compact(registers)
}
