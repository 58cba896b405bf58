package scenario

import (
	"fmt"
	"slices"

	"lifecircle"
	"lifecircle/registry"
)

// reforming is a reform while it is made.
type reforming struct {
	Reform
	areas   map[registry.AreaID]*registry.Area // copies that are changed
	touched []registry.AreaID                  // in the order in which they were
}

func (r Reform) begin() *reforming {
	return &reforming{Reform: r, areas: make(map[registry.AreaID]*registry.Area)}
}

func unfit(code lifecircle.AreaCode, format string, args ...any) error {
	return lifecircle.Errorf("area_reform", "area %s: "+format, append([]any{code}, args...)...).With("area", string(code))
}

// rank is how far down a level is.
func rank(level registry.Level) int { return slices.Index(registry.Levels(), level) }

// standing returns a copy of an area that stands and can change on the day.
func (w *reforming) standing(code lifecircle.AreaCode) (*registry.Area, error) {
	found, stands := w.Known.Area(code)
	if !stands {
		if !w.Known.Knows(code) {
			return nil, registry.UnknownArea(code)
		}
		now := "nothing counts for it now"
		if successor, ok := w.Known.Current(code); ok {
			now = "what was said of it counts for " + string(successor)
		}
		return nil, lifecircle.Errorf("area_retired", "area %s has ended or has another code: %s", code, now).With("area", string(code))
	}
	if a, made := w.areas[found.Key()]; made {
		return a, nil
	}
	day, known := w.Day.Date()
	if !known {
		return nil, lifecircle.Errorf("area_date", "the change of %s needs a day: say from when it holds", code).With("area", string(code))
	}
	if from, dated := found.From.Date(); dated && day <= from {
		return nil, lifecircle.Errorf("area_date", "area %s begins on %s: it cannot change on %s or before", code, found.From, w.Day).With("area", string(code))
	}
	if n := len(found.Past); n > 0 {
		if last, _ := found.Past[n-1].Until.Date(); day <= last {
			return nil, lifecircle.Errorf("area_date", "area %s has changed on %s already: a change on %s would lie before it; undo that one first", code, found.Past[n-1].Until, w.Day).With("area", string(code))
		}
	}
	found.Past = slices.Clone(found.Past)
	w.areas[found.Key()] = &found
	return &found, nil
}

// touch notes that an area is another one after the reform.
func (w *reforming) touch(a *registry.Area) {
	if !slices.Contains(w.touched, a.Key()) {
		w.touched = append(w.touched, a.Key())
	}
}

// change keeps what an area was until the day as its past, once.
func (w *reforming) change(a *registry.Area) *registry.Area {
	if n := len(a.Past); n == 0 || a.Past[n-1].Until != w.Day {
		a.ID = a.Key() // its code may change
		a.Past = append(a.Past, registry.AreaState{Until: w.Day, Code: a.Code, Parent: a.Parent, Name: a.Name, Kind: a.Kind, Outline: a.Outline})
	}
	w.touch(a)
	return a
}

// called gives an area the name and kind of a part, where it has them.
func called(a *registry.Area, part Part) {
	if part.Name.ZH != "" {
		a.Name = part.Name
	}
	if part.Kind != "" {
		a.Kind = part.Kind
	}
}

// found makes a new area in place of one that stands.
func (w *reforming) found(before *registry.Area, part Part) (*registry.Area, error) {
	if part.Name.ZH == "" {
		return nil, unfit(part.Code, "it begins and has no name: write CODE=NAME")
	}
	if err := w.free(part.Code, before); err != nil {
		return nil, err
	}
	a := &registry.Area{
		Code: part.Code, Parent: before.Parent, Level: before.Level, Name: part.Name, Kind: before.Kind,
		Span: registry.Span{From: w.Day}, Source: before.Source, Provenance: before.Provenance,
	}
	if part.Kind != "" {
		a.Kind = part.Kind
	}
	if w.Source != "" {
		a.Source = w.Source
	}
	if w.Known.Has(registry.AreaEntry(registry.AreaID(part.Code))) { // an area that is no more began with the code
		a.ID = registry.AreaID(fmt.Sprintf("%s@%s", part.Code, w.Day))
	}
	w.areas[a.Key()] = a
	w.touch(a)
	return a, nil
}

// free asks that a code is one of an area's level, which no standing area has.
func (w *reforming) free(code lifecircle.AreaCode, of *registry.Area) error {
	if holder, stands := w.Known.Area(code); stands {
		if a := w.areas[holder.Key()]; a == nil || a.Code == code {
			return lifecircle.Errorf("area_code_taken", "the code %s is that of %s: choose another one, or let those below keep their codes", code, holder.Name.ZH).With("area", string(code))
		}
	}
	for _, a := range w.areas {
		if a.Code == code {
			return lifecircle.Errorf("area_code_taken", "the code %s would be that of two areas: let those below keep their codes", code).With("area", string(code))
		}
	}
	if got, want := registry.LevelOf(code), of.Level; got != want && registry.LevelOf(of.Code) == want {
		return lifecircle.Errorf("area_level", "the code %s is that of a %s, and %s is a %s", code, got, of.Code, want).With("area", string(code))
	}
	return nil
}

// recode gives an area another code, and those below it the codes that begin with
// it.
func (w *reforming) recode(a *registry.Area, code lifecircle.AreaCode) error {
	old := a.Code
	if code == "" || code == old {
		return nil
	}
	if err := w.free(code, a); err != nil {
		return err
	}
	w.change(a)
	a.Code = code
	if w.KeepCodes {
		return nil
	}
	for _, child := range w.Known.Children(old) {
		if err := w.moveBelow(child, old, code); err != nil {
			return err
		}
	}
	return nil
}

// moveBelow puts an area below a code that another one, or the same under another
// code, has; its own code follows.
func (w *reforming) moveBelow(child, old, parent lifecircle.AreaCode) error {
	a, err := w.standing(child)
	if err != nil {
		return err
	}
	w.change(a)
	a.Parent = parent
	if w.KeepCodes {
		return nil
	}
	return w.recode(a, following(child, old, parent))
}

// following is the code of an area below when the code above changes; its own
// where it does not begin with the one above.
func following(code, old, above lifecircle.AreaCode) lifecircle.AreaCode {
	n := significant(old)
	if n != significant(above) || len(code) < n || code[:n] != old[:n] {
		return code
	}
	return above[:n] + code[n:]
}

// significant is how many digits of a code those below it begin with.
func significant(code lifecircle.AreaCode) int {
	switch registry.LevelOf(code) {
	case registry.Region:
		return 2
	case registry.Prefecture:
		return 4
	}
	return len(code)
}

// changes are what the reform comes to.
func (w *reforming) changes() []Change {
	changes := make([]Change, len(w.touched))
	for i, id := range w.touched {
		changes[i] = Change{Op: Area, Area: w.areas[id]}
	}
	return changes
}
