package route

import "github.com/expr-lang/expr/ast"

// absent says of the values of maps where something that is not there is
// excused. Elsewhere an index past the end of a list and a search that finds
// nothing are errors: nil removes what stands at the target, and only who
// wrote nil has asked for that. (Texts of elements that are not there are
// empty, as in filters: person.name[7].partName[0].instanceValue.textString.) Excused is what has a default behind ??, what
// is held against nil, and what stands before ?. A nil absent excuses all, as
// filters do.
type absent struct {
	nodes map[ast.Node]bool
	nils  bool // the expression says nil
}

func (a *absent) excused(n ast.Node) bool { return a == nil || a.nodes[n] }

// Visit goes through an expression before its bounds do.
func (a *absent) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.NilNode:
		a.nils = true
	case *ast.MemberNode:
		if n.Optional {
			a.excuse(&n.Node)
		}
	case *ast.BinaryNode:
		_, left := n.Left.(*ast.NilNode)
		_, right := n.Right.(*ast.NilNode)
		switch {
		case n.Operator == "??":
			a.excuse(&n.Left)
		case left && (n.Operator == "==" || n.Operator == "!="):
			a.excuse(&n.Right)
		case right && (n.Operator == "==" || n.Operator == "!="):
			a.excuse(&n.Left)
		}
	}
}

// excuse excuses all that a node is made of.
func (a *absent) excuse(node *ast.Node) { ast.Walk(node, excuser(a.nodes)) }

type excuser map[ast.Node]bool

func (e excuser) Visit(node *ast.Node) { e[*node] = true }
