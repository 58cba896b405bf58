package plan

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of a package's files. The largest theme of the Ningxia plan takes
// about 30 KB and nests eight deep.
const (
	maxFileBytes = 512 << 10
	maxLineBytes = 16 << 10 // the place of a fault is counted along its line
	maxDepth     = 24
)

// node is a value of a YAML file and its place: what is left of a document when
// all that a plan may not use has been refused (anchors, aliases, merge keys,
// tags, keys that are no plain text). A null is an absent value and has no node.
type node struct {
	kind   nodeKind
	at     Position
	text   string  // of a scalar
	quoted bool    // a scalar in quotes or a block, which is text and nothing else
	items  []*node // of a list; a null is a nil
	fields []field // of a mapping, as in the file
	source *scalarSource
}

type nodeKind uint8

const (
	scalar nodeKind = iota
	list
	mapping
	refused // a fault has been reported; there is nothing more to say of it
)

func (k nodeKind) String() string {
	return [...]string{"a single value", "a list", "a mapping", "a refused value"}[k]
}

type field struct {
	key   string
	keyAt Position
	value *node // nil for null
}

// scalarSource finds the characters of a scalar in its file.
type scalarSource struct {
	lines        []string
	line, column int  // of the first character that may be content
	doubled      bool // '' stands for ' in it
	opaque       bool // written with escapes: characters have no place of their own
}

// locate returns the place of a byte of a scalar's text. The text differs from
// the file in indentation and line ends only (a folded block, a plain scalar
// over several lines), so a character is found by counting those before it that
// are not blank. The end of the text is the place after its last character.
func (n *node) locate(offset int) Position {
	if n.source == nil || n.source.opaque || offset < 0 || offset > len(n.text) {
		return n.at
	}
	before, total := visible(n.text[:offset]), visible(n.text)
	place := n.at
	passed := 0
	for i := n.source.line - 1; i < len(n.source.lines); i++ {
		column, afterQuote := 0, false
		for _, r := range n.source.lines[i] {
			column++
			if unicode.IsSpace(r) || (i == n.source.line-1 && column < n.source.column) {
				continue
			}
			if n.source.doubled && r == '\'' {
				if afterQuote = !afterQuote; !afterQuote {
					continue
				}
			}
			place = Position{n.at.File, i + 1, column}
			if passed == before && before < total {
				return place
			}
			if passed++; passed == total {
				place.Column++
				return place
			}
		}
	}
	return place
}

func visible(text string) int {
	count := 0
	for _, r := range text {
		if !unicode.IsSpace(r) {
			count++
		}
	}
	return count
}

// reader turns the bytes of one file into nodes.
type reader struct {
	*faults
	file   string
	lines  []string
	widths []int // characters in each line
}

// read parses one file; it returns nil when there is nothing to go on with.
// The parser reports one error of syntax; all else is reported at once.
func (f *faults) read(file string, data []byte) (root *node) {
	r := &reader{faults: f, file: file}
	start := r.at(1, 1)
	if i := invalidUTF8(data); i >= 0 {
		before := data[:i]
		line := bytes.Count(before, []byte("\n")) + 1
		column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
		f.error(r.at(line, column), finding{"not_utf8", "the file is not UTF-8 text", "save the file as UTF-8"})
		return nil
	}
	// A parser is somebody else's code and a package anybody's file: whatever
	// happens, the answer is a fault.
	defer func() {
		if crash := recover(); crash != nil {
			f.error(start, finding{"yaml_invalid", "the file cannot be read as YAML", "write plain YAML: mappings, lists and scalars"})
			root = nil
		}
	}()
	// YAML breaks lines at CR LF, LF and CR; here all are one, so that places agree.
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	r.lines = strings.Split(text, "\n")
	r.widths = make([]int, len(r.lines))
	for i, line := range r.lines {
		r.widths[i] = utf8.RuneCountInString(line)
		if len(line) > maxLineBytes {
			f.error(r.at(i+1, 1), finding{"line_too_long", fmt.Sprintf("the line is longer than %d KiB", maxLineBytes>>10), "break it into lines that people can read"})
			return nil
		}
	}
	tokens := lexer.Tokenize(text)
	if at, ok := tooDeep(tokens); ok {
		f.error(r.token(at), finding{"too_deep", fmt.Sprintf("nested more than %d deep", maxDepth), "flatten the file"})
		return nil
	}
	file1, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		at, message := start, err.Error()
		var located yaml.Error
		if errors.As(err, &located) {
			message = located.GetMessage()
			if t := located.GetToken(); t != nil {
				at = r.token(t)
			}
		}
		f.error(at, finding{"yaml_invalid", "not YAML: " + message, "check indentation, brackets and quotes here"})
		return nil
	}
	return r.document(file1)
}

func (r *reader) document(file *ast.File) *node {
	var root *node
	bodies := 0
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if bodies++; bodies > 1 {
			r.error(r.token(doc.Body.GetToken()), finding{"yaml_documents", "a second document in one file", "put it in a file of its own"})
			return nil
		}
		root = r.node(doc.Body)
	}
	if root == nil && bodies == 0 {
		r.error(r.at(1, 1), finding{"file_empty", "the file says nothing", "write it or delete it"})
	}
	return root
}

