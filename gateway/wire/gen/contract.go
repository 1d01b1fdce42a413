package main

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"
)

// A contract is what the generator needs to know of a WSDL.
type contract struct {
	Types      []*complexType // in the order of the schema, messages included
	byName     map[string]*complexType
	Simple     map[string]*simpleType
	Operations []operation
}

// A complexType is a sequence of elements; the branches of a choice stand in
// it as optional elements, and Choices says which exclude each other.
type complexType struct {
	Name    string
	Message bool // an element with an anonymous type
	Fields  []field
	Choices []choice
}

type field struct {
	Name     string // of the element
	Type     string // local name of its type; built-ins with "xs:"
	Many     bool
	Required bool
}

// A choice is between two fields, by their number.
type choice struct {
	A, B     int
	Required bool
}

type simpleType struct {
	Base   string
	Values []string
}

type operation struct {
	Name, PortType, Action string
}

// readContract reads an assembled contract.
func readContract(text []byte) (*contract, error) {
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(text); err != nil {
		return nil, err
	}
	c := &contract{byName: map[string]*complexType{}, Simple: map[string]*simpleType{}}
	for _, e := range doc.FindElement("//schema").ChildElements() {
		if err := c.define(e); err != nil {
			return nil, err
		}
	}
	actions := map[string]string{}
	for _, e := range doc.FindElements("//binding/operation") {
		actions[e.SelectAttrValue("name", "")] = e.FindElement("operation").SelectAttrValue("soapAction", "")
	}
	for _, e := range doc.FindElements("//portType/operation") {
		name := e.SelectAttrValue("name", "")
		c.Operations = append(c.Operations, operation{name, e.Parent().SelectAttrValue("name", ""), actions[name]})
	}
	return c, nil
}

// define reads one global definition of the schema.
func (c *contract) define(e *etree.Element) error {
	name := e.SelectAttrValue("name", "")
	switch e.Tag {
	case "simpleType":
		r := e.FindElement("restriction")
		s := &simpleType{Base: r.SelectAttrValue("base", "")}
		for _, v := range r.SelectElements("enumeration") {
			s.Values = append(s.Values, v.SelectAttrValue("value", ""))
		}
		c.Simple[name] = s
	case "complexType":
		return c.add(&complexType{Name: name}, e)
	case "element":
		if inner := e.SelectElement("complexType"); inner != nil {
			return c.add(&complexType{Name: name, Message: true}, inner)
		}
	}
	return nil
}

func (c *contract) add(t *complexType, e *etree.Element) error {
	if seq := e.SelectElement("sequence"); seq != nil {
		if err := t.sequence(seq, false); err != nil {
			return err
		}
	}
	c.Types = append(c.Types, t)
	c.byName[t.Name] = t
	return nil
}

// sequence reads the elements of a sequence or of a choice.
func (t *complexType) sequence(seq *etree.Element, optional bool) error {
	for _, e := range seq.ChildElements() {
		switch e.Tag {
		case "element":
			least, most := e.SelectAttrValue("minOccurs", "1"), e.SelectAttrValue("maxOccurs", "1")
			t.Fields = append(t.Fields, field{
				Name: e.SelectAttrValue("name", ""), Type: local(e.SelectAttrValue("type", "")),
				Many: most == "unbounded", Required: least != "0" && !optional,
			})
		case "choice":
			n := len(t.Fields)
			if err := t.sequence(e, true); err != nil {
				return err
			}
			if len(t.Fields) != n+2 {
				return fmt.Errorf("type %s: a choice of other than two elements", t.Name)
			}
			t.Choices = append(t.Choices, choice{n, n + 1, e.SelectAttrValue("minOccurs", "1") != "0"})
		}
	}
	return nil
}

// local strips the prefix of our own namespace from a type name.
func local(name string) string {
	if strings.HasPrefix(name, "xs:") {
		return name
	}
	return name[strings.IndexByte(name, ':')+1:]
}

// builtin follows a simple type to the built-in type that it restricts.
func (c *contract) builtin(t string) string {
	for !strings.HasPrefix(t, "xs:") {
		s := c.Simple[t]
		if s == nil {
			return ""
		}
		t = local(s.Base)
	}
	return t
}
