package plans_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plans"
)

// clauseTable is the table of clauses that Ningxia's package carries out; it is
// no part of the project.
const clauseTable = "../../shared/domain/clauses.md"

// row is a clause as the table has it.
type row struct {
	id    string
	force plan.Force // "" where the text breaks off before it
	named bool       // the text itself names the departments
}

func table(t *testing.T) []row {
	t.Helper()
	data, err := os.ReadFile(clauseTable)
	if err != nil {
		t.Skipf("the table of clauses is not at hand: %v", err)
	}
	number := regexp.MustCompile(`^\d+(\.\d+)+[a-z]?\d*$`)
	force := regexp.MustCompile(`^\[(\w+)`)
	var rows []row
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		id := strings.TrimSpace(cells[0])
		if len(cells) < 7 || !number.MatchString(id) {
			continue
		}
		r := row{id: id, named: strings.HasPrefix(strings.TrimSpace(cells[5]), "named")}
		if found := force.FindStringSubmatch(strings.TrimSpace(cells[6])); found != nil {
			r.force = plan.Force(found[1])
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		t.Fatalf("no rows in %s", clauseTable)
	}
	return rows
}

func load(t *testing.T, id string) *plan.Package {
	t.Helper()
	files, err := plans.Embedded(id)
	if err != nil {
		t.Fatal(err)
	}
	pkg, faults := plan.Load(files)
	if pkg == nil {
		t.Fatal(faults)
	}
	return pkg
}

func TestEveryClauseOfNingxia(t *testing.T) {
	t.Parallel()
	pkg := load(t, "ningxia-2025")
	var listed, wanted []string
	for _, c := range pkg.Clauses {
		if !c.Heading {
			listed = append(listed, c.ID)
		}
	}
	for _, r := range table(t) {
		wanted = append(wanted, r.id)
		c, ok := pkg.Clause(r.id)
		if !ok {
			t.Errorf("clause %s is not in the package", r.id)
			continue
		}
		if r.force != "" && c.Force != r.force {
			t.Errorf("clause %s: force %s, in the table %s", r.id, c.Force, r.force)
		}
		if named := c.OwnerStatus == plan.OwnerNamed; named != r.named {
			t.Errorf("clause %s: owner %s, in the table named: %v", r.id, c.OwnerStatus, r.named)
		}
	}
	slices.Sort(listed)
	slices.Sort(wanted)
	if !slices.Equal(listed, wanted) {
		t.Errorf("the package has %d clauses, the table %d", len(listed), len(wanted))
	}
}

// A rule without an example is a rule nobody has seen work.
func TestEveryRuleHasAnExample(t *testing.T) {
	t.Parallel()
	packages, err := filepath.Glob("*/package.yaml")
	if err != nil || len(packages) == 0 {
		t.Fatalf("no packages: %v", err)
	}
	for _, file := range packages {
		files := plans.In(filepath.Dir(file))
		pkg, faults := plan.Load(files)
		if pkg == nil {
			t.Fatal(faults)
		}
		tests, faults := plan.LoadTests(files, pkg)
		for _, fault := range faults {
			t.Error(fault)
		}
		shown := make(map[string]bool)
		for _, test := range tests {
			shown[test.Object] = true
		}
		for _, o := range pkg.Objects {
			decides := o.Decision != nil && o.Decision.Eligible != nil
			if o.Plan == pkg.ID && (o.Measured() || decides) && !shown[o.ID] {
				t.Errorf("%s: no test of %s shows %s", o.At.File, pkg.ID, o.ID)
			}
		}
	}
}

// Nobody has read an official text yet: what was read stands in copies. Whoever
// reads one raises the status of its number and drops it from this test.
func TestNothingIsShownAsOfficial(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"cn-14fyp", "ningxia-2025", "litong-2025"} {
		pkg := load(t, id)
		for _, o := range pkg.Objects {
			for _, target := range o.Targets() {
				if target.Status == plan.Verified {
					t.Errorf("%s in %s: the target %v is verified", o.ID, id, target)
				}
			}
			for name, p := range o.Parameters() {
				for _, value := range p.Values {
					if value.Status == plan.Verified {
						t.Errorf("%s in %s: %s is verified", o.ID, id, name)
					}
				}
			}
		}
	}
}

// TestChinesePunctuation holds that Chinese names and texts are punctuated as
// Chinese: a half-width bracket in one is a typing slip, and every page shows it.
func TestChinesePunctuation(t *testing.T) {
	slip := regexp.MustCompile(`\p{Han}[,;:?!(]|[,;:(]\p{Han}`)
	scalar := regexp.MustCompile(`\bzh: *(.*?)(?:, en: |\}|\n)`)
	for _, id := range []string{"cn-14fyp", "ningxia-2025", "litong-2025", "_template"} {
		files, err := filepath.Glob(filepath.Join(id, "*.yaml"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files of %s: %v", id, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range scalar.FindAllSubmatch(data, -1) {
				if slip.Match(found[1]) {
					t.Errorf("%s: %s", file, found[1])
				}
			}
		}
	}
}

// TestRemarksInBothLanguages: what a package says to its readers stands in Chinese
// and English, and every parameter has a name.
func TestRemarksInBothLanguages(t *testing.T) {
	han, latin := regexp.MustCompile(`\p{Han}`), regexp.MustCompile(`[a-z]{3}`)
	for _, id := range []string{"cn-14fyp", "ningxia-2025", "litong-2025"} {
		p, faults := plan.Load(plans.In(id))
		if p == nil {
			t.Fatalf("%s: %v", id, faults)
		}
		said := func(what string, n lifecircle.Name) {
			t.Helper()
			// The number of a standard serves both.
			if latin.MatchString(n.ZH) && !han.MatchString(n.ZH) || han.MatchString(n.EN) && !latin.MatchString(n.EN) {
				t.Errorf("%s: %s is not in both languages: %q, %q", id, what, n.ZH, n.EN)
			}
		}
		for _, c := range p.Clauses {
			said(c.ID, c.Note)
			for _, reason := range c.Accepted {
				said(c.ID, reason)
			}
		}
		for _, o := range p.Objects {
			said(o.ID, o.Note)
			for _, v := range o.Variants() {
				said(o.ID+" "+v.ID, v.Reason)
			}
		}
		for _, s := range p.Stated() {
			if s.Target != nil {
				said(s.Object.ID, s.Target.Source)
				continue
			}
			for _, d := range s.Parameter.Values {
				said(s.Object.ID+" "+s.Parameter.Name, d.Source)
			}
			if _, named := p.ParameterNames[s.Parameter.Name]; !named {
				t.Errorf("%s: parameter %s of %s has no name", id, s.Parameter.Name, s.Object.ID)
			}
		}
	}
}
