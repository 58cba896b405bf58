package plan

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says whether a fault stops a package from loading.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Fault is something wrong in a package: where, what, and how to repair it.
// Lines and columns count from 1, columns in characters; a fault of a whole
// file stands at 1:1. docs/formats/plan.md lists the codes.
type Fault struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`
	Column   int      `json:"column"`
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Repair   string   `json:"repair"`
	Severity Severity `json:"severity"`
}

// String writes a fault as compilers do, on one line.
func (f Fault) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s (%s); %s", f.File, f.Line, f.Column, f.Severity, f.Message, f.Code, f.Repair)
}

// Broken reports whether a fault of severity error is among the faults.
func Broken(faults []Fault) bool {
	return slices.ContainsFunc(faults, func(f Fault) bool { return f.Severity == SeverityError })
}

// faults collects what is wrong while a package is read.
type faults struct{ list []Fault }

// finding is what is wrong and how to repair it.
type finding struct{ code, message, repair string }

func (f *faults) error(at Position, found finding) { f.add(at, found, SeverityError) }

func (f *faults) warn(at Position, found finding) { f.add(at, found, SeverityWarning) }

func (f *faults) add(at Position, found finding, severity Severity) {
	f.list = append(f.list, Fault{at.File, at.Line, at.Column, found.code, found.message, found.repair, severity})
}

// sorted returns the faults in the order of the files; the same fault found
// twice is one.
func (f *faults) sorted() []Fault {
	slices.SortFunc(f.list, func(a, b Fault) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.Compact(f.list)
}
