package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
)

type number = lifecircle.Number

// site is where an expression stands: whose fields and parameters it sees.
type site struct {
	register   string // of its subject; "" for an area as such
	indicator  bool
	parameters map[string]Parameter
}

// registers reads the registers of a package: further ones, and further fields
// of those the product keeps.
func (l *loader) registers(entries []field) {
	maps.Copy(l.pkg.Registers, keptRegisters())
	for _, entry := range entries {
		r := l.record(entry.value, "a register")
		register, kept := l.pkg.Registers[entry.key]
		register.ID = entry.key
		if !kept {
			register.Name = l.name(r.need("name", "it is shown to people"))
		}
		fields := maps.Clone(register.Fields)
		if fields == nil {
			fields = make(map[string]rule.Type)
		}
		for _, f := range l.entries(r.field("fields"), "fields") {
			if _, twice := fields[f.key]; twice {
				l.error(f.keyAt, finding{"id_duplicate", fmt.Sprintf("%s already has the field %s", entry.key, f.key), "remove it"})
				continue
			}
			fields[f.key] = l.fieldType(f)
		}
		register.Fields = fields
		r.close()
		l.pkg.Registers[entry.key] = register
	}
}

// fieldType reads the type of a field: a word, or a unit for numbers.
func (l *loader) fieldType(f field) rule.Type {
	if f.value.kind == mapping {
		r := l.record(f.value, "the field "+f.key)
		unit, _ := l.unit(r.need("unit", "a number means nothing without one"))
		r.close()
		return rule.Type{Kind: rule.Number, Unit: unit}
	}
	switch oneOf(&l.faults, f.value, "the field "+f.key, "text", "texts", "boolean", "date") {
	case "texts":
		return rule.Type{Kind: rule.Texts}
	case "boolean":
		return rule.Type{Kind: rule.Bool}
	case "date":
		return rule.Type{Kind: rule.Day}
	}
	return rule.Type{Kind: rule.Text}
}

// subjectSet finds the set that a value names.
func (l *loader) subjectSet(n *node) (SubjectSet, bool) {
	if n == nil || n.kind != scalar {
		return SubjectSet{}, false
	}
	if !lookUp(&l.faults, n, "subject set", l.pkg.Sets) {
		return SubjectSet{}, false
	}
	set := l.pkg.Sets[n.text]
	_, known := l.pkg.Registers[set.Of]
	return set, known
}

// checkReason looks for the field that holds the reason of an exception.
func (l *loader) checkReason(n *node, reason, register string) {
	fields := l.pkg.Registers[register].Fields
	if _, known := fields[reason]; !known && reason != "" {
		l.error(n.at, dead("field of "+register, reason, fields))
	}
}

// expression parses a rule; its faults stand at their own place in the scalar.
func (l *loader) expression(n *node) *rule.Expr {
	source, ok := l.scalar(n, "a rule")
	if !ok {
		return nil
	}
	expr, found := rule.Parse(source)
	l.ruleFaults(n, found)
	if len(found) > 0 {
		return nil
	}
	return expr
}

func (l *loader) ruleFaults(n *node, found []rule.Fault) {
	for _, fault := range found {
		l.error(n.locate(fault.Offset), finding{fault.Code, fault.Message, fault.Repair})
	}
}

func (l *loader) checkCondition(n *node, expr *rule.Expr, at site) {
	_ = slices.Max[[]int]
	_ = strings.ToLower
}
func (l *loader) checkQuantity(q quantity, at site)                       {}
func (l *loader) checkRatio(top, bottom written, at site, unit rule.Unit) {}
func (l *loader) checkCycles()                                            {}
