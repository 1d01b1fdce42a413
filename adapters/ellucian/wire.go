package ellucian

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"lisgate/adapters"
)

// A Secret is a password or a key. However it is printed, <secret> is seen.
type Secret string

// String returns <secret>.
func (Secret) String() string { return "<secret>" }

// GoString returns <secret>.
func (Secret) GoString() string { return "<secret>" }

// MarshalText returns <secret>.
func (Secret) MarshalText() ([]byte, error) { return []byte("<secret>"), nil }

// A Connection says how a system is reached over HTTP.
type Connection struct {
	Timeout   time.Duration // of one call, answer included; 30 s when 0
	MaxAnswer int64         // bytes of one answer; 16 MiB when 0
	HTTP      *http.Client  // our own when nil
	Now       func() time.Time
}

func (c Connection) orDefault() Connection {
	if c.Timeout <= 0 {
		c.Timeout = 30 * time.Second
	}
	if c.MaxAnswer <= 0 {
		c.MaxAnswer = 16 << 20
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// A wire makes calls and reads the answers whole, up to a limit.
type wire struct {
	Connection
	client *http.Client
	own    bool
	closed atomic.Bool
}

func newWire(c Connection) *wire {
	w := &wire{Connection: c.orDefault()}
	if w.client = c.HTTP; w.client == nil {
		w.own = true
		w.client = &http.Client{
			Transport: &http.Transport{
				Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 8, IdleConnTimeout: time.Minute,
				MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	return w
}

// Close lets go of idle connections; calls made later fail.
func (w *wire) Close() error {
	if w.closed.CompareAndSwap(false, true) && w.own {
		w.client.CloseIdleConnections()
	}
	return nil
}

// A reply is an answer, read whole.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// do makes a call. Its errors are Unavailable and quote no body.
func (w *wire) do(ctx context.Context, method, address, body string, header http.Header) (*reply, error) {
	if w.closed.Load() {
		return nil, unavailable("the adapter is closed")
	}
	ctx, cancel := context.WithTimeout(ctx, w.Timeout)
	defer cancel()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return nil, unavailable("make a request: the address is no URL; mend it in the configuration")
	}
	request.Header = header
	answer, err := w.client.Do(request)
	if err != nil {
		return nil, unavailable("%s %s: %w", method, request.URL.Path, plain(err))
	}
	defer answer.Body.Close()
	read, err := io.ReadAll(io.LimitReader(answer.Body, w.MaxAnswer+1))
	switch {
	case err != nil:
		return nil, unavailable("%s %s: read the answer: %w", method, request.URL.Path, plain(err))
	case int64(len(read)) > w.MaxAnswer:
		return nil, unavailable("%s %s: the answer is longer than the %d bytes that are read of one; ask for less in one call", method, request.URL.Path, w.MaxAnswer)
	}
	return &reply{answer.StatusCode, answer.Header, read}, nil
}

// plain takes the address off an error of the HTTP client: its query holds
// names of persons.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// failure returns the error that the HTTP status alone says, nil under 2xx.
// credentials, address and right say what to do about each.
func (r *reply) failure(what, credentials, address string) error {
	e := &adapters.Error{Class: adapters.Unavailable, Answer: clip(string(r.body)), Err: fmt.Errorf("%s: HTTP %d %s", what, r.status, http.StatusText(r.status))}
	switch {
	case r.status/100 == 2:
		return nil
	case r.status == http.StatusTooManyRequests || r.status == http.StatusServiceUnavailable && r.header.Get("Retry-After") != "":
		e.Class, e.After = adapters.Busy, retryAfter(r.header)
	case r.status == http.StatusUnauthorized:
		e.Hint = credentials
	case r.status == http.StatusForbidden:
		e.Narrow, e.Hint = true, "the account lacks the right for this; grant it there, nothing is lost meanwhile"
	case r.status == http.StatusNotFound || r.status == http.StatusMethodNotAllowed || r.status/100 == 3:
		e.Hint = address
	case r.status == http.StatusNotAcceptable || r.status == http.StatusUnsupportedMediaType:
		e.Narrow, e.Hint = true, "the system does not have this version of the resource; set one that it has under versions"
	case r.status == http.StatusRequestTimeout || r.status >= 500:
	default:
		e.Class, e.Hint = adapters.Refused, "read what the system says and correct the record, then requeue it"
	}
	return e
}

// busyFor is how long a busy system that does not say is left alone.
const busyFor = 30 * time.Second

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds <= 0 {
		return busyFor
	}
	return min(time.Duration(seconds)*time.Second, 24*time.Hour)
}

func unavailable(format string, args ...any) error {
	return &adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf(format, args...)}
}

func refused(hint, format string, args ...any) error {
	return &adapters.Error{Class: adapters.Refused, Hint: hint, Err: fmt.Errorf(format, args...)}
}

func unsupported(format string, args ...any) error {
	return &adapters.Error{Class: adapters.Unsupported, Err: fmt.Errorf(format, args...)}
}

// clip cuts what a system said to what people will read.
func clip(s string) string {
	s = strings.ToValidUTF8(strings.TrimSpace(s), "\uFFFD")
	if len(s) <= 500 {
		return s
	}
	at := 500
	for !utf8.RuneStart(s[at]) {
		at--
	}
	return s[:at] + "…"
}

// checkAddress quotes no address that could hold a password.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return errors.New("url is no URL; give it as https://host")
	case u.User != nil:
		return fmt.Errorf("url %s holds a user; give the credentials apart from it", u.Redacted())
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("url %q is not of the form https://host", u.Redacted())
	}
	return nil
}
