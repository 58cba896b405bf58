package remedy_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/access"
	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/geo"
	"lifecircle/registry"
	"lifecircle/remedy"
	"lifecircle/scenario"
	"lifecircle/siting"
)

// tried is what the plan makes of every choice of so many new places at points, and
// so many closings among those that stand, which allowed lets through: the most
// people that pass.
func tried(t *testing.T, w *engine.World, opened, closed int, allowed func(at []registry.PopulationPoint, gone []lifecircle.FacilityID) bool) int64 {
	t.Helper()
	ground := api.Remedies(w)
	points, stand := w.Registry().Points(), standing(w)
	most := int64(-1)
	var choose func(from int, at []registry.PopulationPoint, gone []lifecircle.FacilityID)
	choose = func(from int, at []registry.PopulationPoint, gone []lifecircle.FacilityID) {
		if allowed(at, gone) {
			var changes []scenario.Change
			for _, id := range gone {
				changes = append(changes, scenario.Change{Op: scenario.Withdraw, ID: id})
			}
			for i, p := range at {
				changes = append(changes, scenario.Change{Op: scenario.Add, Facility: &registry.Facility{
					ID: lifecircle.FacilityID(fmt.Sprint("try-", i)), Area: p.Area, Kind: "fitness_station", At: p.At, Public: true, Provenance: lifecircle.Generated,
				}})
			}
			after, err := ground.Try(changes)
			if err != nil {
				t.Fatal(err)
			}
			most = max(most, passing(t, after, "w1000"))
		}
		for i := from; i < len(points) && len(at) < opened; i++ {
			choose(i+1, append(slices.Clone(at), points[i]), gone)
		}
	}
	var shut func(from int, gone []lifecircle.FacilityID)
	shut = func(from int, gone []lifecircle.FacilityID) {
		choose(0, nil, gone)
		for i := from; i < len(stand) && len(gone) < closed; i++ {
			shut(i+1, append(slices.Clone(gone), stand[i].ID))
		}
	}
	shut(0, nil)
	return most
}

// standing are the public places of the measure of clause 1.1.7.
func standing(w *engine.World) []registry.Facility {
	kinds := w.Plan().Measures["fitness_walk"].Kinds
	var stand []registry.Facility
	for _, f := range w.Registry().Facilities() {
		if f.Public && f.Serves() && slices.Contains(kinds, f.Kind) {
			stand = append(stand, *f)
		}
	}
	return stand
}

func asked(t *testing.T, w *engine.World, q remedy.Question) (*remedy.Answer, error) {
	t.Helper()
	q.Area, q.Object = town, "1.1.7"
	c, err := api.Remedies(w).Prepare(t.Context(), q)
	if err != nil {
		return nil, err
	}
	return c.Solve(t.Context(), siting.Config{Seed: 1})
}

// An answer under quotas is the best of all choices that keep them, and one that no
// choice can keep is named with what would have to give.
func TestQuotas(t *testing.T) {
	t.Parallel()
	w := built(t, onlyP, nil, nil)
	in := func(at []registry.PopulationPoint, area lifecircle.AreaCode) int {
		n := 0
		for _, p := range at {
			if slices.Contains(w.Registry().Subtree(area), p.Area) {
				n++
			}
		}
		return n
	}
	for _, quotas := range [][]remedy.Quota{
		{{Area: west, Least: 1, Most: -1}},
		{{Area: west, Least: 2, Most: -1}},
		{{Area: east, Least: 0, Most: 0}},
		{{Area: west, Least: 1, Most: 1}, {Area: east, Least: 0, Most: 1}},
	} {
		answer, err := asked(t, w, remedy.Question{Count: 2, Quotas: quotas})
		if err != nil {
			t.Fatalf("%v: %v", quotas, err)
		}
		want := tried(t, w, 2, 0, func(at []registry.PopulationPoint, _ []lifecircle.FacilityID) bool {
			return !slices.ContainsFunc(quotas, func(q remedy.Quota) bool {
				n := in(at, q.Area)
				return n < q.Least || q.Most >= 0 && n > q.Most
			})
		})
		if answer.After != want {
			t.Errorf("%v: %d people pass, trying all finds %d", quotas, answer.After, want)
		}
	}
	for _, c := range []struct {
		quota       remedy.Quota
		code, names string
	}{
		{remedy.Quota{Area: west, Least: 3, Most: 2}, "siting_quota", "3 to 2"},
		{remedy.Quota{Area: west, Least: 1000, Most: -1}, "siting_quota", "1000"},
		{remedy.Quota{Area: west, Least: 3, Most: -1}, "siting_quota", "p is 2"},
		{remedy.Quota{Area: town, Least: 1, Most: -1}, "siting_quota_area", string(west)},
	} {
		_, err := asked(t, w, remedy.Question{Count: 2, Quotas: []remedy.Quota{c.quota}})
		if lifecircle.ErrorCode(err) != c.code || !strings.Contains(err.Error(), c.names) {
			t.Errorf("%+v: %v, want %s naming %s", c.quota, err, c.code, c.names)
		}
	}
}

