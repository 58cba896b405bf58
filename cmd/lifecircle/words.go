package main

import "lifecircle/web"

// The words of tables in Chinese, as the glossary and the browser have them. Only
// tables are for reading: what scripts read, CSV and JSON, is the same in every
// language.

// headingsZH are the headings of tables.
func headingsZH() map[string]string {
	return map[string]string{
		"clause": "条款", "indicator": "指标", "variant": "口径", "area": "行政区", "period": "时期", "value": "数值", "unit": "单位",
		"target": "目标", "gap": "差距", "state": "状态", "provenance": "数据性质", "reason": "原因", "pace": "进度", "projection": "预测",
		"lower": "下限", "upper": "上限", "lower_before": "之前下限", "upper_before": "之前上限", "lower_after": "之后下限", "upper_after": "之后上限",
		"lower_a": "甲下限", "upper_a": "甲上限", "lower_b": "乙下限", "upper_b": "乙上限", "provenance_before": "之前数据性质", "provenance_after": "之后数据性质",
		"before": "之前", "after": "之后", "state_before": "之前状态", "state_after": "之后状态", "state_a": "甲状态", "state_b": "乙状态",
		"a": "方案甲", "b": "方案乙", "row": "行", "column": "列", "code": "代码", "message": "说明", "what": "说明", "remedy": "改法", "repair": "改法",
		"where": "位置", "severity": "程度", "object": "对象", "test": "测试", "difference": "差异", "result": "结果", "kind": "类别",
		"mechanism": "机制", "source": "来源", "owner": "责任单位", "owner_status": "责任单位性质", "dir": "文件夹", "plan": "计划", "objects": "对象数",
		"id": "编号", "name": "名称", "root": "根行政区", "version": "版本", "versions": "版本数", "revision": "修订", "actor": "操作者", "at": "位置/时间",
		"scenario": "情景", "step": "步骤", "key": "键", "op": "操作", "people": "人数", "from": "起点", "to": "终点", "metres": "米", "faults": "问题", "hash": "哈希", "change": "变更",
		"place": "机构", "wish": "志愿", "lot": "签号", "part or area": "部分或行政区", "old": "原", "new": "新",
	}
}

// cellsZH are the words of closed lists, by the heading of their column.
func cellsZH() map[string]map[string]string {
	states := map[string]string{"open": "编辑中", "archived": "已归档", "adopted": "已采纳", // of scenarios
		"placed": "已录取", "waiting": "候补"} // of assignments
	for _, state := range []string{"achieved", "on_track", "at_risk", "off_track", "worsening", "not_yet_due", "stale", "no_data", "not_applicable", "reported"} {
		states[state], _ = web.Text("zh", "state", state, nil)
	}
	provenances := make(map[string]string)
	for _, provenance := range []string{"real", "estimated", "generated"} {
		provenances[provenance], _ = web.Text("zh", "provenance", provenance, nil)
	}
	return map[string]map[string]string{
		"state": states, "state_before": states, "state_after": states, "state_a": states, "state_b": states,
		"provenance": provenances, "provenance_before": provenances, "provenance_after": provenances,
		"severity": {"error": "错误", "warning": "警告"},
		"op": {
			"add": "新增", "move": "迁移", "close": "关闭", "withdraw": "撤除", "merge": "合并", "change": "调整", "convert": "改造", "estate": "新建居住区", "put": "数值", "parameter": "参数",
			"close_street": "封闭道路", "open_street": "开放道路", "new_street": "新建道路",
		},
	}
}

// inChinese returns a table with its heading, and the words of closed lists, in
// Chinese.
func inChinese(rows [][]string) [][]string {
	if len(rows) == 0 {
		return rows
	}
	headings, cells := headingsZH(), cellsZH()
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = append([]string(nil), row...)
		for j := range row {
			words := headings
			if i > 0 {
				if j >= len(rows[0]) {
					continue
				}
				words = cells[rows[0][j]]
			}
			if word, ok := words[row[j]]; ok {
				out[i][j] = word
			}
		}
	}
	return out
}
