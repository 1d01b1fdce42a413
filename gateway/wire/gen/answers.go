package main

import "fmt"

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
		return setOut(f.Name, "len(a.Codes) > 0", "a.Codes", "replaceStatusCode", "fromReplaceStatusCodeType")
	case "SupportedServicesType":
		return setOut(f.Name, "a.Services != nil", "a.Services", "supportedService", "fromSupportedServiceType")
	}
	p.failf("lis.Answer has no field for %s of type %s", f.Name, f.Type)
	return ""
}

func setOut(set, condition, src, item, from string) string {
	return fmt.Sprintf("if %[5]s {\nw.Open(%[1]q)\nfor i := range %[2]s {\nw.Open(%[3]q)\n%[4]s(&%[2]s[i]).EncodeXML(w)\nw.Close(%[3]q)\n}\nw.Close(%[1]q)\n}\n",
		set, src, item, from, condition)
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
		return fmt.Sprintf("if %[1]s != nil {\na.Services = []lis.SupportedService{}\nfor _, c := range %[1]s.SupportedService {\na.Services = append(a.Services, *toSupportedServiceType(c))\n}\n}\n", v)
	}
	return ""
}
