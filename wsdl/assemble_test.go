package wsdl

import (
	"bytes"
	"path"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// schemas parses every assembled schema, alone and inside its contract.
func schemas(t *testing.T) map[string]*etree.Element {
	t.Helper()
	found := map[string]*etree.Element{}
	for _, name := range append(serviceNames(), bulkFile) {
		content, err := Schema(name)
		if err != nil {
			t.Fatal(err)
		}
		found[name] = parsed(t, content)
	}
	for _, name := range serviceNames() {
		found[name+" contract"] = definitions(t, name).FindElement("wsdl:types/xs:schema")
	}
	return found
}

func TestAddress(t *testing.T) {
	for _, service := range Services() {
		root := definitions(t, service.Name)
		ports := root.FindElements("wsdl:service/wsdl:port")
		if want := 2 * len(facts[service.Name].portTypes); len(ports) != want {
			t.Errorf("%s has %d ports, want %d", service.Name, len(ports), want)
		}
		for _, port := range ports {
			if got := port.SelectElement("address").SelectAttrValue("location", ""); got != address {
				t.Errorf("port %s is at %q", nameOf(port), got)
			}
		}
	}
}

func TestNames(t *testing.T) {
	for _, service := range Services() {
		root := definitions(t, service.Name)
		schema := root.FindElement("wsdl:types/xs:schema")
		for _, element := range []*etree.Element{root, schema} {
			if got := element.SelectAttrValue("targetNamespace", ""); got != service.Namespace {
				t.Errorf("%s of %s has target namespace %q", element.Tag, service.Name, got)
			}
		}
		if got := root.SelectAttrValue("name", ""); got != service.WSDLService+"s" {
			t.Errorf("definitions of %s are named %q", service.Name, got)
		}
		if named(t, root, "wsdl:service")[service.WSDLService] == nil {
			t.Errorf("%s has no service %s", service.Name, service.WSDLService)
		}
	}
}

func TestSelfContained(t *testing.T) {
	for name, schema := range schemas(t) {
		for _, element := range schema.FindElements(".//*") {
			switch element.Tag {
			case "include", "override", "redefine", "import", "attribute":
				t.Errorf("%s holds xs:%s", name, element.Tag)
			}
		}
		if schema.SelectAttrValue("elementFormDefault", "") != "qualified" ||
			schema.SelectAttrValue("attributeFormDefault", "") != "unqualified" {
			t.Errorf("%s has other form defaults", name)
		}
	}
}

// Every type that is used is defined once, and every type that is defined is
// used: no shared type is carried along for nothing.
func TestTypes(t *testing.T) {
	for name, schema := range schemas(t) {
		types := named(t, schema, "xs:complexType")
		for simple, definition := range named(t, schema, "xs:simpleType") {
			if types[simple] != nil {
				t.Errorf("%s: %s is both simple and complex", name, simple)
			}
			types[simple] = definition
		}
		used := map[string]bool{}
		follow(schema, used)
		for reference := range used {
			if types[reference] == nil {
				t.Errorf("%s: type %s is not defined", name, reference)
			}
		}
		for definition := range types {
			if !used[definition] {
				t.Errorf("%s: type %s is not used", name, definition)
			}
			if !strings.HasSuffix(definition, "Type") || definition[:1] != strings.ToUpper(definition[:1]) {
				t.Errorf("%s: type %s is named out of style", name, definition)
			}
		}
	}
}

// builtIn are the types of XML Schema the contracts keep to.
const builtIn = " string normalizedString boolean integer decimal date dateTime anyURI "

func TestReferencesAreQualified(t *testing.T) {
	for name, schema := range schemas(t) {
		for _, reference := range references(schema) {
			plain, isBuiltIn := strings.CutPrefix(reference.Value, "xs:")
			if isBuiltIn && !strings.Contains(builtIn, " "+plain+" ") ||
				!isBuiltIn && !strings.HasPrefix(reference.Value, "tns:") {
				t.Errorf("%s: reference to %q", name, reference.Value)
			}
		}
	}
}

// The files themselves are plain XSD 1.0: a service schema and what it includes
// define every type they refer to, used or not, and define it once.
func TestFilesAreComplete(t *testing.T) {
	for _, name := range serviceNames() {
		schema, err := read(name + "/" + name + ".xsd")
		if err != nil {
			t.Fatal(err)
		}
		defined, wanted := map[string]bool{}, map[string]bool{}
		parts := []*etree.Element{schema}
		for _, include := range schema.SelectElements("xs:include") {
			included, err := read(path.Join(name, include.SelectAttrValue("schemaLocation", "")))
			if err != nil {
				t.Fatal(err)
			}
			qualify(included)
			parts = append(parts, included)
		}
		for _, part := range parts {
			follow(part, wanted)
			for _, child := range part.ChildElements() {
				switch child.Tag {
				case "complexType", "simpleType":
					if defined[nameOf(child)] {
						t.Errorf("%s: type %s is defined twice", name, nameOf(child))
					}
					defined[nameOf(child)] = true
				case "element", "include":
				default:
					t.Errorf("%s holds xs:%s", name, child.Tag)
				}
			}
		}
		for reference := range wanted {
			if !defined[reference] {
				t.Errorf("%s: type %s is not defined in the files", name, reference)
			}
		}
	}
}

func TestServicesKeepTheirOwnTypes(t *testing.T) {
	const language = "xs:complexType[@name='TextType']/xs:sequence/xs:element[@name='language']"
	for name, want := range map[string]string{"mms": "tns:LanguageSetType", "pms": "xs:normalizedString"} {
		if got := schemas(t)[name].FindElement(language).SelectAttrValue("type", ""); got != want {
			t.Errorf("language of %s is %s, want %s", name, got, want)
		}
	}
}

// Assembling anew gives the same bytes.
func TestDeterministic(t *testing.T) {
	for _, name := range serviceNames() {
		again := documents{contracts: map[string][][]byte{}, schemas: map[string][]byte{}}
		if err := again.add(name); err != nil {
			t.Fatal(err)
		}
		schema, _ := Schema(name)
		contract, _ := Contract(name, addressMark)
		if !bytes.Equal(again.schemas[name], schema) ||
			!bytes.Equal(bytes.Join(again.contracts[name], []byte(addressMark)), contract) {
			t.Errorf("%s comes out differently each time", name)
		}
	}
}

func TestUnknownNames(t *testing.T) {
	if _, err := Contract("bulkfile", address); err == nil || !strings.Contains(err.Error(), "pms, gms") {
		t.Errorf("contract of an unknown service: %v", err)
	}
	if _, err := Schema("xyz"); err == nil || !strings.Contains(err.Error(), "bdems, bulkfile") {
		t.Errorf("schema of an unknown name: %v", err)
	}
}

// What a caller does to a schema must not reach the next caller.
func TestSchemaIsACopy(t *testing.T) {
	first, _ := Schema("pms")
	first[0] = '!'
	if second, _ := Schema("pms"); bytes.HasPrefix(second, []byte("!")) {
		t.Error("the schema is shared between callers")
	}
}
