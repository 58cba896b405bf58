package rule_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lifecircle"
	"lifecircle/plan/rule"
)

// vectors are testdata/vectors.json: what docs/formats/rules.md means, case by
// case. The browser runs the same file.
type vectors struct {
	About string `json:"about"`
	Scope struct {
		Subject  string                     `json:"subject"`
		Fields   map[string]json.RawMessage `json:"fields"`
		Elements map[string]struct {
			Unit string `json:"unit"`
			Flow bool   `json:"flow"`

			Dimensions map[string][]string `json:"dimensions"`
		} `json:"elements"`
		Registers  map[string]map[string]json.RawMessage `json:"registers"`
		Measures   []string                              `json:"measures"`
		Provisions map[string]string                     `json:"provisions"`
	} `json:"scope"`
	Facts struct {
		Fields   map[string]json.RawMessage              `json:"fields"`
		Elements map[string]json.RawMessage              `json:"elements"`
		Rows     map[string][]map[string]json.RawMessage `json:"rows"`
		Nearest  map[string]json.RawMessage              `json:"nearest"`
		Within   map[string]json.RawMessage              `json:"within"`
		Meets    map[string]json.RawMessage              `json:"meets"`
	} `json:"facts"`
	Evaluations []evaluation `json:"evaluations"`
	Faults      []struct {
		Rule   string  `json:"rule"`
		Faults []place `json:"faults"`
	} `json:"faults"`
	Units []struct {
		Unit          string            `json:"unit"`
		Number        lifecircle.Number `json:"number"`
		Base          lifecircle.Number `json:"base"`
		Dimensionless bool              `json:"dimensionless"`
		Invalid       bool              `json:"invalid"`
	} `json:"units"`
}

// evaluation is a rule and the one thing it must give.
type evaluation struct {
	Rule   string             `json:"rule"`
	Truth  *bool              `json:"truth"`
	Number *lifecircle.Number `json:"number"`
	Unit   string             `json:"unit"`
	Text   *string            `json:"text"`
	Day    string             `json:"day"`
	Texts  *[]string          `json:"texts"`
	Beyond bool               `json:"beyond"`
	NoData string             `json:"no_data"`
	What   *string            `json:"what"`
}

type place struct {
	Code   string `json:"code"`
	Offset int    `json:"offset"`
}

