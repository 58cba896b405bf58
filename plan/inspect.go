package plan

import (
	"io/fs"
	"maps"
	"slices"

	"lifecircle"
)

// Inspection is a package with all that checking it says.
type Inspection struct {
	Package *Package // nil with an error among the faults
	Faults  []Fault
	// Accepted are the warnings that the package acknowledges.
	Accepted []Accepted
}

// Accepted is a warning that a package acknowledges, and why.
type Accepted struct {
	Fault
	Reason lifecircle.Name `json:"reason"`
}

// Inspect reads a package and those above it, the highest first. Files that Load
// takes may be given.
func Inspect(fsys fs.FS) []Inspection { return inspect(fsys, maxAbove) }

func inspect(fsys fs.FS, above int) []Inspection {
	l := loaded(fsys, nil)
	own := Inspection{Package: l.pkg, Faults: l.sorted(), Accepted: l.acknowledged}
	if Broken(own.Faults) {
		own.Package = nil
	}
	upper, ok := fsys.(UpperFS)
	if !ok || l.pkg.Extends == "" || above == 0 {
		return []Inspection{own}
	}
	files, err := upper.Upper(l.pkg.Extends)
	if err != nil {
		return []Inspection{own} // the faults say so
	}
	return append(inspect(files, above-1), own)
}

// Stated is a number of a measured object as a package states it: a parameter of it
// or of a reading, a target, or what an override makes of one.
type Stated struct {
	Object    Object
	Variant   string // whose parameter it is; "" is the object's own
	Parameter Parameter
	// Target is set in place of Parameter.
	Target *Target
	Areas  []lifecircle.AreaCode // none is everywhere
	Plan   string                // the package that states it
	At     Position              // of the object or override
}

// Stated returns all numbers of the package and of those above it, in the order of
// its objects; those of overrides after the object's own.
func (p *Package) Stated() []Stated {
	var all []Stated
	for _, o := range p.Objects {
		if !o.Measured() {
			continue
		}
		note := func(variant string, in Override) {
			for _, name := range slices.Sorted(maps.Keys(in.Parameters)) {
				all = append(all, Stated{Object: o, Variant: variant, Parameter: in.Parameters[name], Areas: in.Areas, Plan: in.Plan, At: in.At})
			}
			for i := range in.Targets {
				all = append(all, Stated{Object: o, Target: &in.Targets[i], Areas: in.Areas, Plan: in.Plan, At: in.At})
			}
		}
		note("", Override{Parameters: o.Parameters(), Targets: o.Targets(), Plan: o.Plan, At: o.At})
		for _, v := range o.Variants() {
			note(v.ID, Override{Parameters: v.Parameters, Plan: o.Plan, At: o.At})
		}
		for _, v := range p.overrides[o.ID] {
			note(v.Variant, v)
		}
	}
	return all
}
