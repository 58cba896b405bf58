package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
)

// packageFile names the file that opens a package; every other .yaml file
// beside it is a theme with objects.
const packageFile = "package.yaml"

// testFolder holds a package's own tests.
const testFolder = "tests"

// Load reads a package from the root of a file system: package.yaml and one
// YAML file per theme. All faults come at once, in the order of files, lines
// and columns. A package with a fault of severity error is returned as nil;
// warnings do not stop it.
//
// A package that extends another one needs a file system that knows where that
// is: UpperFS.
func Load(fsys fs.FS) (*Package, []Fault) { return load(fsys, nil) }

// load loads a package; above are the ids of the packages that extend it, the
// lowest first.
func load(fsys fs.FS, above []string) (*Package, []Fault) {
	l := loaded(fsys, above)
	found := l.sorted()
	if Broken(found) {
		return nil, found
	}
	return l.pkg, found
}

func loaded(fsys fs.FS, above []string) *loader {
	l := &loader{
		files: fsys, above: above,
		pkg: &Package{
			Kinds: make(map[string]FacilityKind), Elements: make(map[string]Element),
			Measures: make(map[string]Measure), Registers: make(map[string]Register),
			Accepted: make(map[string]lifecircle.Name), Sets: make(map[string]SubjectSet), Departments: make(map[string]Department), ParameterNames: make(map[string]lifecircle.Name),
		},
		ids: make(map[string]Position), clauseIDs: make(map[string]Position),
	}
	l.load()
	return l
}

// loader holds a package while it is read. Objects are read first and checked
// afterwards, when all that they may name is known.
type loader struct {
	faults
	files fs.FS
	above []string // ids of the packages that extend this one
	upper *Package // the plan above, or nil
	pkg   *Package
	ids   map[string]Position // of objects
	// clauseIDs are of clauses and headings.
	clauseIDs map[string]Position
	// checks run when every file is read: what they look up may stand in any.
	checks   []func()
	accepted []acceptance
	// acknowledged are the warnings that were accepted.
	acknowledged []Accepted
	common       *rule.Scope // what every rule may name, once it is known
	// supposing says that one number is tried over the loaded package upper.
	supposing bool
	within    []lifecircle.AreaCode // above the area where it is tried
}

func (l *loader) load() {
	names := l.themes(l.files)
	hash := sha256.New()
	files := make(map[string][]byte, len(names))
	for _, name := range names {
		data, ok := l.file(l.files, name)
		if !ok {
			continue
		}
		files[name] = data
		writeHashed(hash, name, data)
	}
	// The package's own words stand before all that uses them: the plan above is
	// loaded on the way.
	if data, ok := files[packageFile]; ok {
		if root := l.read(packageFile, data); root != nil {
			l.header(root)
		}
	}
	for _, name := range names {
		data, ok := files[name]
		if !ok || name == packageFile {
			continue
		}
		if root := l.read(name, data); root != nil {
			l.theme(root)
		}
	}
	for i := range l.pkg.Objects {
		l.pkg.Objects[i].Plan = l.pkg.ID
	}
	for i, v := range l.pkg.Overrides {
		l.pkg.Overrides[i].Plan = l.pkg.ID
		if len(v.Areas) == 0 {
			l.pkg.Overrides[i].Areas = l.pkg.Areas
		}
	}
	l.inheritObjects()
	if l.upper != nil {
		writeHashed(hash, "extends", []byte(l.upper.Hash))
	}
	l.pkg.Hash = hex.EncodeToString(hash.Sum(nil))
	l.pkg.indexed()
	l.pkg.byObject()
	slices.SortStableFunc(l.pkg.Clauses, func(a, b Clause) int { return compareClauses(a.ID, b.ID) })
	for _, check := range l.checks {
		check()
	}
	l.checkClauses()
	l.checkSums()
	l.checkCycles()
	l.accept()
}