func (r *reader) at(line, column int) Position { return Position{r.file, line, column} }

// token is where a token stands. The parser counts past the end of a line in
// broken quotes and past the last line; a fault stands in the file.
func (r *reader) token(t *token.Token) Position {
	if t == nil || t.Position == nil {
		return r.at(1, 1)
	}
	line := min(max(t.Position.Line, 1), len(r.lines))
	return r.at(line, min(max(t.Position.Column, 1), r.widths[line-1]+1))
}

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// tooDeep finds where a file nests deeper than maxDepth, before the recursive
// parser sees it. A block opens at a larger column than the one around it; a
// list may stand at the column of its key.
func tooDeep(tokens token.Tokens) (*token.Token, bool) {
	type block struct {
		column int
		list   bool
	}
	var blocks []block
	flow := 0
	for i, t := range tokens {
		open := block{column: t.Position.Column}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow = max(flow-1, 0)
		case token.SequenceEntryType:
			open.list = true
		case token.MappingValueType:
			if i == 0 {
				continue
			}
			open.column = tokens[i-1].Position.Column // the key's
		case token.MappingKeyType:
		default:
			continue
		}
		if flow == 0 && t.Type != token.MappingEndType && t.Type != token.SequenceEndType {
			for len(blocks) > 0 && !inside(open.column, open.list, blocks[len(blocks)-1].column, blocks[len(blocks)-1].list) {
				blocks = blocks[:len(blocks)-1]
			}
			blocks = append(blocks, open)
		}
		if len(blocks)+flow > maxDepth {
			return t, true
		}
	}
	return nil, false
}

// inside reports whether a block at a column lies inside the open one.
func inside(column int, list bool, openColumn int, openList bool) bool {
	return column > openColumn || (column == openColumn && list && !openList)
}

// node converts a value, refusing what a plan may not use.
func (r *reader) node(value ast.Node) *node {
	at := r.token(value.GetToken())
	switch v := value.(type) {
	case *ast.NullNode:
		return nil
	case *ast.MappingNode:
		n := &node{kind: mapping, at: at}
		if len(v.Values) > 0 && !v.IsFlowStyle {
			n.at = r.token(v.Values[0].Key.GetToken())
		}
		r.fields(n, v.Values)
		return n
	case *ast.MappingValueNode:
		n := &node{kind: mapping, at: r.token(v.Key.GetToken())}
		r.fields(n, []*ast.MappingValueNode{v})
		return n
	case *ast.SequenceNode:
		n := &node{kind: list, at: at}
		for _, item := range v.Values {
			n.items = append(n.items, r.node(item))
		}
		return n
	case *ast.AnchorNode:
		r.error(at, finding{"yaml_anchor", "an anchor (&): plans are read by people and say each thing where it holds", "write the value out where it is used"})
		return r.node(v.Value)
	case *ast.AliasNode:
		r.error(at, finding{"yaml_alias", "an alias (*): plans are read by people and say each thing where it holds", "write the value out"})
		return &node{kind: refused, at: at}
	case *ast.TagNode:
		r.error(at, finding{"yaml_tag", fmt.Sprintf("the tag %s", v.Start.Value), "leave the tag out; quote a text that looks like a number"})
		return &node{kind: refused, at: at}
	case *ast.LiteralNode:
		return &node{
			kind: scalar, at: at, text: v.Value.Value, quoted: true,
			source: &scalarSource{lines: r.lines, line: at.Line + 1, column: 1},
		}
	case ast.ScalarNode:
		return r.scalar(v.GetToken())
	}
	r.error(at, finding{"yaml_invalid", "a kind of YAML that plans do not use", "write plain YAML: mappings, lists and scalars"})
	return &node{kind: refused, at: at}
}

func (r *reader) scalar(t *token.Token) *node {
	at := r.token(t)
	n := &node{kind: scalar, at: at, text: t.Value, source: &scalarSource{lines: r.lines, line: at.Line, column: at.Column}}
	switch t.Type {
	case token.SingleQuoteType:
		n.quoted, n.source.doubled = true, true
		n.source.column++
	case token.DoubleQuoteType:
		n.quoted, n.source.opaque = true, strings.Contains(t.Origin, `\`)
		n.source.column++
	}
	return n
}

func (r *reader) fields(n *node, values []*ast.MappingValueNode) {
	seen := make(map[string]Position, len(values))
	for _, v := range values {
		at := r.token(v.Key.GetToken())
		if v.Key.IsMergeKey() {
			r.error(at, finding{"yaml_merge", "a merge key (<<): plans are read by people and say each thing where it holds", "write the fields out"})
			continue
		}
		key, ok := v.Key.(ast.ScalarNode)
		if _, literal := v.Key.(*ast.LiteralNode); !ok || literal {
			r.error(at, finding{"yaml_invalid", "a key that is no plain text", "write key: value"})
			continue
		}
		text := key.GetToken().Value
		if first, twice := seen[text]; twice {
			r.error(at, finding{"duplicate_key", fmt.Sprintf("%q was already given on line %d", text, first.Line), "keep one of the two"})
			continue
		}
		seen[text] = at
		n.fields = append(n.fields, field{text, at, r.node(v.Value)})
	}
}
