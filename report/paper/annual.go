package paper

import (
	"fmt"
	"slices"
	"strings"

	"lifecircle/document"
	"lifecircle/plan"
	"lifecircle/report"
)

// Annual is the accountability report: what became of every clause, in the order of
// the text, laid out as an official document. Of each clause it says what is promised,
// who answers for it, what carries it and where that stands; where nothing is known it
// says why. A map stands where it says more than a number. What is known of nothing
// is listed together at the end, and last where all figures come from.
func (f Facts) Annual() document.Document {
	title := fmt.Sprintf(f.word("%s%s%s年度落实情况报告", "%s: annual accountability report on %s, %s"), f.name(f.Area.Name), f.planName(), f.Evaluation.Period)
	if f.Language == "en" {
		title = fmt.Sprintf("%s: annual accountability report %s on the %s", f.name(f.Area.Name), f.Evaluation.Period, f.planName())
	}
	d := f.begin("annual", title)
	d.Form, d.Head = document.Official, f.Head
	d.Lines = []string{f.where()}
	book := f.clauses()
	number := numbering{chinese: f.Language != "en"}
	ledger := f.ledger()
	ledger.Where = document.OnSheets
	d.Blocks = append([]document.Block{ledger}, f.summary(book, &number)...)
	d.Blocks = append(d.Blocks, &document.Heading{Level: 1, Text: number.next(1) + f.word("逐条落实情况", "Clause by clause")})
	for _, c := range book {
		d.Blocks = append(d.Blocks, f.clause(c, &number)...)
	}
	d.Blocks = append(d.Blocks, &document.Heading{Level: 1, Text: number.next(1) + f.word("没有数据的承诺", "Promises without data")})
	d.Blocks = append(d.Blocks, f.unknown(book)...)
	d.Blocks = append(d.Blocks, &document.Heading{Level: 1, Text: number.next(1) + f.word("数据来源", "Where the figures come from")})
	d.Blocks = append(d.Blocks, f.origins()...)
	return d
}

// summary is the first part: how the plan as a whole stands.
func (f Facts) summary(book []clause, number *numbering) []document.Block {
	blocks := []document.Block{
		&document.Heading{Level: 1, Text: number.next(1) + f.word("总体情况", "The whole")},
		&document.Paragraph{Text: f.headline() + f.word("。", ".")},
		&document.Paragraph{Text: f.coverageLine()},
	}
	missing := 0
	for _, c := range book {
		if c.Status == plan.SourceTruncated {
			missing++
		}
	}
	if missing > 0 {
		blocks = append(blocks, &document.Paragraph{Text: fmt.Sprintf(
			f.word("其中 %d 条的原文在所得文本中残缺，条文以编者补充的官方文本为准。", "The wording of %d clauses is not whole in the copy at hand: the official text that an editor supplies holds."), missing)})
	}
	blocks = append(blocks, &document.Paragraph{Text: f.word(
		"条文为本系统概括的文字，不是官方原文；标“建议”的责任部门由方案包编者提出，尚待确认；未核实的数字不作为官方标准。",
		"Clauses are in our own words and not the official text; departments marked as proposed were named by the editors of the plan package and are to be confirmed; numbers that nobody verified are no official norm.")})
	return blocks
}

