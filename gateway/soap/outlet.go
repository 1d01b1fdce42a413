package soap

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"lisgate/gateway/wire"
)

// flushSize is how much of an answer is kept back before it goes out.
const flushSize = 32 << 10

// zipSize is how large an answer must be for gzip to be worth it.
const zipSize = 8 << 10

// An outlet sends an answer out in pieces.
type outlet struct {
	door *Door
	w    http.ResponseWriter
	x    *wire.Writer
	zips bool // the client takes gzip
	zip  *gzip.Writer
	sent bool
	gone error // the client did not take it
}

// flush sends what there is, when it is enough.
func (o *outlet) flush() error {
	if len(o.x.Buf) < flushSize {
		return nil
	}
	return o.send()
}

// send sends what there is.
func (o *outlet) send() error {
	if !o.sent {
		o.begin()
	}
	o.door.extend(o.w)
	to := io.Writer(o.w)
	if o.zip != nil {
		to = o.zip
	}
	_, o.gone = to.Write(o.x.Buf)
	o.x.Buf = o.x.Buf[:0]
	return o.gone
}

var zippers = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return z }}

// begin decides whether the answer goes out as gzip.
func (o *outlet) begin() {
	o.sent = true
	if !o.zips || len(o.x.Buf) < zipSize {
		return
	}
	o.w.Header().Set("Content-Encoding", "gzip")
	o.w.Header().Del("Content-Length")
	o.zip = zippers.Get().(*gzip.Writer)
	o.zip.Reset(o.w)
}

// end sends the rest.
func (o *outlet) end() error {
	if !o.sent {
		o.w.Header().Set("Content-Length", strconv.Itoa(len(o.x.Buf)))
	}
	if err := o.send(); err != nil || o.zip == nil {
		return err
	}
	o.gone = o.zip.Close()
	zippers.Put(o.zip)
	return o.gone
}

// extend gives the client more time to take what comes now.
func (d *Door) extend(w http.ResponseWriter) {
	if d.Stalled > 0 {
		// A writer that does not support deadlines has no slow reader to cut.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(d.Stalled))
	}
}

// acceptsGzip reports whether a client takes gzip (RFC 9110 section 12.5.3).
func acceptsGzip(r *http.Request) bool {
	for _, one := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		coding, quality, _ := strings.Cut(strings.ReplaceAll(one, " ", ""), ";")
		if strings.EqualFold(coding, "gzip") {
			return strings.Trim(strings.TrimPrefix(quality, "q="), "0.") != "" || quality == ""
		}
	}
	return false
}