// themes lists the package's files in order, package.yaml among them.
func (l *loader) themes(fsys fs.FS) []string {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		l.error(Position{".", 1, 1}, finding{"file_unreadable", fmt.Sprintf("the package folder: %v", err), "name a folder that can be read"})
		return nil
	}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() && path.Ext(entry.Name()) == ".yaml" {
			names = append(names, entry.Name())
		}
	}
	if !slices.Contains(names, packageFile) {
		l.error(Position{packageFile, 1, 1}, finding{"package_missing", "there is no package.yaml", "write one: docs/formats/plan.md shows how"})
	}
	slices.Sort(names)
	return names
}

// file reads one file, unless it is too large or cannot be read.
func (f *faults) file(fsys fs.FS, name string) ([]byte, bool) {
	at := Position{name, 1, 1}
	unreadable := func(err error) ([]byte, bool) {
		f.error(at, finding{"file_unreadable", err.Error(), "make the file readable"})
		return nil, false
	}
	opened, err := fsys.Open(name)
	if err != nil {
		return unreadable(err)
	}
	defer opened.Close()
	data, err := io.ReadAll(io.LimitReader(opened, maxFileBytes+1))
	if err != nil {
		return unreadable(err)
	}
	if len(data) > maxFileBytes {
		f.error(at, finding{"file_too_large", fmt.Sprintf("larger than %d KiB", maxFileBytes>>10), "divide it into themes"})
		return nil, false
	}
	return data, true
}

// writeHashed adds a file to a package's hash: name and bytes, each after its
// length, so that no two packages write the same stream. Tests are left out:
// they say nothing that is measured.
func writeHashed(hash io.Writer, name string, data []byte) {
	var length [8]byte
	for _, part := range [][]byte{[]byte(name), data} {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		hash.Write(length[:]) // a hash.Hash never returns an error
		hash.Write(part)
	}
}

// header reads package.yaml.
func (l *loader) header(root *node) {
	r := l.record(root, "a package")
	p := l.pkg
	p.ID = l.packageID(r.need("id", "it names the plan"))
	p.Name = l.name(r.need("name", "it is shown to people"))
	p.Version = l.text(r.need("version", "results name it"), "the version")
	p.Year = l.year(r.need("year", "it is when targets are due"), "the year")
	l.extends(r.field("extends"))
	for _, area := range l.items(r.field("areas"), "areas") {
		p.Areas = append(p.Areas, l.area(area))
	}
	l.source(r.field("source"))
	for _, a := range l.acceptances(r, true) {
		p.Accepted[a.code] = a.reason
	}
	kinds := l.entries(r.field("facility_kinds"), "facility_kinds")
	for _, entry := range kinds {
		l.facilityKind(entry)
	}
	l.checkTags(kinds)
	for _, entry := range l.entries(r.field("departments"), "departments") {
		p.Departments[entry.key] = Department{ID: entry.key, Name: l.name(entry.value)}
	}
	for _, entry := range l.entries(r.field("parameter_names"), "parameter_names") {
		p.ParameterNames[entry.key] = l.name(entry.value)
	}
	for _, entry := range l.entries(r.field("elements"), "elements") {
		l.element(entry)
	}
	for _, entry := range l.entries(r.field("measures"), "measures") {
		l.measure(entry)
	}
	l.registers(l.entries(r.field("registers"), "registers"))
	for _, entry := range l.entries(r.field("subject_sets"), "subject_sets") {
		l.set(entry)
	}
	r.close()
}

// packageID allows what object ids do not: "ningxia-2025" is a folder's name.
func (l *loader) packageID(n *node) string {
	id := l.text(n, "the package's id")
	for part := range strings.SplitSeq(id, "-") {
		if id != "" && strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "" || id != "" && part == "" {
			l.error(n.at, finding{"id_invalid", fmt.Sprintf("%q is no package id", id), "use lower-case letters, digits and hyphens, like ningxia-2025"})
			return ""
		}
	}
	return id
}

