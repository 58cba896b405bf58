package rule

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Check says of what type the rule is where it stands, and all that is wrong
// with it there. A rule without faults never yields wrong_type over facts of the
// scope's types.
func (e *Expr) Check(scope Scope) (Type, []Fault) {
	c := &checker{scope: scope}
	t := c.typeOf(e.root)
	slices.SortStableFunc(c.faults, func(a, b Fault) int { return a.Offset - b.Offset })
	return t, c.faults
}

// checker finds the type of every part. After a fault a type has no kind, and
// what is built on it is not blamed again.
type checker struct {
	scope    Scope
	register string // of the current row; "" outside a row function and over texts
	faults   []Fault
}

func (c *checker) fault(where at, code, message, repair string) Type {
	c.faults = append(c.faults, Fault{int(where), code, message, repair})
	return Type{}
}

var (
	truth = Type{Kind: Bool}
	plain = Type{Kind: Number}
)

func (c *checker) typeOf(n node) Type {
	switch n := n.(type) {
	case *literal:
		return typeOfLiteral(n.value)
	case *name:
		return c.name(n)
	case *current:
		return Type{Kind: Text}
	case *unary:
		return c.unary(n)
	case *binary:
		return c.binary(n)
	case *choice:
		return c.choice(n)
	case *known:
		c.typeOf(n.x)
		return truth
	case *scan:
		return c.scan(n)
	case *element:
		return c.element(n)
	case *nearest:
		return c.nearest(n)
	case *meets:
		return c.meets(n)
	case *between:
		return c.between(n)
	}
	return Type{} // none, which has the type of the other branch
}

func typeOfLiteral(v Value) Type {
	switch v.kind {
	case isBool:
		return truth
	case isText:
		return Type{Kind: Text}
	case isTexts:
		return Type{Kind: Texts}
	}
	return Type{Kind: Number, Zero: v.number.Sign() == 0}
}

// want asks for a type where n stands.
func (c *checker) want(n node, want Type, why string) {
	t := c.typeOf(n)
	if t.Kind == 0 || t.Fits(want) {
		return
	}
	code := "type_mismatch"
	repair := fmt.Sprintf("write %v here", want)
	if t.Kind == want.Kind {
		code, repair = "unit_mismatch", unitRepair
	}
	c.fault(at(n.offset()), code, fmt.Sprintf("%s: %s is %v, not %v", why, printed(n), t, want), repair)
}

const unitRepair = "give the number as a parameter with its unit, or compare quantities of one kind"

func (c *checker) name(n *name) Type {
	if n.ofRow {
		return c.field(n)
	}
	if t, ok := c.scope.Fields[n.name]; ok {
		return t
	}
	message := fmt.Sprintf("there is no field or parameter %s here", n.name)
	if e, ok := c.scope.Elements[n.name]; ok {
		read := "last"
		if e.Flow {
			read = "sum"
		}
		return c.fault(n.at, "name_unknown", n.name+" is an element", fmt.Sprintf("say which value: %s(%s)", read, n.name))
	}
	if _, ok := c.scope.Registers[c.register][n.name]; ok {
		return c.fault(n.at, "name_unknown", message, fmt.Sprintf("of the row it is .%s", n.name))
	}
	if _, ok := c.scope.Registers[n.name]; ok {
		return c.fault(n.at, "name_unknown", n.name+" is a register", fmt.Sprintf("ask something of its rows: count(%s)", n.name))
	}
	return c.fault(n.at, "name_unknown", message, meant(n.name, c.scope.Fields, "declare it as a parameter or as a field of the register"))
}

func (c *checker) field(n *name) Type {
	fields, ok := c.scope.Registers[c.register]
	if !ok {
		return Type{} // the register itself is unknown and has been blamed
	}
	t, ok := fields[n.name]
	if !ok {
		return c.fault(n.at, "name_unknown", fmt.Sprintf("%s has no field %s", c.register, n.name), meant(n.name, fields, "declare it in the register"))
	}
	return t
}

