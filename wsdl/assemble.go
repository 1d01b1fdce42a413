package wsdl

import (
	"fmt"
	"path"
	"strings"

	"github.com/beevik/etree"
)

// contractWith puts schema into the WSDL of a service and marks the addresses.
func contractWith(name string, schema *etree.Element) ([]byte, error) {
	definitions, err := read(name + "/" + name + ".wsdl")
	if err != nil {
		return nil, err
	}
	types := definitions.SelectElement("wsdl:types")
	if types == nil {
		return nil, fmt.Errorf("no wsdl:types")
	}
	types.Child = nil
	types.AddChild(schema)
	for _, address := range definitions.FindElements("wsdl:service/wsdl:port/address") {
		address.CreateAttr("location", addressMark)
	}
	return text(etree.NewDocumentWithRoot(definitions))
}

// mergedSchema is the schema of a service with the shared types it uses in
// place of its includes. Comments between definitions are left out, those
// inside stay.
func mergedSchema(name string) (*etree.Element, error) {
	schema, err := read(name + "/" + name + ".xsd")
	if err != nil {
		return nil, err
	}
	var shared []*etree.Element
	for _, include := range schema.SelectElements("xs:include") {
		included, err := read(path.Join(name, include.SelectAttrValue("schemaLocation", "")))
		if err != nil {
			return nil, err
		}
		qualify(included)
		shared = append(shared, included.ChildElements()...)
		schema.RemoveChild(include)
	}
	merged := etree.NewElement("xs:schema")
	merged.Attr = schema.Attr
	for _, definition := range append(usedOf(shared, schema), schema.ChildElements()...) {
		merged.AddChild(definition)
	}
	return merged, nil
}

// usedOf picks the shared types that the schema leads to.
func usedOf(shared []*etree.Element, schema *etree.Element) []*etree.Element {
	wanted := map[string]bool{}
	follow(schema, wanted)
	for before := 0; before != len(wanted); {
		before = len(wanted)
		for _, definition := range shared {
			if wanted[nameOf(definition)] {
				follow(definition, wanted)
			}
		}
	}
	var used []*etree.Element
	for _, definition := range shared {
		if wanted[nameOf(definition)] {
			used = append(used, definition)
		}
	}
	return used
}

func nameOf(definition *etree.Element) string {
	return definition.SelectAttrValue("name", "")
}

// follow adds to wanted the types that are referred to within element.
func follow(element *etree.Element, wanted map[string]bool) {
	for _, reference := range references(element) {
		if name, own := strings.CutPrefix(reference.Value, "tns:"); own {
			wanted[name] = true
		}
	}
}

// qualify binds the references of an included schema, which has no namespace,
// to that of the service.
func qualify(included *etree.Element) {
	for _, reference := range references(included) {
		if !strings.Contains(reference.Value, ":") {
			reference.Value = "tns:" + reference.Value
		}
	}
}

// references lists the attributes within element that name a type.
func references(element *etree.Element) []*etree.Attr {
	var found []*etree.Attr
	for _, inner := range element.FindElements(".//*") {
		for _, name := range []string{"type", "base"} {
			if attribute := inner.SelectAttr(name); attribute != nil {
				found = append(found, attribute)
			}
		}
	}
	return found
}

func read(file string) (*etree.Element, error) {
	content, err := files.ReadFile(file)
	if err != nil {
		return nil, err
	}
	document := etree.NewDocument()
	if err := document.ReadFromBytes(content); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return document.Root(), nil
}

func text(document *etree.Document) ([]byte, error) {
	document.InsertChildAt(0, etree.NewProcInst("xml", `version="1.0" encoding="UTF-8"`))
	document.Indent(2)
	return document.WriteToBytes()
}
