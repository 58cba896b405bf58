package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"lifecircle"
	"lifecircle/journal"
)

// State says what may still be done with a scenario.
type State string

// The states. An adopted scenario is edited again only after its adoption was
// taken back.
const (
	Open     State = "open"
	Archived State = "archived"
	Adopted  State = "adopted"
)

// Deed is what somebody did to a scenario.
type Deed string

// The deeds. Each makes the next revision of the scenario.
const (
	DeedCreate   Deed = "create"
	DeedEdit     Deed = "edit"
	DeedUndo     Deed = "undo"
	DeedRedo     Deed = "redo"
	DeedRestore  Deed = "restore" // another version was made the head
	DeedDescribe Deed = "describe"
	DeedArchive  Deed = "archive"
	DeedReopen   Deed = "reopen"
	DeedAdopt    Deed = "adopt"
)

// The limits of a shelf.
const (
	MaxSteps     = 1000   // of one version
	MaxEdits     = 1000   // of one save
	MaxVersions  = 10_000 // of one scenario
	MaxScenarios = 10_000 // that are not archived
	MaxStepBytes = 64 << 10
	maxName      = 200  // characters
	maxNote      = 5000 // characters
)

// Scenario is a named line of versions over the facts: what its last revision
// left. A version is the steps that its chain of edits comes to; Head is the one
// in force, and Tip the one that redo leads to.
type Scenario struct {
	ID        string              `json:"id"`
	Root      lifecircle.AreaCode `json:"root" doc:"the root area it changes"`
	Name      string              `json:"name"`
	Note      string              `json:"note,omitempty"`
	State     State               `json:"state" enum:"open,archived,adopted"`
	Revision  int                 `json:"revision" doc:"counts all that was done to it; the ETag"`
	Head      int                 `json:"head" doc:"the version in force"`
	Tip       int                 `json:"tip" doc:"the version that redo leads to"`
	Versions  int                 `json:"versions" doc:"how many there are, those of abandoned branches included"`
	Base      journal.Seq         `json:"base" doc:"the change the head was made on"`
	Deed      Deed                `json:"deed" doc:"what was done last"`
	Actor     string              `json:"actor" doc:"who did it"`
	At        time.Time           `json:"at"`
	Adopted   journal.Seq         `json:"adopted,omitempty" doc:"the change that made it real"`
	TakenBack bool                `json:"taken_back,omitempty" doc:"that change was undone"`
}

// editable reports why nothing can be done to the steps.
func (s *Scenario) editable() error {
	switch {
	case s.State == Archived:
		return lifecircle.Errorf("scenario_archived", "scenario %q is archived: reopen it first", s.Name).With("scenario", s.ID)
	case s.State == Adopted && !s.TakenBack:
		return lifecircle.Errorf("scenario_adopted", "scenario %q was adopted as change %d: duplicate it, or undo that change", s.Name, s.Adopted).
			With("scenario", s.ID).With("seq", int64(s.Adopted))
	}
	return nil
}

// Act is one revision of a scenario.
type Act struct {
	Revision int       `json:"revision"`
	Deed     Deed      `json:"deed"`
	Name     string    `json:"name"`
	State    State     `json:"state"`
	Head     int       `json:"head"`
	Actor    string    `json:"actor"`
	At       time.Time `json:"at"`
}

// Version is what one save made of the one before it. Versions are numbered from
// 1 in the order they were made, whatever branch they are on.
type Version struct {
	Number int         `json:"version"`
	Parent int         `json:"parent" doc:"0 of the first"`
	Base   journal.Seq `json:"base" doc:"the change it was made on"`
	Edits  []Edit      `json:"edits"`
	Actor  string      `json:"actor"`
	At     time.Time   `json:"at"`
}

// The things an Edit does.
const (
	Append  = "append"  // Step, before the step Before or at the end
	Replace = "replace" // the step Key by Step
	Remove  = "remove"  // the step Key
	Place   = "place"   // the step Key before the step Before, or at the end
)

