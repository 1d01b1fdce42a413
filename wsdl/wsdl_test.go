package wsdl

import (
	"testing"

	"github.com/beevik/etree"
)

// facts about each service: the base of its SOAP actions, and how many
// operations each of its port types has.
var facts = map[string]struct {
	actions   string
	portTypes map[string]int
}{
	"pms": {"http://www.imsglobal.org/soap/lis/pms2p0/", map[string]int{"PersonManager": 13}},
	"gms": {"http://www.imsglobal.org/soap/lis/gms2p0/", map[string]int{"GroupManager": 15}},
	"mms": {"http://www.imsglobal.org/soap/lis/mms2p0/", map[string]int{"MembershipManager": 15}},
	"cms": {"http://www.imsglobal.org/soap/lis/cmsv1p0/", map[string]int{
		"CourseTemplateManager": 13, "CourseOfferingManager": 16,
		"CourseSectionManager": 14, "SectionAssociationManager": 14}},
	"oms": {"http://www.imsglobal.org/soap/lis/oms1p0/", map[string]int{
		"LineItemManager": 17, "ResultManager": 19, "ResultValueManager": 14}},
	"bdems": {"http://www.imsglobal.org/soap/lis/bdems1p0/", map[string]int{"BulkDataExchangeManager": 6}},
}

const address = "https://gateway.example/lis?a=1&b=\"<2>\""

// definitions parses the contract of a service as a tool kit would.
func definitions(t *testing.T, name string) *etree.Element {
	t.Helper()
	content, err := Contract(name, address)
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, content)
}

func parsed(t *testing.T, content []byte) *etree.Element {
	t.Helper()
	document := etree.NewDocument()
	if err := document.ReadFromBytes(content); err != nil {
		t.Fatal(err)
	}
	return document.Root()
}

// named indexes the children of a kind by name and fails on a duplicate.
func named(t *testing.T, parent *etree.Element, kind string) map[string]*etree.Element {
	t.Helper()
	found := map[string]*etree.Element{}
	for _, child := range parent.SelectElements(kind) {
		name := nameOf(child)
		if found[name] != nil {
			t.Errorf("%s %s is there twice", kind, name)
		}
		found[name] = child
	}
	return found
}

func TestOperations(t *testing.T) {
	total := 0
	for name, fact := range facts {
		portTypes := named(t, definitions(t, name), "wsdl:portType")
		if len(portTypes) != len(fact.portTypes) {
			t.Errorf("%s has %d port types, want %d", name, len(portTypes), len(fact.portTypes))
		}
		for manager, want := range fact.portTypes {
			portType := portTypes[manager+"SyncPortType"]
			if portType == nil {
				t.Fatalf("%s has no port type for %s", name, manager)
			}
			got := len(named(t, portType, "wsdl:operation"))
			if got != want {
				t.Errorf("%s has %d operations, want %d", manager, got, want)
			}
			total += got
		}
	}
	if total != 156 {
		t.Errorf("%d operations in all, want 156", total)
	}
}

func TestMessages(t *testing.T) {
	for name := range facts {
		root := definitions(t, name)
		messages := named(t, root, "wsdl:message")
		elements := named(t, root.FindElement("wsdl:types/xs:schema"), "xs:element")
		for _, operation := range root.FindElements("wsdl:portType/wsdl:operation") {
			for _, side := range []struct{ way, suffix, body, header, block string }{
				{"wsdl:input", "Request", "Parameters", "HeaderInfoParameters", "imsx_syncRequestHeaderInfo"},
				{"wsdl:output", "Response", "Response", "HeaderInfoResponse", "imsx_syncResponseHeaderInfo"},
			} {
				wrapper := nameOf(operation) + side.suffix
				message := operation.SelectElement(side.way).SelectAttrValue("message", "")
				if message != "tns:"+wrapper || messages[wrapper] == nil {
					t.Fatalf("%s of %s is message %q", side.way, nameOf(operation), message)
				}
				parts := named(t, messages[wrapper], "wsdl:part")
				wantPart(t, parts[side.body], wrapper)
				wantPart(t, parts[side.header], side.block)
				if elements[wrapper] == nil || elements[wrapper].SelectElement("xs:complexType") == nil {
					t.Errorf("element %s is missing or has no type of its own", wrapper)
				}
			}
		}
	}
}

func wantPart(t *testing.T, part *etree.Element, element string) {
	t.Helper()
	if part == nil || part.SelectAttrValue("element", "") != "tns:"+element {
		t.Errorf("no message part for element %s", element)
	}
}

func TestBindings(t *testing.T) {
	for name, fact := range facts {
		root := definitions(t, name)
		bindings := named(t, root, "wsdl:binding")
		for manager, want := range fact.portTypes {
			for prefix, suffix := range map[string]string{"soap": "SyncSoapBinding", "soap12": "SyncSoap12Binding"} {
				binding := bindings[manager+suffix]
				if binding == nil || binding.SelectAttrValue("type", "") != "tns:"+manager+"SyncPortType" {
					t.Fatalf("no binding %s%s", manager, suffix)
				}
				if style := binding.SelectElement(prefix+":binding").SelectAttrValue("style", ""); style != "document" {
					t.Errorf("style of %s%s is %q", manager, suffix, style)
				}
				operations := named(t, binding, "wsdl:operation")
				if len(operations) != want {
					t.Errorf("%s%s binds %d operations, want %d", manager, suffix, len(operations), want)
				}
				for operation, bound := range operations {
					wantBound(t, bound, prefix, fact.actions+operation)
				}
			}
		}
	}
}

// wantBound checks the action and that the header block is required both ways.
func wantBound(t *testing.T, operation *etree.Element, prefix, action string) {
	t.Helper()
	soap := operation.SelectElement(prefix + ":operation")
	if got := soap.SelectAttrValue("soapAction", ""); got != action {
		t.Errorf("action of %s is %q", nameOf(operation), got)
	}
	if prefix == "soap12" && soap.SelectAttrValue("soapActionRequired", "") != "false" {
		t.Errorf("action of %s is required over SOAP 1.2", nameOf(operation))
	}
	for way, part := range map[string]string{"wsdl:input": "HeaderInfoParameters", "wsdl:output": "HeaderInfoResponse"} {
		header := operation.SelectElement(way).SelectElement(prefix + ":header")
		if header == nil || header.SelectAttrValue("part", "") != part ||
			header.SelectAttrValue("wsdl:required", "") != "true" ||
			header.SelectAttrValue("use", "") != "literal" {
			t.Errorf("header of %s %s is not bound as required", nameOf(operation), way)
		}
	}
}
