package scenario

import (
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/registry"
)

// Reform is a change of areas on a day: what an area is called, under which code,
// where it belongs, into what it was split or merged. Its methods return the
// changes that make it true together. The past stays as it was, and what was said
// under an old code is still known by it. The errors are area_unknown,
// area_retired, area_date, area_code_taken, area_level and area_reform, and when
// the changes are tried those of the registry.
type Reform struct {
	Known *registry.Snapshot // after everything that is dated
	Day   registry.Day       // the first day on which it holds
	// KeepCodes leaves the codes below as they are where the code above changes. Else
	// they follow it: a code begins with that of the area above.
	KeepCodes bool
	Source    string // who says so of areas that begin; "" for that of the area before
}

// Part is an area that comes out of a split or a merger. Where the area stood
// before, what is empty stays as it is.
type Part struct {
	Code  lifecircle.AreaCode
	Name  lifecircle.Name
	Kind  string
	Below []lifecircle.AreaCode // of a split: the areas directly below that go to it
}

// Rename gives an area another name, kind or code; what is empty stays.
func (r Reform) Rename(code lifecircle.AreaCode, to Part) ([]Change, error) {
	w := r.begin()
	a, err := w.standing(code)
	if err != nil {
		return nil, err
	}
	was := *a
	w.change(a)
	called(a, to)
	if a.Name == was.Name && a.Kind == was.Kind && (to.Code == "" || to.Code == code) {
		return nil, unfit(code, "nothing changes: it is %s already", was.Name.ZH)
	}
	if err := w.recode(a, to.Code); err != nil {
		return nil, err
	}
	return w.changes(), nil
}

// Move puts an area below another one, and gives it another code where code says
// so.
func (r Reform) Move(code, parent, newCode lifecircle.AreaCode) ([]Change, error) {
	w := r.begin()
	a, err := w.standing(code)
	if err != nil {
		return nil, err
	}
	above, err := w.standing(parent)
	switch {
	case err != nil:
		return nil, err
	case rank(above.Level) >= rank(a.Level):
		return nil, lifecircle.Errorf("area_level", "%s is a %s and cannot lie below %s, a %s: name an area of a higher level", code, a.Level, parent, above.Level).With("area", string(code))
	case a.Parent == parent:
		return nil, unfit(code, "it lies below %s already", parent)
	}
	w.change(a)
	a.Parent = parent
	if err := w.recode(a, newCode); err != nil {
		return nil, err
	}
	return w.changes(), nil
}

// Split makes several areas of one. The part that has its code is the area itself,
// which goes on smaller; without one the area ends, and what was said of it without
// saying of which part counts for the first. Each area directly below goes to the
// part that names it, the others stay with the area itself.
func (r Reform) Split(code lifecircle.AreaCode, parts []Part) ([]Change, error) {
	w := r.begin()
	a, err := w.standing(code)
	if err != nil {
		return nil, err
	}
	if len(parts) < 2 {
		return nil, unfit(code, "a split has two parts or more: name each with its code, the area's own among them if it goes on")
	}
	goes := make(map[lifecircle.AreaCode]lifecircle.AreaCode)
	for i, part := range parts {
		if slices.ContainsFunc(parts[:i], func(p Part) bool { return p.Code == part.Code }) {
			return nil, unfit(code, "the part %s is named twice", part.Code)
		}
		for _, child := range part.Below {
			switch before, twice := goes[child]; {
			case !slices.Contains(r.Known.Children(code), child):
				return nil, unfit(code, "%s does not lie directly below it", child)
			case twice:
				return nil, unfit(code, "%s is to go both to %s and to %s", child, before, part.Code)
			}
			goes[child] = part.Code
		}
	}
	goesOn := slices.ContainsFunc(parts, func(p Part) bool { return p.Code == code })
	if !goesOn {
		var homeless []string
		for _, child := range r.Known.Children(code) {
			if goes[child] == "" {
				homeless = append(homeless, string(child))
			}
		}
		if len(homeless) > 0 {
			return nil, unfit(code, "it ends, and nothing says to which part these below it go: %s", strings.Join(homeless, ", "))
		}
	}
	made := make([]*registry.Area, len(parts))
	for i, part := range parts {
		if part.Code == code {
			made[i] = w.change(a)
			called(a, part)
			a.Outline = nil // its ground is another one, and not known
			continue
		}
		if made[i], err = w.found(a, part); err != nil {
			return nil, err
		}
		made[i].Origin = a.Key()
	}
	for _, child := range r.Known.Children(code) {
		if to := goes[child]; to != "" && to != code {
			if err := w.moveBelow(child, a.Code, to); err != nil {
				return nil, err
			}
		}
	}
	if !goesOn {
		a.Until, a.Successor = r.Day, made[0].Key()
		w.touch(a)
	}
	return w.changes(), nil
}

// Merge makes one area of several: one of them, which goes on larger, or a new one.
// The others end, what was said of them counts for it, and what lies below them
// goes to it.
func (r Reform) Merge(codes []lifecircle.AreaCode, into Part) ([]Change, error) {
	w := r.begin()
	if _, stands := r.Known.Area(into.Code); stands && !slices.Contains(codes, into.Code) {
		codes = append(slices.Clone(codes), into.Code)
	}
	if len(codes) < 2 {
		return nil, unfit(into.Code, "a merger has two areas or more: name those that go into it")
	}
	var all []*registry.Area
	for i, code := range codes {
		if slices.Contains(codes[:i], code) {
			return nil, unfit(code, "it is named twice")
		}
		a, err := w.standing(code)
		if err != nil {
			return nil, err
		}
		if len(all) > 0 && a.Level != all[0].Level {
			return nil, lifecircle.Errorf("area_level", "%s is a %s and %s a %s: only areas of one level merge", codes[0], all[0].Level, code, a.Level).With("area", string(code))
		}
		all = append(all, a)
	}
	var target *registry.Area
	if at := slices.Index(codes, into.Code); at >= 0 {
		target = w.change(all[at])
		called(target, into)
		target.Outline = nil // its ground is another one, and not known
	} else {
		var err error
		if target, err = w.found(all[0], into); err != nil {
			return nil, err
		}
	}
	for _, a := range all {
		if a == target {
			continue
		}
		for _, child := range r.Known.Children(a.Code) {
			if err := w.moveBelow(child, a.Code, target.Code); err != nil {
				return nil, err
			}
		}
		a.Until, a.Successor = r.Day, target.Key()
		w.touch(a)
	}
	return w.changes(), nil
}
