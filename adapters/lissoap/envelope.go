package lissoap

import (
	"fmt"

	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// envelope writes the message of a call, as the dialect wants it. The prefix
// of the envelope and the default namespace of header and body are those of
// ILP, for there is a receiver that compares prefixes (see dialect.go).
func (c *Client) envelope(messageID string, op *operation, call *lis.Call) ([]byte, error) {
	shaped, err := c.dialect.shaped(call)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op.Name, err)
	}
	body := &wire.Writer{Buf: make([]byte, 0, 2<<10), Complete: true}
	op.WriteCall(body, shaped)
	if err := c.dialect.hold(op, body.Buf); err != nil {
		return nil, fmt.Errorf("%s: %w", op.Name, err)
	}
	w := c.head(messageID, op.space, len(body.Buf))
	w.OpenIn(op.Request, op.space)
	w.Buf = append(w.Buf, c.dialect.rewrite(op, body.Buf)...)
	w.Close(op.Request)
	w.CloseEnvelope()
	return w.Buf, nil
}

// head begins a message whose body will have a size.
func (c *Client) head(messageID, space string, size int) *wire.Writer {
	w := &wire.Writer{Buf: make([]byte, 0, size+1<<10)}
	w.OpenEnvelope(c.o.SOAP, func() {
		c.writeSecurity(w)
		(&wire.RequestHeader{MessageID: messageID}).WriteXML(w, space)
	})
	return w
}

// A Message is an envelope with what is needed to send it with Post.
type Message struct {
	Service   lis.Service
	Operation string
	Action    string
	Envelope  []byte
}

// BareEnvelope makes a message of a document: a bare request element gets an
// envelope with a fresh header, and an envelope is taken as it is. The
// service is that of the element's namespace or, where that is none of LIS,
// that of the operation.
func (c *Client) BareEnvelope(document []byte) (*Message, error) {
	m, err := c.message(string(document))
	if err != nil {
		return nil, fmt.Errorf("read message: %w", err)
	}
	return m, nil
}

func (c *Client) message(document string) (*Message, error) {
	d := wire.NewDecoder(document, wire.Limits{}, wire.Everything)
	if !d.Root() {
		return nil, d.Err()
	}
	if d.Local() == "Envelope" {
		return enveloped(document)
	}
	m, err := addressed(d.Space(), d.Local())
	if err != nil {
		return nil, err
	}
	from := d.TagStart()
	d.Skip()
	body := d.Slice(from, d.Pos())
	if !d.End() {
		return nil, d.Err()
	}
	w := c.head(c.o.NewID(), namespaces[m.Service], len(body))
	w.Raw(body)
	w.CloseEnvelope()
	m.Envelope = w.Buf
	return m, nil
}

// enveloped finds out whose message an envelope is.
func enveloped(document string) (*Message, error) {
	d := wire.NewDecoder(document, wire.Limits{}, wire.Everything)
	understood := func() bool { d.Skip(); return true }
	if _, ok := d.OpenEnvelope(understood); !ok {
		return nil, d.Err()
	}
	m, err := addressed(d.Space(), d.Local())
	if err != nil {
		return nil, err
	}
	d.Skip()
	m.Envelope = []byte(document)
	d.CloseEnvelope()
	return m, d.Err()
}

// addressed says to which service a request element belongs.
func addressed(space, element string) (*Message, error) {
	op := requests[element]
	if op == nil {
		return nil, fmt.Errorf("%s is not the request of a LIS operation", peer.Clip(element))
	}
	m := &Message{Service: serviceOf(space), Operation: op.Name, Action: op.Action}
	if m.Service == "" {
		m.Service = op.meaning.Service
	}
	return m, nil
}