func meant[V any](word string, known map[string]V, otherwise string) string {
	if best := Closest(word, maps.Keys(known)); best != "" {
		return fmt.Sprintf("did you mean %s? Otherwise %s", best, otherwise)
	}
	return otherwise
}

func (c *checker) unary(n *unary) Type {
	if n.op == "!" {
		c.want(n.x, truth, "! turns a condition around")
		return truth
	}
	t := c.typeOf(n.x)
	if t.Kind != Number && t.Kind != 0 {
		return c.fault(at(n.x.offset()), "type_mismatch", fmt.Sprintf("- stands before a number, and %s is %v", printed(n.x), t), "write a number here")
	}
	return t
}

func (c *checker) binary(n *binary) Type {
	switch n.op {
	case "&&", "||":
		why := "both sides of " + n.op + " are conditions"
		c.want(n.x, truth, why)
		c.want(n.y, truth, why)
		return truth
	case "in":
		c.want(n.x, Type{Kind: Text}, "a text is looked for with in")
		c.want(n.y, Type{Kind: Texts}, "in looks into a list of texts")
		return truth
	case "+", "-", "*", "/":
		return c.arithmetic(n)
	}
	x, y := c.typeOf(n.x), c.typeOf(n.y)
	switch {
	case x.Kind == 0 || y.Kind == 0:
	case x.Kind != y.Kind:
		c.fault(n.at, "type_mismatch", fmt.Sprintf("%s is %v and %s is %v", printed(n.x), x, printed(n.y), y), comparisonRepair(x, y))
	case !x.Fits(y):
		c.fault(n.at, "unit_mismatch", fmt.Sprintf("%s is %v and %s is %v", printed(n.x), x, printed(n.y), y), unitRepair)
	case x.Kind == Texts:
		c.fault(n.at, "type_mismatch", "lists are not compared", "ask with in, any or all what they hold")
	case n.op != "==" && n.op != "!=" && x.Kind != Number && x.Kind != Day:
		c.fault(n.at, "type_mismatch", fmt.Sprintf("%s is %v, and only numbers and days have an order", printed(n.x), x), "compare with == or !=")
	}
	return truth
}

func comparisonRepair(x, y Type) string {
	if x.Kind == Day || y.Kind == Day {
		return "compare a day with a day: give it as a parameter with the unit date"
	}
	if x.Kind == Texts || y.Kind == Texts {
		return "write text in list"
	}
	return "compare values of one type"
}

func (c *checker) arithmetic(n *binary) Type {
	x, y := c.typeOf(n.x), c.typeOf(n.y)
	for _, side := range []struct {
		part node
		t    Type
	}{{n.x, x}, {n.y, y}} {
		if side.t.Kind != Number && side.t.Kind != 0 {
			repair := "write a number here"
			if side.t.Kind == Day {
				repair = "write days(from, to) for the days between two days"
			}
			c.fault(at(side.part.offset()), "type_mismatch", fmt.Sprintf("%s reckons with numbers, and %s is %v", n.op, printed(side.part), side.t), repair)
		}
	}
	if x.Kind != Number || y.Kind != Number {
		return Type{}
	}
	switch n.op {
	case "*":
		return Type{Kind: Number, Unit: x.Unit.Mul(y.Unit)}
	case "/":
		if y.Zero {
			return c.fault(at(n.y.offset()), "type_mismatch", "divided by 0", "divide by something else")
		}
		return Type{Kind: Number, Unit: x.Unit.Div(y.Unit)}
	}
	if !x.Fits(y) {
		return c.fault(n.at, "unit_mismatch", fmt.Sprintf("%s is %v and %s is %v", printed(n.x), x, printed(n.y), y), unitRepair)
	}
	return joined(x, y)
}

// joined is the type of what is one or the other; they fit each other.
func joined(x, y Type) Type {
	if x.Zero {
		return y
	}
	if x.Kind == Number {
		x.Unit = x.Unit.Base()
	}
	return x
}

