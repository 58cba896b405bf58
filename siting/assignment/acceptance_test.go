package assignment

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lifecircle"
)

// drawAdmission makes a random admission of up to so many people and places.
func drawAdmission(seed uint64, people, places int) *Admission {
	rng := rand.New(rand.NewPCG(seed, 11))
	a := &Admission{Seed: fmt.Sprint("seed ", seed)}
	for k := range 1 + rng.IntN(places) {
		a.Places = append(a.Places, Place{ID: fmt.Sprint("place-", k), Capacity: rng.IntN(3)})
	}
	for i := range 1 + rng.IntN(people) {
		p := Person{ID: fmt.Sprint("child-", i)}
		for _, k := range rng.Perm(len(a.Places))[:rng.IntN(len(a.Places)+1)] {
			p.Wishes = append(p.Wishes, Wish{k, rng.IntN(3)})
		}
		a.People = append(a.People, p)
	}
	return a
}

// before reports whether a place takes person i, by a wish, before person j.
func (a *Admission) before(i, j, place int) bool {
	class := func(who int) int {
		k := slices.IndexFunc(a.People[who].Wishes, func(w Wish) bool { return w.Place == place })
		return a.People[who].Wishes[k].Class
	}
	if x, y := class(i), class(j); x != y {
		return x < y
	}
	x, y := Draw(a.Seed, a.People[i].ID), Draw(a.Seed, a.People[j].ID)
	return bytes.Compare(x[:], y[:]) < 0
}

// stable reports whether no person and place would rather have one another, by
// the definition. at holds the wish by which each person is placed; the number of
// their wishes for nobody's.
func (a *Admission) stable(at []int) bool {
	in := make([][]int, len(a.Places))
	for i, k := range at {
		if k < len(a.People[i].Wishes) {
			place := a.People[i].Wishes[k].Place
			in[place] = append(in[place], i)
		}
	}
	for place, who := range in {
		if len(who) > a.Places[place].Capacity {
			return false
		}
	}
	for i, k := range at {
		for _, dearer := range a.People[i].Wishes[:k] {
			if len(in[dearer.Place]) < a.Places[dearer.Place].Capacity {
				return false
			}
			for _, j := range in[dearer.Place] {
				if a.before(i, j, dearer.Place) {
					return false
				}
			}
		}
	}
	return true
}

// rests turns a placement into the wish by which each is placed.
func (a *Admission) rests(p *Placement) []int {
	at := slices.Clone(p.Wish)
	for i, k := range at {
		if k < 0 {
			at[i] = len(a.People[i].Wishes)
		}
	}
	return at
}

// Of all placements of small random admissions, tried one by one, the stable
// ones give nobody a dearer place than deferred acceptance does, and that is one
// of them.
func TestAdmissionIsTheBestStableOne(t *testing.T) {
	t.Parallel()
	several := 0
	for seed := range uint64(300) {
		a := drawAdmission(seed, 5, 3)
		p, err := a.Solve()
		if err != nil {
			t.Fatal(err)
		}
		ours := a.rests(p)
		if !a.stable(ours) {
			t.Fatalf("seed %d: %+v is not stable in %+v", seed, p, a)
		}
		stable := 0
		at := make([]int, len(a.People))
		var try func(i int)
		try = func(i int) {
			if i < len(at) {
				for k := range len(a.People[i].Wishes) + 1 {
					at[i] = k
					try(i + 1)
				}
				return
			}
			if !a.stable(at) {
				return
			}
			stable++
			for i := range at {
				if at[i] < ours[i] {
					t.Fatalf("seed %d: %v is stable and gives person %d wish %d, ours is %v", seed, at, i, at[i], ours)
				}
			}
		}
		try(0)
		if stable == 0 {
			t.Fatalf("seed %d: no stable placement", seed)
		}
		if stable > 1 {
			several++
		}
	}
	if several == 0 {
		t.Error("every admission had one stable placement: nothing shows that ours is the people's")
	}
}

