package registry

import (
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"

	"lifecircle"
	"lifecircle/plan/rule"
)

// history are the areas of every day. It is made once for a list of areas and
// shared by all snapshots that have it.
type history struct {
	areas []*Area // ordered by id
	days  []Day   // on which areas change, ascending
	// into are the areas that went into another, by the id of that one.
	into map[AreaID][]*Area

	mu    sync.Mutex
	trees map[Day]*tree // by the first day on which they hold; the zero Day: before all changes
	last  *tree         // after all changes
}

func newHistory(areas []*Area) *history {
	h := &history{areas: areas, days: slices.DeleteFunc(turns(areas), Day.IsZero), into: make(map[AreaID][]*Area), trees: make(map[Day]*tree)}
	for _, a := range areas {
		if a.Successor != "" {
			h.into[a.Successor] = append(h.into[a.Successor], a)
		}
	}
	return h
}

// still reports whether no area ever changed.
func (h *history) still() bool { return len(h.days) == 0 }

// on returns the areas of a day.
func (h *history) on(day Day) *tree {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !day.known || h.still() {
		if h.last == nil {
			h.last = grow(h.areas, Day{})
		}
		return h.last
	}
	since := sort.Search(len(h.days), func(i int) bool { return h.days[i].date > day.date })
	var epoch Day
	if since > 0 {
		epoch = h.days[since-1]
	}
	if h.trees[epoch] == nil {
		h.trees[epoch] = grow(h.areas, day)
	}
	return h.trees[epoch]
}

// Moving reports whether some area began, ended or was another in the past: then
// what was said of a period is read by the areas of the period.
func (s *Snapshot) Moving() bool { return !s.facts.history.still() }

// SameAreas reports whether two snapshots share their areas: they stand alike on
// both days.
func (s *Snapshot) SameAreas(other *Snapshot) bool { return s.tree == other.tree }

// Then returns the areas on whose ground an area, named by its code on the
// snapshot's day, stands on another day, by their codes of that day: itself where
// it stood, and otherwise the areas that became it, provided that all of them did
// so whole. Where there are none the reason says why: area_split for an area that
// came out of another, whose people and places nobody parted, and area_not_yet
// for one that began out of nothing.
func (s *Snapshot) Then(code lifecircle.AreaCode, day Day) (codes []lifecircle.AreaCode, why rule.Reason) {
	i, ok := s.tree.place(code)
	if !ok {
		return nil, rule.Reason{Code: "area_unknown", What: string(code)}
	}
	if !s.Moving() || day == s.day {
		return []lifecircle.AreaCode{code}, why
	}
	a := s.said(s.tree.areas[i])
	found := make(map[lifecircle.AreaCode]bool)
	if why = s.facts.history.became(a, day, found); why != (rule.Reason{}) {
		return nil, why
	}
	return slices.Sorted(maps.Keys(found)), why
}

// said returns an area with all that is past and to come.
func (s *Snapshot) said(a *Area) *Area {
	if at, found := slices.BinarySearchFunc(s.facts.areas, a.Key(), compareArea); found {
		return s.facts.areas[at]
	}
	return a
}

// became collects the codes, on a day, of the areas that became a.
func (h *history) became(a *Area, day Day, found map[lifecircle.AreaCode]bool) rule.Reason {
	if a.Holds(day) {
		found[a.On(day).Code] = true
		return rule.Reason{}
	}
	before := h.into[a.Key()]
	switch {
	case !a.begins(day):
		return rule.Reason{Code: "area_ended", What: string(a.Code) + " " + a.Until.String()}
	case a.Origin != "":
		return rule.Reason{Code: "area_split", What: strings.Join([]string{string(a.Code), a.From.String(), string(a.Origin)}, " ")}
	case len(before) == 0:
		return rule.Reason{Code: "area_not_yet", What: string(a.Code) + " " + a.From.String()}
	}
	for _, part := range before {
		if why := h.became(part, day, found); why != (rule.Reason{}) {
			return why
		}
	}
	return rule.Reason{}
}

// PartsOn returns the areas directly below one on a day, all by their codes of
// that day, ordered.
func (s *Snapshot) PartsOn(code lifecircle.AreaCode, day Day) []lifecircle.AreaCode {
	t := s.tree
	if day != s.day {
		t = s.facts.history.on(day)
	}
	if i, ok := t.place(code); ok {
		return t.below[i]
	}
	return nil
}

// NamesOn returns the codes under which something may be kept that was said of a
// day: first the one that an area had on that day, by which it is named, then its
// other codes, unless they were another area's on the day. Offices restate the
// past under the codes of today.
func (s *Snapshot) NamesOn(code lifecircle.AreaCode, day Day) []lifecircle.AreaCode {
	names := []lifecircle.AreaCode{code}
	if !s.Moving() {
		return names
	}
	t := s.facts.history.on(day)
	i, ok := t.place(code)
	if !ok {
		return names
	}
	a := s.said(t.areas[i])
	for _, other := range append([]lifecircle.AreaCode{a.Code}, pastCodes(a)...) {
		if _, taken := t.place(other); !taken && !slices.Contains(names, other) {
			names = append(names, other)
		}
	}
	return names
}

func pastCodes(a *Area) []lifecircle.AreaCode {
	codes := make([]lifecircle.AreaCode, len(a.Past))
	for i, state := range a.Past {
		codes[len(codes)-1-i] = state.Code // the latest first
	}
	return codes
}
