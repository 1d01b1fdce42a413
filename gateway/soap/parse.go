package soap

import (
	"bytes"
	"fmt"
	"strings"

	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// Parsed is a LIS document read for people rather than carried out.
type Parsed struct {
	Kind       string // envelope, body, bulk, response, fault
	SOAP       wire.SOAPVersion
	Header     wire.RequestHeader
	Service    lis.Service
	Operation  string
	Call       *lis.Call   // of a request
	Answer     *lis.Answer // of a response
	Status     *lis.Status // of a response
	Fault      string      // of a fault
	Deviations []wire.Deviation
}

// Parse reads an envelope with a request, a response or a fault, or a bare
// body element, as leniently as can be. Of a bulk file it tells only that it
// is one; see ReadBulk.
func Parse(text []byte, limits wire.Limits) (*Parsed, error) {
	text, err := toUTF8(text, "")
	if err != nil {
		return nil, err
	}
	p := &Parsed{Kind: "body"}
	d := wire.NewDecoder(string(text), limits, wire.Everything)
	if !d.Root() {
		return nil, d.Err()
	}
	switch d.Local() {
	case "bulkDataRecord":
		p.Kind = "bulk"
		return p, nil
	case "Envelope":
		d = wire.NewDecoder(string(text), limits, wire.Everything)
		err = p.envelope(d)
	default:
		err = p.element(d)
		if err == nil && !d.End() {
			err = d.Err()
		}
	}
	p.Deviations = d.Deviations()
	return p, err
}

// envelope reads a SOAP message.
func (p *Parsed) envelope(d *wire.Decoder) error {
	p.Kind = "envelope"
	var response wire.ResponseHeader
	version, ok := d.OpenEnvelope(func() bool {
		switch d.Local() {
		case wire.RequestHeaderElement:
			p.Header.ReadXML(d)
		case wire.ResponseHeaderElement:
			response.ReadXML(d)
			p.Kind, p.Status = "response", &response.Status
			p.Header.MessageID = response.MessageID
		default:
			d.Skip() // nothing is carried out, so nothing must be understood
		}
		return true
	})
	if p.SOAP = version; !ok {
		return d.Err()
	}
	if d.Local() == "Fault" && d.Space() == string(version) {
		p.Kind = "fault"
		p.Fault = faultText(d)
	} else if err := p.element(d); err != nil {
		return err
	}
	d.CloseEnvelope()
	return d.Err()
}

// faultText puts the texts of a fault together.
func faultText(d *wire.Decoder) string {
	var parts []string
	for d.Child() {
		if text := d.TextOrChild(func() { parts = append(parts, deepText(d)) }); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ": ")
}

func deepText(d *wire.Decoder) string {
	var inner []string
	text := d.TextOrChild(func() { inner = append(inner, deepText(d)) })
	return strings.TrimSpace(text + " " + strings.Join(inner, " "))
}

// element reads the element of an operation.
func (p *Parsed) element(d *wire.Decoder) error {
	name, isResponse := strings.CutSuffix(d.Local(), "Response")
	element := d.Local()
	if isResponse {
		element = name + "Request"
	}
	op, ok := operations[element]
	if !ok && isResponse && p.Status != nil { // its status says all
		p.Operation = name
		d.Skip()
		return d.Err()
	}
	if !ok {
		return fmt.Errorf("%s is no operation of LIS; an operation is called by an element such as readPersonRequest", clip(d.Local()))
	}
	p.Operation, p.Service = op.Name, op.meaning.Service
	d.Expect(namespaces[p.Service], allNamespaces)
	d.CheckNamespace()
	if isResponse {
		p.Answer = &lis.Answer{}
		op.ReadAnswer(d, p.Answer)
	} else {
		p.Call = &lis.Call{Operation: op.Name}
		op.ReadCall(d, p.Call)
	}
	return d.Err()
}

// Wrap puts a bare body element of a service into an envelope with a header.
func Wrap(service lis.Service, body []byte, messageID string) []byte {
	head := wire.RequestHeader{MessageID: messageID}
	var x wire.Writer
	x.OpenEnvelope(wire.SOAP11, func() { head.WriteXML(&x, namespaces[service]) })
	x.Buf = append(x.Buf, withoutDeclaration(body)...)
	x.CloseEnvelope()
	return x.Buf
}

// withoutDeclaration takes a byte order mark and an XML declaration away.
func withoutDeclaration(body []byte) []byte {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if _, rest, ok := bytes.Cut(body, []byte("?>")); ok && bytes.HasPrefix(body, []byte("<?xml ")) {
		return rest
	}
	return body
}
