package paper

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/document"
	"lifecircle/report"
)

// Question is what is known of one promise in an area.
type Question struct {
	Result      report.Result   // of the reading that is asked for
	Readings    []report.Result // all readings of the promise
	Explanation report.Explanation
	Parts       []report.Result // the areas directly below
	Map         *document.Picture
}

// Rows that paper has room for.
const (
	partsOnPaper    = 22
	deficitsOnPaper = 6
)

// Indicator is one promise on one page: its number and target, its years, how it is
// reckoned and from what, the smallest change to green, its map and its parts. Its
// sheets hold all areas and all that lacks.
func (f Facts) Indicator(q Question) document.Document {
	r := q.Result
	title := strings.TrimSpace(r.Clause + " " + f.titleOf(r))
	d := f.begin("indicator-"+r.Indicator, title)
	d.Lines = []string{f.planName(), f.where()}
	if owner := f.name(r.Owner); owner != "" {
		d.Lines[0] += " · " + f.word("责任部门：", "responsible: ") + owner + " · " + f.word("约束力：", "force: ") + f.of(forceWords, r.Force)
	}
	var left []document.Block
	if why := f.reason(r.Reason); r.Value == nil && why != "" {
		left = append(left, &document.Paragraph{Label: f.word("无数据的原因：", "Why there is no data: "), Text: why})
	}
	if len(q.Readings) > 1 {
		left = append(left, f.readings(q.Readings))
	}
	left = append(left, f.why(q.Explanation)...)
	var right []document.Block
	if years, chart := f.years(r); chart != nil || r.Progress.Baseline != nil {
		right = append(right, &document.Heading{Level: 1, Text: f.word("历年进展", "Over the years")})
		if chart != nil {
			right = append(right, chart)
			years.Where = document.OnSheets // the chart says the same on paper
		}
		right = append(right, years)
	}
	if len(q.Parts) > 0 {
		right = append(right, f.parts(q.Parts))
	}
	d.Blocks = []document.Block{f.standing(r)}
	if q.Map != nil {
		d.Blocks = append(d.Blocks, q.Map)
	}
	if len(right) == 0 {
		d.Blocks = append(d.Blocks, left...)
	} else {
		d.Blocks = append(d.Blocks, &document.Columns{Left: left, Right: right})
	}
	d.Blocks = append(d.Blocks, f.deficits(q)...)
	return d
}

func (f Facts) titleOf(r report.Result) string {
	title := f.name(r.Name)
	if variant := f.name(r.VariantName); variant != "" {
		title += f.word("（", " (") + variant + f.word("）", ")")
	}
	return title
}

// standing says in one line where a result stands.
func (f Facts) standing(r report.Result) *document.Paragraph {
	unit := f.unitOf(r)
	parts := []string{f.state(r.State).Text, strings.TrimSpace(f.word("数值 ", "value ") + r.ShownValue() + " " + unit)}
	if r.Target != nil {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf(f.word("目标 %s %s", "target %s %s"), targetText(r), unit))+
			fmt.Sprintf(f.word("（%d 年，%s）", " (%d, %s)"), r.TargetYear, f.of(targetStatusWords, r.TargetStatus)))
		if r.Gap != nil {
			parts = append(parts, strings.TrimSpace(f.word("差距 ", "gap ")+f.gapText(r)))
		}
	}
	if r.Lower != nil && r.Upper != nil && r.Value == nil {
		parts = append(parts, fmt.Sprintf(f.word("已知部分的范围 %s 至 %s", "what is known leaves %s to %s"), report.ShownNumber(*r.Lower, 2), report.ShownNumber(*r.Upper, 2)))
	}
	if r.Reported != nil {
		parts = append(parts, fmt.Sprintf(f.word("部门上报 %s（%s，%s，%s）", "reported by the department %s (%s, %s, %s)"),
			report.ShownNumber(r.Reported.Value, 4), r.Reported.Period, f.source(r.Reported.Source), f.of(provenanceWords, r.Reported.Provenance)))
	}
	if r.Provenance != "" {
		parts = append(parts, f.word("数据性质：", "data: ")+f.of(provenanceWords, r.Provenance))
	}
	return &document.Paragraph{Text: strings.Join(parts, " · "), Tone: tones[r.State]}
}

// readings are the ways in which a text may be read, side by side.
func (f Facts) readings(readings []report.Result) *document.Table {
	t := &document.Table{ID: "readings", Name: f.word("口径", "Readings"), Caption: f.word("不同口径", "Readings of the text"), Columns: []document.Column{
		{Heading: f.word("口径", "Reading"), Share: 45},
		{Heading: f.word("采用", "Chosen"), Share: 12},
		{Heading: f.word("数值", "Value"), Share: 18, Number: true},
		{Heading: f.word("状态", "State"), Share: 25},
	}}
	for _, r := range readings {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			text(cmp.Or(f.name(r.VariantName), r.Variant)), text(f.yes(r.Chosen)), {Text: r.ShownValue(), Number: r.Value}, f.state(r.State),
		}})
	}
	return t
}

