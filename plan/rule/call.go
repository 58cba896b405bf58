package rule

import (
	"fmt"
	"iter"
	"maps"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// signatures of the functions, as faults show them.
var signatures = map[string]string{
	"any":     "any(register, condition)",
	"all":     "all(register, condition)",
	"count":   "count(register) or count(register, condition)",
	"share":   "share(register, condition)",
	"sum":     "sum(register, number) or sum(element)",
	"map":     "map(register, text)",
	"filter":  "filter(register, condition), inside a row function",
	"last":    "last(element)",
	"ytd":     "ytd(element)",
	"first":   "first(element)",
	"latest":  "latest(element)",
	"average": "average(element)",
	"lowest":  "lowest(element)",
	"highest": "highest(element)",
	"reports": "reports(element)",
	"offset":  "offset(last(element), years)",
	"nearest": "nearest(measure)",
	"within":  "within(measure, metres)",
	"reach":   "reach(measure, metres)",
	"meets":   `meets("provision")`,
	"known":   "known(value)",
	"age_on":  "age_on(birth, day)",
	"days":    "days(from, to)",
}

func (p *parser) misused(here at, function string) node {
	p.fault(int(here), "arguments", function+" is used in another way than it is meant", "write "+signatures[function])
	return nil
}

func (p *parser) unknownFunction(here at, function string) node {
	repair := "use one of the functions of docs/formats/rules.md"
	if meant := Closest(function, maps.Keys(signatures)); meant != "" {
		repair = "did you mean " + signatures[meant] + "?"
	}
	p.fault(int(here), "function_unknown", fmt.Sprintf("there is no function %s", function), repair)
	return nil
}

// builtin reads the functions that the library has too.
func (p *parser) builtin(n *ast.BuiltinNode) node {
	here, function := p.at(n), n.Name
	if function == "one" && strings.HasPrefix(p.source[here:], "share") {
		function = "share"
	}
	switch function {
	case "any", "all", "share", "map", "filter", "count", "sum":
		if function == "sum" && (len(n.Arguments) == 1 || isPart(n.Arguments[1])) {
			return p.element(call{here, function, false, n.Arguments})
		}
		return p.scan(call{here, function, false, n.Arguments})
	case "last", "first":
		return p.element(call{here, function, false, n.Arguments})
	}
	return p.unknownFunction(here, function)
}

// call is a function with what it is given.
type call struct {
	at
	function  string
	ofRow     bool
	arguments []ast.Node
}

// call reads the functions that the library does not know.
func (p *parser) call(n *ast.CallNode) node {
	c := call{at: p.at(n), arguments: n.Arguments}
	switch callee := n.Callee.(type) {
	case *ast.IdentifierNode:
		c.function = callee.Value
	case *ast.MemberNode:
		method, ok := p.member(callee).(*name)
		if !ok {
			return nil
		}
		c.at, c.function, c.ofRow = method.at, method.name, true
	}
	_, exists := signatures[c.function]
	switch c.function {
	case "nearest", "within", "reach":
		return p.nearest(c)
	case "meets":
		return p.meets(c)
	}
	switch {
	case c.ofRow && exists:
		p.fault(int(c.at), "arguments", fmt.Sprintf("%s is not asked of a row", c.function), "of a row ask .nearest, .within, .reach, .meets or a field")
		return nil
	case !exists:
		return p.unknownFunction(c.at, c.function)
	}
	switch c.function {
	case "ytd", "latest", "average", "lowest", "highest", "reports":
		return p.element(c)
	case "offset":
		return p.back(c)
	case "known":
		if len(c.arguments) != 1 {
			return p.misused(c.at, c.function)
		}
		if x := p.part(c.arguments[0]); x != nil {
			return &known{c.at, x}
		}
		return nil
	case "age_on", "days":
		if len(c.arguments) != 2 {
			return p.misused(c.at, c.function)
		}
		from, to := p.part(c.arguments[0]), p.part(c.arguments[1])
		if from == nil || to == nil {
			return nil
		}
		return &between{c.at, c.function, from, to}
	}
	return p.misused(c.at, c.function)
}

// isPart reports whether an argument is a text, which names a part of an element
// where the rows of a register would be asked a number.
func isPart(n ast.Node) bool {
	if predicate, ok := n.(*ast.PredicateNode); ok {
		n = predicate.Node
	}
	_, ok := n.(*ast.StringNode)
	return ok
}

func (p *parser) element(c call) node {
	if len(c.arguments) == 0 || len(c.arguments) > 2 {
		return p.misused(c.at, c.function)
	}
	named, ok := c.arguments[0].(*ast.IdentifierNode)
	if !ok {
		return p.misused(c.at, c.function)
	}
	read := &element{c.at, Query{Element: named.Value, How: hows[c.function]}, p.at(named)}
	if len(c.arguments) == 1 {
		return read
	}
	second := c.arguments[1]
	if predicate, ok := second.(*ast.PredicateNode); ok { // sum's second argument is parsed as one
		second = predicate.Node
	}
	part, ok := second.(*ast.StringNode)
	if !ok {
		return p.misused(c.at, c.function)
	}
	breakdown, err := ParseBreakdown(part.Value)
	if err != nil || breakdown == "" {
		p.fault(int(p.at(part)), "breakdown_form", fmt.Sprintf("%q names no part of %s", part.Value, named.Value), `write dimension=category, several with a comma between: "age=65+,sex=f"`)
		return nil
	}
	read.query.Breakdown = breakdown
	return read
}

// back reads offset.
func (p *parser) back(c call) node {
	if len(c.arguments) != 2 {
		return p.misused(c.at, c.function)
	}
	read, isElement := p.part(c.arguments[0]).(*element)
	years, isConstant := constant(c.arguments[1], p.extent(c.arguments[1].Location()))
	switch {
	case !isElement:
		return p.misused(c.at, c.function)
	case !isConstant || years < 1 || years > maxYearsBack || read.query.YearsBack != 0:
		p.fault(int(c.at), "arguments", "offset goes back a whole number of years", fmt.Sprintf("write a number from 1 to %d, like offset(last(%s), 9)", maxYearsBack, read.query.Element))
		return nil
	}
	read.at, read.query.YearsBack = c.at, years
	return read
}

// nearest reads nearest, within, and reach, which is nearest <= limit.
func (p *parser) nearest(c call) node {
	arguments := 2
	if c.function == "nearest" {
		arguments = 1
	}
	if len(c.arguments) != arguments {
		return p.misused(c.at, c.function)
	}
	measure, ok := c.arguments[0].(*ast.IdentifierNode)
	if !ok {
		return p.misused(c.at, c.function)
	}
	near := &nearest{c.at, c.ofRow, measure.Value, p.at(measure), nil}
	if c.function == "nearest" {
		return near
	}
	limit := p.part(c.arguments[1])
	switch {
	case limit == nil:
		return nil
	case c.function == "reach":
		return &binary{c.at, "<=", near, limit}
	}
	near.reach = limit
	return near
}

func (p *parser) meets(c call) node {
	if len(c.arguments) != 1 {
		return p.misused(c.at, c.function)
	}
	provision, ok := c.arguments[0].(*ast.StringNode)
	if !ok {
		return p.misused(c.at, c.function)
	}
	return &meets{c.at, c.ofRow, provision.Value, p.at(provision)}
}

// scan reads a row function. filter stands only for the rows of another one.
func (p *parser) scan(c call) node {
	switch {
	case c.function == "filter":
		return p.misused(c.at, c.function)
	case p.row != nil:
		p.fault(int(c.at), "rows_nested", c.function+" inside another row function", "give the inner question to a provision of its own and ask .meets(\"…\")")
		return nil
	}
	p.row = &rowUse{}
	defer func() { p.row = nil }()
	s := &scan{at: c.at, function: c.function, index: len(p.scans)}
	if !p.rows(s, c.arguments[0]) {
		return nil
	}
	if len(c.arguments) == 2 {
		if s.body = p.body(c.arguments[1], c.function); s.body == nil {
			return nil
		}
	}
	switch {
	case p.row.texts && p.row.fields, s.source.texts && p.row.fields:
		p.fault(int(c.at), "rows_mixed", ".field is read where the rows are texts", "write # for the current text")
		return nil
	case s.source.texts && !p.row.texts:
		p.fault(int(c.at), "rows_mixed", "the list is not looked at", "write # for the current text")
		return nil
	}
	s.source.texts = p.row.texts
	p.scans = append(p.scans, s)
	return s
}

// rows reads what a row function goes over.
func (p *parser) rows(s *scan, n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		s.source = source{at: p.at(n), name: n.Value}
		return true
	case *ast.ArrayNode:
		list, ok := p.list(n).(*literal)
		if ok {
			s.source = source{at: list.at, texts: true, list: list.value}
		}
		return ok
	case *ast.BuiltinNode:
		if n.Name != "filter" || len(n.Arguments) != 2 {
			break
		}
		if _, nested := n.Arguments[0].(*ast.BuiltinNode); nested {
			p.fault(int(p.at(n)), "rows_nested", "filter inside filter", "join the conditions with &&")
			return false
		}
		if !p.rows(s, n.Arguments[0]) {
			return false
		}
		s.filter = p.body(n.Arguments[1], "filter")
		return s.filter != nil
	}
	p.fault(int(p.at(n)), "arguments", "a row function goes over a register or a list of texts", "write "+signatures[s.function])
	return false
}

// body reads what is asked of each row.
func (p *parser) body(n ast.Node, function string) node {
	if predicate, ok := n.(*ast.PredicateNode); ok {
		n = predicate.Node
	}
	if choice, ok := n.(*ast.ConditionalNode); ok && (function == "sum" || function == "map") {
		return p.choice(choice, true)
	}
	return p.part(n)
}

// Closest returns the known word that was most likely meant, or "". A tie goes
// to the first in the alphabet.
func Closest(word string, known iter.Seq[string]) string {
	best, bestDistance := "", len(word)/3+2
	for candidate := range known {
		d := distance(word, candidate)
		if d < bestDistance || d == bestDistance && best != "" && candidate < best {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// maxCompared bounds the words that are compared for a suggestion.
const maxCompared = 64

// distance is the Levenshtein distance in bytes, by the row-by-row recurrence of
// Wagner and Fischer (1974); O(len(a)·len(b)).
func distance(a, b string) int {
	if len(a) > maxCompared || len(b) > maxCompared {
		return maxCompared
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substituted := diagonal
			if a[i] != b[j] {
				substituted++
			}
			diagonal = row[j+1]
			row[j+1] = min(substituted, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
