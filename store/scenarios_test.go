package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/scenario"
	"lifecircle/store"
	"lifecircle/store/storetest"
)

func closing(id string) scenario.Step { return scenario.Step{Op: scenario.ClosePlace, ID: id} }

func drafted(t *testing.T, db *store.DB, name string, steps ...scenario.Step) scenario.Scenario {
	t.Helper()
	id, err := scenario.Create(t.Context(), db, account.Local(), scenario.New{Request: request(""), Root: county, Name: name, Base: 1, Steps: steps})
	if err != nil {
		t.Fatal(err)
	}
	return standing(t, db, id)
}

func standing(t *testing.T, db *store.DB, id string) scenario.Scenario {
	t.Helper()
	s, err := db.Scenario(t.Context(), account.Local(), id, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func stepsOf(t *testing.T, db *store.DB, id string, version int) []scenario.Step {
	t.Helper()
	chain, err := db.Chain(t.Context(), account.Local(), id, version)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := scenario.Fold(chain)
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

func save(t *testing.T, db *store.DB, on scenario.On, edits ...scenario.Edit) error {
	t.Helper()
	_, err := scenario.Save(t.Context(), db, account.Local(), scenario.Saved{Request: request(""), On: on, Base: 1, Edits: edits})
	return err
}

// twin is undo and redo as everybody first writes it: two stacks of whole lists.
type twin struct {
	now        []scenario.Step
	past, next [][]scenario.Step
}

func (w *twin) edit(edit func([]scenario.Step) []scenario.Step) {
	w.past, w.next = append(w.past, w.now), nil
	w.now = edit(slices.Clone(w.now))
}

// TestUndoAndRedo: any course of edits, undos, redos and returns to earlier
// versions leaves what two stacks of whole lists leave, and every version ever
// made reads as it was when it was made.
func TestUndoAndRedo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		random := rand.New(rand.NewPCG(58, 1))
		for course := range 4 {
			s := drafted(t, db, fmt.Sprintf("course %d", course), closing("first"))
			steps := stepsOf(t, db, s.ID, 1)
			w := &twin{now: steps}
			made := map[int][]scenario.Step{1: steps}
			paths := map[int]twin{1: *w} // by version, to return to one
			for range 60 {
				s = standing(t, db, s.ID)
				on := scenario.On{ID: s.ID, Revision: s.Revision}
				turn := scenario.Turned{Request: request(""), On: on}
				var err error
				switch what := random.IntN(10); {
				case what < 3: // undo
					turn.Deed = scenario.DeedUndo
					_, err = scenario.Turn(t.Context(), db, account.Local(), turn)
					if len(w.past) == 0 {
						if lifecircle.ErrorCode(err) != "nothing_to_undo" {
							t.Fatalf("undo of the first version: %v", err)
						}
						err = nil
						break
					}
					w.next = append(w.next, w.now)
					w.now, w.past = w.past[len(w.past)-1], w.past[:len(w.past)-1]
				case what < 5: // redo
					turn.Deed = scenario.DeedRedo
					_, err = scenario.Turn(t.Context(), db, account.Local(), turn)
					if len(w.next) == 0 {
						if lifecircle.ErrorCode(err) != "nothing_to_redo" {
							t.Fatalf("redo at the tip: %v", err)
						}
						err = nil
						break
					}
					w.past = append(w.past, w.now)
					w.now, w.next = w.next[len(w.next)-1], w.next[:len(w.next)-1]
				case what == 5: // some version ever made, of another branch perhaps
					turn.Deed, turn.Version = scenario.DeedRestore, 1+random.IntN(s.Versions)
					_, err = scenario.Turn(t.Context(), db, account.Local(), turn)
					onTheWay := slices.ContainsFunc(chainOf(t, db, s.ID, s.Tip), func(v scenario.Version) bool { return v.Number == turn.Version })
					p := paths[turn.Version]
					next := [][]scenario.Step(nil)
					if onTheWay { // redo still leads to the tip
						way := chainOf(t, db, s.ID, s.Tip)
						for _, v := range slices.Backward(way) {
							if v.Number > turn.Version {
								next = append(next, made[v.Number])
							}
						}
					}
					*w = twin{now: p.now, past: slices.Clone(p.past), next: next}
				default:
					edits, twinned := randomEdit(random, w.now, s.Versions+1)
					err = save(t, db, on, edits...)
					w.edit(twinned)
					made[s.Versions+1] = w.now
					paths[s.Versions+1] = twin{now: w.now, past: slices.Clone(w.past)}
				}
				if err != nil {
					t.Fatal(err)
				}
				s = standing(t, db, s.ID)
				if diff := cmp.Diff(w.now, stepsOf(t, db, s.ID, s.Head)); diff != "" {
					t.Fatalf("version %d of %d (-twin +kept):\n%s", s.Head, s.Versions, diff)
				}
			}
			for version, steps := range made {
				if diff := cmp.Diff(steps, stepsOf(t, db, s.ID, version)); diff != "" {
					t.Errorf("version %d is not what was made (-twin +kept):\n%s", version, diff)
				}
			}
			if acts, err := db.Acts(t.Context(), account.Local(), s.ID, 0); err != nil || len(acts) != s.Revision {
				t.Errorf("%d acts of %d revisions: %v", len(acts), s.Revision, err)
			}
		}
	})
}

