package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"

	"lisgate/wsdl"
)

// A pkg is the package of one service in the making.
type pkg struct {
	wsdl.Service
	Contract *contract
	structs  map[string]map[string]goField // by Go type, then by element name
	b        bytes.Buffer
	err      error // the first
}

// A goField is a field as gowsdl made it.
type goField struct {
	Name string
	Type string // as written: "*TextType", "[]*NameType", "string"
}

// readTypes reads what gowsdl made, to know its fields by their elements.
func (p *pkg) readTypes(source []byte) error {
	file, err := parser.ParseFile(token.NewFileSet(), "types.go", source, 0)
	if err != nil {
		return fmt.Errorf("read what gowsdl made: %w", err)
	}
	p.structs = map[string]map[string]goField{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok {
			if s, ok := spec.Type.(*ast.StructType); ok {
				p.structs[spec.Name.Name] = fieldsOf(s)
			}
		}
		return true
	})
	return p.checkTypes()
}

func fieldsOf(s *ast.StructType) map[string]goField {
	fields := map[string]goField{}
	for _, f := range s.Fields.List {
		if f.Names[0].Name == "XMLName" {
			continue
		}
		tag, _ := strconv.Unquote(f.Tag.Value)
		name, _, _ := strings.Cut(reflect.StructTag(tag).Get("xml"), ",")
		fields[name] = goField{f.Names[0].Name, typeText(f.Type)}
	}
	return fields
}

func typeText(e ast.Expr) string {
	switch t := e.(type) {
	case *ast.StarExpr:
		return "*" + typeText(t.X)
	case *ast.ArrayType:
		return "[]" + typeText(t.Elt)
	case *ast.Ident:
		return t.Name
	}
	return fmt.Sprintf("%T", e)
}

// checkTypes makes sure that gowsdl lost nothing.
func (p *pkg) checkTypes() error {
	for _, t := range p.Contract.Types {
		fields, ok := p.structs[goName(t.Name)]
		if !ok {
			return fmt.Errorf("gowsdl made no type for %s", t.Name)
		}
		for _, f := range t.Fields {
			if _, ok := fields[f.Name]; !ok {
				return fmt.Errorf("gowsdl made no field for %s/%s", t.Name, f.Name)
			}
		}
	}
	return nil
}

// goName is the Go name that gowsdl gives to a type.
func goName(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// lower is the name of an unexported companion of a type.
func lower(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// failf notes why the package cannot be made.
func (p *pkg) failf(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
}

func (p *pkg) printf(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }
