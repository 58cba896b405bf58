package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/journal"
	"lifecircle/network"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// workspaceOf makes an empty workspace of a plan package with one county, a
// township and nothing else.
func workspaceOf(t *testing.T, plan string) string {
	t.Helper()
	t.Setenv(databaseVariable, "")
	dir := filepath.Join(t.TempDir(), "ws")
	ok(t, "init", dir, "--plan", plan)
	ok(t, "--dir", dir, "import", "areas", areasFile(t), "--set", "source=test")
	return dir
}

func areasFile(t *testing.T) string {
	t.Helper()
	return inFile(t, "areas.csv", "code,name,parent,kind\n640104,兴庆区,,district\n640104001,凤凰北街,640104,街道\n")
}

// held is what a workspace holds, and its last change.
func held(t *testing.T, dir string) (scenario.Facts, journal.Seq) {
	t.Helper()
	w, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.db.Close()
	f, seq, err := w.db.Facts(t.Context(), account.Local())
	if err != nil {
		t.Fatal(err)
	}
	return f, seq
}

func facts(t *testing.T, dir string) scenario.Facts {
	t.Helper()
	f, _ := held(t, dir)
	return f
}

func seqOf(t *testing.T, dir string) journal.Seq {
	t.Helper()
	_, seq := held(t, dir)
	return seq
}

// streetsOf is the network of a root, as the workspace keeps it.
func streetsOf(t *testing.T, dir string, root lifecircle.AreaCode) *network.Network {
	t.Helper()
	w, err := open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.db.Close()
	kept, _ := facts(t, dir).Registry.Network(root)
	net, err := w.Network(kept.Hash)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func TestInit(t *testing.T) {
	t.Setenv(databaseVariable, "")
	dir := filepath.Join(t.TempDir(), "ws")
	made := decoded[struct {
		Dir, Plan string
		Objects   int
	}](t, "init", dir, "--plan", template)
	if made.Dir != dir || made.Plan != "template" || made.Objects == 0 {
		t.Errorf("made %+v", made)
	}
	for _, name := range []string{"lifecircle.db", filepath.Join("plan", "package.yaml")} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if got := facts(t, dir); len(got.Registry.Areas()) != 0 {
		t.Errorf("an empty workspace has %d areas", len(got.Registry.Areas()))
	}
	faulty := filepath.Join(t.TempDir(), "faulty")
	if err := os.CopyFS(faulty, os.DirFS(template)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(faulty, "care.yaml"), []byte("objects: [1"), 0o600); err != nil {
		t.Fatal(err)
	}
	untouched := filepath.Join(t.TempDir(), "other")
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"twice":           {[]string{"init", dir, "--plan", template}, exitInput, "is a workspace already"},
		"without a plan":  {[]string{"init", untouched}, exitUse, "--plan"},
		"no such plan":    {[]string{"init", untouched, "--plan", "nowhere"}, exitInput, "nowhere"},
		"a faulty plan":   {[]string{"init", untouched, "--plan", faulty}, exitInput, "plan check"},
		"without a place": {[]string{"init"}, exitUse, "accepts 1 arg"},
	} {
		if got := tell(t, c.args...); got.code != c.code || !strings.Contains(got.err, c.says) {
			t.Errorf("%s: exit %d, %q; want %d with %q", name, got.code, got.err, c.code, c.says)
		}
	}
	if _, err := os.Stat(untouched); !os.IsNotExist(err) {
		t.Errorf("a refused init left something behind: %v", err)
	}
}

