package plan_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"lifecircle/plan"
	"lifecircle/plans"
)

func TestCoverage(t *testing.T) {
	t.Parallel()
	pkg, faults := plan.Load(plans.In("testdata/whole"))
	if pkg == nil {
		t.Fatal(lines(faults))
	}
	coverage := pkg.Coverage()
	if coverage.Document != "示例文件" || coverage.Clauses != 3 || coverage.WithMechanism != 2 || coverage.Measurable != 1 {
		t.Errorf("%d clauses, %d with a mechanism, %d measurable", coverage.Clauses, coverage.WithMechanism, coverage.Measurable)
	}
	var got strings.Builder
	for _, i := range coverage.Items {
		fmt.Fprintf(&got, "%s|%s|%s|%s|%s|%s|%s|%s|%s\n", i.Clause, i.Kind, i.Mechanism, i.Source, i.Owner, i.OwnerStatus, i.State, i.Reason, strings.Join(i.Data, ","))
	}
	// The override of care.beds carries 1.1 as well: the same object, once more.
	want := `1.1|indicator|care.beds, care.doctor_ratio, care.clinic|verified|health|named|measured||element beds,element people,register village,register facility
1.2|||secondary|health|proposed|accepted|a principle without a measure of its own|
1.3|task|care.park, care.model_home, care.bed_money, care.check, care.bathing, care.agreement|source_truncated|health|proposed|carried|no indicator or provision carries it: it is followed, not measured|
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
}

// TestCoverageWithoutReason: what nothing carries and nobody excused is open.
func TestCoverageWithoutReason(t *testing.T) {
	t.Parallel()
	files := wholeFiles(t)
	files["objects.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(files["objects.yaml"].Data),
		"    accepted: {code: clause_without_mechanism, reason: a principle without a measure of its own}\n", "", 1))}
	pkg, faults := plan.Load(files)
	if pkg == nil || len(faults) != 1 || faults[0].Code != "clause_without_mechanism" {
		t.Fatal(lines(faults))
	}
	if item := pkg.Coverage().Items[1]; item.State != plan.CoverOpen || item.Reason == "" {
		t.Errorf("%+v", item)
	}
}

// TestCoverageOfPackages asks of every package that comes with the program that
// each clause has a mechanism or a reason, and an owner.
func TestCoverageOfPackages(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"ningxia-2025", "_template"} {
		pkg, faults := plan.Load(plans.In("../plans/" + id))
		if pkg == nil {
			t.Fatal(lines(faults))
		}
		coverage := pkg.Coverage()
		if coverage.Clauses == 0 || coverage.Clauses != len(coverage.Items) {
			t.Errorf("%s: %d clauses, %d items", id, coverage.Clauses, len(coverage.Items))
		}
		for _, item := range coverage.Items {
			if item.State == plan.CoverOpen || item.Mechanism == "" && item.Reason == "" || item.Owner == "" {
				t.Errorf("%s: %+v", id, item)
			}
		}
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	before := wholeFiles(t)
	if changes := plan.Diff(before, before); len(changes) != 0 {
		t.Errorf("a package differs from itself: %v", changes)
	}
	after := maps.Clone(before)
	edit := func(file string, edits ...string) {
		text := string(after[file].Data)
		for i := 0; i < len(edits); i += 2 {
			if !strings.Contains(text, edits[i]) {
				t.Fatalf("%s does not hold %q", file, edits[i])
			}
			text = strings.Replace(text, edits[i], edits[i+1], 1)
		}
		after[file] = &fstest.MapFile{Data: []byte(text)}
	}
	edit("objects.yaml",
		"at_least: 3, unit", "at_least: 3.5, unit", // a number
		"denominator: last(people)", "denominator: (last( people ))", // the same rule
		"name: {zh: 另一口径, en: Another reading}", "name: {en: Another reading, zh: '另一口径'}", // the same name
		"      - {id: misuse, name: {zh: 挪用, en: Misused}}\n", "", // an entry of a list
		"levels: [county, township]", "levels: [county]", // a list of words
		"id: care.park\n", "id: care.garden\n", // another object
		"areas: [640104]", "areas: [640104, 640106]", // another override
		"force: principle", "force: push", // of a clause
		"status: source_truncated", "status: secondary",
		"      - {code: source_truncated, reason: the copy breaks off}\n", "      - {code: not_measurable, reason: x}\n",
	)
	edit("package.yaml", `version: "1"`, `version: "2"`, "      batch: text\n", "      batch: text\n      rooms: {unit: \"1\"}\n", "of: home}", "of: home, where: certified}")
	if pkg, faults := plan.Load(after); pkg == nil {
		t.Fatal(lines(faults))
	}
	var got strings.Builder
	for _, c := range plan.Diff(before, after) {
		fmt.Fprintf(&got, "%s %s %s|%s|%s|%s\n", c.What, c.Kind, c.ID, c.Part, c.Old, c.New)
	}
	want := `changed package whole|version|1|2
changed clause 1.2|force|principle|push
added clause 1.3|accepted.not_measurable.reason||x
removed clause 1.3|accepted.source_truncated.reason|the copy breaks off|
changed clause 1.3|status|source_truncated|secondary
removed object care.bed_money|clawback.misuse.name.en|Misused|
removed object care.bed_money|clawback.misuse.name.zh|挪用|
changed object care.beds|targets.1.at_least|3|3.5
changed object care.clinic|levels|county, township|county
added object care.garden|||
removed object care.park|||
removed override care.beds  640104|||
added override care.beds  640104+640106|||
added registers home|fields.rooms.unit||1
added subject_sets homes|where||certified
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

// TestDiffOfPlanAbove: a change above is a change of what stands below.
func TestDiffOfPlanAbove(t *testing.T) {
	t.Parallel()
	old, changed := parts([]byte(county)), parts([]byte(strings.Replace(county, "value: 500", "value: 501", 1)))
	changes := plan.Diff(above{old, old}, above{changed, changed})
	if len(changes) != 1 || changes[0].ID != "sport.reach" || changes[0].Part != "parameters.metres.value" || changes[0].New != "501" {
		t.Errorf("%+v", changes)
	}
}
