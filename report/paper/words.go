package paper

import (
	"strings"

	"lifecircle"
	"lifecircle/document"
	"lifecircle/report"
)

// The words of closed lists are those of the browser's texts; a test holds the two
// against each other.
var (
	stateWords = map[string]lifecircle.Name{
		"achieved": {ZH: "已达成", EN: "achieved"}, "off_track": {ZH: "未达成", EN: "off track"},
		"on_track": {ZH: "进度正常", EN: "on track"}, "at_risk": {ZH: "存在风险", EN: "at risk"},
		"worsening": {ZH: "倒退", EN: "worsening"}, "stale": {ZH: "近期未报", EN: "not reported lately"},
		"not_yet_due": {ZH: "未到期", EN: "not yet due"}, "no_data": {ZH: "无数据", EN: "no data"},
		"not_applicable": {ZH: "不适用", EN: "not applicable"}, "reported": {ZH: "仅监测", EN: "watched only"},
	}
	provenanceWords = map[string]lifecircle.Name{
		"real": {ZH: "真实", EN: "real"}, "estimated": {ZH: "估计", EN: "estimated"}, "generated": {ZH: "演示", EN: "generated"},
	}
	forceWords = map[string]lifecircle.Name{
		"must": {ZH: "必须", EN: "must"}, "push": {ZH: "推进", EN: "push"}, "encourage": {ZH: "鼓励", EN: "encourage"},
		"explore": {ZH: "探索", EN: "explore"}, "seek": {ZH: "争取", EN: "seek"}, "may": {ZH: "可以", EN: "may"},
		"principle": {ZH: "原则", EN: "principle"},
	}
	kindWords = map[string]lifecircle.Name{
		"indicator": {ZH: "指标", EN: "indicator"}, "provision": {ZH: "配置标准", EN: "provision"}, "task": {ZH: "任务", EN: "task"},
		"recognition": {ZH: "认定", EN: "recognition"}, "programme": {ZH: "补助项目", EN: "programme"},
		"entitlement": {ZH: "服务权益", EN: "entitlement"}, "service": {ZH: "服务项目", EN: "service"}, "link": {ZH: "协作关系", EN: "link"},
	}
	targetStatusWords = map[string]lifecircle.Name{
		"verified": {ZH: "已核实", EN: "verified"}, "secondary": {ZH: "二手来源", EN: "secondary source"},
		"unverified": {ZH: "未核实", EN: "unverified"}, "local-choice": {ZH: "本地选择", EN: "local choice"},
	}
	verdictWords = map[string]lifecircle.Name{
		"pass": {ZH: "达标", EN: "served"}, "fail": {ZH: "未达标", EN: "not served"}, "no_data": {ZH: "无数据", EN: "no data"},
		"not_applicable": {ZH: "不适用", EN: "not applicable"},
	}
	reasonWords = map[string]lifecircle.Name{
		"unreported": {ZH: "尚未填报", EN: "not reported yet"}, "incomplete": {ZH: "填报不全", EN: "reported in part only"},
		"unchosen_rivals":  {ZH: "来源不一，尚未选定", EN: "sources differ and none is chosen"},
		"division_by_zero": {ZH: "分母为零", EN: "the denominator is zero"}, "not_kept": {ZH: "系统尚无此类登记", EN: "the system keeps no such register yet"},
		"no_subjects": {ZH: "没有适用对象", EN: "nothing it applies to"}, "not_a_number": {ZH: "结果不是数", EN: "the result is no number"},
		"overflow": {ZH: "数值过大", EN: "the number is too large"}, "unweighed": {ZH: "对象缺少权重", EN: "subjects without a weight"},
		"not_in_force":  {ZH: "参数在该时期未生效", EN: "a parameter is not in force in this period"},
		"unknown_field": {ZH: "登记中无此字段", EN: "the register has no such field"}, "unknown_element": {ZH: "无此数据项", EN: "no such data element"},
		"unknown_provision": {ZH: "无此规定", EN: "no such provision"}, "no_subject": {ZH: "没有可判断的对象", EN: "nothing to judge"},
		"not_applicable": {ZH: "不适用", EN: "not applicable"}, "no_position": {ZH: "没有位置", EN: "no position"},
		"area_split":   {ZH: "该行政区后来才从其他行政区分出，当时的数据未作划分", EN: "the area came out of another one later, and nobody parted the figures"},
		"area_merged":  {ZH: "合并前各行政区的数值不能合并计算", EN: "the areas it was made of have no common value"},
		"area_not_yet": {ZH: "该行政区当时尚未设立", EN: "the area did not stand yet"}, "area_ended": {ZH: "该行政区当时已撤销", EN: "the area no longer stood"},
		"undated": {ZH: "设施等的启用日期不详", EN: "nobody says since when the places stand"}, "unsnapped": {ZH: "位置离街道太远", EN: "too far from any street"},
		"internal": {ZH: "计算出错", EN: "the computation failed"},
	}
	unitWords = map[string]lifecircle.Name{
		"person": {ZH: "人", EN: "people"}, "10k person": {ZH: "万人", EN: "10,000 people"}, "1000 person": {ZH: "千人", EN: "1,000 people"},
		"household": {ZH: "户", EN: "household"}, "m": {ZH: "米", EN: "m"}, "m2": {ZH: "平方米", EN: "m²"}, "count": {ZH: "个"}, "1": {ZH: "个"},
		"item": {ZH: "项", EN: "items"}, "bed": {ZH: "张", EN: "beds"}, "place": {ZH: "个", EN: "places"}, "visit": {ZH: "人次", EN: "visits"},
		"yuan": {ZH: "元", EN: "yuan"}, "h": {ZH: "小时", EN: "h"}, "day": {ZH: "天", EN: "days"}, "month": {ZH: "月", EN: "months"},
		"year": {ZH: "年", EN: "years"}, "area": {ZH: "个地区", EN: "areas"},
	}
	registerWords = map[string]lifecircle.Name{
		"population_point": {ZH: "人口点", EN: "population points"}, "facility": {ZH: "设施", EN: "facilities"},
		"county": {ZH: "县区", EN: "counties"}, "township": {ZH: "乡镇街道", EN: "townships"}, "village": {ZH: "村社区", EN: "villages"},
	}
	bounds = map[string]string{"at_least": "≥ ", "at_most": "≤ ", "exactly": "= "}
	marks  = map[string]string{
		"achieved": "✔", "off_track": "✖", "on_track": "➜", "at_risk": "▲", "worsening": "▼", "stale": "◷",
		"not_yet_due": "◆", "no_data": "○", "not_applicable": "—", "reported": "□",
	}
	tones = map[string]document.Tone{
		"achieved": document.Good, "on_track": document.Good, "off_track": document.Bad, "worsening": document.Bad,
		"not_yet_due": document.Waiting, "at_risk": document.Waiting, "no_data": document.Soft, "stale": document.Soft,
		"not_applicable": document.Soft, "reported": document.Soft,
	}
)

