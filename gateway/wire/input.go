package wire

import (
	"bytes"
	"errors"
	"io"
	"slices"
)

// An input is the part of a large document that is in memory: from pos on
// what has not been given out yet.
type input struct {
	r      io.Reader
	limit  int // bytes that may be wanted at once
	buf    []byte
	pos    int
	ended  bool
	offset int64 // of the document, at the beginning of buf
	lines  int   // before buf
	err    error
}

// readSize is how much is read at a time.
const readSize = 256 << 10

// text returns a piece, its bounds counted from pos.
func (in *input) text(from, end int) string { return string(in.buf[in.pos+from : in.pos+end]) }

// line returns the line of pos.
func (in *input) line() int { return in.lines + 1 + bytes.Count(in.buf[:in.pos], []byte("\n")) }

func (in *input) tooLarge() bool {
	if in.err == nil {
		in.err = &LimitError{"bulk_record", in.limit, in.line()}
	}
	return false
}

// fill reads more, in the place of what was given out before.
func (in *input) fill() bool {
	if in.ended || in.err != nil {
		return false
	}
	if len(in.buf)-in.pos > in.limit {
		return in.tooLarge()
	}
	in.lines += bytes.Count(in.buf[:in.pos], []byte("\n"))
	in.offset += int64(in.pos)
	in.buf = in.buf[:copy(in.buf, in.buf[in.pos:])]
	in.pos = 0
	if len(in.buf) == cap(in.buf) {
		in.buf = slices.Grow(in.buf, max(readSize, len(in.buf)))
	}
	n, err := io.ReadAtLeast(in.r, in.buf[len(in.buf):cap(in.buf)], 1)
	in.buf = in.buf[:len(in.buf)+n]
	if in.ended = err != nil; in.ended && !errors.Is(err, io.EOF) {
		in.err = err
	}
	return n > 0
}

// token finds the next piece of markup at or after a place, reading more as
// it needs. The bounds are counted from pos.
func (in *input) token(at int) (from, end int, kind tokenKind) {
	for {
		rest := in.buf[in.pos+at:]
		i := bytes.IndexByte(rest, '<')
		if i < 0 {
			at += len(rest)
		} else {
			at += i
			if end, kind, whole := cut(rest[i:]); whole {
				return at, at + end, kind
			}
		}
		if !in.fill() {
			end := len(in.buf) - in.pos
			return end, end, tokenNone
		}
	}
}