// source reads where the text comes from.
func (l *loader) source(n *node) {
	if n == nil {
		return
	}
	r := l.record(n, "the source")
	l.pkg.Source = l.text(r.need("title", "it names the document"), "the title")
	r.close()
}

func (l *loader) element(entry field) {
	r := l.record(entry.value, "an element")
	e := Element{ID: entry.key, Name: l.name(r.need("name", "it is shown to people"))}
	e.Unit, _ = l.unit(r.need("unit", "values are read in it"))
	kind := oneOf(&l.faults, r.need("kind", "a flow is summed over time, of a stock the last value holds"), "the kind", "stock", "flow")
	e.Flow = kind == "flow"
	e.Additive = true
	if n := r.field("additive"); n != nil {
		e.Additive = l.boolean(n, "additive")
	}
	for _, dimension := range l.entries(r.field("dimensions"), "dimensions") {
		if e.Dimensions == nil {
			e.Dimensions = make(map[string][]string)
		}
		e.Dimensions[dimension.key] = l.texts(dimension.value, "the categories of "+dimension.key)
	}
	r.close()
	if above, again := l.pkg.Elements[e.ID]; again && (!above.Unit.Same(e.Unit) || above.Flow != e.Flow || above.Additive != e.Additive) {
		l.error(entry.keyAt, finding{"replaced_otherwise", fmt.Sprintf("%s means something else in %s", e.ID, l.pkg.Extends), "give it the same unit, kind and additivity, or another id"})
	}
	l.pkg.Elements[e.ID] = e
}

func (l *loader) measure(entry field) {
	r := l.record(entry.value, "a measure")
	m := Measure{ID: entry.key, Name: l.name(r.need("name", "it is shown to people"))}
	m.Mode = oneOf(&l.faults, r.need("mode", "it says how people move"), "the mode", lifecircle.Modes()...)
	m.Distance = oneOf(&l.faults, r.need("distance", "it says along what"), "the distance", "network")
	for _, kind := range l.items(r.need("kinds", "they are the places that count"), "kinds") {
		id := l.identifier(kind, "a facility kind")
		m.Kinds = append(m.Kinds, id)
		l.later(func() { lookUp(&l.faults, kind, "facility kind", l.pkg.Kinds) })
	}
	m.Public = l.boolean(r.need("public", "it says whether only places open to anyone count"), "public")
	m.Status = l.status(r.need("status", "it says how well the choice is founded"))
	m.Source = l.remark(r.need("source", "it says where the choice comes from"), "the source")
	r.close()
	l.pkg.Measures[m.ID] = m
}

func (l *loader) set(entry field) {
	r := l.record(entry.value, "a subject set")
	s := SubjectSet{ID: entry.key, Name: l.name(r.need("name", "it is shown to people"))}
	of := r.need("of", "it names the register whose rows are meant")
	s.Of = l.identifier(of, "a register")
	where := r.field("where")
	r.close()
	s.Where = l.expression(where)
	if above, again := l.pkg.Sets[s.ID]; again && above.Of != s.Of {
		l.error(entry.keyAt, finding{"replaced_otherwise", fmt.Sprintf("%s is of %s in %s", s.ID, above.Of, l.pkg.Extends), "give it another id, or take the same register"})
	}
	l.pkg.Sets[s.ID] = s
	l.later(func() {
		if lookUp(&l.faults, of, "register", l.pkg.Registers) {
			l.checkCondition(where, s.Where, site{register: s.Of})
		}
	})
}

func (l *loader) status(n *node) Status {
	return oneOf(&l.faults, n, "the status", Verified, Secondary, Unverified, LocalChoice)
}

// later puts a check off until every file is read.
func (l *loader) later(check func()) { l.checks = append(l.checks, check) }

