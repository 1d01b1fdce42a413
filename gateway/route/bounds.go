package route

import (
	"fmt"
	"reflect"
	"regexp/syntax"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"

	"lisgate/gateway/lis"
)

// What an expression may cost. The language has no loops but over lists, and
// its patterns are RE2, which has no exponential case; what remains is bounded
// here. All figures are ours.
const (
	mostSource   = 4096                  // characters of an expression
	mostNodes    = 400                   // names, values and operators in it
	mostElements = 65_536                // elements of the lists that a run makes
	mostText     = 64 << 10              // bytes of a text that is made, or read from the record
	mostTime     = 10 * time.Millisecond // of one run
	mostPattern  = 200                   // characters of a pattern
	mostStates   = 500                   // states of a pattern: (a{100}){100} has 10,000
	mostMatched  = 2 << 10               // bytes of a text that a pattern is held against
)

// A limitError says which limit an expression met.
type limitError struct{ text string }

func (e limitError) Error() string { return e.text }

var (
	errTime   = limitError{fmt.Sprintf("it was stopped after %s; ask for less", mostTime)}
	errText   = limitError{fmt.Sprintf("a text in it is longer than %d bytes", mostText)}
	errMatch  = limitError{fmt.Sprintf("a text is longer than %d bytes, which is the most that a pattern is held against; use contains, or a part of it such as title[0:100]", mostMatched)}
	errMemory = limitError{fmt.Sprintf("its lists have more than %d elements in all; ask for less", mostElements)}
	errJoin   = limitError{"join needs a list"}
	errAbsent = limitError{"an index is past the end of its list, or nothing was found; write a default behind ??, or nil, which removes"}
	errNil    = limitError{"its result is not there; write a default behind ??, or nil, which removes"}
	errResult = limitError{"it results in a list or in elements; it must be text, a number, true, false or nil"}
)

// offered are the functions of the language that an expression can use: those
// whose cost follows from what they are given. Ours are in subject.go.
var offered = []string{"all", "none", "any", "one", "filter", "map", "find", "findIndex", "count", "sum",
	"len", "abs", "ceil", "floor", "round", "int", "float", "max", "min", "first", "last",
	"trim", "trimPrefix", "trimSuffix", "upper", "lower", "indexOf", "lastIndexOf", "hasPrefix", "hasSuffix"}

func builtins() []expr.Option {
	options := []expr.Option{expr.DisableAllBuiltins()}
	for _, name := range offered {
		options = append(options, expr.EnableBuiltin(name))
	}
	return options
}

// bounds goes through an expression before it is compiled and puts measures
// where it could grow: each turn of a loop looks at the clock, and each text
// that is made is measured. Besides, what a list does not hold is nil, and the
// texts in it are empty, as all texts are that are not there; in a map that is
// an error, see absent.
type bounds struct {
	refusal  error
	elements bool // the expression names elements
	absent   *absent
}

// The measures are functions that no expression can name.
const (
	measureTurn  = " turn"
	measureText  = " text"
	measureAny   = " any"
	measureMatch = " match"
	measureThere = " there"
)

func call(name string, arguments ...ast.Node) ast.Node {
	return &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: arguments}
}

// Visit puts the measures in.
func (b *bounds) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		b.elements = b.elements || n.Value == "$env" || lis.InfoOf(lis.Kind(n.Value)) != nil
	case *ast.PredicateNode:
		n.Node = &ast.SequenceNode{Nodes: []ast.Node{call(measureTurn), n.Node}}
	case *ast.BinaryNode:
		b.operator(node, n)
	case *ast.MemberNode:
		b.member(node, n)
	case *ast.BuiltinNode:
		if !b.absent.excused(n) && (n.Name == "find" || n.Name == "first" || n.Name == "last") {
			ast.Patch(node, call(measureThere, n))
		}
	}
}

func (b *bounds) operator(node *ast.Node, n *ast.BinaryNode) {
	switch n.Operator {
	case "+":
		switch n.Type().Kind() {
		case reflect.String:
			ast.Patch(node, call(measureText, n))
		case reflect.Interface:
			ast.Patch(node, call(measureAny, n))
		}
	case "contains", "startsWith", "endsWith":
		n.Left = call(measureAny, n.Left)
	case "matches":
		pattern, ok := n.Right.(*ast.StringNode)
		if !ok {
			b.refuse("what stands behind matches must be a text in quotes, so that it can be checked before anything runs")
			return
		}
		b.pattern(pattern.Value)
		n.Left = call(measureMatch, n.Left)
	}
}

func (b *bounds) refuse(format string, args ...any) {
	if b.refusal == nil {
		b.refusal = fmt.Errorf(format, args...)
	}
}

// pattern refuses a pattern that would cost too much.
func (b *bounds) pattern(p string) {
	if len(p) > mostPattern {
		b.refuse("a pattern has at most %d characters", mostPattern)
		return
	}
	parsed, err := syntax.Parse(p, syntax.Perl)
	if err != nil {
		return // the compiler has said so
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > mostStates {
		b.refuse("the pattern %q has more than %d states; repeat less", short(p), mostStates)
	}
}

// member makes list[n] nil when the list is shorter, and what follows it too.
func (b *bounds) member(node *ast.Node, n *ast.MemberNode) {
	if _, name := n.Property.(*ast.StringNode); name {
		if n.Node = unmeasured(n.Node); uncertain(n.Node) {
			b.chain(node, n)
		}
		return
	}
	n.Node = unmeasured(n.Node)
	list, unsure := n.Node, uncertain(n.Node)
	if list.Type().Kind() != reflect.Slice && !unsure {
		return
	}
	if unsure {
		list = &ast.BinaryNode{Operator: "??", Left: list, Right: &ast.ArrayNode{}}
	}
	ast.Patch(node, &ast.BuiltinNode{Name: "get", Arguments: []ast.Node{list, n.Property}})
	if !b.absent.excused(n) {
		ast.Patch(node, call(measureThere, *node))
	}
}

// unmeasured takes the measure from what a name follows: the elements of what
// is not there are empty, in maps too.
func unmeasured(n ast.Node) ast.Node {
	if c, ok := n.(*ast.CallNode); ok {
		if callee, ok := c.Callee.(*ast.IdentifierNode); ok && callee.Value == measureThere {
			return c.Arguments[0]
		}
	}
	return n
}

// chain lets an element of what is not there be empty too.
func (b *bounds) chain(node *ast.Node, n *ast.MemberNode) {
	text := n.Type().Kind() == reflect.String
	n.Optional = true
	ast.Patch(node, &ast.ChainNode{Node: n})
	if text {
		ast.Patch(node, &ast.BinaryNode{Operator: "??", Left: *node, Right: &ast.StringNode{}})
	}
}

// uncertain reports whether a node may be nil although its type says otherwise.
func uncertain(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ChainNode:
		return true
	case *ast.BuiltinNode:
		return n.Name == "get" || n.Name == "find" || n.Name == "first" || n.Name == "last"
	case *ast.MemberNode:
		return n.Optional || uncertain(n.Node)
	}
	return false
}

// checkResult refuses what no element can hold.
func checkResult(result any) error {
	switch r := result.(type) {
	case string:
		if len(r) > mostText {
			return errText
		}
	case nil, bool, int, int64, float64:
	default:
		return errResult
	}
	return nil
}