func chainOf(t *testing.T, db *store.DB, id string, version int) []scenario.Version {
	t.Helper()
	chain, err := db.Chain(t.Context(), account.Local(), id, version)
	if err != nil {
		t.Fatal(err)
	}
	return chain
}

// randomEdit returns an edit of a list and what it does to it, told in another
// way.
func randomEdit(random *rand.Rand, now []scenario.Step, version int) ([]scenario.Edit, func([]scenario.Step) []scenario.Step) {
	step := closing(fmt.Sprintf("f%d", random.IntN(1000)))
	if len(now) == 0 || random.IntN(3) == 0 {
		made := step
		made.Key = fmt.Sprintf("%d.1", version)
		return scenario.Appended([]scenario.Step{step}), func(steps []scenario.Step) []scenario.Step { return append(steps, made) }
	}
	at := random.IntN(len(now))
	key := now[at].Key
	switch random.IntN(3) {
	case 0:
		return []scenario.Edit{{Do: scenario.Remove, Key: key}}, func(steps []scenario.Step) []scenario.Step {
			return append(steps[:at:at], steps[at+1:]...)
		}
	case 1:
		return []scenario.Edit{{Do: scenario.Replace, Key: key, Step: &step}}, func(steps []scenario.Step) []scenario.Step {
			steps[at] = step
			steps[at].Key = key
			return steps
		}
	}
	return []scenario.Edit{{Do: scenario.Place, Key: key}}, func(steps []scenario.Step) []scenario.Step {
		return append(append(steps[:at:at], steps[at+1:]...), now[at])
	}
}

// TestScenarioConflict: of two who edit one scenario the second learns what the
// first did, and has its own edits offered upon it.
func TestScenarioConflict(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := drafted(t, db, "两人", closing("a"), closing("b"))
		on := scenario.On{ID: s.ID, Revision: s.Revision}
		changed := scenario.Step{Op: scenario.ClosePlace, ID: "b", Date: "2027-01-01"}
		if err := save(t, db, on, scenario.Edit{Do: scenario.Remove, Key: "1.1"}, scenario.Edit{Do: scenario.Replace, Key: "1.2", Step: &changed}); err != nil {
			t.Fatal(err)
		}
		mine, also := closing("a"), closing("c")
		mine.Date = "2026-12-31"
		edits := []scenario.Edit{
			{Do: scenario.Replace, Key: "1.1", Step: &mine}, // what is gone
			{Do: scenario.Remove, Key: "1.2"},               // what was changed
			{Do: scenario.Append, Step: &also},              // what nobody touched
		}
		err := save(t, db, on, edits...)
		var conflict *lifecircle.Error
		if !errors.As(err, &conflict) || conflict.Code != "scenario_conflict" {
			t.Fatalf("the second save: %v", err)
		}
		acts, _ := conflict.Args["acts"].([]scenario.Act)
		if len(acts) != 1 || acts[0].Deed != scenario.DeedEdit || acts[0].Actor != "local" {
			t.Errorf("the conflict tells of %+v", acts)
		}
		different, _ := conflict.Args["changed"].([]scenario.Difference)
		if len(different) != 2 || different[0].Key != "1.2" || different[1].Key != "1.1" || different[1].After != nil {
			t.Errorf("the conflict says %+v was changed", different)
		}
		offer, _ := conflict.Args["offer"].(scenario.Offer)
		var codes []string
		for _, c := range offer.Clashes {
			codes = append(codes, fmt.Sprintf("%d %s", c.Edit, c.Code))
		}
		if diff := cmp.Diff([]string{"1 step_removed", "1 object_touched", "2 step_replaced"}, codes); diff != "" || offer.Onto != 2 {
			t.Errorf("the offer onto %d clashes (-want +got):\n%s", offer.Onto, diff)
		}
		// What is offered can be saved, and loses nothing that was typed.
		now := standing(t, db, s.ID)
		if err := save(t, db, scenario.On{ID: s.ID, Revision: now.Revision}, offer.Edits...); err != nil {
			t.Fatal(err)
		}
		var kept []string
		for _, step := range stepsOf(t, db, s.ID, 3) {
			kept = append(kept, step.ID+" "+step.Date)
		}
		if diff := cmp.Diff([]string{"a 2026-12-31", "c "}, kept); diff != "" {
			t.Errorf("after the offer (-want +got):\n%s", diff)
		}
		// A new name is no reason to refuse an edit.
		now = standing(t, db, s.ID)
		name := "三人"
		if _, err := scenario.Describe(t.Context(), db, account.Local(), scenario.Renamed{
			Request: request(""), On: scenario.On{ID: s.ID}, Deed: scenario.DeedDescribe, Name: &name,
		}); err != nil {
			t.Fatal(err)
		}
		if err := save(t, db, scenario.On{ID: s.ID, Revision: now.Revision}, scenario.Appended([]scenario.Step{closing("d")})...); err != nil {
			t.Errorf("an edit after a new name: %v", err)
		}
		if got := standing(t, db, s.ID); got.Name != name || got.Head != 4 || got.Revision != 5 {
			t.Errorf("the scenario is %+v", got)
		}
	})
}

