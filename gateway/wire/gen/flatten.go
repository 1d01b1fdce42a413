package main

import (
	"fmt"

	"github.com/beevik/etree"
)

// plain says as what gowsdl is told each built-in type, so that it makes Go
// types that compile and lose nothing: dates and decimals stay text.
var plain = map[string]string{
	"xs:string": "xs:string", "xs:normalizedString": "xs:string", "xs:anyURI": "xs:string",
	"xs:dateTime": "xs:string", "xs:date": "xs:string", "xs:decimal": "xs:string",
	"xs:boolean": "xs:boolean", "xs:integer": "xs:long",
}

// flatten rewrites a contract for gowsdl. All of it is neutral to the wire,
// because elements are qualified and there is one namespace.
func flatten(contract []byte) ([]byte, error) {
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(contract); err != nil {
		return nil, err
	}
	root := doc.Root()
	for _, e := range root.ChildElements() {
		if e.Tag != "types" {
			root.RemoveChild(e)
		}
	}
	bases := map[string]string{}
	schema := doc.FindElement("//schema")
	for _, e := range schema.ChildElements() {
		flattenGlobal(schema, e, bases)
	}
	for _, e := range schema.FindElements(".//annotation") {
		e.Parent().RemoveChild(e)
	}
	for _, e := range schema.FindElements(".//choice") {
		if err := flattenChoice(e); err != nil {
			return nil, err
		}
	}
	for _, e := range schema.FindElements(".//element") {
		flattenElement(e, bases)
	}
	return doc.WriteToBytes()
}

// flattenGlobal drops simple types without enumeration, whose base stands in
// for them, and the header elements, whose types are enough.
func flattenGlobal(schema, e *etree.Element, bases map[string]string) {
	name := e.SelectAttrValue("name", "")
	switch {
	case e.Tag == "simpleType" && e.FindElement("restriction/enumeration") == nil:
		bases[name] = e.FindElement("restriction").SelectAttrValue("base", "")
		schema.RemoveChild(e)
	case e.Tag == "simpleType":
		e.FindElement("restriction").CreateAttr("base", "xs:string")
	case e.Tag == "element" && e.SelectElement("complexType") == nil:
		schema.RemoveChild(e)
	}
}

// flattenChoice puts the branches of a choice, optional, in its place.
func flattenChoice(e *etree.Element) error {
	parent := e.Parent()
	if parent == nil || parent.Tag != "sequence" {
		return fmt.Errorf("flatten: a choice outside of a sequence")
	}
	at := e.Index()
	for i, branch := range e.ChildElements() {
		branch.CreateAttr("minOccurs", "0")
		parent.InsertChildAt(at+i, branch)
	}
	parent.RemoveChild(e)
	return nil
}

// flattenElement names a type that gowsdl knows, and makes the scalars that
// have a zero of their own pointers.
func flattenElement(e *etree.Element, bases map[string]string) {
	t := e.SelectAttrValue("type", "")
	for bases[local(t)] != "" {
		t = bases[local(t)]
	}
	if p, ok := plain[t]; ok {
		t = p
		if (t == "xs:boolean" || t == "xs:long") && e.SelectAttrValue("maxOccurs", "1") == "1" {
			e.CreateAttr("nillable", "true")
		}
	}
	if t != "" {
		e.CreateAttr("type", t)
	}
	e.RemoveAttr("default")
}
