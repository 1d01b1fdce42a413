package soap

import (
	"strings"

	"lisgate/gateway/wire"
)

// wsa is the namespace of WS-Addressing 1.0.
const wsa = "http://www.w3.org/2005/08/addressing"

// wsaAnonymous is the only address to which an answer goes: back on the
// connection. No other is ever dialled.
const wsaAnonymous = wsa + "/anonymous"

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
