// Package soap is the first door of lisgate: the six LIS services over SOAP
// 1.1 and 1.2, document/literal. It turns the wire into lis words and back.
//
// What a request must be, and how each departure is answered:
//
//   - not XML, not SOAP, over a limit, no operation of LIS at all: a SOAP fault
//     (SOAP 1.1 section 4.4, SOAP 1.2 part 1 section 5.4), HTTP 500, or for
//     SOAP 1.2 HTTP 400 when the sender is at fault; 413 for what is too large,
//     415 for another media type, charset or coding;
//   - a LIS request that cannot be carried out, and an operation that LIS or
//     the service at the path has not: the operation's own response with
//     imsx_statusInfo, HTTP 200 (LIS facts, section 2). It is kept;
//   - nobody we know: HTTP 401 with a fault; too fast: 429; no room: 503.
//
// The operation is named by the qualified name of the body's first child; the
// SOAPAction is held against it. What peers send off the schema is taken as
// their profile says, counted, and kept with the message.
package soap

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"lisgate/gateway/guard"
	"lisgate/gateway/lis"
	"lisgate/gateway/registrar"
	"lisgate/gateway/wire"
)

// A Registrar carries out what the door has read.
type Registrar interface {
	Do(ctx context.Context, q *registrar.Request) *lis.Answer
	Refuse(ctx context.Context, q *registrar.Request, st lis.Status) *lis.Answer
}

// An Observer is told what passes through the door.
type Observer interface {
	Answered(service lis.Service, operation string, st lis.Status, took time.Duration)
	Faulted(code string)
	OverLimit(limit string)
	Deviated(caller, rule string, times int)
}

// Options say what a door works with.
type Options struct {
	Registrar Registrar
	Guard     *guard.Guard
	Observer  Observer
	Log       *zap.Logger
	Limits    wire.Limits
	// MessageBytes is the most that one message may have, after gunzip.
	MessageBytes int64
	// Bulk takes bulk files in the body and gives extracts out; nil for neither.
	Bulk *Bulk
	// Paths are further paths of services that real clients have built in;
	// the service "*" takes the operations of all six.
	Paths map[string]string
	// PublicURL is the address told in contracts; "" for the Host by which the client came.
	PublicURL string
	// Stalled is how long an answer may make no progress.
	Stalled time.Duration
	Now     func() time.Time
}

// A Door serves the LIS services. It is an http.Handler for /lis/ and the
// further paths.
type Door struct {
	Options
	idPrefix string
	lastID   atomic.Int64
}

// New returns a door.
func New(o Options) *Door {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	if o.MessageBytes == 0 {
		o.MessageBytes = 4 << 20
	}
	var random [6]byte
	rand.Read(random[:])
	return &Door{Options: o, idPrefix: hex.EncodeToString(random[:]) + "-"}
}

// ServeHTTP answers one request.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	service, rest, ok := d.serviceAt(r.URL)
	switch {
	case !ok:
		http.Error(w, "no LIS service here; there are /lis/pms, gms, mms, cms, oms and bdems", http.StatusNotFound)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		d.serveGet(w, r, service, rest)
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "send LIS messages with POST; GET gives the contract with ?wsdl", http.StatusMethodNotAllowed)
	case rest == "":
		d.serveMessage(w, r, service)
	case rest == "file" && service == string(lis.BDEMS) && d.Bulk != nil:
		d.serveImport(w, r)
	default:
		http.Error(w, "nothing is taken here; send LIS messages to /lis/"+service, http.StatusNotFound)
	}
}

// serviceAt finds the service of a path, and what follows it. A path that
// writes letters as escapes without need is none of ours: who stands between
// may have read another.
func (d *Door) serviceAt(u *url.URL) (service, rest string, ok bool) {
	if s, ok := d.Paths[u.Path]; ok {
		return s, "", true
	}
	rest, ok = strings.CutPrefix(u.Path, "/lis/")
	if !ok || u.RawPath != "" && !strings.HasPrefix(rest, "bdems/files/") {
		return "", "", false
	}
	service, rest, _ = strings.Cut(rest, "/")
	if service == "" {
		return anyService, rest, true
	}
	return service, rest, namespaces[lis.Service(service)] != ""
}

// newID makes a message identifier for an answer.
func (d *Door) newID() string {
	return d.idPrefix + strconv.FormatInt(d.lastID.Add(1), 36)
}