// Places that may close and open elsewhere are chosen as trying every closing with
// every opening on the plan finds; the answer's steps say the same of the plan.
func TestClosings(t *testing.T) {
	t.Parallel()
	w := built(t, everything, nil, nil)
	for _, c := range []struct{ opened, closed int }{{1, 1}, {1, 2}} {
		answer, err := asked(t, w, remedy.Question{Count: c.opened, Closing: c.closed})
		if err != nil {
			t.Fatal(err)
		}
		want := tried(t, w, c.opened+c.closed, c.closed, func(at []registry.PopulationPoint, gone []lifecircle.FacilityID) bool {
			return len(at) <= c.opened+len(gone)
		})
		if answer.After != want || answer.Checked != "plan" || len(answer.Closed) > c.closed || len(answer.Sites) > c.opened+len(answer.Closed) {
			t.Errorf("%+v: %d people pass, trying all finds %d; %d open, %d close, checked by %q", c, answer.After, want, len(answer.Sites), len(answer.Closed), answer.Checked)
		}
		steps := answer.Steps()
		if closing := slices.IndexFunc(steps, func(s scenario.Step) bool { return s.Op == scenario.ClosePlace }); (closing >= 0) != (len(answer.Closed) > 0) || len(steps) != len(answer.Sites)+len(answer.Closed) {
			t.Errorf("%+v: the steps are %+v", c, steps)
		}
	}
	// Where nobody comes a place closes: each that stays must serve 3,000.
	answer, err := asked(t, w, remedy.Question{Model: siting.MCLP, Count: 1, Closing: len(standing(w)), LeastServed: 3000})
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Closed) == 0 {
		t.Error("every place serves 3,000 people")
	}
	for id, people := range visitors(t, w, answer) {
		if people < 3000 {
			t.Errorf("%s serves %d people", id, people)
		}
	}
}

// visitors are the people of each place that is open in an answer, within its reach.
func visitors(t *testing.T, w *engine.World, answer *remedy.Answer) map[lifecircle.FacilityID]int64 {
	t.Helper()
	count := make(map[lifecircle.FacilityID]int64)
	var places []access.Place
	for _, f := range standing(w) {
		if !slices.ContainsFunc(answer.Closed, func(s remedy.Spot) bool { return s.ID == string(f.ID) }) {
			places, count[f.ID] = append(places, access.Place{ID: f.ID, At: f.At}), 0
		}
	}
	for _, s := range answer.Sites {
		places, count[s.Facility.ID] = append(places, access.Place{ID: s.Facility.ID, At: s.At}), 0
	}
	profile, err := w.Network().Profile(lifecircle.Walk)
	if err != nil {
		t.Fatal(err)
	}
	var at []geo.Point
	for _, p := range w.Registry().Points() {
		at = append(at, p.At)
	}
	points := access.SnapPointsFor(w.Network(), profile, at)
	access.EachNearest(points, places, access.NearestConfig{K: 1, Limit: answer.Case.Limit}, func(point int, ways []access.Way, state access.State) {
		if state == access.OK && len(ways) > 0 {
			count[places[ways[0].Place].ID] += w.Registry().Points()[point].People
		}
	})
	return count
}

// New places beside a kind lie beside one; where none can, the answer says so.
func TestBeside(t *testing.T) {
	t.Parallel()
	w := built(t, onlyP, nil, nil)
	pitch := w.Registry().Facilities()[0]
	answer, err := asked(t, w, remedy.Question{Count: 1, Beside: "sports_pitch", BesideMetres: 1500})
	if err != nil {
		t.Fatal(err)
	}
	if d := geo.Distance(answer.Sites[0].At, pitch.At); d > 1500 {
		t.Errorf("the site lies %v m from the pitch", d)
	}
	free, err := asked(t, w, remedy.Question{Count: 1})
	if err != nil {
		t.Fatal(err)
	}
	if free.After < answer.After {
		t.Errorf("beside the pitch %d people pass, anywhere %d", answer.After, free.After)
	}
	for _, c := range []struct {
		question remedy.Question
		code     string
	}{
		{remedy.Question{Count: 1, Beside: "sports_pitch", BesideMetres: 0.1}, "siting_none_beside"},
		{remedy.Question{Count: 1, Beside: "castle", BesideMetres: 10}, "kind_unknown"},
		{remedy.Question{Count: 1, Closing: -1}, "siting_question"},
	} {
		if _, err := asked(t, w, c.question); lifecircle.ErrorCode(err) != c.code {
			t.Errorf("%+v: %v, want %s", c.question, err, c.code)
		}
	}
	// A least number that nobody brings together names itself and what would do.
	_, err = asked(t, w, remedy.Question{Model: siting.LSCP, LeastServed: 1_000_000})
	var named *lifecircle.Error
	if !errors.As(err, &named) || named.Code != "siting_infeasible" {
		t.Errorf("a million people for each place: %v", err)
	}
}
