package registry_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// alphabet and weights as GB 32100-2015 prints them, table and formula.
const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var weights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// credited makes the credit code of 17 characters.
func credited(body string) string {
	sum := 0
	for i, w := range weights {
		sum += w * strings.IndexByte(alphabet, body[i])
	}
	check := 31 - sum%31
	if check == 31 {
		check = 0
	}
	return body + alphabet[check:check+1]
}

// TestCreditCode: every code made by the standard's table is taken, and every slip
// of one character or of two neighbours is found.
func TestCreditCode(t *testing.T) {
	t.Parallel()
	if err := registry.CheckCreditCode("91110000802100433B"); err != nil { // Baidu's, published
		t.Error(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		body := make([]byte, 17)
		for i := range body {
			body[i] = alphabet[r.IntN(len(alphabet))]
		}
		code := credited(string(body))
		if err := registry.CheckCreditCode(code); err != nil {
			t.Fatal(err)
		}
		slip := func(what string, wrong []byte) {
			if string(wrong) != code && lifecircle.ErrorCode(registry.CheckCreditCode(string(wrong))) != "credit_code_invalid" {
				t.Fatalf("%s of %s passes as %s", what, code, wrong)
			}
		}
		for i := range code {
			wrong := []byte(code)
			wrong[i] = alphabet[r.IntN(len(alphabet))]
			slip("one character", wrong)
			if i > 0 {
				wrong = []byte(code)
				wrong[i-1], wrong[i] = wrong[i], wrong[i-1]
				slip("two neighbours", wrong)
			}
		}
	}
	for name, code := range map[string]string{
		"empty": "", "short": "9111000080210043", "long": "91110000802100433BB", "lower case": "91110000802100433b",
		"a letter that is left out": "9111000080210043IB", "full width": "９1110000802100433B",
	} {
		if lifecircle.ErrorCode(registry.CheckCreditCode(code)) != "credit_code_invalid" {
			t.Errorf("%s: %q passes", name, code)
		}
	}
}

// TestBaseFaults: every fault of a base is named at once.
func TestBaseFaults(t *testing.T) {
	t.Parallel()
	area := func(code, parent lifecircle.AreaCode, level registry.Level) registry.Area {
		return registry.Area{Code: code, Parent: parent, Level: level, Provenance: lifecircle.Real}
	}
	county := area("640104", "", registry.County)
	for name, c := range map[string]struct {
		base registry.Base
		says []string
	}{
		"nothing": {registry.Base{}, nil},
		"one":     {registry.Base{Areas: []registry.Area{county}}, nil},
		"a code twice": {
			registry.Base{Areas: []registry.Area{county, county}}, []string{"640104 stands twice"},
		},
		"a parent that is not there": {
			registry.Base{Areas: []registry.Area{area("640104", "640100", registry.County)}}, []string{"its parent 640100 is not among"},
		},
		"parents in a circle": {
			registry.Base{Areas: []registry.Area{area("640104", "640105", registry.County), area("640105", "640104", registry.County)}},
			[]string{"circle"},
		},
		"rows of nowhere": {
			registry.Base{
				Areas:      []registry.Area{county},
				Points:     []registry.PopulationPoint{{ID: "p", Area: "999999", Provenance: lifecircle.Real}, {ID: "p", Area: "640104", People: -1, Provenance: lifecircle.Real}},
				Facilities: []registry.Facility{{ID: "f", Area: "999999", Kind: "home", Provenance: lifecircle.Real}, {ID: "f", Area: "640104"}},
				Records:    []registry.Record{{Register: "link", ID: "l", Area: "999999", Provenance: lifecircle.Real}, {Register: "link", ID: "l", Area: "640104"}},
				Networks:   []registry.Network{{Root: "999999", Hash: "00", Provenance: lifecircle.Real}},
			},
			[]string{
				"population point p: area", "id \"p\" stands twice", "fewer than 0 people", "facility f: area", "facility \"f\": the id stands twice", "needs an id, a kind",
				"link l: area", "link \"l\": the id stands twice", "needs a register, an id", "is not a root area",
			},
		},
	} {
		faults := c.base.Check()
		var text string
		for _, fault := range faults {
			text += fault.Error() + "\n"
		}
		for _, want := range c.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not said:\n%s", name, want, text)
			}
		}
		if (len(faults) == 0) != (len(c.says) == 0) {
			t.Errorf("%s: %s", name, text)
		}
		if _, err := registry.NewSnapshot(c.base); (err == nil) != (len(faults) == 0) {
			t.Errorf("%s: a snapshot is made, or refused, against its check: %v", name, err)
		}
	}
}

