package wire

import (
	"errors"
	"io"
	"slices"
	"strings"
)

// A Splitter cuts a document that is too large for memory into the children
// of its root element, which a Decoder then reads one by one, in several
// goroutines if need be. It cuts at the level of tokens: comments, CDATA and
// quoted attribute values may hold what looks like a tag. What it does not
// give out it holds against XML itself; the rest is left to that Decoder.
type Splitter struct {
	input  input
	limits Limits
	closed bool   // the root element has ended
	raw    string // the name of the root element as written
	ascii  bool   // the document says that it is in ASCII

	// Root is the local name of the root element, Space its namespace, and
	// Bindings are its namespace declarations.
	Root     string
	Space    string
	Bindings []Binding
}

// NewSplitter returns a Splitter; no child may be larger than limit bytes.
func NewSplitter(r io.Reader, limit int) *Splitter {
	return &Splitter{input: input{r: r, limit: limit}}
}

// Err returns the first error, nil at the end of a whole document.
func (s *Splitter) Err() error { return s.input.err }

// Offset returns how many bytes of the document have been passed.
func (s *Splitter) Offset() int64 { return s.input.offset + int64(s.input.pos) }

// Line returns the line at which the next child is looked for.
func (s *Splitter) Line() int { return s.input.line() }

// Open reads up to the start tag of the root element. The limits are those
// of Next's children too, where a Splitter looks at anything of them.
func (s *Splitter) Open(limits Limits) bool {
	s.limits = limits
	_, end, kind := s.input.token(0)
	for kind == tokenOther {
		_, end, kind = s.input.token(end)
	}
	if s.input.err != nil {
		return false
	}
	d := NewDecoder(s.input.text(0, end), limits, 0)
	if !d.Root() {
		return s.fail(d.Err())
	}
	s.raw, s.Root, s.Space = d.raw(0), d.Local(), d.space
	s.Bindings = slices.Clone(d.bindings[1:])
	s.ascii = d.traits.ascii
	s.closed = kind == tokenEmpty
	s.input.pos += end
	return true
}

// Next returns the next child of the root element, whole.
func (s *Splitter) Next() (string, bool) {
	for s.input.err == nil && !s.closed {
		from, end, kind := s.input.token(0)
		switch kind {
		case tokenStart, tokenEmpty:
			if s.between(from) {
				return s.child(end-from, kind)
			}
		case tokenEnd:
			if s.between(from) {
				s.close(end - from)
			}
		case tokenOther:
			s.between(end)
		default:
			s.syntax("the document ends inside <" + clip(s.raw) + ">")
		}
	}
	s.finish()
	return "", false
}

// between passes over what stands between the children, where only white
// space, comments and processing instructions may stand.
func (s *Splitter) between(end int) bool {
	text := s.input.text(0, end)
	if trimSpace(text) != "" {
		d := NewDecoder("<"+s.Root+">"+text+"</"+s.Root+">", s.limits, 0)
		if d.Root(); d.Child() || d.Err() != nil {
			return s.relay(d.Err())
		}
		if !s.inASCII(text) {
			return false
		}
	}
	s.input.pos += end
	return true
}

// child takes the child whose start tag, of some length, stands here.
func (s *Splitter) child(end int, kind tokenKind) (string, bool) {
	for depth := kind.step(); depth > 0; depth += kind.step() {
		_, end, kind = s.input.token(end)
		if kind == tokenNone {
			return "", s.syntax("the document ends inside a child of <" + clip(s.raw) + ">")
		}
	}
	if end > s.input.limit {
		return "", s.input.tooLarge()
	}
	child := s.input.text(0, end)
	s.input.pos += end
	return child, s.inASCII(child)
}

// close takes the end tag of the root element, which stands here.
func (s *Splitter) close(end int) {
	name, ok := strings.CutPrefix(s.input.text(0, end-1), "</"+s.raw)
	if !ok || trimSpace(name) != "" {
		s.syntax("an end tag that does not fit <" + clip(s.raw) + ">")
	}
	s.input.pos += end
	s.closed = true
}

// finish holds what comes after the root element against the rules.
func (s *Splitter) finish() {
	for s.input.err == nil {
		_, end, kind := s.input.token(0)
		text := s.input.text(0, end)
		d := NewDecoder(text, s.limits, 0)
		switch {
		case !d.misc():
			s.relay(d.Err())
		case d.pos < len(text):
			s.syntax("content after the root element")
		case s.inASCII(text) && kind == tokenNone:
			return
		}
		s.input.pos += end
	}
}

// relay passes on what is wrong with a piece that begins here.
func (s *Splitter) relay(err error) bool {
	var syntax *SyntaxError
	if errors.As(err, &syntax) {
		syntax.Line += s.input.line() - 1
	}
	return s.fail(err)
}

// inASCII holds a piece against the encoding that the document declares.
func (s *Splitter) inASCII(text string) bool {
	if s.ascii && strings.IndexFunc(text, func(r rune) bool { return r >= 0x80 }) >= 0 {
		return s.syntax("characters beyond the encoding that the document declares; declare UTF-8")
	}
	return true
}

func (s *Splitter) syntax(text string) bool {
	return s.fail(&SyntaxError{s.input.line(), text})
}

// fail stops the Splitter, unless there is no error or it has stopped already.
func (s *Splitter) fail(err error) bool {
	if s.input.err == nil && err != nil {
		s.input.err = err
	}
	return false
}
