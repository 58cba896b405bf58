package paper

import (
	"cmp"

	"lifecircle/document"
	"lifecircle/report"
)

// targetText is the target as the plan has it, with its bound.
func targetText(r report.Result) string {
	if r.Target == nil {
		return ""
	}
	return bounds[r.TargetBound] + r.ShownTarget()
}

// gapText is what is missing; nothing where nothing is.
func (f Facts) gapText(r report.Result) string {
	if gap := r.ShownGap(); r.Gap == nil || gap != "" {
		return cmp.Or(gap, "—")
	}
	return f.word("无", "none")
}

// plain is a number as a cell; none is an empty one.
func plain(v *float64) document.Cell {
	if v == nil {
		return document.Cell{}
	}
	return document.Cell{Text: report.ShownNumber(*v, 2), Number: v}
}

func text(s string) document.Cell { return document.Cell{Text: s} }
