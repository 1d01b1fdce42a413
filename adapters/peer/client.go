// Package peer is what the adapters share that reach a system over HTTP: a
// client that reads every answer whole and up to a limit, the table from HTTP
// statuses to the error classes, and secrets that cannot be printed.
//
// Redirects are not followed: a POST would arrive as a GET, or a login page be
// taken for an answer. No error quotes an address beyond what a caller adds:
// paths and queries hold names of persons.
package peer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// A Secret is a password, a key or a token. However it is printed, <secret>
// is seen.
type Secret string

// String returns <secret>.
func (Secret) String() string { return "<secret>" }

// GoString returns <secret>.
func (Secret) GoString() string { return "<secret>" }

// MarshalText returns <secret>.
func (Secret) MarshalText() ([]byte, error) { return []byte("<secret>"), nil }

// A Connection says how a system is reached over HTTP. The defaults are those
// of the adapter that takes it.
type Connection struct {
	Timeout   time.Duration    // of one call, answer included
	MaxAnswer int64            // bytes of one answer
	HTTP      *http.Client     // our own when nil
	Now       func() time.Time // time.Now when nil
}

// Or fills in what is not set.
func (c Connection) Or(timeout time.Duration, maxAnswer int64) Connection {
	if c.Timeout <= 0 {
		c.Timeout = timeout
	}
	if c.MaxAnswer <= 0 {
		c.MaxAnswer = maxAnswer
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// idlePerHost is as many connections as a target has workers at the most.
const idlePerHost = 64

// HTTP returns a client that follows no redirects, made of the one that is
// given or with a transport of our own, and what lets go of its connections.
func HTTP(given *http.Client) (client *http.Client, release func()) {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if given != nil {
		same := *given
		same.CheckRedirect = stay
		return &same, func() {}
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 0, idlePerHost // of all hosts: no limit
	t.IdleConnTimeout, t.MaxResponseHeaderBytes = time.Minute, 64<<10
	return &http.Client{Transport: t, CheckRedirect: stay}, t.CloseIdleConnections
}

// A Client makes calls. It is safe for use by many goroutines.
type Client struct {
	Connection
	http    *http.Client
	release func()
	closed  atomic.Bool
}

// New returns a client over a connection that lacks nothing.
func New(c Connection) *Client {
	client, release := HTTP(c.HTTP)
	return &Client{Connection: c, http: client, release: release}
}

// Close lets go of idle connections; calls made later fail.
func (c *Client) Close() error {
	if c.closed.CompareAndSwap(false, true) {
		c.release()
	}
	return nil
}

// Transport is what the calls go through, for a client with other ways.
func (c *Client) Transport() http.RoundTripper { return c.http.Transport }

// A Reply is an answer, read whole.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	at     time.Time
}

// A TooLong is an answer of which not all is read.
type TooLong struct {
	Status int
	Most   int64
}

// Error says the limit.
func (e *TooLong) Error() string {
	return fmt.Sprintf("the answer is longer than the %d bytes that are read of one; ask for less in one call", e.Most)
}

// Do makes a call. Its errors have no class: whoever calls says what failed.
func (c *Client) Do(ctx context.Context, method, address string, body io.Reader, header http.Header) (*Reply, error) {
	if c.closed.Load() {
		return nil, errors.New("the adapter is closed")
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, errors.New("the address is no URL; mend it in the configuration")
	}
	request.Header = header
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, Plain(err)
	}
	defer answer.Body.Close()
	read, err := io.ReadAll(io.LimitReader(answer.Body, c.MaxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the answer: %w", Plain(err))
	case int64(len(read)) > c.MaxAnswer:
		return nil, &TooLong{answer.StatusCode, c.MaxAnswer}
	}
	return &Reply{answer.StatusCode, answer.Header, read, c.Now()}, nil
}

// Plain takes the address off an error of the HTTP client.
func Plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
