package wire

import "slices"

// A SOAPVersion is 1.1 or 1.2, by the namespace of the envelope.
type SOAPVersion string

// The two versions of SOAP.
const (
	SOAP11 SOAPVersion = "http://schemas.xmlsoap.org/soap/envelope/"
	SOAP12 SOAPVersion = "http://www.w3.org/2003/05/soap-envelope"
)

// ContentType is the media type of a message in this version.
func (v SOAPVersion) ContentType() string {
	if v == SOAP12 {
		return "application/soap+xml; charset=utf-8"
	}
	return "text/xml; charset=utf-8"
}

// An EnvelopeError says that a document is not a SOAP message. Code is the
// fault code of SOAP 1.1 that answers it.
type EnvelopeError struct {
	Code string // Client, VersionMismatch, MustUnderstand
	Text string
}

// Error returns the text.
func (e *EnvelopeError) Error() string { return e.Text }

// OpenEnvelope reads up to the first child of the body and enters it. It
// gives each header block to header, which reads it whole, or returns false
// without having read anything; a block that nobody understands but must is
// an error (SOAP 1.1 section 4.2.3, SOAP 1.2 part 1 section 5.2.3).
func (d *Decoder) OpenEnvelope(header func() bool) (SOAPVersion, bool) {
	if !d.Root() {
		return "", false
	}
	version := SOAPVersion(d.space)
	if d.Local() != "Envelope" {
		return "", d.notSOAP("Client", "the root element is "+clip(d.Local())+", not a SOAP Envelope")
	}
	if version != SOAP11 && version != SOAP12 {
		return "", d.notSOAP("VersionMismatch", "the Envelope is in namespace "+clip(d.space)+", which is neither SOAP 1.1 nor 1.2")
	}
	if !d.Child() {
		return version, d.notSOAP("Client", "the Envelope is empty")
	}
	if d.Local() == "Header" && d.space == string(version) {
		for d.Child() {
			if !d.block(version, header) {
				return version, false
			}
		}
		if d.err != nil || !d.Child() {
			return version, d.notSOAP("Client", "the Envelope has no Body")
		}
	}
	if d.Local() != "Body" || d.space != string(version) {
		return version, d.notSOAP("Client", "the Envelope has "+clip(d.Local())+" where its Body is due")
	}
	if !d.Child() {
		return version, d.notSOAP("Client", "the Body is empty")
	}
	return version, true
}

// block gives one header block to header, or passes over it, as it does over
// one that is for another node.
func (d *Decoder) block(version SOAPVersion, header func() bool) bool {
	name := d.Local()
	ours, must := d.addressed(version)
	switch {
	case ours && header():
		return d.err == nil
	case ours && must:
		return d.notSOAP("MustUnderstand", "the header block "+clip(name)+" must be understood, and is not")
	}
	d.Skip()
	return d.err == nil
}

// addressed reports whether the current header block is for us, and whether
// it must be understood.
func (d *Decoder) addressed(version SOAPVersion) (ours, must bool) {
	ours = true
	for _, a := range d.attrs {
		if a.Space != string(version) {
			continue
		}
		switch a.Local {
		case "mustUnderstand":
			must = a.Value == "1" || a.Value == "true"
		case "actor", "role":
			ours = slices.Contains(ourRoles, a.Value)
		}
	}
	return ours, must
}

// ourRoles are the actors and roles that the receiver of a message plays.
var ourRoles = []string{
	"", "http://schemas.xmlsoap.org/soap/actor/next",
	"http://www.w3.org/2003/05/soap-envelope/role/next",
	"http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
}

// CloseEnvelope reads the rest of a message whose first body child has been
// read: there may be no second one, and nothing after the envelope.
func (d *Decoder) CloseEnvelope() bool {
	if d.Child() {
		return d.notSOAP("Client", "the Body has a second child, "+clip(d.Local()))
	}
	if d.Child() {
		return d.notSOAP("Client", "the Envelope has "+clip(d.Local())+" after its Body")
	}
	return d.End()
}

func (d *Decoder) notSOAP(code, text string) bool {
	d.Fail(&EnvelopeError{code, text})
	return false
}

// OpenEnvelope writes the beginning of a message; header writes its blocks.
func (w *Writer) OpenEnvelope(version SOAPVersion, header func()) {
	w.Raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<soapenv:Envelope xmlns:soapenv="`)
	w.Raw(string(version))
	w.Raw(`"><soapenv:Header>`)
	header()
	w.Raw(`</soapenv:Header><soapenv:Body>`)
}

// CloseEnvelope writes the end of a message.
func (w *Writer) CloseEnvelope() { w.Raw(`</soapenv:Body></soapenv:Envelope>`) }
