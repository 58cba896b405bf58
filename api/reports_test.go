package api_test

import (
	"archive/zip"
	"bytes"
	"mime"
	"net/http"
	"strings"
	"testing"
)

// Every report is handed over in every form, under a name in Chinese, to whoever may
// see the area.
func TestReports(t *testing.T) {
	t.Parallel()
	h := serve(t)
	for path, want := range map[string]struct{ kind, name, text string }{
		"scoreboard/990100?format=csv":                              {"text/csv; charset=utf-8", "目标总览 · 城.csv", "1.1.7,城市10分钟健身圈（步行1000米）,✖ 未达成,94,95,1,%,真实"},
		"scoreboard/990100?format=html&lang=en":                     {"text/html; charset=utf-8", "The targets at a glance · Town.html", ">≥ 95<"},
		"indicator/990100?format=html&indicator=1.1.7&variant=w800": {"text/html; charset=utf-8", "1.1.7 城市10分钟健身圈（步行800米）.html", "数值 57 %"},
		"indicator/990100?format=csv&indicator=1.1.7&table=deficits": {
			"text/csv; charset=utf-8", "1.1.7 城市10分钟健身圈（步行1000米）.csv", "未达标",
		},
		"ledger/990100?format=csv":                 {"text/csv; charset=utf-8", "任务台账 · 城.csv", "自治区体育局（建议）"},
		"annual/990100?format=html":                {"text/html; charset=utf-8", "城《推动重点领域普惠性生活服务扩容实施方案》2025年度落实情况报告.html", "（条款1.1.7）"},
		"annual/990100?format=csv&table=no-data":   {"text/csv; charset=utf-8", "", "尚未填报"},
		"scoreboard/990100?format=xlsx":            {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "目标总览 · 城.xlsx", "xl/workbook.xml"},
		"annual/990100?format=docx":                {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "", "word/document.xml"},
		"scoreboard/990100?format=csv&period=2024": {"text/csv; charset=utf-8", "", ",2024,"},
	} {
		w := get(t, h, "/api/v1/reports/"+path, nil)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != want.kind {
			t.Errorf("%s: %d %s %.200s", path, w.Code, w.Header().Get("Content-Type"), w.Body)
			continue
		}
		disposition, named, err := mime.ParseMediaType(w.Header().Get("Content-Disposition"))
		if err != nil || disposition != "attachment" || want.name != "" && named["filename"] != want.name {
			t.Errorf("%s: disposition %q, %v: %v", path, w.Header().Get("Content-Disposition"), named, err)
		}
		text := w.Body.String()
		if strings.Contains(path, "xlsx") || strings.Contains(path, "docx") {
			archive, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
			if err != nil {
				t.Fatal(err)
			}
			text = ""
			for _, f := range archive.File {
				text += f.Name + "\n"
			}
		}
		if !strings.Contains(text, want.text) {
			t.Errorf("%s lacks %q", path, want.text)
		}
		if again := get(t, h, "/api/v1/reports/"+path, nil); !bytes.Equal(w.Body.Bytes(), again.Body.Bytes()) {
			t.Errorf("%s is other bytes the second time", path)
		}
	}
	for path, status := range map[string]int{
		"weather/990100":                             http.StatusUnprocessableEntity,
		"scoreboard/990100?format=odt":               http.StatusUnprocessableEntity,
		"scoreboard/990100?format=csv&table=nothing": http.StatusNotFound,
		"scoreboard/123456":                          http.StatusNotFound,
		"scoreboard/990100?period=soon":              http.StatusUnprocessableEntity,
		"indicator/990100?indicator=9.9.9":           http.StatusNotFound,
		"scoreboard/990100?format=pdf":               http.StatusServiceUnavailable, // this server has no printer
	} {
		if w := get(t, h, "/api/v1/reports/"+path, nil); w.Code != status {
			t.Errorf("%s: %d %s; want %d", path, w.Code, w.Body, status)
		}
	}
	if w := get(t, h, "/api/v1/reports/annual/990100", guest); w.Code != http.StatusForbidden {
		t.Errorf("a guest: %d", w.Code)
	}
}
