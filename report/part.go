package report

import (
	"strings"
	"unicode"
)

const parting = " · "

// PartIn is the part of a free text that is in a language, zh or en, where it says
// the same twice, as "手绘示例 · drawn by hand" does; any other text is whole.
func PartIn(text, language string) string {
	parts := strings.Split(text, parting)
	var chinese, others []string
	for _, part := range parts {
		if strings.ContainsFunc(part, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			chinese = append(chinese, part)
		} else {
			others = append(others, part)
		}
	}
	switch {
	case len(chinese) == 0 || len(others) == 0:
		return text
	case language == "en":
		return strings.Join(others, parting)
	}
	return strings.Join(chinese, parting)
}