func (c *checker) choice(n *choice) Type {
	c.want(n.condition, truth, "a condition stands before ?")
	yes, no := c.typeOf(n.yes), c.typeOf(n.no)
	_, leavesOut := n.yes.(*none)
	_, leavesOutToo := n.no.(*none)
	switch {
	case leavesOut && leavesOutToo:
		return c.fault(n.at, "none_misplaced", "every row is left out", "write a value on one side of the colon")
	case leavesOut:
		return no
	case leavesOutToo:
		return yes
	case yes.Kind == 0 || no.Kind == 0:
		return Type{}
	case !yes.Fits(no):
		code := "type_mismatch"
		if yes.Kind == no.Kind {
			code = "unit_mismatch"
		}
		return c.fault(n.at, code, fmt.Sprintf("one side of the colon is %v, the other %v", yes, no), "give both sides one type and unit")
	}
	return joined(yes, no)
}

func (c *checker) scan(n *scan) Type {
	if n.source.texts {
		c.list(n.source)
	} else {
		if _, ok := c.scope.Registers[n.source.name]; !ok {
			message, repair := "there is no register "+n.source.name, meant(n.source.name, c.scope.Registers, "declare the register in the package")
			if t := c.scope.Fields[n.source.name]; t.Kind == Texts {
				message, repair = n.source.name+" is a list of texts", "write # for the current text of the list"
			}
			c.fault(n.source.at, "register_unknown", message, repair)
		}
		c.register = n.source.name
		defer func() { c.register = "" }()
	}
	if n.filter != nil {
		c.want(n.filter, truth, "filter asks for a condition")
	}
	switch n.function {
	case "sum":
		t := c.typeOf(n.body)
		if t.Kind != Number && t.Kind != 0 {
			return c.fault(at(n.body.offset()), "type_mismatch", fmt.Sprintf("sum adds numbers, and %s is %v", printed(n.body), t), "write a number here; to count rows write count")
		}
		n.unit = t.Unit.Base()
		return t
	case "map":
		c.want(n.body, Type{Kind: Text}, "map collects texts")
		return Type{Kind: Texts}
	}
	if n.body != nil {
		c.want(n.body, truth, n.function+" asks for a condition")
	}
	if n.function == "any" || n.function == "all" {
		return truth
	}
	return plain
}

func (c *checker) list(s source) {
	if s.name == "" {
		return
	}
	t, ok := c.scope.Fields[s.name]
	switch {
	case !ok:
		c.fault(s.at, "name_unknown", "there is no list of texts "+s.name, meant(s.name, c.scope.Fields, "declare it; of the rows of a register write .field and not #"))
	case t.Kind != Texts:
		c.fault(s.at, "type_mismatch", fmt.Sprintf("%s is %v, not a list of texts", s.name, t), "go over a list of texts, or over a register with .field")
	}
}

func (c *checker) element(n *element) Type {
	e, ok := c.scope.Elements[n.query.Element]
	if !ok {
		repair := meant(n.query.Element, c.scope.Elements, "declare the element in the package")
		if _, register := c.scope.Registers[n.query.Element]; register {
			repair = fmt.Sprintf("of the rows of a register write sum(%s, .field)", n.query.Element)
		}
		return c.fault(n.nameAt, "element_unknown", "there is no element "+n.query.Element, repair)
	}
	t := Type{Kind: Number, Unit: e.Unit.Base()}
	c.breakdown(n, e)
	switch n.query.How {
	case Last, First, Latest:
		if e.Flow {
			c.fault(n.at, "type_mismatch", fmt.Sprintf("%s is a flow: its %v value is that of a part of the period", n.query.Element, n.query.How), fmt.Sprintf("write sum(%s) or ytd(%s)", n.query.Element, n.query.Element))
		}
	case Sum, YTD:
		if !e.Flow {
			c.fault(n.at, "type_mismatch", n.query.Element+" is a stock: values of different days do not add up", fmt.Sprintf("write last(%s)", n.query.Element))
		}
	case Reports:
		return plain
	}
	return t
}

