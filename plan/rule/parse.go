package rule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	syntax "github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"

	"lifecircle"
)

// Limits of a rule as written. The longest of the Ningxia plan has 250 bytes and
// is seven deep.
const (
	maxSourceBytes = 4096
	maxDepth       = 256
	maxDigits      = 18
	maxYearsBack   = 100
)

// Expr is a parsed rule. It never changes.
type Expr struct {
	source string
	root   node
	scans  []*scan // by index
	steps  int     // parts evaluated once
}

// Source returns the rule as it was written.
func (e *Expr) Source() string { return e.source }

// String returns the rule in its one canonical form, which parses to the same.
func (e *Expr) String() string { return printed(e.root) }

// Parse reads a rule. Everything outside the language is a fault: of the words
// and marks all are found, of the order in which they stand the first, and of
// what they then say all. With a fault there is no rule.
func Parse(source string) (*Expr, []Fault) {
	p := &parser{source: source}
	if !p.sound() || !p.words() {
		return nil, p.faults
	}
	tree, err := p.tree()
	if err != nil {
		p.misread(err)
		return nil, p.faults
	}
	root := p.part(tree)
	if len(p.faults) > 0 {
		slices.SortStableFunc(p.faults, func(a, b Fault) int { return a.Offset - b.Offset })
		return nil, p.faults
	}
	for _, s := range p.scans {
		s.size = 1
		for _, part := range children(s) {
			s.size += steps(part)
		}
		s.summable()
		s.join = joinOf(s)
	}
	return &Expr{source: source, root: root, scans: p.scans, steps: steps(root)}, nil
}

type parser struct {
	source  string
	text    string // what the parser of the library reads; as long as source
	offsets []int  // in bytes, of the characters
	faults  []Fault
	scans   []*scan
	depth   int
	tooDeep bool    // has been said
	row     *rowUse // nil outside a row function
}

// rowUse says what the parts of a row function read of its rows.
type rowUse struct{ fields, texts bool }

func (p *parser) fault(offset int, code, message, repair string) {
	p.faults = append(p.faults, Fault{offset, code, message, repair})
}

// sound refuses what is no text to read at all.
func (p *parser) sound() bool {
	switch {
	case strings.TrimSpace(p.source) == "":
		p.fault(0, "rule_empty", "the rule is empty", "write the rule or leave its key out")
	case len(p.source) > maxSourceBytes:
		p.fault(0, "rule_too_long", fmt.Sprintf("the rule has %d bytes, more than %d", len(p.source), maxSourceBytes), "give parts of it to other objects and name them with meets")
	case !utf8.ValidString(p.source):
		p.fault(0, "not_utf8", "the rule is not UTF-8 text", "save the file as UTF-8")
	}
	for offset := range p.source {
		p.offsets = append(p.offsets, offset)
	}
	p.offsets = append(p.offsets, len(p.source))
	return len(p.faults) == 0
}

// place turns the library's place, in characters, into bytes.
func (p *parser) place(character int) int {
	return p.offsets[min(max(character, 0), len(p.offsets)-1)]
}

func (p *parser) extent(l file.Location) string { return p.source[p.place(l.From):p.place(l.To)] }

// words reads the words and marks and refuses those that are not of the
// language, before the library sees how they stand together.
func (p *parser) words() bool {
	tokens, err := lexer.Lex(file.NewSource(p.source))
	if err != nil {
		p.misread(err)
		return false
	}
	text := []byte(p.source)
	end := 0
	for i, t := range tokens {
		offset := p.place(t.From)
		if gap := p.source[end:max(offset, end)]; strings.TrimSpace(gap) != "" && t.Kind != lexer.EOF {
			p.comment(end + strings.IndexByte(gap, '/'))
		}
		if t.Kind == lexer.EOF {
			if gap := p.source[end:]; strings.TrimSpace(gap) != "" {
				p.comment(end + strings.IndexByte(gap, '/'))
			}
			break
		}
		end = p.place(t.To)
		p.word(t)
		// The library opens the rows of a function, where .field may stand, for
		// its own functions only. It has none called share; one has the same form.
		called := i+1 < len(tokens) && tokens[i+1].Is(lexer.Bracket, "(") && (i == 0 || !tokens[i-1].Is(lexer.Operator, "."))
		if called && t.Is(lexer.Identifier, "share") {
			copy(text[offset:], "one  ")
		}
	}
	p.text = string(text)
	return len(p.faults) == 0
}

func (p *parser) comment(offset int) {
	p.fault(offset, "comment", "a comment: where YAML joins lines, the rest of the rule would vanish in it", "write it in the note of the object")
}

