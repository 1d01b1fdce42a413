package blackboard

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"lisgate/adapters"
	"lisgate/adapters/peer"
)

// A Secret is a password or a key. However it is printed, <secret> is seen.
type Secret = peer.Secret

// A Connection says how Learn is reached over HTTP: within 60 s a call, and up
// to 16 MiB an answer, unless it says otherwise.
type Connection = peer.Connection

// A wire makes calls to Learn.
type wire struct {
	Connection
	client *peer.Client
}

func newWire(c Connection) *wire { return &wire{c, peer.New(c)} }

// Close lets go of idle connections; calls made later fail.
func (w *wire) Close() error { return w.client.Close() }

// do makes a call. Its errors are Unavailable and quote no body and no address.
func (w *wire) do(ctx context.Context, method, address, body string, header http.Header) (*peer.Reply, error) {
	r, err := w.client.Do(ctx, method, address, strings.NewReader(body), header)
	if err != nil {
		return nil, unavailable("%s: %w", method, err)
	}
	return r, nil
}

// fileTable and restTable are what Learn's statuses mean at its two doors,
// where it is not what they usually do.
var (
	fileTable = table("Learn does not take the user and password of the integration; mend them in the target's configuration, nothing is lost meanwhile",
		"there is no flat file integration at this address; mend url and integration of the target")
	restTable = table("Learn does not take key and secret of the REST application; mend them, or let an administrator of Learn allow the application again",
		"Learn has no such address of REST, or does not have the object")
)

func table(credentials, address string) peer.Table {
	return peer.Table{
		http.StatusUnauthorized:     {Hint: credentials},
		http.StatusForbidden:        {Hint: "the integration lacks the right for this; grant it in Learn, nothing is lost meanwhile"},
		http.StatusNotFound:         {Hint: address},
		http.StatusMethodNotAllowed: {Hint: address},
		3:                           {Hint: address},
		4:                           {Hint: "read what Learn says and correct the record, then requeue it"},
	}
}

// busyFor is how long a busy Learn that does not say is left alone.
const busyFor = time.Minute

func unavailable(format string, args ...any) error {
	return &adapters.Error{Class: adapters.Unavailable, Err: fmt.Errorf(format, args...)}
}

func refused(hint, format string, args ...any) error {
	return &adapters.Error{Class: adapters.Refused, Hint: hint, Err: fmt.Errorf(format, args...)}
}

func unsupported(format string, args ...any) error {
	return &adapters.Error{Class: adapters.Unsupported, Err: fmt.Errorf(format, args...)}
}
