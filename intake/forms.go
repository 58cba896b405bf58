package intake

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
	"lifecircle/scenario"
)

// form is how the rows of one kind of list are read.
type form struct {
	kind    string
	targets []target
	// read makes the change of a row; same says that it is said already.
	read func(*row) (change scenario.Change, same bool)
	// settle looks at the rows together, where they depend on one another; nil
	// where they do not.
	settle func(*reader, []taking) []taking
}

// formOf chooses the form of a file.
func formOf(file File, t *table, into Into) (*form, error) {
	switch file.Kind {
	case Areas:
		return areaForm(t, into), nil
	case Facilities:
		return facilityForm(into), nil
	case registry.PointRegister:
		return pointForm(into), nil
	case Population:
		if placed(file, t) {
			return pointForm(into), nil
		}
		return recordForm(Population, registry.PopulationRegister, into), nil
	case Organisations:
		return recordForm(file.Kind, registry.OrganisationRegister, into), nil
	case Premises:
		return recordForm(file.Kind, registry.PremisesRegister, into), nil
	case Estates:
		return recordForm(file.Kind, registry.ResidentialAreaRegister, into), nil
	}
	if _, known := into.Plan.Registers[file.Kind]; known {
		return recordForm(file.Kind, file.Kind, into), nil
	}
	return nil, lifecircle.Errorf("kind_unknown", "there is no list of %q: want %s, or a register of the plan (%s)", file.Kind, strings.Join(Kinds(), ", "),
		listed(slices.Sorted(maps.Keys(into.Plan.Registers)))).With("kind", file.Kind)
}

// placed reports whether a list has positions: a list of people with them is of
// points, one without is of counts.
func placed(file File, t *table) bool {
	i := slices.IndexFunc(commonTargets(), func(t target) bool { return t.id == "lon" })
	lon := append([]string{"lon"}, commonTargets()[i].aliases...)
	return slices.ContainsFunc(t.heading, func(heading string) bool {
		return file.Mapping.Columns[heading] == "lon" || slices.ContainsFunc(lon, func(alias string) bool { return plain(alias) == plain(heading) })
	})
}

// commonTargets are what every list may say.
func commonTargets() []target {
	return []target{
		{id: "id", aliases: []string{"编号", "编码", "标识", "单位编码", "设施编号", "facility_id"}},
		{id: "name", aliases: []string{"名称", "单位名称", "设施名称", "机构名称", "name_zh"}},
		{id: "kind", aliases: []string{"类别", "种类", "设施类型", "设施类别", "类型"}},
		{id: "area", aliases: []string{"行政区", "地区", "所在地区", "区划代码", "行政区划代码", "统计用区划代码", "所属区划", "area_code", "code"}},
		{id: "lon", aliases: []string{"经度", "longitude", "lng", "x", "easting", "东坐标"}},
		{id: "lat", aliases: []string{"纬度", "latitude", "y", "northing", "北坐标"}},
		{id: "crs", aliases: []string{"坐标系", "坐标系统", "坐标参考系"}},
		{id: "source", aliases: []string{"来源", "数据来源"}},
		{id: "provenance", aliases: []string{"数据性质"}},
	}
}

// Fields returns the types of a register's own fields, beyond what every row has:
// those of the product's catalogue, and those of the plan, which say what counts.
func Fields(register string, pkg *plan.Package) map[string]rule.Type {
	types, _ := fieldTypes(register, pkg)
	return types
}

func fieldTypes(register string, pkg *plan.Package) (types map[string]rule.Type, names map[string]lifecircle.Name) {
	own := map[string]bool{"id": true, "name": true, "kind": true, "area": true, "opened": true, "closed": true, "public": true, "organisation": true}
	if register != registry.FacilityRegister {
		delete(own, "public")
		delete(own, "organisation")
	}
	types, names = make(map[string]rule.Type), make(map[string]lifecircle.Name)
	for _, r := range registry.Registers() {
		if r.ID != register {
			continue
		}
		for _, f := range r.Fields {
			if !own[f.ID] {
				types[f.ID], names[f.ID] = f.Type, f.Name
			}
		}
	}
	for name, kind := range pkg.Registers[register].Fields {
		if !own[name] {
			types[name] = kind
		}
	}
	return types, names
}

