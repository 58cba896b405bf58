package rule_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
	"lifecircle/plan/rule"
)

func TestDates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]rule.Date{"1970-01-01": 0, "1969-12-31": -1, "2000-03-01": 11_017, "1960-02-29": -3594} {
		got, err := rule.ParseDate(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%s is day %d, written %v: %v", text, got, got, err)
		}
		year, month, day := got.Civil()
		if rule.DateFrom(year, month, day) != want {
			t.Errorf("%s is %d-%d-%d", text, year, month, day)
		}
	}
	for _, text := range []string{"", "2025", "2025-02-29", "2025-1-1", "2025-01-01T00:00:00Z", "二〇二五"} {
		if _, err := rule.ParseDate(text); lifecircle.ErrorCode(err) != "date_invalid" {
			t.Errorf("%q: %v", text, err)
		}
	}
	// Months count on: the last day of February is the day before month 3.
	if got := (rule.DateFrom(2024, 13, 1) - 1).String(); got != "2024-12-31" {
		t.Errorf("the last day of 2024 is %s", got)
	}
	leap := rule.DateFrom(2024, 2, 29)
	if got := leap.AddYears(1).String() + leap.AddYears(-4).String(); got != "2025-03-012020-02-29" {
		t.Errorf("years from 29 February: %s", got)
	}
}

func TestTextsAreKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOf(rapid.String()).Draw(t, "texts")
		others := rapid.SliceOf(rapid.String()).Draw(t, "others")
		got, ok := rule.TextsOf(texts).Texts()
		if !ok || !slices.Equal(got, texts) {
			t.Fatalf("%q came back as %q", texts, got)
		}
		if same := rule.TextsOf(texts) == rule.TextsOf(others); same != slices.Equal(texts, others) {
			t.Fatalf("%q == %q is %t", texts, others, same)
		}
	})
}

func TestValuesAreOneThing(t *testing.T) {
	t.Parallel()
	values := map[string]rule.Value{
		"true": rule.BoolOf(true), "1": rule.NumberOf(lifecircle.Int(1)), `"1"`: rule.TextOf("1"),
		"1970-01-02": rule.DateOf(1), `["1", ""]`: rule.TextsOf([]string{"1", ""}), "beyond": rule.Beyond(),
		"no data (unreported beds)": rule.NoData(rule.Reason{Code: "unreported", What: "beds"}), "no data ()": {},
	}
	for written, v := range values {
		if v.String() != written {
			t.Errorf("%s is written %v", written, v)
		}
		answers := 0
		for _, ok := range []bool{second(v.Bool()), second(v.Number()), second(v.Text()), second(v.Date()), second(v.Texts()), second(v.Missing()), v.IsBeyond()} {
			if ok {
				answers++
			}
		}
		if answers != 1 {
			t.Errorf("%v is %d things", v, answers)
		}
	}
}

func second[T any](_ T, ok bool) bool { return ok }

// Facts that break their word give no data with a reason, never a wrong result.
func TestFactsOfAnotherType(t *testing.T) {
	t.Parallel()
	scope := lawScope()
	wrong := &facts{fields: map[string]rule.Value{}, rows: map[string][]rule.Env{"row": {&facts{fields: map[string]rule.Value{
		"ok": rule.TextOf("yes"), "x": rule.BoolOf(true), "p": rule.TextOf("1"), "s": rule.DateOf(1),
	}}}}}
	for name, of := range scope.Fields {
		wrong.fields[name] = rule.TextOf("1")
		if of.Kind == rule.Text {
			wrong.fields[name] = rule.BoolOf(true)
		}
	}
	for _, source := range []string{
		"a && b", "a || b", "!a", "a ? x : y", "x + y", "x / y", "-x", "x < y", "d < e", "s in l", "age_on(d, e)", "days(d, e)",
		`any(l, # == "u")`, "within(m, far) > 0", "a == (x > 0)",
	} {
		if why, _ := parsed(t, scope, source).Eval(wrong).Missing(); why.Code != rule.CodeWrongType {
			t.Errorf("%s lacks %v", source, why)
		}
	}
	for _, source := range []string{"any(row, .ok)", "count(row, .ok)", "share(row, .ok)", "sum(row, .x)", "sum(filter(row, .ok), .p)", "map(row, .s)"} {
		if why, _ := parsed(t, scope, source).Eval(wrong).Missing(); why.Code != rule.CodeIncomplete {
			t.Errorf("%s lacks %v", source, why)
		}
	}
	wrong.fields["x"] = rule.Value{}
	if why, _ := parsed(t, scope, "x + 1").Eval(wrong).Missing(); why != (rule.Reason{Code: rule.CodeUnknown, What: "x"}) {
		t.Errorf("no data without a reason passes on %v", why)
	}
}

func TestAreasHaveNoPosition(t *testing.T) {
	t.Parallel()
	scope := lawScope()
	scope.Subject = ""
	for source, want := range map[string]int{
		"reach(m, far)": 1, `meets("v")`: 1, "within(m, far)": 1,
		"count(row, .reach(m, far))": 0, `count(row, .meets("w"))`: 0, `count(row, meets("w"))`: 1,
	} {
		expr, _ := rule.Parse(source)
		_, faults := expr.Check(scope)
		if len(faults) != want || want == 1 && faults[0].Code != "subject_missing" {
			t.Errorf("%s: %+v", source, faults)
		}
	}
}