// Edit is one edit of a list of steps.
type Edit struct {
	Do     string `json:"do" enum:"append,replace,remove,place"`
	Key    string `json:"key,omitempty" maxLength:"60" doc:"the step to replace, remove or place"`
	Before string `json:"before,omitempty" maxLength:"60" doc:"the step to come before; the end when left out"`
	Step   *Step  `json:"step,omitempty"`
}

// Appended are the edits that append steps.
func Appended(steps []Step) []Edit {
	edits := make([]Edit, len(steps))
	for i := range steps {
		edits[i] = Edit{Do: Append, Step: &steps[i]}
	}
	return edits
}

// Fold returns the steps that a chain of versions comes to, the first version
// first.
func Fold(chain []Version) ([]Step, error) {
	steps := []Step{}
	var err error
	for _, v := range chain {
		if steps, err = Applied(steps, v.Edits); err != nil {
			return nil, fmt.Errorf("version %d: %w", v.Number, err)
		}
	}
	return steps, nil
}

// Applied returns the steps after the edits; steps itself stays. Its errors are
// edit_invalid, step_unknown and steps_many.
func Applied(steps []Step, edits []Edit) ([]Step, error) {
	steps = slices.Clone(steps)
	for i, e := range edits {
		var err error
		if steps, err = e.applied(steps); err != nil {
			return nil, lifecircle.Errorf(lifecircle.ErrorCode(err), "edit %d: %w", i+1, err)
		}
	}
	if len(steps) > MaxSteps {
		return nil, lifecircle.Errorf("steps_many", "a scenario holds up to %d steps, this would be %d: adopt a part of it or make another", MaxSteps, len(steps)).
			With("limit", MaxSteps).With("steps", len(steps))
	}
	return steps, nil
}

func (e Edit) applied(steps []Step) ([]Step, error) {
	find := func(key string) (int, error) {
		at := slices.IndexFunc(steps, func(s Step) bool { return s.Key == key })
		if key == "" || at < 0 {
			return 0, lifecircle.Errorf("step_unknown", "the scenario has no step %q", key).With("key", key)
		}
		return at, nil
	}
	if (e.Do == Append || e.Do == Replace) && e.Step == nil {
		return nil, lifecircle.Errorf("edit_invalid", "%s needs a step", e.Do)
	}
	insert := func(s Step) ([]Step, error) {
		if e.Before == "" {
			return append(steps, s), nil
		}
		at, err := find(e.Before)
		if err != nil {
			return nil, err
		}
		return slices.Insert(steps, at, s), nil
	}
	if e.Do == Append {
		return insert(*e.Step)
	}
	at, err := find(e.Key)
	if err != nil {
		return nil, err
	}
	switch e.Do {
	case Replace:
		steps[at] = *e.Step
		steps[at].Key = e.Key
	case Remove:
		steps = slices.Delete(steps, at, at+1)
	case Place:
		moved := steps[at]
		if e.Before == e.Key {
			return steps, nil
		}
		steps = slices.Delete(steps, at, at+1)
		return insert(moved)
	default:
		return nil, lifecircle.Errorf("edit_invalid", "%q is no edit: want append, replace, remove or place", e.Do)
	}
	return steps, nil
}

// keyed gives the steps that a version appends their keys, and holds every edit
// to the limits.
func keyed(edits []Edit, version int) ([]Edit, error) {
	if len(edits) == 0 || len(edits) > MaxEdits {
		return nil, lifecircle.Errorf("edits_many", "%d edits: want 1 to %d in one save", len(edits), MaxEdits).With("limit", MaxEdits)
	}
	edits = slices.Clone(edits)
	for i, e := range edits {
		if e.Step == nil {
			continue
		}
		s := *e.Step
		if s.Key = e.Key; e.Do == Append {
			s.Key = strconv.Itoa(version) + "." + strconv.Itoa(i+1)
		}
		if err := s.check(); err != nil {
			return nil, lifecircle.Errorf(lifecircle.ErrorCode(err), "edit %d: %w", i+1, err)
		}
		text, err := json.Marshal(s)
		if err != nil {
			return nil, lifecircle.Errorf("step_invalid", "edit %d: %w", i+1, err)
		}
		if len(text) > MaxStepBytes {
			return nil, lifecircle.Errorf("step_large", "edit %d: the step has %d bytes, more than %d", i+1, len(text), MaxStepBytes).With("limit", MaxStepBytes)
		}
		edits[i].Step = &s
	}
	return edits, nil
}

