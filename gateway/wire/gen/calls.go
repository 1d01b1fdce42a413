package main

import (
	"reflect"
	"strings"

	"lisgate/gateway/lis"
)

// callFields says where the parameters of requests go in a lis.Call. An
// identifier that is not named here is the other object of the operation, Of.
var callFields = map[string]string{
	"sourcedId": "ID", "newSourcedId": "NewID", "sectionAssociationSourcedId": "ID",
	"fromSavePoint": "SavePoint", "queryObject": "Query", "academicSession": "AcademicSession",
	"status": "Status", "relationship": "Relationship", "relationId": "RelationID", "role": "Role",
	"collection": "Collection", "lineItemType": "LineItemType", "resultStatus": "ResultStatus",
	"transactionId": "TransactionID", "bulkBlockManifest": "Manifest", "failureReport": "Failure",
	"filter": "Filter", "bulkBlockReport": "Report",
}

// call writes how a request is read into, and written from, a lis.Call.
func (p *pkg) call(op operation) {
	t := p.Contract.byName[op.Name+"Request"]
	name := goName(op.Name)
	p.printf("func read%sCall(d *wire.Decoder, c *lis.Call) {\nvar v %s\nv.DecodeXML(d)\n", name, goName(t.Name))
	for _, f := range t.Fields {
		p.readParameter(t, f)
	}
	p.printf("}\n\nfunc write%sCall(w *wire.Writer, c *lis.Call) {\nvar v %s\n", name, goName(t.Name))
	for _, f := range t.Fields {
		p.writeParameter(t, f)
	}
	p.printf("v.EncodeXML(w)\n}\n\n")
}

func (p *pkg) readParameter(t *complexType, f field) {
	g := p.structs[goName(t.Name)][f.Name]
	v := "v." + g.Name
	if word := p.recordWord(f.Type); word != "" {
		p.printf("if %s != nil {\nc.Record = to%sRecord(%s)\n}\n", v, word, v)
		return
	}
	if word := p.recordSetWord(f.Type); word != "" {
		p.printf("if %[1]s != nil {\nfor _, r := range %[1]s.%[2]sRecord {\nc.Records = append(c.Records, to%[2]sRecord(r))\n}\n}\n", v, word)
		return
	}
	if f.Type == "GUIDSetType" {
		p.printf("if %[1]s != nil {\nfor _, id := range %[1]s.SourcedId {\nc.IDs = append(c.IDs, lis.SourcedID(id))\n}\n}\n", v)
		return
	}
	w := p.callField(f)
	p.convert("c."+w.Name, w.Type, v, g.Type, f)
}

func (p *pkg) writeParameter(t *complexType, f field) {
	g := p.structs[goName(t.Name)][f.Name]
	v := "v." + g.Name
	if word := p.recordWord(f.Type); word != "" {
		p.printf("if c.Record != nil {\n%s = from%sRecord(c.Record)\n}\n", v, word)
		return
	}
	if word := p.recordSetWord(f.Type); word != "" {
		p.printf("%[1]s = new(%[2]s)\nfor _, r := range c.Records {\n%[1]s.%[3]sRecord = append(%[1]s.%[3]sRecord, from%[3]sRecord(r))\n}\n", v, g.Type[1:], word)
		return
	}
	if f.Type == "GUIDSetType" {
		p.printf("%[1]s = new(GUIDSetType)\nfor _, id := range c.IDs {\n%[1]s.SourcedId = append(%[1]s.SourcedId, string(id))\n}\n", v)
		return
	}
	w := p.callField(f)
	p.convertBack(v, g.Type, "c."+w.Name, w.Type, f)
}

// callField finds the field of lis.Call for a parameter.
func (p *pkg) callField(f field) reflect.StructField {
	name := callFields[f.Name]
	if name == "" && f.Type == "GUIDType" {
		name = "Of"
	}
	w, ok := reflect.TypeOf(lis.Call{}).FieldByName(name)
	if !ok {
		p.failf("lis.Call has no field for parameter %s of type %s", f.Name, f.Type)
	}
	return w
}

// recordWord returns the lis type of a record type, or "".
func (p *pkg) recordWord(name string) string {
	if t := p.Contract.byName[name]; t != nil {
		return p.recordOf(t)
	}
	return ""
}

// recordSetWord returns the lis type of the records of a set, or "".
func (p *pkg) recordSetWord(name string) string {
	if !strings.HasSuffix(name, "RecordSetType") {
		return ""
	}
	return p.recordWord(p.Contract.byName[name].Fields[0].Type)
}
