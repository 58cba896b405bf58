package plan_test

import (
	"strings"
	"testing"

	"lifecircle/plan"
	"lifecircle/plans"
)

// TestInspect: the cascade is read from the top, each package with what checking it
// says, and what it acknowledges.
func TestInspect(t *testing.T) {
	t.Parallel()
	all := plan.Inspect(plans.In("../plans/litong-2025"))
	var ids []string
	for _, i := range all {
		if i.Package == nil {
			t.Fatal(lines(i.Faults))
		}
		ids = append(ids, i.Package.ID)
		_, found := plan.Load(plans.In("../plans/" + i.Package.ID))
		if lines(found) != lines(i.Faults) {
			t.Errorf("%s: other faults than plan check", i.Package.ID)
		}
	}
	if got := strings.Join(ids, " "); got != "cn-14fyp ningxia-2025 litong-2025" {
		t.Errorf("the cascade is %s", got)
	}
	accepted := 0
	for _, a := range all[1].Accepted {
		if a.Severity != plan.SeverityWarning || a.Reason.ZH == "" || a.Reason.EN == "" || a.Line == 0 {
			t.Errorf("accepted %+v", a)
		}
		accepted++
	}
	if accepted == 0 {
		t.Error("ningxia-2025 acknowledges nothing")
	}
	if broken := plan.Inspect(parts([]byte("-- package.yaml --\nid: x\n"))); len(broken) != 1 || broken[0].Package != nil || !plan.Broken(broken[0].Faults) {
		t.Errorf("a broken package: %+v", broken)
	}
}

// TestStated: every number is told where it is stated, those of overrides too.
func TestStated(t *testing.T) {
	t.Parallel()
	files := parts([]byte(county))
	pkg, faults := plan.Load(above{files, files})
	if pkg == nil {
		t.Fatal(lines(faults))
	}
	var got []string
	for _, s := range pkg.Stated() {
		what := s.Variant + "." + s.Parameter.Name
		if s.Target != nil {
			what = s.Target.String()
		} else {
			what += " " + s.Parameter.Values[0].Number.String()
		}
		var areas []string
		for _, code := range s.Areas {
			areas = append(areas, string(code))
		}
		got = append(got, s.Plan+" "+what+" "+strings.Join(areas, "+"))
	}
	want := `region .metres 500 
region .spare 0 
region at_least 95 % in 2025 
region far.metres 1000 
county at_least 70 % in 2025 640302
county at_least 60 % in 2025 640302100
county far.metres 3000 640302100
region at_least 90 % in 2025 640302+640100
region .metres 800 640100
region .spare 1 640100`
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("stated\n%s\nwant\n%s", text, want)
	}
}