// breakdown checks that the element has the part that is asked for.
func (c *checker) breakdown(n *element, e ElementType) {
	for _, part := range strings.FieldsFunc(n.query.Breakdown, func(r rune) bool { return r == ',' }) {
		dimension, category, _ := strings.Cut(part, "=")
		categories, ok := e.Dimensions[dimension]
		switch {
		case !ok:
			c.fault(n.at, "breakdown_unknown", fmt.Sprintf("%s is not broken down by %s", n.query.Element, dimension), meant(dimension, e.Dimensions, "declare the dimension at the element"))
		case !slices.Contains(categories, category):
			c.fault(n.at, "breakdown_unknown", fmt.Sprintf("%s of %s has no category %s", dimension, n.query.Element, category), "use one of "+strings.Join(categories, ", "))
		}
	}
}

// asked checks who is asked for nearness and verdicts: the subject or a row.
func (c *checker) asked(where at, ofRow bool, what string) (register string, ok bool) {
	if ofRow {
		return c.register, true
	}
	if c.scope.Subject == "" {
		repair := "ask it of rows, as in count(register, .meets(\"…\"))"
		c.fault(where, "subject_missing", what+" is asked of a row, and an area as such is none", repair)
		return "", false
	}
	return c.scope.Subject, true
}

func (c *checker) nearest(n *nearest) Type {
	c.asked(n.at, n.ofRow, "nearness")
	unit, known := c.scope.Measures[n.measure]
	result := Type{Kind: Number, Unit: unit}
	if !known {
		result = c.fault(n.measureAt, "measure_unknown", "there is no measure "+n.measure, meant(n.measure, c.scope.Measures, "declare the measure in the package"))
	}
	if n.reach == nil {
		return result
	}
	if known {
		c.want(n.reach, result, "within goes as far as its measure counts")
	}
	return plain
}

func (c *checker) meets(n *meets) Type {
	asked, ok := c.asked(n.at, n.ofRow, "a verdict")
	judges, known := c.scope.Provisions[n.provision]
	switch {
	case !known:
		c.fault(n.provisionAt, "provision_unknown", "there is no provision "+n.provision, meant(n.provision, c.scope.Provisions, "name a provision of the package by its id"))
	case ok && asked != "" && judges != "" && judges != asked: // "" has been blamed already
		c.fault(n.provisionAt, "provision_of_others", fmt.Sprintf("%s judges rows of %s, and here a row of %s is asked", n.provision, judges, asked), "name a provision over the same register")
	}
	return truth
}

func (c *checker) between(n *between) Type {
	c.want(n.from, Type{Kind: Day}, n.function+" takes two days")
	c.want(n.to, Type{Kind: Day}, n.function+" takes two days")
	if n.function == "days" {
		return Type{Kind: Number, Unit: days.Base()}
	}
	return Type{Kind: Number, Unit: years}
}

// References are what a rule names outside itself, each once, in the order of
// the text.
type References struct {
	Fields     []string // bare names
	Elements   []string
	Registers  []string
	Measures   []string
	Counted    []string // measures whose places within reach are counted
	Provisions []string
}

// References returns what the rule names. It needs no scope.
func (e *Expr) References() References {
	var r References
	add := func(list *[]string, name string) {
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	walk(e.root, func(n node) {
		switch n := n.(type) {
		case *name:
			if !n.ofRow {
				add(&r.Fields, n.name)
			}
		case *scan:
			switch {
			case !n.source.texts:
				add(&r.Registers, n.source.name)
			case n.source.name != "":
				add(&r.Fields, n.source.name)
			}
		case *element:
			add(&r.Elements, n.query.Element)
		case *nearest:
			add(&r.Measures, n.measure)
			if n.reach != nil {
				add(&r.Counted, n.measure)
			}
		case *meets:
			add(&r.Provisions, n.provision)
		}
	})
	return r
}

// Divides reports whether the rule makes a ratio anywhere: of ratios the sum over
// parts is not that of the whole.
func (e *Expr) Divides() bool {
	divides := false
	walk(e.root, func(n node) {
		switch n := n.(type) {
		case *binary:
			divides = divides || n.op == "/"
		case *scan:
			divides = divides || n.function == "share"
		}
	})
	return divides
}
