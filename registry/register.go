package registry

import (
	"slices"

	"lifecircle"
	"lifecircle/plan/rule"
)

// The registers that the product keeps by itself. The levels of areas are
// registers too; a plan package adds its own, whose rows are records.
const (
	PointRegister           = "population_point"
	PopulationRegister      = "population" // counts of people by age and sex
	FacilityRegister        = "facility"
	OrganisationRegister    = "organisation"
	PremisesRegister        = "premises"
	ConversionCost          = "cost" // of premises: what it takes to make them fit for use
	ResidentialAreaRegister = "residential_area"
	ZoneRegister            = "zone"
	LinkRegister            = "link"

	areaRegister = "area" // areas of every level, by id: for Strike
)

// AreaEntry names an area for Strike.
func AreaEntry(id AreaID) Entry { return Entry{areaRegister, string(id)} }

// CreditCode is the field of an organisation that holds its unified social credit
// code.
const CreditCode = "credit_code"

// reserved reports whether the rows of a register have a form of their own and
// are no records.
func reserved(register string) bool {
	return register == areaRegister || register == PointRegister || register == FacilityRegister || Level(register).Valid()
}

// Register describes a register: what its rows say.
type Register struct {
	Term
	Fields []Field
}

// Field is a field of a register by name; numbers have a unit.
type Field struct {
	Term
	Type rule.Type
}

// The fields every register of records has; rules read them by these names.
func commonFields() []Field {
	return []Field{
		text("id", "编号", "Id"), text("area", "行政区", "Area"), text("kind", "类别", "Kind"), text("name", "名称", "Name"),
		day("opened", "启用日期", "Opened"), day("closed", "终止日期", "Closed"),
	}
}

// Registers returns the registers of the product with their fields: what rules may
// ask and what headings an import knows.
func Registers() []Register {
	areaFields := []Field{
		text("id", "标识", "Id"), text("code", "区划代码", "Code"), text("area", "行政区", "Area"), text("level", "级别", "Level"),
		text("name", "名称", "Name"), text("kind", "类别", "Kind"), text("type", "类型", "Type"),
		text("class", "城乡分类代码", "Urban–rural class"), truth("urban", "城镇", "Urban"),
		day("from", "设立日期", "From"), day("until", "撤销日期", "Until"),
	}
	for _, f := range populationFields() {
		f.ID = peopleOf + f.ID
		f.Name = lifecircle.Name{ZH: "普查" + f.Name.ZH, EN: "Counted: " + f.Name.EN}
		areaFields = append(areaFields, f)
	}
	with := func(more ...Field) []Field { return slices.Concat(commonFields(), more) }
	return []Register{
		{term("region", "自治区", "Region"), areaFields},
		{term("prefecture", "地级市", "Prefecture city"), areaFields},
		{term("county", "县（市、区）", "County"), areaFields},
		{term("township", "乡级", "Township level"), areaFields},
		{term("village", "村级", "Village level"), areaFields},
		{term(PointRegister, "人口点", "Population point"), []Field{
			text("id", "编号", "Id"), text("area", "行政区", "Area"), number("people", "person", "人数", "People"), truth("urban", "城镇", "Urban"),
		}},
		{term(PopulationRegister, "人口", "Population"), with(populationFields()...)},
		{term(FacilityRegister, "设施", "Facility"), with(
			text(NameEN, "英文名称", "English name"), text(NameLocal, "当地名称", "Local name"),
			truth("public", "对外开放", "Public"), text("organisation", "所属机构", "Organisation"), text(Status, "运营状态", "Status"),
			number("beds", "bed", "床位数", "Beds"), number("nursing_beds", "bed", "护理型床位数", "Nursing beds"),
			number("places", "place", "托位数", "Places"), number("inclusive_places", "place", "普惠托位数", "Inclusive places"),
			number("floor", "m2", "建筑面积", "Floor area"), number("land", "m2", "用地面积", "Land area"),
		)},
		{term(OrganisationRegister, "机构", "Organisation"), with(
			text(CreditCode, "统一社会信用代码", "Unified social credit code"), truth("public", "公办", "Public"),
		)},
		{term(PremisesRegister, "房屋", "Premises"), with(
			number("floor", "m2", "建筑面积", "Floor area"), number("land", "m2", "用地面积", "Land area"),
			truth("vacant", "闲置", "Vacant"), text("owner", "产权单位", "Owner"), text("use", "现用途", "Present use"),
			number(ConversionCost, "yuan", "改造费用", "Conversion cost"),
		)},
		{term(ResidentialAreaRegister, "居住区", "Residential area"), with(
			number("people", "person", "人数", "People"), number("households", "household", "户数", "Households"),
			number("land", "m2", "用地面积", "Land area"), number("floor", "m2", "建筑面积", "Floor area"),
			text("phase", "分期", "Phase"), text("sharing_group", "配套共享组", "Sharing group"),
			truth("urban", "城镇", "Urban"), truth("new", "新建", "New"),
		)},
		{term(ZoneRegister, "分区", "Zone"), with(text("document", "依据文件", "Document"))},
		{term(LinkRegister, "协作关系", "Link"), with(
			texts("parties", "各方", "Parties"), text("document", "协议文件", "Document"),
		)},
	}
}

func term(id, zh, en string) Term { return Term{id, lifecircle.Name{ZH: zh, EN: en}} }

func text(id, zh, en string) Field  { return Field{term(id, zh, en), rule.Type{Kind: rule.Text}} }
func texts(id, zh, en string) Field { return Field{term(id, zh, en), rule.Type{Kind: rule.Texts}} }
func truth(id, zh, en string) Field { return Field{term(id, zh, en), rule.Type{Kind: rule.Bool}} }
func day(id, zh, en string) Field   { return Field{term(id, zh, en), rule.Type{Kind: rule.Day}} }

// number is a field in a unit of rules; the units above are written here alone,
// so one that cannot be read is a fault of the program.
func number(id, unit, zh, en string) Field {
	u, err := rule.ParseUnit(unit)
	if err != nil {
		panic(err)
	}
	return Field{term(id, zh, en), rule.Type{Kind: rule.Number, Unit: u}}
}