// Difference is a step that two versions do not share as it is.
type Difference struct {
	Key    string `json:"key"`
	Before *Step  `json:"before"`
	After  *Step  `json:"after"`
}

// Differences returns the steps in which two versions differ, in the order of
// the later one, those taken out at the end. Order alone is no difference.
func Differences(before, after []Step) []Difference {
	out := []Difference{}
	for i := range after {
		was := byKey(before, after[i].Key)
		if was == nil || !same(was, &after[i]) {
			out = append(out, Difference{Key: after[i].Key, Before: was, After: &after[i]})
		}
	}
	for i := range before {
		if byKey(after, before[i].Key) == nil {
			out = append(out, Difference{Key: before[i].Key, Before: &before[i]})
		}
	}
	return out
}

func byKey(steps []Step, key string) *Step {
	if at := slices.IndexFunc(steps, func(s Step) bool { return s.Key == key }); at >= 0 {
		return &steps[at]
	}
	return nil
}

// same compares steps by what is written of them, what they saw left aside.
func same(a, b *Step) bool {
	x, y := *a, *b
	x.Seen, y.Seen = nil, nil
	left, err := json.Marshal(x)
	right, err2 := json.Marshal(y)
	return err == nil && err2 == nil && bytes.Equal(left, right)
}

// Offer is how edits that were made on one version come to stand on another:
// nothing that was typed is lost.
type Offer struct {
	Onto    int     `json:"onto" doc:"the version they would stand on"`
	Edits   []Edit  `json:"edits"`
	Clashes []Clash `json:"clashes" doc:"where both did something to the same"`
}

// Clash is an edit that meets what another did.
type Clash struct {
	Edit    int    `json:"edit" doc:"its place among the edits that were sent, from 1"`
	Code    string `json:"code" enum:"step_removed,step_replaced,object_touched"`
	Key     string `json:"key,omitempty"`
	Object  string `json:"object,omitempty"`
	Message string `json:"message"`
}

// Rebase offers edits of the steps base on the steps now. An edit of a step that
// is gone becomes one that appends it; a removal of what is gone is dropped.
func Rebase(edits []Edit, base, now []Step) Offer {
	offer := Offer{Edits: []Edit{}, Clashes: []Clash{}}
	theirs := Differences(base, now)
	touched := make(map[string]bool)
	for _, d := range theirs {
		for _, s := range []*Step{d.Before, d.After} {
			if s != nil {
				for _, o := range s.objects() {
					touched[o.String()] = true
				}
			}
		}
	}
	for i, e := range edits {
		clash := func(c Clash) {
			c.Edit = i + 1
			offer.Clashes = append(offer.Clashes, c)
		}
		if e.Before != "" && byKey(now, e.Before) == nil {
			e.Before = ""
		}
		if e.Do != Append && byKey(now, e.Key) == nil {
			clash(Clash{Code: "step_removed", Key: e.Key, Message: "step " + e.Key + " was taken out"})
			if e.Do != Replace || e.Step == nil {
				continue
			}
			e = Edit{Do: Append, Step: e.Step}
		} else if was, is := byKey(base, e.Key), byKey(now, e.Key); e.Do != Append && was != nil && !same(was, is) {
			clash(Clash{Code: "step_replaced", Key: e.Key, Message: "step " + e.Key + " was changed"})
		}
		if e.Step != nil && e.Do == Append {
			for _, o := range e.Step.objects() {
				if touched[o.String()] {
					clash(Clash{Code: "object_touched", Object: o.String(), Message: o.String() + " is changed by both"})
				}
			}
		}
		offer.Edits = append(offer.Edits, e)
	}
	return offer
}