// Nobody gets a dearer place by telling other wishes than their own.
func TestAdmissionRewardsTruth(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		a := drawAdmission(seed, 8, 3)
		p, err := a.Solve()
		if err != nil {
			t.Fatal(err)
		}
		ours := a.rests(p)
		for i, person := range a.People {
			for size := range len(person.Wishes) + 1 {
				permutations(person.Wishes, size, func(lie []Wish) {
					b := &Admission{People: slices.Clone(a.People), Places: a.Places, Seed: a.Seed}
					b.People[i].Wishes = lie
					q, err := b.Solve()
					if err != nil {
						t.Fatal(err)
					}
					got := slices.IndexFunc(person.Wishes, func(w Wish) bool { return w.Place == q.Place[i] })
					if got >= 0 && got < ours[i] {
						t.Fatalf("seed %d: person %d gets wish %d with %v, and %d with the truth", seed, i, got, lie, ours[i])
					}
				})
			}
		}
	}
}

// permutations visits every order of every choice of size wishes.
func permutations(of []Wish, size int, visit func([]Wish)) {
	var extend func(chosen []Wish)
	extend = func(chosen []Wish) {
		if len(chosen) == size {
			visit(chosen)
			return
		}
		for _, w := range of {
			if !slices.Contains(chosen, w) {
				extend(append(slices.Clone(chosen), w))
			}
		}
	}
	extend(nil)
}

// On larger random admissions: stable; the order of the lists is irrelevant; who
// is not placed waits, and every list is in its order.
func TestAdmissionLists(t *testing.T) {
	t.Parallel()
	unplaced := 0
	for seed := range uint64(60) {
		a := drawAdmission(seed, 80, 9)
		p, err := a.Solve()
		if err != nil {
			t.Fatal(err)
		}
		if !a.stable(a.rests(p)) {
			t.Fatalf("seed %d: not stable", seed)
		}
		reversed := &Admission{People: slices.Clone(a.People), Places: a.Places, Seed: a.Seed}
		slices.Reverse(reversed.People)
		q, err := reversed.Solve()
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(q.Place)
		if !reflect.DeepEqual(p.Place, q.Place) {
			t.Fatalf("seed %d: another order of people, another placement", seed)
		}
		for k := range a.Places {
			for _, list := range [][]int{p.Admitted[k], p.Waiting[k]} {
				for n := 1; n < len(list); n++ {
					if !a.before(list[n-1], list[n], k) {
						t.Fatalf("seed %d, place %d: %v is out of order", seed, k, list)
					}
				}
			}
			if len(p.Waiting[k]) > 0 && len(p.Admitted[k]) < a.Places[k].Capacity {
				t.Fatalf("seed %d, place %d: people wait for an empty place", seed, k)
			}
			if len(p.Admitted[k]) > 0 && len(p.Waiting[k]) > 0 && !a.before(p.Admitted[k][len(p.Admitted[k])-1], p.Waiting[k][0], k) {
				t.Fatalf("seed %d, place %d: the first who waits comes before the last who is admitted", seed, k)
			}
		}
		for i, person := range a.People {
			if (p.Place[i] < 0) != slices.Contains(p.Unplaced, i) || (p.Place[i] >= 0) != (p.Wish[i] >= 0) {
				t.Fatalf("seed %d: person %d has place %d and is on the list of the unplaced: %v", seed, i, p.Place[i], p.Unplaced)
			}
			if p.Place[i] >= 0 && (person.Wishes[p.Wish[i]].Place != p.Place[i] || !slices.Contains(p.Admitted[p.Place[i]], i)) {
				t.Fatalf("seed %d: person %d is not on the list of place %d", seed, i, p.Place[i])
			}
			for k, wish := range person.Wishes {
				if waits := p.Wish[i] < 0 || k < p.Wish[i]; waits != slices.Contains(p.Waiting[wish.Place], i) {
					t.Fatalf("seed %d: person %d at wish %d waits for wish %d: %v", seed, i, p.Wish[i], k, !waits)
				}
			}
		}
		explained(t, a, p)
		best := func(i int) int {
			least := 1 << 30
			for _, w := range a.People[i].Wishes {
				least = min(least, w.Class)
			}
			return least
		}
		for n := 1; n < len(p.Unplaced); n++ {
			x, y := p.Unplaced[n-1], p.Unplaced[n]
			dx, dy := Draw(a.Seed, a.People[x].ID), Draw(a.Seed, a.People[y].ID)
			if best(x) > best(y) || best(x) == best(y) && bytes.Compare(dx[:], dy[:]) > 0 {
				t.Fatalf("seed %d: the unplaced %v are out of order", seed, p.Unplaced)
			}
		}
		unplaced += len(p.Unplaced)
	}
	if unplaced == 0 {
		t.Error("everybody was placed: no list of the unplaced was seen")
	}
}