// fieldsOf returns Fields with the columns that are read for them.
func fieldsOf(register string, into Into) (types map[string]rule.Type, targets []target) {
	types, names := fieldTypes(register, into.Plan)
	for _, name := range slices.Sorted(maps.Keys(types)) {
		t := target{id: name, aliases: []string{names[name].ZH, names[name].EN}}
		// A capacity of a kind is written beds[nursing] as well.
		if unit, of, ok := strings.Cut(name, "_"); ok && types[name].Kind == rule.Number {
			t.aliases = append(t.aliases, unit+"["+of+"]")
		}
		t.aliases = slices.DeleteFunc(t.aliases, func(alias string) bool { return alias == "" })
		targets = append(targets, t)
	}
	return types, targets
}

// same reports whether two facts say the same.
func same[F any](a, b F) bool { return reflect.DeepEqual(a, b) }

func facilityForm(into Into) *form {
	types, targets := fieldsOf(registry.FacilityRegister, into)
	fields := inOrder(types)
	targets = slices.Concat(commonTargets(), []target{
		{id: "public", aliases: []string{"对外开放", "是否开放"}},
		{id: "organisation", aliases: []string{"所属机构", "主办单位", "运营机构"}},
		{id: "opened", aliases: []string{"启用日期", "开办日期", "成立日期"}},
		{id: "closed", aliases: []string{"终止日期", "停办日期"}},
	}, targets)
	kinds := make(map[string]string)
	for id, kind := range into.Plan.Kinds {
		for _, name := range []string{id, kind.Name.ZH, kind.Name.EN} {
			kinds[plain(name)] = id
		}
	}
	read := func(r *row) (scenario.Change, bool) {
		f := registry.Facility{ID: lifecircle.FacilityID(r.cell("id")), Name: r.cell("name"), Organisation: r.cell("organisation")}
		r.unique(string(f.ID))
		f.Area = r.area("area")
		kind := r.columns.meant("kind", r.cell("kind"))
		var known bool
		if f.Kind, known = kinds[plain(kind)]; !known {
			r.fault("kind", problem{"kind_unknown", fmt.Sprintf("%q is no kind of facility of plan %s", kind, into.Plan.ID), "use an id or name of the plan's facility_kinds, or translate it in a mapping: values: {kind: {" + kind + ": …}}"})
		}
		at, placed := r.position()
		if !placed && !r.faulty {
			r.fault("lon", problem{"position_missing", "there is no position", "give longitude and latitude"})
		}
		f.At = at
		f.Public, _ = r.truth("public")
		f.Span = r.span("opened", "closed")
		f.Fields = r.fields(fields)
		f.Source, f.Provenance = r.origin()
		if r.faulty {
			return scenario.Change{}, false
		}
		before, stands := r.standing(f.ID)
		if stands {
			f.Changes = before.Changes // a list says how things are, not how they came about
			kept(r, "name", &f.Name, before.Name)
			kept(r, "public", &f.Public, before.Public)
			kept(r, "organisation", &f.Organisation, before.Organisation)
			kept(r, "opened", &f.From, before.From)
			kept(r, "closed", &f.Until, before.Until)
			f.Fields = r.keptFields(f.Fields, before.Fields)
		}
		if err := f.Check(); err != nil {
			r.fault("", problem{lifecircle.ErrorCode(err), err.Error(), "correct the row"})
			return scenario.Change{}, false
		}
		if stands {
			return scenario.Change{Op: scenario.Amend, Facility: &f}, same(*before, f)
		}
		return scenario.Change{Op: scenario.Add, Facility: &f}, false
	}
	return &form{kind: Facilities, targets: needs(targets, "id", "kind", "area", "lon", "lat"), read: read}
}

// says reports whether a list has anything to say of a target: a column for it or
// a constant. An empty cell of a column says that nothing is known; a list without
// the column says nothing, and what stands is kept.
func (r *row) says(target string) bool {
	_, column := r.columns.at[target]
	return column || r.columns.constants[target] != ""
}

func kept[V any](r *row, target string, now *V, before V) {
	if !r.says(target) {
		*now = before
	}
}

func (r *row) keptFields(now, before registry.Fields) registry.Fields {
	for name, value := range before {
		if _, said := now[name]; said || r.says(name) {
			continue
		}
		if now == nil {
			now = make(registry.Fields, len(before))
		}
		now[name] = value
	}
	return now
}

