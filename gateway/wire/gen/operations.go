package main

import "bytes"

// operations writes the table of operations with the four functions of each.
func (p *pkg) operations() []byte {
	p.b.Reset()
	header(&p.b, p.Service, "", "lisgate/gateway/lis", "lisgate/gateway/wire")
	p.printf("// Operations is the table of the operations of the service.\nvar Operations = []wire.Operation{\n")
	for _, op := range p.Contract.Operations {
		p.printf("{\nName: %q, PortType: %q,\n", op.Name, op.PortType)
		if old := oldNames[op.Name]; old != "" {
			p.printf("Old: %q,\n", old)
		}
		p.printf("Action: %q,\nRequest: %q, Response: %q,\n", op.Action, op.Name+"Request", op.Name+"Response")
		p.printf("ReadCall: read%[1]sCall, WriteCall: write%[1]sCall,\nReadAnswer: read%[1]sAnswer, WriteAnswer: write%[1]sAnswer,\n},\n", goName(op.Name))
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
