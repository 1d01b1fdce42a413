package main

import (
	"fmt"
	"strings"
)

// standIns are written, when the writer is to make a record complete, where
// a mandatory value is missing that cannot be empty. They are our choice:
// the value that says least.
var standIns = map[string]string{
	"xs:boolean": "false", "xs:integer": "0", "xs:decimal": "0", "xs:date": "0001-01-01", "xs:dateTime": "0001-01-01T00:00:00",
	"LanguageSetType": "en", "FieldTypeType": "String", "MediaModeType": "uri", "ContentRefTypeType": "text",
	"RelationType": "Parent", "MembershipIdTypeType": "courseSection", "GWSVersionValueType": "V1.0",
}

// complete returns the condition and the block that write what stands in for
// a mandatory element that is not there, or "".
func (p *pkg) complete(t *complexType, i int) string {
	least, ok := p.leastElement(t.Fields[i], 0)
	if !ok { // only in the status of a response, which is never made up
		return ""
	}
	condition := "w.Complete"
	if c := t.firstOf(i); c != nil {
		condition += fmt.Sprintf(" && v.%s == nil", p.structs[goName(t.Name)][t.Fields[c.B].Name].Name)
	} else if !t.Fields[i].Required {
		return ""
	}
	return fmt.Sprintf("%s {\nw.Raw(%q)\n}", condition, least)
}

// firstOf returns the mandatory choice whose first branch is field i, or nil.
func (t *complexType) firstOf(i int) *choice {
	for j := range t.Choices {
		if c := &t.Choices[j]; c.Required && c.A == i {
			return c
		}
	}
	return nil
}

// leastElement returns the shortest valid form of an element.
func (p *pkg) leastElement(f field, depth int) (string, bool) {
	text, ok := p.least(f, depth)
	return fmt.Sprintf("<%[1]s>%[2]s</%[1]s>", f.Name, text), ok
}

// least returns the shortest valid content of an element.
func (p *pkg) least(f field, depth int) (string, bool) {
	if text, ok := standIns[f.Type]; ok || p.mayBeEmpty(f) {
		return text, true
	}
	t := p.Contract.byName[f.Type]
	if t == nil {
		text, ok := standIns[p.Contract.builtin(f.Type)]
		return text, ok
	}
	var b strings.Builder
	for i, inner := range t.Fields {
		if !inner.Required && t.firstOf(i) == nil {
			continue
		}
		text, ok := p.leastElement(inner, depth+1)
		if !ok || depth > 8 {
			return "", false
		}
		b.WriteString(text)
	}
	return b.String(), true
}
