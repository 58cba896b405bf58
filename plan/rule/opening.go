package rule

import "slices"

// Opening is what a rule asks of places, as far as opening one can meet it. The
// rule holds where every part of it does.
type Opening struct {
	Ways       []Way
	Places     []Existence
	Provisions []string // whose verdicts it asks for
	Rest       []string // other parts, as they print: no place meets them
}

// Way is a part that asks for the nearest place of a measure within a limit:
// nearest(measure) <= limit.
type Way struct {
	Measure string
	Limit   *Expr // in metres
}

// Existence is a part that asks for a facility among the subject's own:
// any(facility, .kind == "…"), with what else the facility must say.
type Existence struct {
	Kinds  []string // one of which it must be
	Fields map[string]Value
}

// Opening takes a rule apart at its &&.
func (e *Expr) Opening() Opening {
	var o Opening
	for _, part := range conjuncts(e.root) {
		if way, ok := wayOf(part); ok {
			o.Ways = append(o.Ways, way)
			continue
		}
		if place, ok := existenceOf(part); ok {
			o.Places = append(o.Places, place)
			continue
		}
		named := (&Expr{root: part}).References().Provisions
		for _, provision := range named {
			if !slices.Contains(o.Provisions, provision) {
				o.Provisions = append(o.Provisions, provision)
			}
		}
		if len(named) == 0 {
			o.Rest = append(o.Rest, printed(part))
		}
	}
	return o
}

// conjuncts returns the parts that && joins.
func conjuncts(n node) []node {
	if and, ok := n.(*binary); ok && and.op == "&&" {
		return append(conjuncts(and.x), conjuncts(and.y)...)
	}
	return []node{n}
}

func wayOf(n node) (Way, bool) {
	compared, ok := n.(*binary)
	if !ok || compared.op != "<=" && compared.op != ">=" {
		return Way{}, false
	}
	x, limit := compared.x, compared.y
	if compared.op == ">=" {
		x, limit = limit, x
	}
	near, ok := x.(*nearest)
	if !ok || near.ofRow || near.reach != nil {
		return Way{}, false
	}
	plain := true
	walk(limit, func(n node) {
		switch n.(type) {
		case *scan, *nearest:
			plain = false // its value would move with the places
		}
	})
	return Way{near.measure, &Expr{source: printed(limit), root: limit, steps: steps(limit)}}, plain
}

func existenceOf(n node) (Existence, bool) {
	any, ok := n.(*scan)
	if !ok || any.function != "any" || any.source.name != "facility" || any.source.texts || any.filter != nil || any.body == nil {
		return Existence{}, false
	}
	e := Existence{Fields: map[string]Value{}}
	for _, part := range conjuncts(any.body) {
		switch part := part.(type) {
		case *name:
			if !part.ofRow {
				return Existence{}, false
			}
			e.Fields[part.name] = BoolOf(true)
		case *binary:
			field, ok := part.x.(*name)
			said, ok2 := part.y.(*literal)
			if !ok || !field.ofRow || !ok2 {
				return Existence{}, false
			}
			switch texts, listed := said.value.Texts(); {
			case part.op == "in" && listed && field.name == "kind":
				e.Kinds = append(e.Kinds, texts...)
			case part.op != "==":
				return Existence{}, false
			case field.name == "kind":
				kind, _ := said.value.Text()
				e.Kinds = append(e.Kinds, kind)
			default:
				e.Fields[field.name] = said.value
			}
		default:
			return Existence{}, false
		}
	}
	return e, len(e.Kinds) > 0
}
