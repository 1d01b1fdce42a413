package soap

import (
	"crypto/sha256"
	"errors"
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
	peer    string // address of who sent it, for the log
	start   time.Time

	media
	body []byte // in UTF-8
	dec  *wire.Decoder

	hasHeader   bool
	header      wire.RequestHeader
	headerSpace string
	hasSecurity bool
	token       *guard.UsernameToken
	addressing  addressing

	caller guard.Caller
	op     *operation // nil when no LIS service has it
	asked  lis.Service
	space  string // namespace of the answer
	name   string // of the operation, as it was asked for; "" until it is known
	call   lis.Call
	hash   []byte // nil until the whole message has been read
}

// serveMessage takes a LIS message, has it carried out and answers.
func (d *Door) serveMessage(w http.ResponseWriter, r *http.Request, service string) {
	m := &message{door: d, service: service, peer: r.RemoteAddr, start: d.Now(), media: media{version: wire.SOAP11}}
	var answer *lis.Answer
	err := m.read(r)
	if err == nil {
		answer = d.Registrar.Do(r.Context(), m.request())
	} else if answer, err = d.refuse(r.Context(), m, err); err != nil {
		d.fault(w, m, err)
		return
	}
	d.answer(w, r, m, answer)
}

// read reads the request up to its end.
func (m *message) read(r *http.Request) (err error) {
	if m.media, err = mediaOf(r.Header); err != nil {
		return err
	}
	visitor, err := m.door.Guard.Identify(r)
	if err != nil {
		return err
	}
	asItCame, err := m.door.readBody(r)
	if err != nil {
		return err
	}
	if m.body, err = toUTF8(asItCame, m.charset); err != nil {
		return err
	}
	if err = m.open(); err != nil {
		return err
	}
	if m.caller, err = visitor.Admit(r.Context(), asItCame, m.token); err != nil {
		return err
	}
	return m.readCall()
}

// open reads up to the child of the body.
func (m *message) open() error {
	m.dec = wire.NewDecoder(view(m.body), m.door.Limits, wire.Everything)
	version, ok := m.dec.OpenEnvelope(m.headerBlock)
	var unknown *wire.EnvelopeError
	switch {
	case version != "":
		m.version = version
	case errors.As(m.dec.Err(), &unknown) && unknown.Code == "VersionMismatch":
		m.version = wire.SOAP11 // the version that everybody reads
	}
	if !ok {
		return m.dec.Err()
	}
	return nil
}

// headerBlock reads one block of the SOAP header.
func (m *message) headerBlock() bool {
	switch {
	case m.dec.Local() == wire.RequestHeaderElement && !m.hasHeader:
		m.hasHeader, m.headerSpace = true, m.dec.Space()
		m.header.ReadXML(m.dec)
	case m.dec.Space() == wsse && m.dec.Local() == "Security":
		m.readSecurity()
	case m.dec.Space() == wsa:
		m.addressing.read(m.dec)
	default:
		return false
	}
	return true
}

// sum makes the hash by which a repeated request is known: of the caller, the
// operation and the body element, not of the header, whose message
// identifier proves nothing.
func (m *message) sum(element string) {
	h := sha256.New()
	h.Write([]byte(m.caller.Name + "\x00" + m.op.Name + "\x00"))
	h.Write([]byte(element))
	m.hash = h.Sum(nil)
}

// request is the message as the registrar takes it.
func (m *message) request() *registrar.Request {
	q := &registrar.Request{Call: &m.call, Caller: m.caller.Name, MessageID: m.header.MessageID, Hash: m.hash, Body: m.body}
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