// explained holds every verdict of a placement against its lists.
func explained(t *testing.T, a *Admission, p *Placement) {
	t.Helper()
	for i, person := range a.People {
		for k, v := range a.Explain(p, i) {
			if v.Wish != person.Wishes[k] {
				t.Fatalf("person %d, wish %d: %+v is about another wish", i, k, v)
			}
			taken, waiting := p.Admitted[v.Place], p.Waiting[v.Place]
			switch v.Outcome {
			case Admitted:
				if p.Wish[i] != k || taken[v.Rank-1] != i {
					t.Fatalf("person %d, wish %d: %+v, but they have wish %d", i, k, v, p.Wish[i])
				}
			case Refused:
				if waiting[v.Rank-1] != i || (v.Last < 0) != (a.Places[v.Place].Capacity == 0) || v.Last >= 0 && !a.before(v.Last, i, v.Place) {
					t.Fatalf("person %d, wish %d: %+v, the place takes %v and %v wait", i, k, v, taken, waiting)
				}
			case Unasked:
				if v.Rank != 0 || p.Wish[i] < 0 || p.Wish[i] >= k {
					t.Fatalf("person %d, wish %d: %+v, but they have wish %d", i, k, v, p.Wish[i])
				}
			}
		}
	}
}

// What is no stable placement is found out.
func TestVerify(t *testing.T) {
	t.Parallel()
	a := &Admission{
		People: []Person{{"x", []Wish{{0, 1}, {1, 0}}}, {"y", []Wish{{0, 0}}}},
		Places: []Place{{"p", 1}, {"q", 1}}, Seed: "1",
	}
	good, err := a.Solve()
	if err != nil || good.Place[0] != 1 || good.Place[1] != 0 {
		t.Fatalf("%+v, %v", good, err)
	}
	for name, bad := range map[string]*Placement{
		"x has what y would rather have": {Wish: []int{0, -1}, Admitted: [][]int{{0}, nil}},
		"q is empty and x has nothing":   {Wish: []int{-1, 0}, Admitted: [][]int{{1}, nil}},
		"p takes two":                    {Wish: []int{0, 0}, Admitted: [][]int{{1, 0}, nil}},
	} {
		if err := a.verify(bad, a.Lots()); err == nil {
			t.Errorf("%s, and nobody notices", name)
		}
	}
}

