package main

import (
	"bytes"
	"fmt"
	"strings"
)

// codec writes decoders and encoders for all types of the contract.
func (p *pkg) codec() []byte {
	p.b.Reset()
	header(&p.b, p.Service, "", "lisgate/gateway/wire")
	p.printf("// Namespace is that of all elements of the service.\nconst Namespace = %q\n\n", p.Namespace)
	p.enums()
	for _, t := range p.Contract.Types {
		p.decoder(t)
		p.encoder(t)
	}
	return bytes.Clone(p.b.Bytes())
}

// enums writes the lists of enumerated values.
func (p *pkg) enums() {
	used := map[string]bool{}
	for _, t := range p.Contract.Types {
		for _, f := range t.Fields {
			if s := p.Contract.Simple[f.Type]; s != nil && len(s.Values) > 0 && !used[f.Type] {
				used[f.Type] = true
				p.printf("var %sValues = []string{%s}\n\n", lower(f.Type), quoted(s.Values))
			}
		}
	}
}

func quoted(values []string) string {
	q := make([]string, len(values))
	for i, v := range values {
		q[i] = fmt.Sprintf("%q", v)
	}
	return strings.Join(q, ", ")
}

// decoder writes DecodeXML of a type.
func (p *pkg) decoder(t *complexType) {
	name := goName(t.Name)
	p.printf("// DecodeXML reads the children of the current element.\nfunc (v *%s) DecodeXML(d *wire.Decoder) {\n", name)
	p.printf("var sc wire.Scope\nfor d.Next(&sc) {\n")
	if len(t.Fields) > 0 {
		p.printf("switch d.Local() {\n")
		for i := range t.Fields {
			p.decodeField(t, i)
		}
		p.printf("default:\nd.Unknown()\n}\n")
	} else {
		p.printf("d.Unknown()\n")
	}
	p.printf("}\n")
	if t.Name == "TextType" {
		p.printf("if text, ok := d.Plain(&sc); ok {\nv.TextString = text\nreturn\n}\n")
	}
	p.done(t)
}

// done ends a decoder with the check for what is mandatory, and writes the
// names that the check needs.
func (p *pkg) done(t *complexType) {
	if len(t.Fields) > 64 {
		p.failf("type %s has more than 64 elements, which is what a wire.Scope can tell apart", t.Name)
	}
	var required uint64
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Name
		if f.Required {
			required |= 1 << i
		}
	}
	list := "nil"
	if required != 0 || len(t.Choices) > 0 {
		list = lower(goName(t.Name)) + "Names"
	}
	for _, c := range t.Choices {
		p.printf("d.OneOf(&sc, %d, %d, %v, %s)\n", c.A, c.B, c.Required, list)
	}
	p.printf("d.Done(&sc, %#x, %s)\n}\n\n", required, list)
	if list != "nil" {
		p.printf("var %s = []string{%s}\n\n", list, quoted(names))
	}
}

// decodeField writes the case of one child.
func (p *pkg) decodeField(t *complexType, i int) {
	f := t.Fields[i]
	other := ""
	for _, a := range aliases[f.Name] {
		if !p.hasField(t, a) {
			other += fmt.Sprintf(", %q", a)
		}
	}
	p.printf("case %q%s:\n", f.Name, other)
	if other != "" {
		p.printf("d.Spelt(%q)\n", f.Name)
	}
	p.printf("if d.Slot(&sc, %d, %v) {\n", i, f.Many)
	g := p.structs[goName(t.Name)][f.Name]
	target := "v." + g.Name
	switch {
	case p.Contract.byName[f.Type] != nil && f.Many:
		p.printf("c := new(%s)\nc.DecodeXML(d)\n%s = append(%s, c)\n", strings.TrimPrefix(g.Type, "[]*"), target, target)
	case p.Contract.byName[f.Type] != nil:
		p.printf("%s = new(%s)\n%s.DecodeXML(d)\n", target, strings.TrimPrefix(g.Type, "*"), target)
	default:
		p.assign(target, g.Type, p.read(f), f.Many)
	}
	p.printf("}\n")
}

func (p *pkg) hasField(t *complexType, name string) bool {
	for _, f := range t.Fields {
		if f.Name == name {
			return true
		}
	}
	return false
}

// assign writes how a value goes into its field: gowsdl makes enumerated
// fields pointers to a named string.
func (p *pkg) assign(target, goType, value string, many bool) {
	switch {
	case many:
		p.printf("%s = append(%s, %s)\n", target, target, value)
	case strings.HasPrefix(goType, "*") && goType != "*bool" && goType != "*int64":
		p.printf("%s = new(%s(%s))\n", target, goType[1:], value)
	default:
		p.printf("%s = %s\n", target, value)
	}
}

// identifiers are the simple types whose white space at the ends means nothing.
var identifiers = map[string]bool{"GUIDType": true, "LUIDType": true}

// read names the decoder's method for a simple type.
func (p *pkg) read(f field) string {
	if s := p.Contract.Simple[f.Type]; s != nil && len(s.Values) > 0 {
		return fmt.Sprintf("d.Enum(%sValues)", lower(f.Type))
	}
	if identifiers[f.Type] {
		return "d.Token()"
	}
	switch p.Contract.builtin(f.Type) {
	case "xs:boolean":
		return "d.Boolean()"
	case "xs:integer":
		return "d.Integer()"
	case "xs:decimal":
		return "d.Decimal()"
	case "xs:dateTime":
		return "d.DateTime()"
	case "xs:date":
		return "d.Date()"
	}
	return "d.Text()"
}
