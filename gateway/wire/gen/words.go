package main

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"

	"lisgate/gateway/lis"
)

// partners are the lis words for the complex types of the contracts.
var partners = map[string]reflect.Type{}

func init() {
	for name, word := range map[string]any{
		"Text": lis.Text{}, "BaseValueToken": lis.BaseValue{}, "BaseValueSingle": lis.BaseValue{},
		"Description": lis.Description{}, "FullDescription": lis.FullDescription{}, "Org": lis.Org{},
		"TimeFrame": lis.TimeFrame{}, "EnrollControl": lis.EnrollControl{}, "Metadata": lis.Metadata{},
		"IMSExtension": lis.Extension{}, "ExtensionField": lis.ExtensionField{},
		"Person": lis.Person{}, "PersonCore": lis.PersonCore{}, "FormName": lis.FormName{}, "Name": lis.Name{},
		"Address": lis.Address{}, "ContactInfo": lis.ContactInfo{}, "Demographics": lis.Demographics{},
		"Representation": lis.Representation{}, "Agent": lis.Agent{}, "EnterpriseRoles": lis.EnterpriseRoles{},
		"UserId": lis.UserID{}, "InstitutionRole": lis.InstitutionRole{},
		"Group": lis.Group{}, "GroupType": lis.GroupType{}, "TypeValue": lis.TypeValue{}, "Relationship": lis.Relationship{},
		"Membership": lis.Membership{}, "Member": lis.Member{}, "Role": lis.Role{},
		"CourseTemplate": lis.CourseTemplate{}, "ListofTopics": lis.ListOfTopics{}, "ListofPrerequisites": lis.ListOfPrerequisites{},
		"CourseOffering": lis.CourseOffering{}, "CourseSection": lis.CourseSection{},
		"SectionAssociation": lis.SectionAssociation{}, "ListofCourseSectionIds": lis.ListOfCourseSectionIDs{},
		"LineItem": lis.LineItem{}, "Context": lis.Context{}, "LineItemType": lis.LineItemType{}, "PropertySet": lis.PropertySet{},
		"Result": lis.Result{}, "ResultStatus": lis.ResultStatus{}, "ResultValue": lis.ResultValue{},
		"ValueList": lis.ValueList{}, "OrderedValue": lis.OrderedValue{}, "ValueRange": lis.ValueRange{},
		"ReplaceStatusCode": lis.ReplaceCode{},
		"BulkBlockManifest": lis.BulkManifest{}, "BulkBlockDataFile": lis.BulkDataFile{}, "FilterObject": lis.BulkFilter{},
		"FilterRule": lis.BulkFilterRule{}, "FailureReport": lis.BulkFailure{}, "BulkBlockReport": lis.BulkReport{},
		"TransactionFailure": lis.BulkFailed{}, "SupportedService": lis.SupportedService{},
	} {
		partners[name+"Type"] = reflect.TypeOf(word)
	}
}

// sameWord says which elements go by another name in the lis words, where
// the services spell one thing in several ways.
var sameWord = map[string]string{
	"extensionValueVocabulary": "extensionTypeVocabulary",
	"extensionValueType":       "extensionTypeVocabulary",
	"metadataValueVocabulary":  "metadataTypeVocabulary",
	"metadataField":            "extensionField",
}

// words writes the translations between the types of the wire and lis words.
func (p *pkg) words() []byte {
	p.b.Reset()
	header(&p.b, p.Service, "", "lisgate/gateway/lis")
	for _, t := range p.Contract.Types {
		if word := partners[t.Name]; word != nil {
			p.toWord(t, word)
			p.fromWord(t, word)
		} else if kind := p.recordOf(t); kind != "" {
			p.record(t, kind)
		}
	}
	return bytes.Clone(p.b.Bytes())
}

// recordOf returns the lis type in a record type, such as "Person" of
// PersonRecordType.
func (p *pkg) recordOf(t *complexType) string {
	if t.Message || len(t.Fields) != 2 || t.Fields[0].Type != "SourcedGUIDType" {
		return ""
	}
	return partners[t.Fields[1].Type].Name()
}

func (p *pkg) record(t *complexType, word string) {
	inner := t.Fields[1]
	f := p.structs[goName(t.Name)]
	object := f[inner.Name].Name
	p.printf(`func to%[1]s(v *%[2]s) *lis.Record {
		r := &lis.Record{}
		if v.SourcedGUID != nil {
			r.ID, r.Agent = lis.SourcedID(v.SourcedGUID.SourcedId), v.SourcedGUID.RefAgentInstanceID
		}
		if v.%[3]s != nil {
			r.Object = to%[4]s(v.%[3]s)
		}
		return r
	}

	func from%[1]s(r *lis.Record) *%[2]s {
		v := &%[2]s{SourcedGUID: &SourcedGUIDType{RefAgentInstanceID: r.Agent, SourcedId: string(r.ID)}}
		if o, ok := r.Object.(*lis.%[5]s); ok && o != nil {
			v.%[3]s = from%[4]s(o)
		}
		return v
	}

	`, word+"Record", goName(t.Name), object, goName(inner.Type), word)
}

