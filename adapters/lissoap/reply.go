package lissoap

import (
	"strings"
	"time"

	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// A Reply is what came back for an envelope.
type Reply struct {
	HTTPStatus  int
	ContentType string
	RetryAfter  time.Duration        // 0 when the peer does not say, and at least a second when it does
	Version     wire.SOAPVersion     // "" when it is no SOAP
	Header      *wire.ResponseHeader // nil when there is none
	Element     string               // first child of the body
	Operation   string               // whose response it is, "" for none of LIS
	Fault       *Fault
	Text        string // all of it

	location  string
	malformed error // why it is no SOAP message
}

// Err says why the reply is no success, nil when it is one, whichever
// operation was meant. It is an *adapters.Error.
func (r *Reply) Err() error {
	op := operations[r.Operation]
	if op == nil {
		op = &operation{Operation: wire.Operation{Response: "the response of an operation"}}
	}
	return classed(r.failure("", op, r.Operation != ""))
}

// failure says why a reply is no success for an operation, nil when it is
// one. matched tells that its body is the response; shrug is what the peer
// answers to an operation that it does not know.
func (r *Reply) failure(shrug string, op *operation, matched bool) error {
	switch st := r.Status(); {
	case decidesAlone(r.HTTPStatus):
		return r.httpError()
	case r.Fault != nil:
		return r.Fault
	case st.CodeMajor != "" && !st.OK():
		return &StatusError{st}
	case r.HTTPStatus/100 != 2:
		return r.httpError()
	case shrug != "" && strings.TrimSpace(r.Text) == shrug:
		return &StatusError{lis.Status{CodeMajor: lis.Unsupported, CodeMinor: lis.UnsupportedLISOperation, Description: shrug}}
	case r.malformed != nil:
		return r.notLIS(r.malformed.Error())
	case !matched:
		return r.notLIS("the answer is " + peer.Clip(r.Element) + ", not " + op.Response)
	case r.Header == nil:
		return r.notLIS("the answer has no " + wire.ResponseHeaderElement)
	case st.CodeMajor == "":
		return r.notLIS("the answer has no imsx_codeMajor")
	}
	return nil
}

// parse reads the envelope; body reads or skips the first child of its body.
func (r *Reply) parse(limits wire.Limits, body func(*wire.Decoder)) {
	// How a peer spells its answers harms nobody: all deviations are taken.
	d := wire.NewDecoder(r.Text, limits, wire.Everything)
	version, ok := d.OpenEnvelope(func() bool { return r.block(d) })
	if r.Version = version; ok {
		r.Element = d.Local()
		if r.Element == "Fault" && d.Space() == string(version) {
			r.Fault = readFault(d)
		} else {
			r.Operation = operationOf(r.Element)
			body(d)
		}
		d.CloseEnvelope()
	}
	r.malformed = d.Err()
}

// block reads a header block. Those of WS-Security and WS-Addressing, which
// .NET peers mark mustUnderstand, tell us nothing that we need.
func (r *Reply) block(d *wire.Decoder) bool {
	switch {
	case d.Local() == wire.ResponseHeaderElement:
		r.Header = new(wire.ResponseHeader)
		r.Header.ReadXML(d)
	case d.Space() == wsseNamespace || strings.Contains(d.Space(), "/addressing"):
		d.Skip()
	default:
		return false
	}
	return true
}

func operationOf(response string) string {
	name, _ := strings.CutSuffix(response, "Response")
	if op := requests[name+"Request"]; op != nil && name != response {
		return op.Name
	}
	return ""
}

// readFault reads a fault of either version (SOAP 1.1 section 4.4, SOAP 1.2
// part 1 section 5.4).
func readFault(d *wire.Decoder) *Fault {
	f := new(Fault)
	for d.Child() {
		switch d.Local() {
		case "faultcode":
			f.Code = localName(d.Text())
		case "faultstring":
			f.Text = strings.TrimSpace(d.Text())
		case "Code":
			f.readCode(d)
		case "Reason":
			f.readReason(d)
		default:
			d.Skip()
		}
	}
	return f
}

func (f *Fault) readCode(d *wire.Decoder) {
	for d.Child() {
		switch d.Local() {
		case "Value":
			f.Code = localName(d.Text())
		case "Subcode":
			for d.Child() {
				if d.Local() == "Value" {
					f.Subcode = localName(d.Text())
				} else {
					d.Skip()
				}
			}
		default:
			d.Skip()
		}
	}
}

// readReason takes the first text; others say the same in other languages.
func (f *Fault) readReason(d *wire.Decoder) {
	for d.Child() {
		if text := strings.TrimSpace(d.Text()); f.Text == "" {
			f.Text = text
		}
	}
}

func localName(qname string) string {
	qname = strings.TrimSpace(qname)
	return qname[strings.LastIndexByte(qname, ':')+1:]
}

func (r *Reply) httpError() error {
	text := r.Text
	if r.Fault != nil {
		text = r.Fault.Error()
	}
	return &HTTPError{Status: r.HTTPStatus, RetryAfter: r.RetryAfter, Location: r.location, Text: peer.Clip(text)}
}

func (r *Reply) notLIS(reason string) error {
	if strings.TrimSpace(r.Text) == "" {
		reason = "it is empty"
	}
	return &NotLISError{Reason: reason, ContentType: r.ContentType, Text: peer.Clip(r.Text)}
}

// Status returns the status that the reply has in its header.
func (r *Reply) Status() lis.Status {
	if r.Header == nil {
		return lis.Status{}
	}
	return r.Header.Status
}
