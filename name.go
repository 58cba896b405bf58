package lifecircle

import (
	"strings"
	"unicode"
)

// Name is a term in the two languages of the product.
type Name struct {
	ZH string `json:"zh" yaml:"zh"`
	EN string `json:"en" yaml:"en"`
}

// In returns the name in a language, "zh" or "en", or in the other where it has none
// in that.
func (n Name) In(language string) string {
	if language == "en" && n.EN != "" || n.ZH == "" {
		return n.EN
	}
	return n.ZH
}

// Parting stands between parts of a free text, as the source of a figure is: between
// what it says in Chinese and the same in English, for one.
const Parting = " · "

// PartIn is the part of a free text that is in a language, zh or en, where it says
// the same twice, as "手绘示例 · drawn by hand" does; any other text is whole.
func PartIn(text, language string) string {
	var chinese, others []string
	for part := range strings.SplitSeq(text, Parting) {
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
		return strings.Join(others, Parting)
	}
	return strings.Join(chinese, Parting)
}
