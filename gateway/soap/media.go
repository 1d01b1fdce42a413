package soap

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"lisgate/gateway/wire"
)

// A transportError is what is wrong with a request before its XML is looked at.
type transportError struct {
	status int
	text   string
}

func (e *transportError) Error() string { return e.text }

// A media is what the headers of a request say of its message.
type media struct {
	version wire.SOAPVersion
	charset string
	action  string // SOAPAction
	action2 string // action of SOAP 1.2
}

// mediaOf reads the headers. Two of one kind are refused: what stands between
// the caller and us may have looked at the other one.
func mediaOf(h http.Header) (m media, err error) {
	m.version = wire.SOAP11
	contentType, err := single(h, "Content-Type")
	if err != nil {
		return m, err
	}
	action, err := single(h, "SOAPAction")
	if err != nil {
		return m, err
	}
	m.action = strings.Trim(action, `" `)
	return m, m.read(contentType)
}

func single(h http.Header, name string) (string, error) {
	if len(h.Values(name)) > 1 {
		return "", &transportError{http.StatusBadRequest, "there is more than one " + name + " header; send one"}
	}
	return h.Get(name), nil
}

// mostContentType is how much of a Content-Type is read.
const mostContentType = 1024

// read reads a Content-Type: which SOAP it speaks of, its charset and, for
// SOAP 1.2, its action.
func (m *media) read(contentType string) error {
	name, params, err := mime.ParseMediaType(contentType[:min(len(contentType), mostContentType)])
	switch {
	case err != nil && name == "":
		return &transportError{http.StatusUnsupportedMediaType,
			"there is no readable Content-Type; send text/xml for SOAP 1.1 or application/soap+xml for SOAP 1.2"}
	case name == "application/soap+xml":
		m.version, m.action2 = wire.SOAP12, params["action"]
	case name != "text/xml" && name != "application/xml":
		return &transportError{http.StatusUnsupportedMediaType,
			fmt.Sprintf("the Content-Type %s is not SOAP; send text/xml for SOAP 1.1 or application/soap+xml for SOAP 1.2", clip(name))}
	}
	m.charset = strings.ToLower(params["charset"])
	return nil
}