// years are the known years, with the way to the target, as a table and a chart.
func (f Facts) years(r report.Result) (*document.Table, *document.Picture) {
	t := &document.Table{ID: "years", Name: f.word("历年", "Years"), Columns: []document.Column{
		{Heading: f.word("年份", "Year"), Share: 30},
		{Heading: f.word("数值", "Value") + " " + f.unitOf(r), Share: 30, Number: true},
		{Heading: f.word("说明", "What it is"), Share: 40},
	}}
	add := func(period string, v *float64, what string) {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{text(period), {Text: cellNumber(v), Number: v}, text(what)}})
	}
	p := r.Progress
	if p.Baseline != nil && p.BaselineSource != (lifecircle.Name{}) {
		add(p.Baseline.Period, p.Baseline.Value, f.word("基期，", "baseline, ")+f.name(p.BaselineSource))
	}
	for _, point := range p.Points {
		add(point.Period, point.Value, f.word("实际", "measured"))
	}
	if r.Target != nil {
		year := fmt.Sprint(r.TargetYear)
		if p.Expected != nil && year != r.Period {
			add(r.Period, p.Expected, f.word("目标路径", "on the way to the target"))
		}
		if r.Projection != nil && year != r.Period {
			add(year, r.Projection, f.word("按趋势推算", "along the trend"))
		}
		add(year, r.Target, f.word("目标", "target"))
	}
	return t, chart(r)
}

func cellNumber(v *float64) string {
	if v == nil {
		return "—"
	}
	return report.ShownNumber(*v, 2)
}

// why says how a value is reckoned and from what.
func (f Facts) why(x report.Explanation) []document.Block {
	blocks := []document.Block{
		&document.Heading{Level: 1, Text: f.word("为什么是这个数", "Why this number")},
		&document.Paragraph{Label: f.word("算法：", "formula: "), Text: x.Formula},
	}
	if x.Exact != "" {
		blocks[1].(*document.Paragraph).Text += f.word("；精确值 ", "; exactly ") + x.Exact
	}
	t := &document.Table{ID: "inputs", Name: f.word("所用数据", "Inputs"), Columns: []document.Column{
		{Heading: f.word("数据", "What"), Share: 30},
		{Heading: f.word("数值", "Value"), Share: 24, Number: true},
		{Heading: f.word("单位", "Unit"), Share: 14},
		{Heading: f.word("来源", "Source"), Share: 32},
		{Heading: f.word("数据性质", "Data"), Share: 14},
		{Heading: f.word("行政区", "Area"), Where: document.OnSheets},
		{Heading: f.word("算法", "Formula"), Where: document.OnSheets},
	}}
	var visit func(nodes []report.Explanation)
	visit = func(nodes []report.Explanation) {
		for _, node := range nodes {
			source := cmp.Or(f.name(node.SourceName), f.source(node.Source))
			if node.Reason != nil && node.Value == nil {
				source = f.reason(node.Reason)
			}
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
				text(f.name(node.Label)),
				{Text: cellNumber(node.Value), Number: node.Value},
				text(f.unit(node.Unit)), text(source),
				f.provenance(node.Provenance), text(node.Area), text(node.Formula),
			}})
			visit(node.Children)
		}
	}
	visit(x.Children)
	t.Shown = 10
	if len(t.Rows) > 0 {
		blocks = append(blocks, t)
	}
	if s := x.SmallestChange; s != nil {
		blocks = append(blocks, &document.Paragraph{Label: f.word("最小改变：", "The smallest change: "), Text: f.smallest(*s)})
	}
	return blocks
}

// smallest says what the smallest change is.
func (f Facts) smallest(s report.SmallestChange) string {
	amount, unit := report.ShownNumber(s.Amount, 2), f.unit(s.Unit)
	switch s.Of {
	case "weight":
		return fmt.Sprintf(f.word("再让 %s %s达标，目标即可实现。", "once %s more %s are served, the target is met."), amount, unit)
	case "numerator":
		return fmt.Sprintf(f.word("分子再增加 %s %s，目标即可实现。", "with %s more %s in the numerator, the target is met."), amount, unit)
	}
	of := s.Of
	if e, ok := f.Plan.Series(of); ok {
		of = f.name(e.Name)
	}
	return fmt.Sprintf(f.word("“%s”再增加 %s %s，目标即可实现。", "with “%s” larger by %s %s, the target is met."), of, amount, unit)
}

