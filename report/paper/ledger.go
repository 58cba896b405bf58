package paper

import (
	"fmt"
	"strings"

	"lifecircle"
	"lifecircle/document"
	"lifecircle/plan"
	"lifecircle/report"
)

// Ledger is every clause in the order of the text: how it binds, who answers for it,
// what carries it and where it stands.
func (f Facts) Ledger() document.Document {
	d := f.begin("ledger", f.word("任务台账", "Clause ledger")+" · "+f.name(f.Area.Name))
	d.Form = document.Official
	d.Lines = []string{f.planName(), f.where()}
	d.Blocks = []document.Block{&document.Paragraph{Text: f.coverageLine()}, f.ledger()}
	return d
}

// coverageLine says how many clauses have something that carries them.
func (f Facts) coverageLine() string {
	c := f.Plan.Coverage()
	return fmt.Sprintf(f.word("方案共 %d 条：%d 条有落实机制，其中 %d 条可计量。", "The plan has %d clauses: %d are carried by something, %d of them can be measured."),
		c.Clauses, c.WithMechanism, c.Measurable)
}

// ledger is a table of all clauses, one row for each object that measures one.
func (f Facts) ledger() *document.Table {
	t := &document.Table{ID: "ledger", Name: f.word("任务台账", "Ledger"), Columns: []document.Column{
		{Heading: f.word("条款", "Clause"), Share: 8},
		{Heading: f.word("名称", "Name"), Share: 22},
		{Heading: f.word("内容", "What it says"), Where: document.OnSheets},
		{Heading: f.word("约束力", "Force"), Share: 7},
		{Heading: f.word("责任部门", "Responsible"), Share: 16},
		{Heading: f.word("责任依据", "Named by"), Where: document.OnSheets},
		{Heading: f.word("配合部门", "Together with"), Where: document.OnSheets},
		{Heading: f.word("机制", "Mechanism"), Share: 20},
		{Heading: f.word("状态", "State"), Share: 12},
		{Heading: f.word("数值", "Value"), Share: 9, Number: true},
		{Heading: f.word("目标", "Target"), Share: 9, Number: true},
		{Heading: f.word("单位", "Unit"), Where: document.OnSheets},
		{Heading: f.word("差距", "Gap"), Number: true, Where: document.OnSheets},
		{Heading: f.word("数据性质", "Data"), Where: document.OnSheets},
		{Heading: f.word("原因", "Reason"), Where: document.OnSheets},
		{Heading: f.word("来源", "Source"), Where: document.OnSheets},
		{Heading: f.word("条文依据", "Wording"), Where: document.OnSheets},
		{Heading: f.word("说明", "Note"), Where: document.OnSheets},
	}}
	book := f.clauses()
	for _, c := range book {
		t.Rows = append(t.Rows, f.ledgerRows(c)...)
	}
	return t
}

// clause is a clause with what carries it and where that stands.
type clause struct {
	plan.Clause
	covered  plan.Covered // not of a heading
	carriers []report.Carrier
	results  []report.Result // of the readings that count, in the order of the carriers
}

// clauses holds every clause against what carries it.
func (f Facts) clauses() []clause {
	covered := make(map[string]plan.Covered)
	for _, item := range f.Plan.Coverage().Items {
		covered[item.Clause] = item
	}
	counting := make(map[string]report.Result)
	for _, r := range f.pledges() {
		counting[r.Indicator] = r
	}
	shown := report.PlanOf(f.Plan).Clauses
	all := make([]clause, len(f.Plan.Clauses))
	for i, c := range f.Plan.Clauses {
		all[i] = clause{Clause: c, covered: covered[c.ID], carriers: shown[i].Objects}
		for _, o := range shown[i].Objects {
			if r, ok := counting[o.ID]; ok {
				all[i].results = append(all[i].results, r)
			}
		}
	}
	return all
}

func (f Facts) ledgerRows(c clause) []document.Row {
	if c.Heading {
		cells := make([]document.Cell, 18)
		cells[0], cells[1] = text(c.ID), text(f.name(c.Name))
		return []document.Row{{Cells: cells, Part: true}}
	}
	owner := f.department(c.Owner)
	if c.OwnerStatus == plan.OwnerProposed {
		owner += f.word("（建议）", " (proposed)")
	}
	row := func(r *report.Result, mechanism string) document.Row {
		cells := []document.Cell{
			text(c.ID), text(f.name(c.Name)), text(f.name(c.Text)), text(f.of(forceWords, string(c.Force))), text(owner),
			text(f.ownerStatus(c.OwnerStatus)), text(f.departments(c.CoOwners)), text(mechanism),
		}
		if r == nil {
			cells = append(cells, make([]document.Cell, 6)...)
			cells = append(cells, text(f.unmeasured(c)), document.Cell{})
		} else {
			cells = append(cells, f.state(r.State), document.Cell{Text: r.ShownValue(), Number: r.Value}, document.Cell{Text: targetText(*r), Number: r.Target},
				text(f.unitOf(*r)), document.Cell{Text: f.gapText(*r), Number: r.Gap}, f.provenance(r.Provenance), text(f.reason(r.Reason)), text(f.sources(r.Indicator)))
		}
		return document.Row{Cells: append(cells, text(f.wording(c.Status)), text(f.name(c.Note)))}
	}
	if len(c.results) == 0 {
		return []document.Row{row(nil, f.mechanisms(c))}
	}
	rows := make([]document.Row, len(c.results))
	for i, r := range c.results {
		rows[i] = row(&r, f.titleOf(r))
	}
	return rows
}

func (f Facts) department(id string) string { return f.name(f.Plan.Departments[id].Name) }

func (f Facts) departments(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = f.department(id)
	}
	return strings.Join(names, f.word("、", ", "))
}

func (f Facts) ownerStatus(s plan.OwnerStatus) string {
	switch s {
	case plan.OwnerNamed:
		return f.word("原文指定", "named in the text")
	case plan.OwnerProposed:
		return f.word("建议，待编者确认", "proposed, to be confirmed by an editor")
	}
	return ""
}

// mechanisms names what carries a clause.
func (f Facts) mechanisms(c clause) string {
	if len(c.carriers) == 0 {
		return f.word("尚无", "none")
	}
	parts := make([]string, len(c.carriers))
	for i, o := range c.carriers {
		parts[i] = f.of(kindWords, o.Kind) + f.word("“", " “") + f.name(o.Name) + "”"
	}
	return strings.Join(parts, f.word("、", ", "))
}

// unmeasured says why a clause has no value. What the package says of it is in the
// language that its editors wrote.
func (f Facts) unmeasured(c clause) string {
	why := map[plan.CoverageState]lifecircle.Name{
		plan.CoverMeasured: {ZH: "对本地区不计量", EN: "it is not measured for this area"},
		plan.CoverCarried:  {ZH: "有落实机制，不以数值计量", EN: "it is carried, and not by a number"},
		plan.CoverAccepted: {ZH: "不设落实机制", EN: "nothing carries it, for a reason"},
		plan.CoverOpen:     {ZH: "尚无落实机制", EN: "nothing carries it yet"},
	}[c.covered.State]
	reason := f.name(why)
	if c.covered.State == plan.CoverAccepted && c.covered.Reason != "" {
		reason += f.word("；方案包说明：", "; the package says: ") + f.name(c.covered.ReasonName)
	}
	return reason
}

func (f Facts) wording(s plan.ClauseStatus) string {
	if s == plan.SourceTruncated {
		return f.word("所得文本残缺", "the copy at hand is not whole")
	}
	return f.of(targetStatusWords, string(s))
}
