package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

type number = lifecircle.Number

// site is where an expression stands: whose fields and parameters it sees.
type site struct {
	register   string           // of its subject; "" for an area as such
	levels     []registry.Level // of that area
	parameters map[string]Parameter
}

// registers reads the registers of a package: further ones, and further fields
// of those the product keeps.
func (l *loader) registers(entries []field) {
	for id, kept := range keptRegisters() {
		if _, inherited := l.pkg.Registers[id]; !inherited {
			l.pkg.Registers[id] = kept
		}
	}
	for _, entry := range entries {
		r := l.record(entry.value, "a register")
		register, kept := l.pkg.Registers[entry.key]
		register.ID = entry.key
		if !kept {
			register.Name = l.name(r.need("name", "it is shown to people"))
		} else if l.upper != nil && r.has("name") { // one of the plan above, written again
			register.Name = l.name(r.field("name"))
		}
		fields := maps.Clone(register.Fields)
		if fields == nil {
			fields = make(map[string]rule.Type)
		}
		for _, f := range l.entries(r.field("fields"), "fields") {
			t := l.fieldType(f)
			was, twice := fields[f.key]
			if twice && (l.upper == nil || was != t) {
				l.error(f.keyAt, finding{"id_duplicate", fmt.Sprintf("%s already has the field %s", entry.key, f.key), "remove it"})
				continue
			}
			fields[f.key] = t
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

// checkCondition asks of a rule that it is a condition where it stands.
func (l *loader) checkCondition(n *node, expr *rule.Expr, at site) {
	if t, ok := l.checked(n, expr, at); ok && t.Kind != rule.Bool {
		l.error(n.at, finding{"type_mismatch", fmt.Sprintf("a condition is asked for, and %s is %v", expr, t), "compare it with something, like x >= y"})
	}
}

// checkQuantity asks of a rule that it is a number in the unit beside it.
func (l *loader) checkQuantity(q quantity, at site) {
	t, ok := l.checked(q.node, q.expr, at)
	if !ok {
		return
	}
	l.checkUnit(q.written, t, q.unit)
}

// checkRatio asks of a numerator and denominator that their quotient has the
// indicator's unit; without a denominator the numerator itself has.
func (l *loader) checkRatio(top, bottom written, at site, unit rule.Unit) {
	over, known := l.checked(top.node, top.expr, at)
	if bottom.node == nil {
		if known {
			l.checkUnit(top, over, unit)
		}
		return
	}
	under, knownToo := l.checked(bottom.node, bottom.expr, at)
	if !known || !knownToo {
		return
	}
	for _, part := range []struct {
		written
		t rule.Type
	}{{top, over}, {bottom, under}} {
		if part.t.Kind != rule.Number {
			l.error(part.node.at, finding{"type_mismatch", fmt.Sprintf("a number is asked for, and %s is %v", part.expr, part.t), "write a number; count(…) counts rows"})
			return
		}
	}
	switch quotient := over.Unit.Div(under.Unit); {
	case under.Zero:
		l.error(bottom.node.at, finding{"type_mismatch", "divided by 0", "divide by something else"})
	case !over.Zero && !quotient.SameDimension(unit):
		l.error(top.node.at, finding{
			"unit_mismatch", fmt.Sprintf("%s over %s is in %v, the indicator in %v", top.expr, bottom.expr, quotient, unit),
			"correct the indicator's unit, the numerator or the denominator",
		})
	}
}

func (l *loader) checkUnit(w written, t rule.Type, unit rule.Unit) {
	switch {
	case t.Kind != rule.Number:
		l.error(w.node.at, finding{"type_mismatch", fmt.Sprintf("a number is asked for, and %s is %v", w.expr, t), "write a number; count(…) counts rows"})
	case !t.Zero && !t.Unit.SameDimension(unit):
		l.error(w.node.at, finding{"unit_mismatch", fmt.Sprintf("%s is %v, and the unit says %v", w.expr, t, unit), "correct the unit or the rule"})
	}
}

// checked returns the type of a rule where it stands; ok is false when there is
// no rule or something is wrong in it, which is reported.
func (l *loader) checked(n *node, expr *rule.Expr, at site) (t rule.Type, ok bool) {
	if expr == nil {
		return rule.Type{}, false
	}
	t, found := expr.Check(l.scope(at))
	l.ruleFaults(n, found)
	return t, len(found) == 0 && t.Kind != 0
}

// scope is what a rule sees where it stands: the fields of its subject, the
// parameters over them, and the days of the period. An indicator speaks of an
// area and sees the fields that the areas of all its levels have.
func (l *loader) scope(at site) rule.Scope {
	scope := l.known()
	scope.Subject = at.register
	fields := make(map[string]rule.Type)
	if at.register != "" {
		maps.Copy(fields, l.pkg.Registers[at.register].Fields)
	}
	for i, level := range at.levels {
		of := l.pkg.Registers[string(level)].Fields
		if i == 0 {
			maps.Copy(fields, of)
		}
		maps.DeleteFunc(fields, func(name string, t rule.Type) bool { return of[name] != t })
	}
	for _, parameter := range at.parameters {
		if _, taken := fields[parameter.Name]; taken {
			l.error(parameter.at, finding{"name_taken", fmt.Sprintf("%s is a field of the subject, which the parameter would hide", parameter.Name), "give the parameter another name"})
		}
		fields[parameter.Name] = parameter.Type()
	}
	for _, day := range []string{"period_start", "period_end"} {
		fields[day] = rule.Type{Kind: rule.Day}
	}
	scope.Fields = fields
	return scope
}

// known is the part of every scope that the whole package shares. It is made
// once, when every file is read.
func (l *loader) known() rule.Scope {
	if l.common != nil {
		return *l.common
	}
	scope := rule.Scope{
		Elements: make(map[string]rule.ElementType), Registers: make(map[string]map[string]rule.Type),
		Measures: make(map[string]rule.Unit), Provisions: make(map[string]string),
	}
	for id, e := range l.pkg.Elements {
		scope.Elements[id] = rule.ElementType{Unit: e.Unit, Flow: e.Flow, Dimensions: e.Dimensions}
	}
	for id, r := range l.pkg.Registers {
		scope.Registers[id] = r.Fields
	}
	for id, m := range l.pkg.Measures {
		scope.Measures[id] = m.Unit()
	}
	for _, o := range l.pkg.Objects {
		if o.Provision != nil {
			scope.Provisions[o.ID] = l.pkg.Sets[o.Provision.chosenSubjects()].Of
		}
	}
	l.common = &scope
	return scope
}

// chosenSubjects is the subject set under the reading that counts.
func (p *Provision) chosenSubjects() string {
	for _, v := range p.Variants {
		if v.Chosen && v.Subjects != "" {
			return v.Subjects
		}
	}
	return p.Subjects
}

// chosenParts are the rules that decide a subject under the reading that counts:
// what an evaluation of meets runs through.
func (p *Provision) chosenParts() []*rule.Expr {
	where, require, deficit := p.Where, p.Require, p.Deficit
	for _, v := range p.Variants {
		if v.Chosen {
			where, require, deficit = cmp.Or(v.Where, where), cmp.Or(v.Require, require), cmp.Or(v.Deficit, deficit)
		}
	}
	parts := []*rule.Expr{where, require, deficit, p.Weight}
	if p.Exceptions != nil {
		parts = append(parts, p.Exceptions.When)
	}
	return parts
}

// checkCycles refuses provisions that ask for one another's verdicts in a
// circle: none of them would ever be decided. Each circle is reported once, at
// the object it was entered by, with its whole path.
func (l *loader) checkCycles() {
	asks := make(map[string][]string)
	at := make(map[string]Position)
	var ids []string
	for _, o := range l.pkg.Objects {
		if o.Provision == nil || o.ID == "" {
			continue
		}
		ids, at[o.ID] = append(ids, o.ID), o.At
		parts := append(o.Provision.chosenParts(), l.pkg.Sets[o.Provision.chosenSubjects()].Where)
		for _, part := range parts {
			if part != nil {
				asks[o.ID] = append(asks[o.ID], part.References().Provisions...)
			}
		}
	}
	const (
		onPath = iota + 1
		done
	)
	state := make(map[string]int)
	var path []string
	var visit func(id string)
	visit = func(id string) {
		state[id] = onPath
		path = append(path, id)
		for _, next := range asks[id] {
			switch state[next] {
			case onPath:
				circle := append(slices.Clone(path[slices.Index(path, next):]), next)
				l.error(at[next], finding{"cycle", "provisions ask for one another's verdicts: " + strings.Join(circle, " → "), "let one of them say itself what it asks another for"})
			case done:
			default:
				visit(next)
			}
		}
		path = path[:len(path)-1]
		state[id] = done
	}
	for _, id := range ids {
		if state[id] == 0 {
			visit(id)
		}
	}
}
