package rows

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"
	"go.yaml.in/yaml/v3"
)

// The budget of one expression. The steps are those of loops; without a loop
// an expression does at most maxNodes things. The clock is asked only after
// freeSteps, so that a short loop on a busy machine is never stopped. Texts are
// made by functions of ours, which hold their size; few variables, and none
// that grows from step to step, keep lists from doubling themselves.
const (
	maxLength   = 4 << 10
	maxNodes    = 500
	maxMemory   = 1 << 20
	maxLets     = 4
	maxSteps    = 100_000
	freeSteps   = 100
	maxDuration = 10 * time.Millisecond
)

// An Expr is an expression as a person wrote it, with its line in the file.
type Expr struct {
	Text string
	Line int
}

// UnmarshalYAML reads a text and keeps its line.
func (e *Expr) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: an expression is a text", n.Line)
	}
	e.Text, e.Line = n.Value, n.Line
	return nil
}

// at puts the line of the expression before an error.
func (e Expr) at(err error) error {
	if e.Line == 0 {
		return err
	}
	return fmt.Errorf("line %d: %w", e.Line, err)
}

// A Program is an expression that can be run. It is safe for use by many
// goroutines, each with an environment of its own.
type Program struct {
	source Expr
	code   *vm.Program
	names  []string
	loops  bool
}

// Compile makes a program of an expression.
func Compile(e Expr) (*Program, error) {
	if e.Text == "" {
		return nil, e.at(errors.New("an empty expression"))
	}
	if len(e.Text) > maxLength {
		return nil, e.at(fmt.Errorf("an expression of %d bytes; at most %d are allowed", len(e.Text), maxLength))
	}
	look := &look{}
	options := []expr.Option{expr.AllowUndefinedVariables(), expr.MaxNodes(maxNodes), expr.Patch(look)}
	for _, name := range disabled {
		options = append(options, expr.DisableBuiltin(name))
	}
	code, err := expr.Compile(e.Text, append(options, functions...)...)
	if err != nil {
		return nil, e.at(fmt.Errorf("expression: %w", err))
	}
	if len(look.local) > maxLets {
		return nil, e.at(fmt.Errorf("expression: %d variables by let; at most %d are allowed", len(look.local), maxLets))
	}
	if look.unknown != "" {
		return nil, e.at(fmt.Errorf("expression: there is no function %q", look.unknown))
	}
	return &Program{source: e, code: code, names: look.columns(), loops: look.loops}, nil
}

// Names returns the variables that the program reads.
func (p *Program) Names() []string { return p.names }

// Run runs the program over an environment.
func (p *Program) Run(env map[string]any) (any, error) {
	if p.loops {
		env[stepName] = meter(time.Now)
	}
	machine := vm.VM{MemoryBudget: maxMemory}
	v, err := machine.Run(p.code, env)
	if err != nil {
		return nil, plain(err, env) // whose rule tells where it stands
	}
	return v, nil
}

// stepName is called at each step of a loop; nobody can write this name.
const stepName = "step$"

// meter counts the steps of one run.
func meter(now func() time.Time) func() (bool, error) {
	steps, begun := 0, now()
	return func() (bool, error) {
		if steps++; steps > maxSteps {
			return false, said(fmt.Sprintf("the expression takes more than %d steps", maxSteps))
		}
		if steps > freeSteps && now().Sub(begun) > maxDuration {
			return false, said(fmt.Sprintf("the expression takes longer than %v", maxDuration))
		}
		return true, nil
	}
}

// look goes through an expression: it collects the variables and puts a
// meter into each loop.
type look struct {
	read, local, called []string
	unknown             string
	loops               bool
}

// Visit is called with each node, the inner before the outer.
func (l *look) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		l.read = append(l.read, n.Value)
	case *ast.VariableDeclaratorNode:
		l.local = append(l.local, n.Name)
	case *ast.MemberNode:
		l.member(n)
	case *ast.CallNode:
		l.call(n)
	case *ast.BuiltinNode:
		if slices.Contains(disabled, n.Name) {
			l.unknown = n.Name
		}
	case *ast.BinaryNode:
		if n.Operator == "+" {
			*node = &ast.CallNode{Callee: &ast.IdentifierNode{Value: plusName}, Arguments: []ast.Node{n.Left, n.Right}}
		}
	case *ast.PredicateNode:
		l.loops = true
		step := &ast.CallNode{Callee: &ast.IdentifierNode{Value: stepName}}
		n.Node = &ast.SequenceNode{Nodes: []ast.Node{step, n.Node}}
	}
}

// member takes $env["Student ID"] for the column of that name.
func (l *look) member(n *ast.MemberNode) {
	of, ok := n.Node.(*ast.IdentifierNode)
	if !ok || of.Value != "$env" {
		return
	}
	if name, ok := n.Property.(*ast.StringNode); ok {
		l.read = append(l.read, name.Value)
	}
}

func (l *look) call(n *ast.CallNode) {
	id, ok := n.Callee.(*ast.IdentifierNode)
	if !ok || id.Value == stepName || id.Value == plusName {
		return
	}
	l.called = append(l.called, id.Value)
	if !slices.Contains(functionNames, id.Value) {
		l.unknown = id.Value
	}
}

func (l *look) columns() []string {
	var names []string
	for _, n := range l.read {
		if n == "$env" || n == stepName || slices.Contains(l.local, n) || slices.Contains(l.called, n) || slices.Contains(names, n) {
			continue
		}
		names = append(names, n)
	}
	return names
}