// TestNetworkKeepsItsRoot: streets lie under a whole tree, whatever is said of its
// areas later.
func TestNetworkKeepsItsRoot(t *testing.T) {
	t.Parallel()
	city := registry.Area{Code: "640100", Level: registry.Prefecture, Provenance: lifecircle.Real}
	county := registry.Area{Code: "640104", Parent: "640100", Level: registry.County, Provenance: lifecircle.Real}
	s, err := registry.NewSnapshot(registry.Base{Areas: []registry.Area{city, county}})
	if err != nil {
		t.Fatal(err)
	}
	streets := registry.Network{Root: "640100", Hash: "aa", Source: "map", Provenance: lifecircle.Real}
	with, err := s.With([]registry.Edit{{Network: &streets}})
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := with.Network("640100"); !ok || n != streets {
		t.Errorf("kept %+v", n)
	}
	if _, ok := s.Network("640100"); ok {
		t.Error("the snapshot before has the streets too")
	}
	for name, n := range map[string]registry.Network{
		"below the root": {Root: "640104", Hash: "aa", Provenance: lifecircle.Real}, "nowhere": {Root: "999999", Hash: "aa", Provenance: lifecircle.Real},
		"no provenance": {Root: "640100", Hash: "aa"}, "no root": {Hash: "aa", Provenance: lifecircle.Real},
	} {
		if _, err := with.With([]registry.Edit{{Network: &n}}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	region := registry.Area{Code: "640000", Level: registry.Region, Provenance: lifecircle.Real}
	city.Parent = "640000"
	if _, err := with.With([]registry.Edit{{Area: &region}, {Area: &city}}); err == nil {
		t.Error("the root of a network comes under another area, and the network stays")
	}
	without, err := with.With([]registry.Edit{{Network: &registry.Network{Root: "640100"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := without.Network("640100"); ok {
		t.Error("streets that were taken out are there")
	}
}

// TestFieldsJSON: fields come back from JSON as they went, to the last digit.
func TestFieldsJSON(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		third, ok := lifecircle.Ratio(r.Int64()-r.Int64(), 1+r.Int64N(1<<40))
		if !ok {
			continue
		}
		fields := registry.Fields{
			"whole": rule.NumberOf(lifecircle.Int(r.Int64())), "ratio": rule.NumberOf(third), "truth": rule.BoolOf(r.IntN(2) == 0),
			"text": rule.TextOf(strings.Repeat("\"\n设施\u2028<", r.IntN(4)) + "x"), "day": rule.DateOf(rule.Date(r.IntN(60_000))), "texts": rule.TextsOf([]string{"a", "b;c"}),
		}
		text, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		var back registry.Fields
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for name, want := range fields {
			if back[name].String() != want.String() {
				t.Fatalf("%s: %v, want %v", name, back[name], want)
			}
		}
	}
	for _, bad := range []string{`{"a": {"day": "soon"}}`, `{"a": [1]}`, `{"a": 1e400}`, `[]`} {
		var fields registry.Fields
		if err := json.Unmarshal([]byte(bad), &fields); err == nil {
			t.Errorf("%s is read as %v", bad, fields)
		}
	}
}

func FuzzFields(f *testing.F) {
	f.Add([]byte(`{"a": 1, "b": {"day": "2025-01-01"}, "c": ["x"], "d": {"number": "2/3"}, "e": true, "f": null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var fields registry.Fields
		if json.Unmarshal(data, &fields) != nil {
			return
		}
		text, err := json.Marshal(fields)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		var again registry.Fields
		if err := json.Unmarshal(text, &again); err != nil || len(again) != len(fields) {
			t.Fatalf("%s: %v", text, err)
		}
	})
}

func FuzzCreditCode(f *testing.F) {
	f.Add("91110000802100433B")
	f.Fuzz(func(t *testing.T, code string) {
		err := registry.CheckCreditCode(code)
		if err != nil && lifecircle.ErrorCode(err) != "credit_code_invalid" {
			t.Fatal(err)
		}
		if err == nil && code != credited(code[:17]) {
			t.Fatalf("%q passes and is not made by the standard's table", code)
		}
	})
}
