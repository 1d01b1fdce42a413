package route

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// An expression is a text of the config, compiled against the words of LIS.
type expression struct {
	source   string
	program  *vm.Program
	elements bool // it names elements, and not functions only
	exists   bool // its result must be there: it is a value that says nil nowhere
}

// What an expression has to result in.
const (
	yesOrNo = reflect.Bool
	value   = reflect.Interface // text, a number, true, false or nil
)

// compile compiles an expression, or says what is wrong with it and where.
func compile(source string, result reflect.Kind) (*expression, error) {
	if len(source) > mostSource {
		return nil, fmt.Errorf("an expression has at most %d characters, not %d; split it over several routes or sets", mostSource, len(source))
	}
	b := &bounds{}
	options := append(builtins(), expr.Env(environment()), expr.MaxNodes(mostNodes))
	if result == yesOrNo {
		options = append(options, expr.AsBool())
	} else {
		b.absent = &absent{nodes: map[ast.Node]bool{}}
		options = append(options, expr.Patch(b.absent))
	}
	options = append(options, expr.Patch(b))
	program, err := attempt(source, options)
	if err == nil {
		err = b.refusal
	}
	if err != nil {
		return nil, mistake(source, err)
	}
	return &expression{source, program, b.elements, b.absent != nil && !b.absent.nils}, nil
}

// attempt takes a panic of the compiler for an error: the text comes from a file.
func attempt(source string, options []expr.Option) (p *vm.Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, errors.New("it cannot be compiled")
		}
	}()
	// The optimizer would spell ranges out, at a gigabyte in the worst case.
	return expr.Compile(source, append(options, expr.Optimize(false))...)
}

// mistake says on one line what the compiler found.
func mistake(source string, err error) error {
	var f *file.Error
	if !errors.As(err, &f) {
		return fmt.Errorf("expression %q: %w", short(source), err)
	}
	what, _, _ := strings.Cut(f.Message, "\n")
	what = strings.ReplaceAll(what, "map[string]interface {}", "an element that holds elements")
	if name, ok := strings.CutPrefix(what, "unknown name "); ok {
		what = fmt.Sprintf("there is no %s; %s", name, suggest(name, names()))
	} else if name, ok := strings.CutPrefix(what, "unknown field "); ok {
		what = fmt.Sprintf("there is no element %s there", name)
	} else if strings.HasPrefix(what, "error parsing regexp") {
		what = "not a pattern of RE2, which has no look-ahead and no back-references"
	}
	return fmt.Errorf("expression %q, character %d: %s", short(source), f.Column+1, what)
}

var machines = sync.Pool{New: func() any { return &vm.VM{MemoryBudget: mostElements} }}

// run runs an expression on a record. It is tried twice, because a pause of the
// machine in its midst is not the expression's fault. The error never quotes
// the record: it may hold names and passwords.
func (e *expression) run(s *subject) (any, error) {
	result, err := e.once(s)
	if errors.Is(err, errTime) {
		result, err = e.once(s)
	}
	return result, err
}

func (e *expression) once(s *subject) (any, error) {
	m := machines.Get().(*vm.VM)
	defer machines.Put(m)
	if e.elements {
		s.fill()
	}
	s.begin()
	result, err := m.Run(e.program, s.env)
	clear(m.Variables) // the next must not keep this record
	if err == nil {
		err = checkResult(result)
	}
	if err == nil && result == nil && e.exists {
		err = errNil
	}
	if err == nil {
		return result, nil
	}
	if limit := (limitError{}); errors.As(err, &limit) {
		return nil, fmt.Errorf("expression %q: %w", short(e.source), limit)
	}
	at := ""
	if f := (*file.Error)(nil); errors.As(err, &f) {
		if strings.Contains(f.Message, "memory budget") {
			return nil, fmt.Errorf("expression %q: %w", short(e.source), errMemory)
		}
		at = fmt.Sprintf(" at character %d", f.Column+1)
	}
	return nil, fmt.Errorf("expression %q cannot be answered%s: an element is not there, or it is text where a number is needed; ?? gives a default", short(e.source), at)
}

func short(source string) string {
	source = strings.Join(strings.Fields(source), " ")
	if len(source) > 120 {
		source = strings.ToValidUTF8(source[:120], "") + "…"
	}
	return source
}
