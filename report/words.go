package report

import (
	"fmt"
	"regexp"
	"strings"

	"lifecircle"
)

// lack is what a reason says of something reported in parts.
var lack = regexp.MustCompile(`^(.*): (\d+) of (\d+), lacking (.*)$`)

// InWords says with names what a reason speaks of by ids, like "care.beds 640104
// 2025": elements, registers and areas that are known; the rest of it stays. The
// language is zh or en; without a Registry areas stay codes.
func (k Known) InWords(what, language string) string {
	if parts := lack.FindStringSubmatch(what); parts != nil && language == "zh" {
		return fmt.Sprintf("%s，%s 个中有 %s 个；缺 %s", k.InWords(parts[1], language), parts[3], parts[2], k.InWords(parts[4], language))
	}
	words := strings.Split(what, " ")
	for i, word := range words {
		id := strings.TrimRight(word, ":,;")
		if name := k.nameOf(id); name != (lifecircle.Name{}) {
			words[i] = name.In(language) + word[len(id):]
		}
	}
	return strings.Join(words, " ")
}

func (k Known) nameOf(id string) lifecircle.Name {
	if e, ok := k.Plan.Series(id); ok {
		return e.Name
	}
	if r, ok := k.Plan.Registers[id]; ok {
		return r.Name
	}
	if k.Registry != nil {
		if area, ok := k.Registry.Area(lifecircle.AreaCode(id)); ok {
			return area.Name
		}
	}
	return lifecircle.Name{}
}
