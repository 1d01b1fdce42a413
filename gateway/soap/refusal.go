package soap

import (
	"errors"
	"net/http"

	"go.uber.org/zap"

	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// refuse answers a LIS request that could not be read or is not allowed. It
// returns nil when the trouble is one for a fault.
func (d *Door) refuse(r *http.Request, m *message, err error) *lis.Answer {
	if m.op == nil {
		return nil
	}
	var data *wire.DataError
	var denied *guard.Error
	situation := lis.Invalid
	switch {
	case errors.As(err, &data) && data.Absent:
		situation = lis.Incomplete
	case errors.As(err, &data):
	case errors.As(err, &denied) && denied.Status == http.StatusForbidden:
		situation = lis.NotAllowed
	default:
		return nil
	}
	m.call.Operation = m.op.Name
	return d.Registrar.Refuse(r.Context(), m.request(), lis.StatusOf(situation, m.op.meaning.Service, forCaller(err)))
}

// unsupported answers an operation that the service at this path has not.
func (d *Door) unsupported(m *message) *lis.Answer {
	text := "LIS has no operation " + m.name
	if op, ok := lis.OperationNamed(m.name); ok {
		text = m.name + " is an operation of another service; send it to /lis/" + string(op.Service)
	}
	return &lis.Answer{Status: lis.StatusOf(lis.NotOffered, "", text)}
}

// faultOf says with which fault code and HTTP status an error is answered.
// Codes are those of SOAP 1.1.
func faultOf(err error, version wire.SOAPVersion) (code string, status int) {
	var transport *transportError
	var limit *wire.LimitError
	var envelope *wire.EnvelopeError
	var denied *guard.Error
	code, status = "Client", http.StatusInternalServerError
	if version == wire.SOAP12 {
		status = http.StatusBadRequest
	}
	switch {
	case errors.As(err, &transport):
		status = transport.status
	case errors.As(err, &denied):
		status = denied.Status
	case errors.As(err, &limit):
		if limit.Limit == "message_bytes" {
			status = http.StatusRequestEntityTooLarge
		}
	case errors.As(err, &envelope):
		if code = envelope.Code; code != "Client" {
			status = http.StatusInternalServerError
		}
	}
	return code, status
}

// fault answers with a SOAP fault.
func (d *Door) fault(w http.ResponseWriter, m *message, err error) {
	code, status := faultOf(err, m.version)
	var limit *wire.LimitError
	if errors.As(err, &limit) {
		d.Observer.OverLimit(limit.Limit)
	}
	var denied *guard.Error
	if errors.As(err, &denied) {
		denied.SetHeaders(w.Header())
		d.Log.Warn("caller refused", zap.Error(denied))
	}
	d.Observer.Faulted(code)
	d.writeFault(w, m.version, code, status, forCaller(err))
}

// forCaller is the text of an error without what is only for the log.
func forCaller(err error) string {
	var denied *guard.Error
	if errors.As(err, &denied) {
		return denied.Message
	}
	return err.Error()
}

// faultCodes12 are the codes of SOAP 1.2 for those of SOAP 1.1.
var faultCodes12 = map[string]string{"Client": "Sender", "Server": "Receiver"}

func (d *Door) writeFault(w http.ResponseWriter, version wire.SOAPVersion, code string, status int, text string) {
	var x wire.Writer
	x.OpenEnvelope(version, func() {})
	x.Raw("<soapenv:Fault>")
	if version == wire.SOAP12 {
		if c := faultCodes12[code]; c != "" {
			code = c
		}
		x.Raw("<soapenv:Code><soapenv:Value>soapenv:" + code + "</soapenv:Value></soapenv:Code>")
		x.Raw(`<soapenv:Reason><soapenv:Text xml:lang="en">`)
		x.Text(text)
		x.Raw("</soapenv:Text></soapenv:Reason>")
	} else {
		x.Raw("<faultcode>soapenv:" + code + "</faultcode>")
		x.Leaf("faultstring", text)
	}
	x.Raw("</soapenv:Fault>")
	x.CloseEnvelope()
	w.Header().Set("Content-Type", version.ContentType())
	w.WriteHeader(status)
	w.Write(x.Buf)
}
