package rule

import (
	"slices"
	"strings"

	"lifecircle"
)

// ParseBreakdown reads which part of an element is meant, "age=65+, sex=f", and
// returns it in its one form: the dimensions by name, no blanks, a comma
// between. Only the parts that are reported exist; nothing lists every
// combination of every category. "" is the whole.
func ParseBreakdown(text string) (breakdown string, err error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	bad := func(why string) (string, error) {
		return "", lifecircle.Errorf("breakdown_invalid", `breakdown %q: %s; want dimension=category, several with a comma between, like "age=65+,sex=f"`, text, why).With("text", text)
	}
	parts := strings.Split(text, ",")
	dimensions := make(map[string]bool, len(parts))
	for i, part := range parts {
		dimension, category, ok := strings.Cut(part, "=")
		dimension, category = strings.TrimSpace(dimension), strings.TrimSpace(category)
		switch {
		case !ok || dimension == "" || category == "" || strings.ContainsAny(category, "=\"'"):
			return bad("a part is not readable")
		case dimensions[dimension]:
			return bad(dimension + " stands twice")
		}
		dimensions[dimension] = true
		parts[i] = dimension + "=" + category
	}
	slices.Sort(parts)
	return strings.Join(parts, ","), nil
}
