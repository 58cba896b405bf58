package lifecircle_test

import (
	"testing"

	"lifecircle"
)

func TestNameIn(t *testing.T) {
	t.Parallel()
	both, chinese, english := lifecircle.Name{ZH: "养老", EN: "Elderly care"}, lifecircle.Name{ZH: "养老"}, lifecircle.Name{EN: "Elderly care"}
	for _, c := range []struct {
		name           lifecircle.Name
		language, want string
	}{
		{both, "zh", "养老"},
		{both, "en", "Elderly care"},
		{chinese, "en", "养老"},
		{english, "zh", "Elderly care"},
		{lifecircle.Name{}, "zh", ""},
	} {
		if got := c.name.In(c.language); got != c.want {
			t.Errorf("%+v in %s is %q, not %q", c.name, c.language, got, c.want)
		}
	}
}

func TestPartIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, language, want string }{
		{"手绘示例 · drawn by hand", "zh", "手绘示例"},
		{"手绘示例 · drawn by hand", "en", "drawn by hand"},
		{"© OpenStreetMap contributors · ODbL", "zh", "© OpenStreetMap contributors · ODbL"},
		{"宁夏测绘 · 审图号", "en", "宁夏测绘 · 审图号"},
		{"", "en", ""},
	} {
		if got := lifecircle.PartIn(c.text, c.language); got != c.want {
			t.Errorf("PartIn(%q, %s) is %q, not %q", c.text, c.language, got, c.want)
		}
	}
}
