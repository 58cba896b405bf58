package intake_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lifecircle"
	"lifecircle/geo"
	"lifecircle/intake"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

func TestLookInto(t *testing.T) {
	t.Parallel()
	file := intake.File{Name: "a.csv", Kind: intake.Facilities, Data: []byte("机构编码,单位名称,设施类别,行政区划代码,机构地址经度,机构地址纬度,备注\na,b,c,d,e,f,g\n")}
	look, err := intake.LookInto(file, into(t))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"机构编码": "id", "单位名称": "name", "设施类别": "kind", "行政区划代码": "area", "机构地址经度": "lon", "机构地址纬度": "lat"}
	if diff := cmp.Diff(want, look.Suggested); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(look.Guessed, []string{"机构编码", "机构地址经度", "机构地址纬度"}) || look.Rows != 1 || look.Sample[0][6] != "g" {
		t.Errorf("guessed %v, %d rows, sample %v", look.Guessed, look.Rows, look.Sample)
	}
}

func TestRepairs(t *testing.T) {
	t.Parallel()
	file := intake.File{
		Name: "a.csv", Kind: intake.Facilities, CRS: geo.WGS84, CRSGiven: true,
		Data:    []byte("id,kind,area,lon,lat\na,clinc,640104,106.28,38.48\nb,casino,640104,106.28,38.48\n"),
		Repairs: map[int]map[string]string{2: {"kind": " village_clinic "}, 3: {"nothing": "x"}, 9: {"kind": "x"}},
	}
	out := read(t, file)
	if out.Accepted != 1 || fmt.Sprint(out.Refused) != "[3]" || out.Cells(2)[1] != "village_clinic" || out.Cells(3)[1] != "casino" {
		t.Errorf("%d accepted, %v refused, row 2 %v", out.Accepted, out.Refused, out.Cells(2))
	}
}

// A list without a column says nothing of it: what stands is kept.
func TestKeepsWhatIsNotSaid(t *testing.T) {
	t.Parallel()
	known := into(t)
	f := known.Registry.Facilities()[0]
	grown := *f
	grown.Public, grown.Name = true, "旧名"
	grown.Fields = registry.Fields{"beds": rule.NumberOf(lifecircle.Int(9)), "fee": rule.TextOf("free")}
	var err error
	if known.Registry, err = known.Registry.With([]registry.Edit{{Amend: &grown}}); err != nil {
		t.Fatal(err)
	}
	row := fmt.Sprintf("id,kind,area,lon,lat,fee\n%s,%s,%s,%v,%v,\n", f.ID, f.Kind, f.Area, f.At.Lon, f.At.Lat)
	out, err := intake.Read(intake.File{Name: "a.csv", Kind: intake.Facilities, CRS: geo.WGS84, CRSGiven: true, Data: []byte(row)}, known)
	if err != nil || len(out.Changes) != 1 {
		t.Fatal(err, out.Faults)
	}
	now := out.Changes[0].Facility
	_, fee := now.Fields["fee"]
	if beds, _ := now.Fields["beds"].Number(); !now.Public || now.Name != "旧名" || beds.Cmp(lifecircle.Int(9)) != 0 || fee {
		t.Errorf("now %+v; want the fee taken back by its empty cell and all else kept", now)
	}
}

// A column that is understood by itself can be left out.
func TestLeftOut(t *testing.T) {
	t.Parallel()
	file := intake.File{
		Name: "a.csv", Kind: intake.Facilities, CRS: geo.WGS84, CRSGiven: true, Mapping: intake.Mapping{Columns: map[string]string{"名称": ""}},
		Data: []byte("id,kind,area,lon,lat,名称\na,village_clinic,640104,106.28,38.48,x\n"),
	}
	out := read(t, file)
	if out.Accepted != 1 || out.Changes[0].Facility.Name != "" || fmt.Sprint(out.Ignored) != "[名称]" {
		t.Errorf("%d accepted, named %q, ignored %v", out.Accepted, out.Changes[0].Facility.Name, out.Ignored)
	}
}

// What a template asks for is what a filled one is understood by.
func TestTemplate(t *testing.T) {
	t.Parallel()
	for _, kind := range append(intake.Kinds(), "programme_project") {
		if _, known := into(t).Plan.Registers[kind]; !known && kind == "programme_project" {
			continue
		}
		var book bytes.Buffer
		if err := intake.WriteTemplate(&book, kind, into(t)); err != nil {
			t.Fatal(err)
		}
		look, err := intake.LookInto(intake.File{Name: "t.xlsx", Kind: kind, Data: book.Bytes()}, into(t))
		if err != nil {
			t.Fatal(err)
		}
		targets, err := intake.Targets(kind, into(t))
		if err != nil {
			t.Fatal(err)
		}
		if len(look.Suggested) != len(targets) || len(look.Guessed) > 0 || len(look.Sheets) < 2 {
			t.Errorf("%s: %d of %d headings are understood, %v guessed, sheets %v", kind, len(look.Suggested), len(targets), look.Guessed, look.Sheets)
		}
	}
}

func TestAmend(t *testing.T) {
	t.Parallel()
	known := into(t)
	f := known.Registry.Facilities()[0]
	entry := registry.Entry{Register: registry.FacilityRegister, ID: string(f.ID)}
	change, faults, err := intake.Amend(entry, map[string]string{"name": "新名", "beds": "40", "public": "否"}, known)
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	beds, _ := change.Facility.Fields["beds"].Number()
	if change.Facility.Name != "新名" || beds.Cmp(lifecircle.Int(40)) != 0 || change.Facility.Public || change.Facility.At != f.At {
		t.Errorf("amended to %+v", change.Facility)
	}
	// A dated change has the last word on a field it names, so that is where the new value goes.
	day, err := registry.ParseDay("2024-01-01")
	if err != nil {
		t.Fatal(err)
	}
	grown := *f
	grown.Changes = []registry.Dated{{Since: day, Fields: registry.Fields{"beds": rule.NumberOf(lifecircle.Int(9))}}}
	if known.Registry, err = known.Registry.With([]registry.Edit{{Amend: &grown}}); err != nil {
		t.Fatal(err)
	}
	if change, _, err = intake.Amend(entry, map[string]string{"beds": "41"}, known); err != nil {
		t.Fatal(err)
	}
	if now, _ := change.Facility.On(registry.Day{}).Fields["beds"].Number(); now.Cmp(lifecircle.Int(41)) != 0 {
		t.Errorf("beds are %s after the change, want 41", now)
	}
	if was, _ := grown.Changes[0].Fields["beds"].Number(); was.Cmp(lifecircle.Int(9)) != 0 {
		t.Errorf("what stood was changed in place: %s", was)
	}
	if _, faults, err = intake.Amend(entry, map[string]string{"beds": "many"}, known); err != nil || len(faults) != 1 || faults[0].Code != "number_invalid" {
		t.Errorf("a faulty cell: %v, %v", faults, err)
	}
	for id, code := range map[string]string{"none": "facility_unknown", entry.ID: "field_unknown"} {
		_, _, err := intake.Amend(registry.Entry{Register: registry.FacilityRegister, ID: id}, map[string]string{"height": "1"}, known)
		if lifecircle.ErrorCode(err) != code {
			t.Errorf("%s: %v, want %s", id, err, code)
		}
	}
}