// lookUp reports a name that nothing bears.
func lookUp[V any](f *faults, n *node, what string, known map[string]V) bool {
	if n == nil || n.kind != scalar || n.text == "" {
		return false // a fault has been reported where it was read
	}
	if _, ok := known[n.text]; ok {
		return true
	}
	f.error(n.at, dead(what, n.text, known))
	return false
}

func dead[V any](what, id string, known map[string]V) finding {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	repair := fmt.Sprintf("declare it in %s", packageFile)
	if meant := rule.Closest(id, slices.Values(names)); meant != "" {
		repair = fmt.Sprintf("write %q, or declare it in %s", meant, packageFile)
	}
	return finding{"reference_unknown", fmt.Sprintf("there is no %s %q", what, id), repair}
}

func firstClause(o Object) string {
	if len(o.Clauses) == 0 {
		return ""
	}
	return o.Clauses[0]
}

// compareClauses orders clause numbers as the text does: 1.1.2 before 1.1.10,
// 4.2.4b1 before 4.2.4b2 before 4.2.4c.
func compareClauses(a, b string) int {
	for a != "" && b != "" {
		headA, headB := run(a), run(b)
		a, b = a[len(headA):], b[len(headB):]
		if digits(headA) && digits(headB) {
			if order := cmp.Or(cmp.Compare(len(headA), len(headB)), cmp.Compare(headA, headB)); order != 0 {
				return order
			}
		} else if order := cmp.Compare(headA, headB); order != 0 {
			return order
		}
	}
	return cmp.Compare(len(a), len(b))
}

// run returns the leading digits of text, or its first byte that is none.
func run(text string) string {
	end := 0
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	return text[:max(end, 1)]
}

func digits(text string) bool { return text[0] >= '0' && text[0] <= '9' }

// clause reports whether a value is a clause number, like 2.2.6d.
func (l *loader) clause(n *node) bool {
	text := l.text(n, "a clause")
	if text == "" {
		return false
	}
	if !clauseNumber(text) {
		l.error(n.at, finding{"clause_invalid", fmt.Sprintf("%q is no clause number", text), "write it like 1.1.7 or 4.2.2h3"})
		return false
	}
	return true
}

func clauseNumber(text string) bool {
	parts := strings.Split(text, ".")
	for i, part := range parts {
		number := strings.TrimLeft(part, "0123456789")
		plain := len(number) < len(part)
		if i == len(parts)-1 {
			// The last part may go on with a letter and a digit: 2.2.6d, 4.2.2h3.
			letter := strings.TrimLeft(number, "abcdefghijklmnopqrstuvwxyz")
			if !plain || len(number)-len(letter) > 1 || strings.Trim(letter, "0123456789") != "" || len(letter) > 0 && len(letter) == len(number) {
				return false
			}
		} else if !plain || number != "" {
			return false
		}
	}
	return len(parts) > 1
}

// rows the product keeps, whose fields every package may name; docs/formats/plan.md
// lists them. A package adds further fields and further registers.
func keptRegisters() map[string]Register {
	text := rule.Type{Kind: rule.Text}
	boolean := rule.Type{Kind: rule.Bool}
	kept := map[string]Register{
		"population_point": {
			Name: lifecircle.Name{ZH: "人口点", EN: "population point"},
			Fields: map[string]rule.Type{
				"people": {Kind: rule.Number, Unit: rule.Persons}, "urban": boolean,
			},
		},
		"facility": {
			Name:   lifecircle.Name{ZH: "设施", EN: "facility"},
			Fields: map[string]rule.Type{"kind": text, "public": boolean},
		},
		"region":     {Name: lifecircle.Name{ZH: "自治区", EN: "region"}},
		"prefecture": {Name: lifecircle.Name{ZH: "地级市", EN: "prefecture city"}},
		"county":     {Name: lifecircle.Name{ZH: "县（市、区）", EN: "county"}},
		"township":   {Name: lifecircle.Name{ZH: "乡级", EN: "township level"}},
		"village":    {Name: lifecircle.Name{ZH: "村级", EN: "village level"}},
	}
	return kept
}
