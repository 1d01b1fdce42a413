package soap

import (
	"crypto/sha256"
	"net/http"
	"strings"
	"time"

	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/wire"
)

// A message is one request on its way through the door.
type message struct {
	door    *Door
	service string // by the path
	start   time.Time

	version wire.SOAPVersion
	action  string // SOAPAction, or action of SOAP 1.2
	body    []byte
	dec     *wire.Decoder

	hasHeader   bool
	header      wire.RequestHeader
	headerSpace string
	token       *guard.UsernameToken
	addressing  addressing

	caller guard.Caller
	op     *operation // nil when no LIS service has it
	space  string     // namespace of the answer
	name   string     // of the operation, as it was asked for
	call   lis.Call
	hash   [sha256.Size]byte
}

// serveMessage takes a LIS message, has it carried out and answers.
func (d *Door) serveMessage(w http.ResponseWriter, r *http.Request, service string) {
	m := &message{door: d, service: service, start: d.Now(), version: wire.SOAP11}
	if service == string(lis.BDEMS) && strings.HasSuffix(r.URL.Path, "/file") && d.Bulk != nil {
		d.serveImport(w, r, m)
		return
	}
	err := m.read(r)
	if err != nil && m.op == nil && m.space == "" {
		d.fault(w, m, err)
		return
	}
	var answer *lis.Answer
	switch {
	case err != nil:
		if answer = d.refuse(r, m, err); answer == nil {
			d.fault(w, m, err)
			return
		}
	case m.op == nil:
		answer = d.unsupported(m)
	default:
		answer = d.Registrar.Do(r.Context(), m.request())
	}
	d.answer(w, m, answer)
}

// read reads the request up to its end.
func (m *message) read(r *http.Request) error {
	visitor, err := m.door.Guard.Identify(r)
	if err != nil {
		return err
	}
	version, charset, action, err := mediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	m.version, m.action = version, strings.Trim(r.Header.Get("SOAPAction"), `"`)
	if action != "" {
		m.action = action
	}
	if m.body, err = m.door.readBody(r, charset); err != nil {
		return err
	}
	m.dec = wire.NewDecoder(string(m.body), m.door.Limits, wire.Everything)
	version, ok := m.dec.OpenEnvelope(m.headerBlock)
	if version == wire.SOAP11 || version == wire.SOAP12 {
		m.version = version
	}
	if !ok {
		return m.dec.Err()
	}
	if m.caller, err = visitor.Admit(r.Context(), m.body, m.token); err != nil {
		return err
	}
	return m.readCall()
}

// headerBlock reads one block of the SOAP header.
func (m *message) headerBlock() bool {
	switch {
	case m.dec.Local() == wire.RequestHeaderElement && !m.hasHeader:
		m.hasHeader, m.headerSpace = true, m.dec.Space()
		m.header.ReadXML(m.dec)
	case m.dec.Space() == wsse && m.dec.Local() == "Security":
		m.token = readSecurity(m.dec)
	case m.dec.Space() == wsa:
		m.addressing.read(m.dec)
	default:
		return false
	}
	return true
}

// readCall reads the child of the body into a call, by the caller's profile.
func (m *message) readCall() error {
	element, space := m.dec.Local(), m.dec.Space()
	if m.addressing.refused != "" {
		return &wire.EnvelopeError{Code: "Client", Text: "the " + m.addressing.refused +
			" of WS-Addressing is not the anonymous address; answers go back on the connection only"}
	}
	if err := m.dispatch(element, space); err != nil || m.op == nil {
		return err
	}
	if err := m.door.Guard.Allow(m.caller, m.op.meaning.Service, m.op.Name); err != nil {
		return err
	}
	begin := m.dec.TagStart()
	m.dec.SetRules(rulesOf(m.caller.Profile))
	m.dec.Expect(m.space, allNamespaces)
	m.dec.CheckNamespace()
	m.checkHeader()
	m.call.Operation = m.op.Name
	m.op.ReadCall(m.dec, &m.call)
	if err := m.dec.Err(); err != nil {
		return err
	}
	m.sum(m.dec.Slice(begin, m.dec.Pos()))
	if !m.dec.CloseEnvelope() {
		return m.dec.Err()
	}
	return nil
}

// dispatch finds the operation by the qualified name of the body's child, and
// holds the SOAPAction against it.
func (m *message) dispatch(element, space string) error {
	op := m.door.operations[element]
	name, isRequest := strings.CutSuffix(element, "Request")
	switch {
	case op == nil && isRequest && isLIS(space):
		m.name, m.space = name, space
		return nil
	case op == nil:
		return &wire.EnvelopeError{Code: "Client", Text: "the Body holds " + clip(element) +
			", which is no operation of LIS; an operation is called by an element such as readPersonRequest"}
	case !m.actionFits(name, op):
		return &wire.EnvelopeError{Code: "Client", Text: "the SOAPAction " + clip(m.action) +
			" is for another operation than the Body, " + name}
	}
	m.name, m.space = op.Name, namespaces[op.meaning.Service]
	if m.service == anyService || m.service == string(op.meaning.Service) {
		m.op = op
	}
	return nil
}

func isLIS(space string) bool {
	for _, known := range allNamespaces {
		if space == known {
			return true
		}
	}
	return false
}

// actionFits reports whether the SOAPAction names the operation: it may be
// empty, and peers write another base before the name.
func (m *message) actionFits(name string, op *operation) bool {
	action := m.action
	if action == "" || action == op.Action {
		return true
	}
	if i := strings.LastIndexAny(action, "/#:"); i >= 0 {
		action = action[i+1:]
	}
	action = strings.TrimSuffix(action, "Request")
	return (action == name || action == op.Name) && m.dec.Note(wire.Action, clip(m.action))
}

// checkHeader notes what is off with the header block of LIS.
func (m *message) checkHeader() {
	switch {
	case !m.hasHeader:
		if !m.dec.Note(wire.NoHeader, "") {
			m.dec.Fail(&wire.EnvelopeError{Code: "Client", Text: "the Header has no " + wire.RequestHeaderElement})
		}
	case m.headerSpace != m.space:
		rule := wire.ForeignNamespace
		if m.headerSpace == "" {
			rule = wire.NoNamespace
		} else if isLIS(m.headerSpace) {
			rule = wire.MixedNamespace
		}
		if !m.dec.Note(rule, wire.RequestHeaderElement) {
			m.dec.Fail(&wire.DataError{Path: wire.RequestHeaderElement, Text: "the element is not in the namespace " + m.space})
		}
	}
	if m.op.old && !m.dec.Note(wire.OldOperation, m.op.Old) {
		m.dec.Fail(&wire.DataError{Path: m.op.Old, Text: "the operation is called " + m.op.Name})
	}
}

// sum makes the hash by which a repeated request is known: of the caller, the
// operation and the body element, not of the header, whose message
// identifier proves nothing.
func (m *message) sum(element string) {
	h := sha256.New()
	h.Write([]byte(m.caller.Name + "\x00" + m.op.Name + "\x00"))
	h.Write([]byte(element))
	h.Sum(m.hash[:0])
}

// request is the message as the registrar takes it.
func (m *message) request() *registrar.Request {
	q := &registrar.Request{Call: &m.call, Caller: m.caller.Name, MessageID: m.header.MessageID, Hash: m.hash[:], Body: m.body}
	for _, v := range m.dec.Deviations() {
		q.Deviations = append(q.Deviations, v.String())
	}
	return q
}

// clip shortens what is quoted from a message.
func clip(s string) string {
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}
