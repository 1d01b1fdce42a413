package soap

import (
	"strings"

	"lisgate/gateway/guard"
	"lisgate/gateway/wire"
)

// wsse is the namespace of WS-Security 1.0.
const wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"

// readSecurity reads a wsse:Security block with a UsernameToken
// (UsernameToken Profile 1.1). A signature is not looked at, so it cannot be
// what makes a message trusted. What is there twice is refused: who checked
// the message before us may have looked at the other one.
func (m *message) readSecurity() {
	if m.hasSecurity {
		twice(m.dec, "Security block")
	}
	m.hasSecurity = true
	for m.dec.Child() {
		switch {
		case m.dec.Local() != "UsernameToken" || m.dec.Space() != wsse:
			m.dec.Skip()
		case m.token != nil:
			twice(m.dec, "UsernameToken")
		default:
			m.token = readToken(m.dec)
		}
	}
}

func twice(d *wire.Decoder, what string) {
	d.Fail(&wire.EnvelopeError{Code: "Client", Text: "WS-Security has more than one " + what + "; send one"})
}

func readToken(d *wire.Decoder) *guard.UsernameToken {
	t := &guard.UsernameToken{}
	fields := map[string]*string{"Username": &t.User, "Password": &t.Password, "Nonce": &t.Nonce, "Created": &t.Created}
	for d.Child() {
		name := d.Local()
		field, wanted := fields[name]
		switch {
		case !wanted:
			d.Skip()
			continue
		case field == nil:
			twice(d, name)
		case name == "Password":
			t.PasswordType = attribute(d, "Type")
			t.Password = d.Text()
		default:
			*field = strings.TrimSpace(d.Text())
		}
		fields[name] = nil
	}
	return t
}

func attribute(d *wire.Decoder, name string) string {
	for _, a := range d.Attrs() {
		if a.Space == "" && a.Local == name {
			return a.Value
		}
	}
	return ""
}