// word refuses one word or mark.
func (p *parser) word(t lexer.Token) {
	offset, written := p.place(t.From), p.extent(t.Location)
	switch t.Kind {
	case lexer.Number:
		if !plainNumber(written) {
			p.fault(offset, "number_form", fmt.Sprintf("the number %s", written), fmt.Sprintf("write digits with or without a decimal point, at most %d of them, like 0.95", maxDigits))
		}
	case lexer.String:
		if written[0] == '`' || strings.Contains(written, `\`) || strings.ContainsFunc(written, unicode.IsControl) {
			p.fault(offset, "text_form", fmt.Sprintf("the text %q", t.Value), `write a text on one line, between " and ", without \`)
		}
	case lexer.Bytes:
		p.fault(offset, "text_form", fmt.Sprintf("the text %s", written), "leave out the letter before the quote")
	case lexer.Bracket:
		if written == "{" || written == "}" {
			p.fault(offset, "operator_unknown", fmt.Sprintf("%s is not used in rules", written), "use ( and ) to group")
		}
	case lexer.Operator:
		p.operator(offset, t.Value)
	}
}

func (p *parser) operator(offset int, op string) {
	var repair string
	switch op {
	case "+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "&&", "and", "||", "or", "!", "not", "in", "?", ":", ",", ".", "#":
		return
	case "=":
		repair = "compare with =="
	case "&", "|":
		repair = "write && for and, || for or"
	case "%":
		repair = "a percentage is a parameter with the unit %"
	case "if", "else":
		repair = "write condition ? value : other value"
	case "??", "?.":
		repair = "write known(x) ? x : y, so that what counts for the unknown can be seen"
	case "..":
		repair = "write x >= least && x <= most"
	case "matches", "contains", "startsWith", "endsWith":
		repair = `compare with == or with in ["…", "…"]`
	case "let", ";":
		repair = "write the whole rule as one expression"
	default:
		repair = "use + - * / < <= > >= == != && || ! in ? :"
	}
	p.fault(offset, "operator_unknown", op+" is not used in rules", repair)
}

func plainNumber(written string) bool {
	whole, decimals, point := strings.Cut(written, ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return digits(whole) && (!point || digits(decimals)) && len(whole)+len(decimals) <= maxDigits
}

// tree lets the library read how the words stand together. The library is
// somebody else's code and a plan anybody's text: whatever happens, the answer
// is a fault.
func (p *parser) tree() (tree ast.Node, err error) {
	defer func() {
		if crash := recover(); crash != nil {
			err = errors.New("these words do not stand together")
		}
	}()
	parsed, err := syntax.Parse(p.text)
	if err != nil {
		return nil, err
	}
	return parsed.Node, nil
}

// misread reports what the library could not read.
func (p *parser) misread(err error) {
	var located *file.Error
	if !errors.As(err, &located) {
		p.fault(0, "syntax", err.Error(), "check brackets and operators")
		return
	}
	offset := p.place(located.From)
	if strings.Contains(located.Message, "EOF") || strings.Contains(located.Message, "unexpected end") {
		p.fault(len(p.source), "syntax", "the rule breaks off", "close the brackets and give every operator both its sides; in YAML a rule with # stands in quotes")
		return
	}
	p.fault(offset, "syntax", fmt.Sprintf("not readable here: %s", located.Message), "check brackets, quotes and operators here")
}

// part turns a part of the library's tree into ours; nil after a fault.
func (p *parser) part(n ast.Node) node {
	p.depth++
	defer func() { p.depth-- }()
	here := p.at(n)
	if p.depth > maxDepth {
		if !p.tooDeep {
			p.tooDeep = true
			p.fault(int(here), "rule_too_deep", fmt.Sprintf("nested more than %d deep", maxDepth), "flatten the rule")
		}
		return nil
	}
	switch n := n.(type) {
	case *ast.BoolNode:
		return &literal{here, BoolOf(n.Value)}
	case *ast.IntegerNode, *ast.FloatNode:
		return p.number(n)
	case *ast.StringNode:
		return &literal{here, TextOf(n.Value)}
	case *ast.ArrayNode:
		return p.list(n)
	case *ast.IdentifierNode:
		if n.Value == "none" {
			p.fault(int(here), "none_misplaced", "none stands where a value is needed", "none leaves a row out: sum(register, condition ? .field : none); for what is unknown use known(…)")
			return nil
		}
		return &name{here, n.Value, false}
	case *ast.PointerNode:
		if n.Name != "" {
			p.fault(int(here), "operator_unknown", "#"+n.Name+" is not used in rules", "write # for the current text of a list")
			return nil
		}
		p.row.texts = true
		return &current{here}
	case *ast.MemberNode:
		return p.member(n)
	case *ast.NilNode:
		p.fault(int(here), "operator_unknown", "nil is not used in rules", "ask known(x) whether there is data")
		return nil
	case *ast.UnaryNode:
		return p.unary(n)
	case *ast.BinaryNode:
		return p.binary(n)
	case *ast.ConditionalNode:
		return p.choice(n, false)
	case *ast.BuiltinNode:
		return p.builtin(n)
	case *ast.CallNode:
		return p.call(n)
	}
	p.fault(int(here), "syntax", "not a part of the language of rules", "see docs/formats/rules.md")
	return nil
}

func (p *parser) at(n ast.Node) at { return at(p.place(n.Location().From)) }

// number reads a number from the source: the library has turned it into a float.
func (p *parser) number(n ast.Node) node {
	value, err := lifecircle.ParseNumber(p.extent(n.Location()))
	if err != nil {
		p.fault(int(p.at(n)), "number_form", err.Error(), "write fewer digits")
		return nil
	}
	return &literal{p.at(n), NumberOf(value)}
}

func (p *parser) list(n *ast.ArrayNode) node {
	var texts []string
	for _, item := range n.Nodes {
		text, ok := item.(*ast.StringNode)
		if !ok {
			p.fault(int(p.at(item)), "list_form", "a list holds texts only", `write ["…", "…"]; compare numbers with == and ||`)
			return nil
		}
		texts = append(texts, text.Value)
	}
	if len(texts) == 0 {
		p.fault(int(p.at(n)), "list_form", "the list is empty", `write ["…", "…"]`)
		return nil
	}
	return &literal{p.at(n), TextsOf(texts)}
}

// member reads .field of the current row.
func (p *parser) member(n *ast.MemberNode) node {
	property, isName := n.Property.(*ast.StringNode)
	_, ofRow := n.Node.(*ast.PointerNode)
	if !isName || !ofRow || p.extent(property.Location()) != property.Value {
		p.fault(int(p.at(n)), "syntax", "a dot or bracket after a value", "write .field for a field of the current row, and a bare name for a field of the subject")
		return nil
	}
	p.row.fields = true
	return &name{p.at(n.Node), property.Value, true}
}

func (p *parser) unary(n *ast.UnaryNode) node {
	op := n.Operator
	switch op {
	case "+":
		p.fault(int(p.at(n)), "operator_unknown", "+ before a value", "leave it out")
		return nil
	case "not":
		op = "!"
	}
	x := p.part(n.Node)
	if x == nil {
		return nil
	}
	return &unary{p.at(n), op, x}
}

func (p *parser) binary(n *ast.BinaryNode) node {
	op := n.Operator
	switch op {
	case "and":
		op = "&&"
	case "or":
		op = "||"
	}
	if op == "&&" && !slices.Contains([]string{"&&", "and"}, p.extent(n.Location())) {
		// The library reads a < b < c as a < b && b < c.
		p.fault(int(p.at(n)), "comparison_chained", "two comparisons in a row", "write a <= b && b <= c")
		return nil
	}
	x, y := p.part(n.Left), p.part(n.Right)
	if x == nil || y == nil {
		return nil
	}
	return &binary{p.at(n), op, x, y}
}

// choice reads condition ? a : b; leavesOut says that none may stand for a or b.
func (p *parser) choice(n *ast.ConditionalNode, leavesOut bool) node {
	if n.Exp1 == n.Cond {
		p.fault(int(p.at(n.Cond)), "operator_unknown", "?: without a value between", "write condition ? value : other value")
		return nil
	}
	condition, yes, no := p.part(n.Cond), p.branch(n.Exp1, leavesOut), p.branch(n.Exp2, leavesOut)
	if condition == nil || yes == nil || no == nil {
		return nil
	}
	// The library places a choice behind its end.
	return &choice{at(condition.offset()), condition, yes, no}
}

func (p *parser) branch(n ast.Node, leavesOut bool) node {
	if !leavesOut {
		return p.part(n)
	}
	switch n := n.(type) {
	case *ast.IdentifierNode:
		if n.Value == "none" {
			return &none{p.at(n)}
		}
	case *ast.ConditionalNode:
		p.depth++
		defer func() { p.depth-- }()
		if p.depth <= maxDepth {
			return p.choice(n, true)
		}
	}
	return p.part(n)
}

// whole is the value of a whole number.
func whole(n int) Value { return NumberOf(lifecircle.Int(int64(n))) }

// constant reads a whole number written in the rule.
func constant(n ast.Node, source string) (value int, ok bool) {
	if _, isInteger := n.(*ast.IntegerNode); !isInteger {
		return 0, false
	}
	value, err := strconv.Atoi(source)
	return value, err == nil
}