// clause is what became of one clause.
func (f Facts) clause(c clause, number *numbering) []document.Block {
	level := min(strings.Count(c.ID, ".")+2, 4)
	heading := &document.Heading{Level: level, Text: number.next(level) + f.name(c.Name)}
	if f.Language == "en" {
		heading.Text = c.ID + " " + f.name(c.Name)
	} else if !c.Heading {
		heading.Text += "（条款" + c.ID + "）"
	}
	if c.Heading {
		return []document.Block{heading}
	}
	owner := f.department(c.Owner)
	if c.OwnerStatus == plan.OwnerProposed {
		owner += f.word("（建议）", " (proposed)")
	}
	if len(c.CoOwners) > 0 {
		owner += f.word("；配合部门：", "; together with: ") + f.departments(c.CoOwners)
	}
	blocks := []document.Block{
		heading,
		&document.Paragraph{Label: f.word("内容：", "It says: "), Text: f.name(c.Text) + fmt.Sprintf(f.word("（约束力：%s；条文依据：%s）", " (force: %s; wording: %s)"),
			f.of(forceWords, string(c.Force)), f.wording(c.Status))},
		&document.Paragraph{Label: f.word("责任部门：", "Responsible: "), Text: owner},
		&document.Paragraph{Label: f.word("落实机制：", "Carried by: "), Text: f.mechanisms(c)},
	}
	if note := f.name(c.Note); note != "" {
		blocks = append(blocks, &document.Paragraph{Label: f.word("编者注：", "Note: "), Text: note, Tone: document.Soft})
	}
	if len(c.results) == 0 {
		return append(blocks, &document.Paragraph{Label: f.word("情况：", "Standing: "), Text: f.unmeasured(c)})
	}
	return append(blocks, f.standings(c)...)
}

// standings are the values of a clause's promises, why some have none, and where
// they come from.
func (f Facts) standings(c clause) []document.Block {
	t := &document.Table{ID: "clause-" + c.ID, Name: c.ID, Columns: []document.Column{
		{Heading: f.word("指标", "Promise"), Share: 29},
		{Heading: f.word("数值", "Value"), Share: 13, Number: true},
		{Heading: f.word("目标", "Target"), Share: 13, Number: true},
		{Heading: f.word("差距", "Gap"), Share: 12, Number: true},
		{Heading: f.word("单位", "Unit"), Share: 12},
		{Heading: f.word("状态", "State"), Share: 15},
		{Heading: f.word("数据性质", "Data"), Share: 13},
	}, Where: document.OnPaper}
	var more []document.Block
	sources := make(map[string]bool)
	for _, r := range c.results {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			text(f.titleOf(r)),
			{Text: r.ShownValue(), Number: r.Value},
			{Text: targetText(r), Number: r.Target},
			{Text: f.gapText(r), Number: r.Gap},
			text(f.unitOf(r)), f.state(r.State), f.provenance(r.Provenance),
		}})
		if r.Value == nil && r.Reason != nil {
			more = append(more, &document.Paragraph{Label: f.word("没有数值的原因：", "Why there is no value: "), Text: f.reason(r.Reason)})
		}
		if r.Reported != nil {
			more = append(more, &document.Paragraph{
				Label: f.word("部门上报：", "Reported by the department: "),
				Text:  fmt.Sprintf(f.word("%s（%s，%s，%s）", "%s (%s, %s, %s)"), report.ShownNumber(r.Reported.Value, 4), r.Reported.Period, f.source(r.Reported.Source), f.of(provenanceWords, r.Reported.Provenance)),
			})
		}
		for _, source := range f.behind(r.Indicator) {
			sources[source] = true
		}
	}
	blocks := append([]document.Block{t}, more...)
	if len(sources) > 0 {
		blocks = append(blocks, &document.Paragraph{Label: f.word("来源：", "Sources: "), Text: strings.Join(sorted(sources), f.word("；", "; ")), Tone: document.Soft})
	}
	for _, r := range c.results {
		if picture := f.Behind[r.Indicator].Map; picture != nil {
			blocks = append(blocks, picture)
		}
	}
	return blocks
}

func sorted(set map[string]bool) []string {
	var all []string
	for text := range set {
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

// unknown lists the promises of which nothing is known, and why.
func (f Facts) unknown(book []clause) []document.Block {
	t := &document.Table{ID: "no-data", Name: f.word("没有数据", "No data"), Columns: []document.Column{
		{Heading: f.word("条款", "Clause"), Share: 10},
		{Heading: f.word("承诺", "Promise"), Share: 32},
		{Heading: f.word("原因", "Why"), Share: 36},
		{Heading: f.word("责任部门", "Responsible"), Share: 22},
		{Heading: f.word("指标编号", "Indicator"), Where: document.OnSheets},
	}}
	for _, c := range book {
		for _, r := range c.results {
			if r.Value != nil || r.State == "not_applicable" {
				continue
			}
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
				text(c.ID), text(f.titleOf(r)), text(f.reason(r.Reason)), text(f.name(r.Owner)), text(r.Indicator),
			}})
		}
	}
	if len(t.Rows) == 0 {
		return []document.Block{&document.Paragraph{Text: f.word("没有。", "None.")}}
	}
	return []document.Block{
		&document.Paragraph{Text: fmt.Sprintf(f.word("以下 %d 项没有数值。没有数据即未知，既不是零，也不是未达成。", "%d promises have no value. No data is not known: it is neither zero nor a failure."), len(t.Rows))}, t,
	}
}