// TestImportLists: what can be taken is one change; the rest is named and written
// back, and once corrected it is taken too.
func TestImportLists(t *testing.T) {
	dir := workspaceOf(t, template)
	list := inFile(t, "clinics.csv", "编号,名称,设施类型,区划代码,经度,纬度\nc1,一村卫生室,村卫生室,640104001,106.27,38.46\nc2,二村卫生室,village_clinic,640104001,38.46,106.27\n")
	refused := filepath.Join(t.TempDir(), "refused.csv")
	command := []string{"--dir", dir, "import", "facilities", list, "--crs", "wgs84", "--format", "json", "--refused", refused}
	dry := tell(t, append(command, "--dry-run")...)
	if dry.code != exitNo || len(facts(t, dir).Registry.Facilities()) != 0 {
		t.Fatalf("a dry run: exit %d, %d facilities", dry.code, len(facts(t, dir).Registry.Facilities()))
	}
	got := tell(t, command...)
	var answer importAnswer
	if err := json.Unmarshal([]byte(got.out), &answer); err != nil || got.code != exitNo {
		t.Fatalf("exit %d, %v: %s", got.code, err, got.err)
	}
	if answer.Rows != 2 || answer.Accepted != 1 || answer.Refused != 1 || answer.Change != 2 || answer.Faults[0].Code != "coordinates_swapped" || answer.Faults[0].Row != 3 {
		t.Errorf("answer %+v", answer)
	}
	text, err := os.ReadFile(refused)
	if err != nil {
		t.Fatal(err)
	}
	corrected := inFile(t, "again.csv", strings.Replace(string(text), "38.46,106.27", "106.28,38.47", 1))
	ok(t, "--dir", dir, "import", "facilities", corrected, "--crs", "wgs84")
	if got := facts(t, dir).Registry.Facilities(); len(got) != 2 || got[1].Name != "二村卫生室" {
		t.Errorf("%d facilities", len(got))
	}
	// The same list again says nothing new, with a key or without.
	again := decoded[importAnswer](t, "--dir", dir, "import", "facilities", inFile(t, "again.csv", strings.Replace(string(text), "38.46,106.27", "106.28,38.47", 1)), "--crs", "wgs84")
	if again.Change != 0 || again.Unchanged != 1 {
		t.Errorf("again: %+v", again)
	}
	for _, c := range [][]string{
		{"population", "code,日期,total\n640104,2020-11-01,800\n"},
		{"organisations", "id,area,credit_code\no,640104,91110000802100433B\n"},
		{"premises", "id,area,vacant\np,640104,是\n"},
		{"estates", "id,area,people\ne,640104,300\n"},
	} {
		if got := decoded[importAnswer](t, "--dir", dir, "import", c[0], inFile(t, "list.csv", c[1])); got.Accepted != 1 || got.Change == 0 {
			t.Errorf("%s: %+v", c[0], got)
		}
	}
}

const cityXML = `<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6" timestamp="2025-06-01T00:00:00Z">
 <node id="1" lat="38.40" lon="106.20"/><node id="2" lat="38.40" lon="106.30"/><node id="3" lat="38.50" lon="106.30"/><node id="4" lat="38.50" lon="106.20"/>
 <node id="7" lat="38.45" lon="106.25"><tag k="amenity" v="clinic"/><tag k="name" v="一村卫生室"/><tag k="name:en" v="First"/></node>
 <node id="8" lat="38.46" lon="106.26"><tag k="amenity" v="clinic"/></node>
 <node id="9" lat="38.90" lon="106.90"><tag k="amenity" v="clinic"/></node>
 <way id="11"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
 <way id="12"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
 <relation id="21"><member type="way" ref="11" role="outer"/><tag k="type" v="boundary"/><tag k="boundary" v="administrative"/><tag k="admin_level" v="8"/><tag k="name" v="凤凰北街"/><tag k="ref" v="640104001000"/></relation>
 <relation id="22"><member type="way" ref="11" role="outer"/><tag k="type" v="boundary"/><tag k="boundary" v="administrative"/><tag k="admin_level" v="8"/><tag k="name" v="无码镇"/></relation>
</osm>
`

// mapped is the template's plan with clinics that the map knows.
func mapped(t *testing.T) string {
	t.Helper()
	return changedPlan(t, template, "package.yaml", "{zh: 村卫生室, en: Village clinic}", "{zh: 村卫生室, en: Village clinic, osm: [amenity=clinic]}")
}

