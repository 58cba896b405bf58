package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"lifecircle"
	"lifecircle/report"
	"lifecircle/web"
)

// explained is an explanation as it is told to somebody who answers for a promise: what it
// is, what was promised, why it is so, and the least that would mend it.
type explained struct {
	known  report.Known
	result report.Result
	tree   report.Explanation
}

// teller writes sentences in one language.
type teller struct {
	out  io.Writer
	lang string
	err  error
}

// line writes the sentence of the language; the two say the same of the same
// arguments.
func (t *teller) line(zh, en string, args ...any) {
	format := en
	if t.lang == "zh" {
		format = zh
	}
	if _, err := fmt.Fprintf(t.out, format+"\n", args...); t.err == nil {
		t.err = err
	}
}

func (t *teller) name(n lifecircle.Name) string {
	return n.In(t.lang)
}

// word is the page's word for a code.
func (t *teller) word(group, code string) string {
	if text, ok := web.Text(t.lang, group, code, nil); ok {
		return text
	}
	return code
}

// amount is a number with its unit.
func (t *teller) amount(n float64, unit string) string {
	text := grouped(strconv.FormatFloat(math.Round(n*1e4)/1e4, 'f', -1, 64))
	switch {
	case unit == "%":
		return text + " %"
	case unit != "":
		parts := strings.Split(unit, "/")
		for i, part := range parts {
			parts[i] = t.word("unit", part)
		}
		unit = strings.Join(parts, "/")
	}
	if t.lang == "en" && n == 1 {
		switch { // one bed, one person
		case unit == "people":
			unit = "person"
		case strings.HasSuffix(unit, "s") && !strings.Contains(unit, "/"):
			unit = strings.TrimSuffix(unit, "s")
		}
	}
	return strings.TrimSpace(text + " " + unit)
}

// grouped sets the digits of a number apart by thousands.
func grouped(text string) string {
	whole, rest, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if rest != "" {
		rest = "." + rest
	}
	return sign + whole + rest
}

// tell writes the explanation as sentences.
func (a *app) tell(out io.Writer, x explained) error {
	t := &teller{out: out, lang: a.lang}
	r := x.result
	reading := ""
	if r.Variant != "" {
		reading = lifecircle.Parting + t.name(r.VariantName)
	}
	t.line("%s %s%s — %s（%s），%s", "%s %s%s — %s (%s), %s", r.Clause, t.name(r.Name), reading, t.name(r.AreaName), r.Area, r.Period)
	t.standing(x)
	t.years(x.tree, r.Unit)
	t.line("责任单位：%s", "Responsible: %s", cmp.Or(t.name(r.Owner), "—"))
	t.line("", "")
	if note := t.name(x.tree.Note); note != "" {
		t.line("原文与口径：%s", "The text, and how it is read: %s", note)
	}
	if reading := t.name(x.tree.Reading); reading != "" {
		t.line("此口径的理由：%s", "Why this reading: %s", reading)
	}
	t.line("规则：%s", "Rule: %s", x.tree.Formula)
	for _, child := range x.tree.Children {
		t.part(child, 1)
	}
	if change := x.tree.SmallestChange; change != nil {
		t.line("", "")
		t.change(x, *change)
		for _, other := range x.tree.OtherChanges {
			t.change(x, other)
		}
	}
	t.deciding(x.tree)
	return t.err
}

func (t *teller) standing(x explained) {
	r := x.result
	switch {
	case r.Value != nil:
		t.line("现值 %s", "It stands at %s.", t.amount(*r.Value, r.Unit))
	case r.Lower != nil && r.Upper != nil:
		t.line("有些对象缺数据：在 %s 与 %s 之间。", "Some subjects are not known: between %s and %s.", t.amount(*r.Lower, r.Unit), t.amount(*r.Upper, r.Unit))
	}
	if r.Reason != nil {
		t.line("无数据：%s（%s）", "No data: %s (%s).", t.word("reason", r.Reason.Code), x.known.InWords(r.Reason.What, t.lang))
	}
	if p := r.Reported; p != nil {
		t.line("%s 年公布或上报：%s（%s；来源：%s），不参与判断。", "Published or reported for %s: %s (%s; source: %s); it decides nothing.",
			p.Period, t.amount(p.Value, r.Unit), t.word("provenance", p.Provenance), lifecircle.PartIn(p.Source, t.lang))
	}
	if r.Target == nil {
		t.line("没有设目标。", "No target is set.")
	} else {
		t.line("目标：%d 年%s %s（%s）。状态：%s。", "Promised by %d: %s %s (%s). State: %s.",
			r.TargetYear, t.word("bound", r.TargetBound), t.amount(*r.Target, r.Unit), t.word("targetStatus", r.TargetStatus), t.word("state", r.State))
	}
	if needed := x.tree.Needed; needed != nil && (r.Value == nil || r.Gap != nil && *r.Gap > 0) {
		unit, _, _ := strings.Cut(r.Unit, "/")
		if r.Unit == "%" || r.Unit == "1" {
			unit = ""
		}
		t.line("需要 %s 才能达标。", "It takes %s to reach it.", t.amount(math.Ceil(*needed), unit))
	}
	if r.Gap != nil && *r.Gap > 0 {
		t.line("差 %s。", "%s is missing.", t.amount(*r.Gap, r.Unit))
	}
	if !r.Counts {
		t.line("由生成的示范数据得出，不计入“已达成”，不说明真实情况。", "It rests on generated figures: it is never counted as achieved and says nothing of the real area.")
	}
}

// years writes the past, where two years or more are known.
func (t *teller) years(x report.Explanation, unit string) {
	if x.Progress == nil || len(x.Progress.Points) < 2 {
		return
	}
	var years []string
	for _, point := range x.Progress.Points {
		years = append(years, point.Period+" "+t.amount(number(point.Value), unit))
	}
	t.line("历年：%s。", "Over the years: %s.", strings.Join(years, lifecircle.Parting))
}

