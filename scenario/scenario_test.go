package scenario_test

import (
	"encoding/json"
	"testing"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/journal"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// FuzzOperations reads anything as the body of a change: what it says can be, or is
// refused by an error, and comes back from the log as it went in.
func FuzzOperations(f *testing.F) {
	for _, seed := range []string{
		`[{"op":"add","facility":{"id":"a","area":"640104","kind":"home","name":"甲","at":{"lon":106,"lat":38},"public":true,"source":"s","provenance":"real","fields":{"beds":3}}}]`,
		`[{"op":"area","area":{"code":"640105","parent":"","level":"county","name":{"zh":"乙"},"from":"2020-01-01","source":"s","provenance":"real"}},{"op":"strike","entry":{"register":"area","id":"640105"}}]`,
		`[{"op":"point","point":{"id":"p","area":"640104","at":{"lon":1,"lat":2},"people":3,"urban":true,"source":"s","provenance":"real"}},{"op":"strike","entry":{"register":"population_point","id":"p"}}]`,
		`[{"op":"network","network":{"root":"640104","hash":"aa","source":"s","provenance":"real"}},{"op":"network","network":{"root":"640104"}}]`,
		`[{"op":"enter","record":{"register":"link","id":"l","area":"640104","source":"s","provenance":"real"}}]`,
		`[{"op":"withdraw","id":"a"}]`, `[{"op":"put"}]`, `[null]`, `{"counts":{}}`, `[{"op":"add","facility":null}]`,
	} {
		f.Add([]byte(seed))
	}
	county := registry.Area{Code: "640104", Level: registry.County, Provenance: lifecircle.Real}
	s, err := registry.NewSnapshot(registry.Base{Areas: []registry.Area{county}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		changes, told, err := scenario.Operations(journal.Change{Body: body})
		if err != nil || !told {
			return
		}
		next, err := scenario.Facts{Registry: s, Figures: new(figure.Table)}.With(changes)
		if err != nil {
			if lifecircle.ErrorCode(err) == "internal" {
				t.Fatalf("no error for a person: %v", err)
			}
			return
		}
		if _, err := registry.NewSnapshot(next.Registry.All()); err != nil {
			t.Fatalf("what changes led to cannot be read back: %v", err)
		}
		text, err := json.Marshal(changes)
		if err != nil {
			t.Fatal(err)
		}
		again, told, err := scenario.Operations(journal.Change{Body: text})
		if err != nil || !told || len(again) != len(changes) {
			t.Fatalf("%s comes back as %d changes of %d (%v)", text, len(again), len(changes), err)
		}
	})
}

// A facility is withdrawn and stays in the past; any other row is struck.
func TestRemoval(t *testing.T) {
	t.Parallel()
	if c := scenario.Removal(registry.Entry{Register: registry.FacilityRegister, ID: "f"}); c.Op != scenario.Withdraw || c.ID != "f" || c.Entry != nil {
		t.Errorf("a facility: %+v", c)
	}
	if c := scenario.Removal(registry.Entry{Register: "link", ID: "l"}); c.Op != scenario.Strike || c.Entry == nil || c.Entry.ID != "l" {
		t.Errorf("a link: %+v", c)
	}
}
