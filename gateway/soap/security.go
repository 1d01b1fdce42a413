package soap

import (
	"strings"

	"lisgate/gateway/guard"
	"lisgate/gateway/wire"
)

// The namespaces of WS-Security 1.0 and WS-Addressing 1.0.
const (
	wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
	wsu  = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
	wsa  = "http://www.w3.org/2005/08/addressing"
)

// wsaAnonymous is the only address to which an answer goes: back on the
// connection. No other is ever dialled.
const wsaAnonymous = wsa + "/anonymous"

// readSecurity reads a wsse:Security block with a UsernameToken
// (UsernameToken Profile 1.0). A signature is not looked at, so it cannot be
// what makes a message trusted.
func readSecurity(d *wire.Decoder) *guard.UsernameToken {
	var token *guard.UsernameToken
	for d.Child() {
		if d.Local() == "UsernameToken" && d.Space() == wsse && token == nil {
			token = readToken(d)
		} else {
			d.Skip()
		}
	}
	return token
}

func readToken(d *wire.Decoder) *guard.UsernameToken {
	t := &guard.UsernameToken{}
	for d.Child() {
		switch d.Local() {
		case "Username":
			t.User = strings.TrimSpace(d.Text())
		case "Password":
			for _, a := range d.Attrs() {
				if a.Local == "Type" {
					t.PasswordType = a.Value
				}
			}
			t.Password = d.Text()
		case "Nonce":
			t.Nonce = strings.TrimSpace(d.Text())
		case "Created":
			t.Created = strings.TrimSpace(d.Text())
		default:
			d.Skip()
		}
	}
	return t
}

// addressing is what WS-Addressing says of a message.
type addressing struct {
	used      bool
	messageID string
	action    string
	refused   string // an address that we do not answer to
}

// read reads one header block of WS-Addressing.
func (a *addressing) read(d *wire.Decoder) {
	a.used = true
	switch d.Local() {
	case "MessageID":
		a.messageID = strings.TrimSpace(d.Text())
	case "Action":
		a.action = strings.TrimSpace(d.Text())
	case "ReplyTo", "FaultTo":
		name := d.Local()
		for d.Child() {
			if d.Local() != "Address" {
				d.Skip()
			} else if to := strings.TrimSpace(d.Text()); to != wsaAnonymous && to != wsa+"/none" {
				a.refused = name
			}
		}
	default:
		d.Skip()
	}
}

// write writes the blocks that go with an answer.
func (a *addressing) write(w *wire.Writer, action, id string) {
	if !a.used {
		return
	}
	w.Raw(`<Action xmlns="` + wsa + `">`)
	w.Text(action)
	w.Raw(`</Action><MessageID xmlns="` + wsa + `">urn:lisgate:`)
	w.Text(id)
	w.Raw(`</MessageID>`)
	if a.messageID != "" {
		w.Raw(`<RelatesTo xmlns="` + wsa + `">`)
		w.Text(a.messageID)
		w.Raw(`</RelatesTo>`)
	}
}