// standing finds what was said of a facility so far, dated facts included.
func (r *reader) standing(id lifecircle.FacilityID) (*registry.Facility, bool) {
	return r.into.Registry.Said(id)
}

func recordForm(kind, register string, into Into) *form {
	types, fields := fieldsOf(register, into)
	typed := inOrder(types)
	targets := slices.Concat(commonTargets(), []target{
		{id: "opened", aliases: []string{"启用日期", "日期", "date", "since", "起始日期", "签订日期", "成立日期", "普查日期"}},
		{id: "closed", aliases: []string{"终止日期", "until", "截止日期", "到期日期"}},
	}, fields)
	// Where the register itself has a field of a name, it is the field.
	for i := range targets {
		targets[i].aliases = slices.DeleteFunc(targets[i].aliases, func(alias string) bool {
			_, field := types[alias]
			return field && alias != targets[i].id
		})
	}
	counts := register == registry.PopulationRegister
	needed := []string{"id", "area"}
	if counts {
		needed = []string{"area", "opened"}
	}
	read := func(r *row) (scenario.Change, bool) {
		rec := registry.Record{Register: register, ID: r.cell("id"), Name: r.cell("name"), Kind: r.columns.meant("kind", r.cell("kind"))}
		rec.Area = r.area("area")
		rec.Span = r.span("opened", "closed")
		rec.Source, rec.Provenance = r.origin()
		if counts {
			if rec.From.IsZero() {
				r.fault("opened", problem{"day_missing", "the day of the count is not said", "give it in a column, or for all rows by --set opened=2020-11-01"})
			}
			rec.ID = fmt.Sprintf("%s@%s/%s", rec.Area, rec.From, rec.Source)
		}
		if rec.Area != "" || !counts {
			r.unique(rec.ID)
		}
		if at, ok := r.position(); ok {
			rec.At = &at
		}
		rec.Fields = r.fields(typed)
		if r.faulty {
			return scenario.Change{}, false
		}
		before, stands := r.into.Registry.Entered(rec.Entry())
		if stands {
			rec.Changes = before.Changes
			kept(r, "name", &rec.Name, before.Name)
			kept(r, "kind", &rec.Kind, before.Kind)
			kept(r, "opened", &rec.From, before.From)
			kept(r, "closed", &rec.Until, before.Until)
			if !r.says("lon") {
				rec.At = before.At
			}
			rec.Fields = r.keptFields(rec.Fields, before.Fields)
		}
		if err := rec.Check(); err != nil {
			column := ""
			if lifecircle.ErrorCode(err) == "record_invalid" && register == registry.OrganisationRegister {
				column = registry.CreditCode
			}
			r.fault(column, problem{lifecircle.ErrorCode(err), err.Error(), "correct the row"})
			return scenario.Change{}, false
		}
		if register == registry.LinkRegister {
			for _, d := range r.into.Registry.DoubtLink(&rec) {
				r.warn(d.Field, problem{"link_dates", d.Message, "compare the days with the agreement; the row is taken as it stands"})
			}
		}
		return scenario.Change{Op: scenario.Enter, Record: &rec}, stands && same(*before, rec)
	}
	return &form{kind: kind, targets: needs(targets, needed...), read: read}
}