// part writes what a value follows from; facilities and subjects come at the end.
func (t *teller) part(x report.Explanation, depth int) {
	value := "—"
	if x.Value != nil {
		value = t.amount(*x.Value, x.Unit)
	} else if x.Reason != nil {
		value = t.word("reason", x.Reason.Code)
	}
	from := make([]string, 0, 3)
	for _, text := range []string{x.Formula, cmp.Or(t.name(x.SourceName), lifecircle.PartIn(x.Source, t.lang)), x.Provenance} {
		if text = t.status(text); text != "" {
			from = append(from, text)
		}
	}
	about := ""
	if len(from) > 0 {
		about = "  [" + strings.Join(from, "; ") + "]"
	}
	t.line("%s%s：%s%s", "%s%s: %s%s", strings.Repeat("  ", depth), t.name(x.Label), value, about)
	for _, child := range x.Children {
		t.part(child, depth+1)
	}
}

// status is a word for a status or provenance, and any other text as it is.
func (t *teller) status(text string) string {
	for _, group := range []string{"targetStatus", "provenance"} {
		if word, ok := web.Text(t.lang, group, text, nil); ok {
			return word
		}
	}
	return text
}

// change writes one least change that turns the target green.
func (t *teller) change(x explained, s report.SmallestChange) {
	if s.Of != "weight" {
		of := s.Of
		if element, ok := x.known.Plan.Series(s.Of); ok && s.Register == "" {
			of = t.name(element.Name)
		}
		for _, part := range x.tree.Children {
			if part.Formula == s.Of { // a rule is long
				of = t.name(part.Label)
			}
		}
		t.line("最小改变：“%s”由 %s 改为 %s，结果 %s。", "Smallest change: “%s” from %s to %s; the result is then %s.",
			of, t.amount(number(s.From), s.Unit), t.amount(number(s.To), s.Unit), t.amount(number(s.Result), x.result.Unit))
		return
	}
	t.line("最小改变：再有 %s达标。", "Smallest change: %s more must come to be served.", t.amount(s.Amount, cmp.Or(map[bool]string{true: "area"}[s.Unit == "1"], s.Unit)))
	switch p := s.Places; {
	case p == nil, p.Reason != nil && p.Reason.Code == "siting_no_network":
		t.lackingLeast(x, s.Subjects)
	case p.Reason != nil:
		text, ok := web.Text(t.lang, "error", p.Reason.Code, nil)
		if !ok || t.lang == "en" {
			text = p.Reason.What
		}
		t.line("新设场所不能解决：%s", "New places do not do it: %s.", text)
	default:
		kind := cmp.Or(t.name(p.KindName), p.Kind)
		fewer := map[string]string{"zh": "再少不行", "en": "fewer do not"}[t.lang]
		if p.Fewest < p.Count {
			fewer = fmt.Sprintf(map[string]string{"zh": "少于 %d 处不行", "en": "fewer than %d do not"}[t.lang], p.Fewest)
		}
		t.line("新设 %d 处“%s”即可（%s）：新增 %s达标，结果 %s。", "%d new “%s” do it (%s): %s more are served and the result is %s.",
			p.Count, kind, fewer, t.amount(float64(p.Gained), p.Unit), t.amount(number(p.Result), x.result.Unit))
		const most = 10
		for i, site := range p.Sites {
			if i == most {
				t.line("  另有 %d 处", "  and %d more", len(p.Sites)-most)
				break
			}
			area, _ := x.known.Registry.Area(lifecircle.AreaCode(site.Area))
			t.line("  %s（%s）%.5f,%.5f：%s", "  %s (%s) at %.5f,%.5f: %s", t.name(area.Name), site.Area, number(site.Lon), number(site.Lat), t.amount(float64(site.Served), "person"))
		}
	}
}

// lackingLeast names the areas that lack least, where nothing is known of streets.
func (t *teller) lackingLeast(x explained, subjects []string) {
	const most = 10
	for i, id := range subjects {
		area, ok := x.known.Registry.Area(lifecircle.AreaCode(id))
		switch {
		case i == most:
			t.line("  另有 %d 个", "  and %d more", len(subjects)-most)
			return
		case ok:
			t.line("  %s（%s）", "  %s (%s)", t.name(area.Name), id)
		default:
			t.line("  %s", "  %s", id)
		}
	}
}

// deciding lists the subjects that decide, those that fail first.
func (t *teller) deciding(x report.Explanation) {
	if len(x.Rows) == 0 {
		return
	}
	t.line("", "")
	t.line("起决定作用的对象（%d 个，列出 %d 个）：", "What decides (%d, of which %d are listed):", x.RowsTotal, len(x.Rows))
	for _, row := range x.Rows {
		what := []string{t.word("verdict", row.Verdict)}
		if row.Weight != nil && *row.Weight != 1 {
			what = append(what, t.amount(*row.Weight, ""))
		}
		if row.Metres != nil {
			what = append(what, t.amount(math.Round(*row.Metres), "m")+" → "+row.Facility)
		}
		if row.Seconds != nil {
			what = append(what, t.amount(math.Round(*row.Seconds/6)/10, "min")+" → "+row.Facility)
		}
		if row.Reason != nil {
			what = append(what, t.word("reason", row.Reason.Code)+" "+row.Reason.What)
		}
		t.line("  %s：%s", "  %s: %s", strings.TrimSpace(row.ID+" "+row.Name), strings.Join(what, ", "))
	}
}

func number(f *float64) float64 {
	if f == nil {
		return math.NaN()
	}
	return *f
}