func readVectors(t testing.TB) vectors {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// world reads the scope and the facts.
func (v vectors) world(t testing.TB) (rule.Scope, *facts) {
	t.Helper()
	scope := rule.Scope{
		Subject: v.Scope.Subject, Fields: types(t, v.Scope.Fields), Elements: map[string]rule.ElementType{},
		Registers: map[string]map[string]rule.Type{}, Measures: map[string]rule.Unit{}, Provisions: v.Scope.Provisions,
	}
	world := &facts{fields: map[string]rule.Value{}, rows: map[string][]rule.Env{}}
	for id, e := range v.Scope.Elements {
		scope.Elements[id] = rule.ElementType{Unit: unit(t, e.Unit), Flow: e.Flow, Dimensions: e.Dimensions}
	}
	for _, id := range v.Scope.Measures {
		scope.Measures[id] = rule.Metres
	}
	world.read(t, v.Facts.Fields, scope.Fields)
	for key, raw := range v.Facts.Elements {
		element := strings.Fields(key)[1]
		world.fields[key] = value(t, raw, rule.Type{Kind: rule.Number, Unit: scope.Elements[element].Unit}, key)
	}
	number, truth := rule.Type{Kind: rule.Number}, rule.Type{Kind: rule.Bool}
	for prefix, answers := range map[string]map[string]json.RawMessage{"nearest ": v.Facts.Nearest, "within ": v.Facts.Within} {
		for key, raw := range answers {
			world.fields[prefix+key] = value(t, raw, number, key)
		}
	}
	for key, raw := range v.Facts.Meets {
		world.fields["meets "+key] = value(t, raw, truth, key)
	}
	for id, fields := range v.Scope.Registers {
		scope.Registers[id] = types(t, fields)
		rows, kept := v.Facts.Rows[id]
		if !kept {
			continue
		}
		world.rows[id] = []rule.Env{}
		for _, row := range rows {
			r := &facts{fields: map[string]rule.Value{}}
			r.read(t, row, scope.Registers[id])
			world.rows[id] = append(world.rows[id], r)
		}
	}
	return scope, world
}

func types(t testing.TB, raw map[string]json.RawMessage) map[string]rule.Type {
	t.Helper()
	words := map[string]rule.Kind{"boolean": rule.Bool, "text": rule.Text, "date": rule.Day, "texts": rule.Texts}
	types := make(map[string]rule.Type)
	for name, data := range raw {
		var word string
		var number struct{ Unit string }
		if json.Unmarshal(data, &word) == nil {
			types[name] = rule.Type{Kind: words[word]}
		} else if err := json.Unmarshal(data, &number); err == nil {
			types[name] = rule.Type{Kind: rule.Number, Unit: unit(t, number.Unit)}
		} else {
			t.Fatalf("type of %s: %v", name, err)
		}
	}
	return types
}

func unit(t testing.TB, text string) rule.Unit {
	t.Helper()
	u, err := rule.ParseUnit(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// value reads a fact: null is unreported.
func value(t testing.TB, raw json.RawMessage, want rule.Type, what string) rule.Value {
	t.Helper()
	var reason struct {
		NoData string `json:"no_data"`
		What   string `json:"what"`
	}
	var truth bool
	var text string
	var texts []string
	switch {
	case string(raw) == "null":
		return rule.NoData(rule.Reason{Code: "unreported", What: what})
	case json.Unmarshal(raw, &reason) == nil:
		return rule.NoData(rule.Reason{Code: reason.NoData, What: reason.What})
	case want.Kind == rule.Bool && json.Unmarshal(raw, &truth) == nil:
		return rule.BoolOf(truth)
	case want.Kind == rule.Texts && json.Unmarshal(raw, &texts) == nil:
		return rule.TextsOf(texts)
	case json.Unmarshal(raw, &text) != nil:
	case text == "beyond":
		return rule.Beyond()
	case want.Kind == rule.Text:
		return rule.TextOf(text)
	case want.Kind == rule.Day:
		day, err := rule.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return rule.DateOf(day)
	case want.Kind == rule.Number:
		base, ok := want.Unit.ToBase(lifecircle.MustNumber(text))
		if !ok {
			t.Fatalf("%s: %s does not fit", what, text)
		}
		return rule.NumberOf(base)
	}
	t.Fatalf("%s: %s is not %v", what, raw, want)
	return rule.Value{}
}

// facts are an Env over plain maps. Answers about nearness, elements and
// verdicts stand among the fields, each under its question.
type facts struct {
	fields map[string]rule.Value
	rows   map[string][]rule.Env
}

var _ rule.Env = (*facts)(nil)

func (f *facts) read(t testing.TB, raw map[string]json.RawMessage, types map[string]rule.Type) {
	t.Helper()
	for name, data := range raw {
		want := types[name]
		switch question, _, _ := strings.Cut(name, " "); question {
		case "nearest", "within":
			want = rule.Type{Kind: rule.Number}
		case "meets":
			want = rule.Type{Kind: rule.Bool}
		}
		f.fields[name] = value(t, data, want, name)
	}
}

func (f *facts) answer(question string) rule.Value {
	if v, ok := f.fields[question]; ok {
		return v
	}
	return rule.NoData(rule.Reason{Code: "unreported", What: question})
}

func (f *facts) Field(name string) rule.Value { return f.answer(name) }

func (f *facts) Rows(register string) ([]rule.Env, rule.Reason, bool) {
	rows, kept := f.rows[register]
	return rows, rule.Reason{Code: "not_kept", What: register}, kept
}

func (f *facts) Element(q rule.Query) rule.Value {
	return f.answer(strings.TrimSpace(fmt.Sprintf("%v %s %d %s", q.How, q.Element, q.YearsBack, q.Breakdown)))
}

func (f *facts) Nearest(measure string) rule.Value { return f.answer("nearest " + measure) }

func (f *facts) Within(measure string, reach lifecircle.Number) rule.Value {
	return f.answer("within " + measure + " " + reach.String())
}

func (f *facts) Meets(provision string) rule.Value { return f.answer("meets " + provision) }

// expected is the value of a case. A reason's What counts where the case has it.
func (e evaluation) expected(t *testing.T, got rule.Value) rule.Value {
	t.Helper()
	switch {
	case e.Truth != nil:
		return rule.BoolOf(*e.Truth)
	case e.Number != nil:
		return rule.NumberOf(*e.Number)
	case e.Text != nil:
		return rule.TextOf(*e.Text)
	case e.Texts != nil:
		return rule.TextsOf(*e.Texts)
	case e.Day != "":
		return value(t, json.RawMessage(`"`+e.Day+`"`), rule.Type{Kind: rule.Day}, "the case")
	case e.Beyond:
		return rule.Beyond()
	case e.NoData == "":
		t.Fatal("the case expects nothing")
	}
	reason := rule.Reason{Code: e.NoData}
	if why, _ := got.Missing(); e.What == nil {
		reason.What = why.What
	} else {
		reason.What = *e.What
	}
	return rule.NoData(reason)
}

func TestVectorsEvaluate(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	scope, world := v.world(t)
	if len(v.Evaluations) < 120 {
		t.Fatalf("%d evaluations: the file is not whole", len(v.Evaluations))
	}
	for _, c := range v.Evaluations {
		t.Run(c.Rule, func(t *testing.T) {
			t.Parallel()
			expr, faults := rule.Parse(c.Rule)
			if len(faults) > 0 {
				t.Fatalf("parse: %+v", faults)
			}
			typ, faults := expr.Check(scope)
			if len(faults) > 0 {
				t.Fatalf("check: %+v", faults)
			}
			got := expr.Eval(world)
			if want := c.expected(t, got); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
			if c.Unit != "" && !typ.Unit.SameDimension(unit(t, c.Unit)) {
				t.Errorf("the result is %v, want %s", typ, c.Unit)
			}
			again, faults := rule.Parse(expr.String())
			if len(faults) > 0 || again.String() != expr.String() || again.Eval(world) != got {
				t.Errorf("printed as %s it is another rule: %+v", expr, faults)
			}
		})
	}
}

func TestVectorsFault(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	scope, _ := v.world(t)
	for _, c := range v.Faults {
		t.Run(c.Rule, func(t *testing.T) {
			t.Parallel()
			expr, faults := rule.Parse(c.Rule)
			if len(faults) == 0 {
				_, faults = expr.Check(scope)
			}
			var got []place
			for _, fault := range faults {
				got = append(got, place{fault.Code, fault.Offset})
				if fault.Message == "" || fault.Repair == "" {
					t.Errorf("%s says too little: %+v", fault.Code, fault)
				}
			}
			if diff := cmp.Diff(c.Faults, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s%+v", diff, faults)
			}
		})
	}
}

func TestVectorsUnits(t *testing.T) {
	t.Parallel()
	for _, c := range readVectors(t).Units {
		t.Run(c.Unit, func(t *testing.T) {
			t.Parallel()
			u, err := rule.ParseUnit(c.Unit)
			if c.Invalid {
				if lifecircle.ErrorCode(err) != "unit_unknown" {
					t.Fatalf("read as %v, %v", u, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if u.String() != c.Unit {
				t.Errorf("written as %q", u)
			}
			base, ok := u.ToBase(c.Number)
			if !ok || base != c.Base {
				t.Errorf("%v is %v in base units, want %v", c.Number, base, c.Base)
			}
			if back, ok := u.FromBase(base); !ok || back != c.Number {
				t.Errorf("and back it is %v", back)
			}
			if c.Dimensionless && !u.Dimensionless() {
				t.Error("it has a dimension")
			}
			if again := unit(t, u.Base().String()); !again.Same(u.Base()) || !again.SameDimension(u) {
				t.Errorf("its base unit is written %q", u.Base())
			}
		})
	}
}
