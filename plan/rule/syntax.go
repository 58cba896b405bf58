package rule

import (
	"fmt"
	"strings"
)

// node is a part of a rule. The tree is this package's own: the machines that
// will run it, here and in the browser, know nothing of the parser.
type node interface {
	// offset returns where the part stands, in bytes within the source.
	offset() int
}

type at int

func (a at) offset() int { return int(a) }

type (
	// literal is a number, text, truth or list of texts written in the rule.
	literal struct {
		at
		value Value
	}
	// none leaves a row out of sum and map.
	none struct{ at }
	// name is a field of the subject or a parameter; of a row, a field of it.
	name struct {
		at
		name  string
		ofRow bool
	}
	// current is #, the current text of a list.
	current struct{ at }
	unary   struct {
		at
		op string // "!" or "-"
		x  node
	}
	binary struct {
		at
		op   string
		x, y node
	}
	// choice is condition ? yes : no.
	choice struct {
		at
		condition, yes, no node
	}
	// known says whether there is data.
	known struct {
		at
		x node
	}
	// scan is a row function over a register or a list of texts.
	scan struct {
		at
		function string
		index    int // among the scans of the rule
		source   source
		filter   node // nil for every row
		body     node // nil in count of every row
		size     int  // steps for each row
		join     join // which rows can count
		unit     Unit // of a sum that was checked
		// Of a RowFunction: see there.
		sums                   bool
		text                   string
		names, meets, measures []string
	}
	element struct {
		at
		query  Query
		nameAt at
	}
	// nearest is the way to the nearest place; with a reach, the number of
	// places within.
	nearest struct {
		at
		ofRow     bool
		measure   string
		measureAt at
		reach     node // nil for nearest
	}
	meets struct {
		at
		ofRow       bool
		provision   string
		provisionAt at
	}
	// between is age_on or days.
	between struct {
		at
		function string
		from, to node
	}
)

// source is what a row function goes over: a register, or a list of texts that
// is written out or in a field.
type source struct {
	at
	name  string // "" for a list written out
	texts bool   // a list of texts
	list  Value  // a list written out
}

// children returns the parts of a part in the order of the text. Those of a row
// function are evaluated for each row.
func children(n node) []node {
	switch n := n.(type) {
	case *unary:
		return []node{n.x}
	case *binary:
		return []node{n.x, n.y}
	case *choice:
		return []node{n.condition, n.yes, n.no}
	case *known:
		return []node{n.x}
	case *scan:
		var parts []node
		if n.filter != nil {
			parts = append(parts, n.filter)
		}
		if n.body != nil {
			parts = append(parts, n.body)
		}
		return parts
	case *nearest:
		if n.reach != nil {
			return []node{n.reach}
		}
	case *between:
		return []node{n.from, n.to}
	}
	return nil
}

// walk visits a part and all its parts, from the left.
func walk(n node, visit func(node)) {
	visit(n)
	for _, child := range children(n) {
		walk(child, visit)
	}
}

// steps counts the parts that are evaluated once, a row function as one.
func steps(n node) int {
	count := 1
	if _, ok := n.(*scan); ok {
		return count
	}
	for _, child := range children(n) {
		count += steps(child)
	}
	return count
}

// precedences of the operators, the loosest first.
const (
	loosest = iota
	disjunction
	conjunction
	comparison
	addition
	negation // !, whose operand reaches over * and /
	multiplication
	prefix
)

func precedence(op string) int {
	switch op {
	case "||":
		return disjunction
	case "&&":
		return conjunction
	case "+", "-":
		return addition
	case "*", "/":
		return multiplication
	}
	return comparison
}

// printed writes a part in the one form that every way of writing it has. It
// parses to the same tree.
func printed(n node) string {
	var w strings.Builder
	write(&w, n, loosest)
	return w.String()
}

// write writes a part, in brackets where it binds looser than its place.
func write(w *strings.Builder, n node, place int) {
	enclose := func(own int, content func()) {
		if own < place {
			w.WriteByte('(')
			defer w.WriteByte(')')
		}
		content()
	}
	switch n := n.(type) {
	case *literal:
		w.WriteString(written(n.value))
	case *none:
		w.WriteString("none")
	case *name:
		w.WriteString(dot(n.ofRow) + n.name)
	case *current:
		w.WriteByte('#')
	case *unary:
		own := prefix
		if n.op == "!" {
			own = negation
		}
		enclose(own, func() {
			w.WriteString(n.op)
			write(w, n.x, prefix)
		})
	case *binary:
		own := precedence(n.op)
		left := own
		if own == comparison { // a < b < c is not in the language
			left++
		}
		enclose(own, func() {
			write(w, n.x, left)
			w.WriteString(" " + n.op + " ")
			write(w, n.y, own+1)
		})
	case *choice:
		enclose(loosest, func() {
			write(w, n.condition, disjunction)
			w.WriteString(" ? ")
			write(w, n.yes, disjunction)
			w.WriteString(" : ")
			write(w, n.no, loosest)
		})
	default:
		writeCall(w, n)
	}
}

func writeCall(w *strings.Builder, n node) {
	arguments := func(function string, parts ...any) {
		w.WriteString(function)
		w.WriteByte('(')
		for i, part := range parts {
			if i > 0 {
				w.WriteString(", ")
			}
			switch part := part.(type) {
			case string:
				w.WriteString(part)
			case node:
				write(w, part, loosest)
			}
		}
		w.WriteByte(')')
	}
	switch n := n.(type) {
	case *known:
		arguments("known", n.x)
	case *scan:
		parts := []any{n.source.String()}
		if n.filter != nil {
			parts[0] = "filter(" + n.source.String() + ", " + printed(n.filter) + ")"
		}
		if n.body != nil {
			parts = append(parts, n.body)
		}
		arguments(n.function, parts...)
	case *element:
		function := n.query.How.String()
		parts := []any{n.query.Element}
		if n.query.Breakdown != "" {
			parts = append(parts, quoted(n.query.Breakdown))
		}
		if n.query.YearsBack == 0 {
			arguments(function, parts...)
			return
		}
		w.WriteString("offset(")
		arguments(function, parts...)
		fmt.Fprintf(w, ", %d)", n.query.YearsBack)
	case *nearest:
		if n.reach == nil {
			arguments(dot(n.ofRow)+"nearest", n.measure)
			return
		}
		arguments(dot(n.ofRow)+"within", n.measure, n.reach)
	case *meets:
		arguments(dot(n.ofRow)+"meets", quoted(n.provision))
	case *between:
		arguments(n.function, n.from, n.to)
	}
}

func dot(ofRow bool) string {
	if ofRow {
		return "."
	}
	return ""
}

// String writes what a row function goes over.
func (s source) String() string {
	if s.name == "" {
		return written(s.list)
	}
	return s.name
}

// written writes a literal as it stands in rules.
func written(v Value) string {
	if text, ok := v.Text(); ok {
		return quoted(text)
	}
	texts, ok := v.Texts()
	if !ok {
		return v.String()
	}
	parts := make([]string, len(texts))
	for i, text := range texts {
		parts[i] = quoted(text)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// quoted writes a text in the quotes it does not hold itself; the language has
// no escapes, so that a text is read by people as it is compared.
func quoted(text string) string {
	if strings.Contains(text, `"`) {
		return "'" + text + "'"
	}
	return `"` + text + `"`
}