func pointForm(into Into) *form {
	types, fields := fieldsOf(registry.PointRegister, into)
	delete(types, "people")
	delete(types, "urban")
	fields = slices.DeleteFunc(fields, func(t target) bool {
		kind, group := types[t.id]
		return !group || kind.Kind != rule.Number
	})
	targets := slices.Concat(commonTargets(), []target{
		{id: "people", aliases: []string{"人数", "人口", "常住人口", "population", "weight"}},
		{id: "urban", aliases: []string{"城镇", "是否城镇"}},
	}, fields)
	read := func(r *row) (scenario.Change, bool) {
		p := registry.PopulationPoint{ID: r.cell("id")}
		r.unique(p.ID)
		p.Area = r.area("area")
		at, placed := r.position()
		if !placed && !r.faulty {
			r.fault("lon", problem{"position_missing", "there is no position", "give longitude and latitude"})
		}
		p.At = at
		people, known := r.number("people", rule.Persons)
		n, _ := people.Number()
		switch {
		case !known && !r.faulty:
			r.fault("people", problem{"people_missing", "the number of people is not said", "give it, or leave the row out"})
		case known && !n.IsInt():
			r.fault("people", problem{"people_fraction", fmt.Sprintf("%s people are no whole number", n), "round so that the sum of the area stays right"})
		}
		p.People = n.Num()
		p.Urban, _ = r.truth("urban")
		groups := make(map[string]int64)
		for _, field := range fields {
			value, known := r.number(field.id, types[field.id].Unit)
			if n, _ := value.Number(); known && n.IsInt() {
				groups[field.id] = n.Num()
			} else if known {
				r.fault(field.id, problem{"people_fraction", fmt.Sprintf("%s people are no whole number", n), "round so that the sum of the area stays right"})
			}
		}
		p.Groups = registry.GroupsOf(groups)
		p.Source, p.Provenance = r.origin()
		if r.faulty {
			return scenario.Change{}, false
		}
		if err := p.Check(); err != nil {
			r.fault("people", problem{lifecircle.ErrorCode(err), err.Error(), "correct the row: no group has more people than there are"})
			return scenario.Change{}, false
		}
		points := r.into.Registry.Points()
		i, found := slices.BinarySearchFunc(points, p.ID, func(p registry.PopulationPoint, id string) int { return strings.Compare(p.ID, id) })
		return scenario.Change{Op: scenario.Point, Point: &p}, found && points[i] == p
	}
	return &form{kind: "population points", targets: needs(targets, "id", "area", "lon", "lat", "people"), read: read}
}

// areaKindAliases are what lists of codes call kinds.
func areaKindAliases() map[string]string {
	aliases := map[string]string{
		"villagers_committee": "villagers", "residents_committee": "residents", "行政村": "villagers", "村委会": "villagers", "村": "villagers",
		"社区": "residents", "居委会": "residents", "街道办事处": "subdistrict", "乡镇街道": "other", "区": "district", "quasi": "quasi_villagers",
	}
	for _, level := range registry.Levels() {
		for _, kind := range registry.AreaKinds(level) {
			aliases[plain(kind.ID)], aliases[plain(kind.Name.ZH)], aliases[plain(kind.Name.EN)] = kind.ID, kind.ID, kind.ID
		}
	}
	for alias, kind := range maps.Clone(aliases) {
		aliases[plain(alias)] = kind
	}
	return aliases
}

// AreaFields returns the types of the fields that a plan gives areas of any level,
// beyond what every area has.
func AreaFields(pkg *plan.Package) map[string]rule.Type {
	types := make(map[string]rule.Type)
	for _, level := range registry.Levels() {
		for name, kind := range pkg.Registers[string(level)].Fields {
			types[name] = kind
		}
	}
	for _, r := range registry.Registers() {
		if registry.Level(r.ID).Valid() {
			for _, f := range r.Fields {
				delete(types, f.ID)
			}
		}
	}
	return types
}

