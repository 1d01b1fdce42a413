package soap

import (
	"errors"
	"io"
	"net/http"
	"time"

	"lisgate/gateway/wire"
)

// An inlet reads a bulk file. It refuses what goes over the limit, and moves
// the read deadline on with every piece that comes: a file may take longer
// than a message.
type inlet struct {
	door *Door
	w    http.ResponseWriter
	r    io.Reader
	left int64
	cut  error // why there is no more, other than the end
}

func (in *inlet) Read(b []byte) (int, error) {
	if in.cut != nil {
		return 0, in.cut
	}
	if in.door.Stalled > 0 {
		_ = http.NewResponseController(in.w).SetReadDeadline(time.Now().Add(in.door.Stalled))
	}
	n, err := in.r.Read(b)
	switch in.left -= int64(n); {
	case in.left < 0:
		in.cut = &wire.LimitError{Limit: "bulk_bytes", Max: int(in.door.Bulk.Bytes)}
		return 0, in.cut
	case err != nil && !errors.Is(err, io.EOF):
		in.cut = unreadable(err)
		err = in.cut
	}
	return n, err
}
