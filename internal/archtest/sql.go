package archtest

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// These rules are about package store and the packages below it.
func isStore(p *pkg) bool { return p.within([]string{"store"}) }

// rewriting names the functions of the dialect that turn one constant statement
// into another; what they return is as good as what they are given.
const rewriting = "rewrite"

// A sink is a place where text becomes SQL: an argument of the functions and
// methods of a name. Names suffice, since nothing else in a store is called so.
type sink struct {
	name     string
	argument int
}

// querySinks are the methods of database/sql.
func querySinks() map[sink]bool {
	sinks := map[sink]bool{}
	for _, name := range []string{"Exec", "Query", "QueryRow", "Prepare"} {
		sinks[sink{name, 0}] = true
		sinks[sink{name + "Context", 1}] = true
	}
	return sinks
}

// queryFaults reports statements that are not constant, since only those are
// sure to hold no value of a user. A statement may be a string literal, a
// constant of the package or function, a sum of these, rewrite(…) of these, or a
// parameter: then the calls of that function are held to the same rule.
func queryFaults(t *tree) []string {
	var faults []string
	for _, p := range t.packages {
		if !isStore(p) {
			continue
		}
		var functions []function
		constants := map[string]bool{}
		for _, file := range p.code() {
			for _, declaration := range file.syntax.Decls {
				switch declaration := declaration.(type) {
				case *ast.GenDecl:
					addConstants(constants, declaration)
				case *ast.FuncDecl:
					if declaration.Body != nil {
						functions = append(functions, newFunction(declaration))
					}
				}
			}
		}
		sinks := querySinks()
		for grown := true; grown; { // until no parameter is found to be a sink
			before := len(sinks)
			for _, f := range functions {
				f.eachStatement(sinks, func(statement ast.Expr) {
					if i := f.parameter(statement); i >= 0 {
						sinks[sink{f.name, i}] = true
					}
				})
			}
			grown = len(sinks) > before
		}
		for _, f := range functions {
			f.eachStatement(sinks, func(statement ast.Expr) {
				if f.parameter(statement) < 0 && !f.isConstant(statement, constants) {
					faults = append(faults, t.at(statement.Pos(), "the statement %s is not constant: pass values as $n", types.ExprString(statement)))
				}
			})
		}
	}
	return faults
}

// A function is a declared function with the names it declares.
type function struct {
	name       string
	body       *ast.BlockStmt
	parameters []string
	constants  map[string]bool
	variables  map[string]bool
}

func newFunction(declaration *ast.FuncDecl) function {
	f := function{
		name: declaration.Name.Name, body: declaration.Body,
		constants: map[string]bool{}, variables: map[string]bool{},
	}
	for _, field := range declaration.Type.Params.List {
		for _, name := range field.Names {
			f.parameters = append(f.parameters, name.Name)
		}
	}
	ast.Inspect(declaration.Body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.GenDecl:
			addConstants(f.constants, node)
			if node.Tok == token.VAR {
				for _, spec := range node.Specs {
					f.assign(spec.(*ast.ValueSpec).Names...)
				}
			}
		case *ast.AssignStmt:
			for _, left := range node.Lhs {
				if name, ok := left.(*ast.Ident); ok {
					f.assign(name)
				}
			}
		case *ast.RangeStmt:
			for _, left := range []ast.Expr{node.Key, node.Value} {
				if name, ok := left.(*ast.Ident); ok {
					f.assign(name)
				}
			}
		case *ast.FuncLit:
			for _, field := range node.Type.Params.List {
				f.assign(field.Names...)
			}
		}
		return true
	})
	return f
}

func (f function) assign(names ...*ast.Ident) {
	for _, name := range names {
		f.variables[name.Name] = true
	}
}

// parameter returns the index of the parameter that statement is and that
// nothing in the function assigns, or -1.
func (f function) parameter(statement ast.Expr) int {
	name, ok := statement.(*ast.Ident)
	if !ok || f.variables[name.Name] {
		return -1
	}
	return slices.Index(f.parameters, name.Name)
}

// isConstant reports whether a statement is made of literals and constants. A
// name counts only where no parameter or variable of the function hides it.
func (f function) isConstant(statement ast.Expr, constants map[string]bool) bool {
	switch e := statement.(type) {
	case *ast.BasicLit:
		return true
	case *ast.ParenExpr:
		return f.isConstant(e.X, constants)
	case *ast.BinaryExpr:
		return f.isConstant(e.X, constants) && f.isConstant(e.Y, constants)
	case *ast.Ident:
		hidden := f.variables[e.Name] || slices.Contains(f.parameters, e.Name)
		return !hidden && (f.constants[e.Name] || constants[e.Name])
	}
	return false
}

