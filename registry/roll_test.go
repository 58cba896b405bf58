package registry

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestRoll: a roll after any number of changes says what a sorted list says, those it
// was made from stay what they were, and two rolls differ in what their lists differ.
func TestRoll(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 9))
	byKey := func(a, b *Record) int { return strings.Compare(a.key(), b.key()) }
	for _, ids := range []int{3, 40, 4000} { // few ids: pages become empty; many: they split
		var list []*Record
		var roll roll[*Record]
		for step := range 3000 {
			row := &Record{ID: fmt.Sprintf("%04d", r.IntN(ids)), Name: fmt.Sprint(step)}
			at, found := slices.BinarySearchFunc(list, row, byKey)
			before, was := roll, slices.Clone(list)
			switch {
			case r.IntN(3) > 0 && found:
				list = slices.Clone(list)
				list[at] = row
				roll = roll.with(row)
			case r.IntN(3) > 0:
				if !found {
					list = slices.Insert(slices.Clone(list), at, row)
					roll = roll.with(row)
				}
			default:
				next, taken := roll.without(row.ID)
				if taken != found {
					t.Fatalf("%q taken out: %v; it was there: %v", row.ID, taken, found)
				}
				if roll = next; found {
					list = slices.Delete(slices.Clone(list), at, at+1)
				}
			}
			if kept, ok := roll.find(row.ID); ok != slices.Contains(list, kept) {
				t.Fatalf("find %q: %v, %v", row.ID, kept, ok)
			}
			if step%100 > 0 && step > 50 {
				continue
			}
			if !slices.Equal(roll.all(), list) || roll.len() != len(list) || !slices.Equal(before.all(), was) {
				t.Fatalf("step %d of %d ids: the roll and the list are not the same", step, ids)
			}
			for _, page := range roll.pages {
				if len(page) == 0 || len(page) > pageLength {
					t.Fatalf("a page of %d", len(page))
				}
			}
			var differ []string
			for was, is := range differing(before, roll) {
				if was != nil && is != nil && was.ID != is.ID || was == is {
					t.Fatalf("%v against %v", was, is)
				}
				differ = append(differ, fmt.Sprint(was, is))
			}
			same := slices.Equal(was, list)
			if same != (len(differ) == 0) || len(differ) > 1 {
				t.Fatalf("one change makes %d differences: %v", len(differ), differ)
			}
		}
		// Against one that shares nothing, and against none.
		again := rollOf(slices.Clone(roll.all()))
		for range differing(again, roll) {
			t.Fatal("the same rows differ")
		}
		count := 0
		for was, is := range differing(roll, again.emptied()) {
			if was == nil || is != nil {
				t.Fatalf("%v against %v", was, is)
			}
			count++
		}
		if count != len(list) {
			t.Fatalf("%d of %d rows are gone", count, len(list))
		}
	}
}

func (r roll[F]) emptied() roll[F] {
	for _, f := range r.all() {
		r, _ = r.without(f.key())
	}
	return r
}
