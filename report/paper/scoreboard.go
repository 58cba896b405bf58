package paper

import (
	"fmt"

	"lifecircle/document"
	"lifecircle/report"
)

// Scoreboard is every target of an area on one page. Its sheets hold what is only
// watched, and every reading, too.
func (f Facts) Scoreboard() document.Document {
	d := f.begin("scoreboard", f.word("目标总览", "The targets at a glance")+" · "+f.name(f.Area.Name))
	d.Lines = []string{f.planName(), f.where()}
	var targets, watched []report.Result
	for _, r := range f.pledges() {
		if isTarget(r) {
			targets = append(targets, r)
		} else {
			watched = append(watched, r)
		}
	}
	d.Blocks = []document.Block{
		&document.Heading{Level: 1, Text: f.headline()},
		f.results("targets", f.word("目标", "Targets"), targets),
	}
	if len(watched) > 0 {
		d.Blocks = append(d.Blocks, &document.Paragraph{Tone: document.Soft, Text: fmt.Sprintf(
			f.word("另有 %d 项只作监测或不适用，见电子表格。", "%d more are only watched or do not apply: see the spreadsheet."), len(watched))})
	}
	more := f.results("watched", f.word("仅监测", "Watched only"), watched)
	all := f.results("readings", f.word("全部口径", "Every reading"), f.Evaluation.Results)
	more.Where, all.Where = document.OnSheets, document.OnSheets
	d.Blocks = append(d.Blocks, more, all)
	return d
}

// results is a table of results, one a row.
func (f Facts) results(id, name string, results []report.Result) *document.Table {
	t := &document.Table{ID: id, Name: name, Columns: []document.Column{
		{Heading: f.word("条款", "Clause"), Share: 7},
		{Heading: f.word("承诺", "Promise"), Share: 30},
		{Heading: f.word("状态", "State"), Share: 11},
		{Heading: f.word("数值", "Value"), Share: 9, Number: true},
		{Heading: f.word("目标", "Target"), Share: 9, Number: true, Where: document.OnPaper},
		{Heading: f.word("目标", "Target"), Number: true, Where: document.OnSheets},
		{Heading: f.word("差距", "Gap"), Share: 8, Number: true},
		{Heading: f.word("单位", "Unit"), Share: 11},
		{Heading: f.word("数据性质", "Data"), Share: 8},
		{Heading: f.word("责任部门", "Responsible"), Share: 17},
	}}
	sheet := func(number bool, headings ...string) {
		for _, heading := range headings {
			t.Columns = append(t.Columns, document.Column{Heading: heading, Number: number, Where: document.OnSheets})
		}
	}
	sheet(false, f.word("指标编号", "Indicator"), f.word("口径", "Reading"), f.word("采用", "Chosen"), f.word("行政区", "Area"),
		f.word("行政区名称", "Name of the area"), f.word("时期", "Period"))
	sheet(true, f.word("分子", "Numerator"), f.word("分母", "Denominator"), f.word("下限", "Lower"), f.word("上限", "Upper"))
	sheet(false, f.word("目标方向", "Bound"))
	sheet(true, f.word("目标年份", "Target year"))
	sheet(false, f.word("目标依据", "Basis of the target"))
	sheet(true, f.word("进度", "Pace"), f.word("预测", "Projection"), f.word("部门上报", "Reported"))
	sheet(false, f.word("上报时期", "Reported for"), f.word("无数据的原因", "Why no data"), f.word("来源", "Source"))
	for _, r := range results {
		t.Rows = append(t.Rows, document.Row{Cells: f.result(r)})
	}
	return t
}

// result is a row of a table of results.
func (f Facts) result(r report.Result) []document.Cell {
	name := f.name(r.Name)
	if variant := f.name(r.VariantName); variant != "" {
		name += f.word("（", " (") + variant + f.word("）", ")")
	}
	gap := document.Cell{Text: f.gapText(r), Number: r.Gap}
	target := document.Cell{Text: targetText(r), Number: r.Target}
	var reported *float64
	reportedIn := ""
	if r.Reported != nil {
		reported, reportedIn = &r.Reported.Value, r.Reported.Period
	}
	year := document.Cell{}
	if r.TargetYear > 0 {
		year = plainInt(r.TargetYear)
	}
	return []document.Cell{
		text(r.Clause), text(name), f.state(r.State),
		{Text: r.ShownValue(), Number: r.Value},
		target, target, gap, text(f.unitOf(r)),
		f.provenance(r.Provenance), text(f.name(r.Owner)),
		text(r.Indicator), text(r.Variant), text(f.yes(r.Chosen)), text(r.Area), text(f.name(r.AreaName)), text(r.Period),
		plain(r.Numerator), plain(r.Denominator), plain(r.Lower), plain(r.Upper),
		text(bounds[r.TargetBound]), year, text(f.of(targetStatusWords, r.TargetStatus)), plain(r.Pace), plain(r.Projection),
		plain(reported), text(reportedIn), text(f.reason(r.Reason)), text(f.sources(r.Indicator)),
	}
}

func (f Facts) provenance(code string) document.Cell {
	c := text(f.of(provenanceWords, code))
	if code == "generated" {
		c.Tone = document.Waiting
	}
	return c
}

func (f Facts) yes(v bool) string {
	if v {
		return f.word("是", "yes")
	}
	return f.word("否", "no")
}

func plainInt(n int) document.Cell {
	v := float64(n)
	return document.Cell{Text: fmt.Sprint(n), Number: &v}
}
