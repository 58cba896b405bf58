package rule

// Leaning is which way a condition or number goes when a parameter is raised.
type Leaning int8

// The leanings. Up is of a condition that can only come to hold, or a number that
// can only grow; Unclear is of what may go either way.
const (
	Unmoved Leaning = iota
	Up
	Down
	Unclear
)

func (l Leaning) turned() Leaning {
	switch l {
	case Up:
		return Down
	case Down:
		return Up
	}
	return l
}

// with is the leaning of what follows from both parts.
func (l Leaning) with(m Leaning) Leaning {
	switch {
	case l == Unmoved || l == m:
		return m
	case m == Unmoved:
		return l
	}
	return Unclear
}

// Leaning returns which way the rule goes when a bare name is raised and all else
// stays: of nearest(m) <= reach, Up with reach. It is read off the text, so what it
// does not see through is Unclear and never wrong.
func (e *Expr) Leaning(parameter string) Leaning { return leaning(e.root, parameter) }

func leaning(n node, parameter string) Leaning {
	of := func(n node) Leaning { return leaning(n, parameter) }
	switch n := n.(type) {
	case *name:
		if n.name == parameter && !n.ofRow {
			return Up
		}
		return Unmoved
	case *unary: // both - and ! turn it round
		return of(n.x).turned()
	case *binary:
		x, y := of(n.x), of(n.y)
		switch n.op {
		case "+", "&&", "||":
			return x.with(y)
		case "-", ">", ">=":
			return x.with(y.turned())
		case "<", "<=":
			return x.turned().with(y)
		case "*":
			if positive(n.x) {
				return y
			}
			if positive(n.y) {
				return x
			}
		}
		if x == Unmoved && y == Unmoved {
			return Unmoved
		}
		return Unclear
	case *nearest:
		if n.reach != nil { // more places lie within a longer reach
			return of(n.reach)
		}
		return Unmoved
	}
	for _, child := range children(n) {
		if of(child) != Unmoved {
			return Unclear
		}
	}
	return Unmoved
}

// positive reports whether a part is a number above 0 written in the rule.
func positive(n node) bool {
	l, ok := n.(*literal)
	if !ok {
		return false
	}
	number, ok := l.value.Number()
	return ok && number.Sign() > 0
}