// origins lists every source once, with the promises that rest on it.
func (f Facts) origins() []document.Block {
	t := &document.Table{ID: "sources", Name: f.word("数据来源", "Sources"), Columns: []document.Column{
		{Heading: f.word("来源", "Source"), Share: 55}, {Heading: f.word("用于条款", "Clauses that rest on it"), Share: 45},
	}}
	clauses := make(map[string]map[string]bool)
	for _, r := range f.pledges() {
		for _, source := range f.behind(r.Indicator) {
			if clauses[source] == nil {
				clauses[source] = make(map[string]bool)
			}
			clauses[source][r.Clause] = true
		}
	}
	all := make(map[string]bool)
	for source := range clauses {
		all[source] = true
	}
	for _, source := range sorted(all) {
		used := sorted(clauses[source])
		slices.SortFunc(used, compareNumbers)
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{text(source), text(strings.Join(used, f.word("、", ", ")))}})
	}
	counts := make(map[string]int)
	for _, r := range f.pledges() {
		if r.Value != nil {
			counts[r.Provenance]++
		}
	}
	kinds := fmt.Sprintf(f.word("有数值的 %d 项承诺中：依据真实数据 %d 项，含估计 %d 项，含演示（程序生成）数据 %d 项。",
		"Of %d promises with a value %d rest on real figures, %d on estimates among others, %d on generated ones."),
		counts["real"]+counts["estimated"]+counts["generated"]+counts[""], counts["real"], counts["estimated"], counts["generated"])
	blocks := []document.Block{&document.Paragraph{Text: kinds}}
	if len(t.Rows) > 0 {
		blocks = append(blocks, t)
	}
	return blocks
}

// compareNumbers orders clause numbers as the text does: 1.2 before 1.10.
func compareNumbers(a, b string) int {
	pad := func(id string) string {
		parts := strings.Split(id, ".")
		for i, part := range parts {
			n := strings.IndexFunc(part, func(r rune) bool { return r < '0' || r > '9' })
			if n < 0 {
				n = len(part)
			}
			parts[i] = strings.Repeat("0", max(0, 4-n)) + part
		}
		return strings.Join(parts, ".")
	}
	return strings.Compare(pad(a), pad(b))
}

// numbering counts headings as GB/T 9704-2012 has them: 一、（一）1.（1）. The clauses
// of a plan keep their own numbers besides.
type numbering struct {
	chinese bool
	count   [5]int
}

// next is the number of the next heading of a level.
func (n *numbering) next(level int) string {
	n.count[level]++
	for below := level + 1; below < len(n.count); below++ {
		n.count[below] = 0
	}
	at := n.count[level]
	switch {
	case !n.chinese && level == 1:
		return fmt.Sprintf("%d. ", at)
	case !n.chinese:
		return ""
	case level == 1:
		return han(at) + "、"
	case level == 2:
		return "（" + han(at) + "）"
	case level == 3:
		return fmt.Sprintf("%d．", at)
	}
	return fmt.Sprintf("（%d）", at)
}

// han writes a number below 100 in Chinese.
func han(n int) string {
	const digits = "零一二三四五六七八九"
	digit := func(n int) string { return string([]rune(digits)[n]) }
	switch tens, ones := n/10, n%10; {
	case n >= 100:
		return fmt.Sprint(n)
	case tens == 0:
		return digit(ones)
	case tens == 1 && ones == 0:
		return "十"
	case tens == 1:
		return "十" + digit(ones)
	case ones == 0:
		return digit(tens) + "十"
	default:
		return digit(tens) + "十" + digit(ones)
	}
}
