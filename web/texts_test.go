package web_test

import (
	"testing"

	"lifecircle/web"
)

// The command line says what the page says, in both languages.
func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		language, group, code string
		args                  map[string]any
		want                  string
		ok                    bool
	}{
		{"zh", "state", "off_track", nil, "未达成", true},
		{"en", "state", "off_track", nil, "off track", true},
		{"zh", "error", "kind_unknown", map[string]any{"kind": "x"}, "方案中没有设施类别“x”。", true},
		{"zh", "error", "kind_unknown", nil, "方案中没有设施类别“{{kind}}”。", false},
		{"zh", "error", "no_such_code", nil, "", false},
		{"fr", "state", "off_track", nil, "", false},
	} {
		if text, ok := web.Text(c.language, c.group, c.code, c.args); text != c.want || ok != c.ok {
			t.Errorf("%s %s.%s %v is %q, %v", c.language, c.group, c.code, c.args, text, ok)
		}
	}
}
