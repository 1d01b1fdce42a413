// Package lissoap is the adapter to any endpoint of LIS 2.0 over SOAP: an
// LMS that takes LIS, a SIS that gives it, another lisgate. Below it is a
// Client for all 156 operations, over the generated codec.
//
// What counts, by clause:
//
//   - SOAP 1.1 over HTTP (section 6): text/xml, a quoted SOAPAction; SOAP 1.2
//     (part 2, section 7) on request: application/soap+xml with its action.
//   - Success is the operation's own response element under HTTP 2xx with an
//     imsx_syncResponseHeaderInfo whose codeMajor is success, or processing.
//     HTTP 200 with anything else (HTML, nothing, another element, no status)
//     is no success (back-end facts, section D: peers answer so).
//   - A failing status, a SOAP fault and an HTTP status each have one table
//     to the error classes, in classes.go.
//   - What peers want or do off the standard is in the table of dialect.go.
//   - Authentication: HTTP Basic (RFC 7617), WS-Security UsernameToken Profile
//     1.0, OAuth 1.0a (RFC 5849) with oauth_body_hash.
package lissoap

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"

	"lisgate/adapters"
	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// A Client sends LIS operations to an endpoint. It can be used by many
// goroutines.
type Client struct {
	o         Options
	http      *http.Client
	dialect   *dialect
	addresses map[string]string // by operation
	closed    atomic.Bool
	release   func() // lets go of idle connections, where they are ours
}

// NewClient returns a client; it connects to nothing yet.
func NewClient(o Options) (*Client, error) {
	o = o.orDefault()
	d, ok := dialects[o.Profile]
	if !ok {
		return nil, fmt.Errorf("LIS client: no profile %q; there are strict, ilp, blackboard and peoplesoft", o.Profile)
	}
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("LIS client: %w", err)
	}
	c := &Client{o: o, dialect: d, addresses: map[string]string{}}
	for name, op := range operations {
		if address := o.address(d, op); address != "" {
			c.addresses[name] = address
		}
	}
	c.http, c.release = peer.HTTP(o.HTTP)
	return c, nil
}

// Close lets go of idle connections; calls made later fail.
func (c *Client) Close() error {
	if c.closed.CompareAndSwap(false, true) {
		c.release()
	}
	return nil
}

// Call carries out an operation. The message identifier is the same each time
// that the same thing is asked. When the error is a *StatusError, the answer
// is there too, with its status; an error that was found before anything was
// sent is an *adapters.Error, and the others are those of errors.go.
func (c *Client) Call(ctx context.Context, messageID string, call *lis.Call) (*lis.Answer, error) {
	op := operations[call.Operation]
	if op == nil {
		return nil, unsupported("there is no LIS operation %q", call.Operation)
	}
	address, err := c.offered(op)
	if err != nil {
		return nil, err
	}
	envelope, err := c.envelope(messageID, op, call)
	if err != nil {
		return nil, err
	}
	reply, err := c.exchange(ctx, address, envelope, c.o.SOAP, op.Action)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op.Name, err)
	}
	return c.answer(op, reply)
}

// offered returns the address of an operation that the peer takes.
func (c *Client) offered(op *operation) (string, error) {
	if !c.dialect.offers(op.meaning) {
		return "", unsupported("a peer of profile %s does not take %s", c.o.Profile, op.Name)
	}
	address := c.addresses[op.Name]
	if address == "" {
		return "", unsupported("no address is configured for the service %s", op.meaning.Service)
	}
	return address, nil
}

// answer reads the reply to an operation, and holds it to be no success
// unless everything says so.
func (c *Client) answer(op *operation, r *Reply) (*lis.Answer, error) {
	a, matched := new(lis.Answer), false
	r.parse(c.limits(), func(d *wire.Decoder) {
		if matched = op.answeredBy(d.Local()); matched {
			op.ReadAnswer(d, a)
		} else {
			d.Skip()
		}
	})
	a.Status = r.Status()
	if err := r.failure(c.dialect.shrug, op, matched); err != nil {
		return a, fmt.Errorf("%s: %w", op.Name, err)
	}
	return a, nil
}

// limits let an answer have as many elements as its bytes allow.
func (c *Client) limits() wire.Limits {
	return wire.Limits{Elements: int(min(c.o.MaxAnswer/8, 1<<30)), TextBytes: int(min(c.o.MaxAnswer, 1<<30))}
}

func unsupported(format string, args ...any) error {
	return &adapters.Error{Class: adapters.Unsupported, Err: fmt.Errorf(format, args...)}
}

func refused(format string, args ...any) error {
	return &adapters.Error{Class: adapters.Refused, Err: fmt.Errorf(format, args...)}
}
