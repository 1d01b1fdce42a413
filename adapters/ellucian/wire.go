package ellucian

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/peer"
)

// A Secret is a password or a key. However it is printed, <secret> is seen.
type Secret = peer.Secret

// A Connection says how a system is reached over HTTP: within 30 s a call, and
// up to 16 MiB an answer, unless it says otherwise.
type Connection = peer.Connection

// A wire makes calls to Ethos or ILP.
type wire struct {
	Connection
	client *peer.Client
}

func newWire(c Connection) *wire {
	c = c.Or(30*time.Second, 16<<20)
	return &wire{c, peer.New(c)}
}

// Close lets go of idle connections; calls made later fail.
func (w *wire) Close() error { return w.client.Close() }

// do makes a call. Its errors are Unavailable and quote no body, and no
// address beyond its path.
func (w *wire) do(ctx context.Context, method, address, body string, header http.Header) (*peer.Reply, error) {
	r, err := w.client.Do(ctx, method, address, strings.NewReader(body), header)
	if err != nil {
		return nil, unavailable("%s %s: %w", method, pathOf(address), err)
	}
	return r, nil
}

func pathOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Path
	}
	return ""
}

// ethosTable and ilpTable are what the statuses of the two systems mean, where
// it is not what they usually do.
var (
	ethosTable = table("Ethos does not take our API key; mend key of the target, nothing is lost meanwhile",
		"Ethos has no such address or resource for our application; mend url, or let the application own a subscription to the resource")
	ilpTable = table("ILP does not take our user and password; mend them in the target's configuration, nothing is lost meanwhile",
		"there is no grade service of ILP at this address; mend url of the target")
)

func table(credentials, address string) peer.Table {
	version := peer.Verdict{Class: adapters.Unavailable, Narrow: true, Hint: "the system does not have this version of the resource; set one that it has under versions"}
	return peer.Table{
		http.StatusUnauthorized:         {Hint: credentials},
		http.StatusForbidden:            {Hint: "the account lacks the right for this; grant it there, nothing is lost meanwhile"},
		http.StatusNotFound:             {Hint: address},
		http.StatusMethodNotAllowed:     {Hint: address},
		http.StatusNotAcceptable:        version,
		http.StatusUnsupportedMediaType: version,
		3:                               {Hint: address},
		4:                               {Hint: "read what the system says and correct the record, then requeue it"},
	}
}

// busyFor is how long a busy system that does not say is left alone.
const busyFor = 30 * time.Second

func unavailable(format string, args ...any) error {
	return &adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf(format, args...)}
}

func refused(hint, format string, args ...any) error {
	return &adapters.Error{Class: adapters.Refused, Hint: hint, Err: fmt.Errorf(format, args...)}
}

func unsupported(format string, args ...any) error {
	return &adapters.Error{Class: adapters.Unsupported, Err: fmt.Errorf(format, args...)}
}
