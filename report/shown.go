package report

import (
	"math"
	"strconv"
	"strings"
)

// Numbers stand in tables, on paper and in pictures as on the screens
// (web/src/lib/format.ts): a value is never rounded across its target, and what is
// missing never reads as nothing.

const mostPlaces = 10

type direction uint8

const (
	nearest direction = iota
	down
	up
)

func towards(v float64, places int, d direction) string {
	text := strconv.FormatFloat(v, 'f', places, 64)
	shown, _ := strconv.ParseFloat(text, 64)
	step := math.Pow(10, -float64(places))
	switch {
	case d == down && shown > v:
		text = strconv.FormatFloat(shown-step, 'f', places, 64)
	case d == up && shown < v:
		text = strconv.FormatFloat(shown+step, 'f', places, 64)
	}
	return text
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// ShownValue is the value beside its target; a dash is no data.
func (r Result) ShownValue() string {
	if r.Value == nil {
		return "—"
	}
	v, places := *r.Value, 2
	if v == math.Trunc(v) && r.Display == "" {
		places = 0
	}
	d := nearest
	switch r.TargetBound {
	case "at_least":
		d = down
	case "at_most":
		d = up
	}
	text := strconv.FormatFloat(v, 'f', -1, 64)
	for ; places < mostPlaces; places++ {
		shown := towards(v, places, d)
		n, _ := strconv.ParseFloat(shown, 64)
		if r.Target == nil || sign(n-*r.Target) == sign(v-*r.Target) {
			text = shown
			break
		}
	}
	return ratio(r.Display) + grouped(text)
}

func ratio(display string) string {
	if display == "1:x" {
		return "1:"
	}
	return ""
}

// ShownTarget is the target as the plan has it, without its bound; "" is none.
func (r Result) ShownTarget() string {
	if r.Target == nil {
		return ""
	}
	return ratio(r.Display) + ShownNumber(*r.Target, 6)
}

// ShownGap is what is missing, rounded up; "" is nothing, or unknown.
func (r Result) ShownGap() string {
	if r.Gap == nil || *r.Gap <= 0 {
		return ""
	}
	return grouped(trimmed(towards(*r.Gap, 2, up)))
}

// ShownNumber writes at most so many decimals, none that is not needed.
func ShownNumber(v float64, places int) string {
	return grouped(trimmed(strconv.FormatFloat(v, 'f', places, 64)))
}

func trimmed(text string) string {
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// grouped sets the thousands of a plain decimal apart.
func grouped(text string) string {
	whole, fraction, parted := strings.Cut(text, ".")
	for at := len(whole) - 3; at > 0 && whole[at-1] != '-'; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if parted {
		return whole + "." + fraction
	}
	return whole
}