// TestScenarioRace: of many who save upon one revision exactly one succeeds, and
// the others are told.
func TestScenarioRace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := drafted(t, db, "race")
		const racers = 8
		errs := make([]error, racers)
		var group sync.WaitGroup
		for i := range racers {
			group.Go(func() {
				_, errs[i] = scenario.Save(t.Context(), db, account.Local(), scenario.Saved{
					Request: request(""), On: scenario.On{ID: s.ID, Revision: 1}, Edits: scenario.Appended([]scenario.Step{closing(fmt.Sprint(i))}),
				})
			})
		}
		group.Wait()
		won := 0
		for _, err := range errs {
			switch code := lifecircle.ErrorCode(err); {
			case err == nil:
				won++
			case code != "scenario_conflict" && code != "busy":
				t.Error(err)
			}
		}
		if got := standing(t, db, s.ID); won != 1 || got.Versions != 2 {
			t.Errorf("%d saves succeeded, %d versions", won, got.Versions)
		}
	})
}

// TestScenarioGuards: what a scenario does not allow has its own error, and
// nothing of it remains.
func TestScenarioGuards(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		s := drafted(t, db, "guarded", closing("a"))
		on := scenario.On{ID: s.ID}
		edit := func(edits ...scenario.Edit) error { return save(t, db, on, edits...) }
		describe := func(deed scenario.Deed, name string) error {
			_, err := scenario.Describe(t.Context(), db, account.Local(), scenario.Renamed{Request: request(""), On: on, Deed: deed, Name: &name})
			return err
		}
		large := closing("a")
		large.Note = string(make([]byte, scenario.MaxStepBytes))
		many := scenario.Appended(slices.Repeat([]scenario.Step{closing("a")}, scenario.MaxSteps))
		_, fresh := scenario.Create(t.Context(), db, account.Local(), scenario.New{Request: request(""), Root: county, Name: " "})
		_, unknown := db.Chain(t.Context(), account.Local(), s.ID, 9)
		_, nowhere := db.Scenario(t.Context(), account.Local(), "nowhere", 0)
		_, unseen := db.Scenario(t.Context(), account.Local(), s.ID, 9)
		_, guest := db.Scenario(t.Context(), account.Grant{}, s.ID, 0)
		_, written := scenario.Create(t.Context(), db, account.Grant{}, scenario.New{Request: request(""), Root: county, Name: "x"})
		_, undone := scenario.Undo(t.Context(), db, account.Local(), scenario.Undone{Request: request(""), Seq: 2})
		_, moved := scenario.Adopt(t.Context(), db, account.Local(), scenario.Adopting{Request: request(""), On: on, AsOf: 0, Changes: []scenario.Change{{Op: scenario.Withdraw, ID: "a"}}})
		_, empty := scenario.Adopt(t.Context(), db, account.Local(), scenario.Adopting{Request: request(""), On: on, AsOf: 1})
		for want, err := range map[string]error{
			"name_invalid":        fresh,
			"version_unknown":     unknown,
			"scenario_unknown":    nowhere,
			"revision_unknown":    unseen,
			"forbidden":           errors.Join(guest),
			"change_not_undoable": undone,
			"facts_moved":         moved,
			"scenario_empty":      empty,
			"step_unknown":        edit(scenario.Edit{Do: scenario.Remove, Key: "7.7"}),
			"edit_invalid":        edit(scenario.Edit{Do: "fly", Key: "1.1"}),
			"step_invalid":        edit(scenario.Edit{Do: scenario.Append, Step: &scenario.Step{Op: scenario.MergePlaces, ID: "a"}}),
			"step_large":          edit(scenario.Edit{Do: scenario.Append, Step: &large}),
			"steps_many":          edit(many...),
			"edits_many":          edit(),
		} {
			if code := lifecircle.ErrorCode(err); code != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if lifecircle.ErrorCode(written) != "forbidden" {
			t.Errorf("nobody made a scenario: %v", written)
		}
		if got := standing(t, db, s.ID); got.Revision != 1 {
			t.Errorf("something was kept: %+v", got)
		}
		if err := describe(scenario.DeedArchive, ""); err != nil {
			t.Fatal(err)
		}
		if err := edit(scenario.Edit{Do: scenario.Remove, Key: "1.1"}); lifecircle.ErrorCode(err) != "scenario_archived" {
			t.Errorf("an archived scenario was edited: %v", err)
		}
		for archived, want := range map[bool]int{false: 0, true: 1} {
			if all, err := db.Scenarios(t.Context(), account.Local(), archived); err != nil || len(all) != want {
				t.Errorf("%d scenarios are listed, want %d: %v", len(all), want, err)
			}
		}
	})
}

