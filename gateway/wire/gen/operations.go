package main

import (
	"bytes"
	"fmt"
	"log"
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

// operations writes the table of operations with the four functions of each.
func (p *pkg) operations() []byte {
	p.b.Reset()
	header(&p.b, p.Service, "lisgate/gateway/lis", "lisgate/gateway/wire")
	p.printf("// Operations is the table of the operations of the service.\nvar Operations = []wire.Operation{\n")
	for _, op := range p.Contract.Operations {
		p.printf("{Name: %q, Old: %q, PortType: %q, Action: %q, Request: %q, Response: %q, ", op.Name, oldNames[op.Name], op.PortType,
			op.Action, op.Name+"Request", op.Name+"Response")
		p.printf("ReadCall: read%sCall, WriteCall: write%sCall, ReadAnswer: read%sAnswer, WriteAnswer: write%sAnswer},\n",
			goName(op.Name), goName(op.Name), goName(op.Name), goName(op.Name))
	}
	p.printf("}\n\n")
	p.recordTable()
	p.messageTable()
	for _, op := range p.Contract.Operations {
		p.call(op)
		p.answer(op)
	}
	return bytes.Clone(p.b.Bytes())
}

// recordTable writes the codecs of single records, for bulk files.
func (p *pkg) recordTable() {
	p.printf("// Records are the codecs of the service's records.\nvar Records = []wire.RecordCodec{\n")
	for _, t := range p.Contract.Types {
		word := p.recordOf(t)
		if word == "" {
			continue
		}
		p.printf("{Kind: lis.Kind%s, Element: %q,\n", word, lower(word)+"Record")
		p.printf("Read: func(d *wire.Decoder) *lis.Record {\nvar v %[1]s\nv.DecodeXML(d)\nreturn to%[2]sRecord(&v)\n},\n", goName(t.Name), word)
		p.printf("Write: func(w *wire.Writer, r *lis.Record) {\nfrom%sRecord(r).EncodeXML(w)\n}},\n", word)
	}
	p.printf("}\n\n")
}

// messageTable writes a maker for each message, for tests of the codec.
func (p *pkg) messageTable() {
	p.printf("// Messages makes an empty message of each element.\nvar Messages = map[string]func() wire.Message{\n")
	for _, t := range p.Contract.Types {
		if t.Message {
			p.printf("%q: func() wire.Message { return new(%s) },\n", t.Name, goName(t.Name))
		}
	}
	p.printf("}\n\n")
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
	w := callField(f)
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
	w := callField(f)
	p.convertBack(v, g.Type, "c."+w.Name, w.Type, f)
}

// callField finds the field of lis.Call for a parameter.
func callField(f field) reflect.StructField {
	name := callFields[f.Name]
	if name == "" && f.Type == "GUIDType" {
		name = "Of"
	}
	w, ok := reflect.TypeOf(lis.Call{}).FieldByName(name)
	if !ok {
		log.Fatalf("gen: lis.Call has no field for parameter %s of type %s", f.Name, f.Type)
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

// answer writes how a response is written from, and read into, a lis.Answer.
// Sets are streamed out.
func (p *pkg) answer(op operation) {
	t := p.Contract.byName[op.Name+"Response"]
	name := goName(op.Name)
	p.printf("func write%sAnswer(w *wire.Writer, a *lis.Answer, flush wire.Flush) error {\n", name)
	for _, f := range t.Fields {
		p.printf("%s", p.answerOut(f))
	}
	p.printf("return nil\n}\n\nfunc read%sAnswer(d *wire.Decoder, a *lis.Answer) {\nvar v %s\nv.DecodeXML(d)\n", name, goName(t.Name))
	for _, f := range t.Fields {
		p.printf("%s", p.answerIn(p.structs[goName(t.Name)][f.Name], f))
	}
	p.printf("}\n\n")
}

func (p *pkg) answerOut(f field) string {
	const fail = "; err != nil {\nreturn err\n}\n"
	if word := p.recordWord(f.Type); word != "" {
		return fmt.Sprintf("if a.Record != nil {\nw.Open(%[1]q)\nfrom%[2]sRecord(a.Record).EncodeXML(w)\nw.Close(%[1]q)\n}\n", f.Name, word)
	}
	if word := p.recordSetWord(f.Type); word != "" {
		item := p.Contract.byName[f.Type].Fields[0].Name
		return fmt.Sprintf("if err := wire.WriteRecords(w, %q, %q, a.Records, func(r *lis.Record) { from%sRecord(r).EncodeXML(w) }, flush)", f.Name, item, word) + fail
	}
	switch f.Type {
	case "GUIDSetType":
		return fmt.Sprintf("if err := wire.WriteIDs(w, %q, a.IDs, flush)", f.Name) + fail
	case "GUIDType":
		return fmt.Sprintf("if a.ID != \"\" {\nw.Leaf(%q, string(a.ID))\n}\n", f.Name)
	case "SequenceIdentifierType":
		return fmt.Sprintf("if a.SavePoint != \"\" {\nw.Leaf(%q, a.SavePoint)\n}\n", f.Name)
	case "PersonCoreType":
		return fmt.Sprintf("if a.Core != nil {\nw.Open(%[1]q)\nfromPersonCoreType(a.Core).EncodeXML(w)\nw.Close(%[1]q)\n}\n", f.Name)
	case "ReplaceStatusCodesType":
		return setOut(f.Name, "a.Codes", "replaceStatusCode", "fromReplaceStatusCodeType")
	case "SupportedServicesType":
		return setOut(f.Name, "a.Services", "supportedService", "fromSupportedServiceType")
	}
	log.Fatalf("gen: lis.Answer has no field for %s of type %s", f.Name, f.Type)
	return ""
}

func setOut(set, src, item, from string) string {
	return fmt.Sprintf("if len(%[2]s) > 0 {\nw.Open(%[1]q)\nfor i := range %[2]s {\nw.Open(%[3]q)\n%[4]s(&%[2]s[i]).EncodeXML(w)\nw.Close(%[3]q)\n}\nw.Close(%[1]q)\n}\n",
		set, src, item, from)
}

func (p *pkg) answerIn(g goField, f field) string {
	v := "v." + g.Name
	if word := p.recordWord(f.Type); word != "" {
		return fmt.Sprintf("if %[1]s != nil {\na.Record = to%[2]sRecord(%[1]s)\n}\n", v, word)
	}
	if word := p.recordSetWord(f.Type); word != "" {
		return fmt.Sprintf("if %[1]s != nil {\nvar records []*lis.Record\nfor _, r := range %[1]s.%[2]sRecord {\nrecords = append(records, to%[2]sRecord(r))\n}\na.Records = lis.Seq(records)\n}\n", v, word)
	}
	switch f.Type {
	case "GUIDSetType":
		return fmt.Sprintf("if %[1]s != nil {\nvar ids []lis.SourcedID\nfor _, id := range %[1]s.SourcedId {\nids = append(ids, lis.SourcedID(id))\n}\na.IDs = lis.Seq(ids)\n}\n", v)
	case "GUIDType":
		return fmt.Sprintf("a.ID = lis.SourcedID(%s)\n", v)
	case "SequenceIdentifierType":
		return fmt.Sprintf("a.SavePoint = %s\n", v)
	case "PersonCoreType":
		return fmt.Sprintf("a.Core = toPersonCoreType(%s)\n", v)
	case "ReplaceStatusCodesType":
		return fmt.Sprintf("if %[1]s != nil {\nfor _, c := range %[1]s.ReplaceStatusCode {\na.Codes = append(a.Codes, *toReplaceStatusCodeType(c))\n}\n}\n", v)
	case "SupportedServicesType":
		return fmt.Sprintf("if %[1]s != nil {\nfor _, c := range %[1]s.SupportedService {\na.Services = append(a.Services, *toSupportedServiceType(c))\n}\n}\n", v)
	}
	return ""
}
