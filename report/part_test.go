package report_test

import (
	"testing"

	"lifecircle/report"
)

func TestPartIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, language, want string }{
		{"手绘示例 · drawn by hand", "zh", "手绘示例"},
		{"手绘示例 · drawn by hand", "en", "drawn by hand"},
		{"© OpenStreetMap contributors · ODbL", "zh", "© OpenStreetMap contributors · ODbL"},
		{"宁夏测绘 · 审图号", "en", "宁夏测绘 · 审图号"},
		{"", "en", ""},
	} {
		if got := report.PartIn(c.text, c.language); got != c.want {
			t.Errorf("PartIn(%q, %s) is %q, not %q", c.text, c.language, got, c.want)
		}
	}
}