func areaForm(t *table, into Into) *form {
	types := AreaFields(into.Plan)
	typed := inOrder(types)
	targets := []target{
		{id: "code", aliases: []string{"id", "区划代码", "行政区划代码", "统计用区划代码", "代码", "area", "area_code"}, need: true},
		{id: "name", aliases: []string{"name_zh", "名称", "区划名称", "中文名称"}, need: len(t.grounds) == 0},
		{id: "name_en", aliases: []string{"英文名称", "pinyin", "拼音"}},
		{id: "parent", aliases: []string{"parent_code", "上级代码", "上级区划代码"}},
		{id: "level", aliases: []string{"级别", "层级"}},
		{id: "kind", aliases: []string{"类别", "类型", "type"}},
		{id: "class", aliases: []string{"城乡分类代码", "城乡分类"}},
		{id: "from", aliases: []string{"设立日期", "起始日期"}},
		{id: "until", aliases: []string{"撤销日期", "截止日期"}},
		{id: "source", aliases: []string{"来源", "数据来源"}},
		{id: "provenance", aliases: []string{"数据性质"}},
		{id: "lon"},
		{id: "lat"}, // of a polygon's middle: they tell the coordinate system
	}
	for _, name := range slices.Sorted(maps.Keys(types)) {
		targets = append(targets, target{id: name})
	}
	kinds := areaKindAliases()
	read := func(r *row) (scenario.Change, bool) {
		var a registry.Area
		code, err := lifecircle.ParseAreaCode(strings.TrimSuffix(narrow(r.cell("code")), ".0"))
		if err != nil {
			r.fault("code", problem{"area_code_invalid", fmt.Sprintf("%q is no code of an area", r.cell("code")), "give 6, 9 or 12 digits; spreadsheets keep long codes as text"})
			return scenario.Change{}, false
		}
		a.Code = code
		r.unique(string(code))
		// A list of polygons without names draws areas that are known.
		_, named := r.columns.at["name"]
		_, known := r.into.Registry.Area(code)
		drawing := !named && len(r.table.grounds) > 0 && known
		if a.Name = (lifecircle.Name{ZH: r.cell("name"), EN: r.cell("name_en")}); a.Name.ZH == "" && !drawing {
			r.fault("name", problem{"name_missing", "the name is empty", "give the official name"})
		}
		if parent := strings.TrimSuffix(narrow(r.cell("parent")), ".0"); parent != "" {
			if a.Parent, err = lifecircle.ParseAreaCode(parent); err != nil {
				r.fault("parent", problem{"area_code_invalid", fmt.Sprintf("%q is no code of an area", parent), "give 6, 9 or 12 digits"})
			}
		} else if _, given := r.columns.at["parent"]; !given {
			a.Parent = parentOf(code)
		}
		a.Level = registry.LevelOf(code)
		if level := r.columns.meant("level", r.cell("level")); level != "" {
			if a.Level = registry.Level(level); !a.Level.Valid() {
				r.fault("level", problem{"level_invalid", fmt.Sprintf("%q is no level", level), "write region, prefecture, county, township or village"})
			}
		}
		if kind := r.columns.meant("kind", r.cell("kind")); kind != "" {
			var known bool
			if a.Kind, known = kinds[plain(kind)]; !known {
				r.fault("kind", problem{"kind_unknown", fmt.Sprintf("%q is no kind of area", kind), "write 镇, 乡, 街道, 村民委员会, 居民委员会 … or translate it in a mapping"})
			}
		}
		a.Class = r.cell("class")
		a.Span = r.span("from", "until")
		a.Fields = r.fields(typed)
		a.Source, a.Provenance = r.origin()
		outline, ground := r.outline()
		if r.faulty {
			return scenario.Change{}, false
		}
		before, stands := r.into.Registry.Area(code)
		switch {
		case stands && drawing:
			a = before
		case stands:
			a.ID, a.Past, a.Origin, a.Successor, a.Outline = before.ID, before.Past, before.Origin, before.Successor, before.Outline
		}
		if outline != nil {
			a.Outline = outline
		}
		if stands && same(before, a) {
			return scenario.Change{Op: scenario.Area, Area: &a}, true
		}
		if outline != nil {
			r.outcome.Shapes = append(r.outcome.Shapes, ground)
		}
		if err := a.Check(); err != nil {
			r.fault("", problem{lifecircle.ErrorCode(err), err.Error(), "correct the row"})
		}
		return scenario.Change{Op: scenario.Area, Area: &a}, false
	}
	return &form{kind: Areas, targets: targets, read: read, settle: withParents}
}

// parentOf is the parent a code has by its digits.
func parentOf(code lifecircle.AreaCode) lifecircle.AreaCode {
	switch registry.LevelOf(code) {
	case registry.Village:
		return code[:9]
	case registry.Township:
		return code[:6]
	case registry.County:
		return code[:4] + "00"
	case registry.Prefecture:
		return code[:2] + "0000"
	}
	return ""
}

// withParents refuses areas whose parent is neither known nor taken, and then
// those below them.
func withParents(r *reader, all []taking) []taking {
	rows := make(map[lifecircle.AreaCode]bool)
	for _, t := range all {
		rows[t.change.Area.Code] = true
	}
	for {
		kept := all[:0:0]
		for _, t := range all {
			parent := t.change.Area.Parent
			if parent == "" || rows[parent] || r.into.Registry.Knows(parent) {
				kept = append(kept, t)
				continue
			}
			row := &row{reader: r, line: t.row}
			row.fault("parent", problem{"parent_unknown", "its parent " + string(parent) + " is neither known nor taken from this file", "correct the code, or add the parent's row"})
			delete(rows, t.change.Area.Code)
		}
		if len(kept) == len(all) {
			return kept
		}
		all = kept
	}
}