// TestImportMap: from the file to the register, twice, and then a later map.
func TestImportMap(t *testing.T) {
	dir := workspaceOf(t, mapped(t))
	command := func(xml string, more ...string) mapAnswer {
		t.Helper()
		got := tell(t, append([]string{"--dir", dir, "import", "osm", inFile(t, "city.osm", xml), "--format", "json"}, more...)...)
		var answer mapAnswer
		if err := json.Unmarshal([]byte(got.out), &answer); err != nil || (got.code == 0) != (answer.Refused == 0) {
			t.Fatalf("exit %d, %v: %s%s", got.code, err, got.out, got.err)
		}
		return answer
	}
	refused := filepath.Join(t.TempDir(), "refused.xlsx")
	if dry := command(cityXML, "--dry-run", "--refused", refused); dry.New != 2 || dry.Refused != 2 || dry.Change != 0 || len(facts(t, dir).Registry.Facilities()) != 0 {
		t.Errorf("a dry run: %+v", dry)
	}
	if _, err := os.Stat(refused); err != nil {
		t.Error(err)
	}
	first := command(cityXML, "--facilities")
	if first.New != 2 || first.Refused != 1 || first.Change != 2 || first.Date != "2025-06-01T00:00:00Z" {
		t.Errorf("first: %+v", first)
	}
	place, _ := facts(t, dir).Registry.Facility("osm:node/7")
	if name, _ := place.Fields[registry.NameEN].Text(); place.Area != "640104001" || place.Kind != "village_clinic" || name != "First" || !strings.Contains(place.Source, "ODbL 1.0; city.osm, as of 2025-06-01") {
		t.Errorf("the clinic is %+v", place)
	}
	if second := command(cityXML, "--facilities"); second.Change != 0 || second.Unchanged != 2 || second.New+second.Changed+len(second.Gone) != 0 {
		t.Errorf("again: %+v", second)
	}
	later := strings.NewReplacer("一村卫生室", "第一卫生室", `id="8"`, `id="80"`, "2025-06", "2025-09").Replace(cityXML)
	if diff := command(later, "--facilities", "--set", "area=640104"); diff.New != 2 || diff.Changed != 1 || len(diff.Gone) != 1 || diff.Gone[0] != "osm:node/8" || diff.Withdrawn {
		t.Errorf("later: %+v", diff)
	}
	if _, stands := facts(t, dir).Registry.Facility("osm:node/8"); !stands {
		t.Error("what is gone from the map was withdrawn unasked")
	}
	if asked := command(later, "--facilities", "--set", "area=640104", "--withdraw-gone"); asked.Change == 0 || !asked.Withdrawn {
		t.Errorf("asked to withdraw: %+v", asked)
	}
	if _, stands := facts(t, dir).Registry.Facility("osm:node/8"); stands {
		t.Error("what is gone stands, though its withdrawal was asked")
	}
	area := command(cityXML, "--boundaries")
	if area.Rows != 2 || area.Faults[0].Code != "boundary_uncoded" || !strings.Contains(area.Faults[0].Message, "无码镇") {
		t.Errorf("boundaries: %+v", area)
	}
	if a, _ := facts(t, dir).Registry.Area("640104001"); a.Outline == nil || area.Changed != 1 {
		t.Errorf("the township is not drawn: %+v", area)
	}
	// Its ground tells where a place lies on a map that does not show it.
	i, j := strings.Index(cityXML, " <relation"), strings.Index(cityXML, "</osm>")
	unbound := strings.Replace(cityXML[:i]+cityXML[j:], `id="7"`, `id="70"`, 1)
	command(unbound, "--facilities")
	if f, ok := facts(t, dir).Registry.Facility("osm:node/70"); !ok || f.Area != "640104001" {
		t.Errorf("by known ground: %+v", f)
	}
	if table := tell(t, "--dir", dir, "import", "osm", inFile(t, "city.osm", cityXML)); !strings.Contains(table.out, "gone") || table.code != exitNo {
		t.Errorf("the table: %s", table.out)
	}
}

// TestImportNetwork: streets are kept for a root, in place of the ones before.
func TestImportNetwork(t *testing.T) {
	dir := workspaceOf(t, template)
	var nets []string
	for _, xml := range []string{cityXML, strings.Replace(cityXML, `<nd ref="2"/><tag`, `<nd ref="2"/><nd ref="3"/><tag`, 1)} {
		net := filepath.Join(t.TempDir(), "net.lcn")
		ok(t, "network", "build", inFile(t, "city.osm", xml), "-o", net)
		nets = append(nets, net)
	}
	type answer struct {
		Root, Hash string
		Change     int
	}
	first := decoded[answer](t, "--dir", dir, "import", "network", nets[0])
	if first.Root != "640104" || first.Change != 2 {
		t.Errorf("first: %+v", first)
	}
	if again := decoded[answer](t, "--dir", dir, "import", "network", nets[0], "--area", "640104"); again.Change != 0 {
		t.Errorf("again: %+v", again)
	}
	second := decoded[answer](t, "--dir", dir, "import", "network", nets[1], "--set", "source=survey", "--set", "provenance=estimated")
	kept, _ := facts(t, dir).Registry.Network("640104")
	if second.Hash == first.Hash || kept.Hash != second.Hash || kept.Source != "survey" || kept.Provenance != "estimated" {
		t.Errorf("second: %+v, kept %+v", second, kept)
	}
	ok(t, "--dir", dir, "evaluate") // opens the file that is kept
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"not a root":       {[]string{nets[0], "--area", "640104001"}, exitInput, "is not a root area"},
		"no code":          {[]string{nets[0], "--area", "64"}, exitInput, "6, 9 or 12"},
		"no network":       {[]string{areasFile(t)}, exitInput, "areas.csv"},
		"no file":          {[]string{"nowhere.lcn"}, exitInput, "nowhere.lcn"},
		"a setting":        {[]string{nets[0], "--set", "colour=red"}, exitUse, "colour"},
		"a bad provenance": {[]string{nets[0], "--set", "provenance=sworn"}, exitInput, "sworn"},
	} {
		if got := tell(t, append([]string{"--dir", dir, "import", "network"}, c.args...)...); got.code != c.code || !strings.Contains(got.err, c.says) {
			t.Errorf("%s: exit %d, %q; want %d with %q", name, got.code, got.err, c.code, c.says)
		}
	}
}