// of looks a code up; one without a word stands for itself.
func (f Facts) of(words map[string]lifecircle.Name, code string) string {
	if n, ok := words[code]; ok {
		if f.Language == "en" {
			return n.EN
		}
		return n.ZH
	}
	return code
}

// unit words a unit: "visit/10k person" is put together from its parts.
// Unit is a unit in the words of the screens; language is zh or en.
func Unit(code, language string) string { return Facts{Language: language}.unit(code) }

func (f Facts) unit(code string) string {
	parts := strings.Split(code, "/")
	for i, part := range parts {
		parts[i] = f.of(unitWords, part)
	}
	return strings.Join(parts, "/")
}

// unitOf is the unit behind a number; figures that are printed as ratios need none.
func (f Facts) unitOf(r report.Result) string {
	if r.Display != "" {
		return ""
	}
	return f.unit(r.Unit)
}

// state is a state as a mark with its word.
func (f Facts) state(code string) document.Cell {
	return document.Cell{Text: strings.TrimSpace(marks[code] + " " + f.of(stateWords, code)), Tone: tones[code]}
}

// reason says why there is no data, and of what.
func (f Facts) reason(r *report.Reason) string {
	if r == nil {
		return ""
	}
	text := f.of(reasonWords, r.Code)
	if what := (report.Known{Plan: f.Plan}).InWords(r.What, f.Language); what != "" {
		text += f.word("：", ": ") + what
	}
	return text
}
