package soap

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"github.com/klauspost/compress/gzip"

	"lisgate/gateway/wire"
)

// gzipRatio is how many times larger than its gzip a message may be. Rosters
// come to 40.
const gzipRatio = 200

// A content is the body of a request without its content coding.
type content struct {
	io.Reader
	packed int64 // bytes that were read of the gzip
	zipped bool
	body   io.Reader
}

// contentOf opens the body of a request. It must be closed.
func contentOf(r *http.Request) (*content, error) {
	coding, err := single(r.Header, "Content-Encoding")
	if err != nil {
		return nil, err
	}
	c := &content{Reader: r.Body, body: r.Body}
	switch coding = strings.ToLower(coding); coding {
	case "", "identity":
		return c, nil
	case "gzip", "x-gzip":
		return c, c.unzip()
	}
	return nil, &transportError{http.StatusUnsupportedMediaType,
		"the Content-Encoding " + clip(coding) + " is not known; send gzip or none"}
}

var unzippers = sync.Pool{New: func() any { return new(gzip.Reader) }}

func (c *content) unzip() error {
	z := unzippers.Get().(*gzip.Reader)
	if err := z.Reset((*packed)(c)); err != nil {
		unzippers.Put(z)
		return &transportError{http.StatusBadRequest, "the body is not gzip, though Content-Encoding says so"}
	}
	c.Reader, c.zipped = z, true
	return nil
}

// close gives the unzipper back. The body is the server's to close.
func (c *content) close() {
	if z, ok := c.Reader.(*gzip.Reader); ok {
		unzippers.Put(z)
		c.Reader = nil
	}
}

// packed is the gzip of a content, counted.
type packed content

func (p *packed) Read(b []byte) (int, error) {
	n, err := p.body.Read(b)
	p.packed += int64(n)
	return n, err
}

// bomb reports whether so many bytes cannot come of an honest gzip.
func (c *content) bomb(size int64) bool {
	return c.zipped && size > 4*pieceSize && size > gzipRatio*c.packed
}

// readBody reads a message, at most the limit.
func (d *Door) readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength > d.MessageBytes {
		return nil, d.tooLarge()
	}
	c, err := contentOf(r)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if !c.zipped && 0 < r.ContentLength && r.ContentLength <= pieceSize {
		return readAnnounced(c, int(r.ContentLength))
	}
	g := gatherer{door: d, from: c}
	defer g.release()
	return g.read()
}

func (d *Door) tooLarge() error {
	return &wire.LimitError{Limit: "message_bytes", Max: int(d.MessageBytes)}
}

// readAnnounced reads a short message whose length the caller has said.
func readAnnounced(r io.Reader, announced int) ([]byte, error) {
	body := make([]byte, announced+1) // one more, to see the end
	n, err := fill(r, body)
	switch {
	case err == nil:
		err = errors.New("it is longer than its Content-Length, " + strconv.Itoa(announced))
	case errors.Is(err, io.EOF):
		return body[:n], nil
	}
	return nil, unreadable(err)
}

func unreadable(err error) error {
	return &transportError{http.StatusBadRequest, "the body could not be read to its end: " + err.Error()}
}

// fill reads until b is full, or to the end. Unlike io.ReadFull it keeps the
// end of a body apart from a connection that was cut.
func fill(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var more int
		more, err = r.Read(b[n:])
		n += more
	}
	return n, err
}

// view is the text of a message, which nobody writes to any more, without
// copying it.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
