package store_test

import (
	"fmt"
	"testing"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/registry"
	"lifecircle/scenario"
	"lifecircle/store"
	"lifecircle/store/storetest"
)

// A row's history tells every change that said something of it, the latest first.
func TestRevisions(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		load(t, db)
		renamed := place("a")
		renamed.Name = "新名"
		for i, change := range []scenario.Change{{Op: scenario.Amend, Facility: &renamed}, {Op: scenario.Withdraw, ID: "a"}} {
			do := scenario.Committed{Request: request(fmt.Sprint("step", i)), Changes: []scenario.Change{change}}
			if _, err := scenario.Commit(t.Context(), db, account.Local(), do); err != nil {
				t.Fatal(err)
			}
		}
		history, err := db.Revisions(t.Context(), account.Local(), registry.Entry{Register: registry.FacilityRegister, ID: "a"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range history {
			got = append(got, fmt.Sprintf("%d %s by %s at %s: %t %s", r.Change.Seq, r.Change.Action, r.Change.Actor, r.Change.At.Format("15:04"), r.Stands, r.Row.Name))
		}
		want := []string{"3 change by local at 12:00: false ", "2 change by local at 12:00: true 新名", "1 load by local at 12:00: true 球场 'a'"}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("history of a: %q, want %q", got, want)
		}
		estate := registry.Entry{Register: registry.ResidentialAreaRegister, ID: "estate"}
		if history, err = db.Revisions(t.Context(), account.Local(), estate); err != nil || len(history) != 1 || history[0].Row.Name != "小区" {
			t.Errorf("history of the estate: %v, %v", history, err)
		}
		if _, err := db.Revisions(t.Context(), account.Local(), registry.Entry{Register: registry.PremisesRegister, ID: "estate"}); lifecircle.ErrorCode(err) != "entry_unknown" {
			t.Errorf("history of a row that never was: %v", err)
		}
		if _, err := db.Revisions(t.Context(), account.Grant{}, estate); lifecircle.ErrorCode(err) != "forbidden" {
			t.Errorf("history for nobody: %v", err)
		}
	})
}
