package lissoap

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"lisgate/adapters/peer"
	"lisgate/gateway/lis"
	"lisgate/gateway/wire"
)

// longestWait is the most that a peer can ask for with Retry-After.
const longestWait = time.Hour

// Post sends an envelope as it is to a service and returns what came back,
// whatever it was: Reply.Err says what it means. HTTP authentication is
// added, a wsse:Security header is not. The error tells of transport only.
func (c *Client) Post(ctx context.Context, service lis.Service, envelope []byte, action string) (*Reply, error) {
	address := c.addressFor(service, action)
	if address == "" {
		return nil, unsupported("no address is configured for the service %s", service)
	}
	return c.PostTo(ctx, address, envelope, action)
}

// addressFor returns the address of the operation that an action names, or of
// the first one of the service.
func (c *Client) addressFor(service lis.Service, action string) string {
	name := action[strings.LastIndexByte(action, '/')+1:]
	if op := operations[name]; op != nil && op.meaning.Service == service {
		return c.addresses[name]
	}
	for _, name := range slices.Sorted(maps.Keys(c.addresses)) {
		if operations[name].meaning.Service == service {
			return c.addresses[name]
		}
	}
	return ""
}

// PostTo is Post to an address.
func (c *Client) PostTo(ctx context.Context, address string, envelope []byte, action string) (*Reply, error) {
	version := wire.SOAP11
	if bytes.Contains(envelope[:min(len(envelope), 1<<10)], []byte(wire.SOAP12)) { // where the root element declares it
		version = wire.SOAP12
	}
	r, err := c.exchange(ctx, address, envelope, version, action)
	if err != nil {
		return nil, err
	}
	r.parse(c.limits(), (*wire.Decoder).Skip)
	return r, nil
}

// exchange posts an envelope and reads the whole answer.
func (c *Client) exchange(ctx context.Context, address string, envelope []byte, version wire.SOAPVersion, action string) (*Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(envelope))
	if err != nil {
		return nil, err
	}
	if version == wire.SOAP12 {
		req.Header.Set("Content-Type", version.ContentType()+`; action="`+action+`"`)
	} else {
		req.Header.Set("Content-Type", version.ContentType())
		req.Header["SOAPAction"] = []string{`"` + action + `"`} // spelt as SOAP 1.1 does, for peers that look
	}
	return c.do(req, envelope)
}

// do sends a request under our name and reads what comes.
func (c *Client) do(req *http.Request, body []byte) (*Reply, error) {
	if c.closed.Load() {
		return nil, errors.New("the LIS client is closed")
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "lisgate")
	c.authorize(req, body)
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := c.read(res)
	if err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", req.URL.Host, err)
	}
	return &Reply{
		HTTPStatus: res.StatusCode, ContentType: res.Header.Get("Content-Type"), Text: text,
		RetryAfter: min(peer.RetryAfter(res.Header, c.o.Now(), 0), longestWait), location: where(res.Header.Get("Location")),
	}, nil
}

// read reads an answer, at most the limit after gunzip. It is kept as the
// string that its values will be parts of, so that there is one copy of it.
func (c *Client) read(res *http.Response) (string, error) {
	var from io.Reader = res.Body
	if strings.EqualFold(res.Header.Get("Content-Encoding"), "gzip") { // one that was not asked for
		unpacked, err := gzip.NewReader(res.Body)
		if err != nil {
			return "", err
		}
		from = unpacked
	}
	var text strings.Builder
	if n := res.ContentLength; n > 0 && n <= c.o.MaxAnswer {
		text.Grow(int(n))
	}
	n, err := io.Copy(&text, io.LimitReader(from, c.o.MaxAnswer+1))
	if err == nil && n > c.o.MaxAnswer {
		err = fmt.Errorf("it has more than %d bytes, which is the most that is read", c.o.MaxAnswer)
	}
	return text.String(), err
}

// where returns an address without what may be secret in it.
func where(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
