package main

import (
	"fmt"
	"strings"
)

// encoder writes EncodeXML of a type.
func (p *pkg) encoder(t *complexType) {
	p.printf("// EncodeXML writes the children of the element.\nfunc (v *%s) EncodeXML(w *wire.Writer) {\n", goName(t.Name))
	begin := p.b.Len()
	for i := range t.Fields {
		p.encodeField(t, i)
	}
	// Markup that follows markup is written with it, in one piece.
	body := strings.ReplaceAll(p.b.String()[begin:], "\")\nw.Raw(\"", "")
	p.b.Truncate(begin)
	p.printf("%s}\n\n", body)
}

// encodeField writes how one child is written. A mandatory text is always
// there, because "" and no text are one to the types.
func (p *pkg) encodeField(t *complexType, i int) {
	f := t.Fields[i]
	g := p.structs[goName(t.Name)][f.Name]
	v := "v." + g.Name
	complete := p.complete(t, i)
	switch {
	case f.Many:
		p.printf("for _, c := range %s {\n%s}\n", v, p.element(f, strings.TrimPrefix(g.Type, "[]")))
		if complete != "" {
			p.printf("if len(%s) == 0 && %s", v, complete)
		}
	case strings.HasPrefix(g.Type, "*"):
		p.printf("if c := %s; c != nil {\n%s}", v, p.element(f, g.Type))
		if complete != "" {
			p.printf(" else if %s", complete)
		}
	case f.Required && p.mayBeEmpty(f):
		p.printf("%s", p.leaf(f, v))
	default:
		p.printf("if c := %s; c != \"\" {\n%s}", v, p.element(f, g.Type))
		if complete != "" {
			p.printf(" else if %s", complete)
		}
	}
	p.printf("\n")
}

// leaf returns the statements that write an element with text.
func (p *pkg) leaf(f field, text string) string {
	return fmt.Sprintf("w.Raw(\"<%[1]s>\")\nw.Text(%[2]s)\nw.Raw(\"</%[1]s>\")", f.Name, text)
}

// element returns the statements that write an element whose value is c.
func (p *pkg) element(f field, goType string) string {
	switch {
	case p.Contract.byName[f.Type] != nil:
		return fmt.Sprintf("w.Raw(\"<%[1]s>\")\nc.EncodeXML(w)\nw.Raw(\"</%[1]s>\")\n", f.Name)
	case goType == "*bool":
		return fmt.Sprintf("w.Boolean(%q, *c)\n", f.Name)
	case goType == "*int64":
		return fmt.Sprintf("w.Integer(%q, *c)\n", f.Name)
	case strings.HasPrefix(goType, "*"):
		return p.leaf(f, "string(*c)") + "\n"
	}
	return p.leaf(f, "c") + "\n"
}

// mayBeEmpty reports whether "" is a value of a simple type.
func (p *pkg) mayBeEmpty(f field) bool {
	switch p.Contract.builtin(f.Type) {
	case "xs:string", "xs:normalizedString", "xs:anyURI":
		return p.Contract.Simple[f.Type] == nil || len(p.Contract.Simple[f.Type].Values) == 0
	}
	return false
}
