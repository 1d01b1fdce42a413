package wire

import (
	"bytes"
	"errors"
	"io"
)

// A Splitter cuts a document that is too large for memory into the children
// of its root element, which a Decoder then reads one by one, in several
// goroutines if need be. It cuts at the level of tokens: comments, CDATA and
// quoted attribute values may hold what looks like a tag.
type Splitter struct {
	r       io.Reader
	buf     []byte
	pos     int // what has been given out already
	eof     bool
	limit   int // bytes of one child
	lines   int // before buf
	offset  int64
	rootEnd bool
	err     error

	// Root is the name of the root element as written, and Bindings are its
	// namespace declarations.
	Root     string
	Bindings []Binding
}

// splitBuffer is how much is read at a time.
const splitBuffer = 256 << 10

// NewSplitter returns a Splitter; no child may be larger than limit bytes.
func NewSplitter(r io.Reader, limit int) *Splitter {
	return &Splitter{r: r, limit: limit, buf: make([]byte, 0, splitBuffer)}
}

// Err returns the first error, nil at the end of a whole document.
func (s *Splitter) Err() error { return s.err }

// Offset returns how many bytes of the document have been passed.
func (s *Splitter) Offset() int64 { return s.offset + int64(s.pos) }

// Line returns the line at which the next child is looked for.
func (s *Splitter) Line() int { return s.lines + 1 + bytes.Count(s.buf[:s.pos], []byte("\n")) }

func (s *Splitter) fail(err error) bool {
	if s.err == nil {
		s.err = err
	}
	return false
}

func (s *Splitter) syntax(text string) bool { return s.fail(&SyntaxError{s.Line(), text}) }

// fill reads more; it drops what was given out before.
func (s *Splitter) fill() bool {
	if s.eof {
		return false
	}
	if s.pos > 0 {
		s.lines += bytes.Count(s.buf[:s.pos], []byte("\n"))
		s.offset += int64(s.pos)
		s.buf = s.buf[:copy(s.buf, s.buf[s.pos:])]
		s.pos = 0
	}
	if len(s.buf) == cap(s.buf) {
		if cap(s.buf) > s.limit+splitBuffer {
			return s.fail(&LimitError{"bulk_record", s.limit, s.Line()})
		}
		s.buf = append(s.buf, make([]byte, cap(s.buf))...)[:len(s.buf)]
	}
	n, err := io.ReadAtLeast(s.r, s.buf[len(s.buf):cap(s.buf)], 1)
	s.buf = s.buf[:len(s.buf)+n]
	if err != nil {
		s.eof = true
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return s.fail(err)
		}
	}
	return n > 0
}

// Open reads the start tag of the root element.
func (s *Splitter) Open(limits Limits) bool {
	from, end, kind := s.token(0)
	for kind == tokenOther {
		s.pos += end
		from, end, kind = s.token(0)
	}
	if s.err != nil || kind != tokenStart && kind != tokenEmpty {
		return s.syntax("there is no root element")
	}
	d := NewDecoder(string(s.buf[s.pos+from:s.pos+end]), limits, 0)
	if !d.Root() {
		return s.fail(d.Err())
	}
	s.Root = d.open[0].local
	for _, b := range d.bindings[1:] {
		s.Bindings = append(s.Bindings, Binding{b.prefix, b.space})
	}
	s.pos += end
	s.rootEnd = kind == tokenEmpty
	return true
}

// Next returns the next child of the root element, whole.
func (s *Splitter) Next() (string, bool) {
	if s.err != nil || s.rootEnd {
		return "", s.finish()
	}
	begin, at, depth := 0, 0, 0
	for {
		from, end, kind := s.token(at)
		switch {
		case kind == tokenNone:
			return "", s.syntax("the document ends inside <" + clip(s.Root) + ">")
		case depth == 0 && kind != tokenOther && bytes.IndexFunc(s.buf[s.pos+at:s.pos+from], notSpace) >= 0:
			return "", s.syntax("text among the children of <" + clip(s.Root) + ">")
		case kind == tokenStart:
			if depth == 0 {
				begin = from
			}
			depth++
		case kind == tokenEmpty && depth == 0:
			begin, depth = from, 1
			fallthrough
		case kind == tokenEnd:
			if depth--; kind == tokenEmpty || depth == 0 {
				child := string(s.buf[s.pos+begin : s.pos+end])
				s.pos += end
				return child, true
			}
			if depth < 0 {
				s.pos += end
				s.rootEnd = true
				return "", s.finish()
			}
		}
		if at = end; at > s.limit {
			return "", s.fail(&LimitError{"bulk_record", s.limit, s.Line()})
		}
		if depth == 0 {
			s.pos += at
			at = 0
		}
	}
}

func notSpace(r rune) bool { return r > ' ' || !isSpace(byte(r)) }

// finish holds what comes after the root element against the rules.
func (s *Splitter) finish() bool {
	for s.err == nil {
		_, end, kind := s.token(0)
		if kind == tokenNone {
			if bytes.IndexFunc(s.buf[s.pos:], notSpace) >= 0 {
				return s.syntax("content after the root element")
			}
			return false
		}
		if kind != tokenOther {
			return s.syntax("content after the root element")
		}
		s.pos += end
	}
	return false
}
