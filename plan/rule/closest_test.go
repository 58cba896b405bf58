package rule

import (
	"slices"
	"strings"
	"testing"
)

func TestClosest(t *testing.T) {
	t.Parallel()
	words := []string{"denominator", "numerator", "targets", "levels"}
	for text, want := range map[string]string{
		"numeratr": "numerator", "denominatr": "denominator", "target": "targets", "colour": "",
		strings.Repeat("x", maxCompared+1): "",
	} {
		if got := Closest(text, slices.Values(words)); got != want {
			t.Errorf("%q was taken for %q, want %q", text, got, want)
		}
	}
}