// Three children of one class want one place of one: the seed decides, as
// printf '%s\n%s' "$SEED" "$ID" | sha256sum says; a class goes before any lot.
func TestAdmissionLottery(t *testing.T) {
	t.Parallel()
	const seed = "Yinchuan 2026-09-01 481516"
	lots := map[string]string{ // of sha256sum
		"child-1": "0e6a5795ef0dbebe1870e42c2fedf847c7adeee203a921473b64cd9a876ec2cc",
		"child-2": "15416e7626bc1808c5bb945510905cfd860d071f079c40eee42941761b559ff1",
		"child-3": "d9235af1f5870a5cfb76edcb3767400fec2fd6d7f9ee284d3494e728c1f79e82",
	}
	a := &Admission{Seed: seed, Places: []Place{{ID: "kindergarten", Capacity: 1}}}
	for _, id := range []string{"child-1", "child-2", "child-3"} {
		draw := Draw(seed, id)
		if got := hex.EncodeToString(draw[:]); got != lots[id] {
			t.Errorf("%s draws %s, sha256sum says %s", id, got, lots[id])
		}
		a.People = append(a.People, Person{ID: id, Wishes: []Wish{{Place: 0, Class: 1}}})
	}
	want := []int{0, 1, 2}
	slices.SortFunc(want, func(x, y int) int { return strings.Compare(lots[a.People[x].ID], lots[a.People[y].ID]) })
	order := func() []int {
		p, err := a.Solve()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.Unplaced, p.Waiting[0]) {
			t.Errorf("unplaced %v, waiting %v", p.Unplaced, p.Waiting[0])
		}
		return append(p.Admitted[0], p.Waiting[0]...)
	}
	if got := order(); !slices.Equal(got, want) {
		t.Errorf("the order is %v, by the lots %v", got, want)
	}
	last := want[2]
	a.People[last].Wishes[0].Class = 0
	if got := order(); !slices.Equal(got, []int{last, want[0], want[1]}) {
		t.Errorf("the order is %v, but %d has the better class", got, last)
	}
	a.People[last].Wishes[0].Class = 1
	other := false
	for n := range 20 {
		a.Seed = fmt.Sprint(n)
		other = other || !slices.Equal(order(), want)
	}
	if !other {
		t.Error("twenty other seeds give the same order")
	}
}

func TestAdmissionFaults(t *testing.T) {
	t.Parallel()
	place := []Place{{ID: "A", Capacity: 1}}
	for _, c := range []struct {
		a    Admission
		says string
	}{
		{Admission{Places: []Place{{ID: "A", Capacity: -1}}}, "place 1 (A): the capacity -1 is negative"},
		{Admission{Seed: "1", People: []Person{{}}}, "person 1 has no id"},
		{Admission{Seed: "1", People: []Person{{ID: "x"}, {ID: "x"}}}, "persons 1 and 2 have the same id x"},
		{Admission{Seed: "1", Places: place, People: []Person{{ID: "x", Wishes: []Wish{{1, 0}}}}}, "person 1 (x), wish 1: place 1 is none of 1"},
		{Admission{Seed: "1", Places: place, People: []Person{{ID: "x", Wishes: []Wish{{0, 0}, {0, 1}}}}}, "person 1 (x), wish 2: place 1 (A) is among the wishes already"},
		{Admission{Places: place, People: []Person{{ID: "x"}}}, "the lottery has no seed"},
	} {
		if _, err := c.a.Solve(); lifecircle.ErrorCode(err) != "assignment_admission" || !strings.Contains(err.Error(), c.says) {
			t.Errorf("want %q, got %v", c.says, err)
		}
	}
}

// A hundred thousand children with up to ten wishes among a thousand places.
func BenchmarkAdmission(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	a := &Admission{Seed: "1"}
	for k := range 1000 {
		a.Places = append(a.Places, Place{ID: fmt.Sprint(k), Capacity: 60 + rng.IntN(60)})
	}
	for i := range 100_000 {
		p := Person{ID: fmt.Sprint(i)}
		for _, k := range rng.Perm(1000)[:1+rng.IntN(10)] {
			p.Wishes = append(p.Wishes, Wish{k, rng.IntN(4)})
		}
		a.People = append(a.People, p)
	}
	for b.Loop() {
		if _, err := a.Solve(); err != nil {
			b.Fatal(err)
		}
	}
}