// wordField finds the field of a lis word for an element.
func wordField(word reflect.Type, element string) (reflect.StructField, bool) {
	name := element
	if other := sameWord[element]; other != "" {
		name = other
	}
	for i := range word.NumField() {
		f := word.Field(i)
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if strings.EqualFold(tag, name) {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

func (p *pkg) toWord(t *complexType, word reflect.Type) {
	name := goName(t.Name)
	p.printf("func to%s(v *%s) *lis.%s {\nif v == nil {\nreturn nil\n}\nw := &lis.%s{}\n", name, name, word.Name(), word.Name())
	for _, f := range t.Fields {
		g, w := p.pair(t, word, f)
		p.convert("w."+w.Name, w.Type, "v."+g.Name, g.Type, f)
	}
	p.printf("return w\n}\n\n")
}

func (p *pkg) fromWord(t *complexType, word reflect.Type) {
	name := goName(t.Name)
	p.printf("func from%s(w *lis.%s) *%s {\nif w == nil {\nreturn nil\n}\nv := &%s{}\n", name, word.Name(), name, name)
	for _, f := range t.Fields {
		g, w := p.pair(t, word, f)
		p.convertBack("v."+g.Name, g.Type, "w."+w.Name, w.Type, f)
	}
	p.printf("return v\n}\n\n")
}

// pair finds both fields for an element. Nothing may be lost between them.
func (p *pkg) pair(t *complexType, word reflect.Type, f field) (goField, reflect.StructField) {
	w, ok := wordField(word, f.Name)
	if !ok {
		p.failf("lis.%s has no field for %s/%s", word.Name(), t.Name, f.Name)
	}
	return p.structs[goName(t.Name)][f.Name], w
}

var textPointer = reflect.TypeOf((*lis.Text)(nil))

// convert writes the assignment of an element to a field of a word.
func (p *pkg) convert(dst string, word reflect.Type, src, goType string, f field) {
	nested := p.Contract.byName[f.Type] != nil
	inner := strings.TrimLeft(goType, "[]*")
	switch {
	case word == nil: // p.failf has been told
	case nested && f.Many:
		p.printf("for _, c := range %s {\n%s = append(%s, *to%s(c))\n}\n", src, dst, dst, inner)
	case nested:
		p.printf("%s = to%s(%s)\n", dst, inner, src)
	case f.Many:
		p.printf("for _, c := range %s {\n%s = append(%s, %s(c))\n}\n", src, dst, dst, typeName(word.Elem()))
	case goType == "*bool" || goType == "*int64":
		p.printf("%s = %s\n", dst, src)
	case strings.HasPrefix(goType, "*"):
		p.printf("if %s != nil {\n%s = %s(*%s)\n}\n", src, dst, typeName(word), src)
	case word == textPointer:
		p.printf("%s = lis.NewText(\"\", %s)\n", dst, src)
	default:
		p.printf("%s = %s(%s)\n", dst, typeName(word), src)
	}
}

// convertBack writes the assignment of a field of a word to an element.
func (p *pkg) convertBack(dst, goType, src string, word reflect.Type, f field) {
	nested := p.Contract.byName[f.Type] != nil
	inner := strings.TrimLeft(goType, "[]*")
	switch {
	case word == nil: // p.failf has been told
	case nested && f.Many:
		p.printf("for i := range %s {\n%s = append(%s, from%s(&%s[i]))\n}\n", src, dst, dst, inner, src)
	case nested:
		p.printf("%s = from%s(%s)\n", dst, inner, src)
	case f.Many:
		p.printf("for _, c := range %s {\n%s = append(%s, string(c))\n}\n", src, dst, dst)
	case goType == "*bool" || goType == "*int64":
		p.printf("%s = %s\n", dst, src)
	case strings.HasPrefix(goType, "*"):
		p.printf("if %s != \"\" {\n%s = new(%s(%s))\n}\n", src, dst, goType[1:], src)
	case word == textPointer:
		p.printf("%s = %s.String()\n", dst, src)
	default:
		p.printf("%s = string(%s)\n", dst, src)
	}
}

func typeName(t reflect.Type) string {
	if t.Kind() == reflect.String && t.PkgPath() != "" {
		return fmt.Sprintf("lis.%s", t.Name())
	}
	return t.Kind().String()
}