// deficits are the subjects that lack something, the largest lack first.
func (f Facts) deficits(q Question) []document.Block {
	way := f.word("沿街距离（米）", "Metres on foot")
	if slices.ContainsFunc(q.Explanation.Rows, func(row report.Row) bool { return row.Seconds != nil }) {
		way = f.word("路上时间（分钟）", "Minutes on the way")
	}
	t := &document.Table{ID: "deficits", Name: f.word("缺口清单", "Deficits"), Shown: deficitsOnPaper, Columns: []document.Column{
		{Heading: f.word("编号", "Id"), Share: 34},
		{Heading: f.word("名称", "Name"), Share: 20},
		{Heading: f.word("权重", "Weight"), Share: 14, Number: true},
		{Heading: f.word("判断", "Verdict"), Share: 16},
		{Heading: way, Share: 20, Number: true},
		{Heading: f.word("名录", "Register"), Share: 14},
		{Heading: f.word("类别", "Kind"), Where: document.OnSheets},
		{Heading: f.word("最近的设施", "Nearest place"), Where: document.OnSheets},
		{Heading: f.word("缺口", "Deficit"), Number: true, Where: document.OnSheets},
		{Heading: f.word("经度", "Lon"), Number: true, Where: document.OnSheets},
		{Heading: f.word("纬度", "Lat"), Number: true, Where: document.OnSheets},
		{Heading: f.word("数据性质", "Data"), Where: document.OnSheets},
		{Heading: f.word("原因", "Reason"), Where: document.OnSheets},
	}}
	for _, row := range q.Explanation.Rows {
		if row.Verdict != "fail" && row.Verdict != "no_data" {
			continue
		}
		lon, lat := row.Lon, row.Lat
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			text(row.ID), text(row.Name), plain(row.Weight), text(f.of(verdictWords, row.Verdict)), plain(wayOf(row)),
			text(f.registerName(row.Register)), text(f.kindName(row.Kind)), text(row.Facility), plain(row.Deficit),
			plain(&lon), plain(&lat), f.provenance(row.Provenance), text(f.reason(row.Reason)),
		}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []document.Block{&document.Heading{Level: 1, Text: f.word("缺口最大的对象", "Where most is lacking")}, t}
}

// wayOf is how far the nearest place is: metres, or minutes to a hundredth where the
// measure counts time.
func wayOf(row report.Row) *float64 {
	if row.Seconds == nil {
		return row.Metres
	}
	minutes := math.Round(*row.Seconds/0.6) / 100
	return &minutes
}

func (f Facts) registerName(id string) string {
	if r, ok := f.Plan.Registers[id]; ok && f.name(r.Name) != "" {
		return f.name(r.Name)
	}
	return f.of(registerWords, id)
}

func (f Facts) kindName(id string) string {
	if k, ok := f.Plan.Kinds[id]; ok {
		return f.name(k.Name)
	}
	return id
}

// parts is the same promise in the areas below, the largest gap first.
func (f Facts) parts(parts []report.Result) *document.Table {
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b report.Result) int {
		known := func(r report.Result) int {
			if r.Gap == nil {
				return 1
			}
			return 0
		}
		if a.Gap == nil || b.Gap == nil {
			return cmp.Compare(known(a), known(b))
		}
		return cmp.Compare(*b.Gap, *a.Gap)
	})
	t := &document.Table{ID: "areas", Name: f.word("下级地区", "Areas"), Caption: f.word("下级地区", "The areas below"), Shown: partsOnPaper, Columns: []document.Column{
		{Heading: f.word("地区", "Area"), Share: 32},
		{Heading: f.word("状态", "State"), Share: 25},
		{Heading: f.word("数值", "Value"), Share: 18, Number: true},
		{Heading: f.word("差距", "Gap"), Share: 15, Number: true},
		{Heading: f.word("单位", "Unit"), Where: document.OnSheets},
		{Heading: f.word("区划代码", "Code"), Where: document.OnSheets},
		{Heading: f.word("目标", "Target"), Number: true, Where: document.OnSheets},
		{Heading: f.word("分子", "Numerator"), Number: true, Where: document.OnSheets},
		{Heading: f.word("分母", "Denominator"), Number: true, Where: document.OnSheets},
		{Heading: f.word("数据性质", "Data"), Where: document.OnSheets},
		{Heading: f.word("无数据的原因", "Why no data"), Where: document.OnSheets},
	}}
	for _, r := range parts {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			text(f.name(r.AreaName)), f.state(r.State),
			{Text: r.ShownValue(), Number: r.Value},
			{Text: f.gapText(r), Number: r.Gap},
			text(f.unitOf(r)), text(r.Area),
			{Text: targetText(r), Number: r.Target},
			plain(r.Numerator), plain(r.Denominator),
			f.provenance(r.Provenance), text(f.reason(r.Reason)),
		}})
	}
	return t
}