// TestAdoption: what is adopted is one change, marks the scenario, is undone as
// one, and then leaves the scenario open again.
func TestAdoption(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		before, _, err := db.Facts(t.Context(), account.Local())
		if err != nil {
			t.Fatal(err)
		}
		s := drafted(t, db, "to adopt", scenario.Step{Op: scenario.WithdrawPlace, ID: "a"})
		compiled := scenario.Compile(scenario.Ground{Root: county, Facts: before}, stepsOf(t, db, s.ID, 1), scenario.Stamp{Source: "decision 12", Provenance: lifecircle.Real})
		if err := compiled.Err(); err != nil {
			t.Fatal(err)
		}
		on := scenario.On{ID: s.ID, Revision: 1}
		change, err := scenario.Adopt(t.Context(), db, account.Local(), scenario.Adopting{Request: request("adopt"), On: on, AsOf: 1, Changes: compiled.Changes})
		if err != nil {
			t.Fatal(err)
		}
		facts, seq, err := db.Facts(t.Context(), account.Local())
		if err != nil {
			t.Fatal(err)
		}
		if _, stands := facts.Registry.Facility("a"); stands || seq != change.Seq {
			t.Errorf("facility a stands after change %d", change.Seq)
		}
		if got := standing(t, db, s.ID); got.State != scenario.Adopted || got.Adopted != change.Seq || got.TakenBack {
			t.Errorf("the scenario is %+v", got)
		}
		if err := save(t, db, scenario.On{ID: s.ID}, scenario.Edit{Do: scenario.Remove, Key: "1.1"}); lifecircle.ErrorCode(err) != "scenario_adopted" {
			t.Errorf("an adopted scenario was edited: %v", err)
		}
		if _, err := scenario.Undo(t.Context(), db, account.Local(), scenario.Undone{Request: request(""), Seq: change.Seq}); err != nil {
			t.Fatal(err)
		}
		if facts, _, err = db.Facts(t.Context(), account.Local()); err != nil {
			t.Fatal(err)
		}
		if _, stands := facts.Registry.Facility("a"); !stands {
			t.Error("facility a does not stand after the undo")
		}
		if got := standing(t, db, s.ID); !got.TakenBack {
			t.Errorf("the scenario is %+v", got)
		}
		if err := save(t, db, scenario.On{ID: s.ID}, scenario.Edit{Do: scenario.Remove, Key: "1.1"}); err != nil {
			t.Errorf("an adoption was taken back and the scenario stays shut: %v", err)
		}
	})
}
