package soap

import (
	"errors"
	"net/http"
	"strconv"

	"go.uber.org/zap"

	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// fault answers with a SOAP fault.
func (d *Door) fault(w http.ResponseWriter, m *message, err error) {
	var limit *wire.LimitError
	if errors.As(err, &limit) {
		d.Observer.OverLimit(limit.Limit)
	}
	var denied *guard.Error
	if errors.As(err, &denied) {
		denied.SetHeaders(w.Header())
		d.Log.Warn("caller refused", zap.String("peer", m.peer), zap.Error(denied))
	}
	code, status := faultOf(err, m.version)
	d.writeFault(w, m, code, status, forCaller(err))
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
		if status = denied.Status; status >= http.StatusInternalServerError {
			code = "Server"
		}
	case errors.As(err, &limit) && (limit.Limit == "message_bytes" || limit.Limit == "bulk_bytes"):
		status = http.StatusRequestEntityTooLarge
	case errors.As(err, &envelope) && envelope.Code != "Client":
		code, status = envelope.Code, http.StatusInternalServerError
	}
	return code, status
}

// busy tells the caller to send again later. LIS says so with a status too,
// but what counts for those between is that of HTTP.
func (d *Door) busy(w http.ResponseWriter, m *message, why string) {
	w.Header().Set("Retry-After", "5")
	d.writeFault(w, m, "Server", http.StatusServiceUnavailable, string(lis.TargetIsBusy)+": "+why)
}

// faultCodes12 are the codes of SOAP 1.2 for those of SOAP 1.1.
var faultCodes12 = map[string]string{"Client": "Sender", "Server": "Receiver"}

func (d *Door) writeFault(w http.ResponseWriter, m *message, code string, status int, text string) {
	d.Observer.Faulted(code)
	var x wire.Writer
	x.OpenEnvelope(m.version, func() { m.addressing.write(&x, wsa+"/fault", d.newID()) })
	x.Raw("<soapenv:Fault>")
	if m.version == wire.SOAP12 {
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
	d.extend(w)
	w.Header().Set("Content-Type", m.version.ContentType())
	w.Header().Set("Content-Length", strconv.Itoa(len(x.Buf)))
	w.WriteHeader(status)
	// An answer that the client does not take is no trouble of ours.
	_, _ = w.Write(x.Buf)
}