// eachStatement calls visit for every expression of f that becomes SQL.
func (f function) eachStatement(sinks map[sink]bool, visit func(ast.Expr)) {
	ast.Inspect(f.body, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		for i, argument := range call.Args {
			if sinks[sink{called(call), i}] {
				visit(unwrap(argument))
			}
		}
		return true
	})
}

// unwrap takes the calls of rewrite off a statement.
func unwrap(statement ast.Expr) ast.Expr {
	for {
		call, ok := statement.(*ast.CallExpr)
		if !ok || called(call) != rewriting || len(call.Args) != 1 {
			return statement
		}
		statement = call.Args[0]
	}
}

// called returns the bare name of what is called, or "".
func called(call *ast.CallExpr) string {
	function := call.Fun
	switch generic := function.(type) {
	case *ast.IndexExpr:
		function = generic.X
	case *ast.IndexListExpr:
		function = generic.X
	}
	switch function := function.(type) {
	case *ast.Ident:
		return function.Name
	case *ast.SelectorExpr:
		return function.Sel.Name
	}
	return ""
}

func addConstants(constants map[string]bool, declaration *ast.GenDecl) {
	if declaration.Tok != token.CONST {
		return
	}
	for _, spec := range declaration.Specs {
		for _, name := range spec.(*ast.ValueSpec).Names {
			constants[name.Name] = true
		}
	}
}

// rowsFaults reports functions of the store that call x.Next() without x.Err():
// a loop over rows that broke off would pass for one that came to its end.
func rowsFaults(t *tree) []string {
	var faults []string
	for _, p := range t.packages {
		if !isStore(p) {
			continue
		}
		for _, file := range p.sources {
			for _, declaration := range file.syntax.Decls {
				f, ok := declaration.(*ast.FuncDecl)
				if !ok || f.Body == nil {
					continue
				}
				next := methodCalls(f.Body, "Next")
				checked := methodCalls(f.Body, "Err")
				for rows, pos := range next {
					if _, ok := checked[rows]; !ok {
						faults = append(faults, t.at(pos, "%s.Next() without %s.Err() in %s", rows, rows, f.Name.Name))
					}
				}
			}
		}
	}
	slices.Sort(faults) // a function may read two sets of rows
	return faults
}

// methodCalls returns where a method without arguments is called, by receiver.
func methodCalls(body *ast.BlockStmt, method string) map[string]token.Pos {
	calls := map[string]token.Pos{}
	ast.Inspect(body, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) > 0 {
			return true
		}
		if selector, ok := call.Fun.(*ast.SelectorExpr); ok && selector.Sel.Name == method {
			calls[types.ExprString(selector.X)] = call.Pos()
		}
		return true
	})
	return calls
}

// grantFaults reports exported methods of store.DB and store.Tx that touch facts
// and take no account.Grant. They touch facts if their parameters or results
// speak of package registry or figure, or their name begins with a verb of
// writing.
func grantFaults(t *tree) []string {
	var faults []string
	for _, p := range t.packages {
		if p.path != "store" {
			continue
		}
		for _, file := range p.code() {
			for _, declaration := range file.syntax.Decls {
				f, ok := declaration.(*ast.FuncDecl)
				if ok && f.Name.IsExported() && isHandle(f.Recv) && touchesFacts(f) && !mentions(f.Type.Params, isGrant) {
					faults = append(faults, t.at(f.Pos(), "%s touches facts and takes no account.Grant", f.Name.Name))
				}
			}
		}
	}
	return faults
}

// isHandle reports whether the receiver is DB or Tx, by value or pointer.
func isHandle(receiver *ast.FieldList) bool {
	if receiver == nil {
		return false
	}
	of := receiver.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	name, ok := of.(*ast.Ident)
	return ok && (name.Name == "DB" || name.Name == "Tx")
}

func touchesFacts(f *ast.FuncDecl) bool {
	for _, verb := range []string{"Insert", "Withdraw", "Put", "Retract"} {
		if strings.HasPrefix(f.Name.Name, verb) {
			return true
		}
	}
	return mentions(f.Type, func(selector *ast.SelectorExpr) bool {
		x, ok := selector.X.(*ast.Ident)
		return ok && (x.Name == "registry" || x.Name == "figure")
	})
}

func isGrant(selector *ast.SelectorExpr) bool { return isSelector(selector, "account", "Grant") }

// mentions reports whether a qualified name within node satisfies is.
func mentions(node ast.Node, is func(*ast.SelectorExpr) bool) bool {
	found := false
	ast.Inspect(node, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok && is(selector) {
			found = true
		}
		return !found
	})
	return found
}
