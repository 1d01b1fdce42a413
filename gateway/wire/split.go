package wire

import (
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
		switch {
		case kind == tokenStart || kind == tokenEmpty:
			if s.blank(from) {
				return s.child(end-from, kind)
			}
		case kind == tokenEnd:
			s.close(from, end)
		case kind == tokenOther:
			s.pass(end)
		default:
			s.syntax("the document ends inside <" + clip(s.raw) + ">")
		}
	}
	s.finish()
	return "", false
}

// blank passes over white space, and refuses anything else.
func (s *Splitter) blank(end int) bool {
	if text := trimSpace(s.input.text(0, end)); text != "" {
		return s.syntax("text among the children of <" + clip(s.raw) + ">")
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

// close takes the end tag of the root element.
func (s *Splitter) close(from, end int) {
	if !s.blank(from) {
		return
	}
	name, ok := strings.CutPrefix(s.input.text(0, end-from-1), "</"+s.raw)
	if !ok || trimSpace(name) != "" {
		s.syntax("an end tag that does not fit <" + clip(s.raw) + ">")
	}
	s.input.pos += end - from
	s.closed = true
}

// finish holds what comes after the root element against the rules.
func (s *Splitter) finish() {
	for s.input.err == nil {
		_, end, kind := s.input.token(0)
		switch {
		case kind == tokenOther:
			s.pass(end)
		case kind != tokenNone || trimSpace(s.input.text(0, len(s.input.buf)-s.input.pos)) != "":
			s.syntax("content after the root element")
		default:
			return
		}
	}
}

// pass passes over white space with a comment or a processing instruction.
func (s *Splitter) pass(end int) {
	text := s.input.text(0, end)
	d := NewDecoder(text, s.limits, 0)
	if d.misc() && s.inASCII(text) && d.pos < len(text) {
		s.syntax("text outside of the children of <" + clip(s.raw) + ">")
	}
	s.fail(d.Err())
	s.input.pos += end
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
